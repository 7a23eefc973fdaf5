//! Words and who they are from.

use super::{Case, NINE, play, street, written_once};
use acceptance::{customer, number};
use serde_json::{Value, json};
use simulator::webhook::{self, Referral};
use simulator::{Customer, Inbound};

/// What Meta leaves out at times.
fn without(key: &'static str) -> impl Fn(&mut Value) {
    move |value| {
        if let Some(parts) = value.as_object_mut() {
            parts.remove(key);
        }
    }
}

fn words() -> Vec<Case> {
    let odd = "שלום 👩🏽‍🚀👨‍👩‍👧 \u{202e}abc\u{202c} \u{200b}no\u{200d}thing\u{feff} 𝕏 مرحبا";
    let marked = "*bold* _slanted_ ~gone~ ```code```\n\n- a\n> said\r\nhttps://example.org/?a=b&c=%20#d";
    let text = |body: &str| {
        json!({"kind": "text", "original_kind": "text", "author": "customer", "text": body,
                                   "direction": "inbound", "status": "received", "reply_to": null, "forwarded": "no",
                                   "attachments": [], "reactions": [], "edited": false, "revoked": false,
                                   "error": null, "sent_at": "2026-11-10T09:00:00.000Z"})
    };
    vec![
        Case::of(100, "text_basic", &Inbound::text("Is the green lamp still there?"))
            .message(text("Is the green lamp still there?"))
            .conversation(written_once())
            .contact(json!({"name": "Person 100", "identities": [
                {"kind": "bsuid", "value": "DE.7700100"}, {"kind": "phone", "value": "491555000100"},
                {"kind": "wa_id", "value": "491555000100"}]})),
        Case::of(101, "text_emoji_zwj_rtl_zero_width", &Inbound::text(odd)).message(text(odd)),
        Case::of(102, "text_newlines_and_format", &Inbound::text(marked)).message(text(marked)),
        Case::of(103, "text_empty_body", &Inbound::text(""))
            .message(text(""))
            .conversation(written_once()),
        Case::of(
            104,
            "text_reply_context",
            &Inbound::text("That one").quoting(Some("447700900001"), "wamid.EARLIER"),
        )
        .message(json!({"text": "That one", "reply_to": "wamid.EARLIER", "forwarded": "no"})),
        Case::of(105, "forwarded", &Inbound::text("Look").forwarded()).message(json!({"forwarded": "once"})),
        Case::of(106, "frequently forwarded", &Inbound::text("Look").frequently_forwarded())
            .message(json!({"forwarded": "often"})),
        Case::of(
            107,
            "text_referral_ctwa_image",
            &Inbound::text("Tell me more").from_click(
                Referral::ad("990017", "Pots", "Half price")
                    .with("media_type", "image")
                    .with("image_url", "https://example.org/a.jpg")
                    .with("ctwa_clid", "clid-77"),
            ),
        )
        .message(
            json!({"text": "Tell me more", "referral": {"source_type": "ad", "source_id": "990017", "ctwa_clid": "clid-77",
                                                         "headline": "Pots", "image_url": "https://example.org/a.jpg"}}),
        )
        .conversation(written_once()),
        Case::of(
            108,
            "text_referral_post_video",
            &Inbound::text("I saw it").from_click(
                Referral::post("990018", "", "")
                    .with("media_type", "video")
                    .with("video_url", "https://example.org/a.mp4"),
            ),
        )
        .message(json!({"referral": {"source_type": "post", "source_id": "990018", "ctwa_clid": null,
                                     "video_url": "https://example.org/a.mp4"}})),
        Case::new(109, "extra_unknown_properties")
            .sends_changed(&Inbound::text("Keys from the future").with("moon", json!({"full": true})), |value| {
                value["tide"] = json!([1, null]);
                value["metadata"]["planet"] = json!("Mars");
                value["contacts"][0]["profile"]["hat"] = json!(7);
            })
            .message(text("Keys from the future"))
            .contact(json!({"name": "Person 109"})),
        Case::new(110, "old_replayed_message")
            .also(&Inbound::text("Five days ago"), -432_000)
            .conversation(json!({"window_closes_at": "2026-11-06T09:00:00.000Z", "unread": 1, "attention": null})),
    ]
}

