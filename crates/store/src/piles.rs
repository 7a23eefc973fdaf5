//! How many conversations lie in each of the operator's piles.

use crate::conversation::holder;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::optional_word;
use domain::{BotMode, DeliveryStatus, Direction, PileFacts, Queue, effective_mode, queue};

/// How many conversations lie in each pile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueSizes {
    /// A person has to do something.
    pub needs_me: u32,
    /// The assistant is on it.
    pub bot: u32,
    /// The next word is the customer's.
    pub waiting: u32,
}

impl Reader<'_> {
    /// Returns how many conversations lie in each pile.
    pub fn queue_sizes(self) -> Result<QueueSizes, StoreError> {
        let sql = "SELECT c.last_direction, c.undelivered > 0 AS trouble, c.holder, c.mode, ch.mode AS channel_mode,
                       p.test, c.attention IS NOT NULL AS asked_for,
                       EXISTS (SELECT 1 FROM turn t WHERE t.conversation_id = c.id
                           AND t.state IN ('waiting', 'working')) AS on_it,
                       EXISTS (SELECT 1 FROM draft WHERE conversation_id = c.id AND state = 'pending') AS has_draft,
                       EXISTS (SELECT 1 FROM decision d WHERE d.id = c.decision_id AND d.reason = 'acknowledgement'
                           AND d.message_id = c.last_message_id) AS thanks,
                       c.snoozed_until IS NOT NULL AS snoozed,
                       count(*) AS number
                   FROM conversation c JOIN channel ch ON ch.id = c.channel_id JOIN contact p ON p.id = c.contact_id
                   WHERE c.merged_into IS NULL GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11";
        let global = self.global_mode()?;
        let mut sizes = QueueSizes::default();
        let mut query = self.connection().prepare_cached(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let own: Option<String> = row.get("mode")?;
            let own = own.map(|word| word.parse().unwrap_or(BotMode::Off));
            let channel = row.get::<_, String>("channel_mode")?.parse().ok();
            // An outbound message that needs a decision is counted as trouble already.
            let last =
                optional_word::<Direction>(row, "last_direction")?.map(|way| (way, DeliveryStatus::Sent));
            let mode = effective_mode(global, channel, own, row.get("test")?);
            let size = match queue(&PileFacts {
                last,
                has_trouble: row.get("trouble")?,
                mode,
                holder: holder(row)?,
                asked_for: row.get("asked_for")?,
                on_it: row.get("on_it")?,
                has_draft: row.get("has_draft")?,
                needs_no_answer: row.get("thanks")?,
                snoozed: row.get("snoozed")?,
            }) {
                Queue::NeedsMe => &mut sizes.needs_me,
                Queue::Bot => &mut sizes.bot,
                Queue::Waiting => &mut sizes.waiting,
            };
            *size += row.get::<_, u32>("number")?;
        }
        Ok(sizes)
    }
}
