//! The pace of the demo, lived through in paused time and without network.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::{Line, Tempo, Turn, live};
use crate::customers::cast::CAST;

const HOUR: Duration = Duration::from_hours(1);

fn turns_of(name: &str) -> &'static [Turn] {
    CAST.iter()
        .find(|persona| persona.name == name)
        .map(|persona| persona.turns)
        .expect("somebody of the cast")
}

/// Everything said within two hours, as (seconds after opening, speaker, text), when the shop answers every message
/// after `answer_after`, or never.
async fn two_hours(answer_after: Option<Duration>) -> Vec<(f64, &'static str, &'static str)> {
    let mut people = JoinSet::new();
    let (said, mut heard) = mpsc::channel::<(&'static str, Line)>(64);
    let mut ears = HashMap::new();
    for persona in CAST {
        let (ear, answers) = mpsc::channel(64);
        let (voice, mut lines) = mpsc::channel(64);
        ears.insert(persona.name, ear);
        people.spawn(live(persona.turns, Tempo::REAL, answers, voice));
        let said = said.clone();
        people.spawn(async move {
            while let Some(line) = lines.recv().await {
                let _ = said.send((persona.name, line)).await;
            }
        });
    }
    let start = Instant::now();
    let mut all = Vec::new();
    while let Ok(Some((name, line))) = tokio::time::timeout_at(start + 2 * HOUR, heard.recv()).await {
        all.push((start.elapsed().as_secs_f64(), name, line.text));
        if let (Some(after), Some(ear)) = (answer_after, ears.get(name).cloned()) {
            people.spawn(async move {
                tokio::time::sleep(after).await;
                let _ = ear.send("Yes, of course".to_owned()).await;
            });
        }
    }
    all
}

#[tokio::test(start_paused = true)]
async fn the_first_customer_writes_within_three_seconds_and_the_rest_keep_a_calm_pace() {
    let all = two_hours(None).await;
    assert!(all[0].0 <= 3.0, "{all:?}");
    // A burst of one person counts as one event.
    let mut events: Vec<f64> = Vec::new();
    for (n, (at, name, _)) in all.iter().enumerate() {
        if n == 0 || all[n - 1].1 != *name {
            events.push(*at);
        }
    }
    let gaps: Vec<f64> = events.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let busy = gaps.iter().zip(&events).filter(|(_, at)| **at < 120.0);
    assert!(
        busy.clone().all(|(gap, _)| (8.0..=20.0).contains(gap)),
        "{:?}",
        busy.collect::<Vec<_>>()
    );
    let later = gaps.iter().zip(&events).filter(|(_, at)| **at > 150.0);
    assert!(
        later.clone().all(|(gap, _)| *gap > 20.0),
        "{:?}",
        later.collect::<Vec<_>>()
    );
    let last = all.last().expect("messages").0;
    assert!(
        last > 240.0 && last < 1200.0,
        "somebody asks again later, but not for ever: {last}"
    );
    assert!(all.len() < 30, "{}", all.len());
}

#[tokio::test(start_paused = true)]
async fn an_answered_shop_is_thanked_and_then_left_in_peace() {
    let all = two_hours(Some(Duration::from_secs(10))).await;
    let told = |text: &str| all.iter().any(|(_, _, said)| *said == text);
    assert!(told("You've been so quick. Have a lovely day 💙"));
    assert!(told("I'm back! She says green. Can you put one aside for me?"));
    assert!(told(
        "Voltei! São três: Inês, Caio e Vovó Lúcia. Ficam prontas até sexta?"
    ));
    assert!(
        !told("Hello? Just checking whether somebody is there 🙂"),
        "an answered customer does not ask again"
    );
    assert!(all.len() < 60, "{}", all.len());
    assert!(all.last().is_some_and(|(at, _, _)| *at < 900.0));
}

#[tokio::test(start_paused = true)]
async fn somebody_who_is_answered_before_asking_does_not_ask() {
    let (ear, answers) = mpsc::channel(8);
    let (voice, mut lines) = mpsc::channel(8);
    let mut people = JoinSet::new();
    people.spawn(live(turns_of("Tom Haddow"), Tempo::REAL, answers, voice));
    ear.send("Yes, next Saturday at ten".to_owned())
        .await
        .expect("Tom listens");
    let first = timeout(HOUR, lines.recv())
        .await
        .expect("a reaction")
        .expect("Tom is there");
    assert_eq!(
        first.text,
        "Good. How much is it for two, and how long does it take?"
    );
}

#[tokio::test(start_paused = true)]
async fn two_bubbles_of_the_shop_get_one_reaction() {
    let (ear, answers) = mpsc::channel(8);
    let (voice, mut lines) = mpsc::channel(8);
    let mut people = JoinSet::new();
    people.spawn(live(turns_of("Maya Ellison"), Tempo::REAL, answers, voice));
    lines.recv().await.expect("Maya asks");
    ear.send("Hello Maya".to_owned()).await.expect("Maya listens");
    ear.send("I am sorry, they are sold out.".to_owned())
        .await
        .expect("Maya listens");
    let reaction = lines.recv().await.expect("Maya reacts");
    assert!(
        reaction.text.starts_with("Oh, what a pity."),
        "the words of the second bubble count: {}",
        reaction.text
    );
    let more = timeout(Duration::from_mins(10), lines.recv()).await;
    assert!(more.is_err(), "she waits for the next answer: {more:?}");
}

#[test]
fn every_customer_is_invented_and_tells_apart() {
    let mut addresses = Vec::new();
    for persona in CAST {
        let fictional = persona.wa_id.is_empty()
            || ["447700900", "120255501"]
                .iter()
                .any(|range| persona.wa_id.starts_with(range));
        assert!(
            fictional && (persona.wa_id.is_empty() || (11..=12).contains(&persona.wa_id.len())),
            "{}",
            persona.wa_id
        );
        addresses.push(persona.customer().address().to_owned());
    }
    addresses.sort();
    addresses.dedup();
    assert_eq!(addresses.len(), CAST.len());
    assert!(CAST.len() >= 8);
}
