//! What goes for every answer: faults of endpoints other than sends, and the headers that tell about version, allowance
//! and time (`whatsapp-cloud-api.md` 8.1, 9.2, 10).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{LONGEST_BODY, Wire, management, spoil};
use crate::calls;
use crate::clock;
use crate::faults::{Effect, Fault, Rule};
use crate::meta::Inner;

/// Applies the rules and dresses the answer.
pub(super) async fn mind(State(inner): State<Arc<Inner>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/files/") || path.starts_with("/elsewhere/") {
        return next.run(request).await;
    }
    let plain = calls::unversioned(&path).to_owned();
    let counted = !plain.ends_with("/messages") && !plain.ends_with("/media");
    let rule = counted.then(|| {
        inner
            .state()
            .rules
            .take_managed(request.method().as_str(), &plain)
    });
    let response = match rule.flatten() {
        None => next.run(request).await,
        Some(rule) => ruled(rule, request, next).await,
    };
    dressed(&inner, response, &path, &plain, counted)
}

async fn ruled(rule: Rule, request: Request, next: Next) -> Response {
    let wire = request.extensions().get::<Wire>().cloned();
    let wire = wire.unwrap_or_else(|| Wire(CancellationToken::new()));
    match rule.effect {
        Effect::Hold(latch) if rule.taken => {
            let response = next.run(request).await;
            latch.pass().await;
            response
        }
        Effect::Hold(latch) => {
            latch.pass().await;
            next.run(request).await
        }
        Effect::Spoil(fault) if rule.taken => {
            let response = next.run(request).await;
            // An answer that is an error already needs no more trouble, unless it is not to come at all.
            if response.status() != StatusCode::OK && fault != Fault::TimeOutButAccepted {
                return response;
            }
            let body = axum::body::to_bytes(response.into_body(), LONGEST_BODY).await;
            let good = body.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
            spoil(&fault, &good.unwrap_or(Value::Null), &wire).await
        }
        Effect::Spoil(fault) => {
            // The client is to have said everything before it is answered.
            let _ = axum::body::to_bytes(request.into_body(), LONGEST_BODY).await;
            spoil(&fault, &Value::Null, &wire).await
        }
    }
}

fn dressed(
    inner: &Inner,
    mut response: Response<Body>,
    path: &str,
    plain: &str,
    counted: bool,
) -> Response<Body> {
    let asked = path.split('/').nth(1).unwrap_or_default();
    let mut headers = vec![(
        HeaderName::from_static("facebook-api-version"),
        management::served(inner, asked),
    )];
    let state = inner.state();
    if let Some(usage) = state.management.usage.filter(|_| counted) {
        let id = plain.split('/').nth(1).unwrap_or_default();
        let by_number = state.numbers.iter().find(|number| number.phone_number_id == id);
        let waba = by_number
            .or_else(|| state.numbers.iter().find(|number| number.waba_id == id))
            .or_else(|| state.numbers.first())
            .map_or("0", |number| number.waba_id.as_str());
        let (percent, minutes) = (usage.percent, usage.minutes);
        let app = json!({ "call_count": percent, "total_cputime": percent / 2, "total_time": percent / 2 });
        let business = json!({ waba: [{
            "type": "whatsapp_business_management", "call_count": percent, "total_cputime": percent / 2,
            "total_time": percent / 2, "estimated_time_to_regain_access": minutes,
        }]});
        headers.push((HeaderName::from_static("x-app-usage"), app.to_string()));
        let name = HeaderName::from_static("x-business-use-case-usage");
        headers.push((name, business.to_string()));
    }
    if state.management.clock_ahead != 0 {
        let at = clock::unix_seconds() + state.management.clock_ahead;
        headers.push((header::DATE, http_date(at)));
    }
    drop(state);
    for (name, text) in headers {
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The date of RFC 9110 for Unix seconds.
fn http_date(at: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (day, second) = (at.div_euclid(86_400), at.rem_euclid(86_400));
    // Years counted from March, so that the leap day is the last of its year.
    let since = day + 719_468;
    let era = since.div_euclid(146_097);
    let of_era = since.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let date = of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12;
    let year = era * 400 + year_of_era + i64::from(month < 2);
    let name = |names: &[&'static str], at: i64| {
        let at = usize::try_from(at).unwrap_or_default();
        names.get(at).copied().unwrap_or_default()
    };
    format!(
        "{}, {date:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        name(&DAYS, day.rem_euclid(7)),
        name(&MONTHS, month),
        second / 3600,
        second / 60 % 60,
        second % 60,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_in_the_rfc() {
        assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(951_782_400), "Tue, 29 Feb 2000 00:00:00 GMT");
        assert_eq!(http_date(1_798_761_599), "Thu, 31 Dec 2026 23:59:59 GMT");
    }
}
