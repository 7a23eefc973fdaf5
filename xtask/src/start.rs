//! `cargo xtask start`: the demo shop, from a fresh clone.

use std::{env, process::Command};

use anyhow::Result;

use crate::{
    packages::{self, Wanted},
    repository::{Repository, run},
    steps::Steps,
};

/// Installs what is missing, builds, and opens the demo shop: in its window, or without a display (or when asked) as a
/// server for a browser.
pub(crate) fn start(repository: &Repository, headless: bool) -> Result<()> {
    let display = display_is_there(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    let (wanted, package, bin) = if headless || !display {
        (Wanted::Headless, "headless", "deskbelld")
    } else {
        (Wanted::Build, "deskbell", "deskbell")
    };
    if !headless && !display {
        println!("There is no display here, so the demo shop comes up for a browser.");
    }
    let mut steps = Steps::start();
    steps.step("tools", || packages::check_tools(repository, wanted))?;
    steps.step("system packages", || packages::install(wanted))?;
    steps.step("the window's packages", || packages::npm_ci(repository))?;
    let program = ["--locked", "--package", package, "--bin", bin];
    steps.step("build", || run(repository.cargo().arg("build").args(program)))?;
    steps.announce("start");
    let mut demo = repository.cargo();
    demo.args(["run", "--quiet"]).args(program);
    if wanted == Wanted::Headless {
        println!("Open the address it prints as \"ui_url\" in a browser. Ctrl+C ends the demo.");
        demo.args(["--", "demo"]);
    } else {
        demo.args(["--", "--demo"]);
    }
    become_it(&mut demo)
}

/// On macOS and Windows there is always one; elsewhere X or Wayland says so.
fn display_is_there(is_set: impl Fn(&str) -> bool) -> bool {
    cfg!(any(target_os = "macos", windows)) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Turns this process into the program, so that whoever ends this command ends the program, in good order.
#[cfg(unix)]
fn become_it(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_it(command: &mut Command) -> Result<()> {
    run(command)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn x_or_wayland_is_a_display_and_a_bare_server_has_none() {
        assert!(display_is_there(|name| name == "DISPLAY"));
        assert!(display_is_there(|name| name == "WAYLAND_DISPLAY"));
        assert!(!display_is_there(|_| false));
    }
}
