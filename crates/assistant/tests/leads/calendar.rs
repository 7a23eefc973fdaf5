//! Dates, seen from Tuesday the tenth of November 2026.

use crate::{field, values_in};
use assistant::leads::{Heard, Shop, read};
use domain::Language;

fn dates(region: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let found = field(text, region, "date");
        assert_eq!(
            found.as_deref(),
            Some(*expected).filter(|date| !date.is_empty()),
            "{text}"
        );
    }
}

#[test]
fn english_dates_are_read() {
    dates(
        "GB",
        &[
            ("can I come tomorrow?", "2026-11-11"),
            ("tomorrow at 5pm", "2026-11-11T17:00"),
            ("at 5pm tomorrow", "2026-11-11T17:00"),
            ("the day after tomorrow", "2026-11-12"),
            ("this Friday works", "2026-11-13"),
            ("next Friday", "2026-11-20"),
            ("on Tuesday", "2026-11-17"),
            ("next week", "2026-11-16/2026-11-22"),
            ("this weekend", "2026-11-14/2026-11-15"),
            ("in two weeks", "2026-11-24"),
            ("in 3 days", "2026-11-13"),
            ("March 15th", "2027-03-15"),
            ("15 December 2026 at 14:30", "2026-12-15T14:30"),
            ("15/12", "2026-12-15"),
            ("2026-12-15", "2026-12-15"),
            ("15-18 December", "2026-12-15/2026-12-18"),
            ("from Friday to Sunday", "2026-11-13/2026-11-15"),
            ("between Dec 5 and Dec 10", "2026-12-05/2026-12-10"),
            ("in March", "2027-03"),
            ("on the 25th", "2026-11-25"),
            ("the 24th of December", "2026-12-24"),
            ("next month", "2026-12"),
        ],
    );
}

#[test]
fn romance_dates_are_read() {
    dates(
        "ES",
        &[
            ("mañana a las 10", "2026-11-11T10:00"),
            ("pasado mañana", "2026-11-12"),
            ("el 15 de marzo", "2027-03-15"),
            ("el viernes que viene", "2026-11-13"),
            ("el sábado a las 9 de la noche", "2026-11-14T21:00"),
            ("soy Marta", ""),
            ("pra dia 20 de dezembro", "2026-12-20"),
            ("dentro de dos semanas", "2026-11-24"),
            ("la próxima semana", "2026-11-16/2026-11-22"),
            ("este fin de semana", "2026-11-14/2026-11-15"),
            ("por la mañana", ""),
            ("amanhã às 14h", "2026-11-11T14:00"),
            ("depois de amanhã", "2026-11-12"),
            ("na sexta-feira", "2026-11-13"),
            ("15 de março", "2027-03-15"),
            ("semana que vem", "2026-11-16/2026-11-22"),
            ("daqui a 3 dias", "2026-11-13"),
            ("demain à 15h30", "2026-11-11T15:30"),
            ("après-demain", "2026-11-12"),
            ("vendredi prochain", "2026-11-13"),
            ("le 15 mars", "2027-03-15"),
            ("entre el 5 y el 10 de diciembre", "2026-12-05/2026-12-10"),
            ("entre 5 y 10 de diciembre", "2026-12-05/2026-12-10"),
            ("dans deux semaines", "2026-11-24"),
            ("domani alle 10", "2026-11-11T10:00"),
            ("venerdì prossimo", "2026-11-13"),
            ("il 15 marzo", "2027-03-15"),
            ("tra due settimane", "2026-11-24"),
        ],
    );
}

#[test]
fn german_dates_are_read() {
    dates(
        "DE",
        &[
            ("morgen um 10 Uhr", "2026-11-11T10:00"),
            ("Guten Morgen!", ""),
            ("übermorgen", "2026-11-12"),
            ("am 15.12.", "2026-12-15"),
            ("am 15.12.2026", "2026-12-15"),
            ("15. März", "2027-03-15"),
            ("nächsten Freitag", "2026-11-13"),
            ("in zwei Wochen", "2026-11-24"),
            ("nächste Woche", "2026-11-16/2026-11-22"),
            ("am Wochenende", "2026-11-14/2026-11-15"),
        ],
    );
}

