//! What the health page says in good and in bad states.

use super::health;
use crate::views::{Finding, Level};
use domain::{
    BotMode, ChannelId, ChannelKind, EndpointId, FREE_REQUESTS, RegistrationStep, StepState, Timestamp,
    TunnelKind,
};
use engine::{
    ChannelHealth, Facts, Health, KnownToken, Obstacle, TroubleClass, TunnelFacts, TunnelPhase, TunnelStatus,
};
use store::{CallTrouble, Channel, ChannelCheck, JournalCounts, Registration, TunnelUsage};
use vault::VaultKind;

const NOW: Timestamp = Timestamp(1_794_312_000_000);
const URL: &str = "https://kiln.ngrok-free.app/hooks/1";
const HOUR: i64 = 3_600_000;

fn channel() -> Channel {
    Channel {
        id: ChannelId::from("c1".to_owned()),
        endpoint_id: EndpointId(1),
        kind: ChannelKind::WhatsappCloud,
        name: "Clay & Kiln".to_owned(),
        mode: Some(BotMode::Off),
        number_id: "512000000000021".to_owned(),
        account_id: None,
        address: None,
        api_url: "https://graph.facebook.com".to_owned(),
        api_version: "v25.0".to_owned(),
        hold: None,
        hold_tries: 0,
        media_hosts: Vec::new(),
        forgotten_at: None,
    }
}

fn good() -> Health {
    let channel_id = channel().id;
    Health {
        issues: Vec::new(),
        receives: true,
        webhook_url: Some("http://127.0.0.1:4000".to_owned()),
        last_webhook_at: Some(Timestamp(NOW.0 - 120_000)),
        waiting: 0,
        journal: JournalCounts::default(),
        has_channels: true,
        tunnel: TunnelFacts {
            kind: TunnelKind::Ngrok,
            by_command_line: false,
            chosen: true,
            status: TunnelStatus {
                phase: TunnelPhase::Online,
                url: Some("https://kiln.ngrok-free.app".to_owned()),
                ..TunnelStatus::off(TunnelKind::Ngrok, Timestamp(NOW.0 - HOUR))
            },
            trouble: None,
            domain: Some("kiln.ngrok-free.app".to_owned()),
            own_url: None,
            listens_at: None,
            usage: TunnelUsage::default(),
            requests_given: Some(FREE_REQUESTS),
        },
        listening_since: Some(Timestamp(NOW.0 - 5 * HOUR)),
        channels: vec![ChannelHealth {
            registration: Some(Registration {
                callback_url: Some(URL.to_owned()),
                step: RegistrationStep::ReadBack,
                state: StepState::Ok,
                done_at: Some(Timestamp(NOW.0 - HOUR)),
                ..Registration::new(channel_id.clone())
            }),
            channel: channel(),
            callback_url: Some(URL.to_owned()),
            check: Some(ChannelCheck {
                channel_id,
                checked_at: Some(NOW),
                facts: None,
                trouble: None,
                tries: 0,
                due_at: NOW,
            }),
            facts: Facts {
                status: Some("CONNECTED".to_owned()),
                callback: Some(URL.to_owned()),
                token: Some(KnownToken {
                    valid: true,
                    endless: true,
                    ..KnownToken::default()
                }),
                skew: Some(1),
                version: Some("v25.0".to_owned()),
                ..Facts::default()
            },
        }],
        vault: VaultKind::Keychain,
        vault_trouble: None,
        disk_free: Some(50_000_000_000),
        last_failed: None,
        assistant: BotMode::Shadow,
        now: NOW,
    }
}

fn trouble(code: Option<i64>, words: &str) -> CallTrouble {
    CallTrouble {
        code,
        subcode: None,
        words: words.to_owned(),
        detail: None,
    }
}

#[test]
fn in_good_state_everything_is_said_to_be_well_and_nothing_is_asked_for() {
    let view = health(&good());
    assert_eq!(view.level, Level::Ok, "{view:#?}");
    assert!(
        view.findings.iter().all(|finding| finding.action.is_none()),
        "{view:#?}"
    );
    for topic in [
        "webhook", "tunnel", "callback", "token", "number", "vault", "storage", "clock", "model",
    ] {
        assert!(
            view.findings.iter().any(|finding| finding.topic == topic),
            "{topic}: {view:#?}"
        );
    }
}

/// Spoils the good state, and names the first finding: topic, level, some of its words, and its button.
type Case = (
    fn(&mut Health),
    &'static str,
    Level,
    &'static str,
    Option<&'static str>,
);

fn stopped(health: &mut Health) {
    health.tunnel.status.phase = TunnelPhase::Stopped;
    health.channels[0].callback_url = None;
    health.tunnel.status.trouble = Some(engine::TunnelTrouble {
        code: Some("ERR_NGROK_107".to_owned()),
        class: TroubleClass::Permanent,
        words: "ngrok does not know this authtoken.".to_owned(),
        link: None,
        detail: None,
    });
}

