//! Statuses follow taken messages as planned.

use std::time::Duration;

use crate::common::{SOON, accepted, connected, ines, items, text_to, words};
use serde_json::json;
use simulator::{GraphError, Status, StatusPlan};

const INES: &str = "+447700900222";

#[tokio::test]
async fn a_taken_message_is_sent_delivered_and_read_in_this_order() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.customer_writes(crate::common::NUMBER, &ines(), "hi")?
        .1
        .acknowledged(SOON)
        .await?;
    meta.set_statuses(StatusPlan::immediate());
    let wamid = accepted(&meta, &text_to(INES, "Hello", "ob_1")).await?;
    let posts = inbox.wait(|posts| words(posts).len() == 3).await?;
    assert_eq!(words(&posts), ["sent", "delivered", "read"]);
    for status in items(&posts, "statuses") {
        assert_eq!(status["id"], json!(wamid));
        assert_eq!(status["biz_opaque_callback_data"], "ob_1");
        assert_eq!(
            (&status["recipient_id"], &status["recipient_user_id"]),
            (&json!("447700900222"), &json!("GB.70222000000000000001"))
        );
    }
    Ok(())
}

#[tokio::test]
async fn statuses_can_overtake_the_answer() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.set_statuses(StatusPlan::immediate().before_the_answer());
    accepted(&meta, &text_to(INES, "Hello", "ob_1")).await?;
    assert_eq!(
        words(&inbox.posts()),
        ["sent", "delivered", "read"],
        "all there when the answer comes"
    );
    Ok(())
}

#[tokio::test]
async fn statuses_can_come_doubled_and_in_any_order() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.set_statuses(StatusPlan::immediate().copies(2).shuffled().before_the_answer());
    let mut orders = Vec::new();
    for round in 0..8 {
        accepted(&meta, &text_to(INES, "Hello", &round.to_string())).await?;
        let mut order: Vec<String> = words(&inbox.posts()).split_off(round * 6);
        orders.push(order.join(" "));
        order.sort();
        assert_eq!(order, ["delivered", "delivered", "read", "read", "sent", "sent"]);
    }
    orders.sort();
    orders.dedup();
    assert!(
        orders.len() > 1,
        "eight rounds in one and the same order: {orders:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_test_can_report_statuses_by_hand() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    let wamid = accepted(&meta, &text_to(INES, "Hello", "ob_1")).await?;
    meta.report(&wamid, &Status::Delivered)?
        .acknowledged(SOON)
        .await?;
    meta.report(&wamid, &Status::Failed(GraphError::of(131_026)))?
        .acknowledged(SOON)
        .await?;
    let statuses = items(&inbox.posts(), "statuses");
    assert_eq!(
        (&statuses[0]["status"], &statuses[1]["status"]),
        (&json!("delivered"), &json!("failed"))
    );
    assert_eq!(statuses[1]["errors"][0]["code"], 131_026);
    assert!(
        inbox.posts()[1]
            .json()?
            .pointer("/entry/0/changes/0/value/contacts")
            .is_none()
    );
    assert!(meta.report("wamid.unknown", &Status::Read).is_err());
    Ok(())
}

#[tokio::test]
async fn a_customer_can_have_a_plan_of_their_own() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.set_statuses(
        StatusPlan::none()
            .then(Duration::ZERO, Status::Sent)
            .before_the_answer(),
    );
    let gone = StatusPlan::none().then(Duration::ZERO, Status::Failed(GraphError::of(131_026)));
    meta.set_statuses_for("+447700900333", gone.before_the_answer());
    accepted(&meta, &text_to(INES, "Hello", "ob_1")).await?;
    accepted(&meta, &text_to("+447700900333", "Hello", "ob_2")).await?;
    assert_eq!(words(&inbox.posts()), ["sent", "failed"]);
    Ok(())
}
