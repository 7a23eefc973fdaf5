//! A process of our own that reads one file and ends.

use super::{Extracted, Trouble, extract};
use domain::DocumentSource;
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

/// What stands before the answer, which is the last line: libraries may have printed something before it.
const MARK: &str = "deskbell-extracted ";
/// Bytes the process may write at most: the text, escaped at worst.
const MOST_OUTPUT: u64 = 40 * 1024 * 1024;
/// Bytes of memory the reading process may use at most.
const MEMORY: u64 = 1024 * 1024 * 1024;

/// What a reading process may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The size of the file in bytes.
    pub size: usize,
    /// How long it may take, by the clock on the wall.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            size: 20 * 1024 * 1024,
            time: Duration::from_secs(30),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Read { kind: String, extracted: Extracted },
    Trouble(Trouble),
}

/// Reads a file in a process of its own: `program` is started with `arguments` and then the word for `hint`, has to
/// call [`child_main`] with that word before it does anything else, and is ended when it takes too long.
///
/// The process gets no environment, so that a file that takes it over finds no secret there.
pub async fn extract_in_child(
    program: &Path,
    arguments: &[impl AsRef<OsStr>],
    hint: DocumentSource,
    file: Vec<u8>,
    limits: Limits,
) -> Result<(DocumentSource, Extracted), Trouble> {
    if file.len() > limits.size {
        return Err(Trouble::TooLarge {
            megabytes: limits.size as u64 / (1024 * 1024),
        });
    }
    match tokio::time::timeout(limits.time, ask(program, arguments, hint, file)).await {
        Ok(answer) => answer,
        // Dropping the question has ended the process.
        Err(_) => Err(Trouble::TooSlow {
            seconds: limits.time.as_secs(),
        }),
    }
}

async fn ask(
    program: &Path,
    arguments: &[impl AsRef<OsStr>],
    hint: DocumentSource,
    file: Vec<u8>,
) -> Result<(DocumentSource, Extracted), Trouble> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .arg(hint.as_str())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    #[cfg(windows)]
    if let Some(root) = std::env::var_os("SystemRoot") {
        // Nothing starts on Windows without it.
        command.env("SystemRoot", root);
    }
    let not_started = |error: std::io::Error| Trouble::NotStarted(error.to_string());
    let mut child = command.spawn().map_err(not_started)?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Trouble::NotStarted("no way to speak with it".to_owned()));
    };
    let give = async move {
        // A process that ends before it has read everything is heard of by what it says, or does not say.
        drop(input.write_all(&file).await);
        drop(input);
    };
    let take = async move {
        let mut bytes = Vec::new();
        output
            .take(MOST_OUTPUT + 1)
            .read_to_end(&mut bytes)
            .await
            .map(|_| bytes)
    };
    let ((), taken) = tokio::join!(give, take);
    let bytes = taken.map_err(|_| Trouble::Crashed)?;
    if bytes.len() as u64 > MOST_OUTPUT {
        return Err(Trouble::TooMuchText);
    }
    let status = child.wait().await.map_err(|_| Trouble::Crashed)?;
    if !status.success() {
        return Err(Trouble::Crashed);
    }
    answer(&bytes)
}

fn answer(bytes: &[u8]) -> Result<(DocumentSource, Extracted), Trouble> {
    let line = bytes
        .trim_ascii_end()
        .rsplit(|byte| *byte == b'\n')
        .next()
        .and_then(|line| line.strip_prefix(MARK.as_bytes()))
        .ok_or(Trouble::Crashed)?;
    match serde_json::from_slice(line).map_err(|_| Trouble::Crashed)? {
        Answer::Trouble(trouble) => Err(trouble),
        Answer::Read { kind, extracted } => {
            let kind = kind.parse().map_err(|_| Trouble::Crashed)?;
            if extracted.size() > super::MOST_TEXT {
                return Err(Trouble::TooMuchText);
            }
            Ok((kind, extracted))
        }
    }
}

/// What the reading process does: takes a file from its standard input, and says on its standard output what it holds.
/// `kind` is the word for what the file's name says it is. Limits the process first.
pub fn child_main(kind: &str) -> ExitCode {
    limit();
    let hint = kind.parse().unwrap_or(DocumentSource::Text);
    let mut file = Vec::new();
    let read = std::io::stdin()
        .take(Limits::default().size as u64 + 1)
        .read_to_end(&mut file);
    if read.is_err() {
        return ExitCode::FAILURE;
    }
    let answer = match extract(hint, &file) {
        Ok((kind, extracted)) => Answer::Read {
            kind: kind.as_str().to_owned(),
            extracted,
        },
        Err(trouble) => Answer::Trouble(trouble),
    };
    let Ok(words) = serde_json::to_string(&answer) else {
        return ExitCode::FAILURE;
    };
    let mut out = std::io::stdout().lock();
    let said = writeln!(out, "\n{MARK}{words}").and_then(|()| out.flush());
    if said.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// No more memory than a large file needs, no file written, no picture of the memory when it falls over.
#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Cpu, 2 * Limits::default().time.as_secs()),
    ];
    for (resource, most) in limits {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        // Not every system knows every limit; the time on the wall is one everywhere.
        setrlimit(resource, limit).ok();
    }
}

#[cfg(not(unix))]
fn limit() {
    const _: u64 = MEMORY;
}
