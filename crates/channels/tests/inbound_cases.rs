//! Every worked example of the wire contract that is about messages, played with a bakery's own customers: what each
//! one has to become.

#[expect(clippy::unwrap_used, reason = "a broken fixture should say where")]
#[path = "support/tell.rs"]
mod tell;

use serde_json::{Value, json};
use tell::{by_ines, field, ines, merged, messages, number, rui, told};

const INES: &str = "bsuid:PT.111+wa_id:351910000001+phone:351910000001";

/// A case, its body, and what is told about it. `INES` stands for her ids.
type Case = (&'static str, Value, &'static [&'static str]);

fn media(kind: &str, object: Value) -> Value {
    let file = merged(
        json!({"id": "9001", "mime_type": "x/y", "sha256": "c2hh"}),
        object,
    );
    by_ines(json!({"type": kind, kind: file}))
}

fn interactive(kind: &str, reply: &Value) -> Value {
    by_ines(
        json!({"type": "interactive", "interactive": {"type": kind, kind: reply},
        "context": {"from": "351210000142", "id": "wamid.MENU"}}),
    )
}

fn text(id: &str, words: &str) -> Value {
    json!({"from": "351910000001", "from_user_id": "PT.111", "id": id, "timestamp": "1794301205", "type": "text",
        "text": {"body": words}})
}

fn check(cases: Vec<Case>) {
    for (name, body, expected) in cases {
        let expected: Vec<String> = expected.iter().map(|line| line.replace("INES", INES)).collect();
        assert_eq!(told(&body), expected, "{name}");
    }
}

#[test]
fn words_arrive_as_they_were_written_and_from_whom() {
    let ad = json!({"source_type": "ad", "source_id": "12", "headline": "Fresh rolls", "ctwa_clid": "clid"});
    let post = json!({"source_type": "post", "video_url": "https://example.org/v.mp4", "body": ""});
    let by_rui = |more: Value| {
        let base = json!({"from_user_id": "PT.222", "id": "wamid.R", "timestamp": "1794301205", "type": "text",
            "text": {"body": "Olá"}});
        merged(base, more)
    };
    let rui_writes = number(
        "messages",
        json!({"contacts": [rui()], "messages": [by_rui(json!({}))]}),
    );
    let parent = number(
        "messages",
        json!({"contacts": [merged(rui(), json!({"parent_user_id": "PT.ENT.9"}))],
            "messages": [by_rui(json!({"from_parent_user_id": "PT.ENT.9"}))]}),
    );
    let no_contacts = number("messages", json!({"messages": [text("wamid.A1", "Hi")]}));
    let no_profile = number(
        "messages",
        json!({"contacts": [{"wa_id": "351910000001", "user_id": "PT.111"}], "messages": [text("wamid.A1", "Hi")]}),
    );
    let scalars = field(
        "messages",
        &json!({"metadata": {"phone_number_id": 600_100_u64, "display_phone_number": 351_210_000_142_u64},
        "contacts": [{"wa_id": 351_910_000_001_u64, "profile": {"name": "Inês Prado"}}],
        "messages": [{"from": 351_910_000_001_u64, "id": "wamid.A1", "timestamp": 1_794_301_205, "type": "text", "text": {"body": "Hi"}}]}),
    );
    let extra = number(
        "messages",
        json!({"contacts": [ines()], "new_block": {"a": [1, null]},
        "messages": [merged(text("wamid.A1", "Hi"), json!({"future": {"deep": true}}))]}),
    );
    check(vec![
        (
            "text_basic",
            by_ines(json!({"type": "text", "text": {"body": "Open on Sunday?"}})),
            &["inbound live text (text) INES name=Inês Prado text=\"Open on Sunday?\" window"],
        ),
        (
            "text_bsuid_no_phone",
            rui_writes,
            &["inbound live text (text) bsuid:PT.222 name=Rui username=@rui.surf text=\"Olá\" window"],
        ),
        (
            "text_parent_bsuid",
            parent,
            &[
                "inbound live text (text) bsuid:PT.222+parent_bsuid:PT.ENT.9 name=Rui username=@rui.surf text=\"Olá\" window",
            ],
        ),
        (
            "text_missing_contacts",
            no_contacts,
            &["inbound live text (text) INES text=\"Hi\" window"],
        ),
        (
            "text_contact_without_profile",
            no_profile,
            &["inbound live text (text) INES text=\"Hi\" window"],
        ),
        (
            "text_from_with_plus",
            by_ines(json!({"from": "+351 910 000 001", "type": "text", "text": {"body": "Hi"}})),
            &["inbound live text (text) INES name=Inês Prado text=\"Hi\" window"],
        ),
        (
            "text_emoji_zwj_rtl_zero_width",
            by_ines(
                json!({"type": "text", "text": {"body": "שלום 👩🏽‍🚀 \u{202e}abc\u{202c}\u{200b}\u{feff}𝕏"}}),
            ),
            &[
                "inbound live text (text) INES name=Inês Prado text=\"שלום 👩🏽\\u{200d}🚀 \\u{202e}abc\\u{202c}\\u{200b}\\u{feff}𝕏\" window",
            ],
        ),
        (
            "text_newlines_and_format",
            by_ines(json!({"type": "text", "text": {"body": "*a*\n- b\r\nhttps://example.org/?c=%20"}})),
            &[
                "inbound live text (text) INES name=Inês Prado text=\"*a*\\n- b\\r\\nhttps://example.org/?c=%20\" window",
            ],
        ),
        (
            "text_empty_body",
            by_ines(json!({"type": "text", "text": {"body": ""}})),
            &["inbound live text (text) INES name=Inês Prado text=\"\" window"],
        ),
        (
            "text_reply_context",
            by_ines(
                json!({"type": "text", "text": {"body": "Yes"}, "context": {"from": "351210000142", "id": "wamid.OURS"}}),
            ),
            &["inbound live text (text) INES name=Inês Prado text=\"Yes\" reply_to=wamid.OURS window"],
        ),
        (
            "text_referral_ctwa_image",
            by_ines(json!({"type": "text", "text": {"body": "More?"}, "referral": ad})),
            &[
                "inbound live text (text) INES name=Inês Prado text=\"More?\" referral={\"source_type\":\"ad\",\"source_id\":\"12\",\"headline\":\"Fresh rolls\",\"ctwa_clid\":\"clid\"} window",
            ],
        ),
        (
            "text_referral_post_video",
            by_ines(json!({"type": "text", "text": {"body": "Saw it"}, "referral": post})),
            &[
                "inbound live text (text) INES name=Inês Prado text=\"Saw it\" referral={\"source_type\":\"post\",\"video_url\":\"https://example.org/v.mp4\",\"body\":\"\"} window",
            ],
        ),
        (
            "scalars_as_other_types",
            scalars,
            &[
                "inbound live text (text) wa_id:351910000001+phone:351910000001 name=Inês Prado text=\"Hi\" window",
            ],
        ),
        (
            "extra_unknown_properties",
            extra,
            &["inbound live text (text) INES name=Inês Prado text=\"Hi\" window"],
        ),
        (
            "old_replayed_message",
            by_ines(json!({"timestamp": "1793869200", "type": "text", "text": {"body": "Days ago"}})),
            &["inbound live text (text) INES name=Inês Prado text=\"Days ago\" window"],
        ),
    ]);
}

#[test]
fn files_come_with_all_that_is_needed_to_fetch_and_check_them() {
    let too_big = json!([{"code": 131_052, "title": "Media download error"}]);
    check(vec![
        (
            "image_caption_url",
            media(
                "image",
                json!({"caption": "A crack", "url": "https://example.org/m"}),
            ),
            &[
                "inbound live image (image) INES name=Inês Prado text=\"A crack\" file=[9001, x/y, c2hh, https://example.org/m] window",
            ],
        ),
        (
            "video",
            media("video", json!({"caption": "Noise"})),
            &["inbound live video (video) INES name=Inês Prado text=\"Noise\" file=[9001, x/y, c2hh] window"],
        ),
        (
            "audio_file",
            media("audio", json!({"voice": false})),
            &["inbound live audio (audio) INES name=Inês Prado file=[9001, x/y, c2hh] window"],
        ),
        (
            "voice_note",
            media(
                "audio",
                json!({"voice": true, "mime_type": "audio/ogg; codecs=opus"}),
            ),
            &[
                "inbound live voice (audio) INES name=Inês Prado file=[9001, audio/ogg; codecs=opus, c2hh] window",
            ],
        ),
        (
            "document_pdf",
            media(
                "document",
                json!({"caption": "Conta", "filename": "Conta 2026/118 – „ç“.pdf"}),
            ),
            &[
                "inbound live document (document) INES name=Inês Prado text=\"Conta\" file=[9001, x/y, c2hh, Conta 2026/118 – „ç“.pdf] window",
            ],
        ),
        (
            "document_path_traversal_name",
            media("document", json!({"filename": "..\\..\\go.bat\u{202e}fdp.exe"})),
            &[
                "inbound live document (document) INES name=Inês Prado file=[9001, x/y, c2hh, ..\\..\\go.bat\u{202e}fdp.exe] window",
            ],
        ),
        (
            "document_without_filename",
            media("document", json!({})),
            &["inbound live document (document) INES name=Inês Prado file=[9001, x/y, c2hh] window"],
        ),
        (
            "sticker_static",
            media("sticker", json!({"animated": false})),
            &["inbound live sticker (sticker) INES name=Inês Prado file=[9001, x/y, c2hh] window"],
        ),
        (
            "sticker_animated",
            media("sticker", json!({"animated": true})),
            &["inbound live sticker (sticker) INES name=Inês Prado file=[9001, x/y, c2hh, animated] window"],
        ),
        (
            "media_error_131052",
            by_ines(json!({"type": "video", "errors": too_big})),
            &[
                "inbound live video (video) INES name=Inês Prado file=[] error=Some(131052) Media download error window",
            ],
        ),
    ]);
}

#[test]
fn places_cards_choices_forms_and_carts_keep_their_content() {
    let card = json!({"name": {"formatted_name": "Ana Lima"}, "phones": [{"phone": "+351 912 000 111", "wa_id": "351912000111"}]});
    let from_rui = |card: Value| {
        number(
            "messages",
            json!({"contacts": [rui()], "messages": [
            {"from_user_id": "PT.222", "id": "wamid.R", "timestamp": "1794301205", "type": "contacts", "contacts": [card]}]}),
        )
    };
    let own = from_rui(
        json!({"origin": "contact_request", "phones": [{"phone": "+351 930 000 655", "wa_id": "351930000655"}]}),
    );
    let other = from_rui(
        json!({"origin": "other", "vcard": "BEGIN:VCARD", "phones": [{"phone": "+351 930 000 600", "wa_id": "351930000600"}]}),
    );
    let cart = json!({"catalog_id": "7", "text": "After six", "product_items": [
        {"product_retailer_id": "RYE", "quantity": 1, "item_price": 39.9, "currency": "EUR"}]});
    let missing = number(
        "messages",
        json!({"contacts": [ines()], "errors": [{"code": 131_000, "title": "Something went wrong"}],
        "messages": [{"from": "351910000001", "from_user_id": "PT.111", "id": "wamid.A1", "type": "interactive"}]}),
    );
    check(vec![
        (
            "location_place",
            by_ines(
                json!({"type": "location", "location": {"latitude": 38.7, "longitude": -9.1, "name": "Castelo"}}),
            ),
            &[
                "inbound live location (location) INES name=Inês Prado text=\"Castelo\" payload={\"latitude\":38.7,\"longitude\":-9.1,\"name\":\"Castelo\"} window",
            ],
        ),
        (
            "contacts_two_cards",
            by_ines(json!({"type": "contacts", "contacts": [card, {"phones": [{"phone": "112"}]}]})),
            &[
                "inbound live contacts (contacts) INES name=Inês Prado payload={\"contacts\":[{\"name\":{\"formatted_name\":\"Ana Lima\"},\"phones\":[{\"phone\":\"+351 912 000 111\",\"wa_id\":\"351912000111\"}]},{\"phones\":[{\"phone\":\"112\"}]}]} window",
            ],
        ),
        (
            "contacts_request_contact_info",
            own,
            &[
                "inbound live contacts (contacts) bsuid:PT.222 name=Rui username=@rui.surf payload={\"contacts\":[{\"origin\":\"contact_request\",\"phones\":[{\"phone\":\"+351 930 000 655\",\"wa_id\":\"351930000655\"}]}]} window",
                "person bsuid:PT.222 also wa_id:351930000655+phone:351930000655",
            ],
        ),
        (
            "contacts_vcard_other_no_name",
            other,
            &[
                "inbound live contacts (contacts) bsuid:PT.222 name=Rui username=@rui.surf payload={\"contacts\":[{\"origin\":\"other\",\"vcard\":\"BEGIN:VCARD\",\"phones\":[{\"phone\":\"+351 930 000 600\",\"wa_id\":\"351930000600\"}]}]} window",
            ],
        ),
        (
            "button_template_quick_reply",
            by_ines(
                json!({"type": "button", "button": {"payload": "YES_1", "text": "Confirm"}, "context": {"id": "wamid.T"}}),
            ),
            &[
                "inbound live button_reply (button) INES name=Inês Prado text=\"Confirm\" reply_to=wamid.T payload={\"payload\":\"YES_1\",\"text\":\"Confirm\"} window",
            ],
        ),
        (
            "interactive_button_reply",
            interactive("button_reply", &json!({"id": "s1", "title": "09:30"})),
            &[
                "inbound live button_reply (interactive) INES name=Inês Prado text=\"09:30\" reply_to=wamid.MENU payload={\"id\":\"s1\",\"title\":\"09:30\"} window",
            ],
        ),
        (
            "interactive_list_reply",
            interactive(
                "list_reply",
                &json!({"id": "l1", "title": "Rye", "description": "1 kg"}),
            ),
            &[
                "inbound live list_reply (interactive) INES name=Inês Prado text=\"Rye\" reply_to=wamid.MENU payload={\"id\":\"l1\",\"title\":\"Rye\",\"description\":\"1 kg\"} window",
            ],
        ),
        (
            "interactive_nfm_flow",
            interactive(
                "nfm_reply",
                &json!({"name": "flow", "body": "Sent", "response_json": "{\"day\":\"\\u2013\"}"}),
            ),
            &[
                "inbound live flow_reply (interactive) INES name=Inês Prado text=\"Sent\" reply_to=wamid.MENU payload={\"name\":\"flow\",\"body\":\"Sent\",\"response_json\":\"{\\\"day\\\":\\\"\\\\u2013\\\"}\",\"response\":{\"day\":\"–\"}} window",
            ],
        ),
        (
            "interactive_missing_object_value_errors",
            missing,
            &[
                "inbound live unsupported (interactive) INES name=Inês Prado payload={\"type\":\"interactive\",\"code\":131000,\"title\":\"Something went wrong\"} error=Some(131000) Something went wrong window",
            ],
        ),
        (
            "order",
            by_ines(json!({"type": "order", "order": cart})),
            &[
                "inbound live order (order) INES name=Inês Prado text=\"After six\" payload={\"catalog_id\":\"7\",\"text\":\"After six\",\"product_items\":[{\"product_retailer_id\":\"RYE\",\"quantity\":1,\"item_price\":39.9,\"currency\":\"EUR\"}]} window",
            ],
        ),
        (
            "unsupported_poll",
            by_ines(
                json!({"type": "unsupported", "unsupported": {"type": "poll_creation"}, "errors": [{"code": 131_051, "title": "Type unknown", "error_data": {"details": "Not yet"}}]}),
            ),
            &[
                "inbound live unsupported (unsupported) INES name=Inês Prado payload={\"type\":\"poll_creation\",\"code\":131051,\"title\":\"Type unknown\",\"details\":\"Not yet\"} error=Some(131051) Type unknown window",
            ],
        ),
        (
            "unsupported_legacy",
            by_ines(
                json!({"type": "unsupported", "errors": [{"code": 131_051, "details": "Not yet", "title": "Type unknown"}]}),
            ),
            &[
                "inbound live unsupported (unsupported) INES name=Inês Prado payload={\"code\":131051,\"title\":\"Type unknown\",\"details\":\"Not yet\"} error=Some(131051) Type unknown window",
            ],
        ),
    ]);
}

#[test]
fn what_is_about_another_message_or_a_person_is_told_as_such() {
    let edit = |message: Value| {
        by_ines(
            json!({"id": "wamid.E", "type": "edit", "edit": {"original_message_id": "wamid.O", "message": message}}),
        )
    };
    let system = |from: &str, system: Value| {
        number(
            "messages",
            json!({"messages": [{"from": from, "id": "wamid.S", "timestamp": "1794301205", "type": "system", "system": system}]}),
        )
    };
    check(vec![
        (
            "reaction_add",
            by_ines(json!({"type": "reaction", "reaction": {"message_id": "wamid.OURS", "emoji": "❤️"}})),
            &["inbound reaction ❤️ to wamid.OURS by INES"],
        ),
        (
            "edit_text",
            edit(json!({"type": "text", "text": {"body": "Two, not three"}})),
            &[
                "edit wamid.E of wamid.O: inbound live text (text) INES name=Inês Prado text=\"Two, not three\"",
            ],
        ),
        (
            "edit_image_caption",
            edit(
                json!({"type": "image", "context": {"id": "M0"}, "image": {"id": "9002", "caption": "LEFT"}}),
            ),
            &[
                "edit wamid.E of wamid.O: inbound live image (image) INES name=Inês Prado text=\"LEFT\" file=[9002]",
            ],
        ),
        (
            "revoke",
            by_ines(json!({"id": "wamid.V", "type": "revoke", "revoke": {"original_message_id": "wamid.O"}})),
            &["inbound revoke wamid.V of wamid.O by INES"],
        ),
        (
            "system_user_changed_number",
            system(
                "351910000001",
                json!({"type": "user_changed_number", "wa_id": "351960000009",
            "body": "User Inês changed from 351910000001 to 351960000009"}),
            ),
            &[
                "inbound live system (system) wa_id:351910000001+phone:351910000001 text=\"User Inês changed from 351910000001 to 351960000009\" payload={\"type\":\"user_changed_number\",\"wa_id\":\"351960000009\",\"body\":\"User Inês changed from 351910000001 to 351960000009\"}",
                "person wa_id:351910000001+phone:351910000001 also wa_id:351960000009+phone:351960000009",
            ],
        ),
        (
            "system_user_changed_user_id_with_previous",
            system(
                "351960000009",
                json!({"type": "user_changed_user_id", "body": "changed",
            "user_id": "PT.999", "previous_user_id": "PT.111"}),
            ),
            &[
                "inbound live system (system) bsuid:PT.111+wa_id:351960000009+phone:351960000009 text=\"changed\" payload={\"type\":\"user_changed_user_id\",\"body\":\"changed\",\"user_id\":\"PT.999\",\"previous_user_id\":\"PT.111\"}",
                "person bsuid:PT.111+wa_id:351960000009+phone:351960000009 also bsuid:PT.999+wa_id:351960000009+phone:351960000009",
            ],
        ),
    ]);
}

#[test]
fn webhooks_with_many_things_or_none_lose_nothing() {
    let change = |number: &str, words: &str| json!({"field": "messages", "value": {"metadata": {"phone_number_id": number}, "messages": [text(words, words)]}});
    let account = json!({"field": "account_update", "value": {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}}});
    let status = json!({"id": "wamid.OURS", "status": "read", "recipient_user_id": "PT.111"});
    let status_change = json!({"field": "messages", "value": {"statuses": [status]}});
    let mixed = json!({"object": "whatsapp_business_account", "entry": [
        {"id": "A", "changes": [change("1", "one"), change("2", "two"), status_change]},
        {"id": "B", "changes": [change("3", "three"), account]}]});
    let one = |words: &str| format!("inbound live text (text) {INES} text=\"{words}\" window");
    assert_eq!(
        told(&mixed),
        [
            one("one"),
            one("two"),
            "status wamid.OURS read reached=read for bsuid:PT.111".to_owned(),
            one("three"),
            "notice account_update DISABLED_UPDATE - None".to_owned()
        ],
        "batch_entries_changes_mixed_numbers"
    );
    let twice = json!({"entry": [{"changes": [change("1", "same"), change("1", "same")]}]});
    assert_eq!(
        told(&twice),
        [one("same"), one("same")],
        "batch_duplicate_wamid: whoever stores them sees one id"
    );
    let rui_between =
        json!({"from_user_id": "PT.222", "id": "wamid.R", "type": "text", "text": {"body": "other person"}});
    let disordered = number(
        "messages",
        json!({"contacts": [rui(), ines()],
        "messages": [text("a", "third"), text("b", "first"), rui_between]}),
    );
    assert_eq!(
        told(&disordered),
        [
            format!("inbound live text (text) {INES} name=Inês Prado text=\"third\" window"),
            format!("inbound live text (text) {INES} name=Inês Prado text=\"first\" window"),
            "inbound live text (text) bsuid:PT.222 name=Rui username=@rui.surf text=\"other person\" window"
                .to_owned()
        ],
        "batch_out_of_order"
    );
    let both = number(
        "messages",
        json!({"messages": [text("a", "beside")], "statuses": [status]}),
    );
    assert_eq!(
        told(&both),
        [
            one("beside"),
            "status wamid.OURS read reached=read for bsuid:PT.111".to_owned()
        ],
        "batch_messages_and_statuses_same_value"
    );
    let errors = number(
        "messages",
        json!({"errors": [{"code": 130_429, "title": "Rate limit hit"}]}),
    );
    assert_eq!(
        told(&errors),
        ["notice errors 130429 351210000142 None"],
        "value_errors_only"
    );
    let empty =
        json!({"object": "whatsapp_business_account", "entry": [{"id": "A", "changes": []}, {"id": "B"}]});
    assert_eq!(told(&empty), Vec::<String>::new(), "empty_entry_and_changes");
    assert_eq!(told(&messages(&json!([]))), Vec::<String>::new());
}
