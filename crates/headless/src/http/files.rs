//! Files on their way to a window, and from it.
//!
//! What a customer sent is never shown by a browser as a page of ours: only pictures, sounds and films keep their
//! type, everything else is bytes to be saved.

use super::{JSON, Shared, bad_request, status_of};
use api::{ApiError, Desk, FileAnswer, FileBody, FileForm};
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use std::fmt::Write as _;
use std::io::{self, SeekFrom};
use std::ops::RangeInclusive;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};

/// The largest file that is taken in, in bytes; WhatsApp takes no larger one.
const MAX_FILE: u64 = 100 * 1024 * 1024;
/// How much of a file that is too large is still read and thrown away: a browser reads the answer only when it has
/// sent everything.
const MAX_WASTE: u64 = MAX_FILE;
/// How long the next bytes of a file may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// Bytes read from the disk at once.
const PIECE: usize = 64 * 1024;

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    form: Option<String>,
}

/// `GET /files/{attachment_id}?form=…`: a file of a message.
pub(super) async fn give(
    State(shared): State<Arc<Shared>>,
    Path(attachment_id): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let form = match wanted.map(|Query(wanted)| wanted.form) {
        Ok(None) => FileForm::Whole,
        Ok(Some(word)) => match FileForm::from_str(&word) {
            Ok(form) => form,
            Err(error) => return refuse(&bad_field("form", error.to_string())),
        },
        Err(error) => return refuse(&bad_request(format!("The address is not complete: {error}."))),
    };
    let file = match shared.desk.file(&attachment_id, form).await {
        Ok(file) => file,
        Err(error) => return refuse(&error),
    };
    let mut answer = labels(&file, form);
    let (size, source) = match open(file.body).await {
        Ok(opened) => opened,
        Err(error) => {
            tracing::warn!(%error, "a file could not be read");
            return refuse(&unreadable());
        }
    };
    let (status, range) = match wanted_range(&headers, size) {
        Wish::All => (StatusCode::OK, None),
        Wish::Part(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Wish::Nothing => {
            let all = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return (StatusCode::RANGE_NOT_SATISFIABLE, all).into_response();
        }
    };
    if let Some(range) = &range
        && let Ok(value) = HeaderValue::from_str(&format!("bytes {}-{}/{size}", range.start(), range.end()))
    {
        answer.insert(header::CONTENT_RANGE, value);
    }
    let (from, length) = range.map_or((0, size), |range| {
        (
            *range.start(),
            range.end().saturating_sub(*range.start()).saturating_add(1),
        )
    });
    answer.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    match source.read(from, length).await {
        Ok(body) => (status, answer, body).into_response(),
        Err(error) => {
            tracing::warn!(%error, "a file could not be read");
            refuse(&unreadable())
        }
    }
}

/// What is said about a file besides its bytes.
fn labels(file: &FileAnswer, form: FileForm) -> HeaderMap {
    let mut labels = HeaderMap::new();
    let kind = HeaderValue::from_str(file.shown_type())
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    labels.insert(header::CONTENT_TYPE, kind);
    if form == FileForm::Whole || file.dangerous {
        let name = format!("attachment; filename*=UTF-8''{}", encoded(&file.file_name));
        let name = HeaderValue::from_str(&name).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
        labels.insert(header::CONTENT_DISPOSITION, name);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, "sandbox"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::ACCEPT_RANGES, "bytes"),
    ] {
        labels.insert(name, HeaderValue::from_static(value));
    }
    labels
}

/// Writes a name as RFC 8187 has it in a header.
fn encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Which part of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Wish {
    All,
    /// From this byte up to and with that one.
    Part(RangeInclusive<u64>),
    /// One that is not in it.
    Nothing,
}

