//! A desktop session with a real Secret Service (gnome-keyring), or without one.

use crate::wait::{PATIENCE, until};
use anyhow::{Context as _, ensure};
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

/// The password of the keychain.
const PASSWORD: &str = "test";

/// A session bus in a home of its own. Everything ends when it is dropped.
#[derive(Debug)]
pub struct Session {
    home: TempDir,
    bus: Child,
    address: String,
    daemon: Option<Child>,
}

impl Session {
    /// A session bus that starts no service by itself.
    ///
    /// # Errors
    /// When the package `dbus` is missing.
    pub async fn open() -> anyhow::Result<Self> {
        let home = TempDir::with_prefix("kc")?;
        let config = home.path().join("bare.conf");
        let folder = home.path().display();
        std::fs::write(
            &config,
            format!(
                "<busconfig><type>session</type><listen>unix:dir={folder}</listen><policy context='default'>\
                 <allow send_destination='*'/><allow receive_sender='*'/><allow own='*'/></policy></busconfig>"
            ),
        )?;
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("is the package dbus installed?")?;
        let mut lines = BufReader::new(bus.stdout.take().context("no standard output")?).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await??;
        Ok(Self {
            address: line.context("the session bus ended")?,
            home,
            bus,
            daemon: None,
        })
    }

    /// What a program has to know to find the session.
    pub fn environment(&self) -> [(&'static str, String); 3] {
        let home = self.home.path().display().to_string();
        [
            ("DBUS_SESSION_BUS_ADDRESS", self.address.clone()),
            ("XDG_RUNTIME_DIR", home.clone()),
            ("HOME", home),
        ]
    }

    /// Starts the keychain, open.
    ///
    /// # Errors
    /// When the package `gnome-keyring` is missing.
    pub async fn unlock(&mut self) -> anyhow::Result<()> {
        self.start(true).await
    }

    /// Ends the keychain and starts it again, locked. Nobody is there to answer its question.
    ///
    /// # Errors
    /// When the package `gnome-keyring` is missing.
    pub async fn lock(&mut self) -> anyhow::Result<()> {
        self.start(false).await
    }

    /// Ends the keychain.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub async fn end_keychain(&mut self) -> anyhow::Result<()> {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().await?;
        }
        Ok(())
    }

    async fn start(&mut self, open: bool) -> anyhow::Result<()> {
        self.end_keychain().await?;
        ensure!(self.bus.try_wait()?.is_none(), "the session bus ended");
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if open {
            command.arg("--unlock");
        }
        let mut daemon = command
            .envs(self.environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("is the package gnome-keyring installed?")?;
        // The end of the input is the end of the password.
        let mut input = daemon.stdin.take().context("no standard input")?;
        if open {
            input.write_all(PASSWORD.as_bytes()).await?;
        }
        drop(input);
        self.daemon = Some(daemon);
        let collection = self.home.path().join(".local/share/keyrings/login.keyring");
        until("the keychain on the bus", PATIENCE, async || {
            let names = Command::new("dbus-send")
                .arg(format!("--bus={}", self.address))
                .args([
                    "--dest=org.freedesktop.DBus",
                    "--print-reply",
                    "/org/freedesktop/DBus",
                ])
                .arg("org.freedesktop.DBus.ListNames")
                .output()
                .await?;
            let there = String::from_utf8_lossy(&names.stdout).contains("org.freedesktop.secrets");
            // An open one has made its first collection by then.
            let made = !open || collection.exists();
            Ok((there && made).then_some(()))
        })
        .await
    }
}
