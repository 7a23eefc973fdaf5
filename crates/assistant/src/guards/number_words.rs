//! Number words of ten languages: `fifty`, `zweihundertfünfzig`, `yüz elli`, `خمسة وعشرون`, `dua puluh lima`.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::Language;

use super::fold::fold;

/// What a word does to the number it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Adds itself.
    Plain(u64),
    /// Multiplies what stands before it, and comes before smaller parts: ten (Indonesian), hundred.
    Times(u64),
    /// Adds ten: Indonesian `belas`.
    Teen,
    /// Closes a group: thousand, lakh, million.
    Scale(u64),
    /// Joins: `and`, `und`, `y`.
    And,
}

/// A word's part, and the only languages it is read in when others use it for something else.
type Entry = (Part, Vec<Language>);

/// Words that mean something else elsewhere, or that are first of all something else.
const ONLY_IN: &[(Language, &str)] = &[
    (Language::Spanish, "once mil tres doce cien veinte"),
    (
        Language::Portuguese,
        "dez cem mil tres onze doze sete nove trinta cento",
    ),
    (Language::French, "neuf sept cent cents dix mille onze trente"),
    (Language::German, "elf acht drei zehn hundert"),
    (
        Language::Italian,
        "sei due tre otto nove venti mille mila trenta cento dieci sette",
    ),
    (
        Language::Turkish,
        "on bin alti yedi uc kirk bes dort elli yuz otuz",
    ),
    (Language::Indonesian, "lima dua tiga enam juta ratus"),
];

/// Words that are first of all an article; they count only before money, a percentage or a span of time.
const ARTICLES: &str = "one un una uno um uma ein eine einen einem einer une bir satu एक واحد واحدة";

