//! What became of attempts to send: answers, reports, refusals.

use super::{Attempt, attempt};
use crate::change::Change;
use crate::channel::{Hold, HoldClass};
use crate::error::StoreError;
use crate::writer::WriteTransaction;
use domain::{
    ChannelId, DeliveryEvent, DeliveryStatus, Failure, Identity, MessageId, Next, OutboxId, OutboxState,
    Reached, SendClass, SendFailure, Timestamp,
};
use rusqlite::{OptionalExtension as _, params};

impl WriteTransaction<'_> {
    /// Notes that the provider took the message. Reports that came before our answer are added now.
    pub fn settle_accepted(
        &mut self,
        id: &OutboxId,
        provider_id: &str,
        identities: &[Identity],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let attempt = self.read().attempt(id)?;
        self.accept_attempt(&attempt, provider_id)?;
        let message = self.read().message(attempt.message_id)?;
        self.unite_contact(message.contact_id, identities, now)?;
        if matches!(
            message.own_status,
            DeliveryStatus::Sending | DeliveryStatus::Unknown | DeliveryStatus::Queued
        ) {
            self.set_own_status(attempt.message_id, DeliveryStatus::Accepted, None)?;
        }
        for event in self.take_orphan_statuses(&attempt.channel_id, provider_id)? {
            self.merge_delivery(attempt.message_id, &event)?;
        }
        self.release_channel(&attempt.channel_id)?;
        self.changed(Change::Outbox);
        self.changed(Change::Health);
        Ok(())
    }

    /// Notes that the provider did not take the message, and what happens next. Does nothing when a report has
    /// settled the attempt meanwhile.
    pub fn settle_refused(
        &mut self,
        id: &OutboxId,
        failure: &SendFailure,
        next: Next,
    ) -> Result<(), StoreError> {
        let attempt = self.read().attempt(id)?;
        if attempt.state != OutboxState::Sending {
            return Ok(());
        }
        let history = self.read().message(attempt.message_id)?.history;
        if history.status(DeliveryStatus::Queued) != DeliveryStatus::Queued {
            // A report says that an earlier attempt left after all: this one is not made again.
            let sql = "UPDATE outbox SET state = 'discarded' WHERE id = ?1";
            self.connection().execute(sql, [id.as_str()])?;
            self.changed(Change::Outbox);
            self.changed(Change::Health);
            return Ok(());
        }
        let due_at = match next {
            Next::Fail => {
                self.fail_attempt(&attempt, failure)?;
                self.changed(Change::Outbox);
                return Ok(());
            }
            Next::Retry(at) => at,
            Next::HoldChannel { until, tell } => {
                let class = match (tell, failure.class) {
                    (false, _) => HoldClass::Rate,
                    (true, SendClass::Configuration) => HoldClass::Configuration,
                    (true, _) => HoldClass::Wait,
                };
                let hold = Hold {
                    class,
                    code: failure.code,
                    subcode: failure.subcode,
                    title: failure.code.is_none().then(|| failure.title.clone()),
                    until,
                };
                self.hold_channel(&attempt.channel_id, &hold)?;
                until
            }
        };
        let passing = matches!(failure.class, SendClass::Transient { .. });
        let sql = "UPDATE outbox SET state = 'queued', due_at = ?2, error_code = ?3, error_title = ?4,
                       passing = passing + ?5 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            id.as_str(),
            due_at.0,
            failure.code,
            failure.title,
            passing
        ])?;
        self.set_own_status(attempt.message_id, DeliveryStatus::Queued, None)?;
        self.changed(Change::Outbox);
        Ok(())
    }

    /// Notes that a message which waits will not leave, without a request having been made. Does nothing when it does
    /// not wait any more.
    pub fn settle_unsent(&mut self, id: &OutboxId, failure: &SendFailure) -> Result<(), StoreError> {
        let attempt = self.read().attempt(id)?;
        if attempt.state == OutboxState::Queued {
            self.fail_attempt(&attempt, failure)?;
            self.changed(Change::Outbox);
        }
        Ok(())
    }

    /// Notes that nobody knows whether the provider took the message. Does nothing when a report has settled the
    /// attempt meanwhile.
    pub fn settle_unknown(&mut self, id: &OutboxId, why: &str) -> Result<(), StoreError> {
        let attempt = self.read().attempt(id)?;
        if attempt.state != OutboxState::Sending {
            return Ok(());
        }
        let sql = "UPDATE outbox SET state = 'unknown', error_title = ?2 WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute([id.as_str(), why])?;
        self.set_own_status(attempt.message_id, DeliveryStatus::Unknown, None)?;
        self.changed(Change::Outbox);
        self.changed(Change::Health);
        Ok(())
    }

    /// Names every attempt that a crash left in `sending` as unknown. Called once, before anything is sent. Returns
    /// how many there were.
    pub fn name_interrupted_attempts(&mut self) -> Result<usize, StoreError> {
        let ids: Vec<OutboxId> = {
            let mut query = self.connection().prepare(
                "SELECT id FROM outbox WHERE state IN ('queued', 'sending') AND state = 'sending'",
            )?;
            let rows = query.query_map([], |row| Ok(OutboxId::from(row.get::<_, String>(0)?)))?;
            rows.collect::<Result<_, _>>()?
        };
        for id in &ids {
            self.settle_unknown(id, "Deskbell stopped before the answer came")?;
        }
        Ok(ids.len())
    }

    /// Adds a provider's report to the message it is about; keeps it for a day when that message is not known.
    /// Returns which message it is, when that is known.
    pub fn report_delivery(
        &mut self,
        channel: &ChannelId,
        provider_id: &str,
        reference: Option<&str>,
        event: &DeliveryEvent,
        now: Timestamp,
    ) -> Result<Option<MessageId>, StoreError> {
        let Some((message, attempt)) = self.read().reported(channel, provider_id, reference)? else {
            if self.keep_orphan_status(channel, provider_id, event, now)? {
                self.add_count("status_of_unknown_message")?;
            }
            return Ok(None);
        };
        if let Some(attempt) = attempt {
            let latest = self
                .read()
                .latest_attempt(message)?
                .is_some_and(|latest| latest.id == attempt.id);
            if !latest {
                let news = match event.reached {
                    // An older attempt failed, which is why there is a newer one.
                    Reached::Failed => false,
                    // What was accepted before there was a newer attempt has failed since: this report is late.
                    Reached::Sent => attempt.state != OutboxState::Accepted,
                    Reached::Delivered | Reached::Read | Reached::Played => true,
                };
                if !news {
                    return Ok(Some(message));
                }
                self.withdraw_queued(message)?;
            }
            self.accept_attempt(&attempt, provider_id)?;
        }
        self.merge_delivery(message, event)?;
        Ok(Some(message))
    }

    /// Takes back an attempt that has not begun: an earlier one did leave, so this one would be a second message.
    fn withdraw_queued(&mut self, message: MessageId) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET state = 'discarded' WHERE message_id = ?1 AND state = 'queued'";
        if self.connection().execute(sql, [message.0])? > 0 {
            self.changed(Change::Outbox);
            self.changed(Change::Health);
        }
        Ok(())
    }

    /// The provider has the message under this id, whatever we believed so far: it is never sent again by itself.
    fn accept_attempt(&mut self, attempt: &Attempt, provider_id: &str) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET state = 'accepted', provider_id = ?2 WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute([attempt.id.as_str(), provider_id])?;
        // OR IGNORE: a provider that gives one id to two messages must not stop the street.
        let sql = "UPDATE OR IGNORE message SET provider_id = ?2 WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![attempt.message_id.0, provider_id])?;
        if attempt.state != OutboxState::Accepted {
            self.changed(Change::Outbox);
            self.changed(Change::Health);
        }
        Ok(())
    }

    fn fail_attempt(&mut self, attempt: &Attempt, failure: &SendFailure) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET state = 'failed', error_code = ?2, error_title = ?3 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            attempt.id.as_str(),
            failure.code,
            failure.title
        ])?;
        let told = Failure {
            code: failure.code,
            subcode: failure.subcode,
            title: failure.title.clone(),
            detail: failure.detail.clone(),
        };
        self.set_own_status(attempt.message_id, DeliveryStatus::Failed, Some(&told))?;
        self.changed(Change::Health);
        Ok(())
    }
    /// Fails a message that waits, without a request having been made: its file was not taken.
    pub(crate) fn fail_queued(
        &mut self,
        message: MessageId,
        failure: &SendFailure,
    ) -> Result<(), StoreError> {
        let sql = "SELECT * FROM outbox WHERE message_id = ?1 AND state = 'queued'";
        let waiting = self
            .connection()
            .prepare_cached(sql)?
            .query_row([message.0], attempt)
            .optional()?;
        if let Some(waiting) = waiting {
            self.fail_attempt(&waiting, failure)?;
            self.changed(Change::Outbox);
        }
        Ok(())
    }
}
