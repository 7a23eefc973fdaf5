//! The business profile customers see (whatsapp-cloud-api, section 7.5).

use super::call::CallFailure;
use super::compose::{BrokenRule, Rules};
use super::graph::{Account, Graph};
use super::lenient;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::Url;

const FIELDS: &str = "about,address,description,email,profile_picture_url,websites,vertical";

const LONGEST_ABOUT: usize = 139;
const LONGEST_ADDRESS: usize = 256;
/// Meta's description says 256, other sources 512; the stricter is safe.
const LONGEST_DESCRIPTION: usize = 256;
const LONGEST_EMAIL: usize = 128;
const LONGEST_WEBSITE: usize = 256;
const MOST_WEBSITES: usize = 2;

const VERTICALS: &[&str] = &[
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
];

/// What customers see about the business.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BusinessProfile {
    /// The line below the name.
    pub about: Option<String>,
    /// Where it is.
    pub address: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// A mail address.
    pub email: Option<String>,
    /// Where the picture lies.
    pub profile_picture_url: Option<String>,
    /// Web pages.
    pub websites: Vec<String>,
    /// The trade, in Meta's word.
    pub vertical: Option<String>,
}

/// What is to be changed in the profile; absent stays as it is, empty is emptied.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileChanges {
    /// The line below the name; cannot be emptied.
    pub about: Option<String>,
    /// Where it is.
    pub address: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// A mail address.
    pub email: Option<String>,
    /// Web pages, at most two.
    pub websites: Option<Vec<String>>,
    /// The trade, in Meta's word.
    pub vertical: Option<String>,
    /// The handle of an uploaded picture.
    pub profile_picture_handle: Option<String>,
}

/// Why the profile was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileFailure {
    /// It does not keep Meta's limits; nothing was sent.
    #[error("{}", .0.first().map_or("Nothing was changed.", |rule| rule.sentence.as_str()))]
    Broken(Vec<BrokenRule>),
    /// Meta did not take it.
    #[error(transparent)]
    Call(#[from] CallFailure),
}

impl BusinessProfile {
    /// Reads Meta's answer: flat in practice, nested in Meta's own description.
    fn read(json: &Value) -> Option<Self> {
        let data = json.get("data").unwrap_or(json);
        let row = data
            .as_array()
            .map_or(Some(data), |rows| rows.first())
            .filter(|row| row.is_object())?;
        let row = row.get("business_profile").unwrap_or(row);
        let word = |key: &str| lenient::id(row.get(key));
        let websites = match row.get("websites") {
            Some(Value::Array(pages)) => pages.iter().filter_map(|page| lenient::id(Some(page))).collect(),
            page => lenient::id(page).into_iter().collect(),
        };
        Some(Self {
            about: word("about"),
            address: word("address"),
            description: word("description"),
            email: word("email"),
            profile_picture_url: word("profile_picture_url"),
            websites,
            vertical: word("vertical"),
        })
    }
}

impl ProfileChanges {
    /// Returns the body of the request, or every rule the changes break.
    pub fn body(&self) -> Result<Value, Vec<BrokenRule>> {
        let mut rules = Rules::default();
        if let Some(about) = &self.about {
            rules.needed("about", "The line below the name", about, LONGEST_ABOUT);
        }
        for (field, what, text, most) in [
            ("address", "The address", &self.address, LONGEST_ADDRESS),
            (
                "description",
                "The description",
                &self.description,
                LONGEST_DESCRIPTION,
            ),
            ("email", "The mail address", &self.email, LONGEST_EMAIL),
        ] {
            rules.at_most(field, what, text.as_deref().unwrap_or_default(), most);
        }
        if let Some(email) = self.email.as_deref().filter(|email| !email.is_empty())
            && !email
                .split_once('@')
                .is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
        {
            rules.broken("email", "This is not a mail address. Correct it.");
        }
        self.check_websites(&mut rules);
        if let Some(vertical) = &self.vertical
            && !VERTICALS.contains(&vertical.as_str())
        {
            rules.broken(
                "vertical",
                "WhatsApp does not know this trade. Choose one of the list.",
            );
        }
        let mut body = Map::new();
        body.insert("messaging_product".to_owned(), json!("whatsapp"));
        for (key, text) in [
            ("about", &self.about),
            ("address", &self.address),
            ("description", &self.description),
            ("email", &self.email),
            ("vertical", &self.vertical),
            ("profile_picture_handle", &self.profile_picture_handle),
        ] {
            if let Some(text) = text {
                body.insert(key.to_owned(), json!(text));
            }
        }
        if let Some(websites) = &self.websites {
            body.insert("websites".to_owned(), json!(websites));
        }
        if body.len() == 1 {
            rules.broken("profile", "Nothing was changed, so there is nothing to save.");
        }
        rules.kept(Value::Object(body))
    }

    fn check_websites(&self, rules: &mut Rules) {
        let websites = self.websites.as_deref().unwrap_or_default();
        if websites.len() > MOST_WEBSITES {
            rules.broken(
                "websites",
                format!("WhatsApp shows at most {MOST_WEBSITES} web pages. Take some away."),
            );
        }
        for (position, page) in websites.iter().enumerate() {
            let field = format!("websites.{position}");
            rules.at_most(&field, "The web page", page, LONGEST_WEBSITE);
            if !Url::parse(page).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
                rules.broken(
                    &field,
                    "The web page must be a whole address, beginning with https:// or http://. Correct it.",
                );
            }
        }
    }
}

impl Graph {
    /// Asks for the profile customers see.
    pub async fn business_profile(&self, account: &Account) -> Result<BusinessProfile, CallFailure> {
        let request = self
            .at_number(Method::GET, account, &["whatsapp_business_profile"])?
            .query(&[("fields", FIELDS)]);
        let json = self.call(account, request).await?;
        BusinessProfile::read(&json).ok_or_else(|| CallFailure::odd_answer("it holds no profile"))
    }

    /// Changes the profile.
    pub async fn save_business_profile(
        &self,
        account: &Account,
        changes: &ProfileChanges,
    ) -> Result<(), ProfileFailure> {
        let body = changes.body().map_err(ProfileFailure::Broken)?;
        let request = self.at_number(Method::POST, account, &["whatsapp_business_profile"])?;
        Ok(self.order(account, request.json(&body)).await?)
    }
}
