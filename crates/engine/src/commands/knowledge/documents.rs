//! Texts of the knowledge base: typed here, read from files, made of answers given before.

use super::{EXTRACT, misfit};
use crate::commands::{CommandError, FileSource};
use crate::engine::Engine;
use crate::media::intake::check_not_ours;
use assistant::knowledge::{
    Limits, Piece, Trouble, extract_in_child, kind_of_name, pieces, search_texts, typed,
};
use domain::{Document, DocumentId, DocumentSource, MessageId, Timestamp};
use sha2::{Digest as _, Sha256};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use store::{NewDocument, NewPassage, PastReply, StoreError, WriteTransaction};
use tokio::io::AsyncReadExt as _;

/// Characters of a title.
const LONGEST_TITLE: usize = 200;
/// Answers given before that are looked at, and offered.
const LOOKED_AT: u32 = 2_000;
const OFFERED: usize = 200;
/// Fewer words are no answer worth keeping.
const LEAST_WORDS: usize = 3;
/// What the text made of answers given before is called.
const PAST_REPLIES: &str = "Answers given before";

/// A text as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedDocument {
    /// Which one; none: the one with this title, or a new one.
    pub id: Option<DocumentId>,
    /// What it is called.
    pub title: String,
    /// Its words.
    pub text: String,
    /// Where customers can read it; none: nowhere.
    pub url: Option<String>,
    /// Whether it is used; none: as before.
    pub enabled: Option<bool>,
    /// Whether its words may be sent without a person looking; none: as before.
    pub quotable: Option<bool>,
    /// Not after; none: for ever.
    pub valid_to: Option<Timestamp>,
}

/// A text of the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadDocument {
    /// What is known about it.
    pub document: Document,
    /// How many passages it has.
    pub passages: usize,
    /// Its words, when they were asked for.
    pub text: Option<String>,
}

/// A text on its way into the knowledge base.
struct Read {
    title: String,
    source: DocumentSource,
    content: String,
    pieces: Vec<Piece>,
}

impl Engine {
    /// Returns all texts, the one changed last first.
    pub async fn documents(&self) -> Result<Vec<ReadDocument>, CommandError> {
        let mut documents = self
            .store()
            .read(|reader| {
                reader
                    .documents()?
                    .into_iter()
                    .map(|document| {
                        Ok(ReadDocument {
                            passages: reader.passages_of(document.id)?.len(),
                            document,
                            text: None,
                        })
                    })
                    .collect::<Result<Vec<_>, StoreError>>()
            })
            .await?;
        documents.sort_by_key(|known| std::cmp::Reverse(known.document.updated_at));
        Ok(documents)
    }

    /// Returns a text with its words.
    pub async fn document(&self, id: DocumentId) -> Result<ReadDocument, CommandError> {
        Ok(self
            .store()
            .read(move |reader| {
                let document = reader.document(id)?.ok_or_else(|| unknown(id))?;
                Ok(ReadDocument {
                    passages: reader.passages_of(id)?.len(),
                    text: reader.document_content(id)?,
                    document,
                })
            })
            .await?)
    }

    /// Keeps a text that was typed. One of the same title is replaced.
    pub async fn save_document(&self, new: TypedDocument) -> Result<ReadDocument, CommandError> {
        let title = titled(&new.title)?;
        let url = linked(new.url.as_deref())?;
        let text = new.text;
        let (text, read) =
            in_background(move || typed(&text).map(|read| (text, pieces(&read.blocks)))).await?;
        let read = Read {
            title,
            source: DocumentSource::Typed,
            content: text,
            pieces: read,
        };
        let wish = Wish {
            id: new.id,
            url: Some(url),
            enabled: new.enabled,
            quotable: new.quotable,
            valid_to: Some(new.valid_to),
        };
        self.keep_document(read, wish, None).await
    }

