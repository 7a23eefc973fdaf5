//! Another number of samples per second, without the whistling that leaving samples out makes.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sound is arithmetic in floating point, and every value is within its range before it is cast"
)]

/// How many zeros of the sinc each side of a sample hears.
const ZEROS: usize = 16;
/// Steps of the table between two zeros.
const STEPS: usize = 256;

/// Returns the sound at another rate: a windowed sinc, read from a table.
pub(super) fn to_rate(samples: &[f32], from: u32, to: u32) -> Vec<i16> {
    if from == to {
        return samples.iter().map(|sample| whole(f64::from(*sample))).collect();
    }
    let table = table();
    // Going down, nothing above half of the new rate may stay.
    let cut = (f64::from(to) / f64::from(from)).min(1.0);
    let reach = ZEROS as f64 / cut;
    let count = samples.len() as u64 * u64::from(to) / u64::from(from);
    (0..count)
        .map(|index| {
            let centre = index as f64 * f64::from(from) / f64::from(to);
            let first = (centre - reach).ceil().max(0.0) as usize;
            let last = (centre + reach).floor() as usize;
            let heard = samples
                .get(first..=last.min(samples.len().saturating_sub(1)))
                .unwrap_or_default();
            let sum: f64 = heard
                .iter()
                .zip(first..)
                .map(|(sample, place)| {
                    f64::from(*sample) * weight(&table, (place as f64 - centre).abs() * cut)
                })
                .sum();
            whole(sum * cut)
        })
        .collect()
}

fn whole(sample: f64) -> i16 {
    (sample * 32_767.0).round().clamp(-32_768.0, 32_767.0) as i16
}

/// One half of the sinc under a Hann window.
fn table() -> Vec<f64> {
    use std::f64::consts::PI;
    (0..=ZEROS * STEPS)
        .map(|step| {
            let x = step as f64 / STEPS as f64;
            let sinc = if step == 0 { 1.0 } else { (PI * x).sin() / (PI * x) };
            sinc * (0.5 + 0.5 * (PI * x / ZEROS as f64).cos())
        })
        .collect()
}

/// The value at a distance, between the two steps next to it.
fn weight(table: &[f64], distance: f64) -> f64 {
    let place = distance * STEPS as f64;
    let step = place as usize;
    match (table.get(step), table.get(step + 1)) {
        (Some(here), Some(next)) => here + (next - here) * (place - step as f64),
        _ => 0.0,
    }
}
