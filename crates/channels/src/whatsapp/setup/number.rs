//! A number and how it is (section 7.2), and registering it (section 7.4).

use super::{MOST_PAGES, PAGE, is_unknown_field, rows};
use crate::whatsapp::call::{CallFailure, Care, next_page};
use crate::whatsapp::errors::Remedy;
use crate::whatsapp::graph::{Account, Graph};
use crate::whatsapp::lenient;
use domain::SendClass;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;
use vault::Secret;

/// All that is worth knowing about a number.
const LONG_LIST: &str = "id,display_phone_number,verified_name,status,quality_rating,name_status,\
    code_verification_status,platform_type,throughput,account_mode,is_on_biz_app,is_pin_enabled,\
    whatsapp_business_manager_messaging_limit,health_status,webhook_configuration";
/// What is worth knowing about a number that is one of a list; its health is asked one by one.
const LIST_IN_LIST: &str = "id,display_phone_number,verified_name,status,quality_rating,name_status,\
    code_verification_status,platform_type,throughput,account_mode,is_on_biz_app,is_pin_enabled,\
    whatsapp_business_manager_messaging_limit";
/// What every version of the API knows; one unknown field makes Meta refuse the whole request.
const SHORT_LIST: &str = "id,display_phone_number,verified_name,quality_rating,status";

const PIN_LENGTH: usize = 6;
const NO_PIN: &str = "The PIN for two-step verification has six digits. Correct it and try again.";
const NO_NUMBER: &str = "It is not known which number is meant. Choose the number, or write its phone number id into the settings.";

/// What Meta says about a number, in its own words. What it did not say is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberState {
    /// Meta's id of the number.
    pub id: Option<String>,
    /// The number as it is shown, with spaces.
    pub display_phone_number: Option<String>,
    /// The name customers see.
    pub verified_name: Option<String>,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    pub quality_rating: Option<String>,
    /// `CONNECTED` when all is well.
    pub status: Option<String>,
    /// Whether the name was approved.
    pub name_status: Option<String>,
    /// Whether the number was verified.
    pub code_verification_status: Option<String>,
    /// `LIVE` or `SANDBOX`.
    pub account_mode: Option<String>,
    /// `CLOUD_API` when it can be used here.
    pub platform_type: Option<String>,
    /// How fast it may send.
    pub throughput: Option<String>,
    /// How many conversations it may start a day.
    pub messaging_limit: Option<String>,
    /// Whether it is in the WhatsApp Business app of a phone at the same time.
    pub is_on_biz_app: Option<bool>,
    /// Whether two-step verification is on, so that registering it needs the PIN it has.
    pub is_pin_enabled: Option<bool>,
    /// `AVAILABLE`, `LIMITED` or `BLOCKED`: whether a message would leave.
    pub can_send_message: Option<String>,
    /// Why it would not, with Meta's remedy: the first trouble of `health`.
    pub obstacle: Option<String>,
    /// Whether a message would leave, for the number and everything it depends on.
    pub health: Option<Health>,
    /// Where webhooks of this number go.
    pub webhook_url: Option<String>,
    /// Where they go on each level; the narrowest that is set wins (section 1.5).
    pub webhooks: WebhookLevels,
}

/// Whether a message would leave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// `AVAILABLE`, `LIMITED` or `BLOCKED`.
    pub can_send_message: Option<String>,
    /// What it depends on.
    pub entities: Vec<HealthEntity>,
}

/// One thing the sending of messages depends on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HealthEntity {
    /// `PHONE_NUMBER`, `WABA`, `BUSINESS`, `APP` or `MESSAGE_TEMPLATE`.
    pub kind: Option<String>,
    /// Meta's id.
    pub id: Option<String>,
    /// `AVAILABLE`, `LIMITED` or `BLOCKED`.
    pub can_send_message: Option<String>,
    /// What is wrong with it.
    pub troubles: Vec<HealthTrouble>,
    /// What Meta says besides.
    pub remarks: Vec<String>,
}

/// What is wrong, in Meta's words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HealthTrouble {
    /// Meta's code, such as 141006 for the payment method.
    pub code: Option<i64>,
    /// What is wrong.
    pub description: Option<String>,
    /// What Meta says can be done.
    pub solution: Option<String>,
}

/// Where webhooks go, on each level.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WebhookLevels {
    /// For this number only.
    pub phone_number: Option<String>,
    /// For the business account.
    pub account: Option<String>,
    /// For the whole app.
    pub application: Option<String>,
}

impl WebhookLevels {
    fn read(json: Option<&Value>) -> Self {
        let word = |key: &str| lenient::id(json?.get(key));
        Self {
            phone_number: word("phone_number"),
            account: word("whatsapp_business_account"),
            application: word("application"),
        }
    }

    /// Returns where messages go: the narrowest level wins (section 1.5).
    pub fn in_force(&self) -> Option<&str> {
        self.phone_number
            .as_deref()
            .or(self.account.as_deref())
            .or(self.application.as_deref())
    }
}

impl Health {
    /// Reads `health_status`; `None` when it says nothing.
    pub(super) fn read(json: &Value) -> Option<Self> {
        let health = Self {
            can_send_message: lenient::id(json.get("can_send_message")),
            entities: items(json.get("entities"))
                .iter()
                .filter(|entity| entity.is_object())
                .map(HealthEntity::read)
                .collect(),
        };
        (health != Self::default()).then_some(health)
    }

    /// Returns what is wrong, with the thing it is wrong with.
    pub fn troubles(&self) -> impl Iterator<Item = (&HealthEntity, &HealthTrouble)> {
        self.entities
            .iter()
            .flat_map(|entity| entity.troubles.iter().map(move |trouble| (entity, trouble)))
    }
}

