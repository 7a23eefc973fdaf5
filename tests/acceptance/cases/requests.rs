//! What leaves, exactly as Meta is asked for it, and what is told when Meta does not want it.

use super::{difference, street};
use acceptance::{PATIENCE, Street, customer, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::art::{self, Scene};
use simulator::{Fault, RecordedCall, Template};

/// Lets a command send something, and returns what Meta was asked for and the message's id.
async fn sent(street: &Street, command: &str, args: Value) -> anyhow::Result<(Value, String)> {
    let before = street.meta.sends().len();
    let answer = street.shop.rpc(command, args).await?;
    let send = street.meta.wait_for_send(before + 1, PATIENCE).await?;
    let id = answer["message_id"].as_str().unwrap_or_default().to_owned();
    Ok((send.body, id))
}

fn contents() -> Vec<(&'static str, Value, Value)> {
    vec![
        (
            "location",
            json!({"type": "location", "latitude": 41.15, "longitude": -8.61, "name": "Shop", "address": "Rua 1"}),
            json!({"type": "location", "location": {"latitude": 41.15, "longitude": -8.61, "name": "Shop", "address": "Rua 1"}}),
        ),
        (
            "contacts",
            json!({"type": "contacts", "cards": [{"name": "Rui Faro", "phones": ["+351 910 000 222"]}]}),
            json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "Rui Faro", "first_name": "Rui"},
                                                     "phones": [{"phone": "+351 910 000 222"}]}]}),
        ),
        (
            "interactive_buttons",
            json!({"type": "buttons", "body": "When?", "footer": "Or write", "buttons": ["10:00", "11:00"]}),
            json!({"type": "interactive", "interactive": {"type": "button", "body": {"text": "When?"}, "footer": {"text": "Or write"},
                "action": {"buttons": [{"type": "reply", "reply": {"title": "10:00"}}, {"type": "reply", "reply": {"title": "11:00"}}]}}}),
        ),
        (
            "interactive_list",
            json!({"type": "list", "body": "Which?", "button": "Choose", "sections": [
                {"title": "Checks", "rows": [{"title": "Full", "description": "All"}, {"title": "Half"}]}]}),
            json!({"type": "interactive", "interactive": {"type": "list", "body": {"text": "Which?"}, "action": {"button": "Choose",
                "sections": [{"title": "Checks", "rows": [{"title": "Full", "description": "All"}, {"title": "Half"}]}]}}}),
        ),
        (
            "interactive_cta_url",
            json!({"type": "link", "body": "Look", "display_text": "Open", "url": "https://example.org/a"}),
            json!({"type": "interactive", "interactive": {"type": "cta_url", "body": {"text": "Look"},
                "action": {"name": "cta_url", "parameters": {"display_text": "Open", "url": "https://example.org/a"}}}}),
        ),
        (
            "interactive_location_request",
            json!({"type": "location_request", "body": "Where are you?"}),
            json!({"type": "interactive", "interactive": {"type": "location_request_message", "body": {"text": "Where are you?"},
                "action": {"name": "send_location"}}}),
        ),
        (
            "interactive_request_contact_info",
            json!({"type": "contact_request", "body": "Your number, please"}),
            json!({"type": "interactive", "interactive": {"type": "request_contact_info", "body": {"text": "Your number, please"}}}),
        ),
    ]
}

