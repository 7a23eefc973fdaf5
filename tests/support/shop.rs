//! A `deskbelld` on a data directory of its own.

use crate::cast::VERIFY_TOKEN;
use crate::records::Records;
use crate::wait::{PATIENCE, until};
use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use simulator::{Number, webhook};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// The passphrase of every shop that does not set its own.
const PASSPHRASE: &str = "a passphrase of the tests";

/// A command that has ended.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The exit code; `None` after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A running `serve`.
#[derive(Debug)]
struct Running {
    child: Child,
    webhook_url: String,
    api_url: String,
    api_token: String,
    /// Kept open, or the next line would end the process.
    _out: tokio::io::Lines<BufReader<ChildStdout>>,
}

/// A data directory, and the `serve` on it while one runs. Everything ends when it is dropped.
#[derive(Debug)]
pub struct Shop {
    program: PathBuf,
    home: TempDir,
    environment: Vec<(String, String)>,
    vault: Option<String>,
    serve_args: Vec<String>,
    running: Option<Running>,
    client: reqwest::Client,
}

impl Shop {
    /// A shop that has nothing yet; `program` is the `deskbelld` to use.
    ///
    /// # Errors
    /// When no directory or HTTP client can be made.
    pub fn new(program: &str) -> anyhow::Result<Self> {
        // Another part of the process may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            program: PathBuf::from(program),
            home: TempDir::with_prefix("deskbell-test-")?,
            environment: vec![("DESKBELL_VAULT_PASSPHRASE".to_owned(), PASSPHRASE.to_owned())],
            vault: Some("file".to_owned()),
            serve_args: Vec::new(),
            running: None,
            client: reqwest::Client::builder()
                .no_proxy()
                .timeout(Duration::from_secs(30))
                .build()?,
        })
    }

    /// Sets an environment variable of everything started from now on.
    pub fn set_env(&mut self, name: &str, value: &str) {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Takes an environment variable away again.
    pub fn unset_env(&mut self, name: &str) {
        self.environment.retain(|(known, _)| known != name);
    }

    /// Sets what `serve` is told with `--vault`; `None` leaves it out. At first: `file`.
    pub fn set_vault(&mut self, vault: Option<&str>) {
        self.vault = vault.map(str::to_owned);
    }

    /// Sets what `serve` is told besides data directory and vault.
    pub fn set_serve_args(&mut self, args: &[&str]) {
        self.serve_args = args.iter().map(|&arg| arg.to_owned()).collect();
    }

    /// A folder of this shop that `deskbelld` does not know about.
    pub fn folder(&self) -> &Path {
        self.home.path()
    }

    /// Where the data lies.
    pub fn data_dir(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Where everything `serve` ever wrote to standard error lies.
    pub fn log_file(&self) -> PathBuf {
        self.home.path().join("serve.log")
    }

    /// The program under test.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The HTTP client of this shop's tests.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        self.dress(&mut command);
        command
    }

    fn dress(&self, command: &mut Command) {
        command
            .env("NO_PROXY", "127.0.0.1,localhost")
            .env_remove("RUST_LOG")
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
    }

    /// Runs a command to its end. `--data-dir` of this shop is put in place of the word `DATA`.
    ///
    /// # Errors
    /// When it cannot be started or does not end in time.
    pub async fn run(&self, args: &[&str]) -> anyhow::Result<Finished> {
        self.run_with_input(args, "").await
    }

    /// Runs a command to its end and gives it `input` to read.
    ///
    /// # Errors
    /// When it cannot be started or does not end in time.
    pub async fn run_with_input(&self, args: &[&str], input: &str) -> anyhow::Result<Finished> {
        let data_dir = self.data_dir();
        let mut command = self.command();
        for arg in args {
            if *arg == "DATA" {
                command.arg("--data-dir").arg(&data_dir);
            } else {
                command.arg(arg);
            }
        }
        let mut child = command.stdin(Stdio::piped()).spawn()?;
        let mut stdin = child.stdin.take().context("no standard input")?;
        // A command that does not read its input closes it early.
        drop(stdin.write_all(input.as_bytes()).await);
        drop(stdin);
        let output = tokio::time::timeout(Duration::from_mins(1), child.wait_with_output())
            .await
            .with_context(|| format!("{args:?} did not end"))??;
        Ok(Finished {
            code: output.status.code(),
            out: String::from_utf8(output.stdout)?,
            err: String::from_utf8(output.stderr)?,
        })
    }

    /// Runs a command that has to succeed and returns its standard output.
    ///
    /// # Errors
    /// When it does not succeed.
    pub async fn succeed(&self, args: &[&str]) -> anyhow::Result<String> {
        let finished = self.run(args).await?;
        ensure!(finished.code == Some(0), "{args:?}: {finished:?}");
        Ok(finished.out)
    }

    /// The configuration of a number for `channel add`.
    pub fn config(number: &Number, graph_url: &str) -> Value {
        json!({
            "kind": "whatsapp_cloud",
            "name": format!("Shop {}", number.display_phone_number),
            "phone_number_id": number.phone_number_id,
            "waba_id": number.waba_id,
            "display_phone_number": number.display_phone_number,
            "mode": "off",
            "graph_url": graph_url,
            "secrets": {
                "access_token": number.access_token,
                "app_secret": number.app_secret,
                "verify_token": VERIFY_TOKEN,
            },
        })
    }

    /// Adds a channel; returns its id and its webhook path.
    ///
    /// # Errors
    /// When that is refused.
    pub async fn add_channel(&self, config: &Value) -> anyhow::Result<(String, String)> {
        let args = ["channel", "add", "DATA", "--vault", "file", "--config", "-"];
        let finished = self.run_with_input(&args, &config.to_string()).await?;
        ensure!(finished.code == Some(0), "channel add: {finished:?}");
        let line: Value = serde_json::from_str(&finished.out)?;
        let text = |name: &str| line[name].as_str().map(str::to_owned).context("no such field");
        Ok((text("channel_id")?, text("webhook_path")?))
    }

    /// Starts `serve` and waits until everything accepts.
    ///
    /// # Errors
    /// When it does not become ready.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        let command = self.command();
        self.start_as(command).await
    }

    /// Starts `serve` through a shell that runs `first` before it becomes `serve`.
    ///
    /// # Errors
    /// When it does not become ready.
    pub async fn start_after(&mut self, first: &str) -> anyhow::Result<()> {
        let mut command = Command::new("/bin/sh");
        self.dress(&mut command);
        command
            .arg("-c")
            .arg(format!("{first}\nexec \"$0\" \"$@\""))
            .arg(&self.program);
        self.start_as(command).await
    }

    async fn start_as(&mut self, mut command: Command) -> anyhow::Result<()> {
        ensure!(self.running.is_none(), "it runs already");
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log_file())?;
        command.arg("serve");
        if let Some(vault) = &self.vault {
            command.args(["--vault", vault]);
        }
        let mut child = command
            .args(&self.serve_args)
            .arg("--data-dir")
            .arg(self.data_dir())
            .stderr(log)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line())
            .await
            .context("serve did not become ready")??;
        let Some(line) = line else {
            let log = std::fs::read_to_string(self.log_file())?;
            bail!("serve ended: {:?}\n{log}", child.wait().await);
        };
        let ready: Value = serde_json::from_str(&line)?;
        ensure!(ready["event"] == "ready", "not the ready line: {line}");
        let text = |name: &str| ready[name].as_str().map(str::to_owned).context("no such field");
        self.running = Some(Running {
            webhook_url: text("webhook_url")?,
            api_url: text("api_url")?,
            api_token: text("api_token")?,
            child,
            _out: lines,
        });
        Ok(())
    }

    fn running(&self) -> anyhow::Result<&Running> {
        self.running.as_ref().context("serve is not running")
    }

    /// The address of a webhook path.
    ///
    /// # Errors
    /// When nothing runs.
    pub fn hook(&self, path: &str) -> anyhow::Result<String> {
        Ok(format!("{}{path}", self.running()?.webhook_url))
    }

    /// Where commands are answered.
    ///
    /// # Errors
    /// When nothing runs.
    pub fn api_url(&self) -> anyhow::Result<&str> {
        Ok(&self.running()?.api_url)
    }

    /// What opens the commands.
    ///
    /// # Errors
    /// When nothing runs.
    pub fn api_token(&self) -> anyhow::Result<&str> {
        Ok(&self.running()?.api_token)
    }

    /// The process.
    ///
    /// # Errors
    /// When nothing runs.
    pub fn pid(&self) -> anyhow::Result<u32> {
        self.running()?.child.id().context("it has ended")
    }

    /// Ends `serve` with SIGKILL.
    ///
    /// # Errors
    /// When nothing runs.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        let mut running = self.running.take().context("serve is not running")?;
        running.child.kill().await?;
        Ok(())
    }

    /// Waits until `serve` ends by itself and says how.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ended(&mut self) -> anyhow::Result<ExitStatus> {
        let mut running = self.running.take().context("serve is not running")?;
        let ended = tokio::time::timeout(PATIENCE, running.child.wait()).await;
        Ok(ended.context("serve does not end")??)
    }

    /// Asks `serve` to end with SIGTERM; it has to end in order.
    ///
    /// # Errors
    /// When it does not.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        let kill = format!("kill -TERM {}", self.pid()?);
        let status = Command::new("/bin/sh").args(["-c", &kill]).status().await?;
        ensure!(status.success(), "the signal could not be sent");
        let ended = self.ended().await?;
        ensure!(ended.code() == Some(0), "serve ended with {ended:?}");
        Ok(())
    }

    /// Posts a body with the right signature of `secret`; returns the HTTP status.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post(&self, path: &str, secret: &str, body: &[u8]) -> anyhow::Result<u16> {
        let signature = webhook::sign(secret, body);
        self.post_with(path, &[("x-hub-signature-256", &signature)], body)
            .await
    }

    /// Posts a body with exactly these headers; returns the HTTP status.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> anyhow::Result<u16> {
        let mut request = self.client.post(self.hook(path)?).body(body.to_vec());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Ok(request.send().await?.status().as_u16())
    }

    /// Calls a command; returns the HTTP status and the answer.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn call(&self, command: &str, args: Value) -> anyhow::Result<(u16, Value)> {
        let answer = self
            .client
            .post(format!("{}/rpc", self.api_url()?))
            .bearer_auth(self.api_token()?)
            .body(json!({"command": command, "args": args}).to_string())
            .send()
            .await?;
        let status = answer.status().as_u16();
        Ok((status, serde_json::from_str(&answer.text().await?)?))
    }

    /// Calls a command that has to work.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn rpc(&self, command: &str, args: Value) -> anyhow::Result<Value> {
        let (status, mut answer) = self.call(command, args).await?;
        ensure!(status == 200, "{command}: HTTP {status}: {answer}");
        Ok(answer["ok"].take())
    }

    /// Calls a command that has to be refused; returns the error.
    ///
    /// # Errors
    /// When it is not refused.
    pub async fn refused(&self, command: &str, args: Value) -> anyhow::Result<Value> {
        let (status, mut answer) = self.call(command, args).await?;
        ensure!(status >= 400, "{command} was not refused: {answer}");
        Ok(answer["error"].take())
    }

    /// Waits until every webhook that was acknowledged has been worked through.
    ///
    /// # Errors
    /// When that takes too long.
    pub async fn settled(&self) -> anyhow::Result<()> {
        until("webhooks worked through", Duration::from_mins(1), async || {
            let health = self.rpc("health", json!({})).await?;
            Ok((health["pending_webhooks"] == 0).then_some(()))
        })
        .await
    }

    /// Exports everything, beside `serve` or without it.
    ///
    /// # Errors
    /// When it does not succeed.
    pub async fn export(&self) -> anyhow::Result<Records> {
        Records::read(&self.succeed(&["export", "DATA"]).await?)
    }

    /// What `journal` prints.
    ///
    /// # Errors
    /// When it does not succeed.
    pub async fn journal(&self) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.succeed(&["journal", "DATA"]).await?)?)
    }
}
