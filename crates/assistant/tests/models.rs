//! The language-model clients against servers played over real loopback HTTP: what they understand, what they survive,
//! and which bytes leave.

#![expect(clippy::expect_used, reason = "a test that cannot be set up should say so")]

#[path = "models/anthropic.rs"]
mod anthropic;
#[path = "models/asking.rs"]
mod asking;
#[path = "models/common.rs"]
mod common;
#[path = "models/ladder.rs"]
mod ladder;
#[path = "models/limits.rs"]
mod limits;
#[path = "models/local.rs"]
mod local;
#[path = "models/privacy.rs"]
mod privacy;
#[path = "models/troubles.rs"]
mod troubles;
