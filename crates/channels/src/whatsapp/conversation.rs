//! What is done about a conversation besides writing: read marks, typing, blocking, handing over
//! (whatsapp-cloud-api, sections 5.6, 5.7 and 4.6).

use super::answer::graph_error;
use super::call::{CallFailure, done};
use super::graph::{Account, Graph};
use crate::outbound::Recipient;
use domain::SendClass;
use http::StatusCode;
use reqwest::Method;
use serde_json::{Value, json};

const NO_GROUP: &str = "A group can be neither blocked nor handed over. Do this for one customer instead.";

/// Who is to hold a conversation, when several apps share a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThreadAction {
    /// We give it back.
    Release,
    /// We want it.
    Take,
    /// We give it to the next.
    Pass,
}

impl ThreadAction {
    const fn word(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Take => "take",
            Self::Pass => "pass",
        }
    }
}

impl Graph {
    /// Marks a message and all before it as read. With `typing` the customer also sees that somebody writes, until our
    /// next message or for 25 seconds; there is no typing without the read mark.
    pub async fn mark_read(
        &self,
        account: &Account,
        message_id: &str,
        typing: bool,
    ) -> Result<(), CallFailure> {
        let mut body = json!({
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": message_id,
        });
        if typing && let Some(body) = body.as_object_mut() {
            body.insert("typing_indicator".to_owned(), json!({"type": "text"}));
        }
        let request = self.at_number(Method::POST, account, &["messages"])?;
        let json = self.carry(account, request.json(&body)).await?;
        done(&json)
    }

    /// Blocks a customer, who must have written within the last 24 hours.
    pub async fn block(&self, account: &Account, who: &Recipient) -> Result<(), CallFailure> {
        self.change_block(Method::POST, account, who).await
    }

    /// Takes the block away again.
    pub async fn unblock(&self, account: &Account, who: &Recipient) -> Result<(), CallFailure> {
        self.change_block(Method::DELETE, account, who).await
    }

    async fn change_block(
        &self,
        method: Method,
        account: &Account,
        who: &Recipient,
    ) -> Result<(), CallFailure> {
        let user = match who {
            Recipient::Phone(digits) => json!({ "user": domain::international(digits) }),
            Recipient::Bsuid(id) => json!({ "user_id": id }),
            Recipient::Group(_) => return Err(no_group()),
        };
        let body = json!({"messaging_product": "whatsapp", "block_users": [user]});
        let request = self.at_number(method, account, &["block_users"])?;
        let json = self.call(account, request.json(&body)).await?;
        block_outcome(&json)
    }

    /// Says who is to hold a conversation, when several apps share the number.
    pub async fn thread_control(
        &self,
        account: &Account,
        who: &Recipient,
        action: ThreadAction,
    ) -> Result<(), CallFailure> {
        let (key, address) = match who {
            Recipient::Phone(digits) => ("to", domain::international(digits)),
            Recipient::Bsuid(id) => ("recipient", id.clone()),
            Recipient::Group(_) => return Err(no_group()),
        };
        let body = json!({"messaging_product": "whatsapp", key: address, "action": action.word()});
        let request = self.at_number(Method::POST, account, &["thread_control"])?;
        self.order(account, request.json(&body)).await
    }
}

fn no_group() -> CallFailure {
    CallFailure::ours(SendClass::Never, NO_GROUP, None)
}

/// Reads what became of one customer: Meta answers 200 even when it refused (section 5.7).
fn block_outcome(json: &Value) -> Result<(), CallFailure> {
    let users = json.get("block_users").unwrap_or(json);
    let listed = |key: &str| users.get(key).and_then(Value::as_array).into_iter().flatten();
    if let Some(failed) = listed("failed_users").next() {
        let error = failed
            .get("errors")
            .and_then(Value::as_array)
            .and_then(|errors| errors.first())
            .and_then(|error| graph_error(&json!({ "error": error })));
        return Err(match error {
            Some(error) => CallFailure::from_error(error, StatusCode::BAD_REQUEST),
            None => CallFailure::odd_answer("the customer is among those that could not be changed"),
        });
    }
    let done = listed("added_users")
        .chain(listed("removed_users"))
        .next()
        .is_some()
        || json.get("success") == Some(&Value::Bool(true));
    if done {
        Ok(())
    } else {
        Err(CallFailure::odd_answer(
            "it does not name the customer that was to be changed",
        ))
    }
}
