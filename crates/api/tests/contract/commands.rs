//! Every command.

use crate::shape::Shapes;
use crate::window::Window;
use api::ErrorCode;
use api::table::COMMANDS;
use domain::{ChannelId, Timestamp};
use serde_json::{Value, json};
use simulator::art::{Scene, photo};
use simulator::{Fault, Template};
use store::{Hold, HoldClass};

#[tokio::test]
async fn every_command_of_the_table_answers_in_its_documented_shape() {
    let shapes = Shapes::documented();
    let window = Window::open().await;
    let ana = window.hear("Ana", "447700900001", "Is the blue vase left?").await;
    window.hear("Ben", "447700900002", "Hello").await;
    let sent = window.say(&ana, "It is").await;
    window.status(&ana, &sent, "accepted").await;
    window.meta.fault(Fault::code(131_026));
    let failed = window.say(&ana, "Shall I keep it?").await;
    window.status(&ana, &failed, "failed").await;
    let thread = window.get("thread", json!({"conversation_id": ana})).await;
    let hers = thread["messages"][0]["id"].clone();
    let list = window.get("list_conversations", json!({})).await;
    let rows = list["conversations"].as_array().unwrap();
    let person = rows.iter().find(|row| row["id"] == ana).unwrap()["contact"]["id"].clone();
    let body = json!([{"type": "BODY", "text": "Your vase is ready"}]);
    let template = Template::approved("vase_ready", "en_GB", "UTILITY", body);
    window.meta.add_template("398000000000021", template);
    let picture = window.data.join("mug.jpg");
    std::fs::write(&picture, photo(Scene::Mug)).unwrap();
    let engine = window.desk.engine().await.unwrap();
    let channel = ChannelId::from(window.channel.as_str());
    window
        .get("refresh_templates", json!({"channel_id": window.channel}))
        .await;
    let hold = Hold {
        class: HoldClass::Configuration,
        code: Some(190),
        subcode: None,
        title: None,
        until: Timestamp(i64::MAX),
    };
    engine
        .store()
        .write(move |t| t.hold_channel(&channel, &hold))
        .await
        .unwrap();

    let skill = json!({"name": "Hello", "examples": ["hello"], "answer": "Hello!"});
    let skill = window.get("save_skill", skill).await["id"].clone();
    let document = json!({"title": "About us", "text": "We make pots."});
    let document = window.get("save_document", document).await["id"].clone();

    for command in COMMANDS {
        let args = match command.name {
            "list_conversations" => json!({"filter": {"queue": "needs_me", "text": "an"}, "limit": 1}),
            "thread" => json!({"conversation_id": ana, "limit": 2}),
            "take_over" | "hand_back" | "halt" | "lead" | "writing" | "mark_read" | "typing"
            | "block_contact" | "unblock_contact" => {
                json!({"conversation_id": ana})
            }
            "snooze_conversation" => {
                json!({"conversation_id": ana, "until": "2026-12-24T18:00:00Z"})
            }
            "label_message" => json!({"message_id": hers, "skill_id": null}),
            "set_test_contact" => json!({"contact_id": person, "test": true}),
            "save_skill" => json!({"name": "Delivery", "examples": ["do you deliver"], "answer": "Yes."}),
            "delete_skill" => json!({"skill_id": skill}),
            "document" | "delete_document" => json!({"document_id": document}),
            "save_document" => json!({"title": "House rules", "text": "Please do not feed the cat."}),
            "add_past_replies" => json!({"message_ids": [sent]}),
            "save_facts" => json!({"facts": [{"kind": "price", "key": "vase", "value": "40 €"}]}),
            "set_fallback" => json!({"text": "Please call us."}),
            "try_sentence" => json!({"text": "do you deliver"}),
            "simulate" => json!({"lines": [{"author": "customer", "text": "do you deliver"}]}),
            "set_lead_value" => json!({"conversation_id": ana, "field": "budget", "value": "100"}),
            "send_media" => json!({"conversation_id": ana, "path": picture}),
            "send_template" => {
                json!({"conversation_id": ana, "name": "vase_ready", "language": "en_GB", "variables": {}})
            }
            "send_content" => {
                let place = json!({"type": "location", "latitude": 41.1, "longitude": -8.6, "name": "Shop"});
                json!({"conversation_id": ana, "content": place})
            }
            "react" => json!({"message_id": hers, "emoji": "👍"}),
            "message_details" => json!({"message_id": hers}),
            "contact" => json!({"contact_id": person}),
            "rename_contact" => json!({"contact_id": person, "name": "Ana with the vase"}),
            "create_template" => {
                json!({"channel_id": window.channel, "name": "vase_sold", "language": "en_GB",
                       "category": "UTILITY", "body": "Your vase is sold"})
            }
            "delete_template" => json!({"channel_id": window.channel, "name": "vase_sold"}),
            "list_templates" | "refresh_templates" | "business_profile" | "resume_channel" | "connection"
            | "register_webhook" | "check_channel" | "list_notices" | "see_notices" | "costs" => {
                json!({"channel_id": window.channel})
            }
            "save_model" | "save_tunnel" => json!({"kind": "none"}),
            // These need a person who holds a conversation, a draft, a decision, a lead or a question to a model, or read
            // a file with the program itself.
            "keep_holder" | "approve_draft" | "dismiss_draft" | "request_draft" | "decision"
            | "import_document" | "model_call" | "return_lead_value" | "set_lead_status" => continue,
            // These need a file that failed, two people who became one, another program, a tunnel, a set-up under way, or a
            // sealed file, or leave no channel behind.
            "retry_attachment" | "undo_merge" | "take_thread" | "take_news" | "setup_page"
            | "setup_credentials" | "setup_number" | "register_number" | "connect_setup" | "test_reply"
            | "finish_setup" | "replace_keys" | "forget_channel" | "unlock_vault" | "use_sealed_file" => {
                continue;
            }
            "save_business_profile" => json!({"channel_id": window.channel, "about": "Pots"}),
            "save_rates" => {
                let rates = json!([{"category": "service", "price": "0.02"}]);
                json!({"currency": "EUR", "rates": rates, "free_service_messages": 1000})
            }
            "save_settings" => json!({"read_marks": "answers", "typing": false}),
            "send_text" => json!({"conversation_id": ana, "text": "One more", "reply_to": null}),
            "keep_composer" => json!({"conversation_id": ana, "text": "half a sent"}),
            "retry" | "discard" => json!({"message_id": failed}),
            "set_mode" => json!({"scope": "conversation", "id": ana, "mode": "shadow"}),
            "search" => json!({"query": "vase"}),
            _ => Value::Null,
        };
        let answer = window.get(command.name, args).await;
        shapes.check(&answer, command.answer);
    }
    window.desk.stop().await;
}

