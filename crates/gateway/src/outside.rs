//! Calls ourselves from outside, the way the provider will: through the public address, with the visit Meta pays to a
//! callback before it uses it (whatsapp-cloud-api, section 1.1).

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Certificate, Client, Response, StatusCode};
use std::error::Error as StdError;
use std::net::SocketAddr;
use std::time::Duration;
use url::{Host, Url};
use vault::Secret;

/// How long the call may take in all: what is slower counts as failed.
const TIME: Duration = Duration::from_secs(5);
/// How much of an answer is read, in bytes. Ours is a few digits; ngrok's page about an error is longer.
const LONGEST_ANSWER: usize = 64 * 1024;
/// What our own call says it is: no browser, so that ngrok shows no page in between, and not the provider.
pub(crate) const OWN_CALLER: &str = concat!("Deskbell/", env!("CARGO_PKG_VERSION"), " (own call)");

/// Where public names are looked for. By default where everybody looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Every public name is looked for at this address: for tests and the demo.
    pub server: Option<SocketAddr>,
    /// A certificate, in PEM, that is trusted besides those of the system.
    pub ca_pem: Option<Vec<u8>>,
}

/// Why our own call did not come back. Each is a sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutsideTrouble {
    /// The name of the address is unknown.
    #[error(
        "The internet does not know the name of the public address, so WhatsApp cannot call it. Check how it is spelled; \
         a new name may take some minutes to become known."
    )]
    UnknownName,
    /// Nobody is there.
    #[error(
        "Nobody answers at the public address, so WhatsApp cannot deliver messages. Check the tunnel, or whatever \
         forwards the address to this computer."
    )]
    NotReached {
        /// What the system said.
        detail: String,
    },
    /// The certificate is not one that everybody trusts.
    #[error(
        "The certificate of the public address is not valid, and WhatsApp does not deliver messages to such an address. \
         Renew the certificate, or use a tunnel."
    )]
    NotTrusted {
        /// What the system said.
        detail: String,
    },
    /// It took too long.
    #[error(
        "The public address takes longer than five seconds to answer, so WhatsApp may give up on messages. It is tried \
         again by itself; if it stays slow, choose another way to connect."
    )]
    TooSlow,
    /// The tunnel's provider answers in our place, with a page about an error.
    #[error(
        "ngrok answers in our place with the code {code}, so WhatsApp cannot deliver messages: {meaning}"
    )]
    TunnelAnswers {
        /// The code, such as `ERR_NGROK_3200`.
        code: String,
        /// What it means.
        meaning: &'static str,
    },
    /// Deskbell answers, but not with the challenge: this address or its verify token are not ours.
    #[error(
        "Somebody answers at the public address, but does not accept our verify token (status {status}). The address \
         leads to another program or another copy of Deskbell; check where it is forwarded to."
    )]
    WrongStatus {
        /// The status of the answer.
        status: u16,
    },
    /// Somebody else answers.
    #[error(
        "Somebody else answers at the public address, so WhatsApp would deliver messages to them. Check where the address \
         is forwarded to."
    )]
    SomebodyElse,
    /// The address is not one that can be called.
    #[error("The public address cannot be called as it is written. Enter it again.")]
    NotAnAddress,
}

/// Calls `url`, the whole address of an endpoint, as Meta does when it verifies one, and is content only with 200 and
/// exactly the challenge, within five seconds. The door does not take this for a visit of the provider's.
pub async fn call(url: &str, verify_token: &Secret, reach: &Reach) -> Result<(), OutsideTrouble> {
    tokio::time::timeout(TIME, visit(url, verify_token, reach))
        .await
        .unwrap_or(Err(OutsideTrouble::TooSlow))
}

async fn visit(url: &str, verify_token: &Secret, reach: &Reach) -> Result<(), OutsideTrouble> {
    let url = Url::parse(url).map_err(|_| OutsideTrouble::NotAnAddress)?;
    let client = client(&url, reach).map_err(|error| reason(&error))?;
    let challenge = challenge();
    let response = client
        .get(url)
        .query(&[
            ("hub.mode", "subscribe"),
            ("hub.challenge", &challenge),
            ("hub.verify_token", verify_token.expose()),
        ])
        .header("ngrok-skip-browser-warning", "1")
        .send()
        .await
        .map_err(|error| reason(&error))?;
    let status = response.status();
    let told = response
        .headers()
        .get("ngrok-error-code")
        .and_then(|code| code.to_str().ok())
        .map(str::to_owned);
    let body = read(response).await?;
    if status == StatusCode::OK && body == challenge {
        return Ok(());
    }
    // An answer of ours never speaks of ngrok.
    match told.or_else(|| code_in(&body)) {
        Some(code) => Err(OutsideTrouble::TunnelAnswers {
            meaning: meaning(&code),
            code: code.chars().take(40).collect(),
        }),
        None if status == StatusCode::OK => Err(OutsideTrouble::SomebodyElse),
        None => Err(OutsideTrouble::WrongStatus {
            status: status.as_u16(),
        }),
    }
}

