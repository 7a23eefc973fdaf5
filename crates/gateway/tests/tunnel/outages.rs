//! The network goes and comes back. Time is tokio's and passes at once.

use crate::house::{House, in_memory, is_answered};
use gateway::tunnel::{TroubleClass, TunnelConfig, TunnelPhase};
use simulator::Edge;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const SOON: Duration = Duration::from_secs(10);

#[tokio::test(start_paused = true)]
async fn a_visitor_of_the_public_address_stands_before_our_door() {
    let (house, edge) = (House::open(), Edge::in_memory());
    let mut kept = house.keep(in_memory(&edge, None));
    let url = kept.online().await;
    assert_eq!(url, format!("https://{}", edge.dev_domain(&edge.token())));
    assert!(is_answered(&edge, &url).await);
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn after_an_outage_the_tunnel_is_open_within_ten_seconds_of_the_networks_return() {
    for outage in [
        Duration::from_millis(1),
        Duration::from_secs(20),
        Duration::from_mins(5),
        Duration::from_hours(3),
    ] {
        let (house, edge) = (House::open(), Edge::in_memory());
        let mut kept = house.keep(in_memory(&edge, None));
        let url = kept.online().await;
        sleep(Duration::from_hours(1)).await;

        edge.outage_for(outage);
        let lost = kept.until(|status| status.phase != TunnelPhase::Online).await;
        assert_eq!(
            lost.url.as_deref(),
            Some(&*url),
            "the last known address stays in sight"
        );
        sleep(outage).await;
        let back = Instant::now();
        assert_eq!(kept.online().await, url);
        assert!(back.elapsed() <= SOON, "{outage:?}: {:?}", back.elapsed());
        assert!(is_answered(&edge, &url).await);
        assert_eq!(kept.now().trouble, None);
        kept.end().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_network_that_swallows_everything_delays_the_return_no_longer() {
    let (house, edge) = (House::open(), Edge::in_memory());
    let mut kept = house.keep(in_memory(&edge, None));
    let url = kept.online().await;
    edge.black_hole(true);
    edge.cut();
    sleep(Duration::from_mins(5)).await;
    let waiting = kept.until(|status| status.trouble.is_some()).await;
    assert_eq!(waiting.trouble.unwrap().class, TroubleClass::Network);

    edge.black_hole(false);
    let back = Instant::now();
    assert_eq!(kept.online().await, url);
    assert!(back.elapsed() <= SOON, "{:?}", back.elapsed());
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_given_up_after_fifteen_seconds() {
    let (house, edge) = (House::open(), Edge::in_memory());
    edge.black_hole(true);
    let began = Instant::now();
    let mut kept = house.keep(in_memory(&edge, None));
    let waiting = kept.phase(TunnelPhase::Waiting).await;
    assert!(
        began.elapsed() <= Duration::from_secs(16),
        "{:?}",
        began.elapsed()
    );
    let trouble = waiting.trouble.unwrap();
    assert_eq!(trouble.class, TroubleClass::Network);
    assert!(trouble.words.contains("does not answer"), "{}", trouble.words);
    assert_eq!(waiting.attempt, 1);
    assert!(waiting.next_try.unwrap() > waiting.since);
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_dead_peer_is_noticed_within_fifteen_seconds_and_replaced() {
    let (house, edge) = (House::open(), Edge::in_memory());
    let mut kept = house.keep(in_memory(&edge, None));
    let url = kept.online().await;
    // Not in step with the beats.
    sleep(Duration::from_millis(63_421)).await;

    edge.mute();
    let muted = Instant::now();
    let lost = kept.until(|status| status.phase != TunnelPhase::Online).await;
    assert!(
        muted.elapsed() <= Duration::from_secs(15),
        "{:?}",
        muted.elapsed()
    );
    assert!(lost.trouble.unwrap().words.contains("has not been heard"));
    assert_eq!(kept.online().await, url);
    assert!(muted.elapsed() <= Duration::from_secs(15) + SOON);
    assert!(is_answered(&edge, &url).await);
    assert_eq!(edge.open_pipes(), 1, "the dead connection is closed");
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn after_a_change_of_network_a_dead_peer_is_noticed_sooner_and_a_living_one_is_kept() {
    let (house, edge) = (House::open(), Edge::in_memory());
    let mut kept = house.keep(in_memory(&edge, None));
    kept.online().await;
    kept.keeper.wake();
    sleep(Duration::from_mins(1)).await;
    assert_eq!(kept.keeper.counters().sessions, 1, "it proved to be alive");

    sleep(Duration::from_millis(4_900)).await;
    edge.mute();
    kept.keeper.wake();
    let woken = Instant::now();
    kept.until(|status| status.phase != TunnelPhase::Online).await;
    assert!(woken.elapsed() <= Duration::from_secs(8), "{:?}", woken.elapsed());
    kept.online().await;
    assert!(woken.elapsed() <= SOON, "{:?}", woken.elapsed());
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_change_of_network_ends_the_waiting() {
    let (house, edge) = (House::open(), Edge::in_memory());
    edge.reject_auth("ERR_NGROK_702", "too fast");
    let mut kept = house.keep(in_memory(&edge, None));
    kept.until(|status| status.phase == TunnelPhase::Waiting && status.attempt == 3)
        .await;
    edge.accept_auth();
    kept.keeper.wake();
    let woken = Instant::now();
    kept.online().await;
    assert!(woken.elapsed() < Duration::from_secs(1), "{:?}", woken.elapsed());
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn restarting_the_tunnel_never_meets_a_session_of_our_own() {
    let (house, edge) = (House::open(), Edge::in_memory());
    edge.set_linger(Duration::from_secs(30));
    let mut kept = house.keep(in_memory(&edge, None));
    for restart in 2..=6 {
        kept.online().await;
        kept.keeper.reconnect();
        kept.until(|status| status.phase == TunnelPhase::Connecting).await;
        kept.online().await;
        assert_eq!(kept.keeper.counters().sessions, restart);
        assert_eq!(edge.open_pipes(), 1);
    }
    assert_eq!(
        kept.keeper.counters().failures,
        0,
        "not once was it already online"
    );
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_name_that_ngrok_still_holds_for_our_lost_session_is_asked_for_again_soon() {
    let (house, edge) = (House::open(), Edge::in_memory());
    edge.set_linger(Duration::from_secs(15));
    let mut kept = house.keep(in_memory(&edge, None));
    kept.online().await;
    edge.cut();
    let cut = Instant::now();
    let taken = kept
        .until(|status| {
            let trouble = status.trouble.as_ref();
            trouble.is_some_and(|trouble| trouble.code.as_deref() == Some("ERR_NGROK_334"))
        })
        .await;
    assert_eq!(taken.phase, TunnelPhase::Waiting);
    kept.online().await;
    assert!(cut.elapsed() <= Duration::from_secs(20), "{:?}", cut.elapsed());
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_behind_when_the_tunnel_ends_or_is_dropped() {
    let (house, edge) = (House::open(), Edge::in_memory());
    let mut kept = house.keep(in_memory(&edge, None));
    let url = kept.online().await;
    assert!(is_answered(&edge, &url).await);
    kept.end().await;
    edge.wait("the edge is alone", |edge| edge.open_pipes() == 0)
        .await
        .unwrap();
    assert!(edge.online().is_empty());

    let alone = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    for _ in 0..3 {
        let mut kept = house.keep(in_memory(&edge, None));
        kept.online().await;
        kept.abort().await;
        edge.wait("the edge is alone", |edge| edge.open_pipes() == 0)
            .await
            .unwrap();
    }
    sleep(Duration::from_mins(1)).await;
    let left = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert_eq!(left, alone, "tasks of the tunnel go on");
}

#[tokio::test(start_paused = true)]
async fn going_another_way_closes_the_first_and_no_way_is_off() {
    let (house, edge) = (House::open(), Edge::in_memory());
    edge.reserve(&edge.token(), "second.ngrok.app");
    let mut kept = house.keep(in_memory(&edge, None));
    kept.online().await;
    kept.keeper.change(in_memory(&edge, Some("second.ngrok.app")));
    kept.until(|status| status.online() == Some("https://second.ngrok.app"))
        .await;
    assert_eq!(edge.online(), ["second.ngrok.app"]);
    kept.keeper.change(TunnelConfig::None);
    let off = kept.phase(TunnelPhase::Off).await;
    assert_eq!((off.url, off.kind), (None, domain::TunnelKind::None));
    assert!(edge.online().is_empty());
    kept.keeper.change(in_memory(&edge, None));
    kept.online().await;
    kept.end().await;
}
