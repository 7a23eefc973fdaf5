//! New names of people, address books, echoes, histories, standby, handovers and calls in every form the wire
//! contract names.

#[expect(
    clippy::unwrap_used,
    dead_code,
    reason = "a broken fixture should say where; not every tale is told here"
)]
#[path = "support/tell.rs"]
mod tell;

use serde_json::{Value, json};
use tell::{OWN, field, ines, merged, number, rui, told};

const INES: &str = "bsuid:PT.111+wa_id:351910000001+phone:351910000001";

/// What is told about a system message, without the message itself when somebody is renamed by it.
fn system(sender: Value, system: &Value) -> Vec<String> {
    let message = merged(
        json!({"id": "wamid.S", "timestamp": "1794301205", "type": "system", "system": system}),
        sender,
    );
    told(&number("messages", json!({"messages": [message]})))
        .into_iter()
        .map(|line| line.split(" payload=").take(1).collect())
        .collect()
}

#[test]
fn a_changed_number_is_told_in_all_its_spellings() {
    let old = json!({"from": "351910000001"});
    let renamed = "person wa_id:351910000001+phone:351910000001 also wa_id:351960000009+phone:351960000009";
    for notice in [
        json!({"type": "user_changed_number", "wa_id": "351960000009"}),
        json!({"type": "customer_changed_number", "new_wa_id": "351960000009"}),
        json!({"type": "customer_changed_number", "new_wa_id": 351_960_000_009_u64, "wa_id": "351910000001"}),
        json!({"type": "user_changed_number", "body": "User X changed from 351910000001 to +351960000009."}),
    ] {
        let told = system(old.clone(), &notice);
        assert_eq!(told.get(1).map(String::as_str), Some(renamed), "{notice}");
        assert!(
            told[0].starts_with("inbound live system (system) wa_id:351910000001+phone:351910000001"),
            "{told:?}"
        );
    }
    let with_id = system(
        json!({"from": "351910000001", "from_user_id": "PT.999"}),
        &json!({"type": "user_changed_number", "wa_id": "351960000009", "user_id": "PT.999"}),
    );
    assert_eq!(
        with_id.get(1).map(String::as_str),
        Some(
            "person wa_id:351910000001+phone:351910000001 also bsuid:PT.999+wa_id:351960000009+phone:351960000009"
        ),
        "an id that is new already is none of the old names"
    );
    let without_sender = system(
        json!({}),
        &json!({"type": "user_changed_number", "wa_id": "351960000009",
        "body": "User X changed from 351910000001 to 351960000009"}),
    );
    assert_eq!(without_sender.get(1).map(String::as_str), Some(renamed));
}

#[test]
fn a_changed_id_is_matched_by_the_old_one_by_the_words_or_by_the_number() {
    let by_words = system(
        json!({}),
        &json!({"type": "user_changed_user_id", "user_id": "PT.999", "body": "User Inês changed from PT.111 to PT.999"}),
    );
    assert_eq!(
        by_words,
        [
            "inbound live system (system) bsuid:PT.111 text=\"User Inês changed from PT.111 to PT.999\"",
            "person bsuid:PT.111 also bsuid:PT.999"
        ]
    );
    let parents = system(
        json!({}),
        &json!({"type": "user_changed_user_id", "user_id": "PT.999", "parent_user_id": "PT.ENT.9", "previous_user_id": "PT.111",
            "previous_parent_user_id": "PT.ENT.1"}),
    );
    assert_eq!(
        parents[1],
        "person bsuid:PT.111+parent_bsuid:PT.ENT.1 also bsuid:PT.999+parent_bsuid:PT.ENT.9"
    );
    let by_number = system(
        json!({"from": "351910000001"}),
        &json!({"type": "user_changed_user_id", "user_id": "PT.999"}),
    );
    assert_eq!(
        by_number[1],
        "person wa_id:351910000001+phone:351910000001 also bsuid:PT.999+wa_id:351910000001+phone:351910000001"
    );
    let only_new = system(
        json!({}),
        &json!({"type": "user_changed_user_id", "user_id": "PT.999"}),
    );
    assert_eq!(only_new[0], "inbound live system (system) bsuid:PT.999");
}

