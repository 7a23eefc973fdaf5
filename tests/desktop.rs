//! Tests of the real window: what a user would notice, on a screen, a session bus and a keychain of their own.
//! They need the packages xvfb, dbus, gnome-keyring, webkit2gtk-driver and fonts-noto-color-emoji.
#![cfg(target_os = "linux")]
#![expect(
    clippy::indexing_slicing,
    reason = "an index that is out of bounds is a failed test"
)]
#![expect(unreachable_pub, reason = "the modules below are only for these tests")]

#[expect(clippy::used_underscore_binding, reason = "zbus passes every argument on")]
#[path = "desktop/bus.rs"]
mod bus;
#[path = "desktop/page.rs"]
mod page;
#[path = "desktop/screen.rs"]
mod screen;
#[path = "desktop/stage.rs"]
mod stage;

#[path = "desktop/assistant.rs"]
mod assistant;
#[path = "desktop/inbox.rs"]
mod inbox;
#[path = "desktop/life.rs"]
mod life;
#[path = "desktop/setup.rs"]
mod setup;
#[path = "desktop/town.rs"]
mod town;
#[path = "desktop/walls.rs"]
mod walls;
