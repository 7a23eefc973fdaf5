//! Dates and times as customers say them, seen from the day their message came.
//!
//! *Next Friday* is the Friday of the next week in English, Turkish, Hindi and Indonesian; in the other languages it
//! is the coming one. A date without a year is the next one; a date in the past is none.

use super::calendar::{Near, Unit, is_in_a_month, month, near, small_number, unit, weekday};
use super::reading::{Kind, Reading};
use super::words::Phrases;
use domain::Language;
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use std::sync::LazyLock;

/// A day, a stretch of days, or a month, and which tokens say it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct When {
    /// The first day.
    pub(super) from: Date,
    /// The last day, when it is a stretch.
    pub(super) to: Option<Date>,
    /// Whether only the month is known.
    pub(super) is_month: bool,
    /// Hour and minute.
    pub(super) time: Option<(u32, u32)>,
    /// First token, and the token after the last.
    pub(super) tokens: (usize, usize),
    /// How sure the reading is.
    pub(super) confidence: f64,
}

impl When {
    /// The date in a form that compares: `2026-11-24`, `2026-11-24T17:00`, `2026-11-30/2026-12-06`, `2026-12`.
    pub(super) fn value(&self) -> String {
        let day = |date: Date| format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
        match (self.is_month, self.to, self.time) {
            (true, ..) => format!("{:04}-{:02}", self.from.year(), self.from.month()),
            (_, Some(to), _) => format!("{}/{}", day(self.from), day(to)),
            (_, None, Some((hour, minute))) => format!("{}T{hour:02}:{minute:02}", day(self.from)),
            (_, None, None) => day(self.from),
        }
    }
}

/// What a date is read from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    /// The day of the message, where the business is.
    pub(super) today: Date,
    /// Whether `3/4` is the fourth of March.
    pub(super) is_month_first: bool,
    /// The language of the message, when it is known.
    pub(super) language: Option<Language>,
}

/// Words before a weekday that mean the one of the next week.
static OF_NEXT_WEEK: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::listed("next | gelecek | haftaya | अगले | the following"));
/// Words before a weekday that mean the coming one.
static COMING: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        this | this coming | coming | on | este | el | el proximo | proximo | proxima | na proxima |
        no proximo | ce | am | diesen | kommenden | nachsten | questo | prossimo | il prossimo | bu |
        onumuzdeki | يوم | इस | hari
    ",
    )
});
/// Words behind a weekday that mean the coming one.
static COMING_AFTER: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        - feira | feira | - feira que vem | que viene | que vem | proximo | prochain | prossimo |
        gunu | ini | القادم | القادمة | المقبل | المقبلة | الجاي | الجاية | को
    ",
    )
});
/// Words behind a weekday that mean the one of the next week.
static NEXT_AFTER: LazyLock<Phrases> = LazyLock::new(|| Phrases::listed("depan | next week | minggu depan"));
static IN: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        in | within | en | dentro de | em | daqui a | daqui | dans | tra | fra | بعد | خلال | dalam
    ",
    )
});
static AFTER: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        sonra | icinde | lagi | बाद | में | के बाद | के अंदर | from now | from today
    ",
    )
});
static OF: LazyLock<Phrases> = LazyLock::new(|| Phrases::listed("of | de | d' | di | del"));
static TO: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        - | to | al | a | au | bis | bis zum | sampai | ate | ila | until | till | الى | से
    ",
    )
});
static BETWEEN: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::listed("between | entre | zwischen | tra | fra | antara | بين"));
static AND: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::listed("and | y | e | et | und | ve | و | और | dan"));
/// Words before a month that stands without a day.
static IN_MONTH: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        in | en | em | im | a | ad | bulan | في | شهر | for | by | until | para | para el | fur
    ",
    )
});
/// Words before a bare day of the month.
static DAY: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        dia | el dia | no dia | tanggal | tgl | يوم | ayin | on the | the | il giorno
    ",
    )
});
static AT: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        at | around | सुबह | शाम | शाम को | रात | रात को | दोपहर | sabah | akşam | akşam saat | sabah saat | pagi jam | , at | a las | a la | sobre las | as | a partir das | a | um | gegen | alle |
        alle ore | ore | saat | الساعة | على الساعة | को | jam | pukul | vers | @ | ,
    ",
    )
});

