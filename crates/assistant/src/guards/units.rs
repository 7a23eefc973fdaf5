//! Words that say what a number counts: money, percentages, spans of time, measures; and the names of months and days.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::fold;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Unit {
    /// Nothing that is said.
    Bare,
    /// Money, by our short name of the currency.
    Money(Currency),
    /// Hundredths.
    Percent,
    /// Time; values are kept in minutes.
    Minutes,
    /// Time; values are kept in months.
    Months,
    /// A measure, by our name of it.
    Measure(&'static str),
}

/// A currency: a known one by its code, or three capitals we do not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Currency(pub(super) [u8; 4]);

impl Currency {
    fn of(code: &str) -> Self {
        let mut bytes = [0; 4];
        for (to, from) in bytes.iter_mut().zip(code.bytes()) {
            *to = from.to_ascii_lowercase();
        }
        Self(bytes)
    }

    /// Whether two ways to write money may mean the same.
    pub(super) fn agrees(self, other: Self) -> bool {
        let dollar = Self::of("$");
        let usd = Self::of("usd");
        self == other || self == dollar && other == usd || self == usd && other == dollar
    }
}

/// A unit and how often it stands in ours: an hour is 60 minutes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    /// What is counted.
    pub(super) unit: Unit,
    /// How many of ours one of it is.
    pub(super) factor: i128,
}

const MONEY: &[(&str, &str)] = &[
    ("eur", "€ eur euro euros euron يورو यूरो"),
    (
        "usd",
        "us$ usd u$s dollar dollars dolar dolares dollari dolari dolara dollaro دولار دولارات डॉलर bucks",
    ),
    ("$", "$"),
    (
        "gbp",
        "£ gbp pound pounds libra libras sterlin sterling pfund sterlina sterline quid पाउंड",
    ),
    (
        "try",
        "₺ try tl tl'dir liradir lira liralik liraya liradan lirasi ليرة",
    ),
    ("brl", "r$ brl reais real"),
    (
        "inr",
        "₹ inr rs rs. rupee rupees rupia rupias roupies rupien rupie रुपये रुपए रुपया रू रु روبية",
    ),
    ("idr", "rp rp. idr rupiah"),
    ("aed", "aed dh dhs dirham dirhams dirhem درهم دراهم"),
    ("sar", "sar riyal riyals rial ريال ر.س ﷼"),
    ("egp", "egp جنيه"),
    ("mxn", "mxn mx$ peso pesos"),
    ("chf", "chf franken sfr francs franchi"),
    ("jpy", "¥ jpy yen"),
    ("btc", "₿ btc bitcoin bitcoins"),
    ("usdt", "usdt tether"),
    (
        "cent",
        "¢ cent cents centavo centavos centimes centesimi kurus paise paisa centimos",
    ),
    ("rub", "₽ rub руб рублей"),
    ("uah", "₴ uah"),
    ("ngn", "₦ ngn naira"),
    ("krw", "₩ krw"),
    ("ils", "₪ ils"),
    ("pln", "zł pln zloty"),
    ("kr", "kr sek nok dkk"),
];

const MEASURES: &[(&str, &str)] = &[
    (
        "km",
        "km kilometer kilometers kilometre kilometres kilometro kilometros quilometro quilometros kilometri \
            kilometro chilometri chilometro كيلومتر किमी",
    ),
    ("m", "m meter meters metre metres metro metros metri متر मीटर"),
    ("cm", "cm centimeter centimeters centimetros"),
    ("mm", "mm"),
    ("m2", "m2 sqm qm"),
    ("kg", "kg kilo kilos kilogram kilograms kilogramm كيلو किलो"),
    ("g", "g gr gram grams gramm gramos gramas grammi غرام ग्राम"),
    ("mg", "mg milligram milligrams"),
    ("l", "l liter liters litre litres litro litros litri لتر लीटर"),
    ("ml", "ml milliliter"),
    ("gb", "gb"),
    ("mb", "mb"),
    ("degree", "° °c °f degrees grados graus derece"),
    ("mile", "mile miles mi"),
    ("pint", "pint pints pinta pintas"),
    ("ounce", "ounce ounces oz onza onzas unze unzen oncia"),
    (
        "inch",
        "inch inches zoll pulgada pulgadas polegada polegadas pollici",
    ),
    ("gallon", "gallon gallons galon galones"),
];

/// Minutes per unit.
const MINUTES: &[(i128, &str)] = &[
    (
        1,
        "min mins minute minutes minuto minutos minuten minuti dakika dk دقيقة دقائق मिनट menit",
    ),
    (
        60,
        "h hr hrs hs hour hours hora horas heure heures stunde stunden ora ore saat saatte saatlik ساعة ساعات घंटे घंटा घंटों",
    ),
    (60, "std"),
    (
        1440,
        "d day days dia dias jour jours tag tage tagen werktag werktage werktagen giorno giorni gun gunde gunluk يوم ايام يومين दिन दिनों hari",
    ),
    (
        10080,
        "week weeks semana semanas semaine semaines woche wochen settimana settimane hafta اسبوع اسابيع हफ्ते सप्ताह minggu",
    ),
];

