//! The way of our files to the provider. A message waits at its place until its file is there.

use crate::bell::Doorbell;
use crate::media::line::{LONGEST_SLEEP, Line, TROUBLE, hold_for, release};
use channels::whatsapp::{Account, CallFailure, FileToSend, UploadFailure};
use domain::{AttachmentId, Next, SendClass, SendFailure, next_step};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::{Attachment, Change, DueUpload, Hold, HoldClass, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Files under way at the same time.
const AT_ONCE: usize = 2;
/// How often progress is written down, at most.
const TOLD_EVERY: Duration = Duration::from_millis(500);
/// How long the provider keeps an upload: 30 days (whatsapp-cloud-api, section 6), less what sending may take.
const UPLOAD_LIVES: Duration = Duration::from_hours(30 * 24 - 12);
/// Tries before the message fails. With the pauses between them they take about 17 minutes.
const TRIES: u32 = 10;
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);
/// Pause while this computer has no network.
const OFFLINE_PAUSE: Duration = Duration::from_secs(15);

/// A file whose task is running.
struct Busy {
    attachment: AttachmentId,
    cancel: CancellationToken,
}

/// What became of one try.
enum Outcome {
    Uploaded(String),
    /// It is tried again then. `counts`: the provider had its try.
    Later {
        pause: Duration,
        trouble: Option<String>,
        counts: bool,
    },
    /// It will not be taken.
    Refused(Box<SendFailure>),
    /// Nothing can be asked of this channel now.
    Hold(Hold, String),
}

/// Uploads what is due until cancelled.
pub(crate) async fn run(line: Line, cancel: CancellationToken) {
    let mut bell = Doorbell::new(line.store.changes(), Change::Media);
    let mut busy: HashMap<tokio::task::Id, Busy> = HashMap::new();
    let mut under_way: JoinSet<()> = JoinSet::new();
    interrupted(&line).await;
    while !cancel.is_cancelled() {
        let wake = match begin_due(&line, &mut busy, &mut under_way).await {
            Ok(wake) => wake,
            Err(StoreError::Closed) => break,
            Err(error) => {
                tracing::error!(%error, "uploads wait until the database can be used again");
                TROUBLE
            }
        };
        tokio::select! {
            () = cancel.cancelled() => break,
            open = bell.ring() => if !open { break },
            Some(ended) = under_way.join_next_with_id() => {
                let (id, fell) = match ended {
                    Ok((id, ())) => (id, false),
                    Err(error) => (error.id(), true),
                };
                if let Some(known) = busy.remove(&id).filter(|_| fell) {
                    fell_over(&line, known.attachment).await;
                }
            }
            () = tokio::time::sleep(wake) => {}
        }
    }
    under_way.shutdown().await;
    interrupted(&line).await;
}

/// Uploads that were under way begin again: half of one is nothing.
async fn interrupted(line: &Line) {
    let now = line.clock.now();
    line.record(move |transaction| transaction.name_interrupted_uploads(now).map(drop))
        .await;
}

/// Begins every upload that may begin, and stops those nobody waits for any more.
async fn begin_due(
    line: &Line,
    busy: &mut HashMap<tokio::task::Id, Busy>,
    under_way: &mut JoinSet<()>,
) -> Result<Duration, StoreError> {
    let now = line.clock.now();
    let ids: Vec<AttachmentId> = busy.values().map(|known| known.attachment).collect();
    let (due, next, unwanted) = line
        .store
        .read(move |reader| {
            Ok((
                reader.due_uploads(now, 64)?,
                reader.next_upload_at(now)?,
                reader.unwanted_uploads(&ids)?,
            ))
        })
        .await?;
    for known in busy.values().filter(|known| unwanted.contains(&known.attachment)) {
        known.cancel.cancel();
    }
    for file in due {
        if under_way.len() >= AT_ONCE {
            break;
        }
        let id = file.attachment.id;
        if busy.values().any(|known| known.attachment == id) {
            continue;
        }
        let known = Busy {
            attachment: id,
            cancel: CancellationToken::new(),
        };
        let (line, cancel) = (line.clone(), known.cancel.clone());
        let task = under_way.spawn(async move { bring(&line, file, &cancel).await });
        busy.insert(task.id(), known);
    }
    let wake = next.map_or(LONGEST_SLEEP, |at| at.since(now)).min(LONGEST_SLEEP);
    Ok(wake.max(Duration::from_millis(1)))
}

