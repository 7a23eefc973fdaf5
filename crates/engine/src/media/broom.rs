//! Takes contents away that no row names any more.

use crate::media::Cellar;
use crate::media::line::Line;
use domain::Timestamp;
use media::Sha256Sum;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};
use store::{Store, StoreError};

/// Contents looked at in one go.
const AT_ONCE: u32 = 256;
/// How old a file has to be before it counts as left over.
const LEFT_OVER: Duration = Duration::from_hours(24);

/// Removes contents that lost their last name. Returns whether the tray is empty.
pub(crate) async fn sweep(line: &Line) -> bool {
    match try_sweep(&line.store, &line.cellar).await {
        Ok(done) => done,
        Err(StoreError::Closed) => true,
        Err(error) => {
            tracing::error!(%error, "files that are not needed any more are removed later");
            false
        }
    }
}

async fn try_sweep(store: &Store, cellar: &Cellar) -> Result<bool, StoreError> {
    if store
        .read(|reader| reader.forgotten_contents(1))
        .await?
        .is_empty()
    {
        return Ok(true);
    }
    // From here on no row can begin to name a content.
    let Some(sweeping) = cellar.sweeping() else {
        return Ok(false);
    };
    let (forgotten, nameless) = store
        .read(|reader| {
            let forgotten = reader.forgotten_contents(AT_ONCE)?;
            let mut nameless = Vec::new();
            for sha256 in &forgotten {
                if !reader.is_content_named(sha256)? {
                    nameless.push(sha256.clone());
                }
            }
            Ok((forgotten, nameless))
        })
        .await?;
    let within = cellar.clone();
    let kept = tokio::task::spawn_blocking(move || {
        let mut kept = Vec::new();
        for sha256 in nameless {
            let removed = Sha256Sum::parse_any(&sha256).map_or(Ok(()), |sum| {
                remove_if_there(&within.playable_of(&sum))?;
                within.room().remove(&sum)
            });
            if let Err(error) = removed {
                tracing::warn!(%error, "a file that is not needed any more could not be removed yet");
                kept.push(sha256);
            }
        }
        kept
    })
    .await
    .unwrap_or_default();
    let all = kept.is_empty() && forgotten.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
    let settled: Vec<String> = forgotten
        .into_iter()
        .filter(|sha256| !kept.contains(sha256))
        .collect();
    store
        .write(move |transaction| transaction.settle_forgotten(&settled))
        .await?;
    drop(sweeping);
    Ok(all)
}

fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Looks for what a crash left behind: halves on the doorstep, and contents that never got a name. Old ones only, since
/// younger ones may be about to get theirs. What was made for players goes after the same time.
pub(crate) async fn look_around(store: &Store, cellar: &Cellar, now: Timestamp) -> Result<(), StoreError> {
    let age = i64::try_from(LEFT_OVER.as_millis()).unwrap_or(i64::MAX);
    let before = Timestamp(now.0.saturating_sub(age));
    let within = cellar.clone();
    let old = tokio::task::spawn_blocking(move || {
        match within.room().sweep(before) {
            Ok(0) => {}
            Ok(halves) => tracing::info!(halves, "halves of files were removed"),
            Err(error) => tracing::warn!(%error, "the doorstep of the media folder could not be swept"),
        }
        if let Err(error) = within.forget_playable(before) {
            tracing::warn!(%error, "voice notes made for players are removed later");
        }
        contents_before(within.dir(), before)
    })
    .await
    .unwrap_or_default();
    let nameless = store
        .read(move |reader| {
            let mut nameless = Vec::new();
            for sha256 in old {
                if !reader.is_content_named(&sha256)? {
                    nameless.push(sha256);
                }
            }
            Ok(nameless)
        })
        .await?;
    if nameless.is_empty() {
        return Ok(());
    }
    tracing::info!(
        files = nameless.len(),
        "files that belong to no message are removed"
    );
    store
        .write(move |transaction| {
            nameless
                .iter()
                .try_for_each(|sha256| transaction.forget_content(Some(sha256)))
        })
        .await
}

/// Returns the names of contents last touched before a moment.
fn contents_before(dir: &Path, before: Timestamp) -> Vec<String> {
    let moment = UNIX_EPOCH + Duration::from_millis(u64::try_from(before.0).unwrap_or(0));
    let entries = |dir: &Path| std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries(dir)
        .filter(|shelf| shelf.file_type().is_ok_and(|kind| kind.is_dir()))
        .flat_map(|shelf| entries(&shelf.path()).collect::<Vec<_>>())
        .filter(|entry| {
            entry
                .metadata()
                .and_then(|about| about.modified())
                .is_ok_and(|touched| touched < moment)
        })
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.len() == 64 && Sha256Sum::parse_any(name).is_some())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::MessageKind;
    use store::{Access, StoredFile, Upload};

    #[tokio::test]
    async fn what_a_crash_left_behind_goes_after_a_day_and_what_has_a_name_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write).unwrap();
        let cellar = Cellar::of(folder.path());
        let named = cellar.room().store(b"named").unwrap().sha256;
        let nameless = cellar.room().store(b"nameless").unwrap().sha256;
        let half = cellar.dir().join("incoming").join("part-of-something");
        std::fs::write(&half, b"half").unwrap();
        let played = cellar.playable_of(&named);
        std::fs::create_dir_all(played.parent().unwrap()).unwrap();
        std::fs::write(&played, b"sound").unwrap();
        let touched = std::fs::metadata(&half).unwrap().modified().unwrap();
        let millis = touched.duration_since(UNIX_EPOCH).unwrap().as_millis();
        let now = Timestamp(i64::try_from(millis).unwrap());
        let upload = Upload {
            id: "up_1".to_owned(),
            file: StoredFile {
                sha256: named.hex(),
                ..StoredFile::default()
            },
            kind: MessageKind::Document,
            created_at: now,
        };
        store.write(move |t| t.add_upload(&upload)).await.unwrap();

        look_around(&store, &cellar, now).await.unwrap();
        assert!(try_sweep(&store, &cellar).await.unwrap());
        assert!(
            half.exists() && played.exists() && cellar.room().has(&nameless),
            "too young"
        );

        let later = now.plus(LEFT_OVER + Duration::from_mins(1));
        look_around(&store, &cellar, later).await.unwrap();
        let naming = cellar.naming().await;
        assert!(
            !try_sweep(&store, &cellar).await.unwrap(),
            "somebody is naming one"
        );
        assert!(cellar.room().has(&nameless));
        drop(naming);
        assert!(try_sweep(&store, &cellar).await.unwrap());
        assert!(!half.exists() && !played.exists() && !cellar.room().has(&nameless));
        assert!(cellar.room().has(&named));
        store.close().await;
    }
}
