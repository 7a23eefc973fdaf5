//! One thread that owns a place of keeping, and a bounded wait for its answers.
//!
//! A keychain may block for as long as nobody answers its password window. So the thread is detached: it holds up
//! neither the runtime nor the end of the process, which a blocking task of the runtime would.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use crate::{Secret, SecretName, VaultError, backend::Backend};

/// How long one answer may take. A keychain that works answers in milliseconds; longer means that it waits for a
/// person, who should then read a sentence instead of watching a frozen window.
const PATIENCE: Duration = Duration::from_secs(8);

/// A keychain that said it is locked is not asked again by itself for so long: each question may open a window.
const QUIET: Duration = Duration::from_mins(2);

/// The handle of the thread. The thread ends when the last handle is gone and it has nothing left to do.
pub(crate) struct Keeper {
    requests: mpsc::Sender<Request>,
    shared: Arc<Mutex<Shared>>,
    patience: Duration,
}

struct Request {
    task: Task,
    answer: oneshot::Sender<Answer>,
}

enum Task {
    Read(SecretName),
    Write(SecretName, Secret),
    Delete(SecretName),
    Probe,
}

type Answer = Result<Option<Secret>, VaultError>;

/// What the thread and its callers both see.
#[derive(Default)]
struct Shared {
    /// Secrets already read, when they may be remembered. Only the thread writes here, in the order of its work, so a
    /// slow read can never put an old value over a newer one.
    remembered: Option<HashMap<SecretName, Secret>>,
    /// The number of the request the thread is working on.
    current: Option<u64>,
    /// The request during which a caller lost patience. While it is still the current one, others need not wait.
    overdue: Option<u64>,
    /// When the place last said that it is locked.
    locked_at: Option<Instant>,
}

impl Keeper {
    /// Starts a thread that asks `backend` every time.
    pub(crate) fn new(backend: Box<dyn Backend>) -> Self {
        Self::start(backend, Shared::default(), PATIENCE)
    }

    /// Starts a thread that asks `backend` for each secret once and remembers it, so that secrets in use stay readable
    /// while a keychain is locked again.
    pub(crate) fn remembering(backend: Box<dyn Backend>) -> Self {
        let shared = Shared {
            remembered: Some(HashMap::new()),
            ..Shared::default()
        };
        Self::start(backend, shared, PATIENCE)
    }

    fn start(backend: Box<dyn Backend>, shared: Shared, patience: Duration) -> Self {
        let (requests, inbox) = mpsc::channel();
        let shared = Arc::new(Mutex::new(shared));
        let thread = Thread {
            backend,
            shared: Arc::clone(&shared),
        };
        // When the thread cannot start, `inbox` is dropped with it and every call says so.
        if let Err(error) = thread::Builder::new()
            .name("vault".to_owned())
            .spawn(move || thread.run(&inbox))
        {
            tracing::error!(%error, "the vault's thread did not start");
        }
        Self {
            requests,
            shared,
            patience,
        }
    }

    pub(crate) async fn read(&self, name: &SecretName) -> Answer {
        let remembered = lock(&self.shared)
            .remembered
            .as_ref()
            .and_then(|known| known.get(name).cloned());
        match remembered {
            Some(secret) => Ok(Some(secret)),
            None if lock(&self.shared).is_locked() => Err(VaultError::Locked),
            None => self.ask(Task::Read(name.clone())).await,
        }
    }

    pub(crate) async fn write(&self, name: &SecretName, secret: &Secret) -> Result<(), VaultError> {
        self.ask(Task::Write(name.clone(), secret.clone()))
            .await
            .map(drop)
    }

    pub(crate) async fn delete(&self, name: &SecretName) -> Result<(), VaultError> {
        self.ask(Task::Delete(name.clone())).await.map(drop)
    }

    pub(crate) async fn probe(&self) -> Result<(), VaultError> {
        self.ask(Task::Probe).await.map(drop)
    }

    async fn ask(&self, task: Task) -> Answer {
        if lock(&self.shared).is_overdue() {
            return Err(VaultError::TimedOut);
        }
        let (answer, reply) = oneshot::channel();
        self.requests.send(Request { task, answer }).map_err(|_| gone())?;
        if let Ok(reply) = tokio::time::timeout(self.patience, reply).await {
            return reply.map_err(|_| gone())?;
        }
        let mut shared = lock(&self.shared);
        shared.overdue = shared.current;
        Err(VaultError::TimedOut)
    }
}

impl Shared {
    /// Whether it said so lately. A person who stores something or asks anew is not told this, but asked.
    fn is_locked(&self) -> bool {
        self.locked_at.is_some_and(|at| at.elapsed() < QUIET)
    }

    fn is_overdue(&self) -> bool {
        self.current.is_some() && self.current == self.overdue
    }
}

/// What runs on the thread.
struct Thread {
    backend: Box<dyn Backend>,
    shared: Arc<Mutex<Shared>>,
}

impl Thread {
    fn run(mut self, inbox: &mpsc::Receiver<Request>) {
        for (number, request) in (1..).zip(inbox.iter()) {
            // Its caller was told that it failed; doing it now would make that a lie.
            if request.answer.is_closed() {
                continue;
            }
            lock(&self.shared).current = Some(number);
            let answer = catch_unwind(AssertUnwindSafe(|| perform(self.backend.as_mut(), &request.task)))
                .unwrap_or_else(|_| {
                    Err(VaultError::Absent {
                        reason: "its client failed".to_owned(),
                    })
                });
            {
                let mut shared = lock(&self.shared);
                shared.current = None;
                shared.locked_at = matches!(answer, Err(VaultError::Locked)).then(Instant::now);
                shared.remember(&request.task, &answer);
            }
            if request.answer.send(answer).is_err() {
                tracing::debug!("an answer of the vault came too late");
            }
        }
    }
}

impl Shared {
    fn remember(&mut self, task: &Task, answer: &Answer) {
        let Some(known) = &mut self.remembered else { return };
        match (task, answer) {
            (Task::Read(name), Ok(Some(secret))) | (Task::Write(name, secret), Ok(_)) => {
                known.insert(name.clone(), secret.clone());
            }
            // After a failed write nobody knows which of the two is stored.
            (Task::Write(name, _) | Task::Delete(name), _) => {
                known.remove(name);
            }
            (Task::Read(_) | Task::Probe, _) => {}
        }
    }
}

fn perform(backend: &mut dyn Backend, task: &Task) -> Answer {
    match task {
        Task::Read(name) => backend.read(name),
        Task::Write(name, secret) => backend.write(name, secret).map(|()| None),
        Task::Delete(name) => backend.delete(name).map(|()| None),
        Task::Probe => backend.probe().map(|()| None),
    }
}

fn gone() -> VaultError {
    VaultError::Absent {
        reason: "its thread is not running; start Deskbell again".to_owned(),
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
