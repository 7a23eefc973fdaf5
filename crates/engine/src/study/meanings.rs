//! Comparing by meaning: vectors of passages, made by a server the owner chose for it, and only when they switched it on.
//!
//! They add candidates for a language model to read. What is quoted without one is chosen by words alone, as before.

use super::ask::{mask, recorded, zone};
use super::brain::{ModelSettings, day};
use super::mind::Ready;
use super::room::Study;
use crate::bell::Doorbell;
use assistant::guards::injection;
use assistant::knowledge::Found;
use assistant::models::{Brain, Embedded, Occasion, Veil, fused, nearest, normalised};
use domain::{ContactId, ConversationId, Passage, PassageId, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{Change, StoreError};
use tokio_util::sync::CancellationToken;

/// Passages that are sent at once.
const HANDFUL: u32 = 16;
/// Passages that come into question by their meaning.
const NEAREST: usize = 16;
/// Passages found by their words that stay before all others, and places in all.
const FIRST: usize = 4;
const PLACES: usize = 8;
/// How long an answer waits for the meaning of its question; passages that have the same words are there without it.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the room rests after trouble.
const REST: Duration = Duration::from_mins(5);
/// The longest it sleeps.
const LONGEST_SLEEP: Duration = Duration::from_mins(10);

type Vectors = Arc<Vec<(PassageId, Vec<f32>)>>;

/// The vectors of one model, kept ready while nothing changes.
#[derive(Debug, Default)]
pub(crate) struct Meanings {
    kept: Mutex<Option<(String, Vectors)>>,
}

impl Meanings {
    fn forget(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn of(&self, study: &Study, model: &str) -> Result<Vectors, StoreError> {
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .filter(|(known, _)| known == model);
        if let Some((_, vectors)) = kept {
            return Ok(vectors);
        }
        let wanted = model.to_owned();
        let vectors = study
            .store
            .read(move |reader| reader.passage_vectors(&wanted))
            .await?;
        let vectors = Arc::new(vectors);
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((model.to_owned(), Arc::clone(&vectors)));
        Ok(vectors)
    }
}

/// The embedding model, when the owner wants one and it was found to work.
async fn wanted(study: &Study) -> Result<Option<String>, StoreError> {
    let settings = study.store.read(ModelSettings::read).await?;
    Ok(settings.ok().and_then(|settings| settings.embedder()))
}

/// Has the meaning of new and changed passages worked out until cancelled. After another model was chosen all of them are
/// new.
pub(crate) async fn keep(study: Study, cancel: CancellationToken) {
    let mut bell = Doorbell::new(study.store.changes(), Change::Knowledge);
    loop {
        study.meanings.forget();
        let worked = tokio::select! {
            () = cancel.cancelled() => return,
            worked = work(&study) => worked,
        };
        let sleep = match worked {
            Ok(sleep) => sleep,
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::error!(%error, "meanings are worked out when the database can be used again");
                REST
            }
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            open = bell.ring() => if !open { return },
            () = tokio::time::sleep(sleep) => {}
        }
    }
}

async fn work(study: &Study) -> Result<Duration, StoreError> {
    loop {
        let Some(model) = wanted(study).await? else {
            return Ok(LONGEST_SLEEP);
        };
        let asked = model.clone();
        let passages = study
            .store
            .read(move |reader| reader.passages_without_vector(&asked, HANDFUL))
            .await?;
        if passages.is_empty() {
            return Ok(LONGEST_SLEEP);
        }
        let now = study.clock.now();
        let Some(brain) = study.brains.ready(&study.store, &study.vault, now).await else {
            return Ok(REST);
        };
        let texts: Vec<String> = passages.iter().map(words).collect();
        let day = day(&jiff::tz::TimeZone::system(), now).0;
        let whose = Whose {
            contact: None,
            conversation: None,
            name: None,
        };
        let Some(embedded) = embed(study, brain, (model.clone(), texts), whose, (now, day)).await else {
            return Ok(REST);
        };
        study
            .store
            .write(move |transaction| {
                for (passage, vector) in passages.iter().zip(embedded.vectors) {
                    transaction.set_passage_vector(passage.id, &model, &normalised(vector))?;
                }
                Ok(())
            })
            .await?;
        study.meanings.forget();
    }
}

/// What of a passage is compared: where it stands says as much as its words.
fn words(passage: &Passage) -> String {
    let parts = [
        Some(passage.title.as_str()),
        Some(passage.heading.as_str()),
        passage.question.as_deref(),
        Some(passage.text.as_str()),
    ];
    let parts: Vec<&str> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.trim().is_empty())
        .collect();
    parts.join("\n")
}

