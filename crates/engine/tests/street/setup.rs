//! Adding numbers.

use crate::town::{NUMBER, SECRET, TOKEN, Town, config, number, parsed};
use domain::Timestamp;
use engine::{AddedChannel, ChannelConfig, Engine, EngineError, EngineOptions, SetupError};
use serde_json::{Value, json};
use simulator::{Fault, Meta, Rule};
use std::net::SocketAddr;
use store::{Access, Store};
use tempfile::TempDir;
use vault::{Secret, SecretName, Vault};

struct Office {
    _folder: TempDir,
    store: Store,
    vault: Vault,
}

impl Office {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write).unwrap();
        Self {
            _folder: folder,
            store,
            vault: Vault::memory(),
        }
    }

    async fn add(&self, config: &Value) -> Result<AddedChannel, SetupError> {
        engine::add_channel(&self.store, &self.vault, parsed(config), Timestamp(0)).await
    }

    async fn secret(&self, added: &AddedChannel, field: &'static str) -> Option<String> {
        let name = SecretName::new(added.channel_id.as_str(), field);
        let secret = self.vault.get(&name).await.unwrap();
        secret.map(|secret| secret.expose().to_owned())
    }
}

fn shop(number: &str, app_secret: &str) -> Value {
    json!({
        "kind": "whatsapp_cloud", "name": "Shop", "phone_number_id": number,
        "secrets": {"access_token": "EAAGm0PX4ZCpsBA", "app_secret": app_secret, "verify_token": "let me in"},
    })
}

fn with(mut config: Value, field: &str, value: Value) -> Value {
    config[field] = value;
    config
}

#[tokio::test]
async fn numbers_of_one_app_share_an_address_and_those_of_another_do_not() {
    let office = Office::open();
    let first = office.add(&shop("101", "app one")).await.unwrap();
    let second = office.add(&shop("102", "app one")).await.unwrap();
    let third = office.add(&shop("103", "app two")).await.unwrap();
    assert_eq!(first.webhook_path, second.webhook_path);
    assert_ne!(first.webhook_path, third.webhook_path);
    assert_ne!(first.channel_id, second.channel_id);
    let guess = first.webhook_path.strip_prefix("/hooks/").unwrap();
    assert_eq!(guess.len(), 32, "128 bits nobody can guess");
}

#[tokio::test]
async fn a_number_that_is_added_again_keeps_its_id_and_address_and_takes_the_new_settings() {
    let office = Office::open();
    let first = office.add(&shop("101", "app one")).await.unwrap();
    let mut renewed = with(shop("101", "app one, new secret"), "name", json!("New name"));
    renewed["secrets"]["access_token"] = json!("EAAnew");
    let again = office.add(&renewed).await.unwrap();
    assert_eq!(
        again, first,
        "it is alone at its address, so the secret may change there"
    );
    assert_eq!(
        office.secret(&first, "app_secret").await.as_deref(),
        Some("app one, new secret")
    );
    assert_eq!(
        office.secret(&first, "access_token").await.as_deref(),
        Some("EAAnew")
    );
    let channels = office.store.read(|r| r.channels()).await.unwrap();
    assert_eq!(channels.len(), 1);
    assert_eq!(channels[0].name, "New name");
}

#[tokio::test]
async fn a_number_that_moves_to_another_app_leaves_the_address_it_shared() {
    let office = Office::open();
    let stays = office.add(&shop("101", "app one")).await.unwrap();
    let moves = office.add(&shop("102", "app one")).await.unwrap();
    let moved = office.add(&shop("102", "app two")).await.unwrap();
    assert_eq!(moved.channel_id, moves.channel_id);
    assert_ne!(moved.webhook_path, stays.webhook_path);
    let again = office.add(&shop("103", "app one")).await.unwrap();
    assert_eq!(
        again.webhook_path, stays.webhook_path,
        "the first app's address is still its own"
    );
}

