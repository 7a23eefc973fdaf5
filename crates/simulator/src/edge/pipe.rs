//! The byte pipe of a session: it can be cut, and it can go dead while it stays open.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream};
use tokio_util::sync::CancellationToken;

/// Bytes moved at once.
const PIECE: usize = 32 << 10;
/// The longest frame an agent may send; real ones are as long as a window at most.
const LONGEST_FRAME: u32 = 1 << 20;

/// Streams one agent may open; they are few, because visitors' streams are opened by the edge.
const MOST_STREAMS: usize = 1 << 16;

/// What may happen to a byte pipe.
#[derive(Debug, Clone)]
pub(super) struct Pipe {
    /// Ends the session and drops the pipe.
    pub(super) end: CancellationToken,
    dead: Arc<AtomicBool>,
    lost: Arc<AtomicBool>,
}

impl Pipe {
    pub(super) fn new(end: CancellationToken) -> Self {
        Self {
            end,
            dead: Arc::default(),
            lost: Arc::default(),
        }
    }

    /// From now on no byte arrives on either side, and neither side hears of it.
    pub(super) fn mute(&self) {
        self.dead.store(true, Ordering::SeqCst);
    }

    /// Breaks the pipe so that this side has not noticed yet.
    pub(super) fn cut(&self) {
        self.lost.store(true, Ordering::SeqCst);
        self.end.cancel();
    }

    pub(super) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    /// Whether the agent went without a farewell that reached this side.
    pub(super) fn is_unnoticed(&self) -> bool {
        self.is_dead() || self.lost.load(Ordering::SeqCst)
    }

    /// Carries bytes between the agent and the multiplexer until one of them ends, or the pipe is cut.
    pub(super) async fn carry<S>(&self, agent: S, edge: DuplexStream)
    where
        S: AsyncRead + AsyncWrite,
    {
        let (from_agent, to_agent) = tokio::io::split(agent);
        let (from_edge, to_edge) = tokio::io::split(edge);
        tokio::select! {
            biased;
            () = self.end.cancelled() => {}
            () = self.inwards(from_agent, to_edge) => {}
            () = self.outwards(from_edge, to_agent) => {}
        }
    }

    async fn inwards(&self, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
        let mut sieve = Sieve::default();
        let mut piece = vec![0; PIECE];
        while let Ok(count @ 1..) = from.read(&mut piece).await {
            let bytes = piece.get(..count).unwrap_or_default();
            if self.is_dead() {
                continue;
            }
            if !sieve.lets_pass(bytes) || to.write_all(bytes).await.is_err() {
                return;
            }
        }
    }

    async fn outwards(&self, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
        let mut piece = vec![0; PIECE];
        while let Ok(count @ 1..) = from.read(&mut piece).await {
            let bytes = piece.get(..count).unwrap_or_default();
            if self.is_dead() {
                continue;
            }
            if to.write_all(bytes).await.is_err() || to.flush().await.is_err() {
                return;
            }
        }
    }
}

/// Looks at the frames of an agent before the multiplexer does, which gives up badly on some that make no sense.
#[derive(Debug, Default)]
struct Sieve {
    head: Vec<u8>,
    /// Bytes left of the body of the present frame.
    body: usize,
    opened: HashSet<u32>,
}

impl Sieve {
    fn lets_pass(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            if self.body > 0 {
                let (_, rest) = bytes.split_at(self.body.min(bytes.len()));
                self.body -= bytes.len() - rest.len();
                bytes = rest;
                continue;
            }
            let missing = 8 - self.head.len();
            let (taken, rest) = bytes.split_at(missing.min(bytes.len()));
            self.head.extend_from_slice(taken);
            bytes = rest;
            if let Ok(head) = <[u8; 8]>::try_from(self.head.as_slice()) {
                self.head.clear();
                match self.body_of(u64::from_be_bytes(head)) {
                    Some(length) => self.body = length,
                    None => return false,
                }
            }
        }
        true
    }

    /// The length of the frame with this head, or `None` when no agent sends such a frame: 24 bits of length, 4 of
    /// kind, 4 of flags (1 ends, 2 opens a stream), 1 unused, 31 of the stream.
    fn body_of(&mut self, head: u64) -> Option<usize> {
        let length = u32::try_from(head >> 40).ok()?;
        let kind = (head >> 36) & 0xF;
        let opens = (head >> 32) & 2 != 0;
        let stream = u32::try_from(head & 0x7FFF_FFFF).ok()?;
        let sound = match kind {
            // A reset, and more room.
            0 | 2 => stream != 0 && length == 4 && !opens,
            1 => stream != 0 && length <= LONGEST_FRAME,
            3 => stream == 0 && (8..=LONGEST_FRAME).contains(&length) && !opens,
            _ => false,
        };
        if opens {
            // An agent's streams are odd, and none is opened twice.
            let fresh = self.opened.len() < MOST_STREAMS && self.opened.insert(stream);
            if stream.is_multiple_of(2) || !fresh {
                return None;
            }
        }
        if sound { usize::try_from(length).ok() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::Sieve;

    fn frame(length: u32, kind_and_flags: u8, stream: u32) -> Vec<u8> {
        let mut bytes = ((length << 8) | u32::from(kind_and_flags)).to_be_bytes().to_vec();
        bytes.extend(stream.to_be_bytes());
        bytes.extend(vec![7; usize::try_from(length.min(64)).unwrap_or_default()]);
        bytes
    }

    #[test]
    fn frames_in_pieces_pass_and_frames_that_make_no_sense_do_not() {
        let good = [
            frame(4, 0x12, 1),
            frame(0, 0x11, 1),
            frame(4, 0x20, 1),
            frame(4, 0x12, 3),
        ]
        .concat();
        let mut sieve = Sieve::default();
        assert!(good.iter().all(|byte| sieve.lets_pass(&[*byte])));
        assert!(Sieve::default().lets_pass(&good));

        for bad in [
            frame(4, 0x12, 2),
            frame(4, 0x10, 0),
            frame(5, 0x20, 1),
            frame(3, 0x30, 0),
            frame(4, 0x40, 1),
            frame(2 << 20, 0x10, 1),
        ] {
            assert!(!Sieve::default().lets_pass(&bad), "{bad:?}");
        }
        assert!(!Sieve::default().lets_pass(&[frame(4, 0x12, 1), frame(4, 0x12, 1)].concat()));
    }
}