const PLAIN: &[&str] = &[
    // English
    "zero:0 one:1 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 thirteen:13 \
     fourteen:14 fifteen:15 sixteen:16 seventeen:17 eighteen:18 nineteen:19 twenty:20 thirty:30 forty:40 fourty:40 \
     fifty:50 sixty:60 seventy:70 eighty:80 ninety:90 dozen:12 third:3 fourth:4 fifth:5 sixth:6 seventh:7 eighth:8 \
     ninth:9 tenth:10 eleventh:11 twelfth:12 thirteenth:13 fourteenth:14 fifteenth:15 sixteenth:16 seventeenth:17 \
     eighteenth:18 nineteenth:19 twentieth:20 thirtieth:30",
    // Spanish
    "cero:0 un:1 una:1 uno:1 dos:2 tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9 diez:10 once:11 doce:12 \
     trece:13 catorce:14 quince:15 dieciseis:16 diecisiete:17 dieciocho:18 diecinueve:19 veinte:20 veintiun:21 \
     veintiuno:21 veintiuna:21 veintidos:22 veintitres:23 veinticuatro:24 veinticinco:25 veintiseis:26 \
     veintisiete:27 veintiocho:28 veintinueve:29 treinta:30 cuarenta:40 cincuenta:50 sesenta:60 setenta:70 \
     ochenta:80 noventa:90 cien:100 ciento:100 doscientos:200 doscientas:200 trescientos:300 trescientas:300 \
     cuatrocientos:400 cuatrocientas:400 quinientos:500 quinientas:500 seiscientos:600 seiscientas:600 \
     setecientos:700 setecientas:700 ochocientos:800 ochocientas:800 novecientos:900 novecientas:900 docena:12",
    // Portuguese
    "um:1 uma:1 dois:2 duas:2 tres:3 quatro:4 sete:7 oito:8 nove:9 dez:10 onze:11 doze:12 treze:13 quatorze:14 \
     quinze:15 dezesseis:16 dezasseis:16 dezessete:17 dezassete:17 dezoito:18 dezenove:19 dezanove:19 vinte:20 \
     trinta:30 quarenta:40 cinquenta:50 sessenta:60 oitenta:80 cem:100 cento:100 duzentos:200 duzentas:200 \
     trezentos:300 trezentas:300 quatrocentos:400 quatrocentas:400 quinhentos:500 quinhentas:500 seiscentos:600 \
     seiscentas:600 setecentos:700 setecentas:700 oitocentos:800 oitocentas:800 novecentos:900 novecentas:900 \
     duzia:12",
    // French
    "une:1 deux:2 trois:3 quatre:4 cinq:5 six:6 sept:7 huit:8 neuf:9 dix:10 douze:12 seize:16 vingt:20 vingts:20 \
     trente:30 quarante:40 cinquante:50 soixante:60 septante:70 huitante:80 octante:80 nonante:90 douzaine:12",
    // German
    "null:0 ein:1 eine:1 einen:1 einem:1 einer:1 eins:1 zwei:2 zwo:2 drei:3 vier:4 funf:5 fuenf:5 sechs:6 sieben:7 \
     acht:8 neun:9 zehn:10 elf:11 zwolf:12 zwoelf:12 dreizehn:13 vierzehn:14 funfzehn:15 fuenfzehn:15 sechzehn:16 \
     siebzehn:17 achtzehn:18 neunzehn:19 zwanzig:20 dreissig:30 vierzig:40 funfzig:50 fuenfzig:50 sechzig:60 \
     siebzig:70 achtzig:80 neunzig:90 dutzend:12",
    // Italian
    "due:2 tre:3 quattro:4 cinque:5 sei:6 sette:7 otto:8 nove:9 dieci:10 undici:11 dodici:12 tredici:13 \
     quattordici:14 quindici:15 sedici:16 diciassette:17 diciotto:18 diciannove:19 venti:20 trenta:30 quaranta:40 \
     cinquanta:50 sessanta:60 settanta:70 ottanta:80 novanta:90 dozzina:12",
    // Turkish
    "sifir:0 bir:1 iki:2 uc:3 dort:4 bes:5 alti:6 yedi:7 sekiz:8 dokuz:9 on:10 yirmi:20 otuz:30 kirk:40 elli:50 \
     altmis:60 yetmis:70 seksen:80 doksan:90 duzine:12",
    // Indonesian
    "nol:0 satu:1 dua:2 tiga:3 empat:4 lima:5 enam:6 tujuh:7 delapan:8 sembilan:9 sepuluh:10 sebelas:11 seratus:100 \
     lusin:12",
    // Arabic
    "صفر:0 واحد:1 واحدة:1 اثنان:2 اثنين:2 اثنتان:2 اثنتين:2 ثلاثة:3 ثلاث:3 اربعة:4 اربع:4 خمسة:5 خمس:5 ستة:6 ست:6 \
     سبعة:7 سبع:7 ثمانية:8 ثماني:8 ثمان:8 تسعة:9 تسع:9 عشرة:10 عشر:10 عشرون:20 عشرين:20 ثلاثون:30 ثلاثين:30 اربعون:40 \
     اربعين:40 خمسون:50 خمسين:50 ستون:60 ستين:60 سبعون:70 سبعين:70 ثمانون:80 ثمانين:80 تسعون:90 تسعين:90 مئتان:200 \
     مئتين:200 مائتان:200 مائتين:200 ميتين:200 ثلاثمئة:300 ثلاثمائة:300 اربعمئة:400 اربعمائة:400 خمسمئة:500 خمسمائة:500 \
     ستمئة:600 ستمائة:600 سبعمئة:700 سبعمائة:700 ثمانمئة:800 ثمانمائة:800 تسعمئة:900 تسعمائة:900 الفان:2000 الفين:2000 \
     دزينة:12",
    // Hindi
    "शून्य:0 एक:1 दो:2 तीन:3 चार:4 पाँच:5 पांच:5 छह:6 छः:6 छे:6 सात:7 आठ:8 नौ:9 दस:10 ग्यारह:11 बारह:12 तेरह:13 चौदह:14 \
     पंद्रह:15 पन्द्रह:15 सोलह:16 सत्रह:17 अठारह:18 उन्नीस:19 बीस:20 इक्कीस:21 बाईस:22 तेईस:23 चौबीस:24 पच्चीस:25 छब्बीस:26 \
     सत्ताईस:27 अट्ठाईस:28 उनतीस:29 तीस:30 इकतीस:31 बत्तीस:32 तैंतीस:33 चौंतीस:34 पैंतीस:35 छत्तीस:36 सैंतीस:37 अड़तीस:38 \
     उनतालीस:39 चालीस:40 इकतालीस:41 बयालीस:42 तैंतालीस:43 चौवालीस:44 पैंतालीस:45 छियालीस:46 सैंतालीस:47 अड़तालीस:48 उनचास:49 \
     पचास:50 इक्यावन:51 बावन:52 तिरपन:53 चौवन:54 पचपन:55 छप्पन:56 सत्तावन:57 अट्ठावन:58 उनसठ:59 साठ:60 इकसठ:61 बासठ:62 \
     तिरसठ:63 चौंसठ:64 पैंसठ:65 छियासठ:66 सड़सठ:67 अड़सठ:68 उनहत्तर:69 सत्तर:70 इकहत्तर:71 बहत्तर:72 तिहत्तर:73 चौहत्तर:74 \
     पचहत्तर:75 छिहत्तर:76 सतहत्तर:77 अठहत्तर:78 उनासी:79 अस्सी:80 इक्यासी:81 बयासी:82 तिरासी:83 चौरासी:84 पचासी:85 छियासी:86 \
     सत्तासी:87 अट्ठासी:88 नवासी:89 नब्बे:90 इक्यानवे:91 बानवे:92 तिरानवे:93 चौरानवे:94 पचानवे:95 छियानवे:96 सत्तानवे:97 \
     अट्ठानवे:98 निन्यानवे:99 दर्जन:12",
];

