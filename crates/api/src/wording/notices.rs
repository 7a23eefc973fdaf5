//! News of an account, in sentences (whatsapp-cloud-api, sections 4.1 and 4.2).

use crate::views::Level;
use serde_json::Value;

/// Returns how serious a piece of news is and what to say about it.
pub(crate) fn notice_words(field: &str, event: Option<&str>, raw: &Value) -> (Level, String) {
    let event = event.unwrap_or_default();
    match field {
        "account_update" => account_update(event, raw),
        "account_alerts" => {
            let alert = raw.get("alert_info").unwrap_or(raw);
            let severity = text(alert, "alert_severity").unwrap_or_default();
            let level = match severity {
                "CRITICAL" => Level::Bad,
                "INFORMATIONAL" => Level::Ok,
                _ => Level::Warn,
            };
            // Meta ends the description with a full stop of its own at times.
            let about = text(alert, "alert_description").map_or("no details were given", |about| {
                about.trim_end_matches(['.', ' '])
            });
            (
                level,
                format!(
                    "Meta has a remark about your WhatsApp account: {about}. Look into Meta's business settings."
                ),
            )
        }
        "account_review_update" => match event {
            "APPROVED" => ok("Meta has approved your WhatsApp account."),
            "REJECTED" => bad(
                "Meta has not approved your WhatsApp account, so it cannot be used fully. Open Meta's business settings \
                 and ask for another review.",
            ),
            _ => ok("Meta is reviewing your WhatsApp account. There is nothing to do."),
        },
        "business_capability_update" => ok(&format!(
            "Meta has set how many customers you may write to first: {}. Answers do not count.",
            limit(
                raw.get("max_daily_conversations_per_business")
                    .or_else(|| raw.get("max_daily_conversation_per_phone"))
            )
        )),
        "phone_number_quality_update" => quality(event, raw),
        "phone_number_name_update" => match event {
            "APPROVED" => ok(&format!(
                "Meta has approved the name customers see{}.",
                quoted(raw, "requested_verified_name")
            )),
            "REJECTED" | "DECLINED" => warn(&format!(
                "Meta has not approved the name{}. Customers go on seeing the old one. Choose another name in WhatsApp Manager.",
                quoted(raw, "requested_verified_name")
            )),
            _ => ok("Meta is looking at the name customers see. There is nothing to do."),
        },
        "security" => match event {
            "PIN_CHANGED" => warn(
                "The PIN of this number was changed. If it was not you, change it in WhatsApp Manager at once.",
            ),
            "PIN_RESET_REQUEST" => warn(
                "Somebody asked to reset the PIN of this number. If it was not you, open WhatsApp Manager and see who \
                 has access.",
            ),
            _ => ok("The PIN of this number was reset."),
        },
        "business_username_update" => ok(&format!(
            "The user name of your business is now{} ({event}).",
            quoted(raw, "username")
        )),
        "history" => warn(
            "The messages from before were not handed over: sharing them was declined on the phone, or did not work. New \
             messages are not affected.",
        ),
        "errors" => {
            let first = raw.pointer("/errors/0").or_else(|| raw.get(0)).unwrap_or(raw);
            // A code comes as a number or as its digits.
            let code = first
                .get("code")
                .and_then(|code| code.as_i64().or_else(|| code.as_str()?.trim().parse().ok()));
            match engine::known_error(code, None) {
                Some(advice) => warn(advice.words),
                None => warn(
                    "WhatsApp reports a trouble with this number that Deskbell does not know. Look at the details; if \
                     messages stop, check the number in WhatsApp Manager.",
                ),
            }
        }
        "message_template_status_update" => template_status(event, raw),
        "message_template_quality_update" => {
            let name = quoted(raw, "message_template_name");
            match event {
                "RED" => bad(&format!(
                    "Customers dislike the template{name}: its quality is low and Meta may stop it. Use it less, or write \
                     another one."
                )),
                "YELLOW" => warn(&format!(
                    "The quality of the template{name} went down. Send it only to those who expect it."
                )),
                _ => ok(&format!("The quality of the template{name} is good.")),
            }
        }
        "template_category_update" | "template_correct_category_detection" => {
            let name = quoted(raw, "message_template_name");
            match text(raw, "correct_category") {
                Some(coming) => warn(&format!(
                    "Meta will move the template{name} to another category ({coming}). Its price changes with it."
                )),
                None => warn(&format!(
                    "Meta has moved the template{name} to another category ({event}). Its price has changed with it."
                )),
            }
        }
        "message_template_components_update" => ok(&format!(
            "The template{} was changed. Deskbell uses the new form.",
            quoted(raw, "message_template_name")
        )),
        _ => ok(
            "Meta sent news about this account that this version of Deskbell cannot read. Look at the details.",
        ),
    }
}

