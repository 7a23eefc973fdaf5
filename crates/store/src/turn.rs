//! The tray of the study: bursts of a customer's messages that ask for one answer at most.

use crate::change::Change;
use crate::error::StoreError;
use crate::message::{Message, message};
use crate::reader::Reader;
use crate::row::{time, word};
use crate::writer::WriteTransaction;
use domain::{
    ConversationId, DecisionId, DraftState, LONGEST_BURST, MessageId, Timestamp, TurnId, TurnState,
};
use rusqlite::{OptionalExtension as _, Row, params};

/// Messages of a customer a turn looks at, at most.
const LONGEST: u32 = 20;
/// The last messages of a thread among which an answer is looked for.
const LATEST: u32 = 200;

/// A turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Its id.
    pub id: TurnId,
    /// Who speaks.
    pub conversation_id: ConversationId,
    /// When its first message came.
    pub first_at: Timestamp,
    /// Its last message so far.
    pub last_message_id: MessageId,
    /// Where it stands.
    pub state: TurnState,
    /// Not before.
    pub due_at: Timestamp,
    /// The conversation's epoch when work began.
    pub epoch: i64,
    /// How often work began.
    pub attempt: u32,
    /// How often it came to no end because something broke.
    pub failures: u32,
    /// Whether an operator asked for it.
    pub asked: bool,
    /// Whether promises and excuses of the assistant count as no answer, since an operator gave the question back to it.
    pub looks_back: bool,
    /// What came of it.
    pub decision_id: Option<DecisionId>,
}

fn turn(row: &Row<'_>) -> rusqlite::Result<Turn> {
    Ok(Turn {
        id: TurnId(row.get("id")?),
        conversation_id: ConversationId(row.get("conversation_id")?),
        first_at: time(row, "first_at")?,
        last_message_id: MessageId(row.get("last_message_id")?),
        state: word(row, "state")?,
        due_at: time(row, "due_at")?,
        epoch: row.get("epoch")?,
        attempt: row.get("attempt")?,
        failures: row.get("failures")?,
        asked: row.get("asked")?,
        looks_back: row.get("looks_back")?,
        decision_id: row.get::<_, Option<i64>>("decision_id")?.map(DecisionId),
    })
}

impl Reader<'_> {
    /// Returns a turn.
    pub fn turn(self, id: TurnId) -> Result<Turn, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM turn WHERE id = ?1")?;
        query
            .query_row([id.0], turn)
            .optional()?
            .ok_or_else(|| StoreError::not_found("turn", &id))
    }

    /// Returns a conversation's open turn.
    pub fn open_turn(self, conversation: ConversationId) -> Result<Option<Turn>, StoreError> {
        let sql = "SELECT * FROM turn WHERE conversation_id = ?1 AND state IN ('waiting', 'working')";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([conversation.0], turn).optional()?)
    }

    /// Returns turns whose time has come at `now`, the oldest first.
    pub fn due_turns(self, now: Timestamp, limit: u32) -> Result<Vec<Turn>, StoreError> {
        let sql =
            "SELECT * FROM turn WHERE state IN ('waiting', 'working') AND state = 'waiting' AND due_at <= ?1
                   ORDER BY due_at, id LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![now.0, limit], turn)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns when the next waiting turn is due.
    pub fn next_turn_at(self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(due_at) FROM turn WHERE state IN ('waiting', 'working') AND state = 'waiting'";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([], |row| row.get::<_, Option<i64>>(0))?
            .map(Timestamp))
    }

    /// Returns what a customer said since somebody last answered them, the oldest first: the last 20 at most. What was
    /// never sent is no answer.
    pub fn burst(self, conversation: ConversationId) -> Result<Vec<Message>, StoreError> {
        self.unanswered(conversation, false)
    }

    /// As [`Self::burst`], with what the customer said before the assistant promised a person or said that it knows no
    /// answer.
    pub fn open_question(self, conversation: ConversationId) -> Result<Vec<Message>, StoreError> {
        self.unanswered(conversation, true)
    }

    /// What counts is the order in which things arrived here: the provider's clock and ours differ, and a webhook that
    /// comes late was answered by nobody.
    fn unanswered(self, conversation: ConversationId, looks_back: bool) -> Result<Vec<Message>, StoreError> {
        let sql = "WITH late AS MATERIALIZED (
                       SELECT id, direction, author, source, status, discarded_at, decision_id FROM message
                       WHERE conversation_id = ?1 ORDER BY sort_at DESC, id DESC LIMIT ?3)
                   SELECT m.* FROM message m JOIN late USING (id)
                   WHERE m.direction = 'inbound' AND m.source = 'live' AND m.silence IS NULL AND m.revoked = 0
                       AND m.id > coalesce((SELECT max(l.id) FROM late l
                           WHERE l.direction = 'outbound' AND l.source <> 'history' AND l.discarded_at IS NULL
                               AND l.status <> 'failed' AND l.author <> 'system'
                               AND NOT (?4 AND l.author = 'bot' AND (
                                   EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = l.id AND o.handover = 1)
                                   OR EXISTS (SELECT 1 FROM decision d
                                              WHERE d.id = l.decision_id AND d.step = 'fallback')))), -1)
                   ORDER BY m.sort_at DESC, m.id DESC LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![conversation.0, LONGEST, LATEST, looks_back], message)?;
        let mut burst: Vec<Message> = rows.collect::<Result<_, _>>()?;
        burst.reverse();
        Ok(burst)
    }
}

