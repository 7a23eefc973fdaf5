//! What our own call hears from outside when it is not us who answer.

use crate::house::{House, PATH, TOKEN, on_a_port};
use gateway::outside::{self, OutsideTrouble, Reach};
use simulator::Edge;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use vault::Secret;

const NOWHERE: Reach = Reach {
    server: None,
    ca_pem: None,
};

/// A server that gives everybody the same answer.
async fn answering(answer: &'static str) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let at = listener.local_addr().unwrap();
    let serving = tokio::task::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 2_048];
            drop(stream.read(&mut asked).await);
            drop(stream.write_all(answer.as_bytes()).await);
        }
    });
    (at, serving)
}

async fn call(url: &str, reach: &Reach) -> OutsideTrouble {
    outside::call(url, &Secret::new(TOKEN), reach).await.unwrap_err()
}

#[tokio::test]
async fn each_wrong_answer_has_a_sentence_of_its_own() {
    for (answer, trouble, word) in [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nWelcome",
            OutsideTrouble::SomebodyElse,
            "Somebody else answers",
        ),
        (
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
            OutsideTrouble::WrongStatus { status: 403 },
            "verify token (status 403)",
        ),
        (
            "HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n",
            OutsideTrouble::WrongStatus { status: 302 },
            "status 302",
        ),
        (
            "HTTP/1.1 404 Not Found\r\nContent-Length: 24\r\n\r\noffline (ERR_NGROK_3200)",
            OutsideTrouble::TunnelAnswers {
                code: "ERR_NGROK_3200".to_owned(),
                meaning: "the address is offline there. Right after connecting this lasts a few seconds; if it stays, \
                          another program of this account has taken the address, or the tunnel is down.",
            },
            "ERR_NGROK_3200",
        ),
    ] {
        let (at, serving) = answering(answer).await;
        let heard = call(&format!("http://{at}{PATH}"), &NOWHERE).await;
        assert_eq!(heard, trouble);
        assert!(heard.to_string().contains(word), "{heard}");
        serving.abort();
    }
}

#[tokio::test]
async fn an_address_where_nobody_is_or_that_is_none_is_said_so() {
    let gone = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let at = gone.local_addr().unwrap();
    drop(gone);
    let heard = call(&format!("http://{at}{PATH}"), &NOWHERE).await;
    assert!(matches!(heard, OutsideTrouble::NotReached { .. }), "{heard:?}");
    let said = format!("{heard:?}");
    assert!(!said.contains(PATH) && !said.contains(TOKEN), "{said}");
    assert_eq!(call("desk", &NOWHERE).await, OutsideTrouble::NotAnAddress);
    assert_eq!(
        call("https://no-such-desk.invalid/hooks", &NOWHERE).await,
        OutsideTrouble::UnknownName
    );
}

#[tokio::test]
async fn an_answer_that_takes_longer_than_five_seconds_is_none() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let at = listener.local_addr().unwrap();
    let connected = tokio::task::spawn(async move { listener.accept().await });
    let url = format!("http://{at}{PATH}");
    let calling = tokio::task::spawn(async move { call(&url, &NOWHERE).await });
    let _silent = connected.await.unwrap().unwrap();
    // It has asked by now or is about to; the rest of the time passes at once.
    tokio::time::pause();
    assert_eq!(calling.await.unwrap(), OutsideTrouble::TooSlow);
}

#[tokio::test]
async fn ngroks_page_about_a_tunnel_that_is_down_is_understood() {
    let edge = Edge::start().await.unwrap();
    let house = House::open();
    let reach = Reach {
        server: Some(edge.addr()),
        ca_pem: Some(edge.ca_pem().into_bytes()),
    };
    let mut kept = house.keep(on_a_port(&edge));
    let url = kept.online().await;
    edge.set_quota(0, "ERR_NGROK_727");
    let heard = call(&format!("{url}{PATH}"), &reach).await;
    assert!(heard.to_string().contains("this month's requests"), "{heard}");
    edge.lift_quota();
    kept.end().await;
    let heard = call(&format!("{url}{PATH}"), &reach).await;
    assert!(heard.to_string().contains("ERR_NGROK_3200"), "{heard}");

    let stranger = Reach {
        ca_pem: None,
        ..reach
    };
    let heard = call(&format!("{url}{PATH}"), &stranger).await;
    assert!(matches!(heard, OutsideTrouble::NotTrusted { .. }), "{heard:?}");
}
