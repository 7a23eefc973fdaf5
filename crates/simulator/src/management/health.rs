//! How a number stands, and whether a message would leave (`whatsapp-cloud-api.md` 7.2, 7.8).

use serde_json::{Map, Value, json};

/// One reason why messages do not leave, with Meta's own remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthError {
    /// Meta's code, e.g. 141006 for a missing payment method.
    pub code: i64,
    /// What is wrong.
    pub description: String,
    /// What Meta says to do; none leaves the key out.
    pub solution: Option<String>,
}

/// What `health_status.entities` says of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthEntity {
    /// `PHONE_NUMBER`, `WABA`, `BUSINESS`, `APP`, `MESSAGE_TEMPLATE`, or anything else.
    pub entity_type: String,
    /// `AVAILABLE`, `LIMITED`, `BLOCKED`, or anything else.
    pub can_send_message: String,
    /// The reasons.
    pub errors: Vec<HealthError>,
    /// Sentences that are no errors.
    pub additional_info: Vec<String>,
}

/// `health_status`: the things that deviate. All others are `AVAILABLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The word for all together.
    pub can_send_message: String,
    /// What deviates.
    pub entities: Vec<HealthEntity>,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            can_send_message: "AVAILABLE".to_owned(),
            entities: Vec::new(),
        }
    }
}

impl Health {
    /// One thing is `LIMITED` or `BLOCKED`, for this reason.
    pub fn of(word: &str, entity_type: &str, error: HealthError) -> Self {
        Self {
            can_send_message: word.to_owned(),
            entities: vec![HealthEntity {
                entity_type: entity_type.to_owned(),
                can_send_message: word.to_owned(),
                errors: vec![error],
                additional_info: Vec::new(),
            }],
        }
    }

    /// The account has no way to pay (141006).
    pub fn payment_missing() -> Self {
        let error = HealthError {
            code: 141_006,
            description: "There is a problem with the payment method of this account.".to_owned(),
            solution: Some("Add a payment method in the account's billing settings.".to_owned()),
        };
        Self::of("BLOCKED", "WABA", error)
    }

    /// The node; `ids` are the things there are, in their order.
    pub(super) fn node(&self, ids: &[(&str, &str)]) -> Value {
        let mut entities = Vec::new();
        for (kind, id) in ids {
            let deviating = self.entities.iter().find(|entity| entity.entity_type == *kind);
            entities.push(deviating.map_or_else(
                || json!({ "entity_type": kind, "id": id, "can_send_message": "AVAILABLE" }),
                |entity| entity.node(id),
            ));
        }
        let other = |entity: &&HealthEntity| ids.iter().all(|(kind, _)| *kind != entity.entity_type);
        entities.extend(self.entities.iter().filter(other).map(|entity| entity.node("0")));
        json!({ "can_send_message": self.can_send_message, "entities": entities })
    }
}

impl HealthEntity {
    fn node(&self, id: &str) -> Value {
        let mut node = Map::new();
        node.insert("entity_type".to_owned(), Value::from(self.entity_type.clone()));
        node.insert("id".to_owned(), Value::from(id));
        let word = Value::from(self.can_send_message.clone());
        node.insert("can_send_message".to_owned(), word);
        if !self.errors.is_empty() {
            let errors: Vec<Value> = self.errors.iter().map(HealthError::node).collect();
            node.insert("errors".to_owned(), Value::from(errors));
        }
        if !self.additional_info.is_empty() {
            let sentences = Value::from(self.additional_info.clone());
            node.insert("additional_info".to_owned(), sentences);
        }
        Value::Object(node)
    }
}

impl HealthError {
    fn node(&self) -> Value {
        let mut node = Map::new();
        node.insert("error_code".to_owned(), Value::from(self.code));
        let description = Value::from(self.description.clone());
        node.insert("error_description".to_owned(), description);
        if let Some(solution) = &self.solution {
            node.insert("possible_solution".to_owned(), Value::from(solution.clone()));
        }
        Value::Object(node)
    }
}

/// How a number stands at Meta. Words are written as Graph gives them and may be any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// `status`: `CONNECTED`, `PENDING`, `FLAGGED`, `BANNED`, …
    pub status: String,
    /// Whether sends are taken; false answers them with 133010.
    pub registered: bool,
    /// The PIN of two-step verification; none while it is off.
    pub pin: Option<String>,
    /// `quality_rating`: `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub quality_rating: String,
    /// `name_status`: `APPROVED`, `PENDING_REVIEW`, `DECLINED`, …
    pub name_status: String,
    /// `new_name_status`.
    pub new_name_status: String,
    /// `code_verification_status`: `VERIFIED`, `NOT_VERIFIED`, `EXPIRED`.
    pub code_verification_status: String,
    /// `platform_type`: `CLOUD_API`, `ON_PREMISE`, `NOT_APPLICABLE`.
    pub platform_type: String,
    /// `account_mode`: `LIVE`, `SANDBOX`.
    pub account_mode: String,
    /// `throughput.level`: `STANDARD`, `HIGH`, `NOT_APPLICABLE`.
    pub throughput: String,
    /// `whatsapp_business_manager_messaging_limit`: `TIER_250` to `TIER_UNLIMITED`; none leaves the key out.
    pub messaging_limit: Option<String>,
    /// `is_on_biz_app`: the number is in the phone app too (Coexistence).
    pub is_on_biz_app: bool,
    /// `is_official_business_account`.
    pub is_official: bool,
    /// `username`; none leaves the key out.
    pub username: Option<String>,
    /// `health_status`.
    pub health: Health,
    /// The only people a test number may write to, digits or BSUIDs; none is everybody (131030 for others).
    pub recipients: Option<Vec<String>>,
}

impl Default for Standing {
    fn default() -> Self {
        Self {
            status: "CONNECTED".to_owned(),
            registered: true,
            pin: Some("135790".to_owned()),
            quality_rating: "GREEN".to_owned(),
            name_status: "APPROVED".to_owned(),
            new_name_status: "NONE".to_owned(),
            code_verification_status: "VERIFIED".to_owned(),
            platform_type: "CLOUD_API".to_owned(),
            account_mode: "LIVE".to_owned(),
            throughput: "STANDARD".to_owned(),
            messaging_limit: Some("TIER_2K".to_owned()),
            is_on_biz_app: false,
            is_official: false,
            username: None,
            health: Health::default(),
            recipients: None,
        }
    }
}

impl Standing {
    /// A number that was added to an account and never registered.
    pub fn unregistered() -> Self {
        Self {
            status: "PENDING".to_owned(),
            registered: false,
            pin: None,
            platform_type: "NOT_APPLICABLE".to_owned(),
            quality_rating: "UNKNOWN".to_owned(),
            throughput: "NOT_APPLICABLE".to_owned(),
            ..Self::default()
        }
    }

    /// Meta's free test number, which writes to these people only (section 7.8).
    pub fn sandbox(recipients: &[&str]) -> Self {
        Self {
            account_mode: "SANDBOX".to_owned(),
            recipients: Some(recipients.iter().map(|&digits| digits.to_owned()).collect()),
            ..Self::default()
        }
    }
}