#[test]
fn a_name_that_imitates_the_notice_takes_over_nobody() {
    for body in [
        "User changed from PT.111 to PT.999 changed their id",
        "User PT.111 now has another id PT.999",
        "User from PT.111 to PT.500",
        "PT.111 PT.500 PT.999",
    ] {
        let told = system(
            json!({}),
            &json!({"type": "user_changed_user_id", "user_id": "PT.999", "body": body}),
        );
        assert!(!told.concat().contains("bsuid:PT.111"), "{body}: {told:?}");
    }
}

#[test]
fn a_new_security_code_and_unknown_notices_rename_nobody() {
    let told = system(
        json!({"from": "351910000001"}),
        &json!({"type": "customer_identity_changed", "body": "New code",
        "identity": {"hash": "h", "acknowledged": false}}),
    );
    assert_eq!(
        told,
        ["inbound live system (system) wa_id:351910000001+phone:351910000001 text=\"New code\""]
    );
    let other = system(
        json!({"from": "351910000001"}),
        &json!({"type": "became_a_bot", "user_id": "PT.1"}),
    );
    assert_eq!(
        other,
        ["inbound live system (system) wa_id:351910000001+phone:351910000001"]
    );
}

#[test]
fn only_an_answer_to_our_question_gives_the_sender_a_number() {
    let card = |message: Value| {
        let base = json!({"from_user_id": "PT.222", "id": "m", "type": "contacts"});
        let all = told(&number(
            "messages",
            json!({"contacts": [rui()], "messages": [merged(base, message)]}),
        ));
        all.get(1).cloned()
    };
    let phones = json!([{"phone": "+351 930 000 655", "wa_id": "351930000655"}]);
    let learnt = Some("person bsuid:PT.222 also wa_id:351930000655+phone:351930000655".to_owned());
    assert_eq!(
        card(json!({"origin": "contact_request", "contacts": [{"phones": phones}]})),
        learnt,
        "origin at the message"
    );
    assert_eq!(
        card(json!({"contacts": {"origin": "contact_request", "phones": phones}})),
        learnt,
        "a card without its list"
    );
    let vcard = "BEGIN:VCARD\nTEL;type=CELL;waid=351930000655:+351 930 000 655\nEND:VCARD";
    assert_eq!(
        card(json!({"contacts": [{"origin": "contact_request", "vcard": vcard}]})),
        learnt,
        "only in the card's text"
    );
    assert_eq!(
        card(json!({"contacts": [{"origin": "contact_request", "phones": [{"phone": "+351930000655"}]}]})),
        Some("person bsuid:PT.222 also phone:351930000655".to_owned())
    );
    for silent in [
        json!({"contacts": [{"phones": phones}]}),
        json!({"contacts": [{"origin": "other", "phones": phones}]}),
        json!({"origin": "contact_request", "contacts": [{"origin": "other", "phones": phones}]}),
        json!({"contacts": [{"origin": "contact_request", "phones": [{"phone": "930000655"}]}]}),
        json!({"contacts": [{"origin": "contact_request", "phones": 5}, {"origin": "contact_request"}]}),
    ] {
        assert_eq!(card(silent.clone()), None, "{silent}");
    }
    let own = json!({"to": "1555", "id": "m", "type": "contacts", "contacts": [{"origin": "contact_request", "phones": phones}]});
    assert_eq!(
        told(&number("smb_message_echoes", json!({"message_echoes": [own]}))).len(),
        1,
        "a card we sent"
    );
}

#[test]
fn wishes_about_promotions_are_open_words() {
    let wish = |more: Value| {
        told(&number(
            "user_preferences",
            json!({"user_preferences": [merged(json!({"user_id": "PT.111"}), more)]}),
        ))
        .concat()
    };
    assert_eq!(
        wish(json!({"category": "marketing_messages", "value": "resume"})),
        "person bsuid:PT.111 also  marketing=true add=yes"
    );
    assert_eq!(
        wish(json!({"value": "STOP"})),
        "person bsuid:PT.111 also  marketing=false add=yes"
    );
    assert_eq!(
        wish(json!({"category": "marketing_messages", "value": "pause"})),
        "other user_preferences"
    );
    assert_eq!(
        wish(json!({"category": "birthday_wishes", "value": "stop"})),
        "other user_preferences"
    );
}

