//! What commands take that concern the connection.

use serde::Deserialize;
use ts_rs::TS;

/// Arguments of `setup_page`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetupPageArgs {
    /// Where to go; not further than `furthest`.
    #[ts(type = "SetupPage")]
    pub page: String,
}

/// Arguments of `setup_credentials`. What is left out stays as it was entered before.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct SetupCredentials {
    /// The token.
    #[ts(optional)]
    pub access_token: Option<String>,
    /// The app secret.
    #[ts(optional)]
    pub app_secret: Option<String>,
    /// The app's id; found out when it is left out.
    #[ts(optional)]
    pub app_id: Option<String>,
}

/// Arguments of `setup_number`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetupNumberArgs {
    /// Meta's id of the business account.
    pub account_id: String,
    /// Meta's id of the number.
    pub number_id: String,
}

/// Arguments of `register_number`.
#[derive(Clone, Deserialize, TS)]
pub struct RegisterNumber {
    /// Which channel; the number of the set-up when it is left out.
    #[ts(optional)]
    pub channel_id: Option<String>,
    /// Six digits: the PIN it has, or the one it is to have.
    pub pin: String,
    /// The owner knows that the number leaves the phone's app. Without it nothing is done.
    pub confirmed: bool,
}

/// Arguments of `save_tunnel`. Secrets that are left out stay as they are.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct SaveTunnel {
    /// Which way.
    #[ts(type = "TunnelKind")]
    pub kind: String,
    /// ngrok's authtoken.
    #[ts(optional)]
    pub authtoken: Option<String>,
    /// The domain to use; the account's own when it is left out.
    #[ts(optional)]
    pub domain: Option<String>,
    /// The public address, for `url`; the public host name, for `cloudflared` with a token.
    #[ts(optional)]
    pub url: Option<String>,
    /// Cloudflare's token of a named tunnel; a trial tunnel with a changing address when there is none.
    #[ts(optional)]
    pub tunnel_token: Option<String>,
    /// The port webhooks are received at, for `url`; a free one when it is left out.
    #[ts(optional)]
    pub port: Option<u16>,
    /// Whether other computers of the owner's network may reach that port, since one of them forwards the address.
    #[ts(optional)]
    pub lan: Option<bool>,
}

/// Arguments of `test_reply`.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct TestReply {
    /// What to write; a friendly sentence when it is left out.
    #[ts(optional)]
    pub text: Option<String>,
}

/// Arguments of `finish_setup`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct FinishSetup {
    /// How much the assistant may do.
    #[ts(type = "BotMode")]
    pub mode: String,
}

/// Arguments of `replace_keys`. What is left out stays.
#[derive(Clone, Deserialize, TS)]
pub struct ReplaceKeys {
    /// Which channel.
    pub channel_id: String,
    /// The new token.
    #[serde(default)]
    #[ts(optional)]
    pub access_token: Option<String>,
    /// The new app secret; the former one stays valid for a week.
    #[serde(default)]
    #[ts(optional)]
    pub app_secret: Option<String>,
}

/// Arguments of `unlock_vault` and `use_sealed_file`.
#[derive(Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct VaultArgs {
    /// The passphrase of the sealed file; not needed for the keychain.
    #[ts(optional)]
    pub passphrase: Option<String>,
}

macro_rules! kept_to_itself {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}
kept_to_itself!(
    SetupCredentials,
    RegisterNumber,
    SaveTunnel,
    ReplaceKeys,
    VaultArgs
);
