//! `deskbelld` with the crash points switched on.
//!
//! `FAILPOINTS` configures them as usual. `DESKBELL_DIE_AT=name` makes the process kill itself there with SIGKILL: no
//! destructor runs, nothing is flushed, as when the power of the process ends.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let scenario = fail::FailScenario::setup();
    if let Ok(point) = std::env::var("DESKBELL_DIE_AT")
        && let Err(error) = fail::cfg_callback(point, die)
    {
        drop(error);
        return ExitCode::FAILURE;
    }
    let code = headless::main();
    scenario.teardown();
    code
}

/// Does not return: the signal arrives while the child that sends it is waited for.
fn die() {
    let kill = format!("kill -KILL {}", std::process::id());
    drop(Command::new("/bin/sh").args(["-c", &kill]).status());
    std::process::abort();
}
