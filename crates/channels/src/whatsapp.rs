//! Meta's WhatsApp Cloud API.

mod answer;
mod business;
mod call;
pub mod compose;
mod conversation;
mod download;
mod error_table;
pub mod errors;
mod graph;
mod guard;
mod lenient;
mod media;
mod noticed;
mod pace;
mod parse;
mod remedies;
mod repair;
mod request;
pub mod setup;
mod setup_words;
pub mod template;
mod upload;
mod usage;

pub use business::{BusinessProfile, ProfileChanges, ProfileFailure};
pub use call::{CallFailure, CallFailure as CheckFailure};
pub use compose::BrokenRule;
pub use conversation::ThreadAction;
pub use download::{DownloadFailure, Downloaded, MediaHosts, OddOrigin};
pub use graph::{Account, Graph, NotReady};
pub use media::{MediaInfo, is_media_id};
pub use parse::{canonical, is_json, parse};
pub use request::request_body;
pub use setup::{App, NumberState};
pub use upload::{FileToSend, UploadFailure};
pub use usage::{Pressure, Usage, UsageLine};

/// The longest text that is taken, in characters (whatsapp-cloud-api, section 5.3). Whether code points or UTF-16 units
/// are meant is not documented; count the stricter.
pub const LONGEST_TEXT: usize = 4_096;

/// Where Meta's Graph API is.
pub const DEFAULT_GRAPH_URL: &str = "https://graph.facebook.com";

/// The version of the Graph API that is spoken (whatsapp-cloud-api, section 10).
pub const DEFAULT_GRAPH_VERSION: &str = "v25.0";
