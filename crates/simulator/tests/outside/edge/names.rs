//! Who is let in, and who gets which name.

use ngrok::config::TunnelBuilder as _;
use ngrok::tunnel::{TunnelCloser as _, TunnelInfo as _};
use simulator::Edge;
use simulator::edge::Side;

use super::agent::{INBOX, Road, both, domain_of, listen, refused, refused_session, session, tunnel};

#[tokio::test]
async fn an_agent_is_let_in_and_gets_the_same_name_every_time() -> anyhow::Result<()> {
    for (road, edge) in both().await? {
        let token = edge.token();
        for _ in 0..2 {
            let agent = session(&edge, road, &token).await?;
            let mut tunnel = listen(&agent, None).await?;
            assert_eq!(domain_of(&tunnel), edge.dev_domain(&token));
            assert!(domain_of(&tunnel).ends_with(".ngrok-free.app"));
            tunnel.close().await?;
            edge.wait("the name is free", |edge| edge.online().is_empty())
                .await?;
        }
        assert_ne!(
            edge.dev_domain(&token),
            edge.dev_domain(&Edge::token_of("another"))
        );
        edge.set_dev_domain(&token, "brave-lynx.ngrok-free.dev");
        let agent = session(&edge, road, &token).await?;
        assert_eq!(
            domain_of(&listen(&agent, None).await?),
            "brave-lynx.ngrok-free.dev"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_token_that_is_no_good_is_refused_with_its_code() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let token = edge.token();
    assert_eq!(refused_session(&edge, "hello").await?, "ERR_NGROK_105");
    assert_eq!(refused_session(&edge, &token).await?, "");
    edge.revoke_token(&token);
    assert_eq!(refused_session(&edge, &token).await?, "ERR_NGROK_107");
    edge.allow_token(&token);
    assert_eq!(refused_session(&edge, &token).await?, "");
    let another = Edge::token_of("another");
    assert_eq!(refused_session(&edge, &another).await?, "ERR_NGROK_107");
    // The published client keeps the pipes of sessions it has let go, and they count.
    edge.cut();
    edge.wait("the agents are gone", |edge| edge.open_pipes() == 0)
        .await?;

    edge.reject_auth_once("ERR_NGROK_123", "The e-mail address is not verified.");
    assert_eq!(refused_session(&edge, &token).await?, "ERR_NGROK_123");
    assert_eq!(refused_session(&edge, &token).await?, "");
    edge.reject_auth("ERR_NGROK_103", "The account is suspended.");
    assert_eq!(refused_session(&edge, &token).await?, "ERR_NGROK_103");
    assert_eq!(refused_session(&edge, &token).await?, "ERR_NGROK_103");
    edge.accept_auth();
    assert_eq!(refused_session(&edge, &token).await?, "");
    Ok(())
}

#[tokio::test]
async fn a_fourth_agent_of_an_account_is_one_too_many() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let token = edge.token();
    let mut agents = Vec::new();
    for _ in 0..3 {
        agents.push(session(&edge, Road::Memory, &token).await?);
    }
    assert_eq!(refused_session(&edge, &token).await?, "ERR_NGROK_108");
    session(&edge, Road::Memory, &Edge::token_of("another account")).await?;
    Ok(())
}

#[tokio::test]
async fn a_name_is_refused_for_the_reason_it_has() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let (ours, theirs) = (edge.token(), Edge::token_of("somebody else"));
    let agent = session(&edge, Road::Memory, &ours).await?;
    let other = session(&edge, Road::Memory, &theirs).await?;
    let first = listen(&agent, None).await?;
    let domain = domain_of(&first);

    assert_eq!(refused(&listen(&agent, Some(&domain)).await), "ERR_NGROK_334");
    assert_eq!(refused(&listen(&other, Some(&domain)).await), "ERR_NGROK_320");
    let reserved = listen(&agent, Some("not-mine-at-all.ngrok-free.app")).await;
    assert_eq!(refused(&reserved), "ERR_NGROK_319");
    assert_eq!(
        refused(&listen(&agent, Some("desk.example.com")).await),
        "ERR_NGROK_313"
    );
    edge.reserve(&theirs, "desk.example.com");
    assert_eq!(
        refused(&listen(&agent, Some("desk.example.com")).await),
        "ERR_NGROK_320"
    );
    assert_eq!(refused(&listen(&other, Some("desk.example.com")).await), "");
    let mut pooled = tunnel(&agent, None);
    pooled.pooling_enabled(true);
    assert_eq!(refused(&pooled.listen().await), "ERR_NGROK_18019");

    edge.reject_bind_once("ERR_NGROK_15013", "No development name has been claimed yet.");
    assert_eq!(refused(&listen(&other, None).await), "ERR_NGROK_15013");
    assert_eq!(refused(&listen(&other, None).await), "");
    Ok(())
}

#[tokio::test]
async fn a_name_is_free_again_at_once_when_its_tunnel_is_closed() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let agent = session(&edge, Road::Memory, &edge.token()).await?;
    let mut first = listen(&agent, None).await?;
    let domain = domain_of(&first);
    first.close().await?;
    let again = listen(&agent, Some(&domain)).await?;
    assert_eq!(edge.online(), [domain]);
    assert_eq!(again.forwards_to(), INBOX);
    Ok(())
}

#[tokio::test]
async fn a_session_that_was_only_forgotten_keeps_its_name() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let token = edge.token();
    let mut forgotten = session(&edge, Road::Memory, &token).await?;
    let kept = listen(&forgotten, None).await?;
    // The published client answers that it has closed, and its pipe stays open.
    forgotten.close().await?;
    let agent = session(&edge, Road::Memory, &token).await?;
    assert_eq!(refused(&listen(&agent, None).await), "ERR_NGROK_334");
    drop(kept);
    Ok(())
}

#[tokio::test]
async fn what_leaves_the_machine_can_be_read_afterwards_and_no_token_is_in_it() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let token = edge.token();
    let agent = session(&edge, Road::Memory, &token).await?;
    let mut tunnel = listen(&agent, None).await?;
    tunnel.close().await?;

    let sessions = edge.sessions();
    let [seen] = sessions.as_slice() else {
        anyhow::bail!("one session, not {sessions:?}");
    };
    assert_eq!(seen.said("ClientType"), "Deskbell");
    assert!(
        seen.said("UserAgent")
            .starts_with("Deskbell/0.1.0 ngrok-rust/0.19")
    );
    assert_eq!(seen.said("Hostname"), "");
    let binds = edge.binds();
    assert_eq!(binds.len(), 1);
    assert!(
        binds
            .iter()
            .all(|bind| bind.forwards_to == INBOX && bind.metadata == "desk")
    );

    let frames = edge.frames();
    let told: Vec<_> = frames.iter().map(|frame| (frame.from, frame.kind)).collect();
    let both = |kind| [(Side::Agent, kind), (Side::Edge, kind)];
    assert_eq!(told, [both("auth"), both("bind"), both("unbind")].concat());
    let all = format!("{frames:?} {sessions:?} {edge:?}");
    assert!(!all.contains(&token), "{all}");
    Ok(())
}
