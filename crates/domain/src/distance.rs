//! How much of a text was changed.

use unicode_segmentation::UnicodeSegmentation as _;

/// Texts are compared up to so many characters; what is longer counts as rewritten when anything is different.
const COMPARED: usize = 4_096;

/// Returns which share of the longer text was changed, by what a reader takes for one character.
pub fn share_changed(one: &str, other: &str) -> f64 {
    let one: Vec<&str> = one.graphemes(true).take(COMPARED + 1).collect();
    let other: Vec<&str> = other.graphemes(true).take(COMPARED + 1).collect();
    let longest = one.len().max(other.len());
    if longest == 0 {
        return 0.0;
    }
    if longest > COMPARED {
        return 1.0;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, left) in one.iter().enumerate() {
        let mut diagonal = place;
        let mut before = place + 1;
        let mut next = vec![before];
        for (right, above) in other.iter().zip(row.iter().skip(1)) {
            let cost = (diagonal + usize::from(left != right))
                .min(*above + 1)
                .min(before + 1);
            diagonal = *above;
            before = cost;
            next.push(cost);
        }
        row = next;
    }
    let changes = row.last().copied().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "a few thousand at most")]
    let share = changes as f64 / longest as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::share_changed;

    #[test]
    fn the_distance_is_the_share_of_what_was_changed() {
        assert!(share_changed("We open at nine.", "We open at nine.").abs() < f64::EPSILON);
        assert!((share_changed("abcd", "abcx") - 0.25).abs() < f64::EPSILON);
        assert!((share_changed("", "word") - 1.0).abs() < f64::EPSILON);
        assert!((share_changed("kitten", "sitting") - 3.0 / 7.0).abs() < 1e-9);
    }
}
