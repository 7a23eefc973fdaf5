//! What visitors get from the edge itself.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};

/// An answer of the edge's own.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) code: String,
    status: StatusCode,
    sentence: String,
}

impl Page {
    fn new(code: &str, status: StatusCode, sentence: String) -> Self {
        Self {
            code: code.to_owned(),
            status,
            sentence,
        }
    }

    pub(super) fn response(&self) -> Response<Body> {
        let (code, sentence) = (&self.code, &self.sentence);
        let text = format!(
            "<!doctype html>\n<html><head><title>{code}</title></head><body><p>{sentence}</p><p>{code}</p></body></html>\n"
        );
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
        if let Ok(code) = HeaderValue::from_str(code) {
            headers.insert("ngrok-error-code", code);
        }
        response
    }
}

/// Nobody has this name at present.
pub(super) fn offline(domain: &str) -> Page {
    let sentence = format!("The endpoint {} is offline.", harmless(domain));
    Page::new("ERR_NGROK_3200", StatusCode::NOT_FOUND, sentence)
}

/// The agent gave no answer, or half of one.
pub(super) fn no_answer(domain: &str) -> Page {
    let sentence = format!("Nothing complete came back from {}.", harmless(domain));
    Page::new("ERR_NGROK_3004", StatusCode::BAD_GATEWAY, sentence)
}

/// The page in front of pages, for browsers.
pub(super) fn interstitial(domain: &str) -> Page {
    let sentence = format!("You are about to visit {}.", harmless(domain));
    Page::new("ERR_NGROK_6024", StatusCode::OK, sentence)
}

/// The account has used up what it may use. The survey gives no HTTP status for these; 429 says what happened.
pub(super) fn quota(code: &str) -> Page {
    let sentence = "This account has used up its requests.".to_owned();
    Page::new(code, StatusCode::TOO_MANY_REQUESTS, sentence)
}

/// A host name comes from whoever asks.
fn harmless(domain: &str) -> String {
    domain
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-'))
        .collect()
}
