//! Looks files up at Meta and deletes them there (whatsapp-cloud-api, section 6).

use super::call::{CallFailure, done};
use super::graph::{Account, Graph};
use super::lenient;
use domain::SendClass;
use url::Url;

const NO_ID: &str = "What was sent as the id of a file is none, so WhatsApp was not asked for it. Ask for the file to be sent again.";

/// What Meta says about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaInfo {
    /// Where it lies for the next five minutes.
    pub url: String,
    /// What it is said to be.
    pub mime_type: String,
    /// Its SHA-256, as Meta wrote it: hex here, base64 in webhooks.
    pub sha256: Option<String>,
    /// Its size in bytes.
    pub file_size: Option<u64>,
}

impl Graph {
    /// Asks where a file lies. The address lives for five minutes.
    pub async fn media_info(&self, account: &Account, media_id: &str) -> Result<MediaInfo, CallFailure> {
        let url = media_url(account, media_id)?;
        let json = self.carry(account, self.client.get(url)).await?;
        let word = |key: &str| lenient::id(json.get(key));
        Ok(MediaInfo {
            url: word("url").ok_or_else(|| CallFailure::odd_answer("it does not say where the file lies"))?,
            mime_type: word("mime_type").unwrap_or_else(|| "application/octet-stream".to_owned()),
            sha256: word("sha256"),
            file_size: lenient::integer(json.get("file_size")).and_then(|size| u64::try_from(size).ok()),
        })
    }

    /// Deletes an upload at Meta.
    pub async fn delete_media(&self, account: &Account, media_id: &str) -> Result<(), CallFailure> {
        let url = media_url(account, media_id)?;
        let json = self.carry(account, self.client.delete(url)).await?;
        done(&json)
    }
}

/// Whether this can be the id of a file. An id is one step of an address: it leads nowhere else.
pub fn is_media_id(id: &str) -> bool {
    let id = id.trim();
    let leads_elsewhere = |sign: char| {
        matches!(sign, '/' | '\\' | '?' | '#' | '%') || sign.is_whitespace() || sign.is_control()
    };
    !matches!(id, "" | "." | "..") && !id.contains(leads_elsewhere)
}

/// The number is named so that an id of somebody else is refused.
fn media_url(account: &Account, media_id: &str) -> Result<Url, CallFailure> {
    if !is_media_id(media_id) {
        let detail = Some("it leads somewhere else".to_owned());
        return Err(CallFailure::ours(SendClass::Never, NO_ID, detail));
    }
    let mut url = account
        .node(&[media_id.trim()])
        .ok_or_else(CallFailure::bad_address)?;
    url.query_pairs_mut()
        .append_pair("phone_number_id", account.number_id.trim());
    Ok(url)
}