#[test]
fn ids_of_parents_change_as_well() {
    let update = json!({"user_id": {"previous": "PT.1", "current": "PT.2"}, "parent_user_id": {"previous": "PT.ENT.1", "current": "PT.ENT.2"}});
    assert_eq!(
        told(&number("user_id_update", json!({"user_id_update": update}))),
        ["person bsuid:PT.1+parent_bsuid:PT.ENT.1 also bsuid:PT.2+parent_bsuid:PT.ENT.2 add=yes"]
    );
}

#[test]
fn the_address_book_of_the_phone_names_people_and_forgets_nobody() {
    let sync = |items: Value| told(&number("smb_app_state_sync", json!({"state_sync": items})));
    assert_eq!(
        sync(json!([
            {"type": "contact", "action": "add", "contact": {"full_name": "Inês P.", "first_name": "Inês", "phone_number": "+351 910 000 001",
                "user_id": "PT.111", "username": "@ines"}, "metadata": {"timestamp": "1794301205"}},
            {"type": "contact", "action": "add", "contact": {"first_name": "Tom", "phone_number": "1555"}},
            {"type": "contact", "action": "remove", "contact": {"full_name": "Tom", "phone_number": "1555"}},
            {"type": "contact", "action": "shred", "contact": {"phone_number": "1555"}},
            {"type": "label", "label": {}},
        ])),
        [
            "person bsuid:PT.111+phone:351910000001 also  name=Inês P. username=@ines address_book=yes add=yes",
            "person phone:1555 also  name=Tom address_book=yes add=yes",
            "person phone:1555 also  address_book=yes",
            "other smb_app_state_sync",
            "other smb_app_state_sync"
        ]
    );
}

#[test]
fn everything_the_phone_does_is_told_as_said_by_the_business() {
    for name in ["smb_message_echoes", "message_echoes"] {
        let echo = |more: Value| {
            let base = json!({"from": OWN, "to": "351910000001", "to_user_id": "PT.111", "id": "e", "timestamp": "1794301720"});
            told(&number(
                name,
                json!({"contacts": [ines()], "message_echoes": [merged(base, more)]}),
            ))
            .concat()
        };
        assert_eq!(
            echo(json!({"type": "revoke", "revoke": {"original_message_id": "wamid.O"}})),
            format!("outbound revoke e of wamid.O by {INES}")
        );
        assert_eq!(
            echo(json!({"type": "reaction", "reaction": {"message_id": "wamid.O", "emoji": "👍"}})),
            format!("outbound reaction 👍 to wamid.O by {INES}")
        );
        assert_eq!(
            echo(json!({"type": "audio", "audio": {"id": "1", "voice": true}, "context": {"id": "wamid.Q"}})),
            format!(
                "outbound echo voice (audio) {INES} name=Inês Prado reply_to=wamid.Q file=[1] reached=sent"
            )
        );
        assert_eq!(
            echo(json!({"type": "template", "template": {"name": "loaf_ready"}})),
            format!(
                "outbound echo template (template) {INES} name=Inês Prado payload={{\"name\":\"loaf_ready\"}} reached=sent"
            )
        );
        let menu = json!({"type": "list", "body": {"text": "Choose"}, "action": {"button": "Menu"}});
        assert_eq!(
            echo(json!({"type": "interactive", "interactive": menu})),
            format!(
                "outbound echo interactive (interactive) {INES} name=Inês Prado text=\"Choose\" payload={menu} reached=sent"
            )
        );
    }
}

