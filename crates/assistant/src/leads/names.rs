//! Names of people, companies and places, by the words people introduce them with.

use super::reading::{Kind, Reading, fold};
use super::words::Phrases;
use std::sync::LazyLock;

/// Something with a name, and which tokens say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) tokens: (usize, usize),
    pub(super) is_certain: bool,
}

/// A name follows for certain.
static NAME: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        my name is | my name's | the name is | name's | name : | me llamo | mi nombre es | nombre : |
        me chamo | meu nome é | o meu nome é | nome : | je m'appelle | mon nom est | mon prénom est |
        nom : | ich heiße | ich heisse | mein name ist | name ist | mi chiamo | il mio nome è |
        benim adım | adım | ismim | isim : | ad soyad : | اسمي | انا اسمي | اسمي هو | الاسم : |
        मेरा नाम | नाम : | nama saya | nama saya adalah | namaku | nama :
    ",
    )
});
/// A name may follow; only one that is written with a capital letter counts.
static PERHAPS_NAME: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        i'm | i am | im | this is | soy | sou | sou o | sou a | aqui é | aqui é o | aqui é a |
        je suis | ici | c'est | ich bin | hier ist | hier spricht | sono | ben | saya | aku
    ",
    )
});
/// Words that begin something else than a name.
static NO_NAME: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        a | an | the | not | so | very | in | at | from | here | looking | interested | writing |
        calling | sorry | just | your | is | de | da | do | un | una | uno | um | uma | une | el |
        la | los | nueva | nuevo | cliente | que | por | para | muy | tu | su | seu | le | les |
        interesse* | interesad* | tres | ein | eine | der | die | das | aus | auf | bei | am | im |
        nicht | sehr | euer | ihr | interessiert | interessat* | al | di | il | lo | molto | bir |
        cok | bu | daha | urun* | mau | ingin | tertarik | dari | tidak | sudah | ada | butuh |
        perlu | still | going | trying | having | okay | ok | fine | good | sure | happy | afraid |
        now | on | tomorrow | today | monday | friday | german | english | spanish | french | ready |
        free | available | back | also | only
    ",
    )
});
/// Words at which a name ends.
static NAME_ENDS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        and | i | from | my | with | but | here | at | y | e | vivo | soy | quiero | tengo | mi | et |
        je | und | ich | aus | komme | sono | vorrei | ve | ben | bir | telefonum | numaram | و | من |
        واريد | وانا | رقمي | है | और | मैं | dan | saya | dari | mau | eu | quero | moro | gostaria |
        please | is | to | in | for | on | para | pour | fur | per | için | untuk | com | con | mit |
        avec | hoping | email | phone | tel | telefono | que | te | the | can | want | would | need | booking | order | number | confirmation | address | pedido | reserva | sipariş | adresim |
        diyorlar | istiyorum | ko | tu | calling | writing
    ",
    )
});
/// Words inside a name that are written small.
const PARTICLES: &[&str] = &[
    "de", "da", "do", "dos", "das", "del", "della", "di", "la", "las", "los", "van", "von", "der", "den",
    "bin", "al", "el", "bint", "abu", "y",
];

