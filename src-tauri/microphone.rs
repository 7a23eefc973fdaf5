//! The microphone, for voice notes. Nothing else the page may ask for is ever given.

use tauri::WebviewWindow;
use tauri::webview::PermissionKind;

/// Whether the page is given what it asks for: the microphone, and that alone. macOS ends a program that listens
/// without having said why in its bundle, and we make none for it yet.
pub(crate) fn may_listen(kind: PermissionKind) -> bool {
    matches!(kind, PermissionKind::Microphone) && !cfg!(target_os = "macos")
}

/// Lets the page ask at all: `WebKitGTK` hides microphones from it by default. Where that fails, the page sees no
/// microphone and says so.
#[cfg(target_os = "linux")]
pub(crate) fn switch_on(window: &WebviewWindow) {
    use webkit2gtk::{SettingsExt as _, WebViewExt as _};

    let switched = window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_enable_media_stream(true);
        }
    });
    if let Err(error) = switched {
        tracing::warn!(%error, "voice notes cannot be recorded in this window");
    }
}

/// Other web views show their microphones.
#[cfg(not(target_os = "linux"))]
pub(crate) fn switch_on(_: &WebviewWindow) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_given_the_microphone_and_nothing_else() {
        assert_eq!(
            may_listen(PermissionKind::Microphone),
            cfg!(not(target_os = "macos"))
        );
        for kind in [
            PermissionKind::Camera,
            PermissionKind::DisplayCapture,
            PermissionKind::Geolocation,
            PermissionKind::Notifications,
            PermissionKind::Other,
        ] {
            assert!(!may_listen(kind));
        }
    }
}
