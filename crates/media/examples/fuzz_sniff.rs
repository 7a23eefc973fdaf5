//! Changes files at random and shows them to everything that reads files of strangers.
//!
//! `cargo run -p media --example fuzz_sniff -- SECONDS SEED` prints how often, and what fell over. Panics of a codec
//! that are caught on the way are counted apart: they cost a picture, not the process.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a tool of ours"
)]

#[path = "../tests/files/corpus/mod.rs"]
mod corpus;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use std::{env, fs, panic};

use media::{
    Sha256Sum, fit_photo, look, safe_name, sniff, sniff_file, voice_note, waveform, without_metadata,
};

/// Where panics happened, and how often.
static PLACES: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

thread_local! {
    static SLOWEST: RefCell<(Duration, String)> = RefCell::default();
}

/// Xorshift: the same seed, the same files.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % (end.max(1) as u64)).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.roll().to_le_bytes()[3]
    }
}

fn main() {
    let mut args = env::args().skip(1).map(|arg| arg.parse::<u64>().unwrap_or(1));
    let (seconds, seed) = (args.next().unwrap_or(10), args.next().unwrap_or(1));
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, ToString::to_string);
        if let Ok(mut places) = PLACES.lock() {
            *places.entry(place).or_default() += 1;
        }
    }));
    let mut seeds: Vec<(String, Vec<u8>, Option<&str>, String)> = corpus::all()
        .into_iter()
        .filter(|sent| sent.bytes.len() < 200_000)
        .map(|sent| {
            (
                format!("{} ({})", sent.what, sent.expected.1),
                sent.bytes,
                sent.claim,
                sent.name.unwrap_or_default(),
            )
        })
        .collect();
    for (mime, name, bytes) in corpus::valid::all() {
        // Twice as likely as one of the broken ones: what lies behind a whole header is reached through these.
        for _ in 0..4 {
            seeds.push((name.to_owned(), bytes.clone(), Some(mime), name.to_owned()));
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut runs, mut panics) = (0_u64, 0_u64);
    while Instant::now() < end {
        let (what, bytes, claim, name) = &seeds[dice.below(seeds.len())];
        let other = &seeds[dice.below(seeds.len())].1;
        let bytes = changed(bytes.clone(), other, &mut dice);
        let name: String = changed(name.clone().into_bytes(), b"\xE2\x80\xAE./\\:con", &mut dice)
            .iter()
            .map(|byte| char::from(*byte))
            .collect();
        let start = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| show(&path, &bytes, *claim, &name))).is_err() {
            panics += 1;
            println!("panic: {what}, run {runs}");
            fs::write(format!("panic-{seed}-{runs}.bin"), &bytes).unwrap();
        }
        let took = start.elapsed();
        SLOWEST.with_borrow_mut(|slowest| {
            if took > slowest.0 {
                *slowest = (took, what.clone());
            }
        });
        runs += 1;
    }
    println!("runs: {runs}, panics: {panics}, seed: {seed}");
    SLOWEST.with_borrow(|(took, what)| println!("slowest: {took:?} ({what})"));
    for (place, count) in PLACES.lock().unwrap().iter() {
        println!("{count} times at {place}");
    }
    std::process::exit(i32::from(panics > 0));
}

/// Shows one file to everything.
fn show(path: &Path, bytes: &[u8], claim: Option<&str>, name: &str) {
    let sniffed = sniff(bytes, claim, Some(name));
    let safe = safe_name(Some(name), &sniffed);
    assert_eq!(safe_name(Some(&safe), &sniffed), safe);
    assert!(safe.len() <= 200 && !safe.contains(['/', '\\']));
    fs::write(path, bytes).unwrap();
    let _ = sniff_file(path, claim, Some(name));
    let _ = look(path, &sniffed);
    let _ = fit_photo(path, &sniffed);
    if let Ok(clean) = without_metadata(bytes, &sniffed) {
        assert_eq!(without_metadata(&clean, &sniffed).as_ref(), Ok(&clean));
    }
    let _ = Sha256Sum::parse_any(&String::from_utf8_lossy(bytes));
    let _ = Sha256Sum::parse_any(name);
    let _ = voice_note(bytes);
    let _ = waveform(path);
    let _ = sniffed.family.as_str();
}

/// Changes a few places of a file. The sums of Ogg pages are made right again now and then, so that the codec behind
/// them gets to see something.
fn changed(mut bytes: Vec<u8>, other: &[u8], dice: &mut Dice) -> Vec<u8> {
    for _ in 0..dice.below(6) {
        let place = dice.below(bytes.len());
        match dice.below(8) {
            0 => bytes.truncate(place),
            1 => bytes.insert(place.min(bytes.len()), dice.byte()),
            2 => {
                let from = dice.below(other.len());
                let piece = other[from..(from + dice.below(64)).min(other.len())].to_vec();
                bytes.splice(place..place, piece);
            }
            3 => {
                let length = dice.below(bytes.len() - place);
                let piece = bytes[place..place + length.min(64)].to_vec();
                bytes.extend(piece);
            }
            _ if bytes.is_empty() => {}
            4 => bytes[place] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][dice.below(6)],
            5 => bytes[place] ^= 1 << dice.below(8),
            _ => bytes[place] = dice.byte(),
        }
    }
    if dice.below(3) > 0 {
        sign_pages(&mut bytes);
    }
    bytes
}

fn sign_pages(bytes: &mut [u8]) {
    let mut place = 0;
    while bytes[place..].starts_with(b"OggS") && bytes.len() > place + 27 {
        let table = place + 27;
        let segments = usize::from(bytes[table - 1]);
        let Some(lacing) = bytes.get(table..table + segments) else {
            return;
        };
        let end = table + segments + lacing.iter().map(|length| usize::from(*length)).sum::<usize>();
        let Some(page) = bytes.get_mut(place..end) else {
            return;
        };
        page[22..26].fill(0);
        let sum = corpus::sounds::sum(page).to_le_bytes();
        page[22..26].copy_from_slice(&sum);
        place = end;
    }
}
