//! Writes the list of hostile strings as JSON: `cargo run -p channels --example hostile_strings >
//! ui/src/test/hostile-strings.json`.

#[path = "../tests/support/hostile_strings.rs"]
mod hostile_strings;

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(hostile_strings::as_file().as_bytes())
}
