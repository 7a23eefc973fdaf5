//! When we could be reached, and what the times we could not meant.

use crate::linked::Linked;
use crate::town::{NUMBER, Town, ines, omar};
use domain::{Gap, ListeningEnd, StillToCome, Timestamp};
use engine::TunnelPhase;
use std::time::Duration;
use store::{Access, Store};

const HOUR: Duration = Duration::from_hours(1);

async fn listening(shop: &Linked) -> Timestamp {
    shop.until("listening", |r| r.listening_since()).await
}

async fn gaps(shop: &Linked) -> Vec<Gap> {
    let now = shop.engine.now();
    let read = shop.engine.store().read(move |r| r.gaps(Timestamp(0), now));
    read.await.unwrap()
}

/// A number that writes now, by the clock of the shop, which a test may have put forward.
fn seconds(at: Timestamp) -> i64 {
    at.0 / 1_000
}

#[tokio::test]
async fn a_tunnel_that_is_cut_leaves_a_gap_and_listening_begins_again() {
    let shop = Linked::open().await;
    shop.choose().await;
    shop.registered(&shop.url()).await;
    listening(&shop).await;
    let known = gaps(&shop).await.len();
    let mut tunnel = shop.engine.tunnel_changes();
    shop.edge.outage(true);
    tunnel
        .wait_for(|status| status.phase == TunnelPhase::Waiting)
        .await
        .unwrap();
    shop.until("the end of listening", |r| {
        Ok(r.listening_since()?.is_none().then_some(()))
    })
    .await;
    shop.edge.outage(false);
    listening(&shop).await;
    let found = gaps(&shop).await;
    assert_eq!(found.len(), known + 1, "{found:?}");
    assert_eq!(found[known].cause, ListeningEnd::Tunnel);
    shop.meta
        .customer_writes(NUMBER, &ines(), "Still there?")
        .unwrap();
    shop.until("the message", |r| {
        Ok((r.journal_counts()?.received > 0).then_some(()))
    })
    .await;
    shop.engine.stop().await;
}

