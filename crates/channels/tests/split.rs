//! Cutting a text that is too long for one message.

use channels::whatsapp::LONGEST_TEXT;
use channels::whatsapp::compose::{length, split_text};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

/// What is left of a text when white space does not count.
fn solid(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn a_text_that_fits_stays_one_message_as_it_is() {
    for text in [
        "",
        " a\n\n b ",
        &"é".repeat(LONGEST_TEXT),
        &"😀".repeat(LONGEST_TEXT / 2),
    ] {
        assert_eq!(split_text(text), [text]);
    }
    assert_eq!(split_text(&"a".repeat(LONGEST_TEXT + 1)).len(), 2);
    assert_eq!(split_text(&"😀".repeat(LONGEST_TEXT / 2 + 1)).len(), 2);
}

#[test]
fn the_best_place_for_a_cut_is_between_paragraphs_then_lines_then_sentences_then_words() {
    let cut = |first: &str, between: &str| {
        let text = format!("{first}{between}{}", "word ".repeat(900));
        let pieces = split_text(&text);
        pieces[0] == first.trim_end()
    };
    let words = "many words ".repeat(300);
    assert!(
        cut(&format!("{words}end. Next line\nlast words"), "\n\n"),
        "paragraph"
    );
    assert!(cut(&format!("{words}end. More words"), "\n"), "line");
    assert!(cut(&format!("{words}the end."), " "), "sentence");
    assert!(cut(&format!("{words}真的。"), ""), "a sentence without a space");
    let pieces = split_text("word ".repeat(2_000).trim_end());
    assert!(
        pieces
            .iter()
            .all(|piece| piece.ends_with("word") && piece.starts_with("word"))
    );
}

#[test]
fn an_early_paragraph_does_not_make_a_short_message() {
    let text = format!("Hello!\n\n{}", "word ".repeat(1_000));
    let pieces = split_text(&text);
    assert!(length(&pieces[0]) > 4_000, "{}", pieces[0].len());
    assert_eq!(pieces.len(), 2);
}

#[test]
fn what_looks_like_one_sign_stays_one() {
    for sign in ["👨‍👩‍👧‍👦", "🇵🇹", "e\u{301}\u{302}", "\r\n\u{1f1f5}\u{1f1f9}", "நி"]
    {
        let text = sign.repeat(3_000);
        let whole: Vec<&str> = text.graphemes(true).collect();
        let pieces = split_text(&text);
        let kept: Vec<&str> = pieces.iter().flat_map(|piece| piece.graphemes(true)).collect();
        let solid = |signs: Vec<&str>| -> Vec<String> {
            signs
                .into_iter()
                .filter(|sign| !sign.trim().is_empty())
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(solid(kept), solid(whole), "{sign}");
    }
}

#[test]
fn a_letter_under_thousands_of_accents_is_cut_since_it_must() {
    let text = format!("a{}", "\u{301}".repeat(10_000));
    let pieces = split_text(&text);
    assert!(pieces.iter().all(|piece| length(piece) <= LONGEST_TEXT));
    assert_eq!(pieces.concat(), text);
}

#[test]
fn white_space_alone_is_no_message() {
    assert_eq!(split_text(&" ".repeat(10_000)), Vec::<String>::new());
    assert_eq!(split_text(&format!("{}a", "\n".repeat(10_000))), ["a"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_message_fits_and_only_white_space_is_lost(
        words in prop::collection::vec("[a-zé😀🇵🇹👩🏽‍🚀.!?。\n\r \u{a0}\u{301}\u{200d}]{1,40}|\\PC{1,40}", 200..500),
    ) {
        let text = words.concat();
        let pieces = split_text(&text);
        prop_assert_eq!(solid(&pieces.concat()), solid(&text));
        let mut rest = text.as_str();
        for piece in &pieces {
            prop_assert!(length(piece) <= LONGEST_TEXT);
            prop_assert!(!piece.trim().is_empty() || pieces.len() == 1);
            // What lies between two messages is white space.
            let at = rest.find(piece.as_str()).unwrap_or(usize::MAX);
            prop_assert!(rest.get(..at).is_some_and(|lost| lost.trim().is_empty()));
            rest = rest.get(at + piece.len()..).unwrap_or_default();
        }
        prop_assert!(rest.trim().is_empty());
    }

    #[test]
    fn no_message_begins_in_the_middle_of_a_sign(
        signs in prop::collection::vec(prop::sample::select(vec!["a", " ", "👩🏽‍🚀", "🇵🇹", "e\u{301}", "\r\n"]), 3_000..4_000),
    ) {
        let text = signs.concat();
        let starts: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
        let mut from = 0;
        for piece in split_text(&text) {
            let at = from + text.get(from..).and_then(|rest| rest.find(&piece)).unwrap_or(0);
            prop_assert!(starts.binary_search(&at).is_ok());
            from = at + piece.len();
        }
    }
}