/// Returns why a template cannot be sent, and what to do; `None` when it can.
pub(crate) fn template_words(status: &str, reason: Option<&str>) -> Option<String> {
    let because = match reason {
        Some("ABUSIVE_CONTENT") => " because it may offend or mislead",
        Some("INCORRECT_CATEGORY") => " because it is in the wrong category",
        Some("INVALID_FORMAT") => " because its places to fill in are not in order",
        Some("SCAM") => " because it looks like a fraud",
        Some("PROMOTIONAL" | "TAG_CONTENT_MISMATCH") => " because its words do not fit its category",
        _ => "",
    };
    Some(match status {
        "APPROVED" => return None,
        "PENDING" | "IN_APPEAL" => {
            "Meta is looking at this template, which usually takes minutes and at most a day. It can be sent once it is \
             approved."
                .to_owned()
        }
        "REJECTED" => format!(
            "Meta did not approve this template{because}. Write it anew under another name, or ask for a review in WhatsApp \
             Manager."
        ),
        "PAUSED" => {
            "Meta has paused this template since too many customers disliked it. It comes back by itself after some hours; \
             use another one meanwhile."
                .to_owned()
        }
        "DISABLED" | "LIMIT_EXCEEDED" | "LOCKED" => {
            "Meta has stopped this template for good. Use another one.".to_owned()
        }
        "ARCHIVED" => "This template is archived. Bring it back in WhatsApp Manager to use it.".to_owned(),
        "PENDING_DELETION" | "DELETED" => "This template was deleted.".to_owned(),
        _ => "Meta does not let this template be sent at the moment. Look at it in WhatsApp Manager.".to_owned(),
    })
}

fn account_update(event: &str, raw: &Value) -> (Level, String) {
    // A word or a list of one.
    let state = ["/ban_info/waba_ban_state", "/ban_info/waba_ban_state/0"]
        .iter()
        .find_map(|place| raw.pointer(place)?.as_str())
        .unwrap_or_default();
    match (event, state) {
        ("DISABLED_UPDATE", "REINSTATE") | ("ACCOUNT_RECONNECTED", _) => {
            ok("Your WhatsApp account works again. Messages that waited leave now.")
        }
        ("DISABLED_UPDATE", "SCHEDULE_FOR_DISABLE") => bad(
            "Meta is about to switch your WhatsApp account off. Open Account Quality in Meta's business settings now and \
             ask for a review.",
        ),
        ("DISABLED_UPDATE", _) => bad(
            "Meta has switched your WhatsApp account off, so nothing is sent. Open Account Quality in Meta's business \
             settings, see why, and ask for a review.",
        ),
        ("ACCOUNT_DELETED", _) => bad(
            "Your WhatsApp account was deleted at Meta, so nothing is sent or received any more. Everything you have here \
             stays.",
        ),
        ("ACCOUNT_OFFBOARDED", _) => bad(
            "This number was taken from the WhatsApp account, for example because it was registered on a phone again. \
             Nothing is sent. Connect the number again to go on.",
        ),
        ("ACCOUNT_VIOLATION", _) => (
            Level::Bad,
            format!(
                "Meta says that your account broke a rule{}. Read it in Account Quality in Meta's business settings; \
                 more of it may end in the account being switched off.",
                raw.pointer("/violation_info/violation_type")
                    .and_then(Value::as_str)
                    .map(|kind| format!(" ({})", spaced(kind)))
                    .unwrap_or_default()
            ),
        ),
        ("ACCOUNT_RESTRICTION", _) => bad(&format!(
            "Meta has restricted your WhatsApp account for a while{}. Open Account Quality in Meta's business settings to \
             see until when.",
            restriction(raw)
        )),
        ("PARTNER_REMOVED" | "PARTNER_APP_UNINSTALLED", _) => warn(
            "The connection of this account with its app was taken away at Meta. If messages stay away, connect the number \
             again.",
        ),
        _ => ok(&format!(
            "Meta changed something about your WhatsApp account ({}). Messages are not affected as far as Deskbell knows; \
             if they stop, look into Meta's business settings.",
            spaced(event)
        )),
    }
}

