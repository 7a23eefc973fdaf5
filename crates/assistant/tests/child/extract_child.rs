//! The process that reads one file. `--misbehave` plays one that a file has taken over.
#![expect(clippy::print_stdout, reason = "a process speaks by printing")]

use assistant::knowledge::child_main;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--extract", kind] => child_main(kind),
        ["--misbehave", "crash", ..] => std::process::abort(),
        ["--misbehave", "hang", ..] => loop {
            std::thread::park();
        },
        ["--misbehave", "chatter", ..] => loop {
            println!("{}", "a".repeat(1 << 16));
        },
        ["--misbehave", "rubbish", ..] => {
            println!("deskbell-extracted {{\"read\":[[[");
            ExitCode::SUCCESS
        }
        ["--misbehave", "secrets", ..] => {
            let names: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
            println!(
                "deskbell-extracted {{\"read\":{{\"kind\":\"text\",\"extracted\":{{\"title\":null,\"blocks\":[{{\"kind\":\
                 \"paragraph\",\"text\":\"{}\"}}]}}}}}}",
                names.join(" ")
            );
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}
