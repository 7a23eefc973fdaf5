//! The vault against a real Secret Service: gnome-keyring on a session bus of its own, in a home of its own.
//!
//! Which keychain a process sees is decided by its surroundings, so each scene runs in a second process: this test
//! program again, started inside the wanted session, carrying out the steps it finds in an environment variable and
//! writing down what a caller of the vault got. A scene is bounded by `timeout`, and its bus takes the keychain along
//! when it ends.

#![cfg(target_os = "linux")]
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails and tells by these"
)]

use std::{
    env, fs,
    io::Write as _,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use vault::{Secret, SecretName, Vault, VaultError};

const STEPS: &str = "DESKBELL_KEYCHAIN_STEPS";
const PASSWORD: &str = "test";

/// A home folder with nothing in it, and the steps taken there.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let folder = TempDir::with_prefix("kc").expect("temporary folder");
        // A bus that starts no service by itself.
        let bare = format!(
            "<busconfig><type>session</type><listen>unix:dir={}</listen><policy context='default'>\
             <allow send_destination='*'/><allow receive_sender='*'/><allow own='*'/></policy></busconfig>",
            folder.path().display()
        );
        fs::write(folder.path().join("bare.conf"), bare).expect("written");
        Self(folder)
    }

    /// Carries out `steps`, one after another, as the last of the `session`'s words; returns what they gave.
    fn run(&self, session: &[&str], steps: &[&str]) -> Vec<String> {
        let program = env::current_exe().expect("this program");
        let output = Command::new("timeout")
            .args(["--kill-after=5", "60"])
            .args(session)
            .arg(program)
            .args(["--exact", "carries_out_the_steps_of_a_scene", "--nocapture"])
            .current_dir(self.0.path())
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.0.path())
            .env("XDG_RUNTIME_DIR", self.0.path())
            .env(STEPS, steps.join(";"))
            .output()
            .expect("coreutils");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "the scene ended with {} (are the packages dbus and gnome-keyring installed?)\n{told}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        told.lines()
            .filter_map(|line| line.strip_prefix("> "))
            .map(str::to_owned)
            .collect()
    }
}

const NO_BUS: &[&str] = &[];
const BUS_WITHOUT_KEYCHAIN: &[&str] = &["dbus-run-session", "--config-file=bare.conf", "--"];
/// The daemon makes the login collection with the password it reads, or opens it with that.
const UNLOCKED: &[&str] = &[
    "dbus-run-session",
    "--",
    "sh",
    "-ec",
    "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec \"$@\"",
    "sh",
];
const LOCKED: &[&str] = &[
    "dbus-run-session",
    "--",
    "sh",
    "-ec",
    "gnome-keyring-daemon --start --components=secrets >/dev/null; exec \"$@\"",
    "sh",
];

#[test]
fn an_unlocked_keychain_keeps_a_secret_beyond_the_program() {
    let home = Home::new();
    let told = home.run(
        UNLOCKED,
        &[
            "probe",
            "get",
            "set EAAG-one",
            "get",
            "set EAAG-two 👋",
            "restart",
            "get",
        ],
    );
    assert_eq!(told, ["ok", "none", "ok", "EAAG-one", "ok", "ok", "EAAG-two 👋"]);
    let told = home.run(
        UNLOCKED,
        &["get", "delete", "delete", "get", "restart", "get", "probe"],
    );
    assert_eq!(told, ["EAAG-two 👋", "ok", "ok", "none", "ok", "none", "ok"]);
}

#[test]
fn a_locked_keychain_is_not_an_empty_one_and_nothing_in_it_is_replaced() {
    let home = Home::new();
    assert_eq!(home.run(UNLOCKED, &["set EAAG-one"]), ["ok"]);
    let told = home.run(LOCKED, &["get", "set EAAG-two", "delete", "probe"]);
    assert_eq!(told, ["Locked", "Locked", "Locked", "Locked"]);
    // That something was never stored it says all the same. Once it has said that it is locked, it is left in peace by
    // questions of our own.
    let told = home.run(
        LOCKED,
        &["other", "trouble", "get", "trouble", "other", "trouble"],
    );
    assert_eq!(told, ["none", "ok", "Locked", "Locked", "Locked", "Locked"]);
    assert_eq!(home.run(UNLOCKED, &["get"]), ["EAAG-one"]);
}

#[test]
fn without_a_session_bus_the_keychain_is_absent() {
    let told = Home::new().run(NO_BUS, &["get", "set EAAG-one", "probe"]);
    assert_eq!(told, ["Absent", "Absent", "Absent"]);
}

