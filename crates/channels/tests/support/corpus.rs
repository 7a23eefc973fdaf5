//! Valid webhook bodies of every family, as something to break.

use serde_json::{Value, json};

/// One element of a list, and the list it stands in.
pub(crate) struct Specimen {
    pub(crate) field: &'static str,
    pub(crate) list: &'static str,
    pub(crate) item: Value,
}

/// Names by which a harmless neighbour is found again.
pub(crate) const NEIGHBOUR: &str = "PT.777";

/// Returns one specimen of everything that comes in lists.
pub(crate) fn specimens() -> Vec<Specimen> {
    let mut all: Vec<Specimen> = said()
        .into_iter()
        .flat_map(|item| {
            ["messages", "history", "standby", "smb_message_echoes"].map(|field| Specimen {
                field,
                list: if field == "smb_message_echoes" {
                    "message_echoes"
                } else {
                    "messages"
                },
                item: item.clone(),
            })
        })
        .collect();
    let other = [
        (
            "messages",
            "statuses",
            json!({"id": "wamid.O", "status": "failed", "timestamp": "1794301600", "recipient_id": "351910000001",
            "recipient_user_id": "PT.111", "biz_opaque_callback_data": "ob_7", "recipient_type": "group", "recipient_participant_id": "1555",
            "conversation": {"id": "c", "expiration_timestamp": "1794560400", "origin": {"type": "referral_conversion"}},
            "pricing": {"billable": true, "pricing_model": "PMP", "type": "regular", "category": "authentication-international"},
            "errors": [{"code": 131_047, "title": "Late", "message": "Late", "error_data": {"details": "because"}, "href": "/x"}]}),
        ),
        (
            "calls",
            "calls",
            json!({"id": "wacid.C", "from": "351910000001", "to": "351210000142", "event": "terminate",
            "direction": "USER_INITIATED", "timestamp": "1794301751", "status": "FAILED", "duration": 5, "session": {"sdp": "v=0"}}),
        ),
        (
            "user_preferences",
            "user_preferences",
            json!({"wa_id": "351910000001", "user_id": "PT.111", "detail": "d",
            "category": "marketing_messages", "value": "stop", "timestamp": 1_794_301_700}),
        ),
        (
            "user_id_update",
            "user_id_update",
            json!({"wa_id": "351910000001", "user_id": {"previous": "PT.1", "current": "PT.2"},
            "parent_user_id": {"previous": "PT.ENT.1", "current": "PT.ENT.2"}, "timestamp": "1794301710"}),
        ),
        (
            "smb_app_state_sync",
            "state_sync",
            json!({"type": "contact", "action": "add", "metadata": {"timestamp": "1794301205"},
            "contact": {"full_name": "Inês P.", "first_name": "Inês", "phone_number": "351910000001", "user_id": "PT.111"}}),
        ),
        (
            "history",
            "history",
            json!({"metadata": {"phase": 0, "chunk_order": 1}, "errors": [{"code": 2_593_109}], "threads": [
            {"id": "351910000001", "context": {"wa_id": "351910000001", "user_id": "PT.111", "username": "@i"}, "messages": [
                {"from": "351210000142", "to": "351910000001", "id": "h", "timestamp": "1794214800", "type": "text",
                    "text": {"body": "Ready"}, "history_context": {"status": "READ"}}]}]}),
        ),
    ];
    all.extend(other.map(|(field, list, item)| Specimen { field, list, item }));
    all
}

/// Every kind of message.
fn said() -> Vec<Value> {
    let message = |mut more: Value| {
        let mut whole = json!({"from": "351910000001", "from_user_id": "PT.111", "to": "351910000001", "to_user_id": "PT.111",
            "id": "wamid.A", "timestamp": "1794301205", "context": {"from": "351210000142", "id": "wamid.Q", "forwarded": true,
            "referred_product": {"catalog_id": "7"}}, "referral": {"source_type": "ad"}, "history_context": {"status": "READ"}});
        if let (Some(whole), Some(more)) = (whole.as_object_mut(), more.as_object_mut()) {
            whole.append(more);
        }
        whole
    };
    let file = json!({"id": "9", "mime_type": "x/y", "sha256": "c2hh", "url": "https://example.org", "caption": "c", "filename": "f",
        "voice": true, "animated": true});
    let inner = json!({"type": "image", "image": file, "context": {"id": "M0"}});
    [
        json!({"type": "text", "text": {"body": "hello"}}),
        json!({"type": "image", "image": file}),
        json!({"type": "audio", "audio": file}),
        json!({"type": "document", "document": file, "errors": [{"code": 131_052, "title": "Big"}]}),
        json!({"type": "sticker", "sticker": file, "group_id": "G.1"}),
        json!({"type": "location", "location": {"latitude": 1.5, "longitude": "2", "name": "n"}}),
        json!({"type": "contacts", "contacts": [{"origin": "contact_request", "vcard": "TEL;waid=351930000655:x",
            "name": {"formatted_name": "N"}, "phones": [{"phone": "+351930000655", "wa_id": "351930000655"}]}]}),
        json!({"type": "button", "button": {"payload": "p", "text": "t"}}),
        json!({"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "i", "title": "t"}}}),
        json!({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "i", "title": "t"}}}),
        json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "b",
            "response_json": "{\"a\":{\"b\":[1,2]}}"}}}),
        json!({"type": "order", "order": {"catalog_id": "7", "product_items": [{"quantity": 1, "item_price": 3.5}]}}),
        json!({"type": "reaction", "reaction": {"message_id": "wamid.O", "emoji": "👍"}}),
        json!({"type": "edit", "edit": {"original_message_id": "wamid.O", "message": inner}}),
        json!({"type": "revoke", "revoke": {"original_message_id": "wamid.O"}}),
        json!({"type": "system", "system": {"type": "user_changed_number", "wa_id": "351960000009", "user_id": "PT.9",
            "body": "User X changed from 351910000001 to 351960000009"}}),
        json!({"type": "system", "system": {"type": "user_changed_user_id", "user_id": "PT.9",
            "body": "User X changed from PT.111 to PT.9"}}),
        json!({"type": "unsupported", "unsupported": {"type": "poll_creation"}, "errors": [{"code": 131_051, "title": "t"}]}),
        json!({"type": "request_welcome"}),
    ]
    .map(message)
    .to_vec()
}

