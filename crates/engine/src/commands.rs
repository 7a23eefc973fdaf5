//! What an operator can ask for. Reads go to the store directly.

mod drafts;
mod knowledge;
pub(crate) mod model;
mod sending;

pub use knowledge::{
    CannedWords, ChatAuthor, ChatLine, KnownSkill, Manners, MannersWish, PackSkill, ReadDocument, Returns,
    SkillWish, Tried, TypedDocument, extract_if_asked, opening_hours, starter_languages,
};
pub use sending::{FileMessage, FileSource};
pub(crate) use sending::{broken, wire_word};

use crate::engine::Engine;
use crate::media::intake::Unfit;
use channels::whatsapp::CallFailure;
use channels::whatsapp::errors::blames_file;
use domain::{
    BotMode, ChannelId, ConversationId, HeldBy, MessageId, MessageKind, OperatorPermit, OutboxId, Permit,
    Timestamp,
};
use std::time::Duration;
use store::{StoreError, WriteTransaction};
use uuid::Uuid;

/// Provider ids are opaque; Meta's have some 200 characters at most (whatsapp-cloud-api, section 2.1).
const LONGEST_ID: usize = 1_024;
/// How far away a conversation may be put off.
const LONGEST_REST: Duration = Duration::from_hours(366 * 24);

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The text has no words.
    #[error("There is nothing to send: the text is empty.")]
    EmptyText,
    /// The text is longer than several messages.
    #[error("The text has {0} characters. That is too much for a chat; send it as a document.")]
    TextTooLong(usize),
    /// Free text may not be sent any more.
    #[error(
        "More than 24 hours have passed since the customer wrote, so WhatsApp does not let you write freely. You can \
         answer again as soon as they write."
    )]
    WindowClosed,
    /// What was asked for breaks a rule.
    #[error("{sentence}")]
    Misfit {
        /// Which argument, or which part of it.
        field: String,
        /// What is wrong and what to do.
        sentence: String,
    },
    /// A file could not be written or read.
    #[error(
        "The file could not be saved or read on this computer: {0}. Check that the disk has free space, then try again."
    )]
    Disk(#[from] std::io::Error),
    /// The provider refused, or could not be reached.
    #[error("{0}")]
    Provider(CallFailure),
    /// The provider could not be asked, so nothing is known and nothing was changed.
    #[error("{0}")]
    Unasked(String),
    /// The secrets of the channel cannot be read.
    #[error("{0}")]
    Secrets(String),
    /// The database failed, or the thing is not there.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl CommandError {
    fn misfit(field: &str, sentence: &str) -> Self {
        Self::Misfit {
            field: field.to_owned(),
            sentence: sentence.to_owned(),
        }
    }

    pub(crate) fn from_unfit(field: &str, unfit: Unfit) -> Self {
        match unfit {
            Unfit::Disk(error) => Self::Disk(error),
            unfit => Self::Misfit {
                field: field.to_owned(),
                sentence: unfit.to_string(),
            },
        }
    }
}

/// Makes the name of a new attempt.
pub(crate) fn outbox_id() -> OutboxId {
    OutboxId::from(format!("ob_{}", Uuid::now_v7().simple()))
}

/// Returns what a message answers. An id nobody could have been given is no quote.
pub(crate) fn sane_reply(reply_to: Option<String>) -> Option<String> {
    reply_to.filter(|id| !id.trim().is_empty() && id.len() <= LONGEST_ID)
}

impl Engine {
    /// Tries a message again that failed or may not have arrived, as a new attempt.
    pub async fn retry(&self, message: MessageId) -> Result<MessageId, CommandError> {
        let now = self.now();
        let (known, conversation) = self
            .store()
            .read(move |reader| {
                let message = reader.message(message)?;
                let conversation = reader.conversation(message.conversation_id)?;
                Ok((message, conversation))
            })
            .await?;
        // An approved template may always leave.
        if known.kind != MessageKind::Template && !conversation.window.is_open(now) {
            return Err(CommandError::WindowClosed);
        }
        let (id, permit) = (outbox_id(), Permit::Operator(OperatorPermit::by_command()));
        let files_anew = blames_file(known.failure.and_then(|failure| failure.code));
        self.store()
            .write(move |transaction| transaction.retry_message(message, &id, permit, files_anew, now))
            .await?;
        Ok(message)
    }

