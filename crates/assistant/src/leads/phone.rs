//! Telephone numbers, in the form that is dialled from anywhere (E.164), and e-mail addresses.

use super::reading::{Kind, Reading};
use super::words::Phrases;
use std::sync::LazyLock;

/// How a country writes its numbers. Lengths and first digits: the national numbering plans as listed by the ITU
/// (Operational Bulletin, national numbering plans).
struct Plan {
    region: &'static str,
    code: &'static str,
    /// What is dialled before a number at home; not part of it abroad.
    trunk: &'static str,
    /// Digits without code and trunk prefix, least and most.
    length: (usize, usize),
    /// How mobile numbers begin: these are believed without a word beside them.
    mobile: &'static [&'static str],
}

const fn plan(
    region: &'static str,
    code: &'static str,
    trunk: &'static str,
    length: (usize, usize),
    mobile: &'static [&'static str],
) -> Plan {
    Plan {
        region,
        code,
        trunk,
        length,
        mobile,
    }
}

const PLANS: &[Plan] = &[
    plan("TR", "90", "0", (10, 10), &["5"]),
    plan("BR", "55", "0", (10, 11), &[]),
    plan("ES", "34", "", (9, 9), &["6", "7"]),
    plan("MX", "52", "", (10, 10), &[]),
    plan("AR", "54", "0", (10, 10), &[]),
    plan("CO", "57", "", (10, 10), &["3"]),
    plan("PE", "51", "0", (8, 9), &["9"]),
    plan("CL", "56", "", (9, 9), &["9"]),
    plan("PT", "351", "", (9, 9), &["9"]),
    plan("FR", "33", "0", (9, 9), &["6", "7"]),
    plan("BE", "32", "0", (8, 9), &["4"]),
    plan("DE", "49", "0", (6, 12), &["15", "16", "17"]),
    plan("AT", "43", "0", (6, 12), &["66", "67", "68", "69"]),
    plan("CH", "41", "0", (9, 9), &["7"]),
    plan("IT", "39", "", (6, 11), &["3"]),
    plan("GB", "44", "0", (9, 10), &["7"]),
    plan("IE", "353", "0", (7, 9), &["8"]),
    plan("US", "1", "1", (10, 10), &[]),
    plan("CA", "1", "1", (10, 10), &[]),
    plan("IN", "91", "0", (10, 10), &["6", "7", "8", "9"]),
    plan("ID", "62", "0", (8, 12), &["8"]),
    plan("AE", "971", "0", (8, 9), &["5"]),
    plan("SA", "966", "0", (9, 9), &["5"]),
    plan("EG", "20", "0", (8, 10), &["1"]),
    plan("MA", "212", "0", (9, 9), &["6", "7"]),
    plan("PK", "92", "0", (9, 10), &["3"]),
];

/// Words beside a number that make it a telephone number.
static CALL: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        phone | call | tel | telephone | mobile | cell | whatsapp | number is | my number | reach me |
        telefono | movil | celular | llamame | mi numero | telefone | ligar | liga | ligue |
        meu numero | telemovel | portable | appelez | mon numero | handy* | telefon* | nummer |
        anrufen | cellulare | chiamami | mio numero | cep | ara | arayin | numaram | هاتف | هاتفي |
        رقمي | جوال | جوالي | موبايل | اتصل | फोन | नंबर | मोबाइल | nomor | hp | telepon | hubungi |
        wa
    ",
    )
});
/// Words beside a number that make it something else.
static OTHER: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        order* | invoice* | ref | reference | tracking | account | iban | booking | # | pedido* |
        factura | guia | cuenta | fatura | rastreio | cpf | cnpj | conta | siparis* | takip | hesap |
        kimlik | tc | bestell* | rechnung* | sendung* | kundennummer | konto | commande* | facture |
        suivi | ordine | fattura | pesanan | resi | rekening | الطلب | طلب | طلبي | الفاتوره | ऑर्डर |
        इनवॉइस | खाता | nif | dni | cep : | steuernummer | tax | ssn | social security | rg | dni | nie | hüviyet | kimlik | هوية | هويتي | आधार | पैन | ktp | nik | plz | zip | isbn | serial | imei | vin
    ",
    )
});

