//! What the owner chose, and whether it fits.

use super::{AUTHTOKEN, TUNNEL_TOKEN};
use crate::commands::CommandError;
use domain::TunnelKind;
use gateway::tunnel::public_url;
use serde::{Deserialize, Serialize};
use store::{Change, Store, StoreError};
use vault::Secret;

/// Under which name the choice is kept.
const SETTING: &str = "tunnel";
/// A host name may be so long (RFC 1035, section 2.3.4).
const LONGEST_HOST: usize = 253;

/// What the owner chose, as it is kept. Holds no secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct TunnelSettings {
    pub(super) kind: String,
    pub(super) domain: Option<String>,
    pub(super) url: Option<String>,
    pub(super) port: Option<u16>,
    /// Whether other computers of the owner's network may reach the port.
    pub(super) lan: bool,
}

impl TunnelSettings {
    /// Returns which way it is; none when that cannot be read.
    pub(super) fn kind(&self) -> TunnelKind {
        self.kind.parse().unwrap_or(TunnelKind::None)
    }

    /// Reads what was kept; what cannot be read is no tunnel.
    pub(crate) async fn read(store: &Store) -> Result<Self, StoreError> {
        let kept = store.read(|reader| reader.setting(SETTING)).await?;
        Ok(kept
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default())
    }

    /// Writes it down.
    pub(super) async fn keep(&self, store: &Store) -> Result<(), StoreError> {
        let json = serde_json::to_string(self).unwrap_or_default();
        store
            .write(move |transaction| {
                transaction.set_setting(SETTING, &json)?;
                transaction.changed(Change::Connection);
                transaction.changed(Change::Health);
                Ok(())
            })
            .await
    }
}

/// What is to be chosen. Secrets that are left out stay as they are.
#[derive(Debug, Clone)]
pub struct NewTunnel {
    /// Which way.
    pub kind: TunnelKind,
    /// ngrok's authtoken.
    pub authtoken: Option<Secret>,
    /// The domain to use with ngrok; the account's own when there is none.
    pub domain: Option<String>,
    /// The owner's address, or the host name of a named tunnel of Cloudflare's.
    pub url: Option<String>,
    /// Cloudflare's token.
    pub tunnel_token: Option<Secret>,
    /// The port something else forwards to; a free one when there is none.
    pub port: Option<u16>,
    /// Whether other computers of the owner's network may reach that port, since one of them forwards the address; as
    /// it was when left out.
    pub lan: Option<bool>,
}

pub(super) fn misfit(field: &str, sentence: impl Into<String>) -> CommandError {
    CommandError::Misfit {
        field: field.to_owned(),
        sentence: sentence.into(),
    }
}

