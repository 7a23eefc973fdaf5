//! Webhook bodies as Meta writes and signs them (`whatsapp-cloud-api.md` 1.2, 1.6, 2, 3.1, 4). Nothing here needs a
//! running [`Meta`](crate::Meta).
//!
//! - [`Inbound`] is a message of a customer, of any kind.
//! - [`coexistence`] is what the business's own phone app says: echoes, history, contacts.
//! - [`identity`] is who somebody is now: number changes, user ids, preferences.
//! - [`account`] is about the account and its templates.
//! - [`routing`] is about threads of several agents, and calls.

pub mod account;
pub mod coexistence;
pub mod identity;
mod inbound;
pub mod routing;

pub use inbound::{Inbound, OrderLine, Referral, Removed};

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::graph::GraphError;

/// A business number at Meta, with what its owner knows about it.
#[derive(Clone, PartialEq, Eq)]
pub struct Number {
    /// Graph's id of the number; the path of a send and the key of routing in a webhook.
    pub phone_number_id: String,
    /// The WhatsApp business account the number belongs to.
    pub waba_id: String,
    /// The number with `+` and digits; webhooks carry only the digits.
    pub display_phone_number: String,
    /// The name customers see.
    pub verified_name: String,
    /// The bearer token that may send from this number.
    pub access_token: String,
    /// The secret of the app that signs this number's webhooks.
    pub app_secret: String,
    /// The app. Empty: the one that is known by this secret, else one that Meta makes up.
    pub app_id: String,
    /// Whether a call without `appsecret_proof` is refused (a setting of the app at Meta).
    pub proof_required: bool,
}

impl Number {
    /// A number with a name of its own and no demand for `appsecret_proof`.
    pub fn new(
        phone_number_id: &str,
        waba_id: &str,
        display_phone_number: &str,
        token: &str,
        app_secret: &str,
    ) -> Self {
        Self {
            phone_number_id: phone_number_id.to_owned(),
            waba_id: waba_id.to_owned(),
            display_phone_number: display_phone_number.to_owned(),
            verified_name: "Simulated shop".to_owned(),
            access_token: token.to_owned(),
            app_secret: app_secret.to_owned(),
            app_id: String::new(),
            proof_required: false,
        }
    }

    /// The same of this app.
    #[must_use]
    pub fn of_app(mut self, app_id: &str) -> Self {
        app_id.clone_into(&mut self.app_id);
        self
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Tests look for leaked secrets; the simulator must not be the leak.
        f.debug_struct("Number")
            .field("phone_number_id", &self.phone_number_id)
            .field("waba_id", &self.waba_id)
            .field("display_phone_number", &self.display_phone_number)
            .finish_non_exhaustive()
    }
}

/// A person who writes to a business. At least one of `wa_id` and `user_id` is there (section 2.4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Customer {
    /// The profile name.
    pub name: Option<String>,
    /// Digits of the phone number, absent for people who hide it behind a username.
    pub wa_id: Option<String>,
    /// The business-scoped user id (BSUID).
    pub user_id: Option<String>,
    /// The changeable username, with `@`.
    pub username: Option<String>,
    /// The BSUID shared by linked portfolios, only for managed businesses.
    pub parent_user_id: Option<String>,
}

