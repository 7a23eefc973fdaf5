//! What goes wrong, and how it looks to an agent.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use ngrok::session::{ConnectError, Stop};
use ngrok::tunnel::AcceptError;
use simulator::Edge;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::agent::{
    INTERVAL, Road, TOLERANCE, both, builder, domain_of, end_of, listen, refused, session, shop,
};
use crate::common::SOON;

fn gave_up(end: Option<&AcceptError>) -> bool {
    matches!(end, Some(AcceptError::Reconnect(error)) if matches!(**error, ConnectError::Canceled))
}

#[tokio::test]
async fn a_cut_ends_the_session_and_the_next_one_gets_the_name() -> anyhow::Result<()> {
    for (road, edge) in both().await? {
        let agent = session(&edge, road, &edge.token()).await?;
        let mut shop = shop(&agent).await?;
        edge.cut();
        assert!(gave_up(end_of(&mut shop).await?.as_ref()));
        edge.wait("the pipe is gone", |edge| edge.open_pipes() == 0)
            .await?;
        assert!(edge.online().is_empty());
        assert!(edge.sessions().iter().all(|session| !session.open));
        let again = session(&edge, road, &edge.token()).await?;
        assert_eq!(domain_of(&listen(&again, Some(&shop.domain)).await?), shop.domain);
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_name_lingers_after_a_cut_that_was_not_noticed() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    edge.set_linger(Duration::from_secs(30));
    let agent = session(&edge, Road::Memory, &edge.token()).await?;
    let mut shop = shop(&agent).await?;
    edge.cut();
    assert!(gave_up(end_of(&mut shop).await?.as_ref()));
    edge.wait("the pipe is gone", |edge| edge.open_pipes() == 0)
        .await?;

    let again = session(&edge, Road::Memory, &edge.token()).await?;
    let domain = Some(shop.domain.as_str());
    assert_eq!(refused(&listen(&again, domain).await), "ERR_NGROK_334");
    tokio::time::advance(Duration::from_secs(29)).await;
    assert_eq!(edge.online(), [shop.domain.clone()]);
    let visit = Request::get(format!("https://{}/hello", shop.domain)).body(Bytes::new())?;
    assert_eq!(edge.request(visit).await?.status(), 502);
    tokio::time::advance(Duration::from_secs(2)).await;
    assert!(edge.online().is_empty());
    assert_eq!(refused(&listen(&again, domain).await), "");
    Ok(())
}

#[tokio::test]
async fn who_comes_back_with_id_and_token_gets_the_name_that_lingers() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    edge.set_linger(Duration::from_mins(10));
    // This agent is left to reconnect by itself, as the published client does.
    let mut builder = builder(&edge, Road::Memory, &edge.token())?;
    let dialled = edge.clone();
    builder.connector(move |_, _, _, _| {
        let edge = dialled.clone();
        async move {
            let pipe = edge.dial().await.map_err(ConnectError::Tcp)?;
            Ok(Box::new(pipe) as Box<dyn ngrok::session::IoStream>)
        }
    });
    let agent = builder.connect().await?;
    let shop = shop(&agent).await?;
    edge.cut();
    edge.wait("the agent came back", |edge| edge.binds().len() == 2)
        .await?;
    let binds = edge.binds();
    assert!(binds.iter().all(|bind| bind.domain == shop.domain));
    assert_eq!(
        binds.iter().map(|bind| bind.again).collect::<Vec<_>>(),
        [false, true]
    );
    let ids: Vec<_> = edge
        .sessions()
        .into_iter()
        .map(|session| session.client_id)
        .collect();
    assert_eq!(ids.first(), ids.last());
    let visit = Request::get(format!("https://{}/hello", shop.domain)).body(Bytes::new())?;
    assert_eq!(edge.request(visit).await?.status(), 200);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_mute_edge_is_noticed_by_the_missing_beat_and_by_nothing_else() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let (told, mut beats) = mpsc::unbounded_channel();
    let mut builder = builder(&edge, Road::Memory, &edge.token())?;
    builder
        .heartbeat_interval(INTERVAL)?
        .heartbeat_tolerance(TOLERANCE)?;
    builder.handle_heartbeat(move |latency: Option<Duration>| {
        let told = told.clone();
        async move {
            told.send(latency.is_some())?;
            Ok(())
        }
    });
    let agent = builder.connect().await?;
    let mut shop = shop(&agent).await?;
    for _ in 0..3 {
        assert_eq!(beats.recv().await, Some(true));
    }
    let answered = |edge: &Edge| edge.sessions().iter().any(|session| session.beats >= 2);
    edge.wait("the agent answers the edge's heart too", answered)
        .await?;
    while beats.try_recv().is_ok() {}

    edge.mute();
    let muted = Instant::now();
    while beats.recv().await != Some(false) {}
    assert!(muted.elapsed() <= INTERVAL + TOLERANCE, "{:?}", muted.elapsed());
    assert_eq!(edge.open_pipes(), 1, "the pipe stays open");
    assert!(shop.end.try_recv().is_err(), "the client does nothing about it");
    // A second pipe works.
    session(&edge, Road::Memory, &edge.token()).await?;

    // Whoever hangs up is heard, whatever else is not.
    let pipe = edge.dial().await?;
    edge.wait("three pipes", |edge| edge.open_pipes() == 3).await?;
    edge.mute();
    drop(pipe);
    edge.wait("two pipes", |edge| edge.open_pipes() == 2).await?;
    Ok(())
}

