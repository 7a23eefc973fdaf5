//! Notices that the computer slept, and that it is in another network.
//!
//! Sleep shows in the clock: between two ticks far more time has passed than the ticks are apart. That also finds a
//! process that was stopped, and a computer so busy that nobody could have been answered.
//!
//! Another network shows in the address from which this computer would speak to the internet. It is looked at with every
//! tick, by connecting a datagram socket, which sends nothing. The system's own notices would be there two seconds sooner
//! and cost a netlink stack on Linux and one more on each other system (the crate `if-watch` brings some twenty);
//! the tunnel tries again every few seconds by itself, so the two seconds are not worth them.

use crate::checks;
use crate::connection::Switchboard;
use crate::listening::Slept;
use domain::Timestamp;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// Between two looks.
const TICK: Duration = Duration::from_secs(2);
/// How much later than expected a look has to be for the time between to count as slept through.
const SLEPT: Duration = Duration::from_secs(10);
/// Addresses nobody has (RFC 5737, RFC 3849): the way to them is the way to everybody.
const ELSEWHERE: [&str; 2] = ["192.0.2.1:9", "[2001:db8::1]:9"];

/// Returns since when the computer slept, when it did between two looks. A clock that was set back shows nothing.
pub(crate) fn slept(last: Timestamp, now: Timestamp) -> Option<Slept> {
    let passed = now.since(last);
    (passed > TICK + SLEPT).then_some(Slept {
        from: last,
        until: now,
    })
}

/// The addresses from which this computer speaks to the internet.
type Network = Vec<IpAddr>;

fn network() -> Network {
    let from = |to: &str| {
        let to: SocketAddr = to.parse().ok()?;
        let any: SocketAddr = if to.is_ipv4() {
            SocketAddr::from(([0, 0, 0, 0], 0))
        } else {
            SocketAddr::from(([0_u16; 8], 0))
        };
        let socket = UdpSocket::bind(any).ok()?;
        socket.connect(to).ok()?;
        Some(socket.local_addr().ok()?.ip())
    };
    ELSEWHERE.into_iter().filter_map(from).collect()
}

/// Returns whether to see at once whether the tunnel is still open: there is a network, and it is another one.
fn is_another(before: &Network, now: &Network) -> bool {
    !now.is_empty() && before != now
}

/// Looks every two seconds until cancelled.
pub(crate) async fn run(board: Switchboard, cancel: CancellationToken) {
    let mut ticks = tokio::time::interval_at(Instant::now() + TICK, TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut last, mut known) = (board.clock.now(), network());
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let (now, found) = (board.clock.now(), network());
        let nap = slept(last, now);
        if let Some(nap) = nap {
            tracing::info!(from = %nap.from, until = %nap.until, "this computer slept");
            drop(board.naps.send(nap));
            if let Err(error) = checks::ask_soon(&board).await {
                tracing::warn!(%error, "Meta is asked at the usual time");
            }
        }
        if nap.is_some() || is_another(&known, &found) {
            board.way.keeper.wake();
        }
        (last, known) = (now, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_time_that_nobody_counted_is_sleep() {
        for (passed, is_sleep) in [
            (0, false),
            (2_000, false),
            (11_999, false),
            (12_000, false),
            (12_001, true),
            (3_600_000, true),
            (-3_600_000, false),
        ] {
            let nap = slept(Timestamp(1_000_000), Timestamp(1_000_000 + passed));
            assert_eq!(nap.is_some(), is_sleep, "{passed} ms");
        }
        let nap = slept(Timestamp(5), Timestamp(50_005)).map(|nap| (nap.from.0, nap.until.0));
        assert_eq!(nap, Some((5, 50_005)));
    }

    #[test]
    fn another_network_is_one_that_is_there_and_was_not() {
        let at = |text: &str| -> Network { vec![text.parse().unwrap()] };
        assert!(is_another(&at("192.168.0.4"), &at("10.0.0.7")));
        assert!(is_another(&Vec::new(), &at("10.0.0.7")));
        assert!(!is_another(&at("10.0.0.7"), &Vec::new()));
        assert!(!is_another(&at("10.0.0.7"), &at("10.0.0.7")));
    }
}