impl Customer {
    /// A person known by phone number only, as before 2026.
    pub fn phone(name: &str, wa_id: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            wa_id: Some(wa_id.to_owned()),
            ..Self::default()
        }
    }

    /// A person whose phone number is withheld; only the BSUID identifies them.
    pub fn hidden(name: &str, user_id: &str, username: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            wa_id: None,
            user_id: Some(user_id.to_owned()),
            username: Some(username.to_owned()),
            parent_user_id: None,
        }
    }

    /// The same person with a BSUID, the usual shape since April 2026.
    #[must_use]
    pub fn with_user_id(mut self, user_id: &str) -> Self {
        self.user_id = Some(user_id.to_owned());
        self
    }

    /// The same person with a parent BSUID (`CC.ENT.…`).
    #[must_use]
    pub fn with_parent(mut self, parent_user_id: &str) -> Self {
        self.parent_user_id = Some(parent_user_id.to_owned());
        self
    }

    /// The same person with a username.
    #[must_use]
    pub fn with_username(mut self, username: &str) -> Self {
        self.username = Some(username.to_owned());
        self
    }

    /// The same person after having adopted a username and hidden the phone number (section 2.4).
    #[must_use]
    pub fn without_phone(mut self) -> Self {
        self.wa_id = None;
        self
    }

    /// The address a send would name: the digits of the phone number, else the BSUID.
    pub fn address(&self) -> &str {
        self.wa_id
            .as_deref()
            .or(self.user_id.as_deref())
            .unwrap_or_default()
    }

    /// The `contacts[]` element of a webhook.
    pub fn contact(&self) -> Value {
        let mut profile = Map::new();
        put(&mut profile, "name", self.name.as_deref());
        put(&mut profile, "username", self.username.as_deref());
        let mut contact = Map::new();
        contact.insert("profile".to_owned(), Value::Object(profile));
        put(&mut contact, "wa_id", self.wa_id.as_deref());
        put(&mut contact, "user_id", self.user_id.as_deref());
        put(&mut contact, "parent_user_id", self.parent_user_id.as_deref());
        Value::Object(contact)
    }
}

/// One `changes[]` element together with the account whose `entry` it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The `entry[].id`.
    pub waba_id: String,
    /// The webhook field, nearly always `messages`.
    pub field: String,
    /// The `value` object.
    pub value: Value,
}

/// A delivery status of a message we sent (section 3.1).
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The id that the send returned.
    pub wamid: String,
    /// The status word as Meta writes it (`sent`, `delivered`, `read`, `failed` or anything else).
    pub status: String,
    /// Unix seconds.
    pub at: i64,
    /// The `biz_opaque_callback_data` of the send.
    pub reference: Option<String>,
    /// For `failed`: why.
    pub error: Option<GraphError>,
    /// What is said about the price.
    pub price: Price,
    /// The participant of a group this is about; the recipient is the group then.
    pub group_id: Option<String>,
}

/// What a status says about money (section 3.4). Never an amount.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Price {
    /// A free-form message, on `sent` and `delivered`.
    #[default]
    Usual,
    /// Nothing.
    Unsaid,
    /// Charged under this category.
    Regular {
        /// `utility`, `marketing`, `authentication`, `service`, or anything else.
        category: String,
    },
    /// Free for 72 hours after the answer to a click on an advertisement (section 9.4).
    FreeEntryPoint {
        /// Unix seconds.
        expires: i64,
    },
    /// Another `type`, for readers that must cope with new ones.
    Typed {
        /// The `type`.
        kind: String,
        /// The `category`.
        category: String,
    },
}

impl Report {
    /// A report without reference and error.
    pub fn new(wamid: &str, status: &str, at: i64) -> Self {
        Self {
            wamid: wamid.to_owned(),
            status: status.to_owned(),
            at,
            reference: None,
            error: None,
            price: Price::Usual,
            group_id: None,
        }
    }
}

/// A `messages[]` element of type text, written at `at` (Unix seconds).
pub fn text_message(customer: &Customer, wamid: &str, at: i64, body: &str) -> Value {
    typed_message(customer, wamid, at, "text", json!({ "body": body }))
}

/// A `messages[]` element of any type; `content` stands under the key named like the type.
pub fn typed_message(customer: &Customer, wamid: &str, at: i64, kind: &str, content: Value) -> Value {
    let mut message = Map::new();
    put(&mut message, "from", customer.wa_id.as_deref());
    put(&mut message, "from_user_id", customer.user_id.as_deref());
    put(
        &mut message,
        "from_parent_user_id",
        customer.parent_user_id.as_deref(),
    );
    put(&mut message, "id", Some(wamid));
    put(&mut message, "timestamp", Some(&at.to_string()));
    put(&mut message, "type", Some(kind));
    message.insert(kind.to_owned(), content);
    Value::Object(message)
}