#[tokio::test]
async fn every_kind_leaves_as_meta_documents_it() -> anyhow::Result<()> {
    let street = street().await?;
    let person = customer(700);
    let (hers, conversation) = street.hear(&person, "Hello").await?;
    let mut failures = Vec::new();
    let mut compare = |name: &str, expected: &Value, body: &Value| {
        let to = json!({"messaging_product": "whatsapp", "to": "+491555000700"});
        for expected in [&to, expected] {
            failures.extend(difference(expected, body, name));
        }
    };
    for (name, content, expected) in contents() {
        let args = json!({"conversation_id": conversation, "content": content, "reply_to": hers});
        let (body, _) = sent(&street, "send_content", args).await.with_context(|| name)?;
        compare(name, &expected, &body);
        compare(name, &json!({"context": {"message_id": hers}}), &body);
    }
    let args = json!({"conversation_id": conversation, "text": "That one", "reply_to": hers});
    let (body, _) = sent(&street, "send_text", args).await?;
    compare(
        "text_reply",
        &json!({"type": "text", "text": {"body": "That one"}, "context": {"message_id": hers}}),
        &body,
    );

    // image_id and voice: uploaded first, sent by id.
    let folder = street.shop.data_dir();
    let (picture, voice) = (folder.join("mug.jpg"), folder.join("note.ogg"));
    tokio::fs::write(&picture, art::photo(Scene::Mug)).await?;
    tokio::fs::write(&voice, art::voice()).await?;
    let args = json!({"conversation_id": conversation, "path": picture, "caption": "The mug"});
    let (body, _) = sent(&street, "send_media", args).await?;
    let id = |n: usize| street.meta.uploads().get(n).and_then(|upload| upload.id.clone());
    compare(
        "image_id",
        &json!({"type": "image", "image": {"id": id(0), "caption": "The mug"}}),
        &body,
    );
    let args = json!({"conversation_id": conversation, "path": voice, "as": "voice"});
    let (body, _) = sent(&street, "send_media", args).await?;
    compare(
        "voice",
        &json!({"type": "audio", "audio": {"id": id(1), "voice": true}}),
        &body,
    );
    let declared: Vec<String> = street
        .meta
        .uploads()
        .into_iter()
        .map(|upload| upload.mime_type)
        .collect();
    ensure!(
        declared.len() == 2 && declared[1].starts_with("audio/ogg"),
        "{declared:?}"
    );

    // reaction, and taken away
    let thread = street
        .shop
        .rpc("thread", json!({"conversation_id": conversation, "limit": 200}))
        .await?;
    let first = thread["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|message| message["provider_id"] == hers.as_str());
    let first = first.context("no first message")?["id"].clone();
    for (emoji, left) in [
        ("👍", json!([{"emoji": "👍", "by": "operator"}])),
        ("", json!([])),
    ] {
        let (body, _) = sent(&street, "react", json!({"message_id": first, "emoji": emoji})).await?;
        compare(
            "reaction",
            &json!({"type": "reaction", "reaction": {"message_id": hers, "emoji": emoji}}),
            &body,
        );
        until("the reaction is shown", PATIENCE, async || {
            let records = street.shop.export().await?;
            Ok((records.message(&hers)?["reactions"] == left).then_some(()))
        })
        .await?;
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

#[tokio::test]
async fn templates_are_fetched_page_by_page_and_leave_with_what_was_filled_in() -> anyhow::Result<()> {
    let street = street().await?;
    let (_, conversation) = street.hear(&customer(710), "Hello").await?;
    let body = |text: &str, example: Value| json!({"type": "BODY", "text": text, "example": example});
    let positional = Template::approved(
        "ready",
        "en_GB",
        "UTILITY",
        json!([body(
            "{{1}}, it is ready on {{2}}.",
            json!({"body_text": [["Ana", "Monday"]]})
        )]),
    );
    let example = json!({"body_text_named_params": [{"param_name": "who", "example": "Ana"}]});
    let named = Template::approved(
        "hello",
        "en_GB",
        "UTILITY",
        json!([body("Hello {{who}}!", example)]),
    )
    .named();
    for template in [positional, named] {
        street.meta.add_template(&street.number.waba_id, template);
    }
    for n in 0..230 {
        let words = json!([{"type": "BODY", "text": format!("Words {n}")}]);
        let template = Template::approved(&format!("filler_{n}"), "en_GB", "UTILITY", words);
        street.meta.add_template(&street.number.waba_id, template);
    }
    let channel = json!({"channel_id": street.channel_id});
    let list = street.shop.rpc("refresh_templates", channel.clone()).await?;
    assert_eq!(list["templates"].as_array().map(Vec::len), Some(232));
    let args = |name: &str, variables: Value| json!({"conversation_id": conversation, "name": name, "language": "en_GB", "variables": variables});
    let variable = |name: &str, n: usize| {
        let templates = list["templates"].as_array().into_iter().flatten();
        let template = templates
            .into_iter()
            .find(|template| template["name"] == name)
            .cloned()
            .unwrap_or_default();
        template["variables"][n]["key"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let mut filled = serde_json::Map::new();
    filled.insert(variable("ready", 0), json!("Ana"));
    let missing = street
        .shop
        .refused("send_template", args("ready", Value::Object(filled.clone())))
        .await?;
    ensure!(
        missing["message"]
            .as_str()
            .is_some_and(|words| words.contains("not filled in")),
        "{missing}"
    );
    filled.insert(variable("ready", 1), json!("Friday"));
    let (sent_body, id) = sent(&street, "send_template", args("ready", Value::Object(filled))).await?;
    let expected = json!({"type": "template", "template": {"name": "ready", "language": {"code": "en_GB"}, "components": [
        {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "Friday"}]}]}});
    ensure!(
        difference(&expected, &sent_body, "positional").is_none(),
        "{sent_body}"
    );
    let seen = street
        .until_status(&conversation, &id, "accepted", PATIENCE)
        .await?;
    assert_eq!(
        (&seen["kind"], &seen["text"]),
        (&json!("template"), &json!("Ana, it is ready on Friday."))
    );
    let (sent_body, _) = sent(
        &street,
        "send_template",
        args("hello", json!({variable("hello", 0): "Ben"})),
    )
    .await?;
    let expected = json!({"template": {"components": [{"type": "body", "parameters": [
        {"type": "text", "parameter_name": "who", "text": "Ben"}]}]}});
    ensure!(
        difference(&expected, &sent_body, "named").is_none(),
        "{sent_body}"
    );

    let made = json!({"channel_id": street.channel_id, "name": "thanks", "language": "en_GB", "category": "UTILITY", "body": "Thank you!"});
    street.shop.rpc("create_template", made).await?;
    let kept = || {
        street
            .meta
            .templates(&street.number.waba_id)
            .into_iter()
            .filter(|template| template.name == "thanks")
            .count()
    };
    assert_eq!(kept(), 1);
    street
        .shop
        .rpc(
            "delete_template",
            json!({"channel_id": street.channel_id, "name": "thanks"}),
        )
        .await?;
    assert_eq!(kept(), 0);
    Ok(())
}

#[tokio::test]
async fn customers_see_that_they_were_read_when_the_settings_say_so() -> anyhow::Result<()> {
    let street = street().await?;
    let marks = |calls: &[RecordedCall]| -> Vec<Value> {
        calls
            .iter()
            .filter_map(|call| call.body.clone())
            .filter(|body| body["status"] == "read")
            .collect()
    };
    let mut expected = 0;
    for (n, (policy, by_opening, by_answering)) in
        (720..).zip([("never", 0, 0), ("opens", 1, 0), ("answers", 0, 1)])
    {
        street
            .shop
            .rpc(
                "save_settings",
                json!({"read_marks": policy, "typing": policy != "never"}),
            )
            .await?;
        let (hers, conversation) = street.hear(&customer(n), "Hello").await?;
        let args = json!({"conversation_id": conversation});
        street.shop.rpc("mark_read", args.clone()).await?;
        expected += by_opening;
        street
            .meta
            .wait_for_calls(|calls| marks(calls).len() >= expected, PATIENCE)
            .await?;
        let message = street.say(&conversation, "Hi").await?;
        street
            .until_status(&conversation, &message, "accepted", PATIENCE)
            .await?;
        expected += by_answering;
        let calls = street
            .meta
            .wait_for_calls(|calls| marks(calls).len() >= expected, PATIENCE)
            .await?;
        let seen = marks(&calls);
        ensure!(seen.len() == expected, "{policy}: {seen:?}");
        if policy != "never" {
            assert_eq!(
                seen.last().map(|mark| &mark["message_id"]),
                Some(&json!(hers)),
                "{policy}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn people_are_blocked_and_the_profile_is_changed_at_the_provider() -> anyhow::Result<()> {
    let street = street().await?;
    let person = customer(730);
    let (_, conversation) = street.hear(&person, "Buy my coins").await?;
    let args = json!({"conversation_id": conversation});
    let blocked = || {
        let at = |address: Option<&str>| {
            address.is_some_and(|address| street.meta.is_blocked(&street.number.phone_number_id, address))
        };
        at(person.wa_id.as_deref()) || at(person.user_id.as_deref())
    };
    street.shop.rpc("block_contact", args.clone()).await?;
    ensure!(blocked(), "not blocked");
    street.shop.rpc("unblock_contact", args).await?;
    ensure!(!blocked(), "still blocked");

    let change = json!({"channel_id": street.channel_id, "about": "Pots and jugs", "websites": ["https://example.org"]});
    street.shop.rpc("save_business_profile", change).await?;
    let profile = street
        .shop
        .rpc("business_profile", json!({"channel_id": street.channel_id}))
        .await?;
    assert_eq!(
        (&profile["about"], &profile["websites"]),
        (&json!("Pots and jugs"), &json!(["https://example.org"]))
    );
    Ok(())
}

#[tokio::test]
async fn errors_of_the_account_hold_the_number_and_errors_of_a_message_end_it_with_words()
-> anyhow::Result<()> {
    let mut failures = Vec::new();
    // A number that is held is held for everybody: one street for each.
    for code in [0, 10, 190, 131_031, 131_042] {
        let street = street().await?;
        let (_, conversation) = street.hear(&customer(740), "Hello").await?;
        street
            .meta
            .fault(simulator::Rule::from(Fault::code(code)).always());
        let message = street.say(&conversation, "Hi").await?;
        let held = until("the number is held", PATIENCE, async || {
            let list = street.shop.rpc("list_channels", json!({})).await?;
            let hold = list["channels"][0]["hold"].clone();
            Ok(hold.is_object().then_some(hold))
        })
        .await
        .with_context(|| format!("{code}"))?;
        let seen = street.look(&conversation, &message).await?;
        let words = held["words"].as_str().unwrap_or_default();
        if seen["status"] != "queued" || words.len() < 40 || words.contains(&code.to_string()) && code > 0 {
            failures.push(format!("{code}: {} {words}", seen["status"]));
        }
    }
    let street = street().await?;
    for (n, code) in (750..).zip([100, 131_009, 131_026, 132_001, 131_051]) {
        let person = customer(n);
        let (_, conversation) = street.hear(&person, "Hello").await?;
        street
            .meta
            .fault(simulator::Rule::from(Fault::code(code)).to(person.address()));
        let message = street.say(&conversation, "Hi").await?;
        let seen = street
            .until_status(&conversation, &message, "failed", PATIENCE)
            .await?;
        let words = seen["error"]["words"].as_str().unwrap_or_default();
        if words.len() < 30 || words.contains(&code.to_string()) || words.contains("OAuth") {
            failures.push(format!("{code}: {words}"));
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}
