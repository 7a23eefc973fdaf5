//! Files that came with messages or go with them: the tray of the media room.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_size, optional_time, optional_word, time, word, written};
use crate::writer::WriteTransaction;
use domain::{AttachmentId, AttachmentState, ChannelId, MessageId, Timestamp, UploadState};
use rusqlite::{OptionalExtension as _, Row, params};

/// What is known of a file that lies in the media folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredFile {
    /// SHA-256 of its content in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// What it is by its content.
    pub mime_type: String,
    /// What sort of thing it is: `image`, `video`, `document` ...
    pub family: String,
    /// A name that is safe to save or send it under.
    pub file_name: String,
    /// Whether opening it may run something.
    pub dangerous: bool,
    /// Whether it moves.
    pub animated: bool,
    /// In pixels.
    pub width: Option<u32>,
    /// In pixels.
    pub height: Option<u32>,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u64>,
    /// 48 loudnesses from 0 to 100.
    pub waveform: Option<Vec<u8>>,
    /// SHA-256 of a small picture of it.
    pub thumbnail: Option<String>,
    /// What that picture is.
    pub thumbnail_mime: Option<String>,
}

/// A file that came with a message, as its sender and the provider describe it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewAttachment {
    /// The provider's id of it.
    pub media_id: Option<String>,
    /// Where it can be fetched for some minutes.
    pub url: Option<String>,
    /// What the sender says it is.
    pub claimed_mime: Option<String>,
    /// What its SHA-256 should be, in hexadecimal.
    pub claimed_sha256: Option<String>,
    /// What the sender calls it: a stranger's text, good for no path.
    pub claimed_name: Option<String>,
    /// Whether it is said to move.
    pub animated: bool,
}

/// A file that came with a message or goes with one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Whose it is.
    pub message_id: MessageId,
    /// Over which account it is fetched or sent.
    pub channel_id: ChannelId,
    /// The provider's id of it: the customer's, or the one our upload got.
    pub media_id: Option<String>,
    /// Where it can be fetched for some minutes after the message came.
    pub url: Option<String>,
    /// What the sender says it is.
    pub claimed_mime: Option<String>,
    /// What its SHA-256 should be, in hexadecimal.
    pub claimed_sha256: Option<String>,
    /// What the sender calls it: a stranger's text, good for no path.
    pub claimed_name: Option<String>,
    /// Whether it is here.
    pub state: AttachmentState,
    /// SHA-256 of its content in hexadecimal, once it is here.
    pub sha256: Option<String>,
    /// In bytes.
    pub size: Option<u64>,
    /// What it is by its content.
    pub mime_type: Option<String>,
    /// What sort of thing it is by its content.
    pub family: Option<String>,
    /// A name that is safe to save it under.
    pub file_name: Option<String>,
    /// Whether opening it may run something.
    pub dangerous: bool,
    /// Whether it moves.
    pub animated: bool,
    /// In pixels.
    pub width: Option<u32>,
    /// In pixels.
    pub height: Option<u32>,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u64>,
    /// 48 loudnesses from 0 to 100.
    pub waveform: Option<Vec<u8>>,
    /// SHA-256 of a small picture of it.
    pub thumbnail: Option<String>,
    /// What that picture is.
    pub thumbnail_mime: Option<String>,
    /// How often fetching or uploading was tried in vain.
    pub tries: u32,
    /// When it is tried next; `None`: it is not.
    pub due_at: Option<Timestamp>,
    /// Why it is not here, or not there: a sentence.
    pub trouble: Option<String>,
    /// How far our own file is on its way; `None` for the customer's.
    pub upload_state: Option<UploadState>,
    /// Bytes of our own file sent so far.
    pub uploaded: u64,
    /// When the provider forgets the id of our upload.
    pub media_until: Option<Timestamp>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// A file that is to be fetched now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueFetch {
    /// The file.
    pub attachment: Attachment,
    /// Since when the provider has it; it forgets it after some days.
    pub since: Timestamp,
}

