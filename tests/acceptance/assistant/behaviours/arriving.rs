//! What wakes the assistant, and what does not.

use super::{decided, does, drafts, row, somebody_else_is_answered, thread};
use crate::DESKBELLD;
use crate::assistant::{HOURS, bot_words, teach};
use acceptance::{PATIENCE, Street, customer, now};
use serde_json::json;
use simulator::art::{Scene, photo};
use simulator::webhook::{self, new_wamid};
use simulator::{Inbound, Status};

#[tokio::test]
async fn a_message_that_meta_brings_again_and_again_is_answered_once() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (ana, wamid, at) = (customer(1), new_wamid(), now());
    let again = || webhook::text(&street.number, &ana, &wamid, at, "When are you open?");
    assert_eq!(street.post(vec![again(), again()]).await?, 200);
    street.shop.settled().await?;
    let conversation = street.conversation(&ana).await?;
    let answered = decided(&street, &conversation).await?;
    street.meta.wait_for_send(1, PATIENCE).await?;
    assert_eq!(street.post(vec![again()]).await?, 200);
    somebody_else_is_answered(&street).await?;
    let later = row(&street, &conversation).await?;
    assert_eq!(later["unread"], answered["unread"]);
    assert_eq!(
        later["activity"]["decision_id"],
        answered["activity"]["decision_id"]
    );
    assert_eq!(bot_words(&street, &conversation).await?, [HOURS]);
    assert_eq!(thread(&street, &conversation).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn while_a_person_holds_a_conversation_its_questions_are_left_to_them() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street.hear(&customer(1), "Hello there").await?;
    street.say(&conversation, "Hello Ana!").await?;
    street.hear(&customer(1), "When are you open?").await?;
    somebody_else_is_answered(&street).await?;
    let held = row(&street, &conversation).await?;
    assert_eq!(held["holder"], "operator", "{held}");
    assert_eq!(held["queue"], "needs_me", "{held}");
    assert_eq!(held["activity"]["state"], "none", "{held}");
    assert!(bot_words(&street, &conversation).await?.is_empty());
    assert!(drafts(&street, &conversation).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn in_a_conversation_that_is_off_a_message_is_stored_and_nothing_more() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let settings = json!({"lead_capture": false});
    street.shop.rpc("save_assistant", settings).await?;
    let (_, conversation) = street.hear(&customer(1), "thanks!").await?;
    decided(&street, &conversation).await?;
    let off = json!({"scope": "conversation", "id": conversation, "mode": "off"});
    street.shop.rpc("set_mode", off).await?;
    street
        .hear(&customer(1), "My email is ana@example.com, when are you open?")
        .await?;
    somebody_else_is_answered(&street).await?;
    let paused = row(&street, &conversation).await?;
    assert_eq!(paused["unread"], 2, "{paused}");
    assert_eq!(paused["activity"]["state"], "none", "{paused}");
    assert!(bot_words(&street, &conversation).await?.is_empty());
    assert!(drafts(&street, &conversation).await?.is_empty());
    let asked = json!({"conversation_id": conversation});
    let lead = street.shop.rpc("lead", asked.clone()).await?;
    assert!(lead["lead"].is_null(), "{lead}");
    let refused = street.shop.refused("request_draft", asked).await?;
    assert_eq!(refused["code"], "not_now", "{refused}");
    Ok(())
}

#[tokio::test]
async fn a_picture_without_words_is_kept_for_a_person_and_answered_with_nothing() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let picture = street.meta.put_media(photo(Scene::Mug), "image/jpeg");
    let (_, conversation) = does(&street, &customer(1), &Inbound::image(&picture, None)).await?;
    let seen = decided(&street, &conversation).await?;
    assert_eq!(seen["activity"]["verdict"], "silent", "{seen}");
    assert_eq!(seen["activity"]["because"], "file_only", "{seen}");
    assert_eq!(seen["queue"], "needs_me", "{seen}");
    assert_eq!(seen["unread"], 1, "{seen}");
    assert!(bot_words(&street, &conversation).await?.is_empty());
    assert!(drafts(&street, &conversation).await?.is_empty());
    // Its words are read like any others.
    let asks = Inbound::image(&picture, Some("When are you open?"));
    let (_, other) = does(&street, &customer(2), &asks).await?;
    decided(&street, &other).await?;
    assert_eq!(bot_words(&street, &other).await?, [HOURS]);
    Ok(())
}

#[tokio::test]
async fn what_is_seen_liked_or_deleted_makes_nothing_unread() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (question, conversation) = street.hear(&customer(1), "When are you open?").await?;
    decided(&street, &conversation).await?;
    let answer = street.meta.wait_for_send(1, PATIENCE).await?;
    let answer = answer.wamid.unwrap_or_default();
    let before = row(&street, &conversation).await?;
    for status in [Status::Sent, Status::Delivered, Status::Read] {
        street
            .meta
            .report(&answer, &status)?
            .acknowledged(PATIENCE)
            .await?;
    }
    does(&street, &customer(1), &Inbound::reaction(&answer, "👍")).await?;
    does(&street, &customer(1), &Inbound::revoke(&question)).await?;
    somebody_else_is_answered(&street).await?;
    let after = row(&street, &conversation).await?;
    assert!(
        after["unread"].as_u64() <= before["unread"].as_u64(),
        "{before} {after}"
    );
    assert_eq!(
        after["activity"]["decision_id"],
        before["activity"]["decision_id"]
    );
    assert_eq!(bot_words(&street, &conversation).await?, [HOURS]);
    Ok(())
}
