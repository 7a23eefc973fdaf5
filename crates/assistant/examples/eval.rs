//! Measures what the assistant decides, on files that are given to it: `cargo xtask eval skills`, `eval knowledge`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program speaks by printing"
)]

// The directory is named after the program, and not found by itself for an example that is one file.
#[path = "eval/knowledge.rs"]
mod knowledge;
#[path = "eval/skills.rs"]
mod skills;

use std::env;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask eval skills --train FILE --test FILE [--oos FILE] [--format csv|json]
                                [--typos SHARE] [--no-background] [--more]
       cargo xtask eval knowledge --data FILE [--passages NUMBER] [--skills FILE] [--more]
";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let outcome = match words.split_first() {
        Some((what, further)) if what == "skills" => skills::run(further),
        Some((what, further)) if what == "knowledge" => knowledge::run(further),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}
