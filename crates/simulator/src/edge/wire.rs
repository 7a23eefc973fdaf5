//! What is said on one stream of a session: a type, then one JSON document each way or raw bytes.

use std::io;

use muxado::{OpenClose as _, Stream};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::agents::Session;

/// Beats of the heart, opened by both sides.
pub(super) const HEARTBEAT: u32 = u32::MAX;
pub(super) const AUTH: u32 = 0;
pub(super) const BIND: u32 = 1;
pub(super) const UNBIND: u32 = 2;
/// One visitor's connection.
pub(super) const PROXY: u32 = 3;
pub(super) const RESTART: u32 = 4;
pub(super) const STOP: u32 = 5;
pub(super) const UPDATE: u32 = 6;
/// A tunnel without a name of its own, as old edges used them.
pub(super) const BIND_LABELS: u32 = 7;
pub(super) const SERVER_INFO: u32 = 8;
pub(super) const STOP_TUNNEL: u32 = 9;
pub(super) const PATCH_TUNNEL: u32 = 10;

/// The longest request that is read; a traffic policy may be long.
const LONGEST: usize = 512 << 10;

/// Reads one JSON document. The other side keeps its half open while it waits for the answer, so there is no end of
/// the stream to wait for.
pub(super) async fn read_json(stream: &mut Stream) -> Option<Value> {
    let mut read = Vec::new();
    let mut piece = [0_u8; 4096];
    loop {
        let count = stream.read(&mut piece).await.ok().filter(|count| *count > 0)?;
        read.extend_from_slice(piece.get(..count)?);
        match serde_json::from_slice(&read) {
            Ok(document) => return Some(document),
            Err(error) if error.is_eof() && read.len() < LONGEST => {}
            Err(_) => return None,
        }
    }
}

/// Writes the answer and ends the stream: the agent reads until the end.
pub(super) async fn answer(mut stream: Stream, document: &Value) -> io::Result<()> {
    stream.write_all(document.to_string().as_bytes()).await?;
    stream.shutdown().await
}

/// Opens a stream of this type to the agent.
pub(super) async fn open(session: &Session, kind: u32) -> io::Result<Stream> {
    let mut opener = session.opener.clone();
    let mut stream = opener.open().await.map_err(io::Error::other)?;
    stream.write_all(&kind.to_be_bytes()).await?;
    Ok(stream)
}

/// Asks the agent something and reads its answer.
pub(super) async fn ask(session: &Session, kind: u32, question: &Value) -> Option<Value> {
    let mut stream = open(session, kind).await.ok()?;
    stream.write_all(question.to_string().as_bytes()).await.ok()?;
    read_json(&mut stream).await
}

/// Opens a visitor's connection to the agent, headed by who comes.
pub(super) async fn open_proxy(session: &Session, head: &Value) -> io::Result<Stream> {
    let mut stream = open(session, PROXY).await?;
    let head = head.to_string();
    let length = i64::try_from(head.len()).map_err(io::Error::other)?;
    stream.write_all(&length.to_le_bytes()).await?;
    stream.write_all(head.as_bytes()).await?;
    Ok(stream)
}
