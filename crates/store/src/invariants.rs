//! Whatever happens, in whatever order: what must always be true of the tables afterwards.

use crate::{
    Access, Claim, ConversationFilter, NewChannel, NewInbound, NewOutbound, Store, StoreError, StoredFile,
    WriteTransaction,
};
use domain::{
    AttachmentId, Author, BotMode, ChannelId, ChannelKind, ConversationId, DeliveryEvent, DeliveryStatus,
    Failure, Forwarded, Identity, IdentityKind, MessageId, MessageKind, Next, OperatorPermit, OutboxId,
    Permit, Queue, Reached, SendClass, SendFailure, Timestamp,
};
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

#[derive(Debug, Clone)]
enum Step {
    /// A customer writes; a small number of ids, so that many come twice.
    Text {
        who: u8,
        wamid: u8,
        late: u8,
    },
    Reply {
        who: u8,
    },
    /// A reply with a file, which has to be uploaded before it leaves.
    Photo {
        who: u8,
    },
    /// An upload begins.
    Upload(Index),
    /// An upload ends: 0 well, for a while; 1 it is tried again; 2 it is refused.
    Uploaded(Index, u8),
    /// A conversation is looked at.
    Look {
        who: u8,
    },
    Claim(Index),
    Accept(Index),
    Refuse(Index, u8),
    Lose(Index),
    /// A report about an attempt, with our reference or only with the provider's id.
    Report(Index, Reached, bool),
    Retry(Index),
    Discard(Index),
    Crash,
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    prop_oneof![
        3 => (0_u8..3, 0_u8..12, 0_u8..4).prop_map(|(who, wamid, late)| Step::Text { who, wamid, late }),
        4 => (0_u8..3).prop_map(|who| Step::Reply { who }),
        2 => (0_u8..3).prop_map(|who| Step::Photo { who }),
        3 => index().prop_map(Step::Upload),
        3 => (index(), 0_u8..3).prop_map(|(at, how)| Step::Uploaded(at, how)),
        1 => (0_u8..3).prop_map(|who| Step::Look { who }),
        5 => index().prop_map(Step::Claim),
        3 => index().prop_map(Step::Accept),
        2 => (index(), 0_u8..4).prop_map(|(at, how)| Step::Refuse(at, how)),
        2 => index().prop_map(Step::Lose),
        5 => (index(), proptest::sample::select(Reached::ALL), any::<bool>())
            .prop_map(|(at, reached, reference)| Step::Report(at, reached, reference)),
        3 => index().prop_map(Step::Retry),
        1 => index().prop_map(Step::Discard),
        1 => Just(Step::Crash),
        2 => (1_u16..900).prop_map(Step::Wait),
    ]
}

/// The shop, and what we know of it besides its tables.
struct Play<'t, 'c> {
    transaction: &'t mut WriteTransaction<'c>,
    channel: ChannelId,
    now: Timestamp,
    conversations: BTreeMap<u8, ConversationId>,
    unread: BTreeMap<ConversationId, u32>,
    accepted: BTreeSet<String>,
    windows: BTreeMap<ConversationId, i64>,
    made: u32,
}

/// A broken rule, as the error that ends a case.
fn rule(holds: bool, words: impl FnOnce() -> String) -> Result<(), StoreError> {
    if holds {
        Ok(())
    } else {
        Err(StoreError::Damaged(words()))
    }
}