pub(crate) fn attachment(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    Ok(Attachment {
        id: AttachmentId(row.get("id")?),
        message_id: MessageId(row.get("message_id")?),
        channel_id: ChannelId::from(row.get::<_, String>("channel_id")?),
        media_id: row.get("media_id")?,
        url: row.get("url")?,
        claimed_mime: row.get("claimed_mime")?,
        claimed_sha256: row.get("claimed_sha256")?,
        claimed_name: row.get("claimed_name")?,
        state: word(row, "state")?,
        sha256: row.get("sha256")?,
        size: optional_size(row, "size")?,
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
        tries: row.get("tries")?,
        due_at: optional_time(row, "due_at")?,
        trouble: row.get("trouble")?,
        upload_state: optional_word(row, "upload_state")?,
        uploaded: optional_size(row, "uploaded")?.unwrap_or(0),
        media_until: optional_time(row, "media_until")?,
        created_at: time(row, "created_at")?,
    })
}

/// What keeps a channel `ch` from being asked for files at ?1: a set-up that is wrong. Other holds concern messages.
pub(crate) const MAY_ASK: &str =
    "(ch.hold_class IS NULL OR ch.hold_class <> 'configuration' OR ch.hold_until <= ?1)";

impl Reader<'_> {
    /// Returns a file.
    pub fn attachment(self, id: AttachmentId) -> Result<Attachment, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM attachment WHERE id = ?1")?;
        query
            .query_row([id.0], attachment)
            .optional()?
            .ok_or_else(|| StoreError::not_found("file", &id))
    }

    /// Returns the files of a message, in the order they were added.
    pub fn attachments(self, message: MessageId) -> Result<Vec<Attachment>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM attachment WHERE message_id = ?1 ORDER BY id")?;
        let rows = query.query_map([message.0], attachment)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns files to fetch at `now`, those that waited longest first; of each channel at most `each` that were not
    /// tried yet and as many that were, so that files that do not come keep nobody else waiting.
    pub fn due_fetches(self, now: Timestamp, each: u32) -> Result<Vec<DueFetch>, StoreError> {
        // Asked at every ring while thousands may be due, so that places are given by the bare minimum of columns.
        let sql = format!(
            "SELECT id FROM (
                 SELECT id, due_at,
                     row_number() OVER (PARTITION BY channel_id, tries > 0 ORDER BY due_at, id) AS turn
                 FROM attachment INDEXED BY attachment_due
                 WHERE due_at <= ?1 AND state = 'pending'
                     AND channel_id IN (SELECT ch.id FROM channel ch WHERE {MAY_ASK}))
             WHERE turn <= ?2 ORDER BY due_at, id"
        );
        let ids: Vec<i64> = {
            let mut query = self.connection().prepare_cached(&sql)?;
            let rows = query.query_map(params![now.0, each], |row| row.get(0))?;
            rows.collect::<Result<_, _>>()?
        };
        // What was said before the number was connected is handed over late, and its id is as young as that.
        let sql = "SELECT a.*, CASE m.source WHEN 'history' THEN a.created_at ELSE m.sent_at END AS since
                   FROM attachment a JOIN message m ON m.id = a.message_id WHERE a.id = ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        ids.into_iter()
            .map(|id| {
                Ok(query.query_row([id], |row| {
                    Ok(DueFetch {
                        attachment: attachment(row)?,
                        since: time(row, "since")?,
                    })
                })?)
            })
            .collect()
    }

    /// Returns when the next file is to be fetched, when there is one after `now`. While a channel with a wrong
    /// set-up has files that wait, that is when it is tried again.
    pub fn next_fetch_at(self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        // The first row of the index answers, however many wait behind it.
        let sql = format!(
            "SELECT min(at) FROM (
                 SELECT (SELECT due_at FROM attachment INDEXED BY attachment_due
                         WHERE due_at > ?1 AND state = 'pending'
                             AND channel_id IN (SELECT ch.id FROM channel ch WHERE {MAY_ASK})
                         ORDER BY due_at LIMIT 1) AS at
                 UNION ALL
                 SELECT ch.hold_until FROM channel ch
                 WHERE NOT {MAY_ASK} AND EXISTS (SELECT 1 FROM attachment a WHERE a.channel_id = ch.id
                     AND a.state = 'pending' AND a.due_at IS NOT NULL))"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        Ok(query
            .query_row([now.0], |row| row.get::<_, Option<i64>>(0))?
            .map(Timestamp))
    }

    /// Returns whether a content of the media folder is named by a file, a small picture, something handed in or the answer
    /// of a skill, or by a draft that waits.
    pub fn is_content_named(self, sha256: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM attachment WHERE sha256 = ?1)
                       OR EXISTS (SELECT 1 FROM attachment WHERE thumbnail = ?1)
                       OR EXISTS (SELECT 1 FROM upload WHERE sha256 = ?1 OR thumbnail = ?1)
                       OR EXISTS (SELECT 1 FROM skill_answer WHERE file = ?1)
                       OR EXISTS (SELECT 1 FROM draft WHERE state = 'pending' AND file = ?1)";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([sha256], |row| row.get(0))?)
    }

    /// Returns contents that lost a name, and that may have to leave the media folder.
    pub fn forgotten_contents(self, limit: u32) -> Result<Vec<String>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT sha256 FROM forgotten_content ORDER BY sha256 LIMIT ?1")?;
        let rows = query.query_map([limit], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Adds a file of a message that came in, to be fetched at once. A second mention of it (the provider hands
    /// history over in two parts) brings its address up to date.
    pub fn add_inbound_attachment(
        &mut self,
        message: MessageId,
        new: &NewAttachment,
        now: Timestamp,
    ) -> Result<AttachmentId, StoreError> {
        let known = self
            .read()
            .attachments(message)?
            .into_iter()
            .find(|known| known.media_id == new.media_id && known.claimed_sha256 == new.claimed_sha256);
        if let Some(known) = known {
            if known.state != AttachmentState::Stored {
                let sql = "UPDATE attachment SET url = coalesce(?2, url), created_at = ?3 WHERE id = ?1";
                self.connection()
                    .execute(sql, params![known.id.0, new.url, now.0])?;
                self.fetch_again(known.id, now)?;
            }
            return Ok(known.id);
        }
        let sql = "INSERT INTO attachment (message_id, channel_id, media_id, url, claimed_mime, claimed_sha256,
                       claimed_name, state, animated, due_at, created_at)
                   SELECT m.id, m.channel_id, ?2, ?3, ?4, ?5, ?6, 'pending', ?7, ?8, ?8 FROM message m WHERE m.id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            message.0,
            new.media_id,
            new.url,
            new.claimed_mime,
            new.claimed_sha256,
            new.claimed_name,
            new.animated,
            now.0,
        ])?;
        let id = AttachmentId(self.connection().last_insert_rowid());
        self.changed(Change::Media);
        self.show_message(message)?;
        Ok(id)
    }

    /// Notes that a file is here.
    pub fn settle_stored(&mut self, id: AttachmentId, file: &StoredFile) -> Result<(), StoreError> {
        let sql = "UPDATE attachment SET state = 'stored', sha256 = ?2, size = ?3, mime_type = ?4, family = ?5,
                       file_name = ?6, dangerous = ?7, animated = animated OR ?8, width = ?9, height = ?10,
                       duration_ms = ?11, waveform = ?12, thumbnail = ?13, thumbnail_mime = ?14, due_at = NULL,
                       trouble = NULL, url = NULL
                   WHERE id = ?1 AND upload_state IS NULL";
        let changed = self.connection().prepare_cached(sql)?.execute(params![
            id.0,
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
        ])?;
        if changed == 0 {
            // It was taken away while it came.
            self.forget_content(Some(&file.sha256))?;
            return self.forget_content(file.thumbnail.as_deref());
        }
        self.show_attachment(id)
    }

    /// Notes that a file could not be fetched now. `counts`: whether this was a try of the provider's, rather than of
    /// our own line.
    pub fn settle_fetch_later(
        &mut self,
        id: AttachmentId,
        due_at: Timestamp,
        trouble: &str,
        counts: bool,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE attachment SET due_at = ?2, trouble = ?3, tries = tries + ?4
                   WHERE id = ?1 AND state = 'pending'";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, due_at.0, trouble, counts])?;
        self.show_attachment(id)
    }

    /// Notes that a file will not come by itself any more: `failed`, or `expired` when the provider does not have it.
    pub fn settle_lost(
        &mut self,
        id: AttachmentId,
        state: AttachmentState,
        trouble: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE attachment SET state = ?2, trouble = ?3, due_at = NULL, tries = tries + 1
                   WHERE id = ?1 AND state = 'pending'";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, state.as_str(), trouble])?;
        self.show_attachment(id)
    }

    /// Has a customer's file fetched now that could not be fetched.
    pub fn fetch_again(&mut self, id: AttachmentId, now: Timestamp) -> Result<(), StoreError> {
        let known = self.read().attachment(id)?;
        if known.upload_state.is_some() {
            return Err(StoreError::Conflict(
                "This file is one of ours. Send its message again.".to_owned(),
            ));
        }
        if known.state == AttachmentState::Stored {
            return Ok(());
        }
        let sql =
            "UPDATE attachment SET state = 'pending', due_at = ?2, tries = 0, trouble = NULL WHERE id = ?1";
        self.connection().execute(sql, params![id.0, now.0])?;
        self.changed(Change::Media);
        self.show_attachment(id)
    }

    /// Takes the files of a message away, as when it was taken back. Their content leaves the disk when nothing else
    /// names it.
    pub fn remove_attachments(&mut self, message: MessageId) -> Result<(), StoreError> {
        let gone = self.read().attachments(message)?;
        if gone.is_empty() {
            return Ok(());
        }
        self.connection()
            .execute("DELETE FROM attachment WHERE message_id = ?1", [message.0])?;
        for file in &gone {
            self.forget_content(file.sha256.as_deref())?;
            self.forget_content(file.thumbnail.as_deref())?;
        }
        self.changed(Change::Media);
        self.show_message(message)
    }

    /// Notes that a content lost a name: the media room looks whether it was the last.
    pub fn forget_content(&mut self, sha256: Option<&str>) -> Result<(), StoreError> {
        if let Some(sha256) = sha256 {
            self.connection()
                .prepare_cached("INSERT OR IGNORE INTO forgotten_content (sha256) VALUES (?1)")?
                .execute([sha256])?;
            self.changed(Change::Media);
        }
        Ok(())
    }

    /// Notes that forgotten contents have left the disk, or have a name again.
    pub fn settle_forgotten(&mut self, sha256: &[String]) -> Result<(), StoreError> {
        for sha256 in sha256 {
            self.connection()
                .prepare_cached("DELETE FROM forgotten_content WHERE sha256 = ?1")?
                .execute([sha256])?;
        }
        Ok(())
    }

    /// Whoever shows the message of a file reads it again.
    pub(crate) fn show_attachment(&mut self, id: AttachmentId) -> Result<(), StoreError> {
        let sql = "SELECT message_id FROM attachment WHERE id = ?1";
        let message: Option<i64> = self
            .connection()
            .prepare_cached(sql)?
            .query_row([id.0], |row| row.get(0))
            .optional()?;
        message.map_or(Ok(()), |message| self.show_message(MessageId(message)))
    }

    fn show_message(&mut self, message: MessageId) -> Result<(), StoreError> {
        let conversation = self.read().message(message)?.conversation_id;
        self.changed(Change::Message(conversation, message));
        Ok(())
    }
}
