//! The media room: fetches what customers sent, as long as the provider has it.
//!
//! An address lives for five minutes and an id for seven days (whatsapp-cloud-api, section 6), so a file is fetched as
//! soon as its message is stored, and tried again with growing pauses. A file under way is a nameless one on the
//! doorstep; it gets its place when all of it is there, and its row after that.

use crate::bell::Doorbell;
use crate::media::LARGEST;
use crate::media::broom;
use crate::media::lanes::{Candidate, Lanes, Step};
use crate::media::line::{LONGEST_SLEEP, Line, TROUBLE, hold_for, release};
use channels::whatsapp::{Account, CallFailure, DownloadFailure, MediaHosts, is_media_id};
use domain::{AttachmentId, AttachmentState, ChannelId, SendClass, Timestamp};
use media::{Incoming, IncomingError, Sha256Sum, Stored};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use store::{Attachment, Change, Channel, DueFetch, Hold, StoreError, StoredFile};
use tokio::sync::OwnedRwLockReadGuard;
use tokio::task::{AbortHandle, JoinError, JoinSet, spawn_blocking};
use tokio_util::sync::CancellationToken;

/// Files of one channel that are looked at in one go: more than can be under way.
const EACH: u32 = 16;
/// How long the address in a webhook can be used (whatsapp-cloud-api, section 6).
const ADDRESS_LIVES: Duration = Duration::from_mins(5);
/// How long the provider keeps a customer's file (whatsapp-cloud-api, section 6).
const ID_LIVES: Duration = Duration::from_hours(7 * 24);
/// Pauses after the first, second ... try in vain; the last one goes on.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_hours(1),
];
/// Pause while this computer has no network.
const OFFLINE_PAUSE: Duration = Duration::from_secs(30);
/// Pause after the work on a file fell over.
const FALL_PAUSE: Duration = Duration::from_mins(10);

const EXPIRED: &str = "WhatsApp keeps files for seven days and does not have this one any more. Ask the customer to send it again.";
const NOT_AS_SENT: &str = "The file did not arrive as it was sent, twice. Fetch it again later, or ask the customer to send it once more.";
const NO_PLACE: &str =
    "WhatsApp did not say where this file lies, so it cannot be fetched. Ask the customer to send it again.";
const TOO_LARGE: &str =
    "The file is larger than 100 MB, which is the most that is accepted. Ask the customer for a smaller one.";
const SLOW: &str =
    "This file comes slowly, and others were waiting behind it. It is fetched again by itself.";
const FELL: &str = "A fault in Deskbell stopped the fetching of this file. It is tried again by itself.";

/// What became of one try.
enum Outcome {
    /// It is here.
    Stored(Box<StoredFile>, OwnedRwLockReadGuard<()>),
    /// It may come later. `counts`: the provider had its try.
    Later { trouble: String, counts: bool },
    /// It will not come by itself.
    Lost(AttachmentState, String),
    /// Nothing can be asked of this channel now.
    Hold(Hold, String),
    /// The channel waits already.
    Nothing,
}

/// A file whose task is running.
struct Busy {
    attachment: AttachmentId,
    channel: ChannelId,
    task: AbortHandle,
}

/// What is being fetched.
#[derive(Default)]
struct Work {
    lanes: Lanes,
    busy: HashMap<tokio::task::Id, Busy>,
    under_way: JoinSet<bool>,
    /// Channels whose last file did not come: one at a time there.
    faltering: HashSet<ChannelId>,
}

/// Fetches what is due until cancelled.
pub(crate) async fn run(line: Line, cancel: CancellationToken) {
    let mut bell = Doorbell::new(line.store.changes(), Change::Media);
    let mut work = Work::default();
    while !cancel.is_cancelled() {
        let mut wake = match begin_due(&line, &mut work).await {
            Ok(wake) => wake,
            Err(StoreError::Closed) => break,
            Err(error) => {
                tracing::error!(%error, "files wait until the database can be used again");
                TROUBLE
            }
        };
        if !broom::sweep(&line).await {
            wake = wake.min(Duration::from_secs(1));
        }
        tokio::select! {
            () = cancel.cancelled() => break,
            open = bell.ring() => if !open { break },
            Some(ended) = work.under_way.join_next_with_id() => work.ended(&line, ended).await,
            () = tokio::time::sleep(wake) => {}
        }
    }
    // What is under way has no place yet: it vanishes, and its row is due at the next start.
    work.under_way.shutdown().await;
}

