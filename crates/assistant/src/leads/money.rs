//! Amounts of money: `1.234,50 €`, `5 bin TL`, `500-800`, `up to 300`.

use super::reading::{Kind, Reading};
use super::words::Phrases;
use std::sync::LazyLock;

/// An amount, or a range of amounts, and which tokens say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Money {
    /// The least, in hundredths.
    pub(super) least: u64,
    /// The most, in hundredths; none: no end was named.
    pub(super) most: Option<u64>,
    /// ISO 4217, when it was named or follows from the sign.
    pub(super) currency: Option<&'static str>,
    /// Whether the message itself calls it a budget, or bounds it.
    pub(super) is_cued: bool,
    /// First token, and the token after the last.
    pub(super) tokens: (usize, usize),
}

/// Words for currencies. Those of capital letters are words of a language, too, and count only when written so.
const CURRENCIES: &[(&str, &str)] = &[
    ("TRY", "₺ tl TRY lira liras liraya ليره"),
    ("EUR", "€ euro euros eur avro يورو यूरो"),
    ("GBP", "£ gbp pounds quid sterlin"),
    ("INR", "₹ inr rs rupee rupees रुपये रुपए रुपया रु"),
    ("USD", "usd dollar dollars bucks dolar dolares dollari دولار डॉलर"),
    ("BRL", "brl reais"),
    ("AED", "aed dirham dirhams درهم"),
    ("SAR", "sar riyal riyals ريال"),
    ("EGP", "جنيه egp"),
    ("IDR", "idr rp rupiah"),
    ("MXN", "mxn"),
    ("CHF", "chf franken"),
    ("ARS", "ARS"),
    ("COP", "COP"),
    ("PEN", "PEN"),
    ("MAD", "MAD"),
    ("PKR", "pkr"),
    ("CLP", "clp"),
];

/// Words after a number that multiply it.
const TIMES: &[(u64, &str)] = &[
    (
        1_000,
        "k mil bin mille mila tausend tsd thousand grand الف الاف हजार rb ribu",
    ),
    (100_000, "lakh लाख"),
    (1_000_000, "jt juta milyon million millones milhoes milioni مليون"),
    (10_000_000, "crore"),
];

static BUDGET: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        budget* | presupuesto | orcamento | verba | butce* | ميزانية | ميزانيتي | बजट | anggaran |
        anggaranku | afford | spend | gastar | ausgeben | depenser | spendere | harcama* | dana |
        puedo pagar | posso pagar | kostenrahmen
    ",
    )
});
static AT_MOST: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        up to | max | maximum | at most | under | below | no more than | less than | hasta | maximo |
        como mucho | menos de | ate | no maximo | bis | bis zu | maximal | hochstens | unter |
        jusqu'a | moins de | maximum de | fino a | massimo | al massimo | meno di | en fazla |
        maksimum | maksimal | paling banyak | hingga | sampai | حتى | اقصى حد | بحد اقصى | اقل من |
        अधिकतम | ज्यादा से ज्यादा
    ",
    )
});
static AT_LEAST: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        at least | more than | minimum | al menos | minimo | mas de | pelo menos | mais de | ab |
        mindestens | au moins | plus de | almeno | piu di | en az | minimal | setidaknya | على الاقل |
        اكثر من | कम से कम
    ",
    )
});
/// What makes of an amount before it the most: `500 TL'ye kadar`, `500 तक`.
static AT_MOST_AFTER: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        kadar | 'ye kadar | 'ya kadar | 'e kadar | 'a kadar | max | maximum | maks | तक | or less
    ",
    )
});
static RANGE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        - | to | a | al | bis | ile | ila | ate | hasta | sampai | hingga | s / d | الى | से
    ",
    )
});
static BETWEEN: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::listed("between | entre | zwischen | tra | fra | antara | بين"));
static AND: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::listed("and | y | e | et | und | ve | و | और | dan"));
/// Words that make a number beside them something else.
static NUMBER_OF: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        # | no | nr | n° | order | order number | order no | invoice | ref | tracking | pedido |
        factura | fatura | siparis | siparis no | bestellung | bestellnummer | rechnung | commande |
        facture | ordine | pesanan | الطلب | طلب | رقم | ऑर्डर | code | codigo | kod | pin
    ",
    )
});
/// Words that may follow a bare amount. Any other word is what is counted.
static MAY_FOLLOW: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        max | maximum | maks | total | in | for | or | and | per | each | is | but | if | please |
        para | por | en | em | no | o | ou | pour | fur | oder | und | insgesamt | ist | civari |
        civarinda | kadar | butcem | olur | var | için | تقريبا | فقط | तक | है | का | untuk | saja |
        sekitar | environ | circa | etwa | mas | y | e | et | ve | dan
    ",
    )
});

