//! The set-up of a number, from nothing to a delivered reply, against a simulated Meta over real HTTP.

mod credentials;
mod number;

use crate::town::SOON;
use domain::{BotMode, DeliveryStatus, RegistrationStep, SetupPage, StepState, TunnelKind};
use engine::{CommandError, Engine, EngineOptions, Entered, NewTunnel, Proved, Setup};
use proptest::prelude::any;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use simulator::{
    Account, App, Customer, Fault, Health, Meta, Number, Page, Rule, Standing, Status, StatusPlan, Token,
};
use std::path::PathBuf;
use std::time::Duration;
use store::ConversationFilter;
use tempfile::TempDir;
use vault::{Secret, SecretName, Vault};

const WABA: &str = "398000000000021";
const OTHER_WABA: &str = "398000000000022";
const NUMBER: &str = "512000000000021";
const SECOND: &str = "512000000000022";
const FOREIGN: &str = "512000000000023";
const APP: &str = "700000000000021";
const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";
const TOKEN: &str = "EAAKilnTokenThatNeverEnds0001";
const PIN: &str = "135790";

/// A business at Meta, and an engine that knows nothing of it.
pub(crate) struct Workshop {
    pub(crate) meta: Meta,
    pub(crate) engine: Engine,
    pub(crate) vault: Vault,
    folder: TempDir,
}

fn number(id: &str, waba: &str, phone: &str, token: &str) -> Number {
    Number::new(id, waba, phone, token, APP_SECRET).of_app(APP)
}

fn keys(token: &str, secret: &str) -> Entered {
    Entered {
        access_token: Some(Secret::new(token)),
        app_secret: Some(Secret::new(secret)),
        app_id: None,
    }
}

fn customer() -> Customer {
    Customer::phone("Inês", "447700900222")
}

impl Workshop {
    pub(crate) async fn open() -> Self {
        Self::with(Vault::memory()).await
    }

    async fn with(vault: Vault) -> Self {
        let meta = Meta::start().await.unwrap();
        meta.set_statuses(
            StatusPlan::none()
                .then(Duration::ZERO, Status::Sent)
                .then(Duration::ZERO, Status::Delivered),
        );
        meta.add_app(App::new(APP, "Kiln desk", APP_SECRET));
        meta.set_account(Account::new(WABA, "Kiln & Co"));
        meta.add_number(number(NUMBER, WABA, "+447700900121", "token of nobody"));
        meta.add_number(number(SECOND, WABA, "+447700900122", "token of nobody"));
        meta.add_number(number(
            FOREIGN,
            OTHER_WABA,
            "+447700900123",
            "token of a stranger",
        ));
        meta.add_token(Token::new(TOKEN, &[WABA]).of_app(APP));
        let folder = tempfile::tempdir().unwrap();
        let engine = start(&meta, &folder, &vault).await;
        Self {
            meta,
            engine,
            vault,
            folder,
        }
    }

    async fn restart(&mut self) {
        self.engine.stop().await;
        self.engine = start(&self.meta, &self.folder, &self.vault).await;
    }

    /// The internet reaches this computer: in tests, this computer does.
    async fn open_tunnel(&self) {
        let url = self.engine.webhook_url().unwrap();
        self.engine
            .save_tunnel(NewTunnel {
                kind: TunnelKind::Url,
                authtoken: None,
                domain: None,
                url: Some(url),
                tunnel_token: None,
                port: None,
                lan: None,
            })
            .await
            .unwrap();
    }

    /// Comes as far as to a chosen number.
    async fn choose(&self) -> Setup {
        self.engine.begin_setup().await.unwrap();
        self.engine
            .setup_credentials(keys(TOKEN, APP_SECRET))
            .await
            .unwrap();
        self.engine.setup_number(WABA, NUMBER).await.unwrap()
    }

    /// Asks again, at the latest after every change, until there is an answer.
    async fn until(&self, what: &str, is: impl Fn(&Setup) -> bool) -> Setup {
        let mut changes = self.engine.store().changes();
        let asking = async {
            loop {
                let setup = self.engine.setup().await.unwrap();
                if is(&setup) {
                    return setup;
                }
                drop(tokio::time::timeout(Duration::from_millis(20), changes.recv()).await);
            }
        };
        tokio::time::timeout(SOON, asking)
            .await
            .unwrap_or_else(|_| panic!("it did not come to: {what}"))
    }

