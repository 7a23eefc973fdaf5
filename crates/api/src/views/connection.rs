//! What a window is shown of the connection: tunnel, registration, keys, vault, set-up, and what happened meanwhile.

use serde::Serialize;
use ts_rs::TS;

/// A secret as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SecretView {
    /// Which: `access_token`, `app_secret`, `verify_token`, `authtoken`, `tunnel_token`.
    pub field: String,
    /// Whether there is one.
    pub set: bool,
    /// Its last four characters, when it is long enough to show them.
    pub last4: Option<String>,
}

/// One step that is done for the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct StepView {
    /// Which.
    #[ts(type = "RegistrationStep")]
    pub step: &'static str,
    /// How far it is.
    #[ts(type = "StepState")]
    pub state: &'static str,
    /// What is so, or why it failed and what to do; `null` while there is nothing to tell.
    pub words: Option<String>,
    /// What can be done about it with one button.
    pub action: Option<ActionView>,
}

/// The one button at a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ActionView {
    /// What it does.
    #[ts(type = "ActionKind")]
    pub kind: &'static str,
    /// The channel it is about.
    pub channel_id: Option<String>,
    /// The page it opens, for `open_page`.
    pub url: Option<String>,
    /// The conversation it opens, for `open_conversation`.
    pub conversation_id: Option<String>,
}

/// A program on this computer that can be the tunnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TunnelProgramView {
    /// Which tunnel it makes.
    #[ts(type = "TunnelKind")]
    pub kind: &'static str,
    /// Whether it was found.
    pub found: bool,
    /// Its version.
    pub version: Option<String>,
    /// Whether it can be used as it is, and if not, what to do.
    pub words: String,
}

/// How the internet reaches this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TunnelView {
    /// Which way.
    #[ts(type = "TunnelKind")]
    pub kind: &'static str,
    /// How it stands.
    #[ts(type = "\"off\" | \"connecting\" | \"online\" | \"waiting\" | \"stopped\"")]
    pub phase: &'static str,
    /// How it stands, in a sentence.
    pub words: String,
    /// The public address, when it is online.
    pub url: Option<String>,
    /// The domain that is kept for us.
    pub domain: Option<String>,
    /// Since when it stands so.
    pub since: Option<String>,
    /// When it is tried again.
    pub next_try: Option<String>,
    /// What can be done about it.
    pub action: Option<ActionView>,
    /// The secrets it uses.
    pub secrets: Vec<SecretView>,
    /// The address of the owner's own, for `url`; the public host name, for `cloudflared`.
    pub own_url: Option<String>,
    /// Where the owner's own proxy has to forward to, for `url`.
    pub listens_at: Option<String>,
    /// HTTP requests that came through it this month.
    pub requests: u32,
    /// How many the free plan has; `null` when there is no limit we know of.
    pub requests_given: Option<u32>,
    /// What to know about that.
    pub usage_words: Option<String>,
    /// Programs that could be the tunnel.
    pub programs: Vec<TunnelProgramView>,
}

/// The token that speaks for a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct TokenView {
    /// Whether Meta takes it; `null` when it was never asked.
    pub valid: Option<bool>,
    /// When it ends; `null` when never, or when that is not known.
    pub expires_at: Option<String>,
    /// What is so about it, and what to do.
    pub words: String,
    /// How good or bad that is.
    pub level: super::Level,
}

/// How a channel is connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ConnectionView {
    /// Which channel.
    pub channel_id: String,
    /// The steps of the registration.
    pub steps: Vec<StepView>,
    /// When it last worked from beginning to end.
    pub registered_at: Option<String>,
    /// The address Meta is to call; shown only when somebody asks for it.
    pub callback_url: Option<String>,
    /// Other apps that get this account's webhooks too.
    pub other_apps: Vec<String>,
    /// Where news of account and templates go, when that is not here.
    pub app_callback: Option<String>,
    /// Whether news of account and templates come here.
    pub news_come_here: bool,
    /// What the owner should know about that.
    pub news_words: String,
    /// The secrets.
    pub secrets: Vec<SecretView>,
    /// Until when the former app secret is valid too, after it was replaced.
    pub former_secret_until: Option<String>,
    /// The token.
    pub token: TokenView,
    /// When Meta last answered a question about the number.
    pub checked_at: Option<String>,
    /// What Meta says of the number: sentences, worst first.
    pub number: Vec<super::Finding>,
}

/// How well one thing the owner entered was proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ProofView {
    /// Which: `access_token`, `app_secret`, `app_id`, `permissions`.
    pub field: String,
    /// How far.
    #[ts(type = "StepState")]
    pub state: &'static str,
    /// What is so, or what is wrong and what to do.
    pub words: Option<String>,
}

/// A number that can be connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is asked by itself; none excludes another"
)]
pub struct SetupNumberView {
    /// Meta's id of the business account.
    pub account_id: String,
    /// Meta's id of the number.
    pub number_id: String,
    /// The number as it is shown.
    pub display: String,
    /// The name customers see.
    pub name: Option<String>,
    /// Whether it can be connected as it is.
    pub ready: bool,
    /// Whether it has to be registered with a PIN first.
    pub needs_registration: bool,
    /// Whether it is in use in the WhatsApp Business app on a phone.
    pub on_phone: bool,
    /// Whether it is connected here already.
    pub connected: bool,
    /// Where its webhooks go now, when that is somewhere else.
    pub webhooks_elsewhere: Option<String>,
    /// What to know about it; worst first.
    pub findings: Vec<super::Finding>,
}