/// A number, in hundredths, and the token after it. Reads `1.234,50`, `1,234.50`, `1 234`, `1,00,000`.
pub(super) fn amount(reading: &Reading<'_>, at: usize) -> Option<(u64, usize)> {
    if reading.kind(at) != Some(Kind::Digits) {
        return None;
    }
    let mut groups = vec![reading.word(at)];
    let mut marks: Vec<&str> = Vec::new();
    let mut next = at + 1;
    loop {
        let mark = reading.word(next);
        let is_glued = !reading.spaced(next)
            && matches!(mark, "." | "," | "'")
            && reading.kind(next + 1) == Some(Kind::Digits)
            && !reading.spaced(next + 1);
        let is_group = reading.kind(next) == Some(Kind::Digits)
            && reading.spaced(next)
            && marks.iter().all(|mark| *mark == " ")
            && mark.len() == 3
            && groups.first().is_some_and(|first| first.len() <= 3)
            && reading.raw_token(next).len() == 3;
        if is_glued {
            marks.push(mark);
            groups.push(reading.word(next + 1));
            next += 2;
        } else if is_group {
            marks.push(" ");
            groups.push(mark);
            next += 1;
        } else {
            break;
        }
    }
    let last = groups.last().copied().unwrap_or_default();
    let last_mark = marks.last().copied();
    let is_mixed = marks
        .windows(2)
        .any(|pair| matches!(pair, [one, two] if one != two));
    let has_cents = match last_mark {
        Some("." | ",") => {
            last.len() <= 2 || (last.len() == 3 && groups.len() == 2 && groups.first() == Some(&"0"))
        }
        _ => false,
    };
    let whole = if has_cents {
        groups.get(..groups.len() - 1)?
    } else {
        groups.as_slice()
    };
    // After the first group come groups of three, in India also of two.
    let is_number = whole
        .iter()
        .skip(1)
        .all(|group| group.len() == 3 || group.len() == 2)
        && (whole.len() < 2 || whole.last().is_some_and(|group| group.len() == 3))
        && whole
            .first()
            .is_some_and(|first| whole.len() < 2 || first.len() <= 3)
        && (!is_mixed || has_cents);
    let whole_marks = if has_cents {
        marks.get(..marks.len() - 1)?
    } else {
        marks.as_slice()
    };
    let is_one_kind = !whole_marks
        .windows(2)
        .any(|pair| matches!(pair, [one, two] if one != two));
    // `12.50.30` is no number, nor is one whose last mark is the one of its groups.
    let is_sound = is_number && is_one_kind && !(has_cents && whole_marks.last().copied() == last_mark);
    let units: u64 = whole.concat().parse().ok()?;
    let cents: u64 = match (has_cents, last.len()) {
        (true, 1) => last.parse::<u64>().ok()? * 10,
        (true, 2) => last.parse().ok()?,
        (true, _) => last.parse::<u64>().ok()? / 10,
        (false, _) => 0,
    };
    let value = units.checked_mul(100)?.checked_add(cents)?;
    (is_sound && whole.concat().len() <= 12).then_some((value, next))
}

fn currency_word(reading: &Reading<'_>, at: usize) -> Option<&'static str> {
    let (word, raw) = (reading.word(at), reading.raw_token(at));
    let is_it =
        |known: &str| known == word || (known.starts_with(|c: char| c.is_ascii_uppercase()) && known == raw);
    CURRENCIES
        .iter()
        .find(|(_, words)| words.split(' ').any(is_it))
        .map(|(code, _)| *code)
}

/// The currency that `$` stands for in a country, by its two letters.
fn dollar(region: Option<&str>) -> &'static str {
    match region {
        Some("MX") => "MXN",
        Some("AR") => "ARS",
        Some("CO") => "COP",
        Some("CL") => "CLP",
        Some("CA") => "CAD",
        Some("AU") => "AUD",
        Some("NZ") => "NZD",
        Some("SG") => "SGD",
        _ => "USD",
    }
}

