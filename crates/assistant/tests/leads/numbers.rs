//! Addresses, telephone numbers and amounts.

use crate::{field, values_in};
use assistant::leads::{Heard, Shop, read};
use proptest::prelude::*;

fn all(name: &str, cases: &[(&str, &str, Option<&str>)]) {
    for (region, text, expected) in cases {
        assert_eq!(field(text, region, name).as_deref(), *expected, "{text}");
    }
}

#[test]
fn an_e_mail_address_is_read_whatever_stands_around_it() {
    all(
        "email",
        &[
            (
                "GB",
                "Write to Ana.Silva+shop@Example.co.uk, please.",
                Some("ana.silva+shop@example.co.uk"),
            ),
            ("TR", "mailim: <ayse@ornek.com.tr>", Some("ayse@ornek.com.tr")),
            ("SA", "بريدي sara@example.sa وشكرا", Some("sara@example.sa")),
            ("GB", "follow me @ana_silva", None),
            ("GB", "is hello@shop.example your address?", None),
            ("GB", "https://ana@example.com/x", None),
            ("GB", "a@b", None),
        ],
    );
}

#[test]
fn a_telephone_number_is_read_as_its_country_writes_it() {
    all(
        "phone",
        &[
            ("GB", "call me on 07700 900123", Some("+447700900123")),
            ("TR", "numaram 0532 123 45 67", Some("+905321234567")),
            ("TR", "5321234567", Some("+905321234567")),
            ("BR", "meu whats é (11) 98765-4321", Some("+5511987654321")),
            ("BR", "+55 11 98765-4321", Some("+5511987654321")),
            ("ES", "mi número es 612 34 56 78", Some("+34612345678")),
            ("MX", "mi celular 55 1234 5678", Some("+525512345678")),
            ("FR", "mon numéro: 06.12.34.56.78", Some("+33612345678")),
            ("DE", "Handy 0151 23456789", Some("+4915123456789")),
            ("IT", "il mio numero è 347 123 4567", Some("+393471234567")),
            ("US", "(415) 555-2671", Some("+14155552671")),
            ("IN", "मेरा नंबर ९८७६५४३२१० है", Some("+919876543210")),
            ("SA", "رقمي ٠٥٠١٢٣٤٥٦٧", Some("+966501234567")),
            ("AE", "اتصل على 00971501234567", Some("+971501234567")),
            ("ID", "nomor saya 0812-3456-7890", Some("+6281234567890")),
        ],
    );
}

#[test]
fn numbers_that_are_not_for_calling_are_no_telephone_numbers() {
    all(
        "phone",
        &[
            ("GB", "order number 12345678", None),
            ("TR", "sipariş no 5321234567", None),
            ("BR", "pedido 11987654321", None),
            ("DE", "Bestellnummer 0151 23456789", None),
            ("ES", "el pedido #612345678", None),
            ("FR", "commande 0612345678", None),
            ("SA", "رقم الطلب 0501234567", None),
            ("IN", "ऑर्डर 9876543210", None),
            ("ID", "pesanan 081234567890", None),
            ("GB", "12345678", None),
            ("DE", "Steuernummer 12/345/67890", None),
            ("TR", "TC kimlik 12345678901", None),
            ("DE", "15.12.2026", None),
            ("GB", "2026-12-15 10:00", None),
            ("ID", "harga 1.500.000 - 2.000.000", None),
            ("GB", "https://shop.example/item/447700900123", None),
            ("TR", "https://wa.me/905321234567 bu mu?", None),
            ("GB", "call me at 5", None),
            // The shop's own.
            ("TR", "0212 555 01 99 sizin mi?", None),
            ("GB", "is +44 7700 900000 you?", None),
        ],
    );
}

#[test]
fn an_amount_is_read_with_its_currency() {
    all(
        "budget",
        &[
            ("DE", "Mein Budget ist 1.234,50 €", Some("1234.50 EUR")),
            ("US", "my budget is $1,234.50", Some("1234.50 USD")),
            ("MX", "mi presupuesto es $1,500", Some("1500 MXN")),
            ("TR", "bütçem 5 bin TL", Some("5000 TRY")),
            ("TR", "₺2500 civarı", Some("2500 TRY")),
            ("BR", "orçamento R$ 500 a R$ 800", Some("500-800 BRL")),
            ("BR", "posso pagar 2 mil reais", Some("2000 BRL")),
            ("GB", "£500-800", Some("500-800 GBP")),
            ("FR", "entre 500 et 800 euros", Some("500-800 EUR")),
            ("IN", "बजट ₹1,00,000 तक", Some("0-100000 INR")),
            ("IN", "Rs. 5000", Some("5000 INR")),
            ("AE", "الميزانية ٥٠٠ د.إ", Some("500 AED")),
            ("SA", "عندي 3 الاف ريال", Some("3000 SAR")),
            ("ID", "anggaran Rp 500.000", Some("500000 IDR")),
            ("ID", "budget 500rb", Some("500000")),
            ("IT", "fino a 300 euro", Some("0-300 EUR")),
            ("ES", "entre 500 y 800 euros", Some("500-800 EUR")),
            ("GB", "at least 300 pounds", Some("300+ GBP")),
        ],
    );
}

