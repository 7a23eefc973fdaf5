//! Uploading files.

#![expect(clippy::unwrap_used, reason = "a test server that cannot start should say so")]

#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs"
)]
mod support;

use channels::whatsapp::{FileToSend, Graph, UploadFailure};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Mutex;
use std::time::Duration;
use support::script::{error, json_answer, meta};
use support::{PATIENT, account, graph};
use tokio_util::sync::CancellationToken;

/// A file on disk; `size` is what it is said to have.
fn file(content: &[u8], size: usize, name: &str) -> FileToSend {
    let mut on_disk = tempfile::tempfile().unwrap();
    on_disk.write_all(content).unwrap();
    std::io::Seek::rewind(&mut on_disk).unwrap();
    FileToSend {
        file: tokio::fs::File::from_std(on_disk),
        size: size as u64,
        mime: "image/jpeg".to_owned(),
        file_name: name.to_owned(),
    }
}

#[tokio::test]
async fn a_file_arrives_byte_by_byte_with_its_type_and_gets_an_id() {
    let server = meta(vec![json_answer(200, &json!({"id": "77001"}))]).await;
    let content: Vec<u8> = (0_u32..200_000).map(|byte| byte.to_le_bytes()[0]).collect();
    let heard = Mutex::new(Vec::new());
    let id = graph()
        .upload(
            &account(&server.base_url),
            file(&content, content.len(), "loaf \"one\"\r\nx: y.jpg"),
            |sent| heard.lock().unwrap().push(sent),
            &CancellationToken::new(),
        )
        .await
        .unwrap();
    assert_eq!(id, "77001");
    let seen = server.asked_once();
    assert_eq!(seen.uri.path(), "/v25.0/600100/media");
    assert!(seen.query("appsecret_proof").is_some());
    let length: usize = seen.headers["content-length"].to_str().unwrap().parse().unwrap();
    assert_eq!(length, seen.body.len(), "the length is told beforehand");
    let kind = seen.headers["content-type"].to_str().unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage/jpeg\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; \
         filename=\"loaf %22one%22%0D%0Ax: y.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    );
    let mut whole = head.into_bytes();
    whole.extend_from_slice(&content);
    whole.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    assert!(seen.body == whole, "the form is as it should be");
    let heard = heard.into_inner().unwrap();
    assert!(heard.is_sorted(), "{heard:?}");
    assert_eq!(heard.last(), Some(&200_000));
}

#[tokio::test]
async fn what_meta_says_against_a_file_is_told_with_its_reference() {
    let mut refusal = error(
        131_053,
        None,
        Some(json!({"details": "Unsupported Image mime type"})),
    );
    refusal["error"]["fbtrace_id"] = json!("Atrace1");
    let server = meta(vec![json_answer(400, &refusal)]).await;
    let failure = graph()
        .upload(
            &account(&server.base_url),
            file(b"x", 1, "x.bmp"),
            |_| (),
            &CancellationToken::new(),
        )
        .await
        .unwrap_err();
    let UploadFailure::Call(call) = &failure else {
        panic!("{failure:?}");
    };
    assert_eq!(call.code, Some(131_053));
    assert_eq!(call.trace.as_deref(), Some("Atrace1"));
    assert_eq!(call.detail.as_deref(), Some("Unsupported Image mime type"));
    assert!(!failure.is_passing());
    assert!(
        failure.to_string().contains("did not accept the file"),
        "{failure}"
    );
}

#[tokio::test]
async fn an_answer_without_an_id_is_not_taken_for_an_upload() {
    let server = meta(vec![json_answer(200, &json!({"success": true}))]).await;
    let failure = graph()
        .upload(
            &account(&server.base_url),
            file(b"x", 1, "x.jpg"),
            |_| (),
            &CancellationToken::new(),
        )
        .await
        .unwrap_err();
    assert!(failure.is_passing(), "{failure:?}");
}

#[tokio::test]
async fn a_file_that_became_shorter_is_a_trouble_of_this_computer() {
    let server = meta(Vec::new()).await;
    let failure = graph()
        .upload(
            &account(&server.base_url),
            file(b"short", 50, "x.jpg"),
            |_| (),
            &CancellationToken::new(),
        )
        .await
        .unwrap_err();
    assert!(matches!(failure, UploadFailure::File(_)), "{failure:?}");
    assert!(!failure.is_passing());
}