/// Returns what Meta does not let the account do (whatsapp-cloud-api, section 4.1).
fn restriction(raw: &Value) -> String {
    let kinds: Vec<&str> = raw
        .get("restriction_info")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|info| info.get("restriction_type").and_then(Value::as_str))
        .filter_map(|kind| match kind {
            "RESTRICTED_CUSTOMER_INITIATED_MESSAGING" => Some("answering customers"),
            "RESTRICTED_BIZ_INITIATED_MESSAGING" => Some("writing to customers first"),
            "RESTRICTED_UTILITY_TEMPLATES" => Some("sending utility templates"),
            "RESTRICTED_ADD_PHONE_NUMBER_ACTION" => Some("adding numbers"),
            "RESTRICTED_BUSINESS_INITIATED_CALLING" => Some("calling customers"),
            "RESTRICTED_USER_INITIATED_CALLING" => Some("being called by customers"),
            _ => None,
        })
        .collect();
    if kinds.is_empty() {
        String::new()
    } else {
        format!(": no {}", kinds.join(", no "))
    }
}

fn quality(event: &str, raw: &Value) -> (Level, String) {
    match event {
        "FLAGGED" => bad(
            "The quality of this number is low: too many customers blocked or reported it. Write only to people who expect \
             it; Meta looks at it again within seven days.",
        ),
        "DOWNGRADE" => {
            warn("Meta lowered how many customers you may write to first. Answers are not affected.")
        }
        "UPGRADE" | "ONBOARDING" => ok(&format!(
            "You may now write first to so many customers a day: {}.",
            limit(
                raw.get("max_daily_conversations_per_business")
                    .or_else(|| raw.get("current_limit"))
            )
        )),
        "THROUGHPUT_UPGRADE" => ok("This number may now send faster. There is nothing to do."),
        _ => ok("The quality of this number is good again."),
    }
}

fn template_status(event: &str, raw: &Value) -> (Level, String) {
    let name = quoted(raw, "message_template_name");
    match event {
        "APPROVED" | "REINSTATED" | "UNARCHIVED" => {
            ok(&format!("The template{name} is approved and can be sent."))
        }
        "PENDING" | "IN_APPEAL" => ok(&format!(
            "Meta is looking at the template{name}. There is nothing to do."
        )),
        "FLAGGED" => warn(&format!(
            "The template{name} is disliked by customers and may be stopped. Send it only to those who expect it."
        )),
        "DELETED" | "PENDING_DELETION" | "ARCHIVED" => {
            ok(&format!("The template{name} was deleted or archived at Meta."))
        }
        _ => {
            let words = template_words(event, text(raw, "reason")).unwrap_or_default();
            let more = raw
                .pointer("/rejection_info/recommendation")
                .or_else(|| raw.pointer("/other_info/description"))
                .and_then(Value::as_str)
                .map(|advice| format!(" Meta's advice: {advice}"))
                .unwrap_or_default();
            (Level::Warn, format!("Template{name}: {words}{more}"))
        }
    }
}

