//! How the internet reaches this computer.
//!
//! A [`Tunnel`] runs one session at a time and knows nothing of tomorrow; [`Keeper`] opens it again when it ends,
//! waits in between, and says how it stands. Permanent errors end that, with a sentence.

mod cloudflared;
mod config;
mod detect;
mod dial;
mod keep;
mod ngrok;
mod own_url;
mod pipe;
mod program;
mod status;
mod tailscale;
mod wait;

pub use cloudflared::{Cloudflared, NamedTunnel};
pub use config::{TunnelConfig, UnfitAddress, public_url};
pub use detect::{Detected, detect, detect_in};
pub use keep::{Counters, Keeper};
pub use ngrok::{Dialed, Dialer, Ngrok, NgrokServer};
pub use own_url::OwnUrl;
pub use pipe::Pipe;
pub use status::{TroubleClass, TunnelPhase, TunnelStatus, TunnelTrouble};
pub use tailscale::Tailscale;

use crate::server::Street;
use keep::Report;
use std::fmt;
use std::pin::Pin;
use tokio_util::sync::CancellationToken;

/// A session of a tunnel under way.
pub type Session<'a> = Pin<Box<dyn Future<Output = Ended> + Send + 'a>>;

/// A way for the internet to reach this computer.
pub trait Tunnel: Send + Sync + fmt::Debug {
    /// Opens the tunnel, says through `report` when it is online, and serves on `street` what comes through until it
    /// ends or `cancel` is cancelled. Never opens it a second time. Nothing is left behind, also when it is dropped.
    fn session<'a>(
        &'a self,
        street: &'a Street,
        report: &'a Report,
        cancel: CancellationToken,
    ) -> Session<'a>;
}

/// Why a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// We wanted it to.
    Left,
    /// It is to be opened again at once: somebody asked for that at the other side.
    Again,
    /// Something went wrong.
    Trouble(TunnelTrouble),
}
