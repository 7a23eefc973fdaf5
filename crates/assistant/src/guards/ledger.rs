//! The fact ledger: what the sources say, and whether an answer says more.

use std::ops::Range;
use std::sync::LazyLock;

use super::FindingKind;
use super::atom::{Atom, Value};
use super::concepts::Sense;
use super::fold::{Folded, sentence};
use super::lexicon::{Lexicon, find};
use super::links::{self, Link};
use super::number_words::Languages;
use super::numerals::ONE;
use super::scan::scan;
use super::units::Unit;

static PRICE: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "cost*|price*|pricing|pay|pays|paid|fee|fees|charge*|total|amount|deposit|rate|for only|worth|cheap*|discount*",
        "cuest*|costar*|costo*|precio*|pagar*|pago|vale|valen|tarifa*|importe|descuento*|cobra*",
        "custa*|preco*|valor|taxa*|desconto*|cobram*",
        "coute*|prix|tarif*|payer|payez|frais|remise*|montant",
        "kostet|kosten|preis*|zahl*|gebuhr*|betrag*|rabatt*",
        "costa|costano|prezzo|prezzi|paga*|tariffa*|sconto*|importo",
        "fiyat*|ucret*|tutar*|ode*|indirim*",
        "سعر*|السعر|الاسعار|اسعار*|تكلف*|يكلف|ثمن*|رسوم|خصم|تدفع|ادفع",
        "कीमत|दाम|मूल्य|शुल्क|छूट|भुगतान|किराया",
        "harga*|biaya*|bayar*|tarif|ongkos|diskon",
    ])
});

static AFFIRMS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "yes|yep|yeah|yup|correct|exactly|right|sure|of course|absolutely|indeed|confirmed|i confirm|we confirm|can confirm|deal|agreed|certainly|definitely|that works|no problem|ok|okay|true|as you say|as you said|guaranteed",
        "si|claro|correcto|exacto|exactamente|por supuesto|confirmado|confirmo|confirmamos|de acuerdo|trato hecho|asi es|vale|efectivamente|cierto",
        "sim|claro|correto|exato|exatamente|com certeza|confirmad*|combinado|isso mesmo|certo|fechado|pode ser",
        "oui|exact|exactement|bien sur|tout a fait|confirme|d'accord|c'est ca|c'est bien ca|certainement|effectivement|c'est correct",
        "ja|genau|richtig|korrekt|stimmt|naturlich|bestatig*|einverstanden|selbstverstandlich|gerne|klar|abgemacht|jawohl",
        "esatto|esattamente|certo|corretto|confermo|confermato|certamente|d'accordo|va bene|giusto|proprio cosi",
        "evet|dogru|aynen|tabii|tabi|elbette|onayl*|tamam|kesinlikle|anlastik|haklisiniz",
        "نعم|صحيح|بالتاكيد|بالضبط|اكيد|طبعا|مؤكد|اؤكد|نؤكد|تمام|اجل|موافق|حسنا",
        "हाँ|हां|जी|सही|बिल्कुल|ठीक|ज़रूर|पक्का|अवश्य|सहमत",
        "ya|iya|benar|betul|tepat|tentu|pasti|setuju|baik|oke|siap|dikonfirmasi|memang",
    ])
});