/// Finds the dates in a message.
pub(super) fn find(reading: &Reading<'_>, anchor: Anchor) -> Vec<When> {
    let mut found: Vec<When> = Vec::new();
    let mut at = 0;
    while at < reading.len() {
        match when_at(reading, at, anchor) {
            Some(when) => {
                let when = with_end(reading, when, anchor);
                let when = with_time(reading, when, found.last().map_or(0, |last| last.tokens.1));
                at = when.tokens.1.max(at + 1);
                if when.to.unwrap_or(when.from) >= anchor.today || when.is_month {
                    found.push(when);
                }
            }
            None => at += 1,
        }
    }
    found
}

/// Adds the last day of a stretch: `Friday to Sunday`, `between 5 and 10 September`.
fn with_end(reading: &Reading<'_>, mut when: When, anchor: Anchor) -> When {
    let (from, end) = when.tokens;
    if when.to.is_some() || when.is_month {
        return when;
    }
    let between = BETWEEN.ending(reading, from);
    let joint = TO
        .at(reading, end)
        .or_else(|| between.and_then(|_| AND.at(reading, end)));
    let last = joint.and_then(|length| when_at(reading, end + length, anchor));
    if let Some(last) = last.filter(|last| last.to.is_none() && !last.is_month && last.from > when.from) {
        when.to = Some(last.from);
        when.tokens.1 = last.tokens.1;
        when.confidence = when.confidence.min(last.confidence);
    }
    when
}

fn when_at(reading: &Reading<'_>, at: usize, anchor: Anchor) -> Option<When> {
    let is_inside = at > 0
        && !reading.spaced(at)
        && reading.kind(at) == Some(Kind::Digits)
        && (reading.kind(at - 1) == Some(Kind::Word)
            || matches!(reading.before(at), "." | "/" | "-" | ":" | "+" | "#" | "$" | "€"));
    if is_inside {
        return None;
    }
    numeric(reading, at, anchor)
        .or_else(|| day_and_month(reading, at, anchor))
        .or_else(|| month_and_day(reading, at, anchor))
        .or_else(|| from_now(reading, at, anchor))
        .or_else(|| near_day(reading, at, anchor))
        .or_else(|| day_of_week(reading, at, anchor))
        .or_else(|| month_alone(reading, at, anchor))
        .or_else(|| day_alone(reading, at, anchor))
}

fn single(from: Date, tokens: (usize, usize), confidence: f64) -> When {
    When {
        from,
        to: None,
        is_month: false,
        time: None,
        tokens,
        confidence,
    }
}

/// A day without a year is the next one.
fn dated(anchor: Anchor, year: Option<u32>, month: i8, day: u32) -> Option<Date> {
    let day = i8::try_from(day).ok()?;
    if let Some(year) = year {
        let full = if year < 100 { 2000 + year } else { year };
        let is_near = (1900..=2100).contains(&full);
        return is_near.then(|| Date::new(i16::try_from(full).ok()?, month, day).ok())?;
    }
    let this = anchor.today.year();
    (0..=8)
        .filter_map(|more| Date::new(this + more, month, day).ok())
        .find(|date| *date >= anchor.today)
}

fn glued(reading: &Reading<'_>, at: usize, mark: &str) -> bool {
    reading.word(at) == mark && !reading.spaced(at)
}

fn year_at(reading: &Reading<'_>, at: usize) -> Option<u32> {
    reading
        .number(at)
        .filter(|year| reading.word(at).len() == 4 && (1900..=2100).contains(year))
}

