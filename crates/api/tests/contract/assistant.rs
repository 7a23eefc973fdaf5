//! What the owner teaches the assistant, tried on the bench: no channel is needed and nothing leaves.

use crate::window::{Window, options};
use api::{Desk, ErrorCode};
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;

struct Bench {
    desk: Desk,
    _folder: TempDir,
}

impl Bench {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(options(folder.path().join("data"))).await.unwrap();
        Self {
            desk,
            _folder: folder,
        }
    }

    async fn get(&self, command: &str, args: Value) -> Value {
        match self.desk.call(command, args.clone()).await {
            Ok(answer) => answer,
            Err(error) => panic!("{command} {args}: {error:?}"),
        }
    }

    /// What the command is refused with: the field and the sentence.
    async fn refused(&self, command: &str, args: Value) -> (String, String) {
        let error = self.desk.call(command, args).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::BadRequest, "{error:?}");
        assert!(error.message.ends_with('.'), "{}", error.message);
        (error.field.unwrap_or_default(), error.message)
    }

    async fn try_it(&self, text: &str) -> Value {
        self.get("try_sentence", json!({"text": text})).await
    }

    async fn learn_delivery(&self) -> Value {
        let delivery = json!({
            "name": "Delivery", "answer": "We deliver on weekdays, and it is free.",
            "examples": ["do you deliver", "can you bring it to my house", "how does delivery work", "do you ship"],
        });
        let parking = json!({
            "name": "Parking", "answer": "Park behind the shop.",
            "examples": ["where can I park", "is there a parking lot", "parking near the shop", "can I leave my car"],
        });
        self.get("save_skill", parking).await;
        self.get("save_skill", delivery).await
    }
}

#[tokio::test]
async fn a_sentence_with_a_slip_still_names_the_skill_with_its_band_and_its_source() {
    let bench = Bench::open().await;
    let skill = bench.learn_delivery().await;
    assert_eq!(skill["autonomy"], "bot");
    let tried = bench.try_it("do you delivr").await;
    assert_eq!(tried["candidates"][0]["name"], "Delivery", "{tried}");
    assert_eq!(tried["candidates"][0]["skill_id"], skill["id"]);
    let exact = bench.try_it("Do you deliver?").await;
    assert_eq!(
        (&exact["band"], &exact["verdict"]),
        (&json!("send"), &json!("send"))
    );
    assert_eq!(exact["text"], "We deliver on weekdays, and it is free.");
    assert_eq!(exact["sources"][0]["kind"], "skill");
    assert_eq!(exact["sources"][0]["reference"], skill["id"]);
    assert_eq!(exact["id"], Value::Null);

    // Saved under the same name it is the same skill, and what was set stays.
    let again = json!({"name": "Delivery", "examples": ["do you deliver"], "answer": "No longer."});
    let again = bench.get("save_skill", again).await;
    assert_eq!(again["id"], skill["id"]);
    assert_eq!(bench.try_it("Do you deliver?").await["text"], "No longer.");
    bench.get("delete_skill", json!({"skill_id": skill["id"]})).await;
    let list = bench.get("list_skills", Value::Null).await;
    assert_eq!(list["skills"].as_array().unwrap().len(), 1);
    bench.desk.stop().await;
}

#[tokio::test]
async fn a_placeholder_nothing_fills_is_named_and_nothing_is_sent_until_a_fact_fills_it() {
    let bench = Bench::open().await;
    let cup = json!({
        "name": "Price of a cup", "answer": "A cup is {price:cup}.", "autonomy": "bot",
        "examples": ["how much is a cup", "what does a cup cost", "price of the cup"],
    });
    let skill = bench.get("save_skill", cup).await;
    assert_eq!(skill["unfilled"], json!(["{price:cup}"]));
    let tried = bench.try_it("How much is a cup?").await;
    assert_eq!(tried["verdict"], "draft");
    assert_eq!(tried["findings"][0]["kind"], "placeholder");

    let facts = json!({"facts": [{"kind": "price", "key": "cup", "value": "12 €"}, {"kind": "hours", "key": "", "value": ""}]});
    let facts = bench.get("save_facts", facts).await;
    assert_eq!(facts["facts"][0]["placeholder"], "{price:cup}");
    assert_eq!(facts["facts"].as_array().unwrap().len(), 1);
    let tried = bench.try_it("How much is a cup?").await;
    assert_eq!(
        (&tried["verdict"], &tried["text"]),
        (&json!("send"), &json!("A cup is 12 €."))
    );
    // It is learnt anew after the change, and says how long that took when it has.
    let learning = async {
        loop {
            let list = bench.get("list_skills", Value::Null).await;
            if list["trained_ms"].is_u64() {
                return list;
            }
            tokio::task::yield_now().await;
        }
    };
    let list = tokio::time::timeout(Duration::from_mins(1), learning)
        .await
        .unwrap();
    assert_eq!(list["skills"][0]["unfilled"], json!([]));
    bench.desk.stop().await;
}

