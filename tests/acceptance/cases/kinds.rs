//! Everything that is no words: one case for each kind.

use super::{Case, NINE, play, street, written_once};
use acceptance::{customer, number};
use serde_json::json;
use simulator::art::{self, Scene};
use simulator::webhook::{self, OrderLine, Removed};
use simulator::{GraphError, Inbound, MediaHandle, Meta};

fn files(meta: &Meta) -> Vec<Case> {
    let put = |bytes: &[u8], kind: &str| meta.put_media(bytes.to_vec(), kind);
    let image = put(&art::photo(Scene::Mug), "image/jpeg");
    let voice = put(&art::voice(), "audio/ogg; codecs=opus");
    let video = put(&art::video(), "video/mp4");
    let paper = put(&art::pdf(&["Bill 4711"]), "application/pdf");
    let sticker = put(&art::sticker(), "image/webp");
    let moving = put(&art::animated_sticker(), "image/webp");
    let notes = put(b"A list of things\n", "text/plain");
    // The handle's address is what stands in webhooks since v24.
    let with_url = |file: &MediaHandle| file.clone().with_url(&meta.media_url(&file.id));
    let stored = |file: &MediaHandle, kind: &str| json!({"state": "stored", "mime_type": kind, "size": file.size, "sha256": file.sha256_hex});
    let named = |file: &MediaHandle, kind: &str, name: &str| json!({"state": "stored", "mime_type": kind, "size": file.size, "sha256": file.sha256_hex, "file_name": name});
    vec![
        Case::of(200, "image_caption_url", &Inbound::image(&with_url(&image), Some("The crack")))
            .message(json!({"kind": "image", "original_kind": "image", "text": "The crack",
                            "attachments": [stored(&image, "image/jpeg")]}))
            .conversation(written_once()),
        Case::of(201, "image with a hash in hex", &Inbound::image(&image.clone().with_hex_hash(), None))
            .message(json!({"kind": "image", "text": null, "attachments": [stored(&image, "image/jpeg")]})),
        Case::of(202, "video", &Inbound::video(&with_url(&video), Some("The noise")))
            .message(json!({"kind": "video", "text": "The noise", "attachments": [stored(&video, "video/mp4")]})),
        Case::of(203, "audio_file", &Inbound::audio(&voice, false))
            .message(json!({"kind": "audio", "original_kind": "audio", "attachments": [stored(&voice, "audio/ogg")]})),
        Case::of(204, "voice_note", &Inbound::audio(&voice, true))
            .message(json!({"kind": "voice", "original_kind": "audio", "attachments": [stored(&voice, "audio/ogg")]})),
        Case::of(205, "document_pdf", &Inbound::document(&paper, Some("Bill „Größe“ – 4711.pdf"), Some("The bill")))
            .message(json!({"kind": "document", "text": "The bill",
                            "attachments": [named(&paper, "application/pdf", "Bill „Größe“ – 4711.pdf")]})),
        Case::of(206, "document_path_traversal_name", &Inbound::document(&paper, Some("..\\..\\Startup\\go\u{202e}fdp.pdf"), None))
            .message(json!({"attachments": [named(&paper, "application/pdf", "gofdp.pdf")]})),
        Case::of(207, "document_path_traversal_name, slashes", &Inbound::document(&paper, Some("../../etc/passwd\u{0}.pdf"), None))
            .message(json!({"attachments": [named(&paper, "application/pdf", "passwd.pdf")]})),
        Case::of(208, "document_without_filename", &Inbound::document(&notes, None, None))
            .message(json!({"kind": "document", "attachments": [{"state": "stored", "file_name": "Document.txt"}]})),
        Case::of(209, "sticker_static", &Inbound::sticker(&sticker, false))
            .message(json!({"kind": "sticker", "original_kind": "sticker", "attachments": [stored(&sticker, "image/webp")]})),
        Case::of(210, "sticker_animated", &Inbound::sticker(&moving, true))
            .message(json!({"kind": "sticker", "attachments": [stored(&moving, "image/webp")]})),
        Case::of(211, "media_error_131052", &Inbound::broken("video", &GraphError::of(131_052)))
            .message(json!({"kind": "video", "error": {"code": 131_052}, "status": "received"}))
            .conversation(written_once()),
    ]
}

