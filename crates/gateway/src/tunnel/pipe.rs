//! A byte stream that can be cut from outside.
//!
//! The ngrok crate has no way to end a session: `close()` does not close, and dropping everything leaves the
//! connection open (dependencies.md, section 1.3). So the connection is ours: it is given to the crate behind a
//! switch, and pulling the switch closes it, whatever the crate still holds.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Anything bytes go through both ways.
pub trait Pipe: AsyncRead + AsyncWrite + Send + Unpin + 'static {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Pipe for T {}

/// Ends a byte stream. Clones end the same one.
#[derive(Clone, Default)]
pub(crate) struct Switch(Arc<Mutex<Line>>);

#[derive(Default)]
struct Line {
    pipe: Option<Box<dyn Pipe>>,
    pulled: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Switch {
    /// Puts the switch into a stream. When it was pulled before, the stream is closed at once.
    pub(crate) fn put_into(&self, pipe: Box<dyn Pipe>) -> Wire {
        let mut line = lock(&self.0);
        if !line.pulled {
            line.pipe = Some(pipe);
        }
        Wire(Arc::clone(&self.0))
    }

    /// Closes the stream. When this returns, it is closed.
    pub(crate) fn pull(&self) {
        let (pipe, reader, writer) = {
            let mut line = lock(&self.0);
            line.pulled = true;
            (line.pipe.take(), line.reader.take(), line.writer.take())
        };
        drop(pipe);
        for waiting in [reader, writer].into_iter().flatten() {
            waiting.wake();
        }
    }

    /// Pulls the switch when it is dropped.
    pub(crate) fn at_the_end(&self) -> PullAtTheEnd {
        PullAtTheEnd(self.clone())
    }
}

impl fmt::Debug for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Switch").finish_non_exhaustive()
    }
}

/// Pulls a switch when it is dropped.
pub(crate) struct PullAtTheEnd(Switch);

impl Drop for PullAtTheEnd {
    fn drop(&mut self) {
        self.0.pull();
    }
}

/// A byte stream with a switch in it.
pub(crate) struct Wire(Arc<Mutex<Line>>);

impl Drop for Wire {
    fn drop(&mut self) {
        drop(lock(&self.0).pipe.take());
    }
}

fn lock(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

fn cut() -> io::Error {
    io::Error::new(
        io::ErrorKind::ConnectionAborted,
        "the connection was cut on purpose",
    )
}

/// Which end of the stream is polled, so that the right one is woken when the switch is pulled.
#[derive(Clone, Copy)]
enum End {
    Reader,
    Writer,
}

impl Wire {
    fn poll<T>(
        &self,
        end: End,
        context: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut dyn Pipe>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let mut line = lock(&self.0);
        let Some(pipe) = line.pipe.as_mut() else {
            return Poll::Ready(Err(cut()));
        };
        let polled = poll(Pin::new(pipe.as_mut()), context);
        if polled.is_pending() {
            let waiting = Some(context.waker().clone());
            match end {
                End::Reader => line.reader = waiting,
                End::Writer => line.writer = waiting,
            }
        }
        polled
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll(End::Reader, context, |pipe, context| {
            pipe.poll_read(context, buffer)
        })
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll(End::Writer, context, |pipe, context| {
            pipe.poll_write(context, bytes)
        })
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll(End::Writer, context, AsyncWrite::poll_flush)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll(End::Writer, context, AsyncWrite::poll_shutdown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test]
    async fn bytes_go_through_until_the_switch_is_pulled_and_then_both_sides_know() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let switch = Switch::default();
        let mut wire = switch.put_into(Box::new(ours));
        wire.write_all(b"hello").await.unwrap();
        let mut heard = [0; 5];
        theirs.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"hello");

        let (told, ()) = tokio::join!(wire.read_u8(), async { switch.pull() });
        let told = told.unwrap_err();
        assert_eq!(told.kind(), io::ErrorKind::ConnectionAborted);
        assert_eq!(
            theirs.read(&mut heard).await.unwrap(),
            0,
            "the other side sees the end"
        );
    }

    #[tokio::test]
    async fn a_connection_that_is_made_after_the_switch_was_pulled_is_closed_at_once() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let switch = Switch::default();
        drop(switch.at_the_end());
        let mut wire = switch.put_into(Box::new(ours));
        assert!(wire.write_all(b"too late").await.is_err());
        let mut heard = Vec::new();
        theirs.read_to_end(&mut heard).await.unwrap();
        assert_eq!(heard, b"");
    }
}
