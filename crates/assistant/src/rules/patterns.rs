//! A small way to write down which words make a rule fire.
//!
//! A pattern is a line of words, compared after [`crate::text::normalise`]: `a|b` is either word, `a?` may be left out,
//! `a*` is any word that begins so, `..` stands for up to three words. A line that begins with `=` has to be the whole
//! message but for polite words; one that begins with `!` says where the rule does not fire after all.

use std::collections::{BTreeMap, HashMap};

use domain::Language;

use crate::text::words;

/// How many words `..` stands for at most, and how far a denial reaches over small words.
const GAP: usize = 3;

/// Reads a file of lines by language; what is not of that shape is left out, and a test notices.
pub(super) fn lines_by_language(file: &str) -> Vec<(Language, String)> {
    let read: BTreeMap<String, String> = toml::from_str(file).unwrap_or_default();
    let mut lines = Vec::new();
    for (tag, text) in &read {
        if let Ok(language) = tag.parse::<Language>() {
            let of_it = text.lines().map(str::trim).filter(|line| !line.is_empty());
            lines.extend(of_it.map(|line| (language, line.to_owned())));
        }
    }
    lines
}

#[derive(Debug, Clone)]
struct Word {
    text: String,
    begins: bool,
}

impl Word {
    fn is(&self, word: &str) -> bool {
        if self.begins {
            word.starts_with(&self.text)
        } else {
            word == self.text
        }
    }
}

#[derive(Debug, Clone)]
enum Slot {
    One(Vec<Word>),
    Maybe(Vec<Word>),
    Gap,
}

/// One line of a rule.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    slots: Vec<Slot>,
}

impl Pattern {
    /// Reads a line; none when nothing in it can be compared.
    pub(super) fn read(line: &str) -> Option<Self> {
        let mut slots = Vec::new();
        for part in line.split_whitespace() {
            if part == ".." {
                slots.push(Slot::Gap);
                continue;
            }
            let (part, maybe) = part.strip_suffix('?').map_or((part, false), |rest| (rest, true));
            let mut either = Vec::new();
            for word in part.split('|') {
                let (word, begins) = word.strip_suffix('*').map_or((word, false), |rest| (rest, true));
                // A word with an apostrophe is several; then it stands alone in its place.
                for text in words(word) {
                    either.push(Word { text, begins });
                }
            }
            if part.contains('|') || either.len() <= 1 {
                if either.is_empty() {
                    return None;
                }
                slots.push(if maybe {
                    Slot::Maybe(either)
                } else {
                    Slot::One(either)
                });
            } else {
                slots.extend(either.into_iter().map(|word| Slot::One(vec![word])));
            }
        }
        let certain = slots.iter().find(|slot| !matches!(slot, Slot::Maybe(_)));
        matches!(certain, Some(Slot::One(_))).then_some(Self { slots })
    }

    /// Returns the place after the match that begins at `at`.
    pub(super) fn end(&self, words: &[String], at: usize) -> Option<usize> {
        end(&self.slots, words, at)
    }

    /// The letters a match can begin with.
    fn firsts(&self) -> Vec<char> {
        let mut letters = Vec::new();
        for slot in &self.slots {
            let (Slot::One(either) | Slot::Maybe(either)) = slot else {
                break;
            };
            letters.extend(either.iter().filter_map(|word| word.text.chars().next()));
            if matches!(slot, Slot::One(_)) {
                break;
            }
        }
        letters.sort_unstable();
        letters.dedup();
        letters
    }
}

fn end(slots: &[Slot], words: &[String], at: usize) -> Option<usize> {
    let Some((slot, rest)) = slots.split_first() else {
        return Some(at);
    };
    let fits = |either: &[Word]| {
        words
            .get(at)
            .is_some_and(|word| either.iter().any(|other| other.is(word)))
    };
    match slot {
        Slot::One(either) => fits(either).then(|| end(rest, words, at + 1)).flatten(),
        Slot::Maybe(either) => {
            let taken = if fits(either) {
                end(rest, words, at + 1)
            } else {
                None
            };
            taken.or_else(|| end(rest, words, at))
        }
        Slot::Gap => (0..=GAP).find_map(|left_out| end(rest, words, at + left_out)),
    }
}

/// Patterns by the letter they begin with, so that most of them are never looked at.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    by_letter: HashMap<char, Vec<Pattern>>,
}