/// `15/12`, `15.12.`, `15.12.2026`, `2026-12-15`.
fn numeric(reading: &Reading<'_>, at: usize, anchor: Anchor) -> Option<When> {
    let first = reading.number(at)?;
    let mark = reading.word(at + 1);
    if !matches!(mark, "/" | "." | "-") || reading.spaced(at + 1) || reading.spaced(at + 2) {
        return None;
    }
    let second = reading.number(at + 2)?;
    let third = (glued(reading, at + 3, mark) && !reading.spaced(at + 4))
        .then(|| reading.number(at + 4))
        .flatten();
    let is_iso = reading.word(at).len() == 4;
    if reading.word(at).len() > 2 && !is_iso || reading.word(at + 2).len() > 2 {
        return None;
    }
    let (year, day, month, end) = match third {
        Some(day) if is_iso => (Some(first), day, second, at + 5),
        Some(year) if matches!(reading.word(at + 4).len(), 2 | 4) => (Some(year), first, second, at + 5),
        None if mark == "/" && !is_iso => (None, first, second, at + 3),
        // `15.12.` is a day in many countries, `15.12` is as well a price or a time.
        None if mark == "." && !is_iso && glued(reading, at + 3, ".") => (None, first, second, at + 4),
        _ => return None,
    };
    if reading.kind(end) == Some(Kind::Digits) && !reading.spaced(end) {
        return None;
    }
    let swaps = !is_iso && (month > 12 || (anchor.is_month_first && day <= 12 && mark == "/"));
    let (day, month) = if swaps { (month, day) } else { (day, month) };
    // A fraction is no day: `1/2 kg`.
    let is_fraction =
        third.is_none() && mark == "/" && reading.word(at).len() == 1 && reading.word(at + 2).len() == 1;
    let date = dated(anchor, year, i8::try_from(month).ok()?, day)?;
    let confidence = if is_fraction {
        0.4
    } else if third.is_none() {
        0.8
    } else {
        0.9
    };
    Some(single(date, (at, end), confidence))
}

/// The token after the mark of an ordinal: `15.`, `15th`, `1er`, `15º`.
fn after_ordinal(reading: &Reading<'_>, at: usize) -> usize {
    let is_ordinal = !reading.spaced(at)
        && matches!(
            reading.word(at),
            "." | "st" | "nd" | "rd" | "th" | "er" | "o" | "a" | "°"
        );
    if is_ordinal { at + 1 } else { at }
}

fn is_article(word: &str) -> bool {
    matches!(word, "el" | "the" | "le" | "il" | "den" | "dem")
}

fn day_number(reading: &Reading<'_>, at: usize) -> Option<u32> {
    reading
        .number(at)
        .filter(|day| (1..=31).contains(day) && reading.word(at).len() <= 2)
}

/// `15 de marzo de 2027`, `15. Dezember`, `15-18 mars`.
fn day_and_month(reading: &Reading<'_>, at: usize, anchor: Anchor) -> Option<When> {
    let first = day_number(reading, at)?;
    let mut next = after_ordinal(reading, at + 1);
    let mut last = None;
    let lead = at.saturating_sub(usize::from(is_article(reading.before(at))));
    let between = BETWEEN.ending(reading, lead).and_then(|_| AND.at(reading, next));
    if let Some(length) = TO.at(reading, next).or(between)
        && let place = next + length
        && let article = usize::from(is_article(reading.word(place)))
        && let Some(day) = day_number(reading, place + article).filter(|day| *day > first)
    {
        last = Some(day);
        next = after_ordinal(reading, place + article + 1);
    }
    if let Some(length) = OF.at(reading, next) {
        next += length;
    }
    let month = month(reading.word(next), true).filter(|_| reading.kind(next) == Some(Kind::Word))?;
    next += 1;
    if glued(reading, next, ".") && reading.word(next - 1).len() <= 4 && year_at(reading, next + 1).is_some()
    {
        next += 1;
    }
    let skipped = OF
        .at(reading, next)
        .or_else(|| glued(reading, next, ",").then_some(1))
        .unwrap_or(0);
    let year = year_at(reading, next + skipped);
    if year.is_some() {
        next += skipped + 1;
    }
    let to = match last {
        Some(day) => Some(dated(anchor, year, month, day)?),
        None => None,
    };
    let mut when = single(dated(anchor, year, month, first)?, (at, next), 0.9);
    when.to = to.filter(|to| *to > when.from);
    Some(when)
}

