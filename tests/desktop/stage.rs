//! What one test stands on: a screen, a session bus with a keychain, and a home folder, all its own.
//! Needs the packages xvfb, dbus, gnome-keyring and webkit2gtk-driver.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use tempfile::TempDir;

use crate::screen::Screen;

/// How long anything may take before a test says that it did not happen.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// A screen, a bus and a home. Everything started on it ends with it.
pub struct Stage {
    folder: PathBuf,
    display: String,
    bus_address: String,
    // Dropped in this order: what uses the screen first, then bus and screen, then the folder of their sockets.
    others: Vec<Group>,
    runtime: TempDir,
}

impl Stage {
    /// Sets the stage of the test called `name`; its logs and home lie in `target/tmp/NAME`, emptied first.
    pub async fn set(name: &str) -> Result<Self> {
        Self::build(name, "--session").await
    }

    /// As `set`, with a bus that starts no program by itself: nobody asks for the password of a locked keychain.
    pub async fn set_apart(name: &str) -> Result<Self> {
        let config = tempfile::NamedTempFile::new()?;
        std::fs::write(
            config.path(),
            "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context='default'>\
             <allow send_destination='*'/><allow receive_sender='*'/><allow own='*'/></policy></busconfig>",
        )?;
        Self::build(name, &format!("--config-file={}", config.path().display())).await
    }

    async fn build(name: &str, bus: &str) -> Result<Self> {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(folder.join("home"))?;
        // Short, because paths of sockets are cut off at 107 characters.
        let runtime = tempfile::Builder::new().prefix("dkb").tempdir()?;
        let mut stage = Self {
            folder,
            display: String::new(),
            bus_address: String::new(),
            others: Vec::new(),
            runtime,
        };
        let screen = [
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x800x24",
            "-nolisten",
            "tcp",
        ];
        stage.display = format!(":{}", stage.start_and_hear("Xvfb", &screen)?);
        let bus = [bus, "--nofork", "--print-address=1"];
        stage.bus_address = stage.start_and_hear("dbus-daemon", &bus)?;
        stage.start_keychain("printf test | exec", "--unlock").await?;
        Ok(stage)
    }

    /// Starts a program of the stage and returns the first line it says, which is where it can be reached.
    fn start_and_hear(&mut self, program: &str, args: &[&str]) -> Result<String> {
        let mut command = self.command(program);
        command.args(args).stdout(Stdio::piped());
        let mut group = Group::start(&mut command, &self.log(program))?;
        let told = group.0.stdout.take().context("its output")?;
        self.others.insert(0, group);
        let mut line = String::new();
        BufReader::new(told).read_line(&mut line)?;
        ensure!(!line.is_empty(), "{program} ended at once");
        Ok(line.trim().to_owned())
    }

    /// Ends the keychain and starts it again, locked.
    pub async fn lock_keychain(&mut self) -> Result<()> {
        drop(self.others.remove(0));
        self.start_keychain("exec", "").await
    }

    async fn start_keychain(&mut self, before: &str, option: &str) -> Result<()> {
        let mut command = self.command("sh");
        let line = format!("{before} gnome-keyring-daemon --foreground --components=secrets {option}");
        command.args(["-c", &line]);
        self.others
            .insert(0, Group::start(&mut command, &self.log("keychain"))?);
        let bus = self.bus().await?;
        let bus = zbus::fdo::DBusProxy::new(&bus).await?;
        until("the keychain is there", async || {
            let there = bus.name_has_owner("org.freedesktop.secrets".try_into()?).await?;
            there.then_some(()).context("not yet")
        })
        .await
    }

    /// A command in the surroundings of this stage and nobody else's.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for name in [
            "XDG_DATA_HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "WAYLAND_DISPLAY",
            "RUST_LOG",
        ] {
            command.env_remove(name);
        }
        // Either makes WebKitGTK 2.50 hang when WebDriver asks for a screenshot.
        for name in [
            "WEBKIT_DISABLE_DMABUF_RENDERER",
            "WEBKIT_DISABLE_COMPOSITING_MODE",
        ] {
            command.env_remove(name);
        }
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("HOME", self.home())
            .env("XDG_RUNTIME_DIR", self.runtime.path())
            .env("TMPDIR", self.runtime.path())
            .env("XDG_CURRENT_DESKTOP", "none")
            .env("NO_AT_BRIDGE", "1")
            .env("DESKBELL_PRINT_PAINT", "1")
            .process_group(0);
        command
    }

    /// Deskbell, not yet started, as a user would start it.
    pub fn deskbell(&self, args: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_deskbell"));
        command.args(args);
        command
    }

    /// Starts Deskbell and waits for its first paint.
    pub async fn start(&self, args: &[&str]) -> Result<App> {
        let app = self.launch(args)?;
        app.logs("\"painted\"").await?;
        Ok(app)
    }

    /// Starts Deskbell and waits for nothing.
    pub fn launch(&self, args: &[&str]) -> Result<App> {
        self.launch_command(&mut self.deskbell(args))
    }

    /// As `launch`, with surroundings of the caller's choice.
    pub fn launch_command(&self, command: &mut Command) -> Result<App> {
        let number = std::fs::read_dir(&self.folder)?.count();
        let log = self.log(&format!("deskbell-{number}"));
        Ok(App {
            group: Group::start(command, &log)?,
            log,
        })
    }

    /// A connection to the bus of this stage.
    pub async fn bus(&self) -> Result<zbus::Connection> {
        let address = self.bus_address.as_str();
        Ok(zbus::connection::Builder::address(address)?.build().await?)
    }

    /// The screen as a window manager would see it.
    pub fn screen(&self) -> Result<Screen> {
        Screen::connect(&self.display)
    }

    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    pub fn log(&self, program: &str) -> PathBuf {
        self.folder.join(format!("{program}.log"))
    }
}