impl Patterns {
    pub(super) fn read<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_letter: HashMap<char, Vec<Pattern>> = HashMap::new();
        for pattern in lines.into_iter().filter_map(Pattern::read) {
            for letter in pattern.firsts() {
                by_letter.entry(letter).or_default().push(pattern.clone());
            }
        }
        Self { by_letter }
    }

    /// Returns the places after all matches that begin at `at`.
    pub(super) fn ends<'a>(&'a self, words: &'a [String], at: usize) -> impl Iterator<Item = usize> + 'a {
        let letter = words.get(at).and_then(|word| word.chars().next());
        let here = letter.and_then(|letter| self.by_letter.get(&letter));
        here.into_iter()
            .flatten()
            .filter_map(move |pattern| pattern.end(words, at))
    }
}

/// Whether `words` are nothing but matches of `said` and `small`, with one of `said` at least.
pub(super) fn covered(words: &[String], said: &[&Patterns], small: &[&Patterns]) -> bool {
    // What can be reached: nothing, only small words so far, or something said.
    let mut reached = vec![(false, false); words.len() + 1];
    if let Some(start) = reached.first_mut() {
        start.0 = true;
    }
    for at in 0..words.len() {
        let (plain, full) = reached.get(at).copied().unwrap_or_default();
        if !plain && !full {
            continue;
        }
        for (patterns, says) in said
            .iter()
            .map(|p| (p, true))
            .chain(small.iter().map(|p| (p, false)))
        {
            for end in patterns.ends(words, at) {
                if let Some(place) = reached.get_mut(end) {
                    place.0 |= plain && !says;
                    place.1 |= full || says;
                }
            }
        }
    }
    reached.last().is_some_and(|end| end.1)
}

/// How a denial is said: "I do not need …", "… istemiyorum".
#[derive(Debug, Default)]
pub(super) struct Denial {
    before: Patterns,
    small: Patterns,
    after: Patterns,
}

impl Denial {
    pub(super) fn read(file: &str) -> Self {
        let read: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(file).unwrap_or_default();
        let part = |name: &str| {
            let by_language = read.get(name).into_iter().flat_map(BTreeMap::values);
            Patterns::read(by_language.flat_map(|text| text.lines().filter(|line| !line.trim().is_empty())))
        };
        Self {
            before: part("before"),
            small: part("small"),
            after: part("after"),
        }
    }

    /// Whether what stands from `start` to `end` is denied by its neighbours.
    pub(super) fn denies(&self, words: &[String], start: usize, end: usize) -> bool {
        self.denied_before(words, start) || self.denied_after(words, end)
    }

    fn denied_before(&self, words: &[String], start: usize) -> bool {
        let mut at = start;
        for _ in 0..=GAP + 1 {
            let Some(before) = at.checked_sub(1) else {
                return false;
            };
            // The word for "no" may be two words: "no need".
            let denied = |from: usize| self.before.ends(words, from).any(|end| end == at);
            if denied(before) || before.checked_sub(1).is_some_and(denied) {
                return true;
            }
            if !self.small.ends(words, before).any(|end| end == at) {
                return false;
            }
            at = before;
        }
        false
    }

    fn denied_after(&self, words: &[String], end: usize) -> bool {
        let mut at = end;
        for _ in 0..=GAP {
            if self.after.ends(words, at).next().is_some() {
                return true;
            }
            match self.small.ends(words, at).find(|next| *next == at + 1) {
                Some(next) => at = next,
                None => return false,
            }
        }
        false
    }
}

/// One rule: when it fires, when it does not after all, and what has to be the whole message.
#[derive(Debug, Default)]
pub(super) struct Rule {
    anywhere: Patterns,
    not: Patterns,
    whole: Patterns,
}

impl Rule {
    pub(super) fn read(file: &str) -> Self {
        let lines = lines_by_language(file);
        let marked =
            |mark: char| Patterns::read(lines.iter().filter_map(move |(_, line)| line.strip_prefix(mark)));
        Self {
            anywhere: Patterns::read(
                lines
                    .iter()
                    .map(|(_, line)| line.as_str())
                    .filter(|line| !line.starts_with(['=', '!'])),
            ),
            not: marked('!'),
            whole: marked('='),
        }
    }

    /// Returns the words of a clause the rule fires at.
    pub(super) fn fires(&self, clause: &[String], denial: &Denial) -> Option<String> {
        for start in 0..clause.len() {
            for end in self.anywhere.ends(clause, start) {
                if !denial.denies(clause, start, end) && !self.is_excepted(clause, start, end) {
                    return Some(clause.get(start..end)?.join(" "));
                }
            }
        }
        None
    }

    fn is_excepted(&self, clause: &[String], start: usize, end: usize) -> bool {
        (0..end).any(|from| self.not.ends(clause, from).any(|to| to > start))
    }

    /// What has to be the whole message.
    pub(super) fn whole(&self) -> &Patterns {
        &self.whole
    }

    /// What may stand anywhere.
    pub(super) fn anywhere(&self) -> &Patterns {
        &self.anywhere
    }
}