/// A telephone number and where its tokens stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phone {
    pub(super) number: String,
    pub(super) tokens: (usize, usize),
}

/// A run of digits with the marks people put between them.
struct Run {
    digits: String,
    is_international: bool,
    groups: usize,
    tokens: (usize, usize),
}

fn run(reading: &Reading<'_>, at: usize) -> Option<Run> {
    let is_plus = reading.word(at) == "+" && !reading.spaced(at + 1);
    let mut next = if is_plus { at + 1 } else { at };
    if !is_plus && reading.word(at) == "(" {
        next = at + 1;
    }
    if reading.kind(next) != Some(Kind::Digits)
        || (at > 0 && !reading.spaced(at) && reading.kind(at - 1) == Some(Kind::Word))
    {
        return None;
    }
    let mut digits = String::new();
    let mut groups = 0;
    let mut end = next;
    while next < reading.len() {
        match (reading.kind(next), reading.word(next)) {
            (Some(Kind::Digits), group) if digits.len() + group.len() <= 15 => {
                digits.push_str(group);
                groups += 1;
                next += 1;
                end = next;
            }
            // One mark between two groups, with or without space, and brackets around an area.
            (Some(Kind::Mark), "-" | "." | "(" | ")") if end + 2 > next => next += 1,
            // One stroke, behind the area.
            (Some(Kind::Mark), "/") if end == next && groups == 1 => next += 1,
            _ => break,
        }
    }
    if reading.kind(end) == Some(Kind::Word) && !reading.spaced(end) && !reading.word(end).is_empty() {
        return None;
    }
    let is_double_zero = digits.starts_with("00");
    if is_double_zero {
        digits.replace_range(..2, "");
    }
    Some(Run {
        digits,
        is_international: is_plus || is_double_zero,
        groups,
        tokens: (at, end),
    })
}

/// Whether the digits stand in a country's plan behind a code that is known, or could be of another country.
fn is_dialled_from_anywhere(digits: &str) -> bool {
    let known = PLANS.iter().find(|plan| digits.starts_with(plan.code));
    match known {
        // A German number has from six digits, others are strict.
        Some(plan) => {
            let rest = digits.len() - plan.code.len();
            rest >= plan.length.0.min(8) && rest <= plan.length.1 + 1
        }
        None => (8..=15).contains(&digits.len()) && !digits.starts_with('0'),
    }
}

/// Whether a number at home is one, and how it is dialled from anywhere.
fn at_home(run: &Run, plan: &Plan, is_called: bool) -> Option<String> {
    let has_trunk = !plan.trunk.is_empty() && run.digits.starts_with(plan.trunk);
    let rest = if has_trunk {
        run.digits.get(plan.trunk.len()..)?
    } else {
        run.digits.as_str()
    };
    let is_long_enough = (plan.length.0..=plan.length.1).contains(&rest.len()) && !rest.starts_with('0');
    // Italy keeps the zero of its land lines.
    let is_italian = plan.region == "IT" && (8..=11).contains(&rest.len());
    let is_american = plan.code != "1"
        || (rest.starts_with(|c: char| c >= '2') && rest.chars().nth(3).is_some_and(|c| c >= '2'));
    let is_brazilian_mobile =
        plan.region == "BR" && rest.len() == 11 && rest.chars().nth(2) == Some('9') && !rest.starts_with('0');
    let is_mobile = is_brazilian_mobile
        || (plan.mobile.iter().any(|start| rest.starts_with(start))
            && (has_trunk || plan.trunk.is_empty() || rest.len() == plan.length.1));
    let is_german_stub = matches!(plan.region, "DE" | "AT" | "ID" | "IE") && !is_called && rest.len() < 9;
    let is_written_so =
        run.groups >= 2 && (has_trunk || plan.trunk.is_empty() || plan.code == "1" || run.groups >= 3);
    let is_believed = is_called || is_mobile || is_written_so;
    ((is_long_enough || is_italian) && is_american && is_believed && !is_german_stub)
        .then(|| format!("+{}{rest}", plan.code))
}

