//! The one window.

use std::sync::atomic::{AtomicBool, Ordering};

use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{AppHandle, Manager, Theme, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Wry};
use tauri_plugin_window_state::StateFlags;

use crate::microphone;

/// The label of the window, as in the capability of `tauri.conf.json`.
pub(crate) const MAIN: &str = "main";

/// The page's own ground, `--bg` of its tokens, so that nothing flashes before the first paint.
const LIGHT: Color = Color(0xf4, 0xf5, 0xf7, 0xff);
const DARK: Color = Color(0x0f, 0x12, 0x18, 0xff);

/// What is remembered of the window from one start to the next. Not whether it was visible: a start shows it.
pub(crate) fn remembered() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN
}

/// Creates the window, not yet shown. The page in it can go nowhere: no other address, no second window, no
/// download, no camera, no place; of all that may be asked for it is given the microphone.
pub(crate) fn create(app: &AppHandle, demo: bool) -> tauri::Result<WebviewWindow> {
    app.manage(Demo(AtomicBool::new(demo)));
    let window = WebviewWindowBuilder::<Wry, _>::new(app, MAIN, WebviewUrl::default())
        .title(title("", demo))
        .inner_size(1200.0, 780.0)
        .min_inner_size(360.0, 480.0)
        .prevent_overflow()
        .center()
        .visible(false)
        .devtools(cfg!(debug_assertions))
        .on_navigation(|address| {
            let ours = is_ours(address);
            if !ours {
                tracing::warn!(scheme = address.scheme(), "the page wanted to leave; refused");
            }
            ours
        })
        // The page counts what needs its user there, and a task bar shows it.
        .on_document_title_changed(|window, page| {
            let demo = window.state::<Demo>().0.load(Ordering::Relaxed);
            entitle(&window, &page, demo);
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|webview, kind| {
            if microphone::may_listen(kind) && webview.url().is_ok_and(|address| is_ours(&address)) {
                PermissionResponse::Allow
            } else {
                PermissionResponse::Deny
            }
        })
        .build()?;
    microphone::switch_on(&window);
    let ground = if window.theme()? == Theme::Dark {
        DARK
    } else {
        LIGHT
    };
    window.set_background_color(Some(ground))?;
    Ok(window)
}

/// Whether an address is the page itself.
fn is_ours(address: &Url) -> bool {
    let host = address.host_str();
    match address.scheme() {
        "tauri" => host == Some("localhost"),
        // Windows serves the bundled page under this name.
        "http" | "https" if host == Some("tauri.localhost") => cfg!(windows),
        // Vite, while developing.
        "http" => tauri::is_dev() && host == Some("127.0.0.1") && address.port() == Some(1420),
        _ => false,
    }
}

/// Brings the window before the user's eyes, wherever it was.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    let shown = window
        .show()
        .and_then(|()| window.unminimize())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}

/// Whether the user works in the window right now. When in doubt, no.
pub(crate) fn is_focused(app: &AppHandle) -> bool {
    app.get_webview_window(MAIN)
        .is_some_and(|window| window.is_visible().unwrap_or(false) && window.is_focused().unwrap_or(false))
}

/// Whether the window shows the demo shop.
#[derive(Debug)]
struct Demo(AtomicBool);

/// Hears whether the window shows the demo shop from now on, which its title says.
pub(crate) fn shows_demo(app: &AppHandle, demo: bool) {
    let before = app.state::<Demo>().0.swap(demo, Ordering::Relaxed);
    if let (true, Some(window)) = (before != demo, app.get_webview_window(MAIN)) {
        entitle(&window, "", demo);
    }
}

fn entitle(window: &WebviewWindow, page: &str, demo: bool) {
    if let Err(error) = window.set_title(&title(page, demo)) {
        tracing::warn!(%error, "the window could not be renamed");
    }
}

fn title(page: &str, demo: bool) -> String {
    let page = if page.is_empty() { "Deskbell" } else { page };
    if demo {
        format!("{page} — Demo")
    } else {
        page.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_says_what_waits_and_whether_it_is_the_demo() {
        assert_eq!(title("", false), "Deskbell");
        assert_eq!(title("(3) Deskbell", true), "(3) Deskbell — Demo");
    }

    #[test]
    fn the_page_goes_nowhere_but_home() {
        let ours = |address: &str| is_ours(&address.parse().unwrap());
        assert!(ours("tauri://localhost/index.html"));
        for elsewhere in [
            "https://example.org/",
            "tauri://example.org/",
            "http://localhost:1420/",
            "http://127.0.0.1:1421/",
            "file:///etc/hostname",
            "data:text/html,hello",
            "javascript:alert(1)",
            "about:blank",
        ] {
            assert!(!ours(elsewhere), "{elsewhere}");
        }
    }
}
