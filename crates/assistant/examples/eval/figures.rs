//! What came of the questions, as the figures that are published.

use assistant::skills::Bands;
use domain::SkillId;
use serde_json::{Value, json};

/// One question and what the matcher made of it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The skill it asks for; none: none of them.
    pub(crate) wanted: Option<SkillId>,
    /// The skills that were found, the likeliest first.
    pub(crate) found: Vec<SkillId>,
    /// How sure the matcher was of the first.
    pub(crate) confidence: f64,
    /// Whether the product would go on to its next step.
    pub(crate) rejected: bool,
    /// Milliseconds.
    pub(crate) took: f64,
}

impl Asked {
    fn is_right(&self) -> bool {
        self.wanted.is_some() && self.found.first().copied() == self.wanted
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of rows of a file")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

/// Works the figures out; what is not defined for these rows is null. `more` asks for some that are only for us, and is
/// the number of rows that were trained on.
pub(crate) fn figures(asked: &[Asked], bands: Bands, train_seconds: f64, more: Option<usize>) -> Value {
    let known: Vec<&Asked> = asked.iter().filter(|asked| asked.wanted.is_some()).collect();
    let strange: Vec<&Asked> = asked.iter().filter(|asked| asked.wanted.is_none()).collect();
    let accepted = |asked: &Asked| !asked.rejected;
    let right = known
        .iter()
        .filter(|asked| asked.is_right() && accepted(asked))
        .count();
    let rejected = strange.iter().filter(|asked| !accepted(asked)).count();
    let best = known.iter().filter(|asked| asked.is_right()).count();
    let sent: Vec<&Asked> = asked
        .iter()
        .filter(|asked| asked.confidence >= bands.send)
        .collect();
    let sent_right = sent.iter().filter(|asked| asked.is_right()).count();
    let among = known
        .iter()
        .filter(|asked| {
            asked
                .found
                .iter()
                .take(3)
                .any(|found| Some(*found) == asked.wanted)
        })
        .count();
    let mut took: Vec<f64> = asked.iter().map(|asked| asked.took).collect();
    took.sort_by(f64::total_cmp);
    let p95 = took
        .get((took.len() * 95 / 100).min(took.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default();
    let (mcc, mcc_threshold) = best_mcc(asked);
    let ratio = |part: usize, whole: usize| {
        if whole == 0 {
            Value::Null
        } else {
            json!(rounded(share(part, whole)))
        }
    };
    let mut figures = json!({
        // Where no row is out of scope there is nothing to reject, and published figures do not.
        "in_scope_accuracy": ratio(if strange.is_empty() { best } else { right }, known.len()),
        "oos_recall": ratio(rejected, strange.len()),
        "mcc_best": rounded(mcc),
        "precision_at_send": ratio(sent_right, sent.len()),
        "share_sent": rounded(share(sent.len(), asked.len())),
        "top3": ratio(among, known.len()),
        "ece": rounded(calibration_error(asked)),
        "train_seconds": rounded(train_seconds),
        "p95_ms": rounded(p95),
    });
    if let (Some(train_rows), Some(figures)) = (more, figures.as_object_mut()) {
        for (name, value) in [
            ("accuracy_without_rejection", ratio(best, known.len())),
            ("accuracy_with_rejection", ratio(right, known.len())),
            ("threshold_reject", json!(rounded(bands.clarify))),
            ("threshold_send", json!(rounded(bands.send))),
            ("mcc_best_threshold", json!(rounded(mcc_threshold))),
            ("train_rows", json!(train_rows)),
            ("in_scope_rows", json!(known.len())),
            ("oos_rows", json!(strange.len())),
        ] {
            figures.insert(name.to_owned(), value);
        }
    }
    figures
}

/// The mean distance between confidence and share of right answers, over ten bins of confidence.
fn calibration_error(asked: &[Asked]) -> f64 {
    let mut bins = [(0_usize, 0.0_f64, 0_usize); 10];
    for one in asked {
        let bin = (1..10_u32)
            .filter(|border| one.confidence >= f64::from(*border) / 10.0)
            .count();
        if let Some((count, sum, right)) = bins.get_mut(bin) {
            *count += 1;
            *sum += one.confidence;
            *right += usize::from(one.is_right());
        }
    }
    let apart = bins
        .iter()
        .map(|(count, sum, right)| (share(*right, 1) - sum).abs() * f64::from(u8::from(*count != 0)));
    apart.sum::<f64>() / share(asked.len(), 1).max(1.0)
}

/// The largest Matthews correlation over all thresholds, with "none of them" as one class more, and its threshold.
///
/// This is the one figure whose threshold is chosen on the test rows, because published tables do so; nothing in the
/// product uses it.
fn best_mcc(asked: &[Asked]) -> (f64, f64) {
    let mut best = (0.0, 0.0);
    for step in 0..=100_u32 {
        let threshold = f64::from(step) / 100.0;
        let answer = |one: &Asked| one.found.first().copied().filter(|_| one.confidence >= threshold);
        let mcc = matthews(asked.iter().map(|one| (one.wanted, answer(one))));
        if mcc > best.0 {
            best = (mcc, threshold);
        }
    }
    best
}

fn matthews(pairs: impl Iterator<Item = (Option<SkillId>, Option<SkillId>)>) -> f64 {
    let mut wanted = std::collections::BTreeMap::<Option<SkillId>, f64>::new();
    let mut given = std::collections::BTreeMap::<Option<SkillId>, f64>::new();
    let (mut all, mut right) = (0.0_f64, 0.0_f64);
    for (want, give) in pairs {
        all += 1.0;
        right += f64::from(u8::from(want == give));
        *wanted.entry(want).or_default() += 1.0;
        *given.entry(give).or_default() += 1.0;
    }
    let both: f64 = wanted
        .iter()
        .map(|(class, count)| count * given.get(class).copied().unwrap_or_default())
        .sum();
    let square = |counts: &std::collections::BTreeMap<Option<SkillId>, f64>| -> f64 {
        counts.values().map(|count| count * count).sum()
    };
    let below = ((all * all - square(&given)) * (all * all - square(&wanted))).sqrt();
    if below > 0.0 {
        (right * all - both) / below
    } else {
        0.0
    }
}