/// Reads `Range` (RFC 9110, 14.2). Several parts at once, other units and what cannot be read are answered with the
/// whole file, as it allows; so is `If-Range`, for our answers carry nothing it could name.
fn wanted_range(headers: &HeaderMap, size: u64) -> Wish {
    if headers.contains_key(header::IF_RANGE) {
        return Wish::All;
    }
    let Some((first, last)) = super::single(headers, &header::RANGE)
        .and_then(|range| range.trim().strip_prefix("bytes="))
        .and_then(|range| range.split_once('-'))
    else {
        return Wish::All;
    };
    let number = |digits: &str| {
        let digits = digits.trim();
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u64>().unwrap_or(u64::MAX))
    };
    let end = size.checked_sub(1);
    let range = match (
        number(first),
        number(last),
        first.trim().is_empty(),
        last.trim().is_empty(),
    ) {
        (Some(first), Some(last), ..) if first <= last => end.map(|end| first..=last.min(end)),
        (Some(first), None, _, true) => end.map(|end| first..=end),
        (None, Some(0), true, _) => None,
        (None, Some(many), true, _) => end.map(|end| size.saturating_sub(many)..=end),
        _ => return Wish::All,
    };
    match range {
        Some(range) if !range.is_empty() => Wish::Part(range),
        _ => Wish::Nothing,
    }
}

/// Where the bytes come from.
enum Source {
    Disk(File),
    Memory(Bytes),
}

async fn open(body: FileBody) -> io::Result<(u64, Source)> {
    match body {
        FileBody::Bytes(bytes) => Ok((bytes.len() as u64, Source::Memory(bytes.into()))),
        FileBody::Path(path) => {
            let file = File::open(path).await?;
            Ok((file.metadata().await?.len(), Source::Disk(file)))
        }
    }
}

