//! The knowledge base: files become passages, questions find them, and an answer is a few sentences that stand there.
//!
//! Files come from strangers, so nothing here trusts them: what needs a parser of its own runs in a child process
//! with limits ([`extract_in_child`]). What is found is quoted, never put into other words, and everything a
//! customer could be misled by (a price, a time, an address that is not there) makes it a draft instead.

mod answer;
mod asked;
mod asked_signs;
mod asked_words;
mod block;
mod chunk;
mod extract;
mod facts;
mod hour_words;
mod hours;
mod pairs;
mod query;
mod rescore;
mod sentences;
mod terms;

pub use answer::{Doubt, Extract, Found, answer};
pub use asked::Asked;
pub use block::{Block, Extracted};
pub use chunk::{Piece, past_replies, pieces};
pub use extract::{Limits, Trouble, child_main, extract, extract_in_child, kind_of_name, typed};
pub use facts::{Facts, Filled, Unfilled, fill};
pub use hours::{Hours, HoursTrouble, Interval};
pub use query::{Frequencies, Ranked, fuse, query};
pub use rescore::{SECOND_LOOK, rescore};
pub use terms::search_texts;
