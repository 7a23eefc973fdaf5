//! What a window is told of the connection, against a simulated Meta over loopback.

use crate::window::{NUMBER, Window};
use serde_json::{Value, json};
use simulator::{Fault, Rule};
use vault::{Secret, SecretName};

/// Lets webhooks in at an address of the owner's own, on this computer.
async fn reach(window: &Window) -> Value {
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let url = format!("http://127.0.0.1:{port}");
    let tunnel = window
        .get("save_tunnel", json!({"kind": "url", "url": url, "port": port}))
        .await;
    assert_eq!(tunnel["listens_at"], format!("127.0.0.1:{port}"), "{tunnel:#}");
    window
        .until("tunnel", Value::Null, |tunnel| tunnel["phase"] == "online")
        .await
}

async fn connected(window: &Window) -> Value {
    let done = |view: &Value| {
        let steps = view["steps"].as_array().unwrap();
        steps.len() == 7
            && steps.iter().all(|step| step["state"] == "ok")
            && view["registered_at"].is_string()
    };
    window
        .until("connection", json!({"channel_id": window.channel}), done)
        .await
}

fn finding<'a>(health: &'a Value, topic: &str) -> &'a Value {
    let findings = health["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["topic"] == topic);
    found.unwrap_or_else(|| panic!("nothing about {topic}: {health:#}"))
}

#[tokio::test]
async fn a_number_is_connected_by_choosing_a_way_and_the_health_page_says_so() {
    let window = Window::open().await;
    let before = window
        .get("connection", json!({"channel_id": window.channel}))
        .await;
    assert_eq!(before["steps"][1]["state"], "waiting", "{before:#}");
    assert_eq!(before["steps"][1]["action"]["kind"], "tunnel_settings");
    assert_eq!(before["token"]["valid"], Value::Null);

    let tunnel = reach(&window).await;
    assert_eq!(tunnel["kind"], "url");
    let view = connected(&window).await;
    assert_eq!(view["steps"].as_array().unwrap().len(), 7);
    assert_eq!(view["news_come_here"], false);
    let checked = window
        .get("check_channel", json!({"channel_id": window.channel}))
        .await;
    assert_eq!(checked["token"]["valid"], true, "{checked:#}");
    let health = window.get("health", Value::Null).await;
    assert_eq!(health["level"], "ok", "{health:#}");
    for topic in [
        "tunnel", "callback", "token", "number", "webhook", "storage", "model",
    ] {
        assert_eq!(finding(&health, topic)["level"], "ok", "{health:#}");
    }
    assert!(health["checked_at"].is_string());
    window.desk.stop().await;
}

#[tokio::test]
async fn an_address_that_another_program_takes_turns_the_health_red_until_it_is_registered_again() {
    let window = Window::open().await;
    reach(&window).await;
    connected(&window).await;
    window
        .meta
        .subscribe_unverified(NUMBER, "https://elsewhere.example/hook");
    let channel = json!({"channel_id": window.channel});
    window.get("check_channel", channel.clone()).await;
    let health = window.get("health", Value::Null).await;
    assert_eq!(health["level"], "bad", "{health:#}");
    let said = finding(&health, "callback");
    assert_eq!(said["action"]["kind"], "register_webhook", "{said:#}");
    assert_eq!(said["channel_id"], window.channel.as_str());
    assert_eq!(health["findings"][0], *said, "the worst comes first");
    window.get("register_webhook", channel.clone()).await;
    let health = window.get("health", Value::Null).await;
    assert_eq!(health["level"], "ok", "{health:#}");

    window.get("take_news", channel.clone()).await;
    let view = window.get("connection", channel).await;
    assert_eq!(view["news_come_here"], true, "{view:#}");
    window.desk.stop().await;
}

#[tokio::test]
async fn a_provider_that_is_out_of_order_is_told_as_that_and_not_as_a_dead_token() {
    let window = Window::open().await;
    window
        .meta
        .fault(Rule::from(Fault::html(502)).on_management().always());
    let view = window
        .get("check_channel", json!({"channel_id": window.channel}))
        .await;
    assert_eq!(view["token"]["valid"], Value::Null, "{view:#}");
    assert_eq!(view["number"][0]["level"], "warn");
    let health = window.get("health", Value::Null).await;
    assert_eq!(health["level"], "warn", "{health:#}");

    window.meta.clear_faults();
    window
        .meta
        .fault(Rule::from(Fault::code(190)).on_management().always());
    let view = window
        .get("check_channel", json!({"channel_id": window.channel}))
        .await;
    assert_eq!(view["token"]["valid"], false, "{view:#}");
    let health = window.get("health", Value::Null).await;
    let said = finding(&health, "token");
    assert_eq!(
        (&said["level"], &said["action"]["kind"]),
        (&json!("bad"), &json!("replace_keys"))
    );
    window.desk.stop().await;
}