pub(super) type Chosen = (TunnelSettings, Option<(&'static str, Secret)>);

/// Reads what is to be chosen: the settings, and the secret that is new.
pub(super) fn checked(new: NewTunnel, known: &TunnelSettings) -> Result<Chosen, CommandError> {
    let filled = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let same = known.kind() == new.kind;
    let mut settings = TunnelSettings {
        kind: new.kind.as_str().to_owned(),
        // The domain is the account's, whatever is chosen meanwhile.
        domain: known.domain.clone(),
        url: None,
        port: None,
        lan: false,
    };
    let mut secret = None;
    match new.kind {
        TunnelKind::None => {}
        TunnelKind::Ngrok => {
            let changed = new.authtoken.is_some();
            secret = new.authtoken.map(|token| clean(AUTHTOKEN, &token)).transpose()?;
            settings.domain = match filled(new.domain) {
                Some(domain) => Some(host("domain", &domain)?),
                // Another account has another domain.
                None if changed || !same => None,
                None => known.domain.clone(),
            };
        }
        TunnelKind::Url => {
            let typed = filled(new.url).ok_or_else(|| {
                misfit(
                    "url",
                    "Enter the public address, such as https://desk.example.com.",
                )
            })?;
            settings.url = Some(public_url(&typed).map_err(|unfit| misfit("url", unfit.to_string()))?);
            settings.port = Some(chosen_port(new.port, known, same)?);
            settings.lan = new.lan.unwrap_or(same && known.lan);
        }
        TunnelKind::Cloudflared => {
            secret = new
                .tunnel_token
                .map(|token| clean(TUNNEL_TOKEN, &token))
                .transpose()?;
            if let Some(typed) = filled(new.url) {
                settings.url = Some(public_url(&typed).map_err(|unfit| misfit("url", unfit.to_string()))?);
                settings.port = Some(chosen_port(new.port, known, same)?);
            } else if secret.is_some() {
                return Err(misfit(
                    "url",
                    "Enter the public host name that your Cloudflare tunnel has, such as desk.example.com.",
                ));
            }
        }
        TunnelKind::Tailscale => settings.port = new.port,
    }
    Ok((settings, secret))
}

/// A secret as it is kept: without blanks around it, and without characters no secret has.
fn clean(field: &'static str, secret: &Secret) -> Result<(&'static str, Secret), CommandError> {
    let trimmed = secret.expose().trim();
    let odd = |c: char| c.is_control() || c.is_whitespace() || !c.is_ascii();
    if trimmed.is_empty() || trimmed.chars().any(odd) {
        return Err(misfit(
            field,
            "This has characters that no such token has. Copy it once more.",
        ));
    }
    Ok((field, Secret::new(trimmed)))
}

/// A host name as a person types it, perhaps with `https://` in front of it.
fn host(field: &str, typed: &str) -> Result<String, CommandError> {
    let typed = typed.to_ascii_lowercase();
    let name = typed
        .strip_prefix("https://")
        .unwrap_or(&typed)
        .trim_end_matches('/');
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if name.len() > LONGEST_HOST || !name.contains('.') || !name.split('.').all(label) {
        return Err(misfit(
            field,
            "A domain is a name such as kiln-and-clay.ngrok-free.app, without anything before or after it.",
        ));
    }
    Ok(name.to_owned())
}

/// The port that was asked for, the one there is, or a free one.
fn chosen_port(asked: Option<u16>, known: &TunnelSettings, same: bool) -> Result<u16, CommandError> {
    match (asked, known.port) {
        (Some(0), _) => Err(misfit("port", "A port is a number from 1 to 65535.")),
        (Some(port), _) => Ok(port),
        (None, Some(port)) if same => Ok(port),
        (None, _) => {
            let free = std::net::TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr());
            Ok(free?.port())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(kind: TunnelKind) -> NewTunnel {
        NewTunnel {
            kind,
            authtoken: None,
            domain: None,
            url: None,
            tunnel_token: None,
            port: None,
            lan: None,
        }
    }

    fn field(refused: Result<Chosen, CommandError>) -> String {
        match refused {
            Err(CommandError::Misfit { field, .. }) => field,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_by_its_field() {
        let known = TunnelSettings::default();
        for (new, wanted) in [
            (new(TunnelKind::Url), "url"),
            (
                NewTunnel {
                    url: Some("http://desk.example.com".to_owned()),
                    ..new(TunnelKind::Url)
                },
                "url",
            ),
            (
                NewTunnel {
                    url: Some("https://desk.example.com/inbox".to_owned()),
                    ..new(TunnelKind::Url)
                },
                "url",
            ),
            (
                NewTunnel {
                    url: Some("desk.example.com".to_owned()),
                    port: Some(0),
                    ..new(TunnelKind::Url)
                },
                "port",
            ),
            (
                NewTunnel {
                    domain: Some("kiln ngrok".to_owned()),
                    ..new(TunnelKind::Ngrok)
                },
                "domain",
            ),
            (
                NewTunnel {
                    authtoken: Some(Secret::new("two words")),
                    ..new(TunnelKind::Ngrok)
                },
                "authtoken",
            ),
            (
                NewTunnel {
                    tunnel_token: Some(Secret::new("eyJhIjoi")),
                    ..new(TunnelKind::Cloudflared)
                },
                "url",
            ),
        ] {
            assert_eq!(field(checked(new, &known)), wanted);
        }
    }

    #[test]
    fn a_domain_is_taken_as_people_type_it_and_kept_until_another_account_comes() {
        let first = NewTunnel {
            domain: Some(" https://Kiln.ngrok-free.app/ ".to_owned()),
            authtoken: Some(Secret::new(" 2abc_def ")),
            ..new(TunnelKind::Ngrok)
        };
        let (kept, secret) = checked(first, &TunnelSettings::default()).unwrap();
        assert_eq!(kept.domain.as_deref(), Some("kiln.ngrok-free.app"));
        assert_eq!(secret, Some((AUTHTOKEN, Secret::new("2abc_def"))));
        let (same, _) = checked(new(TunnelKind::Ngrok), &kept).unwrap();
        assert_eq!(same.domain, kept.domain);
        let other = NewTunnel {
            authtoken: Some(Secret::new("2xyz_uvw")),
            ..new(TunnelKind::Ngrok)
        };
        assert_eq!(checked(other, &kept).unwrap().0.domain, None);
    }

    #[test]
    fn a_port_that_was_found_once_stays_the_same() {
        let own = NewTunnel {
            url: Some("desk.example.com".to_owned()),
            ..new(TunnelKind::Url)
        };
        let (kept, _) = checked(own.clone(), &TunnelSettings::default()).unwrap();
        assert!(kept.port.is_some_and(|port| port > 0));
        assert_eq!(checked(own, &kept).unwrap().0, kept);
    }

    #[test]
    fn other_computers_reach_the_port_only_when_that_was_asked_for() {
        let own = |lan| NewTunnel {
            url: Some("https://desk.example.com".to_owned()),
            port: Some(8_080),
            lan,
            ..new(TunnelKind::Url)
        };
        let chosen = |lan, known: &TunnelSettings| checked(own(lan), known).unwrap().0;
        let alone = chosen(None, &TunnelSettings::default());
        assert!(!alone.lan);
        let shared = chosen(Some(true), &alone);
        assert!(shared.lan);
        assert!(chosen(None, &shared).lan, "left out, it stays as it was");
        assert!(!checked(new(TunnelKind::None), &shared).unwrap().0.lan);
    }
}
