//! How far the provider knows our address, in sentences.

use super::say::{action, finding, for_code, of_channel};
use super::tunnel;
use crate::views::{ActionView, Finding, Level, StepView};
use domain::{RegistrationStep, StepState, Timestamp, TunnelKind};
use engine::{ChannelHealth, Health, TunnelFacts, is_about_permission};
use std::time::Duration;
use store::Registration;

/// Webhooks that came so recently come in.
const RECENT: Duration = Duration::from_hours(24);

/// Returns the steps of a registration as they stand. Those before the present one are done, those after it wait.
pub(crate) fn steps(
    registration: Option<&Registration>,
    tunnel: &TunnelFacts,
    now: Timestamp,
) -> Vec<StepView> {
    let (at, state) = registration.map_or((RegistrationStep::Tunnel, StepState::Waiting), |known| {
        (known.step, known.state)
    });
    RegistrationStep::ALL
        .iter()
        .map(|&step| {
            let state = match step.cmp(&at) {
                std::cmp::Ordering::Less => StepState::Ok,
                std::cmp::Ordering::Equal => state,
                std::cmp::Ordering::Greater => StepState::Waiting,
            };
            let (words, button) = match state {
                StepState::Ok => (Some(done(step, tunnel)), None),
                StepState::Running => (Some(running(step).to_owned()), None),
                StepState::Failed => failed(registration),
                StepState::Waiting if step == RegistrationStep::Tunnel => waits_for_tunnel(tunnel, now),
                StepState::Waiting => (None, None),
            };
            StepView {
                step: step.as_str(),
                state: state.as_str(),
                words,
                action: button,
            }
        })
        .collect()
}

fn failed(registration: Option<&Registration>) -> (Option<String>, Option<ActionView>) {
    let Some(known) = registration else {
        return (None, None);
    };
    let channel = known.channel_id.to_string();
    match &known.trouble {
        Some(trouble) => (
            Some(trouble.words.clone()),
            Some(button(trouble.code, trouble.subcode, &channel)),
        ),
        None => (None, Some(of_channel("register_webhook", &channel))),
    }
}

/// The button for a registration that failed. Trying again is what helps when a code asks for nothing else.
fn button(code: Option<i64>, subcode: Option<i64>, channel: &str) -> ActionView {
    match code {
        // The tunnel answered us; it is the provider's call that has to be made again.
        Some(2_200 | 2_201) | None => of_channel("register_webhook", channel),
        code => for_code(code, subcode, channel, "register_webhook"),
    }
}

fn waits_for_tunnel(facts: &TunnelFacts, now: Timestamp) -> (Option<String>, Option<ActionView>) {
    if facts.kind == TunnelKind::None && facts.trouble.is_none() {
        let words = "Customers' messages cannot come in yet: choose how the internet reaches this computer.";
        return (Some(words.to_owned()), Some(action("tunnel_settings")));
    }
    let (level, words, button) = tunnel::words(facts, now);
    if level == Level::Ok {
        return (None, None);
    }
    (Some(words), button)
}

const fn running(step: RegistrationStep) -> &'static str {
    match step {
        RegistrationStep::Server => "Looking whether the webhook server answers.",
        RegistrationStep::Tunnel => "Opening the way from the internet to this computer.",
        RegistrationStep::OwnCall => "Calling this computer through its public address.",
        RegistrationStep::Subscribe => "Connecting your Meta app to the WhatsApp account.",
        RegistrationStep::Override => "Telling WhatsApp where to bring messages.",
        RegistrationStep::Verification => "Waiting for WhatsApp's call.",
        RegistrationStep::ReadBack => "Asking WhatsApp which address it has.",
    }
}

fn done(step: RegistrationStep, tunnel: &TunnelFacts) -> String {
    match step {
        RegistrationStep::Server => "The webhook server answers.".to_owned(),
        RegistrationStep::Tunnel => match tunnel.status.online() {
            Some(url) => format!("The internet reaches this computer at {}.", super::say::host(url)),
            None => "The internet reached this computer.".to_owned(),
        },
        // Such a call is only a try, and what came of it is not known any more.
        RegistrationStep::OwnCall if tunnel.status.kind == TunnelKind::Url => {
            "Not every network lets a computer call itself through an address of your own, so this could not be made sure \
             from inside: WhatsApp's call decides."
                .to_owned()
        }
        RegistrationStep::OwnCall => "We reached ourselves through the public address.".to_owned(),
        RegistrationStep::Subscribe => "Your Meta app is connected to the WhatsApp account.".to_owned(),
        RegistrationStep::Override => "WhatsApp was told where to bring messages.".to_owned(),
        RegistrationStep::Verification => "WhatsApp called and heard the right answer.".to_owned(),
        RegistrationStep::ReadBack => "WhatsApp has our address.".to_owned(),
    }
}

