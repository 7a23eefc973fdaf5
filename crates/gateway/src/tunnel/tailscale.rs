//! Tailscale Funnel, by the owner's own `tailscale`.

use super::keep::Report;
use super::own_url::listen;
use super::program::{Told, ask, command, run};
use super::{Ended, Session, TroubleClass, Tunnel, TunnelTrouble};
use crate::server::Street;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const NAME: &str = "tailscale";
/// How long it may take to say how it stands.
const STATUS_TIME: Duration = Duration::from_secs(5);

/// Tailscale Funnel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tailscale {
    /// Where `tailscale` lies.
    pub program: PathBuf,
    /// Where it finds us. Port 0 is any.
    pub listen: SocketAddr,
}

/// How Tailscale stands on this computer (`tailscale status --json`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Standing {
    #[serde(default)]
    backend_state: String,
    #[serde(rename = "Self", default)]
    own: Option<Own>,
}

#[derive(Debug, Deserialize)]
struct Own {
    #[serde(rename = "DNSName", default)]
    dns_name: String,
}

impl Tunnel for Tailscale {
    fn session<'a>(
        &'a self,
        street: &'a Street,
        report: &'a Report,
        cancel: CancellationToken,
    ) -> Session<'a> {
        Box::pin(async move {
            let url = tokio::select! {
                () = cancel.cancelled() => return Ended::Left,
                url = public_address(&self.program) => url,
            };
            let url = match url {
                Ok(url) => url,
                Err(trouble) => return Ended::Trouble(trouble),
            };
            let listener = match listen(self.listen).await {
                Ok(listener) => listener,
                Err(trouble) => return Ended::Trouble(trouble),
            };
            let port = listener.local_addr().unwrap_or(self.listen).port();
            let mut command = command(&self.program);
            // In the foreground: what it makes public ends with it.
            command.args(["funnel", &port.to_string()]);
            run(command, NAME, listener, (street, report), cancel, |line| {
                told(line, &url)
            })
            .await
        })
    }
}

/// Returns the address this computer has at Tailscale.
pub(super) async fn public_address(program: &Path) -> Result<String, TunnelTrouble> {
    let said = ask(program, &["status", "--json"], STATUS_TIME)
        .await
        .map_err(|error| {
            TunnelTrouble::new(
                TroubleClass::Slow,
                "tailscale does not answer, so the tunnel cannot be opened and customers' messages cannot come in. \
                 Start Tailscale on this computer.",
            )
            .detail(&error.to_string())
        })?;
    let standing = serde_json::from_slice::<Standing>(&said.stdout).ok();
    let running = standing.filter(|standing| standing.backend_state == "Running");
    let name = running
        .and_then(|standing| standing.own)
        .map(|own| own.dns_name.trim_end_matches('.').to_owned())
        .filter(|name| !name.is_empty());
    name.map(|name| format!("https://{name}")).ok_or_else(|| {
        TunnelTrouble::new(
            TroubleClass::Slow,
            "Tailscale is not signed in on this computer, so customers' messages cannot come in. \
             Open Tailscale and sign in.",
        )
        .detail(&String::from_utf8_lossy(&said.stderr))
    })
}

fn told(line: &str, url: &str) -> Told {
    let said = line.to_ascii_lowercase();
    if said.contains("available on the internet") {
        return Told::Online(url.to_owned());
    }
    if said.contains("not enabled on your tailnet") || said.contains("funnel not available") {
        return Told::Trouble(
            TunnelTrouble::new(
                TroubleClass::Permanent,
                "Funnel is not switched on for this computer at Tailscale, so customers' messages cannot come in. \
                 Switch it on in Tailscale's access controls, then connect again.",
            )
            .at("https://login.tailscale.com/admin/acls"),
        );
    }
    Told::Nothing
}
