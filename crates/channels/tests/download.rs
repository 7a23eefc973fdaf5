//! Fetching files, from hosts that behave and hosts that do not.

#![expect(clippy::unwrap_used, reason = "a test server that cannot start should say so")]

#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs"
)]
mod support;

use channels::whatsapp::{Account, DownloadFailure, Downloaded, Graph, MediaHosts};
use domain::SendClass;
use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;
use support::script::{Scripted, meta};
use support::{PATIENT, account, graph, raw_server};

const CAP: u64 = 1_000;

/// Fetches and returns what came besides the result.
async fn fetch(
    account: &Account,
    url: &str,
    allowed: &MediaHosts,
) -> (Result<Downloaded, DownloadFailure>, Vec<u8>) {
    let mut bytes = Vec::new();
    let result = graph()
        .download(account, url, allowed, CAP, &mut |chunk: &[u8]| {
            bytes.extend_from_slice(chunk);
            Ok(())
        })
        .await;
    (result, bytes)
}

/// Fetches from the place the Graph API was set to.
async fn fetched(answer: Scripted) -> (Result<Downloaded, DownloadFailure>, Vec<u8>) {
    let host = meta(vec![answer]).await;
    let url = format!("{}/file?hash=1", host.base_url);
    let outcome = fetch(&account(&host.base_url), &url, &MediaHosts::default()).await;
    assert_eq!(host.asked().len(), 1, "asked once");
    outcome
}

fn typed(status: u16, mime: &str, body: &str) -> Scripted {
    (status, vec![("content-type", mime.to_owned())], body.to_owned())
}