impl Work {
    /// A task ended, or was made to.
    async fn ended(&mut self, line: &Line, ended: Result<(tokio::task::Id, bool), JoinError>) {
        let (id, came, is_put_off, has_fallen) = match ended {
            Ok((id, came)) => (id, came, false, false),
            Err(error) => (error.id(), false, error.is_cancelled(), error.is_panic()),
        };
        let Some(known) = self.busy.remove(&id) else {
            return;
        };
        self.lanes.end(known.attachment);
        if came {
            self.faltering.remove(&known.channel);
        } else if !is_put_off {
            self.faltering.insert(known.channel);
        }
        if has_fallen {
            fell(line, known.attachment).await;
        }
    }
}

/// Begins every file that may begin; returns how long to sleep when nothing rings.
async fn begin_due(line: &Line, work: &mut Work) -> Result<Duration, StoreError> {
    let now = line.clock.now();
    if !work.lanes.has_room(now) {
        return Ok(LONGEST_SLEEP);
    }
    let (due, next, mut careful) = line
        .store
        .read(move |reader| {
            let held: HashSet<ChannelId> = reader
                .channels()?
                .into_iter()
                .filter(|channel| channel.hold.is_some())
                .map(|channel| channel.id)
                .collect();
            Ok((reader.due_fetches(now, EACH)?, reader.next_fetch_at(now)?, held))
        })
        .await?;
    careful.extend(work.faltering.iter().cloned());
    let candidates = due.iter().map(|file| Candidate {
        attachment: file.attachment.id,
        channel: file.attachment.channel_id.clone(),
        tried: file.attachment.tries > 0,
    });
    let steps = work.lanes.fill(candidates.collect(), &careful, now);
    let mut due: HashMap<AttachmentId, DueFetch> =
        due.into_iter().map(|file| (file.attachment.id, file)).collect();
    for step in steps {
        match step {
            Step::PutOff(id) => {
                if let Some(known) = work.busy.values().find(|known| known.attachment == id) {
                    known.task.abort();
                }
                tracing::info!(attachment = %id, "a slow file makes room for others");
                let due_at = now.plus(pause(0, true));
                line.record(move |transaction| transaction.settle_fetch_later(id, due_at, SLOW, true))
                    .await;
            }
            Step::Begin(Candidate {
                attachment, channel, ..
            }) => {
                let Some(file) = due.remove(&attachment) else {
                    continue;
                };
                let line = line.clone();
                let task = work.under_way.spawn(async move { bring(&line, file).await });
                work.busy.insert(
                    task.id(),
                    Busy {
                        attachment,
                        channel,
                        task,
                    },
                );
            }
        }
    }
    let wake = next.map_or(LONGEST_SLEEP, |at| at.since(now)).min(LONGEST_SLEEP);
    Ok(wake.max(Duration::from_millis(1)))
}

/// The work on a file fell over: it is left alone for a while, or it would fall over for ever.
async fn fell(line: &Line, id: AttachmentId) {
    tracing::error!(attachment = %id, "the fetching of a file fell over");
    let due_at = line.clock.now().plus(FALL_PAUSE);
    line.record(move |transaction| transaction.settle_fetch_later(id, due_at, FELL, true))
        .await;
}

