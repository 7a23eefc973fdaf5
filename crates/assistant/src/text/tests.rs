use domain::Language;
use proptest::prelude::*;

use super::*;

#[test]
fn spellings_of_one_word_become_one() {
    for (written, read) in [
        ("İSTANBUL Işık", "istanbul isik"),
        ("Çok teşekkürler!!!", "cok tesekkurler"),
        ("Ça coûte combien ?", "ca coute combien"),
        ("Straße", "strasse"),
        ("ﬁne ２４", "fine 24"),
        ("Ñandú", "nandu"),
        ("Ёлка й", "елка и"),
        ("Ώρες", "ωρεσ"),
    ] {
        assert_eq!(normalise(written), read);
    }
}

#[test]
fn arabic_is_read_without_vowel_signs_and_seats() {
    assert_eq!(normalise("السَّلامُ عَلَيْكُم"), "السلام عليكم");
    assert_eq!(
        normalise("أسعار إلى آخر ٱلمدرسة مـــرحبا"),
        "اسعار الي اخر المدرسه مرحبا"
    );
}

#[test]
fn the_marks_of_indic_scripts_stay() {
    assert_eq!(normalise("क़ीमत क्या है?"), "क\u{93c}ीमत क्या है");
    assert_ne!(normalise("की"), normalise("का"));
}

#[test]
fn apostrophes_separate_and_elongations_shrink() {
    assert_eq!(
        words("İstanbul'da açık mısınız"),
        ["istanbul", "da", "acik", "misiniz"]
    );
    assert_eq!(normalise("heyyyyy what’s up"), "heyy what s up");
    assert_eq!(normalise("1000000"), "1000000");
}

#[test]
fn digits_of_other_scripts_are_digits_and_long_numbers_fold_on_request() {
    assert_eq!(normalise("٢٤ १२३ ۵"), "24 123 5");
    assert_eq!(
        fold_numbers(&normalise("order 1234567 of 2026")),
        "order 0 of 2026"
    );
}

#[test]
fn emoji_are_tokens_and_their_looks_do_not_matter() {
    assert_eq!(words("ok👍🏽👍👍👍"), ["ok", "👍", "👍"]);
    assert_eq!(words("❤️ 🇧🇷"), ["❤", "🇧🇷"]);
    assert_eq!(words("1️⃣"), ["1"]);
}

#[test]
fn nothing_is_made_of_nothing() {
    assert_eq!(normalise(" \t…?! \u{301}\u{64b}"), "");
    assert!(words("").is_empty());
}

#[test]
fn pieces_stay_within_their_word() {
    assert_eq!(
        grams(&["ab", "c"], 2, 3),
        ["_a", "ab", "b_", "_ab", "ab_", "_c", "c_", "_c_"]
    );
    assert_eq!(grams(&["a"], 5, 5), ["_a_"]);
}

#[test]
fn a_repeated_question_is_alike_and_another_is_not() {
    assert!(similarity("Where is my order?", "where is my orderr") > 0.8);
    assert!(similarity("Where is my order?", "do you open on sundays") < 0.3);
    assert!(similarity("???", "???") > 0.99);
    assert!(similarity("", "hello") < 0.01);
}

#[test]
fn a_language_needs_three_words_and_a_clear_winner() {
    for (text, language) in [
        ("what time do you open tomorrow", Some(Language::English)),
        ("¿cuánto cuesta el envío a Madrid?", Some(Language::Spanish)),
        ("quanto custa a entrega para o centro", Some(Language::Portuguese)),
        ("combien coûte la livraison chez vous", Some(Language::French)),
        ("wann haben Sie am Samstag geöffnet", Some(Language::German)),
        ("quanto costa la spedizione per Roma", Some(Language::Italian)),
        ("yarın saat kaçta açılıyorsunuz", Some(Language::Turkish)),
        ("berapa harga pengiriman ke Jakarta", Some(Language::Indonesian)),
        ("كم السعر", Some(Language::Arabic)),
        ("क़ीमत क्या है", Some(Language::Hindi)),
        ("ok", None),
        ("Maria Silva", None),
        ("12 34 56", None),
        ("قیمت چند است", None),
    ] {
        assert_eq!(crate::text::language(text), language, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_and_reading_twice_changes_nothing(text in "\\PC{0,80}") {
        let once = normalise(&text);
        prop_assert_eq!(normalise(&once), once.clone());
        prop_assert!(!once.contains("  "));
        let alike = similarity(&text, &once);
        prop_assert!((0.0..=1.0).contains(&alike));
        let _ = language(&text);
        let _ = grams(&words(&text), 2, 5);
    }
}
