//! What other programs of this computer open for the page: harmless files, and web pages.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};

use api::{ApiError, ErrorCode, FileAnswer, FileForm};
use tauri::{AppHandle, Manager, State, Url};

use crate::files::{copy, refused};
use crate::opening::Opening;

/// Where copies of files lie that other programs have opened; nobody else can look into it.
#[derive(Debug)]
pub(crate) struct Opened(Option<PathBuf>);

impl Opened {
    /// Takes the place for the app called `name`, and throws away what earlier starts have left there.
    pub(crate) fn swept(app: &AppHandle, name: &str) -> Self {
        let place = app
            .path()
            .app_cache_dir()
            .ok()
            .map(|cache| cache.join("opened").join(name));
        if let Some(place) = &place
            && let Err(error) = std::fs::remove_dir_all(place)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "copies of opened files could not be thrown away");
        }
        Self(place)
    }
}

/// Opens a file with the computer's own program for it. What could run something, or is of no known harmless sort, is
/// refused, whatever the page thinks of it.
#[tauri::command]
pub(crate) async fn open_file(
    opening: State<'_, Opening>,
    opened: State<'_, Opened>,
    id: String,
) -> Result<(), ApiError> {
    let file = opening.desk().await?.file(&id, FileForm::Whole).await?;
    if !file.may_be_opened() {
        return Err(refused(
            ErrorCode::BadRequest,
            "Deskbell does not open this file, because it could run something on your computer. Save it if you know what it is and trust who sent it.",
        ));
    }
    let place = opened.0.clone().ok_or_else(nowhere)?;
    tokio::task::spawn_blocking(move || show(file, &place))
        .await
        .map_err(io::Error::other)
        .flatten()
        .map_err(|error| {
            tracing::warn!(%error, "a file could not be opened");
            nowhere()
        })
}

fn nowhere() -> ApiError {
    refused(
        ErrorCode::NotNow,
        "The file could not be opened: no program was found for it, or there was no room for a copy. Save it and open it from there.",
    )
}

fn show(file: FileAnswer, place: &Path) -> io::Result<()> {
    let copied = copied(file, place)?;
    tauri_plugin_opener::open_path(&copied, None::<&str>).map_err(io::Error::other)
}

/// Makes a copy under the file's own name: the original is called by its content, and no program may change it.
fn copied(file: FileAnswer, place: &Path) -> io::Result<PathBuf> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(place)?;
    // The engine's names hold no separators; a name that did would stay inside all the same.
    let name = Path::new(&file.file_name)
        .file_name()
        .ok_or(io::ErrorKind::InvalidInput)?;
    // Kept until the next start: nobody tells us when the other program has finished.
    let mut builder = tempfile::Builder::new();
    builder.prefix("f");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let folder = builder.tempdir_in(place)?.keep();
    let path = folder.join(name);
    let mut made = File::create_new(&path)?;
    copy(file.body, &mut made)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A program then offers to save elsewhere instead of changing a copy that will be thrown away.
        made.set_permissions(std::fs::Permissions::from_mode(0o400))?;
    }
    Ok(path)
}

/// Opens a web page in the user's browser.
#[tauri::command]
pub(crate) async fn browse(url: String) -> Result<(), ApiError> {
    let address = web_address(&url).ok_or_else(|| {
        refused(
            ErrorCode::BadRequest,
            "This is not the address of a web page that Deskbell opens. Copy it if you trust it.",
        )
    })?;
    tokio::task::spawn_blocking(move || tauri_plugin_opener::open_url(address.as_str(), None::<&str>))
        .await
        .map_err(|error| error.to_string())
        .and_then(|opened| opened.map_err(|error| error.to_string()))
        .map_err(|error| {
            tracing::warn!(%error, "a web page could not be opened");
            refused(
                ErrorCode::NotNow,
                "No browser could be started. Copy the address and open it yourself.",
            )
        })
}

/// Reads the address of a web page. A name before the host is only ever there to deceive.
fn web_address(text: &str) -> Option<Url> {
    let address = Url::parse(text).ok()?;
    let is_web = matches!(address.scheme(), "http" | "https") && address.has_host();
    let is_plain = address.username().is_empty() && address.password().is_none();
    (is_web && is_plain).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::FileBody;

    #[test]
    fn only_plain_web_pages_are_opened() {
        for address in ["https://example.org/a?b#c", "http://127.0.0.1:8080/"] {
            assert!(web_address(address).is_some(), "{address}");
        }
        for address in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "mailto:a@example.org",
            "tel:+15550100",
            "smb://example.org/share",
            "ms-settings:privacy",
            "https://shop.example@evil.example/",
            "https://:secret@evil.example/",
            "--help",
            "/bin/sh",
            "https://",
            "",
        ] {
            assert!(web_address(address).is_none(), "{address}");
        }
    }

    #[test]
    fn a_copy_has_the_files_name_in_a_folder_of_its_own_that_nobody_else_can_read() {
        let cache = tempfile::tempdir().unwrap();
        let place = cache.path().join("opened");
        let file = |name: &str| FileAnswer {
            body: FileBody::Bytes(b"words".to_vec()),
            mime_type: "text/plain".to_owned(),
            family: "document".to_owned(),
            file_name: name.to_owned(),
            size: 5,
            dangerous: false,
        };
        let first = copied(file("menu.txt"), &place).unwrap();
        let second = copied(file("menu.txt"), &place).unwrap();
        assert_ne!(first, second);
        for path in [&first, &second] {
            assert_eq!(path.file_name().unwrap(), "menu.txt");
            assert_eq!(std::fs::read(path).unwrap(), b"words");
        }
        let outside = copied(file("../../etc/menu.txt"), &place).unwrap();
        assert!(outside.starts_with(&place), "{outside:?}");
        copied(file(".."), &place).unwrap_err();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            for folder in [place.as_path(), first.parent().unwrap()] {
                let mode = std::fs::metadata(folder).unwrap().permissions().mode();
                assert_eq!(mode & 0o077, 0, "{mode:o}");
            }
        }
    }
}
