//! Keeps the names under which Meta's files lie from leading into the network this computer stands in.
//!
//! A name is judged where it is resolved, by the addresses the connection is then made to. So a name that is public
//! when it is looked at and private when it is used gains nothing.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The name leads to no public address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name leads into a private network")]
pub(super) struct NotPublic;

/// Resolves names as the system does, and some of them only to public addresses.
pub(super) struct PublicOnly {
    /// Says which.
    guarded: fn(&str) -> bool,
}

impl PublicOnly {
    /// Guards the names of Meta's media hosts. Others are left alone: they are the Graph API, a configured origin or a
    /// proxy, which may well be private.
    pub(super) const fn media_hosts() -> Self {
        Self {
            guarded: is_media_host,
        }
    }
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let guarded = (self.guarded)(&name);
        Box::pin(async move {
            let mut found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if guarded {
                found.retain(|address| is_public(address.ip()));
                if found.is_empty() {
                    return Err(NotPublic.into());
                }
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Returns whether Meta's files lie under this name (section 6).
pub(super) fn is_media_host(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["fbsbx.com", "fbcdn.net", "whatsapp.net"].iter().any(|parent| {
        name.strip_suffix(parent)
            .is_some_and(|below| below.len() > 1 && below.ends_with('.'))
    })
}

/// Returns whether an address is one of the open internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        // Between a provider and its customers.
        || (a == 100 && b >= 64 && b < 128)
        || (a == 192 && b == 0 && c == 0)
        // For measurements.
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let inside = |high: u16, low: u16| is_public_v4((u32::from(high) << 16 | u32::from(low)).into());
    match address.segments() {
        // Addresses of the old kind in a new dress: mapped, translated, tunnelled.
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => inside(high, low),
        // Documentation, and tunnels whose far end cannot be seen.
        [0x2001, 0xdb8 | 0, ..] => false,
        // All that is handed out lies here.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;

    #[test]
    fn only_hosts_of_meta_are_media_hosts() {
        for name in ["lookaside.fbsbx.com", "a.b.FBCDN.net", "mmg.whatsapp.net"] {
            assert!(is_media_host(name), "{name}");
        }
        for name in [
            "fbsbx.com",
            ".fbsbx.com",
            "evilfbsbx.com",
            "fbsbx.com.evil.example",
            "lookaside.fbsbx.com.",
            "localhost",
        ] {
            assert!(!is_media_host(name), "{name}");
        }
    }

    #[test]
    fn no_address_of_a_house_an_office_or_a_cloud_counts_as_public() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "fec0::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
            "2001::1",
            "::10.0.0.1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "157.240.1.60",
            "8.8.8.8",
            "2a03:2880:f12f:83::1",
            "::ffff:157.240.1.60",
            "64:ff9b::9df0:13c",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[tokio::test]
    async fn a_guarded_name_that_leads_home_is_refused_where_it_is_resolved() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}/file", listener.local_addr().unwrap().port());
        let client = reqwest::Client::builder()
            .no_proxy()
            .dns_resolver(PublicOnly { guarded: |_| true })
            .build()
            .unwrap();
        let error = client.get(url).send().await.unwrap_err();
        let mut reason: Option<&dyn Error> = Some(&error);
        let mut refused = false;
        while let Some(error) = reason {
            refused |= error.is::<NotPublic>();
            reason = error.source();
        }
        assert!(refused, "{error:?}");
    }
}
