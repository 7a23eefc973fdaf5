//! The generated files: the window's types, and the checksums of the migrations.

use std::{collections::BTreeMap, fmt::Write as _, fs, io::ErrorKind};

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::repository::{Repository, output};

/// The window's types, written from `crates/api`.
pub(crate) const TYPESCRIPT: &str = "ui/src/api/generated.ts";
/// What each migration looked like when it was last declared finished.
pub(crate) const CHECKSUMS: &str = "migrations/checksums.txt";

/// Writes both files anew.
pub(crate) fn write(repository: &Repository) -> Result<()> {
    put(repository, CHECKSUMS, &checksum_lines(&checksums(repository)?))?;
    put(repository, TYPESCRIPT, &typescript(repository)?)
}

fn put(repository: &Repository, file: &str, text: &str) -> Result<()> {
    let path = repository.path(file);
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        println!("{file} is up to date");
        return Ok(());
    }
    fs::write(&path, text).with_context(|| format!("{file} could not be written"))?;
    println!("{file} was written");
    Ok(())
}

/// Compares the window's types with the commands they are written from.
///
/// `cargo test --workspace` compares them, too (tests/generated.rs); this is for those who run only `tidy`.
pub(crate) fn check_typescript(repository: &Repository) -> Result<()> {
    let committed = fs::read_to_string(repository.path(TYPESCRIPT)).unwrap_or_default();
    if committed != typescript(repository)? {
        bail!(
            "{TYPESCRIPT}:1: does not match crates/api. Run `cargo xtask codegen` and commit what it writes."
        );
    }
    Ok(())
}

/// The types come from an example of this crate, which alone needs `crates/api`: so `start` and `test` do not wait for
/// the whole engine before they can say their first word.
fn typescript(repository: &Repository) -> Result<String> {
    println!("compiling crates/api ...");
    output(repository.cargo().args([
        "run",
        "--quiet",
        "--locked",
        "--package",
        "xtask",
        "--example",
        "typescript",
    ]))
}

/// Returns the SHA-256 of each migration, in hex, by file name.
pub(crate) fn checksums(repository: &Repository) -> Result<BTreeMap<String, String>> {
    let folder = repository.path("migrations");
    let mut sums = BTreeMap::new();
    for entry in fs::read_dir(&folder).context("the folder migrations could not be read")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            sums.insert(name, hex::encode(Sha256::digest(fs::read(&path)?)));
        }
    }
    Ok(sums)
}

/// Returns what the list says; empty when there is no list yet.
pub(crate) fn listed_checksums(repository: &Repository) -> Result<BTreeMap<String, String>> {
    let text = match fs::read_to_string(repository.path(CHECKSUMS)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).context(CHECKSUMS),
    };
    Ok(text
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(sum, name)| (name.to_owned(), sum.to_owned()))
        .collect())
}

/// The form of `sha256sum`, so that `sha256sum --check` understands it.
fn checksum_lines(sums: &BTreeMap<String, String>) -> String {
    sums.iter().fold(String::new(), |mut text, (name, sum)| {
        // Writing into a string does not fail.
        writeln!(text, "{sum}  {name}").ok();
        text
    })
}