/// A change with any number of messages, and the contact of each customer once.
pub fn messages(number: &Number, customers: &[Customer], messages: Vec<Value>) -> Change {
    let mut value = frame(number);
    let contacts: Vec<Value> = customers.iter().map(Customer::contact).collect();
    value.insert("contacts".to_owned(), Value::Array(contacts));
    value.insert("messages".to_owned(), Value::Array(messages));
    change(number, value)
}

/// A change with one text message, written at `at` (Unix seconds).
pub fn text(number: &Number, customer: &Customer, wamid: &str, at: i64, body: &str) -> Change {
    messages(
        number,
        std::slice::from_ref(customer),
        vec![text_message(customer, wamid, at, body)],
    )
}

/// A `statuses[]` element. `pricing` comes with `sent` and `delivered`, as since webhooks v24 (section 3.4).
pub fn status_item(customer: &Customer, report: &Report) -> Value {
    let mut item = Map::new();
    put(&mut item, "id", Some(&report.wamid));
    put(&mut item, "status", Some(&report.status));
    put(&mut item, "timestamp", Some(&report.at.to_string()));
    if let Some(group) = &report.group_id {
        put(&mut item, "recipient_id", Some(group));
        put(&mut item, "recipient_type", Some("group"));
        put(&mut item, "recipient_participant_id", customer.wa_id.as_deref());
        put(
            &mut item,
            "recipient_participant_user_id",
            customer.user_id.as_deref(),
        );
    } else {
        put(&mut item, "recipient_id", customer.wa_id.as_deref());
        put(&mut item, "recipient_user_id", customer.user_id.as_deref());
        put(
            &mut item,
            "recipient_parent_user_id",
            customer.parent_user_id.as_deref(),
        );
    }
    put(&mut item, "biz_opaque_callback_data", report.reference.as_deref());
    price(&mut item, report);
    if let Some(error) = &report.error {
        item.insert("errors".to_owned(), json!([error.webhook_body()]));
    }
    Value::Object(item)
}

fn price(item: &mut Map<String, Value>, report: &Report) {
    let (kind, category) = match &report.price {
        Price::Unsaid => return,
        Price::Usual if !matches!(report.status.as_str(), "sent" | "delivered") => return,
        Price::Usual => ("regular", "service"),
        Price::Regular { category } => ("regular", category.as_str()),
        Price::Typed { kind, category } => (kind.as_str(), category.as_str()),
        Price::FreeEntryPoint { expires } => {
            let conversation = json!({
                "id": hex::encode(expires.to_be_bytes()),
                "expiration_timestamp": expires.to_string(),
                "origin": { "type": "referral_conversion" },
            });
            item.insert("conversation".to_owned(), conversation);
            ("free_entry_point", "referral_conversion")
        }
    };
    let pricing = json!({
        "billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category,
    });
    item.insert("pricing".to_owned(), pricing);
}

/// A change with one status. Like Meta's, a `failed` one carries no `contacts` (section 3.1).
pub fn status(number: &Number, customer: &Customer, report: &Report) -> Change {
    statuses(number, customer, std::slice::from_ref(report))
}

/// A change with several statuses of one customer's messages.
pub fn statuses(number: &Number, customer: &Customer, reports: &[Report]) -> Change {
    let mut value = frame(number);
    if reports.iter().all(|report| report.status != "failed") {
        value.insert("contacts".to_owned(), json!([customer.contact()]));
    }
    let items: Vec<Value> = reports
        .iter()
        .map(|report| status_item(customer, report))
        .collect();
    value.insert("statuses".to_owned(), Value::Array(items));
    change(number, value)
}

/// A change with an error of the number or the app and no message (section 2.7).
pub fn errors(number: &Number, errors: &[GraphError]) -> Change {
    let mut value = frame(number);
    let errors: Vec<Value> = errors.iter().map(GraphError::webhook_body).collect();
    value.insert("errors".to_owned(), Value::Array(errors));
    change(number, value)
}

