//! A model that fails or costs too much is left alone.

use crate::common::{NOW, Scene, brain, good, only, server, soon, with};
use assistant::models::{BrainSettings, Limits, Prices, Rung, TroubleKind, day_of};
use domain::ContactId;
use simulator::brain::{Flavour, Script};
use std::collections::HashMap;
use std::time::Duration;

#[tokio::test]
async fn after_three_failures_the_model_rests_for_five_minutes_and_then_may_show_itself() {
    let server = server(Flavour::OpenAi).await;
    let brain = with(&server, only(Rung::Text, true));
    let mut scene = Scene::new();
    for _ in 0..3 {
        server.next(Script::page(503));
        assert_eq!(
            scene.ask(&brain).await.outcome.expect_err("down").kind,
            TroubleKind::Server
        );
    }
    let call = scene.ask(&brain).await;
    let trouble = call.outcome.expect_err("resting");
    assert_eq!(trouble.kind, TroubleKind::Resting);
    assert!(
        trouble.words.starts_with("Double failed several times"),
        "{trouble}"
    );
    assert!(call.exchanges.is_empty());
    assert_eq!(server.questions().len(), 3, "nothing was sent");
    assert!(brain.resting_until(NOW).is_some());

    scene.now = NOW.plus(Duration::from_mins(6));
    server.next(Script::json(&good()));
    assert!(scene.ask(&brain).await.outcome.is_ok());
    server.next(Script::json(&good()));
    assert!(scene.ask(&brain).await.outcome.is_ok());
    assert_eq!(brain.resting_until(scene.now), None);
}

#[tokio::test]
async fn cancelled_and_dropped_questions_say_nothing_about_the_model() {
    let server = server(Flavour::OpenAi).await;
    let brain = brain(&server);
    for round in 0..4 {
        server.next(Script::hangs());
        let scene = Scene::new();
        tokio::select! {
            _ = scene.ask(&brain) => panic!("it hangs"),
            () = soon(server.until(|asked| asked.len() > round)) => {}
        }
    }
    server.next(Script::json(&good()));
    assert!(Scene::new().ask(&brain).await.outcome.is_ok());
}

#[tokio::test]
async fn a_day_without_money_left_asks_nothing() {
    let server = server(Flavour::OpenAi).await;
    let settings = BrainSettings {
        prices: Prices {
            input: 1_000_000,
            output: 1_000_000,
        },
        limits: Limits {
            cost_per_day: Some(10_000),
            tokens_per_contact: Some(50_000),
        },
        ..BrainSettings::default()
    };
    let brain = with(&server, settings);
    let scene = Scene::new();
    brain.restore(day_of(NOW), 9_000, HashMap::from([(ContactId(2), 50_000)]));
    server.next(Script::json(&good()).counting(900, 100));
    assert_eq!(scene.ask(&brain).await.cost, 1_000);
    assert_eq!(brain.spent(day_of(NOW)), 10_000);
    let call = scene.ask(&brain).await;
    assert_eq!(call.outcome.expect_err("spent").kind, TroubleKind::DayBudget);
    let mut tomorrow = Scene::new();
    tomorrow.now = NOW.plus(Duration::from_hours(24));
    server.next(Script::json(&good()));
    assert!(tomorrow.ask(&brain).await.outcome.is_ok());
    assert_eq!(server.questions().len(), 2);
}

#[tokio::test]
async fn one_customer_who_writes_all_day_does_not_use_up_the_model_for_others() {
    let server = server(Flavour::OpenAi).await;
    let brain = with(
        &server,
        BrainSettings {
            limits: Limits {
                cost_per_day: None,
                tokens_per_contact: Some(1_000),
            },
            ..BrainSettings::default()
        },
    );
    brain.restore(day_of(NOW), 0, HashMap::from([(ContactId(1), 1_000)]));
    let mut scene = Scene::new();
    assert_eq!(
        scene.ask(&brain).await.outcome.expect_err("used up").kind,
        TroubleKind::ContactBudget
    );
    scene.contact = Some(ContactId(2));
    server.next(Script::json(&good()));
    assert!(scene.ask(&brain).await.outcome.is_ok());
}
