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
    let router = Router::new().fallback(answer).with_state(door);
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
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
