//! When we could be reached, and what the times we could not meant for customers.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{time, word};
use crate::writer::WriteTransaction;
use domain::{ConversationId, Gap, ListeningEnd, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

/// Messages of one conversation that were written while we could not be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateArrival {
    /// Where.
    pub conversation_id: ConversationId,
    /// How many.
    pub messages: u32,
    /// When the first of them was written.
    pub first_written: Timestamp,
    /// When the last of them came here.
    pub last_arrived: Timestamp,
}

/// A customer who wrote and has had no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Where.
    pub conversation_id: ConversationId,
    /// Since when: their first message after our last word.
    pub since: Timestamp,
}

fn waiting(row: &Row<'_>) -> rusqlite::Result<Waiting> {
    Ok(Waiting {
        conversation_id: ConversationId(row.get("id")?),
        since: time(row, "since")?,
    })
}

/// Conversations `c` in which the customer spoke last, with the moment of their first word after our last one.
const UNANSWERED: &str = "SELECT c.id, (SELECT min(m.sent_at) FROM message m
            WHERE m.conversation_id = c.id AND m.direction = 'inbound' AND m.source = 'live'
                AND m.sort_at > coalesce((SELECT max(o.sort_at) FROM message o
                    WHERE o.conversation_id = c.id AND o.direction = 'outbound'), -1)) AS since
        FROM conversation c JOIN channel ch ON ch.id = c.channel_id
        WHERE c.merged_into IS NULL AND ch.forgotten_at IS NULL AND c.last_direction = 'inbound' AND since IS NOT NULL";

impl Reader<'_> {
    /// Returns the times between `after` and `now` in which we could not be reached, the oldest first. The last one may
    /// go on: it ends at `now` then.
    pub fn gaps(self, after: Timestamp, now: Timestamp) -> Result<Vec<Gap>, StoreError> {
        let sql =
            "SELECT until, ended, coalesce((SELECT n.since FROM listening n WHERE n.id > l.id ORDER BY n.id
                       LIMIT 1), ?2) AS next
                   FROM listening l WHERE ended IS NOT NULL AND next > ?1 ORDER BY id";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([after.0, now.0], |row| {
            Ok(Gap {
                from: time(row, "until")?,
                // A clock that was ahead for a while makes no gap that has not been yet.
                until: time(row, "next")?.min(now),
                cause: word(row, "ended")?,
            })
        })?;
        let gaps = rows.collect::<Result<Vec<Gap>, _>>()?;
        Ok(gaps.into_iter().filter(|gap| gap.from < gap.until).collect())
    }

    /// Returns since when we can be reached, when we can.
    pub fn listening_since(self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT since FROM listening WHERE ended IS NULL ORDER BY id DESC LIMIT 1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([], |row| time(row, "since")).optional()?)
    }

    /// Returns when it was last written down that we can be reached, while we can.
    pub fn listening_until(self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT until FROM listening WHERE ended IS NULL ORDER BY id DESC LIMIT 1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([], |row| time(row, "until")).optional()?)
    }

    /// Returns what was written in a gap and came after it, most messages first.
    pub fn late_arrivals(self, gap: &Gap, limit: u32) -> Result<Vec<LateArrival>, StoreError> {
        let sql =
            "SELECT conversation_id, count(*) AS messages, min(sent_at) AS first, max(received_at) AS last
                   FROM message
                   WHERE direction = 'inbound' AND source = 'live' AND sent_at >= ?1 AND sent_at < ?2
                       AND received_at >= ?2
                   GROUP BY conversation_id ORDER BY messages DESC, first LIMIT ?3";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![gap.from.0, gap.until.0, limit], |row| {
            Ok(LateArrival {
                conversation_id: ConversationId(row.get("conversation_id")?),
                messages: row.get("messages")?,
                first_written: time(row, "first")?,
                last_arrived: time(row, "last")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the customers who wait for an answer, the one who waits longest first.
    pub fn longest_waiting(self, limit: u32) -> Result<Vec<Waiting>, StoreError> {
        let sql = format!("SELECT * FROM ({UNANSWERED}) ORDER BY since LIMIT ?1");
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map([limit], waiting)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the conversations without an answer whose service window closed between two moments.
    pub fn windows_closed(
        self,
        from: Timestamp,
        until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Waiting>, StoreError> {
        let sql = format!(
            "SELECT u.* FROM ({UNANSWERED}) u JOIN conversation c ON c.id = u.id
             WHERE c.window_closes_at >= ?1 AND c.window_closes_at < ?2 ORDER BY c.window_closes_at LIMIT ?3"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map(params![from.0, until.0, limit], waiting)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Notes that we can be reached from now on. A time that was never ended, as after a crash, ends where it was last
    /// written down.
    pub fn begin_listening(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.connection().execute(
            "UPDATE listening SET ended = ?1 WHERE ended IS NULL",
            [ListeningEnd::Crash.as_str()],
        )?;
        self.connection()
            .execute("INSERT INTO listening (since, until) VALUES (?1, ?1)", [now.0])?;
        self.changed(Change::Away);
        self.changed(Change::Health);
        Ok(())
    }

    /// Names what a crash left behind: a time that was never ended ends where it was last written down.
    pub fn end_broken_listening(&mut self) -> Result<(), StoreError> {
        let ended = self.connection().execute(
            "UPDATE listening SET ended = ?1 WHERE ended IS NULL",
            [ListeningEnd::Crash.as_str()],
        )?;
        if ended > 0 {
            self.changed(Change::Away);
        }
        Ok(())
    }

    /// Notes that we can still be reached.
    pub fn keep_listening(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.connection().execute(
            "UPDATE listening SET until = max(until, ?1) WHERE ended IS NULL",
            [now.0],
        )?;
        Ok(())
    }

    /// Notes that we cannot be reached since `at`.
    pub fn end_listening(&mut self, at: Timestamp, why: ListeningEnd) -> Result<(), StoreError> {
        self.connection().execute(
            "UPDATE listening SET until = max(since, ?1), ended = ?2 WHERE ended IS NULL",
            params![at.0, why.as_str()],
        )?;
        self.changed(Change::Away);
        self.changed(Change::Health);
        Ok(())
    }

    /// Corrects how the last time ended that did: nothing when none has.
    pub fn correct_listening_end(&mut self, at: Timestamp, why: ListeningEnd) -> Result<(), StoreError> {
        self.connection().execute(
            "UPDATE listening SET until = max(since, ?1), ended = ?2
                 WHERE id = (SELECT max(id) FROM listening WHERE ended IS NOT NULL)",
            params![at.0, why.as_str()],
        )?;
        self.changed(Change::Away);
        self.changed(Change::Health);
        Ok(())
    }

    /// Forgets the times that ended before `before`, but the last one.
    pub fn forget_listening(&mut self, before: Timestamp) -> Result<(), StoreError> {
        self.connection().execute(
            "DELETE FROM listening WHERE ended IS NOT NULL AND until < ?1
                 AND id < (SELECT max(id) FROM listening)",
            [before.0],
        )?;
        Ok(())
    }
}