async fn fell_over(line: &Line, id: AttachmentId) {
    tracing::error!(attachment = %id, "an upload fell over");
    let due_at = line.clock.now().plus(LONGEST_PAUSE);
    line.record(move |transaction| transaction.settle_upload_later(id, due_at, None, true))
        .await;
}

/// Uploads one file and writes down what became of it.
async fn bring(line: &Line, due: DueUpload, cancel: &CancellationToken) {
    let file = due.attachment;
    let (id, channel) = (file.id, file.channel_id.clone());
    let account = match line.open(&channel).await {
        Ok(Some((_, account))) => account,
        Ok(None) => return,
        Err(error) => {
            tracing::warn!(%error, "a file is uploaded later");
            return;
        }
    };
    match line
        .store
        .write(move |transaction| transaction.begin_upload(id))
        .await
    {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => {
            tracing::warn!(%error, "a file is uploaded later");
            return;
        }
    }
    let outcome = upload(line, &account, &file, cancel).await;
    let now = line.clock.now();
    match outcome {
        Outcome::Uploaded(media_id) => {
            line.record(move |transaction| {
                release(transaction, &channel)?;
                transaction.settle_uploaded(id, &media_id, now.plus(UPLOAD_LIVES))
            })
            .await;
        }
        Outcome::Later {
            pause,
            trouble,
            counts,
        } => {
            let due_at = now.plus(pause);
            line.record(move |transaction| {
                transaction.settle_upload_later(id, due_at, trouble.as_deref(), counts)
            })
            .await;
        }
        Outcome::Refused(failure) => {
            tracing::warn!(attachment = %id, detail = failure.detail, "a file of ours was refused");
            line.record(move |transaction| transaction.refuse_upload(id, &failure))
                .await;
        }
        Outcome::Hold(hold, trouble) => {
            // A wrong set-up is asked about through the channel; other holds concern messages only.
            let due_at = match hold.class {
                HoldClass::Configuration => now,
                HoldClass::Rate | HoldClass::Wait => hold.until,
            };
            line.record(move |transaction| {
                transaction.hold_channel(&channel, &hold)?;
                transaction.settle_upload_later(id, due_at, Some(&trouble), false)
            })
            .await;
        }
    }
}

async fn upload(line: &Line, account: &Account, file: &Attachment, cancel: &CancellationToken) -> Outcome {
    let name = file.file_name.clone().unwrap_or_else(|| "file".to_owned());
    let path = file
        .sha256
        .as_deref()
        .and_then(|sha256| line.cellar.path_of(sha256));
    let opened = match &path {
        Some(path) => tokio::fs::File::open(path).await.ok(),
        None => None,
    };
    let Some(opened) = opened else {
        let words = format!("{name} is not on this computer any more, so it was not sent. Attach it again.");
        return refusal(words, None);
    };
    let sending = FileToSend {
        file: opened,
        size: file.size.unwrap_or_default(),
        mime: file.mime_type.clone().unwrap_or_default(),
        file_name: name.clone(),
    };
    let sent = AtomicU64::new(0);
    let progress = |bytes| sent.store(bytes, Ordering::Relaxed);
    let uploading = line.graph.upload(account, sending, progress, cancel);
    tokio::pin!(uploading);
    let mut tell = tokio::time::interval(TOLD_EVERY);
    tell.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut told = 0;
    let result = loop {
        tokio::select! {
            result = &mut uploading => break result,
            _ = tell.tick() => {
                let now = sent.load(Ordering::Relaxed);
                if now != told {
                    told = now;
                    let id = file.id;
                    // Only for the eye: what could not be written is written half a second later.
                    drop(line.store.write(move |transaction| transaction.note_upload(id, now)).await);
                }
            }
        }
    };
    match result {
        Ok(media_id) => Outcome::Uploaded(media_id),
        Err(UploadFailure::Cancelled) => Outcome::Later {
            pause: Duration::ZERO,
            trouble: None,
            counts: false,
        },
        Err(UploadFailure::File(error)) => refusal(
            format!(
                "{name} could not be read from this computer's disk, so it was not sent. Attach it again."
            ),
            Some(error.to_string()),
        ),
        Err(failure @ UploadFailure::Stalled) => again(file, &name, failure.to_string(), None),
        Err(UploadFailure::Call(failure)) => judged(line, file, &name, &failure),
    }
}

