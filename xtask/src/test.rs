//! `cargo xtask test`: every test of the project, from a fresh clone.

use anyhow::Result;

use crate::{
    demo::Demo,
    packages::{self, Wanted},
    repository::{Repository, run},
    steps::Steps,
    tidy,
};

/// Installs what is missing and runs everything, up to the first failure. The last line counts the steps.
pub(crate) fn test(repository: &Repository) -> Result<()> {
    let mut steps = Steps::start();
    let outcome = all(repository, &mut steps);
    println!("\n{}", steps.summary());
    outcome
}

fn all(repository: &Repository, steps: &mut Steps) -> Result<()> {
    let cargo = |words: &[&str]| run(repository.cargo().args(words));
    let npm = |words: &[&str]| run(&mut repository.npm(words));
    steps.step("tools", || packages::check_tools(repository, Wanted::Test))?;
    steps.step("system packages", || packages::install(Wanted::Test))?;
    steps.step("the window's packages", || packages::npm_ci(repository))?;
    steps.step("Rust crates", || cargo(&["fetch", "--locked"]))?;
    steps.step("format", || cargo(&["fmt", "--all", "--check"]))?;
    steps.step("tidy", || tidy::tidy(repository))?;
    steps.step("the window's types", || npm(&["run", "check"]))?;
    steps.step("the window's tests", || npm(&["test"]))?;
    steps.step("Rust lints", || {
        cargo(&[
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
    })?;
    steps.step("Rust tests", || cargo(&["test", "--locked", "--workspace"]))?;
    // With `--tests`, cargo takes the crates as the step before compiled them.
    steps.step("the demo shop", || {
        cargo(&["build", "--locked", "--workspace", "--bins", "--tests"])
    })?;
    steps.step("the demo shop in a browser", || in_a_browser(repository))
}

/// `cargo xtask browser`: the last step alone, for work on the window.
pub(crate) fn browser(repository: &Repository) -> Result<()> {
    packages::install(Wanted::Test)?;
    packages::npm_ci(repository)?;
    run(repository
        .cargo()
        .args(["build", "--locked", "--package", "headless", "--bin", "deskbelld"]))?;
    in_a_browser(repository)
}

/// Drives the demo shop as a user would, in headless Chromium, with an accessibility scan.
fn in_a_browser(repository: &Repository) -> Result<()> {
    let demo = Demo::start(repository)?;
    let shots = repository.path("target/shots");
    let shots = shots.to_string_lossy();
    let mut drive = repository.npm(&["run", "e2e", "--", "--url", demo.ui_url(), "--shots", &shots]);
    if let Some(browser) = packages::browser() {
        drive.env("CHROMIUM", browser);
    }
    let driven = run(&mut drive);
    let stopped = demo.stop();
    driven.and(stopped)
}
