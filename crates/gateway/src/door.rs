//! What happens to one request.

use crate::outside::OWN_CALLER;
use crate::refusals::Refusals;
use crate::seats::Caller;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use channels::handshake::{self, Handshake};
use channels::verify::{self, Delivery, Refusal, Verified};
use domain::{ChannelKind, EndpointId, Timestamp};
use http::{HeaderValue, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use serde::de::IgnoredAny;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use store::{Store, StoreError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use vault::Secret;

/// What time it is. The door does not own a clock.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(20);
/// How long a delivery may wait for the disk before the provider is asked to come back.
const STORE_TIME: Duration = Duration::from_secs(5);

/// One address and what is needed to believe those who call it.
#[derive(Clone)]
pub struct Doorplate {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Whose calls it takes.
    pub kind: ChannelKind,
    /// The signing secrets that are valid. None: calls are asked to come back later.
    pub secrets: Vec<Secret>,
    /// The verify tokens of the channels behind it.
    pub verify_tokens: Vec<Secret>,
}

impl fmt::Debug for Doorplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doorplate")
            .field("endpoint", &self.endpoint)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

type Plates = HashMap<String, Arc<Doorplate>>;

/// The front door. Shared by all connections.
pub struct Door {
    store: Store,
    now: Now,
    plates: RwLock<Arc<Plates>>,
    refusals: Refusals,
    /// Whether the last genuine post could not be stored.
    turned_back: AtomicBool,
    /// When the provider last verified an address.
    greeted: watch::Sender<HashMap<EndpointId, Timestamp>>,
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}

impl Door {
    /// A door without addresses, in front of `store`.
    pub fn new(store: Store, now: Now) -> Arc<Self> {
        Arc::new(Self {
            store,
            now,
            plates: RwLock::default(),
            refusals: Refusals::default(),
            turned_back: AtomicBool::new(false),
            greeted: watch::Sender::default(),
        })
    }

    /// Returns when the provider last verified an endpoint's address, with the right token, since the program started.
    pub fn greeted(&self, endpoint: EndpointId) -> Option<Timestamp> {
        self.greeted.borrow().get(&endpoint).copied()
    }

    /// Returns when each endpoint's address was last verified, and from then on every change. Our own calls do not
    /// count.
    pub fn greetings(&self) -> watch::Receiver<HashMap<EndpointId, Timestamp>> {
        self.greeted.subscribe()
    }

    /// Returns whether the last genuine post could not be stored, so that the provider has to send it again.
    pub fn turns_back(&self) -> bool {
        self.turned_back.load(Ordering::Relaxed)
    }

    /// Exchanges all addresses at once; requests under way keep the old ones.
    pub fn set_plates(&self, plates: HashMap<String, Doorplate>) {
        let plates = plates
            .into_iter()
            .map(|(path, plate)| (path, Arc::new(plate)))
            .collect();
        *self.plates.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(plates);
    }

    /// Writes down how many posts were turned away, until cancelled.
    pub async fn count_refusals(&self, cancel: &CancellationToken) {
        self.refusals.keep(&self.store, &self.now, cancel).await;
    }

    fn plate(&self, path: &str) -> Option<Arc<Doorplate>> {
        self.plates
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(path)
            .cloned()
    }

    /// Puts a verified delivery on disk. That it is verified is in the type: there is no other way into the journal.
    async fn journal(&self, endpoint: EndpointId, verified: Verified<Delivery>) -> StatusCode {
        let body = verified.into_inner().body;
        let now = (self.now)();
        let is_json =
            serde_json::from_slice::<IgnoredAny>(&body).is_ok() || channels::whatsapp::is_json(&body);
        let stored: Result<(), StoreError> = if is_json {
            self.write(move |transaction| transaction.append_webhook(endpoint, &body, now).map(drop))
                .await
        } else {
            let why = "the signature is genuine, but the body is not JSON";
            self.write(move |transaction| transaction.append_refused_webhook(endpoint, &body, why, now))
                .await
        };
        self.turned_back.store(stored.is_err(), Ordering::Relaxed);
        match stored {
            Ok(()) if is_json => StatusCode::OK,
            Ok(()) => StatusCode::BAD_REQUEST,
            Err(error) => {
                tracing::error!(%error, "a webhook could not be stored; the provider is asked to send it again");
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    async fn write(
        &self,
        work: impl FnOnce(&mut store::WriteTransaction<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        // After the time is up the write may still happen: the provider's second delivery is then a duplicate.
        tokio::time::timeout(STORE_TIME, self.store.write(work))
            .await
            .unwrap_or(Err(StoreError::Busy))
    }
}

/// Answers one request.
pub(crate) async fn answer(State(door): State<Arc<Door>>, request: Request) -> Response {
    let Some(plate) = door.plate(request.uri().path()) else {
        return plain(StatusCode::NOT_FOUND, Body::empty());
    };
    match *request.method() {
        Method::GET => greet(&door, &plate, &request),
        Method::POST => plain(receive(&door, &plate, request).await, Body::empty()),
        _ => {
            let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, Body::empty());
            response
                .headers_mut()
                .insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
            response
        }
    }
}

fn greet(door: &Door, plate: &Doorplate, request: &Request) -> Response {
    let answer = handshake::answer(&plate.verify_tokens, request.uri().query().unwrap_or_default());
    let status = answer.status();
    match answer {
        Handshake::Challenge(challenge) => {
            let caller = request.headers().get(header::USER_AGENT);
            if caller.is_none_or(|caller| caller != OWN_CALLER) {
                let now = (door.now)();
                door.greeted.send_modify(|greeted| {
                    greeted.insert(plate.endpoint, now);
                });
            }
            plain(status, Body::from(challenge))
        }
        Handshake::WrongToken | Handshake::Incomplete | Handshake::BareVisit => plain(status, Body::empty()),
    }
}

async fn receive(door: &Door, plate: &Doorplate, request: Request) -> StatusCode {
    let (parts, body) = request.into_parts();
    let caller = parts.extensions.get::<Caller>().cloned();
    let body = match tokio::time::timeout(BODY_TIME, read(body)).await {
        Ok(Ok(Some(body))) => body,
        Ok(Ok(None)) => {
            door.refusals.size();
            return StatusCode::PAYLOAD_TOO_LARGE;
        }
        Ok(Err(_)) => return StatusCode::BAD_REQUEST,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    if let Some(caller) = caller {
        caller.has_spoken();
    }
    match verify::whatsapp(
        &plate.secrets,
        Delivery {
            headers: parts.headers,
            body,
        },
    ) {
        Ok(verified) => door.journal(plate.endpoint, verified).await,
        Err(Refusal::NoSecret) => {
            tracing::warn!(endpoint = %plate.endpoint, "no app secret can be read, so no webhook can be verified");
            StatusCode::SERVICE_UNAVAILABLE
        }
        Err(refusal) => {
            tracing::debug!(endpoint = %plate.endpoint, %refusal, "refused a post");
            door.refusals.signature();
            StatusCode::UNAUTHORIZED
        }
    }
}

/// Reads a body; `None` when it is too large. A body that is somewhat too large is read to its end all the same, since
/// a caller that is still sending would not see our answer.
async fn read(mut body: Body) -> Result<Option<Bytes>, axum::Error> {
    let mut bytes = BytesMut::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length <= crate::MAX_BODY {
            bytes.extend_from_slice(&data);
        } else {
            bytes = BytesMut::new();
            if length > 4 * crate::MAX_BODY {
                break;
            }
        }
    }
    Ok((length <= crate::MAX_BODY).then(|| bytes.freeze()))
}

fn plain(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
