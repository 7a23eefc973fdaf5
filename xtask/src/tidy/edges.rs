//! Which crate may use which. The compiler stops circles, not short cuts.

use std::path::Path;

use serde_json::Value;

use super::Finding;

/// The crates of the workspace, and which of the others each may use. What is used in tests only is free, because
/// it cannot reach the product; `acceptance` and `xtask` are not part of the product.
const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("media", &["domain"]),
    ("vault", &[]),
    ("assistant", &["domain", "vault"]),
    ("webui", &[]),
    ("store", &["domain"]),
    ("channels", &["domain", "vault"]),
    ("gateway", &["channels", "domain", "store", "vault"]),
    ("simulator", &["channels", "domain"]),
    (
        "engine",
        &[
            "assistant",
            "channels",
            "domain",
            "gateway",
            "media",
            "store",
            "vault",
        ],
    ),
    (
        "api",
        &["assistant", "domain", "engine", "simulator", "store", "vault"],
    ),
    (
        "headless",
        &["api", "domain", "engine", "store", "vault", "webui"],
    ),
    ("deskbell", &["api", "domain", "engine", "vault", "webui"]),
    (
        "acceptance",
        &[
            "api",
            "channels",
            "domain",
            "engine",
            "gateway",
            "headless",
            "simulator",
            "store",
            "vault",
            "webui",
        ],
    ),
    ("xtask", &[]),
];

/// Libraries that stay behind one wall: the beginning of their names, who may use them, and why.
const WALLS: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["store"], "only the store speaks SQL"),
    ("keyring", &["vault"], "only the vault opens the keychain"),
    (
        "zbus-secret-service",
        &["vault"],
        "only the vault opens the keychain",
    ),
    (
        "tauri",
        &["deskbell"],
        "only the window's program needs a web view; everything else is tested without one",
    ),
    ("ngrok", &["gateway"], "only the gateway lets the world in"),
    (
        "axum",
        &["gateway", "headless", "simulator"],
        "only these answer HTTP",
    ),
];

/// Compares what `cargo metadata` says with the two tables. `read` returns the text of a file.
pub(super) fn check(metadata: &Value, read: impl Fn(&str) -> String) -> Vec<Finding> {
    let root = metadata
        .get("workspace_root")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut findings = Vec::new();
    for package in array(metadata, "packages") {
        let name = string(package, "name");
        let manifest = below(root, string(package, "manifest_path"));
        let Some((_, allowed)) = EDGES.iter().find(|(known, _)| *known == name) else {
            let sentence = format!(
                "The crate {name} is not in the table of xtask/src/tidy/edges.rs. Add it with what it may use."
            );
            findings.push(Finding::new(&manifest, 1, sentence));
            continue;
        };
        for dependency in array(package, "dependencies") {
            let used = string(dependency, "name");
            if string(dependency, "kind") == "dev" {
                continue;
            }
            let ours = dependency.get("path").is_some_and(|path| !path.is_null());
            let sentence = if ours && !allowed.contains(&used) {
                format!(
                    "{name} must not use {used} (docs/ARCHITECTURE.md). Ask a crate below for what is needed, or move it there."
                )
            } else if let Some(why) = wall_against(name, used) {
                format!("{name} must not use {used}: {why}.")
            } else {
                continue;
            };
            findings.push(Finding::new(&manifest, line_of(&read(&manifest), used), sentence));
        }
    }
    findings
}

/// Why `name` may not use the library `used`, or `None` when it may.
fn wall_against(name: &str, used: &str) -> Option<&'static str> {
    let (_, inside, why) = WALLS.iter().find(|(behind, ..)| used.starts_with(behind))?;
    let outside_the_product = matches!(name, "acceptance" | "xtask") && !used.starts_with("tauri");
    (!inside.contains(&name) && !outside_the_product).then_some(*why)
}

/// The line of a manifest on which a dependency stands.
fn line_of(manifest: &str, dependency: &str) -> usize {
    let names = |line: &str| line.split(['.', '=', ' ']).next() == Some(dependency);
    manifest.lines().position(names).map_or(1, |before| before + 1)
}

/// A path below the root folder, with `/` between.
fn below(root: &str, path: &str) -> String {
    Path::new(path)
        .strip_prefix(root)
        .unwrap_or(Path::new(path))
        .to_string_lossy()
        .replace('\\', "/")
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn string<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(name: &str, dependencies: &Value) -> Vec<String> {
        let metadata = json!({
            "workspace_root": "/deskbell",
            "packages": [{
                "name": name,
                "manifest_path": format!("/deskbell/crates/{name}/Cargo.toml"),
                "dependencies": dependencies,
            }],
        });
        let manifest = "[package]\n\n[dependencies]\nengine.workspace = true\nrusqlite = \"0.40\"\n";
        check(&metadata, |_| manifest.to_owned())
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_short_cut_upwards_is_found_on_its_line() {
        let found = found(
            "store",
            &json!([
                { "name": "domain", "kind": null, "path": "/deskbell/crates/domain" },
                { "name": "engine", "kind": null, "path": "/deskbell/crates/engine" },
                { "name": "rusqlite", "kind": null },
            ]),
        );
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("crates/store/Cargo.toml:4: store must not use engine"),
            "{found:?}"
        );
    }

    #[test]
    fn a_library_behind_a_wall_is_found_wherever_it_is_not_at_home() {
        let found = found(
            "engine",
            &json!([{ "name": "rusqlite", "kind": null }, { "name": "axum", "kind": "build" }]),
        );
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(
            found[0],
            "crates/engine/Cargo.toml:5: engine must not use rusqlite: only the store speaks SQL."
        );
    }

    #[test]
    fn what_only_tests_use_is_free_and_the_window_stays_out_of_the_acceptance_tests() {
        assert_eq!(
            found("engine", &json!([{ "name": "axum", "kind": "dev" }])),
            [""; 0]
        );
        assert_eq!(
            found("acceptance", &json!([{ "name": "rusqlite", "kind": null }])),
            [""; 0]
        );
        assert_eq!(
            found("acceptance", &json!([{ "name": "tauri", "kind": null }])).len(),
            1
        );
    }

    #[test]
    fn a_crate_nobody_gave_a_place_is_found() {
        assert!(found("helpers", &json!([]))[0].contains("is not in the table"));
    }

    #[test]
    fn the_table_itself_goes_one_way() {
        for (index, (name, allowed)) in EDGES.iter().enumerate() {
            for used in *allowed {
                let place = EDGES
                    .iter()
                    .position(|(other, _)| other == used)
                    .expect("a crate of the table");
                assert!(place < index, "{name} stands above {used}");
            }
        }
    }
}