impl Play<'_, '_> {
    fn rows<T>(&self, sql: &str, read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        let mut query = self.transaction.connection().prepare(sql).unwrap();
        let rows = query.query_map([], read).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    fn attempts(&self, state: &str) -> Vec<OutboxId> {
        self.rows(
            &format!("SELECT id FROM outbox WHERE state LIKE '{state}' ORDER BY created_at, id"),
            |row| Ok(OutboxId::from(row.get::<_, String>(0)?)),
        )
    }

    fn messages(&self) -> Vec<MessageId> {
        self.rows(
            "SELECT id FROM message WHERE direction = 'outbound' ORDER BY id",
            |row| row.get(0).map(MessageId),
        )
    }

    fn fresh(&mut self) -> OutboxId {
        self.made += 1;
        OutboxId::from(format!("ob_{}", self.made))
    }

    fn take(&mut self, step: &Step) -> Result<(), StoreError> {
        let permit = Permit::Operator(OperatorPermit::by_command());
        let pick = |of: Vec<OutboxId>, at: &Index| (!of.is_empty()).then(|| at.get(&of).clone());
        match step {
            Step::Text { who, wamid, late } => self.text(*who, *wamid, *late)?,
            Step::Reply { who } => {
                if let Some(id) = self.conversations.get(who).copied() {
                    let attempt = self.fresh();
                    let new = NewOutbound::words(id, Author::Operator, "Hi".to_owned(), None);
                    self.transaction.add_outbound(&new, &attempt, permit, self.now)?;
                    self.unread.insert(id, 0);
                }
            }
            Step::Photo { who } => {
                if let Some(id) = self.conversations.get(who).copied() {
                    let attempt = self.fresh();
                    let new = NewOutbound {
                        kind: MessageKind::Image,
                        files: vec![StoredFile::default()],
                        ..NewOutbound::words(id, Author::Operator, "Look".to_owned(), None)
                    };
                    self.transaction.add_outbound(&new, &attempt, permit, self.now)?;
                    self.unread.insert(id, 0);
                }
            }
            Step::Upload(at) => {
                let due = self.transaction.read().due_uploads(self.now, 100)?;
                if !due.is_empty() {
                    let id = at.get(&due).attachment.id;
                    let begun = self.transaction.begin_upload(id)?;
                    rule(begun, || format!("upload {id} is due and cannot begin"))?;
                }
            }
            Step::Uploaded(at, how) => self.uploaded(*at, *how)?,
            Step::Look { who } => {
                if let Some(id) = self.conversations.get(who).copied() {
                    self.transaction.mark_read(id)?;
                    self.unread.insert(id, 0);
                }
            }
            Step::Claim(at) => {
                if let Some(id) = pick(self.attempts("%"), at) {
                    self.claim(&id)?;
                }
            }
            Step::Accept(at) => {
                if let Some(id) = pick(self.attempts("sending"), at) {
                    self.transaction
                        .settle_accepted(&id, &format!("wamid.{id}"), &[], self.now)?;
                }
            }
            Step::Refuse(at, how) => {
                if let Some(id) = pick(self.attempts("sending"), at) {
                    let until = self.now.plus(Duration::from_secs(30));
                    let next = match how {
                        0 => Next::Fail,
                        1 => Next::Retry(until),
                        how => Next::HoldChannel {
                            until,
                            tell: *how == 2,
                        },
                    };
                    self.transaction
                        .settle_refused(&id, &refused(SendClass::Wait), next)?;
                }
            }
            Step::Lose(at) => {
                if let Some(id) = pick(self.attempts("sending"), at) {
                    self.transaction.settle_unknown(&id, "lost")?;
                }
            }
            Step::Report(at, reached, with_reference) => {
                if let Some(id) = pick(self.attempts("%"), at) {
                    let event = DeliveryEvent {
                        reached: *reached,
                        at: self.now,
                        failure: (*reached == Reached::Failed).then(|| Failure {
                            code: None,
                            subcode: None,
                            title: "undeliverable".to_owned(),
                            detail: None,
                        }),
                    };
                    let reference = with_reference.then(|| id.as_str());
                    let (channel, wamid) = (self.channel.clone(), format!("wamid.{id}"));
                    self.transaction
                        .report_delivery(&channel, &wamid, reference, &event, self.now)?;
                }
            }
            Step::Retry(at) => {
                let messages = self.messages();
                if !messages.is_empty() {
                    let attempt = self.fresh();
                    let asked =
                        self.transaction
                            .retry_message(*at.get(&messages), &attempt, permit, false, self.now);
                    rule(matches!(asked, Ok(()) | Err(StoreError::Conflict(_))), || {
                        format!("{asked:?}")
                    })?;
                }
            }
            Step::Discard(at) => {
                let messages = self.messages();
                if !messages.is_empty() {
                    let asked = self.transaction.discard_message(*at.get(&messages), self.now);
                    rule(matches!(asked, Ok(()) | Err(StoreError::Conflict(_))), || {
                        format!("{asked:?}")
                    })?;
                }
            }
            Step::Crash => {
                self.transaction.name_interrupted_attempts()?;
                self.transaction.name_interrupted_uploads(self.now)?;
            }
            Step::Wait(seconds) => self.now = self.now.plus(Duration::from_secs(u64::from(*seconds))),
        }
        Ok(())
    }

    fn uploaded(&mut self, at: Index, how: u8) -> Result<(), StoreError> {
        let under_way = self.rows(
            "SELECT id FROM attachment WHERE upload_state = 'uploading' ORDER BY id",
            |row| row.get(0).map(AttachmentId),
        );
        if under_way.is_empty() {
            return Ok(());
        }
        let id = *at.get(&under_way);
        let later = |seconds| self.now.plus(Duration::from_secs(seconds));
        match how {
            0 => self.transaction.settle_uploaded(id, "1402", later(1_000)),
            1 => self
                .transaction
                .settle_upload_later(id, later(30), Some("later"), true),
            _ => self.transaction.refuse_upload(id, &refused(SendClass::Never)),
        }
    }

    fn text(&mut self, who: u8, wamid: u8, late: u8) -> Result<(), StoreError> {
        let identity = Identity::new(IdentityKind::WaId, &format!("44770090000{who}")).unwrap();
        let contact_id = self
            .transaction
            .find_or_add_contact(&[identity], None, self.now)?;
        let channel = self.channel.clone();
        let conversation_id = self
            .transaction
            .find_or_add_conversation(&channel, contact_id, self.now)?;
        let stored = self.transaction.add_inbound(&NewInbound {
            conversation_id,
            channel_id: channel,
            contact_id,
            source: domain::Source::Live,
            direction: domain::Direction::Inbound,
            sender: None,
            silence: None,
            reached: None,
            failure: None,
            kind: MessageKind::Text,
            original_kind: "text".to_owned(),
            text: Some("Hello".to_owned()),
            provider_id: format!("wamid.in.{who}.{wamid}"),
            reply_to: None,
            sent_at: Timestamp(self.now.0 - i64::from(late) * 7_000),
            received_at: self.now,
            payload: None,
            referral: None,
            raw: None,
            forwarded: Forwarded::No,
            opens_window: true,
        })?;
        self.conversations.insert(who, conversation_id);
        if stored.is_some() {
            *self.unread.entry(conversation_id).or_default() += 1;
        }
        Ok(())
    }

    fn claim(&mut self, id: &OutboxId) -> Result<(), StoreError> {
        let claimed = match self.transaction.claim_attempt(id, self.now)? {
            Claim::Taken(claimed) => claimed,
            Claim::WindowClosed(attempt) | Claim::Unwanted(attempt) => {
                return self
                    .transaction
                    .settle_unsent(&attempt.id, &refused(SendClass::Never));
            }
            Claim::NotNow => return Ok(()),
        };
        let message = self.transaction.read().message(claimed.attempt.message_id)?;
        for file in self.transaction.read().attachments(claimed.attempt.message_id)? {
            let there = file.media_id.is_some() && file.media_until.is_some_and(|until| until > self.now);
            rule(there, || format!("{id} leaves without its file"))?;
        }
        rule(
            message.status == DeliveryStatus::Sending && !message.discarded,
            || format!("{id} leaves though its message is {} already", message.status),
        )
    }

    fn check(&mut self) -> Result<(), StoreError> {
        let none = |name: &str, sql: &str| -> Result<(), StoreError> {
            let found = self.rows(sql, |row| row.get::<_, String>(0));
            rule(found.is_empty(), || format!("{name}: {found:?}"))
        };
        none(
            "undelivered is not what is stored",
            "SELECT CAST(c.id AS TEXT) FROM conversation c WHERE undelivered <> (SELECT count(*) FROM message m
                 WHERE m.conversation_id = c.id AND m.direction = 'outbound' AND m.discarded_at IS NULL
                     AND m.status IN ('failed', 'unknown'))",
        )?;
        none(
            "the last message is not the last",
            "SELECT CAST(c.id AS TEXT) FROM conversation c JOIN message l ON l.id = c.last_message_id
             WHERE l.discarded_at IS NOT NULL OR c.last_at <> l.sort_at OR c.last_direction <> l.direction
                 OR EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id AND m.discarded_at IS NULL
                     AND (m.sort_at, m.id) > (l.sort_at, l.id))",
        )?;
        none(
            "two messages of one conversation are under way",
            "SELECT group_concat(id) FROM outbox WHERE state = 'sending' GROUP BY conversation_id
             HAVING count(*) > 1",
        )?;
        none(
            "a message waits twice",
            "SELECT group_concat(id) FROM outbox WHERE state IN ('queued', 'sending') GROUP BY message_id
             HAVING count(*) > 1",
        )?;
        none(
            "a message shows as waiting and nothing will ever send it",
            "SELECT CAST(m.id AS TEXT) FROM message m WHERE m.status IN ('queued', 'sending')
                 AND m.discarded_at IS NULL AND NOT EXISTS (SELECT 1 FROM outbox o
                     WHERE o.message_id = m.id AND o.state IN ('queued', 'sending'))",
        )?;
        none(
            "a message waits for a file that nobody will upload",
            "SELECT CAST(a.id AS TEXT) FROM attachment a JOIN outbox o ON o.message_id = a.message_id
             WHERE o.state = 'queued' AND NOT (a.upload_state = 'uploading' OR a.upload_state = 'uploaded'
                 OR a.upload_state = 'waiting' AND a.due_at IS NOT NULL)",
        )?;
        none(
            "a file counts as uploaded and has no id",
            "SELECT CAST(id AS TEXT) FROM attachment WHERE (upload_state = 'uploaded') <> (media_id IS NOT NULL)",
        )?;
        none(
            "a message has arrived and would be sent again",
            "SELECT CAST(m.id AS TEXT) FROM message m JOIN outbox o ON o.message_id = m.id
             WHERE o.state = 'queued' AND m.status NOT IN ('queued')",
        )?;
        let accepted: BTreeSet<String> = self
            .attempts("accepted")
            .into_iter()
            .map(|id| id.to_string())
            .collect();
        rule(accepted.is_superset(&self.accepted), || {
            format!("what was accepted is not any more: {:?}", self.accepted)
        })?;
        self.accepted = accepted;

