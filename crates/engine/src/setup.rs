//! Adding a channel, and asking the provider about it.

mod check;

pub use check::{CheckedChannel, check_channel};

use crate::account::{ACCESS_TOKEN, APP_SECRET, SecretTrouble, VERIFY_TOKEN};
use channels::whatsapp::{CheckFailure, DEFAULT_GRAPH_URL, DEFAULT_GRAPH_VERSION, MediaHosts};
use domain::{BotMode, ChannelId, ChannelKind, EndpointId, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use store::{Channel, NewChannel, Store, StoreError};
use uuid::Uuid;
use vault::{Secret, SecretName, Vault, VaultError};

/// The longest webhook address we make or take, so that it fits into Meta's 200 characters behind a host name
/// (whatsapp-cloud-api, section 1.5).
const LONGEST_PATH: usize = 100;

/// Why a channel could not be added or asked about.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Something in the configuration does not fit.
    #[error("{field}: {reason}")]
    Config {
        /// Which entry.
        field: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The vault did not open.
    #[error("{0}")]
    Vault(#[from] VaultError),
    /// A secret of a known channel is not in the vault.
    #[error("The {0} is missing. Connect the number again.")]
    SecretMissing(&'static str),
    /// The database failed.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The HTTP client could not be made.
    #[error("{0}")]
    Client(#[from] channels::whatsapp::NotReady),
    /// The system gave no random numbers.
    #[error("this computer gives no random numbers, so no safe address can be made")]
    NoRandomness,
    /// The provider refused, or could not be reached.
    #[error("{0}")]
    Refused(CheckFailure),
}

impl From<SecretTrouble> for SetupError {
    fn from(trouble: SecretTrouble) -> Self {
        match trouble {
            SecretTrouble::Vault(error) => Self::Vault(error),
            SecretTrouble::Missing(what) => Self::SecretMissing(what),
        }
    }
}

/// What a channel is made from (outer interface, `channel add`).
#[derive(Debug, Clone, Deserialize)]
pub struct ChannelConfig {
    kind: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    phone_number_id: Option<Value>,
    #[serde(default)]
    waba_id: Option<Value>,
    #[serde(default)]
    display_phone_number: Option<Value>,
    #[serde(default)]
    mode: Option<String>,
    #[serde(default)]
    graph_url: Option<String>,
    #[serde(default)]
    graph_version: Option<String>,
    #[serde(default)]
    webhook_path: Option<String>,
    #[serde(default)]
    media_hosts: Option<Vec<String>>,
    #[serde(default)]
    secrets: Secrets,
}

#[derive(Clone, Default, Deserialize)]
struct Secrets {
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    app_secret: Option<String>,
    #[serde(default)]
    verify_token: Option<String>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl ChannelConfig {
    /// Reads a configuration. The error names the entry and never repeats a value, since it may be a secret.
    pub fn from_json(json: &[u8]) -> Result<Self, SetupError> {
        // Some editors put a byte-order mark in front.
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        if json.trim_ascii().is_empty() {
            return Err(config("configuration", "is empty"));
        }
        let value: Value = serde_json::from_slice(json).map_err(|error| {
            let place = format!("line {}, column {}", error.line(), error.column());
            config("configuration", format!("{place}: this is not JSON"))
        })?;
        Self::from_value(value)
    }

    /// Reads a configuration that is JSON already.
    pub(crate) fn from_value(value: Value) -> Result<Self, SetupError> {
        check_types(&value)?;
        Self::deserialize(value).map_err(|error| {
            let missing = error.to_string();
            let known = missing.starts_with("missing field");
            let reason = if known {
                missing
            } else {
                "is not of the expected form".to_owned()
            };
            config("configuration", reason)
        })
    }
}

/// Names the first entry that is not of the type it has to be.
fn check_types(value: &Value) -> Result<(), SetupError> {
    const TEXTS: [&str; 6] = [
        "kind",
        "name",
        "mode",
        "graph_url",
        "graph_version",
        "webhook_path",
    ];
    const SECRETS: [&str; 3] = [ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN];
    let object = |field: &str, value: &Value| match value {
        Value::Object(_) => Ok(()),
        _ => Err(config(field, "has to be an object, { … }")),
    };
    let text = |field: &str, value: Option<&Value>| match value {
        None | Some(Value::Null | Value::String(_)) => Ok(()),
        Some(_) => Err(config(field, "has to be text, in quotation marks")),
    };
    object("configuration", value)?;
    for field in TEXTS {
        text(field, value.get(field))?;
    }
    match value.get("media_hosts") {
        None | Some(Value::Null) => {}
        Some(Value::Array(hosts)) if hosts.iter().all(Value::is_string) => {}
        Some(_) => {
            return Err(config(
                "media_hosts",
                "has to be a list of addresses, [\"https://…\"]",
            ));
        }
    }
    if let Some(secrets) = value.get("secrets") {
        object("secrets", secrets)?;
        for field in SECRETS {
            text(&format!("secrets.{field}"), secrets.get(field))?;
        }
    }
    Ok(())
}

/// A channel that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedChannel {
    /// Its id.
    pub channel_id: ChannelId,
    /// Where its webhooks arrive, below the public URL.
    pub webhook_path: String,
}

fn config(field: &str, reason: impl Into<String>) -> SetupError {
    SetupError::Config {
        field: field.to_owned(),
        reason: reason.into(),
    }
}

/// Everything about a channel that was understood and found to be in order.
struct Checked {
    name: String,
    mode: BotMode,
    number_id: String,
    account_id: Option<String>,
    address: Option<String>,
    api_url: String,
    api_version: String,
    webhook_path: Option<String>,
    media_hosts: Vec<String>,
    access_token: Secret,
    app_secret: Secret,
    verify_token: Option<Secret>,
}

fn check(config_: ChannelConfig) -> Result<Checked, SetupError> {
    let kind: ChannelKind = config_
        .kind
        .parse()
        .map_err(|error| config("kind", format!("{error}")))?;
    if kind != ChannelKind::WhatsappCloud {
        return Err(config(
            "kind",
            "this version connects whatsapp_cloud only; the others come later",
        ));
    }
    let number_id = scalar("phone_number_id", config_.phone_number_id)?.ok_or_else(|| {
        config(
            "phone_number_id",
            "is missing; Meta shows it under WhatsApp, API Setup",
        )
    })?;
    if !number_id
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    {
        return Err(config(
            "phone_number_id",
            "is the long number Meta shows as Phone number ID, digits only",
        ));
    }
    let mode = match config_.mode.as_deref() {
        None => BotMode::Off,
        Some(word) => word.parse().map_err(|error| config("mode", format!("{error}")))?,
    };
    let api_version = config_
        .graph_version
        .unwrap_or_else(|| DEFAULT_GRAPH_VERSION.to_owned());
    if !api_version
        .strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
    {
        return Err(config("graph_version", "looks like v25.0"));
    }
    if let Some(path) = &config_.webhook_path {
        check_path(path)?;
    }
    let media_hosts = config_.media_hosts.unwrap_or_default();
    MediaHosts::with_origins(&media_hosts).map_err(|odd| config("media_hosts", odd.to_string()))?;
    let secret = |field: &str, value: Option<String>| -> Result<Option<Secret>, SetupError> {
        let value = value
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty());
        match value {
            Some(value) if value.chars().any(char::is_control) => Err(config(
                field,
                "contains a line break or another character no secret has; copy it again",
            )),
            value => Ok(value.map(Secret::new)),
        }
    };
    let need = |field: &'static str, value: Option<Secret>| {
        value.ok_or_else(|| config(field, "is missing; without it no message can be checked or sent"))
    };
    Ok(Checked {
        name: config_
            .name
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "WhatsApp".to_owned()),
        mode,
        number_id,
        account_id: scalar("waba_id", config_.waba_id)?,
        address: scalar("display_phone_number", config_.display_phone_number)?,
        api_url: check_url(config_.graph_url.as_deref().unwrap_or(DEFAULT_GRAPH_URL))?,
        api_version,
        webhook_path: config_.webhook_path,
        media_hosts,
        access_token: need(
            "secrets.access_token",
            secret("secrets.access_token", config_.secrets.access_token)?,
        )?,
        app_secret: need(
            "secrets.app_secret",
            secret("secrets.app_secret", config_.secrets.app_secret)?,
        )?,
        verify_token: secret("secrets.verify_token", config_.secrets.verify_token)?,
    })
}

/// Reads an id that may have been written as a number.
fn scalar(field: &str, value: Option<Value>) -> Result<Option<String>, SetupError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(config(field, "has to be text")),
    }
}