/// Returns a limit of Meta's as a person reads it: `2000`, `TIER_2K` and `-1` all occur.
fn limit(value: Option<&Value>) -> String {
    let written = match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return "a number Meta did not name".to_owned(),
    };
    match written.trim_start_matches("TIER_") {
        "-1" | "UNLIMITED" => "as many as you like".to_owned(),
        tier => match tier.strip_suffix('K') {
            Some(thousands) => format!("{thousands},000 a day"),
            None => format!("{} a day", grouped(tier)),
        },
    }
}

/// Puts a comma after the thousands.
fn grouped(digits: &str) -> String {
    let long = digits.len() > 3 && digits.bytes().all(|b| b.is_ascii_digit());
    match digits
        .len()
        .checked_sub(3)
        .and_then(|at| digits.split_at_checked(at))
    {
        Some((thousands, rest)) if long => format!("{},{rest}", grouped(thousands)),
        _ => digits.to_owned(),
    }
}

fn text<'v>(raw: &'v Value, key: &str) -> Option<&'v str> {
    raw.get(key)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

fn quoted(raw: &Value, key: &str) -> String {
    text(raw, key)
        .map(|text| format!(" “{text}”"))
        .unwrap_or_default()
}

fn spaced(word: &str) -> String {
    word.replace('_', " ").to_lowercase()
}

fn ok(sentence: &str) -> (Level, String) {
    (Level::Ok, sentence.to_owned())
}

fn warn(sentence: &str) -> (Level, String) {
    (Level::Warn, sentence.to_owned())
}

fn bad(sentence: &str) -> (Level, String) {
    (Level::Bad, sentence.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn limits_read_the_same_however_meta_writes_them() {
        assert_eq!(limit(Some(&json!("TIER_2K"))), "2,000 a day");
        assert_eq!(limit(Some(&json!(2000))), "2,000 a day");
        assert_eq!(limit(Some(&json!(1_000_000))), "1,000,000 a day");
        assert_eq!(limit(Some(&json!("TIER_250"))), "250 a day");
        assert_eq!(limit(Some(&json!(-1))), "as many as you like");
        assert_eq!(limit(Some(&json!("TIER_UNLIMITED"))), "as many as you like");
    }

    #[test]
    fn a_rejected_template_says_why_and_what_to_do() {
        let raw = json!({
            "message_template_name": "spring_sale", "reason": "INVALID_FORMAT",
            "rejection_info": {"reason": "x", "recommendation": "Number the places from 1."},
        });
        let (level, sentence) = notice_words("message_template_status_update", Some("REJECTED"), &raw);
        assert_eq!(level, Level::Warn);
        for part in ["spring_sale", "not in order", "Number the places"] {
            assert!(sentence.contains(part), "{sentence}");
        }
    }

    #[test]
    fn a_restriction_says_what_is_not_possible_and_a_coming_ban_is_not_one_yet() {
        let kind = "RESTRICTED_BIZ_INITIATED_MESSAGING";
        let raw = json!({"restriction_info": [{"restriction_type": kind}]});
        let (_, sentence) = notice_words("account_update", Some("ACCOUNT_RESTRICTION"), &raw);
        assert!(sentence.contains("no writing to customers first"), "{sentence}");
        let raw = json!({"ban_info": {"waba_ban_state": ["SCHEDULE_FOR_DISABLE"]}});
        let (_, sentence) = notice_words("account_update", Some("DISABLED_UPDATE"), &raw);
        assert!(sentence.contains("about to"), "{sentence}");
        let raw = json!({"errors": [{"code": "131042"}]});
        assert!(notice_words("errors", None, &raw).1.contains("payment"));
    }

    #[test]
    fn an_account_that_was_switched_off_is_bad_and_news_nobody_knows_are_calm() {
        let raw = json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}});
        assert_eq!(
            notice_words("account_update", Some("DISABLED_UPDATE"), &raw).0,
            Level::Bad
        );
        assert_eq!(notice_words("from_the_future", None, &json!([1])).0, Level::Ok);
    }
}