#[test]
fn turkish_dates_are_read() {
    dates(
        "TR",
        &[
            ("yarın saat 15:00", "2026-11-11T15:00"),
            ("öbür gün", "2026-11-12"),
            ("cuma günü", "2026-11-13"),
            ("bu cuma", "2026-11-13"),
            ("haftaya cuma", "2026-11-20"),
            ("gelecek hafta", "2026-11-16/2026-11-22"),
            ("15 Mart'ta", "2027-03-15"),
            ("15 Martta", "2027-03-15"),
            ("iki hafta sonra", "2026-11-24"),
            ("hafta sonu", "2026-11-14/2026-11-15"),
        ],
    );
}

#[test]
fn arabic_dates_are_read() {
    dates(
        "SA",
        &[
            ("غدا الساعة ٥", "2026-11-11T05:00"),
            ("يوم الخميس الساعة 8 مساء", "2026-11-12T20:00"),
            ("بكرة", "2026-11-11"),
            ("بعد غد", "2026-11-12"),
            ("يوم الجمعة القادم", "2026-11-13"),
            ("بعد أسبوعين", "2026-11-24"),
            ("بعد ٣ أيام", "2026-11-13"),
            ("الأسبوع القادم", "2026-11-16/2026-11-22"),
            ("١٥ مارس", "2027-03-15"),
        ],
    );
}

#[test]
fn hindi_dates_are_read() {
    dates(
        "IN",
        &[
            ("कल आ सकता हूं", "2026-11-11"),
            ("परसों", "2026-11-12"),
            ("शुक्रवार को", "2026-11-13"),
            ("शनिवार शाम 8 बजे", "2026-11-14T20:00"),
            ("कल सुबह 10 बजे", "2026-11-11T10:00"),
            ("अगले शुक्रवार", "2026-11-20"),
            ("अगले हफ्ते", "2026-11-16/2026-11-22"),
            ("दो हफ्ते बाद", "2026-11-24"),
            ("१५ मार्च", "2027-03-15"),
        ],
    );
}

#[test]
fn indonesian_dates_are_read() {
    dates(
        "ID",
        &[
            ("besok jam 10", "2026-11-11T10:00"),
            ("jam 3 sore besok", "2026-11-11T15:00"),
            ("tanggal 25 Desember", "2026-12-25"),
            ("lusa", "2026-11-12"),
            ("hari Jumat", "2026-11-13"),
            ("Jumat depan", "2026-11-20"),
            ("minggu depan", "2026-11-16/2026-11-22"),
            ("hari Minggu", "2026-11-15"),
            ("dua minggu lagi", "2026-11-24"),
            ("tanggal 15", "2026-11-15"),
            ("15 Maret", "2027-03-15"),
        ],
    );
}

#[test]
fn words_that_are_no_date_are_none() {
    dates(
        "GB",
        &[
            ("it may be fine", ""),
            ("I was born on 3 March 1990", ""),
            ("15.12", ""),
            ("version 1.2.3", ""),
            ("call me at 5", ""),
            ("31/02", ""),
            ("https://shop.example/2026/12/15", ""),
            ("the sun is out", ""),
            ("room 12/2026-B", ""),
        ],
    );
}

#[test]
fn the_third_of_april_is_written_as_the_country_writes_it() {
    dates("GB", &[("on 03/04/2027", "2027-04-03")]);
    dates("US", &[("on 03/04/2027", "2027-03-04"), ("12/15", "2026-12-15")]);
}

#[test]
fn the_day_is_that_of_the_shop_and_not_of_the_sea() {
    // Ten in the evening in UTC is the next day in Jakarta.
    let late = Heard {
        at: domain::Timestamp(crate::TUESDAY.0 + 13 * 3_600_000),
        ..crate::heard("besok")
    };
    let jakarta = Shop {
        zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(7)),
        ..Shop::default()
    };
    let date = |shop: &Shop| read(&late, shop).first().map(|value| value.value.clone());
    assert_eq!(date(&jakarta).as_deref(), Some("2026-11-12"));
    assert_eq!(date(&Shop::default()).as_deref(), Some("2026-11-11"));
}

#[test]
fn a_word_that_is_a_day_in_one_language_is_one_in_that_language_only() {
    let day = |text: &str, language| {
        values_in(text, "BR", language)
            .into_iter()
            .find(|value| value.field == "date")
            .map(|value| value.value)
    };
    assert_eq!(
        day("pode ser quinta?", Some(Language::Portuguese)).as_deref(),
        Some("2026-11-12")
    );
    assert_eq!(day("la segunda opción", Some(Language::Spanish)), None);
    assert_eq!(day("ayer salí", Some(Language::Spanish)), None);
}
