//! `deskbelld demo` for the length of one test.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::repository::{Repository, run};

/// A demo shop opens within a second or two; a busy build machine may need longer.
const OPENING: Duration = Duration::from_mins(1);
/// What an orderly stop may take at most.
const STOPPING: Duration = Duration::from_secs(15);

/// A running demo shop. Dropping it ends it at once.
pub(crate) struct Demo {
    child: Option<Child>,
    ui_url: String,
}

impl Demo {
    /// Starts the program as last built for the tests and waits until it accepts.
    pub(crate) fn start(repository: &Repository) -> Result<Self> {
        Self::launch(&program(&repository.metadata()?)?)
    }

    fn launch(program: &Path) -> Result<Self> {
        let child = Command::new(program)
            .arg("demo")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let mut demo = Self {
            child: Some(child),
            ui_url: String::new(),
        };
        demo.ui_url = demo.wait_for_address()?;
        Ok(demo)
    }

    /// Returns the address of the window, token included.
    pub(crate) fn ui_url(&self) -> &str {
        &self.ui_url
    }

    fn wait_for_address(&mut self) -> Result<String> {
        let stdout = self
            .child
            .as_mut()
            .and_then(|child| child.stdout.take())
            .context("its output is ours")?;
        let (line, arrives) = mpsc::channel();
        // Reads to the end, so that whatever else it may say never fills the pipe.
        thread::spawn(move || {
            BufReader::new(stdout)
                .lines()
                .map_while(Result::ok)
                .filter_map(|text| address(&text))
                .for_each(|found| {
                    // Nobody listens for a second address.
                    line.send(found).ok();
                });
        });
        arrives
            .recv_timeout(OPENING)
            .context("`deskbelld demo` did not print its ready line")
    }

    /// Asks it to stop as a service manager would, and makes sure that it does, in good order.
    pub(crate) fn stop(mut self) -> Result<()> {
        let Some(child) = self.child.take() else {
            return Ok(());
        };
        let id = child.id().to_string();
        run(Command::new("kill").args(["-TERM", &id]))?;
        let Some(status) = wait(child, STOPPING) else {
            run(Command::new("kill").args(["-KILL", &id]))?;
            bail!(
                "`deskbelld demo` did not stop within {} seconds of SIGTERM.",
                STOPPING.as_secs()
            );
        };
        if !status?.success() {
            bail!("`deskbelld demo` did not stop in good order.");
        }
        Ok(())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Nothing can be done about a process that does not even take this.
            child.kill().and_then(|()| child.wait()).ok();
        }
    }
}

/// Waits for the process, but not for ever.
fn wait(mut child: Child, longest: Duration) -> Option<std::io::Result<ExitStatus>> {
    let (over, arrives) = mpsc::channel();
    thread::spawn(move || over.send(child.wait()).ok());
    arrives.recv_timeout(longest).ok()
}

fn program(metadata: &Value) -> Result<PathBuf> {
    let target = metadata
        .get("target_directory")
        .and_then(Value::as_str)
        .context("cargo names its target folder")?;
    Ok(PathBuf::from(target).join("debug").join(if cfg!(windows) {
        "deskbelld.exe"
    } else {
        "deskbelld"
    }))
}

/// The address in a ready line; `None` for any other line.
fn address(line: &str) -> Option<String> {
    let ready: Value = serde_json::from_str(line).ok()?;
    ready.get("ui_url").and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_taken_from_the_ready_line_and_from_no_other() {
        let ready =
            r#"{"event":"ready","webhook_url":"http://127.0.0.1:1","ui_url":"http://127.0.0.1:2/?token=t"}"#;
        assert_eq!(address(ready).as_deref(), Some("http://127.0.0.1:2/?token=t"));
        assert_eq!(address("Welcome to the demo shop"), None);
        assert_eq!(address(r#"{"event":"starting"}"#), None);
    }

    /// A program that is started as `deskbelld` is.
    #[cfg(unix)]
    fn script(lines: &str) -> (tempfile::TempDir, PathBuf) {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::TempDir::new().expect("temporary folder");
        let program = folder.path().join("deskbelld");
        std::fs::write(&program, format!("#!/bin/sh\n{lines}\n")).expect("written");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).expect("made a program");
        (folder, program)
    }

    #[cfg(unix)]
    #[test]
    fn a_demo_shop_is_waited_for_and_stops_in_good_order() {
        let (_folder, program) = script(
            "trap 'kill $!; exit 0' TERM\necho Welcome\necho '{\"ui_url\":\"http://127.0.0.1:2/\"}'\nsleep 60 & wait",
        );
        let demo = Demo::launch(&program).expect("accepts");
        assert_eq!(demo.ui_url(), "http://127.0.0.1:2/");
        demo.stop().expect("stops when asked");
    }

    #[cfg(unix)]
    #[test]
    fn a_demo_shop_that_ends_before_it_is_ready_or_stops_with_an_error_is_told() {
        let (_folder, program) = script("exit 1");
        let error = Demo::launch(&program).err().expect("never ready");
        assert!(
            error.to_string().contains("did not print its ready line"),
            "{error}"
        );

        let (_folder, program) =
            script("trap 'kill $!; exit 1' TERM\necho '{\"ui_url\":\"x\"}'\nsleep 60 & wait");
        let error = Demo::launch(&program)
            .expect("accepts")
            .stop()
            .expect_err("exit code 1");
        assert!(
            error.to_string().contains("did not stop in good order"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_process_that_ends_is_seen_and_one_that_does_not_is_given_up() {
        let quick = Command::new("true").spawn().expect("coreutils");
        assert!(
            wait(quick, Duration::from_secs(30))
                .expect("ends")
                .expect("waits")
                .success()
        );
        let slow = Command::new("sleep").arg("30").spawn().expect("coreutils");
        let id = slow.id().to_string();
        assert!(wait(slow, Duration::from_millis(20)).is_none());
        run(Command::new("kill").arg(id)).expect("ended");
    }
}
