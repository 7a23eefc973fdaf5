//! Which skill a customer asks for: a matcher that is trained on the owner's examples in a moment, without a model.

mod bands;
mod calibration;
mod features;
mod matcher;
mod parts;
mod planes;
mod rehearsal;
mod spelling;

pub use bands::{Band, Bands, Choice, Consideration, did_you_mean};
pub use matcher::{Label, Match, Matcher, Nearest};
