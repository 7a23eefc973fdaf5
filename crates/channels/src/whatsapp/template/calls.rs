//! Lists, makes and deletes templates at Meta (whatsapp-cloud-api, section 7.6).

use super::Template;
use crate::whatsapp::call::{CallFailure, next_page};
use crate::whatsapp::graph::{Account, Graph};
use crate::whatsapp::lenient;
use serde_json::Value;

const FIELDS: &str = "id,name,status,category,language,components,parameter_format,quality_score,rejected_reason,\
    previous_category,correct_category";
const PAGE: &str = "100";

/// A page of Meta's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplatePage {
    /// What stands on it; rows without a name or a language are left out.
    pub templates: Vec<Template>,
    /// What to ask for next; absent on the last page.
    pub next: Option<String>,
}

/// What Meta says about a template it was just given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedTemplate {
    /// Meta's id.
    pub id: String,
    /// `PENDING`, `APPROVED` or `REJECTED`.
    pub status: String,
    /// Its category, which Meta may have changed.
    pub category: String,
}

impl Graph {
    /// Returns one page of the list; `after` is the `next` of the page before.
    pub async fn templates(
        &self,
        account: &Account,
        after: Option<&str>,
    ) -> Result<TemplatePage, CallFailure> {
        let mut url = account.business_url(&["message_templates"])?;
        url.query_pairs_mut()
            .append_pair("fields", FIELDS)
            .append_pair("limit", PAGE);
        if let Some(after) = after {
            url.query_pairs_mut().append_pair("after", after);
        }
        let json = self.call(account, self.client.get(url)).await?;
        let rows = json
            .get("data")
            .and_then(Value::as_array)
            .ok_or_else(|| CallFailure::odd_answer("it holds no list of templates"))?;
        let next = next_page(&json);
        // A page that leads to itself would never end.
        let next = next.filter(|next| Some(next.as_str()) != after);
        Ok(TemplatePage {
            templates: rows.iter().filter_map(Template::read).collect(),
            next,
        })
    }

    /// Submits a template; `body` is what [`super::NewTemplate::body`] returns.
    pub async fn create_template(
        &self,
        account: &Account,
        body: &Value,
    ) -> Result<CreatedTemplate, CallFailure> {
        let url = account.business_url(&["message_templates"])?;
        let json = self.call(account, self.client.post(url).json(body)).await?;
        let word = |key: &str| lenient::id(json.get(key));
        Ok(CreatedTemplate {
            id: word("id").ok_or_else(|| CallFailure::odd_answer("it does not give the template an id"))?,
            status: word("status").unwrap_or_else(|| "PENDING".to_owned()),
            category: word("category").unwrap_or_default(),
        })
    }

    /// Deletes a template: with `id` one language of it, without it all of them.
    pub async fn delete_template(
        &self,
        account: &Account,
        name: &str,
        id: Option<&str>,
    ) -> Result<(), CallFailure> {
        let mut url = account.business_url(&["message_templates"])?;
        if let Some(id) = id {
            url.query_pairs_mut().append_pair("hsm_id", id);
        }
        url.query_pairs_mut().append_pair("name", name);
        self.order(account, self.client.delete(url)).await
    }
}
