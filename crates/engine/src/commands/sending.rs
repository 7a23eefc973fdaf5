//! What an operator can send.

use super::{CommandError, outbox_id, sane_reply};
use crate::engine::Engine;
use crate::media::intake::{Fit, check_not_ours, take_in};
use channels::whatsapp::compose::{BrokenRule, Composition, check_caption, compose, length, split_text};
use domain::{Author, ConversationId, MessageId, MessageKind, OperatorPermit, Permit, is_blank};
use std::path::PathBuf;
use store::{NewOutbound, WriteTransaction};

/// The longest text that is taken, in characters. It leaves as sixteen messages; whoever writes more sends a document.
const LONGEST_TEXT: usize = 16 * channels::whatsapp::LONGEST_TEXT;

/// Where a file that is to be sent comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileSource {
    /// It lies on this computer.
    Path(PathBuf),
    /// It was handed in under this id.
    Upload(String),
}

/// A file an operator sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileMessage {
    /// Where it comes from.
    pub source: FileSource,
    /// Words below it.
    pub caption: Option<String>,
    /// What to send it as; what fits best when left out.
    pub kind: Option<MessageKind>,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
}

impl Engine {
    /// Queues a text an operator wrote. When this returns, it is on disk and will leave even after a crash. One that is
    /// longer than WhatsApp takes leaves as several messages in order; the first is returned.
    pub async fn send_text(
        &self,
        conversation: ConversationId,
        text: String,
        reply_to: Option<String>,
    ) -> Result<MessageId, CommandError> {
        let text = text.trim_end().to_owned();
        if is_blank(&text) {
            return Err(CommandError::EmptyText);
        }
        let length = length(&text);
        if length > LONGEST_TEXT {
            return Err(CommandError::TextTooLong(length));
        }
        let mut reply_to = sane_reply(reply_to);
        let parts = split_text(&text)
            .into_iter()
            .map(|part| NewOutbound::words(conversation, Author::Operator, part, reply_to.take()))
            .collect();
        let now = self.now();
        self.queue(conversation, parts, move |transaction| {
            // The parts are not what stood in the composer, their whole is.
            let composed = transaction.read().conversation(conversation)?.composer_text;
            if composed.is_some_and(|composed| composed.trim_end() == text) {
                transaction.keep_composer_text(conversation, "", now)?;
            }
            Ok(())
        })
        .await
    }

    /// Queues a file. When this returns, the file lies in the data directory and its message is on disk.
    pub async fn send_media(
        &self,
        conversation: ConversationId,
        message: FileMessage,
    ) -> Result<MessageId, CommandError> {
        self.check_window(conversation).await?;
        let cellar = self.cellar().clone();
        // Until the message names the file.
        let naming = cellar.naming().await;
        let upload = match &message.source {
            FileSource::Path(_) => None,
            FileSource::Upload(id) => Some(id.clone()),
        };
        let fit = self.fit(message.source, message.kind).await?;
        let caption = caption_for(fit.kind, message.caption)?;
        let new = NewOutbound {
            conversation_id: conversation,
            author: Author::Operator,
            kind: fit.kind,
            original_kind: wire_word(fit.kind).to_owned(),
            text: caption,
            payload: None,
            files: vec![fit.file],
            reply_to: sane_reply(message.reply_to),
        };
        let made = self
            .queue(conversation, vec![new], move |transaction| match &upload {
                Some(upload) => transaction.forget_upload(upload),
                None => Ok(()),
            })
            .await;
        drop(naming);
        made
    }

    /// Queues a place, cards, buttons, a list, a link or a question.
    pub async fn send_content(
        &self,
        conversation: ConversationId,
        content: &Composition,
        reply_to: Option<String>,
    ) -> Result<MessageId, CommandError> {
        let composed = compose(content).map_err(broken)?;
        let new = NewOutbound {
            conversation_id: conversation,
            author: Author::Operator,
            kind: composed.kind,
            original_kind: wire_word(composed.kind).to_owned(),
            text: composed.text,
            payload: Some(composed.payload),
            files: Vec::new(),
            reply_to: sane_reply(reply_to),
        };
        self.check_window(conversation).await?;
        self.queue(conversation, vec![new], |_| Ok(())).await
    }