fn peso(region: Option<&str>) -> &'static str {
    match dollar(region) {
        "USD" => "MXN",
        own => own,
    }
}

/// The currency that begins at a token, and the token after it.
fn currency_at(reading: &Reading<'_>, at: usize, region: Option<&str>) -> Option<(&'static str, usize)> {
    match (reading.word(at), reading.word(at + 1)) {
        ("r", "$") => return Some(("BRL", at + 2)),
        ("us" | "u", "$") => return Some(("USD", at + 2)),
        ("mx", "$") => return Some(("MXN", at + 2)),
        ("$", _) => return Some((dollar(region), at + 1)),
        ("peso" | "pesos", _) => return Some((peso(region), at + 1)),
        ("real", _) if region == Some("BR") => return Some(("BRL", at + 1)),
        ("libra" | "libras" | "pound", _) if region != Some("US") => return Some(("GBP", at + 1)),
        ("rs" | "rp", ".") => return currency_word(reading, at).map(|code| (code, at + 2)),
        ("د", ".") if reading.word(at + 2) == "ا" => return Some(("AED", at + 3)),
        _ => {}
    }
    currency_word(reading, at).map(|code| (code, at + 1))
}

/// The currency that ends before a token, and its first token.
fn currency_before(reading: &Reading<'_>, end: usize, region: Option<&str>) -> Option<(&'static str, usize)> {
    (1..=3).rev().find_map(|length| {
        let from = end.checked_sub(length)?;
        // The digits before belong to the sign that follows them: `500 TL 800`.
        currency_at(reading, from, region)
            .filter(|(_, next)| *next == end)
            .map(|(code, _)| (code, from))
    })
}

fn times(reading: &Reading<'_>, at: usize) -> Option<u64> {
    let word = reading.word(at);
    let is_glued_or_whole = word != "k" || !reading.spaced(at);
    TIMES
        .iter()
        .find(|(_, words)| words.split(' ').any(|known| known == word) && is_glued_or_whole)
        .map(|(times, _)| *times)
}

struct Side {
    value: u64,
    times: Option<u64>,
    currency: Option<&'static str>,
    end: usize,
}

/// An amount with what multiplies it and the currency behind it.
fn side(reading: &Reading<'_>, at: usize, region: Option<&str>) -> Option<Side> {
    let before = currency_at(reading, at, region);
    let (value, mut end) = amount(reading, before.map_or(at, |(_, next)| next))?;
    let times = times(reading, end);
    if times.is_some() {
        end += 1;
    }
    let after = currency_at(reading, end, region);
    // `$ 500 ...`: the sign before belongs to it, and one behind would be the next amount's.
    let currency = match (before, after) {
        (Some((code, _)), _) => Some(code),
        (None, Some((code, next))) => {
            end = next;
            Some(code)
        }
        (None, None) => None,
    };
    Some(Side {
        value: value.checked_mul(times.unwrap_or(1))?,
        times,
        currency,
        end,
    })
}

/// Whether the digits at a token are part of something longer: a word, a time, a percentage.
fn is_something_else(reading: &Reading<'_>, from: usize, end: usize) -> bool {
    let glued_word = from > 0
        && !reading.spaced(from)
        && (reading.kind(from - 1) == Some(Kind::Word)
            || matches!(reading.before(from), ":" | "/" | "." | "+"));
    let behind = reading.word(end);
    let goes_on = !reading.spaced(end)
        && (matches!(reading.kind(end), Some(Kind::Word))
            || (matches!(behind, ":" | "/" | "." | "-" | ",")
                && reading.kind(end + 1) == Some(Kind::Digits)
                && !reading.spaced(end + 1))
            || behind == "°");
    glued_word || goes_on || matches!(behind, "%" | "st" | "nd" | "rd" | "th" | "am" | "pm" | "uhr")
}

/// Finds the amounts in a message. `is_asked`: we asked for the budget, so a bare number is one.
pub(super) fn find(reading: &Reading<'_>, region: Option<&str>, is_asked: bool) -> Vec<Money> {
    let has_budget = BUDGET.are_in(reading);
    let mut found = Vec::new();
    let mut at = 0;
    while at < reading.len() {
        match money_at(reading, at, region, is_asked, has_budget) {
            Some(money) => {
                at = money.tokens.1;
                found.push(money);
            }
            // Past the whole number, so that no half of it is read.
            None => at = amount(reading, at).map_or(at + 1, |(_, next)| next),
        }
    }
    found
}

