//! Keeps a tunnel open: opens it again when it ends, waits in between, and says how it stands.

use super::status::domain_of;
use super::wait::{dice, wait};
use super::{Ended, TroubleClass, TunnelConfig, TunnelPhase, TunnelStatus, TunnelTrouble};
use crate::door::Now;
use crate::server::Street;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a session may take to end when it is asked to.
const GOODBYE: Duration = Duration::from_secs(10);
/// A tunnel that was online for so long was open; one that ends sooner has failed once more.
const LASTING: Duration = Duration::from_secs(10);
/// For so long after a session ended without a word, the other side may still believe in it.
const GHOST: Duration = Duration::from_secs(45);

/// Keeps a tunnel open. Clones are handles to the same one.
#[derive(Clone)]
pub struct Keeper(Arc<Shared>);

struct Shared {
    street: Street,
    config: watch::Sender<TunnelConfig>,
    asked: Notify,
    report: Report,
}

/// What a session says, and hears.
pub struct Report {
    status: watch::Sender<TunnelStatus>,
    now: Now,
    woken: Notify,
    domain: watch::Sender<Option<String>>,
    sessions: AtomicU64,
    failures: AtomicU64,
}

/// How often a tunnel was opened and lost since the program started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// How often it came online.
    pub sessions: u64,
    /// How often it was lost or could not be opened.
    pub failures: u64,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper")
            .field("status", &*self.0.report.status.borrow())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report").finish_non_exhaustive()
    }
}

impl Report {
    /// The tunnel is online at this address.
    pub fn online(&self, url: &str) {
        let url = url.trim_end_matches('/').to_owned();
        self.sessions.fetch_add(1, Ordering::Relaxed);
        self.domain.send_replace(domain_of(&url).map(str::to_owned));
        let since = (self.now)();
        self.status.send_modify(|status| {
            status.phase = TunnelPhase::Online;
            status.url = Some(url);
            status.since = since;
            status.trouble = None;
            status.attempt = 0;
            status.next_try = None;
        });
    }

    /// Returns when the network has changed or the computer has slept: a good moment to see whether the other side is
    /// still there.
    pub async fn woken(&self) {
        self.woken.notified().await;
    }

    fn is_online(&self) -> bool {
        self.status.borrow().phase == TunnelPhase::Online
    }

    fn set(&self, phase: TunnelPhase, change: impl FnOnce(&mut TunnelStatus)) {
        let since = (self.now)();
        self.status.send_modify(|status| {
            status.phase = phase;
            status.since = since;
            status.next_try = None;
            change(status);
        });
    }
}

/// What a session was interrupted by.
enum Interruption {
    Quit,
    Changed,
    Asked,
}

/// What happens next.
enum Next {
    Open,
    Wait(Duration),
    Stop,
    End,
}

impl Keeper {
    /// Prepares to keep the tunnel of `config` open in front of `street`. Nothing is opened before [`Keeper::keep`] runs.
    pub fn new(config: TunnelConfig, street: Street, now: Now) -> Self {
        let status = TunnelStatus::off(config.kind(), now());
        Self(Arc::new(Shared {
            street,
            config: watch::Sender::new(config),
            asked: Notify::new(),
            report: Report {
                status: watch::Sender::new(status),
                now,
                woken: Notify::new(),
                domain: watch::Sender::new(None),
                sessions: AtomicU64::new(0),
                failures: AtomicU64::new(0),
            },
        }))
    }

    /// Returns how the tunnel stands, and from then on every change. A change that is undone at once may not be seen;
    /// `since` then tells that there was one.
    pub fn status(&self) -> watch::Receiver<TunnelStatus> {
        self.0.report.status.subscribe()
    }

    /// The network has changed or the computer has slept: does not wait any longer for the next try, and has a tunnel
    /// that believes to be online prove it.
    pub fn wake(&self) {
        self.0.report.woken.notify_one();
    }

    /// Opens the tunnel anew, also when it was given up: somebody asked for it.
    pub fn reconnect(&self) {
        self.0.asked.notify_one();
    }

    /// Goes another way from now on, and returns whether it is another one. Does nothing when it is the way taken already,
    /// also when only the domain is new and is the one ngrok has given us.
    pub fn change(&self, config: TunnelConfig) -> bool {
        let domain = self.0.report.domain.borrow().clone();
        self.0.config.send_if_modified(|current| {
            if let Some(domain) = &domain {
                current.learn(domain);
            }
            if *current == config {
                return false;
            }
            *current = config;
            true
        })
    }

    /// Asks for the domain that ngrok gave us by name from now on, unless it is another way by now.
    fn learn(&self, interruption: Option<&Interruption>) {
        let domain = self.0.report.domain.send_replace(None);
        if let Some(domain) = domain
            && !matches!(interruption, Some(Interruption::Changed))
        {
            self.0.config.send_if_modified(|config| {
                config.learn(&domain);
                false
            });
        }
    }

    /// Returns how often the tunnel was opened and lost.
    pub fn counters(&self) -> Counters {
        Counters {
            sessions: self.0.report.sessions.load(Ordering::Relaxed),
            failures: self.0.report.failures.load(Ordering::Relaxed),
        }
    }

