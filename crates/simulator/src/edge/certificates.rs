//! A certificate authority that lives as long as the edge, and the certificates it signs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// What the certificate of every edge is good for. Names outside get one of their own when they are asked for.
const NAMES: &[&str] = &[
    "localhost",
    "127.0.0.1",
    "*.ngrok-free.app",
    "*.ngrok-free.dev",
    "*.ngrok.app",
    "*.ngrok.dev",
];
/// Certificates kept for names outside; more are signed anew each time.
const KEPT: usize = 64;

/// The authority and what it signed.
pub(super) struct Certificates {
    provider: Arc<CryptoProvider>,
    authority: CertifiedIssuer<'static, KeyPair>,
    common: Arc<CertifiedKey>,
    others: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Certificates")
    }
}

impl Certificates {
    pub(super) fn create() -> anyhow::Result<Self> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
            .distinguished_name
            .push(DnType::CommonName, "Simulated edge");
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let provider = Arc::new(ring::default_provider());
        let names = NAMES.iter().map(|name| (*name).to_owned()).collect();
        let common = sign(&authority, &provider, names)?;
        Ok(Self {
            provider,
            authority,
            common,
            others: Mutex::default(),
        })
    }

    pub(super) fn authority_pem(&self) -> String {
        self.authority.pem()
    }

    pub(super) fn server(self) -> anyhow::Result<ServerConfig> {
        let provider = Arc::clone(&self.provider);
        Ok(ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .context("no TLS version")?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(self)))
    }

    fn for_name(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = others.get(name) {
            return Some(Arc::clone(known));
        }
        let signed = sign(&self.authority, &self.provider, vec![name.to_owned()]).ok()?;
        if others.len() < KEPT {
            others.insert(name.to_owned(), Arc::clone(&signed));
        }
        Some(signed)
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        match hello.server_name() {
            // Who asks for an IP address names nobody.
            None => Some(Arc::clone(&self.common)),
            Some(name) if covered(name) => Some(Arc::clone(&self.common)),
            Some(name) => self.for_name(name),
        }
    }
}

/// Whether the common certificate is good for this name; a star stands for one label.
fn covered(name: &str) -> bool {
    NAMES.iter().any(|known| match known.strip_prefix('*') {
        Some(end) => name
            .strip_suffix(end)
            .is_some_and(|label| !label.is_empty() && !label.contains('.')),
        None => *known == name,
    })
}

fn sign(
    authority: &CertifiedIssuer<'static, KeyPair>,
    provider: &CryptoProvider,
    names: Vec<String>,
) -> anyhow::Result<Arc<CertifiedKey>> {
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(names)?.signed_by(&key, authority)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let chain = vec![certificate.der().clone()];
    Ok(Arc::new(CertifiedKey::from_der(chain, key, provider)?))
}
