//! What Meta's codes mean while a number is set up or looked after (whatsapp-cloud-api, section 8.2). The words of
//! `error_table` are about messages.

use super::errors::{Advice, Remedy};
use domain::SendClass;

const T: SendClass = SendClass::Transient { tries: 5 };
const R: SendClass = SendClass::NumberRate;
const W: SendClass = SendClass::Wait;
const N: SendClass = SendClass::Never;
const C: SendClass = SendClass::Configuration;

/// One line: the codes from first to last, with a subcode or without.
struct Line {
    first: i64,
    last: i64,
    subcode: Option<i64>,
    class: SendClass,
    remedy: Remedy,
    words: &'static str,
}

const fn line(code: i64, class: SendClass, remedy: Remedy, words: &'static str) -> Line {
    range(code, code, class, remedy, words)
}

const fn range(first: i64, last: i64, class: SendClass, remedy: Remedy, words: &'static str) -> Line {
    Line {
        first,
        last,
        subcode: None,
        class,
        remedy,
        words,
    }
}

const fn finer(code: i64, subcode: i64, class: SendClass, remedy: Remedy, words: &'static str) -> Line {
    Line {
        subcode: Some(subcode),
        ..line(code, class, remedy, words)
    }
}

const PERMISSION: &str = "The access token lacks a permission. In Meta's business settings, give the token's user \
     whatsapp_business_management and whatsapp_business_messaging, make a new token with both, and paste it here.";
const WAIT_FOR_ALLOWANCE: &str = "WhatsApp allows only so many requests an hour and they are used up. Nothing is wrong; wait a little and try \
     again. Messages are not affected.";
const SIGN_IN: &str = "Meta wants the owner of the access token to log in and pass a check. Log in at facebook.com, then make a new \
     token and paste it here.";
const PAYMENT: &str = "WhatsApp has a problem with the payment method of this account, so nothing is sent. Add or repair the payment \
     method in Meta's billing settings.";

pub(super) const NOT_SUBSCRIBED: &str = "Deskbell's address was refused because the Meta app is not connected to this WhatsApp account yet. Try again: \
     Deskbell connects it first.";
pub(super) const WRONG_SECRET: &str = "The app secret does not belong to the app of this access token. Copy the secret again from App settings, Basic, \
     of that app at developers.facebook.com.";
const FOREIGN_TOKEN: &str = "The access token belongs to another Meta app. Make a token for this app, or write the id and the secret of the \
     token's app here.";

