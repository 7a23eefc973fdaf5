//! Files between the page and the engine: read, handed in, kept where the user wants.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use api::views::UploadView;
use api::{ApiError, ErrorCode, FileBody, FileForm, HandIn};
use tauri::ipc::{InvokeBody, Request, Response};
use tauri::{AppHandle, Manager, State};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::{Mutex, oneshot};

use crate::opening::Opening;
use crate::window;

/// So many files can be on their way in at once. A page that was loaded anew leaves some behind; the oldest go first.
const AT_ONCE: usize = 32;
/// Longer than any text the page has to save.
const LONGEST_TEXT: usize = 16 * 1024 * 1024;

/// Reads a file of a message. The answer is the length of its media type (two bytes, the higher first), the type,
/// then the content: an answer of bytes has no room for anything beside them.
#[tauri::command]
pub(crate) async fn read_file(
    opening: State<'_, Opening>,
    id: String,
    form: String,
) -> Result<Response, ApiError> {
    let form =
        FileForm::from_str(&form).map_err(|error| refused(ErrorCode::BadRequest, &error.to_string()))?;
    let file = opening.desk().await?.file(&id, form).await?;
    let shown = file.shown_type();
    let length = u16::try_from(shown.len()).map_err(|_| unreadable())?;
    let mut answer = length.to_be_bytes().to_vec();
    answer.extend_from_slice(shown.as_bytes());
    answer.append(&mut content(file.body).await?);
    Ok(Response::new(answer))
}

async fn content(body: FileBody) -> Result<Vec<u8>, ApiError> {
    match body {
        FileBody::Bytes(bytes) => Ok(bytes),
        FileBody::Path(path) => tokio::fs::read(path).await.map_err(|error| {
            tracing::warn!(%error, "a file could not be read");
            unreadable()
        }),
    }
}

/// The files that are on their way in.
#[derive(Debug, Default)]
pub(crate) struct HandIns(Mutex<Halves>);

#[derive(Debug, Default)]
struct Halves {
    last: u32,
    open: BTreeMap<u32, HandIn>,
}

impl HandIns {
    async fn begin(&self, file: HandIn) -> u32 {
        let mut halves = self.0.lock().await;
        while halves.open.len() >= AT_ONCE {
            halves.open.pop_first();
        }
        halves.last = halves.last.wrapping_add(1);
        let number = halves.last;
        halves.open.insert(number, file);
        number
    }

    async fn take(&self, number: u32) -> Result<HandIn, ApiError> {
        let taken = self.0.lock().await.open.remove(&number);
        taken.ok_or_else(|| {
            refused(
                ErrorCode::NotFound,
                "This file is not being handed in any more. Choose it again.",
            )
        })
    }

    async fn put_back(&self, number: u32, file: HandIn) {
        self.0.lock().await.open.insert(number, file);
    }
}

/// Begins to take a file in; its pieces follow under the number that is returned.
#[tauri::command]
pub(crate) async fn begin_hand_in(
    opening: State<'_, Opening>,
    hand_ins: State<'_, HandIns>,
    name: String,
) -> Result<u32, ApiError> {
    let file = opening.desk().await?.hand_in(&name).await?;
    Ok(hand_ins.begin(file).await)
}

/// Takes the next piece: the bytes are the body, the number is the header `hand-in`. A file that is refused is gone.
#[tauri::command]
pub(crate) async fn append_hand_in(
    hand_ins: State<'_, HandIns>,
    request: Request<'_>,
) -> Result<(), ApiError> {
    let number = request
        .headers()
        .get("hand-in")
        .and_then(|number| number.to_str().ok()?.parse().ok());
    let (Some(number), InvokeBody::Raw(piece)) = (number, request.body()) else {
        return Err(refused(
            ErrorCode::BadRequest,
            "A piece of a file is bytes, with the number of its file.",
        ));
    };
    let mut file = hand_ins.take(number).await?;
    file.write(piece).await?;
    hand_ins.put_back(number, file).await;
    Ok(())
}

/// All pieces are here.
#[tauri::command]
pub(crate) async fn finish_hand_in(
    hand_ins: State<'_, HandIns>,
    hand_in: u32,
    voice: bool,
) -> Result<UploadView, ApiError> {
    hand_ins.take(hand_in).await?.finish(voice).await
}

