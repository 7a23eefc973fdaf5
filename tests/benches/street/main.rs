//! How many webhooks a second are on disk when they are acknowledged, and how long an acknowledgement takes.
//!
//! `cargo bench -p acceptance` prints a Markdown table. Nothing here passes or fails; figures are compared within one
//! run only. The floor is the least a correct receiver can do: check the signature and forget the body. It runs in a
//! process of its own, as `deskbelld` does, and both take turns.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod floor;
mod load;

use acceptance::{Shop, number};
use anyhow::{Context as _, ensure};
use load::{Latencies, Target, closed_loop, open_loop, prepare};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often both take their turn.
const ROUNDS: usize = 3;
/// How long a turn takes.
const TURN: Duration = Duration::from_secs(3);
/// Connections of the two closed loops.
const CROWDS: [usize; 2] = [16, 64];
/// The calm day of the open loop: so many posts a second, for so long.
const PACE: u32 = 333;
const CALM: Duration = Duration::from_secs(10);
/// The most bodies one turn can use up.
const BODIES: usize = 40_000;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if args.iter().any(|arg| arg == "--floor") {
        return runtime.block_on(floor::serve());
    }
    if !args.iter().any(|arg| arg == "--bench") {
        println!("Run this with `cargo bench -p acceptance`.");
        return Ok(());
    }
    runtime.block_on(measure())
}

async fn measure() -> anyhow::Result<()> {
    let load_before = first_word("/proc/loadavg");
    let number = number(1);
    let mut shop = Shop::new(env!("CARGO_BIN_EXE_deskbelld-under-test"))?;
    let (_, path) = shop
        .add_channel(&Shop::config(&number, "http://127.0.0.1:9"))
        .await?;
    shop.start().await?;
    let floor_process = floor::Floor::start(&number.app_secret).await?;
    let floor = Target::new(&floor_process.address, "/hooks/floor");
    let desk = Target::new(shop.hook("")?.trim_start_matches("http://"), &path);
    let mut rows = Vec::new();
    let mut acknowledged = 0;
    for crowd in CROWDS {
        let (mut floors, mut desks, mut ratios, mut through) = (vec![], vec![], vec![], vec![]);
        for _ in 0..ROUNDS {
            let bodies = prepare(&number, BODIES);
            let bare = closed_loop(&floor, &bodies, crowd, TURN, true).await?;
            let begun = Instant::now();
            let durable = closed_loop(&desk, &bodies, crowd, TURN, false).await?;
            shop.settled().await?;
            acknowledged += durable.count;
            through.push(rate(durable.count, begun.elapsed()));
            let (bare, durable) = (rate(bare.count, bare.took), rate(durable.count, durable.took));
            floors.push(bare);
            desks.push(durable);
            ratios.push(durable / bare);
        }
        rows.push(format!(
            "| Durable webhooks, {crowd} connections | **{:.2}** of the floor | {:.0}/s ({:.0} to {:.0}) | {:.0}/s ({:.0} to {:.0}) |",
            median(&mut ratios),
            median(&mut desks),
            desks.first().copied().unwrap_or_default(),
            desks.last().copied().unwrap_or_default(),
            median(&mut floors),
            floors.first().copied().unwrap_or_default(),
            floors.last().copied().unwrap_or_default(),
        ));
        rows.push(format!(
            "| … until the inbox shows the last of them | {:.2} of the floor | {:.0}/s | |",
            median(&mut through) / median(&mut floors),
            median(&mut through),
        ));
    }
    // Beside what it is compared with: other programs share the disk.
    let fsync = fsync_median(&shop.data_dir())?;
    let calm = usize::try_from(u64::from(PACE) * CALM.as_secs())?;
    let bodies = prepare(&number, calm);
    let mut bare = open_loop(&floor, &bodies, PACE).await?;
    let mut durable = open_loop(&desk, &bodies, PACE).await?;
    acknowledged += calm;
    for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
        let (ours, least) = (durable.at(part), bare.at(part));
        rows.push(format!(
            "| Acknowledgement at {PACE}/s, {name} | **{:.1}** fsyncs | {} | {} |",
            ours.as_secs_f64() / fsync.as_secs_f64(),
            milliseconds(ours),
            milliseconds(least),
        ));
    }

    shop.settled().await?;
    let journal = shop.journal().await?;
    let counted = |what: &str| journal.get(what).and_then(serde_json::Value::as_u64);
    ensure!(
        counted("received") == u64::try_from(acknowledged).ok() && counted("failed") == Some(0),
        "{acknowledged} were acknowledged, but the journal says {journal}"
    );
    shop.stop().await?;
    println!("| | ratio | deskbelld | floor |\n|---|---|---|---|");
    for row in rows {
        println!("{row}");
    }
    println!(
        "\n{acknowledged} webhooks were acknowledged and {acknowledged} are in the journal. Median of {ROUNDS} rounds in \
         turns of {} s; the floor checks the signature and discards. fsync of 4 KiB on the same disk: {} (median). \
         {} processors, Linux {}, SQLite {}, load {load_before} before and {} after.",
        TURN.as_secs(),
        milliseconds(fsync),
        std::thread::available_parallelism()?,
        first_word("/proc/sys/kernel/osrelease"),
        rusqlite::version(),
        first_word("/proc/loadavg"),
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few thousand")]
fn rate(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// Sorts the values and returns the middle one.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

fn first_word(file: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}

/// How long it takes until 4 KiB are on the disk of this folder.
fn fsync_median(folder: &Path) -> anyhow::Result<Duration> {
    let path = folder.join("fsync-probe");
    let mut file = std::fs::File::create(&path)?;
    let mut times = Latencies::default();
    for _ in 0..200 {
        let begun = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.add(begun.elapsed());
    }
    std::fs::remove_file(path).context("the probe cannot be removed")?;
    Ok(times.at(0.5))
}
