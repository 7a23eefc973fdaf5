//! Keys that are replaced, and numbers that are disconnected.

use crate::town::{NUMBER, SECRET, SOON, TOKEN, Town, config, ines, number, omar, parsed};
use domain::{ChannelId, DeliveryStatus, SECRET_OVERLAP};
use engine::{CommandError, Engine, EngineOptions, NewKeys};
use simulator::{App, Fault, Rule, Token};
use std::sync::Arc;
use std::time::Duration;
use store::{HoldClass, JournalState};
use vault::{Secret, SecretName};

const NEW_SECRET: &str = "app-secret-of-the-town-anew";
const NEW_TOKEN: &str = "EAA-token-of-the-town-anew";
const WABA: &str = "398000000000007";
const SECOND: &str = "512000000000008";

fn new_keys(token: Option<&str>, secret: Option<&str>) -> NewKeys {
    NewKeys {
        access_token: token.map(Secret::new),
        app_secret: secret.map(Secret::new),
    }
}

fn field_of(error: &CommandError) -> Option<&str> {
    match error {
        CommandError::Misfit { field, .. } => Some(field),
        _ => None,
    }
}

impl Town {
    /// The owner resets the app secret at Meta: from now on webhooks are signed with this one.
    fn sign_with(&self, secret: &str) {
        let app = self.meta.app_id(NUMBER).unwrap();
        self.meta.add_app(App::new(&app, "Town desk", secret));
    }

    async fn kept(&self, channel: &ChannelId, field: &str) -> Option<String> {
        let secret = self
            .vault
            .get(&SecretName::new(channel.as_str(), field))
            .await
            .unwrap();
        secret.map(|secret| secret.expose().to_owned())
    }

    /// A second number of the same app, at the same address that somebody asked for.
    async fn second(&self) -> ChannelId {
        self.meta.add_number(number(SECOND, SECRET));
        let (channel, _) = crate::town::connect(&self.meta, &self.engine, SECOND, SECRET).await;
        channel
    }
}

#[tokio::test]
async fn webhooks_signed_with_the_old_and_the_new_secret_are_all_believed() {
    let town = Town::open().await;
    let second = town.second().await;
    town.hear(&ines(), "before").await;
    town.sign_with(NEW_SECRET);
    // Signed with a secret we do not know yet: refused, and brought again.
    let between = town.meta.customer_writes(NUMBER, &ines(), "between").unwrap();
    town.engine
        .replace_keys(&town.channel, new_keys(None, Some(NEW_SECRET)))
        .await
        .unwrap();
    drop(between);
    town.hear(&ines(), "after, with the new one").await;
    let other = town
        .meta
        .customer_writes(SECOND, &omar(), "to the second number")
        .unwrap();
    other.1.acknowledged(SOON).await.unwrap();
    town.sign_with(SECRET);
    town.hear(&ines(), "late, with the old one").await;
    town.sign_with(NEW_SECRET);
    town.settled().await;
    let mut heard: Vec<String> = town.messages().await.into_iter().filter_map(|m| m.text).collect();
    heard.sort();
    assert_eq!(
        heard,
        [
            "after, with the new one",
            "before",
            "between",
            "late, with the old one",
            "to the second number"
        ]
    );
    for channel in [&town.channel, &second] {
        assert_eq!(
            town.kept(channel, "app_secret").await.as_deref(),
            Some(NEW_SECRET)
        );
        assert_eq!(
            town.kept(channel, "former_app_secret").await.as_deref(),
            Some(SECRET)
        );
    }
    // A third number of the app is recognised by its new secret.
    town.meta.add_number(number("512000000000009", NEW_SECRET));
    let added = engine::add_channel(
        town.engine.store(),
        &town.vault,
        parsed(&config(&town.meta, "512000000000009", NEW_SECRET)),
        town.engine.now(),
    )
    .await
    .unwrap();
    assert!(town.url.ends_with(&added.webhook_path));
    town.engine.stop().await;
}

