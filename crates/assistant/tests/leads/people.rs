//! Names, companies, places, numbers of people, and what is wanted.

use crate::{field, heard, shop, values_in};
use assistant::leads::{Heard, from_profile, read};
use domain::{Language, LeadMethod};

fn all(name: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let found = field(text, "GB", name);
        assert_eq!(
            found.as_deref(),
            Some(*expected).filter(|value| !value.is_empty()),
            "{text}"
        );
    }
}

#[test]
fn a_name_is_read_where_somebody_gives_it() {
    all(
        "name",
        &[
            ("Hello, my name is Ana Silva and I need help", "Ana Silva"),
            ("my name is ana", "Ana"),
            ("my name is raja booking number 12", "Raja"),
            ("Hi, I'm Priya", "Priya"),
            ("Hola, soy María del Carmen", "María del Carmen"),
            ("me llamo José Luis y quiero reservar", "José Luis"),
            ("Oi, me chamo João", "João"),
            ("meu nome é Ana de Souza", "Ana de Souza"),
            ("Je m'appelle Jean-Luc Dupont", "Jean-Luc Dupont"),
            ("Ich heiße Jürgen Müller.", "Jürgen Müller"),
            ("mi chiamo Giulia", "Giulia"),
            ("benim adım Ayşe Yılmaz", "Ayşe Yılmaz"),
            ("اسمي محمد علي", "محمد علي"),
            ("मेरा नाम प्रिया शर्मा है", "प्रिया शर्मा"),
            ("nama saya Budi Santoso", "Budi Santoso"),
        ],
    );
}

#[test]
fn words_behind_i_am_are_not_always_a_name() {
    all(
        "name",
        &[
            ("I'm interested in a haircut", ""),
            ("I am so sorry", ""),
            ("i'm looking for you", ""),
            ("soy de Madrid", ""),
            ("soy alérgica", ""),
            ("je suis intéressée", ""),
            ("Ich bin sehr zufrieden", ""),
            ("sono interessato", ""),
            ("this is URGENT", ""),
            ("ben bir randevu istiyorum", ""),
            ("saya mau pesan", ""),
            ("what is your name?", ""),
        ],
    );
}

#[test]
fn a_company_is_read_by_its_form_or_by_the_words_before_it() {
    all(
        "company",
        &[
            ("We are Müller & Söhne GmbH", "Müller & Söhne GmbH"),
            ("I work at Acme", "Acme"),
            ("mi empresa es Flores Lola", "Flores Lola"),
            ("somos Panadería Sol S.L.", "Panadería Sol S.L."),
            ("PT Maju Jaya", "PT Maju Jaya"),
            ("Yılmaz Tekstil A.Ş.", "Yılmaz Tekstil A.Ş."),
            ("i bought a sl", ""),
        ],
    );
}

#[test]
fn a_place_is_read_where_somebody_says_where_they_are() {
    all(
        "place",
        &[
            ("I live in New York", "New York"),
            ("do you deliver to Leeds?", "Leeds"),
            ("vivo en Ciudad de México", "Ciudad de México"),
            ("I'm Tom from Leeds", "Leeds"),
            ("I'm Tom from Acme Ltd", ""),
            ("ich bin Peter Schmidt aus Hamburg, und du?", "Hamburg"),
            ("saya Rina dari Surabaya mau pesan", "Surabaya"),
            ("moro em São Paulo", "São Paulo"),
            ("j'habite à Lyon", "Lyon"),
            ("Ich wohne in Köln", "Köln"),
            ("abito a Milano", "Milano"),
            ("İzmir'de yaşıyorum", "İzmir"),
            ("انا من الرياض", "الرياض"),
            ("दिल्ली में रहता हूँ", "दिल्ली"),
            ("saya tinggal di Bandung", "Bandung"),
            ("i live in a small house", ""),
        ],
    );
}

#[test]
fn how_many_come_is_noted() {
    all(
        "notes",
        &[
            ("a table for 4", "people: 4"),
            ("mesa para 6 personas", "people: 6"),
            ("somos 5 pessoas", "people: 5"),
            ("für 8 Personen", "people: 8"),
            ("4 kişiyiz", "people: 4"),
            ("نحن 3 أشخاص", "people: 3"),
            ("४ लोग", "people: 4"),
            ("untuk 10 orang", "people: 10"),
            ("4 chairs", ""),
        ],
    );
}

#[test]
fn what_the_shop_sells_is_found_under_all_its_names() {
    all(
        "interest",
        &[
            ("do you do bridal make-up?", "Bridal make-up"),
            ("gelin makyajını merak ettim", "Bridal make-up"),
            ("busco maquillaje de novia", "Bridal make-up"),
            ("مكياج عروس كم؟", "Bridal make-up"),
            ("Was kostet ein Haarschnitt?", "Haircut"),
            ("hello", ""),
            ("do you sell shoes?", ""),
        ],
    );
}

#[test]
fn a_skill_that_was_found_stands_for_what_is_wanted_but_not_behind_a_greeting() {
    let interest = |text| {
        let heard = Heard {
            skill: Some("Make-up classes"),
            ..heard(text)
        };
        let values = read(&heard, &shop("GB"));
        values.into_iter().find(|value| value.field == "interest")
    };
    let found = interest("can you teach me?").unwrap();
    assert_eq!(
        (found.value.as_str(), found.raw.as_str()),
        ("Make-up classes", "can you teach me?")
    );
    assert!(found.confidence < 0.8);
    assert_eq!(interest("hello!"), None);
}

#[test]
fn a_profile_gives_a_weak_guess() {
    let values = from_profile(Some(" ana "), Some("447700900123"));
    assert!(
        values
            .iter()
            .all(|value| value.method == LeadMethod::Profile && value.confidence <= 0.5)
    );
    assert_eq!(values.first().map(|value| value.value.as_str()), Some("Ana"));
    assert_eq!(
        values.last().map(|value| value.value.as_str()),
        Some("+447700900123")
    );
    assert!(from_profile(Some("🌸"), None).is_empty());
}

#[test]
fn a_greeting_holds_nothing_but_its_language() {
    for text in [
        "Hello!",
        "¡Hola!",
        "Oi, tudo bem?",
        "Bonjour",
        "Guten Morgen",
        "Ciao",
        "Merhaba",
        "السلام عليكم",
        "नमस्ते",
        "Halo kak",
    ] {
        assert!(values_in(text, "GB", None).is_empty(), "{text}");
    }
    let values = read(
        &Heard {
            language: Some(Language::Turkish),
            ..heard("merhaba")
        },
        &shop("TR"),
    );
    assert_eq!(values.first().map(|value| value.value.as_str()), Some("tr"));
}
