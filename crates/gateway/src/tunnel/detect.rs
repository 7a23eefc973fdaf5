//! Finds the programs on this computer that can make a tunnel.

use super::program::ask;
use super::tailscale::public_address;
use domain::TunnelKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a program may take to say its version.
const VERSION_TIME: Duration = Duration::from_secs(5);

/// Where installers put programs, besides the search path: a desktop app is often given a short one.
const USUAL_PLACES: &[&str] = &[
    "/usr/local/bin",
    "/usr/bin",
    "/opt/homebrew/bin",
    "/snap/bin",
    "/Applications/Tailscale.app/Contents/MacOS",
    "C:\\Program Files\\Tailscale",
    "C:\\Program Files\\cloudflared",
    "C:\\Program Files (x86)\\cloudflared",
];

/// A program that can make a tunnel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// Which.
    pub kind: TunnelKind,
    /// Where it lies.
    pub path: PathBuf,
    /// What it says its version is; empty when it does not say.
    pub version: String,
    /// Whether it can be used right away.
    pub ready: bool,
    /// For a person: whether it can be used, and if not, what to do.
    pub words: String,
}

/// Looks for `cloudflared` and `tailscale` in the search path and in the usual places.
pub async fn detect() -> Vec<Detected> {
    let mut places: Vec<PathBuf> =
        std::env::var_os("PATH").map_or_else(Vec::new, |path| std::env::split_paths(&path).collect());
    places.extend(USUAL_PLACES.iter().map(PathBuf::from));
    detect_in(&places).await
}

/// Looks for them in these folders.
pub async fn detect_in(places: &[PathBuf]) -> Vec<Detected> {
    let mut found = Vec::new();
    for (kind, names) in [
        (TunnelKind::Cloudflared, &["cloudflared", "cloudflared.exe"]),
        (TunnelKind::Tailscale, &["tailscale", "tailscale.exe"]),
    ] {
        if let Some(path) = look_for(names, places) {
            found.push(look_at(kind, path).await);
        }
    }
    found
}

fn look_for(names: &[&str], places: &[PathBuf]) -> Option<PathBuf> {
    places
        .iter()
        // A relative entry would make it depend on where we were started.
        .filter(|place| place.is_absolute())
        .flat_map(|place| names.iter().map(|name| place.join(name)))
        .chain(names.iter().filter_map(|name| mac_name(name, places)))
        .find(|path| path.is_file())
}

/// Tailscale's app for macOS spells its program with a capital.
fn mac_name(name: &str, places: &[PathBuf]) -> Option<PathBuf> {
    let app = places
        .iter()
        .find(|place| place.ends_with("Tailscale.app/Contents/MacOS"))?;
    (name == "tailscale").then(|| app.join("Tailscale"))
}

async fn look_at(kind: TunnelKind, path: PathBuf) -> Detected {
    let version = version(&path).await;
    let (ready, words) = match (&version, kind) {
        (None, _) => (
            false,
            format!("{} is here but does not start. Install it again to use it.", path.display()),
        ),
        (Some(_), TunnelKind::Tailscale) => match public_address(&path).await {
            Ok(url) => (true, format!("Tailscale is signed in; the address would be {url}.")),
            Err(trouble) => (false, trouble.words),
        },
        (Some(_), _) => (
            true,
            "cloudflared is installed. Use a tunnel of your own at Cloudflare; without one it makes a trial address \
             that changes at every start."
                .to_owned(),
        ),
    };
    Detected {
        kind,
        path,
        version: version.unwrap_or_default(),
        ready,
        words,
    }
}

/// Returns the first line of what the program says about its version.
async fn version(path: &Path) -> Option<String> {
    let said = ask(path, &["--version"], VERSION_TIME).await.ok()?;
    if !said.status.success() {
        return None;
    }
    let said = String::from_utf8_lossy(&said.stdout);
    let line = said.lines().next().unwrap_or_default().trim();
    Some(line.chars().take(80).collect())
}
