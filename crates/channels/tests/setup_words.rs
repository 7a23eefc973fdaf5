//! Every error of setting a number up ends in a sentence that fits that step.

#![expect(clippy::expect_used, reason = "a test server that cannot start should say so")]

#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs"
)]
mod support;

use channels::whatsapp::errors::Remedy;
use channels::whatsapp::{Account, CallFailure};
use domain::SendClass;
use support::script::{error, json_answer, meta};
use support::{account, graph};

const T: SendClass = SendClass::Transient { tries: 5 };
const R: SendClass = SendClass::NumberRate;
const W: SendClass = SendClass::Wait;
const N: SendClass = SendClass::Never;
const C: SendClass = SendClass::Configuration;

/// Code, finer code, class, button, and a word of the sentence.
const TABLE: &[(i64, Option<i64>, SendClass, Remedy, &str)] = &[
    (0, None, C, Remedy::NewToken, "Make a new one"),
    (1, None, T, Remedy::TryLater, "Try again"),
    (2, None, T, Remedy::TryLater, "out of order"),
    (
        3,
        None,
        C,
        Remedy::GrantPermission,
        "whatsapp_business_management",
    ),
    (4, None, R, Remedy::TryLater, "so many requests"),
    (4, Some(2_446_079), R, Remedy::TryLater, "so many requests"),
    (
        10,
        None,
        C,
        Remedy::GrantPermission,
        "whatsapp_business_management",
    ),
    (33, None, C, Remedy::CheckIds, "phone number id"),
    (100, Some(33), C, Remedy::AssignAccount, "assigned"),
    (101, None, C, Remedy::NewSecret, "id and secret"),
    (102, None, C, Remedy::NewToken, "new one"),
    (104, None, C, Remedy::NewSecret, "app secret"),
    (190, None, C, Remedy::NewToken, "not valid"),
    (190, Some(458), C, Remedy::NewToken, "removed"),
    (190, Some(459), C, Remedy::LogIn, "log in"),
    (190, Some(460), C, Remedy::NewToken, "password"),
    (190, Some(463), C, Remedy::NewToken, "expired"),
    (190, Some(464), C, Remedy::LogIn, "log in"),
    (190, Some(467), C, Remedy::NewToken, "withdrawn"),
    (190, Some(492), C, Remedy::NewToken, "role"),
    (
        200,
        None,
        C,
        Remedy::GrantPermission,
        "whatsapp_business_messaging",
    ),
    (
        299,
        None,
        C,
        Remedy::GrantPermission,
        "whatsapp_business_messaging",
    ),
    (368, None, C, Remedy::OpenAccountQuality, "Account Quality"),
    (613, None, R, Remedy::TryLater, "so many requests"),
    (803, None, C, Remedy::CheckIds, "these ids"),
    (2_200, None, C, Remedy::CheckTunnel, "tunnel"),
    (2_201, None, C, Remedy::CheckTunnel, "tunnel"),
    (80_007, None, R, Remedy::TryLater, "so many requests"),
    (131_000, None, T, Remedy::TryLater, "Nothing was changed"),
    (131_005, None, C, Remedy::GrantPermission, "permission"),
    (131_016, None, T, Remedy::TryLater, "overloaded"),
    (131_031, None, C, Remedy::OpenAccountQuality, "locked"),
    (131_037, None, C, Remedy::OpenManager, "display name"),
    (131_042, None, C, Remedy::RepairPayment, "payment method"),
    (131_045, None, C, Remedy::RegisterNumber, "Register it here"),
    (131_057, None, T, Remedy::TryLater, "maintenance"),
    (133_000, None, W, Remedy::TryLater, "register it again"),
    (133_004, None, T, Remedy::TryLater, "few minutes"),
    (133_005, None, N, Remedy::CheckPin, "PIN"),
    (133_006, None, C, Remedy::VerifyNumber, "verification code"),
    (133_008, None, W, Remedy::TryLater, "wrong too often"),
    (133_009, None, W, Remedy::TryLater, "too fast"),
    (133_010, None, C, Remedy::RegisterNumber, "not registered"),
    (133_015, None, W, Remedy::TryLater, "five minutes"),
    (133_016, None, W, Remedy::TryLater, "three days"),
    (134_011, None, C, Remedy::OpenManager, "terms"),
    (141_006, None, C, Remedy::RepairPayment, "payment method"),
    (2_494_100, None, T, Remedy::TryLater, "setting up"),
];

async fn failure(code: i64, subcode: Option<i64>) -> CallFailure {
    let meta = meta(vec![json_answer(400, &error(code, subcode, None))]).await;
    let shop = Account {
        business_account_id: Some("398700100".to_owned()),
        ..account(&meta.base_url)
    };
    graph().subscribe(&shop).await.expect_err("refused")
}

#[tokio::test]
async fn every_error_of_a_set_up_step_ends_in_its_sentence_and_its_button() {
    for (code, subcode, class, remedy, word) in TABLE {
        let failure = failure(*code, *subcode).await;
        let at = format!("{code}/{subcode:?}: {failure}");
        assert_eq!((failure.code, failure.subcode), (Some(*code), *subcode), "{at}");
        assert_eq!((failure.class, failure.remedy), (*class, *remedy), "{at}");
        assert!(failure.words.contains(word), "{at}");
        assert!(
            failure.words.ends_with('.') && !failure.words.contains("  "),
            "{at}"
        );
        for foreign in [
            "message shows",
            "this message",
            "not sent",
            "customer will not",
            "API",
            "OAuth",
            "HTTP",
            "parameter",
            "endpoint",
        ] {
            assert!(!failure.words.contains(foreign), "{at} says {foreign}");
        }
    }
}

#[tokio::test]
async fn an_error_of_which_only_the_code_is_known_is_a_refusal_that_speaks_of_no_message() {
    for code in [100, 131_009, 987_654, -7] {
        let failure = failure(code, None).await;
        assert!(failure.words.contains("nothing was changed"), "{code}: {failure}");
        assert_eq!(failure.detail.as_deref(), Some("Something"));
    }
}

#[tokio::test]
async fn what_needs_somebody_at_meta_leads_to_a_page_of_meta() {
    for (_, _, _, remedy, _) in TABLE {
        if let Some(link) = remedy.link() {
            let url = url::Url::parse(link).expect("an address");
            let host = url.host_str().unwrap_or_default();
            assert!(
                host.ends_with(".facebook.com") && url.scheme() == "https",
                "{link}"
            );
        }
        assert!(!remedy.as_str().is_empty());
    }
    for remedy in [
        Remedy::NewToken,
        Remedy::NewSecret,
        Remedy::RepairPayment,
        Remedy::GrantPermission,
        Remedy::LogIn,
    ] {
        assert!(remedy.link().is_some(), "{remedy:?}");
    }
    assert_eq!(Remedy::CheckTunnel.link(), None);
}
