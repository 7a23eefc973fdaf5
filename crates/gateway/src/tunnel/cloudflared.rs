//! Cloudflare's tunnels, by the owner's own `cloudflared`.

use super::keep::Report;
use super::own_url::listen;
use super::program::{Told, command, run};
use super::{Ended, Session, TroubleClass, Tunnel, TunnelTrouble, public_url};
use crate::server::Street;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio_util::sync::CancellationToken;
use vault::Secret;

const NAME: &str = "cloudflared";
/// The domain below which tunnels without an account get their names.
const TRIAL_DOMAIN: &str = ".trycloudflare.com";

/// A tunnel of Cloudflare's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cloudflared {
    /// Where `cloudflared` lies.
    pub program: PathBuf,
    /// Where it finds us. The port of a named tunnel is the one that Cloudflare's page leads to; a trial takes any.
    pub listen: SocketAddr,
    /// The owner's tunnel; without one, a trial whose address is another at every start.
    pub named: Option<NamedTunnel>,
}

/// A tunnel made at Cloudflare's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTunnel {
    /// Its token.
    pub token: Secret,
    /// Its public address.
    pub url: String,
}

impl Tunnel for Cloudflared {
    fn session<'a>(
        &'a self,
        street: &'a Street,
        report: &'a Report,
        cancel: CancellationToken,
    ) -> Session<'a> {
        Box::pin(async move {
            let known = match self
                .named
                .as_ref()
                .map(|named| public_url(&named.url))
                .transpose()
            {
                Ok(known) => known,
                Err(unfit) => {
                    return Ended::Trouble(TunnelTrouble::new(TroubleClass::Permanent, unfit.to_string()));
                }
            };
            let listener = match listen(self.listen).await {
                Ok(listener) => listener,
                Err(trouble) => return Ended::Trouble(trouble),
            };
            let at = listener.local_addr().unwrap_or(self.listen);
            let mut command = command(&self.program);
            command.args(["tunnel", "--no-autoupdate"]);
            match &self.named {
                // The command line of a process can be read by every other.
                Some(named) => command.arg("run").env("TUNNEL_TOKEN", named.token.expose()),
                None => command.args(["--url", &format!("http://{at}")]),
            };
            let mut reading = Reading::new(known);
            run(command, NAME, listener, (street, report), cancel, |line| {
                reading.line(line)
            })
            .await
        })
    }
}

/// What `cloudflared` has said so far.
struct Reading {
    url: Option<String>,
    named: bool,
    connected: bool,
}

impl Reading {
    fn new(known: Option<String>) -> Self {
        Self {
            named: known.is_some(),
            url: known,
            connected: false,
        }
    }

    fn line(&mut self, line: &str) -> Told {
        if self.url.is_none() {
            self.url = trial_url(line);
        }
        // Older versions say "Connection <id> registered".
        let said = line.to_ascii_lowercase();
        if said.contains("registered tunnel connection") && !said.contains("unregistered")
            || said.contains("connection") && said.contains(" registered")
        {
            self.connected = true;
        }
        if self.named
            && (said.contains("token is not valid") || said.contains("unauthorized: invalid tunnel secret"))
        {
            return Told::Trouble(
                TunnelTrouble::new(
                    TroubleClass::Permanent,
                    "Cloudflare does not accept the tunnel's token, so customers' messages cannot come in. \
                     Copy the token again from Cloudflare's page of the tunnel.",
                )
                .at("https://one.dash.cloudflare.com"),
            );
        }
        match &self.url {
            Some(url) if self.connected => Told::Online(url.clone()),
            _ => Told::Nothing,
        }
    }
}

/// Finds the address of a trial in a line.
fn trial_url(line: &str) -> Option<String> {
    line.split(|letter: char| letter.is_whitespace() || letter == '|')
        .filter_map(|word| public_url(word.trim_end_matches(['.', ','])).ok())
        .find(|url| {
            url.strip_suffix(TRIAL_DOMAIN)
                .is_some_and(|name| name.starts_with("https://") && name != "https://api")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn online(reading: &mut Reading, line: &str) -> Option<String> {
        match reading.line(line) {
            Told::Online(url) => Some(url),
            Told::Nothing | Told::Trouble(_) => None,
        }
    }

    #[test]
    fn a_trial_is_online_when_its_address_is_known_and_a_connection_stands() {
        let mut reading = Reading::new(None);
        assert_eq!(
            online(
                &mut reading,
                "INF Requesting new quick Tunnel on trycloudflare.com..."
            ),
            None
        );
        assert_eq!(
            online(&mut reading, "ERR https://api.trycloudflare.com/tunnel"),
            None
        );
        assert_eq!(
            online(
                &mut reading,
                "INF |  https://blue-kiln-river.trycloudflare.com   |"
            ),
            None
        );
        assert_eq!(
            online(
                &mut reading,
                "INF Registered tunnel connection connIndex=0 location=mad01"
            )
            .as_deref(),
            Some("https://blue-kiln-river.trycloudflare.com")
        );
    }

    #[test]
    fn a_named_tunnel_is_online_with_its_first_connection_and_not_with_the_end_of_one() {
        let mut reading = Reading::new(Some("https://desk.example.com".to_owned()));
        assert_eq!(
            online(&mut reading, "INF Unregistered tunnel connection connIndex=0"),
            None
        );
        assert_eq!(
            online(&mut reading, "INF Registered tunnel connection connIndex=0").as_deref(),
            Some("https://desk.example.com")
        );
    }

    #[test]
    fn a_token_that_cloudflare_refuses_ends_the_trying() {
        let mut reading = Reading::new(Some("https://desk.example.com".to_owned()));
        let Told::Trouble(trouble) = reading.line("Provided Tunnel token is not valid.") else {
            panic!("went unnoticed");
        };
        assert_eq!(trouble.class, TroubleClass::Permanent);
    }
}
