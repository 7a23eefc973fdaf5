//! Other people's words, made fit to stand between marks.

/// Takes out of other people's words what a model could take for a mark: of ours, or of its own making (`<|system|>`,
/// `[INST]`).
pub(super) fn data(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let opens = c == '<'
            && rest
                .peek()
                .is_some_and(|next| next.is_alphabetic() || "/|!?<".contains(*next));
        match c {
            '<' if opens => safe.push('‹'),
            '|' if rest.peek() == Some(&'>') => safe.push('¦'),
            '\n' | '\t' => safe.push(c),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    for mark in ["[INST]", "[/INST]", "[SYS]", "[/SYS]"] {
        if safe.contains(mark) {
            let tame = mark.replace('[', "(").replace(']', ")");
            safe = safe.replace(mark, &tame);
        }
    }
    // A customer who writes as if a line of the conversation followed.
    safe.lines()
        .map(|line| {
            let start = line.trim_start().to_lowercase();
            let poses = [
                "system",
                "assistant",
                "human colleague",
                "customer",
                "user",
                "developer",
                "(a human colleague",
                "(the colleague",
            ]
            .iter()
            .any(|who| {
                start
                    .strip_prefix(who)
                    .is_some_and(|rest| rest.trim_start().starts_with([':', '(']) || rest.is_empty())
            });
            if poses {
                format!("\u{203a} {line}")
            } else {
                line.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The owner's own words, on one line.
pub(super) fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text, so many characters long at most.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    let mut chars = text.chars();
    let mut short: String = chars.by_ref().take(longest).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}
