//! Measures the real window beside a blank web view, in turn in one run: time to the first paint and memory.
//! `cargo bench -p deskbell --bench window`; needs the packages of the window's tests. Prints a Markdown table.
//!
//! A page that shows something else is the floor nobody can go below on this machine; ratios to it can be compared
//! between machines, milliseconds cannot.
#![expect(
    clippy::indexing_slicing,
    reason = "shared with the tests, where it is a failed test"
)]

#[cfg(target_os = "linux")]
#[path = "stage.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
#[expect(unreachable_pub, reason = "shared with the tests")]
mod stage;

#[cfg(target_os = "linux")]
#[path = "screen.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
#[expect(unreachable_pub, reason = "shared with the tests")]
mod screen;

#[cfg(target_os = "linux")]
mod measure {
    use crate::stage::{Stage, until};
    use anyhow::{Context as _, Result};
    use std::process::ExitCode;
    use std::time::{Duration, Instant};
    use tauri::webview::PageLoadEvent;
    use tauri::{WebviewUrl, WebviewWindowBuilder};

    /// Pairs of runs. The first of each is thrown away: it warms the disk cache.
    const ROUNDS: usize = 6;
    /// How long a window stands before its memory is read.
    const SETTLE: Duration = Duration::from_secs(4);

    #[expect(clippy::exit, reason = "written by Tauri's macro")]
    fn context() -> tauri::Context {
        tauri::generate_context!()
    }

    /// Shows nothing but one small picture and says when it has loaded.
    pub(crate) fn blank(started: Instant) -> ExitCode {
        let built = tauri::Builder::default()
            .setup(move |app| {
                let empty = WebviewUrl::App("bell.svg".into());
                WebviewWindowBuilder::new(app, "blank", empty)
                    .inner_size(1200.0, 780.0)
                    .on_page_load(move |_, page| {
                        if page.event() == PageLoadEvent::Finished {
                            say(started.elapsed());
                        }
                    })
                    .build()?;
                Ok(())
            })
            .build(context());
        match built {
            Ok(app) => ExitCode::from(u8::try_from(app.run_return(|_, _| {})).unwrap_or(1)),
            Err(_) => ExitCode::FAILURE,
        }
    }

    #[expect(clippy::print_stderr, reason = "where the measuring process reads it")]
    fn say(took: Duration) {
        eprintln!("{{\"event\":\"painted\",\"ms\":{}}}", took.as_millis());
    }

    #[derive(Clone, Copy)]
    struct Run {
        milliseconds: u64,
        kibibytes: u64,
    }

    #[expect(clippy::print_stdout, reason = "the table is what the program is for")]
    pub(crate) async fn all() -> Result<()> {
        let stage = Stage::set("figures").await?;
        let this = std::env::current_exe()?;
        let mut blanks = Vec::new();
        let mut desks = Vec::new();
        for round in 0..ROUNDS {
            let mut empty = stage.command(&this.to_string_lossy());
            empty.arg("--blank");
            let blank = run(&stage, empty).await?;
            let desk = run(&stage, stage.deskbell(&["--demo"])).await?;
            if round > 0 {
                blanks.push(blank);
                desks.push(desk);
            }
        }
        let (time, memory) = (|run: &Run| run.milliseconds, |run: &Run| run.kibibytes);
        println!(
            "| figure (median of {}) | Deskbell, demo shop | blank web view | ratio |",
            ROUNDS - 1
        );
        println!("|---|---|---|---|");
        row("first paint, ms", &desks, &blanks, time, 1);
        row(
            "memory of all processes (PSS), MiB",
            &desks,
            &blanks,
            memory,
            1024,
        );
        Ok(())
    }

    #[expect(clippy::print_stdout, reason = "the table is what the program is for")]
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    fn row(name: &str, desks: &[Run], blanks: &[Run], of: impl Fn(&Run) -> u64, unit: u64) {
        let median = |runs: &[Run]| {
            let mut all: Vec<u64> = runs.iter().map(&of).collect();
            all.sort_unstable();
            all.get(all.len() / 2).copied().unwrap_or_default()
        };
        let (desk, blank) = (median(desks), median(blanks));
        println!(
            "| {name} | {} | {} | {:.2} |",
            desk / unit,
            blank / unit,
            desk as f64 / blank.max(1) as f64
        );
    }

    async fn run(stage: &Stage, mut command: std::process::Command) -> Result<Run> {
        let app = stage.launch_command(&mut command)?;
        app.logs("\"painted\"").await?;
        let said = app.said();
        let line = said
            .lines()
            .find(|line| line.contains("\"painted\""))
            .context("the line")?;
        let told: serde_json::Value = serde_json::from_str(line)?;
        let milliseconds = told
            .get("ms")
            .and_then(serde_json::Value::as_u64)
            .context("milliseconds")?;
        tokio::time::sleep(SETTLE).await;
        let kibibytes = until("its memory can be read", async || memory(app.group())).await?;
        Ok(Run {
            milliseconds,
            kibibytes,
        })
    }

    /// The proportional memory of a process group, in KiB: shared pages count for each process by its share.
    fn memory(group: u32) -> Result<u64> {
        let mut sum = 0;
        for entry in std::fs::read_dir("/proc")?.flatten() {
            let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            // After the name in brackets: state, parent, process group.
            let fields = stat.rsplit_once(") ").map(|(_, rest)| rest).unwrap_or_default();
            let member = fields.split(' ').nth(2).and_then(|field| field.parse().ok()) == Some(group);
            if member {
                let told = std::fs::read_to_string(entry.path().join("smaps_rollup")).unwrap_or_default();
                let line = told
                    .lines()
                    .find_map(|line| line.strip_prefix("Pss:"))
                    .unwrap_or_default();
                sum += line
                    .trim()
                    .trim_end_matches(" kB")
                    .parse::<u64>()
                    .unwrap_or_default();
            }
        }
        anyhow::ensure!(sum > 0, "no process of the group is there");
        Ok(sum)
    }
}

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<std::process::ExitCode> {
    let started = std::time::Instant::now();
    if std::env::args().any(|argument| argument == "--blank") {
        return Ok(measure::blank(started));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(measure::all())?;
    Ok(std::process::ExitCode::SUCCESS)
}

#[cfg(not(target_os = "linux"))]
fn main() {}
