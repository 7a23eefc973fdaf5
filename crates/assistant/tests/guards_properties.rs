//! Whatever stands in a text: no guard breaks, no unsupported number gets through, and what is masked comes back.

#![expect(clippy::unwrap_used, reason = "what tests prepare has to work")]

use assistant::guards::{Candidate, FindingKind, Mask, Outcome, check, formatted, injection};
use assistant::{Source, SourceKind};
use domain::{AnswerStep, Language};
use proptest::prelude::*;

const SOURCE: &str = "Haircut 30 EUR, 45 minutes. Open Monday to Friday 9:00-18:00. Call +34 600 123 456. https://salon.example/book";

fn passage() -> Source {
    Source {
        id: "S1".into(),
        kind: SourceKind::Passage,
        reference: "1".into(),
        title: "Prices".into(),
        text: SOURCE.into(),
        url: None,
        quotable: true,
    }
}

fn candidate<'a>(text: &'a str, sources: &'a [Source], customer: &'a [&'a str]) -> Candidate<'a> {
    Candidate {
        text,
        language: Some(Language::English),
        sources,
        customer,
        last_bot_texts: &[],
        step: AnswerStep::Model,
        prompt: Some("You are a salon's assistant. Canary k3v9p2x8q1."),
        allowed_links: &["https://salon.example"],
        conversation_language: None,
        first_of_conversation: true,
        disclaimer: Some("I am a computer."),
    }
}

/// The same number in another alphabet of digits.
fn spelled(number: u32, zero: u32) -> String {
    number
        .to_string()
        .chars()
        .filter_map(|sign| char::from_u32(zero + sign.to_digit(10).unwrap()))
        .collect()
}

fn known(number: u32) -> bool {
    // What the source says, as numbers of any kind: prices, minutes, hours and their parts.
    [30, 45, 9, 18, 0, 123, 456, 600].contains(&number)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_a_guard_and_findings_point_at_characters(text in "\\PC{0,80}|[0-9€$.,:/ @a-zàßıİ٣५５\u{200b}\u{202e}*_\\[\\]{}<>|#-]{0,60}", words in "\\PC{0,40}") {
        let sources = [passage()];
        let customer = [words.as_str()];
        let checked = check(&candidate(&text, &sources, &customer));
        for finding in &checked.findings {
            if let Some(span) = &finding.span {
                prop_assert!(checked.text.get(span.clone()).is_some(), "{span:?} of {:?}", checked.text);
            }
        }
        prop_assert_eq!(checked.text.matches("I am a computer.").count(), 1);
        if let Some(signal) = injection(&text) {
            prop_assert!(text.get(signal.span).is_some());
        }
        prop_assert_eq!(formatted(&formatted(&text)).lines().count(), formatted(&text).lines().count());
    }

    #[test]
    fn an_unsupported_price_never_passes_in_any_alphabet_of_digits(
        number in 1_u32..100_000,
        zero in prop::sample::select(vec![0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xbe6, 0xe50, 0x1040, 0x17e0, 0xff10, 0x104a0, 0x1d7ce, 0x1d7d8, 0x1d7ec, 0x1fbf0]),
        shape in prop::sample::select(vec!["It costs # EUR.", "Price: €#", "# euro only", "Only #!", "from # to # EUR", "#€", "It is *#* EUR", "#.00 EUR", "Take #", "EUR #,-", "#% off", "yes, # euros"]),
        split in prop::sample::select(vec!["", "\u{200b}", "\u{2060}", " ", "*", "\u{ad}", "\u{fe0f}\u{20e3}"]),
    ) {
        prop_assume!(!known(number) && number != 10);
        let written: Vec<String> = spelled(number, zero).chars().map(String::from).collect();
        let text = shape.replace('#', &written.join(split));
        let sources = [passage()];
        let checked = check(&candidate(&text, &sources, &["how much?"]));
        prop_assert_ne!(checked.verdict, Outcome::Pass, "{}", text);
        let echoed = check(&candidate(&text, &sources, &[&text]));
        // A bare number may be repeated; an amount or a percentage may not.
        if !matches!(shape, "Only #!" | "Take #") {
            prop_assert_ne!(echoed.verdict, Outcome::Pass, "repeated: {}", text);
        }
    }

    #[test]
    fn an_unknown_address_never_passes(host in "[a-z]{3,10}", ending in prop::sample::select(vec!["com", "net", "io", "shop", "xyz", "com.br", "top"]), shape in prop::sample::select(vec!["see https://#", "see #", "see www.#/x", "see hxxp://#", "*#*", "(#)", "[here](http://#/a)", "mail me@#", "see #?", "#."])) {
        prop_assume!(host != "salon");
        let text = shape.replace('#', &format!("{host}.{ending}"));
        let sources = [passage()];
        let checked = check(&candidate(&text, &sources, &[&text]));
        prop_assert!(checked.findings.iter().any(|finding| matches!(finding.kind, FindingKind::Link | FindingKind::Contact)), "{}", text);
    }

    #[test]
    fn what_is_masked_comes_back_and_nothing_private_stays(
        text in "(\\PC{0,12}|[0-9 +().-]{0,24}|[a-z]{1,6}@[a-z]{1,6}\\.com|\\[PHONE_[0-9]\\]|\\[TEXT_1\\]|Ana|DE89370400440532013000|https://x\\.io/a\\?t=[a-z0-9]{4}|4111 1111 1111 1111|, | ){0,8}",
    ) {
        let mut mask = Mask::new(&["Ana"]);
        let masked = mask.mask(&text);
        prop_assert_eq!(mask.unmask(&masked), text.as_str());
        prop_assert!(!mask.finds_private(&masked), "{} -> {}", text, masked);
        prop_assert_eq!(mask.mask(&text), masked);
    }
}