impl HealthEntity {
    fn read(json: &Value) -> Self {
        Self {
            kind: lenient::id(json.get("entity_type")),
            id: lenient::id(json.get("id")),
            can_send_message: lenient::id(json.get("can_send_message")),
            troubles: items(json.get("errors"))
                .iter()
                .map(HealthTrouble::read)
                .filter(|trouble| *trouble != HealthTrouble::default())
                .collect(),
            remarks: lenient::names(json.get("additional_info")),
        }
    }
}

impl HealthTrouble {
    fn read(json: &Value) -> Self {
        Self {
            code: lenient::integer(json.get("error_code")),
            description: lenient::id(json.get("error_description")),
            solution: lenient::id(json.get("possible_solution")),
        }
    }

    fn text(&self) -> Option<String> {
        let parts = [self.description.as_deref(), self.solution.as_deref()];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }
}

fn items(value: Option<&Value>) -> Vec<Value> {
    lenient::list(value.cloned()).unwrap_or_default()
}

impl NumberState {
    pub(super) fn read(json: &Value) -> Self {
        let word = |pointer: &str| lenient::id(json.pointer(pointer));
        let health = json.get("health_status").and_then(Health::read);
        let webhooks = WebhookLevels::read(json.get("webhook_configuration"));
        Self {
            id: word("/id"),
            display_phone_number: word("/display_phone_number"),
            verified_name: word("/verified_name"),
            quality_rating: word("/quality_rating"),
            status: word("/status"),
            name_status: word("/name_status"),
            code_verification_status: word("/code_verification_status"),
            account_mode: word("/account_mode"),
            platform_type: word("/platform_type"),
            throughput: word("/throughput/level"),
            messaging_limit: word("/whatsapp_business_manager_messaging_limit"),
            is_on_biz_app: lenient::verdict(json.get("is_on_biz_app")),
            is_pin_enabled: lenient::verdict(json.get("is_pin_enabled")),
            can_send_message: health.as_ref().and_then(|health| health.can_send_message.clone()),
            obstacle: health
                .as_ref()
                .and_then(|health| health.troubles().find_map(|(_, trouble)| trouble.text())),
            health,
            webhook_url: webhooks.in_force().map(str::to_owned),
            webhooks,
        }
    }
}

impl Graph {
    /// Asks Meta about the number, which proves address, token and secret on the way. What takes longer than five
    /// seconds counts as failed.
    pub async fn check(&self, account: &Account) -> Result<NumberState, CallFailure> {
        let until = Instant::now() + self.check_limit;
        match self.number(account, LONG_LIST, until).await {
            Err(failure) if is_unknown_field(&failure) => self.number(account, SHORT_LIST, until).await,
            result => result,
        }
    }

    async fn number(
        &self,
        account: &Account,
        fields: &str,
        until: Instant,
    ) -> Result<NumberState, CallFailure> {
        let request = self
            .at_known_number(Method::GET, account, &[])?
            .query(&[("fields", fields)]);
        let care = Care {
            until: Some(until),
            ..Care::default()
        };
        let json = self.call_with(account, request, care).await?;
        Ok(NumberState::read(&json))
    }

    /// Returns the numbers of a business account. Their health and webhooks are not told here.
    pub async fn numbers(&self, account: &Account, waba: &str) -> Result<Vec<NumberState>, CallFailure> {
        let account = account.at_business(waba);
        match self.all_numbers(&account, LIST_IN_LIST).await {
            Err(failure) if is_unknown_field(&failure) => self.all_numbers(&account, SHORT_LIST).await,
            result => result,
        }
    }

    async fn all_numbers(&self, account: &Account, fields: &str) -> Result<Vec<NumberState>, CallFailure> {
        let mut numbers: Vec<NumberState> = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let mut url = account.business_url(&["phone_numbers"])?;
            url.query_pairs_mut()
                .append_pair("fields", fields)
                .append_pair("limit", PAGE);
            if let Some(after) = &after {
                url.query_pairs_mut().append_pair("after", after);
            }
            let json = self.call(account, self.client.get(url)).await?;
            for number in rows(&json)?.iter().map(NumberState::read) {
                // Without an id it cannot be chosen; and pages may overlap.
                if number.id.is_some() && !numbers.iter().any(|known| known.id == number.id) {
                    numbers.push(number);
                }
            }
            // A page that leads to itself would never end.
            match next_page(&json).filter(|next| Some(next) != after.as_ref()) {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        Ok(numbers)
    }

    /// Registers the number with a PIN: sets the PIN when two-step verification was off, else it must be the one the
    /// number has. A number that is only in the app of a phone leaves it by this.
    pub async fn register_number(&self, account: &Account, pin: &Secret) -> Result<(), CallFailure> {
        let digits = pin.expose().trim();
        if digits.len() != PIN_LENGTH || !digits.bytes().all(|sign| sign.is_ascii_digit()) {
            return Err(CallFailure::ours(SendClass::Never, NO_PIN, None).with_remedy(Remedy::CheckPin));
        }
        let body = json!({"messaging_product": "whatsapp", "pin": digits});
        let request = self.at_known_number(Method::POST, account, &["register"])?;
        let care = Care {
            hidden: &[pin],
            ..Care::default()
        };
        self.order_with(account, request.json(&body), care).await
    }

    /// Like [`Self::at_number`], for what makes no sense before a number was chosen.
    pub(super) fn at_known_number(
        &self,
        method: Method,
        account: &Account,
        below: &[&str],
    ) -> Result<reqwest::RequestBuilder, CallFailure> {
        if account.number_id.trim().is_empty() {
            let class = SendClass::Configuration;
            return Err(CallFailure::ours(class, NO_NUMBER, None).with_remedy(Remedy::CheckIds));
        }
        self.at_number(method, account, below)
    }
}