#[tokio::test]
async fn no_command_is_left_out_of_the_router_whatever_it_is_given() {
    let window = Window::open().await;
    let names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
    assert_eq!(names.len(), 108);
    for name in names.iter().filter(|name| !name.ends_with("_demo")) {
        for args in [
            json!(null),
            json!({}),
            json!([]),
            json!(7),
            json!({"message_id": []}),
        ] {
            if let Err(error) = window.ask(name, args).await {
                assert_ne!(error.code, ErrorCode::UnknownCommand, "{name}");
                // What belongs to a set-up makes no sense while none was begun.
                let expected = matches!(error.code, ErrorCode::BadRequest | ErrorCode::NotNow);
                assert!(expected, "{name}: {error:?}");
            }
        }
    }
    for name in ["", "drop", "Health", "__proto__", "send_templates"] {
        let error = window.ask(name, json!({})).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::UnknownCommand, "{name}");
    }
    window.desk.stop().await;
}

#[tokio::test]
async fn what_does_not_work_says_which_kind_of_trouble_it_is() {
    let shapes = Shapes::documented();
    let window = Window::open().await;
    let ana = window.hear("Ana", "447700900001", "Hello").await;
    let sent = window.say(&ana, "Hi").await;
    window.status(&ana, &sent, "accepted").await;
    let ben = simulator::Customer::phone("Ben", "447700900002");
    window
        .meta
        .customer_wrote(crate::window::NUMBER, &ben, 1_700_000_000, "Years ago")
        .unwrap();
    let page = window
        .until("list_conversations", json!({"filter": {"text": "Ben"}}), |page| {
            page["conversations"][0]["id"].is_string()
        })
        .await;
    let old = page["conversations"][0]["id"].clone();
    let long = "x".repeat(65_537);
    for (command, args, code, field) in [
        (
            "send_text",
            json!({"conversation_id": ana, "text": " "}),
            "bad_request",
            "text",
        ),
        (
            "send_text",
            json!({"conversation_id": ana, "text": long}),
            "bad_request",
            "text",
        ),
        (
            "send_text",
            json!({"conversation_id": "x", "text": "Hi"}),
            "bad_request",
            "conversation_id",
        ),
        (
            "send_text",
            json!({"conversation_id": "99", "text": "Hi"}),
            "not_found",
            "",
        ),
        (
            "send_text",
            json!({"conversation_id": old, "text": "Hi"}),
            "window_closed",
            "",
        ),
        ("thread", json!({"conversation_id": "99"}), "not_found", ""),
        (
            "thread",
            json!({"conversation_id": ana, "before": "yesterday"}),
            "bad_request",
            "before",
        ),
        (
            "list_conversations",
            json!({"cursor": "1"}),
            "bad_request",
            "cursor",
        ),
        (
            "list_conversations",
            json!({"filter": {"queue": "all"}}),
            "bad_request",
            "filter.queue",
        ),
        ("retry", json!({"message_id": sent}), "not_now", ""),
        ("discard", json!({"message_id": sent}), "not_now", ""),
        ("retry", json!({"message_id": "99"}), "not_found", ""),
        ("take_over", json!({"conversation_id": "99"}), "not_found", ""),
        ("mark_read", json!({"conversation_id": "99"}), "not_found", ""),
        (
            "keep_composer",
            json!({"conversation_id": "99", "text": ""}),
            "not_found",
            "",
        ),
        ("resume_channel", json!({"channel_id": "none"}), "not_found", ""),
        (
            "set_mode",
            json!({"scope": "galaxy", "mode": "off"}),
            "bad_request",
            "scope",
        ),
        (
            "set_mode",
            json!({"scope": "channel", "mode": "off"}),
            "bad_request",
            "id",
        ),
        (
            "set_mode",
            json!({"scope": "global", "mode": null}),
            "bad_request",
            "mode",
        ),
        (
            "set_mode",
            json!({"scope": "global", "mode": "turbo"}),
            "bad_request",
            "mode",
        ),
        (
            "set_mode",
            json!({"scope": "channel", "id": "none", "mode": "off"}),
            "not_found",
            "",
        ),
    ] {
        let error = window.ask(command, args.clone()).await.unwrap_err();
        let error = serde_json::to_value(error).unwrap();
        shapes.check(&error, "ApiError");
        assert_eq!(error["code"], code, "{command} {args}");
        assert_eq!(
            error["field"].as_str().unwrap_or_default(),
            field,
            "{command} {args}"
        );
        let words = error["message"].as_str().unwrap();
        assert!(words.ends_with('.') && words.len() > 15, "no sentence: {words}");
    }
    window.desk.stop().await;
    let error = window.ask("health", json!({})).await.unwrap_err();
    assert_eq!((error.code, error.retryable), (ErrorCode::Storage, true));
}