/// Says where the news of account and templates go.
pub(crate) fn news(app_callback: Option<&str>, come_here: bool) -> String {
    match app_callback {
        Some(_) if come_here => {
            "News of the account and of templates come here too.".to_owned()
        }
        Some(url) => format!(
            "News of the account and of templates go to {}, where your Meta app sends them. If no other program needs them, let \
             them come here.",
            super::say::host(url)
        ),
        None => "News of the account and of templates, and of customers who stop promotions, go nowhere. Let them come here to \
                 hear of them at once."
            .to_owned(),
    }
}

/// What the health page says of the addresses.
pub(super) fn findings(health: &Health) -> Vec<Finding> {
    health
        .channels
        .iter()
        .filter_map(|channel| {
            let said = callback(channel, &health.tunnel)?;
            let brought = health
                .last_webhook_at
                .is_some_and(|at| health.now.since(at) < RECENT);
            Some(if brought && was_not_allowed(channel) {
                milder(said, &channel.channel.name)
            } else {
                said
            })
        })
        .collect()
}

/// Whether the token may not look at the addresses, which says nothing about what they are.
fn was_not_allowed(health: &ChannelHealth) -> bool {
    let trouble = health
        .registration
        .as_ref()
        .and_then(|known| known.trouble.as_ref());
    let code = trouble.and_then(|trouble| trouble.code);
    code.is_some_and(is_about_permission)
}

/// Webhooks come in although we may not register: somebody set the address by hand.
fn milder(said: Finding, name: &str) -> Finding {
    Finding {
        level: said.level.min(Level::Warn),
        sentence: format!(
            "{name}: messages come in, but the token may not set their address, so a new address will have to be entered at \
             Meta by hand."
        ),
        ..said
    }
}

/// Whether the address of now was registered: what the provider has else is not a former one of ours.
fn is_settled(health: &ChannelHealth) -> bool {
    health
        .registration
        .as_ref()
        .is_some_and(|known| known.state != StepState::Running && known.callback_url == health.callback_url)
}

/// Whether the provider has our address for a channel. Nothing is said while there is no address: the tunnel's sentence
/// says that.
pub(crate) fn callback(health: &ChannelHealth, tunnel: &TunnelFacts) -> Option<Finding> {
    let (id, name) = (health.channel.id.to_string(), &health.channel.name);
    tunnel.status.online()?;
    let known = health.registration.as_ref();
    let trouble = known
        .filter(|known| known.state == StepState::Failed)
        .and_then(|known| known.trouble.as_ref());
    let ours = health.has_our_address();
    let said = match (ours, trouble) {
        (Some(true), None) => finding(
            "callback",
            Level::Ok,
            format!("WhatsApp brings the messages of {name} to this computer."),
        ),
        (Some(true), Some(trouble)) => finding(
            "callback",
            Level::Warn,
            format!("{name}: it could not be made sure that WhatsApp still has our address. {}", trouble.words),
        )
        .with(button(trouble.code, trouble.subcode, &id)),
        (_, Some(trouble)) => finding(
            "callback",
            Level::Bad,
            format!("{name}: WhatsApp does not bring messages here. {}", trouble.words),
        )
        .with(button(trouble.code, trouble.subcode, &id)),
        (Some(false), None) if is_settled(health) => finding(
            "callback",
            Level::Bad,
            format!(
                "{name}: WhatsApp calls another program's address, so customers' messages do not come here. Register the \
                 address again."
            ),
        )
        .with(of_channel("register_webhook", &id)),
        (Some(false) | None, None) => finding(
            "callback",
            Level::Warn,
            format!("{name}: WhatsApp is being told where to bring messages."),
        ),
    };
    Some(said.about(&id))
}