/// A company follows.
static COMPANY: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        i work at | i work for | i'm with | our company is | my company is | company name is |
        company : | on behalf of | trabajo en | mi empresa es | mi empresa se llama | empresa : |
        trabalho na | trabalho no | minha empresa é | je travaille chez | ma société est | société : |
        notre société | ich arbeite bei | unsere firma | unsere firma heißt | firma : | lavoro per |
        lavoro presso | la mia azienda è | azienda : | şirketimiz | firmamız | şirket : | شركة |
        شركتي | اعمل في شركة | मेरी कंपनी | कंपनी का नाम | perusahaan saya | perusahaan : | pt | cv
    ",
    )
});
/// What stands behind the name of a company.
static COMPANY_ENDS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        gmbh | ag | kg | ug | ltd | ltd. | limited | llc | inc | inc. | corp | plc | s.a. | s. a. |
        sa de cv | s.l. | sl | slu | ltda | ltda. | eireli | sarl | sas | s.r.l. | srl | spa |
        s.p.a. | a.ş. | aş | ltd. şti. | ltd şti | pvt ltd | pvt. ltd. | tbk | e.v.
    ",
    )
});
/// A place follows.
static PLACE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        i live in | i'm from | i am from | we are in | i'm in | i'm based in | based in | we live in |
        deliver to | ship to | shipping to | delivery to | vivo en | soy de | estoy en | somos de |
        vivimos en | envío a | envian a | enviar a | moro em | moro no | moro na | sou de | sou do |
        sou da | estou em | entrega em | entregam em | j'habite | j'habite à | je suis de |
        je suis à | nous sommes à | livraison à | livrer à | ich wohne in | ich komme aus |
        komme aus | wir sind in | lieferung nach | liefern nach | abito a | vivo a | sono di |
        siamo a | spedizione a | spedite a | اسكن في | اعيش في | ساكن في | انا من | من مدينة |
        توصيل الى | التوصيل الى | saya tinggal di | tinggal di | saya dari | kirim ke |
        pengiriman ke | lokasi : | city : | address : | ciudad : | cidade : | adresse : | adres : |
        dirección : | endereço : | alamat : | العنوان : | पता :
    ",
    )
});
/// What stands behind a place: Turkish and Hindi.
static PLACE_ENDS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        ' da yaşıyorum | ' de yaşıyorum | ' ta yaşıyorum | ' te yaşıyorum | ' da oturuyorum |
        ' de oturuyorum | ' dayım | ' deyim | ' tayım | ' teyim | ' dan yazıyorum | ' den yazıyorum |
        ' tan yazıyorum | ' ten yazıyorum | में रहता हूं | में रहता हूँ | में रहती हूं |
        में रहती हूँ | से हूं | से हूँ | में रहते हैं
    ",
    )
});
/// Words that are no place though they stand where one would.
static NO_PLACE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        a | an | the | your | my | here | home | me | us | need | touch | charge | un | una | uno |
        um | uma | acuerdo | mi | mein* | casa | there | vacaciones | camino | love | google |
        instagram | facebook | internet | duvida | contacto | verkauf | domicilio | kalian |
        tertarik | mana
    ",
    )
});

/// Words behind a name that say where its bearer is from. The `de` of Spain and Brazil is a part of names as well.
static FROM: LazyLock<Phrases> = LazyLock::new(|| Phrases::listed("from | aus | dari | من"));

/// Whether the customer writes a word with a capital letter, or in a script that has none.
fn looks_like_a_name(reading: &Reading<'_>, at: usize) -> bool {
    reading.kind(at) == Some(Kind::Word)
        && reading
            .raw_token(at)
            .chars()
            .next()
            .is_some_and(|first| first.is_uppercase() || !first.is_lowercase())
}

/// Whether two tokens belong to one name: `Jean-Luc`, `O'Brien`, `St. Pauli`.
fn is_joint(reading: &Reading<'_>, at: usize) -> bool {
    matches!(reading.word(at), "-" | "'" | "&" | ".")
        && reading.kind(at + 1) == Some(Kind::Word)
        && (reading.word(at) == "&" || !reading.spaced(at))
        && (matches!(reading.word(at), "&") || !reading.spaced(at + 1))
}

/// The end of the name that begins at a token: at most `most` words, up to a word that begins something else.
fn end_of_name(reading: &Reading<'_>, at: usize, most: usize, needs_capital: bool) -> usize {
    let has_capital = reading
        .raw_token(at)
        .chars()
        .next()
        .is_some_and(char::is_uppercase);
    let mut end = at;
    let mut words = 0;
    while end < reading.len() && words < most {
        if is_joint(reading, end) && words > 0 {
            end += 2;
            continue;
        }
        if reading.kind(end) != Some(Kind::Word) {
            break;
        }
        let word = reading.word(end);
        let is_particle = words > 0 && PARTICLES.contains(&word) && {
            let mut next = end + 1;
            while PARTICLES.contains(&reading.word(next)) {
                next += 1;
            }
            looks_like_a_name(reading, next) && !(is_lower(reading, next))
        };
        if is_particle {
            end += 1;
            continue;
        }
        let is_end = words > 0 && NAME_ENDS.at(reading, end).is_some();
        let is_small = (has_capital || needs_capital) && is_lower(reading, end);
        if is_end || is_small || (words == 0 && NAME_ENDS.at(reading, end).is_some()) {
            break;
        }
        words += 1;
        end += 1;
    }
    // `Ana de la` of `Ana de la tienda`.
    while end > at + 1 && PARTICLES.contains(&reading.before(end)) && is_lower(reading, end - 1) {
        end -= 1;
    }
    end
}

fn is_lower(reading: &Reading<'_>, at: usize) -> bool {
    reading
        .raw_token(at)
        .chars()
        .next()
        .is_some_and(char::is_lowercase)
}

