//! Commands that make sense only at a moment: while a draft waits, a person holds a conversation, a lead is known, or a
//! model was asked. Their answers are held against their documented shapes there, and every other command elsewhere.

use crate::shape::Shapes;
use crate::window::Window;
use api::table::COMMANDS;
use serde_json::{Value, json};
use simulator::brain::{Flavour, ModelServer, Script};

struct Bench {
    window: Window,
    shapes: Shapes,
}

impl Bench {
    /// A shop whose assistant drafts.
    async fn open() -> Self {
        let window = Window::open().await;
        let mode = json!({"scope": "channel", "id": window.channel, "mode": "shadow"});
        window.get("set_mode", mode).await;
        let skill = json!({
            "name": "Opening hours", "examples": ["When are you open?", "opening times"], "answer": "From nine to six.",
        });
        window.get("save_skill", skill).await;
        let shapes = Shapes::documented();
        Self { window, shapes }
    }

    async fn get(&self, command: &str, args: Value) -> Value {
        let answer = self.window.get(command, args).await;
        let known = COMMANDS.iter().find(|known| known.name == command).unwrap();
        self.shapes.check(&answer, known.answer);
        answer
    }

    /// A customer asks; returns the conversation once the answer is drafted.
    async fn drafted(&self, name: &str, digits: &str) -> (String, Value) {
        let conversation = self.window.hear(name, digits, "When are you open?").await;
        let args = json!({"conversation_id": conversation});
        let list = self
            .window
            .until("list_drafts", args, |list| list["drafts"][0]["id"].is_string())
            .await;
        self.shapes.check(&list, "DraftList");
        (conversation, list["drafts"][0].clone())
    }
}

#[tokio::test]
async fn a_draft_is_shown_sent_put_away_and_asked_for_in_documented_shapes() {
    let bench = Bench::open().await;
    let (ana, draft) = bench.drafted("Ana", "447700900001").await;
    let why = bench
        .get("decision", json!({"decision_id": draft["decision"]["id"]}))
        .await;
    assert_eq!(why["text"], "From nine to six.");
    let reason = json!({"draft_id": draft["id"], "reason": "tone"});
    bench.get("dismiss_draft", reason).await;
    bench.get("request_draft", json!({"conversation_id": ana})).await;
    let again = bench
        .window
        .until("list_drafts", json!({"conversation_id": ana}), |list| {
            list["drafts"][0]["id"].is_string()
        })
        .await;
    assert_ne!(again["drafts"][0]["id"], draft["id"]);
    let sent = bench
        .get("approve_draft", json!({"draft_id": again["drafts"][0]["id"]}))
        .await;
    let sent = sent["message_id"].as_str().unwrap();
    bench.window.status(&ana, sent, "accepted").await;
    let all = bench.get("list_drafts", json!({"state": "all"})).await;
    let states: Vec<&str> = all["drafts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|draft| draft["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["sent", "dismissed"]);
    bench.window.desk.stop().await;
}

#[tokio::test]
async fn a_conversation_is_held_kept_and_given_back_in_documented_shapes() {
    let bench = Bench::open().await;
    let (ana, _) = bench.drafted("Ana", "447700900001").await;
    let about = || json!({"conversation_id": ana});
    let held = bench.get("take_over", about()).await;
    assert_eq!(held["holder"], "operator");
    let kept = bench.get("keep_holder", about()).await;
    assert_eq!(
        (&kept["holder"], &kept["returns_at"]),
        (&json!("operator"), &Value::Null)
    );
    let back = json!({"conversation_id": ana, "answer_now": true});
    let back = bench.get("hand_back", back).await;
    assert_eq!(back["open_question"], true);
    let late = bench.window.ask("keep_holder", about()).await.unwrap_err();
    bench
        .shapes
        .check(&serde_json::to_value(&late).unwrap(), "ApiError");
    bench.window.desk.stop().await;
}

#[tokio::test]
async fn a_lead_is_set_given_back_and_closed_in_documented_shapes() {
    let bench = Bench::open().await;
    let ana = bench
        .window
        .hear("Ana", "447700900001", "My email is ana@example.com")
        .await;
    let read = bench
        .window
        .until("lead", json!({"conversation_id": ana}), |answer| {
            let values = answer["lead"]["values"].as_array();
            let is_read = |value: &Value| value["value"] == "ana@example.com";
            values.is_some_and(|values| values.iter().any(is_read))
        })
        .await;
    bench.shapes.check(&read, "LeadAnswer");
    let set = json!({"conversation_id": ana, "field": "email", "value": "office@example.com"});
    let lead = bench.get("set_lead_value", set).await;
    let field = json!({"lead_id": lead["id"], "field": "email"});
    bench.get("return_lead_value", field).await;
    let won = json!({"lead_id": lead["id"], "status": "won"});
    assert_eq!(bench.get("set_lead_status", won).await["status"], "won");
    assert_eq!(
        bench.get("list_leads", json!({"status": "won"})).await["total"],
        1
    );
    bench.window.desk.stop().await;
}

#[tokio::test]
async fn what_a_model_was_asked_is_shown_in_its_documented_shape() {
    let bench = Bench::open().await;
    let server = ModelServer::start(Flavour::OpenAi).await.unwrap();
    let choice = json!({"kind": "openai", "base_url": server.base_url(), "model": "double:7b"});
    bench.get("save_model", choice).await;
    server.always(|_| Script::says("NO_ANSWER"));
    let ana = bench
        .window
        .hear(
            "Ana",
            "447700900001",
            "Would you also cut the hair of my rabbits?",
        )
        .await;
    let asked = bench
        .window
        .until("list_model_calls", json!({"conversation_id": ana}), |list| {
            list["calls"][0]["id"].is_string()
        })
        .await;
    bench.shapes.check(&asked, "ModelCallList");
    let call = bench
        .get("model_call", json!({"call_id": asked["calls"][0]["id"]}))
        .await;
    assert!(call["sent"].as_str().unwrap().contains("rabbits"), "{call}");
    bench.window.desk.stop().await;
}
