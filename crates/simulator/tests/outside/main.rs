//! The simulator seen from outside, over real loopback HTTP.

mod art;
mod callbacks;
mod common;
mod demo_shop;
mod edge;
mod faults;
mod fields;
mod files;
mod guests;
mod limits;
mod management;
mod messages;
mod settings;
mod statuses;
mod templates;
mod wire;
