//! Files that must be there, listed or unchanged.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Finding;
use crate::codegen::CHECKSUMS;

/// Finds test files that no manifest knows: they look like tests and never run.
pub(super) fn unlisted_tests(files: &[String], metadata: &Value) -> Vec<Finding> {
    let root = metadata
        .get("workspace_root")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let listed: BTreeSet<String> = packages
        .iter()
        .filter_map(|package| package.get("targets")?.as_array())
        .flatten()
        .filter_map(|target| target.get("src_path")?.as_str())
        .map(|path| {
            path.strip_prefix(root)
                .unwrap_or(path)
                .replace('\\', "/")
                .trim_start_matches('/')
                .to_owned()
        })
        .collect();
    files
        .iter()
        .filter(|file| is_test_file(file) && !listed.contains(*file))
        .map(|file| {
            Finding::new(
                file,
                1,
                "No manifest lists this test file, so it never runs. Add a [[test]] for it.",
            )
        })
        .collect()
}

/// A Rust file that lies in a folder `tests` of a package, not deeper and not below `src`.
fn is_test_file(file: &str) -> bool {
    match file.strip_suffix(".rs").and_then(|file| file.rsplit_once('/')) {
        Some(("tests", _)) => true,
        Some((folder, _)) => folder.ends_with("/tests") && !folder.contains("/src/"),
        None => false,
    }
}

/// Finds migrations that are not what they were when they were declared finished: databases out there have already
/// been through the old text.
pub(super) fn changed_migrations(
    listed: &BTreeMap<String, String>,
    now: &BTreeMap<String, String>,
) -> Vec<Finding> {
    let names: BTreeSet<&String> = listed.keys().chain(now.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let file = format!("migrations/{name}");
            match (listed.get(name), now.get(name)) {
                (Some(before), Some(after)) if before == after => None,
                (Some(_), Some(_)) => Some(Finding::new(
                    &file,
                    1,
                    "This migration was changed. Once released it must stay as it is: write a new one. Before its release, run `cargo xtask codegen`.",
                )),
                (Some(_), None) => Some(Finding::new(CHECKSUMS, 1, format!("The migration {name} is gone. Bring it back."))),
                (None, _) => Some(Finding::new(
                    &file,
                    1,
                    format!("This migration is not in {CHECKSUMS}. Run `cargo xtask codegen`."),
                )),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_test_file_without_an_entry_is_found() {
        let metadata = json!({
            "workspace_root": "/deskbell",
            "packages": [{ "targets": [{ "src_path": "/deskbell/tests/inbound.rs" }] }],
        });
        let files = [
            "tests/inbound.rs",
            "tests/forgotten.rs",
            "tests/support/lib.rs",
            "crates/vault/src/sealed/tests.rs",
        ];
        let files: Vec<String> = files.map(str::to_owned).into();
        let found = unlisted_tests(&files, &metadata);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].file, "tests/forgotten.rs");
    }

    #[test]
    fn a_folder_of_unit_tests_inside_a_crate_is_not_a_test_program() {
        assert!(is_test_file("crates/vault/tests/keychain.rs"));
        assert!(!is_test_file("crates/store/src/tests/writer.rs"));
        assert!(!is_test_file("tests/support/lib.rs"));
    }

    #[test]
    fn a_migration_that_was_changed_removed_or_not_declared_is_found() {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs
                .iter()
                .map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned()))
                .collect()
        };
        let listed = map(&[("0001_a.sql", "aa"), ("0002_b.sql", "bb"), ("0003_c.sql", "cc")]);
        let now = map(&[("0001_a.sql", "aa"), ("0002_b.sql", "b!"), ("0004_d.sql", "dd")]);
        let found: Vec<String> = changed_migrations(&listed, &now)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("migrations/0002_b.sql:1: This migration was changed."));
        assert!(found[1].contains("0003_c.sql is gone"));
        assert!(found[2].starts_with("migrations/0004_d.sql:1: This migration is not in"));
    }
}