fn check_url(text: &str) -> Result<String, SetupError> {
    let wrong = || {
        config(
            "graph_url",
            "has to be an address such as https://graph.facebook.com",
        )
    };
    let url = url::Url::parse(text).map_err(|_| wrong())?;
    let bare = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || !bare {
        return Err(wrong());
    }
    Ok(text.trim().trim_end_matches('/').to_owned())
}

fn check_path(path: &str) -> Result<(), SetupError> {
    let rest = path.strip_prefix("/hooks/").unwrap_or_default();
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '/' || c == '-';
    if rest.is_empty() || path.len() > LONGEST_PATH || !path.chars().all(known) || path.contains("//") {
        return Err(config(
            "webhook_path",
            "begins with /hooks/ and goes on with small letters, digits, / and -, 100 characters at most",
        ));
    }
    Ok(())
}

/// Returns 128 random bits as text.
pub(crate) fn random_hex() -> Result<String, SetupError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| SetupError::NoRandomness)?;
    Ok(hex::encode(bytes))
}

/// Returns a digest by which two equal secrets are recognised in this database, and nothing else can be told.
pub(crate) fn fingerprint(salt: &str, secret: &Secret) -> String {
    let digest = Sha256::new_with_prefix(salt)
        .chain_update([0])
        .chain_update(secret.expose())
        .finalize();
    hex::encode(digest.iter().take(12).copied().collect::<Vec<u8>>())
}

