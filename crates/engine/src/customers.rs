//! What an operator can do about a person besides writing.

use crate::account::account;
use crate::commands::CommandError;
use crate::engine::Engine;
use crate::letter::recipient;
use channels::whatsapp::compose::check_reaction;
use channels::whatsapp::{Account, ThreadAction};
use domain::{
    ChannelId, ContactId, ConversationId, MessageId, MessageKind, OperatorPermit, Permit, ReadMarks,
};
use store::{SignalKind, StoreError};

const READ_MARKS: &str = "read_marks";
const TYPING: &str = "typing_marks";

/// What customers see of the desk without anything being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signs {
    /// When they see that their message was read.
    pub read_marks: ReadMarks,
    /// Whether they see that somebody is typing.
    pub typing: bool,
}

impl Engine {
    /// Puts our reaction to a message, or takes it away (`emoji` is empty).
    pub async fn react(&self, message: MessageId, emoji: String) -> Result<(), CommandError> {
        if let Some(rule) = check_reaction(&emoji).into_iter().next() {
            return Err(CommandError::Misfit {
                field: rule.field,
                sentence: rule.sentence,
            });
        }
        let now = self.now();
        let (known, conversation) = self
            .store()
            .read(move |reader| {
                let known = reader.message(message)?;
                let conversation = reader.conversation(known.conversation_id)?;
                Ok((known, conversation))
            })
            .await?;
        if known.revoked
            || matches!(
                known.kind,
                MessageKind::Call | MessageKind::System | MessageKind::Welcome
            )
        {
            return Err(CommandError::Misfit {
                field: "message_id".to_owned(),
                sentence: "WhatsApp takes reactions to messages only, and not to what was deleted or to notices and calls."
                    .to_owned(),
            });
        }
        if !conversation.window.is_open(now) {
            return Err(CommandError::WindowClosed);
        }
        let permit = Permit::Operator(OperatorPermit::by_command());
        Ok(self
            .store()
            .write(move |transaction| transaction.react_ourselves(message, &emoji, permit, now))
            .await?)
    }

    /// Marks a conversation as looked at. The customer is told when the settings say so.
    pub async fn mark_read(&self, conversation: ConversationId) -> Result<(), CommandError> {
        let tell = self.signs().await?.read_marks == ReadMarks::Opens;
        let now = self.now();
        Ok(self
            .store()
            .write(move |transaction| {
                let unread = transaction.read().conversation(conversation)?.unread;
                transaction.mark_read(conversation)?;
                let newest = transaction.read().newest_inbound(conversation)?;
                match newest.filter(|_| tell && unread > 0) {
                    Some(message) => {
                        let permit = Permit::Operator(OperatorPermit::by_command());
                        transaction.signal(message, SignalKind::Read, permit, now)
                    }
                    None => Ok(()),
                }
            })
            .await?)
    }

    /// Tells the customer that a person is typing, when the settings say so. That marks their message as read, which
    /// WhatsApp does not do one without the other.
    pub async fn typing(&self, conversation: ConversationId) -> Result<(), CommandError> {
        let signs = self.signs().await?;
        if !signs.typing || signs.read_marks == ReadMarks::Never {
            return Ok(());
        }
        self.tell_newest(conversation, SignalKind::Typing).await
    }

    /// Called when a person at this desk has answered. The answer stands, whatever becomes of the read mark.
    pub(crate) async fn answered(&self, conversation: ConversationId) {
        let told = async {
            match self.signs().await?.read_marks {
                ReadMarks::Answers => self.tell_newest(conversation, SignalKind::Read).await,
                ReadMarks::Never | ReadMarks::Opens => Ok(()),
            }
        };
        if let Err(error) = told.await {
            tracing::warn!(%error, "a read mark was not given");
        }
    }

    async fn tell_newest(&self, conversation: ConversationId, kind: SignalKind) -> Result<(), CommandError> {
        let now = self.now();
        Ok(self
            .store()
            .write(move |transaction| {
                let known = transaction.read().conversation(conversation)?;
                let newest = transaction.read().newest_inbound(known.id)?;
                match newest.filter(|_| known.window.is_open(now) && known.thread_owner.is_none()) {
                    Some(message) => {
                        let permit = Permit::Operator(OperatorPermit::by_command());
                        transaction.signal(message, kind, permit, now)
                    }
                    None => Ok(()),
                }
            })
            .await?)
    }

