//! Callers that cost as little as possible, since they share the processors with what they measure.

use acceptance::{customer, now};
use anyhow::{Context as _, ensure};
use simulator::webhook::{envelope, new_wamid, sign, text};
use simulator::{Number, Style};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Callers of the open loop; as many posts may be under way.
const LANES: usize = 64;

/// Where posts go.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    address: String,
    path: String,
}

impl Target {
    pub(crate) fn new(address: &str, path: &str) -> Self {
        Self {
            address: address.to_owned(),
            path: path.to_owned(),
        }
    }

    async fn connect(&self) -> anyhow::Result<Caller> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        Ok(Caller {
            stream,
            answer: Vec::with_capacity(1024),
        })
    }

    /// The bytes of a whole request.
    fn request(&self, signed: &Signed) -> Vec<u8> {
        let mut request = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nX-Hub-Signature-256: {}\r\n\
             Content-Length: {}\r\n\r\n",
            self.path,
            self.address,
            signed.signature,
            signed.body.len()
        )
        .into_bytes();
        request.extend_from_slice(&signed.body);
        request
    }
}

/// A body and its signature, made beforehand.
#[derive(Debug)]
pub(crate) struct Signed {
    body: Vec<u8>,
    signature: String,
}

/// Bodies with one text message each, every one of them new, from 500 people.
pub(crate) fn prepare(number: &Number, how_many: usize) -> Arc<Vec<Signed>> {
    let at = now();
    let one = |n| {
        let words = "Guten Tag, ist die blaue Schüssel noch da? Ich würde sie morgen gern abholen.";
        let change = text(number, &customer(n % 500), &new_wamid(), at, words);
        let body = Style::Escaped.encode(&envelope(vec![change]));
        let signature = sign(&number.app_secret, &body);
        Signed { body, signature }
    };
    Arc::new((0_u32..).take(how_many).map(one).collect())
}

/// A kept connection.
struct Caller {
    stream: TcpStream,
    answer: Vec<u8>,
}

impl Caller {
    /// Posts and reads the answer, which has to be 200 without a body.
    async fn post(&mut self, request: &[u8]) -> anyhow::Result<()> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        while !self.answer.ends_with(b"\r\n\r\n") {
            let read = self.stream.read_buf(&mut self.answer).await?;
            ensure!(read > 0, "the connection was closed");
        }
        ensure!(
            self.answer.starts_with(b"HTTP/1.1 200"),
            "not acknowledged: {}",
            String::from_utf8_lossy(&self.answer)
        );
        Ok(())
    }
}

/// What a closed loop came to.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) count: usize,
    pub(crate) took: Duration,
}

/// Everybody posts again as soon as they are answered, until the time is up or no body is left (`again`: bodies may
/// be used more than once).
pub(crate) async fn closed_loop(
    target: &Target,
    bodies: &Arc<Vec<Signed>>,
    crowd: usize,
    time: Duration,
    again: bool,
) -> anyhow::Result<Turn> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut callers = Vec::new();
    for _ in 0..crowd {
        callers.push(target.connect().await?);
    }
    let begun = Instant::now();
    let mut lanes = JoinSet::new();
    for mut caller in callers {
        let (next, bodies, target) = (Arc::clone(&next), Arc::clone(bodies), target.clone());
        lanes.spawn(async move {
            let mut count = 0;
            while begun.elapsed() < time {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                let turn = if again { turn % bodies.len() } else { turn };
                let Some(signed) = bodies.get(turn) else { break };
                caller.post(&target.request(signed)).await?;
                count += 1;
            }
            anyhow::Ok(count)
        });
    }
    let mut count = 0;
    while let Some(ended) = lanes.join_next().await {
        count += ended??;
    }
    Ok(Turn {
        count,
        took: begun.elapsed(),
    })
}

/// Every body is posted at its own moment, whether or not the ones before are answered. A latency counts from that
/// moment, so that a late post is the server's fault and not forgotten.
pub(crate) async fn open_loop(
    target: &Target,
    bodies: &Arc<Vec<Signed>>,
    a_second: u32,
) -> anyhow::Result<Latencies> {
    let (mut calls, mut lanes) = (Vec::new(), JoinSet::new());
    for _ in 0..LANES {
        let (call, mut called) = mpsc::unbounded_channel::<(usize, Instant)>();
        calls.push(call);
        let mut caller = target.connect().await?;
        let (bodies, target) = (Arc::clone(bodies), target.clone());
        lanes.spawn(async move {
            let mut latencies = Vec::new();
            while let Some((turn, intended)) = called.recv().await {
                let signed = bodies.get(turn).context("no such body")?;
                caller.post(&target.request(signed)).await?;
                latencies.push(intended.elapsed());
            }
            anyhow::Ok(latencies)
        });
    }
    let turns = bodies.len();
    let pace = std::thread::spawn(move || keep_pace(&calls, turns, a_second));
    let mut all = Latencies::default();
    while let Some(ended) = lanes.join_next().await {
        for latency in ended?.context("a caller failed")? {
            all.add(latency);
        }
    }
    ensure!(pace.join().is_ok_and(|kept| kept), "the pace was not kept");
    Ok(all)
}

/// Calls the lanes in turn, each call at its own moment. On a thread of its own, since timers of the runtime come up to
/// a millisecond late, which is more than what is measured.
#[expect(clippy::disallowed_methods, reason = "sleeps to a moment, not for luck")]
fn keep_pace(calls: &[mpsc::UnboundedSender<(usize, Instant)>], turns: usize, a_second: u32) -> bool {
    let begun = Instant::now() + Duration::from_millis(50);
    (0_u32..)
        .zip(calls.iter().cycle())
        .take(turns)
        .all(|(turn, call)| {
            let intended = begun + Duration::from_secs(1) * turn / a_second;
            std::thread::sleep(intended.saturating_duration_since(Instant::now()));
            usize::try_from(turn).is_ok_and(|turn| call.send((turn, intended)).is_ok())
        })
}

/// Times, to be asked for their percentiles.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time that this part of all (0 to 1) stayed below.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list of a few thousand"
    )]
    pub(crate) fn at(&mut self, part: f64) -> Duration {
        self.0.sort_unstable();
        let place = (self.0.len().saturating_sub(1)) as f64 * part;
        self.0.get(place.round() as usize).copied().unwrap_or_default()
    }
}