#[tokio::test]
async fn nobody_gets_in_during_an_outage() -> anyhow::Result<()> {
    for (road, edge) in both().await? {
        let agent = session(&edge, road, &edge.token()).await?;
        let mut shop = shop(&agent).await?;
        edge.outage(true);
        assert!(gave_up(end_of(&mut shop).await?.as_ref()));
        let refused = builder(&edge, road, &edge.token())?.connect().await;
        assert!(
            matches!(refused, Err(ConnectError::Tcp(_) | ConnectError::Tls(_))),
            "{:?}",
            refused.err()
        );
        edge.wait("the pipe is gone", |edge| edge.open_pipes() == 0)
            .await?;
        let visit = Request::get(format!("https://{}/hello", shop.domain)).body(Bytes::new())?;
        assert_eq!(edge.request(visit).await?.status(), 404);
        edge.outage(false);
        session(&edge, road, &edge.token()).await?;
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn an_outage_ends_by_itself_unless_another_was_ordered() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    edge.outage_for(Duration::from_mins(2));
    assert!(edge.dial().await.is_err());
    tokio::time::sleep(Duration::from_mins(1)).await;
    edge.outage_for(Duration::from_mins(2));
    tokio::time::sleep(Duration::from_secs(90)).await;
    assert!(edge.dial().await.is_err(), "the second outage goes on");
    tokio::time::sleep(Duration::from_secs(31)).await;
    assert!(edge.dial().await.is_ok());
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_black_hole_takes_the_agent_and_never_answers() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    edge.black_hole(true);
    let builder = builder(&edge, Road::Memory, &edge.token())?;
    let waited = tokio::time::timeout(Duration::from_mins(5), builder.connect()).await;
    assert!(waited.is_err(), "{:?}", waited.map(Result::err));
    assert!(edge.sessions().is_empty());
    edge.black_hole(false);
    session(&edge, Road::Memory, &edge.token()).await?;
    Ok(())
}

#[tokio::test]
async fn a_stopped_tunnel_tells_its_agent_why() -> anyhow::Result<()> {
    for (road, edge) in both().await? {
        let agent = session(&edge, road, &edge.token()).await?;
        let mut shop = shop(&agent).await?;
        edge.stop_tunnels("ERR_NGROK_338", "The account is suspended.")
            .await;
        match end_of(&mut shop).await? {
            Some(AcceptError::ListenerClosed { message, error_code }) => {
                assert_eq!(message, "The account is suspended.");
                assert_eq!(error_code.as_deref(), Some("ERR_NGROK_338"));
            }
            other => anyhow::bail!("the listener was not closed: {other:?}"),
        }
        assert!(edge.online().is_empty());
        assert_eq!(edge.open_pipes(), 1, "the session stays");
    }
    Ok(())
}

#[tokio::test]
async fn orders_of_the_dashboard_reach_the_agent() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let (told, mut stops) = mpsc::unbounded_channel();
    let mut builder = builder(&edge, Road::Memory, &edge.token())?;
    builder.handle_stop_command(move |_: Stop| {
        let told = told.clone();
        async move { told.send(()).map_err(|error| error.to_string()) }
    });
    let _agent = builder.connect().await?;
    assert_eq!(edge.order_stop().await, [None]);
    assert_eq!(stops.recv().await, Some(()));
    let refusals = edge.order_restart().await;
    assert!(refusals.iter().all(Option::is_some), "{refusals:?}");
    assert!(edge.order_update("9.9.9").await.iter().all(Option::is_some));
    Ok(())
}