    /// Gives up a message that has not left, failed, or whose fate is unknown.
    pub async fn discard(&self, message: MessageId) -> Result<(), CommandError> {
        let now = self.now();
        Ok(self
            .store()
            .write(move |transaction| transaction.discard_message(message, now))
            .await?)
    }

    /// Makes a person the holder of a conversation. What the assistant was about to say is withdrawn.
    pub async fn take_over(&self, conversation: ConversationId) -> Result<(), CommandError> {
        let now = self.now();
        Ok(self
            .store()
            .write(move |transaction| transaction.take_over(conversation, HeldBy::TakeOver, now))
            .await?)
    }

    /// Gives a conversation back to the assistant. With `answer_now` it answers what was asked last. Returns whether the
    /// customer's last words have no answer yet.
    pub async fn hand_back(
        &self,
        conversation: ConversationId,
        answer_now: bool,
    ) -> Result<bool, CommandError> {
        let now = self.now();
        let work = move |transaction: &mut WriteTransaction<'_>| {
            transaction.hand_back(conversation, HeldBy::HandBack, now)?;
            let known = transaction.read().conversation(conversation)?;
            let open = transaction.read().open_question(known.id)?;
            let Some(asked) = open.last() else {
                return Ok(false);
            };
            if answer_now && known.effective_mode != BotMode::Off {
                transaction.ask_turn(known.id, asked.id, false, now)?;
            }
            Ok(true)
        };
        Ok(self.store().write(work).await?)
    }

    /// Lets a person keep a conversation until they give it back themselves.
    pub async fn keep_holder(&self, conversation: ConversationId) -> Result<(), CommandError> {
        Ok(self
            .store()
            .write(move |transaction| transaction.keep_holder(conversation))
            .await?)
    }

    /// Sets the global mode.
    pub async fn set_global_mode(&self, mode: BotMode) -> Result<(), CommandError> {
        Ok(self
            .store()
            .write(move |transaction| transaction.set_global_mode(mode))
            .await?)
    }

    /// Sets the mode of a channel.
    pub async fn set_channel_mode(&self, channel: ChannelId, mode: BotMode) -> Result<(), CommandError> {
        Ok(self
            .store()
            .write(move |transaction| transaction.set_channel_mode(&channel, mode))
            .await?)
    }

    /// Sets the mode of a conversation, or takes it away.
    pub async fn set_conversation_mode(
        &self,
        conversation: ConversationId,
        mode: Option<BotMode>,
    ) -> Result<(), CommandError> {
        let now = self.now();
        let work = move |transaction: &mut WriteTransaction<'_>| {
            transaction.set_conversation_mode(conversation, mode, now)
        };
        Ok(self.store().write(work).await?)
    }

    /// Puts a conversation off until a moment, or no longer.
    pub async fn snooze(
        &self,
        conversation: ConversationId,
        until: Option<Timestamp>,
    ) -> Result<(), CommandError> {
        let now = self.now();
        if until.is_some_and(|until| until <= now) {
            return Err(CommandError::misfit(
                "until",
                "This moment has passed. Choose one that is still to come.",
            ));
        }
        if until.is_some_and(|until| until.since(now) > LONGEST_REST) {
            return Err(CommandError::misfit(
                "until",
                "This is more than a year away. Choose an earlier moment.",
            ));
        }
        Ok(self
            .store()
            .write(move |transaction| transaction.snooze(conversation, until))
            .await?)
    }

    /// Keeps what stands unsent in a composer.
    pub async fn keep_composer(
        &self,
        conversation: ConversationId,
        text: String,
    ) -> Result<(), CommandError> {
        let now = self.now();
        let work = move |transaction: &mut WriteTransaction<'_>| {
            transaction.keep_composer_text(conversation, &text, now)
        };
        Ok(self.store().write(work).await?)
    }

    /// Tries at once to send again on a channel that waits.
    pub async fn resume_channel(&self, channel: ChannelId) -> Result<(), CommandError> {
        let now = self.now();
        self.store()
            .read({
                let channel = channel.clone();
                move |reader| reader.channel(&channel)
            })
            .await?;
        Ok(self
            .store()
            .write(move |transaction| transaction.probe_channel(&channel, now))
            .await?)
    }
}
