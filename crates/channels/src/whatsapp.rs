//! Meta's WhatsApp Cloud API.

mod answer;
mod error_table;
pub mod errors;
mod graph;
mod lenient;
mod message;
mod parse;
mod repair;
mod request;

pub use graph::{Account, CheckFailure, Graph, NotReady, NumberState};
pub use parse::{is_json, parse};
pub use request::request_body;

/// Where Meta's Graph API is.
pub const DEFAULT_GRAPH_URL: &str = "https://graph.facebook.com";

/// The version of the Graph API that is spoken (whatsapp-cloud-api, section 10).
pub const DEFAULT_GRAPH_VERSION: &str = "v25.0";
