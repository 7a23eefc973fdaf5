//! Where webhooks go: subscribed apps, overrides, callbacks of apps, and Meta's visit before it believes an address
//! (`whatsapp-cloud-api.md` 1.1, 1.5, 7.3).

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{App, nodes};
use crate::clock;
use crate::graph::GraphError;
use crate::meta::{Inner, State};
use crate::street;
use crate::webhook::Number;

/// Longest address in UTF-8 bytes; addresses are ASCII (section 1.5).
const LONGEST_URL: usize = 200;
/// The only object that is of interest here.
pub(crate) const OBJECT: &str = "whatsapp_business_account";

/// The fields that go to an override; all others go to the app's callback (section 1.5).
const OVERRIDABLE: [&str; 13] = [
    "messages",
    "message_echoes",
    "calls",
    "consumer_profile",
    "messaging_handovers",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "smb_message_echoes",
    "smb_app_state_sync",
    "history",
    "account_settings_update",
];

/// The other fields one can subscribe to (section 4).
const OTHERS: [&str; 21] = [
    "account_alerts",
    "account_review_update",
    "account_update",
    "automatic_events",
    "business_capability_update",
    "business_username_update",
    "flows",
    "message_template_components_update",
    "message_template_quality_update",
    "message_template_status_update",
    "partner_solutions",
    "payment_configuration_update",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "standby",
    "template_category_update",
    "template_correct_category_detection",
    "tracking_events",
    "user_id_update",
    "user_preferences",
];

/// Whether a field follows overrides.
pub(crate) fn overridable(field: &str) -> bool {
    OVERRIDABLE.contains(&field)
}

/// An app that gets an account's webhooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SubscribedApp {
    pub(crate) app_id: String,
    /// The account's override.
    pub(crate) url: Option<String>,
}

/// The callback of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Callback {
    pub(crate) url: String,
    /// Field → the version it was subscribed with.
    pub(crate) fields: BTreeMap<String, String>,
}

/// Where a body is posted, and whose secret signs it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) secret: String,
}

/// One visit Meta paid to an address before believing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// When it began, Unix milliseconds.
    pub at: i64,
    /// The address.
    pub url: String,
    /// What went wrong; none when it passed.
    pub failed: Option<String>,
}

/// The address and verify token of a request, unless they are no good.
pub(crate) fn check_override(url: &str, verify_token: Option<&str>) -> Result<(), GraphError> {
    let refuse = |details: &str| Err(GraphError::of(100).details(details));
    if url.len() > LONGEST_URL {
        return refuse("The callback URI must be at most 200 characters long.");
    }
    let loopback = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    if !url.starts_with("https://") && !loopback.iter().any(|start| url.starts_with(start)) {
        return refuse("The callback URI must begin with https://.");
    }
    if verify_token.is_none_or(str::is_empty) {
        return refuse("The parameter verify_token is required.");
    }
    Ok(())
}

/// Section 1.5: without a plain subscription there is nothing to override.
pub(crate) fn not_subscribed() -> GraphError {
    let mut error = GraphError::of(100);
    "Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account."
        .clone_into(&mut error.title);
    error
}

/// The field names of a request, each one Meta knows.
pub(crate) fn fields(list: &str) -> Result<Vec<String>, GraphError> {
    let mut found = Vec::new();
    for (at, name) in list.split(',').map(str::trim).enumerate() {
        if !OVERRIDABLE.contains(&name) && !OTHERS.contains(&name) {
            let mut error = GraphError::of(100);
            error.title =
                format!("Param fields[{at}] must be one of the fields of {OBJECT} - got \"{name}\".");
            return Err(error);
        }
        found.push(name.to_owned());
    }
    Ok(found)
}

impl State {
    pub(crate) fn row(&mut self, waba_id: &str, app_id: &str) -> Option<&mut SubscribedApp> {
        let rows = self.management.subscribed.get_mut(waba_id)?;
        rows.iter_mut().find(|row| row.app_id == app_id)
    }

    pub(crate) fn is_subscribed(&self, waba_id: &str, app_id: &str) -> bool {
        let rows = self.management.subscribed.get(waba_id);
        rows.is_some_and(|rows| rows.iter().any(|row| row.app_id == app_id))
    }

    /// Adds an app to an account's list unless it is there.
    pub(crate) fn subscribe_app(&mut self, waba_id: &str, app_id: &str) {
        if !self.is_subscribed(waba_id, app_id) {
            let row = SubscribedApp {
                app_id: app_id.to_owned(),
                url: None,
            };
            let rows = self.management.subscribed.entry(waba_id.to_owned());
            rows.or_default().push(row);
        }
    }

    /// The list of `GET /{waba}/subscribed_apps`.
    pub(crate) fn subscribed_apps(&self, waba_id: &str) -> Value {
        let rows = self.management.subscribed.get(waba_id).into_iter().flatten();
        let data: Vec<Value> = rows
            .filter_map(|row| {
                let app = self.management.apps.get(&row.app_id)?;
                let mut node = Map::new();
                let about = json!({ "link": nodes::link(app), "name": app.name, "id": app.id });
                node.insert("whatsapp_business_api_data".to_owned(), about);
                if let Some(url) = &row.url {
                    node.insert("override_callback_uri".to_owned(), Value::from(url.clone()));
                }
                Some(Value::Object(node))
            })
            .collect();
        json!({ "data": data })
    }

