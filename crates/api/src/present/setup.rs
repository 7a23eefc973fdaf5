//! The set-up of a number as it is shown.

use super::person;
use crate::views::{
    Finding, HeardView, HelloView, Level, ProofView, ReplyView, SetupAccountView, SetupNumberView, SetupView,
    TunnelView,
};
use crate::wording::number::Findings;
use crate::wording::{registration, token};
use domain::{BotMode, DeliveryStatus, StepState, Timestamp};
use engine::{FoundAccount, FoundNumber, Heard, Proved, Setup, TunnelFacts, needs_registration};
use qrcode::{Color, EcLevel, QrCode};
use store::Message;

/// What is written in WhatsApp when the link is opened.
const HELLO: &str = "hi";

pub(crate) fn setup(setup: &Setup, tunnel: TunnelView, facts: &TunnelFacts, now: Timestamp) -> SetupView {
    let state = &setup.state;
    let dead = state
        .proofs
        .iter()
        .find(|proof| proof.of == Proved::AccessToken && proof.state == StepState::Failed)
        .and_then(|proof| proof.words.as_deref());
    SetupView {
        begun: setup.begun,
        page: state.page.as_str(),
        furthest: setup.furthest().as_str(),
        secrets: setup.secrets.iter().map(super::connection::secret).collect(),
        app_id: state.app_id.clone().or_else(|| state.app_id_entered.clone()),
        app_name: state.app_name.clone(),
        proofs: state
            .proofs
            .iter()
            .map(|proof| ProofView {
                field: proof.of.as_str().to_owned(),
                state: proof.state.as_str(),
                words: proof.words.clone(),
            })
            .collect(),
        token: state.token.as_ref().map(|known| token::token(known, dead, now)),
        accounts: state
            .accounts
            .iter()
            .map(|account| account_view(setup, account))
            .collect(),
        manual_words: state.manual_words.clone(),
        number: state
            .chosen()
            .map(|(account, number)| number_view(setup, account, number)),
        tunnel,
        steps: registration::steps(setup.registration.as_ref(), facts, now),
        channel_id: setup.channel().map(|channel| channel.id.to_string()),
        hello: hello(setup),
        mode: setup.mode.map(BotMode::as_str),
    }
}

fn account_view(setup: &Setup, account: &FoundAccount) -> SetupAccountView {
    let mut findings = Findings::about(None);
    if let Some(trouble) = &account.trouble {
        findings.say("account", Level::Warn, trouble.clone());
    }
    if let Some(facts) = &account.facts {
        findings.account(facts);
    }
    SetupAccountView {
        account_id: account.account_id.clone(),
        name: account
            .facts
            .as_ref()
            .and_then(|facts| facts.account_name.clone()),
        numbers: account
            .numbers
            .iter()
            .map(|number| number_view(setup, account, number))
            .collect(),
        findings: findings.worst_first(),
    }
}

fn number_view(setup: &Setup, account: &FoundAccount, number: &FoundNumber) -> SetupNumberView {
    let facts = number.facts.clone().unwrap_or_default();
    let channel = setup
        .channels
        .iter()
        .find(|channel| channel.number_id == number.number_id);
    // What this set-up itself has connected is nothing to be surprised at.
    let connected = channel.is_some_and(|channel| Some(&channel.id) != setup.state.channel_id().as_ref());
    let elsewhere = facts.callback.clone().filter(|url| !setup.is_ours(url));
    let needs = needs_registration(&facts);
    SetupNumberView {
        account_id: account.account_id.clone(),
        number_id: number.number_id.clone(),
        display: facts
            .display
            .clone()
            .or_else(|| channel.and_then(|channel| channel.address.clone()))
            .unwrap_or_else(|| number.number_id.clone()),
        name: facts.verified_name.clone(),
        ready: !needs && !matches!(facts.status.as_deref(), Some("BANNED" | "DELETED")),
        needs_registration: needs,
        on_phone: facts.on_phone == Some(true),
        connected,
        findings: number_findings(&facts, number, connected, elsewhere.as_deref()),
        webhooks_elsewhere: elsewhere,
    }
}