fn people() -> Vec<Case> {
    let hidden = Customer::hidden("Noor", "GB.5500000000000120", "@noor.makes");
    let family =
        Customer::hidden("Noor", "GB.5500000000000121", "@noor.other").with_parent("GB.ENT.200000000121");
    vec![
        Case::new(120, "text_bsuid_no_phone")
            .by(hidden)
            .sends(&Inbound::text("Found you"))
            .message(json!({"text": "Found you", "author": "customer"}))
            .conversation(written_once())
            .contact(
                json!({"name": "Noor", "identities": [{"kind": "bsuid", "value": "GB.5500000000000120"}]}),
            ),
        Case::new(121, "text_parent_bsuid")
            .by(family)
            .sends(&Inbound::text("From the other shop"))
            .contact(
                json!({"identities": [{"kind": "bsuid", "value": "GB.5500000000000121"},
                                           {"kind": "parent_bsuid", "value": "GB.ENT.200000000121"}]}),
            ),
        Case::new(122, "text_missing_contacts")
            .sends_changed(&Inbound::text("No list"), without("contacts"))
            .message(json!({"text": "No list", "kind": "text"}))
            .conversation(written_once()),
        Case::new(123, "text_contact_without_profile")
            .also(&Inbound::text("With a name"), -60)
            .sends_changed(&Inbound::text("Without"), |value| {
                without("profile")(&mut value["contacts"][0]);
            })
            .message(json!({"text": "Without"}))
            .conversation(json!({"unread": 2}))
            .contact(json!({"name": "Person 123"})),
        Case::new(124, "text_from_with_plus")
            .also(&Inbound::text("Without a plus"), -60)
            .sends_changed(&Inbound::text("With"), |value| {
                value["messages"][0]["from"] = json!("+491555000124");
                without("from_user_id")(&mut value["messages"][0]);
                without("contacts")(value);
            })
            .message(json!({"text": "With"}))
            .conversation(json!({"unread": 2})),
        Case::new(125, "scalars_as_other_types")
            .sends_changed(&Inbound::text("Numbers"), |value| {
                value["metadata"]["phone_number_id"] = json!(109_000_000_000_001_i64);
                value["metadata"]["display_phone_number"] = json!(447_700_900_001_i64);
                value["contacts"][0]["wa_id"] = json!(491_555_000_125_i64);
                value["messages"][0]["from"] = json!(491_555_000_125_i64);
                value["messages"][0]["timestamp"] = json!(NINE);
            })
            .message(json!({"text": "Numbers", "sent_at": "2026-11-10T09:00:00.000Z"}))
            .conversation(written_once()),
    ]
}

#[tokio::test]
async fn words_arrive_as_they_were_written_from_whoever_wrote_them() -> anyhow::Result<()> {
    let street = street().await?;
    let mut cases = words();
    cases.extend(people());
    play(&street, &cases).await
}

#[tokio::test]
async fn whatever_meta_puts_into_one_body_is_taken_apart() -> anyhow::Result<()> {
    let street = street().await?;
    let (anna, berta) = (customer(130), customer(131));
    let ids: Vec<String> = (0..6).map(|_| webhook::new_wamid()).collect();
    let text = |n: usize, at| webhook::text_message(&anna, &ids[n], NINE + at, &format!("number {n}"));
    // batch_duplicate_wamid: twice in one body.
    let twice = webhook::messages(&street.number, std::slice::from_ref(&anna), vec![text(0, 0)]);
    assert_eq!(street.post(vec![twice.clone(), twice]).await?, 200);
    // batch_out_of_order, two people, their contacts the other way round.
    let mut mixed = vec![text(3, 3), text(1, 1)];
    mixed.push(webhook::text_message(&berta, &ids[4], NINE, "from Berta"));
    mixed.push(text(2, 2));
    let mixed = webhook::messages(&street.number, &[berta.clone(), anna.clone()], mixed);
    assert_eq!(street.post(vec![mixed]).await?, 200);
    // batch_messages_and_statuses_same_value.
    let mut both = webhook::messages(&street.number, std::slice::from_ref(&anna), vec![text(5, 4)]);
    let report = webhook::Report::new("wamid.OF.ANOTHER.PROGRAM", "read", NINE);
    both.value["statuses"] = json!([webhook::status_item(&anna, &report)]);
    assert_eq!(street.post(vec![both]).await?, 200);
    // empty_entry_and_changes.
    for empty in [
        json!({"object": "whatsapp_business_account", "entry": []}),
        json!({"object": "whatsapp_business_account", "entry": [{"id": "1"}, {"id": "1", "changes": []}, {"id": "1", "changes": null}]}),
        json!({"object": "whatsapp_business_account"}),
        json!({}),
    ] {
        assert_eq!(
            street.post_raw(empty.to_string().as_bytes()).await?,
            200,
            "{empty}"
        );
    }
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    let seen: Vec<&Value> = records
        .of("message")
        .into_iter()
        .map(|message| &message["text"])
        .collect();
    assert_eq!(
        seen,
        [
            "number 0",
            "number 1",
            "number 2",
            "number 3",
            "number 5",
            "from Berta"
        ]
    );
    let of = |person: &Customer| records.conversation("bsuid", person.user_id.as_deref().unwrap_or_default());
    assert_eq!(of(&anna).map(|seen| &seen["unread"]), Some(&json!(5)));
    assert_eq!(of(&berta).map(|seen| &seen["unread"]), Some(&json!(1)));
    assert_eq!(street.shop.journal().await?["failed"], 0);
    Ok(())
}

#[tokio::test]
async fn numbers_of_several_accounts_behind_one_app_get_each_their_own() -> anyhow::Result<()> {
    let street = street().await?;
    let mut second = number(2);
    second.app_secret.clone_from(&street.number.app_secret);
    let person = customer(132);
    let change = |number: &simulator::Number, text: &str| {
        webhook::text(number, &person, &webhook::new_wamid(), NINE, text)
    };
    // batch_entries_changes_mixed_numbers: what is for a number that is not connected waits and spoils nothing.
    let banned = webhook::account::ban(&street.number, "SCHEDULE_FOR_DISABLE", "November 12, 2026");
    let body = vec![
        change(&street.number, "for the first"),
        change(&second, "for the second"),
        banned,
    ];
    assert_eq!(street.post(body).await?, 200);
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    assert_eq!(
        (
            records.saying("for the first").len(),
            records.saying("for the second").len()
        ),
        (1, 0)
    );
    let notices = street.shop.rpc("list_notices", json!({})).await?;
    assert_eq!(notices["notices"][0]["field"], "account_update", "{notices}");
    assert_eq!(street.shop.journal().await?["unassigned"], 1);
    Ok(())
}
