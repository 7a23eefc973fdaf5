//! Writes down when customers' messages could reach us, and does what the tunnel's comings and goings ask for.

use crate::connection::Switchboard;
use domain::{ListeningEnd, Timestamp, TunnelKind};
use gateway::tunnel::{TunnelPhase, TunnelStatus};
use std::time::Duration;
use store::{Change, StoreError, WriteTransaction};
use tokio_util::sync::CancellationToken;

/// How often it is written down that we can still be reached: after a crash that much is not known.
const KEEP: Duration = Duration::from_secs(30);

/// What may pass beyond that without the computer having slept.
const SLACK: Duration = Duration::from_secs(12);

/// A time the computer slept through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slept {
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

/// Returns whether customers' messages can come in: through the tunnel, or, when there is none, through whatever the
/// owner has put before the door.
fn is_reached(decision: Option<&Result<TunnelKind, String>>, status: &TunnelStatus) -> bool {
    match decision {
        Some(Ok(TunnelKind::None)) => true,
        Some(Ok(kind)) => status.kind == *kind && status.phase == TunnelPhase::Online,
        Some(Err(_)) | None => false,
    }
}

/// Keeps the record until cancelled, and ends it then.
pub(crate) async fn run(board: Switchboard, cancel: CancellationToken) {
    let mut tunnel = board.way.keeper.status();
    let mut decision = board.way.decision();
    let mut naps = board.naps.subscribe();
    let mut record = Record::new();
    let mut told = (None, board.way.status());
    noted(
        board
            .store
            .write(|transaction: &mut WriteTransaction<'_>| transaction.end_broken_listening())
            .await,
    );
    let mut tick = tokio::time::interval(KEEP);
    loop {
        let decided = decision.borrow_and_update().clone();
        let status = tunnel.borrow_and_update().clone();
        let reached = is_reached(decided.as_ref(), &status);
        record.follow(&board, &status, reached).await;
        tell(&board, &mut told, (decided, status)).await;
        tokio::select! {
            biased;
            () = cancel.cancelled() => break,
            changed = tunnel.changed() => if changed.is_err() { break },
            changed = decision.changed() => if changed.is_err() { break },
            nap = naps.recv() => if let Ok(nap) = nap { record.slept(&board, nap).await },
            _ = tick.tick() => record.keep(&board).await,
        }
        // What the tunnel says after it was asked to end is not news.
        if cancel.is_cancelled() {
            break;
        }
    }
    record.end(&board, board.clock.now(), ListeningEnd::Quit).await;
}

/// How the way stands: what was decided, and the tunnel.
type Standing = (Option<Result<TunnelKind, String>>, TunnelStatus);

/// Tells everybody who looks that the way stands otherwise. Changes come out of commits, so this is one.
async fn tell(board: &Switchboard, told: &mut Standing, now: Standing) {
    if *told == now {
        return;
    }
    let written = board.store.write(|transaction: &mut WriteTransaction<'_>| {
        transaction.changed(Change::Connection);
        transaction.changed(Change::Health);
        Ok(())
    });
    if noted(written.await) {
        *told = now;
    }
}

/// What was written down last.
#[derive(Debug)]
struct Record {
    open: bool,
    /// Since when it can be reached.
    begun: Timestamp,
    /// When it was last written down that it can be reached.
    kept: Timestamp,
    /// When it was noticed that it cannot be reached any more.
    lost: Timestamp,
    /// The opening of the tunnel that was acted upon: its address, and since when.
    opened: Option<(String, Timestamp)>,
}

impl Record {
    const fn new() -> Self {
        Self {
            open: false,
            begun: Timestamp(0),
            kept: Timestamp(0),
            lost: Timestamp(0),
            opened: None,
        }
    }

    async fn follow(&mut self, board: &Switchboard, status: &TunnelStatus, reached: bool) {
        if reached && !self.open {
            self.begin(board).await;
        } else if !reached && self.open {
            self.lose(board).await;
        }
        let Some(url) = status.online().filter(|_| reached) else {
            self.opened = None;
            return;
        };
        let opened = Some((url.to_owned(), status.since));
        if self.opened != opened {
            self.opened = opened;
            if let Err(error) = board.way.keep_domain(&board.store, status).await {
                tracing::warn!(%error, "the domain of the tunnel is not kept");
            }
            board.registrar.opened(url, status.since);
        }
    }

    async fn begin(&mut self, board: &Switchboard) {
        let now = board.clock.now();
        let written = board.store.write(move |t| t.begin_listening(now)).await;
        self.open = noted(written);
        (self.begun, self.kept) = (now, now);
    }

    /// The tunnel is gone. It tells so before anybody noticed that the computer slept; then it was the sleep.
    async fn lose(&mut self, board: &Switchboard) {
        let now = board.clock.now();
        self.lost = now;
        if now.since(self.kept) > KEEP + SLACK {
            self.end(board, self.kept, ListeningEnd::Sleep).await;
        } else {
            self.end(board, now, ListeningEnd::Tunnel).await;
        }
    }

    async fn end(&mut self, board: &Switchboard, at: Timestamp, why: ListeningEnd) {
        if self.open {
            let written = board.store.write(move |t| t.end_listening(at, why)).await;
            self.open = !noted(written);
        }
    }

    async fn keep(&mut self, board: &Switchboard) {
        if self.open {
            let now = board.clock.now();
            noted(board.store.write(move |t| t.keep_listening(now)).await);
            self.kept = now;
        }
    }

    /// Until the computer slept it could be reached; what comes after is told by the tunnel.
    async fn slept(&mut self, board: &Switchboard, nap: Slept) {
        // It may even be open again already: then it was opened at the end of the nap, not at its beginning.
        let woke_first = !self.open || nap.until.since(self.begun) < self.begun.since(nap.from);
        if self.lost >= nap.from && woke_first {
            // The tunnel spoke before the clock: what it ended was ended by the sleep.
            let end =
                move |t: &mut WriteTransaction<'_>| t.correct_listening_end(nap.from, ListeningEnd::Sleep);
            noted(board.store.write(end).await);
        } else if self.open {
            let written = board
                .store
                .write(move |t| {
                    t.end_listening(nap.from, ListeningEnd::Sleep)?;
                    t.begin_listening(nap.until)
                })
                .await;
            noted(written);
            (self.begun, self.kept) = (nap.until, nap.until);
        }
    }
}

fn noted(written: Result<(), StoreError>) -> bool {
    match written {
        Ok(()) => true,
        Err(StoreError::Closed) => false,
        Err(error) => {
            tracing::warn!(%error, "when we could be reached is not written down");
            false
        }
    }
}
