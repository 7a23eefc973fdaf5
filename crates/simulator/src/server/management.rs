//! Set-up and health over HTTP: tokens, apps, accounts, registration, subscriptions, overrides
//! (`whatsapp-cloud-api.md` 1.5, 7.1 to 7.4).

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{FromRequest, Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{LONGEST_BODY, access, ok, refuse};
use crate::calls;
use crate::clock;
use crate::graph::{self, GraphError};
use crate::management::{
    App, Callback, Credential, MANAGEMENT, OBJECT, account_node, app_node, check_override, debug_answer,
    fields, not_subscribed, number_list, number_node,
};
use crate::meta::Inner;
use crate::street::Subscription;
use crate::webhook::Number;

type Place = Path<(String, String)>;
type Answer = Result<Value, GraphError>;

fn respond(answer: Answer) -> Response {
    answer.map_or_else(|error| refuse(&error), |body| ok(&body))
}

fn required(name: &str) -> GraphError {
    GraphError::of(100).details(format!("The parameter {name} is required."))
}

/// A request of any of Graph's forms: parameters in the address, in a form, or in JSON.
#[derive(Debug)]
pub(super) struct Ask {
    headers: HeaderMap,
    params: HashMap<String, String>,
    body: Value,
}

impl Ask {
    fn text(&self, name: &str) -> Option<&str> {
        let given = self.params.get(name).map(String::as_str);
        given.or_else(|| self.body.get(name).and_then(Value::as_str))
    }

    fn asked(&self) -> Option<&str> {
        self.text("fields")
    }
}

impl<S: Send + Sync> FromRequest<S> for Ask {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let Ok(bytes) = axum::body::to_bytes(body, LONGEST_BODY).await else {
            return Err(StatusCode::PAYLOAD_TOO_LARGE.into_response());
        };
        let mut params: HashMap<String, String> = calls::pairs(parts.uri.query().unwrap_or_default())
            .into_iter()
            .collect();
        let body = if calls::is_form(&parts.headers) {
            params.extend(calls::pairs(&String::from_utf8_lossy(&bytes)));
            let nested = params.get("webhook_configuration");
            let nested = nested.and_then(|text| serde_json::from_str::<Value>(text).ok());
            nested.map_or(Value::Null, |nested| json!({ "webhook_configuration": nested }))
        } else {
            serde_json::from_slice(&bytes).unwrap_or(Value::Null)
        };
        // A token in JSON counts like one in a form.
        if let Some(token) = body.get("access_token").and_then(Value::as_str) {
            params.insert("access_token".to_owned(), token.to_owned());
        }
        Ok(Self {
            headers: parts.headers,
            params,
            body,
        })
    }
}

/// `GET /debug_token?input_token=…`, asked by the token's own app or by a token of that app.
pub(super) async fn debug_token(
    State(inner): State<Arc<Inner>>,
    Path(version): Path<String>,
    ask: Ask,
) -> Response {
    let answer = || {
        let caller = inner.authorised(&version, &ask.headers, &ask.params)?;
        let input = ask.text("input_token").ok_or_else(|| required("input_token"))?;
        let found = inner.state().credential(input).ok();
        let foreign = found
            .as_ref()
            .is_some_and(|found| found.app().id != caller.app().id);
        if foreign {
            let mut error = GraphError::of(100);
            "The App_id in the input_token did not match the Viewing App".clone_into(&mut error.title);
            return Err(error);
        }
        Ok(debug_answer(found.as_ref(), clock::unix_seconds()))
    };
    respond(answer())
}

/// `GET /app`: the app of whoever asks.
pub(super) async fn app(State(inner): State<Arc<Inner>>, Path(version): Path<String>, ask: Ask) -> Response {
    let caller = inner.authorised(&version, &ask.headers, &ask.params);
    respond(caller.and_then(|caller| app_node(caller.app(), ask.asked())))
}

