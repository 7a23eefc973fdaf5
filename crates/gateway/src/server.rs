//! Connections: how many, how slow, until when.

use crate::door::{Door, answer};
use crate::meter::{Meter, Metered};
use crate::seats::{Caller, Seats};
use crate::tunnel::Pipe;
use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// The largest body that is taken, in bytes. Meta sends up to 3 MB (whatsapp-cloud-api, section 1.3).
pub const MAX_BODY: usize = 4 * 1024 * 1024;
/// Connections open at the same time.
pub const MAX_CONNECTIONS: usize = 512;
/// How long a request's head may take to arrive; also how long an idle connection is kept.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long requests under way may take to finish at the end.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long a request that is still being sent may take to come to its end then.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// Pause after the system refuses a connection (out of file handles, say), so that the loop does not spin.
const BREATH: Duration = Duration::from_millis(50);

/// Serves the door on `listener` until cancelled; then lets requests under way finish.
pub async fn serve(listener: TcpListener, door: Arc<Door>, cancel: CancellationToken) {
    Street::new(door).serve(listener, cancel).await;
}

/// What lies before the door: all ways in lead over it and share its seats. When all are taken, the caller that has
/// been silent longest makes room for a new one.
#[derive(Clone)]
pub struct Street {
    router: Router,
    room: Seats,
    meter: Arc<Meter>,
    counted: bool,
}

impl fmt::Debug for Street {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Street").finish_non_exhaustive()
    }
}

impl Street {
    /// A street in front of `door`, with [`MAX_CONNECTIONS`] seats.
    pub fn new(door: Arc<Door>) -> Self {
        Self::with_seats(MAX_CONNECTIONS, door)
    }

    fn with_seats(seats: usize, door: Arc<Door>) -> Self {
        Self {
            router: Router::new().fallback(answer).with_state(door),
            room: Seats::new(seats),
            meter: Arc::default(),
            counted: false,
        }
    }

    /// Returns what came through tunnels, counted.
    pub fn meter(&self) -> &Arc<Meter> {
        &self.meter
    }

    /// The same street for a tunnel: what comes this way is counted.
    pub(crate) fn counted(&self) -> Self {
        Self {
            counted: true,
            ..self.clone()
        }
    }

    /// Answers those who call at `listener` until cancelled; then lets requests under way finish.
    pub async fn serve(&self, listener: TcpListener, cancel: CancellationToken) {
        let calls = self.calls(&cancel);
        loop {
            let accepted = tokio::select! {
                () = cancel.cancelled() => break,
                accepted = listener.accept() => accepted,
            };
            let Ok((stream, _)) = accepted else {
                tokio::time::sleep(BREATH).await;
                continue;
            };
            drop(stream.set_nodelay(true));
            tokio::select! {
                () = cancel.cancelled() => break,
                () = calls.answer(stream) => {}
            }
        }
        drop(listener);
        calls.end().await;
    }

    /// The connections that came one way. They are asked to end when `cancel` is cancelled or this is dropped.
    pub(crate) fn calls(&self, cancel: &CancellationToken) -> Calls {
        let cancel = cancel.child_token();
        Calls {
            street: self.clone(),
            open: TaskTracker::new(),
            cancel: cancel.clone(),
            _guard: cancel.drop_guard(),
        }
    }
}

/// Connections that came one way.
pub(crate) struct Calls {
    street: Street,
    open: TaskTracker,
    cancel: CancellationToken,
    _guard: DropGuard,
}

impl Calls {
    /// Gives a caller a seat, then answers it besides the others. Returns when it is seated.
    pub(crate) async fn answer(&self, io: impl Pipe) {
        let Some(caller) = self.street.room.take().await else {
            return;
        };
        let (router, cancel) = (self.street.router.clone(), self.cancel.clone());
        if self.street.counted {
            let meter = Arc::clone(&self.street.meter);
            let io = Metered::new(io, Arc::clone(&meter));
            self.open
                .spawn(serve_connection(io, caller, router, Some(meter), cancel));
        } else {
            self.open
                .spawn(serve_connection(io, caller, router, None, cancel));
        }
    }