const TIMES: &str = "hundred:100 cent:100 cents:100 hundert:100 cento:100 yuz:100 مئة:100 مائة:100 مية:100 सौ:100 \
                     puluh:10 ratus:100";

const SCALES: &str = "thousand:1000 mil:1000 mille:1000 mila:1000 tausend:1000 bin:1000 الف:1000 الاف:1000 हज़ार:1000 \
                      ribu:1000 seribu:1000 grand:1000 lakh:100000 lac:100000 लाख:100000 crore:10000000 करोड़:10000000 \
                      million:1000000 millions:1000000 millon:1000000 millones:1000000 milhao:1000000 milhoes:1000000 \
                      millionen:1000000 milione:1000000 milioni:1000000 milyon:1000000 مليون:1000000 ملايين:1000000 \
                      juta:1000000 sejuta:1000000 billion:1000000000 milliard:1000000000 milliarde:1000000000 \
                      milyar:1000000000 miliar:1000000000";

/// Shorter spellings, read only right after digits: `2k`, `5 bin`, `3 Mio`.
const SHORT: &str = "k:1000 rb:1000 tsd:1000 mio:1000000 mln:1000000 mn:1000000 jt:1000000 \
                     cr:10000000 milh:1000000 hunderttausend:100000";

const ANDS: &str = "and y e et und";

/// Words for amounts nobody can check: they have to stand in the source as they are.
const VAGUE: &str = "fiver tenner hundreds thousands millions dozens cientos miles docenas centenas milhares centaines milliers \
                     hunderte tausende centinaia migliaia yuzlerce binlerce مئات ratusan ribuan सैकड़ों हज़ारों डेढ़ ढाई \
                     सवा पौने साढ़े anderthalb eineinhalb zweieinhalb bucuk setengah";

fn pairs(list: &str) -> impl Iterator<Item = (String, u64)> + '_ {
    list.split_whitespace().filter_map(|entry| {
        let (word, value) = entry.rsplit_once(':')?;
        Some((fold(word), value.parse().ok()?))
    })
}