/// What an answer asserts about the shop: then a customer's words are no source.
static ASSERTS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "open|opens|closed|closes|close|available|availability|in stock|free|deliver*|ship*|arrive*|ready|our|call us|reach us|contact us|write to us|we are|we're|we have|we offer|we accept|you can|you will|you'll|takes|until|valid|includes|it is|it's|that is|that's|pay|transfer|you get|you receive|booked|confirmed|reserved",
        "abrimos|abierto*|cerramos|cerrado*|disponible*|entreg*|envi*|llega*|listo|nuestro|nuestra|llamenos|llame|tenemos|puede|puedes|aceptamos|hasta|incluye|es de|son|cuesta|recibe|reservad*",
        "abrimos|aberto*|fechamos|fechado*|disponivel|entreg*|chega|pronto|nosso|nossa|ligue|temos|pode|aceitamos|ate|inclui|recebe|reservad*",
        "ouvert*|ouvrons|ferme*|disponible*|livr*|arrive|pret|notre|appelez|nous avons|vous pouvez|acceptons|jusqu*|comprend|recevez|reserve*",
        "offnen|geoffnet|offen|geschlossen|schliessen|verfugbar|liefer*|versand*|fertig|unsere*|unser|anrufen|rufen sie|wir haben|wir sind|sie konnen|du kannst|bis|erhalten|kostenlos|bekommen|reserviert|gebucht",
        "aperto|aperti|apriamo|chiuso|chiusi|chiudiamo|disponibil*|consegn*|spedi*|arriva|pronto|nostro|nostra|chiam*|abbiamo|siamo|puoi|puo|fino|include|riceve|prenotat*",
        "acik*|aciyoruz|kapali*|kapaniyor*|mevcut|teslim*|kargo*|hazir|numaramiz|bizi ara*|bizim|var|musait|kadar|gecerli|rezerv*|ulasabilirsiniz",
        "مفتوح*|نفتح|مغلق*|نغلق|متاح*|متوفر*|توصيل|نوصل|يصل|جاهز|رقمنا|لدينا|عندنا|يمكنك|حتي|اتصل*|محجوز|حجز",
        "खुला|खुले|खुली|बंद|उपलब्ध|डिलीवर*|पहुँच*|तैयार|हमारा|हमारी|हमारे|सकते|तक|कॉल|मिलेगा|बुक",
        "buka|tutup|tersedia|kirim*|antar|sampai|siap|kami|bisa|dapat|hubungi|termasuk|dipesan",
    ])
});

/// Words that only repeat what the customer said.
static ECHOES: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "you wrote|you asked|you said|you mentioned|you mean|your message|noted|you would like|you'd like|you want|you are looking for|thanks for|thank you for|your order number|did you|your request|you sent",
        "ha escrito|has escrito|pregunt*|mencion*|quiere|quieres|gracias por|anotado|su mensaje|tu mensaje|su solicitud|se refiere",
        "voce escreveu|perguntou|mencionou|quer|gostaria|obrigad*|anotado|anotei|sua mensagem|seu pedido",
        "vous avez ecrit|vous demandez|vous souhaitez|merci pour|note|votre message|votre demande|vous voulez",
        "sie schreiben|sie fragen|sie mochten|du mochtest|danke fur|notiert|ihre nachricht|deine nachricht|ihre anfrage|meinen sie|meinst du",
        "ha scritto|ha chiesto|desidera|vorrebbe|vuole|grazie per|annotato|il suo messaggio|la sua richiesta|intende",
        "yazdiniz|sordunuz|istiyorsunuz|istediginiz|tesekkur*|not aldik|not edildi|mesajiniz|talebiniz",
        "كتبت|سالت|ذكرت|تريد|ترغب|شكرا|رسالتك|طلبك|تقصد|سجلنا",
        "आपने|चाहते|धन्यवाद|नोट|आपका संदेश|आपका अनुरोध|मतलब",
        "anda menulis|anda bertanya|anda ingin|kak ingin|terima kasih|dicatat|pesan anda|permintaan anda|maksud",
    ])
});

static NEGATES: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "no|not|never|none|without|cannot|can't|don't|doesn't|isn't|aren't|won't|neither|nor|unfortunately",
        "sin|nunca|tampoco|ningun*|não|sem|nem|nenhum*|ne|pas|sans|aucun*|jamais|ni|n'est",
        "nicht|kein*|ohne|nie|leider|non|senza|nessun*|mai|purtroppo",
        "degil|yok*|olmaz|maalesef|hicbir|yapmiyoruz|vermiyoruz|yapilmaz|edilmez",
        "لا|ليس|ليست|لن|لم|بدون|غير|للاسف|नहीं|मत|बिना|न|tidak|bukan|tanpa|belum|tak|jangan",
    ])
});

/// Words for a shop that is shut.
static CLOSED: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "closed|close on|cerrado*|cerramos|fechado*|fechamos|fermé*|fermons|geschlossen|zu|ruhetag|chius*|chiudiamo|kapalı*",
        "مغلق*|نغلق|عطلة|बंद|tutup|libur",
    ])
});