impl Source {
    /// Returns `length` bytes from `from` on, which must be in it.
    async fn read(self, from: u64, length: u64) -> io::Result<Body> {
        match self {
            Self::Memory(bytes) => {
                let from = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
                let until = usize::try_from(length)
                    .unwrap_or(usize::MAX)
                    .saturating_add(from)
                    .min(bytes.len());
                Ok(Body::from(bytes.slice(from..until)))
            }
            Self::Disk(mut file) => {
                file.seek(SeekFrom::Start(from)).await?;
                let pieces = stream::try_unfold(file.take(length), async |mut file| {
                    let mut piece = Vec::with_capacity(PIECE);
                    let read = (&mut file).take(PIECE as u64).read_to_end(&mut piece).await?;
                    Ok::<_, io::Error>((read > 0).then_some((Bytes::from(piece), file)))
                });
                Ok(Body::from_stream(pieces))
            }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Handed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    voice: Option<String>,
}

/// `POST /files?name=…&voice=1`: the body is a file to be sent. One that breaks off leaves nothing.
pub(super) async fn take(
    State(shared): State<Arc<Shared>>,
    handed: Result<Query<Handed>, QueryRejection>,
    request: Request,
) -> Response {
    let handed = match handed {
        Ok(Query(handed)) => handed,
        Err(error) => return refuse(&bad_request(format!("The address is not complete: {error}."))),
    };
    let announced = super::single(request.headers(), &header::CONTENT_LENGTH)
        .and_then(|length| length.parse::<u64>().ok())
        .unwrap_or_default();
    let mut bytes = request.into_body().into_data_stream();
    let taken = if announced > MAX_FILE {
        Err(Refusal::TooLarge)
    } else {
        take_in(&shared.desk, &handed, &mut bytes).await
    };
    match taken {
        Ok(answer) => (StatusCode::OK, JSON, answer.to_string()).into_response(),
        Err(Refusal::Error(error)) => {
            waste(&mut bytes).await;
            refuse(&error)
        }
        Err(Refusal::TooLarge) => {
            waste(&mut bytes).await;
            let error = json!({"error": too_large()});
            (StatusCode::PAYLOAD_TOO_LARGE, JSON, error.to_string()).into_response()
        }
        Err(Refusal::BrokeOff) => {
            let error = json!({"error": bad_request("The file broke off before its end, and nothing of it was kept. Send it again.".to_owned())});
            (StatusCode::REQUEST_TIMEOUT, JSON, error.to_string()).into_response()
        }
    }
}

/// Why a file was not taken in.
enum Refusal {
    TooLarge,
    BrokeOff,
    Error(ApiError),
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self::Error(error)
    }
}

async fn take_in(
    desk: &Desk,
    handed: &Handed,
    bytes: &mut BodyDataStream,
) -> Result<serde_json::Value, Refusal> {
    let mut file = desk.hand_in(&handed.name).await?;
    let mut size = 0_u64;
    while let Some(piece) = next(bytes).await? {
        size = size.saturating_add(piece.len() as u64);
        if size > MAX_FILE {
            return Err(Refusal::TooLarge);
        }
        file.write(&piece).await?;
    }
    let voice = handed
        .voice
        .as_deref()
        .is_some_and(|voice| matches!(voice, "1" | "true"));
    Ok(json!({"ok": file.finish(voice).await?}))
}

/// Returns the next bytes; `None` at the end.
async fn next(bytes: &mut BodyDataStream) -> Result<Option<Bytes>, Refusal> {
    match tokio::time::timeout(PATIENCE, bytes.next()).await {
        Ok(Some(Ok(piece))) => Ok(Some(piece)),
        Ok(None) => Ok(None),
        Ok(Some(Err(_))) | Err(_) => Err(Refusal::BrokeOff),
    }
}

/// Reads on for a while, so that whoever sends gets to read the answer.
async fn waste(bytes: &mut BodyDataStream) {
    let mut wasted = 0_u64;
    while wasted <= MAX_WASTE
        && let Ok(Some(piece)) = next(bytes).await
    {
        wasted = wasted.saturating_add(piece.len() as u64);
    }
}

fn refuse(error: &ApiError) -> Response {
    let status = status_of(error.code);
    let error = json!({"error": error});
    (status, JSON, error.to_string()).into_response()
}

fn bad_field(field: &str, message: String) -> ApiError {
    ApiError {
        field: Some(field.to_owned()),
        ..bad_request(message)
    }
}

fn too_large() -> ApiError {
    bad_field(
        "file",
        "WhatsApp takes files of 100 MB at most. Send it in parts, or send a link to it.".to_owned(),
    )
}

fn unreadable() -> ApiError {
    ApiError {
        code: api::ErrorCode::Storage,
        message:
            "This file could not be read from the disk. Try again; when it stays so, the disk may be failing."
                .to_owned(),
        retryable: true,
        field: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str, size: u64) -> Wish {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
        wanted_range(&headers, size)
    }

    #[test]
    fn one_part_of_a_file_can_be_asked_for() {
        assert_eq!(asked("bytes=0-3", 10), Wish::Part(0..=3));
        assert_eq!(asked("bytes=4-", 10), Wish::Part(4..=9));
        assert_eq!(asked("bytes=-3", 10), Wish::Part(7..=9));
        assert_eq!(asked("bytes=-30", 10), Wish::Part(0..=9));
        assert_eq!(asked("bytes=8-99999999999999999999999", 10), Wish::Part(8..=9));
    }

    #[test]
    fn a_part_that_is_not_there_is_none_and_what_cannot_be_read_is_the_whole() {
        for (range, size) in [
            ("bytes=10-", 10),
            ("bytes=-0", 10),
            ("bytes=0-", 0),
            ("bytes=-5", 0),
        ] {
            assert_eq!(asked(range, size), Wish::Nothing, "{range} of {size}");
        }
        for range in [
            "bytes=0-1,3-4",
            "lines=0-1",
            "bytes=5-2",
            "bytes=-",
            "bytes=a-b",
            "bytes=+1-2",
            "",
            "-",
        ] {
            assert_eq!(asked(range, 10), Wish::All, "{range}");
        }
    }

    #[test]
    fn a_name_cannot_add_to_the_header() {
        assert_eq!(encoded("a b\".txt"), "a%20b%22.txt");
        assert_eq!(encoded("é\r\nX: y; '*"), "%C3%A9%0D%0AX%3A%20y%3B%20%27%2A");
    }
}