    /// Returns what customers see of the desk. What was never set is told to nobody.
    pub async fn signs(&self) -> Result<Signs, StoreError> {
        let (read, typing) = self
            .store()
            .read(|reader| Ok((reader.setting(READ_MARKS)?, reader.setting(TYPING)?)))
            .await?;
        Ok(Signs {
            read_marks: read
                .and_then(|word| word.parse().ok())
                .unwrap_or(ReadMarks::Never),
            typing: typing.as_deref() == Some("1"),
        })
    }

    /// Sets what customers see of the desk.
    pub async fn set_signs(&self, signs: Signs) -> Result<(), StoreError> {
        self.store()
            .write(move |transaction| {
                transaction.set_setting(READ_MARKS, signs.read_marks.as_str())?;
                transaction.set_setting(TYPING, if signs.typing { "1" } else { "0" })
            })
            .await
    }

    /// Gives a person the name they are shown under.
    pub async fn rename_contact(&self, contact: ContactId, name: String) -> Result<(), CommandError> {
        if name.chars().count() > 200 {
            return Err(CommandError::Misfit {
                field: "name".to_owned(),
                sentence: "That is too long for a name. Use at most 200 characters.".to_owned(),
            });
        }
        Ok(self
            .store()
            .write(move |transaction| transaction.rename_contact(contact, &name))
            .await?)
    }

    /// Marks a person as one to test with, for whom a conversation's mode may be looser than the channel's.
    pub async fn set_test_contact(&self, contact: ContactId, test: bool) -> Result<(), CommandError> {
        Ok(self
            .store()
            .write(move |transaction| transaction.set_test_contact(contact, test))
            .await?)
    }

    /// Parts two contacts again that were taken for one person.
    pub async fn undo_merge(&self, merge: i64) -> Result<(), CommandError> {
        let now = self.now();
        Ok(self
            .store()
            .write(move |transaction| transaction.undo_merge(merge, now))
            .await?)
    }

    /// Has the provider take no messages of this person any more, or take them again.
    pub async fn set_blocked(&self, conversation: ConversationId, blocked: bool) -> Result<(), CommandError> {
        let (account, to) = self.addressed(conversation).await?;
        let asked = if blocked {
            self.graph().block(&account, &to).await
        } else {
            self.graph().unblock(&account, &to).await
        };
        asked.map_err(CommandError::Provider)?;
        let at = blocked.then(|| self.now());
        Ok(self
            .store()
            .write(move |transaction| transaction.set_blocked(conversation, at))
            .await?)
    }

    /// Takes over a conversation that another program answers.
    pub async fn take_thread(&self, conversation: ConversationId) -> Result<(), CommandError> {
        let (account, to) = self.addressed(conversation).await?;
        self.graph()
            .thread_control(&account, &to, ThreadAction::Take)
            .await
            .map_err(CommandError::Provider)?;
        Ok(self
            .store()
            .write(move |transaction| transaction.set_thread_owner(conversation, None))
            .await?)
    }

    async fn addressed(
        &self,
        conversation: ConversationId,
    ) -> Result<(Account, channels::Recipient), CommandError> {
        let (channel, identities) = self
            .store()
            .read(move |reader| {
                let conversation = reader.conversation(conversation)?;
                Ok((
                    conversation.channel_id,
                    reader.identities(conversation.contact_id)?,
                ))
            })
            .await?;
        let to = recipient(&identities).ok_or_else(|| CommandError::Misfit {
            field: "conversation_id".to_owned(),
            sentence: "There is no number or id to find this person by at WhatsApp.".to_owned(),
        })?;
        Ok((self.account_of(&channel).await?, to))
    }

    /// Returns what is needed to call the provider in the name of a channel.
    pub(crate) async fn account_of(&self, channel: &ChannelId) -> Result<Account, CommandError> {
        let id = channel.clone();
        let channel = self.store().read(move |reader| reader.channel(&id)).await?;
        account(self.vault(), &channel)
            .await
            .map_err(|trouble| CommandError::Secrets(trouble.to_string()))
    }
}