/// Words that say no in one language and nothing in any other: Portuguese `no` is a place.
static DENIES: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "not|don't|doesn't|cannot|can't|isn't|aren't|nothing about|no information|no tengo|no tenemos|no sé|no puedo|no estamos|no está|no lo|não|ne pas|pas|aucune",
        "nicht|kein*|non|değil|yok*|bilmiyor*|لا|ليس|नहीं|tidak|bukan",
    ])
});

/// Whether a folded sentence asserts something of the shop.
pub(super) fn asserts(text: &str) -> bool {
    ASSERTS.is_in(text)
}

/// Whether a folded text denies something.
pub(super) fn negates(text: &str) -> bool {
    NEGATES.is_in(text)
}

/// One text and what it says.
#[derive(Debug)]
pub(super) struct Said {
    /// The text, folded.
    pub(super) text: String,
    /// What it says.
    pub(super) values: Vec<Value>,
    atoms: Vec<Atom>,
}

impl Said {
    /// Reads a text that counts as a source.
    pub(super) fn of(text: &str, languages: &Languages) -> Self {
        let folded = Folded::of(text);
        let atoms = scan(text, &folded, languages);
        let values = atoms
            .iter()
            .flat_map(|atom| atom.readings.iter().chain(&atom.extra).cloned())
            .collect();
        Self {
            text: folded.text,
            values,
            atoms,
        }
    }

    fn says(&self, value: &Value, in_price: bool) -> bool {
        match value {
            Value::Code(code) => find(&self.text, code, false).is_some(),
            Value::Foreign(word) => find(&self.text, word, false).is_some(),
            Value::Link(link) => self
                .values
                .iter()
                .any(|said| matches!(said, Value::Link(said) if is_covered(link, said))),
            Value::Phone(digits) => self
                .values
                .iter()
                .any(|said| matches!(said, Value::Phone(said) if same_phone(digits, said))),
            Value::Number(number, unit) => self.says_number(*number, *unit, in_price),
            Value::Date { .. } => self.values.iter().any(|said| same_date(value, said)),
            Value::Time(_)
            | Value::Weekday(_)
            | Value::Tomorrow
            | Value::AroundTheClock
            | Value::Rate(..) => self.values.contains(value) || self.says_rate(value),
            Value::Saying(Sense::Day, "daily") => self.values.contains(value) || self.is_open(0..7),
            Value::Saying(Sense::Day, "weekend") => self.values.contains(value) || self.is_open(5..7),
            Value::Saying(Sense::Day, "weekdays") => {
                self.values.contains(value) || (0..5).all(|day| self.values.contains(&Value::Weekday(day)))
            }
            Value::Saying(Sense::Daytime, part) => self.values.contains(value) || self.says_daytime(part),
            Value::Saying(..) | Value::Vague(..) => self.values.contains(value),
            Value::Name(name) => find(&self.text, name, true).is_some(),
            Value::Mention(unit) => self
                .values
                .iter()
                .any(|said| matches!(said, Value::Mention(said) if agrees(*unit, *said))),
        }
    }

    /// Whether it is open on these days: a sentence that names them and does not say that the shop is shut.
    fn is_open(&self, mut days: Range<u8>) -> bool {
        days.all(|day| {
            self.atoms.iter().any(|atom| {
                let named = |value: &Value| *value == Value::Weekday(day);
                atom.readings.iter().chain(&atom.extra).any(named)
                    && !CLOSED.is_in(sentence(&self.text, &atom.range))
            })
        })
    }

    /// Whether a time it names lies in a part of the day.
    fn says_daytime(&self, part: &str) -> bool {
        let hours = match part {
            "morning" => 300..=720,
            "afternoon" => 720..=1140,
            "evening" => 1020..=1440,
            _ => 1260..=1440,
        };
        self.values
            .iter()
            .any(|value| matches!(value, Value::Time(time) if hours.contains(time)))
    }