const TABLE: &[Line] = &[
    line(
        0,
        C,
        Remedy::NewToken,
        "WhatsApp does not accept this access token. Make a new one and paste it here.",
    ),
    line(
        1,
        T,
        Remedy::TryLater,
        "WhatsApp could not handle the request and did not say why. Try again in a moment.",
    ),
    line(
        2,
        T,
        Remedy::TryLater,
        "WhatsApp is out of order for the moment. Nothing is wrong here; try again in a few minutes.",
    ),
    line(3, C, Remedy::GrantPermission, PERMISSION),
    line(4, R, Remedy::TryLater, WAIT_FOR_ALLOWANCE),
    line(10, C, Remedy::GrantPermission, PERMISSION),
    line(17, R, Remedy::TryLater, WAIT_FOR_ALLOWANCE),
    line(
        33,
        C,
        Remedy::CheckIds,
        "WhatsApp does not know this id any more. Check the phone number id and the id of the WhatsApp account.",
    ),
    finer(
        100,
        33,
        C,
        Remedy::AssignAccount,
        "WhatsApp does not show this to the access token: the phone number id or the account id is wrong, or the \
         token's user is not assigned to this WhatsApp account. Check the ids, and give the user the app and the \
         account with full control in Meta's business settings.",
    ),
    line(
        101,
        C,
        Remedy::NewSecret,
        "Meta does not know an app with this id and secret. Copy both again from App settings, Basic, of the app at \
         developers.facebook.com.",
    ),
    line(
        102,
        C,
        Remedy::NewToken,
        "Meta does not accept this access token. Make a new one and paste it here.",
    ),
    line(104, C, Remedy::NewSecret, WRONG_SECRET),
    line(
        190,
        C,
        Remedy::NewToken,
        "The access token is not valid: it was copied incompletely, withdrawn, or never was one. Make a new token and \
         paste it here.",
    ),
    finer(
        190,
        458,
        C,
        Remedy::NewToken,
        "The Meta app was removed from the account that made the access token. Add the app again, make a new token and \
         paste it here.",
    ),
    finer(190, 459, C, Remedy::LogIn, SIGN_IN),
    finer(
        190,
        460,
        C,
        Remedy::NewToken,
        "The password of the token's owner was changed, which ended the access token. Make a new token and paste it \
         here; one of a system user does not end this way.",
    ),
    finer(
        190,
        463,
        C,
        Remedy::NewToken,
        "The access token has expired. Make one of a system user that never expires, and paste it here.",
    ),
    finer(190, 464, C, Remedy::LogIn, SIGN_IN),
    finer(
        190,
        467,
        C,
        Remedy::NewToken,
        "The access token was withdrawn. Make a new token and paste it here.",
    ),
    finer(
        190,
        492,
        C,
        Remedy::NewToken,
        "The owner of the access token has lost the role the token needs. Give the role back in Meta's business \
         settings, or paste a token of another user.",
    ),
    range(200, 299, C, Remedy::GrantPermission, PERMISSION),
    line(
        368,
        C,
        Remedy::OpenAccountQuality,
        "WhatsApp has blocked this account for a while because of its rules. Open Account Quality in Meta's business \
         settings to see why and until when; the set-up can go on afterwards.",
    ),
    line(613, R, Remedy::TryLater, WAIT_FOR_ALLOWANCE),
    line(
        803,
        C,
        Remedy::CheckIds,
        "Meta does not know one of these ids. Check the id of the WhatsApp account and the phone number id; they are \
         numbers and stand in WhatsApp Manager.",
    ),
    line(
        2_200,
        C,
        Remedy::CheckTunnel,
        "Meta called the public address and did not get the right answer, so no messages come in. Check that the \
         tunnel is running and leads here, then try again.",
    ),
    line(
        2_201,
        C,
        Remedy::CheckTunnel,
        "Meta could not reach the public address, so no messages come in. Check that the tunnel is running and leads \
         here, then try again.",
    ),
    line(80_007, R, Remedy::TryLater, WAIT_FOR_ALLOWANCE),
    line(
        131_000,
        T,
        Remedy::TryLater,
        "WhatsApp reported an error without saying why. Nothing was changed; try again in a moment.",
    ),
    line(131_005, C, Remedy::GrantPermission, PERMISSION),
    line(
        131_016,
        T,
        Remedy::TryLater,
        "WhatsApp is overloaded. Nothing was changed; try again in a few minutes.",
    ),
    line(
        131_031,
        C,
        Remedy::OpenAccountQuality,
        "The WhatsApp account is locked, because of its rules or after wrong PINs. Open Meta's Business Support to find \
         out why and have it unlocked.",
    ),
    line(
        131_037,
        C,
        Remedy::OpenManager,
        "Meta has not approved the display name of this number yet. Messages come in; to answer them, have the name \
         approved in WhatsApp Manager.",
    ),
    line(131_042, C, Remedy::RepairPayment, PAYMENT),
    line(131_044, C, Remedy::RepairPayment, PAYMENT),
    line(
        131_045,
        C,
        Remedy::RegisterNumber,
        "The number is not registered properly with WhatsApp. Register it here, with the PIN for two-step \
         verification.",
    ),
    line(
        131_057,
        T,
        Remedy::TryLater,
        "WhatsApp is doing maintenance on this account, usually for a minute. Try again then.",
    ),
    line(
        133_000,
        W,
        Remedy::TryLater,
        "WhatsApp has not finished removing the earlier registration of this number. Wait some minutes, then register \
         it again.",
    ),
    line(
        133_004,
        T,
        Remedy::TryLater,
        "WhatsApp cannot register numbers for the moment. Nothing was changed; try again in a few minutes.",
    ),
    line(
        133_005,
        N,
        Remedy::CheckPin,
        "The PIN is not the one this number has for two-step verification. Enter the right one, or reset it in WhatsApp \
         Manager; more wrong tries lock it.",
    ),
    line(
        133_006,
        C,
        Remedy::VerifyNumber,
        "The number must be verified before it can be registered. Ask for a verification code in WhatsApp Manager, \
         enter it there, then register the number here.",
    ),
    line(
        133_008,
        W,
        Remedy::TryLater,
        "The PIN was wrong too often, and WhatsApp takes no further try for now. Wait some hours, or reset the PIN in \
         WhatsApp Manager.",
    ),
    line(
        133_009,
        W,
        Remedy::TryLater,
        "The PIN was entered too fast in a row. Wait a minute, then enter it again.",
    ),
    line(
        133_010,
        C,
        Remedy::RegisterNumber,
        "The number is not registered with WhatsApp yet, so it can neither send nor receive. Register it here.",
    ),
    line(
        133_015,
        W,
        Remedy::TryLater,
        "The number was deleted just now. Wait five minutes, then register it again.",
    ),
    line(
        133_016,
        W,
        Remedy::TryLater,
        "The number was registered too often. Try again in three days; more tries make the wait longer.",
    ),
    line(
        134_011,
        C,
        Remedy::OpenManager,
        "Meta wants its terms accepted first. Accept them in WhatsApp Manager, then try again.",
    ),
    line(141_006, C, Remedy::RepairPayment, PAYMENT),
    line(
        2_494_100,
        T,
        Remedy::TryLater,
        "WhatsApp is still setting up this account or doing maintenance on it. Wait a few minutes, then try again.",
    ),
];

/// Returns what an error means while a number is set up; `None` when this table has no better words than the one about
/// messages. `said` are Meta's own words, which are all that tells some errors of code 100 apart.
pub(super) fn advice(code: i64, subcode: Option<i64>, said: [Option<&str>; 2]) -> Option<Advice> {
    if code == 100
        && subcode != Some(33)
        && let Some(advice) = by_words(said)
    {
        return Some(advice);
    }
    TABLE
        .iter()
        .filter(|line| (line.first..=line.last).contains(&code))
        .filter(|line| line.subcode.is_none() || line.subcode == subcode)
        .min_by_key(|line| line.subcode.is_none())
        .map(|line| Advice {
            class: line.class,
            words: line.words,
            remedy: line.remedy,
        })
}

fn by_words(said: [Option<&str>; 2]) -> Option<Advice> {
    let said = said.map(|text| text.unwrap_or_default().to_ascii_lowercase());
    let says = |part: &str| said.iter().any(|text| text.contains(part));
    let (words, remedy) = if says("appsecret_proof") {
        (WRONG_SECRET, Remedy::NewSecret)
    } else if says("before override") || says("must be subscribed") {
        (NOT_SUBSCRIBED, Remedy::Subscribe)
    } else if says("did not match the viewing app") {
        (FOREIGN_TOKEN, Remedy::NewToken)
    } else {
        return None;
    };
    Some(Advice {
        class: SendClass::Configuration,
        words,
        remedy,
    })
}
