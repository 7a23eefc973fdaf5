//! Talking to Meta when the line breaks. What counts is whether the request may have arrived: then nobody may send it
//! again without asking.

#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "a test server that cannot start should say so"
)]

#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs"
)]
mod support;

use channels::SendOutcome;
use channels::whatsapp::Graph;
use domain::{SendClass, SendFailure};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::mpsc;
use std::time::Duration;
use support::{PATIENT, account, graph, message, raw_server};

/// The server holds its connection until the test lets go of this.
fn held() -> (mpsc::Sender<()>, impl FnOnce() + Send + 'static) {
    let (hold, released) = mpsc::channel();
    (hold, move || {
        assert!(released.recv().is_err(), "nothing is sent here");
    })
}

async fn reason(base_url: &str, graph: &Graph) -> String {
    match graph.send(&account(base_url), &message()).await {
        SendOutcome::Unknown { reason } => {
            assert!(
                !reason.contains("appsecret_proof") && !reason.contains("EAAtoken"),
                "{reason}"
            );
            reason
        }
        other => panic!("{other:?}"),
    }
}

fn impatient() -> Graph {
    Graph::with_timeouts(PATIENT, Duration::from_millis(300)).expect("a client")
}

#[tokio::test]
async fn without_a_server_nothing_was_sent() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let base_url = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let outcome = graph().send(&account(&base_url), &message()).await;
    let SendOutcome::Refused(SendFailure { class, title, .. }) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(class, SendClass::Offline);
    assert!(title.contains("internet connection"), "{title}");
    let failure = graph().check(&account(&base_url)).await.expect_err("a failure");
    assert!(failure.words.contains("internet connection"), "{failure:?}");
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_was_told_nothing() {
    let base_url = raw_server_for_tls().replace("http://", "https://");
    let outcome = graph().send(&account(&base_url), &message()).await;
    assert!(
        matches!(&outcome, SendOutcome::Refused(failure) if failure.class == SendClass::Offline),
        "{outcome:?}"
    );
}

fn raw_server_for_tls() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let base_url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a visitor");
        let mut hello = [0_u8; 512];
        let read = stream.read(&mut hello);
        let written = stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        drop((read, written));
    });
    base_url
}

#[tokio::test]
async fn a_server_that_never_finishes_the_greeting_was_told_nothing() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let base_url = format!("https://{}", listener.local_addr().expect("an address"));
    let hasty = Graph::with_timeouts(Duration::from_millis(300), PATIENT).expect("a client");
    let outcome = hasty.send(&account(&base_url), &message()).await;
    assert!(
        matches!(&outcome, SendOutcome::Refused(failure) if failure.class == SendClass::Offline),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_connection_that_may_have_died_meanwhile_is_not_used_again() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let base_url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let body = "{\"messages\":[{\"id\":\"wamid.X\"}]}";
        let mut kept_open = Vec::new();
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().expect("a visitor");
            support::read_request(&mut stream);
            write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .expect("written");
            kept_open.push(stream);
        }
    });
    let graph = graph();
    for _ in 0..2 {
        let outcome = graph.send(&account(&base_url), &message()).await;
        assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
    }
}

#[tokio::test]
async fn silence_after_the_request_leaves_it_open_whether_it_arrived() {
    let (hold, wait) = held();
    let base_url = raw_server(move |stream| {
        wait();
        drop(stream);
    });
    assert!(reason(&base_url, &impatient()).await.contains("in time"));
    drop(hold);
}

#[tokio::test]
async fn a_line_that_closes_after_the_request_leaves_it_open() {
    let base_url = raw_server(drop);
    assert!(reason(&base_url, &graph()).await.contains("broke"));
    let base_url = raw_server(|stream| {
        stream.shutdown(Shutdown::Write).expect("half closed");
        let mut stream = stream;
        let mut rest = Vec::new();
        drop(stream.read_to_end(&mut rest));
    });
    assert!(reason(&base_url, &graph()).await.contains("broke"));
}

#[tokio::test]
async fn a_line_that_is_reset_in_the_middle_leaves_it_open() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let base_url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a visitor");
        // Closing with bytes unread resets the connection.
        let mut first = [0_u8; 1];
        stream.read_exact(&mut first).expect("a byte");
    });
    reason(&base_url, &graph()).await;
}

#[tokio::test]
async fn an_answer_that_stops_halfway_leaves_it_open() {
    let cut = raw_server(|mut stream| {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"messages\":[{\"id\":\"wamid.X\"}";
        stream.write_all(answer.as_bytes()).expect("written");
    });
    assert!(reason(&cut, &graph()).await.contains("could not be read"));

    let (hold, wait) = held();
    let slow = raw_server(move |mut stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{")
            .expect("written");
        wait();
    });
    reason(&slow, &impatient()).await;
    drop(hold);
}

#[tokio::test]
async fn garbage_in_place_of_an_answer_leaves_it_open() {
    for garbage in [
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 banana\r\n\r\n",
    ] {
        let base_url = raw_server(move |mut stream| {
            stream.write_all(garbage.as_bytes()).expect("written");
        });
        reason(&base_url, &graph()).await;
    }
}

#[tokio::test]
async fn a_refusal_stays_a_refusal_when_its_explanation_is_cut() {
    let base_url = raw_server(|mut stream| {
        stream
            .write_all(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 500\r\n\r\n{\"error\"")
            .expect("written");
    });
    let outcome = graph().send(&account(&base_url), &message()).await;
    assert!(
        matches!(&outcome, SendOutcome::Refused(failure) if failure.class == SendClass::Configuration),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn an_interim_answer_is_waited_out() {
    let base_url = raw_server(|mut stream| {
        let body = "{\"messages\":[{\"id\":\"wamid.X\"}]}";
        let answer = format!(
            "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).expect("written");
    });
    let outcome = graph().send(&account(&base_url), &message()).await;
    assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
}
