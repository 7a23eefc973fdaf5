//! The files the simulated Meta keeps: what customers sent, what was uploaded, and addresses that live five minutes
//! (`whatsapp-cloud-api.md` 6).

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::graph::GraphError;

/// An address of a file dies after so many seconds.
const URL_LIFE: i64 = 5 * 60;
const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
/// The longest body of an upload that is read at all: the largest document with its form.
pub(crate) const LONGEST_UPLOAD: usize = 101 * MIB;

/// A file at Meta, as a webhook names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaHandle {
    /// Meta's id of the file.
    pub id: String,
    /// The MIME type, with parameters.
    pub mime_type: String,
    /// The SHA-256 of the bytes in base64, as in webhooks.
    pub sha256: String,
    /// The same in lower-case hex, as in `GET /{media_id}`.
    pub sha256_hex: String,
    /// Bytes.
    pub size: usize,
    /// Where it can be fetched without asking for an address, as since webhooks v24.
    pub url: Option<String>,
}

impl MediaHandle {
    /// Describes bytes under an id, without any server.
    pub fn of(id: &str, bytes: &[u8], mime_type: &str) -> Self {
        let hash = Sha256::digest(bytes);
        Self {
            id: id.to_owned(),
            mime_type: mime_type.to_owned(),
            sha256: STANDARD.encode(hash),
            sha256_hex: hex::encode(hash),
            size: bytes.len(),
            url: None,
        }
    }

    /// The same with an address in the webhook.
    #[must_use]
    pub fn with_url(mut self, url: &str) -> Self {
        self.url = Some(url.to_owned());
        self
    }

    /// The same with a hash in hex where the webhook usually has base64, as in the history (section 4.4).
    #[must_use]
    pub fn with_hex_hash(mut self) -> Self {
        self.sha256.clone_from(&self.sha256_hex);
        self
    }

    /// The media object of a webhook (section 2.2).
    pub fn object(&self) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("mime_type".to_owned(), Value::from(self.mime_type.clone()));
        object.insert("sha256".to_owned(), Value::from(self.sha256.clone()));
        object.insert("id".to_owned(), Value::from(self.id.clone()));
        if let Some(url) = &self.url {
            object.insert("url".to_owned(), Value::from(url.clone()));
        }
        object
    }
}

/// One request to `POST /{phone_number_id}/media`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedUpload {
    /// When it ended, Unix milliseconds.
    pub at: i64,
    /// The phone number id it was meant for.
    pub number: String,
    /// The Content-Type of the file part.
    pub mime_type: String,
    /// The file name of the part.
    pub file_name: Option<String>,
    /// Bytes.
    pub size: usize,
    /// SHA-256 of the bytes in hex.
    pub sha256_hex: String,
    /// The id given to the file; none when it was refused.
    pub id: Option<String>,
    /// Graph's code when it was refused.
    pub refused: Option<i64>,
}

/// A file in the store.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) bytes: Bytes,
    pub(crate) mime_type: String,
    /// The number an upload belongs to; files of customers belong to everybody who got the webhook.
    pub(crate) owner: Option<String>,
}

/// All files, and the addresses handed out.
#[derive(Debug, Default)]
pub(crate) struct Files {
    stored: HashMap<String, Stored>,
    /// Ticket in an address → id and end of life in Unix seconds.
    tickets: HashMap<String, (String, i64)>,
    next: u64,
    pub(crate) uploads: Vec<RecordedUpload>,
    pub(crate) size_as_text: bool,
}

impl Files {
    /// Keeps bytes and describes them.
    pub(crate) fn put(&mut self, bytes: Bytes, mime_type: &str, owner: Option<&str>) -> MediaHandle {
        self.next += 1;
        let id = (1_402_000_000_000_000 + self.next).to_string();
        let handle = MediaHandle::of(&id, &bytes, mime_type);
        let stored = Stored {
            bytes,
            mime_type: mime_type.to_owned(),
            owner: owner.map(str::to_owned),
        };
        self.stored.insert(id, stored);
        handle
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Stored> {
        self.stored.get(id)
    }

    /// Whether it was there.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.tickets.retain(|_, (of, _)| of != id);
        self.stored.remove(id).is_some()
    }

    /// A fresh ticket for an address.
    pub(crate) fn ticket(&mut self, id: &str, now: i64) -> String {
        self.tickets
            .retain(|_, (_, until)| *until + 24 * URL_LIFE > now || *until == 0);
        let ticket = uuid::Uuid::new_v4().simple().to_string();
        self.tickets
            .insert(ticket.clone(), (id.to_owned(), now + URL_LIFE));
        ticket
    }

    /// The file behind a ticket that is still good.
    pub(crate) fn redeem(&self, ticket: &str, now: i64) -> Option<(String, Stored)> {
        let (id, until) = self.tickets.get(ticket)?;
        (*until > now)
            .then(|| self.stored.get(id).cloned().map(|stored| (id.clone(), stored)))
            .flatten()
    }

