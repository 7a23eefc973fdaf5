//! Where the repository is, and how programs are run in it.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// The root folder of the repository.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
}

impl Repository {
    /// Finds it by where this crate lies. Cargo says so at run time; the folder may have been moved since compiling.
    pub(crate) fn find() -> Result<Self> {
        let here = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = here.parent().context("xtask lies in the root folder")?;
        Ok(Self::at(root))
    }

    /// A repository in a folder known already.
    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Returns the path of something in it.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// Returns a command that runs `program` in the root folder.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// Returns a command for the cargo that runs this program.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.current_dir(&self.root);
        command
    }

    /// Returns a command for npm in `ui/`.
    pub(crate) fn npm(&self, words: &[&str]) -> Command {
        let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.current_dir(self.path("ui")).args(words);
        command
    }

    /// Returns what cargo knows about the packages of the workspace, without their dependencies' own.
    pub(crate) fn metadata(&self) -> Result<Value> {
        let told =
            output(
                self.cargo()
                    .args(["metadata", "--format-version", "1", "--no-deps", "--offline"]),
            )?;
        serde_json::from_str(&told).context("cargo metadata answers in JSON")
    }

    /// Returns the files of the repository, committed or about to be, as paths below the root with `/` between.
    pub(crate) fn files(&self) -> Result<Vec<String>> {
        // Build machines often run as another user than the one the folder belongs to.
        let told = output(self.command("git").args([
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]))?;
        let mut files: Vec<String> = told.split_terminator('\0').map(str::to_owned).collect();
        files.retain(|file| self.path(file).is_file());
        files.sort();
        files.dedup();
        Ok(files)
    }
}

/// Runs a program whose output goes where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("`{}` could not be started", words(command)))?;
    if !status.success() {
        bail!(
            "`{}` failed ({status}). What it said above is the reason.",
            words(command)
        );
    }
    Ok(())
}

/// Runs a program and returns what it wrote to its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("`{}` could not be started", words(command)))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` failed ({}).\n{}",
            words(command),
            output.status,
            told.trim_end()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` did not answer in text", words(command)))
}

/// Returns the command as one would type it.
pub(crate) fn words(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_else(|| command.get_program());
    let words: Vec<_> = [program]
        .into_iter()
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect();
    words.join(" ")
}