const CASES: &[Case] = &[
    (
        stopped,
        "tunnel",
        Level::Bad,
        "does not know this authtoken",
        Some("tunnel_settings"),
    ),
    (
        |health| {
            health.tunnel.status.phase = TunnelPhase::Waiting;
            health.channels[0].callback_url = None;
        },
        "tunnel",
        Level::Bad,
        "do not reach this computer",
        Some("retry_tunnel"),
    ),
    (
        |health| health.tunnel.trouble = Some("The keychain is locked.".to_owned()),
        "tunnel",
        Level::Bad,
        "keychain is locked",
        Some("tunnel_settings"),
    ),
    (
        |health| {
            health.tunnel.kind = TunnelKind::None;
            health.tunnel.status = TunnelStatus::off(TunnelKind::None, NOW);
            health.channels[0].callback_url = None;
            health.last_webhook_at = None;
        },
        "tunnel",
        Level::Bad,
        "no tunnel is chosen",
        Some("tunnel_settings"),
    ),
    (
        |health| health.tunnel.usage.requests = 14_000,
        "tunnel",
        Level::Warn,
        "70 % of the requests",
        Some("tunnel_settings"),
    ),
    (
        |health| health.tunnel.usage.bytes = 950_000_000,
        "tunnel",
        Level::Warn,
        "95 % of the data",
        Some("tunnel_settings"),
    ),
    (
        |health| health.channels[0].facts.callback = Some("https://elsewhere.example".to_owned()),
        "callback",
        Level::Bad,
        "another program's address",
        Some("register_webhook"),
    ),
    (
        |health| {
            let known = health.channels[0].registration.as_mut().unwrap();
            known.done_at = None;
            known.state = StepState::Failed;
            known.trouble = Some(trouble(Some(190), "The access token is not valid."));
        },
        "callback",
        Level::Bad,
        "The access token is not valid.",
        Some("replace_keys"),
    ),
    (
        |health| {
            health.channels[0].facts.token = Some(KnownToken {
                valid: true,
                ends: Some(NOW.0 + 72 * HOUR),
                ..KnownToken::default()
            });
        },
        "token",
        Level::Warn,
        "stops working on",
        Some("replace_keys"),
    ),
    (
        |health| {
            health.channels[0].check.as_mut().unwrap().trouble =
                Some(trouble(Some(190), "The token was withdrawn."));
        },
        "token",
        Level::Bad,
        "The token was withdrawn.",
        Some("replace_keys"),
    ),
    (
        |health| {
            health.channels[0].check.as_mut().unwrap().trouble =
                Some(trouble(None, "WhatsApp did not answer within five seconds."));
        },
        "number",
        Level::Warn,
        "did not answer",
        Some("check_channel"),
    ),
    (
        |health| health.channels[0].facts.quality = Some("RED".to_owned()),
        "number",
        Level::Warn,
        "quality of this number is low",
        Some("open_page"),
    ),
    (
        |health| {
            health.channels[0].facts.can_send = Some("BLOCKED".to_owned());
            health.channels[0].facts.obstacles = vec![Obstacle {
                entity: Some("WABA".to_owned()),
                code: Some(141_006),
                description: None,
                solution: None,
            }];
        },
        "payment",
        Level::Bad,
        "payment method",
        Some("open_page"),
    ),
    (
        |health| health.disk_free = Some(150_000_000),
        "storage",
        Level::Bad,
        "Only 150 MB are free",
        Some("look_again"),
    ),
    (
        |health| health.channels[0].facts.skew = Some(-300),
        "clock",
        Level::Warn,
        "5 minutes behind",
        Some("look_again"),
    ),
    (
        |health| health.channels[0].facts.version = Some("v26.0".to_owned()),
        "version",
        Level::Warn,
        "v25.0 is gone",
        None,
    ),
];

#[test]
fn each_trouble_is_the_first_sentence_with_its_own_button() {
    for (spoil, topic, level, words, button) in CASES {
        let mut state = good();
        spoil(&mut state);
        let view = health(&state);
        assert_eq!(view.level, *level, "{words}: {view:#?}");
        let first: &Finding = view.findings.first().unwrap();
        assert_eq!((first.topic, first.level), (*topic, *level), "{words}: {view:#?}");
        assert!(first.sentence.contains(words), "{words}: {first:?}");
        let kind = first.action.as_ref().map(|action| action.kind);
        assert_eq!(kind, *button, "{words}: {first:?}");
    }
}

#[test]
fn who_cannot_be_reached_is_not_said_to_listen() {
    let mut state = good();
    stopped(&mut state);
    let view = health(&state);
    assert!(
        view.findings
            .iter()
            .all(|finding| !finding.sentence.starts_with("Listening")),
        "{view:#?}"
    );
}