/// A business account with its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SetupAccountView {
    /// Meta's id.
    pub account_id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its numbers.
    pub numbers: Vec<SetupNumberView>,
    /// What to know about it, such as a missing payment method.
    pub findings: Vec<super::Finding>,
}

/// How the owner says hello to their own number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HelloView {
    /// The number as it is shown.
    pub number: String,
    /// A link that opens WhatsApp with the word already written.
    pub link: String,
    /// The link as a QR code: rows of `1` (dark) and `0`, without a margin.
    pub qr: Vec<String>,
    /// The first message that came since; `null` until then.
    pub heard: Option<HeardView>,
    /// The test reply, once it was sent.
    pub reply: Option<ReplyView>,
}

/// The first message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct HeardView {
    /// Its conversation.
    pub conversation_id: String,
    /// Who wrote.
    pub name: String,
    /// What.
    pub text: Option<String>,
    /// When.
    pub at: String,
}

/// The test reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReplyView {
    /// The message.
    pub message_id: String,
    /// What became of it.
    #[ts(type = "DeliveryStatus")]
    pub status: &'static str,
    /// Why it failed and what to do.
    pub words: Option<String>,
}

/// The set-up of a number. It is kept, so it can be left and gone on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SetupView {
    /// Whether one was begun.
    pub begun: bool,
    /// The page it stands at.
    #[ts(type = "SetupPage")]
    pub page: &'static str,
    /// The furthest page that can be gone to.
    #[ts(type = "SetupPage")]
    pub furthest: &'static str,
    /// Token and app secret, as far as entered.
    pub secrets: Vec<SecretView>,
    /// The app's id, entered or found.
    pub app_id: Option<String>,
    /// The app's name.
    pub app_name: Option<String>,
    /// How well each of them was proved.
    pub proofs: Vec<ProofView>,
    /// The token.
    pub token: Option<TokenView>,
    /// What was found.
    pub accounts: Vec<SetupAccountView>,
    /// Why the ids have to be entered by hand, when they have to.
    pub manual_words: Option<String>,
    /// The number that was chosen.
    pub number: Option<SetupNumberView>,
    /// How the internet reaches this computer.
    pub tunnel: TunnelView,
    /// The chain.
    pub steps: Vec<StepView>,
    /// The channel, once there is one.
    pub channel_id: Option<String>,
    /// The hello, once there is a channel.
    pub hello: Option<HelloView>,
    /// The mode that was chosen at the end.
    #[ts(type = "BotMode | null")]
    pub mode: Option<&'static str>,
}

/// Where secrets are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct VaultView {
    /// Which place.
    #[ts(type = "\"keychain\" | \"file\" | \"memory\"")]
    pub kind: &'static str,
    /// How it stands.
    #[ts(type = "\"open\" | \"locked\" | \"absent\" | \"passphrase\" | \"damaged\"")]
    pub state: &'static str,
    /// Where secrets are kept, how that stands, and what to do.
    pub words: String,
    /// Whether a sealed file with a passphrase can be used instead.
    pub can_use_file: bool,
}

/// A customer in the report of what happened meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AwayRow {
    /// Their conversation.
    pub conversation_id: String,
    /// Who.
    pub name: String,
    /// How many messages came late; 0 where that is not what it is about.
    pub messages: u32,
    /// Since when: when they wrote, when they began to wait, or when the window closed.
    pub at: String,
    /// When the last of the late messages came here.
    pub arrived_at: Option<String>,
}

/// While you were away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AwayView {
    /// Whether there is something to tell that nobody has seen.
    pub unseen: bool,
    /// Since when nobody could be reached.
    pub from: Option<String>,
    /// Until when; `null` while it goes on.
    pub until: Option<String>,
    /// Why, and for how long: a sentence.
    pub words: String,
    /// How many messages came late, in all.
    pub late_messages: u32,
    /// Who wrote them.
    pub late: Vec<AwayRow>,
    /// Who waits for an answer, longest first.
    pub waiting: Vec<AwayRow>,
    /// Whose service window closed meanwhile.
    pub windows_closed: Vec<AwayRow>,
    /// What Meta may still deliver: a sentence.
    pub still_words: Option<String>,
}

/// A file for whoever helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DiagnosticsView {
    /// What to call it.
    pub file_name: String,
    /// Its content, without secrets and without anything of customers.
    pub text: String,
}

/// What findings can be about.
pub const TOPICS: &[&str] = &[
    "webhook",
    "tunnel",
    "callback",
    "sending",
    "token",
    "number",
    "account",
    "payment",
    "signature",
    "vault",
    "storage",
    "clock",
    "version",
    "model",
    "program",
];

/// What the button at a sentence can do.
pub const ACTIONS: &[&str] = &[
    // Try the tunnel again at once.
    "retry_tunnel",
    // Show the settings of the tunnel.
    "tunnel_settings",
    // Register our webhook address again.
    "register_webhook",
    // Let news of account and templates come here.
    "take_news",
    // Ask for new keys.
    "replace_keys",
    // Ask for the PIN and register the number.
    "register_number",
    // Send again on a channel that waits.
    "resume_channel",
    // Ask Meta again.
    "check_channel",
    // Ask the keychain again, or for the passphrase.
    "unlock_vault",
    // Connect a number.
    "connect_number",
    // Open a page of Meta's, ngrok's or whoever's.
    "open_page",
    // Open the conversation it is about.
    "open_conversation",
    // Look again.
    "look_again",
];
