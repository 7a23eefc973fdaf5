//! What is told about a registration that did not work, besides what the provider's codes mean.

use channels::whatsapp::CallFailure;
use channels::whatsapp::errors::Remedy;
use gateway::outside::OutsideTrouble;
use store::CallTrouble;

/// There is no tunnel yet.
pub(super) const NO_TUNNEL: &str =
    "Customers' messages cannot come in yet: choose how the internet reaches this computer.";
/// The tunnel is not open.
pub(super) const TUNNEL_CLOSED: &str =
    "The tunnel is not open at the moment. WhatsApp gets the address as soon as it is.";
/// Something else answered the provider.
pub(super) const NOT_SEEN: &str = "WhatsApp took the address, but its call did not come here: something else answered in Deskbell's place. Check \
     where the public address leads to.";
/// The provider has another address than the one it has just been given.
pub(super) const OTHER_ADDRESS: &str = "WhatsApp goes on calling another program's address for this number, so customers' messages do not come here. End \
     the other program's connection, then register the address again.";
/// The provider took the address for the number and does not show it.
pub(super) const NOT_KEPT: &str = "WhatsApp took the address but does not show it. It is tried again by itself; if it goes on, register the address \
     again.";

/// Meta's code for a secret that does not belong to the token (whatsapp-cloud-api, section 8.2).
const WRONG_SECRET: i64 = 104;

/// How a registration stops before its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// It goes on by itself when something else has happened.
    Waits(&'static str),
    /// It did not work.
    Failed {
        /// Why.
        trouble: CallTrouble,
        /// Whether it may work soon without anybody doing anything.
        passing: bool,
    },
    /// The database failed.
    Store(store::StoreError),
}

impl From<store::StoreError> for Stop {
    fn from(error: store::StoreError) -> Self {
        Self::Store(error)
    }
}

/// Trouble without a code.
pub(crate) fn plain(words: impl Into<String>) -> CallTrouble {
    CallTrouble {
        code: None,
        subcode: None,
        words: words.into(),
        detail: None,
    }
}

/// What a refusal of the provider is written down as.
pub(crate) fn of_failure(failure: &CallFailure) -> CallTrouble {
    let code = match failure.code {
        // Only Meta's words tell a wrong app secret from other errors of this code, and they are not what a button is
        // chosen by: it is written down by the code that says nothing else.
        Some(100) if failure.remedy == Remedy::NewSecret => Some(WRONG_SECRET),
        code => code.or_else(|| failure.status.map(i64::from).filter(|_| failure.is_dead_token())),
    };
    CallTrouble {
        code,
        subcode: failure.subcode,
        words: failure.words.to_owned(),
        detail: failure.detail.clone(),
    }
}

impl From<CallFailure> for Stop {
    fn from(failure: CallFailure) -> Self {
        Self::Failed {
            // A callback that could not be verified may only have been too early: a new name needs its time.
            passing: failure.is_passing() || matches!(failure.code, Some(2_200 | 2_201)),
            trouble: of_failure(&failure),
        }
    }
}

/// Returns whether our own call may come through soon without anybody doing anything.
pub(super) fn is_passing(trouble: &OutsideTrouble) -> bool {
    matches!(
        trouble,
        OutsideTrouble::UnknownName
            | OutsideTrouble::NotReached { .. }
            | OutsideTrouble::TooSlow
            | OutsideTrouble::TunnelAnswers { .. }
    )
}

impl From<OutsideTrouble> for Stop {
    fn from(trouble: OutsideTrouble) -> Self {
        let passing = is_passing(&trouble);
        let detail = match &trouble {
            OutsideTrouble::NotReached { detail } | OutsideTrouble::NotTrusted { detail } => {
                Some(detail.clone())
            }
            _ => None,
        };
        Self::Failed {
            trouble: CallTrouble {
                detail,
                ..plain(trouble.to_string())
            },
            passing,
        }
    }
}