static WORDS: LazyLock<HashMap<String, Entry>> = LazyLock::new(|| {
    let mut words: HashMap<String, Entry> = HashMap::new();
    for (word, value) in PLAIN.iter().flat_map(|list| pairs(list)) {
        words.insert(word, (Part::Plain(value), Vec::new()));
    }
    for (word, value) in german().chain(italian()) {
        words.insert(word, (Part::Plain(value), Vec::new()));
    }
    for (word, value) in pairs(TIMES) {
        words.insert(word, (Part::Times(value), Vec::new()));
    }
    for (word, value) in pairs(SCALES) {
        words.insert(word, (Part::Scale(value), Vec::new()));
    }
    words.insert("belas".to_owned(), (Part::Teen, Vec::new()));
    for word in ANDS.split_whitespace() {
        words.insert(word.to_owned(), (Part::And, Vec::new()));
    }
    for (language, list) in ONLY_IN {
        for word in list.split_whitespace() {
            if let Some(entry) = words.get_mut(word) {
                entry.1.push(*language);
            }
        }
    }
    words
});

static SHORTS: LazyLock<HashMap<String, u64>> = LazyLock::new(|| pairs(SHORT).collect());
static ARTICLE_WORDS: LazyLock<Vec<String>> =
    LazyLock::new(|| ARTICLES.split_whitespace().map(fold).collect());
static VAGUE_WORDS: LazyLock<Vec<String>> = LazyLock::new(|| VAGUE.split_whitespace().map(fold).collect());