/// A change of any field, known or not. `metadata` stands in front when the field carries it.
pub fn field(number: &Number, field: &str, value: Value) -> Change {
    Change {
        waba_id: number.waba_id.clone(),
        field: field.to_owned(),
        value,
    }
}

/// A change of any field whose `value` starts with `messaging_product` and `metadata`, as message-like fields do.
pub fn framed(number: &Number, name: &str, parts: Map<String, Value>) -> Change {
    let mut value = frame(number);
    value.extend(parts);
    field(number, name, Value::Object(value))
}

/// The whole body: neighbouring changes of one account share an `entry`.
pub fn envelope(changes: Vec<Change>) -> Value {
    let mut entries: Vec<(String, Vec<Value>)> = Vec::new();
    for change in changes {
        let item = json!({ "value": change.value, "field": change.field });
        match entries.last_mut() {
            Some((waba_id, items)) if *waba_id == change.waba_id => items.push(item),
            _ => entries.push((change.waba_id, vec![item])),
        }
    }
    let entries: Vec<Value> = entries
        .into_iter()
        .map(|(id, changes)| json!({ "id": id, "changes": changes }))
        .collect();
    json!({ "object": "whatsapp_business_account", "entry": entries })
}

/// The value of `X-Hub-Signature-256`: HMAC-SHA256 over exactly these bytes, keyed with the text of the secret.
pub fn sign(app_secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hmac_hex(app_secret, body))
}

/// HMAC-SHA256 in lower-case hex; also the form of `appsecret_proof`.
pub(crate) fn hmac_hex(key: &str, message: &[u8]) -> String {
    // HMAC takes keys of any length, so this cannot fail; an empty text would be noticed by every verifier.
    Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(message);
            hex::encode(mac.finalize().into_bytes())
        },
    )
}

/// A fresh message id in Meta's form. Unlike Meta's own it does not hide a phone number.
pub fn new_wamid() -> String {
    let id = uuid::Uuid::new_v4().simple().to_string().to_uppercase();
    format!("wamid.HBgM{id}AA==")
}

/// How the same JSON is written on the wire; both are valid bodies with different signatures (section 1.2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    /// As Meta does: non-ASCII as lower-case `\uXXXX`, `/` as `\/`.
    #[default]
    Escaped,
    /// Plain UTF-8.
    Raw,
}

impl Style {
    /// The bytes to sign and send.
    pub fn encode(self, body: &Value) -> Vec<u8> {
        let plain = body.to_string();
        match self {
            Self::Raw => plain.into_bytes(),
            Self::Escaped => escape(&plain).into_bytes(),
        }
    }
}

/// Outside of strings JSON has neither slashes nor non-ASCII characters, so every one met here is inside a string.
fn escape(plain: &str) -> String {
    let mut escaped = String::with_capacity(plain.len() + plain.len() / 4);
    let mut units = [0_u16; 2];
    for character in plain.chars() {
        match character {
            '/' => escaped.push_str("\\/"),
            ascii if ascii.is_ascii() => escaped.push(ascii),
            other => {
                for unit in other.encode_utf16(&mut units) {
                    escaped.push_str("\\u");
                    escaped.push_str(&hex::encode(unit.to_be_bytes()));
                }
            }
        }
    }
    escaped
}

fn frame(number: &Number) -> Map<String, Value> {
    let mut value = Map::new();
    put(&mut value, "messaging_product", Some("whatsapp"));
    let digits = number.display_phone_number.trim_start_matches('+');
    let metadata = json!({ "display_phone_number": digits, "phone_number_id": number.phone_number_id });
    value.insert("metadata".to_owned(), metadata);
    value
}

fn change(number: &Number, value: Map<String, Value>) -> Change {
    Change {
        waba_id: number.waba_id.clone(),
        field: "messages".to_owned(),
        value: Value::Object(value),
    }
}

fn put(object: &mut Map<String, Value>, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        object.insert(key.to_owned(), Value::from(text));
    }
}