#[tokio::test]
async fn time_slept_through_is_a_gap_and_what_was_written_in_it_is_told_as_late() {
    let shop = Linked::open().await;
    shop.choose().await;
    shop.registered(&shop.url()).await;
    listening(&shop).await;
    let before = shop.engine.now();
    shop.watch.move_on(HOUR);
    let nap = shop
        .until("the nap", move |r| {
            let gaps = r.gaps(before, Timestamp(i64::MAX))?;
            Ok(gaps.into_iter().find(|gap| gap.cause == ListeningEnd::Sleep))
        })
        .await;
    assert!(
        nap.length() >= HOUR && nap.length() < HOUR + Duration::from_mins(1),
        "{nap:?}"
    );
    listening(&shop).await;

    let away = shop.engine.away().await.unwrap();
    assert!(away.unseen && !away.goes_on, "{away:?}");
    assert_eq!(away.gaps.len(), 1, "{away:?}");
    assert!(matches!(away.still, Some(StillToCome::Until(_))), "{away:?}");
    assert_eq!(away.late.len(), 0);

    // Meta delivers what Inês wrote meanwhile; what Omar writes now is not late.
    let written = Timestamp(nap.from.0 + 60_000);
    shop.meta
        .customer_wrote(NUMBER, &ines(), seconds(written), "Are you open on Sunday?")
        .unwrap();
    shop.meta
        .customer_wrote(NUMBER, &omar(), seconds(shop.engine.now()) + 1, "Hello")
        .unwrap();
    shop.until("both messages", |r| {
        Ok((r.conversation_ids()?.len() == 2 && r.journal_counts()?.pending == 0).then_some(()))
    })
    .await;
    let away = shop.engine.away().await.unwrap();
    let late: Vec<_> = away
        .late
        .iter()
        .map(|(late, who)| (who.contact_name.clone().unwrap_or_default(), late.messages))
        .collect();
    assert_eq!(late, [("Inês".to_owned(), 1)]);
    assert_eq!(away.waiting.len(), 2);
    assert_eq!(
        away.waiting[0].1.contact_name.as_deref(),
        Some("Inês"),
        "who waits longest comes first"
    );

    shop.engine.see_away().await.unwrap();
    let away = shop.engine.away().await.unwrap();
    assert!(!away.unseen, "{away:?}");
    assert_eq!(away.late.len(), 1, "it can still be looked at");
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_tunnel_that_broke_during_the_sleep_does_not_hide_it() {
    let shop = Linked::open().await;
    shop.choose().await;
    shop.registered(&shop.url()).await;
    listening(&shop).await;
    let before = shop.engine.now();
    shop.watch.move_on(HOUR);
    // On waking the tunnel is noticed first.
    shop.edge.outage(true);
    let nap = shop
        .until("the nap", move |r| {
            let gaps = r.gaps(before, Timestamp(i64::MAX))?;
            Ok(gaps.into_iter().find(|gap| gap.cause == ListeningEnd::Sleep))
        })
        .await;
    assert!(nap.from.since(before) < Duration::from_mins(1), "{nap:?}");
    shop.edge.outage(false);
    listening(&shop).await;
    let gaps = gaps(&shop).await;
    let nap = gaps.iter().find(|gap| gap.cause == ListeningEnd::Sleep).unwrap();
    assert!(nap.length() >= HOUR, "{gaps:?}");
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_night_without_deskbell_is_told_in_the_morning() {
    let mut shop = Linked::open().await;
    shop.choose().await;
    shop.registered(&shop.url()).await;
    listening(&shop).await;
    shop.engine.stop().await;
    shop.watch.move_on(9 * HOUR);
    shop.restart().await;
    listening(&shop).await;
    let away = shop.engine.away().await.unwrap();
    assert_eq!(away.gaps.len(), 1, "{away:?}");
    assert_eq!(away.gaps[0].cause, ListeningEnd::Quit);
    assert!(away.gaps[0].length() >= 9 * HOUR);
    assert!(away.unseen);
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_crash_ends_listening_where_it_was_last_written_down() {
    let town = Town::open().await;
    town.until("listening", |r| r.listening_since()).await;
    town.engine.stop().await;
    let folder = town.folder.path().join("data");
    let begun = town.engine.now();
    {
        // What a process leaves behind that was killed.
        let store = Store::open(&folder, Access::Write).unwrap();
        store.write(move |t| t.begin_listening(begun)).await.unwrap();
        store.close().await;
    }
    let options = engine::EngineOptions::new(folder, town.vault.clone());
    let engine = engine::Engine::start(options).await.unwrap();
    let mut changes = engine.store().changes();
    let found = loop {
        let read = engine
            .store()
            .read(|r| Ok((r.listening_since()?, r.gaps(Timestamp(0), Timestamp(i64::MAX))?)));
        if let (Some(_), gaps) = read.await.unwrap()
            && gaps.len() == 2
        {
            break gaps;
        }
        tokio::time::timeout(crate::town::SOON, changes.recv())
            .await
            .unwrap()
            .unwrap();
    };
    let causes: Vec<_> = found.iter().map(|gap| gap.cause).collect();
    assert_eq!(causes, [ListeningEnd::Quit, ListeningEnd::Crash]);
    assert_eq!(found[1].from, begun);
    engine.stop().await;
}

#[tokio::test]
async fn without_a_tunnel_the_open_door_is_enough() {
    let town = Town::open().await;
    town.until("listening", |r| r.listening_since()).await;
    let gaps = town
        .engine
        .store()
        .read(|r| r.gaps(Timestamp(0), Timestamp(i64::MAX)));
    assert_eq!(gaps.await.unwrap(), []);
    assert!(!town.engine.away().await.unwrap().unseen);
    town.engine.stop().await;
}

#[tokio::test]
async fn the_domain_that_ngrok_gave_is_asked_for_by_name_from_then_on() {
    let mut shop = Linked::open().await;
    shop.choose().await;
    shop.registered(&shop.url()).await;
    let domain = shop.edge.dev_domain(&shop.edge.token());
    let wanted = domain.clone();
    shop.until("the domain", move |r| {
        let kept = r.setting("tunnel")?.unwrap_or_default();
        Ok(kept.contains(&wanted).then_some(()))
    })
    .await;
    shop.restart().await;
    shop.edge
        .wait("a second tunnel", |edge| edge.binds().len() == 2)
        .await
        .unwrap();
    let asked: Vec<bool> = shop
        .edge
        .binds()
        .iter()
        .map(|bind| bind.options.to_string().contains(&domain))
        .collect();
    assert_eq!(asked, [false, true]);
    shop.engine.stop().await;
}
