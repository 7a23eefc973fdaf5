//! `cargo xtask tidy`: what no compiler checks. Each finding is a sentence with a file and a line.

mod edges;
mod files;
mod text;

use std::{fmt, fs};

use anyhow::{Context as _, Result, bail};

use crate::{codegen, repository::Repository};

/// Something that should be different.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    file: String,
    line: usize,
    sentence: String,
}

impl Finding {
    fn new(file: &str, line: usize, sentence: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            sentence: sentence.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.sentence)
    }
}

/// Makes all checks and prints what they find.
pub(crate) fn tidy(repository: &Repository) -> Result<()> {
    let findings = findings(repository)?;
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("There is one finding."),
        many => bail!("There are {many} findings."),
    }
}

fn findings(repository: &Repository) -> Result<Vec<Finding>> {
    let files = repository.files()?;
    let read = |file: &str| fs::read_to_string(repository.path(file)).unwrap_or_default();
    let metadata = repository.metadata()?;
    let mut findings = edges::check(&metadata, read);
    findings.extend(files::unlisted_tests(&files, &metadata));
    findings.extend(files::changed_migrations(
        &codegen::listed_checksums(repository)?,
        &codegen::checksums(repository)?,
    ));
    for file in files.iter().filter(|file| text::is_read(file)) {
        let bytes = fs::read(repository.path(file)).with_context(|| file.clone())?;
        match String::from_utf8(bytes) {
            Ok(content) => findings.extend(text::check(file, &content)),
            Err(_) => findings.push(Finding::new(file, 1, "This is not UTF-8. Save it as UTF-8.")),
        }
    }
    findings.sort();
    Ok(findings)
}
