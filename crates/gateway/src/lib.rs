//! The front door: the webhook server.
//!
//! A post is read as bytes, verified, stored, and answered with 200 only when it is on disk. Nothing here looks into
//! it; that is the work of ingest, afterwards.

mod door;
mod refusals;
mod seats;
mod server;

pub use door::{Door, Doorplate, Now};
pub use server::{MAX_BODY, MAX_CONNECTIONS, serve};