/// Adds a channel, or replaces the settings and secrets of the one with the same number. Needs no network.
pub async fn add_channel(
    store: &Store,
    vault: &Vault,
    config_: ChannelConfig,
    now: Timestamp,
) -> Result<AddedChannel, SetupError> {
    let checked = check(config_)?;
    let salt = random_hex()?;
    let salt = store
        .write(move |transaction| transaction.fingerprint_salt(&salt))
        .await?;
    let print = fingerprint(&salt, &checked.app_secret);
    let number = checked.number_id.clone();
    let known = store
        .read(move |reader| reader.channel_of_number(ChannelKind::WhatsappCloud, &number))
        .await?;
    let id = known.as_ref().map_or_else(
        || ChannelId::from(Uuid::now_v7().simple().to_string()),
        |c| c.id.clone(),
    );
    let kept_token = match &known {
        Some(known) => {
            vault
                .get(&SecretName::new(known.id.as_str(), VERIFY_TOKEN))
                .await?
        }
        None => None,
    };
    let verify_token = match checked.verify_token.clone().or(kept_token) {
        Some(token) => token,
        None => Secret::new(random_hex()?),
    };
    // The address is settled before a secret is stored, so that a wrong one leaves nothing behind.
    let path = choose_path(store, known.as_ref(), checked.webhook_path.clone(), &print).await?;

    for (field, secret) in [
        (ACCESS_TOKEN, &checked.access_token),
        (APP_SECRET, &checked.app_secret),
        (VERIFY_TOKEN, &verify_token),
    ] {
        vault.set(&SecretName::new(id.as_str(), field), secret).await?;
    }
    let added = AddedChannel {
        channel_id: id.clone(),
        webhook_path: path.clone(),
    };
    let stored = store
        .write(move |transaction| {
            let endpoint_id = match transaction.read().endpoint_at(&path)? {
                Some(endpoint) => {
                    transaction.set_endpoint_secret(endpoint.id, &print)?;
                    endpoint.id
                }
                None => transaction.add_endpoint(&path, ChannelKind::WhatsappCloud, &print, now)?,
            };
            let hosts = checked.media_hosts.clone();
            transaction.put_channel(&new_channel(id.clone(), endpoint_id, checked), now)?;
            transaction.set_media_hosts(&id, &hosts)
        })
        .await;
    if let Err(error) = stored {
        if known.is_none() {
            forget_secrets(vault, &added.channel_id).await;
        }
        return Err(error.into());
    }
    Ok(added)
}

fn new_channel(id: ChannelId, endpoint_id: EndpointId, checked: Checked) -> NewChannel {
    NewChannel {
        id,
        endpoint_id,
        kind: ChannelKind::WhatsappCloud,
        name: checked.name,
        mode: checked.mode,
        number_id: checked.number_id,
        account_id: checked.account_id,
        address: checked.address,
        api_url: checked.api_url,
        api_version: checked.api_version,
    }
}

/// Returns the address of a channel: the one asked for, the one it has, that of another channel of the same app, or
/// a new one nobody can guess. One address has one signing secret.
async fn choose_path(
    store: &Store,
    known: Option<&Channel>,
    asked: Option<String>,
    print: &str,
) -> Result<String, SetupError> {
    let (own, print) = (
        known.map(|channel| (channel.id.clone(), channel.endpoint_id)),
        print.to_owned(),
    );
    let fresh = format!("/hooks/{}", random_hex()?);
    let path = store
        .read(move |reader| {
            // Whether a channel is alone at an endpoint, so that its secret may change there.
            let alone_at = |endpoint: EndpointId| -> Result<bool, StoreError> {
                let own = own.as_ref().map(|(id, _)| id);
                Ok(reader
                    .channels()?
                    .iter()
                    .all(|c| c.endpoint_id != endpoint || Some(&c.id) == own))
            };
            if let Some(asked) = asked {
                return Ok(match reader.endpoint_at(&asked)? {
                    Some(taken) if taken.secret_fingerprint != print && !alone_at(taken.id)? => None,
                    _ => Some(asked),
                });
            }
            if let Some((_, endpoint)) = own {
                let endpoint = reader.endpoint(endpoint)?;
                if endpoint.secret_fingerprint == print || alone_at(endpoint.id)? {
                    return Ok(Some(endpoint.path));
                }
            }
            let shared = reader.endpoint_signed_with(ChannelKind::WhatsappCloud, &print)?;
            Ok(Some(shared.map_or(fresh, |endpoint| endpoint.path)))
        })
        .await?;
    path.ok_or_else(|| {
        config(
            "webhook_path",
            "belongs to another app already: its app secret is a different one; choose another address",
        )
    })
}

async fn forget_secrets(vault: &Vault, id: &ChannelId) {
    for field in [ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN] {
        if let Err(error) = vault.delete(&SecretName::new(id.as_str(), field)).await {
            tracing::warn!(%error, field, "a secret of a channel that was not added stays in the vault");
        }
    }
}
