//! What Graph accepts and how it says no (`whatsapp-cloud-api.md` 5.1, 5.2, 8.1, 8.2). Pure: bytes in, verdict out.

use serde_json::{Map, Value, json};

use crate::webhook::Number;

/// Longest text Meta takes (section 5.3). Counted in UTF-16 units, the stricter of the two plausible counts.
const TEXT_LIMIT: usize = 4096;
/// Longest `biz_opaque_callback_data` (section 5.1).
const REFERENCE_LIMIT: usize = 512;

/// An error in Graph's own shape, also usable as the reason of a `failed` status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphError {
    /// HTTP status of the answer.
    pub http: u16,
    /// Meta's error code, the only thing a client may branch on.
    pub code: i64,
    /// `error_subcode`, where Meta gives one.
    pub subcode: Option<i64>,
    /// The `type`, nearly always `OAuthException`.
    pub kind: String,
    /// Title without the `(#code)` in front.
    pub title: String,
    /// `error_data.details`.
    pub details: Option<String>,
    /// Seconds of a `Retry-After` header.
    pub retry_after: Option<u32>,
}

impl GraphError {
    /// The error with the HTTP status and title Meta uses for this code; unknown codes get HTTP 400.
    pub fn of(code: i64) -> Self {
        let (http, title) = match code {
            0 => (401, "Authentication exception"),
            1 => (400, "An unknown error has occurred."),
            2 => (503, "Service temporarily unavailable"),
            4 => (429, "Application request limit reached"),
            10 => (403, "Application does not have permission for this action"),
            15 => (400, "This method must be called with an app access_token."),
            100 => (400, "Invalid parameter"),
            101 => (
                400,
                "Error validating application. Cannot get application info due to a system error.",
            ),
            104 => (401, "An access token is required to request this resource."),
            190 => (401, "Invalid OAuth access token - Cannot parse access token"),
            200 => (403, "Permissions error"),
            2200 => (400, "Callback verification failed"),
            368 => (403, "Temporarily blocked for policies violations"),
            80_007 => (429, "Rate limit issues"),
            130_429 => (429, "Rate limit hit"),
            131_000 => (500, "Something went wrong"),
            131_005 => (403, "Access denied"),
            131_008 => (400, "Required parameter is missing"),
            33 | 131_009 => (400, "Parameter value is not valid"),
            131_016 => (503, "Service unavailable"),
            131_021 => (400, "Recipient cannot be sender"),
            131_026 => (400, "Message undeliverable"),
            131_030 => (400, "Recipient phone number not in allowed list"),
            131_031 => (403, "Account has been locked"),
            131_042 => (400, "Business eligibility payment issue"),
            131_047 => (400, "Re-engagement message"),
            131_048 => (429, "Spam rate limit hit"),
            130_403 => (403, "Business blocked the user"),
            131_050 => (400, "User has stopped marketing messages"),
            131_051 => (400, "Message type unknown"),
            131_052 => (400, "Media download error"),
            131_053 => (400, "Media upload error"),
            131_060 => (400, "This message is unavailable"),
            131_062 => (
                400,
                "Business-scoped user id recipients are not supported for this message",
            ),
            131_064 => (400, "Messaging limit reached"),
            132_000 => (
                400,
                "Number of parameters does not match the expected number of params",
            ),
            132_001 => (404, "Template name does not exist in the translation"),
            132_005 => (400, "Translated text too long"),
            132_012 => (
                400,
                "Parameter format does not match format in the created template",
            ),
            132_015 => (400, "Template is paused"),
            132_016 => (400, "Template is disabled"),
            139_100 => (400, "Failed to block or unblock some users"),
            2_494_191 => (400, "Another agent owns this thread"),
            131_056 => (429, "(Business Account, Consumer Account) pair rate limit hit"),
            131_057 => (503, "Account in maintenance mode"),
            133_004 => (503, "Server temporarily unavailable"),
            133_000 => (400, "Incomplete deregistration"),
            133_005 => (400, "Two-step verification PIN Mismatch"),
            133_006 => (400, "Phone number re-verification needed"),
            133_008 => (400, "Too many two-step verification PIN guesses"),
            133_009 => (400, "Two-step verification PIN guessed too fast"),
            133_010 => (400, "Phone number not registered"),
            133_015 => (
                400,
                "Please wait a few minutes before attempting to register this phone number",
            ),
            133_016 => (400, "Account register deregister rate limit exceeded"),
            _ => (400, "Error"),
        };
        let details = match code {
            131_026 => Some("Message Undeliverable."),
            131_047 => Some(
                "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
            ),
            131_051 => Some("Message type is currently not supported."),
            131_052 => Some(
                "Media file size too big. Max file size we currently support: 100MB. Please communicate with your customer to send a media file that is smaller than 100MB",
            ),
            131_060 => Some("This message is currently unavailable. Please ask the sender to resend it."),
            133_005 => Some("Two-step verification PIN mismatch."),
            133_006 => Some("Phone number needs to be verified before registering."),
            131_056 => {
                Some("Too many messages from this phone number to the same phone number in a short time.")
            }
            _ => None,
        };
        Self {
            http,
            code,
            subcode: None,
            kind: "OAuthException".to_owned(),
            title: title.to_owned(),
            details: details.map(str::to_owned),
            retry_after: None,
        }
    }