fn client(url: &Url, reach: &Reach) -> reqwest::Result<Client> {
    // Fails when one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(OWN_CALLER)
        .connect_timeout(TIME)
        .timeout(TIME)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
        .dns_resolver(Names(reach.server));
    if reach.server.is_some() || is_loopback(url) {
        builder = builder.no_proxy();
    }
    if let Some(pem) = &reach.ca_pem {
        builder = builder.tls_certs_merge(Certificate::from_pem_bundle(pem)?);
    }
    builder.build()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// A number nobody can foretell, as Meta's challenges are.
fn challenge() -> String {
    getrandom::u64().map_or_else(|_| "1158201444".to_owned(), |number| number.to_string())
}

async fn read(mut response: Response) -> Result<String, OutsideTrouble> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| reason(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            body.truncate(LONGEST_ANSWER);
            break;
        }
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// Finds ngrok's code in a page of its own.
fn code_in(page: &str) -> Option<String> {
    let (_, after) = page.split_once("ERR_NGROK_")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then(|| format!("ERR_NGROK_{digits}"))
}

/// What a code means on the visitor's side (dependencies.md, section 1.4).
fn meaning(code: &str) -> &'static str {
    match code.strip_prefix("ERR_NGROK_").unwrap_or_default() {
        "3200" => {
            "the address is offline there. Right after connecting this lasts a few seconds; if it stays, another program \
             of this account has taken the address, or the tunnel is down."
        }
        "727" => {
            "this month's requests of the plan are used up. Take a larger plan, or choose another way to connect."
        }
        "702" | "703" | "714" | "718" | "734" => {
            "the plan's limit for a short time is reached. It passes by itself; a larger plan has a higher one."
        }
        "6024" => {
            "it shows a warning page to visitors first. WhatsApp is not shown one; if messages do not arrive, choose \
             another way to connect."
        }
        "3204" => {
            "a rule of the ngrok account checks webhooks and turned this one away. Remove that rule; Deskbell checks \
             them itself."
        }
        "3004" | "8012" => "it did not understand our answer. It is tried again by itself.",
        _ => "look the code up at ngrok.com/docs/errors.",
    }
}

/// The name of an address is unknown.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct UnknownName(std::io::Error);

/// Looks names up as the system does, or says one address for all.
struct Names(Option<SocketAddr>);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let server = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> = match server {
                Some(server) => vec![server],
                None => tokio::net::lookup_host((name.as_str(), 0))
                    .await
                    .map_err(UnknownName)?
                    .collect(),
            };
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn reason(error: &reqwest::Error) -> OutsideTrouble {
    if error.is_builder() {
        return OutsideTrouble::NotAnAddress;
    }
    let mut detail = String::new();
    // The first says the whole address, whose path is a secret of sorts.
    let mut cause = StdError::source(error);
    while let Some(error) = cause {
        if error.is::<UnknownName>() {
            return OutsideTrouble::UnknownName;
        }
        if let Some(rustls::Error::InvalidCertificate(_)) = tls(error) {
            return OutsideTrouble::NotTrusted {
                detail: error.to_string(),
            };
        }
        detail = error.to_string();
        cause = error.source();
    }
    if error.is_timeout() {
        return OutsideTrouble::TooSlow;
    }
    OutsideTrouble::NotReached {
        detail: detail.chars().take(300).collect(),
    }
}

/// Returns the TLS library's error that is one, or lies in the system's.
fn tls<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    if let Some(io) = error.downcast_ref::<std::io::Error>() {
        return io.get_ref().and_then(|inner| tls(inner));
    }
    error.downcast_ref::<rustls::Error>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ngroks_code_is_found_in_its_page() {
        let page = "<html><noscript>The endpoint x is offline. (ERR_NGROK_3200)</noscript></html>";
        assert_eq!(code_in(page).as_deref(), Some("ERR_NGROK_3200"));
        assert_eq!(code_in("ERR_NGROK_"), None);
        assert_eq!(code_in("1158201444"), None);
    }

    #[test]
    fn no_two_challenges_are_the_same() {
        assert_ne!(challenge(), challenge());
        assert!(challenge().bytes().all(|byte| byte.is_ascii_digit()));
    }
}