#[tokio::test]
async fn a_file_that_became_longer_is_sent_as_long_as_it_was_said_to_be() {
    let server = meta(vec![json_answer(200, &json!({"id": 77002}))]).await;
    let id = graph()
        .upload(
            &account(&server.base_url),
            file(b"longer", 4, "x.jpg"),
            |_| (),
            &CancellationToken::new(),
        )
        .await
        .unwrap();
    assert_eq!(id, "77002");
    let body = server.asked_once().body;
    assert!(String::from_utf8_lossy(&body).contains("\r\n\r\nlong\r\n--"));
}

/// A server that takes the connection and then does nothing.
fn silent() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (format!("http://{}", listener.local_addr().unwrap()), listener)
}

/// Takes `most` bytes of what is sent, a little at a time with a pause in between, then answers.
fn slow_reader(most: usize, answer: &'static str) -> String {
    let (base, listening) = silent();
    std::thread::spawn(move || {
        let (mut stream, _) = listening.accept().unwrap();
        let (_tick, ticked) = std::sync::mpsc::channel::<()>();
        let mut buffer = vec![0; 500_000];
        let mut taken = 0;
        while taken < most {
            match stream.read(&mut buffer) {
                Ok(read) if read > 0 => taken += read,
                _ => return,
            }
            let _ = ticked.recv_timeout(Duration::from_millis(10));
        }
        if !answer.is_empty() {
            let _ = stream.write_all(answer.as_bytes());
            // Hanging up on what was not read yet would take the answer back.
            while stream.read(&mut buffer).is_ok_and(|read| read > 0) {}
        }
    });
    base
}

#[tokio::test]
async fn a_slow_line_is_fine_as_long_as_bytes_move() {
    let size = 30_000_000;
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{\"id\":\"77003\"}";
    let base = slow_reader(size, answer);
    let graph = Graph::with_timeouts(PATIENT, Duration::from_millis(500)).unwrap();
    let begun = std::time::Instant::now();
    let id = graph
        .upload(
            &account(&base),
            file(&vec![7; size], size, "x.mp4"),
            |_| (),
            &CancellationToken::new(),
        )
        .await
        .unwrap();
    assert_eq!(id, "77003");
    assert!(
        begun.elapsed() > Duration::from_millis(500),
        "longer than a call may last"
    );
}

#[tokio::test]
async fn an_upload_whose_line_is_cut_is_worth_another_try() {
    let size = 20_000_000;
    let failure = graph()
        .upload(
            &account(&slow_reader(2_000_000, "")),
            file(&vec![7; size], size, "x.mp4"),
            |_| (),
            &CancellationToken::new(),
        )
        .await
        .unwrap_err();
    assert!(matches!(failure, UploadFailure::Call(_)), "{failure:?}");
    assert!(failure.is_passing(), "{failure:?}");
}

#[tokio::test]
async fn an_upload_that_stands_still_is_given_up() {
    let (base, _listening) = silent();
    let impatient = Graph::with_timeouts(PATIENT, Duration::from_millis(100)).unwrap();
    let size = 20_000_000;
    let failure = impatient
        .upload(
            &account(&base),
            file(&vec![0; size], size, "x.jpg"),
            |_| (),
            &CancellationToken::new(),
        )
        .await
        .unwrap_err();
    assert!(matches!(failure, UploadFailure::Stalled), "{failure:?}");
    assert!(failure.is_passing());
}

#[tokio::test]
async fn a_person_can_stop_an_upload_that_has_begun() {
    let (base, _listening) = silent();
    let cancel = CancellationToken::new();
    let size = 20_000_000;
    let failure = graph()
        .upload(
            &account(&base),
            file(&vec![0; size], size, "x.jpg"),
            |_| cancel.cancel(),
            &cancel,
        )
        .await
        .unwrap_err();
    assert!(matches!(failure, UploadFailure::Cancelled), "{failure:?}");
}

#[tokio::test]
async fn an_upload_to_nobody_waits_for_the_network() {
    let address = silent().1.local_addr().unwrap();
    let failure = graph()
        .upload(
            &account(&format!("http://{address}")),
            file(b"x", 1, "x.jpg"),
            |_| (),
            &CancellationToken::new(),
        )
        .await
        .unwrap_err();
    let UploadFailure::Call(call) = &failure else {
        panic!("{failure:?}");
    };
    assert_eq!(call.class, domain::SendClass::Offline);
    assert!(failure.is_passing());
}