#[tokio::test]
async fn an_address_that_is_known_outside_is_kept_unless_another_app_has_it() {
    let office = Office::open();
    let asked = |number, secret| with(shop(number, secret), "webhook_path", json!("/hooks/shop-1"));
    let first = office.add(&asked("101", "app one")).await.unwrap();
    assert_eq!(first.webhook_path, "/hooks/shop-1");
    office.add(&asked("102", "app one")).await.unwrap();
    let refused = office.add(&asked("103", "app two")).await.unwrap_err();
    assert!(matches!(&refused, SetupError::Config { field, .. } if field == "webhook_path"));
    assert!(refused.to_string().contains("another app"), "{refused}");
    let channels = office.store.read(|r| r.channels()).await.unwrap();
    assert_eq!(channels.len(), 2, "a refused number leaves nothing behind");
}

#[tokio::test]
async fn a_verify_token_is_made_when_none_is_given_and_kept_when_the_number_is_added_again() {
    let office = Office::open();
    let mut config = shop("101", "app one");
    config["secrets"].as_object_mut().unwrap().remove("verify_token");
    let added = office.add(&config).await.unwrap();
    let made = office.secret(&added, "verify_token").await.unwrap();
    assert_eq!(made.len(), 32);
    office.add(&config).await.unwrap();
    assert_eq!(office.secret(&added, "verify_token").await, Some(made));
}

#[tokio::test]
async fn what_does_not_fit_is_named_and_no_secret_is_repeated() {
    let office = Office::open();
    let good = || shop("101", "canary-app-secret");
    let mut cases = vec![
        ("kind", with(good(), "kind", json!("carrier_pigeon"))),
        ("kind", with(good(), "kind", json!("telegram"))),
        ("phone_number_id", with(good(), "phone_number_id", Value::Null)),
        (
            "phone_number_id",
            with(good(), "phone_number_id", json!("../../me")),
        ),
        ("phone_number_id", with(good(), "phone_number_id", json!(["1"]))),
        ("mode", with(good(), "mode", json!("turbo"))),
        ("graph_version", with(good(), "graph_version", json!("25"))),
        (
            "graph_url",
            with(good(), "graph_url", json!("graph.facebook.com")),
        ),
        (
            "graph_url",
            with(good(), "graph_url", json!("file:///etc/passwd")),
        ),
        (
            "graph_url",
            with(
                good(),
                "graph_url",
                json!("https://user:canary-password@example.com"),
            ),
        ),
    ];
    for path in [
        "/hook/x",
        "/hooks/",
        "/hooks/Ä",
        "/hooks/a?b",
        "/hooks/../x",
        "/hooks//x",
        "hooks/x",
    ] {
        cases.push(("webhook_path", with(good(), "webhook_path", json!(path))));
    }
    for (field, value) in [
        ("access_token", json!("canary-token\ncanary")),
        ("access_token", json!("  ")),
        ("app_secret", Value::Null),
    ] {
        let mut config = good();
        config["secrets"][field] = value;
        let name = if field == "access_token" {
            "secrets.access_token"
        } else {
            "secrets.app_secret"
        };
        cases.push((name, config));
    }
    for (field, config) in cases {
        let refused = office.add(&config).await.unwrap_err();
        let words = format!("{refused} {refused:?}");
        assert!(
            matches!(&refused, SetupError::Config { field: named, .. } if named == field),
            "{field}: {words}"
        );
        assert!(!words.contains("canary"), "{words}");
    }
    for (named, text) in [
        (
            "secrets.app_secret: has to be text",
            r#"{"kind":"whatsapp_cloud","secrets":{"app_secret":17,"access_token":"canary"}}"#,
        ),
        (
            "secrets: has to be an object",
            r#"{"kind":"whatsapp_cloud","secrets":"canary"}"#,
        ),
        (
            "webhook_path: has to be text",
            r#"{"kind":"whatsapp_cloud","webhook_path":["canary"]}"#,
        ),
        ("missing field `kind`", r#"{"name":"canary"}"#),
        ("not JSON", "canary"),
        ("is empty", " "),
    ] {
        let refused = ChannelConfig::from_json(text.as_bytes()).unwrap_err().to_string();
        assert!(
            refused.contains(named) && !refused.contains("canary"),
            "{refused}"
        );
    }
    let marked = format!("\u{feff}{}", good());
    assert!(
        ChannelConfig::from_json(marked.as_bytes()).is_ok(),
        "a byte-order mark is no fault"
    );
    let debugged = format!("{:?}", parsed(&good()));
    assert!(!debugged.contains("canary"), "{debugged}");
    assert!(office.store.read(|r| r.channels()).await.unwrap().is_empty());
}

#[tokio::test]
async fn no_secret_stands_in_the_database() {
    let town = Town::open().await;
    town.engine.stop().await;
    let file = town.folder.path().join("data").join(store::DATABASE_FILE);
    let bytes = std::fs::read(file).unwrap();
    for secret in [SECRET, TOKEN, "let me in"] {
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "{secret} is in the file");
    }
}

