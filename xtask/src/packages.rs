//! What a fresh machine lacks: system packages through apt, and the window's packages through npm.

use std::{
    env, fs,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, Result, bail};

use crate::repository::{Repository, output, run};

/// A C compiler for `SQLite` and ring.
const COMPILE: &[&str] = &["build-essential"];
/// The window: the web view, and the tray icon, which is found through pkg-config too.
const WINDOW: &[&str] = &[
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-dev",
];
/// What the tests drive the program with. Without the font every emoji in a screenshot is a box.
const DRIVE: &[&str] = &[
    "xvfb",
    "dbus",
    "gnome-keyring",
    "webkit2gtk-driver",
    "fonts-noto-color-emoji",
];

/// What the machine is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Building the engine only.
    Headless,
    /// Building the window as well.
    Build,
    /// Running the tests as well.
    Test,
}

/// Installs the system packages that are missing. Where there is no apt, says what to install and goes on: the
/// packages may well be there under another name.
pub(crate) fn install(wanted: Wanted) -> Result<()> {
    if !cfg!(target_os = "linux") || !is_there("apt-get") || !is_there("dpkg-query") {
        println!("{}", advice(wanted));
        return Ok(());
    }
    let missing = missing(&wanted_packages(wanted))?;
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing {}", missing.join(" "));
    retried(|| run(&mut apt_get(&["update"])?), &PAUSES)?;
    let mut line = vec!["install", "--yes", "--no-install-recommends"];
    line.extend(missing.iter().map(String::as_str));
    retried(|| run(&mut apt_get(&line)?), &PAUSES)
}

fn wanted_packages(wanted: Wanted) -> Vec<&'static str> {
    let mut packages = COMPILE.to_vec();
    if wanted != Wanted::Headless {
        packages.extend(WINDOW);
    }
    if wanted == Wanted::Test {
        packages.extend(DRIVE);
        if !["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .any(is_there)
        {
            let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
            packages.push(if is_ubuntu(&system) {
                "chromium-browser"
            } else {
                "chromium"
            });
        }
    }
    packages
}

fn is_ubuntu(os_release: &str) -> bool {
    os_release.lines().any(|line| line == "ID=ubuntu")
}

/// Asks dpkg, so that a machine that has everything needs neither network nor root.
fn missing(packages: &[&str]) -> Result<Vec<String>> {
    let mut query = Command::new("dpkg-query");
    query
        .args(["--show", "--showformat", "${Package} ${db:Status-Abbrev}\n"])
        .args(packages);
    // It exits with 1 when one of them is unknown; what it lists is right nevertheless.
    let told = query
        .stderr(Stdio::null())
        .output()
        .context("dpkg-query could not be started")?
        .stdout;
    let told = String::from_utf8_lossy(&told);
    Ok(not_installed(packages, &told))
}

fn not_installed(packages: &[&str], told: &str) -> Vec<String> {
    let installed: Vec<&str> = told
        .lines()
        .filter_map(|line| line.split_once(" ii").map(|(name, _)| name))
        .collect();
    packages
        .iter()
        .filter(|package| !installed.contains(package))
        .map(|&package| package.to_owned())
        .collect()
}

fn apt_get(line: &[&str]) -> Result<Command> {
    let mut words = vec![
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-qq",
        "-o",
        "Dpkg::Use-Pty=0",
    ];
    words.extend(line);
    let root = output(Command::new("id").arg("-u"))?.trim() == "0";
    let mut command = Command::new(if root { "env" } else { "sudo" });
    if !root {
        if !is_there("sudo") {
            bail!(
                "Packages are missing and there is no sudo. As root, run: apt-get {}",
                line.join(" ")
            );
        }
        command.arg("env");
    }
    command.args(words);
    Ok(command)
}

/// What to install where there is no apt.
fn advice(wanted: Wanted) -> String {
    let (fedora, arch, apple) = match wanted {
        Wanted::Headless => ("gcc", "base-devel", ""),
        Wanted::Build => (
            "gcc pkgconf webkit2gtk4.1-devel libappindicator-gtk3-devel",
            "base-devel webkit2gtk-4.1 libayatana-appindicator",
            "",
        ),
        Wanted::Test => (
            "gcc pkgconf webkit2gtk4.1-devel libappindicator-gtk3-devel xorg-x11-server-Xvfb dbus-daemon gnome-keyring \
             google-noto-color-emoji-fonts chromium",
            "base-devel webkit2gtk-4.1 libayatana-appindicator xorg-server-xvfb dbus gnome-keyring noto-fonts-emoji chromium",
            " The tests of the real window and of the keychain run on Linux only.",
        ),
    };
    format!(
        "Packages are installed by this command on Debian and Ubuntu only. If something below does not build, install:\n  \
         Fedora   sudo dnf install {fedora}\n  \
         Arch     sudo pacman -S {arch}\n  \
         macOS    xcode-select --install\n  \
         Windows  the \"Desktop development with C++\" part of the Visual Studio Build Tools\n\
         The same packages do on other kinds of Linux, under their names there.{apple}"
    )
}

