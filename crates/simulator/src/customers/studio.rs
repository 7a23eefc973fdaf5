//! What the guests of the demo share: the shop's number, files, and ids that later messages can name.

use bytes::Bytes;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::files::MediaHandle;
use crate::meta::Meta;
use crate::templates::Template;
use crate::webhook::{Customer, Number};

/// The shop as its guests see it.
#[derive(Debug, Clone)]
pub(super) struct Studio {
    pub(super) meta: Meta,
    pub(super) number: Number,
    /// Makes the ids of this run different from those of any other.
    run: String,
}

impl Studio {
    pub(super) fn new(meta: Meta, number: Number) -> Self {
        let run = uuid::Uuid::new_v4().simple().to_string();
        Self { meta, number, run }
    }

    /// The id of a message that others refer to; the same for the same tag.
    pub(super) fn wamid(&self, tag: &str) -> String {
        let hash = Sha256::digest(format!("{} {tag}", self.run));
        let short: Vec<u8> = hash.into_iter().take(16).collect();
        format!("wamid.HBgM{}AA==", hex::encode_upper(short))
    }

    /// A file of a customer, with the address that webhooks carry since v24.
    pub(super) fn file(&self, bytes: Bytes, mime_type: &str) -> MediaHandle {
        let handle = self.meta.put_media(bytes, mime_type);
        let url = self.meta.media_url(&handle.id);
        handle.with_url(&url)
    }

    /// The digits of the shop's number, as a quote names the author.
    pub(super) fn digits(&self) -> &str {
        self.number.display_phone_number.trim_start_matches('+')
    }

    /// Fills the account with templates in every state a shop meets.
    pub(super) fn hang_templates(&self) {
        let example = |values: &[&str]| json!({ "body_text": [values] });
        let ready = Template::approved(
            "order_ready",
            "en_GB",
            "UTILITY",
            json!([
                { "type": "HEADER", "format": "TEXT", "text": "Your pots are ready" },
                { "type": "BODY", "text": "Hello {{1}}, your order {{2}} is out of the kiln. When would you like to collect it?",
                  "example": example(&["Ana", "118"]) },
                { "type": "FOOTER", "text": "Larkfield Pottery, Mill Lane" },
                { "type": "BUTTONS", "buttons": [
                    { "type": "QUICK_REPLY", "text": "I'll come today" },
                    { "type": "QUICK_REPLY", "text": "Tomorrow is better" },
                ] },
            ]),
        );
        let reminder = Template::approved(
            "class_reminder",
            "en_GB",
            "UTILITY",
            json!([
                { "type": "BODY", "text": "Hi {{name}}, your wheel class starts on {{day}} at {{time}}. Bring an apron!",
                  "example": { "body_text_named_params": [
                    { "param_name": "name", "example": "Tom" }, { "param_name": "day", "example": "Saturday" },
                    { "param_name": "time", "example": "ten" },
                  ] } },
            ]),
        )
        .named();
        let glazes = Template::approved(
            "winter_glazes",
            "en_GB",
            "MARKETING",
            json!([
                { "type": "HEADER", "format": "IMAGE", "example": { "header_handle": ["4:simulated"] } },
                { "type": "BODY", "text": "The winter glazes are here, {{1}}. The first twenty mugs have a gift box.",
                  "example": example(&["Ana"]) },
                { "type": "BUTTONS", "buttons": [
                    { "type": "URL", "text": "See them", "url": "https://larkfield.example/winter/{{1}}", "example": ["mugs"] },
                ] },
            ]),
        );
        let german = Template::approved(
            "order_ready",
            "de",
            "UTILITY",
            json!([{ "type": "BODY", "text": "Guten Tag {{1}}, Ihre Bestellung {{2}} ist fertig gebrannt.",
                     "example": example(&["Jonas", "118"]) }]),
        );
        let paused = Template::approved(
            "feedback",
            "en_GB",
            "MARKETING",
            json!([{ "type": "BODY", "text": "How do you like your new pots? Tell us in one sentence." }]),
        )
        .status("PAUSED");
        for template in [ready, reminder, glazes, german, paused] {
            self.meta.add_template(&self.number.waba_id, template);
        }
    }

    /// The id of a template, as webhooks write it.
    pub(super) fn template_id(&self, name: &str) -> i64 {
        let templates = self.meta.templates(&self.number.waba_id);
        let found = templates.iter().find(|template| template.name == name);
        found
            .and_then(|template| template.id.parse().ok())
            .unwrap_or_default()
    }
}

/// A person with a number out of the ranges reserved for fiction.
pub(super) fn person(name: &str, wa_id: &str) -> Customer {
    let (country, digits) = if wa_id.starts_with("44") {
        ("GB", "70")
    } else {
        ("US", "12")
    };
    let last: String = wa_id.chars().skip(wa_id.len().saturating_sub(5)).collect();
    Customer::phone(name, wa_id).with_user_id(&format!("{country}.{digits}{last}5508812{last}4410"))
}
