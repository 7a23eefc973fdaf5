//! Programs of the owner's that make a tunnel. They are started by us, read by us, and end with us.

use super::keep::Report;
use super::{Ended, TroubleClass, TunnelTrouble};
use crate::server::Street;
use std::io;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

/// The longest line that is read, in bytes; the rest of a longer one is dropped.
const LONGEST_LINE: usize = 4_096;
/// How much a program may say when it is asked a question, in bytes.
const LONGEST_ANSWER: u64 = 1024 * 1024;
/// How long a program may take to come online before it is started anew.
const STARTING: Duration = Duration::from_mins(1);

/// What a line of a program's output says.
#[derive(Debug)]
pub(super) enum Told {
    /// Nothing of interest.
    Nothing,
    /// The tunnel is online.
    Online(String),
    /// It does not work.
    Trouble(TunnelTrouble),
}

/// A program that does not outlive us and shows no window of its own.
pub(super) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    #[cfg(windows)]
    command.creation_flags(0x0800_0000); // CREATE_NO_WINDOW
    command
}

/// Asks a program a question and returns what it says, within `limit`.
pub(super) async fn ask(program: &Path, words: &[&str], limit: Duration) -> io::Result<Output> {
    let mut command = command(program);
    command.args(words);
    let asked = async {
        let mut child = command.spawn()?;
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let (read, also_read, status) = tokio::join!(
            read_all(out, &mut stdout),
            read_all(err, &mut stderr),
            child.wait()
        );
        read?;
        also_read?;
        Ok(Output {
            status: status?,
            stdout,
            stderr,
        })
    };
    tokio::time::timeout(limit, asked).await.unwrap_or_else(|_| {
        Err(io::Error::new(
            io::ErrorKind::TimedOut,
            "the program does not answer",
        ))
    })
}

async fn read_all(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> io::Result<()> {
    if let Some(from) = from {
        let mut from = from.take(LONGEST_ANSWER);
        from.read_to_end(into).await?;
        // A program that says more is not kept waiting.
        tokio::io::copy(&mut from.into_inner(), &mut tokio::io::sink()).await?;
    }
    Ok(())
}

/// Runs a program that lets the internet come to `listener`, until it ends or we want it to.
pub(super) async fn run(
    mut command: Command,
    name: &'static str,
    listener: TcpListener,
    (street, report): (&Street, &Report),
    cancel: CancellationToken,
    mut read: impl FnMut(&str) -> Told,
) -> Ended {
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return Ended::Trouble(not_started(name, &error)),
    };
    let calls = cancel.child_token();
    let serving = street.counted();
    let mut serving = std::pin::pin!(serving.serve(listener, calls.clone()));
    let ended = tokio::select! {
        biased;
        () = cancel.cancelled() => Ended::Left,
        ended = watch(&mut child, name, report, &mut read) => ended,
        () = serving.as_mut() => Ended::Left,
    };
    // Who is being answered is answered, then the way is closed.
    calls.cancel();
    serving.await;
    if let Err(error) = child.kill().await {
        tracing::warn!(%error, name, "a program of the tunnel could not be ended");
    }
    ended
}

/// Reads what the program says until it ends.
async fn watch(
    child: &mut Child,
    name: &'static str,
    report: &Report,
    read: &mut impl FnMut(&str) -> Told,
) -> Ended {
    let mut stdout = Lines::new(child.stdout.take());
    let mut stderr = Lines::new(child.stderr.take());
    let mut online = false;
    let mut last = String::new();
    let starting = tokio::time::sleep(STARTING);
    let mut starting = std::pin::pin!(starting);
    loop {
        let line = tokio::select! {
            line = stdout.next() => line,
            line = stderr.next() => line,
            () = starting.as_mut(), if !online => {
                let words = format!(
                    "{name} was started, but did not say that the tunnel is open, so customers' messages cannot come in. \
                     It is started again by itself."
                );
                return Ended::Trouble(TunnelTrouble::new(TroubleClass::Passing, words).detail(&last));
            }
            _ = child.wait() => break,
        };
        match read(&line) {
            Told::Nothing => {}
            Told::Online(url) => {
                if !online {
                    online = true;
                    report.online(&url);
                }
            }
            Told::Trouble(trouble) => return Ended::Trouble(trouble.detail(&line)),
        }
        last = line;
    }
    let words = format!(
        "{name} has ended, so customers' messages cannot come in. WhatsApp keeps them meanwhile. It is started again by itself."
    );
    Ended::Trouble(TunnelTrouble::new(TroubleClass::Passing, words).detail(&last))
}

fn not_started(name: &str, error: &io::Error) -> TunnelTrouble {
    let (class, words) = if error.kind() == io::ErrorKind::NotFound {
        (
            TroubleClass::Permanent,
            format!(
                "{name} is not where it was, so the tunnel cannot be opened and customers' messages cannot come in. \
                 Install it again, or choose another way."
            ),
        )
    } else {
        (
            TroubleClass::Slow,
            format!(
                "{name} could not be started, so customers' messages cannot come in. Start it once by hand to see \
                 what it says, or choose another way."
            ),
        )
    };
    TunnelTrouble::new(class, words).detail(&error.to_string())
}

/// The lines of a program's output. Nothing is lost when `next` is dropped half-way.
struct Lines<R> {
    reader: Option<R>,
    line: Vec<u8>,
    ready: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    fn new(reader: Option<R>) -> Self {
        Self {
            reader,
            line: Vec::new(),
            ready: Vec::new(),
        }
    }

    /// Returns the next line; never when there are no more.
    async fn next(&mut self) -> String {
        loop {
            if let Some(end) = self.ready.iter().position(|byte| *byte == b'\n') {
                let rest = self.ready.split_off(end + 1);
                let mut line = std::mem::take(&mut self.line);
                line.append(&mut self.ready);
                self.ready = rest;
                line.truncate(LONGEST_LINE);
                return String::from_utf8_lossy(&line).trim_end().to_owned();
            }
            if self.line.len() < LONGEST_LINE {
                self.line.append(&mut self.ready);
            } else {
                self.ready.clear();
            }
            let Some(reader) = &mut self.reader else {
                return std::future::pending().await;
            };
            let mut bytes = [0; 1_024];
            match reader.read(&mut bytes).await {
                Ok(0) | Err(_) => self.reader = None,
                Ok(number) => self
                    .ready
                    .extend_from_slice(bytes.get(..number).unwrap_or_default()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_read_whole_and_cut_when_they_have_no_end() {
        let (mut says, hears) = tokio::io::duplex(100_000);
        let mut lines = Lines::new(Some(hears));
        let endless = "x".repeat(3 * LONGEST_LINE);
        tokio::io::AsyncWriteExt::write_all(&mut says, format!("one\r\ntwo\n{endless}\nfour\nfi").as_bytes())
            .await
            .unwrap();
        assert_eq!(lines.next().await, "one");
        assert_eq!(lines.next().await, "two");
        assert_eq!(lines.next().await.len(), LONGEST_LINE);
        assert_eq!(lines.next().await, "four");
        drop(says);
        let nothing_more = tokio::time::timeout(Duration::from_millis(50), lines.next()).await;
        assert!(nothing_more.is_err(), "half a line is no line");
    }
}
