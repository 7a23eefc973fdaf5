//! Where a model server is: which addresses may be used at all, and which of them stay in the house.

use super::trouble::{Trouble, TroubleKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// The address of a model server the owner chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    base: Url,
    name: String,
    reach: Reach,
}

/// How far a question travels to get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// It stays on this computer.
    Computer,
    /// It stays in this network.
    Network,
    /// It leaves the house.
    World,
}

/// Hosts whose owners are known by another name.
const KNOWN: &[(&str, &str)] = &[
    ("api.openai.com", "OpenAI"),
    ("api.anthropic.com", "Anthropic"),
    ("openrouter.ai", "OpenRouter"),
    ("api.groq.com", "Groq"),
    ("api.mistral.ai", "Mistral"),
    ("generativelanguage.googleapis.com", "Google"),
    ("ollama.com", "Ollama Cloud"),
];

impl Place {
    /// Reads the base address of a server, such as `https://api.openai.com/v1` or `http://127.0.0.1:11434/v1`.
    ///
    /// Anything that leaves this computer's network must be `https`, since customers' words travel there. An address
    /// must not hold a password, which would end up in logs.
    pub fn parse(text: &str) -> Result<Self, Trouble> {
        let bad = |words: &str| Err(Trouble::new(TroubleKind::Address, words));
        let Ok(base) = Url::parse(text.trim()) else {
            return bad("This is no web address. It begins with https:// and names a server.");
        };
        if !base.username().is_empty() || base.password().is_some() {
            return bad(
                "The address holds a name or a password. Leave it out and enter the key in its own field.",
            );
        }
        if base.query().is_some() || base.fragment().is_some() {
            return bad("The address goes on after a ? or #. Leave that part out.");
        }
        let Some(host) = base.host() else {
            return bad("This is no web address. It begins with https:// and names a server.");
        };
        let reach = reach(&host);
        match (base.scheme(), reach) {
            ("https", _) | ("http", Reach::Computer | Reach::Network) => {}
            ("http", Reach::World) => {
                return bad(
                    "Customers' words may leave this network only encrypted. Use an address that begins with https://, \
                     or the number of a computer in your own network.",
                );
            }
            _ => return bad("This is no web address. It begins with https:// and names a server."),
        }
        let name = name(&base, reach);
        Ok(Self { base, name, reach })
    }

    /// The same place under the name the owner gave it.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..self
        }
    }

    /// What it is called in sentences.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its address, as it was given.
    pub fn address(&self) -> &str {
        self.base.as_str()
    }

    /// Whether what is sent there stays on this computer or in its own network.
    pub fn is_local(&self) -> bool {
        self.reach != Reach::World
    }

    /// The address of something below it.
    pub(super) fn below(&self, path: &[&str]) -> Option<Url> {
        let mut url = self.base.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(path);
        Some(url)
    }

    /// The address of something at the root of the same server.
    pub(super) fn at_root(&self, path: &[&str]) -> Option<Url> {
        let mut url = self.base.clone();
        url.path_segments_mut().ok()?.clear().extend(path);
        Some(url)
    }

    /// The host, when it is a name that always means this computer.
    pub(super) fn own_name(&self) -> Option<&str> {
        match self.base.host() {
            Some(Host::Domain(name)) if is_own_name(name) => Some(name),
            _ => None,
        }
    }

    /// The trouble of nobody answering there.
    pub(super) fn silent(&self) -> Trouble {
        match self.reach {
            Reach::Computer => Trouble::new(
                TroubleKind::NotStarted,
                format!("{} does not answer. Is it started?", self.name),
            ),
            Reach::Network => Trouble::new(
                TroubleKind::NotStarted,
                format!(
                    "{} does not answer. Is that computer on, and is its model server started?",
                    self.name
                ),
            ),
            Reach::World => Trouble::new(
                TroubleKind::Offline,
                format!(
                    "{} cannot be reached. Check the internet connection; until then the assistant answers from skills \
                     and knowledge.",
                    self.name
                ),
            ),
        }
    }
}

fn name(base: &Url, reach: Reach) -> String {
    let host = base.host_str().unwrap_or_default();
    if let Some((_, name)) = KNOWN.iter().find(|(known, _)| *known == host) {
        return (*name).to_owned();
    }
    match (reach, base.port()) {
        (Reach::Computer, Some(11_434)) => "Ollama".to_owned(),
        (Reach::Computer, Some(1_234)) => "LM Studio".to_owned(),
        (_, Some(port)) => format!("{host}:{port}"),
        (_, None) => host.to_owned(),
    }
}

