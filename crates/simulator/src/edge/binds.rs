//! Public names: who has which, and what is said to who asks for one.

use serde_json::{Value, json};
use tokio::time::Instant;

use super::agents::refusal;
use super::records::RecordedBind;
use super::{State, accounts};

/// A public name that is online, or still counts as online.
#[derive(Debug, Clone)]
pub(super) struct Endpoint {
    pub(super) id: String,
    pub(super) domain: String,
    pub(super) session: u64,
    /// Visitors who are still told that it is offline.
    pub(super) lag: usize,
    /// Its session is gone, but that has not been noticed until then.
    pub(super) until: Option<Instant>,
}

/// What is kept of a tunnel so that its agent may come back for it.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) id: String,
    token: String,
    domain: String,
    account: String,
}

/// Opens a tunnel, or says why not.
pub(super) fn bind(state: &mut State, number: u64, request: &Value) -> Value {
    let Some(member) = state
        .sessions
        .iter()
        .find(|session| session.number == number)
        .and_then(|session| session.member.clone())
    else {
        return refusal("The session was not let in.", None);
    };
    if let Some(refused) = state.bind_rules.next() {
        return refusal(&refused.text, Some(&refused.code));
    }
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let (options, extra) = (request.get("Opts"), request.get("Extra"));
    let inside = |object: Option<&Value>, name: &str| text(object.and_then(|object| object.get(name)));
    let protocol = text(request.get("Proto"));
    if !matches!(protocol.as_str(), "http" | "https") {
        return refusal("Only HTTPS tunnels are played here.", None);
    }
    if extra.and_then(|extra| extra.get("PoolingEnabled")) == Some(&Value::Bool(true)) {
        return refusal("Pooling is not part of the plan.", Some("ERR_NGROK_18019"));
    }
    let (id, token) = (text(request.get("Id")), inside(extra, "Token"));
    let claim = if id.is_empty() {
        None
    } else {
        let known = state
            .claims
            .iter()
            .find(|claim| claim.id == id && claim.token == token && claim.account == member.account);
        match known {
            Some(claim) => Some(claim.clone()),
            None => return refusal("No tunnel is known by this id and token.", None),
        }
    };
    let again = claim.is_some();
    let claim = if let Some(claim) = claim {
        claim
    } else {
        let domain = match domain_for(state, &member.account, options) {
            Ok(domain) => domain,
            Err(refused) => return refused,
        };
        Claim {
            id: accounts::new_id("tn"),
            token: accounts::new_id("tt"),
            domain,
            account: member.account,
        }
    };
    forget_expired(state);
    let taken = |endpoint: &&Endpoint| endpoint.domain == claim.domain && endpoint.id != claim.id;
    if state.endpoints.iter().any(|endpoint| taken(&endpoint)) {
        let text = format!("https://{} is already online.", claim.domain);
        return refusal(&text, Some("ERR_NGROK_334"));
    }
    state.endpoints.retain(|endpoint| endpoint.id != claim.id);
    state.endpoints.push(Endpoint {
        id: claim.id.clone(),
        domain: claim.domain.clone(),
        session: number,
        lag: state.start_lag,
        until: None,
    });
    state.binds.push(RecordedBind {
        session: number,
        id: claim.id.clone(),
        domain: claim.domain.clone(),
        forwards_to: text(request.get("ForwardsTo")),
        metadata: inside(extra, "Metadata"),
        options: options.cloned().unwrap_or_default(),
        again,
    });
    let reply = json!({
        "Id": claim.id,
        "URL": format!("https://{}", claim.domain),
        "Proto": protocol,
        "Opts": options,
        "Error": "",
        "Extra": { "Token": claim.token },
    });
    if !again {
        state.claims.push(claim);
    }
    reply
}

/// The name an agent gets, or the refusal.
fn domain_for(state: &State, account: &str, options: Option<&Value>) -> Result<String, Value> {
    let option = |name: &str| {
        let value = options
            .and_then(|options| options.get(name))
            .and_then(Value::as_str);
        value
            .map(str::to_ascii_lowercase)
            .filter(|value| !value.is_empty())
    };
    let below = option("Subdomain").map(|label| format!("{label}.ngrok-free.app"));
    let own = accounts::dev_domain(account, &state.dev_domains);
    let Some(asked) = option("Domain").or_else(|| option("Hostname")).or(below) else {
        return Ok(if state.random_names {
            accounts::made_up(&accounts::new_id("name"))
        } else {
            own
        });
    };
    if asked == own || state.reserved.get(&asked).is_some_and(|owner| owner == account) {
        return Ok(asked);
    }
    let elsewhere =
        state.reserved.contains_key(&asked) || state.tokens.owner_of(&asked, &state.dev_domains).is_some();
    let (text, code) = if elsewhere {
        ("is reserved by another account.", "ERR_NGROK_320")
    } else if accounts::is_own(&asked) {
        ("is not reserved by this account.", "ERR_NGROK_319")
    } else {
        ("needs a plan with names of one's own.", "ERR_NGROK_313")
    };
    Err(refusal(&format!("{asked} {text}"), Some(code)))
}

/// Closes a tunnel of this session.
pub(super) fn unbind(state: &mut State, number: u64, request: &Value) -> Value {
    let id = request.get("Id").and_then(Value::as_str).unwrap_or_default();
    state
        .endpoints
        .retain(|endpoint| endpoint.id != id || endpoint.session != number);
    json!({ "Error": "" })
}

/// Drops the names whose time to linger is over.
pub(super) fn forget_expired(state: &mut State) {
    let now = Instant::now();
    state
        .endpoints
        .retain(|endpoint| endpoint.until.is_none_or(|until| until > now));
}
