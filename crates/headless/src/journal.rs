//! `journal` and `replay`.

use crate::cli::{JournalArgs, ReplayArgs};
use crate::{Trouble, print_line};
use domain::JournalId;
use engine::SystemClock;
use serde_json::json;
use store::{Access, JournalState, Store};

fn state(word: Option<&str>) -> Result<Option<JournalState>, Trouble> {
    Ok(word.map(str::parse::<JournalState>).transpose()?)
}

pub(crate) async fn journal(args: JournalArgs) -> Result<(), Trouble> {
    let wanted = state(args.state.as_deref())?;
    let store = Store::open(&args.data.data_dir, Access::Read)?;
    if args.list {
        return list(&store, wanted).await;
    }
    let (counts, unread) = store
        .read(|reader| Ok((reader.journal_counts()?, engine::unread_fields(reader)?)))
        .await?;
    let unread: serde_json::Map<String, serde_json::Value> = unread
        .into_iter()
        .map(|(field, times)| (field, json!(times)))
        .collect();
    let line = json!({
        "received": counts.received,
        "pending": counts.pending,
        "processed": counts.processed,
        "unassigned": counts.unassigned,
        "failed": counts.failed,
        "refused": {
            "signature": counts.refused_signature,
            "size": counts.refused_size,
            "syntax": counts.refused_syntax,
        },
        "unknown_fields": unread,
    });
    Ok(print_line(&line.to_string())?)
}

async fn list(store: &Store, wanted: Option<JournalState>) -> Result<(), Trouble> {
    let ids = match wanted {
        Some(state) => store.read(move |reader| reader.webhook_ids(Some(state))).await?,
        None => {
            store
                .read(|reader| {
                    let mut ids = reader.webhook_ids(None)?;
                    ids.extend(reader.webhook_ids(Some(JournalState::Refused))?);
                    ids.sort_unstable();
                    Ok(ids)
                })
                .await?
        }
    };
    for id in ids {
        let entry = store.read(move |reader| reader.webhook(id)).await?;
        let line = json!({
            "id": entry.id.to_string(),
            "state": entry.state.as_str(),
            "received_at": entry.received_at.to_rfc3339(),
            "processed_at": entry.processed_at.map(domain::Timestamp::to_rfc3339),
            "attempts": entry.attempts,
            "bytes": entry.body.len(),
            "error": entry.error,
        });
        print_line(&line.to_string())?;
    }
    Ok(())
}

pub(crate) async fn replay(args: ReplayArgs) -> Result<(), Trouble> {
    let wanted = state(args.state.as_deref())?;
    // Opened for reading first: a folder without data is an error here, not a reason to make some.
    drop(Store::open(&args.data.data_dir, Access::Read)?);
    let store = Store::open(&args.data.data_dir, Access::Write)?;
    let replayed = engine::replay(&store, &SystemClock, wanted, args.id.map(JournalId)).await;
    store.close().await;
    let replayed = replayed?;
    let line = json!({
        "processed": replayed.processed,
        "unassigned": replayed.unassigned,
        "failed": replayed.failed,
    });
    Ok(print_line(&line.to_string())?)
}