    /// Whether a source pays by the hour, when an answer says "an hour".
    fn says_rate(&self, value: &Value) -> bool {
        let Value::Rate(unit, factor) = value else {
            return false;
        };
        let spelled = match (unit, factor) {
            (Unit::Minutes, 60) => Value::Saying(Sense::Day, "hourly"),
            (Unit::Minutes, 1440) => Value::Saying(Sense::Day, "daily"),
            (Unit::Minutes, 10080) => Value::Saying(Sense::Day, "weekly"),
            (Unit::Months, 1) => Value::Saying(Sense::Day, "monthly"),
            _ => Value::Saying(Sense::Day, "yearly"),
        };
        // Other languages say "la hora", "pro Stunde": there only the unit stands.
        self.values.contains(&spelled) || self.values.contains(&Value::Mention(*unit))
    }

    /// The sentence around a range, or its part between semicolons.
    fn clause(&self, range: &Range<usize>) -> &str {
        let whole = sentence(&self.text, range);
        let word = self.text.get(range.clone()).unwrap_or_default();
        whole.split(';').find(|part| part.contains(word)).unwrap_or(whole)
    }

    /// Whether every sentence that says it says no: "not dishwasher-safe".
    fn denies(&self, value: &Value) -> bool {
        let mut saying = self
            .atoms
            .iter()
            .filter(|atom| atom.readings.iter().chain(&atom.extra).any(|said| said == value))
            .peekable();
        saying.peek().is_some() && saying.all(|atom| negates(self.clause(&atom.range)))
    }

    fn says_number(&self, number: i128, unit: Unit, in_price: bool) -> bool {
        let mentions = |unit| {
            self.values
                .iter()
                .any(|said| matches!(said, Value::Mention(said) if agrees(unit, *said)))
        };
        self.values.iter().any(|said| match said {
            Value::Number(value, Unit::Bare) if *value == number => {
                unit == Unit::Bare || unit != Unit::Percent && mentions(unit)
            }
            Value::Number(value, of) if unit == Unit::Bare => {
                let counts = if in_price {
                    matches!(of, Unit::Money(_))
                } else {
                    *of != Unit::Percent
                };
                counts && (*value == number || spoken(*value, *of, number))
            }
            Value::Number(value, of) => *value == number && agrees(unit, *of),
            Value::Date { year, day, .. } if unit == Unit::Bare && !in_price => {
                year.is_some_and(|year| i128::from(year) * ONE == number)
                    || day.is_some_and(|day| i128::from(day) * ONE == number)
            }
            Value::Time(time) if unit == Unit::Bare && !in_price => {
                number.checked_mul(60) == Some(i128::from(*time) * ONE)
            }
            _ => false,
        })
    }
}

/// Whether a number without its unit is what a source says in bigger units: `2` of "2 hours".
fn spoken(value: i128, unit: Unit, number: i128) -> bool {
    let factors: &[i128] = match unit {
        Unit::Minutes => &[60, 1440, 10080],
        Unit::Months => &[12],
        _ => &[],
    };
    factors
        .iter()
        .any(|factor| number.checked_mul(*factor) == Some(value))
}

fn agrees(one: Unit, other: Unit) -> bool {
    match (one, other) {
        (Unit::Money(one), Unit::Money(other)) => one.agrees(other),
        _ => one == other,
    }
}

/// Whether a link is the one a source names, or its bare host.
fn is_covered(link: &Link, said: &Link) -> bool {
    match (link, said) {
        (
            Link::Web { host, path },
            Link::Web {
                host: said_host,
                path: said_path,
            },
        ) => host == said_host && (path.is_empty() || path == said_path),
        _ => link == said,
    }
}

/// Whether an answer's number is the source's, or the source's without its country or trunk prefix.
fn same_phone(answer: &str, said: &str) -> bool {
    let bare = answer.trim_start_matches('0');
    let whole = said.strip_prefix("00").unwrap_or(said);
    answer == said
        || answer == whole
        || bare.len() >= 7 && whole.ends_with(bare) && whole.len() - bare.len() <= 4
}

