//! The commands of this repository: `cargo xtask start`, `cargo xtask test` and the smaller ones behind them.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program speaks by printing"
)]

mod codegen;
mod demo;
mod packages;
mod repository;
mod start;
mod steps;
mod test;
mod tidy;

use std::{env, process::ExitCode};

use anyhow::Result;

use crate::repository::{Repository, run};

const USAGE: &str = "\
Usage: cargo xtask <command>

  start [--headless]   install what is missing, build, and open the demo shop
  test                 install what is missing, then run every test of the project
  browser              drive the demo shop in a browser, the last step of test
  tidy                 check what no compiler checks: walls between crates, sizes, generated files
  codegen              write the generated files anew
  bench [...]          measure the street and the window (release build)
  eval skills|knowledge ...   measure the assistant on a file of examples (release build)
  package              build the .deb
";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some(outcome) = Repository::find()
        .map(|repository| dispatch(&repository, &words))
        .transpose()
    else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    match outcome.flatten() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Carries out one command; `None` when there is no such command.
fn dispatch(repository: &Repository, words: &[&str]) -> Option<Result<()>> {
    Some(match words {
        ["start"] => start::start(repository, false),
        ["start", "--headless"] => start::start(repository, true),
        ["test"] => test::test(repository),
        ["browser"] => test::browser(repository),
        ["tidy"] => tidy::tidy(repository).and_then(|()| codegen::check_typescript(repository)),
        ["codegen"] => codegen::write(repository),
        ["bench", further @ ..] => run(repository
            .cargo()
            .args([
                "bench",
                "--locked",
                "-p",
                "acceptance",
                "-p",
                "deskbell",
                "--bench",
                "street",
                "--bench",
                "window",
            ])
            .args(further)),
        ["eval", "skills" | "knowledge", ..] => eval(repository, words.get(1..).unwrap_or_default()),
        ["package"] => package(repository),
        _ => return None,
    })
}

/// Runs where it was called, so that the files it is given are found.
fn eval(repository: &Repository, words: &[&str]) -> Result<()> {
    let mut cargo = repository.cargo();
    cargo.current_dir(env::current_dir()?);
    cargo
        .arg("run")
        .arg("--manifest-path")
        .arg(repository.path("Cargo.toml"));
    cargo.args([
        "--release",
        "--quiet",
        "--locked",
        "-p",
        "assistant",
        "--example",
        "eval",
        "--",
    ]);
    run(cargo.args(words))
}

fn package(repository: &Repository) -> Result<()> {
    packages::install(packages::Wanted::Build)?;
    packages::npm_ci(repository)?;
    run(&mut repository.npm(&["run", "tauri", "--", "build", "--bundles", "deb"]))
}
