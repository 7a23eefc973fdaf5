//! Deskbell as a desktop app: the engine of `crates/api` behind one window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod events;
mod files;
mod light;
mod microphone;
mod notify;
mod opened;
mod opening;
mod options;
mod quit;
mod rpc;
mod shell;
mod tray;
mod window;

use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    if let Some(code) = engine::extract_if_asked() {
        return code;
    }
    let started = Instant::now();
    match options::Options::parse() {
        Ok(options) => shell::run(options, started),
        Err(answered) => answered,
    }
}
