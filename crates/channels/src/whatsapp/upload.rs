//! Uploads a file as a stream (whatsapp-cloud-api, section 6): it is never whole in memory.

use super::call::CallFailure;
use super::download::LONGEST_TRANSFER;
use super::graph::{Account, Graph};
use super::lenient;
use bytes::Bytes;
use futures_util::stream::{self, Stream};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Body, Method};
use std::io;
use std::sync::{Arc, Mutex};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How much is read from the disk at a time, in bytes. Small, since only a new piece shows that a slow line moves.
const PIECE: usize = 16 * 1024;
/// What was read still waits in buffers on its way to the line, so an upload may seem to stand still for longer than a
/// download.
const PATIENCE_FOR_PIECE: u32 = 3;
/// After the last piece the buffers empty and Meta looks at the file.
const PATIENCE_FOR_ANSWER: u32 = 6;

/// A file on its way out.
#[derive(Debug)]
pub struct FileToSend {
    /// The open file, at its beginning.
    pub file: File,
    /// How many bytes of it are sent.
    pub size: u64,
    /// What it is; Meta goes by this word.
    pub mime: String,
    /// What it is called.
    pub file_name: String,
}

/// Why a file was not uploaded. Trying again does no harm: an upload alone is seen by nobody.
#[derive(Debug, thiserror::Error)]
pub enum UploadFailure {
    /// Meta did not take it, or could not be reached.
    #[error(transparent)]
    Call(#[from] CallFailure),
    /// The file could not be read.
    #[error("The file could not be read from this computer's disk: {0}")]
    File(#[source] io::Error),
    /// Nothing moved for too long.
    #[error("The upload stopped moving. Deskbell tries again by itself.")]
    Stalled,
    /// A person stopped it.
    #[error("The upload was stopped.")]
    Cancelled,
}

impl UploadFailure {
    /// Returns whether another try may work without anybody changing anything.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Call(failure) => failure.is_passing(),
            Self::Stalled => true,
            Self::File(_) | Self::Cancelled => false,
        }
    }
}

/// What the reading side keeps while it is read.
struct Reading {
    file: File,
    left: u64,
    sent: watch::Sender<u64>,
    trouble: Arc<Mutex<Option<io::Error>>>,
}

impl Graph {
    /// Uploads a file and returns Meta's id of it, which lives for 30 days. `progress` hears how many bytes of the file
    /// have left. The line may be as slow as it likes, as long as bytes move.
    pub async fn upload(
        &self,
        account: &Account,
        file: FileToSend,
        progress: impl Fn(u64) + Send + Sync,
        cancel: &CancellationToken,
    ) -> Result<String, UploadFailure> {
        let boundary = boundary();
        let head = head(&boundary, &file);
        let tail = format!("\r\n--{boundary}--\r\n");
        let length = file.size.saturating_add((head.len() + tail.len()) as u64);
        let (sent, mut moved) = watch::channel(0);
        let trouble = Arc::new(Mutex::new(None));
        let size = file.size;
        let reading = Reading {
            file: file.file,
            left: size,
            sent,
            trouble: Arc::clone(&trouble),
        };
        let request = self
            .at_number(Method::POST, account, &["media"])?
            .timeout(LONGEST_TRANSFER)
            .header(CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
            .header(CONTENT_LENGTH, length)
            .body(Body::wrap_stream(parts(head, reading, tail)));
        let call = self.carry(account, request);
        tokio::pin!(call);
        let mut deadline = Instant::now() + self.idle.saturating_mul(PATIENCE_FOR_PIECE);
        let mut reading_ended = false;
        let answer = loop {
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(UploadFailure::Cancelled),
                answer = &mut call => break answer,
                change = moved.changed(), if !reading_ended => {
                    let patience = if change.is_ok() {
                        let now = *moved.borrow_and_update();
                        progress(now);
                        if now < size { PATIENCE_FOR_PIECE } else { PATIENCE_FOR_ANSWER }
                    } else {
                        reading_ended = true;
                        PATIENCE_FOR_ANSWER
                    };
                    deadline = Instant::now() + self.idle.saturating_mul(patience);
                }
                () = tokio::time::sleep_until(deadline) => return Err(UploadFailure::Stalled),
            }
        };
        if let Some(trouble) = trouble.lock().ok().and_then(|mut trouble| trouble.take()) {
            return Err(UploadFailure::File(trouble));
        }
        lenient::id(answer?.get("id"))
            .ok_or_else(|| CallFailure::odd_answer("it does not give the file an id").into())
    }
}

/// The form before the bytes of the file.
fn head(boundary: &str, file: &FileToSend) -> String {
    let mime = header_text(&file.mime);
    let name = header_text(&file.file_name);
    format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n{mime}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: {mime}\r\n\r\n"
    )
}

/// Keeps a name inside its quotes and on its line, as browsers do.
fn header_text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => safe.push_str("%22"),
            '\r' => safe.push_str("%0D"),
            '\n' => safe.push_str("%0A"),
            c if c.is_control() => safe.push('_'),
            c => safe.push(c),
        }
    }
    safe
}

/// Sixteen random bytes occur in no file by chance. Without randomness the place of a variable is as good: nobody gains
/// anything by guessing it but the person who sends the file.
fn boundary() -> String {
    let mut random = [0_u8; 16];
    if getrandom::fill(&mut random).is_err() {
        random = (std::ptr::from_ref(&random).addr() as u128).to_be_bytes();
    }
    format!("deskbell-{}", hex::encode(random))
}

fn parts(
    head: String,
    reading: Reading,
    tail: String,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let head = stream::once(std::future::ready(Ok(Bytes::from(head))));
    let tail = stream::once(std::future::ready(Ok(Bytes::from(tail))));
    let file = stream::unfold(Some(reading), |reading| async move {
        let mut reading = reading?;
        if reading.left == 0 {
            return None;
        }
        match next_piece(&mut reading).await {
            Ok(piece) => Some((Ok(piece), Some(reading))),
            Err(error) => {
                let told = io::Error::new(error.kind(), "the file could not be read");
                if let Ok(mut trouble) = reading.trouble.lock() {
                    *trouble = Some(error);
                }
                Some((Err(told), None))
            }
        }
    });
    futures_util::StreamExt::chain(head, futures_util::StreamExt::chain(file, tail))
}

async fn next_piece(reading: &mut Reading) -> io::Result<Bytes> {
    let most = usize::try_from(reading.left).map_or(PIECE, |left| left.min(PIECE));
    let mut piece = vec![0; most];
    let read = reading.file.read(&mut piece).await?;
    if read == 0 {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "it has become shorter in the meantime",
        ));
    }
    piece.truncate(read);
    reading.left = reading.left.saturating_sub(read as u64);
    reading
        .sent
        .send_modify(|sent| *sent = sent.saturating_add(read as u64));
    Ok(Bytes::from(piece))
}