/// Months per unit.
const MONTHS: &[(i128, &str)] = &[
    (
        1,
        "month months mes meses mois monat monate monaten mese mesi ay aylik شهر اشهر شهور महीने महीना माह bulan",
    ),
    (
        12,
        "year years ano anos ans annee annees jahr jahre jahren anno anni yil yillik سنة سنوات عام اعوام साल वर्ष tahun",
    ),
];

const PERCENT: &str =
    "% percent pct prozent procent porcentaje persen yuzde प्रतिशत फीसदी بالمية بالمئة بالمائة";

/// Words two of which make a percentage.
pub(super) const PERCENT_PHRASES: &[&str] = &[
    "per cent",
    "por ciento",
    "por cento",
    "pour cent",
    "per cento",
    "في المية",
    "في الماية",
    "pour cents",
];

static UNITS: LazyLock<HashMap<String, Counted>> = LazyLock::new(|| {
    let mut units = HashMap::new();
    for (name, words) in MEASURES {
        for word in words.split_whitespace() {
            units.insert(
                fold(word),
                Counted {
                    unit: Unit::Measure(name),
                    factor: 1,
                },
            );
        }
    }
    for (list, unit) in [(MINUTES, Unit::Minutes), (MONTHS, Unit::Months)] {
        for (factor, words) in list {
            for word in words.split_whitespace() {
                units.insert(
                    fold(word),
                    Counted {
                        unit,
                        factor: *factor,
                    },
                );
            }
        }
    }
    for word in PERCENT.split_whitespace() {
        units.insert(
            fold(word),
            Counted {
                unit: Unit::Percent,
                factor: 1,
            },
        );
    }
    for (code, words) in MONEY {
        for word in words.split_whitespace() {
            units.insert(
                fold(word),
                Counted {
                    unit: Unit::Money(Currency::of(code)),
                    factor: 1,
                },
            );
        }
    }
    units
});

/// What a folded word or sign counts.
pub(super) fn unit(word: &str) -> Option<Counted> {
    let stem = || {
        word.split_once('\'')
            .map(|(stem, _)| stem)
            .filter(|stem| !stem.is_empty())
    };
    UNITS.get(word).or_else(|| UNITS.get(stem()?)).copied()
}

/// The currency three capitals name, whether we know it or not.
pub(super) fn code(capitals: &str) -> Unit {
    unit(&fold(capitals)).map_or_else(|| Unit::Money(Currency::of(capitals)), |known| known.unit)
}

const MONTH_NAMES: &[(u8, &str)] = &[
    (
        1,
        "january enero janeiro janvier januar janner gennaio ocak يناير كانون जनवरी januari jan ene janv gen",
    ),
    (
        2,
        "february febrero fevereiro fevrier februar febbraio subat فبراير फरवरी फ़रवरी februari feb fev fevr feb.",
    ),
    (3, "march marzo marco mars marz maerz mart مارس मार्च maret mar"),
    (4, "april abril avril aprile nisan ابريل अप्रैल apr abr avr"),
    (5, "may mayo maio mai maggio mayis مايو मई mei"),
    (6, "june junio junho juin juni giugno haziran يونيو जून jun"),
    (
        7,
        "july julio julho juillet juli luglio temmuz يوليو जुलाई jul juil lug",
    ),
    (8, "august agosto aout agustos اغسطس अगस्त agustus aug ago agu"),
    (
        9,
        "september septiembre setembro septembre settembre eylul سبتمبر सितंबर सितम्बर sep sept",
    ),
    (
        10,
        "october octubre outubro octobre oktober ottobre ekim اكتوبر अक्टूबर अक्तूबर oct okt ott",
    ),
    (
        11,
        "november noviembre novembro novembre kasim نوفمبر नवंबर नवम्बर nov",
    ),
    (
        12,
        "december diciembre dezembro decembre dezember dicembre aralik ديسمبر दिसंबर दिसम्बर desember dec dic dez des",
    ),
];

/// Months that are words of their own, and short forms: they are a date only beside a day or a year.
const WEAK_MONTHS: &str = "may march mars mart marco mai mayo nisan ocak ekim كانون مارس mar jan feb fev gen ene jun jul ago agu \
                           sep dec dic dez des nov oct okt ott apr abr avr lug august feb. fevr janv juil sept mei \
                           juni juli जून मार्च kasim aralik";