/// Tries one file and writes down what became of it. Returns whether it came.
async fn bring(line: &Line, due: DueFetch) -> bool {
    let file = &due.attachment;
    let (id, channel) = (file.id, file.channel_id.clone());
    let outcome = match line.open(&channel).await {
        Ok(Some((known, account))) => fetch(line, &known, &account, file).await,
        Ok(None) | Err(StoreError::Closed) => Outcome::Nothing,
        Err(error) => Outcome::Later {
            trouble: format!("The database could not be read: {error}"),
            counts: false,
        },
    };
    let now = line.clock.now();
    let gone = now >= due.since.plus(ID_LIVES);
    match outcome {
        Outcome::Stored(stored, naming) => {
            line.record(move |transaction| {
                release(transaction, &channel)?;
                transaction.settle_stored(id, &stored)
            })
            .await;
            drop(naming);
            return true;
        }
        Outcome::Later { counts, .. } if gone && counts => {
            tracing::warn!(attachment = %id, "a file is not there any more");
            line.record(move |transaction| transaction.settle_lost(id, AttachmentState::Expired, EXPIRED))
                .await;
        }
        Outcome::Later { trouble, counts } => {
            tracing::info!(attachment = %id, trouble, "a file is fetched later");
            let due_at = now.plus(pause(file.tries, counts));
            line.record(move |transaction| transaction.settle_fetch_later(id, due_at, &trouble, counts))
                .await;
        }
        Outcome::Lost(state, trouble) => {
            tracing::warn!(attachment = %id, trouble, "a file does not come");
            line.record(move |transaction| transaction.settle_lost(id, state, &trouble))
                .await;
        }
        Outcome::Hold(hold, trouble) => {
            line.record(move |transaction| {
                transaction.hold_channel(&channel, &hold)?;
                transaction.settle_fetch_later(id, now, &trouble, false)
            })
            .await;
        }
        Outcome::Nothing => {}
    }
    false
}

fn pause(tries: u32, counts: bool) -> Duration {
    if !counts {
        return OFFLINE_PAUSE;
    }
    let place = usize::try_from(tries).unwrap_or(usize::MAX);
    let last = Duration::from_hours(1);
    PAUSES.get(place).copied().unwrap_or(last)
}

/// Fetches a file: from the address the webhook gave while that lives, else from the one the provider gives now.
async fn fetch(line: &Line, channel: &Channel, account: &Account, file: &Attachment) -> Outcome {
    let hosts = MediaHosts::with_origins(&channel.media_hosts).unwrap_or_else(|odd| {
        tracing::warn!(channel = %channel.id, %odd, "no further media hosts are used");
        MediaHosts::default()
    });
    let try_ = Try {
        line,
        account,
        hosts: &hosts,
        file,
    };
    let mut mismatches = 0;
    let young = line.clock.now() < file.created_at.plus(ADDRESS_LIVES);
    let mut last = None;
    if let Some(url) = file.url.as_deref().filter(|_| young) {
        match try_.get(url, None).await {
            Got::Whole(stored, naming) => return described(line, file, stored, naming).await,
            Got::Other => mismatches += 1,
            Got::Failed(failure @ (DownloadFailure::Disk(_) | DownloadFailure::TooLarge { .. })) => {
                return judged(&failure);
            }
            Got::Failed(failure) => last = Some(judged(&failure)),
        }
    }
    let Some(media_id) = file.media_id.as_deref().filter(|id| is_media_id(id)) else {
        return last.unwrap_or_else(|| Outcome::Lost(AttachmentState::Failed, NO_PLACE.to_owned()));
    };
    loop {
        let info = match line.graph.media_info(account, media_id).await {
            Ok(info) => info,
            Err(failure) => return refused(&failure, line.clock.now()),
        };
        match try_.get(&info.url, info.sha256.as_deref()).await {
            Got::Whole(stored, naming) => return described(line, file, stored, naming).await,
            Got::Other if mismatches > 0 => {
                return Outcome::Lost(AttachmentState::Failed, NOT_AS_SENT.to_owned());
            }
            Got::Other => mismatches += 1,
            Got::Failed(failure) => return judged(&failure),
        }
    }
}

/// What came of asking for the bytes.
enum Got {
    /// All of it, and it is what was promised. The guard keeps it until a row names it.
    Whole(Stored, OwnedRwLockReadGuard<()>),
    /// Something else than was promised.
    Other,
    /// Not all of it.
    Failed(DownloadFailure),
}

/// One try at one file.
struct Try<'a> {
    line: &'a Line,
    account: &'a Account,
    hosts: &'a MediaHosts,
    file: &'a Attachment,
}