    /// The list of `GET /{app}/subscriptions`.
    pub(crate) fn app_callbacks(&self, app_id: &str) -> Value {
        let rows = self.management.callbacks.get(app_id).map(|callback| {
            let fields: Vec<Value> = callback
                .fields
                .iter()
                .map(|(name, version)| json!({ "name": name, "version": version }))
                .collect();
            json!({ "object": OBJECT, "callback_url": callback.url, "active": true, "fields": fields })
        });
        json!({ "data": rows.into_iter().collect::<Vec<Value>>() })
    }

    /// The field `webhook_configuration` of a number: the address of each level.
    pub(super) fn webhook_configuration(&self, number: &Number, app: &App) -> Value {
        let mut node = Map::new();
        let mut put = |key: &str, url: Option<&String>| {
            if let Some(url) = url {
                node.insert(key.to_owned(), Value::from(url.clone()));
            }
        };
        let own = self.subscriptions.get(&number.phone_number_id);
        put("phone_number", own.map(|own| &own.url));
        let rows = self.management.subscribed.get(&number.waba_id);
        let row = rows.and_then(|rows| rows.iter().find(|row| row.app_id == app.id));
        put("whatsapp_business_account", row.and_then(|row| row.url.as_ref()));
        let callback = self.management.callbacks.get(&app.id);
        put("application", callback.map(|callback| &callback.url));
        Value::Object(node)
    }

    /// Whether bodies for a number may hold all fields together: no address is known but the one a test set.
    pub(crate) fn undivided(&self, phone_number_id: &str) -> bool {
        let own = self.subscriptions.get(phone_number_id);
        let mut rows = self.management.subscribed.values().flatten();
        self.management.callbacks.is_empty()
            && own.is_none_or(|own| own.app_id.is_none())
            && (own.is_some() || rows.all(|row| row.url.is_none()))
    }

    /// Where a body with these fields goes: number, then account, then app, for the fields that follow overrides; for
    /// the others the app. None while nobody is there to take it.
    pub(crate) fn target(&self, phone_number_id: &str, fields: &[String]) -> Option<Target> {
        let number = self
            .numbers
            .iter()
            .find(|number| number.phone_number_id == phone_number_id)?;
        let secret_of = |app_id: &str| self.management.apps.get(app_id).map(|app| app.secret.clone());
        let follows = fields.iter().any(|field| overridable(field));
        let own = self.subscriptions.get(phone_number_id);
        let by_test = own.filter(|own| own.app_id.is_none()).map(|own| Target {
            url: own.url.clone(),
            secret: number.app_secret.clone(),
        });
        if follows {
            if by_test.is_some() {
                return by_test;
            }
            let set = own.and_then(|own| Some((own, own.app_id.as_deref()?)));
            let set = set.filter(|(_, app_id)| self.is_subscribed(&number.waba_id, app_id));
            if let Some((own, app_id)) = set {
                return Some(Target {
                    url: own.url.clone(),
                    secret: secret_of(app_id)?,
                });
            }
        }
        let rows = self.management.subscribed.get(&number.waba_id);
        let mut rows: Vec<&SubscribedApp> = rows.into_iter().flatten().collect();
        // Of several apps the number's own comes first; a body is posted to one only.
        rows.sort_by_key(|row| row.app_id != number.app_id);
        if follows && let Some((row, url)) = rows.iter().find_map(|row| Some((row, row.url.as_ref()?))) {
            return Some(Target {
                url: url.clone(),
                secret: secret_of(&row.app_id)?,
            });
        }
        let callback = rows.iter().find_map(|row| {
            let callback = self.management.callbacks.get(&row.app_id)?;
            let wanted = fields.iter().any(|field| callback.fields.contains_key(field));
            wanted.then_some((row, callback))
        });
        if let Some((row, callback)) = callback {
            return Some(Target {
                url: callback.url.clone(),
                secret: secret_of(&row.app_id)?,
            });
        }
        by_test
    }
}

impl Inner {
    /// Visits an address as Meta does before it believes it; refused with 2200.
    pub(crate) async fn verify_callback(&self, url: &str, verify_token: &str) -> Result<(), GraphError> {
        let at = clock::unix_millis();
        let challenge = (self.dice.roll() % 10_000_000_000).to_string();
        let patience: Duration = self.state().management.patience;
        let client = self.client();
        let visit = street::handshake(&client, url, verify_token, &challenge);
        let failed = match tokio::time::timeout(patience, visit).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(format!("{error:#}")),
            Err(_) => Some("no answer in time".to_owned()),
        };
        self.state().management.verifications.push(Verification {
            at,
            url: url.to_owned(),
            failed: failed.clone(),
        });
        self.turn_page();
        let Some(failed) = failed else { return Ok(()) };
        let mut error = GraphError::of(2200);
        error.title = format!("Callback verification failed with the following errors: {failed}");
        Err(error)
    }
}
