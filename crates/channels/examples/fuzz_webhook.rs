//! Breaks valid webhooks in every way and feeds them to the reader and to the check of the signature:
//! `cargo run -p channels --example fuzz_webhook -- [SECONDS] [SEED]`. Prints the runs and the panics; exits with 1
//! after a panic.

#[path = "../tests/support/corpus.rs"]
mod corpus;

#[expect(dead_code, reason = "the window's form of the list is of no use here")]
#[path = "../tests/support/hostile_strings.rs"]
mod hostile_strings;

use bytes::Bytes;
use channels::whatsapp::{is_json, parse};
use channels::{Delivery, Event, verify};
use corpus::{body, neighbour, notices, places, specimens};
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use vault::Secret;

const HEADER: &str = "x-hub-signature-256";

/// A small generator of numbers that look random (`SplitMix64`), so that a seed repeats a run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 when there is none.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.roll() % end).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

fn odd_value(dice: &mut Dice, strings: &[String]) -> Value {
    match dice.below(12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(dice.roll()),
        3 => json!(-1.5e300),
        4 => json!([]),
        5 => json!({}),
        6 => (0..dice.below(140)).fold(json!(1), |inner, _| json!([inner])),
        7 => (0..dice.below(140)).fold(json!({}), |inner, _| json!({ "message": inner })),
        8 => json!((0..dice.below(300)).collect::<Vec<_>>()),
        _ => json!(dice.pick(strings)),
    }
}

/// Changes the value at one place: another value, one from elsewhere, no value, twice, another key.
fn change_shape(whole: &mut Value, dice: &mut Dice, strings: &[String]) {
    let all = places(whole);
    let Some(place) = dice.pick(&all).cloned() else {
        return;
    };
    let borrowed = dice.pick(&all).and_then(|other| whole.pointer(other)).cloned();
    let Some(slot) = whole.pointer_mut(&place) else {
        return;
    };
    match (dice.below(6), slot) {
        (0, slot) => *slot = borrowed.unwrap_or_default(),
        (1, Value::Object(keys)) => {
            let name = keys.keys().nth(dice.below(keys.len())).cloned();
            name.and_then(|name| keys.remove(&name));
        }
        (2, Value::Object(keys)) => {
            let name = keys
                .keys()
                .nth(dice.below(keys.len()))
                .cloned()
                .unwrap_or_default();
            if let Some(value) = keys.remove(&name) {
                keys.insert(dice.pick(strings).cloned().unwrap_or_default(), value);
            }
        }
        (1 | 2, Value::Array(items)) => {
            let again = items.clone();
            items.extend(again.into_iter().take(50));
        }
        (3, slot) => *slot = Value::String(slot.to_string()),
        (4, slot) => *slot = json!([slot.take()]),
        (_, slot) => *slot = odd_value(dice, strings),
    }
}

/// Changes bytes: one flipped, some left out, put in twice or cut off, or a crumb of JSON in between.
fn change_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    const CRUMBS: [&[u8]; 14] = [
        b"\\ud83d",
        b"\\udc00",
        b"\\u",
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[[[[",
        b"1e999",
        b"-",
        b"\xff\xfe",
        b"\0",
        b"\xef\xbb\xbf",
        b",",
    ];
    let at = dice.below(bytes.len());
    let end = at.saturating_add(dice.below(40)).min(bytes.len());
    match dice.below(6) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        1 => drop(bytes.drain(at..end)),
        2 => bytes.truncate(at),
        3 => {
            let copy: Vec<u8> = bytes.get(at..end).unwrap_or_default().to_vec();
            bytes.splice(at..at, copy);
        }
        4 => {
            let depth = dice.below(3_000);
            bytes.splice(
                at..at,
                std::iter::repeat_n(if depth.is_multiple_of(2) { b'[' } else { b'{' }, depth),
            );
        }
        _ => {
            let crumb = dice.pick(&CRUMBS).copied().unwrap_or_default();
            bytes.splice(at..at, crumb.iter().copied());
        }
    }
}

/// Feeds one body and one header to everything that reads what strangers send.
fn feed(bytes: &[u8], header: &[u8], secret: &Secret) {
    let parsed = parse(bytes);
    let lost = is_json(bytes)
        != (parsed
            .failures
            .first()
            .is_none_or(|failure| !failure.reason.contains("not JSON")));
    assert!(!lost, "the two readers disagree about what is JSON");
    for item in &parsed.items {
        if let Event::Message(message) = &item.event {
            assert!(!message.identities.is_empty(), "a message of nobody");
            let payload = message.payload.to_string();
            assert!(
                serde_json::from_str::<Value>(&payload).is_ok(),
                "a payload that cannot be read again"
            );
        }
    }
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_bytes(header) {
        headers.insert(HEADER, value);
    }
    let body = Bytes::copy_from_slice(bytes);
    let verdict = verify::whatsapp(std::slice::from_ref(secret), Delivery { headers, body });
    assert!(verdict.is_err(), "a forgery was believed");
}

fn main() -> ExitCode {
    let mut arguments = std::env::args()
        .skip(1)
        .map(|argument| argument.parse::<u64>().ok());
    let seconds = arguments.next().flatten().unwrap_or(60);
    let seed = arguments.next().flatten().unwrap_or(1);
    let mut dice = Dice(seed);
    let strings = hostile_strings::hostile_strings();
    let mut bodies: Vec<Value> = specimens()
        .into_iter()
        .map(|s| body(s.field, s.list, &[s.item, neighbour(s.list)]))
        .collect();
    bodies.extend(notices());
    let secret = Secret::new("nobody knows this".to_owned());
    let signature = format!("sha256={}", "0123456789abcdef".repeat(4));
    let (mut runs, mut panics) = (0_u64, 0_u64);
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(seconds) {
        let mut whole = dice.pick(&bodies).cloned().unwrap_or_default();
        for _ in 0..dice.below(5) {
            change_shape(&mut whole, &mut dice, &strings);
        }
        let mut bytes = whole.to_string().into_bytes();
        let mut header = signature.clone().into_bytes();
        for _ in 0..dice.below(4) {
            change_bytes(&mut bytes, &mut dice);
            change_bytes(&mut header, &mut dice);
        }
        runs += 1;
        if catch_unwind(AssertUnwindSafe(|| feed(&bytes, &header, &secret))).is_err() {
            panics += 1;
            report(&format!(
                "panic number {panics} on: {}",
                String::from_utf8_lossy(&bytes)
            ));
        }
    }
    report(&format!(
        "webhook bodies and signatures: seed {seed}, {seconds} s, {runs} runs, {panics} panics"
    ));
    if panics == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Nobody reads on when the other end of the pipe is closed.
fn report(line: &str) {
    drop(writeln!(std::io::stdout(), "{line}"));
}
