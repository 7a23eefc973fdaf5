//! Slips of the finger, the same in every run.

use super::rows::Row;

/// Mistypes about `share` of the words of each row: a letter doubled, dropped, changed, or swapped with the next.
pub(crate) fn mistype(rows: &mut [Row], share: f64) {
    let mut dice = Dice(0x5eed);
    for row in rows {
        let words: Vec<String> = row
            .text
            .split(' ')
            .map(|word| mistyped(word, share, &mut dice))
            .collect();
        row.text = words.join(" ");
    }
}

fn mistyped(word: &str, share: f64, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 3 || !dice.chance(share) {
        return word.to_owned();
    }
    // The first letter is rarely the wrong one.
    let place = 1 + dice.below(letters.len() - 1);
    match dice.below(4) {
        0 if place + 1 < letters.len() => letters.swap(place, place + 1),
        0 | 1 => {
            letters.remove(place);
        }
        2 => letters.insert(
            place,
            char::from(b'a' + u8::try_from(dice.below(26)).unwrap_or(0)),
        ),
        _ => {
            if let Some(letter) = letters.get_mut(place) {
                *letter = char::from(b'a' + u8::try_from(dice.below(26)).unwrap_or(0));
            }
        }
    }
    letters.into_iter().collect()
}

/// A small generator of numbers.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next()).unwrap_or(0) % limit.max(1)
    }

    fn chance(&mut self, share: f64) -> bool {
        u32::try_from(self.next()).is_ok_and(|number| f64::from(number) < share * f64::from(1_u32 << 31))
    }
}