/// The user thought better of it: nothing is left.
#[tauri::command]
pub(crate) async fn drop_hand_in(hand_ins: State<'_, HandIns>, hand_in: u32) -> Result<(), ApiError> {
    hand_ins.take(hand_in).await.map(drop)
}

/// Asks the user where to keep a file and writes it there. `false`: they thought better of it.
#[tauri::command]
pub(crate) async fn save_file(
    app: AppHandle,
    opening: State<'_, Opening>,
    id: String,
) -> Result<bool, ApiError> {
    let file = opening.desk().await?.file(&id, FileForm::Whole).await?;
    save(&app, &file.file_name, file.body).await
}

/// Asks the user where to keep a text of the page, such as the file for whoever helps, and writes it there. `false`:
/// they thought better of it.
#[tauri::command]
pub(crate) async fn save_text(app: AppHandle, name: String, text: String) -> Result<bool, ApiError> {
    if text.len() > LONGEST_TEXT {
        return Err(refused(
            ErrorCode::BadRequest,
            "This text is longer than Deskbell saves from its window.",
        ));
    }
    save(&app, plain_name(&name), FileBody::Bytes(text.into_bytes())).await
}

/// The name a page proposes, without any folder in it.
fn plain_name(name: &str) -> &str {
    Path::new(name)
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("deskbell.txt")
}

async fn save(app: &AppHandle, name: &str, body: FileBody) -> Result<bool, ApiError> {
    let Some(place) = ask_where(app, name).await else {
        return Ok(false);
    };
    let written = tokio::task::spawn_blocking(move || keep(body, &place))
        .await
        .map_err(io::Error::other)
        .flatten();
    written.map_err(|error| {
        tracing::warn!(%error, "a file could not be saved");
        refused(
            ErrorCode::Storage,
            "The file could not be saved there. The disk may be full, or the folder may not be yours. Choose another folder.",
        )
    })?;
    Ok(true)
}

async fn ask_where(app: &AppHandle, name: &str) -> Option<PathBuf> {
    let (tell, told) = oneshot::channel();
    let mut question = app.dialog().file().set_file_name(name);
    if let Some(window) = app.get_webview_window(window::MAIN) {
        question = question.set_parent(&window);
    }
    question.save_file(move |place| {
        // Nobody waits any more when the app is being quit.
        let _ = tell.send(place);
    });
    told.await.ok().flatten()?.into_path().ok()
}

/// Writes a file so that it is there whole or not at all.
fn keep(body: FileBody, place: &Path) -> io::Result<()> {
    let folder = place.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".deskbell-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As every program saves: what the user's mask leaves of it. Never executable.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut half = builder.tempfile_in(folder)?;
    copy(body, half.as_file_mut())?;
    half.as_file().sync_all()?;
    half.persist(place).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a content into a file.
pub(crate) fn copy(body: FileBody, into: &mut std::fs::File) -> io::Result<()> {
    match body {
        FileBody::Bytes(bytes) => io::copy(&mut bytes.as_slice(), into)?,
        FileBody::Path(path) => io::copy(&mut std::fs::File::open(path)?, into)?,
    };
    Ok(())
}

/// An error that the page shows.
pub(crate) fn refused(code: ErrorCode, message: &str) -> ApiError {
    ApiError {
        code,
        message: message.to_owned(),
        retryable: false,
        field: None,
    }
}

fn unreadable() -> ApiError {
    refused(
        ErrorCode::Storage,
        "This file could not be read from the disk. Try again; when it stays so, the disk may be failing.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_offered_under_a_name_without_folders() {
        assert_eq!(plain_name("deskbell-2026.txt"), "deskbell-2026.txt");
        assert_eq!(plain_name("../../.bashrc"), ".bashrc");
        assert_eq!(plain_name(".."), "deskbell.txt");
        assert_eq!(plain_name(""), "deskbell.txt");
    }

    #[test]
    fn a_saved_file_replaces_the_old_one_as_a_whole_and_cannot_be_run() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("invoice.pdf");
        std::fs::write(&place, "old").unwrap();
        keep(FileBody::Bytes(b"new".to_vec()), &place).unwrap();
        assert_eq!(std::fs::read(&place).unwrap(), b"new");
        let gone = FileBody::Path(folder.path().join("not here"));
        keep(gone, &place).unwrap_err();
        assert_eq!(std::fs::read(&place).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&place).unwrap().permissions().mode();
            assert_eq!(mode & 0o111, 0, "{mode:o}");
        }
    }
}