fn forms() -> Vec<Case> {
    let cards = json!([
        {"name": {"formatted_name": "Dr. Rui Faro", "first_name": "Rui"}, "org": {"company": "Clinic"},
         "phones": [{"phone": "+351 910 000 222", "wa_id": "351910000222", "type": "CELL"}],
         "emails": [{"email": "rui@example.org"}], "birthday": "1980-02-29"},
        {"name": {"formatted_name": "Taxi"}, "phones": [{"phone": "115"}]},
    ]);
    let stranger = json!([{"origin": "other", "vcard": "BEGIN:VCARD\nFN:Eva\nEND:VCARD",
                           "phones": [{"phone": "+44 7700 900222", "wa_id": "447700900222", "type": "CELL"}]}]);
    let as_list = |cards: &serde_json::Value| cards.as_array().cloned().unwrap_or_default();
    let quoting = |what: Inbound| what.quoting(Some("447700900001"), "wamid.OURS");
    let lines = [
        OrderLine::new("MUG-1", 2, 12.5, "EUR"),
        OrderLine::new("JUG-2", 1, 30, "EUR"),
    ];
    vec![
        Case::of(220, "location_place", &Inbound::location(41.14961, -8.61099, Some("Livraria"), Some("Rua 1, Porto")))
            .message(json!({"kind": "location", "text": "Livraria",
                            "payload": {"latitude": 41.14961, "longitude": -8.61099, "name": "Livraria", "address": "Rua 1, Porto"}})),
        Case::of(221, "contacts_two_cards", &Inbound::contacts(as_list(&cards)))
            .message(json!({"kind": "contacts", "original_kind": "contacts", "payload": {"contacts": cards}}))
            .conversation(written_once()),
        Case::of(222, "contacts_vcard_other_no_name", &Inbound::contacts(as_list(&stranger)))
            .message(json!({"kind": "contacts", "payload": {"contacts": stranger}}))
            .contact(json!({"identities": [{"kind": "bsuid"}, {"kind": "phone", "value": "491555000222"}, {"kind": "wa_id"}]})),
        Case::of(223, "button_template_quick_reply", &quoting(Inbound::template_button("YES_1", "Yes please")))
            .message(json!({"kind": "button_reply", "original_kind": "button", "text": "Yes please",
                            "reply_to": "wamid.OURS", "payload": {"payload": "YES_1"}})),
        Case::of(224, "interactive_button_reply", &quoting(Inbound::button_reply("at_10", "10:00")))
            .message(json!({"kind": "button_reply", "original_kind": "interactive", "text": "10:00",
                            "reply_to": "wamid.OURS", "payload": {"id": "at_10", "title": "10:00"}})),
        Case::of(225, "interactive_list_reply", &quoting(Inbound::list_reply("full", "Full check", Some("Everything"))))
            .message(json!({"kind": "list_reply", "original_kind": "interactive", "text": "Full check",
                            "payload": {"id": "full", "title": "Full check", "description": "Everything"}})),
        Case::of(226, "interactive_list_reply without description", &quoting(Inbound::list_reply("half", "Half check", None)))
            .message(json!({"kind": "list_reply", "text": "Half check", "payload": {"id": "half"}})),
        Case::of(227, "interactive_nfm_flow", &Inbound::flow("{\"flow_token\":\"t-1\",\"note\":\"ring \\u2013 twice\"}"))
            .message(json!({"kind": "flow_reply", "original_kind": "interactive",
                            "payload": {"response": {"flow_token": "t-1", "note": "ring – twice"}}})),
        Case::of(228, "flow with broken JSON", &Inbound::flow("{\"flow_token\": oops"))
            .message(json!({"kind": "flow_reply", "payload": {"response_json": "{\"flow_token\": oops"}})),
        Case::new(229, "interactive_missing_object_value_errors")
            .sends_changed(&Inbound::raw("interactive", None), |value| {
                value["errors"] = json!([GraphError::of(131_000).webhook_body()]);
            })
            .message(json!({"kind": "unsupported", "original_kind": "interactive", "error": {"code": 131_000}}))
            .conversation(written_once()),
        Case::of(230, "order", &Inbound::order("7700", Some("After six"), &lines))
            .message(json!({"kind": "order", "text": "After six", "payload": {"catalog_id": "7700", "product_items": [
                {"product_retailer_id": "MUG-1", "quantity": 2, "item_price": 12.5, "currency": "EUR"},
                {"product_retailer_id": "JUG-2", "quantity": 1, "item_price": 30, "currency": "EUR"}]}})),
        Case::of(231, "unsupported_poll", &Inbound::unsupported(Some("poll_creation"), &GraphError::of(131_051)))
            .message(json!({"kind": "unsupported", "original_kind": "unsupported", "text": null,
                            "error": {"code": 131_051}, "payload": {"type": "poll_creation"}}))
            .conversation(written_once()),
        Case::of(232, "unsupported_legacy", &Inbound::raw("unsupported", None)
                .with("errors", json!([{"code": 131_051, "title": "Unsupported", "details": "Not supported"}])))
            .message(json!({"kind": "unsupported", "error": {"code": 131_051, "title": "Unsupported"}}))
            .conversation(written_once()),
        Case::of(233, "unknown, the older name", &Inbound::unknown(&GraphError::of(131_051)))
            .message(json!({"original_kind": "unknown", "error": {"code": 131_051}})),
        Case::of(234, "request_welcome", &Inbound::request_welcome())
            .message(json!({"kind": "welcome", "original_kind": "request_welcome"})),
        Case::of(235, "address", &Inbound::address("{\"values\":{\"city\":\"Pune\"}}"))
            .message(json!({"kind": "flow_reply", "payload": {"response": {"values": {"city": "Pune"}}}})),
    ]
}

