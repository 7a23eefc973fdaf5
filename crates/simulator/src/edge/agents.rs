//! The agents' side: one session per byte pipe.

use std::sync::Arc;
use std::time::Duration;

use muxado::{Accept as _, MuxadoAccept, MuxadoOpen, Session as _, SessionBuilder, Stream};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::Instant;

use super::pipe::Pipe;
use super::records::{self, RecordedSession, Side};
use super::{Inner, accounts, binds, wire};

/// Room between the pipe and the multiplexer, bytes.
const ROOM: usize = 256 << 10;
/// Agents of one free account at the same time.
const MOST_AGENTS: usize = 3;
/// Bounds of the interval between two beats of the edge's heart that an agent may choose.
const BEATS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_mins(10));

/// One agent's session.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) number: u64,
    pub(super) opener: MuxadoOpen,
    pub(super) pipe: Pipe,
    /// Set when the agent was let in.
    pub(super) member: Option<Member>,
}

/// What an agent has become by its token.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) account: String,
    pub(super) client_id: String,
    cookie: String,
}

/// Serves one agent until either side ends it.
pub(super) async fn serve<S>(edge: Arc<Inner>, io: S)
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let (near, far) = tokio::io::duplex(ROOM);
    let (opener, accepter) = SessionBuilder::new(far).server().start().split();
    let session = Session {
        number: edge.next_number(),
        opener,
        pipe: Pipe::new(edge.stop.child_token()),
        member: None,
    };
    let (number, pipe) = (session.number, session.pipe.clone());
    let came = edge.change(|state| {
        // An outage that began after the dialling cuts this one off too.
        if !state.weather.outage {
            state.sessions.push(session.clone());
        }
        !state.weather.outage
    });
    if !came {
        return;
    }
    tokio::select! {
        biased;
        () = pipe.carry(io, near) => {}
        () = listen(&edge, &session, accepter) => {}
    }
    pipe.end.cancel();
    edge.change(|state| {
        state.sessions.retain(|open| open.number != number);
        for known in &mut state.known {
            known.open &= known.number != number;
        }
        let until = Instant::now() + state.linger;
        let lingers = pipe.is_unnoticed() && !state.linger.is_zero();
        for endpoint in &mut state.endpoints {
            if endpoint.session == number {
                endpoint.until = Some(until);
            }
        }
        state
            .endpoints
            .retain(|endpoint| endpoint.session != number || lingers);
    });
}

async fn listen(edge: &Arc<Inner>, session: &Session, mut accepter: MuxadoAccept) {
    while let Some(stream) = accepter.accept().await {
        let (edge, session) = (Arc::clone(edge), session.clone());
        let end = session.pipe.end.clone();
        let tasks = edge.tasks.clone();
        tasks.spawn(async move {
            end.run_until_cancelled(hear(edge, session, stream)).await;
        });
    }
}

/// Answers what came on one stream.
async fn hear(edge: Arc<Inner>, session: Session, mut stream: Stream) {
    let Ok(kind) = stream.read_u32().await else {
        return;
    };
    if kind == wire::HEARTBEAT {
        echo(stream).await;
        return;
    }
    let known = [
        wire::AUTH,
        wire::BIND,
        wire::UNBIND,
        wire::BIND_LABELS,
        wire::SERVER_INFO,
        wire::PATCH_TUNNEL,
    ];
    if !known.contains(&kind) {
        return;
    }
    let Some(request) = wire::read_json(&mut stream).await else {
        return;
    };
    edge.note(session.number, Side::Agent, kind, &request);
    let reply = match kind {
        wire::AUTH => admit(&edge, session.number, &request),
        wire::BIND => edge.change(|state| binds::bind(state, session.number, &request)),
        wire::UNBIND => edge.change(|state| binds::unbind(state, session.number, &request)),
        wire::BIND_LABELS => refusal("Tunnels without a name of their own are not played here.", None),
        _ => json!({}),
    };
    edge.note(session.number, Side::Edge, kind, &reply);
    if let Err(error) = wire::answer(stream, &reply).await {
        tracing::debug!(%error, "the agent did not wait for its answer");
    }
}

/// Answers the agent's heart.
async fn echo(mut stream: Stream) {
    let mut beat = [0; 4];
    while stream.read_exact(&mut beat).await.is_ok() {
        if stream.write_all(&beat).await.is_err() {
            return;
        }
    }
}

