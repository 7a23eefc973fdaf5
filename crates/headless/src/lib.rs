//! `deskbelld`: the engine over loopback HTTP, without a window (outer interface).
//!
//! Standard output carries only what is documented; everything else goes to standard error.

mod channel;
mod cli;
mod doctor;
mod export;
mod http;
mod journal;
mod serve;

use clap::Parser as _;
use cli::{ChannelCommand, Cli, Command};
use std::process::ExitCode;

/// What went wrong, as one sentence for standard error.
#[derive(Debug)]
struct Trouble(String);

impl<E: std::error::Error> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Runs the program. Exit code 0: done, or an orderly stop; 2: wrong usage; 1: anything else.
pub fn main() -> ExitCode {
    if let Some(code) = engine::extract_if_asked() {
        return code;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let wrong = error.use_stderr();
            // Nothing can be done when not even this can be printed.
            drop(error.print());
            return if wrong {
                ExitCode::from(2)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    log_to_stderr();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the program could not be started: {error}")),
    };
    let outcome = runtime.block_on(run(cli.command));
    // A keychain that still waits for a person must not keep the program alive.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Trouble(sentence)) => fail(&sentence),
    }
}

async fn run(command: Command) -> Result<(), Trouble> {
    match command {
        Command::Serve(args) => serve::serve(args).await,
        Command::Demo(args) => serve::demo(args).await,
        Command::Channel {
            command: ChannelCommand::Add(args),
        } => channel::add(args).await,
        Command::Channel {
            command: ChannelCommand::Check(args),
        } => channel::check(args).await,
        Command::Export(args) => export::export(args).await,
        Command::Journal(args) => journal::journal(args).await,
        Command::Doctor(args) => doctor::doctor(args).await,
        Command::Replay(args) => journal::replay(args).await,
    }
}

fn log_to_stderr() {
    use std::io::IsTerminal as _;
    use tracing_subscriber::EnvFilter;
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Whatever is asked for: these tell what goes through the tunnel, and logs are handed on.
    for quiet in ["ngrok=info", "muxado=warn"] {
        if let Ok(directive) = quiet.parse() {
            filter = filter.add_directive(directive);
        }
    }
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

#[expect(
    clippy::print_stderr,
    reason = "the one sentence a script or a person reads when something went wrong"
)]
fn fail(sentence: &str) -> ExitCode {
    eprintln!("deskbelld: {sentence}");
    ExitCode::FAILURE
}

/// Prints one line for scripts.
fn print_line(line: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}