    /// Reads a file into the knowledge base, in a process of its own. A text of the same title is replaced.
    pub async fn import_document(
        &self,
        source: FileSource,
        title: Option<String>,
    ) -> Result<ReadDocument, CommandError> {
        let limits = Limits::default();
        let (path, name, field, upload) = match source {
            FileSource::Path(path) => {
                check_not_ours(self.cellar(), &path)
                    .await
                    .map_err(|unfit| CommandError::from_unfit("path", unfit))?;
                let name = path
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned())
                    .unwrap_or_default();
                (path, name, "path", None)
            }
            FileSource::Upload(id) => {
                let wanted = id.clone();
                let upload = self.store().read(move |reader| reader.upload(&wanted)).await?;
                let path = self.cellar().path_of(&upload.file.sha256).unwrap_or_default();
                (path, upload.file.file_name, "upload_id", Some(id))
            }
        };
        let bytes = content(&path, limits.size as u64, field).await?;
        let hint = kind_of_name(&name).unwrap_or(DocumentSource::Text);
        let program = std::env::current_exe()?;
        let (source, extracted) = extract_in_child(&program, &[EXTRACT], hint, bytes, limits)
            .await
            .map_err(|trouble| misfit(field, trouble.to_string()))?;
        let title = match title.filter(|title| !title.trim().is_empty()) {
            Some(title) => titled(&title)?,
            None => Path::new(&name).file_stem().map_or_else(
                || "Text".to_owned(),
                |stem| stem.to_string_lossy().chars().take(LONGEST_TITLE).collect(),
            ),
        };
        let read = in_background(move || {
            Ok(Read {
                title,
                source,
                content: extracted.text(),
                pieces: pieces(&extracted.blocks),
            })
        })
        .await?;
        self.keep_document(read, Wish::default(), upload).await
    }

    /// Removes a text.
    pub async fn delete_document(&self, id: DocumentId) -> Result<(), CommandError> {
        let work = move |transaction: &mut WriteTransaction<'_>| {
            if transaction.read().document(id)?.is_none() {
                return Err(unknown(id));
            }
            transaction.remove_document(id)
        };
        self.store().write(work).await?;
        self.minds().forget();
        Ok(())
    }

    /// Returns answers of people that could be taken into the knowledge base, the newest first.
    pub async fn past_replies(&self) -> Result<Vec<PastReply>, CommandError> {
        let (replies, taken) = self
            .store()
            .read(|reader| {
                let document = past_replies_of(reader)?;
                let content = match document {
                    Some(document) => reader.document_content(document.id)?,
                    None => None,
                };
                Ok((reader.past_replies(LOOKED_AT)?, content.unwrap_or_default()))
            })
            .await?;
        let mut offered: Vec<PastReply> = Vec::new();
        for reply in replies {
            let words = |text: &str| text.split_whitespace().count();
            let unspaced = |text: &str| text.chars().count() > 12 && !text.is_ascii();
            let worth = |text: &str| words(text) >= LEAST_WORDS || unspaced(text);
            let asks = reply.question.contains(['?', '؟', '？']) || worth(&reply.question);
            let same = |other: &PastReply| other.answer == reply.answer;
            if asks && worth(&reply.answer) && !offered.iter().any(same) && !taken.contains(&entry(&reply)) {
                offered.push(reply);
                if offered.len() == OFFERED {
                    break;
                }
            }
        }
        Ok(offered)
    }

    /// Takes answers of people into the knowledge base. What was taken before stays.
    pub async fn add_past_replies(&self, messages: Vec<MessageId>) -> Result<ReadDocument, CommandError> {
        let (known, replies) = self
            .store()
            .read(move |reader| {
                let known = match past_replies_of(reader)? {
                    Some(document) => {
                        let content = reader.document_content(document.id)?.unwrap_or_default();
                        Some((document, content))
                    }
                    None => None,
                };
                let replies = messages
                    .iter()
                    .map(|message| reader.past_reply(*message))
                    .collect::<Result<Vec<_>, StoreError>>()?;
                Ok((known, replies))
            })
            .await?;
        if replies.is_empty() {
            return Err(misfit("message_ids", "Choose an answer first."));
        }
        let Some(replies) = replies.into_iter().collect::<Option<Vec<PastReply>>>() else {
            return Err(misfit(
                "message_ids",
                "One of these is no answer to a customer any more. Look at the list again.",
            ));
        };
        let (id, mut content) = known.map_or((None, String::new()), |(document, content)| {
            (Some((document.id, document.title)), content)
        });
        for entry in replies.iter().map(entry) {
            if !content.contains(&entry) {
                content.push_str(&entry);
            }
        }
        let (content, pieces) =
            in_background(move || typed(&content).map(|read| (content, pieces(&read.blocks)))).await?;
        let (id, title) = id.map_or((None, PAST_REPLIES.to_owned()), |(id, title)| (Some(id), title));
        let read = Read {
            title,
            source: DocumentSource::PastReplies,
            content,
            pieces,
        };
        self.keep_document(
            read,
            Wish {
                id,
                ..Wish::default()
            },
            None,
        )
        .await
    }

    async fn keep_document(
        &self,
        read: Read,
        wish: Wish,
        upload: Option<String>,
    ) -> Result<ReadDocument, CommandError> {
        let now = self.now();
        let (mut new, passages) = in_background(move || Ok(prepared(read))).await?;
        let work = move |transaction: &mut WriteTransaction<'_>| {
            let known = if let Some(id) = wish.id {
                Some(transaction.read().document(id)?.ok_or_else(|| unknown(id))?)
            } else {
                let documents = transaction.read().documents()?;
                documents.into_iter().find(|known| known.title == new.title)
            };
            if let Some(known) = &known {
                if wish.id.is_some() {
                    // What was changed by hand still came from where it came from.
                    new.source = known.source;
                }
                new.url.clone_from(&known.url);
                new.quotable = known.quotable;
                new.valid_to = known.valid_to;
            }
            if let Some(url) = wish.url {
                new.url = url;
            }
            if let Some(valid_to) = wish.valid_to {
                new.valid_to = valid_to;
            }
            new.quotable = wish.quotable.unwrap_or(new.quotable);
            let id = match known {
                Some(known) => {
                    transaction.replace_document(known.id, &new, &passages, now)?;
                    known.id
                }
                None => transaction.add_document(&new, &passages, now)?,
            };
            if let Some(enabled) = wish.enabled {
                transaction.enable_document(id, enabled, now)?;
            }
            if let Some(upload) = upload {
                transaction.forget_upload(&upload)?;
            }
            Ok(id)
        };
        let id = self.store().write(work).await?;
        self.minds().forget();
        self.document(id).await
    }
}

