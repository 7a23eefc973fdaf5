//! Files over HTTP: upload, address, download, deletion (`whatsapp-cloud-api.md` 6), spoilt on purpose or not.

use std::collections::HashMap;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Extension, Path, Query, Request, State};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{Wire, answer, cut, drip, ok, refuse};
use crate::clock;
use crate::faults::{MediaFault, Stage};
use crate::files::{LONGEST_UPLOAD, RecordedUpload, Stored, check_upload};
use crate::graph::{self, GraphError};
use crate::management::Credential;
use crate::meta::Inner;
use crate::multipart::{self, Part};

type Params = Query<HashMap<String, String>>;

/// `POST /{phone_number_id}/media`.
pub(super) async fn upload(
    State(inner): State<Arc<Inner>>,
    Extension(wire): Extension<Wire>,
    Path((version, id)): Path<(String, String)>,
    Query(query): Params,
    request: Request,
) -> Response {
    let fault = inner.state().media_rules.take(Stage::Upload, "");
    let (parts, body) = request.into_parts();
    let Some(body) = read(body, fault.as_ref()).await else {
        wire.0.cancel();
        return pending().await;
    };
    let number = match inner.sender(&version, &id, "post", &parts.headers, &query) {
        Ok(number) => number.phone_number_id,
        Err(error) => return refuse(&error),
    };
    let (part, verdict) = match form(&parts.headers, &body) {
        Ok(part) => {
            let mime = part.mime_type.clone().unwrap_or_default();
            let verdict = check_upload(&mime, &part.bytes);
            (part, verdict)
        }
        Err(error) => return refuse(&error),
    };
    let verdict = match fault {
        Some(MediaFault::UploadRefused(error)) => Err(error),
        _ => verdict,
    };
    let mut record = RecordedUpload {
        at: clock::unix_millis(),
        number: number.clone(),
        mime_type: part.mime_type.clone().unwrap_or_default(),
        file_name: part.file_name.clone(),
        size: part.bytes.len(),
        sha256_hex: hex::encode(Sha256::digest(&part.bytes)),
        id: None,
        refused: None,
    };
    let answer = match verdict {
        Ok(()) => {
            let handle = inner
                .state()
                .files
                .put(part.bytes, &record.mime_type, Some(&number));
            record.id = Some(handle.id.clone());
            ok(&json!({ "id": handle.id }))
        }
        Err(error) => {
            record.refused = Some(error.code);
            refuse(&error)
        }
    };
    inner.state().files.uploads.push(record);
    inner.turn_page();
    answer
}

/// The whole body, at the pace of the fault; none when it is to be cut.
async fn read(body: Body, fault: Option<&MediaFault>) -> Option<Bytes> {
    let mut whole = BytesMut::new();
    let mut stream = body.into_data_stream();
    while let Some(Ok(piece)) = stream.next().await {
        whole.extend_from_slice(&piece);
        match fault {
            Some(MediaFault::UploadCut { after }) if whole.len() >= *after => return None,
            Some(MediaFault::UploadSlow { bytes_per_second }) => {
                let size = f64::from(u32::try_from(piece.len()).unwrap_or(u32::MAX));
                let pause = size / f64::from((*bytes_per_second).max(1));
                tokio::time::sleep(Duration::from_secs_f64(pause)).await;
            }
            _ => {}
        }
        if whole.len() > LONGEST_UPLOAD {
            break;
        }
    }
    // A shorter body than the cut still ends in it.
    (!matches!(fault, Some(MediaFault::UploadCut { .. }))).then(|| whole.freeze())
}

/// The file part of a complete form.
fn form(headers: &HeaderMap, body: &Bytes) -> Result<Part, GraphError> {
    let refused = |details: &str| GraphError::of(100).details(details);
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .and_then(multipart::boundary)
        .ok_or_else(|| refused("The body must be multipart/form-data."))?;
    let mut parts = multipart::parts(body, &kind).ok_or_else(|| refused("The form is not complete."))?;
    let product = parts.iter().find(|part| part.name == "messaging_product");
    if product.map(|part| part.bytes.as_ref()) != Some(b"whatsapp") {
        return Err(refused("The parameter messaging_product is required."));
    }
    if !parts
        .iter()
        .any(|part| part.name == "type" && !part.bytes.is_empty())
    {
        return Err(refused("The parameter type is required."));
    }
    let at = parts.iter().position(|part| part.name == "file");
    let part = at
        .map(|at| parts.swap_remove(at))
        .ok_or_else(|| refused("The parameter file is required."))?;
    if part.file_name.as_deref().is_none_or(str::is_empty) || part.mime_type.is_none() {
        return Err(refused(
            "The part file needs a file name and a Content-Type of its own.",
        ));
    }
    Ok(part)
}