    /// With another HTTP status.
    #[must_use]
    pub fn http(mut self, status: u16) -> Self {
        self.http = status;
        self
    }

    /// With an `error_subcode`.
    #[must_use]
    pub fn subcode(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    /// With `error_data.details`.
    #[must_use]
    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.details = Some(details.into());
        self
    }

    /// With a `Retry-After` header, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The JSON of a synchronous answer (section 8.1).
    pub fn body(&self) -> Value {
        let mut error = Map::new();
        // Meta puts the code in front of the title, except for the errors about tokens and about whole objects.
        let bare = matches!(self.code, 0 | 1 | 2 | 101 | 104 | 190) || self.kind == "GraphMethodException";
        let message = if bare {
            self.title.clone()
        } else {
            format!("(#{}) {}", self.code, self.title)
        };
        error.insert("message".to_owned(), Value::from(message));
        error.insert("type".to_owned(), Value::from(self.kind.clone()));
        error.insert("code".to_owned(), Value::from(self.code));
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".to_owned(), Value::from(subcode));
        }
        if let Some(details) = &self.details {
            let data = json!({ "messaging_product": "whatsapp", "details": details });
            error.insert("error_data".to_owned(), data);
        }
        if matches!(self.code, 2 | 4 | 131_016) {
            error.insert("is_transient".to_owned(), Value::from(true));
        }
        error.insert("fbtrace_id".to_owned(), Value::from(trace_id()));
        json!({ "error": error })
    }

    /// The element of `statuses[].errors` (section 3.3).
    pub fn webhook_body(&self) -> Value {
        let details = self.details.as_deref().unwrap_or(&self.title);
        json!({
            "code": self.code,
            "title": self.title,
            "message": self.title,
            "error_data": { "details": details },
            "href": "/documentation/business-messaging/whatsapp/support/error-codes",
        })
    }
}

/// An opaque id that Meta's support would ask for.
pub(crate) fn trace_id() -> String {
    let id = uuid::Uuid::new_v4().simple().to_string();
    format!("A{}", id.chars().take(22).collect::<String>())
}

/// What can be read of a send before it is judged; also the description of a refused one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Glimpse {
    /// Digits of `to`, else `recipient`, else empty.
    pub(crate) to: String,
    /// `text.body`.
    pub(crate) text: Option<String>,
    /// `type`; Meta's default is text.
    pub(crate) kind: String,
    /// `biz_opaque_callback_data`.
    pub(crate) reference: Option<String>,
    /// `status` is there: not a message but a read mark.
    pub(crate) read_mark: bool,
    /// The whole body.
    pub(crate) body: Value,
}

/// Reads what there is to read, whatever the body holds.
pub(crate) fn glimpse(body: &Value) -> Glimpse {
    let group = text_at(body, "recipient_type") == Some("group");
    let to = text_at(body, "to").map(|to| {
        if group {
            to.to_owned()
        } else {
            to.chars().filter(char::is_ascii_digit).collect()
        }
    });
    Glimpse {
        to: to
            .or_else(|| text_at(body, "recipient").map(str::to_owned))
            .unwrap_or_default(),
        text: body
            .pointer("/text/body")
            .and_then(Value::as_str)
            .map(str::to_owned),
        kind: text_at(body, "type").unwrap_or("text").to_owned(),
        reference: text_at(body, "biz_opaque_callback_data").map(str::to_owned),
        read_mark: body.get("status").is_some(),
        body: body.clone(),
    }
}

/// Judges the body of `POST /{phone_number_id}/messages`.
pub(crate) fn check_message(body: &Value, sender: &Number) -> Result<(), GraphError> {
    if text_at(body, "messaging_product") != Some("whatsapp") {
        return Err(GraphError::of(100).details("The parameter messaging_product is required."));
    }
    if body.get("status").is_some() {
        return check_read_mark(body);
    }
    check_address(body, sender)?;
    if let Some(reference) = body.get("biz_opaque_callback_data") {
        let fits = reference
            .as_str()
            .is_some_and(|text| text.encode_utf16().count() <= REFERENCE_LIMIT);
        if !fits {
            return Err(GraphError::of(131_009)
                .details("biz_opaque_callback_data must be a string of at most 512 characters."));
        }
    }
    let kind = match body.get("type") {
        None => "text",
        Some(kind) => kind.as_str().unwrap_or_default(),
    };
    match kind {
        "text" => check_text(body),
        "audio" | "contacts" | "document" | "image" | "interactive" | "location" | "reaction" | "sticker"
        | "template" | "video" => match body.get(kind) {
            Some(Value::Object(_) | Value::Array(_)) => Ok(()),
            _ => Err(GraphError::of(100).details(format!("The parameter {kind} is required."))),
        },
        _ => Err(GraphError::of(100).details("Param type must be one of {AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, REACTION, STICKER, TEMPLATE, TEXT, VIDEO}.")),
    }
}

