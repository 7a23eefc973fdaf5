//! The words for days, weeks and months in ten languages.

use super::reading::{Reading, fold};
use super::words::Phrases;
use domain::Language;
use std::sync::LazyLock;

/// The months by name; Turkish and Arabic ones may carry an ending.
const MONTHS: [&str; 12] = [
    "january enero janeiro janvier januar janner gennaio ocak يناير जनवरी januari",
    "february febrero fevereiro fevrier februar febbraio subat فبراير फरवरी februari",
    "march marzo março mars märz mart مارس मार्च maret",
    "april abril avril aprile nisan ابريل अप्रैल",
    "may mayo maio mai maggio mayis مايو मई mei",
    "june junio junho juin juni giugno haziran يونيو जून",
    "july julio julho juillet juli luglio temmuz يوليو जुलाई",
    "august agosto aout agustos اغسطس अगस्त agustus",
    "september septiembre setiembre setembro septembre settembre eylul سبتمبر सितंबर सितम्बर",
    "october octubre outubro octobre oktober ottobre ekim اكتوبر अक्टूबर अक्तूबर",
    "november noviembre novembro novembre kasim نوفمبر नवंबर नवम्बर",
    "december diciembre dezembro decembre dezember dicembre aralik ديسمبر दिसंबर दिसम्बर desember",
];
/// Their short forms, which are believed beside a day only.
const SHORT_MONTHS: [&str; 12] = [
    "jan ene",
    "feb fev",
    "mar",
    "apr abr avr",
    "",
    "jun",
    "jul",
    "aug ago agu",
    "sep sept set",
    "oct okt out ott",
    "nov",
    "dec dez dic des",
];
/// The days of the week from Monday, with their endings.
const WEEKDAYS: [&str; 7] = [
    "monday lunes lundi montag lunedi pazartesi pazartesiye الاثنين सोमवार senin",
    "tuesday tue tues martes mardi dienstag martedi saliya الثلاثاء मंगलवार selasa",
    "wednesday miercoles mercredi mittwoch mercoledi carsamba carsambaya الاربعاء बुधवार rabu",
    "thursday thu thur thurs jueves jeudi donnerstag giovedi persembe persembeye الخميس गुरुवार बृहस्पतिवार kamis",
    "friday fri viernes vendredi freitag venerdi cuma cumaya الجمعة शुक्रवार jumat",
    "saturday sabado samedi samstag sonnabend sabato cumartesi cumartesiye السبت शनिवार sabtu",
    "sunday domingo dimanche sonntag domenica pazara الاحد रविवार इतवार",
];
/// Days whose words mean something else in most sentences: believed in that language, or with a word beside them.
const RISKY: &[(&str, usize, Language)] = &[
    ("segunda", 0, Language::Portuguese),
    ("terca", 1, Language::Portuguese),
    ("quarta", 2, Language::Portuguese),
    ("quinta", 3, Language::Portuguese),
    ("sexta", 4, Language::Portuguese),
    ("sali", 1, Language::Turkish),
    ("pazar", 6, Language::Turkish),
    ("ahad", 6, Language::Indonesian),
];

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
}

/// A day or a stretch of days, seen from the day of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Near {
    /// So many days from today.
    Days(i64),
    /// The whole of this week (0) or the next (1).
    Week(i64),
    /// Saturday and Sunday of this week or the next.
    Weekend(i64),
    /// The whole of this month or the next.
    Month(i64),
}

