//! What the shop knows, kept ready for the next turn and made anew when any of it changes.

use crate::assistant_settings::AssistantSettings;
use crate::bell::Doorbell;
use assistant::knowledge::{Found, Frequencies, SECOND_LOOK, query, rescore};
use assistant::mind::Mind;
use assistant::skills::Label;
use assistant::think::{Signs, Sureness};
use domain::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{Change, Store, StoreError};
use tokio_util::sync::CancellationToken;

/// Decisions of people about real messages that are learnt from.
const LABELS: u32 = 5_000;
/// Passages that are read before one is chosen.
const PASSAGES: usize = 8;

/// The mind and what goes with it.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    /// What the shop knows.
    pub(crate) mind: Arc<Mind>,
    /// How the owner set the assistant.
    pub(crate) settings: Arc<AssistantSettings>,
}

/// The latest mind.
#[derive(Debug, Default)]
pub(crate) struct Minds {
    /// Raised whenever something it is made of changes.
    wanted: AtomicU64,
    made: tokio::sync::Mutex<Option<(u64, Ready)>>,
}

impl Minds {
    /// Something it is made of has changed.
    pub(crate) fn forget(&self) {
        self.wanted.fetch_add(1, Ordering::SeqCst);
    }

    /// Returns how long the skills took to learn; none while they are being learnt.
    pub(crate) fn trained(&self) -> Option<std::time::Duration> {
        let made = self.made.try_lock().ok()?;
        let (version, ready) = made.as_ref()?;
        (*version == self.wanted.load(Ordering::SeqCst)).then_some(ready.mind.trained)
    }

    /// Returns the mind, made anew if needed; a sentence when the settings cannot be read.
    pub(crate) async fn ready(&self, store: &Store) -> Result<Ready, String> {
        let mut made = self.made.lock().await;
        let wanted = self.wanted.load(Ordering::SeqCst);
        if let Some((_, ready)) = made.as_ref().filter(|(version, _)| *version == wanted) {
            return Ok(ready.clone());
        }
        let ready = make(store).await?;
        *made = Some((wanted, ready.clone()));
        Ok(ready)
    }
}

/// Keeps the mind up to date until cancelled, so that the next turn need not wait for it.
pub(crate) async fn keep(store: Store, minds: Arc<Minds>, cancel: CancellationToken) {
    let mut bell = Doorbell::new(store.changes(), Change::Knowledge);
    loop {
        if let Err(trouble) = minds.ready(&store).await {
            tracing::error!(trouble, "the assistant does nothing");
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            open = bell.ring() => if !open { return },
        }
        minds.forget();
    }
}

async fn make(store: &Store) -> Result<Ready, String> {
    let read = store
        .read(|reader| {
            Ok((
                AssistantSettings::read(reader)?,
                reader.skills()?,
                reader.labels(LABELS)?,
                reader.facts()?,
                reader.passage_count()?,
                reader.passage_terms()?,
                reader.judged_answers(LABELS)?,
            ))
        })
        .await
        .map_err(|error| format!("What the assistant knows cannot be read, so it does nothing: {error}."))?;
    let (settings, skills, labels, facts, passages, terms, judged) = read;
    let judged: Vec<(Signs, bool)> = judged
        .into_iter()
        .filter_map(|(trace, is_good)| {
            Some((serde_json::from_value(trace.get("signs")?.clone()).ok()?, is_good))
        })
        .collect();
    let settings = settings?;
    let labels: Vec<Label> = labels
        .into_iter()
        .map(|label| Label {
            text: label.text,
            skill: label.skill,
        })
        .collect();
    let mut mind = Mind {
        facts,
        hours: settings.hours.clone(),
        frequencies: Frequencies::new(passages, terms),
        texts: settings.texts.clone(),
        manner: settings.manner(),
        sureness: Sureness::learnt(&judged),
        ..Mind::default()
    };
    let learning = tokio::task::spawn_blocking(move || {
        // A fault in the matcher must not silence the knowledge base and the canned texts.
        let learnt = catch_unwind(AssertUnwindSafe(|| {
            fail::fail_point!("learning-skills");
            let mut learning = mind.clone();
            learning.learn(skills, &labels);
            learning
        }));
        if let Ok(learnt) = learnt {
            return learnt;
        }
        mind.trouble = Some("The skills could not be learnt.".to_owned());
        mind
    });
    let mind = learning
        .await
        .map_err(|_| "What the assistant knows could not be learnt.".to_owned())?;
    Ok(Ready {
        mind: Arc::new(mind),
        settings: Arc::new(settings),
    })
}

/// Returns the passages of the knowledge base that fit a question best, those that may be used now.
pub(crate) async fn look_up(
    store: &Store,
    ready: &Ready,
    question: &str,
    now: Timestamp,
) -> Result<Vec<Found>, StoreError> {
    fail::fail_point!("looking-up");
    let Some(expression) = query(question, &ready.mind.frequencies) else {
        return Ok(Vec::new());
    };
    let passages = store
        .read(move |reader| {
            // Some of them may be out of date; there are enough of them.
            reader.usable_passages(&reader.passages_put_forward(&expression, SECOND_LOOK)?, now)
        })
        .await?;
    let mut found = rescore(question, passages, &ready.mind.frequencies);
    found.truncate(PASSAGES);
    Ok(found)
}