fn check_read_mark(body: &Value) -> Result<(), GraphError> {
    if text_at(body, "status") != Some("read") {
        return Err(GraphError::of(100).details("Param status must be one of {READ}."));
    }
    if text_at(body, "message_id").is_none_or(str::is_empty) {
        return Err(GraphError::of(100).details("The parameter message_id is required."));
    }
    match body.get("typing_indicator") {
        None => Ok(()),
        Some(typing) if text_at(typing, "type") == Some("text") => Ok(()),
        Some(_) => Err(GraphError::of(100).details("Param typing_indicator['type'] must be text.")),
    }
}

/// `to` wins over `recipient`. Meta itself would complete a `to` without `+` with the sender's country code
/// (section 5.1), which is never what a client meant; here it is an error, so that tests notice.
fn check_address(body: &Value, sender: &Number) -> Result<(), GraphError> {
    let kind = text_at(body, "recipient_type").unwrap_or("individual");
    if !matches!(kind, "individual" | "group") {
        return Err(GraphError::of(131_009).details("Param recipient_type must be individual or group."));
    }
    match (body.get("to"), body.get("recipient")) {
        (Some(to), _) if kind == "group" && to.as_str().is_some_and(|to| !to.is_empty()) => Ok(()),
        (Some(to), _) => {
            let digits = to
                .as_str()
                .and_then(|to| to.strip_prefix('+'))
                .unwrap_or_default();
            if !(5..=15).contains(&digits.len()) || !digits.chars().all(|c| c.is_ascii_digit()) {
                return Err(GraphError::of(131_009)
                    .details("The parameter to must be a phone number with + and digits."));
            }
            if sender.display_phone_number.trim_start_matches('+') == digits {
                return Err(GraphError::of(131_021));
            }
            Ok(())
        }
        (None, Some(recipient)) if recipient.as_str().is_some_and(is_user_id) => Ok(()),
        (None, Some(_)) => Err(GraphError::of(131_009).details("The parameter recipient is not a user id.")),
        (None, None) => Err(GraphError::of(100).details("The parameter to is required.")),
    }
}

/// `CC.` or `CC.ENT.` and 1 to 128 letters or digits (section 2.4).
fn is_user_id(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else {
        return false;
    };
    let id = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.chars().all(|c| c.is_ascii_uppercase())
        && (1..=128).contains(&id.len())
        && id.chars().all(|c| c.is_ascii_alphanumeric())
}

fn check_text(body: &Value) -> Result<(), GraphError> {
    let text = body
        .pointer("/text/body")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if text.is_empty() {
        return Err(GraphError::of(100).details("The parameter text['body'] is required."));
    }
    if text.encode_utf16().count() > TEXT_LIMIT {
        return Err(GraphError::of(100).details("Param text['body'] must be at most 4096 characters long."));
    }
    if body
        .pointer("/text/preview_url")
        .is_some_and(|preview| !preview.is_boolean())
    {
        return Err(GraphError::of(100).details("Param text['preview_url'] must be a boolean."));
    }
    Ok(())
}

/// The answer to an accepted message (section 5.2).
pub(crate) fn accepted(body: &Value, wamid: Option<&str>) -> Value {
    if text_at(body, "recipient_type") == Some("group") {
        let group = text_at(body, "to").unwrap_or_default();
        let messages = wamid.map_or_else(|| json!([]), |wamid| json!([{ "id": wamid, "group_id": group }]));
        let contacts = json!([{ "input": group, "wa_id": group }]);
        return json!({ "messaging_product": "whatsapp", "contacts": contacts, "messages": messages });
    }
    let contact = match (text_at(body, "to"), text_at(body, "recipient")) {
        (Some(to), _) => json!({ "input": to, "wa_id": to.trim_start_matches('+') }),
        (None, Some(recipient)) => json!({ "input": recipient, "user_id": recipient }),
        (None, None) => json!({}),
    };
    let message = |id: &str| {
        if text_at(body, "type") == Some("template") {
            json!([{ "id": id, "message_status": "accepted" }])
        } else {
            json!([{ "id": id }])
        }
    };
    let messages = wamid.map_or_else(|| json!([]), message);
    json!({ "messaging_product": "whatsapp", "contacts": [contact], "messages": messages })
}

/// Graph's answer for an id that is wrong or not visible to the token.
pub(crate) fn no_such_object(verb: &str, id: &str) -> GraphError {
    let mut error = GraphError::of(100).subcode(33);
    "GraphMethodException".clone_into(&mut error.kind);
    error.title = format!(
        "Unsupported {verb} request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation"
    );
    error
}

/// Graph's answer to a wrong or missing `appsecret_proof`.
pub(crate) fn bad_proof(given: bool) -> GraphError {
    let mut error = GraphError::of(100);
    "GraphMethodException".clone_into(&mut error.kind);
    let title = if given {
        "Invalid appsecret_proof provided in the API argument"
    } else {
        "API calls from the server require an appsecret_proof argument"
    };
    title.clone_into(&mut error.title);
    error
}

fn text_at<'a>(body: &'a Value, key: &str) -> Option<&'a str> {
    body.get(key).and_then(Value::as_str)
}