#[tokio::test]
async fn the_former_secret_is_erased_after_its_time() {
    let mut town = Town::open().await;
    town.sign_with(NEW_SECRET);
    town.engine
        .replace_keys(&town.channel, new_keys(None, Some(NEW_SECRET)))
        .await
        .unwrap();
    assert_eq!(
        town.kept(&town.channel, "former_app_secret").await.as_deref(),
        Some(SECRET)
    );
    town.engine.stop().await;
    town.watch.move_on(SECRET_OVERLAP + Duration::from_secs(1));
    town.engine = Engine::start(EngineOptions {
        clock: Arc::clone(&town.watch) as Arc<dyn engine::Clock>,
        ..EngineOptions::new(town.folder.path().join("data"), town.vault.clone())
    })
    .await
    .unwrap();
    let erased = async {
        while town.kept(&town.channel, "former_app_secret").await.is_some() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, erased).await.unwrap();
    assert_eq!(
        town.kept(&town.channel, "app_secret").await.as_deref(),
        Some(NEW_SECRET)
    );
    let endpoints = town
        .until("an endpoint with one secret", |r| {
            let endpoints = r.endpoints()?;
            Ok(endpoints
                .iter()
                .all(|e| e.former_until.is_none())
                .then_some(endpoints))
        })
        .await;
    assert_eq!(endpoints.len(), 1);
    town.engine.stop().await;
}

#[tokio::test]
async fn keys_that_are_not_proved_are_named_and_change_nothing() {
    let town = Town::open().await;
    let app = town.meta.app_id(NUMBER).unwrap();
    town.meta
        .add_token(Token::new("EAA-of-no-account", &[]).of_app(&app));
    town.meta.add_token(
        Token::new("EAA-expired", &[WABA])
            .of_app(&app)
            .expires(1_700_000_000),
    );
    for (keys, field, says) in [
        (new_keys(None, Some("somebody else's")), "app_secret", ""),
        (
            new_keys(None, Some("0123456789abcdef")),
            "app_secret",
            "does not belong to the app",
        ),
        (new_keys(Some("EAA-nonsense"), None), "access_token", "not valid"),
        (new_keys(Some("EAA-expired"), None), "access_token", "has expired"),
        (
            new_keys(Some("EAA-of-no-account"), None),
            "access_token",
            "does not reach the number",
        ),
        (new_keys(Some(" "), None), "access_token", "nothing to replace"),
    ] {
        let refused = town.engine.replace_keys(&town.channel, keys).await.unwrap_err();
        assert_eq!(field_of(&refused), Some(field), "{refused}");
        assert!(refused.to_string().contains(says), "{refused}");
    }
    town.meta.fault(Rule::from(Fault::Reset).on_management().always());
    let refused = town
        .engine
        .replace_keys(&town.channel, new_keys(Some(NEW_TOKEN), None))
        .await
        .unwrap_err();
    assert!(
        matches!(refused, CommandError::Unasked(_)),
        "silence is nobody's fault: {refused:?}"
    );
    assert_eq!(
        town.kept(&town.channel, "access_token").await.as_deref(),
        Some(TOKEN)
    );
    assert_eq!(
        town.kept(&town.channel, "app_secret").await.as_deref(),
        Some(SECRET)
    );
    assert_eq!(town.kept(&town.channel, "former_app_secret").await, None);
    town.engine.stop().await;
}