/// `March 15th`, `December 3, 2026`.
fn month_and_day(reading: &Reading<'_>, at: usize, anchor: Anchor) -> Option<When> {
    if reading.kind(at) != Some(Kind::Word) {
        return None;
    }
    let month = month(reading.word(at), true)?;
    let day = day_number(reading, at + 1)?;
    let mut next = after_ordinal(reading, at + 2);
    // `may 5 people`: a verb.
    let is_verb =
        reading.word(at) == "may" && matches!(reading.before(at), "i" | "you" | "we" | "it" | "they");
    if is_verb || glued(reading, next, ":") {
        return None;
    }
    let skipped = usize::from(glued(reading, next, ","));
    let year = year_at(reading, next + skipped);
    if year.is_some() {
        next += skipped + 1;
    }
    Some(single(dated(anchor, year, month, day)?, (at, next), 0.85))
}

fn count_at(reading: &Reading<'_>, at: usize) -> Option<(u32, usize)> {
    match reading.kind(at)? {
        Kind::Digits => reading.number(at).map(|number| (number, at + 1)),
        _ => small_number(reading.word(at)).map(|number| (number, at + 1)),
    }
}

/// `in two weeks`, `iki hafta sonra`, `بعد اسبوعين`.
fn from_now(reading: &Reading<'_>, at: usize, anchor: Anchor) -> Option<When> {
    let lead = IN.at(reading, at);
    let start = at + lead.unwrap_or(0);
    let (count, place) = match count_at(reading, start) {
        Some((count, next)) => (Some(count), next),
        None => (None, start),
    };
    let (unit, dual) = unit(reading.word(place))?;
    let mut end = place + 1;
    let tail = AFTER.at(reading, end);
    // `en 2 días`, `2 gün sonra`; Arabic needs no number for one.
    let count = match (count, dual) {
        (Some(count), _) => count,
        (None, Some(two)) => two,
        (None, None) if matches!(reading.word(at), "بعد") => 1,
        (None, None) => return None,
    };
    if lead.is_none() && tail.is_none() {
        return None;
    }
    end += tail.filter(|_| lead.is_none()).unwrap_or(0);
    let span = match unit {
        Unit::Day => Span::new().try_days(count).ok()?,
        Unit::Week => Span::new().try_weeks(count).ok()?,
        Unit::Month => Span::new().try_months(count).ok()?,
    };
    (count <= 366).then(|| Some(single(anchor.today.checked_add(span).ok()?, (at, end), 0.8)))?
}

fn near_day(reading: &Reading<'_>, at: usize, anchor: Anchor) -> Option<When> {
    let (near, length) = near(reading, at)?;
    let tokens = (at, at + length);
    let monday = i64::from(anchor.today.weekday().to_monday_zero_offset());
    let day = |days: i64| anchor.today.checked_add(Span::new().try_days(days).ok()?).ok();
    let stretch = |from: i64, to: i64| {
        let (from, to) = (day(from.max(0))?, day(to)?);
        let mut when = single(from, tokens, 0.7);
        when.to = (to > from).then_some(to);
        Some(when)
    };
    match near {
        // Hindi has one word for yesterday and tomorrow.
        Near::Days(days) => {
            // And today is said of many things.
            let confidence = match reading.word(at) {
                "कल" | "परसों" => 0.6,
                _ if days == 0 => 0.55,
                _ => 0.9,
            };
            // `haftaya cuma`, `next week Friday`: the weekday says it better.
            Some(single(day(days)?, tokens, confidence))
        }
        Near::Week(_) if weekday(reading, at + length, anchor.language).is_some() && length == 1 => None,
        Near::Week(week) => stretch(7 * week - monday, 7 * week - monday + 6),
        Near::Weekend(week) => stretch(7 * week - monday + 5, 7 * week - monday + 6),
        Near::Month(more) => {
            let month = anchor.today.first_of_month().checked_add(more.months()).ok()?;
            let mut when = single(month, tokens, 0.7);
            when.is_month = true;
            Some(when)
        }
    }
}

