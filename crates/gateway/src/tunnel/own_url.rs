//! An address of the owner's own: something else forwards it to a port of this computer.

use super::keep::Report;
use super::{Ended, Session, TroubleClass, Tunnel, TunnelTrouble, public_url};
use crate::server::Street;
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// An address of the owner's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnUrl {
    /// The public address, as [`public_url`] returns it.
    pub url: String,
    /// The port that the owner's own forwarding leads to: on this computer only, unless the owner asks for more.
    /// `None` when somebody else listens there already.
    pub listen: Option<SocketAddr>,
}

impl Tunnel for OwnUrl {
    fn session<'a>(
        &'a self,
        street: &'a Street,
        report: &'a Report,
        cancel: CancellationToken,
    ) -> Session<'a> {
        Box::pin(async move {
            let url = match public_url(&self.url) {
                Ok(url) => url,
                Err(unfit) => {
                    return Ended::Trouble(TunnelTrouble::new(TroubleClass::Permanent, unfit.to_string()));
                }
            };
            let listener = match self.listen {
                None => None,
                Some(address) => match listen(address).await {
                    Ok(listener) => Some(listener),
                    Err(trouble) => return Ended::Trouble(trouble),
                },
            };
            report.online(&url);
            match listener {
                Some(listener) => street.counted().serve(listener, cancel).await,
                None => cancel.cancelled().await,
            }
            Ended::Left
        })
    }
}

/// Listens at a port of this computer.
pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, TunnelTrouble> {
    TcpListener::bind(address).await.map_err(|error| {
        let port = address.port();
        let (class, words) = match error.kind() {
            io::ErrorKind::AddrInUse => (
                TroubleClass::Slow,
                format!(
                    "Another program uses port {port} of this computer, so customers' messages cannot come in. \
                     End that program, or choose another port."
                ),
            ),
            io::ErrorKind::AddrNotAvailable => (
                TroubleClass::Slow,
                format!(
                    "This computer does not have the address {} at the moment, so customers' messages cannot come in. \
                     Connect it to that network, or choose another address to listen at.",
                    address.ip()
                ),
            ),
            io::ErrorKind::PermissionDenied => (
                TroubleClass::Permanent,
                format!(
                    "This computer does not let Deskbell use port {port}, so customers' messages cannot come in. \
                     Choose a port above 1024."
                ),
            ),
            _ => (
                TroubleClass::Passing,
                format!("Port {port} of this computer could not be opened, so customers' messages cannot come in. It is tried again by itself."),
            ),
        };
        TunnelTrouble::new(class, words).detail(&error.to_string())
    })
}