#[tokio::test]
async fn an_exchange_that_was_interrupted_leaves_both_secrets_valid_and_can_be_ended() {
    let town = Town::open().await;
    let second = town.second().await;
    town.sign_with(NEW_SECRET);
    // As after a power cut: the former secret is noted, and one of the two numbers has the new one.
    for channel in [&town.channel, &second] {
        let name = SecretName::new(channel.as_str(), "former_app_secret");
        town.vault.set(&name, &Secret::new(SECRET)).await.unwrap();
    }
    let until = town.engine.now().plus(SECRET_OVERLAP);
    town.engine
        .store()
        .write(move |t| {
            let endpoint = t.read().endpoints()?[0].id;
            t.keep_former_secret(endpoint, Some(until))
        })
        .await
        .unwrap();
    let name = SecretName::new(town.channel.as_str(), "app_secret");
    town.vault.set(&name, &Secret::new(NEW_SECRET)).await.unwrap();
    town.engine.hang_doorplates().await.unwrap();
    town.hear(&ines(), "with the new one").await;
    town.sign_with(SECRET);
    town.hear(&ines(), "with the old one").await;

    town.sign_with(NEW_SECRET);
    town.engine
        .replace_keys(&town.channel, new_keys(None, Some(NEW_SECRET)))
        .await
        .unwrap();
    assert_eq!(
        town.kept(&second, "app_secret").await.as_deref(),
        Some(NEW_SECRET)
    );
    assert_eq!(
        town.kept(&town.channel, "former_app_secret").await.as_deref(),
        Some(SECRET),
        "the former one is not overwritten by the new one"
    );
    town.sign_with(SECRET);
    town.hear(&ines(), "late, with the old one").await;
    town.engine.stop().await;
}

#[tokio::test]
async fn keys_of_another_app_are_refused_while_others_share_the_present_one() {
    let town = Town::open().await;
    let second = town.second().await;
    town.meta
        .add_app(App::new("700000000000777", "Another desk", NEW_SECRET));
    town.meta
        .add_token(Token::new(NEW_TOKEN, &[WABA]).of_app("700000000000777"));
    // The second number has a token of its own, which stays one of the present app.
    let app = town.meta.app_id(NUMBER).unwrap();
    town.meta
        .add_token(Token::new("EAA-of-the-second", &[WABA]).of_app(&app));
    let name = SecretName::new(second.as_str(), "access_token");
    town.vault
        .set(&name, &Secret::new("EAA-of-the-second"))
        .await
        .unwrap();
    let refused = town
        .engine
        .replace_keys(&town.channel, new_keys(Some(NEW_TOKEN), Some(NEW_SECRET)))
        .await
        .unwrap_err();
    assert_eq!(field_of(&refused), Some("app_secret"), "{refused:?}");
    assert!(refused.to_string().contains("another Meta app"), "{refused}");
    assert_eq!(town.kept(&second, "app_secret").await.as_deref(), Some(SECRET));
    town.engine.stop().await;
}

#[tokio::test]
async fn a_new_token_lets_what_waited_go_on_for_all_numbers_that_had_the_old_one() {
    let town = Town::open().await;
    let second = town.second().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let app = town.meta.app_id(NUMBER).unwrap();
    town.meta
        .add_token(Token::new(TOKEN, &[WABA]).of_app(&app).withdrawn(460));
    let waiting = town.say(conversation, "Good morning").await;
    let channel = town.channel.clone();
    town.until("a channel that waits", move |r| {
        let hold = r.channel(&channel)?.hold;
        Ok(hold.filter(|hold| hold.class == HoldClass::Configuration))
    })
    .await;
    town.meta.add_token(Token::new(NEW_TOKEN, &[WABA]).of_app(&app));
    town.engine
        .replace_keys(&town.channel, new_keys(Some(NEW_TOKEN), None))
        .await
        .unwrap();
    town.status(waiting, DeliveryStatus::Accepted).await;
    assert_eq!(
        town.kept(&second, "access_token").await.as_deref(),
        Some(NEW_TOKEN)
    );
    town.engine.stop().await;
}