/// The answer of `GET /{media_id}`; none when the id is no file.
pub(super) fn node(
    inner: &Inner,
    version: &str,
    id: &str,
    headers: &HeaderMap,
    query: &HashMap<String, String>,
) -> Option<Result<Value, GraphError>> {
    inner.state().files.get(id)?;
    if let Err(error) = allowed(inner, version, id, "get", headers, query) {
        return Some(Err(error));
    }
    let fault = inner.state().media_rules.take(Stage::Resolve, id);
    let url = match fault {
        Some(MediaFault::UrlAt(url)) => url,
        _ => inner.media_url(id),
    };
    let node = inner.state().files.node(id, &url);
    node.map(Ok)
}

/// Whether the caller may see this file.
fn allowed(
    inner: &Inner,
    version: &str,
    id: &str,
    verb: &str,
    headers: &HeaderMap,
    query: &HashMap<String, String>,
) -> Result<(), GraphError> {
    let numbers = inner.caller(version, headers, query)?;
    let owner = inner
        .state()
        .files
        .get(id)
        .and_then(|stored| stored.owner.clone());
    let of_caller = |wanted: &str| numbers.iter().any(|number| number.phone_number_id == wanted);
    let asked = query.get("phone_number_id");
    let foreign = owner
        .as_deref()
        .is_some_and(|owner| !of_caller(owner) || asked.is_some_and(|asked| asked != owner));
    if foreign || asked.is_some_and(|asked| !of_caller(asked)) {
        return Err(graph::no_such_object(verb, id));
    }
    Ok(())
}

/// `DELETE /{media_id}`.
pub(super) async fn delete(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Path<(String, String)>,
    Query(query): Params,
    headers: HeaderMap,
) -> Response {
    if let Err(error) = allowed(&inner, &version, &id, "delete", &headers, &query) {
        return refuse(&error);
    }
    let gone = inner.state().files.remove(&id);
    if gone {
        ok(&json!({ "success": true }))
    } else {
        refuse(&graph::no_such_object("delete", &id))
    }
}

/// An address of a file: needs a token, and a `User-Agent`.
pub(super) async fn fetch(
    State(inner): State<Arc<Inner>>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
) -> Response {
    if !headers.contains_key(header::USER_AGENT) {
        return page(403, "Forbidden");
    }
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let known = inner.state().credential(token);
    if !matches!(known, Ok(Credential::User(_))) {
        return page(401, "Unauthorized");
    }
    let id = inner.state().files.ticket_of(&ticket).map(str::to_owned);
    let fault = id.and_then(|id| inner.state().media_rules.take(Stage::Fetch, &id));
    let found = inner.state().files.redeem(&ticket, clock::unix_seconds());
    let Some((_, stored)) = found else {
        return page(404, "Not Found");
    };
    match fault {
        None => send(&stored, Body::from(stored.bytes.clone())),
        Some(MediaFault::Slow { bytes_per_second }) => {
            send(&stored, drip(stored.bytes.clone(), bytes_per_second))
        }
        Some(MediaFault::Cut { after }) => send(&stored, cut(stored.bytes.clone(), after)),
        Some(MediaFault::WrongHash) => {
            let wrong: Vec<u8> = stored.bytes.iter().map(|byte| byte ^ 1).collect();
            send(&stored, Body::from(wrong))
        }
        Some(MediaFault::Html) => page(200, "Log in"),
        Some(MediaFault::RedirectTo(to)) => {
            let mut response = page(302, "Found");
            if let Ok(to) = HeaderValue::from_str(&to) {
                response.headers_mut().insert(header::LOCATION, to);
            }
            response
        }
        Some(_) => page(404, "Not Found"),
    }
}

/// A host that is not Meta's and hands out the same bytes to everybody.
pub(super) async fn elsewhere(State(inner): State<Arc<Inner>>, Path(id): Path<String>) -> Response {
    let stored = inner.state().files.get(&id).cloned();
    stored.map_or_else(
        || page(404, "Not Found"),
        |stored| send(&stored, Body::from(stored.bytes.clone())),
    )
}

fn send(stored: &Stored, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&stored.mime_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(stored.bytes.len()));
    response
}

/// The page the media host shows instead of a file.
fn page(status: u16, title: &str) -> Response {
    let html = format!("<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>");
    debug_assert!(StatusCode::from_u16(status).is_ok(), "a status of ours");
    answer(status, "text/html; charset=utf-8", Body::from(html))
}