fn day_of_week(reading: &Reading<'_>, at: usize, anchor: Anchor) -> Option<When> {
    // The words before it belong to it: the search stands on the first of them.
    let strict = OF_NEXT_WEEK.at(reading, at);
    let coming = COMING.at(reading, at);
    let lead = [strict, coming, Some(0)]
        .into_iter()
        .flatten()
        .find(|lead| weekday(reading, at + lead, anchor.language).is_some())?;
    let day = weekday(reading, at + lead, anchor.language)?;
    let mut end = at + lead + 1;
    let behind = NEXT_AFTER.at(reading, end);
    let is_of_next_week = (lead > 0 && strict == Some(lead)) || behind.is_some();
    end += behind.or_else(|| COMING_AFTER.at(reading, end)).unwrap_or(0);
    if let Some(length) = COMING_AFTER.at(reading, end) {
        end += length;
    }
    // `pazar 15 Mart`: the date says it better, and comes next.
    let today = i64::from(anchor.today.weekday().to_monday_zero_offset());
    let day = i64::try_from(day).ok()?;
    let ahead = (day - today).rem_euclid(7);
    let ahead = match (is_of_next_week, ahead) {
        (true, _) => day - today + 7,
        (false, 0) => 7,
        (false, ahead) => ahead,
    };
    let confidence = if is_of_next_week { 0.7 } else { 0.8 };
    let date = anchor.today.checked_add(Span::new().try_days(ahead).ok()?).ok()?;
    Some(single(date, (at, end), confidence))
}

fn month_alone(reading: &Reading<'_>, at: usize, anchor: Anchor) -> Option<When> {
    let lead = IN_MONTH.at(reading, at).unwrap_or(0);
    let place = at + lead;
    let found = month(reading.word(place), false).filter(|_| reading.kind(place) == Some(Kind::Word))?;
    let behind = reading.word(place + 1);
    let year = year_at(reading, place + 1);
    let is_said = lead > 0
        || year.is_some()
        || matches!(behind, "ayinda" | "में" | "'")
        || is_in_a_month(reading.word(place));
    let is_risky = matches!(reading.word(place), "may" | "mars" | "mart" | "mai" | "marche")
        && lead == 0
        && year.is_none();
    if !is_said || is_risky && !matches!(behind, "ayinda" | "'") {
        return None;
    }
    let first = dated(anchor, year, found, 1)
        .filter(|_| anchor.today.month() != found || year.is_some())
        .or_else(|| Some(anchor.today.first_of_month()))?;
    let mut when = single(first, (at, place + 1 + usize::from(year.is_some())), 0.7);
    when.is_month = true;
    (first >= anchor.today.first_of_month()).then_some(when)
}

/// `el día 15`, `tanggal 15`, `15 तारीख`, `on the 15th`.
fn day_alone(reading: &Reading<'_>, at: usize, anchor: Anchor) -> Option<When> {
    let lead = DAY.at(reading, at);
    let place = at + lead.unwrap_or(0);
    let day = day_number(reading, place)?;
    // `dia 20 de dezembro` says more.
    if let Some(mut when) = day_and_month(reading, place, anchor) {
        when.tokens.0 = at;
        return Some(when);
    }
    let end = after_ordinal(reading, place + 1);
    let is_ordinal = matches!(reading.word(place + 1), "st" | "nd" | "rd" | "th");
    let is_english = matches!(reading.word(at), "on" | "the");
    let is_turkish = reading.word(at) == "ayin";
    let is_date = matches!(reading.word(place + 1), "तारीख");
    let is_said = match lead {
        Some(_) if is_english => is_ordinal && unit(reading.word(end)).is_none(),
        Some(_) => is_turkish || unit(reading.word(end)).is_none(),
        None => is_date,
    };
    if !is_said {
        return None;
    }
    let date = (0..=12).find_map(|more: i64| {
        let month = anchor.today.first_of_month().checked_add(more.months()).ok()?;
        let date = Date::new(month.year(), month.month(), i8::try_from(day).ok()?).ok()?;
        (date >= anchor.today).then_some(date)
    })?;
    Some(single(date, (at, end + usize::from(is_date)), 0.7))
}

