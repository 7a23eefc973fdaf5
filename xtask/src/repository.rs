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

    /// Returns a command for the cargo that runs this program, as if it were called from a shell.
    ///
    /// What `cargo run` tells this program about itself must not reach it: some build scripts take note of these
    /// variables, and would run anew whenever cargo is called once through xtask and once without.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(is_about_this_program) {
                command.env_remove(name);
            }
        }
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

/// Whether `cargo run` sets this variable for the program it runs.
fn is_about_this_program(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
        .iter()
        .any(|start| name.starts_with(start))
        || ["CARGO_PRIMARY_PACKAGE", "CARGO_TARGET_TMPDIR", "OUT_DIR"].contains(&name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inner_cargo_hears_nothing_of_the_outer_one_but_keeps_what_the_user_set() {
        // Cargo runs this test as it runs a program, so these are set.
        let removed = |name: &str| {
            let command = Repository::at(Path::new(".")).cargo();
            command
                .get_envs()
                .any(|(key, value)| key == name && value.is_none())
        };
        assert!(removed("CARGO_MANIFEST_DIR") && removed("CARGO_PKG_NAME"));
        for kept in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_NET_OFFLINE", "PATH"] {
            assert!(!is_about_this_program(kept), "{kept}");
        }
    }
}