#[tokio::test]
async fn what_does_not_fit_in_the_settings_of_the_tunnel_is_named() {
    let window = Window::open().await;
    for (args, field) in [
        (json!({}), "kind"),
        (json!({"kind": "carrier_pigeon"}), "kind"),
        (json!({"kind": "url"}), "url"),
        (json!({"kind": "url", "url": "http://desk.example.com"}), "url"),
        (json!({"kind": "url", "url": "https://desk.example.com/x"}), "url"),
        (
            json!({"kind": "url", "url": "https://desk.example.com", "port": 0}),
            "port",
        ),
        (json!({"kind": "ngrok"}), "authtoken"),
        (json!({"kind": "ngrok", "authtoken": "a b"}), "authtoken"),
        (
            json!({"kind": "ngrok", "authtoken": "2abc_def", "domain": "no domain"}),
            "domain",
        ),
        (json!({"kind": "cloudflared", "tunnel_token": "eyJh"}), "url"),
    ] {
        let refused = window.ask("save_tunnel", args.clone()).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some(field), "{args}: {refused:?}");
    }
    assert_eq!(window.get("tunnel", Value::Null).await["kind"], "none");
    window.desk.stop().await;
}

#[tokio::test]
async fn nothing_was_missed_while_the_door_stood_open() {
    let window = Window::open().await;
    window.hear("Ana", "447700900001", "Hello").await;
    let away = window.get("away", Value::Null).await;
    assert_eq!(
        (&away["unseen"], &away["late_messages"]),
        (&json!(false), &json!(0))
    );
    assert_eq!(away["waiting"][0]["name"], "Ana");
    window.get("see_away", Value::Null).await;
    window.desk.stop().await;
}

#[tokio::test]
async fn a_diagnostics_file_holds_no_secret_no_number_and_no_word_of_customers() {
    let window = Window::open().await;
    reach(&window).await;
    let view = connected(&window).await;
    let callback = view["callback_url"].as_str().unwrap().to_owned();
    let channel = json!({"channel_id": window.channel});
    let ana = window
        .hear(
            "Canary Pereira",
            "447700900987",
            "canary-words about the blue vase",
        )
        .await;
    window.meta.fault(Fault::code(131_026));
    window.say(&ana, "canary-answer").await;
    window
        .until("thread", json!({"conversation_id": ana}), |thread| {
            thread.to_string().contains("\"failed\"")
        })
        .await;
    // From here on Meta refuses everything, in words that repeat what it was sent.
    let engine = window.desk.engine().await.unwrap();
    for field in ["access_token", "app_secret", "verify_token"] {
        let name = SecretName::new(&window.channel, field);
        let secret = Secret::new(format!("canary-{field}-0123456789"));
        engine.vault().set(&name, &secret).await.unwrap();
    }
    let name = SecretName::new("tunnel", "authtoken");
    let secret = Secret::new("canary_authtoken0123456789");
    engine.vault().set(&name, &secret).await.unwrap();
    window.get("check_channel", channel.clone()).await;
    window.get("register_webhook", channel).await;

    let file = window.get("diagnostics", Value::Null).await;
    let text = file["text"].as_str().unwrap();
    for said in [
        "Deskbell 0.",
        "## Health",
        "## Tunnel",
        "## Number 1",
        "failed with 131026: 1",
        "vault memory",
    ] {
        assert!(text.contains(said), "{said} is missing:\n{text}");
    }
    for hidden in [
        "anary",
        "447700900",
        "7700 900",
        NUMBER,
        "398000000000021",
        "Clay & Kiln",
        "/hooks/",
        "://",
        "blue vase",
    ] {
        assert!(!text.contains(hidden), "{hidden} is in the file:\n{text}");
    }
    let path = callback.rsplit('/').next().unwrap();
    assert!(!text.contains(path), "the secret path is in the file:\n{text}");
    assert!(
        file["file_name"]
            .as_str()
            .unwrap()
            .starts_with("deskbell-diagnostics-")
    );
    window.desk.stop().await;
}