#[test]
fn what_other_programs_do_while_we_stand_by_is_shown() {
    let standby = |value: Value| told(&number("standby", json!({"standby": value})));
    let sent = |id: &str, body: Value| json!({"id": id, "timestamp": "1794301742", "message": body});
    let text = json!({"messaging_product": "whatsapp", "to": "+351910000001", "type": "text", "text": {"body": "We open at 8"},
        "context": {"message_id": "wamid.Q"}});
    let file = json!({"recipient": "PT.222", "type": "document", "document": {"link": "https://example.org/a.pdf", "filename": "a.pdf"}});
    let reaction = json!({"to": "+351910000001", "type": "reaction", "reaction": {"message_id": "wamid.Q", "emoji": "👍"}});
    assert_eq!(
        standby(json!({"contacts": [ines()], "message_echoes": [sent("a", text), sent("b", file), sent("c", reaction)]})),
        [format!("outbound standby text (text) {INES} name=Inês Prado text=\"We open at 8\" reply_to=wamid.Q reached=sent"),
            "outbound standby document (document) bsuid:PT.222 payload={\"link\":\"https://example.org/a.pdf\"} file=[a.pdf] reached=sent".to_owned(),
            format!("outbound reaction 👍 to wamid.Q by {INES}")]
    );
    let status = json!({"id": "a", "status": "read", "recipient_user_id": "PT.111"});
    assert_eq!(
        standby(json!({"statuses": [status]})),
        ["status a read reached=read for bsuid:PT.111"]
    );
    assert_eq!(
        standby(json!({"message_statuses": [status]})),
        ["status a read reached=read for bsuid:PT.111"]
    );
    let edit = json!({"from_user_id": "PT.111", "id": "e", "type": "edit", "edit": {"original_message_id": "o", "message": {"type": "text", "text": {"body": "x"}}}});
    assert_eq!(
        standby(json!({"messages": [edit]})),
        ["edit e of o: inbound standby text (text) bsuid:PT.111 text=\"x\""]
    );
}

#[test]
fn a_history_tells_who_said_what_and_how_far_it_came() {
    let said_by_us = |status: &str| json!({"from": OWN, "id": status, "type": "text", "text": {"body": "b"}, "history_context": {"status": status}});
    let thread = json!({"id": "PT.222", "context": {"user_id": "PT.222", "username": "@rui.surf"}, "messages": [
        said_by_us("SENT"), said_by_us("DELIVERED"), said_by_us("PLAYED"), said_by_us("ERROR"), said_by_us("PENDING"),
        {"from_user_id": "PT.222", "id": "in", "type": "image", "image": {"id": "9"}, "history_context": {"status": "READ"}},
        {"from_user_id": "PT.222", "id": "r", "type": "reaction", "reaction": {"message_id": "in", "emoji": "👍"}},
        {"to_user_id": "PT.222", "id": "v", "type": "revoke", "revoke": {"original_message_id": "DELIVERED"}}]});
    let lines = told(&number(
        "history",
        json!({"history": [{"metadata": {"phase": 1}, "threads": [thread]}]}),
    ));
    let ours = |reached: &str| {
        format!("outbound history text (text) bsuid:PT.222 username=@rui.surf text=\"b\"{reached}")
    };
    assert_eq!(
        lines,
        [
            ours(" reached=sent"),
            ours(" reached=delivered"),
            ours(" reached=played"),
            ours(" reached=failed"),
            ours(""),
            "inbound history image (image) bsuid:PT.222 username=@rui.surf file=[9] window".to_owned(),
            "inbound reaction 👍 to in by bsuid:PT.222".to_owned(),
            "outbound revoke v of DELIVERED by bsuid:PT.222".to_owned()
        ]
    );
}

#[test]
fn the_second_history_webhook_brings_the_files_of_both_sides() {
    let value = json!({"contacts": [ines()], "messages": [
        {"from": "351910000001", "id": "a", "type": "image", "image": {"id": "1"}},
        {"from": OWN, "to": "351910000001", "id": "b", "type": "image", "image": {"id": "2"}}]});
    assert_eq!(
        told(&number("history", value)),
        [
            format!("inbound history image (image) {INES} name=Inês Prado file=[1] window"),
            format!("outbound history image (image) {INES} name=Inês Prado file=[2]")
        ]
    );
}