#[test]
fn a_bare_amount_is_one_when_the_message_says_so() {
    all(
        "budget",
        &[
            ("GB", "my budget is 2k", Some("2000")),
            ("GB", "5-7k", Some("5000-7000")),
            ("GB", "up to 300", Some("0-300")),
            ("GB", "budget 500-800", Some("500-800")),
            ("TR", "5 bin", Some("5000")),
            ("TR", "en fazla 1000", Some("0-1000")),
            ("ES", "presupuesto: 1.500", Some("1500")),
        ],
    );
}

#[test]
fn numbers_that_cost_nothing_are_no_amounts() {
    all(
        "budget",
        &[
            ("GB", "call me at 5", None),
            ("GB", "we met in 2024", None),
            ("GB", "my budget for 2026 is still open", None),
            ("GB", "order number 12345678", None),
            ("GB", "up to 300 guests", None),
            ("GB", "5000 pieces", None),
            ("TR", "5 bin adet", None),
            ("GB", "I have 10-12 dogs", None),
            ("GB", "50% off?", None),
            ("US", "can I roll over my 401k", None),
            ("DE", "ab 123456", None),
            ("GB", "why was I charged $1?", None),
            ("GB", "I want a refund of 300 euros", None),
            ("GB", "https://shop.example/?price=500EUR", None),
            ("DE", "am 15.12.2026 um 14:30", None),
            ("GB", "I paid 300 GBP last week and it broke", None),
        ],
    );
}

#[test]
fn the_shops_currency_is_that_of_amounts_without_one() {
    let turkish = Shop {
        region: Some("TR".to_owned()),
        currency: Some("TRY".to_owned()),
        ..Shop::default()
    };
    let values = read(&crate::heard("bütçem 5 bin"), &turkish);
    assert_eq!(values.first().map(|value| value.value.as_str()), Some("5000 TRY"));
}

#[test]
fn the_words_of_a_value_are_the_customers_own_in_any_direction_of_writing() {
    let values = values_in("اسمي سارة، رقمي ٠٥٠١٢٣٤٥٦٧ والميزانية ٥٠٠ ريال", "SA", None);
    let raw = |field: &str| {
        values
            .iter()
            .find(|value| value.field == field)
            .map(|value| value.raw.as_str())
    };
    assert_eq!(raw("name"), Some("سارة"));
    assert_eq!(raw("phone"), Some("٠٥٠١٢٣٤٥٦٧"));
    assert_eq!(raw("budget"), Some("٥٠٠ ريال"));
}

#[test]
fn one_message_may_hold_everything() {
    let text = "Hi, my name is Ana Silva, I need bridal makeup for 4 people on 15 December, budget up to £600. \
                ana@example.com or 07700 900123";
    let values = values_in(text, "GB", None);
    let of = |field: &str| {
        values
            .iter()
            .find(|value| value.field == field)
            .map(|value| value.value.as_str())
    };
    assert_eq!(of("name"), Some("Ana Silva"));
    assert_eq!(of("interest"), Some("Bridal make-up"));
    assert_eq!(of("notes"), Some("people: 4"));
    assert_eq!(of("date"), Some("2026-12-15"));
    assert_eq!(of("budget"), Some("0-600 GBP"));
    assert_eq!(of("email"), Some("ana@example.com"));
    assert_eq!(of("phone"), Some("+447700900123"));
}

proptest! {
    #[test]
    fn no_words_whatever_make_a_value_without_its_place(
        text in "(\\PC|[0-9 .,:/+-]|budget|tomorrow|€|call|'|15|next friday|me llamo|بعد|कल|@x.com|k|bin){0,25}",
        region in "(TR|BR|US|DE|IN|XX)",
    ) {
        let shop = Shop { region: Some(region), ..Shop::default() };
        for value in read(&Heard { skill: Some("Skill"), ..crate::heard(&text) }, &shop) {
            let (from, to) = value.span.unwrap();
            prop_assert_eq!(text.get(from..to), Some(value.raw.as_str()));
            prop_assert!((0.0..=1.0).contains(&value.confidence));
        }
    }
}
