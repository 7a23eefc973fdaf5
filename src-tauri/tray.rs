//! The icon in the tray, where there is a tray.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tauri::menu::{MenuBuilder, MenuItemBuilder};
use tauri::tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager};

use crate::{light, quit, window};

/// The name of the icon.
pub(crate) const ID: &str = "deskbell";

/// Puts the icon into the tray. Returns whether it was possible; without it the app works all the same.
pub(crate) fn build(app: &AppHandle) -> bool {
    #[cfg(target_os = "linux")]
    if !linux::library_is_there() {
        tracing::info!("no tray icon: libayatana-appindicator3 is not installed");
        return false;
    }
    // A library that is there but cannot be loaded makes the binding panic.
    match catch_unwind(AssertUnwindSafe(|| icon(app))) {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, "no tray icon");
            false
        }
        Err(_) => {
            tracing::warn!("no tray icon: its library could not be loaded");
            false
        }
    }
}

fn icon(app: &AppHandle) -> tauri::Result<()> {
    let line = MenuItemBuilder::with_id("standing", "Starting").build(app)?;
    let open = MenuItemBuilder::with_id("open", "Open Deskbell").build(app)?;
    let end = MenuItemBuilder::with_id("quit", "Quit").build(app)?;
    let menu = MenuBuilder::new(app)
        .item(&line)
        .separator()
        .item(&open)
        .item(&end)
        .build()?;
    let mut tray = TrayIconBuilder::with_id(ID)
        .tooltip("Deskbell")
        .menu(&menu)
        // Linux gives no clicks, only the menu.
        .show_menu_on_left_click(cfg!(target_os = "linux"))
        .on_menu_event(|app, event| match event.id().as_ref() {
            "standing" | "open" => window::show(app),
            "quit" => quit::quit(app),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                window::show(tray.app_handle());
            }
        });
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(app)?;
    app.manage(light::Line(line));
    Ok(())
}

/// Whether somebody shows tray icons at this moment. When in doubt, no: a window hidden where nothing can bring it
/// back would be lost to its user.
pub(crate) async fn is_shown() -> bool {
    #[cfg(target_os = "linux")]
    return linux::host_is_there().await;
    #[cfg(not(target_os = "linux"))]
    return true;
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    /// A session bus answers in a millisecond; longer than this, something is wrong with it.
    const PATIENCE: Duration = Duration::from_millis(500);

    /// The libraries the tray icon can be shown with, as libappindicator-sys looks for them.
    const LIBRARIES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];

    /// Whether one of them lies where the loader looks.
    pub(super) fn library_is_there() -> bool {
        let named = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
        std::env::split_paths(&named)
            .filter(|path| path.is_absolute())
            .chain(usual_places())
            .any(|place| holds_one(&place))
    }

    /// The folders of Debian's, Fedora's and Arch's loaders, and of Flatpak.
    fn usual_places() -> impl Iterator<Item = PathBuf> {
        let arch = std::env::consts::ARCH;
        ["/usr/lib", "/lib", "/usr/local/lib", "/app/lib"]
            .into_iter()
            .flat_map(move |root| {
                [
                    PathBuf::from(format!("{root}/{arch}-linux-gnu")),
                    PathBuf::from(format!("{root}64")),
                    PathBuf::from(root),
                ]
            })
    }

    pub(super) fn holds_one(place: &Path) -> bool {
        LIBRARIES.iter().any(|library| place.join(library).exists())
    }

    /// Asks the session bus whether a host has signed up to show icons.
    pub(super) async fn host_is_there() -> bool {
        match tokio::time::timeout(PATIENCE, ask()).await {
            Ok(Ok(there)) => there,
            Ok(Err(error)) => {
                tracing::debug!(%error, "no tray");
                false
            }
            Err(_) => false,
        }
    }

    async fn ask() -> zbus::Result<bool> {
        const WATCHER: &str = "org.kde.StatusNotifierWatcher";
        let bus = zbus::Connection::session().await?;
        let answer = bus
            .call_method(
                Some(WATCHER),
                "/StatusNotifierWatcher",
                Some("org.freedesktop.DBus.Properties"),
                "Get",
                &(WATCHER, "IsStatusNotifierHostRegistered"),
            )
            .await?;
        let value: zbus::zvariant::OwnedValue = answer.body().deserialize()?;
        Ok(bool::try_from(value)?)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::linux::holds_one;

    #[test]
    fn a_folder_without_the_library_gives_no_tray() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!holds_one(folder.path()));
        std::fs::write(folder.path().join("libayatana-appindicator3.so.1"), "").unwrap();
        assert!(holds_one(folder.path()));
    }
}
