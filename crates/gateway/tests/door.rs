//! The front door over real loopback HTTP, in front of a real file.

#![expect(
    clippy::unwrap_used,
    reason = "what tests prepare has to work; clippy only knows the test functions themselves"
)]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method itself is not general enough over the lifetime of a reader"
)]

use domain::{ChannelKind, EndpointId, Timestamp};
use gateway::{Door, Doorplate, MAX_BODY};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::{Access, JournalCounts, Store};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use vault::Secret;

const SECRET: &str = "the app secret of this test";
const PATH: &str = "/hooks/door";
const GENUINE: &[u8] = br#"{"object":"whatsapp_business_account","entry":[]}"#;

fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

struct House {
    folder: TempDir,
    store: Store,
    door: Arc<Door>,
    address: SocketAddr,
    cancel: CancellationToken,
    tasks: JoinSet<()>,
    endpoint: EndpointId,
}

impl House {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write).unwrap();
        let endpoint = store
            .write(|t| t.add_endpoint(PATH, ChannelKind::WhatsappCloud, "print", Timestamp(0)))
            .await
            .unwrap();
        let door = Door::new(store.clone(), Arc::new(|| Timestamp(1_794_301_200_000)));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let cancel = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(gateway::serve(listener, Arc::clone(&door), cancel.clone()));
        let (counting, until) = (Arc::clone(&door), cancel.clone());
        tasks.spawn(async move { counting.count_refusals(&until).await });
        let house = Self {
            folder,
            store,
            door,
            address,
            cancel,
            tasks,
            endpoint,
        };
        house.hang(&[SECRET]);
        house
    }

    fn hang(&self, secrets: &[&str]) {
        let plate = Doorplate {
            endpoint: self.endpoint,
            kind: ChannelKind::WhatsappCloud,
            secrets: secrets.iter().map(|&secret| Secret::new(secret)).collect(),
            verify_tokens: vec![Secret::new("open sesame")],
        };
        self.door.set_plates(HashMap::from([(PATH.to_owned(), plate)]));
    }

    /// Sends a request as it stands and returns the whole answer.
    async fn ask(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn get(&self, target: &str) -> (u16, String) {
        let request = format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = self.ask(request.as_bytes()).await;
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        (status(&answer), body.unwrap_or_default())
    }

    async fn post(&self, headers: &[(&str, &str)], body: &[u8]) -> u16 {
        status(&self.ask(&request(headers, body)).await)
    }

    async fn signed(&self, body: &[u8]) -> u16 {
        let signature = sign(SECRET, body);
        self.post(&[("X-Hub-Signature-256", &signature)], body).await
    }

    async fn counts(&self) -> JournalCounts {
        self.store.read(|r| r.journal_counts()).await.unwrap()
    }

    /// Ends the server, so that everything it counted is written down, and reads the file again.
    async fn closed(mut self) -> JournalCounts {
        self.cancel.cancel();
        while let Some(task) = self.tasks.join_next().await {
            task.unwrap();
        }
        self.store.close().await;
        let again = Store::open(self.folder.path(), Access::Write).unwrap();
        let counts = again.read(|r| r.journal_counts()).await.unwrap();
        again.close().await;
        counts
    }
}

fn request(headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request += name;
        request += ": ";
        request += value;
        request += "\r\n";
    }
    request += "\r\n";
    let mut bytes = request.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or_default()
}

#[tokio::test]
async fn a_genuine_post_is_answered_when_it_is_on_disk_byte_for_byte() {
    let house = House::open().await;
    let body = b"{ \"object\" : \"whatsapp_business_account\",\n \"x\":\"\\u00e9 \xc3\xa9\" }";
    assert_eq!(house.signed(body).await, 200);
    // Another connection to the same file, while the first is open.
    let other = Store::open(house.folder.path(), Access::Read).unwrap();
    let stored = other.read(|r| r.pending_webhooks(10, usize::MAX)).await.unwrap();
    assert_eq!(stored.len(), 1);
    assert!(stored.iter().all(|entry| entry.body == body));
    assert_eq!(house.closed().await.pending, 1);
}

