//! Binding an answer to the question we asked.

use super::names;
use super::phone;
use super::reading::{Reading, fold};
use super::rules::{self, Heard, Shop, budget, numbers, value_at};
use super::signals::{Signals, is_small_talk_in};
use super::words::{Phrases, count};
use domain::{LEAD_FIELDS, LeadMethod, LeadValue};
use std::sync::LazyLock;

/// What became of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// It was answered.
    Filled(LeadValue),
    /// The customer does not want to answer: it is not asked again.
    Refused,
    /// The customer does not know; it may be asked again later.
    Unknown,
    /// The customer speaks of something else.
    Other,
}

/// An answer is short; longer ones are read by the rules alone.
const MOST_WORDS: usize = 14;

static REFUSAL: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        i'd rather not | i would rather not | rather not say | prefer not to | don't want to say |
        don't want to share | don't want to give | do not want to | none of your business |
        why do you need | not telling | no thanks | no thank you | i won't | private | prefiero no |
        no quiero dar | no quiero decir | no te lo voy a dar | para que lo quieres | no es asunto |
        no gracias | prefiro não | não quero informar | não quero dizer | não quero dar |
        não quero passar | para que você precisa | não obrigad* | je préfère ne pas | je ne veux pas |
        ça ne vous regarde pas | non merci | möchte ich nicht | will ich nicht |
        das möchte ich nicht | keine angabe | lieber nicht | geht sie nichts an | nein danke |
        sage ich nicht | preferisco non | non voglio | preferirei non | no grazie |
        vermek istemiyorum | söylemek istemiyorum | paylaşmak istemiyorum | söylemem | vermem |
        gerek yok | sizi ilgilendirmez | hayır teşekkürler | لا اريد | افضل عدم | لا ارغب | لا شكرا |
        ما ابغى اعطي | مش عايز | ليس من شانك | नहीं बताना | नहीं बताऊंगा | नहीं बताऊंगी | नहीं देना |
        बताना नहीं चाहता | बताना नहीं चाहती | नहीं धन्यवाद | tidak mau | tidak ingin | gak mau |
        nggak mau | enggan | rahasia | tidak usah | tidak terima kasih
    ",
    )
});
static NO: &[&str] = &[
    "no",
    "nope",
    "nah",
    "nao",
    "non",
    "nein",
    "hayir",
    "yok",
    "لا",
    "नहीं",
    "ना",
    "tidak",
    "gak",
    "nggak",
    "enggak",
];
static UNKNOWN: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        i don't know | don't know | no idea | not sure | idk | no sé | ni idea | no lo se | não sei |
        sei lá | je ne sais pas | aucune idée | je sais pas | weiß nicht | weiss ich nicht |
        keine ahnung | weiß ich noch nicht | non lo so | non so | boh | bilmiyorum | bilmem |
        emin değilim | لا اعرف | لا ادري | ما ادري | مش عارف | पता नहीं | मालूम नहीं | नहीं पता |
        tidak tahu | belum tahu | nggak tahu | gak tau | kurang tahu
    ",
    )
});
static PERSON: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        human | real person | speak to | talk to | una persona | hablar con | falar com | atendente |
        parler à | un humain | mit einem menschen | mit jemandem | parlare con | operatore |
        temsilci | yetkili | biriyle konuş* | موظف | شخص حقيقي | इंसान | बात करनी | bicara dengan |
        orang asli
    ",
    )
});

/// Whether a message says that its writer does not want to tell.
pub fn is_refusal(text: &str) -> bool {
    is_refusal_in(&Reading::of(text))
}

fn is_refusal_in(reading: &Reading<'_>) -> bool {
    let is_bare_no = count(reading) <= 2 && NO.contains(&reading.word(0));
    // `no sé` begins with a no and is none.
    (is_bare_no && !UNKNOWN.are_in(reading)) || REFUSAL.are_in(reading)
}

/// Whether a message leads nowhere: a refusal, or that its writer does not know.
pub fn is_no_progress(text: &str) -> bool {
    let reading = Reading::of(text);
    is_refusal_in(&reading) || UNKNOWN.are_in(&reading)
}

