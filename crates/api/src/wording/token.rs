//! What is so about a token, in a sentence.

use super::number::moment;
use crate::views::{Level, TokenView};
use domain::{TOKEN_WARNING, Timestamp};
use engine::KnownToken;

/// Returns how a token stands; `dead`: why the provider does not take it, when somebody said so.
pub(crate) fn token(token: &KnownToken, dead: Option<&str>, now: Timestamp) -> TokenView {
    let ends = token.ends_at();
    let (level, words) = match ends {
        _ if !token.valid => (
            Level::Bad,
            dead.unwrap_or(
                "WhatsApp does not accept this access token any more, so nothing can be sent. Customers can still write \
                 to you. Make a new token and enter it.",
            )
            .to_owned(),
        ),
        Some(at) if at <= now => (
            Level::Bad,
            format!(
                "This access token ended on {}, so nothing can be sent. Make one of a system user that never ends, and \
                 enter it.",
                moment(at)
            ),
        ),
        Some(at) if token.trial => (
            Level::Warn,
            format!(
                "This token stops working on {}: it is the trial token of Meta's dashboard, which lasts a day. It is \
                 good for a try. For your shop, make one in Meta's business settings under System users, without an end.",
                moment(at)
            ),
        ),
        Some(at) if at.since(now) <= TOKEN_WARNING => (
            Level::Warn,
            format!(
                "This token stops working on {}; from then on nothing can be sent. Make a new one before, best one \
                 without an end.",
                moment(at)
            ),
        ),
        Some(at) => (Level::Ok, format!("The token is good until {}.", moment(at))),
        None if token.endless => (Level::Ok, "The token is good and has no end.".to_owned()),
        None => (
            Level::Ok,
            "WhatsApp accepts the token. It does not say when it ends.".to_owned(),
        ),
    };
    TokenView {
        valid: Some(token.valid && ends.is_none_or(|at| at > now)),
        expires_at: ends.map(Timestamp::to_rfc3339),
        words,
        level,
    }
}