#[test]
fn a_keychain_that_starts_later_is_found_and_one_that_dies_is_looked_for_again() {
    let told = Home::new().run(
        BUS_WITHOUT_KEYCHAIN,
        &[
            "get",
            "start",
            "set EAAG-one",
            "stop",
            "set EAAG-two",
            "get",
            "start",
            "get",
        ],
    );
    assert_eq!(
        told,
        ["Absent", "ok", "ok", "ok", "Absent", "Absent", "ok", "EAAG-one"]
    );
}

#[test]
fn a_keychain_that_does_not_answer_costs_one_wait_and_works_when_it_answers_again() {
    let told = Home::new().run(
        BUS_WITHOUT_KEYCHAIN,
        &[
            "start",
            "set EAAG-one",
            "restart",
            "freeze",
            "get",
            "get",
            "set EAAG-two",
            "thaw",
            "get",
        ],
    );
    assert_eq!(
        told,
        [
            "ok", "ok", "ok", "ok", "TimedOut", "TimedOut", "TimedOut", "ok", "EAAG-one"
        ]
    );
}

#[test]
fn nothing_is_left_running_when_a_session_ends() {
    let home = Home::new();
    home.run(UNLOCKED, &["set EAAG-one"]);
    // The daemon hears of the end of its bus a moment after the session is over.
    let left = || {
        Command::new("grep")
            .args(["-lzxs", &format!("XDG_RUNTIME_DIR={}", home.0.path().display())])
            .args(
                fs::read_dir("/proc")
                    .expect("proc")
                    .flatten()
                    .map(|entry| entry.path().join("environ")),
            )
            .output()
            .expect("grep")
            .stdout
    };
    let started = std::time::Instant::now();
    while !left().is_empty() {
        assert!(
            started.elapsed().as_secs() < 10,
            "left: {}",
            String::from_utf8_lossy(&left())
        );
    }
}

/// Not a claim of its own: the program that runs inside a scene. Without steps there is nothing to do.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn carries_out_the_steps_of_a_scene() {
    let Ok(steps) = env::var(STEPS) else { return };
    let name = SecretName::new("0193", "access_token");
    let mut vault = Vault::keychain();
    let mut daemon = None;
    for step in steps.split(';') {
        let told = match step.split_once(' ').unwrap_or((step, "")) {
            ("get", _) => match vault.get(&name).await {
                Ok(Some(secret)) => secret.expose().to_owned(),
                Ok(None) => "none".to_owned(),
                Err(error) => kind_of(&error),
            },
            ("set", text) => outcome(vault.set(&name, &Secret::new(text)).await),
            ("other", _) => match vault.get(&SecretName::new("0193", "never_stored")).await {
                Ok(found) => found.map_or("none", |_| "found").to_owned(),
                Err(error) => kind_of(&error),
            },
            ("trouble", _) => outcome(vault.trouble().map_or(Ok(()), Err)),
            ("delete", _) => outcome(vault.delete(&name).await),
            ("probe", _) => outcome(vault.probe().await),
            ("restart", _) => {
                vault = Vault::keychain();
                "ok".to_owned()
            }
            ("start", _) => {
                daemon = Some(start_daemon());
                while vault.probe().await.is_err() {}
                "ok".to_owned()
            }
            ("stop", _) => {
                drop(daemon.take().expect("started before"));
                "ok".to_owned()
            }
            ("freeze", _) => signal(daemon.as_ref(), "-STOP"),
            ("thaw", _) => {
                let told = signal(daemon.as_ref(), "-CONT");
                while vault.get(&name).await == Err(VaultError::TimedOut) {
                    tokio::task::yield_now().await;
                }
                told
            }
            _ => panic!("no such step: {step}"),
        };
        println!("> {told}");
    }
}

/// A keychain started by the scene itself; it ends with it, even when it is frozen.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).expect("ended");
    }
}

fn start_daemon() -> Daemon {
    let mut daemon = Command::new("gnome-keyring-daemon")
        .args(["--foreground", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the package gnome-keyring");
    // Closing its input ends the password.
    daemon
        .stdin
        .take()
        .expect("piped")
        .write_all(PASSWORD.as_bytes())
        .expect("written");
    Daemon(daemon)
}

fn signal(daemon: Option<&Daemon>, signal: &str) -> String {
    let id = daemon.expect("started before").0.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &id])
            .status()
            .expect("a shell's kill")
            .success()
    );
    "ok".to_owned()
}

fn outcome(result: Result<(), VaultError>) -> String {
    result.map_or_else(|error| kind_of(&error), |()| "ok".to_owned())
}

/// The kind of the error; its reason goes to the log of a failed test.
fn kind_of(error: &VaultError) -> String {
    println!("{error}");
    match error {
        VaultError::Locked => "Locked".to_owned(),
        VaultError::TimedOut => "TimedOut".to_owned(),
        VaultError::Absent { .. } => "Absent".to_owned(),
        other => format!("{other:?}"),
    }
}