#[tokio::test]
async fn a_number_that_is_disconnected_leaves_no_secret_and_all_its_conversations() {
    let town = Town::open().await;
    let second = town.second().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let gate = town.meta.hold_next();
    let first = town.say(conversation, "one moment").await;
    tokio::time::timeout(SOON, gate.reached()).await.unwrap();
    let queued = town.say(conversation, "and then").await;
    town.engine.forget_channel(&town.channel).await.unwrap();
    gate.release();
    town.until("the first to be settled", move |r| {
        let status = r.message(first)?.status;
        Ok((status >= DeliveryStatus::Accepted).then_some(status))
    })
    .await;
    for field in ["access_token", "app_secret", "former_app_secret", "verify_token"] {
        assert_eq!(town.kept(&town.channel, field).await, None, "{field}");
    }
    assert_eq!(
        town.meta.callbacks(NUMBER)[0],
        None,
        "Meta does not call here for it any more"
    );
    let unsent = town.status(queued, DeliveryStatus::Failed).await;
    assert!(unsent.failure.unwrap().title.contains("disconnected here"));
    let refused = town
        .engine
        .send_text(conversation, "Too late".to_owned(), None)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("disconnected here"), "{refused}");
    let thread = town
        .engine
        .store()
        .read(move |r| r.thread(conversation, None, 10))
        .await
        .unwrap();
    assert_eq!(thread.len(), 3, "what was said can be read");
    let channels = town.engine.store().read(|r| r.channels()).await.unwrap();
    assert_eq!(channels.len(), 1);
    assert_eq!(channels[0].id, second);
    // The other number of the app goes on hearing; what comes for this one waits.
    town.meta.subscribe_unverified(NUMBER, &town.url);
    let other = town
        .meta
        .customer_writes(SECOND, &omar(), "to the other")
        .unwrap();
    other.1.acknowledged(SOON).await.unwrap();
    let late = town
        .meta
        .customer_writes(NUMBER, &ines(), "still there?")
        .unwrap();
    late.1.acknowledged(SOON).await.unwrap();
    let counts = town.settled().await;
    assert_eq!(counts.unassigned, 1);

    let again = engine::add_channel(
        town.engine.store(),
        &town.vault,
        parsed(&config(&town.meta, NUMBER, SECRET)),
        town.engine.now(),
    )
    .await
    .unwrap();
    assert_eq!(
        again.channel_id, town.channel,
        "it is the same number with the same conversations"
    );
    town.engine.hang_doorplates().await.unwrap();
    town.say(conversation, "Back again").await;
    town.meta
        .wait_until(
            |sends| {
                sends
                    .iter()
                    .any(|send| send.text.as_deref() == Some("Back again"))
            },
            SOON,
        )
        .await
        .unwrap();
    assert!(
        !town.sent().contains(&"and then".to_owned()),
        "nothing old leaves"
    );
    town.engine.stop().await;
    let ids = {
        let store = store::Store::open(&town.folder.path().join("data"), store::Access::Write).unwrap();
        let ids = store
            .read(|r| r.webhook_ids(Some(JournalState::Unassigned)))
            .await
            .unwrap();
        store.close().await;
        ids
    };
    assert_eq!(ids.len(), 1, "kept");
}

#[tokio::test]
async fn a_number_can_be_disconnected_while_the_provider_is_silent() {
    let town = Town::open().await;
    town.meta.fault(Rule::from(Fault::Reset).on_management().always());
    town.engine.forget_channel(&town.channel).await.unwrap();
    assert_eq!(town.kept(&town.channel, "access_token").await, None);
    let channels = town.engine.store().read(|r| r.all_channels()).await.unwrap();
    let title = channels[0].hold.as_ref().unwrap().title.clone().unwrap();
    assert!(title.contains("could not be told"), "{title}");
    // Once more does no harm.
    town.engine.forget_channel(&town.channel).await.unwrap();
    let refused = town
        .engine
        .replace_keys(&town.channel, new_keys(Some(NEW_TOKEN), None))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("Connect it again"), "{refused}");
    let unknown = town.engine.forget_channel(&ChannelId::from("nobody")).await;
    assert!(matches!(unknown, Err(CommandError::Store(_))));
    town.engine.stop().await;
}