/// `GET /{id}` of a number, an account or an app.
pub(super) fn node(
    inner: &Inner,
    (version, id): (&str, &str),
    headers: &HeaderMap,
    query: &HashMap<String, String>,
) -> Answer {
    let fields = query.get("fields").map(String::as_str);
    let caller = inner.authorised(version, headers, query)?;
    if caller.app().id == id {
        return app_node(caller.app(), fields);
    }
    let Credential::User(user) = caller else {
        return Err(graph::no_such_object("get", id));
    };
    let number = user.numbers.iter().find(|number| number.phone_number_id == id);
    if number.is_none() && !user.reaches(id) {
        return Err(graph::no_such_object("get", id));
    }
    user.token.allows(MANAGEMENT)?;
    let state = inner.state();
    match number {
        Some(number) => number_node(&state, number, &user.app, fields),
        None => account_node(&state, id, &user.app, fields),
    }
}

/// `GET /{waba}/phone_numbers`.
pub(super) async fn numbers(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    ask: Ask,
) -> Response {
    let user = inner.keeper_of_account((&version, &id), "get", &ask.headers, &ask.params);
    respond(user.and_then(|user| {
        let of_account = |number: &&Number| number.waba_id == id;
        let numbers: Vec<Number> = user.numbers.iter().filter(of_account).cloned().collect();
        let address = format!("{}/{version}/{id}/phone_numbers", inner.graph_url());
        number_list(&inner.state(), &numbers, &user.app, &ask.params, &address)
    }))
}

/// `POST /{phone}/register`.
pub(super) async fn register(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    ask: Ask,
) -> Response {
    let answer = || {
        inner.keeper_of_number((&version, &id), "post", &ask.headers, &ask.params)?;
        if ask.text("messaging_product") != Some("whatsapp") {
            return Err(required("messaging_product"));
        }
        let pin = ask.text("pin").ok_or_else(|| required("pin"))?;
        let now = clock::unix_seconds();
        inner.state().management.register(&id, pin, now)?;
        Ok(json!({ "success": true }))
    };
    respond(answer())
}

/// `POST /{phone}/deregister`.
pub(super) async fn deregister(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    ask: Ask,
) -> Response {
    let known = inner.keeper_of_number((&version, &id), "post", &ask.headers, &ask.params);
    respond(known.map(|_| {
        inner.state().management.deregister(&id);
        json!({ "success": true })
    }))
}

/// `POST /{phone}`: an override of its own, or another PIN.
pub(super) async fn change_number(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    ask: Ask,
) -> Response {
    respond(changed(&inner, (&version, &id), &ask).await)
}

async fn changed(inner: &Inner, place: (&str, &str), ask: &Ask) -> Answer {
    let (user, number) = inner.keeper_of_number(place, "post", &ask.headers, &ask.params)?;
    let id = place.1;
    if let Some(pin) = ask.text("pin") {
        inner.state().management.change_pin(id, pin)?;
        return Ok(json!({ "success": true }));
    }
    let wanted = ask.body.get("webhook_configuration");
    let wanted = wanted.ok_or_else(|| required("webhook_configuration"))?;
    let text = |name: &str| wanted.get(name).and_then(Value::as_str);
    let url = text("override_callback_uri");
    let url = url.ok_or_else(|| required("webhook_configuration['override_callback_uri']"))?;
    if url.is_empty() {
        inner.state().subscriptions.remove(id);
        return Ok(json!({ "success": true }));
    }
    let verify_token = text("verify_token");
    check_override(url, verify_token)?;
    if !inner.state().is_subscribed(&number.waba_id, &user.app.id) {
        return Err(not_subscribed());
    }
    inner
        .verify_callback(url, verify_token.unwrap_or_default())
        .await?;
    let subscription = Subscription {
        url: url.to_owned(),
        app_id: Some(user.app.id),
    };
    inner.state().subscriptions.insert(id.to_owned(), subscription);
    Ok(json!({ "success": true }))
}

/// `GET /{waba}/subscribed_apps`.
pub(super) async fn subscribed(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    ask: Ask,
) -> Response {
    let user = inner.keeper_of_account((&version, &id), "get", &ask.headers, &ask.params);
    respond(user.map(|_| inner.state().subscribed_apps(&id)))
}

/// `POST /{waba}/subscribed_apps`, plain or with an override for the account.
pub(super) async fn subscribe(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    ask: Ask,
) -> Response {
    respond(taken_in(&inner, (&version, &id), &ask).await)
}

