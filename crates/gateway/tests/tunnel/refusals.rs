//! ngrok says no, or stops what it allowed before.

use crate::house::{House, in_memory, is_answered};
use gateway::tunnel::{TroubleClass, TunnelConfig, TunnelPhase};
use simulator::Edge;
use simulator::edge::Side;
use std::time::Duration;
use tokio::time::sleep;

/// Every code of the survey (dependencies.md, section 1.4) that an agent can hear, what is done about it, and a word
/// of the sentence that says what to do.
const CODES: &[(u16, TroubleClass, &str)] = &[
    (103, TroubleClass::Permanent, "suspended"),
    (105, TroubleClass::Permanent, "Copy the authtoken"),
    (106, TroubleClass::Permanent, "Copy the new authtoken"),
    (107, TroubleClass::Permanent, "copy the new one"),
    (108, TroubleClass::Slow, "Another copy"),
    (109, TroubleClass::Permanent, "report it"),
    (111, TroubleClass::Permanent, "report it"),
    (112, TroubleClass::Permanent, "report it"),
    (120, TroubleClass::Permanent, "Update Deskbell"),
    (121, TroubleClass::Permanent, "Update Deskbell"),
    (123, TroubleClass::Permanent, "e-mail"),
    (205, TroubleClass::Permanent, "suspended"),
    (313, TroubleClass::Permanent, "Use the free domain"),
    (314, TroubleClass::Permanent, "Use the free domain"),
    (319, TroubleClass::Permanent, "Choose the domain"),
    (320, TroubleClass::Permanent, "belongs to another"),
    (324, TroubleClass::Slow, "offline"),
    (334, TroubleClass::Slow, "another copy"),
    (338, TroubleClass::Permanent, "suspended"),
    (382, TroubleClass::Permanent, "e-mail"),
    (702, TroubleClass::Slow, "limit"),
    (703, TroubleClass::Slow, "limit"),
    (714, TroubleClass::Slow, "limit"),
    (718, TroubleClass::Slow, "limit"),
    (727, TroubleClass::Slow, "used up"),
    (734, TroubleClass::Slow, "limit"),
    (15013, TroubleClass::Permanent, "Claim the free one"),
    (18019, TroubleClass::Permanent, "Take the other program offline"),
    (4711, TroubleClass::Passing, "ERR_NGROK_4711"),
];