/// A small sequence of numbers that look random and are the same every time.
fn noise(seed: u64) -> impl Iterator<Item = u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::iter::from_fn(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes().get(3).copied()
    })
}

/// A frame of the multiplexer: length, kind and flags, stream, body.
fn frame(kind_and_flags: u8, stream: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or_default();
    let mut bytes = ((length << 8) | u32::from(kind_and_flags)).to_be_bytes().to_vec();
    bytes.extend(stream.to_be_bytes());
    bytes.extend(body);
    bytes
}

#[tokio::test]
async fn no_bytes_whatever_bring_the_edge_down() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let panics = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = Arc::clone(&panics);
    let before = std::panic::take_hook();
    let silent = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        // Other tests of this program run on other threads.
        if std::thread::current().id() == silent {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
        before(info);
    }));
    let mut inputs: Vec<Vec<u8>> = (1..200).map(|seed| noise(seed).take(777).collect()).collect();
    for seed in 1..200_u64 {
        // Sound frames with senseless contents, and senseless frames on streams that exist.
        let mut bytes = Vec::new();
        for (number, kind) in noise(seed).take(12).enumerate() {
            let stream = u32::try_from(number)? / 2 * 2 + 1;
            let body: Vec<u8> = noise(seed + u64::from(kind))
                .take(usize::from(kind % 40))
                .collect();
            bytes.extend(frame(kind & 0x33, stream * u32::from(kind & 0x40 == 0), &body));
        }
        inputs.push(bytes);
    }
    for kind in 0..12_u32 {
        for text in [
            "{",
            "null",
            "[]",
            "{\"Extra\":7}",
            "{\"Opts\":{\"Domain\":[]},\"Proto\":\"https\"}",
            "x",
        ] {
            let mut body = kind.to_be_bytes().to_vec();
            body.extend(text.as_bytes());
            inputs.push(frame(0x12, 3, &body));
        }
    }
    for input in inputs {
        let mut pipe = edge.dial().await?;
        let _ = pipe.write_all(&input).await;
        let _ = pipe.shutdown().await;
        let mut answer = Vec::new();
        tokio::time::timeout(SOON, pipe.read_to_end(&mut answer)).await??;
    }
    edge.wait("all pipes are gone", |edge| edge.open_pipes() == 0)
        .await?;
    assert_eq!(panics.load(std::sync::atomic::Ordering::SeqCst), 0);
    let agent = session(&edge, Road::Memory, &edge.token()).await?;
    shop(&agent).await?;
    Ok(())
}

#[tokio::test]
async fn a_stranger_on_the_port_does_not_disturb_it() -> anyhow::Result<()> {
    let edge = Edge::start().await?;
    for seed in 1..20 {
        let mut stranger = tokio::net::TcpStream::connect(edge.addr()).await?;
        let bytes: Vec<u8> = noise(seed).take(600).collect();
        stranger.write_all(&bytes).await?;
    }
    let agent = session(&edge, Road::Port, &edge.token()).await?;
    shop(&agent).await?;
    Ok(())
}

#[tokio::test]
async fn everything_ends_with_the_last_handle() -> anyhow::Result<()> {
    let edge = Edge::start().await?;
    let agent = session(&edge, Road::Port, &edge.token()).await?;
    let mut shop = shop(&agent).await?;
    let (addr, clone) = (edge.addr(), edge.clone());
    drop(edge);
    assert!(shop.end.try_recv().is_err());
    drop(clone);
    assert!(gave_up(end_of(&mut shop).await?.as_ref()));
    let closed = async { while tokio::net::TcpStream::connect(addr).await.is_ok() {} };
    tokio::time::timeout(SOON, closed).await?;
    Ok(())
}
