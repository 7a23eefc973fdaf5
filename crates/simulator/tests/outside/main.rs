//! The simulator seen from outside, over real loopback HTTP.

mod common;
mod demo_shop;
mod faults;
mod files;
mod limits;
mod statuses;
mod templates;
mod wire;
