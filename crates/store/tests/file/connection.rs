//! What is known of the connection, and of the times there was none.

use crate::shop::{Shop, at, new_channel, take_late_text};
use domain::{ChannelId, Gap, ListeningEnd, RegistrationStep, StepState};
use store::{CallTrouble, ChannelCheck, Registration, TunnelUsage};

fn hours(number: u64) -> u64 {
    number * 60 * 60
}

#[tokio::test]
async fn a_crash_leaves_a_gap_from_the_last_sign_of_life_to_the_next_start() {
    let shop = Shop::open().await;
    shop.store
        .write(|t| {
            t.begin_listening(at(0))?;
            t.keep_listening(at(60))?;
            // Nobody said goodbye.
            t.begin_listening(at(hours(3)))
        })
        .await
        .unwrap();
    let gaps = shop.store.read(|r| r.gaps(at(0), at(hours(4)))).await.unwrap();
    assert_eq!(
        gaps,
        [Gap {
            from: at(60),
            until: at(hours(3)),
            cause: ListeningEnd::Crash
        }]
    );
    let since = shop.store.read(|r| r.listening_since()).await.unwrap();
    assert_eq!(since, Some(at(hours(3))));
}

#[tokio::test]
async fn a_gap_that_goes_on_ends_now_and_one_that_is_over_is_told_once() {
    let shop = Shop::open().await;
    shop.store
        .write(|t| {
            t.begin_listening(at(0))?;
            t.end_listening(at(100), ListeningEnd::Tunnel)
        })
        .await
        .unwrap();
    let gaps = shop.store.read(|r| r.gaps(at(0), at(500))).await.unwrap();
    assert_eq!(
        gaps.first().map(|gap| (gap.from, gap.until)),
        Some((at(100), at(500)))
    );
    shop.store.write(|t| t.begin_listening(at(600))).await.unwrap();
    let seen = shop.store.read(|r| r.gaps(at(600), at(900))).await.unwrap();
    assert_eq!(seen, []);
}

#[tokio::test]
async fn what_was_written_in_a_gap_and_came_after_it_is_found_with_who_waits_longest() {
    let shop = Shop::open().await;
    // Written two minutes into the gap, stored after it.
    let hear = |who: &'static str, written: u64, arrived: u64| {
        let (store, channel) = (shop.store.clone(), shop.channel.clone());
        async move {
            let times = (at(written), at(arrived));
            let (conversation, _) = store
                .write(move |t| take_late_text(t, &channel, who, &format!("wamid.{who}"), "hi", times))
                .await
                .unwrap();
            conversation
        }
    };
    let late = hear("5511900000001", 120, hours(2)).await;
    let fresh = hear("5511900000002", hours(2) + 5, hours(2) + 6).await;
    let gap = Gap {
        from: at(60),
        until: at(hours(2)),
        cause: ListeningEnd::Quit,
    };
    let found = shop.store.read(move |r| r.late_arrivals(&gap, 10)).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].conversation_id, found[0].messages), (late, 1));
    assert_eq!(found[0].first_written, at(120));
    let waiting = shop.store.read(|r| r.longest_waiting(10)).await.unwrap();
    let order: Vec<_> = waiting.iter().map(|one| one.conversation_id).collect();
    assert_eq!(order, [late, fresh]);
    let closed = |from: u64, until: u64| {
        let store = shop.store.clone();
        async move {
            let closed = store
                .read(move |r| r.windows_closed(at(hours(from)), at(hours(until)), 10))
                .await
                .unwrap();
            closed.len()
        }
    };
    assert_eq!(
        (closed(0, 24).await, closed(24, 25).await, closed(24, 30).await),
        (0, 1, 2)
    );
}

#[tokio::test]
async fn a_registration_and_the_last_look_are_kept_until_the_channel_is_forgotten() {
    let shop = Shop::open().await;
    let channel = shop.channel.clone();
    let mut registration = Registration::new(channel.clone());
    registration.step = RegistrationStep::Override;
    registration.state = StepState::Failed;
    registration.trouble = Some(CallTrouble {
        code: Some(2200),
        subcode: None,
        words: "Meta could not reach this computer.".to_owned(),
        detail: Some("Callback verification failed".to_owned()),
    });
    registration.other_apps = vec!["Another \"app\"".to_owned()];
    registration.due_at = Some(at(30));
    let check = ChannelCheck {
        channel_id: channel.clone(),
        checked_at: Some(at(10)),
        facts: Some(serde_json::json!({"quality_rating": "GREEN"})),
        trouble: None,
        tries: 0,
        due_at: at(hours(6)),
    };
    let (kept, looked) = (registration.clone(), check.clone());
    shop.store
        .write(move |t| {
            t.put_registration(&kept)?;
            t.put_channel_check(&looked)
        })
        .await
        .unwrap();
    assert_eq!(
        shop.store.read(|r| r.registrations()).await.unwrap(),
        [registration]
    );
    assert_eq!(shop.store.read(|r| r.channel_checks()).await.unwrap(), [check]);
    let due = |hour| shop.store.read(move |r| r.channels_to_check(at(hours(hour))));
    assert!(due(5).await.unwrap().is_empty());
    assert_eq!(due(6).await.unwrap(), std::slice::from_ref(&channel));

    let gone = channel.clone();
    shop.store
        .write(move |t| t.forget_channel(&gone, "This number is disconnected.", at(20)))
        .await
        .unwrap();
    assert!(shop.store.read(|r| r.channels()).await.unwrap().is_empty());
    assert!(shop.store.read(|r| r.registrations()).await.unwrap().is_empty());
    assert!(due(6).await.unwrap().is_empty());
    let known = shop.store.read(|r| r.all_channels()).await.unwrap();
    assert_eq!(
        known[0].hold.as_ref().unwrap().title.as_deref(),
        Some("This number is disconnected.")
    );

    // Connected once more, it is the same channel and sends again.
    let endpoint = shop.endpoint;
    shop.store
        .write(move |t| t.put_channel(&new_channel(channel.as_str(), endpoint), at(30)))
        .await
        .unwrap();
    let back = shop.store.read(|r| r.channels()).await.unwrap();
    assert_eq!((back[0].forgotten_at, back[0].hold.clone()), (None, None));
    let unknown = ChannelId::from("nowhere");
    assert!(
        shop.store
            .write(move |t| t.forget_channel(&unknown, "", at(40)))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_use_of_a_tunnel_adds_up_by_month() {
    let shop = Shop::open().await;
    for month in ["2026-11", "2026-11", "2026-12"] {
        let more = TunnelUsage {
            requests: 7,
            bytes: 900,
        };
        shop.store
            .write(move |t| t.add_tunnel_usage(month, more))
            .await
            .unwrap();
    }
    let of = |month| shop.store.read(move |r| r.tunnel_usage(month));
    let november = TunnelUsage {
        requests: 14,
        bytes: 1_800,
    };
    assert_eq!(of("2026-11").await.unwrap(), november);
    assert_eq!(of("2027-01").await.unwrap(), TunnelUsage::default());
}

#[tokio::test]
async fn a_clock_that_was_ahead_makes_no_gap_that_lies_in_the_future() {
    let shop = Shop::open().await;
    shop.store
        .write(|t| {
            t.begin_listening(at(0))?;
            t.end_listening(at(hours(240)), ListeningEnd::Quit)?;
            t.begin_listening(at(hours(1)))
        })
        .await
        .unwrap();
    let gaps = shop.store.read(|r| r.gaps(at(0), at(hours(2)))).await.unwrap();
    assert_eq!(gaps, []);
}
