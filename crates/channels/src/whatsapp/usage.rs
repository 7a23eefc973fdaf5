//! How much of Meta's allowance for management calls is used, as its answers say in their headers
//! (whatsapp-cloud-api, section 9.2).

use super::lenient;
use http::HeaderMap;
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

const BUSINESS_HEADER: &str = "x-business-use-case-usage";
const APP_HEADER: &str = "x-app-usage";
/// From here on background calls leave more slowly, in percent.
const SLOW_FROM: u32 = 75;
/// From here on they rest.
const HELD_FROM: u32 = 90;
/// How long a figure counts: Meta looks at the last hour.
const FIGURE_LIVES: Duration = Duration::from_hours(1);
/// How long background calls rest when Meta does not say it.
const REST: Duration = Duration::from_mins(5);
/// No rest is longer.
const LONGEST_REST: Duration = Duration::from_hours(24);
/// Lines that are kept; a real account has a handful.
const MOST_LINES: usize = 64;
/// Characters of a name that are kept.
const LONGEST_NAME: usize = 80;

/// One line of Meta's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageLine {
    /// Meta's id of the business account, or `app` for the whole Meta app.
    pub scope: String,
    /// What kind of calls, in Meta's words; empty when it does not say.
    pub kind: String,
    /// Calls, in percent of the allowance.
    pub calls: u32,
    /// Computing time, in percent.
    pub cpu: u32,
    /// Time in all, in percent.
    pub time: u32,
    /// How long until calls are taken again, when they are not.
    pub regain: Option<Duration>,
}

impl UsageLine {
    fn percent(&self) -> u32 {
        self.calls.max(self.cpu).max(self.time)
    }

    fn is_full(&self) -> bool {
        self.percent() >= HELD_FROM || self.regain.is_some()
    }
}

/// What the figures ask of background calls. A person's calls pass at all times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressure {
    /// Nothing.
    Free,
    /// To leave more slowly: three quarters of the allowance are used.
    Slow,
    /// To rest for so long: nine tenths are used, or Meta refused a call.
    Held(Duration),
}

/// How much of Meta's allowance is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The highest figure, in percent; it may be above 100.
    pub percent: u32,
    /// What it asks of background calls.
    pub pressure: Pressure,
    /// Management calls that left this computer within the last minute, at most 120.
    pub calls_last_minute: usize,
    /// Calls that wait for their turn.
    pub waiting: usize,
    /// Meta's figures, those of the last hour.
    pub lines: Vec<UsageLine>,
}

/// The figures that count at the moment.
#[derive(Debug, Default)]
pub(super) struct Allowance(Vec<Figure>);

#[derive(Debug)]
struct Figure {
    line: UsageLine,
    until: Instant,
}

impl Allowance {
    pub(super) fn note(&mut self, lines: Vec<UsageLine>, now: Instant) {
        self.0.retain(|figure| figure.until > now);
        for line in lines {
            let lives = if line.is_full() {
                line.regain.unwrap_or(REST).min(LONGEST_REST)
            } else {
                FIGURE_LIVES
            };
            self.0
                .retain(|known| (&known.line.scope, &known.line.kind) != (&line.scope, &line.kind));
            if self.0.len() < MOST_LINES {
                let until = now + lives;
                self.0.push(Figure { line, until });
            }
        }
    }

    pub(super) fn note_limit(&mut self, wait: Option<Duration>, now: Instant) {
        // What the headers said about the same answer is more exact.
        if self
            .0
            .iter()
            .any(|known| known.until > now && known.line.is_full())
        {
            return;
        }
        let refused = UsageLine {
            scope: "refused".to_owned(),
            kind: String::new(),
            calls: 100,
            cpu: 0,
            time: 0,
            regain: wait.filter(|wait| !wait.is_zero()),
        };
        self.note(vec![refused], now);
    }

    pub(super) fn pressure(&self, now: Instant) -> Pressure {
        let current = || self.0.iter().filter(|figure| figure.until > now);
        let rest = current()
            .filter(|figure| figure.line.is_full())
            .map(|figure| figure.until - now)
            .max();
        match rest {
            Some(rest) => Pressure::Held(rest),
            None if current().any(|figure| figure.line.percent() >= SLOW_FROM) => Pressure::Slow,
            None => Pressure::Free,
        }
    }

    pub(super) fn usage(&self, now: Instant, calls_last_minute: usize, waiting: usize) -> Usage {
        let lines: Vec<_> = self
            .0
            .iter()
            .filter(|figure| figure.until > now)
            .map(|figure| figure.line.clone())
            .collect();
        Usage {
            percent: lines.iter().map(UsageLine::percent).max().unwrap_or(0),
            pressure: self.pressure(now),
            calls_last_minute,
            waiting,
            lines,
        }
    }
}

/// Reads the figures in the headers of an answer; what is no figure is left out.
pub(super) fn read(headers: &HeaderMap) -> Vec<UsageLine> {
    let json = |name: &str| -> Option<Value> {
        // Header values need not be text; JSON in them is.
        serde_json::from_slice(headers.get(name)?.as_bytes()).ok()
    };
    let mut lines = Vec::new();
    if let Some(Value::Object(accounts)) = json(BUSINESS_HEADER) {
        for (account, kinds) in accounts.into_iter().take(MOST_LINES) {
            for kind in lenient::list(Some(kinds)).unwrap_or_default() {
                lines.extend(line(&account, &kind));
            }
        }
    }
    if let Some(app) = json(APP_HEADER) {
        lines.extend(line("app", &app));
    }
    lines.truncate(MOST_LINES);
    lines
}

fn line(scope: &str, json: &Value) -> Option<UsageLine> {
    let json = json.as_object()?;
    let short = |text: &str| text.chars().take(LONGEST_NAME).collect::<String>();
    let percent = |key: &str| lenient::number(json.get(key)).unwrap_or(0);
    Some(UsageLine {
        scope: short(scope),
        kind: short(&lenient::id(json.get("type")).unwrap_or_default()),
        calls: percent("call_count"),
        cpu: percent("total_cputime"),
        time: percent("total_time"),
        // Minutes (section 9.2).
        regain: lenient::number(json.get("estimated_time_to_regain_access"))
            .filter(|minutes| *minutes > 0)
            .map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
    })
}