fn money_at(
    reading: &Reading<'_>,
    at: usize,
    region: Option<&str>,
    is_asked: bool,
    has_budget: bool,
) -> Option<Money> {
    if reading.kind(at) != Some(Kind::Digits) {
        return None;
    }
    let sign = currency_before(reading, at, region);
    let from = sign.map_or(at, |(_, from)| from);
    let mut first = side(reading, at, region)?;
    first.currency = sign.map(|(code, _)| code).or(first.currency);
    let mut end = first.end;
    let between = BETWEEN.ending(reading, from);
    let joint = RANGE
        .at(reading, end)
        .or_else(|| between.and_then(|_| AND.at(reading, end)));
    let second = joint
        .and_then(|length| side(reading, end + length, region))
        .filter(|second| !is_something_else(reading, from, second.end));
    let (mut least, mut most) = (first.value, Some(first.value));
    let mut currency = first.currency;
    let mut is_bounded = false;
    let mut is_multiplied = first.times.is_some();
    if let Some(second) = second {
        // `5-7k` means five thousand as well.
        let low = match (first.times, second.times) {
            (None, Some(times)) if first.value < second.value => {
                let same = first.value.checked_mul(times)?;
                if same < second.value { same } else { first.value }
            }
            _ => first.value,
        };
        if low < second.value {
            (least, most) = (low, Some(second.value));
            currency = currency.or(second.currency);
            end = second.end;
            is_multiplied |= second.times.is_some();
            is_bounded = true;
        }
    }
    if is_something_else(reading, from, end) {
        return None;
    }
    let mut start = from;
    if !is_bounded {
        if let Some(length) = AT_MOST.ending(reading, from) {
            (least, start) = (0, from - length);
            is_bounded = true;
        } else if let Some(length) = AT_MOST_AFTER.at(reading, end) {
            (least, end) = (0, end + length);
            is_bounded = true;
        } else if let Some(length) = AT_LEAST.ending(reading, from) {
            (most, start) = (None, from - length);
            is_bounded = true;
        }
    }
    let is_year = first.times.is_none()
        && (201_500..=203_599).contains(&first.value)
        && !reading.raw_token(at).is_empty()
        && end == at + 1;
    let follower =
        end < reading.len() && reading.kind(end) == Some(Kind::Word) && MAY_FOLLOW.at(reading, end).is_none();
    let is_numbered = NUMBER_OF.ending(reading, from).is_some()
        || (matches!(reading.before(from), ":") && from > 0 && NUMBER_OF.ending(reading, from - 1).is_some());
    let is_cued = is_asked || has_budget || (is_bounded && currency.is_none());
    // What stands alone has to be worth more than a few coins: `10-12` are dogs as well.
    // And numbers of six digits are mostly those of orders.
    let is_worth_it = most.unwrap_or(least) < 10_000_000
        && match (least, most) {
            (0, Some(most)) => most >= 2_000,
            (least, Some(_)) => is_bounded && least >= 5_000,
            (least, None) => least >= 2_000,
        };
    // An American pension, and no amount.
    let is_pension = reading.word(at) == "401" && reading.word(at + 1) == "k";
    let is_money = match currency {
        Some(_) => true,
        None if is_numbered || is_pension || follower || first.value > 1_000_000_000 => false,
        None if is_multiplied || is_asked => true,
        None => !is_year && (has_budget || is_worth_it),
    };
    is_money.then_some(Money {
        least,
        most,
        currency,
        is_cued,
        tokens: (start, end),
    })
}

impl Money {
    /// The amount in a form that compares: `500 EUR`, `500-800 EUR`, `0-300 EUR`, `300+ EUR`.
    pub(super) fn value(&self, own: Option<&str>) -> String {
        let amount = |cents: u64| match cents % 100 {
            0 => (cents / 100).to_string(),
            rest => format!("{}.{rest:02}", cents / 100),
        };
        let range = match self.most {
            Some(most) if most == self.least => amount(most),
            Some(most) => format!("{}-{}", amount(self.least), amount(most)),
            None => format!("{}+", amount(self.least)),
        };
        match self.currency.or(own) {
            Some(code) => format!("{range} {code}"),
            None => range,
        }
    }
}