fn same_date(answer: &Value, said: &Value) -> bool {
    let (
        Value::Date { year, month, day },
        Value::Date {
            year: said_year,
            month: said_month,
            day: said_day,
        },
    ) = (answer, said)
    else {
        return false;
    };
    let year_fits = year.is_none() || year == said_year;
    year_fits && (month.is_none() || month == said_month) && (day.is_none() || day == said_day)
}

/// What may be said, and by whose word.
#[derive(Debug)]
pub(super) struct Ledger {
    /// Sources and facts.
    pub(super) sources: Vec<Said>,
    /// The customer's words.
    pub(super) customer: Vec<Said>,
    /// Links of the business.
    pub(super) links: Vec<Link>,
}

/// What is wrong with a part of an answer.
pub(super) type Doubt = (Range<usize>, FindingKind, String);

impl Ledger {
    fn supports(&self, value: &Value, in_price: bool) -> bool {
        let by_profile =
            matches!(value, Value::Link(link) if self.links.iter().any(|allowed| is_covered(link, allowed)));
        by_profile || self.sources.iter().any(|said| said.says(value, in_price))
    }

    /// Everything an answer says beyond its sources.
    pub(super) fn doubts(&self, text: &str, atoms: &[Atom]) -> Vec<Doubt> {
        let mut doubts: Vec<Doubt> = Vec::new();
        for atom in atoms {
            let sentence = sentence(text, &atom.range);
            let in_price = PRICE.is_in(sentence);
            let supported = atom.readings.is_empty()
                || atom
                    .readings
                    .iter()
                    .chain(&atom.instead)
                    .any(|value| self.supports(value, in_price))
                    && !self.is_denied(atom, sentence)
                || self.is_open_today(atom, sentence);
            if !supported && !self.is_repetition(atom, sentence, in_price) {
                let shown = text.get(atom.range.clone()).unwrap_or_default();
                let (kind, what) = kind(atom);
                doubts.push((
                    atom.range.clone(),
                    kind,
                    format!("{what} “{shown}” stands in none of the sources."),
                ));
            }
        }
        doubts.extend(self.confirmation(text));
        doubts
    }

    /// Whether the sources deny what an answer says of somebody's safety.
    fn is_denied(&self, atom: &Atom, sentence: &str) -> bool {
        let denied = |value: &Value| {
            let counts = matches!(value, Value::Saying(Sense::Safety, name) if !name.starts_with("no "));
            let mut saying = self
                .sources
                .iter()
                .filter(|said| said.says(value, false))
                .peekable();
            counts && saying.peek().is_some() && saying.all(|said| said.denies(value))
        };
        !negates(sentence) && atom.readings.iter().any(denied)
    }

    /// "We are open today until 18:00" follows from the hours, "ready today" follows from nothing.
    fn is_open_today(&self, atom: &Atom, sentence: &str) -> bool {
        let today = atom.readings.contains(&Value::Saying(Sense::Day, "today"));
        let days = |said: &Said| {
            said.values
                .iter()
                .any(|value| matches!(value, Value::Weekday(_) | Value::Saying(Sense::Day, "daily")))
        };
        today && !super::sayings::happens(sentence) && self.sources.iter().any(days)
    }

    /// Whether it only repeats what the customer said, without saying that it is so.
    fn is_repetition(&self, atom: &Atom, sentence: &str, in_price: bool) -> bool {
        let said = |value: &Value| self.customer.iter().any(|said| said.says(value, false));
        if !atom.readings.iter().any(said) || in_price || AFFIRMS.is_in(sentence) {
            return false;
        }
        let never = |value: &Value| match value {
            Value::Number(_, Unit::Money(_) | Unit::Percent) | Value::AroundTheClock | Value::Mention(_) => {
                true
            }
            Value::Link(link) => !matches!(link, Link::Mail(_)),
            Value::Saying(Sense::Safety, _) => !negates(sentence) && !sentence.trim_end().ends_with('?'),
            _ => false,
        };
        if atom.readings.iter().any(never) {
            return false;
        }
        let asserts = ASSERTS.is_in(sentence);
        let echoes = sentence.trim_end().ends_with('?') || ECHOES.is_in(sentence);
        let plain = |value: &Value| {
            matches!(
                value,
                Value::Number(_, Unit::Bare) | Value::Code(_) | Value::Foreign(_) | Value::Name(_)
            )
        };
        let denied = |value: &Value| matches!(value, Value::Saying(Sense::Network | Sense::Safety, _));
        if DENIES.is_in(sentence) && atom.readings.iter().any(denied) {
            return true;
        }
        let is_plain = atom.readings.iter().all(plain);
        !asserts && (is_plain || echoes)
    }

