//! Who is answered, over real loopback HTTP.

use super::{new_token, serve};
use api::{Desk, DeskOptions};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::net::SocketAddr;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use vault::Vault;

struct Seat {
    _folder: TempDir,
    desk: Desk,
    address: SocketAddr,
    token: String,
    stop: CancellationToken,
    server: JoinSet<std::io::Result<()>>,
}

impl Seat {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(DeskOptions {
            can_open_demo: false,
            ..DeskOptions::new(folder.path().to_owned(), Vault::memory())
        })
        .await
        .unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let token = new_token().unwrap();
        let stop = CancellationToken::new();
        let mut server = JoinSet::new();
        server.spawn(serve(listener, desk.clone(), token.clone(), stop.clone()));
        Self {
            _folder: folder,
            desk,
            address,
            token: token.expose().to_owned(),
            stop,
            server,
        }
    }

    /// A request with exactly these headers; the host is ours unless it is among them.
    async fn ask(&self, line: &str, headers: &[(&str, &str)], body: &str) -> (u16, String) {
        let mut request = format!(
            "{line} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        if !headers.iter().any(|(name, _)| *name == "Host") {
            let _ = write!(request, "Host: {}\r\n", self.address);
        }
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let _ = write!(request, "\r\n{body}");
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
        (status.unwrap_or_default(), answer)
    }

    async fn rpc(&self, headers: &[(&str, &str)], body: &str) -> (u16, Value) {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("Authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        let (status, answer) = self.ask("POST /rpc", &all, body).await;
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    async fn close(mut self) {
        self.stop.cancel();
        while let Some(served) = self.server.join_next().await {
            served.unwrap().unwrap();
        }
        self.desk.stop().await;
    }
}

const HEALTH: &str = r#"{"command":"health"}"#;

#[tokio::test]
async fn whoever_has_the_token_is_answered_and_nobody_else() {
    let seat = Seat::open().await;
    let (status, answer) = seat.rpc(&[], HEALTH).await;
    assert_eq!(status, 200);
    assert!(answer["ok"]["findings"].is_array(), "{answer}");
    let half: String = seat.token.chars().take(32).collect();
    for given in [
        String::new(),
        "Bearer ".to_owned(),
        format!("Bearer {half}"),
        format!("Basic {}", seat.token),
        format!("Bearer {}x", seat.token),
    ] {
        for line in [
            "POST /rpc",
            "GET /events",
            "GET /files/1",
            "POST /files?name=a.txt",
        ] {
            let (status, answer) = seat.ask(line, &[("Authorization", &given)], HEALTH).await;
            assert_eq!(status, 401, "{line} {given}");
            assert!(!answer.contains("findings"));
        }
    }
    let (status, _) = seat
        .ask(&format!("POST /rpc?token={}", seat.token), &[], HEALTH)
        .await;
    assert_eq!(status, 401, "not in an address, which ends up in logs");
    let (status, _) = seat.rpc(&[("Authorization", "Bearer x")], HEALTH).await;
    assert_eq!(status, 401, "two answers to one question");
    seat.close().await;
}

#[tokio::test]
async fn another_name_for_this_computer_and_another_page_are_refused() {
    let seat = Seat::open().await;
    let port = seat.address.port();
    for host in [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example:80",
        "",
    ] {
        assert_eq!(seat.rpc(&[("Host", host)], HEALTH).await.0, 403, "{host}");
        assert_eq!(seat.ask("GET /", &[("Host", host)], "").await.0, 403, "{host}");
    }
    let evil = format!("http://evil.example:{port}");
    let https = format!("https://127.0.0.1:{port}");
    for origin in [evil.as_str(), https.as_str(), "null", "http://127.0.0.1"] {
        assert_eq!(seat.rpc(&[("Origin", origin)], HEALTH).await.0, 403, "{origin}");
    }
    let ours = format!("http://localhost:{port}");
    let host = format!("localhost:{port}");
    assert_eq!(
        seat.rpc(&[("Host", &host), ("Origin", &ours)], HEALTH).await.0,
        200
    );
    seat.close().await;
}

#[tokio::test]
async fn troubles_have_a_status_and_the_documented_shape() {
    let seat = Seat::open().await;
    for (body, status, code) in [
        ("{", 400, "bad_request"),
        ("[]", 400, "bad_request"),
        (r#"{"command":"no_such"}"#, 404, "unknown_command"),
        (
            r#"{"command":"thread","args":{"conversation_id":"9"}}"#,
            404,
            "not_found",
        ),
        (
            r#"{"command":"thread","args":{"conversation_id":"x"}}"#,
            400,
            "bad_request",
        ),
        (r#"{"command":"open_demo","args":{}}"#, 409, "not_now"),
    ] {
        let (given, answer) = seat.rpc(&[], body).await;
        assert_eq!(
            (given, &answer["error"]["code"]),
            (status, &json!(code)),
            "{body}"
        );
        assert!(answer["error"]["message"].is_string() && answer["error"]["retryable"].is_boolean());
    }
    let large = format!(
        r#"{{"command":"search","args":{{"query":"{}"}}}}"#,
        "x".repeat(1024 * 1024)
    );
    assert_eq!(seat.rpc(&[], &large).await.0, 413);
    seat.close().await;
}

#[tokio::test]
async fn the_stream_of_changes_speaks_at_once_and_ends_with_the_program() {
    let seat = Seat::open().await;
    let mut stream = TcpStream::connect(seat.address).await.unwrap();
    let request = format!(
        "GET /events HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
        seat.address, seat.token
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut heard = String::new();
    let mut bytes = [0_u8; 1024];
    while !heard.contains(": listening") {
        let read = stream.read(&mut bytes).await.unwrap();
        assert!(read > 0, "{heard}");
        heard += &String::from_utf8_lossy(bytes.get(..read).unwrap());
    }
    assert!(heard.contains("text/event-stream"), "{heard}");
    let (status, _) = seat
        .rpc(
            &[],
            r#"{"command":"set_mode","args":{"scope":"global","mode":"off"}}"#,
        )
        .await;
    assert_eq!(status, 200);
    // Other news of the start may come in the same line.
    while !heard.contains("{\"kind\":\"health\"}") {
        let read = stream.read(&mut bytes).await.unwrap();
        assert!(read > 0, "{heard}");
        heard += &String::from_utf8_lossy(bytes.get(..read).unwrap());
    }
    seat.close().await;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
}

#[tokio::test]
async fn the_windows_files_are_given_without_a_token_and_with_a_tight_policy() {
    let seat = Seat::open().await;
    let (status, answer) = seat.ask("GET /", &[], "").await;
    assert_eq!(status, 200);
    let head = answer.to_lowercase();
    for wanted in [
        "content-type: text/html",
        "content-security-policy: ",
        "x-content-type-options: nosniff",
        "x-frame-options: deny",
        "referrer-policy: no-referrer",
    ] {
        assert!(head.contains(wanted), "{wanted} is missing");
    }
    assert!(!answer.contains(&seat.token));
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/no/such/file",
        "//etc/passwd",
    ] {
        assert_eq!(seat.ask(&format!("GET {path}"), &[], "").await.0, 404, "{path}");
    }
    seat.close().await;
}