#[tokio::test]
async fn what_is_not_signed_with_our_secret_leaves_no_row_and_is_counted() {
    let house = House::open().await;
    let good = sign(SECRET, GENUINE);
    let sha1 = good.replace("sha256=", "sha1=");
    let cut: String = good.chars().take(70).collect();
    let foreign = sign("the secret of another app", GENUINE);
    let other_bytes = sign(SECRET, b"{}");
    for headers in [
        vec![],
        vec![("X-Hub-Signature-256", sha1.as_str())],
        vec![("X-Hub-Signature", sha1.as_str())],
        vec![("X-Hub-Signature-256", cut.as_str())],
        vec![("X-Hub-Signature-256", foreign.as_str())],
        vec![("X-Hub-Signature-256", other_bytes.as_str())],
        vec![("X-Hub-Signature-256", "sha256=")],
        vec![
            ("X-Hub-Signature-256", good.as_str()),
            ("X-Hub-Signature-256", foreign.as_str()),
        ],
    ] {
        assert_eq!(house.post(&headers, GENUINE).await, 401, "{headers:?}");
    }
    let counts = house.closed().await;
    assert_eq!((counts.received, counts.refused_signature), (0, 8));
}

#[tokio::test]
async fn a_signature_counts_for_every_valid_secret_of_the_address_and_for_no_other() {
    let house = House::open().await;
    house.hang(&["the next secret", SECRET]);
    assert_eq!(house.signed(GENUINE).await, 200);
    house.hang(&["the next secret"]);
    assert_eq!(house.signed(GENUINE).await, 401);
}

#[tokio::test]
async fn a_genuine_post_that_is_no_json_is_refused_and_kept_for_us_to_see() {
    let house = House::open().await;
    assert_eq!(house.signed(b"<xml/>").await, 400);
    assert_eq!(house.signed(b"").await, 400);
    assert_eq!(house.signed(b"[1, 2").await, 400);
    let refused = house
        .store
        .read(|r| r.webhook_ids(Some(store::JournalState::Refused)))
        .await
        .unwrap();
    assert_eq!(refused.len(), 3);
    let counts = house.closed().await;
    assert_eq!(
        (counts.received, counts.pending, counts.refused_syntax),
        (0, 0, 3)
    );
}

#[tokio::test]
async fn odd_but_well_formed_json_is_taken() {
    let house = House::open().await;
    for body in [
        &b"[]"[..],
        b"null",
        b"{\"object\":\"page\"}",
        b"{\"text\":\"\\ud83d\"}",
        b"{\"text\":\"\\u0000\"}",
    ] {
        assert_eq!(house.signed(body).await, 200, "{}", String::from_utf8_lossy(body));
    }
    assert_eq!(house.closed().await.received, 5);
}

#[tokio::test]
async fn four_mebibytes_are_taken_and_one_byte_more_is_not() {
    let house = House::open().await;
    let mut body = vec![b' '; MAX_BODY - GENUINE.len()];
    body.extend_from_slice(GENUINE);
    assert_eq!(house.signed(&body).await, 200);
    body.insert(0, b' ');
    assert_eq!(house.signed(&body).await, 413);
    let counts = house.closed().await;
    assert_eq!((counts.received, counts.refused_size), (1, 1));
}