const GERMAN_UNITS: &[(&str, u64)] = &[
    ("ein", 1),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("funf", 5),
    ("fuenf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
];
const GERMAN_TENS: &[(&str, u64)] = &[
    ("zwanzig", 20),
    ("dreissig", 30),
    ("vierzig", 40),
    ("funfzig", 50),
    ("fuenfzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
    ("neunzig", 90),
];

/// `einundzwanzig` to `neunundneunzig`.
fn german() -> impl Iterator<Item = (String, u64)> {
    GERMAN_TENS.iter().flat_map(|(ten, tens)| {
        GERMAN_UNITS
            .iter()
            .map(move |(unit, units)| (format!("{unit}und{ten}"), tens + units))
    })
}

/// `ventuno` to `novantanove`: the ten loses its last vowel before one and eight.
fn italian() -> impl Iterator<Item = (String, u64)> {
    let tens = [
        "venti",
        "trenta",
        "quaranta",
        "cinquanta",
        "sessanta",
        "settanta",
        "ottanta",
        "novanta",
    ];
    let units = [
        "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove",
    ];
    (2..).zip(tens).flat_map(move |(ten, stem)| {
        (1..).zip(units).map(move |(unit, word)| {
            let short = stem.get(..stem.len().saturating_sub(1)).unwrap_or(stem);
            let stem = if unit == 1 || unit == 8 { short } else { stem };
            (format!("{stem}{word}"), ten * 10 + unit)
        })
    })
}

/// Which languages a text may be in; none known means any.
#[derive(Debug, Clone, Default)]
pub(super) struct Languages(pub(super) Vec<Language>);

impl Languages {
    fn allow(&self, only: &[Language]) -> bool {
        only.is_empty() || self.0.is_empty() || self.0.iter().any(|language| only.contains(language))
    }
}

/// Whether a folded word is first of all an article.
pub(super) fn is_article(word: &str) -> bool {
    ARTICLE_WORDS.iter().any(|article| article == word)
}

/// Whether a folded word names an amount nobody can check.
pub(super) fn is_vague(word: &str) -> bool {
    VAGUE_WORDS.iter().any(|vague| vague == word)
}

/// What a word right after digits multiplies them by.
pub(super) fn multiplier(word: &str) -> Option<u64> {
    match WORDS.get(word) {
        Some((Part::Scale(value), _)) => Some(*value),
        // "50 cents" is money.
        Some((Part::Times(value), _)) if !word.starts_with("cent") => Some(*value),
        _ => SHORTS.get(word).copied(),
    }
}

/// The parts a folded word consists of; empty when it is no number word.
pub(super) fn parts(word: &str, languages: &Languages) -> Vec<Part> {
    if let Some((part, only)) = WORDS.get(word) {
        return if languages.allow(only) {
            vec![*part]
        } else {
            Vec::new()
        };
    }
    let bare = bare(word);
    if bare != word
        && WORDS
            .get(bare)
            .is_some_and(|(part, only)| *part != Part::And && languages.allow(only))
    {
        let mut found = parts(bare, languages);
        if word.starts_with('و') {
            found.insert(0, Part::And);
        }
        return found;
    }
    if word.len() > 60 { Vec::new() } else { pieces(bare) }
}

/// Endings of Turkish and German number words.
const ENDINGS: &[&str] = &[
    "prozentig",
    "prozentige",
    "prozentiger",
    "prozentigen",
    "jahrig",
    "jahrige",
    "stundig",
    "stundige",
    "tagig",
    "tagige",
    "minutig",
    "minutige",
    "fach",
    "mal",
    "er",
    "ste",
    "sten",
    "ster",
    "te",
    "ten",
    "ye",
    "ya",
    "den",
    "dan",
    "de",
    "da",
    "lik",
    "luk",
    "er",
    "ser",
    "inci",
    "uncu",
    "nci",
    "e",
    "a",
    "th",
];

/// A word without the letters some languages glue to it: Arabic `و ب ل ال`, Turkish and German endings.
fn bare(word: &str) -> &str {
    let is_arabic = word.starts_with(|first: char| ('\u{620}'..='\u{64a}').contains(&first));
    if is_arabic {
        let mut rest = word;
        for prefix in ["و", "ب", "ل", "ال"] {
            if WORDS.contains_key(rest) {
                return rest;
            }
            rest = rest.strip_prefix(prefix).unwrap_or(rest);
        }
        return rest;
    }
    ENDINGS
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .find(|rest| {
            rest.len() >= 3 && (WORDS.contains_key(*rest) || rest.len() >= 8 && !pieces(rest).is_empty())
        })
        .unwrap_or(word)
}

/// Cuts `zweihundertfunfzig`, `yuzelli`, `duecentotrenta` into number words; the longest piece first.
fn pieces(word: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut rest = word;
    while !rest.is_empty() {
        let cut = (2..=rest.len()).rev().find_map(|length| {
            let head = rest.get(..length)?;
            let (part, _) = WORDS.get(head)?;
            (*part != Part::And || head == "und").then_some((*part, length))
        });
        let Some((part, length)) = cut else {
            return Vec::new();
        };
        found.push(part);
        rest = rest.get(length..).unwrap_or_default();
    }
    // One piece is no compound, and words such as "onbir" need two real numbers in them.
    if found.len() < 2 { Vec::new() } else { found }
}

/// A number in the making.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sum {
    total: u64,
    group: u64,
    /// The last plain part: a unit may be followed by a ten where languages turn them round.
    last: u64,
    joined: bool,
    seen: bool,
    /// It began with a zero: digit by digit.
    zero: bool,
}

impl Sum {
    /// Adds a part; `false` when it belongs to another number.
    pub(super) fn add(&mut self, part: Part) -> bool {
        let fits = match part {
            Part::And => {
                let open = self.seen && !self.joined;
                self.joined |= open;
                return open;
            }
            Part::Plain(value) => self.plain(value),
            Part::Times(value) => {
                let unit = self.group % value;
                let factor = unit.max(1);
                let fits = unit < value.min(20)
                    && (unit == self.group || value < 100)
                    && (unit > 0 || self.group == 0);
                if fits {
                    self.group = (self.group - unit).saturating_add(factor.saturating_mul(value));
                    self.last = 0;
                }
                fits
            }
            Part::Teen => {
                let fits = (1..10).contains(&(self.group % 100));
                if fits {
                    self.group = self.group.saturating_add(10);
                }
                fits
            }
            Part::Scale(value) => {
                let fits = self.total == 0
                    || self.total.is_multiple_of(value) && self.total > value
                    || self.total < value;
                if fits {
                    self.total = if self.total < value && self.total > 0 {
                        self.total.saturating_add(self.group).saturating_mul(value)
                    } else {
                        self.total.saturating_add(self.group.max(1).saturating_mul(value))
                    };
                    self.group = 0;
                    self.last = 0;
                }
                fits
            }
        };
        if fits {
            self.seen = true;
            self.joined = false;
        }
        fits
    }

    fn plain(&mut self, value: u64) -> bool {
        let rest = self.group % 100;
        let fits = if self.zero {
            false
        } else if !self.seen || self.group == 0 && value < 1000 {
            true
        } else if value >= 100 {
            false
        } else if rest == 0 {
            self.last < 100 || self.group >= 100
        } else if rest == 4 && value == 20 && !self.joined {
            // quatre-vingt
            self.group = self.group.saturating_add(76);
            self.last = 80;
            return true;
        } else if value < 10 && rest.is_multiple_of(10) && rest >= 20 {
            true
        } else if (10..20).contains(&value) && (rest == 60 || rest == 80) {
            // soixante-dix, quatre-vingt-dix
            true
        } else if value < 10 && rest == 10 {
            // on bir, dix-sept
            true
        } else {
            // fünf und zwanzig, خمسة وعشرون, خمسة عشر
            (1..10).contains(&rest) && (self.joined && value >= 20 && value.is_multiple_of(10) || value == 10)
        };
        if fits && !(self.seen && value == 0) {
            self.zero = value == 0 && !self.seen;
            self.group = self.group.saturating_add(value);
            self.last = value;
            return true;
        }
        false
    }

    /// What it comes to; `None` before the first part.
    pub(super) fn value(&self) -> Option<u64> {
        self.seen.then(|| self.total.saturating_add(self.group))
    }

    /// Whether the last part was a joining word that joined nothing.
    pub(super) fn dangles(&self) -> bool {
        self.joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<u64> {
        let mut sum = Sum::default();
        for word in fold(text).split([' ', '-']) {
            for part in parts(word, &Languages::default()) {
                assert!(sum.add(part), "{text}: {word} does not fit");
            }
        }
        sum.value()
    }

    #[test]
    fn number_words_of_ten_languages_are_read() {
        for (text, number) in [
            ("two hundred and fifty", 250),
            ("twenty-five", 25),
            ("a hundred", 100),
            ("three thousand five hundred", 3500),
            ("doscientos treinta y cinco", 235),
            ("mil quinientos", 1500),
            ("vinte e cinco", 25),
            ("duzentos e cinquenta", 250),
            ("quatre-vingt-dix-neuf", 99),
            ("soixante et onze", 71),
            ("deux cents", 200),
            ("quatre-vingts", 80),
            ("zweihundertfünfzig", 250),
            ("einundzwanzig", 21),
            ("tausendzweihundert", 1200),
            ("venticinque", 25),
            ("duecentocinquanta", 250),
            ("ventotto", 28),
            ("tremila", 3000),
            ("yüz elli", 150),
            ("yüzelli", 150),
            ("on beş", 15),
            ("iki bin beş yüz", 2500),
            ("yirmi", 20),
            ("خمسة وعشرون", 25),
            ("مئة وخمسون", 150),
            ("خمسة عشر", 15),
            ("ثلاثمائة", 300),
            ("خمسون", 50),
            ("पचास", 50),
            ("दो सौ पचास", 250),
            ("पाँच हज़ार", 5000),
            ("एक लाख", 100_000),
            ("dua puluh lima", 25),
            ("lima belas", 15),
            ("seratus lima puluh", 150),
            ("lima puluh ribu", 50_000),
            ("dua ratus", 200),
            ("two million", 2_000_000),
            ("one hundred thousand", 100_000),
        ] {
            assert_eq!(value(text), Some(number), "{text}");
        }
    }

    #[test]
    fn words_that_mean_something_else_are_read_in_their_language_only() {
        let english = Languages(vec![Language::English]);
        assert!(parts("on", &english).is_empty() && parts("once", &english).is_empty());
        assert_eq!(
            parts("once", &Languages(vec![Language::Spanish])),
            [Part::Plain(11)]
        );
    }
}
