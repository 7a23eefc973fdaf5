//! The edge, asked by ngrok's own client and by ordinary visitors.

mod agent;
mod faults;
mod names;
mod visitors;