impl Try<'_> {
    /// Fetches the bytes and compares them with every sum that was promised.
    async fn get(&self, url: &str, promised: Option<&str>) -> Got {
        let cellar = &self.line.cellar;
        let mut incoming = match cellar.room().incoming(LARGEST) {
            Ok(incoming) => incoming,
            Err(error) => return Got::Failed(DownloadFailure::Disk(error)),
        };
        let came = self.pour(url, &mut incoming).await;
        if let Err(failure) = came {
            return Got::Failed(failure);
        }
        let naming = cellar.naming().await;
        let stored = match spawn_blocking(move || incoming.finish()).await {
            Ok(Ok(stored)) => stored,
            Ok(Err(error)) => return Got::Failed(DownloadFailure::Disk(error)),
            Err(error) => return Got::Failed(DownloadFailure::Disk(std::io::Error::other(error))),
        };
        let sums = [self.file.claimed_sha256.as_deref(), promised];
        let sums = sums.into_iter().flatten().filter_map(Sha256Sum::parse_any);
        if sums.into_iter().all(|sum| sum == stored.sha256) {
            return Got::Whole(stored, naming);
        }
        tracing::warn!(attachment = %self.file.id, "a file is not the one that was promised");
        let other = stored.sha256.hex();
        self.line
            .record(move |transaction| transaction.forget_content(Some(&other)))
            .await;
        Got::Other
    }

    async fn pour(&self, url: &str, incoming: &mut Incoming) -> Result<(), DownloadFailure> {
        let graph = &self.line.graph;
        let mut sink = |bytes: &[u8]| {
            incoming.write(bytes).map_err(|error| match error {
                IncomingError::Disk(error) => error,
                IncomingError::TooLarge { .. } => std::io::Error::other(error),
            })
        };
        if is_page(self.file) {
            graph
                .download_page(self.account, url, self.hosts, LARGEST, &mut sink)
                .await?;
        } else {
            graph
                .download(self.account, url, self.hosts, LARGEST, &mut sink)
                .await?;
        }
        Ok(())
    }
}

/// Whether the customer sent a web page, which is otherwise what a dead address or token gets.
fn is_page(file: &Attachment) -> bool {
    let mime = file
        .claimed_mime
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    mime.contains("html")
}

async fn described(
    line: &Line,
    file: &Attachment,
    stored: Stored,
    naming: OwnedRwLockReadGuard<()>,
) -> Outcome {
    let (mime, name) = (file.claimed_mime.clone(), file.claimed_name.clone());
    match line.cellar.described(stored, mime, name).await {
        Ok(described) => Outcome::Stored(Box::new(described), naming),
        Err(error) => judged(&DownloadFailure::Disk(error)),
    }
}

/// Says what a failed download means for the file.
fn judged(failure: &DownloadFailure) -> Outcome {
    match failure {
        DownloadFailure::TooLarge { .. } => Outcome::Lost(AttachmentState::Failed, TOO_LARGE.to_owned()),
        DownloadFailure::Forbidden { reason } => {
            tracing::warn!(reason, "the address of a file is not trusted");
            Outcome::Lost(AttachmentState::Failed, failure.to_string())
        }
        DownloadFailure::Redirected => Outcome::Lost(AttachmentState::Failed, failure.to_string()),
        DownloadFailure::Disk(_) => Outcome::Later {
            trouble: format!("{failure}. Make room on it; the file is fetched again by itself."),
            counts: false,
        },
        DownloadFailure::Unreachable(_) => Outcome::Later {
            trouble: failure.to_string(),
            counts: false,
        },
        failure => Outcome::Later {
            trouble: failure.to_string(),
            counts: true,
        },
    }
}

/// Says what it means that the provider would not say where the file lies.
fn refused(failure: &CallFailure, now: Timestamp) -> Outcome {
    if let Some(hold) = hold_for(failure, now) {
        return Outcome::Hold(hold, failure.words.to_owned());
    }
    match (failure.code, failure.subcode, failure.class) {
        // No such object (whatsapp-cloud-api, section 8.2).
        (Some(100), Some(33), _) => Outcome::Lost(AttachmentState::Expired, EXPIRED.to_owned()),
        (Some(_), _, SendClass::Never) => Outcome::Lost(AttachmentState::Failed, failure.words.to_owned()),
        (_, _, SendClass::Offline) => Outcome::Later {
            trouble: failure.words.to_owned(),
            counts: false,
        },
        _ => Outcome::Later {
            trouble: failure.words.to_owned(),
            counts: true,
        },
    }
}
