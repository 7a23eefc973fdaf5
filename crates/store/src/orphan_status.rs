//! Reports about messages we do not know (yet): they may overtake the answer to our own request.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::word;
use crate::writer::WriteTransaction;
use domain::{ChannelId, DeliveryEvent, Failure, Reached, Timestamp};
use rusqlite::params;
use std::time::Duration;

/// How long a report waits for its message (whatsapp-cloud-api, section 3.2).
const KEPT: Duration = Duration::from_hours(24);

impl Reader<'_> {
    /// Returns the reports that wait for a message.
    pub(crate) fn orphan_statuses(
        self,
        channel: &ChannelId,
        provider_id: &str,
    ) -> Result<Vec<DeliveryEvent>, StoreError> {
        let sql = "SELECT * FROM orphan_status WHERE channel_id = ?1 AND provider_id = ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([channel.as_str(), provider_id], |row| {
            let title: Option<String> = row.get("error_title")?;
            let failure = match title {
                Some(title) => Some(Failure {
                    code: row.get("error_code")?,
                    subcode: None,
                    title,
                    detail: row.get("error_detail")?,
                }),
                None => None,
            };
            Ok(DeliveryEvent {
                reached: word::<Reached>(row, "reached")?,
                at: crate::row::time(row, "at")?,
                failure,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Keeps a report until its message is known. Returns whether it is new.
    pub(crate) fn keep_orphan_status(
        &mut self,
        channel: &ChannelId,
        provider_id: &str,
        event: &DeliveryEvent,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO orphan_status (channel_id, provider_id, reached, at, error_code, error_title,
                       error_detail, received_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";
        let failure = event.failure.as_ref();
        let inserted = self.connection().prepare_cached(sql)?.execute(params![
            channel.as_str(),
            provider_id,
            event.reached.as_str(),
            event.at.0,
            failure.and_then(|failure| failure.code),
            failure.map(|failure| &failure.title),
            failure.and_then(|failure| failure.detail.as_ref()),
            now.0,
        ])?;
        Ok(inserted > 0)
    }

    /// Takes the reports that waited for a message.
    pub(crate) fn take_orphan_statuses(
        &mut self,
        channel: &ChannelId,
        provider_id: &str,
    ) -> Result<Vec<DeliveryEvent>, StoreError> {
        let events = self.read().orphan_statuses(channel, provider_id)?;
        if !events.is_empty() {
            let sql = "DELETE FROM orphan_status WHERE channel_id = ?1 AND provider_id = ?2";
            self.connection()
                .prepare_cached(sql)?
                .execute([channel.as_str(), provider_id])?;
        }
        Ok(events)
    }

    /// Forgets reports that waited for more than a day: another app on the same number sent those messages.
    pub fn forget_orphan_statuses(&mut self, now: Timestamp) -> Result<usize, StoreError> {
        let oldest = now
            .0
            .saturating_sub(i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX));
        Ok(self
            .connection()
            .execute("DELETE FROM orphan_status WHERE received_at < ?1", [oldest])?)
    }
}
