//! Files: what they are, what they may be called, how they are made safe to show and fit to send.
//!
//! Nothing here knows a network or a database, and nothing here is async: reading a picture takes a while, so callers
//! put it on a thread for blocking work. What strangers sent is an answer or an error, never a panic, and costs a
//! bounded amount of memory.

mod clean;
mod fit;
mod look;
mod name;
pub mod outbound;
mod room;
mod sniff;
mod sum;
mod voice;

pub use clean::{CleanError, without_metadata};
pub use fit::{FitError, Fitted, fit_photo};
pub use look::{Look, Thumbnail, look};
pub use name::safe_name;
pub use outbound::{Rule, check_outbound, check_sticker, kind_for};
pub use room::{Incoming, IncomingError, Room, Stored, sweep_folder};
pub use sniff::{Family, HEAD, Sniffed, announced, sniff, sniff_file};
pub use sum::Sha256Sum;
pub use voice::{Voice, VoiceError, voice_note, wav_of_opus, waveform};