impl WriteTransaction<'_> {
    /// Opens a turn for what a customer just said, or lets the open one wait for it too: the newest words decide when
    /// it is due, yet never later than 20 s after the first. A draft of what was said before is out of date.
    pub fn open_turn(
        &mut self,
        conversation: ConversationId,
        message: MessageId,
        due_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO turn (conversation_id, first_at, last_message_id, state, due_at, created_at)
                   VALUES (?1, ?2, ?3, 'waiting', ?4, ?2)
                   ON CONFLICT (conversation_id) WHERE state IN ('waiting', 'working') DO UPDATE SET
                       last_message_id = ?3, state = 'waiting', due_at = max(?2, min(?4, first_at + ?5))";
        let longest = i64::try_from(LONGEST_BURST.as_millis()).unwrap_or(i64::MAX);
        self.connection().prepare_cached(sql)?.execute(params![
            conversation.0,
            now.0,
            message.0,
            due_at.0,
            longest
        ])?;
        self.retire_drafts(conversation, DraftState::Superseded, now)?;
        self.changed(Change::Turns);
        self.changed(Change::Conversation(conversation));
        Ok(())
    }

    /// Opens a turn because an operator asked for an answer to what was said last. What the assistant promised or excused
    /// itself with meanwhile is no answer.
    pub fn ask_turn(
        &mut self,
        conversation: ConversationId,
        message: MessageId,
        drafts_only: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.open_turn(conversation, message, now, now)?;
        let sql = "UPDATE turn SET asked = ?2, due_at = ?3, looks_back = 1
                   WHERE conversation_id = ?1 AND state IN ('waiting', 'working')";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![conversation.0, drafts_only, now.0])?;
        Ok(())
    }

    /// Begins work on a turn that is due, and remembers how the conversation stood. `None` when it is not due any more.
    pub fn claim_turn(&mut self, id: TurnId, now: Timestamp) -> Result<Option<Turn>, StoreError> {
        let known = self.read().turn(id)?;
        if known.state != TurnState::Waiting || known.due_at > now {
            return Ok(None);
        }
        let epoch = self.read().conversation(known.conversation_id)?.epoch;
        let sql = "UPDATE turn SET state = 'working', attempt = attempt + 1, epoch = ?2 WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, epoch])?;
        self.changed(Change::Conversation(known.conversation_id));
        Ok(Some(Turn {
            state: TurnState::Working,
            attempt: known.attempt + 1,
            epoch,
            ..known
        }))
    }

    /// Ends a turn. Whoever worked on it did so with the state it has now: the caller has checked that.
    pub fn end_turn(
        &mut self,
        id: TurnId,
        state: TurnState,
        decision: Option<DecisionId>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE turn SET state = ?2, decision_id = coalesce(?3, decision_id) WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            id.0,
            state.as_str(),
            decision.map(|id| id.0)
        ])?;
        let conversation = self.read().turn(id)?.conversation_id;
        self.changed(Change::Turns);
        self.changed(Change::Conversation(conversation));
        Ok(())
    }

    /// Lets a turn wait again, for instance because something new was said while the assistant thought.
    pub fn postpone_turn(&mut self, id: TurnId, due_at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE turn SET state = 'waiting', due_at = ?2 WHERE id = ?1 AND state IN ('waiting', 'working')";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, due_at.0])?;
        self.changed(Change::Turns);
        Ok(())
    }

    /// Lets a turn wait again that came to no end because something broke.
    pub fn fail_turn(&mut self, id: TurnId, due_at: Timestamp) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE turn SET failures = failures + 1 WHERE id = ?1")?
            .execute([id.0])?;
        self.postpone_turn(id, due_at)
    }

    /// Ends the open turn of a conversation whose customer took back what it was about.
    pub(crate) fn drop_empty_turn(&mut self, conversation: ConversationId) -> Result<(), StoreError> {
        let Some(turn) = self.read().open_turn(conversation)? else {
            return Ok(());
        };
        if self.read().unanswered(conversation, turn.looks_back)?.is_empty() {
            self.cancel_turn(conversation)?;
        }
        Ok(())
    }

    /// Ends a conversation's open turn, if there is one: somebody else answers.
    pub fn cancel_turn(&mut self, conversation: ConversationId) -> Result<(), StoreError> {
        let sql = "UPDATE turn SET state = 'cancelled' WHERE conversation_id = ?1 AND state IN ('waiting', 'working')";
        if self.connection().prepare_cached(sql)?.execute([conversation.0])? > 0 {
            self.changed(Change::Turns);
            self.changed(Change::Conversation(conversation));
        }
        Ok(())
    }

    /// Lets every turn wait again that was being worked on when the program ended. Returns how many.
    pub fn resume_turns(&mut self) -> Result<usize, StoreError> {
        let sql = "UPDATE turn SET state = 'waiting', failures = failures + 1
                   WHERE state IN ('waiting', 'working') AND state = 'working'";
        let number = self.connection().execute(sql, [])?;
        if number > 0 {
            self.changed(Change::Turns);
        }
        Ok(number)
    }
}