        let rows = self
            .transaction
            .read()
            .conversations(&ConversationFilter::default(), None, 100)?;
        let size = |queue| rows.iter().filter(|row| row.queue() == queue).count();
        let sizes = self.transaction.read().queue_sizes()?;
        let same = (size(Queue::NeedsMe), size(Queue::Bot), size(Queue::Waiting))
            == (
                sizes.needs_me as usize,
                sizes.bot as usize,
                sizes.waiting as usize,
            );
        rule(same, || format!("the piles are {sizes:?}"))?;
        for row in rows {
            let unread = self.unread.get(&row.id).copied().unwrap_or(0);
            rule(row.unread == unread, || {
                format!("{} unread, not {unread}", row.unread)
            })?;
            let closes = row.window.closes_at().map_or(0, |at| at.0);
            let before = self.windows.insert(row.id, closes).unwrap_or(0);
            rule(closes >= before, || "a window was shortened".to_owned())?;
        }
        Ok(())
    }
}

/// Plays all steps in one transaction that is rolled back at the end.
fn play(transaction: &mut WriteTransaction<'_>, steps: &[Step]) -> Result<(), StoreError> {
    let now = Timestamp(1_794_301_200_000);
    let endpoint_id = transaction.add_endpoint("/hooks/x", ChannelKind::WhatsappCloud, "print", now)?;
    let channel = ChannelId::from("1");
    transaction.put_channel(
        &NewChannel {
            id: channel.clone(),
            endpoint_id,
            kind: ChannelKind::WhatsappCloud,
            name: "Shop".to_owned(),
            mode: BotMode::Off,
            number_id: "1".to_owned(),
            account_id: None,
            address: None,
            api_url: String::new(),
            api_version: String::new(),
        },
        now,
    )?;
    let mut play = Play {
        transaction,
        channel,
        now,
        conversations: BTreeMap::new(),
        unread: BTreeMap::new(),
        accepted: BTreeSet::new(),
        windows: BTreeMap::new(),
        made: 0,
    };
    for (number, step) in steps.iter().enumerate() {
        play.take(step)
            .and_then(|()| play.check())
            .map_err(|error| StoreError::Damaged(format!("after step {number}, {step:?}: {error}")))?;
    }
    Err(StoreError::Conflict("played to the end".to_owned()))
}

#[test]
fn whatever_happens_the_tables_agree_with_each_other_and_nothing_is_sent_twice() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let cases = ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(cases, |(steps in proptest::collection::vec(step(), 1..60))| {
        let played = runtime.block_on(store.write(move |transaction| play(transaction, &steps)));
        prop_assert!(matches!(played, Err(StoreError::Conflict(_))), "{played:?}");
    });
    runtime.block_on(store.close());
}

fn refused(class: SendClass) -> SendFailure {
    SendFailure {
        class,
        code: Some(1),
        subcode: None,
        title: "refused".to_owned(),
        detail: None,
        retry_after: None,
    }
}