async fn taken_in(inner: &Inner, place: (&str, &str), ask: &Ask) -> Answer {
    let user = inner.keeper_of_account(place, "post", &ask.headers, &ask.params)?;
    let (waba, app) = (place.1, user.app.id);
    let url = ask.text("override_callback_uri").filter(|url| !url.is_empty());
    if let Some(url) = url {
        let verify_token = ask.text("verify_token");
        check_override(url, verify_token)?;
        if !inner.state().is_subscribed(waba, &app) {
            return Err(not_subscribed());
        }
        inner
            .verify_callback(url, verify_token.unwrap_or_default())
            .await?;
    }
    let mut state = inner.state();
    state.subscribe_app(waba, &app);
    // A plain subscription takes an override away.
    if let Some(row) = state.row(waba, &app) {
        row.url = url.map(str::to_owned);
    }
    Ok(json!({ "success": true }))
}

/// `DELETE /{waba}/subscribed_apps`.
pub(super) async fn unsubscribe(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    ask: Ask,
) -> Response {
    let user = inner.keeper_of_account((&version, &id), "delete", &ask.headers, &ask.params);
    respond(user.map(|user| {
        let mut state = inner.state();
        if let Some(rows) = state.management.subscribed.get_mut(&id) {
            rows.retain(|row| row.app_id != user.app.id);
        }
        json!({ "success": true })
    }))
}

/// The app of `/{app}/subscriptions`, which only the app itself may touch.
fn own_app(inner: &Inner, (version, id): (&str, &str), verb: &str, ask: &Ask) -> Result<App, GraphError> {
    match inner.authorised(version, &ask.headers, &ask.params)? {
        Credential::App(app) if app.id == id => Ok(app),
        Credential::App(_) => Err(graph::no_such_object(verb, id)),
        Credential::User(_) => Err(GraphError::of(15)),
    }
}

/// `GET /{app}/subscriptions`.
pub(super) async fn callbacks(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    ask: Ask,
) -> Response {
    let app = own_app(&inner, (&version, &id), "get", &ask);
    respond(app.map(|app| inner.state().app_callbacks(&app.id)))
}

/// `POST /{app}/subscriptions`: address and fields of the app. Replaces both.
pub(super) async fn set_callback(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    ask: Ask,
) -> Response {
    respond(called_back(&inner, (&version, &id), &ask).await)
}

async fn called_back(inner: &Inner, place: (&str, &str), ask: &Ask) -> Answer {
    let app = own_app(inner, place, "post", ask)?;
    let object = ask.text("object").ok_or_else(|| required("object"))?;
    if object != OBJECT {
        return Err(GraphError::of(100).details(format!("Param object must be {OBJECT}.")));
    }
    let url = ask.text("callback_url").ok_or_else(|| required("callback_url"))?;
    let verify_token = ask.text("verify_token");
    let names = fields(ask.asked().ok_or_else(|| required("fields"))?)?;
    check_override(url, verify_token)?;
    inner
        .verify_callback(url, verify_token.unwrap_or_default())
        .await?;
    let version = served(inner, place.0);
    let callback = Callback {
        url: url.to_owned(),
        fields: names.into_iter().map(|name| (name, version.clone())).collect(),
    };
    inner.state().management.callbacks.insert(app.id, callback);
    Ok(json!({ "success": true }))
}

/// `DELETE /{app}/subscriptions`.
pub(super) async fn drop_callback(
    State(inner): State<Arc<Inner>>,
    Path((version, id)): Place,
    ask: Ask,
) -> Response {
    let app = own_app(&inner, (&version, &id), "delete", &ask);
    respond(app.map(|app| {
        if ask.text("object").is_none_or(|object| object == OBJECT) {
            inner.state().management.callbacks.remove(&app.id);
        }
        json!({ "success": true })
    }))
}

/// The version that answers in place of the asked one.
pub(super) fn served(inner: &Inner, asked: &str) -> String {
    let set = inner.state().management.version.clone();
    let asked = if access::is_version(asked) { asked } else { "v25.0" };
    set.unwrap_or_else(|| asked.to_owned())
}
