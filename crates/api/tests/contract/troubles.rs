//! What a window says when messages do not leave.

use crate::window::{NUMBER, Window, find};
use serde_json::{Value, json};
use simulator::{Fault, GraphError, Number, Rule, webhook};

/// Sends into a fault that goes on, and returns the sentence the channel is held with.
async fn held_by(fault: Fault) -> String {
    let window = Window::open().await;
    let ana = window.hear("Ana", "447700900001", "Hello").await;
    window.meta.fault(Rule::from(fault).always());
    window.say(&ana, "Hi").await;
    let is_held = |list: &Value| list["channels"][0]["hold"].is_object();
    let list = window.until("list_channels", Value::Null, is_held).await;
    let words = list["channels"][0]["hold"]["words"].as_str().unwrap().to_owned();
    let health = window.get("health", Value::Null).await;
    assert!(health.to_string().contains(&words), "{health:#}");
    window.desk.stop().await;
    words
}

#[tokio::test]
async fn a_number_the_token_does_not_see_is_told_as_that_and_not_as_a_bad_message() {
    let words = Box::pin(held_by(Fault::Graph(GraphError::of(100).subcode(33)))).await;
    assert_eq!(words, engine::error_words(Some(100), Some(33)));
    assert!(words.contains("does not show this phone number"), "{words}");
}

#[tokio::test]
async fn a_token_that_has_expired_is_told_as_expired() {
    let words = Box::pin(held_by(Fault::Graph(GraphError::of(190).subcode(463)))).await;
    assert_eq!(words, engine::error_words(Some(190), Some(463)));
    assert!(words.contains("has expired"), "{words}");
}

#[tokio::test]
async fn a_page_that_asks_for_a_password_is_told_as_refused_access() {
    let words = Box::pin(held_by(Fault::html(401))).await;
    assert!(words.starts_with("WhatsApp refused access"), "{words}");
    assert!(words.ends_with('.') && !words.ends_with(".."), "{words}");
}

#[tokio::test]
async fn a_secret_that_is_missing_is_told_with_what_to_do() {
    let window = Window::open().await;
    let ana = window.hear("Ana", "447700900001", "Hello").await;
    let engine = window.desk.engine().await.unwrap();
    let token = vault::SecretName::new(&window.channel, "access_token");
    engine.vault().delete(&token).await.unwrap();
    let message = window.say(&ana, "Hi").await;
    let is_held = |list: &Value| list["channels"][0]["hold"].is_object();
    let list = window.until("list_channels", Value::Null, is_held).await;
    assert_eq!(
        list["channels"][0]["hold"]["words"],
        "Nothing can be sent. The access token is missing. Connect the number again."
    );
    let thread = window.get("thread", json!({"conversation_id": ana})).await;
    assert_eq!(find(&thread, &message)["status"], "queued");
    window.desk.stop().await;
}

#[tokio::test]
async fn who_looks_closer_finds_the_providers_own_words() {
    let window = Window::open().await;
    let ana = window.hear("Ana", "447700900001", "Hello").await;
    let refused = GraphError::of(131_009).details("The body is too curious");
    window.meta.fault(Fault::Graph(refused));
    let message = window.say(&ana, "Hi").await;
    let failed = window.status(&ana, &message, "failed").await;
    // With what Meta's support asks for.
    let detail = failed["error"]["detail"].as_str().unwrap_or_default();
    assert!(
        detail.starts_with("The body is too curious (support reference ") && detail.ends_with(')'),
        "{detail}"
    );
    assert_eq!(failed["error"]["code"], 131_009);
    window.desk.stop().await;
}

#[tokio::test]
async fn a_picture_is_called_a_picture_in_the_list_and_its_caption_is_its_text() {
    let window = Window::open().await;
    let ben = simulator::Customer::phone("Ben", "447700900002");
    let number = Number::new(NUMBER, "398000000000021", "+447700900100", "token", "secret");
    for (wamid, content, text) in [
        ("wamid.bare", json!({"id": "1"}), Value::Null),
        (
            "wamid.caption",
            json!({"id": "2", "caption": "The glaze"}),
            json!("The glaze"),
        ),
    ] {
        let picture = webhook::typed_message(&ben, wamid, 1_794_301_200, "image", content);
        let change = webhook::messages(&number, std::slice::from_ref(&ben), vec![picture]);
        window.meta.deliver(NUMBER, vec![change]);
        let page = window
            .until("list_conversations", Value::Null, |page| {
                let preview = &page["conversations"][0]["preview"];
                preview.is_object() && preview["text"] == text
            })
            .await;
        let preview = &page["conversations"][0]["preview"];
        assert_eq!(
            (&preview["kind"], &preview["original_kind"]),
            (&json!("image"), &json!("image"))
        );
    }
    window.desk.stop().await;
}