/// Reads a message as the answer to our question for `field`.
///
/// A value the rules can read counts in a message of any length; words that only make sense as an answer count in a
/// short one that asks nothing itself.
pub fn bind(field: &str, heard: &Heard<'_>, shop: &Shop) -> Bound {
    let reading = Reading::of(heard.text);
    let words = count(&reading);
    if words == 0 || heard.text.len() > 4_096 {
        return Bound::Other;
    }
    let is_own_field = !LEAD_FIELDS.contains(&field);
    let plain = plain_value(field, &reading, heard, shop);
    if let Some(value) = plain {
        return Bound::Filled(value);
    }
    if words <= MOST_WORDS {
        // For a question of the owner's own, a bare "no" may be the answer.
        if REFUSAL.are_in(&reading) || (!is_own_field && is_refusal_in(&reading)) {
            return Bound::Refused;
        }
        if UNKNOWN.are_in(&reading) {
            return Bound::Unknown;
        }
    }
    let asks = reading.folded().contains('?');
    let is_nod = is_small_talk_in(&reading) && !(is_own_field && is_yes_or_no(&reading));
    if words > MOST_WORDS
        || asks
        || is_nod
        || Signals::in_reading(&reading).opted_out
        || PERSON.are_in(&reading)
    {
        return Bound::Other;
    }
    free_value(field, &reading, heard, shop, words).map_or(Bound::Other, Bound::Filled)
}

fn is_yes_or_no(reading: &Reading<'_>) -> bool {
    const YES: &[&str] = &[
        "yes",
        "yep",
        "si",
        "sim",
        "oui",
        "ja",
        "evet",
        "نعم",
        "हां",
        "हाँ",
        "जी",
        "ya",
    ];
    YES.contains(&reading.word(0)) || NO.contains(&reading.word(0))
}

fn asked(mut value: LeadValue, confidence: f64) -> LeadValue {
    value.method = LeadMethod::Question;
    value.confidence = value.confidence.max(confidence);
    value
}

/// A value that the rules read, now that it is known what was asked for.
fn plain_value(field: &str, reading: &Reading<'_>, heard: &Heard<'_>, shop: &Shop) -> Option<LeadValue> {
    match field {
        "phone" => {
            let numbers = numbers(reading, heard, shop, Some("phone"));
            let found = numbers.phones.first()?;
            value_at(field, reading, found.tokens, found.number.clone(), heard, 0.95)
        }
        "budget" => {
            let numbers = numbers(reading, heard, shop, Some("budget"));
            let (money, _) = budget(reading, &numbers.amounts)?;
            value_at(
                field,
                reading,
                money.tokens,
                money.value(shop.currency.as_deref()),
                heard,
                0.9,
            )
        }
        "email" => {
            let (email, at) = phone::emails(reading).into_iter().next()?;
            value_at(field, reading, (at, at + 1), email, heard, 0.98)
        }
        _ => rules::read(heard, shop).into_iter().find(|value| {
            value.field == field && matches!(field, "date" | "name" | "company" | "place" | "interest")
        }),
    }
    .map(|value| asked(value, 0.9))
}

/// The whole short message as the answer.
fn free_value(
    field: &str,
    reading: &Reading<'_>,
    heard: &Heard<'_>,
    shop: &Shop,
    words: usize,
) -> Option<LeadValue> {
    let has_digits = reading.folded().contains(|c: char| c.is_ascii_digit());
    let fits = match field {
        "phone" | "email" | "budget" => false,
        // `as soon as possible`, `flexible`.
        "date" => words <= 6,
        "name" => words <= 4 && !has_digits,
        "company" | "place" => words <= 8,
        _ => true,
    };
    if !fits || reading.len() == 0 {
        return None;
    }
    let mut last = reading.len();
    while last > 1 && matches!(reading.word(last - 1), "." | "!" | "," | ";") {
        last -= 1;
    }
    let span = reading.span(0, last)?;
    let shown = match field {
        "name" | "company" | "place" => names::shown(reading.raw(span)),
        "date" => fold(reading.raw(span)),
        _ => reading.raw(span).split_whitespace().collect::<Vec<_>>().join(" "),
    };
    let is_unlikely = field == "name" && Signals::in_reading(reading).asked
        || rules::service(reading, &shop.services).is_some() && matches!(field, "name" | "place" | "company");
    if is_unlikely {
        return None;
    }
    value_at(field, reading, (0, last), shown, heard, 0.0).map(|value| LeadValue {
        confidence: if field == "date" { 0.5 } else { 0.8 },
        method: LeadMethod::Question,
        ..value
    })
}