#[tokio::test]
async fn a_failed_message_says_in_plain_words_why_and_a_waiting_one_when() {
    let window = Window::open().await;
    let ana = window.hear("Ana", "447700900001", "Hello").await;
    window.meta.fault(Fault::code(131_026));
    let message = window.say(&ana, "Hi").await;
    let failed = window.status(&ana, &message, "failed").await;
    assert_eq!(failed["error"]["code"], 131_026);
    assert!(
        failed["error"]["words"].as_str().unwrap().len() > 30,
        "{failed:#}"
    );
    let row = &window.get("thread", json!({"conversation_id": ana})).await["conversation"];
    assert_eq!(
        (&row["undelivered"], &row["queue"]),
        (&json!(1), &json!("needs_me"))
    );

    window.get("discard", json!({"message_id": message})).await;
    let thread = window.get("thread", json!({"conversation_id": ana})).await;
    assert_eq!(thread["messages"].as_array().unwrap().len(), 1);
    let health = window.get("health", json!({})).await;
    assert_eq!(health["level"], "ok", "{health:#}");

    let later = simulator::GraphError::of(131_056).retry_after(3_600);
    window.meta.fault(Fault::Graph(later));
    let message = window.say(&ana, "Later").await;
    let waiting = window
        .until("thread", json!({"conversation_id": ana}), |thread| {
            crate::window::find(thread, &message)["retry_at"].is_string()
        })
        .await;
    assert_eq!(crate::window::find(&waiting, &message)["status"], "queued");
    window.desk.stop().await;
}

#[tokio::test]
async fn pages_of_the_list_and_of_a_thread_join() {
    let window = Window::open().await;
    for at in 0..5 {
        window
            .hear(
                &format!("Customer {at}"),
                &format!("44770090000{at}"),
                &format!("Hello {at}"),
            )
            .await;
    }
    let mut seen = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let page = window
            .get("list_conversations", json!({"limit": 2, "cursor": cursor}))
            .await;
        assert_eq!(page["counts"]["all"], 5);
        seen.extend(
            page["conversations"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["id"].clone()),
        );
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(seen.len(), 5);
    let ana = seen[0].as_str().unwrap();
    for at in 0..3 {
        window.say(ana, &at.to_string()).await;
    }
    let newest = window
        .get("thread", json!({"conversation_id": ana, "limit": 2}))
        .await;
    let older = window
        .get(
            "thread",
            json!({"conversation_id": ana, "limit": 2, "before": newest["before"]}),
        )
        .await;
    let texts = |page: &Value| -> Vec<String> {
        let messages = page["messages"].as_array().unwrap();
        messages
            .iter()
            .map(|m| m["text"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(texts(&newest), ["1", "2"], "oldest first within a page");
    assert_eq!(texts(&older).last().map(String::as_str), Some("0"));
    assert!(older["before"].is_null());
    window.desk.stop().await;
}
