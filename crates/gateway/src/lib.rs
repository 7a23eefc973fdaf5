//! The front door: the webhook server, and the tunnels through which the internet reaches it.
//!
//! A post is read as bytes, verified, stored, and answered with 200 only when it is on disk. Nothing here looks into
//! it; that is the work of ingest, afterwards.

mod door;
mod meter;
pub mod outside;
mod refusals;
mod seats;
mod server;
pub mod tunnel;

pub use door::{Door, Doorplate, Now};
pub use meter::Meter;
pub use server::{MAX_BODY, MAX_CONNECTIONS, Street, serve};
