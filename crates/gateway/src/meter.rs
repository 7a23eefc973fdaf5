//! Counting what comes through a tunnel, since free plans give only so much a month.

use crate::door::Now;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use store::{Store, StoreError, TunnelUsage};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// How long counts are gathered before they are written down: a webhook should not cost two commits.
const GATHER: Duration = Duration::from_secs(10);

/// What came through tunnels and has not been written down yet.
#[derive(Debug, Default)]
pub struct Meter {
    requests: AtomicU64,
    bytes: AtomicU64,
    bell: Notify,
}

impl Meter {
    pub(crate) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.bell.notify_one();
    }

    fn sent(&self, bytes: usize) {
        self.bytes
            .fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Returns how many requests came and how many bytes were answered since this was asked last.
    pub fn take(&self) -> (u64, u64) {
        (
            self.requests.swap(0, Ordering::Relaxed),
            self.bytes.swap(0, Ordering::Relaxed),
        )
    }

    /// Writes the counts down some seconds after there are new ones, until cancelled. Months are those of UTC.
    pub async fn keep(&self, store: &Store, now: &Now, cancel: &CancellationToken) {
        loop {
            tokio::select! {
                () = self.bell.notified() => {}
                () = cancel.cancelled() => break,
            }
            tokio::select! {
                () = tokio::time::sleep(GATHER) => {}
                () = cancel.cancelled() => break,
            }
            self.flush(store, now).await;
        }
        self.flush(store, now).await;
    }

    async fn flush(&self, store: &Store, now: &Now) {
        let (requests, bytes) = self.take();
        if requests == 0 && bytes == 0 {
            return;
        }
        let month: String = now().to_rfc3339().chars().take("2026-11".len()).collect();
        let written: Result<(), StoreError> = store
            .write(move |transaction| transaction.add_tunnel_usage(&month, TunnelUsage { requests, bytes }))
            .await;
        if let Err(error) = written {
            tracing::warn!(%error, "what came through the tunnel could not be counted yet");
            self.requests.fetch_add(requests, Ordering::Relaxed);
            self.bytes.fetch_add(bytes, Ordering::Relaxed);
        }
    }
}

/// A byte stream whose answers are counted.
pub(crate) struct Metered<P> {
    pipe: P,
    meter: Arc<Meter>,
}

impl<P> Metered<P> {
    pub(crate) fn new(pipe: P, meter: Arc<Meter>) -> Self {
        Self { pipe, meter }
    }
}

impl<P: AsyncRead + Unpin> AsyncRead for Metered<P> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_read(context, buffer)
    }
}

impl<P: AsyncWrite + Unpin> AsyncWrite for Metered<P> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.pipe).poll_write(context, bytes);
        if let Poll::Ready(Ok(number)) = &written {
            self.meter.sent(*number);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_shutdown(context)
    }
}