#[tokio::test]
async fn a_text_answers_in_its_own_words_and_is_named_as_their_source() {
    let bench = Bench::open().await;
    let text = "# Repairs\n\nWe repair broken vases for 20 euros within a week.\n\n# Courses\n\n\
                Pottery courses take place every Tuesday evening in our workshop.";
    let saved = bench
        .get("save_document", json!({"title": "About us", "text": text}))
        .await;
    assert_eq!((&saved["passages"], &saved["text"]), (&json!(2), &json!(text)));
    let tried = bench.try_it("When do the pottery courses take place?").await;
    assert_eq!(tried["step"], "knowledge", "{tried}");
    assert!(tried["text"].as_str().unwrap().contains("Tuesday"), "{tried}");
    assert_eq!(tried["sources"][0]["reference"], saved["id"]);
    assert!(
        tried["sources"][0]["title"]
            .as_str()
            .unwrap()
            .contains("About us")
    );

    // The same title replaces the text.
    let new = json!({"title": "About us", "text": "We sell nothing but plates."});
    let new = bench.get("save_document", new).await;
    assert_eq!(new["id"], saved["id"]);
    let list = bench.get("list_documents", Value::Null).await;
    assert_eq!(list["documents"].as_array().unwrap().len(), 1);
    assert_ne!(
        bench.try_it("When do the pottery courses take place?").await["step"],
        "knowledge"
    );
    let document = json!({"document_id": saved["id"]});
    bench.get("delete_document", document.clone()).await;
    let gone = bench.desk.call("document", document).await.unwrap_err();
    assert_eq!(gone.code, ErrorCode::NotFound);
    bench.desk.stop().await;
}

#[tokio::test]
async fn the_owners_words_are_said_when_nothing_is_found_in_whatever_language() {
    let bench = Bench::open().await;
    bench.learn_delivery().await;
    let ours = bench.try_it("Quantum chromodynamics fascinates everybody").await;
    assert_eq!(ours["step"], "fallback", "{ours}");
    bench
        .get("set_fallback", json!({"text": "Please call us."}))
        .await;
    assert_eq!(
        bench.try_it("Quantum chromodynamics fascinates everybody").await["text"],
        "Please call us."
    );
    assert_eq!(
        bench
            .try_it("La física cuántica fascina mucho a todos ustedes")
            .await["text"],
        "Please call us."
    );
    let topics = json!({"text": "I can help with {topics}."});
    bench.get("set_fallback", topics).await;
    let named = bench.try_it("Quantum chromodynamics fascinates everybody").await;
    assert_eq!(named["text"], "I can help with Delivery, Parking.");
    bench.get("set_fallback", json!({"text": ""})).await;
    let back = bench.try_it("Quantum chromodynamics fascinates everybody").await;
    assert_eq!(back["text"], ours["text"]);
    let (field, _) = bench
        .refused("set_fallback", json!({"text": "Call {phone}."}))
        .await;
    assert_eq!(field, "text");
    bench.desk.stop().await;
}