/// Lets an agent in, or says why not.
fn admit(edge: &Arc<Inner>, number: u64, request: &Value) -> Value {
    let extra = request.get("Extra").unwrap_or(&Value::Null);
    let text = |value: &Value, name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let token = text(extra, "AuthToken");
    let (client_id, cookie) = (text(request, "ClientId"), text(extra, "Cookie"));
    let reply = edge.change(|state| {
        if let Some(refused) = state.auth_rules.next() {
            return refusal(&refused.text, Some(&refused.code));
        }
        if let Some((code, why)) = state.tokens.objection(&token) {
            return refusal(why, Some(code));
        }
        let account = accounts::account_of(&token);
        state.tokens.meet(&token);
        // Who comes back with id and cookie takes the place of the session before.
        let before = state
            .known
            .iter()
            .any(|known| known.client_id == client_id && known.account == account);
        let back = before && cookie == cookie_of(&client_id);
        let others = state.sessions.iter().filter_map(|open| open.member.as_ref());
        let others =
            others.filter(|member| member.account == account && (member.client_id != client_id || !back));
        if others.count() >= MOST_AGENTS {
            return refusal(
                "This account has as many agents at the same time as it may have.",
                Some("ERR_NGROK_108"),
            );
        }
        let client_id = if back { client_id } else { accounts::new_id("ts") };
        let member = Member {
            cookie: cookie_of(&client_id),
            account,
            client_id,
        };
        let Some(session) = state.sessions.iter_mut().find(|open| open.number == number) else {
            return refusal("The session is over.", None);
        };
        if session.member.is_some() {
            return refusal("This session has been let in before.", None);
        }
        session.member = Some(member.clone());
        let (number, account, client_id) = (number, member.account.clone(), member.client_id.clone());
        state.known.push(RecordedSession {
            number,
            client_id,
            account,
            about: records::redacted(extra),
            open: true,
            beats: 0,
        });
        let tail = member.account.trim_start_matches("ac_");
        json!({
            "Version": "3",
            "ClientId": member.client_id,
            "Error": "",
            "Extra": {
                "Version": "prod",
                "Region": "eu",
                "Cookie": member.cookie,
                "AccountName": format!("Account {tail}"),
                "SessionDuration": 0,
                "PlanName": "Free",
                "Banner": "",
            },
        })
    });
    if reply.get("Error").and_then(Value::as_str) == Some("") {
        start_heart(edge, number, extra);
    }
    reply
}

/// Beats as often as the agent asked for, and ends a session whose agent does not answer.
fn start_heart(edge: &Arc<Inner>, number: u64, extra: &Value) {
    let asked = |name: &str, otherwise: u64| {
        let nanos = extra.get(name).and_then(Value::as_u64).filter(|nanos| *nanos > 0);
        Duration::from_nanos(nanos.unwrap_or(otherwise)).clamp(BEATS.0, BEATS.1)
    };
    let interval = asked("HeartbeatInterval", 10_000_000_000);
    let tolerance = asked("HeartbeatTolerance", 15_000_000_000);
    let Some(session) = edge.session(number) else {
        return;
    };
    let (heart, end) = (Arc::clone(edge), session.pipe.end.clone());
    edge.tasks.spawn(async move {
        end.run_until_cancelled(beat(heart, session, interval, tolerance))
            .await;
    });
}

async fn beat(edge: Arc<Inner>, session: Session, interval: Duration, tolerance: Duration) {
    let Ok(mut stream) = wire::open(&session, wire::HEARTBEAT).await else {
        return;
    };
    for beat in 1_u32.. {
        tokio::time::sleep(interval).await;
        let sent = beat.to_be_bytes();
        let mut echoed = [0; 4];
        let exchange = async {
            stream.write_all(&sent).await?;
            stream.read_exact(&mut echoed).await
        };
        let answered = tokio::time::timeout(tolerance, exchange).await;
        if session.pipe.is_dead() {
            // The pipe stays open: on a dead network the agent would not see its end either.
            return;
        }
        if !matches!(answered, Ok(Ok(_))) || echoed != sent {
            session.pipe.end.cancel();
            return;
        }
        edge.change(|state| {
            for known in &mut state.known {
                known.beats += u64::from(known.number == session.number);
            }
        });
    }
}

/// An answer that says no. The code stands on a line of its own, where agents look for it.
pub(super) fn refusal(text: &str, code: Option<&str>) -> Value {
    let error = match code {
        Some(code) => format!("{text}\n\n{code}"),
        None => text.to_owned(),
    };
    json!({ "Error": error })
}

fn cookie_of(client_id: &str) -> String {
    accounts::digest(&format!("cookie of {client_id}"))
}
