//! The desk: the owner's data, the demo shop, and the way between them.

use crate::shape::Shapes;
use crate::window::{SOON, Window, options};
use api::{ChangeStream, Desk, DeskOptions, ErrorCode};
use serde_json::{Value, json};

/// Reads changes until one of a kind comes.
async fn heard(changes: &mut ChangeStream, kind: &str) -> Value {
    let shapes = Shapes::documented();
    let listening = async {
        loop {
            for change in changes.next().await.unwrap() {
                let change = serde_json::to_value(change).unwrap();
                shapes.check(&change, "ChangeView");
                if change["kind"] == kind {
                    return change;
                }
            }
        }
    };
    tokio::time::timeout(SOON, listening)
        .await
        .unwrap_or_else(|_| panic!("no change of the kind {kind}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_shop_is_entered_and_left_and_the_window_is_told_to_ask_again() {
    let window = Window::open().await;
    let ana = window.hear("Ana", "447700900001", "Only mine").await;
    let mut changes = window.desk.changes();
    let app = window.get("open_demo", Value::Null).await;
    assert_eq!((&app["demo"], &app["first_start"]), (&json!(true), &json!(false)));
    heard(&mut changes, "resync").await;
    assert_eq!(
        window.get("open_demo", Value::Null).await["demo"],
        true,
        "twice is once"
    );
    let hits = window.get("search", json!({"query": "mine"})).await;
    assert_eq!(hits["hits"], json!([]), "the owner's data is out of reach");
    window
        .until("list_conversations", json!({}), |page| page["counts"]["all"] != 0)
        .await;
    heard(&mut changes, "message").await;

    let app = window.get("leave_demo", Value::Null).await;
    assert_eq!(app["demo"], false);
    heard(&mut changes, "resync").await;
    let page = window.get("list_conversations", json!({})).await;
    assert_eq!(page["counts"]["all"], 1);
    window.say(&ana, "Back again").await;
    let change = heard(&mut changes, "message").await;
    assert_eq!(change["conversation_id"], ana.as_str());
    window.desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_shops_assistant_answers_drafts_asks_for_people_and_keeps_out_of_what_a_person_holds() {
    let window = Window::open().await;
    window.get("open_demo", Value::Null).await;
    let page = window
        .until("list_conversations", json!({"limit": 100}), |page| {
            let rows = page["conversations"].as_array().unwrap();
            let any = |wanted: &dyn Fn(&Value) -> bool| rows.iter().any(wanted);
            let asks = |reason: &'static str| {
                any(&|row| row["holder"] == "waiting_human" && row["attention"] == reason)
            };
            let drafted = rows.iter().filter(|row| row["activity"]["state"] == "draft");
            any(&|row| row["preview"]["author"] == "bot" && row["preview"]["status"] == "read")
                && drafted.count() >= 4
                && asks("asks_for_person")
                && asks("refund")
                && any(&|row| row["holder"] == "operator" && row["held_by"] == "phone")
        })
        .await;
    // What lay there before the assistant was switched on is the owner's.
    let rows = page["conversations"].as_array().unwrap();
    let old = rows.iter().find(|row| row["contact"]["name"] == "Kwame Boateng");
    assert_eq!(old.unwrap()["activity"]["verdict"], Value::Null);
    // It speaks the shop's own words, in the customer's language, and says what they rest on.
    let tried = |text: &'static str| window.get("try_sentence", json!({ "text": text }));
    let vouchers = tried("\u{bf}Tienen vales de regalo?").await;
    assert!(
        vouchers["text"]
            .as_str()
            .unwrap()
            .starts_with("Sí, tenemos vales"),
        "{vouchers}"
    );
    let greeted = tried("Hi! Do you still have the speckled blue mugs?").await;
    assert!(
        greeted["text"]
            .as_str()
            .unwrap()
            .starts_with("Yes, we still have"),
        "a greeting is no second question: {greeted}"
    );
    let quoted = tried("Are the bowls dishwasher safe?").await;
    assert_eq!(quoted["because"], "quoted", "{quoted}");
    let list = window.get("list_skills", Value::Null).await;
    let unfilled = |skill: &&Value| skill["autonomy"] == "bot" && skill["unfilled"] != json!([]);
    let hollow: Vec<&Value> = list["skills"]
        .as_array()
        .unwrap()
        .iter()
        .filter(unfilled)
        .collect();
    assert!(hollow.is_empty(), "a skill that answers lacks a fact: {hollow:?}");
    window.desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_that_begins_in_the_demo_shop_leaves_the_owners_folder_alone_until_it_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let desk = Desk::open(DeskOptions {
        demo: true,
        ..options(data.clone())
    })
    .await
    .unwrap();
    assert!(!data.exists());
    let app = desk.call("leave_demo", Value::Null).await.unwrap();
    assert_eq!((&app["demo"], &app["first_start"]), (&json!(false), &json!(true)));
    assert!(data.exists());
    desk.stop().await;
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_shop_cannot_be_left_for_a_folder_in_use_and_stays_open() {
    let folder = tempfile::tempdir().unwrap();
    let other = Desk::open(options(folder.path().to_owned())).await.unwrap();
    let desk = Desk::open(DeskOptions {
        demo: true,
        ..options(folder.path().to_owned())
    })
    .await
    .unwrap();
    let error = desk.call("leave_demo", Value::Null).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Storage);
    assert!(error.message.contains("another Deskbell"), "{error}");
    assert_eq!(desk.call("app", Value::Null).await.unwrap()["demo"], true);
    other.stop().await;
    assert_eq!(desk.call("leave_demo", Value::Null).await.unwrap()["demo"], false);
    desk.stop().await;
}

#[tokio::test]
async fn a_window_that_shows_one_set_of_data_only_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(DeskOptions {
        can_open_demo: false,
        ..options(folder.path().to_owned())
    })
    .await
    .unwrap();
    for command in ["open_demo", "leave_demo"] {
        let error = desk.call(command, Value::Null).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::NotNow);
    }
    assert_eq!(
        desk.call("app", Value::Null).await.unwrap()["can_open_demo"],
        false
    );
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_opened_after_the_desk_has_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(options(folder.path().to_owned())).await.unwrap();
    let (opened, ()) = tokio::join!(desk.call("open_demo", Value::Null), desk.stop());
    drop(opened);
    assert!(desk.engine().await.is_none(), "something is left running");
    let late = desk.call("open_demo", Value::Null).await.unwrap_err();
    assert_eq!(late.code, ErrorCode::Storage);
    let free = Desk::open(options(folder.path().to_owned())).await.unwrap();
    free.stop().await;
}

#[tokio::test]
async fn a_listener_that_falls_far_behind_is_told_to_ask_again() {
    let window = Window::open().await;
    let mut changes = window.desk.changes();
    let engine = window.desk.engine().await.unwrap();
    for _ in 0..1_100 {
        engine
            .store()
            .write(|t| {
                t.changed(store::Change::Health);
                Ok(())
            })
            .await
            .unwrap();
    }
    let first = changes.next().await.unwrap();
    assert_eq!(first, [api::views::ChangeView::Resync]);
    window.desk.stop().await;
}
