//! What a number has besides messages: blocked people and a profile (`whatsapp-cloud-api.md` 5.7, 7.5).

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use crate::graph::GraphError;

/// Blocked people and profiles, by phone number id.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// Digits or BSUIDs.
    blocked: HashMap<String, BTreeSet<String>>,
    profiles: HashMap<String, Map<String, Value>>,
}

/// One person of a request to block or unblock.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) input: String,
    /// Digits or BSUID.
    pub(crate) address: String,
}

/// The people of a request.
pub(crate) fn asked(body: &Value) -> Result<Vec<Asked>, GraphError> {
    if body.get("messaging_product").and_then(Value::as_str) != Some("whatsapp") {
        return Err(GraphError::of(100).details("The parameter messaging_product is required."));
    }
    let users = body
        .get("block_users")
        .and_then(Value::as_array)
        .filter(|users| !users.is_empty())
        .ok_or_else(|| GraphError::of(100).details("The parameter block_users is required."))?;
    users
        .iter()
        .map(|user| {
            let text = |key: &str| user.get(key).and_then(Value::as_str);
            let (input, address) = match (text("user"), text("user_id")) {
                (Some(input), _) => (
                    input,
                    input.chars().filter(char::is_ascii_digit).collect::<String>(),
                ),
                (None, Some(id)) => (id, id.to_owned()),
                (None, None) => {
                    return Err(GraphError::of(100).details("A user needs user or user_id."));
                }
            };
            Ok(Asked {
                input: input.to_owned(),
                address,
            })
        })
        .collect()
}

/// The answer: who it worked for, and who it did not work for and why.
pub(crate) fn block_answer(key: &str, done: &[Asked], failed: &[(Asked, GraphError)]) -> Value {
    let person = |asked: &Asked| {
        if asked.address.contains('.') {
            json!({ "input": asked.input, "user_id": asked.address })
        } else {
            json!({ "input": asked.input, "wa_id": asked.address })
        }
    };
    let mut answer = Map::new();
    answer.insert(key.to_owned(), Value::Array(done.iter().map(person).collect()));
    if !failed.is_empty() {
        let failed: Vec<Value> = failed
            .iter()
            .map(|(asked, error)| {
                let details = error.details.as_deref().unwrap_or(&error.title);
                json!({
                    "input": asked.input,
                    "errors": [{ "message": error.title, "code": error.code, "error_data": { "details": details } }],
                })
            })
            .collect();
        answer.insert("failed_users".to_owned(), Value::Array(failed));
    }
    json!({ "messaging_product": "whatsapp", "block_users": answer })
}

impl Settings {
    pub(crate) fn is_blocked(&self, number: &str, address: &str) -> bool {
        self.blocked
            .get(number)
            .is_some_and(|people| people.contains(address))
    }

    pub(crate) fn block(&mut self, number: &str, address: &str) {
        self.blocked
            .entry(number.to_owned())
            .or_default()
            .insert(address.to_owned());
    }

    /// Whether the person was blocked.
    pub(crate) fn unblock(&mut self, number: &str, address: &str) -> bool {
        self.blocked
            .get_mut(number)
            .is_some_and(|people| people.remove(address))
    }

    pub(crate) fn blocked(&self, number: &str) -> Vec<String> {
        let people = self.blocked.get(number).into_iter().flatten();
        people.cloned().collect()
    }

    /// The profile with the asked fields; flat inside `data`, as in practice.
    pub(crate) fn profile(&self, number: &str, fields: Option<&str>) -> Value {
        let mut profile = self.profiles.get(number).cloned().unwrap_or_default();
        if let Some(fields) = fields {
            profile.retain(|key, _| fields.split(',').any(|field| field.trim() == key));
        }
        profile.insert("messaging_product".to_owned(), Value::from("whatsapp"));
        json!({ "data": [profile] })
    }

    /// Changes the given keys within the limits of section 7.5.
    pub(crate) fn change_profile(&mut self, number: &str, body: &Value) -> Result<(), GraphError> {
        let body = body
            .as_object()
            .filter(|body| body.get("messaging_product") == Some(&Value::from("whatsapp")))
            .ok_or_else(|| GraphError::of(100).details("The parameter messaging_product is required."))?;
        let mut changes = Map::new();
        for (key, value) in body {
            let length = value.as_str().map(|text| text.encode_utf16().count());
            let fits = match key.as_str() {
                "messaging_product" => continue,
                "about" => length.is_some_and(|length| (1..=139).contains(&length)),
                "address" | "description" => length.is_some_and(|length| length <= 256),
                "email" => length.is_some_and(|length| length <= 128),
                "vertical" => value.as_str().is_some_and(|text| VERTICALS.contains(&text)),
                "profile_picture_handle" => length.is_some(),
                "websites" => value.as_array().is_some_and(|sites| {
                    sites.len() <= 2
                        && sites.iter().all(|site| {
                            site.as_str().is_some_and(|site| {
                                site.len() <= 256
                                    && (site.starts_with("https://") || site.starts_with("http://"))
                            })
                        })
                }),
                _ => {
                    return Err(
                        GraphError::of(100).details(format!("Param {key} is not part of the profile."))
                    );
                }
            };
            if !fits {
                return Err(GraphError::of(100).details(format!("Param {key} is not valid.")));
            }
            if key == "profile_picture_handle" {
                let url = "https://pps.whatsapp.example.net/picture.jpg";
                changes.insert("profile_picture_url".to_owned(), Value::from(url));
            } else {
                changes.insert(key.clone(), value.clone());
            }
        }
        self.profiles
            .entry(number.to_owned())
            .or_default()
            .extend(changes);
        Ok(())
    }
}

const VERTICALS: [&str; 22] = [
    "OTHER",
    "AUTO",
    "BEAUTY",
    "APPAREL",
    "EDU",
    "ENTERTAIN",
    "EVENT_PLAN",
    "FINANCE",
    "GROCERY",
    "GOVT",
    "HOTEL",
    "HEALTH",
    "NONPROFIT",
    "PROF_SERVICES",
    "RETAIL",
    "TRAVEL",
    "RESTAURANT",
    "ALCOHOL",
    "ONLINE_GAMBLING",
    "PHYSICAL_GAMBLING",
    "OTC_DRUGS",
    "UNDEFINED",
];