fn number_findings(
    facts: &engine::Facts,
    number: &FoundNumber,
    connected: bool,
    elsewhere: Option<&str>,
) -> Vec<Finding> {
    let mut findings = Findings::about(None);
    if let Some(trouble) = &number.trouble {
        findings.say("number", Level::Warn, trouble.clone());
    }
    findings.number(facts);
    if connected {
        findings.say(
            "number",
            Level::Ok,
            "This number is connected here already. Going on replaces its keys; its conversations stay.",
        );
    }
    if let Some(url) = elsewhere {
        let host = url.split_once("://").map_or(url, |(_, rest)| rest);
        let host = host.split(['/', ':', '?', '#']).next().unwrap_or(host);
        findings.say(
            "callback",
            Level::Warn,
            format!(
                "The messages of this number go to another program now ({host}). Once it is connected they come here, \
                 and that program gets none of them any more."
            ),
        );
    }
    findings.worst_first()
}

/// How the owner says hello: from the moment the chain is done on.
fn hello(setup: &Setup) -> Option<HelloView> {
    let channel = setup.channel()?;
    if !setup.is_connected() && setup.heard.is_none() {
        return None;
    }
    let chosen = setup.state.chosen();
    let number = channel.address.clone().or_else(|| {
        let (_, number) = chosen?;
        number.facts.as_ref()?.display.clone()
    });
    let link = number.as_deref().map(link).unwrap_or_default();
    Some(HelloView {
        number: number.unwrap_or_default(),
        qr: qr(&link),
        link,
        heard: setup.heard.as_ref().map(heard),
        reply: setup.reply.as_ref().map(reply),
    })
}

/// The link that opens WhatsApp with the word already written; empty when the number has no digits.
fn link(number: &str) -> String {
    let digits = domain::digits_only(number);
    if digits.is_empty() {
        return String::new();
    }
    format!("https://wa.me/{digits}?text={HELLO}")
}

/// A QR code of a text, row by row.
fn qr(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    // Too long a text has none; a link to a number never is.
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return Vec::new();
    };
    let width = code.width();
    code.to_colors()
        .chunks(width.max(1))
        .map(|row| {
            row.iter()
                .map(|module| if *module == Color::Dark { '1' } else { '0' })
                .collect()
        })
        .collect()
}

fn heard(heard: &Heard) -> HeardView {
    let conversation = &heard.conversation;
    HeardView {
        conversation_id: conversation.id.to_string(),
        name: person(
            conversation.contact_name.as_deref(),
            conversation.username.as_deref(),
            conversation.phone.as_deref(),
        ),
        text: heard.message.text.clone(),
        at: heard.message.received_at.to_rfc3339(),
    }
}

fn reply(message: &Message) -> ReplyView {
    let words = match message.status {
        DeliveryStatus::Failed => Some(match &message.failure {
            Some(failure) => match engine::known_error(failure.code, failure.subcode) {
                Some(advice) => advice.words.to_owned(),
                None => super::sentence(&failure.title),
            },
            None => engine::error_words(None, None).to_owned(),
        }),
        DeliveryStatus::Unknown => Some(
            "It is not known whether the test reply arrived: the answer of WhatsApp was lost. Look at the phone, and \
             send it again if it is not there."
                .to_owned(),
        ),
        _ => None,
    };
    ReplyView {
        message_id: message.id.to_string(),
        status: message.status.as_str(),
        words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_is_made_of_the_digits_however_the_number_is_written() {
        assert_eq!(link("+44 7700 900-142"), "https://wa.me/447700900142?text=hi");
        assert_eq!(link("not known"), "");
    }

    #[test]
    fn the_code_is_a_square_with_its_three_corners() {
        let rows = qr("https://wa.me/447700900142?text=hi");
        assert!(rows.len() >= 21);
        assert!(rows.iter().all(|row| row.chars().count() == rows.len()));
        let dark = "1111111";
        let (first, last) = (
            rows.first().cloned().unwrap_or_default(),
            rows.last().cloned().unwrap_or_default(),
        );
        assert!(first.starts_with(dark) && first.ends_with(dark));
        assert!(last.starts_with(dark) && !last.ends_with(dark));
        assert!(qr("").is_empty());
    }
}
