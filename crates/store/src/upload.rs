//! Files that were handed in for sending, and the way of our files to the provider.

use crate::attachment::{Attachment, MAY_ASK, StoredFile, attachment};
use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_size, time, word, written};
use crate::writer::WriteTransaction;
use domain::{AttachmentId, MessageId, MessageKind, SendFailure, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};
use std::time::Duration;

/// How long a file that was handed in is kept when it is not sent.
const KEPT: Duration = Duration::from_hours(24);

/// A file that was handed in and is not sent yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Names it until it is sent.
    pub id: String,
    /// What is known of it.
    pub file: StoredFile,
    /// What it would be sent as.
    pub kind: MessageKind,
    /// When it was handed in.
    pub created_at: Timestamp,
}

/// A file of ours that is to be uploaded now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueUpload {
    /// The file.
    pub attachment: Attachment,
    /// What its message is.
    pub kind: MessageKind,
}

fn upload(row: &Row<'_>) -> rusqlite::Result<Upload> {
    Ok(Upload {
        id: row.get("id")?,
        file: StoredFile {
            sha256: row.get("sha256")?,
            size: optional_size(row, "size")?.unwrap_or(0),
            mime_type: row.get("mime_type")?,
            family: row.get("family")?,
            file_name: row.get("file_name")?,
            dangerous: row.get("dangerous")?,
            animated: row.get("animated")?,
            width: row.get("width")?,
            height: row.get("height")?,
            duration_ms: optional_size(row, "duration_ms")?,
            waveform: row.get("waveform")?,
            thumbnail: row.get("thumbnail")?,
            thumbnail_mime: row.get("thumbnail_mime")?,
        },
        kind: word(row, "kind")?,
        created_at: time(row, "created_at")?,
    })
}

/// A file `a` whose message waits to leave: uploading it makes sense.
const WANTED: &str =
    "EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = a.message_id AND o.state = 'queued')";

