//! What surrounds the messages over HTTP: templates, blocked people, profile, threads
//! (`whatsapp-cloud-api.md` 4.6, 5.7, 7.5, 7.6).

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Value, json};

use super::{ok, refuse};
use crate::clock;
use crate::graph::GraphError;
use crate::management::User;
use crate::meta::Inner;
use crate::settings;

type Params = Query<HashMap<String, String>>;
type Place = Path<(String, String)>;
type Answer = Result<Value, GraphError>;

/// People who wrote within so many seconds may be blocked.
const LAST_DAY: i64 = 24 * 60 * 60;

fn respond(answer: Answer) -> Response {
    answer.map_or_else(|error| refuse(&error), |body| ok(&body))
}

fn parsed(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}

/// The caller, who looks after the account.
fn account(
    inner: &Inner,
    (version, id): &(String, String),
    verb: &str,
    headers: &HeaderMap,
    query: &HashMap<String, String>,
) -> Result<User, GraphError> {
    inner.keeper_of_account((version, id), verb, headers, query)
}

/// `GET /{waba}/message_templates`.
pub(super) async fn templates(
    State(inner): State<Arc<Inner>>,
    Path(place): Place,
    Query(query): Params,
    headers: HeaderMap,
) -> Response {
    respond(account(&inner, &place, "get", &headers, &query).and_then(|_| {
        let (version, id) = &place;
        let address = format!("{}/{version}/{id}/message_templates", inner.graph_url());
        inner.state().templates.page(id, &query, &address)
    }))
}

/// `POST /{waba}/message_templates`. The review ends later, with a webhook.
pub(super) async fn create_template(
    State(inner): State<Arc<Inner>>,
    Path(place): Place,
    Query(query): Params,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let created = account(&inner, &place, "post", &headers, &query)
        .and_then(|_| inner.state().templates.create(&place.1, &parsed(&body)));
    let template = match created {
        Ok(template) => template,
        Err(error) => return refuse(&error),
    };
    let answer = json!({ "id": template.id, "status": "PENDING", "category": template.category });
    let after = inner.state().review_time;
    let (waba, stop, reviewer) = (place.1, inner.stop.clone(), Arc::clone(&inner));
    inner.tasks.spawn(async move {
        let review = async {
            tokio::time::sleep(after).await;
            let (status, reason) = if template.name.contains("reject") {
                ("REJECTED", Some("INVALID_FORMAT"))
            } else {
                ("APPROVED", None)
            };
            reviewer.decide(&waba, &template.id, status, reason);
        };
        stop.run_until_cancelled(review).await;
    });
    ok(&answer)
}

/// `DELETE /{waba}/message_templates?name=…[&hsm_id=…]`.
pub(super) async fn delete_template(
    State(inner): State<Arc<Inner>>,
    Path(place): Place,
    Query(query): Params,
    headers: HeaderMap,
) -> Response {
    respond(account(&inner, &place, "delete", &headers, &query).and_then(|_| {
        let name = query
            .get("name")
            .ok_or_else(|| GraphError::of(100).details("The parameter name is required."))?;
        let id = query.get("hsm_id").map(String::as_str);
        inner.state().templates.delete(&place.1, name, id)?;
        Ok(json!({ "success": true }))
    }))
}

/// `GET /{phone}/block_users`.
pub(super) async fn blocked(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    Query(query): Params,
    headers: HeaderMap,
) -> Response {
    respond(inner.sender(&version, &id, "get", &headers, &query).map(|_| {
        let people: Vec<Value> = inner
            .state()
            .settings
            .blocked(&id)
            .into_iter()
            .map(|address| {
                let key = if address.contains('.') { "user_id" } else { "wa_id" };
                json!({ "messaging_product": "whatsapp", key: address })
            })
            .collect();
        json!({ "data": people, "paging": { "cursors": {} } })
    }))
}

/// `POST /{phone}/block_users`. Only people who wrote within a day can be blocked.
pub(super) async fn block(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    Query(query): Params,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    respond(
        inner
            .sender(&version, &id, "post", &headers, &query)
            .and_then(|_| settings::asked(&parsed(&body)))
            .map(|people| {
                let now = clock::unix_seconds();
                let mut state = inner.state();
                let (mut done, mut failed) = (Vec::new(), Vec::new());
                for asked in people {
                    let last = state.last_heard(&id, &asked.address);
                    if last.is_some_and(|last| now - last < LAST_DAY) {
                        state.settings.block(&id, &asked.address);
                        done.push(asked);
                    } else {
                        let mut error = GraphError::of(131_047)
                            .details("The user has not messaged you in the last 24 hours");
                        "Re-engagement required".clone_into(&mut error.title);
                        failed.push((asked, error));
                    }
                }
                settings::block_answer("added_users", &done, &failed)
            }),
    )
}

/// `DELETE /{phone}/block_users`.
pub(super) async fn unblock(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    Query(query): Params,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    respond(
        inner
            .sender(&version, &id, "delete", &headers, &query)
            .and_then(|_| settings::asked(&parsed(&body)))
            .map(|people| {
                let mut state = inner.state();
                let (mut done, mut failed) = (Vec::new(), Vec::new());
                for asked in people {
                    if state.settings.unblock(&id, &asked.address) {
                        done.push(asked);
                    } else {
                        let mut error = GraphError::of(139_100).details("The user is not blocked");
                        "Failed to unblock the user".clone_into(&mut error.title);
                        failed.push((asked, error));
                    }
                }
                settings::block_answer("removed_users", &done, &failed)
            }),
    )
}

/// `GET /{phone}/whatsapp_business_profile`.
pub(super) async fn profile(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    Query(query): Params,
    headers: HeaderMap,
) -> Response {
    respond(inner.sender(&version, &id, "get", &headers, &query).map(|_| {
        let fields = query.get("fields").map(String::as_str);
        inner.state().settings.profile(&id, fields)
    }))
}

/// `POST /{phone}/whatsapp_business_profile`.
pub(super) async fn change_profile(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    Query(query): Params,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    respond(
        inner
            .sender(&version, &id, "post", &headers, &query)
            .and_then(|_| inner.state().settings.change_profile(&id, &parsed(&body)))
            .map(|()| json!({ "success": true })),
    )
}

/// `POST /{phone}/thread_control`. Taking may be refused (2494191), see `Meta::set_thread_of_another`.
pub(super) async fn thread_control(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    Query(query): Params,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = parsed(&body);
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let verdict = inner
        .sender(&version, &id, "post", &headers, &query)
        .and_then(|_| {
            let action = text("action").unwrap_or_default();
            if text("to").or_else(|| text("recipient")).is_none() {
                return Err(GraphError::of(100).details("The parameter to is required."));
            }
            if !matches!(action, "pass" | "release" | "take") {
                return Err(GraphError::of(100).details("Param action must be one of {pass, release, take}."));
            }
            if action == "take" && inner.state().thread_of_another {
                return Err(GraphError::of(2_494_191));
            }
            Ok(json!({ "success": true }))
        });
    respond(verdict)
}