#[tokio::test]
async fn what_does_not_fit_in_a_skill_is_said_beside_its_field() {
    let bench = Bench::open().await;
    let button = |title: &str| json!({"title": title});
    let with = |answer: Value| json!({"name": "A", "examples": [], "answers": [answer]});
    let cases = [
        (json!({"name": " ", "examples": [], "answer": "x"}), "name"),
        (
            json!({"name": "n".repeat(61), "examples": [], "answer": "x"}),
            "name",
        ),
        (
            json!({"name": "A", "examples": ["x".repeat(1_001)], "answer": "x"}),
            "examples.0",
        ),
        (
            json!({"name": "A", "examples": vec!["x"; 501], "answer": "x"}),
            "examples",
        ),
        (json!({"name": "A", "examples": ["x"]}), "answer"),
        (
            json!({"name": "A", "examples": [], "answer": "x".repeat(4_097)}),
            "answers.0.text",
        ),
        (
            json!({"name": "A", "examples": [], "answer": "x", "autonomy": "auto"}),
            "autonomy",
        ),
        (
            json!({"name": "A", "examples": [], "answer": "x", "valid_to": "soon"}),
            "valid_to",
        ),
        (
            with(json!({"text": "x".repeat(1_025), "buttons": [button("Yes")]})),
            "answers.0.text",
        ),
        (
            with(json!({"text": "x", "buttons": [button("Yes"), button("Yes")]})),
            "answers.0.buttons.1.title",
        ),
        (
            with(json!({"text": "x", "buttons": [button(&"🙂".repeat(11))]})),
            "answers.0.buttons.0.title",
        ),
        (
            with(json!({"text": "x", "buttons": vec![button("a"); 4]})),
            "answers.0.buttons",
        ),
        (with(json!({"text": "x", "file": "up_gone"})), "answers.0.file"),
    ];
    for (args, wanted) in cases {
        let (field, sentence) = bench.refused("save_skill", args).await;
        assert_eq!(field, wanted, "{sentence}");
    }
    let human = json!({"name": "Complaints", "examples": ["I am angry"], "requires_human": true});
    bench.get("save_skill", human).await;
    assert_eq!(
        bench.get("list_skills", Value::Null).await["skills"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    bench.desk.stop().await;
}

#[tokio::test]
async fn skills_of_the_starter_pack_draft_first_and_never_replace_the_owners() {
    let bench = Bench::open().await;
    let pack = bench.get("starter_pack", json!({"language": "es"})).await;
    assert!(pack["languages"].as_array().unwrap().contains(&json!("es")));
    let first = bench.get("starter_pack", Value::Null).await["skills"][1].clone();
    let own = json!({"name": first["name"], "examples": ["my own"], "answer": "My own."});
    bench.get("save_skill", own).await;
    let list = bench.get("add_pack", Value::Null).await;
    let skills = list["skills"].as_array().unwrap();
    assert_eq!(skills.len(), pack["skills"].as_array().unwrap().len());
    for skill in skills {
        let mine = skill["name"] == first["name"];
        assert_eq!(
            skill["autonomy"],
            if mine { "bot" } else { "shadow" },
            "{}",
            skill["name"]
        );
        assert!(!mine || skill["answers"][0]["text"] == "My own.");
    }
    let again = bench.get("starter_pack", Value::Null).await;
    assert!(
        again["skills"]
            .as_array()
            .unwrap()
            .iter()
            .all(|skill| skill["added"] == true)
    );
    let (field, _) = bench.refused("add_pack", json!({"keys": ["nothing"]})).await;
    assert_eq!(field, "keys");
    bench.desk.stop().await;
}

#[tokio::test]
async fn the_assistant_keeps_what_it_is_told_about_the_shop() {
    let bench = Bench::open().await;
    let hours = json!({
        "zone": "Europe/Lisbon", "closed": ["2026-12-25"],
        "days": [{"day": 1, "from": "14:00", "to": "18:00"}, {"day": 1, "from": "09:00", "to": "13:00"}],
    });
    let said = json!({
        "business_name": "Clay & Kiln", "language": "pt", "region": "pt", "hours": hours, "disclaimer": true,
        "texts": [{"key": "still_waiting", "language": "pt", "text": "Um momento!"}],
        "intake": [{"field": "date", "question": {"": "When do you need it?"}}],
    });
    let view = bench.get("save_assistant", said).await;
    assert_eq!((&view["region"], &view["language"]), (&json!("PT"), &json!("pt")));
    assert_eq!(
        view["hours"]["days"][0],
        json!({"day": 1, "from": "09:00", "to": "13:00"})
    );
    assert_eq!(view["trouble"], Value::Null);
    let texts = view["texts"].as_array().unwrap();
    let own = texts.iter().find(|text| text["key"] == "still_waiting").unwrap();
    assert_eq!((&own["text"], &own["own"]), (&json!("Um momento!"), &json!(true)));
    assert!(
        texts
            .iter()
            .any(|text| text["key"] == "escalation.complaint.open" && text["own"] == false)
    );
    assert_eq!(bench.get("assistant", Value::Null).await, view);
    for (args, wanted) in [
        (json!({"region": "Germany"}), "region"),
        (
            json!({"hours": {"zone": "Nowhere", "days": [{"day": 1, "from": "09:00", "to": "10:00"}]}}),
            "hours.zone",
        ),
        (
            json!({"hours": {"days": [{"day": 8, "from": "09:00", "to": "10:00"}]}}),
            "hours.days.0.day",
        ),
        (
            json!({"texts": [{"key": "nonsense", "language": "en", "text": "x"}]}),
            "texts.0.text",
        ),
    ] {
        let (field, sentence) = bench.refused("save_assistant", args).await;
        assert_eq!(field, wanted, "{sentence}");
    }
    bench.desk.stop().await;
}

#[tokio::test]
async fn settings_that_cannot_be_read_silence_the_assistant_and_are_told() {
    let window = Window::open().await;
    let engine = window.desk.engine().await.unwrap();
    engine
        .store()
        .write(|t| t.set_setting("assistant", "{half"))
        .await
        .unwrap();
    let view = window.get("assistant", Value::Null).await;
    assert!(view["trouble"].as_str().unwrap().contains("cannot be read"));
    // Learning anything makes the assistant look at its settings again.
    let skill = json!({"name": "Hello", "examples": ["hello there"], "answer": "Hello!"});
    window.get("save_skill", skill).await;
    let tried = window.get("try_sentence", json!({"text": "hello there"})).await;
    assert_eq!(
        (&tried["verdict"], &tried["because"]),
        (&json!("silent"), &json!("technical"))
    );
    assert_eq!(tried["findings"][0]["kind"], "settings");
    let health = window.get("health", Value::Null).await;
    let told = |health: &Value| {
        let findings = health["findings"].as_array().unwrap().clone();
        findings
            .into_iter()
            .any(|finding| finding["topic"] == "model" && finding["level"] == "bad")
    };
    assert!(told(&health), "{health}");
    window
        .get("save_assistant", json!({"business_name": "Clay & Kiln"}))
        .await;
    assert_eq!(
        window.get("try_sentence", json!({"text": "hello there"})).await["text"],
        "Hello!"
    );
    assert!(!told(&window.get("health", Value::Null).await));
    window.desk.stop().await;
}

#[tokio::test]
async fn a_pretended_chat_remembers_what_was_said_and_leaves_nothing_behind() {
    let bench = Bench::open().await;
    bench.learn_delivery().await;
    let say = |lines: Value| json!({"lines": lines});
    let puzzle = json!({"author": "customer", "text": "Quantum chromodynamics fascinates everybody"});
    let first = bench.get("simulate", say(json!([puzzle]))).await;
    assert_eq!(first["step"], "fallback");
    let second = json!([
        puzzle, {"author": "assistant", "text": first["text"]},
        {"author": "customer", "text": "Dinosaurs vanished ages ago"},
    ]);
    let second = bench.get("simulate", say(second)).await;
    assert_eq!(second["verdict"], "escalate", "{second}");
    // What a button says is taken as a tap on it.
    let tapped = json!([
        puzzle, {"author": "assistant", "text": first["text"]}, {"author": "customer", "text": first["buttons"][0]},
    ]);
    let tapped = bench.get("simulate", say(tapped)).await;
    assert_eq!(tapped["step"], "tap", "{tapped}");
    let (field, _) = bench
        .refused("simulate", say(json!([{"author": "assistant", "text": "Hi"}])))
        .await;
    assert_eq!(field, "lines");
    let list = bench.get("list_conversations", json!({})).await;
    assert_eq!(list["conversations"], json!([]));
    bench.desk.stop().await;
}

#[tokio::test]
async fn answers_people_gave_before_can_be_taken_into_the_knowledge_base() {
    let window = Window::open().await;
    let ana = window
        .hear("Ana", "447700900001", "Can I pay with a gift card?")
        .await;
    let reply = window
        .say(&ana, "Yes, gift cards are fine for everything but courses.")
        .await;
    window.status(&ana, &reply, "accepted").await;
    let offered = window.get("past_replies", Value::Null).await;
    assert_eq!(offered["replies"][0]["message_id"], reply.as_str());
    assert_eq!(offered["replies"][0]["question"], "Can I pay with a gift card?");
    let taken = window
        .get("add_past_replies", json!({"message_ids": [reply]}))
        .await;
    assert_eq!(
        (&taken["source"], &taken["passages"]),
        (&json!("past_replies"), &json!(1))
    );
    assert_eq!(
        window.get("past_replies", Value::Null).await["replies"],
        json!([])
    );
    let tried = window
        .get("try_sentence", json!({"text": "Can I pay with a gift card?"}))
        .await;
    assert!(
        tried["text"]
            .as_str()
            .unwrap_or_default()
            .contains("gift cards are fine"),
        "{tried}"
    );
    window.desk.stop().await;
}

#[tokio::test]
async fn a_test_person_may_be_answered_where_customers_are_not() {
    let window = Window::open().await;
    let ana = window.hear("Ana", "447700900001", "Hello").await;
    let mode = json!({"scope": "conversation", "id": ana, "mode": "bot"});
    window.get("set_mode", mode).await;
    let channel = json!({"scope": "channel", "id": window.channel, "mode": "shadow"});
    window.get("set_mode", channel).await;
    let row = |list: Value| list["conversations"][0].clone();
    let before = row(window.get("list_conversations", json!({})).await);
    assert_eq!(
        (&before["test"], &before["effective_mode"]),
        (&json!(false), &json!("shadow"))
    );
    let test = json!({"contact_id": before["contact"]["id"], "test": true});
    window.get("set_test_contact", test).await;
    let after = row(window.get("list_conversations", json!({})).await);
    assert_eq!(
        (&after["test"], &after["effective_mode"]),
        (&json!(true), &json!("bot"))
    );
    window.desk.stop().await;
}