    async fn connected(&self) -> Setup {
        self.open_tunnel().await;
        self.choose().await;
        self.engine.connect_setup().await.unwrap();
        self.until("a connected number", Setup::is_connected).await
    }

    async fn secret(&self, owner: &str, field: &str) -> Option<String> {
        let secret = self.vault.get(&SecretName::new(owner, field)).await.unwrap();
        secret.map(|secret| secret.expose().to_owned())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Whether a text stands in any file of the database.
    fn is_on_disk(&self, text: &str) -> bool {
        std::fs::read_dir(self.data()).unwrap().any(|entry| {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
            bytes.windows(text.len()).any(|part| part == text.as_bytes())
        })
    }
}

async fn start(meta: &Meta, folder: &TempDir, vault: &Vault) -> Engine {
    Engine::start(EngineOptions {
        graph_url: Some(meta.graph_url().to_owned()),
        ..EngineOptions::new(folder.path().join("data"), vault.clone())
    })
    .await
    .unwrap()
}

fn proof(setup: &Setup, of: Proved) -> (StepState, String) {
    let proof = setup.state.proofs.iter().find(|proof| proof.of == of).unwrap();
    (proof.state, proof.words.clone().unwrap_or_default())
}

fn states(setup: &Setup) -> [StepState; 4] {
    [
        Proved::AccessToken,
        Proved::AppSecret,
        Proved::AppId,
        Proved::Permissions,
    ]
    .map(|of| proof(setup, of).0)
}

fn field_of(error: &CommandError) -> Option<&str> {
    match error {
        CommandError::Misfit { field, .. } => Some(field),
        _ => None,
    }
}

#[tokio::test]
async fn a_number_is_set_up_from_nothing_to_a_delivered_reply() {
    let shop = Workshop::open().await;
    let engine = &shop.engine;
    assert!(!engine.setup().await.unwrap().begun);
    let setup = engine.begin_setup().await.unwrap();
    assert_eq!(
        (setup.begun, setup.state.page, setup.furthest()),
        (true, SetupPage::Intro, SetupPage::Credentials)
    );

    let setup = engine.setup_credentials(keys(TOKEN, APP_SECRET)).await.unwrap();
    assert_eq!(states(&setup), [StepState::Ok; 4]);
    assert_eq!(setup.state.page, SetupPage::Number);
    assert_eq!(setup.state.app_id.as_deref(), Some(APP));
    assert_eq!(setup.state.app_name.as_deref(), Some("Kiln desk"));
    assert!(
        setup
            .state
            .token
            .as_ref()
            .is_some_and(|token| token.valid && token.endless)
    );
    let [account] = setup.state.accounts.as_slice() else {
        panic!("{:?}", setup.state.accounts)
    };
    assert_eq!(account.numbers.len(), 2);
    assert_eq!(setup.secrets[0].last4.as_deref(), Some("0001"));

    let setup = engine.setup_number(WABA, NUMBER).await.unwrap();
    assert_eq!(setup.state.page, SetupPage::Tunnel);
    shop.open_tunnel().await;
    engine.connect_setup().await.unwrap();
    let setup = shop.until("the end of the chain", Setup::is_connected).await;
    assert_eq!(setup.furthest(), SetupPage::Mode);
    let channel = setup.channel().unwrap().clone();
    assert_eq!(channel.mode, Some(BotMode::Off), "off until the last page");
    assert_eq!(channel.name, "Simulated shop");
    assert!(shop.meta.is_subscribed(NUMBER));
    let [own, _, _] = shop.meta.callbacks(NUMBER);
    assert!(setup.is_ours(&own.unwrap()));
    for field in ["access_token", "app_secret"] {
        assert_eq!(shop.secret("setup", field).await, None, "it is the channel's now");
    }
    assert_eq!(
        shop.secret(channel.id.as_str(), "access_token").await.as_deref(),
        Some(TOKEN)
    );

    engine.setup_page(SetupPage::Hello).await.unwrap();
    assert!(setup.heard.is_none());
    shop.meta.customer_writes(NUMBER, &customer(), "hi").unwrap();
    let setup = shop.until("a hello", |setup| setup.heard.is_some()).await;
    let heard = setup.heard.unwrap();
    assert_eq!(heard.message.text.as_deref(), Some("hi"));
    assert_eq!(heard.conversation.contact_name.as_deref(), Some("Inês"));
    engine.test_reply(None).await.unwrap();
    engine.test_reply(None).await.unwrap();
    let delivered = |setup: &Setup| {
        let status = setup.reply.as_ref().map(|reply| reply.status);
        matches!(status, Some(DeliveryStatus::Delivered | DeliveryStatus::Read))
    };
    shop.until("a delivered reply", delivered).await;
    assert_eq!(shop.meta.sends().len(), 1, "pressed twice, sent once");

    let done = engine.finish_setup(BotMode::Shadow).await.unwrap();
    assert_eq!((done.begun, done.mode), (false, Some(BotMode::Shadow)));
    assert!(
        done.heard.is_some() && done.reply.is_some(),
        "the answer tells what was done"
    );
    assert!(!engine.setup().await.unwrap().begun);
    let channels = engine.store().read(|r| r.channels()).await.unwrap();
    assert_eq!(channels[0].mode, Some(BotMode::Shadow));
    engine.stop().await;
    assert!(!shop.is_on_disk(TOKEN) && !shop.is_on_disk(APP_SECRET));
}

#[tokio::test]
async fn a_set_up_is_gone_on_with_after_a_restart_on_every_page() {
    let mut shop = Workshop::open().await;
    shop.engine.begin_setup().await.unwrap();
    let mut step = 0;
    loop {
        let before = shop.engine.setup().await.unwrap();
        shop.restart().await;
        let after = shop.engine.setup().await.unwrap();
        assert!(after.begun);
        assert_eq!(
            (&after.state, &after.secrets, after.furthest()),
            (&before.state, &before.secrets, before.furthest()),
            "after step {step}"
        );
        let engine = &shop.engine;
        match step {
            0 => {
                engine.setup_credentials(keys(TOKEN, APP_SECRET)).await.unwrap();
            }
            1 => {
                engine.setup_number(WABA, NUMBER).await.unwrap();
            }
            2 => {
                let setup = engine.connect_setup().await.unwrap();
                let at = setup.registration.unwrap();
                assert_eq!(
                    (at.step, at.state),
                    (RegistrationStep::Tunnel, StepState::Waiting),
                    "there is no tunnel yet"
                );
                assert!(at.trouble.is_some());
            }
            3 => {
                shop.open_tunnel().await;
                engine.connect_setup().await.unwrap();
                shop.until("a connected number", Setup::is_connected).await;
                shop.engine.setup_page(SetupPage::Hello).await.unwrap();
            }
            4 => {
                // The port is another one after a start; the owner's forwarding follows it.
                shop.open_tunnel().await;
                let [callback, ..] = shop.meta.callbacks(NUMBER);
                let path = callback.unwrap().split_once("/hooks").unwrap().1.to_owned();
                let url = format!("{}/hooks{path}", engine.webhook_url().unwrap());
                let moved = async {
                    while shop.meta.callbacks(NUMBER)[0].as_deref() != Some(url.as_str()) {
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                };
                tokio::time::timeout(SOON, moved).await.unwrap();
                shop.meta.customer_writes(NUMBER, &customer(), "hi").unwrap();
                shop.until("a hello", |setup| setup.heard.is_some()).await;
            }
            5 => {
                engine.test_reply(Some("It works".to_owned())).await.unwrap();
                shop.until("a sent reply", |setup| {
                    let status = setup.reply.as_ref().map(|reply| reply.status);
                    status.is_some_and(|status| status >= DeliveryStatus::Accepted)
                })
                .await;
                shop.engine.setup_page(SetupPage::Mode).await.unwrap();
            }
            _ => break,
        }
        step += 1;
    }
    shop.engine.finish_setup(BotMode::Bot).await.unwrap();
    shop.restart().await;
    assert!(!shop.engine.setup().await.unwrap().begun);
    shop.engine.stop().await;
}

#[tokio::test]
async fn pages_lead_back_to_all_and_forward_as_far_as_was_reached() {
    let shop = Workshop::open().await;
    let refused = shop.engine.setup_page(SetupPage::Intro).await.unwrap_err();
    assert!(refused.to_string().contains("No set-up was begun"), "{refused}");
    shop.choose().await;
    for page in [
        SetupPage::Intro,
        SetupPage::Credentials,
        SetupPage::Number,
        SetupPage::Tunnel,
    ] {
        let setup = shop.engine.setup_page(page).await.unwrap();
        assert_eq!((setup.state.page, setup.furthest()), (page, SetupPage::Connect));
    }
    for page in [SetupPage::Hello, SetupPage::Mode] {
        assert!(shop.engine.setup_page(page).await.is_err());
    }
    let refused = shop.engine.finish_setup(BotMode::Bot).await.unwrap_err();
    assert!(
        refused.to_string().contains("No number is connected"),
        "{refused}"
    );
    let refused = shop.engine.test_reply(None).await.unwrap_err();
    assert!(refused.to_string().contains("Nobody has written"), "{refused}");
    shop.engine.connect_setup().await.unwrap();
    let refused = shop.engine.finish_setup(BotMode::Bot).await.unwrap_err();
    assert!(
        refused.to_string().contains("does not bring messages here yet"),
        "{refused}"
    );
    let done = shop.engine.finish_setup(BotMode::Off).await.unwrap();
    assert_eq!(
        done.mode,
        Some(BotMode::Off),
        "testing can wait while the assistant is off"
    );
    shop.engine.stop().await;
}

#[tokio::test]
async fn new_keys_are_connected_before_the_set_up_can_end() {
    let shop = Workshop::open().await;
    shop.connected().await;
    shop.engine.setup_page(SetupPage::Mode).await.unwrap();
    let anew = "EAA-token-of-the-kiln-anew";
    shop.meta.add_token(Token::new(anew, &[WABA]).of_app(APP));
    let setup = shop
        .engine
        .setup_credentials(keys(anew, APP_SECRET))
        .await
        .unwrap();
    assert_eq!(setup.furthest(), SetupPage::Connect);
    assert!(!setup.is_connected());
    let refused = shop.engine.finish_setup(BotMode::Bot).await.unwrap_err();
    assert!(refused.to_string().contains("entered anew"), "{refused}");
    shop.engine.connect_setup().await.unwrap();
    let setup = shop.until("a connected number", Setup::is_connected).await;
    assert_eq!(setup.furthest(), SetupPage::Mode);
    let channel = setup.channel().unwrap().id.clone();
    shop.engine.finish_setup(BotMode::Bot).await.unwrap();
    assert_eq!(
        shop.secret(channel.as_str(), "access_token").await.as_deref(),
        Some(anew)
    );
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_number_that_is_connected_keeps_its_mode_until_a_set_up_ends() {
    let shop = Workshop::open().await;
    shop.connected().await;
    shop.engine.finish_setup(BotMode::Bot).await.unwrap();
    shop.choose().await;
    let setup = shop.engine.connect_setup().await.unwrap();
    assert_eq!(setup.channel().unwrap().mode, Some(BotMode::Bot));
    shop.engine.cancel_setup().await.unwrap();
    let channels = shop.engine.store().read(|r| r.channels()).await.unwrap();
    assert_eq!(channels[0].mode, Some(BotMode::Bot));
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_set_up_that_is_given_up_leaves_no_secret_behind() {
    let shop = Workshop::open().await;
    shop.choose().await;
    assert_eq!(shop.secret("setup", "access_token").await.as_deref(), Some(TOKEN));
    shop.engine.cancel_setup().await.unwrap();
    assert_eq!(shop.secret("setup", "access_token").await, None);
    assert_eq!(shop.secret("setup", "app_secret").await, None);
    assert!(!shop.engine.setup().await.unwrap().begun);
    let setup = shop.engine.begin_setup().await.unwrap();
    assert!(setup.secrets.iter().all(|secret| secret.set == Some(false)));

    let connected = shop.connected().await.channel().unwrap().id.clone();
    shop.engine.cancel_setup().await.unwrap();
    let channels = shop.engine.store().read(|r| r.channels()).await.unwrap();
    assert_eq!(channels[0].id, connected, "a channel that was made stays");
    assert_eq!(
        shop.secret(connected.as_str(), "access_token").await.as_deref(),
        Some(TOKEN)
    );
    shop.engine.stop().await;
}

#[tokio::test]
async fn what_came_for_a_number_before_it_was_connected_finds_its_place() {
    let shop = Workshop::open().await;
    let first = shop.connected().await;
    let [callback, ..] = shop.meta.callbacks(NUMBER);
    // The other number of the app has the same address already.
    shop.meta.subscribe_unverified(SECOND, &callback.unwrap());
    shop.meta
        .customer_writes(SECOND, &customer(), "Is anybody there?")
        .unwrap();
    shop.meta.quiet(SOON).await.unwrap();
    shop.engine.finish_setup(BotMode::Off).await.unwrap();

    shop.engine.begin_setup().await.unwrap();
    shop.engine
        .setup_credentials(keys(TOKEN, APP_SECRET))
        .await
        .unwrap();
    shop.engine.setup_number(WABA, SECOND).await.unwrap();
    shop.engine.connect_setup().await.unwrap();
    let setup = shop.until("a second number", Setup::is_connected).await;
    let second = setup.channel().unwrap().clone();
    assert_eq!(second.endpoint_id, first.channel().unwrap().endpoint_id);
    let filter = ConversationFilter {
        channel_id: Some(second.id),
        ..ConversationFilter::default()
    };
    let heard = async {
        loop {
            let filter = filter.clone();
            let rows = shop
                .engine
                .store()
                .read(move |r| r.conversations(&filter, None, 10))
                .await;
            if rows.unwrap().len() == 1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, heard).await.unwrap();
    assert!(
        shop.engine.setup().await.unwrap().heard.is_none(),
        "what came before proves nothing about now"
    );
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_vault_that_does_not_open_loses_nothing_that_was_entered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets.sealed");
    let passphrase = || Secret::new("four words are enough");
    let vault = Vault::sealed_file(path.clone(), passphrase()).await.unwrap();
    let mut shop = Workshop::with(vault).await;
    shop.choose().await;
    shop.vault = Vault::sealed_file_later(path);
    shop.restart().await;
    let setup = shop.engine.setup().await.unwrap();
    assert_eq!(
        setup.secrets[0].set,
        Some(true),
        "it is there, it only cannot be read"
    );
    assert_eq!(setup.secrets[0].last4, None);
    for refused in [
        shop.engine
            .setup_credentials(keys("EAAother00000000", APP_SECRET))
            .await,
        shop.engine.setup_number(WABA, NUMBER).await,
        shop.engine.connect_setup().await,
    ] {
        let refused = refused.unwrap_err();
        assert!(matches!(refused, CommandError::Secrets(_)), "{refused:?}");
    }
    assert!(
        shop.engine.cancel_setup().await.is_err(),
        "its secrets would stay behind"
    );
    shop.engine.unlock_vault(Some(passphrase())).await.unwrap();
    assert_eq!(shop.secret("setup", "access_token").await.as_deref(), Some(TOKEN));
    let setup = shop.engine.setup().await.unwrap();
    assert_eq!(setup.secrets[0].last4.as_deref(), Some("0001"));
    shop.engine.setup_number(WABA, NUMBER).await.unwrap();
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_set_up_this_version_cannot_read_begins_anew() {
    let shop = Workshop::open().await;
    for odd in ["", "no JSON", r#"{"page":"beyond"}"#, r#"{"proofs":7}"#] {
        let text = odd.to_owned();
        shop.engine
            .store()
            .write(move |t| t.set_setting("setup", &text))
            .await
            .unwrap();
        assert!(!shop.engine.setup().await.unwrap().begun, "{odd}");
        assert!(shop.engine.begin_setup().await.unwrap().begun, "{odd}");
    }
    shop.engine.stop().await;
}