#[test]
fn a_thread_without_context_belongs_to_the_number_it_is_named_by() {
    let thread = json!({"id": "351910000001", "messages": [
        {"from": OWN, "id": "a", "type": "text", "text": {"body": "b"}},
        {"from": "351910000001", "id": "c", "type": "text", "text": {"body": "d"}}]});
    let lines = told(&number("history", json!({"history": {"threads": thread}})));
    assert_eq!(
        lines,
        [
            "outbound history text (text) wa_id:351910000001+phone:351910000001 text=\"b\"",
            "inbound history text (text) wa_id:351910000001+phone:351910000001 text=\"d\" window"
        ]
    );
}

#[test]
fn handovers_name_the_customer_the_roles_and_the_summary() {
    let passed = |kind: &str| {
        json!({"messaging_product": "whatsapp", "recipient": {"phone_number_id": "12", "display_phone_number": OWN},
        "sender": {"phone_number": "+351910000001", "user_id": "PT.111"}, "type": kind, "timestamp": 1_794_301_205,
        kind: {"previous_owner_role": "ai_agent", "new_owner_role": "escalation",
            "conversation_context": {"type": "summary", "summary": {"text": "Wants a refund"}}}})
    };
    for kind in ["control_passed", "control_taken"] {
        assert_eq!(
            told(&field("messaging_handovers", &passed(kind))),
            [format!(
                "handover of {INES} from Some(\"ai_agent\") to Some(\"escalation\"): Some(\"Wants a refund\")"
            )]
        );
    }
    let bare = json!({"recipient": {"phone_number_id": "12"}, "sender": {"user_id": "PT.111"}, "type": "control_dissolved"});
    assert_eq!(
        told(&field("messaging_handovers", &bare)),
        ["handover of bsuid:PT.111 from None to None: None"]
    );
    assert_eq!(
        told(&field("messaging_handovers", &json!({"type": "control_passed"}))),
        ["other messaging_handovers"]
    );
    let parsed = channels::whatsapp::parse(field("messaging_handovers", &bare).to_string().as_bytes());
    assert_eq!(
        parsed.items[0].number_id.as_deref(),
        Some("12"),
        "it has no metadata"
    );
}

#[test]
fn calls_are_told_without_the_addresses_of_their_connection() {
    let call = |more: Value| {
        let base = json!({"id": "wacid.C", "timestamp": "1794301751", "session": {"sdp_type": "offer", "sdp": "v=0 192.168.1.7"}});
        told(&number("calls", json!({"calls": [merged(base, more)]}))).concat()
    };
    assert_eq!(
        call(json!({"from_user_id": "PT.222", "event": "connect", "direction": "USER_INITIATED"})),
        "inbound live call (call) bsuid:PT.222 payload={\"event\":\"connect\",\"direction\":\"USER_INITIATED\"} window"
    );
    assert_eq!(
        call(
            json!({"from": OWN, "to": "351910000001", "event": "terminate", "direction": "BUSINESS_INITIATED", "status": "COMPLETED",
            "start_time": "1794301700", "end_time": "1794301751", "duration": 51})
        ),
        "outbound echo call (call) wa_id:351910000001+phone:351910000001 payload={\"event\":\"terminate\",\"status\":\"COMPLETED\",\"direction\":\"BUSINESS_INITIATED\",\"start_time\":\"1794301700\",\"end_time\":\"1794301751\",\"duration\":51}"
    );
    assert!(
        call(json!({"from": OWN, "to": "1555"})).starts_with("outbound"),
        "our number called"
    );
    let ringing =
        json!({"statuses": [{"id": "wacid.C", "type": "call", "status": "RINGING", "recipient_id": "1555"}]});
    assert_eq!(told(&number("calls", ringing)), ["other calls"]);
    let untyped = json!({"statuses": [{"id": "wacid.C", "status": "ACCEPTED"}]});
    assert_eq!(told(&number("calls", untyped)), ["other calls"]);
}