static NEAR: LazyLock<Vec<(Phrases, Near)>> = LazyLock::new(|| {
    let list = |phrases, near| (Phrases::listed(phrases), near);
    vec![
        list(
            "
                today | tonight | this evening | this afternoon | this morning | hoy | esta noche |
                esta tarde | hoje | aujourd'hui | ce soir | heute | oggi | stasera | bugun |
                bu aksam | اليوم | الليلة | النهاردة | आज | hari ini | nanti malam | malam ini
            ",
            Near::Days(0),
        ),
        list(
            "
                tomorrow | tmrw | tmr | mañana | amanhã | demain | morgen | domani | yarın | yarina |
                غدا | بكرة | بكرا | कल | besok
            ",
            Near::Days(1),
        ),
        list(
            "
                day after tomorrow | the day after tomorrow | pasado mañana | depois de amanhã |
                après-demain | apres demain | übermorgen | dopodomani | öbür gün | yarından sonra |
                بعد غد | بعد بكرة | بعد بكرا | परसों | lusa | besok lusa
            ",
            Near::Days(2),
        ),
        list(
            "
                this week | esta semana | cette semaine | diese woche | questa settimana | bu hafta |
                هذا الاسبوع | इस हफ्ते | इस सप्ताह | minggu ini
            ",
            Near::Week(0),
        ),
        list(
            "
                next week | la próxima semana | próxima semana | la semana que viene |
                semana que viene | semana que vem | la semaine prochaine | semaine prochaine |
                nächste woche | nächster woche | kommende woche | la prossima settimana |
                prossima settimana | la settimana prossima | settimana prossima | gelecek hafta |
                haftaya | önümüzdeki hafta | الاسبوع القادم | الاسبوع المقبل | الاسبوع الجاي |
                अगले हफ्ते | अगले सप्ताह | minggu depan
            ",
            Near::Week(1),
        ),
        list(
            "
                this weekend | the weekend | este fin de semana | el fin de semana | fin de semana |
                este fim de semana | fim de semana | ce week-end | week-end | dieses wochenende |
                am wochenende | questo fine settimana | fine settimana | hafta sonu | bu hafta sonu |
                نهاية الاسبوع | सप्ताहांत | akhir pekan | akhir pekan ini
            ",
            Near::Weekend(0),
        ),
        list(
            "
                next weekend | el próximo fin de semana | próximo fim de semana |
                le week-end prochain | nächstes wochenende | il prossimo fine settimana |
                haftaya hafta sonu | gelecek hafta sonu | akhir pekan depan
            ",
            Near::Weekend(1),
        ),
        list(
            "
                this month | este mes | este mês | ce mois-ci | diesen monat | questo mese | bu ay |
                هذا الشهر | इस महीने | bulan ini
            ",
            Near::Month(0),
        ),
        list(
            "
                next month | el próximo mes | próximo mes | el mes que viene | próximo mês |
                mês que vem | le mois prochain | mois prochain | nächsten monat | nächster monat |
                il prossimo mese | prossimo mese | mese prossimo | gelecek ay | önümüzdeki ay |
                الشهر القادم | الشهر المقبل | الشهر الجاي | अगले महीने | bulan depan
            ",
            Near::Month(1),
        ),
    ]
});

/// Words that make `morgen` the morning, `mañana` a part of the day, and `the day` a saying.
static NOT_TOMORROW: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::listed("guten | am | jeden | la | heute | gestern | बीते"));

/// What the words at a token say of the days near, and how many tokens say it.
pub(super) fn near(reading: &Reading<'_>, at: usize) -> Option<(Near, usize)> {
    let (near, length) = NEAR
        .iter()
        .filter_map(|(phrases, near)| phrases.at(reading, at).map(|length| (*near, length)))
        .max_by_key(|(_, length)| *length)?;
    let is_morning =
        matches!(reading.word(at), "morgen" | "manana" | "कल") && NOT_TOMORROW.ending(reading, at).is_some();
    (!is_morning).then_some((near, length))
}

/// The month a word names, 1 to 12. `beside_day`: its short forms count, too.
pub(super) fn month(word: &str, beside_day: bool) -> Option<i8> {
    static FOLDED: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
        MONTHS
            .iter()
            .map(|names| names.split(' ').map(fold).collect())
            .collect()
    });
    const ENDINGS: &[&str] = &[
        "ta", "da", "te", "de", "a", "e", "i", "in", "un", "inda", "ayi", "ayinda",
    ];
    let is_named = |name: &String| {
        word.strip_prefix(name.as_str())
            .is_some_and(|rest| rest.is_empty() || (name.len() > 3 && ENDINGS.contains(&rest)))
    };
    let long = FOLDED.iter().position(|names| names.iter().any(is_named));
    let short = || {
        SHORT_MONTHS
            .iter()
            .position(|names| names.split(' ').any(|name| name == word))
    };
    let found = long.or_else(|| short().filter(|_| beside_day))?;
    i8::try_from(found + 1).ok()
}

/// Whether a word is a Turkish month with the ending that means *in*: `martta`, and not the name Marta.
pub(super) fn is_in_a_month(word: &str) -> bool {
    ["ta", "da", "te", "de"]
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .any(|name| name.len() > 3 && month(name, false).is_some())
}