/// Finds telephone numbers. `region` is the business's country; `is_asked`: we asked for one.
pub(super) fn find(reading: &Reading<'_>, region: Option<&str>, is_asked: bool) -> Vec<Phone> {
    let plan = region.and_then(|region| PLANS.iter().find(|plan| plan.region.eq_ignore_ascii_case(region)));
    let is_called = is_asked || CALL.are_in(reading);
    let mut found = Vec::new();
    let mut at = 0;
    while at < reading.len() {
        let Some(run) = run(reading, at) else {
            at += 1;
            continue;
        };
        let end = run.tokens.1.max(at + 1);
        if let Some(number) = number(reading, &run, plan, is_called) {
            found.push(Phone {
                number,
                tokens: run.tokens,
            });
        }
        at = end;
    }
    found
}

fn number(reading: &Reading<'_>, run: &Run, plan: Option<&Plan>, is_called: bool) -> Option<String> {
    // What the number is called stands in the few words before it.
    let from = run.tokens.0;
    let is_other = (1..=4).any(|back| from >= back && OTHER.at(reading, from - back).is_some());
    let is_time = looks_like_a_date(run, reading);
    if is_time || (is_other && !run.is_international) {
        return None;
    }
    if run.is_international {
        return is_dialled_from_anywhere(&run.digits).then(|| format!("+{}", run.digits));
    }
    plan.and_then(|plan| at_home(run, plan, is_called))
        // A code without its plus, as WhatsApp shows numbers.
        .or_else(|| {
            let plan = plan?;
            let rest = run.digits.strip_prefix(plan.code)?;
            (plan.code.len() >= 2
                && rest.len() == plan.length.1
                && (is_called || run.groups >= 2 || plan.mobile.iter().any(|start| rest.starts_with(start))))
            .then(|| format!("+{}", run.digits))
        })
}

/// Whether the groups are those of a date (`15.12.2026`, `2026-12-15`) or of an amount (`1.234.500`, `10 000 - 15 000`).
fn looks_like_a_date(run: &Run, reading: &Reading<'_>) -> bool {
    let groups: Vec<&str> = (run.tokens.0..run.tokens.1)
        .filter(|at| reading.kind(*at) == Some(Kind::Digits))
        .map(|at| reading.word(at))
        .collect();
    let is_date = match groups.as_slice() {
        [day, month, year, ..] if day.len() <= 2 && month.len() <= 2 => {
            year.len() == 4 && matches!(year.get(..2), Some("19" | "20"))
        }
        [year, month, day, ..] => {
            matches!(year.get(..2), Some("19" | "20"))
                && year.len() == 4
                && month.len() <= 2
                && day.len() <= 2
        }
        _ => false,
    };
    let is_amount = groups.len() >= 2
        && !run.is_international
        && groups
            .iter()
            .skip(1)
            .all(|group| group.len() == 3 && group.ends_with("00"));
    is_date || is_amount
}

/// Whether a number is one of a list, however the list writes it.
pub(super) fn is_own(number: &str, own: &[String]) -> bool {
    let digits = domain::digits_only(number);
    own.iter().map(|own| domain::digits_only(own)).any(|own| {
        let own = own.trim_start_matches('0');
        own == digits
            || (own.len() >= 8 && digits.ends_with(own))
            || domain::other_spellings(&digits).iter().any(|other| other == own)
    })
}

/// Finds e-mail addresses: the address in small letters, and its token.
pub(super) fn emails(reading: &Reading<'_>) -> Vec<(String, usize)> {
    reading
        .addresses()
        .filter_map(|at| {
            let raw = reading.raw_token(at);
            let is_mail = raw.contains('@') && !raw.contains('/');
            is_mail.then(|| (raw.to_lowercase(), at))
        })
        .collect()
}