#[tokio::test(start_paused = true)]
async fn every_code_ends_in_its_sentence_whether_the_token_or_the_domain_is_refused() {
    for at_the_door in [true, false] {
        for &(number, class, word) in CODES {
            let (house, edge) = (House::open(), Edge::in_memory());
            let code = format!("ERR_NGROK_{number}");
            let said = format!("No, said with {}.", edge.token());
            if at_the_door {
                edge.reject_auth(&code, &said);
            } else {
                edge.reject_bind(&code, &said);
            }
            let mut kept = house.keep(in_memory(&edge, None));
            let status = kept.until(|status| status.trouble.is_some()).await;
            let trouble = status.trouble.unwrap();
            assert_eq!(trouble.code.as_deref(), Some(&*code));
            assert_eq!(trouble.class, class, "{code}");
            assert!(trouble.words.contains(word), "{code}: {}", trouble.words);
            assert!(
                trouble.words.to_lowercase().contains("customers' messages"),
                "{code}: {}",
                trouble.words
            );
            let detail = trouble.detail.unwrap();
            assert!(
                detail.starts_with("No, said with …"),
                "the token is kept out: {detail}"
            );
            let phase = match class {
                TroubleClass::Permanent => TunnelPhase::Stopped,
                _ => TunnelPhase::Waiting,
            };
            assert_eq!(status.phase, phase, "{code}");
            assert_eq!(status.next_try.is_some(), phase == TunnelPhase::Waiting, "{code}");

            // What passes, passes by itself; what does not, when somebody has done something about it.
            edge.accept_auth();
            edge.accept_binds();
            if phase == TunnelPhase::Stopped {
                kept.keeper.reconnect();
            }
            kept.online().await;
            kept.end().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_of_no_use_is_not_tried_again_until_somebody_asks() {
    let (house, edge) = (House::open(), Edge::in_memory());
    edge.revoke_token(&edge.token());
    let mut kept = house.keep(in_memory(&edge, None));
    kept.phase(TunnelPhase::Stopped).await;
    kept.keeper.wake();
    sleep(Duration::from_hours(24)).await;
    let tries = edge.frames().iter().filter(|frame| frame.kind == "auth").count();
    assert_eq!(tries, 2, "one question and one answer");
    assert_eq!(edge.open_pipes(), 0);

    edge.allow_token(&edge.token());
    kept.keeper.reconnect();
    kept.online().await;
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn another_copy_is_waited_for_patiently() {
    let (house, edge) = (House::open(), Edge::in_memory());
    let mut first = house.keep(in_memory(&edge, None));
    let url = first.online().await;
    let mut second = house.keep(in_memory(&edge, None));
    let waiting = second.phase(TunnelPhase::Waiting).await;
    assert_eq!(waiting.trouble.unwrap().code.as_deref(), Some("ERR_NGROK_334"));
    sleep(Duration::from_mins(10)).await;
    assert!(second.now().attempt <= 30, "{} tries", second.now().attempt);
    assert!(is_answered(&edge, &url).await, "the first is not disturbed");
    first.end().await;
    assert_eq!(second.online().await, url);
    second.end().await;
}

#[tokio::test(start_paused = true)]
async fn the_domain_that_ngrok_chose_is_asked_for_by_name_from_then_on() {
    let (house, edge) = (House::open(), Edge::in_memory());
    edge.set_random_names(true);
    let config = in_memory(&edge, None);
    let mut kept = house.keep(config.clone());
    let url = kept.online().await;
    let status = kept.now();
    let domain = status.domain().unwrap().to_owned();
    // It belongs to the account once it was given.
    edge.reserve(&edge.token(), &domain);
    // What is saved because of that changes nothing.
    let TunnelConfig::Ngrok(mut ngrok) = config else {
        panic!("another way");
    };
    ngrok.domain = Some(domain.clone());
    kept.keeper.change(TunnelConfig::Ngrok(ngrok));
    sleep(Duration::from_mins(1)).await;
    assert_eq!(kept.keeper.counters().sessions, 1);

    edge.cut();
    kept.until(|status| status.phase != TunnelPhase::Online).await;
    assert_eq!(kept.online().await, url);
    let asked: Vec<_> = edge
        .binds()
        .iter()
        .map(|bind| bind.options["Domain"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(asked, ["", &*domain]);
    kept.end().await;

    let mut saved = house.keep(in_memory(&edge, Some(&format!(" https://{domain}/ "))));
    assert_eq!(saved.online().await, url);
    saved.end().await;
}

#[tokio::test(start_paused = true)]
async fn neither_the_computers_name_nor_a_path_is_told_to_ngrok() {
    let (house, edge) = (House::open(), Edge::in_memory());
    let mut kept = house.keep(in_memory(&edge, None));
    kept.online().await;
    let (sessions, binds) = (edge.sessions(), edge.binds());
    let (session, bind) = (sessions.first().unwrap(), binds.first().unwrap());
    assert_eq!(bind.forwards_to, "inbox");
    assert_eq!((&*bind.metadata, session.said("Metadata")), ("", ""));
    assert_eq!(session.said("Hostname"), "");
    assert_eq!(session.said("ClientType"), "deskbell");
    assert!(
        session.said("UserAgent").starts_with("deskbell/"),
        "{}",
        session.said("UserAgent")
    );
    let executable = std::env::current_exe().unwrap();
    let name = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    for frame in edge.frames().iter().filter(|frame| frame.from == Side::Agent) {
        let said = frame.body.to_string();
        assert!(!said.contains(&*executable.to_string_lossy()), "{said}");
        assert!(name.trim().is_empty() || !said.contains(name.trim()), "{said}");
        assert!(!said.contains("pid="), "{said}");
    }
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_tunnel_that_is_stopped_at_ngroks_page_stays_stopped_and_one_that_is_restarted_comes_back() {
    let (house, edge) = (House::open(), Edge::in_memory());
    let mut kept = house.keep(in_memory(&edge, None));
    kept.online().await;
    assert_eq!(edge.order_restart().await, [None], "it is obeyed");
    edge.wait("a second session", |edge| edge.binds().len() == 2)
        .await
        .unwrap();
    kept.online().await;
    assert_eq!(kept.keeper.counters().failures, 0);

    assert_eq!(edge.order_stop().await, [None], "it is obeyed");
    let stopped = kept.phase(TunnelPhase::Stopped).await;
    assert!(
        stopped
            .trouble
            .unwrap()
            .words
            .contains("stopped the tunnel at ngrok's page")
    );
    edge.wait("the edge is alone", |edge| edge.open_pipes() == 0)
        .await
        .unwrap();
    kept.keeper.reconnect();
    kept.online().await;
    assert!(
        edge.order_update("9.9.9").await.iter().all(Option::is_some),
        "never by itself"
    );
    kept.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_tunnel_that_ngrok_closes_while_it_is_open_says_why() {
    let (house, edge) = (House::open(), Edge::in_memory());
    let mut kept = house.keep(in_memory(&edge, None));
    kept.online().await;
    edge.stop_tunnels("ERR_NGROK_338", "Account suspended.").await;
    let stopped = kept.phase(TunnelPhase::Stopped).await;
    let trouble = stopped.trouble.unwrap();
    assert_eq!(trouble.code.as_deref(), Some("ERR_NGROK_338"));
    assert!(trouble.words.contains("suspended"), "{}", trouble.words);
    edge.wait("the edge is alone", |edge| edge.open_pipes() == 0)
        .await
        .unwrap();
    kept.end().await;
}