    /// Keeps the tunnel open until cancelled. One task at a time runs this.
    pub async fn keep(&self, cancel: &CancellationToken) {
        let report = &self.0.report;
        let mut config = self.0.config.subscribe();
        let mut kept = Kept::default();
        loop {
            let current = config.borrow_and_update().clone();
            let kind = current.kind();
            let next = match current.tunnel() {
                None => {
                    report
                        .status
                        .send_replace(TunnelStatus::off(kind, (report.now)()));
                    Next::Stop
                }
                Some(tunnel) => {
                    let afresh = kept.attempt == 0;
                    report.set(TunnelPhase::Connecting, |status| {
                        if status.kind != kind {
                            status.kind = kind;
                            status.url = None;
                        }
                        if afresh {
                            status.trouble = None;
                            status.attempt = 0;
                        }
                    });
                    let leave = cancel.child_token();
                    let (ended, interruption) = {
                        let session = tunnel.session(&self.0.street, report, leave.clone());
                        let mut session = std::pin::pin!(session);
                        tokio::select! {
                            ended = session.as_mut() => (Some(ended), None),
                            why = self.interrupted(&mut config, cancel) => {
                                leave.cancel();
                                if !matches!(why, Interruption::Quit) {
                                    report.set(TunnelPhase::Connecting, |_| {});
                                }
                                // What it says now is of no interest any more.
                                drop(tokio::time::timeout(GOODBYE, session).await);
                                (None, Some(why))
                            }
                        }
                    };
                    self.learn(interruption.as_ref());
                    match interruption {
                        Some(why) => kept.interrupted(&why),
                        None => kept.after(ended.unwrap_or(Ended::Left), report),
                    }
                }
            };
            match next {
                Next::Open => {}
                Next::End => break,
                Next::Stop => match self.interrupted(&mut config, cancel).await {
                    Interruption::Quit => break,
                    Interruption::Changed | Interruption::Asked => kept = Kept::default(),
                },
                Next::Wait(pause) => tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = report.woken() => {}
                    why = self.interrupted(&mut config, cancel) => match why {
                        Interruption::Quit => break,
                        Interruption::Changed | Interruption::Asked => kept = Kept::default(),
                    },
                },
            }
        }
        let kind = self.0.config.borrow().kind();
        report
            .status
            .send_replace(TunnelStatus::off(kind, (report.now)()));
    }

    async fn interrupted(
        &self,
        config: &mut watch::Receiver<TunnelConfig>,
        cancel: &CancellationToken,
    ) -> Interruption {
        tokio::select! {
            () = cancel.cancelled() => Interruption::Quit,
            // The sender lives as long as we do.
            _ = config.changed() => {
                // Where we were reached does not tell where we will be.
                self.0.report.status.send_if_modified(|status| {
                    status.url = None;
                    false
                });
                Interruption::Changed
            }
            () = self.0.asked.notified() => Interruption::Asked,
        }
    }
}

/// What is remembered from one session to the next.
#[derive(Default)]
struct Kept {
    attempt: u32,
    lost: Option<Instant>,
}

impl Kept {
    fn interrupted(&mut self, why: &Interruption) -> Next {
        *self = Self::default();
        match why {
            Interruption::Quit => Next::End,
            Interruption::Changed | Interruption::Asked => Next::Open,
        }
    }

    fn after(&mut self, ended: Ended, report: &Report) -> Next {
        let trouble = match ended {
            Ended::Left => return Next::End,
            Ended::Again => return Next::Open,
            Ended::Trouble(trouble) => trouble,
        };
        report.failures.fetch_add(1, Ordering::Relaxed);
        if report.is_online() {
            self.lost = Some(Instant::now());
            let (since, now) = (report.status.borrow().since, (report.now)());
            if now.since(since) >= LASTING {
                self.attempt = 0;
            }
        }
        self.attempt = self.attempt.saturating_add(1);
        tracing::warn!(
            code = trouble.code,
            class = %trouble.class,
            attempt = self.attempt,
            "the tunnel is not open: {}",
            trouble.words
        );
        let pause = wait(self.pace(&trouble), self.attempt, dice());
        let attempt = self.attempt;
        match pause {
            None => {
                report.set(TunnelPhase::Stopped, |status| {
                    status.trouble = Some(trouble);
                    status.attempt = attempt;
                });
                Next::Stop
            }
            Some(pause) => {
                let next_try = (report.now)().plus(pause);
                report.set(TunnelPhase::Waiting, |status| {
                    status.trouble = Some(trouble);
                    status.attempt = attempt;
                    status.next_try = Some(next_try);
                });
                Next::Wait(pause)
            }
        }
    }

    /// Returns how eagerly to try again. After our own session was lost, ngrok may believe for some seconds that it
    /// still holds the address: that is over sooner than another copy of the program would be.
    fn pace(&self, trouble: &TunnelTrouble) -> TroubleClass {
        let ghost = self.lost.is_some_and(|at| at.elapsed() < GHOST);
        if ghost && trouble.class == TroubleClass::Slow {
            TroubleClass::Network
        } else {
            trouble.class
        }
    }
}
