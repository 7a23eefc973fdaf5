//! What must not stand in a file, and how long one may be.

use super::Finding;
use crate::codegen::TYPESCRIPT;

/// Longer files hold two things, and a reader has to find out which line belongs to which.
const LONGEST: usize = 600;

/// Words that leave work undone or a test out: the word, the endings of the files it is looked for in, and what to do.
/// Written in two halves, so that this table is not a finding itself.
const UNDONE: &[(&str, &[&str], &str)] = &[
    (concat!("todo", "!("), &["rs"], "Finish it."),
    (concat!("unimplemented", "!("), &["rs"], "Finish it."),
    (concat!("#[ig", "nore"), &["rs"], "A test runs or goes."),
    (
        concat!(".on", "ly("),
        &["ts", "js", "mjs"],
        "This leaves all other tests out.",
    ),
    (
        concat!("test.s", "kip"),
        &["ts", "js", "mjs"],
        "A test runs or goes.",
    ),
    (
        concat!("it.s", "kip"),
        &["ts", "js", "mjs"],
        "A test runs or goes.",
    ),
    (
        concat!("describe.s", "kip"),
        &["ts", "js", "mjs"],
        "A test runs or goes.",
    ),
];

/// Folders of one machine, which mean nothing on another.
const MACHINES: &[&str] = &[concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/tm", "p/")];

/// The one address below such a folder that is the same everywhere: the sockets of X servers.
const EVERYWHERE: &str = concat!("/tm", "p/.X11-unix/");

const READ: &[&str] = &[
    "rs", "ts", "svelte", "js", "mjs", "css", "html", "sql", "toml", "json", "md", "yml", "yaml", "sh",
    "txt", "run",
];

/// Whether a file is one of those whose text is checked.
pub(super) fn is_read(file: &str) -> bool {
    READ.contains(&ending(file))
}

/// Checks one file.
pub(super) fn check(file: &str, content: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(too_long(file, content));
    for (index, line) in content.lines().enumerate() {
        findings.extend(sentence_about(file, line).map(|sentence| Finding::new(file, index + 1, sentence)));
    }
    findings
}

fn too_long(file: &str, content: &str) -> Option<Finding> {
    let lines = content.lines().count();
    let counts = matches!(ending(file), "rs" | "ts" | "svelte") && file != TYPESCRIPT;
    (counts && lines > LONGEST).then(|| {
        Finding::new(
            file,
            lines,
            format!("The file has {lines} lines, more than {LONGEST}. Split it by job."),
        )
    })
}

fn sentence_about(file: &str, line: &str) -> Option<String> {
    let ending = ending(file);
    for (word, endings, remedy) in UNDONE {
        if endings.contains(&ending) && line.contains(word) {
            return Some(format!("`{word}` must not stay. {remedy}"));
        }
    }
    // People are told about folders in the documents; a program never.
    if ending != "md" {
        for folder in MACHINES {
            if starts_a_path(&line.replace(EVERYWHERE, ""), folder) {
                return Some(format!(
                    "`{folder}` is a folder of one machine. Derive the path, or take it as an argument."
                ));
            }
        }
    }
    let window = matches!(ending, "ts" | "svelte") && file.starts_with("ui/src/");
    if window && line.contains("@tauri-apps") && !file.starts_with("ui/src/host/") {
        return Some("Only ui/src/host may import @tauri-apps: the same page runs in a browser.".to_owned());
    }
    None
}

/// Whether `folder` stands in the line as the beginning of a path, not as a later part of one.
fn starts_a_path(line: &str, folder: &str) -> bool {
    let is_inside =
        |before: &str| before.ends_with(|last: char| last.is_alphanumeric() || "_-.}".contains(last));
    line.match_indices(folder)
        .any(|(place, _)| line.get(..place).is_some_and(|before| !is_inside(before)))
}

fn ending(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(_, ending)| ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, content: &str) -> Vec<String> {
        check(file, content).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_of_more_than_600_lines_is_found_unless_it_is_generated() {
        assert_eq!(found("crates/store/src/lib.rs", &"\n".repeat(600)), [""; 0]);
        let long = "\n".repeat(601);
        assert_eq!(
            found("ui/src/views/Inbox.svelte", &long),
            ["ui/src/views/Inbox.svelte:601: The file has 601 lines, more than 600. Split it by job."]
        );
        assert_eq!(found(TYPESCRIPT, &long), [""; 0]);
        assert_eq!(found("migrations/0001_street.sql", &long), [""; 0]);
    }

    #[test]
    fn work_left_undone_and_tests_left_out_are_found_on_their_line() {
        for (word, endings, _) in UNDONE {
            for ending in *endings {
                let file = format!("crates/engine/src/ingest.{ending}");
                let found = found(&file, &format!("first line\n    {word}"));
                assert_eq!(found.len(), 1, "{word} in {file}: {found:?}");
                assert!(found[0].starts_with(&format!("{file}:2: ")), "{found:?}");
            }
        }
        assert_eq!(
            found("crates/engine/src/ingest.rs", "rows.iter().skip(1)"),
            [""; 0]
        );
    }

    #[test]
    fn a_path_of_one_machine_is_found_in_programs_and_allowed_in_documents() {
        for folder in MACHINES {
            let line = format!("let data = \"{folder}deskbell\";");
            assert_eq!(found("src-tauri/main.rs", &line).len(), 1, "{folder}");
            assert_eq!(found("README.md", &line), [""; 0]);
        }
        assert_eq!(
            found("tests/desktop/stage.rs", "// logs lie in target/tmp/NAME"),
            [""; 0]
        );
        let socket = format!("let socket = \"{EVERYWHERE}X7\";");
        assert_eq!(found("tests/desktop/screen.rs", &socket), [""; 0]);
    }

    #[test]
    fn the_desktop_shell_is_imported_in_one_folder_only() {
        let line = "import { invoke } from \"@tauri-apps/api/core\";";
        assert_eq!(found("ui/src/host/tauri.ts", line), [""; 0]);
        assert_eq!(found("ui/src/state/inbox.ts", line).len(), 1);
        assert_eq!(found("ui/src/views/Inbox.svelte", line).len(), 1);
        assert_eq!(
            found("ui/package.json", "\"@tauri-apps/api\": \"2.12.5\""),
            [""; 0]
        );
    }

    #[test]
    fn scripts_without_an_ending_are_read_and_pictures_are_not() {
        assert!(is_read(".ci/run") && is_read("xtask/src/main.rs"));
        assert!(!is_read("src-tauri/icons/icon.png") && !is_read("LICENSE-MIT"));
    }
}