impl Reader<'_> {
    /// Returns a file that was handed in.
    pub fn upload(self, id: &str) -> Result<Upload, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM upload WHERE id = ?1")?;
        query
            .query_row([id], upload)
            .optional()?
            .ok_or_else(|| StoreError::not_found("file", &id))
    }

    /// Returns files of ours to upload at `now`, those that waited longest first. The provider forgets an upload after
    /// some weeks: one whose message still waits then goes up again.
    pub fn due_uploads(self, now: Timestamp, limit: u32) -> Result<Vec<DueUpload>, StoreError> {
        let sql = format!(
            "SELECT a.*, m.kind AS message_kind FROM attachment a
             JOIN channel ch ON ch.id = a.channel_id JOIN message m ON m.id = a.message_id
             WHERE (a.upload_state = 'waiting' AND a.due_at <= ?1
                    OR a.upload_state = 'uploaded' AND coalesce(a.media_until, 0) <= ?1)
                 AND {MAY_ASK} AND {WANTED} ORDER BY a.id LIMIT ?2"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map(params![now.0, limit], |row| {
            Ok(DueUpload {
                attachment: attachment(row)?,
                kind: word(row, "message_kind")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns when the next file of ours is to be uploaded, when there is one after `now`.
    pub fn next_upload_at(self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let sql = format!(
            "SELECT min(max(a.due_at, CASE ch.hold_class WHEN 'configuration' THEN ch.hold_until ELSE 0 END))
             FROM attachment a JOIN channel ch ON ch.id = a.channel_id
             WHERE a.upload_state = 'waiting' AND {WANTED}
                 AND max(a.due_at, CASE ch.hold_class WHEN 'configuration' THEN ch.hold_until ELSE 0 END) > ?1"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        Ok(query
            .query_row([now.0], |row| row.get::<_, Option<i64>>(0))?
            .map(Timestamp))
    }

    /// Returns which of these files nobody waits for any more: their messages were given up.
    pub fn unwanted_uploads(self, ids: &[AttachmentId]) -> Result<Vec<AttachmentId>, StoreError> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM attachment a WHERE a.id = ?1 AND {WANTED})");
        let mut query = self.connection().prepare_cached(&sql)?;
        let mut unwanted = Vec::new();
        for id in ids {
            if !query.query_row([id.0], |row| row.get::<_, bool>(0))? {
                unwanted.push(*id);
            }
        }
        Ok(unwanted)
    }
}

impl WriteTransaction<'_> {
    /// Keeps a file that was handed in until it is sent, at most a day.
    pub fn add_upload(&mut self, new: &Upload) -> Result<(), StoreError> {
        let (sql, file) = (
            "INSERT INTO upload (id, sha256, size, mime_type, family, file_name, dangerous, kind, width, height,
                 duration_ms, animated, waveform, thumbnail, thumbnail_mime, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            &new.file,
        );
        self.connection().prepare_cached(sql)?.execute(params![
            new.id,
            file.sha256,
            written(file.size),
            file.mime_type,
            file.family,
            file.file_name,
            file.dangerous,
            new.kind.as_str(),
            file.width,
            file.height,
            file.duration_ms.map(written),
            file.animated,
            file.waveform,
            file.thumbnail,
            file.thumbnail_mime,
            new.created_at.0,
        ])?;
        Ok(())
    }

    /// Forgets that a file was handed in, since it is sent now or never will be. What names its content besides
    /// keeps it.
    pub fn forget_upload(&mut self, id: &str) -> Result<(), StoreError> {
        let Some(known) = self.read().upload(id).map(Some).or_else(|error| match error {
            StoreError::NotFound { .. } => Ok(None),
            error => Err(error),
        })?
        else {
            return Ok(());
        };
        self.connection()
            .execute("DELETE FROM upload WHERE id = ?1", [id])?;
        self.forget_content(Some(&known.file.sha256))?;
        self.forget_content(known.file.thumbnail.as_deref())
    }

    /// Forgets files that were handed in long ago and never sent.
    pub fn forget_old_uploads(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let kept = i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
        let old: Vec<String> = {
            let mut query = self
                .connection()
                .prepare("SELECT id FROM upload WHERE created_at < ?1")?;
            let rows = query.query_map([now.0.saturating_sub(kept)], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        old.iter().try_for_each(|id| self.forget_upload(id))
    }

    /// Adds a file of ours to its message; it waits to be uploaded.
    pub(crate) fn add_outbound_file(
        &mut self,
        message: MessageId,
        file: &StoredFile,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO attachment (message_id, channel_id, state, sha256, size, mime_type, family, file_name,
                       dangerous, animated, width, height, duration_ms, waveform, thumbnail, thumbnail_mime, due_at,
                       upload_state, created_at)
                   SELECT m.id, m.channel_id, 'stored', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
                       'waiting', ?15
                   FROM message m WHERE m.id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            message.0,
            file.sha256,
            written(file.size),
            file.mime_type,
            file.family,
            file.file_name,
            file.dangerous,
            file.animated,
            file.width,
            file.height,
            file.duration_ms.map(written),
            file.waveform,
            file.thumbnail,
            file.thumbnail_mime,
            now.0,
        ])?;
        self.changed(Change::Media);
        Ok(())
    }

    /// Has the files of a message uploaded once more, if they are not there or `anew` says that what is there is no
    /// good.
    pub(crate) fn upload_again(
        &mut self,
        message: MessageId,
        anew: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE attachment SET upload_state = 'waiting', due_at = ?3, tries = 0, trouble = NULL, uploaded = 0,
                       media_id = NULL, media_until = NULL
                   WHERE message_id = ?1 AND upload_state IS NOT NULL
                       AND (?2 OR upload_state <> 'uploaded' OR coalesce(media_until, 0) <= ?3)";
        self.connection().execute(sql, params![message.0, anew, now.0])?;
        Ok(())
    }

    /// Begins an upload. Returns whether its message still waits for it.
    pub fn begin_upload(&mut self, id: AttachmentId) -> Result<bool, StoreError> {
        let sql = format!(
            "UPDATE attachment AS a SET upload_state = 'uploading', uploaded = 0, media_id = NULL, media_until = NULL,
                 trouble = NULL, due_at = coalesce(due_at, 0)
             WHERE a.id = ?1 AND a.upload_state IN ('waiting', 'uploaded') AND {WANTED}"
        );
        let begun = self.connection().prepare_cached(&sql)?.execute([id.0])? > 0;
        self.show_attachment(id)?;
        Ok(begun)
    }

    /// Notes how many bytes of an upload have left.
    pub fn note_upload(&mut self, id: AttachmentId, uploaded: u64) -> Result<(), StoreError> {
        let sql = "UPDATE attachment SET uploaded = ?2 WHERE id = ?1 AND upload_state = 'uploading'";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, written(uploaded)])?;
        self.show_attachment(id)
    }

    /// Notes that the provider has a file, and until when it keeps it. Its message may leave.
    pub fn settle_uploaded(
        &mut self,
        id: AttachmentId,
        media_id: &str,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let sql =
            "UPDATE attachment SET upload_state = 'uploaded', media_id = ?2, media_until = ?3, uploaded = size,
                       due_at = NULL, trouble = NULL
                   WHERE id = ?1 AND upload_state IS NOT NULL";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, media_id, until.0])?;
        self.changed(Change::Outbox);
        self.show_attachment(id)
    }

    /// Notes that an upload is tried again later, if its message still waits for it. `counts`: whether the provider had its try.
    pub fn settle_upload_later(
        &mut self,
        id: AttachmentId,
        due_at: Timestamp,
        trouble: Option<&str>,
        counts: bool,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "UPDATE attachment AS a SET upload_state = CASE WHEN {WANTED} THEN 'waiting' ELSE 'refused' END,
                 due_at = CASE WHEN {WANTED} THEN ?2 END, uploaded = 0, trouble = ?3, tries = tries + ?4
             WHERE a.id = ?1 AND a.upload_state = 'uploading'"
        );
        self.connection()
            .prepare_cached(&sql)?
            .execute(params![id.0, due_at.0, trouble, counts])?;
        self.changed(Change::Media);
        self.show_attachment(id)
    }

    /// Notes that a file of ours will not be taken: its message has failed.
    pub fn refuse_upload(&mut self, id: AttachmentId, failure: &SendFailure) -> Result<(), StoreError> {
        let sql = "UPDATE attachment SET upload_state = 'refused', uploaded = 0, due_at = NULL, trouble = ?2,
                       tries = tries + 1
                   WHERE id = ?1 AND upload_state IS NOT NULL RETURNING message_id";
        let message: Option<i64> = self
            .connection()
            .prepare_cached(sql)?
            .query_row(params![id.0, failure.title], |row| row.get(0))
            .optional()?;
        if let Some(message) = message {
            self.fail_queued(MessageId(message), failure)?;
        }
        self.show_attachment(id)
    }

    /// Notes that the files of a message will not go up: it was given up. One that is on its way follows when it
    /// stops.
    pub(crate) fn give_up_uploads(&mut self, message: MessageId) -> Result<(), StoreError> {
        let sql = "UPDATE attachment SET upload_state = 'refused', uploaded = 0, due_at = NULL
                   WHERE message_id = ?1 AND upload_state = 'waiting'";
        self.connection().prepare_cached(sql)?.execute([message.0])?;
        Ok(())
    }

    /// Has uploads that a crash or a fall interrupted begun again. Called while none is under way.
    pub fn name_interrupted_uploads(&mut self, now: Timestamp) -> Result<usize, StoreError> {
        let sql = format!(
            "UPDATE attachment AS a SET upload_state = CASE WHEN {WANTED} THEN 'waiting' ELSE 'refused' END,
                 due_at = CASE WHEN {WANTED} THEN ?1 END, uploaded = 0
             WHERE a.upload_state = 'uploading'"
        );
        Ok(self.connection().execute(&sql, [now.0])?)
    }
}