#[tokio::test]
async fn a_body_without_a_length_is_measured_as_it_comes() {
    let house = House::open().await;
    let signature = sign(SECRET, GENUINE);
    let mut request = format!(
        "POST {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Hub-Signature-256: {signature}\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    );
    for half in std::str::from_utf8(GENUINE).unwrap().split_inclusive(',') {
        request += &[&format!("{:x}\r\n", half.len()), half, "\r\n"].concat();
    }
    request += "0\r\n\r\n";
    assert_eq!(status(&house.ask(request.as_bytes()).await), 200);
    assert_eq!(house.closed().await.received, 1);
}

#[tokio::test]
async fn without_a_disk_or_a_secret_the_provider_is_asked_to_come_back() {
    let house = House::open().await;
    house.hang(&[]);
    assert_eq!(house.signed(GENUINE).await, 503, "no secret can be read");
    house.hang(&[SECRET]);
    house.store.close().await;
    assert_eq!(house.signed(GENUINE).await, 503, "nothing can be stored");
    let counts = house.closed().await;
    assert_eq!((counts.received, counts.refused_signature), (0, 0));
}

#[tokio::test]
async fn a_visit_is_answered_by_what_it_asks() {
    let house = House::open().await;
    let ask =
        |token: &str| format!("{PATH}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=1158201444");
    assert_eq!(
        house.get(&ask("open%20sesame")).await,
        (200, "1158201444".to_owned())
    );
    assert_eq!(house.get(&ask("open+sesame")).await.0, 200);
    assert_eq!(house.get(&ask("wrong")).await.0, 403);
    assert_eq!(house.get(&format!("{PATH}?hub.mode=subscribe")).await.0, 400);
    assert_eq!(house.get(PATH).await.0, 404);
    assert_eq!(house.get("/hooks/elsewhere").await.0, 404);
    assert_eq!(house.get("/").await.0, 404);
    let put = house
        .ask(format!("PUT {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes())
        .await;
    assert_eq!(status(&put), 405);
    assert!(put.to_lowercase().contains("allow: get, post"), "{put}");
    assert_eq!(house.closed().await, JournalCounts::default());
}

#[tokio::test]
async fn a_challenge_is_given_back_as_text_that_no_browser_runs() {
    let house = House::open().await;
    let target = format!("{PATH}?hub.mode=subscribe&hub.verify_token=open+sesame&hub.challenge=%3Cscript%3E");
    let answer = house
        .ask(format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes())
        .await
        .to_lowercase();
    assert!(
        answer.contains("content-type: text/plain") && answer.contains("nosniff"),
        "{answer}"
    );
}

#[tokio::test]
async fn many_posts_at_once_are_each_stored_once() {
    let house = House::open().await;
    let mut posts = JoinSet::new();
    for number in 0..100 {
        let address = house.address;
        posts.spawn(async move {
            let body = format!("{{\"number\":{number}}}");
            let signature = sign(SECRET, body.as_bytes());
            let mut stream = TcpStream::connect(address).await.unwrap();
            let bytes = request(&[("X-Hub-Signature-256", &signature)], body.as_bytes());
            stream.write_all(&bytes).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            status(&answer)
        });
    }
    while let Some(answer) = posts.join_next().await {
        assert_eq!(answer.unwrap(), 200);
    }
    assert_eq!(house.counts().await.received, 100);
    house.closed().await;
}

#[tokio::test]
async fn a_request_under_way_is_finished_when_the_door_closes_and_nobody_new_comes_in() {
    let mut house = House::open().await;
    let signature = sign(SECRET, GENUINE);
    let bytes = request(&[("X-Hub-Signature-256", &signature)], GENUINE);
    let (first, rest) = bytes.split_at(bytes.len() - 10);
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    stream.write_all(first).await.unwrap();
    // Answered after it, so the first request has certainly been accepted.
    assert_eq!(house.get("/").await.0, 404);

    house.cancel.cancel();
    while TcpStream::connect(house.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    stream.write_all(rest).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert_eq!(status(&answer), 200);
    while let Some(task) = house.tasks.join_next().await {
        task.unwrap();
    }
    assert_eq!(house.closed().await.received, 1);
}

/// Reads to the end of the connection with a clock that runs ahead whenever nothing else happens; returns what came
/// and how long that took by this clock.
async fn until_closed(stream: &mut TcpStream) -> (String, Duration) {
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(Duration::from_hours(1), stream.read_to_end(&mut answer)).await;
    assert!(ended.is_ok(), "the connection stays open");
    (String::from_utf8_lossy(&answer).into_owned(), begun.elapsed())
}

#[tokio::test]
async fn a_caller_who_never_finishes_the_head_is_sent_away() {
    let house = House::open().await;
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    stream
        .write_all(b"POST /hooks/door HTTP/1.1\r\nHost:")
        .await
        .unwrap();
    let (_, took) = until_closed(&mut stream).await;
    assert!(
        took >= Duration::from_secs(10) && took < Duration::from_secs(12),
        "{took:?}"
    );
}

#[tokio::test]
async fn a_caller_who_never_finishes_the_body_is_told_and_sent_away() {
    let house = House::open().await;
    let signature = sign(SECRET, GENUINE);
    let bytes = request(&[("X-Hub-Signature-256", &signature)], GENUINE);
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    let (first, _) = bytes.split_at(bytes.len() - 10);
    stream.write_all(first).await.unwrap();
    let (answer, took) = until_closed(&mut stream).await;
    assert_eq!(status(&answer), 408);
    assert!(
        took >= Duration::from_secs(20) && took < Duration::from_secs(40),
        "{took:?}"
    );
}