/// Finds the name of a person.
pub(super) fn person(reading: &Reading<'_>) -> Option<Named> {
    let mut perhaps = None;
    for at in 0..reading.len() {
        if let Some(length) = NAME.at(reading, at) {
            let from = at + length + usize::from(reading.word(at + length) == ":");
            // Names in small letters have two words at most, so that no sentence becomes one.
            let most = if is_lower(reading, from) { 2 } else { 4 };
            let end = end_of_name(reading, from, most, false);
            if end > from && NO_NAME.at(reading, from).is_none() {
                return Some(Named {
                    tokens: (from, end),
                    is_certain: true,
                });
            }
        }
        if let Some(length) = PERHAPS_NAME.at(reading, at).filter(|_| perhaps.is_none()) {
            let from = at + length;
            let is_capital = reading
                .raw_token(from)
                .chars()
                .next()
                .is_some_and(char::is_uppercase);
            let end = end_of_name(reading, from, 3, true);
            // `this is URGENT`: nobody writes a name like that.
            let is_shout = reading.raw_token(from).chars().count() > 3
                && reading.raw_token(from).chars().all(char::is_uppercase);
            if is_capital && !is_shout && end > from && NO_NAME.at(reading, from).is_none() {
                perhaps = Some(Named {
                    tokens: (from, end),
                    is_certain: false,
                });
            }
        }
    }
    perhaps
}

/// Finds the name of a company.
pub(super) fn company(reading: &Reading<'_>) -> Option<Named> {
    for at in 0..reading.len() {
        if let Some(length) = COMPANY_ENDS.at(reading, at).filter(|_| at > 0) {
            // Back over the words with capital letters before it.
            let mut from = at;
            while from > 0
                && at - from < 6
                && ((looks_like_a_name(reading, from - 1) && !is_lower(reading, from - 1))
                    || (reading.before(from) == "&" && from < at))
            {
                from -= 1;
            }
            let is_written_so = reading
                .raw_token(at)
                .chars()
                .next()
                .is_some_and(char::is_uppercase);
            if from < at && is_written_so {
                return Some(Named {
                    tokens: (from, at + length),
                    is_certain: true,
                });
            }
        }
        if let Some(length) = COMPANY.at(reading, at) {
            let from = at + length;
            let is_short = matches!(reading.word(at), "pt" | "cv");
            let is_capital = !is_lower(reading, from) && reading.kind(from) == Some(Kind::Word);
            let is_written_so = !is_short || reading.raw_token(at).chars().all(char::is_uppercase);
            let end = end_of_name(reading, from, 4, false);
            if is_capital && is_written_so && end > from && NO_NAME.at(reading, from).is_none() {
                return Some(Named {
                    tokens: (if is_short { at } else { from }, end),
                    is_certain: !is_short,
                });
            }
        }
    }
    None
}

/// Finds a place.
pub(super) fn place(reading: &Reading<'_>) -> Option<Named> {
    said_place(reading).or_else(|| {
        let (_, end) = person(reading)?.tokens;
        let from = end + FROM.at(reading, end)?;
        let last = end_of_name(reading, from, 3, true);
        let is_company = company(reading).is_some_and(|company| company.tokens.0 < last);
        (last > from && !is_lower(reading, from) && !is_company).then_some(Named {
            tokens: (from, last),
            is_certain: false,
        })
    })
}

fn said_place(reading: &Reading<'_>) -> Option<Named> {
    for at in 0..reading.len() {
        if let Some(length) = PLACE.at(reading, at) {
            let from = at + length + usize::from(reading.word(at + length) == ":");
            let most = if is_lower(reading, from) { 2 } else { 4 };
            let end = end_of_name(reading, from, most, false);
            if end > from && NO_PLACE.at(reading, from).is_none() {
                return Some(Named {
                    tokens: (from, end),
                    is_certain: true,
                });
            }
        }
        if PLACE_ENDS.at(reading, at).is_some() && at > 0 {
            let from = at - 1;
            if looks_like_a_name(reading, from) && !is_lower(reading, from) {
                return Some(Named {
                    tokens: (from, at),
                    is_certain: true,
                });
            }
        }
    }
    None
}

/// A name as it is shown: its words with capital letters when the customer wrote none.
pub(super) fn shown(raw: &str) -> String {
    let clean = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.chars().any(char::is_uppercase) || fold(&clean).is_empty() {
        return clean;
    }
    let capital = |word: &str| {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect::<String>(),
            None => String::new(),
        }
    };
    clean.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}
