//! What is known of the connection, and that no more is claimed than is known.

use crate::linked::Linked;
use crate::town::{NUMBER, TOKEN, Town};
use domain::TunnelKind;
use engine::{CommandError, NewTunnel, is_dead};
use simulator::{Fault, Health as MetaHealth, Rule, Token};
use std::time::{Duration, Instant};
use store::Channel;
use vault::{Secret, SecretName};

const WABA: &str = "398000000000007";

#[tokio::test]
async fn a_look_tells_number_account_and_token() {
    let town = Town::open().await;
    let check = town.engine.check_now(&town.channel).await.unwrap();
    assert_eq!(check.trouble, None);
    let health = town.engine.channel_health(&town.channel).await.unwrap();
    let facts = &health.facts;
    assert_eq!(facts.status.as_deref(), Some("CONNECTED"));
    assert_eq!(facts.quality.as_deref(), Some("GREEN"));
    assert_eq!(facts.review.as_deref(), Some("APPROVED"));
    assert_eq!(facts.callback.as_deref(), Some(town.url.as_str()));
    assert_eq!(facts.version.as_deref(), Some("v25.0"));
    assert!(facts.skew.is_some_and(|skew| skew.abs() <= 2), "{facts:?}");
    let token = facts.token.clone().unwrap();
    assert!(token.valid && token.endless, "{token:?}");
    assert!(!is_dead(&check));
    town.engine.stop().await;
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_no_dead_token_and_what_is_known_stays() {
    let town = Town::open().await;
    town.engine.check_now(&town.channel).await.unwrap();
    let before = town.engine.channel_health(&town.channel).await.unwrap();
    town.meta
        .fault(Rule::from(Fault::TimeOut).on_management().always());
    let begun = Instant::now();
    let check = town.engine.check_now(&town.channel).await.unwrap();
    let took = begun.elapsed();
    assert!(took < Duration::from_millis(5_500), "{took:?}");
    assert!(!is_dead(&check), "{check:?}");
    let trouble = check.trouble.clone().unwrap();
    assert_eq!(trouble.code, None);
    assert!(trouble.words.contains("within five seconds"), "{trouble:?}");
    let after = town.engine.channel_health(&town.channel).await.unwrap();
    assert_eq!(after.facts, before.facts);
    assert_eq!(check.checked_at, before.check.unwrap().checked_at);
    town.meta.clear_faults();
    let check = town.engine.check_now(&town.channel).await.unwrap();
    assert_eq!((check.trouble, check.tries), (None, 0));
    town.engine.stop().await;
}

#[tokio::test]
async fn only_what_meta_calls_a_dead_token_is_one() {
    for (fault, dead) in [
        (Fault::code(190), true),
        (Fault::html(401), true),
        (Fault::code(2), false),
        (Fault::code(10), false),
        (Fault::code(4), false),
        (Fault::html(502), false),
        (Fault::Reset, false),
    ] {
        let town = Town::open().await;
        town.meta
            .fault(Rule::from(fault.clone()).on_management().always());
        let check = town.engine.check_now(&town.channel).await.unwrap();
        assert_eq!(is_dead(&check), dead, "{fault:?}: {check:?}");
        town.engine.stop().await;
    }
}

#[tokio::test]
async fn an_expired_token_and_a_missing_payment_method_are_seen() {
    let town = Town::open().await;
    let ends = 1_700_000_000;
    town.meta.add_token(Token::new(TOKEN, &[WABA]).expires(ends));
    let check = town.engine.check_now(&town.channel).await.unwrap();
    assert!(is_dead(&check), "{check:?}");
    assert!(check.trouble.unwrap().words.contains("expired"));

    town.meta.add_token(Token::new(TOKEN, &[WABA]));
    town.meta.set_health(NUMBER, MetaHealth::payment_missing());
    town.engine.check_now(&town.channel).await.unwrap();
    let health = town.engine.channel_health(&town.channel).await.unwrap();
    assert_eq!(health.facts.can_send.as_deref(), Some("BLOCKED"));
    assert_eq!(health.facts.obstacles[0].code, Some(141_006));
    town.engine.stop().await;
}

#[tokio::test]
async fn an_address_that_somebody_else_takes_is_seen_at_the_next_look() {
    let shop = Linked::open().await;
    shop.choose().await;
    shop.registered(&shop.url()).await;
    let health = shop.engine.channel_health(&shop.channel).await.unwrap();
    assert_eq!(health.has_our_address(), Some(true));
    shop.meta
        .subscribe_unverified(NUMBER, "https://elsewhere.example/hook");
    shop.engine.check_now(&shop.channel).await.unwrap();
    let health = shop.engine.channel_health(&shop.channel).await.unwrap();
    assert_eq!(health.has_our_address(), Some(false));
    shop.engine.register_now(&shop.channel).await.unwrap();
    let health = shop.engine.channel_health(&shop.channel).await.unwrap();
    assert_eq!(health.has_our_address(), Some(true));
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_channel_that_begins_to_wait_is_asked_about() {
    let town = Town::open_with_delay(Duration::ZERO).await;
    let channel = town.channel.clone();
    let first = town
        .until("the first look", {
            let channel = channel.clone();
            move |r| Ok(r.channel_check(&channel)?.and_then(|check| check.checked_at))
        })
        .await;
    let conversation = town.hear(&crate::town::ines(), "Hello").await;
    town.meta.fault(Fault::code(131_042));
    town.say(conversation, "Hi").await;
    town.until("a channel that waits", {
        let channel = channel.clone();
        move |r| Ok(r.channel(&channel)?.hold.map(|hold| hold.code))
    })
    .await;
    town.until("another look", move |r| {
        let check = r.channel_check(&channel)?;
        Ok(check.and_then(|check| check.checked_at).filter(|at| *at > first))
    })
    .await;
    town.engine.stop().await;
}

#[tokio::test]
async fn a_tunnel_that_does_not_fit_changes_nothing_and_names_its_field() {
    let shop = Linked::open().await;
    shop.choose().await;
    shop.registered(&shop.url()).await;
    let before = shop.engine.tunnel().await.unwrap();
    let refused = shop
        .engine
        .save_tunnel(NewTunnel {
            kind: TunnelKind::Url,
            authtoken: None,
            domain: None,
            url: Some("http://desk.example.com".to_owned()),
            tunnel_token: None,
            port: None,
            lan: None,
        })
        .await
        .unwrap_err();
    assert!(
        matches!(&refused, CommandError::Misfit { field, .. } if field == "url"),
        "{refused:?}"
    );
    let after = shop.engine.tunnel().await.unwrap();
    assert_eq!((after.kind, after.status.url), (before.kind, before.status.url));
    let kept = shop.engine.store().read(|r| r.setting("tunnel")).await.unwrap();
    assert!(
        !kept.unwrap().contains(&shop.edge.token()),
        "the authtoken is in the vault only"
    );
    let name = SecretName::new("tunnel", "authtoken");
    let secret = shop.vault.get(&name).await.unwrap();
    assert_eq!(secret, Some(Secret::new(shop.edge.token())));
    shop.engine.stop().await;
}

#[tokio::test]
async fn an_authtoken_that_ngrok_does_not_know_stops_the_tunnel_with_a_sentence() {
    let shop = Linked::open().await;
    shop.edge.allow_token(&simulator::Edge::token_of("somebody else"));
    shop.choose().await;
    let mut tunnel = shop.engine.tunnel_changes();
    let status = tunnel
        .wait_for(|status| status.phase == engine::TunnelPhase::Stopped)
        .await
        .unwrap()
        .clone();
    let trouble = status.trouble.unwrap();
    assert_eq!(trouble.code.as_deref(), Some("ERR_NGROK_107"));
    let health = shop.engine.health().await.unwrap();
    assert_eq!(health.listening_since, None);
    // Right the next time: it opens without a restart.
    shop.edge.allow_token(&shop.edge.token());
    shop.engine.retry_tunnel().await.unwrap();
    shop.registered(&shop.url()).await;
    shop.engine.stop().await;
}

#[tokio::test]
async fn what_is_only_told_is_not_taken_for_known() {
    let shop = Linked::open().await;
    let health = shop.engine.health().await.unwrap();
    let known: &Channel = &health.channels[0].channel;
    assert_eq!(known.id, shop.channel);
    assert_eq!(health.channels[0].has_our_address(), None);
    assert_eq!(health.channels[0].check, None);
    assert!(health.disk_free.is_some_and(|free| free > 0));
    assert_eq!(health.tunnel.kind, TunnelKind::None);
    assert!(!health.tunnel.chosen);
    shop.engine.stop().await;
}
