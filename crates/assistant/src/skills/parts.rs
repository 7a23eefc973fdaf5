//! Parts of a message that may each ask for something.

/// How many parts are looked at.
const PARTS: usize = 6;

/// Words that join two requests, normalised, in our languages.
const JOINING: [&str; 19] = [
    "and",
    "also",
    "plus",
    "y",
    "e",
    "tambien",
    "tambem",
    "et",
    "aussi",
    "und",
    "ausserdem",
    "anche",
    "ve",
    "ayrica",
    "و",
    "وايضا",
    "और",
    "dan",
    "juga",
];

/// Returns the parts of a text between the ends of sentences and between joining words; one part if there are none.
///
/// The parts are pieces of the text as it was written, so that what follows reads them as it reads a whole text.
pub(super) fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for sentence in text.split(['.', '!', '?', '\n', ';', '؟', '।', '¿', '¡']) {
        let mut open: Vec<&str> = Vec::new();
        for word in sentence.split_whitespace() {
            if JOINING.contains(&crate::text::normalise(word).as_str()) {
                keep(&mut parts, &open);
                open.clear();
            } else {
                open.push(word);
                if word.ends_with([',', '،', ':']) {
                    keep(&mut parts, &open);
                    open.clear();
                }
            }
        }
        keep(&mut parts, &open);
        if parts.len() >= PARTS {
            break;
        }
    }
    parts.truncate(PARTS);
    parts
}

fn keep(parts: &mut Vec<String>, words: &[&str]) {
    if parts.len() < PARTS && words.iter().any(|word| word.chars().any(char::is_alphanumeric)) {
        parts.push(words.join(" "));
    }
}
