//! The simulator seen from outside, over real loopback HTTP.

mod common;
mod demo_shop;
mod faults;
mod statuses;
mod wire;
