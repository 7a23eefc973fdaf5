//! Real servers on the loopback interface, and a shop that talks to them.

pub(crate) mod script;

use channels::whatsapp::{Account, DEFAULT_GRAPH_VERSION, Graph};
use channels::{Content, Outbound, Recipient};
use domain::OutboxId;
use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;
use vault::Secret;

/// Patient enough for a busy machine.
pub(crate) const PATIENT: Duration = Duration::from_secs(20);

pub(crate) fn graph() -> Graph {
    Graph::with_timeouts(PATIENT, PATIENT).unwrap()
}

pub(crate) fn account(base_url: &str) -> Account {
    Account {
        base_url: base_url.to_owned(),
        version: DEFAULT_GRAPH_VERSION.to_owned(),
        number_id: "600100".to_owned(),
        business_account_id: None,
        access_token: Secret::new("EAAtoken".to_owned()),
        app_secret: Secret::new("app-secret".to_owned()),
    }
}

pub(crate) fn message() -> Outbound {
    Outbound {
        to: Recipient::Phone("525500000119".to_owned()),
        content: Content::Text {
            text: "Your loaf is ready.".to_owned(),
        },
        reply_to: None,
        reference: OutboxId::from("ob_42"),
    }
}

/// Starts a server that hands its first connection to `behave` after it has read the whole request.
pub(crate) fn raw_server(behave: impl FnOnce(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        read_request(&mut stream);
        behave(stream);
        // A second connection would be a resend; it is refused, and the test sees the wrong outcome.
    });
    format!("http://{address}")
}

pub(crate) fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    let mut buffer = [0_u8; 4096];
    while !is_whole(&request) {
        match stream.read(&mut buffer).unwrap() {
            0 => return,
            read => request.extend_from_slice(&buffer[..read]),
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse::<usize>().unwrap());
    body.len() >= length
}
