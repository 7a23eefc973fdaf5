//! Builds the window's files in `ui/dist` when they are older than what they are made from.
//!
//! Every program that shows the window depends on this crate, so a plain `cargo run` needs no other command.
#![expect(clippy::print_stderr, reason = "that is how a build script speaks to people")]

use std::{
    env,
    ffi::OsStr,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::SystemTime,
};

/// What the built files are made from, below `ui/`. Not all of it need exist.
const INPUTS: [&str; 9] = [
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    ".npmrc",
    "vite.config.ts",
    "svelte.config.js",
    "tsconfig.json",
];

/// How much of npm's output is shown when it fails; the cause stands at its beginning.
const LINES_SHOWN: usize = 25;

fn main() -> ExitCode {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    match bring_up_to_date(&here.join("../../ui")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn bring_up_to_date(ui: &Path) -> Result<(), String> {
    let built = ui.join("dist/index.html");
    // Cargo runs this again when one of these is newer than the last run, or gone.
    println!("cargo::rerun-if-changed={}", built.display());
    for input in INPUTS
        .iter()
        .map(|name| ui.join(name))
        .filter(|input| input.exists())
    {
        println!("cargo::rerun-if-changed={}", input.display());
    }
    if !ui.join("package.json").exists() {
        return Err(format!(
            "The window's sources are not there: {} has no package.json.",
            ui.display()
        ));
    }
    // The programs of a build may need this crate in two kinds at once; only one may run npm.
    let _turn = lock(&ui.join(".build-lock"))?;
    let newest_input = INPUTS.iter().filter_map(|name| newest(&ui.join(name))).max();
    if newest(&built).is_some_and(|built| Some(built) >= newest_input) {
        return Ok(());
    }
    check_node()?;
    if newest(&ui.join("node_modules/.package-lock.json")) < newest(&ui.join("package-lock.json")) {
        npm(ui, &["ci", "--include=dev", "--no-audit", "--no-fund"])?;
    }
    npm(ui, &["run", "build"])?;
    stamp(&built, newest_input).map_err(|error| format!("{} was not built: {error}", built.display()))
}

/// Gives the built page the time of the newest input it was made from. An input changed while npm was running is
/// then newer, and cargo does not take a page written during this run for one that changed after it.
fn stamp(built: &Path, newest_input: Option<SystemTime>) -> io::Result<()> {
    let page = File::options().write(true).open(built)?;
    newest_input.map_or(Ok(()), |time| page.set_modified(time))
}

fn lock(path: &Path) -> Result<File, String> {
    let file =
        File::create(path).map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    file.lock()
        .map_err(|error| format!("{} cannot be locked: {error}", path.display()))?;
    Ok(file)
}

/// When the newest file at or below `path` changed; `None` when there is none.
fn newest(path: &Path) -> Option<SystemTime> {
    let data = fs::metadata(path).ok()?;
    if data.is_dir() {
        fs::read_dir(path)
            .ok()?
            .flatten()
            .filter_map(|entry| newest(&entry.path()))
            .max()
    } else {
        data.modified().ok()
    }
}

fn check_node() -> Result<(), String> {
    const NEEDED: &str = "The window needs Node 20.19 or newer";
    let output = Command::new("node").arg("--version").output();
    let Ok(output) = output else {
        return Err(format!(
            "{NEEDED}; there is none on the PATH. See https://nodejs.org."
        ));
    };
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(|number| number.parse().unwrap_or(0_u32));
    if (numbers.next(), numbers.next()) < (Some(20), Some(19)) {
        return Err(format!(
            "{NEEDED}; this one is {version}. See https://nodejs.org."
        ));
    }
    Ok(())
}

fn npm(ui: &Path, arguments: &[&str]) -> Result<(), String> {
    let program = OsStr::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    let output = Command::new(program)
        .args(arguments)
        .current_dir(ui)
        .output()
        .map_err(|error| format!("The window needs npm, which comes with Node 20.19 or newer: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let told = [output.stderr, output.stdout].concat();
    let told = String::from_utf8_lossy(&told);
    let shown: Vec<&str> = told.lines().take(LINES_SHOWN).collect();
    Err(format!(
        "`npm {}` failed in {}:\n{}",
        arguments.join(" "),
        ui.display(),
        shown.join("\n")
    ))
}
