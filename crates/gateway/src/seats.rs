//! Who may stay when all seats are taken.
//!
//! A caller that is silent, or drips its bytes, must not keep a genuine one waiting. When there is no seat left, the
//! one that has been waited for longest has to leave; a provider simply calls again. Nobody is sent away whose
//! request has been heard to its end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a caller may be silent before it has to make room for another: a provider's bytes come at once.
const MOMENT: Duration = Duration::from_millis(250);

/// All seats.
#[derive(Debug, Clone)]
pub(crate) struct Seats {
    free: Arc<Semaphore>,
    /// Callers we wait for, the one that has kept us waiting longest first.
    silent: Arc<Mutex<Silent>>,
}

#[derive(Debug, Default)]
struct Silent {
    next: u64,
    callers: BTreeMap<u64, Waited>,
}

/// A caller we wait for.
#[derive(Debug)]
struct Waited {
    since: Instant,
    leave: CancellationToken,
}

impl Seats {
    pub(crate) fn new(number: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(number)),
            silent: Arc::default(),
        }
    }

    /// Gives a caller a seat. When there is none, the caller that has been silent longest makes room, once it has had
    /// a moment to speak; when all are being answered, this waits. `None` when there will be no more seats.
    pub(crate) async fn take(&self) -> Option<Caller> {
        let seat = loop {
            let free = Arc::clone(&self.free).acquire_owned();
            match tokio::time::timeout_at(self.next_to_leave(), free).await {
                Ok(seat) => break seat.ok()?,
                Err(_) => self.send_one_away(),
            }
        };
        let caller = Caller {
            seats: self.clone(),
            leave: CancellationToken::new(),
            place: Arc::default(),
            _seat: Arc::new(seat),
        };
        caller.waits();
        Some(caller)
    }

    fn silent(&self) -> MutexGuard<'_, Silent> {
        self.silent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when the caller that has been silent longest has had its moment.
    fn next_to_leave(&self) -> Instant {
        let longest = self
            .silent()
            .callers
            .first_key_value()
            .map(|(_, caller)| caller.since);
        longest.unwrap_or_else(Instant::now) + MOMENT
    }

    fn send_one_away(&self) {
        let mut silent = self.silent();
        if let Some(longest) = silent.callers.first_entry()
            && longest.get().since.elapsed() >= MOMENT
        {
            longest.remove().leave.cancel();
        }
    }
}

/// Somebody on a seat. The seat is free again when all clones are gone.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    seats: Seats,
    leave: CancellationToken,
    place: Arc<Mutex<Option<u64>>>,
    _seat: Arc<OwnedSemaphorePermit>,
}

impl Caller {
    /// We wait for the caller to speak, or to go on.
    pub(crate) fn waits(&self) {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        let mut silent = self.seats.silent();
        let number = silent.next;
        silent.next += 1;
        let (since, leave) = (Instant::now(), self.leave.clone());
        silent.callers.insert(number, Waited { since, leave });
        if let Some(before) = place.replace(number) {
            silent.callers.remove(&before);
        }
    }

    /// The request has been heard to its end: from now on the caller waits for us.
    pub(crate) fn has_spoken(&self) {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = place.take() {
            self.seats.silent().callers.remove(&number);
        }
    }

    /// Returns whether we are still waiting for the caller to say all.
    pub(crate) fn is_silent(&self) -> bool {
        self.place
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some()
    }

    /// Returns when the caller has to leave.
    pub(crate) async fn sent_away(&self) {
        self.leave.cancelled().await;
    }
}