const fn after_noon(hour: u32) -> u32 {
    if hour < 12 { hour + 12 } else { hour }
}

/// Words that make of a small hour one after noon.
static PM_AFTER: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "de la noche | de la tarde | da noite | da tarde | du soir | de l'après-midi | abends |
        nachmittags | di sera | del pomeriggio | مساء | sore | malam | in the evening |
        in the afternoon | at night",
    )
});
static PM_BEFORE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed("शाम | शाम को | रात | रात को | दोपहर | akşam | akşam saat | heute abend")
});

/// A time of day and the token after it. Needs a mark of its own unless `is_led`.
fn time_at(reading: &Reading<'_>, at: usize, is_led: bool) -> Option<((u32, u32), usize)> {
    let mut hour = reading
        .number(at)
        .filter(|hour| *hour <= 24 && reading.word(at).len() <= 2)?;
    let mut next = at + 1;
    let mut minute = 0;
    let mut is_marked = false;
    if matches!(reading.word(next), ":" | "." | "h")
        && !reading.spaced(next)
        && let Some(value) = reading
            .number(next + 1)
            .filter(|value| *value < 60 && reading.word(next + 1).len() == 2 && !reading.spaced(next + 1))
    {
        is_marked = reading.word(next) != ".";
        minute = value;
        next += 2;
    }
    let marker = reading.word(next);
    match marker {
        "pm" | "p" if marker == "pm" || reading.word(next + 2) == "m" => {
            if hour < 12 {
                hour += 12;
            }
            is_marked = true;
            next += if marker == "pm" { 1 } else { 4 };
        }
        "am" if !reading.spaced(next) || is_led => {
            hour %= 12;
            is_marked = true;
            next += 1;
        }
        "uhr" | "h" | "hs" | "heures" | "बजे" | "hrs" => {
            is_marked = true;
            next += 1;
        }
        _ => {}
    }
    if let Some(length) = PM_AFTER.at(reading, next) {
        is_marked = true;
        next += length;
        hour = after_noon(hour);
    } else if PM_BEFORE.ending(reading, at).is_some() {
        hour = after_noon(hour);
    }
    (is_marked || is_led).then_some(((hour % 24, minute), next.min(reading.len())))
}

/// Adds the time of day that stands beside a date.
fn with_time(reading: &Reading<'_>, mut when: When, floor: usize) -> When {
    if when.is_month || when.to.is_some() {
        return when;
    }
    let (from, end) = when.tokens;
    let lead = AT.at(reading, end);
    let place = end + lead.unwrap_or(0);
    let place = place + AT.at(reading, place).unwrap_or(0);
    let is_led = lead.is_some() && !matches!(reading.word(end), ",");
    if let Some((time, next)) = time_at(reading, place, is_led) {
        when.time = Some(time);
        when.tokens.1 = next;
        return when;
    }
    // `at 5 pm tomorrow`.
    for start in
        (floor.max(from.saturating_sub(6))..from).filter(|start| reading.kind(*start) == Some(Kind::Digits))
    {
        let lead = AT.ending(reading, start);
        if let Some((time, next)) = time_at(reading, start, lead.is_some())
            && next == from
        {
            when.time = Some(time);
            when.tokens.0 = start - lead.unwrap_or(0).min(start - floor.min(start));
            break;
        }
    }
    when
}
