//! Visitors, from elsewhere and by the port.

use bytes::Bytes;
use http::Request;
use sha2::{Digest as _, Sha256};
use simulator::{DemoShop, Edge, Tempo};

use super::agent::{Road, both, session, shop};

/// The code that the edge gave by itself.
fn code<T>(response: &http::Response<T>) -> &str {
    let code = response.headers().get("ngrok-error-code");
    code.and_then(|code| code.to_str().ok()).unwrap_or_default()
}

async fn get(edge: &Edge, url: &str) -> anyhow::Result<http::Response<Bytes>> {
    edge.request(Request::get(url).body(Bytes::new())?).await
}

fn large() -> Bytes {
    (0..3_u32 << 20).map(|number| (number % 251) as u8).collect()
}

#[tokio::test]
async fn a_visitor_reads_and_a_visitor_sends_three_megabytes_on_both_roads() -> anyhow::Result<()> {
    for (road, edge) in both().await? {
        let agent = session(&edge, road, &edge.token()).await?;
        let shop = shop(&agent).await?;
        let url = format!("https://{}", shop.domain);
        let hello = get(&edge, &format!("{url}/hello")).await?;
        let expected = format!("hello {} by https from 203.0.113.7", shop.domain);
        assert_eq!(hello.body(), expected.as_bytes());

        let body = large();
        let post = Request::post(format!("{url}/digest")).body(body.clone())?;
        let answer = edge.request(post).await?;
        assert_eq!(answer.status(), 200);
        let digest = hex::encode(Sha256::digest(&body));
        assert_eq!(
            answer.headers().get("x-digest").map(http::HeaderValue::as_bytes),
            Some(digest.as_bytes())
        );
        assert!(
            answer.body().iter().rev().eq(body.iter()),
            "the answer came back whole"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_visitor_comes_by_the_port_with_an_ordinary_client() -> anyhow::Result<()> {
    let edge = Edge::start().await?;
    let agent = session(&edge, Road::Port, &edge.token()).await?;
    let shop = shop(&agent).await?;
    let client = edge.lead(reqwest::Client::builder().no_proxy())?.build()?;
    let url = format!("https://{}", shop.domain);
    for _ in 0..3 {
        let hello = client.get(format!("{url}/hello")).send().await?;
        assert_eq!(hello.status(), 200);
        let text = hello.text().await?;
        assert_eq!(text, format!("hello {} by https from 127.0.0.1", shop.domain));
    }
    let body = large();
    let answer = client
        .post(format!("{url}/digest"))
        .body(body.clone())
        .send()
        .await?;
    assert!(answer.bytes().await?.iter().rev().eq(body.iter()));
    // One visitor's connection was enough for four requests.
    let proxied = edge.frames().iter().filter(|frame| frame.kind == "proxy").count();
    assert_eq!(proxied, 1);
    assert_eq!(edge.visits().len(), 4);

    let nobody = client.get("https://nobody-here.ngrok-free.app/").send().await?;
    assert_eq!(nobody.status(), 404);
    assert!(nobody.text().await?.contains("ERR_NGROK_3200"));
    edge.reserve(&edge.token(), "desk.example.com");
    let own = client.get("https://desk.example.com/").send().await?;
    assert_eq!(own.status(), 404, "a name of one's own has a certificate too");
    Ok(())
}

#[tokio::test]
async fn a_visitor_hears_that_nobody_is_there_before_and_shortly_after_the_start() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let hello = format!("https://{}/hello", edge.dev_domain(&edge.token()));
    let before = get(&edge, &hello).await?;
    assert_eq!((before.status().as_u16(), code(&before)), (404, "ERR_NGROK_3200"));

    edge.set_start_lag(2);
    let agent = session(&edge, Road::Memory, &edge.token()).await?;
    let _shop = shop(&agent).await?;
    for expected in [404, 404, 200, 200] {
        assert_eq!(get(&edge, &hello).await?.status(), expected);
    }
    let codes: Vec<_> = edge.visits().into_iter().map(|visit| visit.code).collect();
    let offline = Some("ERR_NGROK_3200".to_owned());
    assert_eq!(codes, [offline.clone(), offline.clone(), offline, None, None]);
    Ok(())
}

#[tokio::test]
async fn a_used_up_quota_is_said_to_every_visitor_until_it_is_lifted() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let agent = session(&edge, Road::Memory, &edge.token()).await?;
    let shop = shop(&agent).await?;
    let hello = format!("https://{}/hello", shop.domain);
    edge.set_quota(1, "ERR_NGROK_727");
    assert_eq!(code(&get(&edge, &hello).await?), "");
    assert_eq!(code(&get(&edge, &hello).await?), "ERR_NGROK_727");
    assert_eq!(code(&get(&edge, &hello).await?), "ERR_NGROK_727");
    edge.lift_quota();
    assert_eq!(get(&edge, &hello).await?.status(), 200);
    Ok(())
}

#[tokio::test]
async fn a_browser_gets_a_page_in_between_unless_it_says_that_it_knows() -> anyhow::Result<()> {
    let edge = Edge::in_memory();
    let agent = session(&edge, Road::Memory, &edge.token()).await?;
    let shop = shop(&agent).await?;
    let browser = || {
        let url = format!("https://{}/hello", shop.domain);
        Request::get(url).header("user-agent", "Mozilla/5.0 (X11; Linux x86_64)")
    };
    let page = edge.request(browser().body(Bytes::new())?).await?;
    assert_eq!(code(&page), "ERR_NGROK_6024");
    let knows = browser()
        .header("ngrok-skip-browser-warning", "1")
        .body(Bytes::new())?;
    assert_eq!(code(&edge.request(knows).await?), "");
    edge.set_interstitial(false);
    assert_eq!(code(&edge.request(browser().body(Bytes::new())?).await?), "");
    Ok(())
}

#[tokio::test]
async fn the_demo_shop_is_reached_by_its_public_name() -> anyhow::Result<()> {
    let demo = DemoShop::start_at(Tempo::REAL).await?;
    let edge = demo.edge().clone();
    let url = format!("https://{}/hook", demo.public_name());
    assert!(demo.open(&url).await.is_err(), "nobody is behind the name yet");

    let agent = session(&edge, Road::Port, &edge.token()).await?;
    let shop = shop(&agent).await?;
    assert_eq!(shop.domain, demo.public_name());
    demo.open(&url).await?;
    let visits = edge.visits();
    let taken = |method: &str| {
        let taken = |visit: &&simulator::edge::Visit| visit.method == method && visit.status == 200;
        visits.iter().filter(taken).count()
    };
    assert_eq!(taken("GET"), 1, "the verification");
    assert!(taken("POST") > 10, "what customers wrote earlier");
    demo.stop().await;
    assert_eq!(edge.open_pipes(), 0);
    Ok(())
}