/// On whose account a question is.
pub(super) struct Whose<'a> {
    pub(super) contact: Option<ContactId>,
    pub(super) conversation: Option<ConversationId>,
    pub(super) name: Option<&'a str>,
}

async fn embed(
    study: &Study,
    brain: Arc<Brain>,
    (model, texts): (String, Vec<String>),
    whose: Whose<'_>,
    (now, day): (Timestamp, jiff::civil::Date),
) -> Option<Embedded> {
    let mut mask = mask(whose.name, &[]);
    let contact = whose.contact;
    let told = recorded(
        study,
        (whose.conversation, "embed", now),
        move |stop| async move {
            let veil = (!brain.is_local()).then_some(&mut mask as &mut dyn Veil);
            let occasion = Occasion {
                now,
                day,
                contact,
                cancel: &stop,
                shown: None,
            };
            brain.embed(&model, &texts, veil, &occasion).await
        },
    )
    .await;
    told.and_then(|(call, _)| call.outcome.ok())
}

/// Adds passages that mean what is asked to those that were found by their words, for a model to read. Whatever goes
/// wrong, those found by words are there.
pub(super) async fn widened(
    study: &Study,
    brain: &Arc<Brain>,
    ready: &Ready,
    (question, now): (&str, Timestamp),
    found: &[Found],
    whose: Whose<'_>,
) -> Vec<Found> {
    match more(study, brain, ready, (question, now), found, whose).await {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, "passages are compared by their words only");
            found.to_vec()
        }
    }
}

async fn more(
    study: &Study,
    brain: &Arc<Brain>,
    ready: &Ready,
    (question, now): (&str, Timestamp),
    found: &[Found],
    whose: Whose<'_>,
) -> Result<Vec<Found>, StoreError> {
    let Some(model) = wanted(study).await?.filter(|_| injection(question).is_none()) else {
        return Ok(found.to_vec());
    };
    let vectors = study.meanings.of(study, &model).await?;
    if vectors.is_empty() {
        return Ok(found.to_vec());
    }
    let day = day(&zone(ready), now).0;
    let texts = vec![question.to_owned()];
    let embedding = embed(study, Arc::clone(brain), (model, texts), whose, (now, day));
    let embedded = tokio::time::timeout(PATIENCE, embedding).await.ok().flatten();
    let Some(vector) = embedded.and_then(|embedded| embedded.vectors.into_iter().next()) else {
        return Ok(found.to_vec());
    };
    let query = normalised(vector);
    let entries = vectors.iter().map(|(id, vector)| (*id, vector.as_slice()));
    let by_meaning: Vec<PassageId> = nearest(&query, entries, NEAREST)
        .into_iter()
        .filter(|(_, likeness)| *likeness > 0.0)
        .map(|(id, _)| id)
        .collect();
    let by_words: Vec<PassageId> = found.iter().map(|found| found.passage.id).collect();
    let new: Vec<PassageId> = fused(&[&by_words, &by_meaning])
        .into_iter()
        .filter(|id| !by_words.contains(id))
        .take(PLACES - FIRST)
        .collect();
    let new = study
        .store
        .read(move |reader| reader.usable_passages(&new, now))
        .await?;
    // What was found by words keeps its worth; the others have none of their own, so that none of them is quoted without
    // a model having read it.
    let mut all: Vec<Found> = found.iter().take(FIRST).cloned().collect();
    all.extend(new.into_iter().map(|passage| Found { passage, score: 0.0 }));
    all.extend(found.iter().skip(FIRST).cloned());
    all.truncate(PLACES);
    Ok(all)
}