/// Says what a failed call means for the file and its message.
fn judged(line: &Line, file: &Attachment, name: &str, failure: &CallFailure) -> Outcome {
    let now = line.clock.now();
    if let Some(hold) = hold_for(failure, now) {
        return Outcome::Hold(hold, failure.words.to_owned());
    }
    match failure.class {
        SendClass::Never => refusal(
            format!(
                "WhatsApp did not accept {name}, so the customer will not get it. Check its type and size, and send another one."
            ),
            Some(support(failure)),
        ),
        SendClass::Offline => Outcome::Later {
            pause: OFFLINE_PAUSE,
            trouble: Some(failure.words.to_owned()),
            counts: false,
        },
        SendClass::Transient { .. } | SendClass::PairRate => {
            again(file, name, failure.words.to_owned(), Some(support(failure)))
        }
        SendClass::NumberRate | SendClass::Wait | SendClass::Configuration => hold(failure, now),
    }
}

/// What concerns the whole channel holds it, as a refused message does.
fn hold(failure: &CallFailure, now: domain::Timestamp) -> Outcome {
    let told = SendFailure {
        class: failure.class,
        code: failure.code,
        subcode: failure.subcode,
        title: failure.words.to_owned(),
        detail: failure.detail.clone(),
        retry_after: None,
    };
    let (until, class) = match (next_step(&told, 1, now, 1.0), failure.class) {
        (Next::HoldChannel { until, tell: false }, _) => (until, HoldClass::Rate),
        (Next::HoldChannel { until, .. }, SendClass::Configuration) => (until, HoldClass::Configuration),
        (Next::HoldChannel { until, .. } | Next::Retry(until), _) => (until, HoldClass::Wait),
        (Next::Fail, _) => (now.plus(LONGEST_PAUSE), HoldClass::Wait),
    };
    let hold = Hold {
        class,
        code: failure.code,
        subcode: failure.subcode,
        title: failure.code.is_none().then(|| failure.words.to_owned()),
        until,
    };
    Outcome::Hold(hold, failure.words.to_owned())
}

/// A trouble that passes: tried again with growing pauses, ten times at most.
fn again(file: &Attachment, name: &str, trouble: String, detail: Option<String>) -> Outcome {
    let tries = file.tries.saturating_add(1);
    if tries >= TRIES {
        return refusal(
            format!(
                "{name} could not be brought to WhatsApp in {TRIES} tries, so the customer did not get it. Send it again later."
            ),
            detail.or(Some(trouble)),
        );
    }
    Outcome::Later {
        pause: Duration::from_secs(2_u64.saturating_pow(tries)).min(LONGEST_PAUSE),
        trouble: Some(trouble),
        counts: true,
    }
}

/// The sentence names the file, so it stands instead of the code, whose words are about messages.
fn refusal(sentence: String, detail: Option<String>) -> Outcome {
    Outcome::Refused(Box::new(SendFailure {
        class: SendClass::Never,
        code: None,
        subcode: None,
        title: sentence,
        detail,
        retry_after: None,
    }))
}

/// What support needs to know of a refusal.
fn support(failure: &CallFailure) -> String {
    let code = failure.code.map(|code| format!("code {code}"));
    let subcode = failure.subcode.map(|subcode| format!("subcode {subcode}"));
    let trace = failure.trace.as_ref().map(|trace| format!("trace {trace}"));
    [code, subcode, failure.detail.clone(), trace]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}