/// Makes sure that Node is there and new enough, and cargo's own helpers where they are wanted.
pub(crate) fn check_tools(repository: &Repository, wanted: Wanted) -> Result<()> {
    let version = output(repository.command("node").arg("--version")).map_err(|_| {
        anyhow::anyhow!("Node is missing. Install Node 20.19 or newer (https://nodejs.org), then try again.")
    })?;
    if !is_new_enough(version.trim()) {
        bail!(
            "The window needs Node 20.19 or newer; this one is {}. Install a newer one, then try again.",
            version.trim()
        );
    }
    output(repository.npm(&["--version"]).stderr(Stdio::null())).map_err(|_| {
        anyhow::anyhow!(
            "npm is missing. It comes with Node from https://nodejs.org; Debian has it as the package npm."
        )
    })?;
    if wanted == Wanted::Test {
        for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
            output(repository.cargo().args([tool, "--version"])).map_err(|_| {
                anyhow::anyhow!("cargo {tool} is missing. Run: rustup component add {component}")
            })?;
        }
    }
    Ok(())
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(|number| number.parse().unwrap_or(0_u32));
    (numbers.next(), numbers.next()) >= (Some(20), Some(19))
}

/// Installs the window's packages when they are older than the list of them.
pub(crate) fn npm_ci(repository: &Repository) -> Result<()> {
    let changed =
        |file: &str| -> Option<SystemTime> { fs::metadata(repository.path(file)).ok()?.modified().ok() };
    if changed("ui/node_modules/.package-lock.json") >= changed("ui/package-lock.json") {
        return Ok(());
    }
    retried(
        || run(&mut repository.npm(&["ci", "--include=dev", "--no-audit", "--no-fund"])),
        &PAUSES,
    )
}

/// A mirror that is being updated or another apt at work is over by the next try.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(2),
    Duration::from_secs(8),
    Duration::from_secs(20),
];

/// Tries once, and again after each of the `pauses` while it fails.
pub(crate) fn retried(mut attempt: impl FnMut() -> Result<()>, pauses: &[Duration]) -> Result<()> {
    for pause in pauses {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(error) => println!("{error:#}\nTrying again in {} seconds.", pause.as_secs()),
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "there is no event that says when a mirror works again"
        )]
        thread::sleep(*pause);
    }
    attempt()
}

/// Returns where the browser is that the tests drive.
pub(crate) fn browser() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(find)
}

fn is_there(program: &str) -> bool {
    find(program).is_some()
}

fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_dpkg_does_not_know_as_installed_is_missing() {
        let told = "build-essential ii \npkg-config ii \nxvfb rc \n";
        assert_eq!(
            not_installed(&["build-essential", "pkg-config", "xvfb", "dbus"], told),
            ["xvfb", "dbus"],
            "a package removed with its settings left behind (rc) is missing"
        );
    }

    #[test]
    fn a_failure_that_passes_is_tried_again_and_one_that_stays_is_told() {
        let mut left = 2;
        let flaky = || {
            left -= 1;
            if left == 0 {
                Ok(())
            } else {
                bail!("the mirror is busy")
            }
        };
        retried(flaky, &[Duration::ZERO; 2]).expect("the second try passes");

        let mut tries = 0;
        let error = retried(
            || {
                tries += 1;
                bail!("no network")
            },
            &[Duration::ZERO; 3],
        );
        assert_eq!(
            (tries, error.expect_err("never passes").to_string()),
            (4, "no network".to_owned())
        );
    }

    #[test]
    fn node_20_19_is_new_enough_and_20_18_is_not() {
        for version in ["v20.19.0", "v22.0.0", "v100.1.2"] {
            assert!(is_new_enough(version), "{version}");
        }
        for version in ["v20.18.3", "v18.20.4", "", "nonsense"] {
            assert!(!is_new_enough(version), "{version}");
        }
    }

    #[test]
    fn ubuntu_is_told_from_debian_and_from_what_is_like_it() {
        assert!(is_ubuntu("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(!is_ubuntu("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_ubuntu("ID=debian\n"));
    }

    #[test]
    fn other_systems_are_told_what_to_install() {
        let words = advice(Wanted::Test);
        for name in [
            "webkit2gtk4.1-devel",
            "webkit2gtk-4.1",
            "xcode-select",
            "Visual Studio",
        ] {
            assert!(words.contains(name), "{words}");
        }
        assert!(!advice(Wanted::Headless).contains("webkit"));
    }
}
