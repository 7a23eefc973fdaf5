//! Generated files are committed; here they are compared with what they are generated from.

use std::{fs, path::Path};

#[test]
fn the_windows_types_are_those_of_the_command_table() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/api/generated.ts");
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == api::typescript(),
        "ui/src/api/generated.ts does not match crates/api. Run `cargo xtask codegen` and commit what it writes."
    );
}