    /// Takes leave of everybody: who is in the middle of a sentence may end it, but not for ever.
    pub(crate) async fn end(self) {
        self.cancel.cancel();
        self.open.close();
        if tokio::time::timeout(LAST_WORDS + FAREWELL, self.open.wait())
            .await
            .is_err()
        {
            tracing::warn!(open = self.open.len(), "connections were cut at the end");
        }
    }
}

/// Answers what comes through one connection, whichever way it came.
async fn serve_connection(
    io: impl Pipe,
    caller: Caller,
    router: Router,
    meter: Option<Arc<Meter>>,
    cancel: CancellationToken,
) {
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        // A caller that has said all may close its side and still wants to hear.
        .half_close(true)
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(64 * 1024);
    let service = hyper::service::service_fn(|mut request: http::Request<hyper::body::Incoming>| {
        if let Some(meter) = &meter {
            meter.request();
        }
        request.extensions_mut().insert(caller.clone());
        let (router, caller) = (router.clone(), caller.clone());
        async move {
            let answer = router.oneshot(request).await;
            caller.waits();
            answer
        }
    });
    let connection = builder.serve_connection(TokioIo::new(io), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = caller.sent_away() => Ok(()),
        () = cancel.cancelled() => {
            connection.as_mut().graceful_shutdown();
            tokio::select! {
                ended = connection => ended,
                () = caller.sent_away() => Ok(()),
                () = no_more_to_say(&caller) => Ok(()),
            }
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended early");
    }
    caller.has_spoken();
}

/// Returns after a while if the caller's request has not been heard to its end by then; else never.
async fn no_more_to_say(caller: &Caller) {
    tokio::time::sleep(LAST_WORDS).await;
    if !caller.is_silent() {
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;
    use store::{Access, Store};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;
    use tokio::task::JoinSet;

    /// A door with two seats, and the folder its file lies in.
    async fn two_seats() -> (
        tempfile::TempDir,
        std::net::SocketAddr,
        CancellationToken,
        JoinSet<()>,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write).unwrap();
        let door = Door::new(store, Arc::new(|| Timestamp(0)));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let cancel = CancellationToken::new();
        let mut server = JoinSet::new();
        let (street, until) = (Street::with_seats(2, door), cancel.clone());
        server.spawn(async move { street.serve(listener, until).await });
        (folder, address, cancel, server)
    }

    async fn ask(address: std::net::SocketAddr) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn callers_who_say_nothing_make_room_for_those_who_speak() {
        let (_folder, address, cancel, mut server) = two_seats().await;
        let mut silent = Vec::new();
        for _ in 0..8 {
            silent.push(TcpStream::connect(address).await.unwrap());
        }
        let mut drip = TcpStream::connect(address).await.unwrap();
        drip.write_all(b"POST /hooks/x HTTP/1.1\r\nHost: x\r\nContent-Le")
            .await
            .unwrap();

        // Well within the ten seconds a head may take.
        let answered = tokio::time::timeout(HEAD_TIME / 2, ask(address)).await;
        assert!(answered.expect("kept waiting").starts_with("HTTP/1.1 404"));
        let mut rest = String::new();
        silent
            .first_mut()
            .unwrap()
            .read_to_string(&mut rest)
            .await
            .unwrap();
        assert_eq!(rest, "", "the first to be silent was the first to go");
        cancel.cancel();
        server.join_next().await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn more_callers_than_seats_are_all_answered() {
        let (_folder, address, cancel, mut server) = two_seats().await;
        let mut callers = JoinSet::new();
        for _ in 0..40 {
            callers.spawn(ask(address));
        }
        while let Some(answer) = callers.join_next().await {
            assert!(answer.unwrap().starts_with("HTTP/1.1 404"));
        }
        cancel.cancel();
        server.join_next().await.unwrap().unwrap();
    }
}