/// Returns the harmless neighbour for an element of a list.
pub(crate) fn neighbour(list: &str) -> Value {
    match list {
        "statuses" => json!({"id": "n", "status": "sent", "recipient_user_id": NEIGHBOUR}),
        "calls" => json!({"id": "n", "from_user_id": NEIGHBOUR, "direction": "USER_INITIATED"}),
        "user_preferences" => json!({"user_id": NEIGHBOUR, "value": "stop"}),
        "user_id_update" => json!({"user_id": {"previous": NEIGHBOUR, "current": "PT.778"}}),
        "state_sync" => json!({"type": "contact", "action": "add", "contact": {"user_id": NEIGHBOUR}}),
        "history" => {
            json!({"threads": [{"id": NEIGHBOUR, "messages": [{"id": "n", "type": "text", "text": {"body": "x"}}]}]})
        }
        _ => {
            json!({"from_user_id": NEIGHBOUR, "to_user_id": NEIGHBOUR, "id": "n", "type": "text", "text": {"body": "x"}})
        }
    }
}

/// Returns a body in which the list of a field holds these elements.
pub(crate) fn body(field: &str, list: &str, items: &[Value]) -> Value {
    let inside = json!({"messaging_product": "whatsapp", "metadata": {"display_phone_number": "351210000142", "phone_number_id": "600100"},
        "contacts": [{"profile": {"name": "Inês", "username": "@i"}, "wa_id": "351910000001", "user_id": "PT.111"}], list: items});
    let value = if field == "standby" {
        json!({"metadata": {"phone_number_id": "600100"}, "standby": inside})
    } else {
        inside
    };
    json!({"object": "whatsapp_business_account", "entry": [{"id": "7", "time": 1_794_300_500, "changes": [{"field": field, "value": value}]}]})
}

/// Returns bodies of the fields whose value holds no list.
pub(crate) fn notices() -> Vec<Value> {
    let ids = json!({"message_template_id": 16, "message_template_name": "loaf", "message_template_language": "pt", "event": "REJECTED",
        "reason": "INVALID_FORMAT", "rejection_info": {"reason": "r", "recommendation": "s"}, "correct_category": "MARKETING",
        "new_category": "UTILITY", "new_quality_score": "RED"});
    [
        ("account_update", json!({"event": "ACCOUNT_RESTRICTION", "phone_number": "351210000142", "ban_info": {"waba_ban_state": ["DISABLE"]},
            "restriction_info": [{"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"}]})),
        ("account_alerts", json!({"entity_id": 7, "alert_info": {"alert_type": "X"}})),
        ("phone_number_quality_update", json!({"display_phone_number": "351210000142", "event": "ONBOARDING"})),
        ("message_template_status_update", ids.clone()),
        ("template_category_update", ids),
        ("messaging_handovers", json!({"recipient": {"phone_number_id": "600100"}, "sender": {"phone_number": "351910000001", "user_id": "PT.111"},
            "type": "control_passed", "timestamp": "1794301205", "control_passed": {"previous_owner_role": "ai_agent",
            "new_owner_role": "escalation", "conversation_context": {"type": "summary", "summary": {"text": "t"}}}})),
        ("space_elevator_update", json!({"floor": 7})),
        ("messages", json!({"metadata": {"phone_number_id": "600100"}, "errors": [{"code": 130_429, "title": "t"}]})),
    ]
    .into_iter()
    .map(|(field, value)| json!({"object": "whatsapp_business_account", "entry": [{"id": "7", "changes": [{"value": value, "field": field}]}]}))
    .collect()
}

/// All places in a value, as JSON pointers.
pub(crate) fn places(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, "", &mut found);
    found
}

fn collect(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(keys) => {
            for (key, item) in keys {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(item, &format!("{at}/{key}"), found);
            }
        }
        _ => {}
    }
}
