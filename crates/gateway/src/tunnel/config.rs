//! Which way the owner chose.

use super::{Cloudflared, Ngrok, OwnUrl, Tailscale, Tunnel};
use domain::TunnelKind;
use std::net::IpAddr;
use url::{Host, Url};

/// The way the owner chose, with what it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TunnelConfig {
    /// No way.
    #[default]
    None,
    /// ngrok, inside this program.
    Ngrok(Ngrok),
    /// An address of the owner's own.
    OwnUrl(OwnUrl),
    /// Cloudflare, by the owner's `cloudflared`.
    Cloudflared(Cloudflared),
    /// Tailscale Funnel, by the owner's `tailscale`.
    Tailscale(Tailscale),
}

impl TunnelConfig {
    /// Returns which way it is.
    pub const fn kind(&self) -> TunnelKind {
        match self {
            Self::None => TunnelKind::None,
            Self::Ngrok(_) => TunnelKind::Ngrok,
            Self::OwnUrl(_) => TunnelKind::Url,
            Self::Cloudflared(_) => TunnelKind::Cloudflared,
            Self::Tailscale(_) => TunnelKind::Tailscale,
        }
    }

    /// Returns the tunnel, or `None` when there is to be none.
    pub(crate) fn tunnel(&self) -> Option<Box<dyn Tunnel>> {
        match self {
            Self::None => None,
            Self::Ngrok(ngrok) => Some(Box::new(ngrok.clone())),
            Self::OwnUrl(own) => Some(Box::new(own.clone())),
            Self::Cloudflared(cloudflared) => Some(Box::new(cloudflared.clone())),
            Self::Tailscale(tailscale) => Some(Box::new(tailscale.clone())),
        }
    }

    /// Remembers the domain that ngrok chose, so that it is asked for by name from then on.
    pub(crate) fn learn(&mut self, domain: &str) {
        if let Self::Ngrok(ngrok) = self
            && ngrok.domain.is_none()
        {
            ngrok.domain = Some(domain.to_owned());
        }
    }
}

/// Why an address cannot be the public one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfitAddress {
    /// It cannot be read.
    #[error("This is not a web address. Enter one such as https://desk.example.com.")]
    NotAnAddress,
    /// It is not `https`.
    #[error(
        "WhatsApp calls only addresses that begin with https://. Put a certificate in front of this one, or use a tunnel."
    )]
    NotSecure,
    /// It has a path, a question or a fragment.
    #[error(
        "Enter the address without anything after the host name, such as https://desk.example.com; Deskbell adds a path of its own."
    )]
    MoreThanAHost,
    /// It carries a name and a password.
    #[error("Enter the address without a name and a password in it; WhatsApp could not use them.")]
    WithPassword,
    /// Nobody outside the owner's network can reach it.
    #[error(
        "{0} is an address inside a local network, which WhatsApp cannot reach. Enter the address the internet knows."
    )]
    Private(IpAddr),
}

/// Reads a public address as a person types it and returns it as `https://host` or `https://host:port`. `http` is
/// taken for this computer itself, which only tests and demos can use.
pub fn public_url(typed: &str) -> Result<String, UnfitAddress> {
    let typed = typed.trim();
    let url = if typed.contains("://") {
        Url::parse(typed)
    } else {
        Url::parse(&format!("https://{typed}"))
    };
    let url = url.map_err(|_| UnfitAddress::NotAnAddress)?;
    let (loopback, private) = match url.host() {
        Some(Host::Domain(name)) => (name == "localhost" || name.ends_with(".localhost"), None),
        Some(Host::Ipv4(ip)) => (
            ip.is_loopback(),
            (ip.is_private() || ip.is_link_local() || ip.is_unspecified()).then_some(IpAddr::V4(ip)),
        ),
        Some(Host::Ipv6(ip)) => (
            ip.is_loopback(),
            (ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified())
                .then_some(IpAddr::V6(ip)),
        ),
        None => return Err(UnfitAddress::NotAnAddress),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(UnfitAddress::NotSecure),
        _ => return Err(UnfitAddress::NotAnAddress),
    }
    if let Some(ip) = private {
        return Err(UnfitAddress::Private(ip));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UnfitAddress::WithPassword);
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(UnfitAddress::MoreThanAHost);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_people_type_it() {
        let read = |typed| public_url(typed).unwrap();
        assert_eq!(read(" desk.example.com "), "https://desk.example.com");
        assert_eq!(read("https://Desk.Example.com/"), "https://desk.example.com");
        assert_eq!(
            read("https://desk.example.com:8443"),
            "https://desk.example.com:8443"
        );
        assert_eq!(read("http://127.0.0.1:4000/"), "http://127.0.0.1:4000");
        assert_eq!(read("http://localhost:4000"), "http://localhost:4000");
    }

    #[test]
    fn an_address_that_whatsapp_cannot_call_is_refused_with_the_reason() {
        for (typed, why) in [
            ("", UnfitAddress::NotAnAddress),
            ("https://", UnfitAddress::NotAnAddress),
            ("ftp://desk.example.com", UnfitAddress::NotAnAddress),
            ("http://desk.example.com", UnfitAddress::NotSecure),
            ("https://desk.example.com/inbox", UnfitAddress::MoreThanAHost),
            ("https://desk.example.com/?a=b", UnfitAddress::MoreThanAHost),
            ("https://me:pw@desk.example.com", UnfitAddress::WithPassword),
            (
                "https://192.168.0.4",
                UnfitAddress::Private(IpAddr::from([192, 168, 0, 4])),
            ),
        ] {
            assert_eq!(public_url(typed), Err(why), "{typed}");
        }
    }
}
