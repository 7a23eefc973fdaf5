//! The whole way: a visitor's HTTPS through ngrok's edge, the real crate, hyper and the door into a file.

use crate::house::{House, PATH, SECRET, TOKEN, in_memory, is_answered, on_a_port, visit};
use gateway::outside::{self, Reach};
use gateway::tunnel::{OwnUrl, TroubleClass, TunnelConfig, TunnelPhase};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use simulator::Edge;
use std::sync::Arc;
use std::time::Duration;
use store::TunnelUsage;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use vault::Secret;

const GENUINE: &str = r#"{"object":"whatsapp_business_account","entry":[]}"#;

fn signature(body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// A client from elsewhere: public names lead it to the edge.
fn elsewhere(edge: &Edge) -> reqwest::Client {
    edge.lead(reqwest::Client::builder()).unwrap().build().unwrap()
}

/// Our own call, by way of the edge.
fn reach(edge: &Edge) -> Reach {
    Reach {
        server: Some(edge.addr()),
        ca_pem: Some(edge.ca_pem().into_bytes()),
    }
}

#[tokio::test]
async fn a_webhook_that_comes_through_ngrok_is_on_disk_before_it_is_answered() {
    let edge = Edge::start().await.unwrap();
    let house = House::furnished().await;
    let mut kept = house.keep(on_a_port(&edge));
    let url = kept.online().await;
    let client = elsewhere(&edge);
    let post = |signature: String| {
        let request = client.post(format!("{url}{PATH}")).body(GENUINE);
        request.header("X-Hub-Signature-256", signature).send()
    };
    assert_eq!(post(signature(GENUINE)).await.unwrap().status(), 200);
    let counts = house.store.read(|reader| reader.journal_counts()).await.unwrap();
    assert_eq!(counts.received, 1);
    assert_eq!(post(signature("something else")).await.unwrap().status(), 401);
    let elsewhere = client.get(format!("{url}/")).send().await.unwrap();
    assert_eq!(elsewhere.status(), 404);
    kept.end().await;
    edge.wait("the edge is alone", |edge| edge.open_pipes() == 0)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_comes_through_a_tunnel_is_counted_and_what_comes_by_the_local_port_is_not() {
    let edge = Edge::start().await.unwrap();
    let house = House::furnished().await;
    let mut kept = house.keep(on_a_port(&edge));
    let url = kept.online().await;
    let client = elsewhere(&edge);
    for _ in 0..3 {
        client.get(format!("{url}/")).send().await.unwrap();
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let local = listener.local_addr().unwrap();
    let cancel = CancellationToken::new();
    let (street, until) = (house.street.clone(), cancel.clone());
    let serving = tokio::task::spawn(async move { street.serve(listener, until).await });
    client.get(format!("http://{local}/")).send().await.unwrap();

    // Told to end, it writes down what it has.
    house
        .street
        .meter()
        .keep(&house.store, &house.now, &cancelled())
        .await;
    let month = |month: &'static str| house.store.read(move |reader| reader.tunnel_usage(month));
    let usage = month("2026-11").await.unwrap();
    assert_eq!(usage.requests, 3);
    assert!((300..3_000).contains(&usage.bytes), "{usage:?}");
    assert_eq!(month("2026-10").await.unwrap(), TunnelUsage::default());
    assert_eq!(house.street.meter().take(), (0, 0), "nothing is counted twice");
    cancel.cancel();
    serving.await.unwrap();
    kept.end().await;
}

fn cancelled() -> CancellationToken {
    let token = CancellationToken::new();
    token.cancel();
    token
}

#[tokio::test]
async fn our_own_call_comes_back_through_the_public_address_and_is_no_visit_of_the_providers() {
    let edge = Edge::start().await.unwrap();
    let house = House::open();
    let mut kept = house.keep(on_a_port(&edge));
    let url = kept.online().await;
    let callback = format!("{url}{PATH}");
    let called = outside::call(&callback, &Secret::new(TOKEN), &reach(&edge)).await;
    assert_eq!(called, Ok(()));
    assert_eq!(house.door.greeted(house.endpoint), None);

    let mut greetings = house.door.greetings();
    let visited = edge.request(visit(&url)).await.unwrap();
    assert_eq!(visited.status(), 200);
    greetings.changed().await.unwrap();
    assert!(house.door.greeted(house.endpoint).is_some());
    kept.end().await;
}

#[tokio::test]
async fn a_visit_with_a_wrong_token_is_no_greeting() {
    let house = House::open();
    let edge = Edge::in_memory();
    let mut kept = house.keep(in_memory(&edge, None));
    let url = kept.online().await;
    let wrong = format!("{url}{PATH}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess");
    let request = http::Request::get(wrong).body(bytes::Bytes::new()).unwrap();
    assert_eq!(edge.request(request).await.unwrap().status(), 403);
    assert_eq!(house.door.greeted(house.endpoint), None);
    kept.end().await;
}

#[tokio::test]
async fn a_server_with_a_certificate_of_its_own_is_not_taken_for_ngrok() {
    let edge = Edge::start().await.unwrap();
    let house = House::open();
    let TunnelConfig::Ngrok(mut ngrok) = on_a_port(&edge) else {
        panic!("another way");
    };
    if let Some(server) = &mut ngrok.server {
        server.ca_pem.clear();
    }
    let mut kept = house.keep(TunnelConfig::Ngrok(ngrok));
    let waiting = kept.phase(TunnelPhase::Waiting).await;
    let trouble = waiting.trouble.unwrap();
    assert_eq!(trouble.class, TroubleClass::Passing);
    assert!(
        trouble.words.contains("Somebody else answers"),
        "{}",
        trouble.words
    );
    assert_eq!(edge.sessions(), [], "the token was not told");
    kept.end().await;
}

#[tokio::test]
async fn requests_under_way_are_answered_when_the_tunnel_ends() {
    let edge = Edge::start().await.unwrap();
    let house = House::furnished().await;
    let mut kept = house.keep(on_a_port(&edge));
    let url = kept.online().await;
    let (first, rest) = GENUINE.split_at(20);
    let (more, pieces) = mpsc::channel::<&'static str>(2);
    let body = reqwest::Body::wrap_stream(futures_util::stream::unfold(pieces, |mut pieces| async {
        let piece = pieces.recv().await?;
        Some((Ok::<_, std::io::Error>(piece), pieces))
    }));
    let request = elsewhere(&edge)
        .post(format!("{url}{PATH}"))
        .header("X-Hub-Signature-256", signature(GENUINE))
        .body(body)
        .send();
    let asking = tokio::task::spawn(request);
    more.send(first).await.unwrap();
    // Until it is under way at our side of the tunnel.
    while house.street.meter().take().0 == 0 {
        tokio::task::yield_now().await;
    }
    let ending = tokio::task::spawn(kept.end());
    edge.wait("nobody new comes in", |edge| edge.online().is_empty())
        .await
        .unwrap();
    more.send(rest).await.unwrap();
    drop(more);
    assert_eq!(asking.await.unwrap().unwrap().status(), 200);
    ending.await.unwrap();
}

#[tokio::test]
async fn an_address_of_ones_own_leads_to_the_port_it_is_forwarded_to() {
    let house = House::open();
    let free = TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let config = |listen| {
        TunnelConfig::OwnUrl(OwnUrl {
            url: format!("http://localhost:{}", free.port()),
            listen,
        })
    };
    let mut kept = house.keep(config(Some(free)));
    let url = kept.online().await;
    let callback = format!("{url}{PATH}");
    let token = Secret::new(TOKEN);
    let call = || outside::call(&callback, &token, &NOWHERE);
    assert_eq!(call().await, Ok(()));
    let (requests, bytes) = house.street.meter().take();
    assert!(requests == 1 && bytes > 0, "{requests} {bytes}");

    // When somebody else listens there, nothing of ours does.
    kept.keeper.change(config(None));
    let keeper = kept.keeper.clone();
    kept.until(|_| keeper.counters().sessions == 2).await;
    assert!(call().await.is_err());
    kept.end().await;
}

const NOWHERE: Reach = Reach {
    server: None,
    ca_pem: None,
};

#[tokio::test]
async fn a_port_that_is_taken_is_named_and_tried_again_and_an_unfit_address_is_not() {
    let house = House::open();
    let taken = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let at = taken.local_addr().unwrap();
    let own = |url: &str| {
        TunnelConfig::OwnUrl(OwnUrl {
            url: url.to_owned(),
            listen: Some(at),
        })
    };
    let mut kept = house.keep(own("https://desk.example.com"));
    let trouble = kept.phase(TunnelPhase::Waiting).await.trouble.unwrap();
    assert!(
        trouble.words.contains(&at.port().to_string()),
        "{}",
        trouble.words
    );
    drop(taken);
    kept.keeper.wake();
    assert_eq!(kept.online().await, "https://desk.example.com");

    kept.keeper.change(own("http://desk.example.com"));
    let trouble = kept.phase(TunnelPhase::Stopped).await.trouble.unwrap();
    assert!(trouble.words.contains("https://"), "{}", trouble.words);
    kept.end().await;
}

#[tokio::test]
async fn five_hundred_callers_of_the_port_do_not_keep_those_of_the_tunnel_out() {
    let house = House::open();
    let edge = Edge::in_memory();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let local = listener.local_addr().unwrap();
    let cancel = CancellationToken::new();
    let (street, until) = (house.street.clone(), cancel.clone());
    let serving = tokio::task::spawn(async move { street.serve(listener, until).await });
    let mut kept = house.keep(in_memory(&edge, None));
    let url = Arc::new(kept.online().await);
    let mut silent = Vec::new();
    for _ in 0..gateway::MAX_CONNECTIONS {
        silent.push(tokio::net::TcpStream::connect(local).await.unwrap());
    }
    let answered = tokio::time::timeout(Duration::from_secs(5), is_answered(&edge, &url)).await;
    assert_eq!(
        answered,
        Ok(true),
        "the seats are shared, and who is silent makes room"
    );
    cancel.cancel();
    serving.await.unwrap();
    kept.end().await;
}