static MONTH_WORDS: LazyLock<HashMap<String, u8>> = LazyLock::new(|| {
    let each = |(month, words): &(u8, &str)| {
        let month = *month;
        words
            .split_whitespace()
            .map(move |word| (fold(word), month))
            .collect::<Vec<_>>()
    };
    MONTH_NAMES.iter().flat_map(each).collect()
});

/// The month a folded word names.
pub(super) fn month(word: &str) -> Option<u8> {
    MONTH_WORDS.get(word).copied().or_else(|| {
        // Turkish endings: 24 Kasım'da, mayısta.
        let stem = word.split_once('\'').map(|(stem, _)| stem)?;
        MONTH_WORDS.get(stem).copied()
    })
}

/// Whether a month's name is enough by itself to speak of a date.
pub(super) fn is_month_alone(word: &str) -> bool {
    static WEAK: LazyLock<Vec<String>> = LazyLock::new(|| WEAK_MONTHS.split_whitespace().map(fold).collect());
    !WEAK.iter().any(|weak| weak == word)
}

const DAY_NAMES: &[(u8, &str)] = &[
    (
        0,
        "monday mondays mon lunes lundi montag montags lunedi pazartesi الاثنين सोमवार senin segunda-feira mo",
    ),
    (
        1,
        "tuesday tuesdays tue martes mardi dienstag dienstags martedi sali الثلاثاء मंगलवार selasa terca-feira",
    ),
    (
        2,
        "wednesday wednesdays wed miercoles mercredi mittwoch mittwochs mercoledi carsamba الاربعاء बुधवार rabu quarta-feira",
    ),
    (
        3,
        "thursday thursdays thu jueves jeudi donnerstag donnerstags giovedi persembe الخميس गुरुवार बृहस्पतिवार kamis quinta-feira",
    ),
    (
        4,
        "friday fridays fri viernes vendredi freitag freitags venerdi cuma الجمعة शुक्रवार jumat jum'at sexta-feira fr",
    ),
    (
        5,
        "saturday saturdays sat sabado sabados samedi samstag samstags sonnabend sabato cumartesi السبت शनिवार sabtu",
    ),
    (
        6,
        "sunday sundays sun domingo domingos dimanche sonntag sonntags domenica pazar الاحد रविवार इतवार ahad",
    ),
];

/// Short names that are words of their own: they count in sources, and between digits or other days.
const WEAK_DAYS: &str = "mon tue wed thu fri sat sun mo fr martes pazar salı cuma";

const WEEKENDS: &str = "weekend weekends wochenende wochenenden finde hafta-sonu";

static WEAK_DAY_WORDS: LazyLock<Vec<String>> =
    LazyLock::new(|| WEAK_DAYS.split_whitespace().map(fold).collect());

static DAY_WORDS: LazyLock<HashMap<String, u8>> = LazyLock::new(|| {
    let each = |(day, words): &(u8, &str)| {
        let day = *day;
        words
            .split_whitespace()
            .map(move |word| (fold(word), day))
            .collect::<Vec<_>>()
    };
    DAY_NAMES.iter().flat_map(each).collect()
});

/// The day of the week a folded word names, Monday first; the second says whether it can mean nothing else.
pub(super) fn weekday(word: &str) -> Option<(u8, bool)> {
    let bare = word.split_once('\'').map_or(word, |(stem, _)| stem);
    let day = DAY_WORDS.get(word).or_else(|| DAY_WORDS.get(bare)).or_else(|| {
        let stem = word
            .strip_prefix('و')
            .or_else(|| word.strip_prefix("لل").or(word.strip_prefix('ل')))?;
        DAY_WORDS.get(stem)
    })?;
    Some((*day, !WEAK_DAY_WORDS.iter().any(|weak| weak == bare)))
}

/// Words for every day of the week.
pub(super) const EVERY_DAY: &[&str] = &[
    "every day",
    "daily",
    "seven days",
    "7 days",
    "todos los dias",
    "cada dia",
    "a diario",
    "todos os dias",
    "diariamente",
    "tous les jours",
    "taglich",
    "jeden tag",
    "tutti i giorni",
    "ogni giorno",
    "her gun",
    "كل يوم",
    "يوميا",
    "हर दिन",
    "रोज",
    "प्रतिदिन",
    "setiap hari",
];

/// Words for Saturday and Sunday.
pub(super) fn is_weekend(word: &str) -> bool {
    WEEKENDS.split_whitespace().any(|known| known == word)
}

/// Words for the next day.
pub(super) fn is_tomorrow(word: &str) -> bool {
    matches!(
        word,
        "tomorrow"
            | "morgen"
            | "ubermorgen"
            | "demain"
            | "amanha"
            | "domani"
            | "dopodomani"
            | "yarin"
            | "غدا"
            | "besok"
            | "manana"
    )
}
