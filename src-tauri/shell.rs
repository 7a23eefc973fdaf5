//! Puts the parts together: runtime, plugins, window, tray, engine.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use tauri::{App, AppHandle, Manager, RunEvent, WindowEvent};
use tauri_plugin_notification::NotificationExt;
use tracing_subscriber::EnvFilter;

use crate::files::HandIns;
use crate::opened::Opened;
use crate::opening::Opening;
use crate::options::Options;
use crate::quit::{self, Leaving};
use crate::rpc::FirstPaint;
use crate::{files, opened, rpc, tray, window};

/// Logged to stderr unless `RUST_LOG` says otherwise.
const LOGGED: &str = "info";
/// Whatever is asked for: these tell what goes through the tunnel, and logs are handed on.
const QUIET: [&str; 2] = ["ngrok=info", "muxado=warn"];
/// The single-instance name on the session bus, without its ending.
const BUS_NAME: &str = "app.deskbell";

/// Runs the app until it is quit. The exit code is 0 then, and 1 with a sentence on stderr when it could not start.
pub(crate) fn run(options: Options, started: Instant) -> ExitCode {
    if !has_display() {
        return refuse(
            "Deskbell needs a graphical session, and there is none here (DISPLAY and WAYLAND_DISPLAY are not set). Without a screen, use `deskbelld`.",
        );
    }
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOGGED));
    for directive in QUIET.iter().filter_map(|quiet| quiet.parse().ok()) {
        filter = filter.add_directive(directive);
    }
    let logging = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .try_init();
    if let Err(error) = logging {
        tracing::debug!(%error, "logging was set up already");
    }
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        tracing::debug!("TLS was set up already");
    }
    // GTK panics when there is a DISPLAY that nobody serves.
    let built = catch_unwind(AssertUnwindSafe(|| build(options, started)));
    let app = match built {
        Ok(Ok(app)) => app,
        Ok(Err(error)) => return refuse(&format!("Deskbell could not start: {error}.")),
        Err(_) => {
            return refuse(
                "Deskbell could not open a window on this screen. Is the graphical session still running?",
            );
        }
    };
    let code = app.run_return(|app, event| on_event(app, &event));
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

/// Says why the app does not start, where the starter can read it.
fn refuse(sentence: &str) -> ExitCode {
    // With stderr closed there is nobody to tell; the exit code still does.
    let _ = writeln!(std::io::stderr(), "{sentence}");
    ExitCode::FAILURE
}

/// Whether there is a screen to open a window on.
fn has_display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

fn build(options: Options, started: Instant) -> tauri::Result<App> {
    // The name counts on Linux; elsewhere one Deskbell runs at a time, whatever it shows.
    let single_instance = tauri_plugin_single_instance::Builder::new()
        .callback(|app, line, _folder| {
            // Started by the session, which asks nobody to look.
            if !line.iter().any(|word| word == "--hidden") {
                window::show(app);
            }
        })
        .dbus_id(bus_name(&options));
    let remembered = if options.demo {
        ".window-demo.json"
    } else {
        ".window.json"
    };
    tauri::Builder::default()
        .plugin(single_instance.build())
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(window::remembered())
                .with_filename(remembered)
                .build(),
        )
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_dialog::init())
        .manage(Leaving::default())
        .manage(HandIns::default())
        .manage(FirstPaint::since(started))
        .invoke_handler(tauri::generate_handler![
            rpc::rpc,
            rpc::painted,
            files::read_file,
            files::begin_hand_in,
            files::append_hand_in,
            files::finish_hand_in,
            files::drop_hand_in,
            files::save_file,
            files::save_text,
            opened::open_file,
            opened::browse,
        ])
        .setup(move |app| {
            set_up(app.handle(), &options);
            Ok(())
        })
        .build(context())
}

#[expect(clippy::exit, reason = "written by Tauri's macro")]
fn context() -> tauri::Context {
    tauri::generate_context!()
}

/// The name under which a second start finds the first. The demo shop, and an inbox in a folder of its own, stand
/// beside the user's own inbox instead of bringing that to the front.
fn bus_name(options: &Options) -> String {
    let demo = if options.demo { ".Demo" } else { "" };
    let folder = options.absolute_data_dir().map_or_else(String::new, |folder| {
        let mut hasher = DefaultHasher::new();
        folder.hash(&mut hasher);
        format!(".In{:016x}", hasher.finish())
    });
    format!("{BUS_NAME}{demo}{folder}")
}

/// Runs once the event loop turns: window first, so that the web view starts while the engine opens.
fn set_up(app: &AppHandle, options: &Options) {
    app.manage(Opening::new(app.clone(), options.clone()));
    app.manage(Opened::swept(app, &bus_name(options)));
    if let Err(error) = window::create(app, options.demo) {
        refuse(&format!("Deskbell could not open its window: {error}."));
        app.exit(1);
        return;
    }
    let opener = app.clone();
    tauri::async_runtime::spawn(async move {
        // Why it could not be opened is told by every answer to the page.
        let _ = opener.state::<Opening>().desk().await;
    });
    tauri::async_runtime::spawn(quit::on_signal(app.clone()));

    if !options.hidden {
        window::show(app);
    }
    let has_icon = tray::build(app);
    app.manage(HasIcon(has_icon));
    if options.hidden {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            if has_icon && tray::is_shown().await {
                tracing::info!("out of sight; the tray icon opens the window");
            } else {
                window::show(&app);
            }
        });
    }
    let front = app.clone();
    let heard = app.notification().on_action(move |_| window::show(&front));
    if let Err(error) = heard {
        tracing::warn!(%error, "a click on a notification will not be noticed");
    }
}

/// Whether the tray holds our icon.
#[derive(Debug)]
struct HasIcon(bool);

fn on_event(app: &AppHandle, event: &RunEvent) {
    match event {
        RunEvent::WindowEvent {
            event: WindowEvent::CloseRequested { api, .. },
            ..
        } => {
            api.prevent_close();
            tauri::async_runtime::spawn(close(app.clone()));
        }
        // Asked for by the system, not by `quit`.
        RunEvent::ExitRequested { code: None, api, .. } => {
            api.prevent_exit();
            quit::quit(app);
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        _ => {}
    }
}

/// The user closed the window: keep receiving behind the tray icon if there is one to be seen, else quit.
async fn close(app: AppHandle) {
    let has_icon = app.try_state::<HasIcon>().is_some_and(|icon| icon.0);
    if !has_icon || !tray::is_shown().await {
        quit::quit(&app);
    } else if let Some(Err(error)) = app.get_webview_window(window::MAIN).map(|window| window.hide()) {
        tracing::warn!(%error, "the window could not be hidden");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn name(line: &[&str]) -> String {
        bus_name(&Options::try_parse_from([&["deskbell"], line].concat()).unwrap())
    }

    #[test]
    fn a_second_start_finds_the_first_and_a_demo_stands_beside_it() {
        assert_eq!(name(&[]), "app.deskbell");
        assert_eq!(name(&["--hidden"]), name(&[]));
        assert_eq!(name(&["--demo"]), "app.deskbell.Demo");
        assert_eq!(name(&["--data-dir", "/a"]), name(&["--data-dir", "/a"]));
        assert_ne!(name(&["--data-dir", "/a"]), name(&["--data-dir", "/b"]));
    }
}