/// What happens to an earlier message. `wamid` is its id.
fn changes() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut case = |n: u32, name: &'static str, first: &Inbound, then: &dyn Fn(&str) -> Vec<Inbound>| {
        let mut case = Case::of(n, name, first);
        for (later, what) in (60..).zip(then(&case.wamid)) {
            case = case.also(&what, later);
        }
        cases.push(case);
    };
    let text = Inbound::text("Size M");
    let picture = Inbound::raw(
        "image",
        Some(json!({"caption": "LEFT", "mime_type": "image/jpeg"})),
    );
    case(240, "edit_text", &text, &|id| {
        vec![Inbound::edit(id, &Inbound::text("Size L"))]
    });
    case(241, "edit_image_caption", &Inbound::text("right"), &|id| {
        vec![Inbound::edit(id, &picture.clone().quoting(None, "M0"))]
    });
    case(242, "revoke", &text, &|id| vec![Inbound::revoke(id)]);
    case(243, "reaction_add", &text, &|id| {
        vec![Inbound::reaction(id, "❤️")]
    });
    case(244, "reaction replaced", &text, &|id| {
        vec![Inbound::reaction(id, "❤️"), Inbound::reaction(id, "👍")]
    });
    case(245, "reaction removed by an empty emoji", &text, &|id| {
        vec![
            Inbound::reaction(id, "❤️"),
            Inbound::reaction_removed(id, Removed::Empty),
        ]
    });
    case(246, "reaction removed by no emoji", &text, &|id| {
        vec![
            Inbound::reaction(id, "❤️"),
            Inbound::reaction_removed(id, Removed::Absent),
        ]
    });
    let expected = [
        json!({"text": "Size L", "edited": true, "revoked": false}),
        json!({"text": "LEFT", "edited": true}),
        json!({"text": null, "revoked": true}),
        json!({"text": "Size M", "reactions": [{"emoji": "❤️", "by": "customer"}], "edited": false}),
        json!({"reactions": [{"emoji": "👍", "by": "customer"}]}),
        json!({"reactions": []}),
        json!({"reactions": []}),
    ];
    let one = json!({"window_closes_at": "2026-11-11T09:00:00.000Z", "attention": null});
    cases
        .into_iter()
        .zip(expected)
        .map(|(case, expected)| case.message(expected).conversation(one.clone()))
        .collect()
}

#[tokio::test]
async fn every_kind_of_file_arrives_with_its_bytes_and_a_safe_name() -> anyhow::Result<()> {
    let street = street().await?;
    let cases = files(&street.meta);
    play(&street, &cases).await
}

#[tokio::test]
async fn every_other_kind_arrives_with_its_content() -> anyhow::Result<()> {
    play(&street().await?, &forms()).await
}

#[tokio::test]
async fn what_is_changed_or_taken_back_later_changes_the_message_itself() -> anyhow::Result<()> {
    play(&street().await?, &changes()).await
}

#[tokio::test]
async fn a_change_that_comes_before_its_message_ends_the_same() -> anyhow::Result<()> {
    let street = street().await?;
    let mut cases = changes();
    for case in &mut cases {
        // Of reactions, too, the last one counts by the time it was written.
        case.bodies.reverse();
    }
    play(&street, &cases).await?;
    let hits = street.shop.rpc("search", json!({"query": "Size"})).await?;
    let hits = hits["hits"].as_array().map_or(0, Vec::len);
    assert_eq!(
        hits, 5,
        "what was taken back is not found, what was changed is found as it is now"
    );
    Ok(())
}

#[tokio::test]
async fn a_group_is_kept_apart_and_wakes_nobody() -> anyhow::Result<()> {
    let street = street().await?;
    let person = customer(250);
    let group = Inbound::text("Who comes along?").in_group("GROUP-1");
    let id = webhook::new_wamid();
    assert_eq!(
        street
            .post(vec![group.change(&number(1), &person, &id, NINE)])
            .await?,
        200
    );
    let (_, own) = street.hear(&person, "And this is only for you").await?;
    let records = street.shop.export().await?;
    let message = records.message(&id)?;
    let group = records.get("conversation", &message["conversation_id"])?;
    assert_ne!(group["id"], json!(own));
    assert_eq!(
        (&group["effective_mode"], &group["unread"], &group["attention"]),
        (&json!("off"), &json!(0), &json!(null))
    );
    Ok(())
}
