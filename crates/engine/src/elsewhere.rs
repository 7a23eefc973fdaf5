//! Other servers than the providers' own, for tests and for networks that look into TLS.

use gateway::tunnel::NgrokServer;
use std::path::{Path, PathBuf};

/// A certificate file that could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the certificate {} cannot be read: {source}; name a file in PEM form", path.display())]
pub struct CertificateUnreadable {
    /// The file.
    path: PathBuf,
    /// Why.
    source: std::io::Error,
}

/// Names a tunnel server, with the certificate authority in the file `ca` besides ngrok's own.
pub fn ngrok_server(addr: String, ca: Option<&Path>) -> Result<NgrokServer, CertificateUnreadable> {
    let ca_pem = match ca {
        Some(path) => std::fs::read(path).map_err(|source| CertificateUnreadable {
            path: path.to_owned(),
            source,
        })?,
        None => Vec::new(),
    };
    Ok(NgrokServer { addr, ca_pem })
}