    /// The id a ticket was written for, good or not.
    pub(crate) fn ticket_of(&self, ticket: &str) -> Option<&str> {
        self.tickets.get(ticket).map(|(id, _)| id.as_str())
    }

    /// Every address handed out so far is dead.
    pub(crate) fn expire(&mut self) {
        for (_, until) in self.tickets.values_mut() {
            *until = 0;
        }
    }

    /// The answer of `GET /{media_id}`.
    pub(crate) fn node(&self, id: &str, url: &str) -> Option<Value> {
        let stored = self.get(id)?;
        let size = stored.bytes.len();
        let size = if self.size_as_text {
            Value::from(size.to_string())
        } else {
            Value::from(size)
        };
        Some(json!({
            "messaging_product": "whatsapp",
            "url": url,
            "mime_type": stored.mime_type,
            "sha256": hex::encode(Sha256::digest(&stored.bytes)),
            "file_size": size,
            "id": id,
        }))
    }
}

/// The type without parameters, in lower case.
pub(crate) fn essence(mime_type: &str) -> String {
    let plain = mime_type.split(';').next().unwrap_or_default();
    plain.trim().to_ascii_lowercase()
}

/// The kind of message a type is for, and the most bytes it may have (the table in section 6).
pub(crate) fn rule_of(mime_type: &str) -> Option<(&'static str, usize)> {
    Some(match essence(mime_type).as_str() {
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" => ("audio", 16 * MIB),
        "image/jpeg" | "image/png" => ("image", 5 * MIB),
        "image/webp" => ("sticker", 500 * KIB),
        "video/mp4" | "video/3gpp" => ("video", 16 * MIB),
        "text/plain"
        | "application/pdf"
        | "application/msword"
        | "application/vnd.ms-excel"
        | "application/vnd.ms-powerpoint"
        | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        | "application/vnd.openxmlformats-officedocument.presentationml.presentation" => {
            ("document", 100 * MIB)
        }
        _ => return None,
    })
}

/// Judges an upload by type, size and the first bytes.
pub(crate) fn check_upload(mime_type: &str, bytes: &[u8]) -> Result<(), GraphError> {
    let Some((kind, limit)) = rule_of(mime_type) else {
        return Err(GraphError::of(100).details(format!(
            "Param file must be a file with one of the accepted types. Received file of type '{mime_type}'."
        )));
    };
    if bytes.is_empty() {
        return Err(GraphError::of(100).details("Param file must not be empty."));
    }
    let has = |needle: &[u8]| {
        bytes
            .windows(needle.len())
            .take(4 * KIB)
            .any(|part| part == needle)
    };
    let limit = if kind == "sticker" && !has(b"ANIM") {
        100 * KIB
    } else {
        limit
    };
    if bytes.len() > limit {
        return Err(upload_error(format!(
            "The file has {} bytes; {kind} files may have at most {limit}.",
            bytes.len()
        )));
    }
    let looks_right = match essence(mime_type).as_str() {
        "image/jpeg" => bytes.starts_with(&[0xFF, 0xD8, 0xFF]),
        "image/png" => bytes.starts_with(b"\x89PNG"),
        "image/webp" => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        "video/mp4" | "audio/mp4" | "video/3gpp" => bytes.get(4..8) == Some(b"ftyp"),
        "application/pdf" => has(b"%PDF-"),
        // Mono Opus: the tenth byte of the head counts the channels.
        "audio/ogg" => {
            let head = bytes.windows(8).take(KIB).position(|part| part == b"OpusHead");
            head.and_then(|at| bytes.get(at + 9)) == Some(&1)
        }
        _ => true,
    };
    if looks_right {
        Ok(())
    } else {
        Err(upload_error(format!(
            "The bytes of the file are not what its type '{mime_type}' says."
        )))
    }
}

fn upload_error(details: String) -> GraphError {
    GraphError::of(131_053).details(details)
}

/// Judges the file a message names by id: it must be there, for this number, and fit the kind of message.
pub(crate) fn check_use(files: &Files, id: &str, kind: &str, number: &str) -> Result<(), GraphError> {
    let stored = files.get(id).filter(|stored| {
        let owner = stored.owner.as_deref();
        owner.is_none_or(|owner| owner == number)
    });
    let Some(stored) = stored else {
        return Err(GraphError::of(100).details(format!(
            "Param {kind}['id'] is not a valid whatsapp business account media attachment ID"
        )));
    };
    let fits = match rule_of(&stored.mime_type) {
        Some((of, _)) => of == kind || kind == "document",
        None => kind == "document",
    };
    if fits {
        Ok(())
    } else {
        Err(GraphError::of(131_053).details(format!(
            "A file of type '{}' cannot be sent as {kind}.",
            stored.mime_type
        )))
    }
}