#[tokio::test]
async fn a_file_comes_whole_with_its_type_and_the_host_sees_the_token() {
    let host = meta(vec![typed(200, "image/jpeg", "picture")]).await;
    let url = format!("{}/file", host.base_url);
    let (result, bytes) = fetch(&account(&host.base_url), &url, &MediaHosts::default()).await;
    let file = result.unwrap();
    assert_eq!((file.mime.as_deref(), file.size), (Some("image/jpeg"), 7));
    assert_eq!(bytes, b"picture");
    let seen = host.asked_once();
    assert_eq!(seen.headers["authorization"], "Bearer EAAtoken");
    assert!(
        seen.headers["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("Deskbell/")
    );
    assert_eq!(
        seen.query("appsecret_proof"),
        None,
        "the proof is for the Graph API"
    );
}

#[tokio::test]
async fn an_id_that_would_lead_somewhere_else_is_not_asked_for() {
    let server = meta(Vec::new()).await;
    for odd in [
        "",
        " ",
        ".",
        "..",
        "1/2",
        "..\\1",
        "1?fields=x",
        "1#x",
        "%2e",
        "1 2",
        "1\u{0}",
    ] {
        let failure = graph()
            .media_info(&account(&server.base_url), odd)
            .await
            .unwrap_err();
        assert_eq!(failure.class, SendClass::Never, "{odd:?}: {failure:?}");
    }
    assert_eq!(server.asked().len(), 0, "nothing was asked");
}

#[tokio::test]
async fn the_token_goes_to_no_foreign_host_whatever_the_address_looks_like() {
    let foreign = TcpListener::bind("127.0.0.1:0").unwrap();
    foreign.set_nonblocking(true).unwrap();
    let port = foreign.local_addr().unwrap().port();
    let ours = account("https://graph.facebook.com");
    for url in [
        format!("http://127.0.0.1:{port}/file"),
        format!("https://127.0.0.1:{port}/file"),
        format!("http://localhost:{port}/file"),
        format!("http://[::1]:{port}/file"),
        format!("http://[::ffff:127.0.0.1]:{port}/file"),
        format!("http://2130706433:{port}/file"),
        format!("https://lookaside.fbsbx.com@127.0.0.1:{port}/file"),
        format!("https://lookaside.fbsbx.com:secret@localhost:{port}/file"),
        format!("https://token@lookaside.fbsbx.com/file?{port}"),
        "http://lookaside.fbsbx.com/file".to_owned(),
        "https://lookaside.fbsbx.com:8443/file".to_owned(),
        "https://fbsbx.com.evil.example/file".to_owned(),
        "https://evilfbsbx.com/file".to_owned(),
        "https://lookaside.fbsbx.com./file".to_owned(),
        "https://lookaside.fbsbx.com\\@evil.example/file".replace('\\', "%5C"),
        "https://graph.facebook.com/file".to_owned(),
        "https://169.254.169.254/latest".to_owned(),
        "ftp://lookaside.fbsbx.com/file".to_owned(),
        "file:///etc/passwd".to_owned(),
        "data:text/plain,hello".to_owned(),
        "//lookaside.fbsbx.com/file".to_owned(),
        "not an address".to_owned(),
        String::new(),
    ] {
        let (result, bytes) = fetch(&ours, &url, &MediaHosts::default()).await;
        let Err(failure @ DownloadFailure::Forbidden { .. }) = result else {
            panic!("{url}: {result:?}");
        };
        assert!(!failure.is_passing(), "{url}");
        assert_eq!(bytes, b"", "{url}");
    }
    assert!(foreign.accept().is_err(), "nobody called");
}

#[tokio::test]
async fn the_place_of_the_graph_api_is_trusted_with_its_files_but_no_neighbour_of_it() {
    let neighbour = meta(vec![typed(200, "image/png", "x")]).await;
    let url = format!("{}/file", neighbour.base_url);
    let (result, _) = fetch(&account("http://127.0.0.1:1"), &url, &MediaHosts::default()).await;
    assert!(
        matches!(result, Err(DownloadFailure::Forbidden { .. })),
        "{result:?}"
    );
    assert_eq!(neighbour.asked().len(), 0, "the token went nowhere");
}

#[tokio::test]
async fn a_configured_origin_is_trusted_and_only_that_one() {
    let host = meta(vec![typed(200, "image/png", "x"), typed(200, "image/png", "x")]).await;
    let allowed = MediaHosts::with_origins([format!("{}/ignored", host.base_url)]).unwrap();
    let ours = account("https://graph.facebook.com");
    let (result, bytes) = fetch(&ours, &format!("{}/file", host.base_url), &allowed).await;
    assert_eq!(result.unwrap().size, 1);
    assert_eq!(bytes, b"x");
    let by_name = host.base_url.replace("127.0.0.1", "localhost");
    let (result, _) = fetch(&ours, &format!("{by_name}/file"), &allowed).await;
    assert!(
        matches!(result, Err(DownloadFailure::Forbidden { .. })),
        "{result:?}"
    );
    assert_eq!(host.asked().len(), 1);
}

#[test]
fn an_entry_of_the_configuration_that_is_no_origin_is_named() {
    for odd in ["media.example.org", "", "file:///tmp", "ftp://media.example.org"] {
        let error = MediaHosts::with_origins([odd]).unwrap_err();
        assert!(error.to_string().contains(odd), "{error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_wherever_it_leads() {
    let inside = TcpListener::bind("127.0.0.1:0").unwrap();
    inside.set_nonblocking(true).unwrap();
    let to = format!("http://{}/metadata", inside.local_addr().unwrap());
    for status in [301, 302, 303, 307, 308] {
        let (result, _) = fetched((status, vec![("location", to.clone())], String::new())).await;
        let Err(failure @ DownloadFailure::Redirected) = result else {
            panic!("{status}: {result:?}");
        };
        assert!(!failure.is_passing());
    }
    assert!(inside.accept().is_err(), "nobody called");
}

#[tokio::test]
async fn each_answer_that_is_not_the_file_has_its_own_name() {
    for (answer, wanted, passing) in [
        (typed(404, "text/html", "gone"), "Gone", false),
        (typed(410, "text/plain", ""), "Gone", false),
        (typed(401, "text/html", "who"), "Denied(401)", false),
        (typed(403, "text/plain", "no"), "Denied(403)", false),
        (typed(429, "text/plain", "slower"), "Status(429)", true),
        (typed(503, "text/html", "later"), "Status(503)", true),
        (typed(400, "text/plain", "odd"), "Status(400)", false),
        (typed(204, "image/png", ""), "Status(204)", false),
        (
            typed(200, "text/html; charset=utf-8", "<p>log in</p>"),
            "Html",
            true,
        ),
        (typed(200, "TEXT/HTML", "<p>log in</p>"), "Html", true),
        (
            (200, Vec::new(), "\n <!DOCTYPE html><p>log in</p>".to_owned()),
            "Html",
            true,
        ),
        (
            typed(200, "image/png", &"x".repeat(1_001)),
            "TooLarge { cap: 1000 }",
            false,
        ),
    ] {
        let (result, bytes) = fetched(answer).await;
        let failure = result.unwrap_err();
        assert_eq!(format!("{failure:?}"), wanted);
        assert_eq!(failure.is_passing(), passing, "{wanted}");
        assert_eq!(bytes, b"", "{wanted}: nothing of it is kept");
    }
}

#[tokio::test]
async fn a_web_page_that_was_announced_as_one_is_a_file_like_any_other() {
    let host = meta(vec![typed(200, "text/html", "<p>menu</p>")]).await;
    let mut bytes = Vec::new();
    let file = graph()
        .download_page(
            &account(&host.base_url),
            &format!("{}/menu", host.base_url),
            &MediaHosts::default(),
            CAP,
            &mut |chunk: &[u8]| {
                bytes.extend_from_slice(chunk);
                Ok(())
            },
        )
        .await
        .unwrap();
    assert_eq!((file.size, bytes.as_slice()), (11, b"<p>menu</p>".as_slice()));
}

/// What becomes of a file whose host writes this and then does as it likes.
async fn raw(head: &'static str, then: impl FnOnce(std::net::TcpStream) + Send + 'static) -> DownloadFailure {
    let base = raw_server(move |mut stream| {
        stream.write_all(head.as_bytes()).unwrap();
        then(stream);
    });
    let (result, _) = fetch(&account(&base), &format!("{base}/file"), &MediaHosts::default()).await;
    result.unwrap_err()
}

#[tokio::test]
async fn a_file_that_is_cut_short_is_not_taken_for_whole() {
    let failure = raw(
        "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 10\r\n\r\nhalf",
        drop,
    )
    .await;
    assert_eq!(format!("{failure:?}"), "CutShort { got: 4, announced: 10 }");
    assert!(failure.is_passing());
    let failure = raw(
        "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        drop,
    )
    .await;
    assert!(matches!(failure, DownloadFailure::Broken(_)), "{failure:?}");
    assert!(failure.is_passing());
}

#[tokio::test]
async fn a_file_of_unknown_length_ends_at_the_limit() {
    let failure = raw(
        "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\nconnection: close\r\n\r\n",
        |mut stream| {
            // The other side hangs up once it has enough.
            while stream.write_all(&[b'x'; 512]).is_ok() {}
        },
    )
    .await;
    assert_eq!(format!("{failure:?}"), "TooLarge { cap: 1000 }");
}

#[tokio::test]
async fn a_file_that_stops_coming_is_given_up_and_a_slow_one_is_not() {
    let (held, hold) = std::sync::mpsc::channel::<()>();
    let base = raw_server(move |mut stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 10\r\n\r\nhalf")
            .unwrap();
        let _ = hold.recv();
    });
    let impatient = Graph::with_timeouts(PATIENT, Duration::from_millis(200)).unwrap();
    let url = format!("{base}/file");
    let mut nowhere = |_: &[u8]| Ok(());
    let result = impatient
        .download(&account(&base), &url, &MediaHosts::default(), CAP, &mut nowhere)
        .await;
    drop(held);
    let failure = result.unwrap_err();
    assert!(matches!(failure, DownloadFailure::Stalled), "{failure:?}");
    assert!(failure.is_passing());

    // Longer in all than the time a standstill is given.
    let (tick, ticked) = std::sync::mpsc::channel::<()>();
    let base = raw_server(move |mut stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 8\r\n\r\n")
            .unwrap();
        for _ in 0..8 {
            let _ = ticked.recv_timeout(Duration::from_millis(300));
            stream.write_all(b"x").unwrap();
            stream.flush().unwrap();
        }
    });
    let patient = Graph::with_timeouts(PATIENT, Duration::from_secs(2)).unwrap();
    let url = format!("{base}/file");
    let file = patient
        .download(&account(&base), &url, &MediaHosts::default(), CAP, &mut nowhere)
        .await
        .unwrap();
    drop(tick);
    assert_eq!(file.size, 8);
}

/// Fetches a file that comes as 64 bytes every 20 ms after `at_once` bytes at the beginning; tells what became of it
/// and how much came.
async fn dripped(
    head: &'static str,
    at_once: usize,
    drops: usize,
    idle: Duration,
) -> (Result<Downloaded, DownloadFailure>, usize) {
    let (tick, ticked) = std::sync::mpsc::channel::<()>();
    let base = raw_server(move |mut stream| {
        stream.write_all(head.as_bytes()).unwrap();
        if stream.write_all(&vec![b'x'; at_once]).is_err() {
            return;
        }
        for _ in 0..drops {
            let _ = ticked.recv_timeout(Duration::from_millis(20));
            if stream.write_all(&[b'x'; 64]).is_err() {
                return;
            }
        }
    });
    let patient = Graph::with_timeouts(PATIENT, idle).unwrap();
    let mut came = 0;
    let mut sink = |bytes: &[u8]| {
        came += bytes.len();
        Ok(())
    };
    let url = format!("{base}/file");
    let result = patient
        .download(
            &account(&base),
            &url,
            &MediaHosts::default(),
            10_000_000,
            &mut sink,
        )
        .await;
    drop(tick);
    (result, came)
}

#[tokio::test]
async fn a_file_that_only_trickles_is_given_up_before_it_keeps_others_waiting() {
    // At its length it might take a minute; after 600 ms, fewer than 64 KiB are too few.
    let head = "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 1000000\r\n\r\n";
    let (result, came) = dripped(head, 100_000, 1_000, Duration::from_millis(400)).await;
    let failure = result.unwrap_err();
    assert!(matches!(failure, DownloadFailure::Stalled), "{failure:?}");
    assert!(failure.is_passing());
    assert!(came < 120_000, "{came} bytes were waited for");
}

#[tokio::test]
async fn a_small_file_that_trickles_has_no_more_time_than_its_length_asks_for() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 60000\r\n\r\n";
    let (result, came) = dripped(head, 0, 900, Duration::from_millis(100)).await;
    let failure = result.unwrap_err();
    assert!(matches!(failure, DownloadFailure::Stalled), "{failure:?}");
    assert!(came < 30_000, "{came} bytes were waited for");
}

#[tokio::test]
async fn the_last_piece_of_a_file_may_come_slowly() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 106400\r\n\r\n";
    let (result, _) = dripped(head, 100_000, 100, Duration::from_millis(900)).await;
    assert_eq!(result.unwrap().size, 106_400);
}

#[tokio::test]
async fn a_host_that_is_not_there_is_worth_another_try() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let base = format!("http://{address}");
    let (result, _) = fetch(&account(&base), &format!("{base}/file"), &MediaHosts::default()).await;
    let failure = result.unwrap_err();
    assert!(matches!(failure, DownloadFailure::Unreachable(_)), "{failure:?}");
    assert!(failure.is_passing());
}

#[tokio::test]
async fn a_full_disk_ends_the_download_and_says_so() {
    let host = meta(vec![typed(200, "image/png", "picture")]).await;
    let result = graph()
        .download(
            &account(&host.base_url),
            &format!("{}/file", host.base_url),
            &MediaHosts::default(),
            CAP,
            &mut |_: &[u8]| Err(std::io::Error::other("no space")),
        )
        .await;
    let failure = result.unwrap_err();
    assert!(matches!(failure, DownloadFailure::Disk(_)));
    assert!(failure.to_string().contains("no space"));
}