/// The day of the week a word names, from Monday = 0.
pub(super) fn weekday(reading: &Reading<'_>, at: usize, language: Option<Language>) -> Option<usize> {
    static FOLDED: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
        WEEKDAYS
            .iter()
            .map(|names| names.split(' ').map(fold).collect())
            .collect()
    });
    let word = reading.word(at);
    if let Some(found) = FOLDED
        .iter()
        .position(|names| names.iter().any(|name| name == word))
    {
        return Some(found);
    }
    let before = reading.before(at);
    let behind = reading.word(at + 1);
    if let Some((_, day, own)) = RISKY.iter().find(|(name, ..)| *name == word) {
        let is_feira = behind == "-" && reading.word(at + 2) == "feira" || behind == "feira";
        let is_said = matches!(behind, "gunu" | "que")
            || matches!(before, "proxima" | "na" | "bu" | "hari" | "haftaya");
        return (is_feira || is_said || language == Some(*own)).then_some(*day);
    }
    let short = match word {
        "mon" => 0,
        "wed" => 2,
        "sat" => 5,
        "sun" => 6,
        // Indonesian: the word is `week` as well.
        "minggu" if before == "hari" => return Some(6),
        _ => return None,
    };
    matches!(before, "on" | "this" | "next" | "until" | "by" | "coming").then_some(short)
}

/// The unit a word names, and the number it brings along (the dual of Arabic).
pub(super) fn unit(word: &str) -> Option<(Unit, Option<u32>)> {
    Some(match word {
        "day" | "days" | "dia" | "dias" | "jour" | "jours" | "tag" | "tage" | "tagen" | "giorno"
        | "giorni" | "gun" | "يوم" | "ايام" | "दिन" | "दिनों" | "hari" => {
            (Unit::Day, None)
        }
        "يومين" => (Unit::Day, Some(2)),
        "week" | "weeks" | "semana" | "semanas" | "semaine" | "semaines" | "woche" | "wochen"
        | "settimana" | "settimane" | "hafta" | "اسبوع" | "اسابيع" | "हफ्ते" | "हफ्ता" | "सप्ताह" | "minggu" => {
            (Unit::Week, None)
        }
        "اسبوعين" => (Unit::Week, Some(2)),
        "month" | "months" | "mes" | "meses" | "mois" | "monat" | "monate" | "monaten" | "mese" | "mesi"
        | "ay" | "شهر" | "اشهر" | "شهور" | "महीने" | "महीना" | "महीनों" | "bulan" => {
            (Unit::Month, None)
        }
        "شهرين" => (Unit::Month, Some(2)),
        _ => return None,
    })
}

/// A small number in words.
pub(super) fn small_number(word: &str) -> Option<u32> {
    Some(match word {
        "a" | "an" | "one" | "un" | "una" | "uno" | "um" | "uma" | "une" | "ein" | "eine" | "einem"
        | "einer" | "bir" | "واحد" | "एक" | "satu" | "se" => 1,
        "two" | "dos" | "dois" | "duas" | "deux" | "zwei" | "due" | "iki" | "دو" | "दो" | "dua" => 2,
        "three" | "tres" | "trois" | "drei" | "tre" | "uc" | "ثلاثة" | "ثلاث" | "ثلاثه" | "तीन" | "tiga" => {
            3
        }
        "four" | "cuatro" | "quatro" | "quatre" | "vier" | "quattro" | "dort" | "اربعه" | "اربع" | "चार"
        | "empat" => 4,
        "five" | "cinco" | "cinq" | "funf" | "cinque" | "bes" | "خمسه" | "خمس" | "पांच" | "पाँच" | "lima" => {
            5
        }
        "six" | "seis" | "sechs" | "sei" | "alti" | "سته" | "ست" | "छह" | "enam" => 6,
        "seven" | "siete" | "sete" | "sept" | "sieben" | "sette" | "yedi" | "सात" | "tujuh" => 7,
        "eight" | "ocho" | "oito" | "huit" | "acht" | "otto" | "sekiz" | "आठ" | "delapan" => 8,
        "ten" | "diez" | "dez" | "dix" | "zehn" | "dieci" | "on" | "عشره" | "दस" | "sepuluh" => 10,
        _ => return None,
    })
}
