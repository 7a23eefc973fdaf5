//! Connections: how many, how slow, until when.

use crate::door::{Door, answer};
use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The largest body that is taken, in bytes. Meta sends up to 3 MB (whatsapp-cloud-api, section 1.3).
pub const MAX_BODY: usize = 4 * 1024 * 1024;
/// Connections open at the same time.
pub const MAX_CONNECTIONS: usize = 512;
/// How long a request's head may take to arrive; also how long an idle connection is kept.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long requests under way may take to finish at the end.
const FAREWELL: Duration = Duration::from_secs(5);
/// Pause after the system refuses a connection (out of file handles, say), so that the loop does not spin.
const BREATH: Duration = Duration::from_millis(50);

/// Serves the door on `listener` until cancelled; then lets requests under way finish.
pub async fn serve(listener: TcpListener, door: Arc<Door>, cancel: CancellationToken) {
    serve_at_most(MAX_CONNECTIONS, listener, door, cancel).await;
}

/// Serves so many connections at the same time; more of them wait in the system's queue.
async fn serve_at_most(seats: usize, listener: TcpListener, door: Arc<Door>, cancel: CancellationToken) {
    let router = Router::new().fallback(answer).with_state(door);
    let room = Arc::new(Semaphore::new(seats));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = cancel.cancelled() => break,
            accepted = async {
                let seat = Arc::clone(&room).acquire_owned().await;
                (seat, listener.accept().await)
            } => accepted,
        };
        let (Ok(seat), Ok((stream, _))) = accepted else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        drop(stream.set_nodelay(true));
        let (router, cancel) = (router.clone(), cancel.clone());
        connections.spawn(async move {
            let mut builder = hyper::server::conn::http1::Builder::new();
            builder
                .timer(TokioTimer::new())
                // A caller that has said all may close its side and still wants to hear.
                .half_close(true)
                .header_read_timeout(HEAD_TIME)
                .max_buf_size(64 * 1024);
            let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
            let mut connection = std::pin::pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = cancel.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::trace!(%error, "a connection ended early");
            }
            drop(seat);
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(FAREWELL, connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), "connections were cut at the end");
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

    #[tokio::test]
    async fn more_callers_than_seats_wait_for_one_and_are_all_answered() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write).unwrap();
        let door = Door::new(store.clone(), Arc::new(|| Timestamp(0)));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let cancel = CancellationToken::new();
        let mut server = JoinSet::new();
        server.spawn(serve_at_most(2, listener, door, cancel.clone()));

        // Two callers take the seats and say nothing.
        let idle = [
            TcpStream::connect(address).await.unwrap(),
            TcpStream::connect(address).await.unwrap(),
        ];
        let mut callers = JoinSet::new();
        for _ in 0..6 {
            callers.spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream
                    .write_all(b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .await
                    .unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).await.unwrap();
                answer
            });
        }
        let early = tokio::time::timeout(Duration::from_millis(200), callers.join_next()).await;
        assert!(early.is_err(), "answered without a seat: {early:?}");
        drop(idle);
        while let Some(answer) = callers.join_next().await {
            assert!(answer.unwrap().starts_with("HTTP/1.1 404"));
        }
        cancel.cancel();
        server.join_next().await.unwrap().unwrap();
        store.close().await;
    }
}