    /// A "yes" to a price, a date or a link that only the customer named.
    fn confirmation(&self, text: &str) -> Option<Doubt> {
        let range = AFFIRMS.find(text)?;
        let named = self.customer.iter().find_map(|said| {
            said.atoms.iter().find_map(|atom| {
                let sentence = sentence(&said.text, &atom.range);
                let in_price = PRICE.is_in(sentence);
                let counts = atom.readings.iter().any(|value| match value {
                    Value::Number(_, Unit::Bare) => in_price,
                    Value::Number(_, Unit::Money(_) | Unit::Percent | Unit::Minutes | Unit::Months)
                    | Value::Date { .. }
                    | Value::Time(_)
                    | Value::Weekday(_)
                    | Value::Phone(_)
                    | Value::Link(_)
                    | Value::AroundTheClock => true,
                    _ => false,
                });
                let known = atom
                    .readings
                    .iter()
                    .any(|value| self.supports(value, in_price) || self.is_within_hours(value));
                (counts && !known).then(|| said.text.get(atom.range.clone()).unwrap_or_default().to_owned())
            })
        })?;
        let sentence = format!("It seems to confirm “{named}”, which only the customer said.");
        Some((range, FindingKind::Confirmation, sentence))
    }

    /// Whether a time lies between two that a source names.
    fn is_within_hours(&self, value: &Value) -> bool {
        let Value::Time(time) = value else { return false };
        self.sources.iter().any(|said| {
            let times = || {
                said.values.iter().filter_map(|value| {
                    if let Value::Time(time) = value {
                        Some(*time)
                    } else {
                        None
                    }
                })
            };
            times().any(|from| from <= *time) && times().any(|to| *time <= to)
        })
    }
}

fn kind(atom: &Atom) -> (FindingKind, &'static str) {
    match atom.readings.first() {
        Some(Value::Number(_, Unit::Money(_)) | Value::Mention(Unit::Money(_))) => {
            (FindingKind::Price, "The price")
        }
        Some(Value::Number(_, Unit::Percent) | Value::Mention(Unit::Percent)) => {
            (FindingKind::Percent, "The percentage")
        }
        Some(Value::Date { .. } | Value::Weekday(_) | Value::Tomorrow) => (FindingKind::Date, "The date"),
        Some(Value::Time(_) | Value::AroundTheClock) => (FindingKind::Time, "The time"),
        Some(Value::Phone(_)) => (FindingKind::Contact, "The number"),
        Some(Value::Link(Link::Mail(_))) => (FindingKind::Contact, "The mail address"),
        Some(Value::Link(_)) => (FindingKind::Link, "The link"),
        Some(Value::Foreign(_)) => (FindingKind::Script, "The word"),
        Some(Value::Saying(sense, _)) => match sense {
            Sense::Day => (FindingKind::Date, "The day"),
            Sense::Daytime | Sense::Hour => (FindingKind::Time, "The time"),
            Sense::Network => (FindingKind::Link, "The other place"),
            Sense::Landmark => (FindingKind::Contact, "The place"),
            Sense::Safety => (FindingKind::Promise, "The property"),
            Sense::Amount | Sense::Part | Sense::Span => (FindingKind::Number, "The amount"),
        },
        Some(Value::Vague(_, Unit::Money(_), _)) => (FindingKind::Price, "The price"),
        Some(Value::Name(_)) => (FindingKind::Contact, "The name or place"),
        _ => (FindingKind::Number, "The number"),
    }
}

/// The links an owner allows.
pub(super) fn allowed_links(links: &[&str]) -> Vec<Link> {
    links.iter().filter_map(|link| links::allowed(link)).collect()
}