/// What is set of a text besides its words; none: as it was.
#[expect(clippy::option_option, reason = "left alone, taken away, or set")]
#[derive(Debug, Default)]
struct Wish {
    id: Option<DocumentId>,
    url: Option<Option<String>>,
    enabled: Option<bool>,
    quotable: Option<bool>,
    valid_to: Option<Option<Timestamp>>,
}

fn unknown(id: DocumentId) -> StoreError {
    StoreError::NotFound {
        what: "text",
        id: id.to_string(),
    }
}

/// Does what may take a while where it holds nobody up.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, CommandError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(std::io::Error::other)?
        .map_err(|trouble| match trouble {
            Trouble::NoText => misfit("text", "There are no words in this text. Write some."),
            trouble => misfit("text", trouble.to_string()),
        })
}

fn titled(title: &str) -> Result<String, CommandError> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return Err(misfit("title", "Give the text a title."));
    }
    if title.chars().count() > LONGEST_TITLE {
        return Err(misfit(
            "title",
            "This title is too long. Use at most 200 characters.",
        ));
    }
    Ok(title)
}

fn linked(address: Option<&str>) -> Result<Option<String>, CommandError> {
    let Some(address) = address.map(str::trim).filter(|address| !address.is_empty()) else {
        return Ok(None);
    };
    let is_link =
        url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if is_link {
        Ok(Some(address.to_owned()))
    } else {
        Err(misfit(
            "url",
            "This is no web address. Write it as https://example.com/page.",
        ))
    }
}

/// Reads a file up to a limit; one byte more tells that it is larger.
async fn content(path: &PathBuf, most: u64, field: &str) -> Result<Vec<u8>, CommandError> {
    let unreadable = |error: std::io::Error| {
        let sentence = match error.kind() {
            ErrorKind::NotFound => {
                "This file is not there. Check whether it was moved or renamed.".to_owned()
            }
            ErrorKind::PermissionDenied => {
                "Deskbell may not read this file. Change its permissions, or copy it somewhere else."
                    .to_owned()
            }
            _ => format!("This file could not be read: {error}. Try another copy of it."),
        };
        misfit(field, sentence)
    };
    // Before it is opened: opening a pipe waits for somebody to write into it.
    let is_file = tokio::fs::metadata(path).await.map_err(unreadable)?.is_file();
    if !is_file {
        return Err(misfit(
            field,
            "This is no file that can be read. Choose another one.",
        ));
    }
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .await
        .map_err(unreadable)?;
    Ok(bytes)
}

/// Makes the rows of a text.
fn prepared(read: Read) -> (NewDocument, Vec<NewPassage>) {
    let title = read.title;
    let passages = read
        .pieces
        .into_iter()
        .map(|piece| {
            let above = [
                title.as_str(),
                &piece.heading,
                piece.question.as_deref().unwrap_or_default(),
            ]
            .join("\n");
            NewPassage {
                search: search_texts(&above, &piece.text),
                heading: piece.heading,
                question: piece.question,
                text: piece.text,
            }
        })
        .collect();
    let document = NewDocument {
        title,
        source: read.source,
        url: None,
        language: assistant::text::language(&read.content),
        quotable: true,
        valid_to: None,
        hash: hex::encode(Sha256::digest(read.content.as_bytes())),
        content: read.content,
    };
    (document, passages)
}

/// The text that holds answers given before.
fn past_replies_of(reader: store::Reader<'_>) -> Result<Option<Document>, StoreError> {
    let documents = reader.documents()?;
    Ok(documents
        .into_iter()
        .find(|document| document.source == DocumentSource::PastReplies))
}

/// A question and its answer, as a text holds them. The question is a heading, so that the two stay together.
fn entry(reply: &PastReply) -> String {
    let question = reply.question.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("## {question}\n\n{}\n\n", reply.answer.trim())
}