fn reach(host: &Host<&str>) -> Reach {
    match host {
        Host::Domain(name) if is_own_name(name) => Reach::Computer,
        Host::Domain(_) => Reach::World,
        Host::Ipv4(address) => reach_of(IpAddr::V4(*address)),
        Host::Ipv6(address) => reach_of(IpAddr::V6(*address)),
    }
}

/// A name can lead anywhere tomorrow, except these (RFC 6761, section 6.3).
fn is_own_name(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

fn reach_of(address: IpAddr) -> Reach {
    match address.to_canonical() {
        IpAddr::V4(address) if address.is_loopback() => Reach::Computer,
        IpAddr::V6(address) if address.is_loopback() => Reach::Computer,
        IpAddr::V4(address) if is_private_v4(address) => Reach::Network,
        IpAddr::V6(address) if is_private_v6(address) => Reach::Network,
        _ => Reach::World,
    }
}

/// Link-local addresses are left out on purpose: in a cloud they hand out credentials.
const fn is_private_v4(address: Ipv4Addr) -> bool {
    address.is_private()
}

/// Unique local addresses (RFC 4193).
const fn is_private_v6(address: Ipv6Addr) -> bool {
    address.segments()[0] & 0xfe00 == 0xfc00
}

/// Whether a model of a local Ollama is one that its maker's cloud runs: the question then leaves the house although
/// the address is local. Such models end in `cloud`, as `gpt-oss:120b-cloud` or `kimi-k2.6:cloud` do (ollama.com, cloud models).
pub fn runs_elsewhere(model: &str) -> bool {
    let tag = model.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    model.contains(':') && (tag == "cloud" || tag.ends_with("-cloud"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_words_leave_the_house_only_encrypted() {
        for address in [
            "http://api.openai.com/v1",
            "http://example.org:11434/v1",
            "http://8.8.8.8/v1",
            "http://169.254.169.254/latest",
            "http://localhost.example.org/v1",
            "http://notlocalhost/v1",
            "http://0x08080808/v1",
            "ftp://127.0.0.1/",
            "file:///etc/passwd",
            "127.0.0.1:11434",
            "",
            "https://",
            "https://me:secret@api.openai.com/v1",
            "https://api.openai.com/v1?key=secret",
            "https://api.openai.com/v1#x",
        ] {
            let trouble = Place::parse(address).expect_err(address);
            assert_eq!(trouble.kind, TroubleKind::Address, "{address}");
            assert!(!trouble.words.contains("secret"), "{address}");
        }
    }

    #[test]
    fn only_this_computer_and_its_own_network_count_as_local() {
        for (address, local) in [
            ("http://127.0.0.1:11434/v1", true),
            ("http://localhost:1234/v1", true),
            ("http://[::1]:1234/v1", true),
            ("http://[::ffff:127.0.0.1]:1234/v1", true),
            ("http://192.168.1.20:8000/v1/", true),
            ("http://10.0.0.7/v1", true),
            ("http://[fd12::1]/v1", true),
            ("https://192.168.1.20/v1", true),
            ("https://api.openai.com/v1", false),
            ("https://8.8.8.8/v1", false),
            ("https://100.64.0.1/v1", false),
        ] {
            assert_eq!(Place::parse(address).unwrap().is_local(), local, "{address}");
        }
    }

    #[test]
    fn a_server_is_called_by_the_name_its_owner_knows() {
        let name = |address: &str| Place::parse(address).unwrap().name().to_owned();
        assert_eq!(name("https://api.openai.com/v1"), "OpenAI");
        assert_eq!(name("http://localhost:11434/v1"), "Ollama");
        assert_eq!(name("http://127.0.0.1:1234/v1"), "LM Studio");
        assert_eq!(name("https://llm.example.org:8443/v1"), "llm.example.org:8443");
    }

    #[test]
    fn a_path_is_joined_whether_or_not_the_address_ends_in_a_slash() {
        for address in ["http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1/"] {
            let url = Place::parse(address)
                .unwrap()
                .below(&["chat", "completions"])
                .unwrap();
            assert_eq!(url.as_str(), "http://127.0.0.1:1/v1/chat/completions");
        }
    }

    #[test]
    fn a_model_of_ollamas_cloud_is_not_local_although_the_address_is() {
        for model in ["gpt-oss:120b-cloud", "kimi-k2.6:cloud", "qwen3-coder:480B-Cloud"] {
            assert!(runs_elsewhere(model), "{model}");
        }
        for model in ["llama3.2:3b", "cloudy", "my-cloud", "cloud:7b"] {
            assert!(!runs_elsewhere(model), "{model}");
        }
    }
}
