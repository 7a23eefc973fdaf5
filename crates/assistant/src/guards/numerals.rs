//! Digits as people write them: `1.234,56`, `1,234.56`, `1 234,56`, `1,00,000`, `12,50`.

/// How finely values are kept: millionths.
pub(super) const ONE: i128 = 1_000_000;

/// The values digits with separators may stand for, in millionths; none when they are no number (`1.2.3`).
pub(super) fn values(core: &str) -> Vec<i128> {
    let plain: String = core
        .chars()
        .filter(|sign| !sign.is_whitespace() && *sign != '\'')
        .collect();
    let dots = plain.matches('.').count();
    let commas = plain.matches(',').count();
    let read = match (dots, commas) {
        (0, 0) => vec![decimal(&plain, "")],
        (0, 1) => one(&plain, ','),
        (1, 0) => one(&plain, '.'),
        (0, _) => vec![grouped(&plain, ',').and_then(|whole| decimal(&whole, ""))],
        (_, 0) => vec![grouped(&plain, '.').and_then(|whole| decimal(&whole, ""))],
        _ => vec![mixed(&plain)],
    };
    read.into_iter().flatten().collect()
}

/// Both kinds of separators: the last is the decimal sign, and stands once.
fn mixed(plain: &str) -> Option<i128> {
    let mark = if plain.rfind('.') > plain.rfind(',') {
        '.'
    } else {
        ','
    };
    let other = if mark == '.' { ',' } else { '.' };
    let (whole, fraction) = plain.rsplit_once(mark)?;
    if whole.contains(mark) {
        return None;
    }
    decimal(&grouped(whole, other)?, fraction)
}

/// One separator: a decimal sign, or, before exactly three digits, perhaps a sign between thousands.
fn one(plain: &str, mark: char) -> Vec<Option<i128>> {
    let Some((whole, fraction)) = plain.split_once(mark) else {
        return Vec::new();
    };
    let mut read = vec![decimal(whole, fraction)];
    if fraction.len() == 3 && whole.len() <= 3 && !whole.starts_with('0') {
        read.push(decimal(&format!("{whole}{fraction}"), ""));
    }
    read
}

/// Digits without the signs between their groups, when the groups are thousands, or Indian (`12,34,567`).
fn grouped(text: &str, mark: char) -> Option<String> {
    let groups: Vec<&str> = text.split(mark).collect();
    let (first, rest) = groups.split_first()?;
    let (last, inner) = rest.split_last()?;
    let first_fits = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let inner_fits = inner.iter().all(|group| group.len() == 3) || inner.iter().all(|group| group.len() == 2);
    (first_fits && inner_fits && last.len() == 3).then(|| groups.concat())
}

fn decimal(whole: &str, fraction: &str) -> Option<i128> {
    if whole.len() > 24 || fraction.len() > 6 {
        return None;
    }
    let whole: i128 = whole.parse().ok()?;
    let fraction: i128 = format!("{fraction:0<6}").parse().ok()?;
    whole.checked_mul(ONE)?.checked_add(fraction)
}

/// Hours and minutes of `9.30` or `9`, in minutes of the day; `None` when it is no time.
pub(super) fn clock(core: &str) -> Option<u16> {
    let (hours, minutes) = core.split_once(['.', ',', ':']).unwrap_or((core, "00"));
    let fits = (1..=2).contains(&hours.len()) && minutes.len() == 2;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    if !fits || hours > 24 || minutes > 59 {
        return None;
    }
    let time = hours * 60 + minutes;
    (time <= 1440).then_some(time % 1440)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_read_as_people_write_them() {
        for (text, first) in [
            ("1.234,56", 1_234_560_000),
            ("1,234.56", 1_234_560_000),
            ("12,50", 12_500_000),
            ("1 234", 1_234_000_000),
            ("1,00,000", 100_000_000_000),
            ("007", 7_000_000),
        ] {
            assert_eq!(values(text).first(), Some(&first), "{text}");
        }
        assert_eq!(values("1.234").len(), 2);
        assert!(values("1.2.3").is_empty());
        assert_eq!(clock("9.30"), Some(570));
        assert_eq!(clock("24"), Some(0));
    }
}
