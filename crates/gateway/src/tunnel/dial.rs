//! Reaches a server by its name, whichever of its addresses works.

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// How long one address is waited for before the next is tried besides. A network whose IPv6 leads nowhere would
/// otherwise eat up all the time there is.
const HEAD_START: Duration = Duration::from_millis(300);
/// More addresses than this are not tried.
const MOST: usize = 8;

/// Connects to the first address of `host` that answers. The caller limits the time.
pub(super) async fn dial(host: &str, port: u16) -> io::Result<TcpStream> {
    let found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await?.collect();
    connect_any(in_turns(&found)).await
}

/// Both families in turns, beginning with the one the system names first.
fn in_turns(found: &[SocketAddr]) -> Vec<SocketAddr> {
    let first_is_v6 = found.first().is_some_and(SocketAddr::is_ipv6);
    let (same, other): (Vec<_>, Vec<_>) = found
        .iter()
        .copied()
        .partition(|address| address.is_ipv6() == first_is_v6);
    let (mut same, mut other) = (same.into_iter(), other.into_iter());
    let mut turns = Vec::new();
    loop {
        let (one, another) = (same.next(), other.next());
        if one.is_none() && another.is_none() {
            break;
        }
        turns.extend([one, another].into_iter().flatten());
    }
    turns.truncate(MOST);
    turns
}

async fn connect_any(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut left = addresses.into_iter();
    let mut trying = FuturesUnordered::new();
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    if let Some(first) = left.next() {
        trying.push(TcpStream::connect(first));
    }
    while !trying.is_empty() {
        tokio::select! {
            Some(tried) = trying.next() => match tried {
                Ok(stream) => {
                    drop(stream.set_nodelay(true));
                    return Ok(stream);
                }
                Err(error) => {
                    last = error;
                    trying.extend(left.next().map(TcpStream::connect));
                }
            },
            () = tokio::time::sleep(HEAD_START), if left.len() > 0 => {
                trying.extend(left.next().map(TcpStream::connect));
            }
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn both_families_take_turns() {
        let found = ["[2001:db8::1]:1", "[2001:db8::2]:1", "192.0.2.1:1"].map(address);
        let turns = ["[2001:db8::1]:1", "192.0.2.1:1", "[2001:db8::2]:1"].map(address);
        assert_eq!(in_turns(&found), turns);
        assert!(in_turns(&[]).is_empty());
    }

    #[tokio::test]
    async fn an_address_that_refuses_does_not_hide_one_that_answers() {
        let gone = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let refused = gone.local_addr().unwrap();
        drop(gone);
        let there = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let answers = there.local_addr().unwrap();
        let stream = connect_any(vec![refused, answers]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), answers);
        assert!(connect_any(vec![refused]).await.is_err());
        assert!(connect_any(Vec::new()).await.is_err());
    }
}