    /// Makes a file fit to be sent.
    pub(crate) async fn fit(
        &self,
        source: FileSource,
        wish: Option<MessageKind>,
    ) -> Result<Fit, CommandError> {
        let (path, name, field) = match source {
            FileSource::Path(path) => {
                check_not_ours(self.cellar(), &path)
                    .await
                    .map_err(|unfit| CommandError::from_unfit("path", unfit))?;
                let name = path
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default();
                (path, name, "path")
            }
            FileSource::Upload(id) => {
                let upload = self.store().read(move |reader| reader.upload(&id)).await?;
                if !upload.file.dangerous && wish.is_none_or(|wish| wish == upload.kind) {
                    return Ok(Fit {
                        file: upload.file,
                        kind: upload.kind,
                    });
                }
                let path = self.cellar().path_of(&upload.file.sha256).unwrap_or_default();
                (path, upload.file.file_name, "upload_id")
            }
        };
        take_in(self.cellar(), path, name, wish)
            .await
            .map_err(|unfit| CommandError::from_unfit(field, unfit))
    }

    pub(crate) async fn check_window(&self, conversation: ConversationId) -> Result<(), CommandError> {
        let known = self
            .store()
            .read(move |reader| reader.conversation(conversation))
            .await?;
        if known.window.is_open(self.now()) {
            Ok(())
        } else {
            Err(CommandError::WindowClosed)
        }
    }

    /// Queues messages of an operator in order and returns the first, if the service window is open.
    async fn queue(
        &self,
        conversation: ConversationId,
        messages: Vec<NewOutbound>,
        and: impl FnOnce(&mut WriteTransaction<'_>) -> Result<(), store::StoreError> + Send + 'static,
    ) -> Result<MessageId, CommandError> {
        let now = self.now();
        self.check_window(conversation).await?;
        let queued = self
            .store()
            .write(move |transaction| {
                let mut first = None;
                for new in &messages {
                    let permit = Permit::Operator(OperatorPermit::by_command());
                    let id = transaction.add_outbound(new, &outbox_id(), permit, now)?;
                    first.get_or_insert(id);
                }
                and(transaction)?;
                Ok(first)
            })
            .await?;
        self.answered(conversation).await;
        queued.ok_or(CommandError::EmptyText)
    }
}

/// Returns the words below a file, where its kind can have some.
pub(super) fn caption_for(
    kind: MessageKind,
    caption: Option<String>,
) -> Result<Option<String>, CommandError> {
    let caption = caption.map(|caption| caption.trim_end().to_owned());
    let Some(caption) = caption.filter(|caption| !caption.trim().is_empty()) else {
        return Ok(None);
    };
    if !matches!(
        kind,
        MessageKind::Image | MessageKind::Video | MessageKind::Document
    ) {
        return Err(CommandError::Misfit {
            field: "caption".to_owned(),
            sentence: "A sound, a voice note or a sticker has no words below it. Send the words as a message of their own."
                .to_owned(),
        });
    }
    match check_caption(&caption).into_iter().next() {
        Some(rule) => Err(broken(vec![rule])),
        None => Ok(Some(caption)),
    }
}

/// A voice note is a sound to the provider (whatsapp-cloud-api, section 5.3).
pub(crate) const fn wire_word(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Voice => "audio",
        kind => kind.as_str(),
    }
}

/// Tells the first rule by its field, and the others after it.
pub(crate) fn broken(rules: Vec<BrokenRule>) -> CommandError {
    let field = rules.first().map(|rule| rule.field.clone()).unwrap_or_default();
    let sentences: Vec<String> = rules.into_iter().map(|rule| rule.sentence).collect();
    CommandError::Misfit {
        field,
        sentence: sentences.join(" "),
    }
}