/// A running Deskbell.
pub struct App {
    group: Group,
    log: PathBuf,
}

impl App {
    /// Sends a signal such as `TERM`.
    pub fn signal(&self, name: &str) -> Result<()> {
        let sent = signal(name, &self.group().to_string());
        ensure!(sent?.success(), "no signal could be sent");
        Ok(())
    }

    /// The process group, which also is the id of its first process.
    pub fn group(&self) -> u32 {
        self.group.0.id()
    }

    /// Waits until it has ended by itself.
    pub async fn ends(&mut self) -> Result<ExitStatus> {
        let process = &mut self.group.0;
        let ended = until_mut("the app ends", async || {
            process.try_wait()?.context("still running")
        })
        .await;
        ended.with_context(|| self.said())
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> Result<bool> {
        Ok(self.group.0.try_wait()?.is_none())
    }

    /// Waits until its log contains `text`.
    pub async fn logs(&self, text: &str) -> Result<()> {
        until(&format!("the app logs {text:?}"), async || {
            self.said()
                .contains(text)
                .then_some(())
                .with_context(|| self.said())
        })
        .await
    }

    /// All it has logged.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

/// A process and all that it started, ended together.
pub struct Group(Child);

impl Group {
    /// Starts `command`, which must make a process group of its own. What it says on stderr goes to `log`, and so
    /// does stdout unless the command says otherwise.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let program = command.get_program().to_owned();
        let child = command.stdin(Stdio::null()).stderr(File::create(log)?).spawn();
        child.map(Self).with_context(|| {
            format!(
                "{} (apt-get install xvfb dbus gnome-keyring webkit2gtk-driver)",
                program.display()
            )
        })
    }
}

impl Group {
    /// The process of this group that runs the program at `path`.
    pub fn program(&self, path: &str) -> Result<u32> {
        for entry in std::fs::read_dir("/proc")?.flatten() {
            // One that has ended and was not fetched yet has no program any more.
            let runs = std::fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe == Path::new(path));
            let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            // After the name in brackets: state, parent, process group.
            let group = stat
                .rsplit_once(") ")
                .and_then(|(_, rest)| rest.split(' ').nth(2));
            if runs && group.is_some_and(|group| group == self.0.id().to_string()) {
                return Ok(entry.file_name().to_string_lossy().parse()?);
            }
        }
        Err(anyhow!("{path} does not run"))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        // It may be gone already.
        let _ = signal("TERM", &group);
        let end = Instant::now() + Duration::from_secs(3);
        while matches!(self.0.try_wait(), Ok(None)) && Instant::now() < end {
            pause();
        }
        let _ = signal("KILL", &group);
        let _ = self.0.wait();
    }
}

/// By the shell, because a bare Debian has no program called `kill`.
pub fn signal(name: &str, process: &str) -> std::io::Result<ExitStatus> {
    Command::new("sh")
        .args(["-c", "kill -s \"$0\" -- \"$1\"", name, process])
        .stderr(Stdio::null())
        .status()
}

#[expect(
    clippy::disallowed_methods,
    reason = "Drop cannot wait for the end of a process in any other way"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(10));
}

/// Tries again until it works. The error says what did not happen and the last reason.
pub async fn until<T>(what: &str, step: impl AsyncFn() -> Result<T>) -> Result<T> {
    until_mut(what, async || step().await).await
}

/// As `until`, for steps that change something.
pub async fn until_mut<T>(what: &str, mut step: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        match step().await {
            Ok(done) => return Ok(done),
            Err(error) if Instant::now() > end => {
                return Err(anyhow!("waited {PATIENCE:?} until {what}: {error:#}"));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(30)).await,
        }
    }
}