#[test]
fn a_sentence_ends_once_and_each_finding_has_a_known_topic_and_button() {
    let mut states = vec![good()];
    states.extend(CASES.iter().map(|(spoil, ..)| {
        let mut state = good();
        spoil(&mut state);
        state
    }));
    for state in states {
        for finding in health(&state).findings {
            assert!(
                finding.sentence.ends_with('.') && !finding.sentence.ends_with(".."),
                "{finding:?}"
            );
            assert!(crate::views::TOPICS.contains(&finding.topic), "{finding:?}");
            if let Some(action) = &finding.action {
                assert!(crate::views::ACTIONS.contains(&action.kind), "{finding:?}");
            }
        }
    }
}

#[test]
fn who_brings_webhooks_on_a_way_of_their_own_is_not_told_that_nothing_comes() {
    let mut own = good();
    own.tunnel.kind = TunnelKind::None;
    own.tunnel.chosen = false;
    own.tunnel.status = TunnelStatus::off(TunnelKind::None, NOW);
    own.channels[0].callback_url = None;
    own.channels[0].registration = None;
    assert_eq!(health(&own).level, Level::Ok, "{:#?}", health(&own));
    // A quiet weekend is worth a look, no alarm.
    own.last_webhook_at = Some(Timestamp(NOW.0 - 60 * HOUR));
    assert_eq!(health(&own).level, Level::Warn, "{:#?}", health(&own));
    own.last_webhook_at = None;
    assert_eq!(health(&own).level, Level::Bad, "{:#?}", health(&own));
}

#[test]
fn a_token_that_may_not_register_is_no_alarm_while_messages_come_in() {
    let mut known = good();
    let registration = known.channels[0].registration.as_mut().unwrap();
    registration.done_at = None;
    registration.state = StepState::Failed;
    registration.step = RegistrationStep::Subscribe;
    registration.trouble = Some(trouble(Some(200), "The token lacks a permission."));
    let said = |health_: &Health| {
        let view = health(health_);
        let found = view.findings.iter().find(|finding| finding.topic == "callback");
        found
            .map(|finding| (finding.level, finding.sentence.clone()))
            .unwrap()
    };
    let (level, sentence) = said(&known);
    assert!(
        level == Level::Warn && sentence.contains("messages come in"),
        "{sentence}"
    );
    known.last_webhook_at = None;
    let (level, sentence) = said(&known);
    assert!(
        level == Level::Bad && sentence.contains("does not bring messages here"),
        "{sentence}"
    );
}

#[test]
fn with_an_address_of_ones_own_nobody_is_told_that_the_call_from_inside_worked() {
    let mut health = good();
    let known = health.channels[0].registration.clone();
    let own_call = |tunnel: &TunnelFacts| {
        let steps = super::registration::steps(known.as_ref(), tunnel, NOW);
        let step = steps.into_iter().find(|step| step.step == "own_call");
        step.and_then(|step| step.words).unwrap_or_default()
    };
    assert!(own_call(&health.tunnel).contains("reached ourselves"));
    health.tunnel.kind = TunnelKind::Url;
    health.tunnel.status.kind = TunnelKind::Url;
    let words = own_call(&health.tunnel);
    assert!(words.contains("WhatsApp's call decides"), "{words}");
}

#[test]
fn the_use_of_a_free_plan_is_told_in_numbers_a_person_reads_and_only_for_ngrok() {
    let mut known = good();
    known.tunnel.usage.requests = 4_210;
    let (level, sentence) = super::tunnel::usage(&known.tunnel).unwrap();
    assert_eq!(level, Level::Ok);
    assert!(sentence.starts_with("4,210 of the 20,000 requests"), "{sentence}");
    known.tunnel.kind = TunnelKind::Url;
    assert_eq!(super::tunnel::usage(&known.tunnel), None);
}

#[test]
fn what_the_assistant_may_do_is_told_and_settings_that_cannot_be_read_are_a_trouble() {
    let mut known = good();
    let of_model = |known: &Health| {
        let view = health(known);
        let mut told = view
            .findings
            .into_iter()
            .filter(|finding| finding.topic == "model");
        told.next().map(|finding| (finding.level, finding.sentence))
    };
    let (level, sentence) = of_model(&known).unwrap();
    assert_eq!(level, Level::Ok);
    assert!(sentence.contains("drafts"), "{sentence}");
    known.issues.push(engine::Issue {
        topic: engine::Topic::AssistantUnreadable("The assistant's settings cannot be read.".to_owned()),
        severity: engine::Severity::Bad,
    });
    let (level, sentence) = of_model(&known).unwrap();
    assert_eq!(level, Level::Bad);
    assert_eq!(sentence, "The assistant's settings cannot be read.");
}