#[tokio::test]
async fn a_number_is_asked_about_and_a_refusal_has_words() {
    let town = Town::open().await;
    let now = town.engine.now();
    let check = || engine::check_channel(town.engine.store(), &town.vault, &town.channel, now);
    let state = check().await.unwrap();
    assert!(state.number.display_phone_number.is_some());
    assert!(state.comes_here && state.token.as_ref().is_some_and(|token| token.endless));
    assert!(
        state.proofs().iter().all(|(_, good, _)| *good == Some(true)),
        "{state:?}"
    );
    // A secret that is not needed for the number may be wrong all the same.
    town.meta
        .fault(Rule::from(Fault::code(101)).on("GET", "debug_token"));
    let state = check().await.unwrap();
    let [_, (field, good, words), _] = state.proofs();
    assert_eq!((field, good), ("app_secret", Some(false)));
    assert!(words.is_some_and(|words| words.contains("secret")), "{words:?}");
    town.meta.fault(Rule::from(Fault::code(190)).on_reads());
    let refused = check().await.unwrap_err();
    assert!(matches!(&refused, SetupError::Refused(failure) if failure.code == Some(190)));
    assert!(!refused.to_string().contains(TOKEN));
    let name = SecretName::new(town.channel.as_str(), "access_token");
    town.vault.delete(&name).await.unwrap();
    let refused = check().await.unwrap_err();
    assert!(matches!(refused, SetupError::SecretMissing(_)), "{refused:?}");
    town.engine.stop().await;
}

#[tokio::test]
async fn an_engine_whose_secrets_come_back_believes_its_callers_again() {
    let town = Town::open().await;
    let name = SecretName::new(town.channel.as_str(), "app_secret");
    town.vault.delete(&name).await.unwrap();
    town.engine.hang_doorplates().await.unwrap();
    let trouble = town.engine.secret_trouble().unwrap();
    assert!(trouble.contains("app secret"), "{trouble}");
    town.vault.set(&name, &Secret::new(SECRET)).await.unwrap();
    town.engine.hang_doorplates().await.unwrap();
    assert_eq!(town.engine.secret_trouble(), None);
    town.hear(&crate::town::ines(), "Hello").await;
    town.engine.stop().await;
}

#[tokio::test]
async fn a_start_that_fails_says_why_and_leaves_the_data_free() {
    let meta = Meta::start().await.unwrap();
    meta.add_number(number(NUMBER, SECRET));
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let options = |address: SocketAddr| EngineOptions {
        webhook_listen: address,
        ..EngineOptions::new(folder.path().to_owned(), Vault::memory())
    };
    let refused = Engine::start(options(taken.local_addr().unwrap()))
        .await
        .unwrap_err();
    assert!(matches!(refused, EngineError::Listen { .. }), "{refused:?}");
    let refused = Engine::start(options(SocketAddr::from(([0, 0, 0, 0], 0))))
        .await
        .unwrap_err();
    assert!(matches!(refused, EngineError::NotLoopback(_)), "{refused:?}");

    let engine = Engine::start(options(SocketAddr::from(([127, 0, 0, 1], 0))))
        .await
        .unwrap();
    let second = Engine::start(options(SocketAddr::from(([127, 0, 0, 1], 0))))
        .await
        .unwrap_err();
    assert!(second.to_string().contains("another Deskbell"), "{second}");
    let added = engine::add_channel(
        engine.store(),
        engine.vault(),
        parsed(&config(&meta, NUMBER, SECRET)),
        engine.now(),
    )
    .await;
    added.unwrap();
    engine.stop().await;
    assert_eq!(engine.webhook_url(), None);
}
