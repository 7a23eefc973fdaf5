//! Which language a message is in, when that is beyond doubt.

use domain::Language;
use whatlang::{Detector, Lang};

use super::words;

/// Returns the language of a message, or none when it could be another one.
///
/// Arabic and Devanagari letters say it by themselves. Anything else takes three words and a clear winner, so that
/// "ok", a name or a number never changes the language of a conversation.
pub fn language(text: &str) -> Option<Language> {
    if let Some(language) = by_script(text) {
        return Some(language);
    }
    let words = words(text);
    let letters = words.iter().filter(|word| word.chars().all(char::is_alphabetic));
    if letters.count() < 3 {
        return None;
    }
    let known = LATIN.iter().map(|(lang, _)| *lang).collect();
    let guess = Detector::with_allowlist(known).detect(text)?;
    let (_, guessed) = LATIN.iter().find(|(lang, _)| *lang == guess.lang())?;
    match by_small_words(&words, text) {
        Some((language, lead)) if lead >= 2 || Some(language) == *guessed => Some(language),
        None if guess.is_reliable() && words.len() > 3 => *guessed,
        _ => None,
    }
}

/// What is guessed among: ours, and neighbours that would else be taken for one of ours.
const LATIN: &[(Lang, Option<Language>)] = &[
    (Lang::Eng, Some(Language::English)),
    (Lang::Spa, Some(Language::Spanish)),
    (Lang::Por, Some(Language::Portuguese)),
    (Lang::Fra, Some(Language::French)),
    (Lang::Deu, Some(Language::German)),
    (Lang::Ita, Some(Language::Italian)),
    (Lang::Tur, Some(Language::Turkish)),
    (Lang::Ind, Some(Language::Indonesian)),
    (Lang::Nld, None),
    (Lang::Pol, None),
    (Lang::Ron, None),
    (Lang::Swe, None),
    (Lang::Hun, None),
];

/// The script that nearly all letters have, where one of our languages is the only likely one.
fn by_script(text: &str) -> Option<Language> {
    let (mut letters, mut arabic, mut devanagari) = (0_usize, 0_usize, 0_usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        match c {
            // Persian and Urdu share the script, not the language.
            'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' | 'ٹ' | 'ڈ' | 'ں' | 'ے' => return None,
            '\u{620}'..='\u{64a}' => arabic += 1,
            '\u{900}'..='\u{97f}' => devanagari += 1,
            _ => {}
        }
    }
    let most = |count: usize| letters > 0 && count * 10 >= letters * 7;
    match (most(arabic), most(devanagari)) {
        (true, _) => Some(Language::Arabic),
        (_, true) => Some(Language::Hindi),
        _ => None,
    }
}

/// Letters and signs that only one of our languages has.
const OWN_LETTERS: [(Language, &[char]); 4] = [
    (Language::Spanish, &['¿', '¡', 'ñ']),
    (Language::Portuguese, &['ã', 'õ']),
    (Language::German, &['ß']),
    (Language::Turkish, &['ı', 'İ', 'ğ', 'ş']),
];

/// The language with the most small words and letters of its own in the text, and by how many it leads.
fn by_small_words(words: &[String], text: &str) -> Option<(Language, usize)> {
    let mut found: Vec<(usize, Language)> = SMALL_WORDS
        .iter()
        .map(|(language, list)| {
            let hit = |word: &&String| list.split(' ').any(|small| small == word.as_str());
            let own = OWN_LETTERS.iter().filter(|(other, _)| other == language);
            let own = own.filter(|(_, letters)| text.contains(*letters)).count();
            (words.iter().filter(hit).count() + own, *language)
        })
        .collect();
    found.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    match found.as_slice() {
        [(best, language), (second, _), ..] if best > second => Some((*language, best - second)),
        _ => None,
    }
}

/// Words that most sentences of a language have one of, without diacritics.
const SMALL_WORDS: &[(Language, &str)] = &[
    (
        Language::English,
        "the is are do you i my can how what when where please this that it for of to and with have your we not want \
         would much does was hi hello thanks",
    ),
    (
        Language::Spanish,
        "a o el la los las es son y que como cuando donde cuanto por para con mi un una tiene tienen hay puedo quiero \
         esta gracias hola su lo me cuesta del al no se necesito",
    ),
    (
        Language::Portuguese,
        "o a os as e que como quando onde quanto por para com meu minha um uma tem voces voce posso quero esta \
         obrigado obrigada ola oi seu sua me custa do da no na nao eu preciso",
    ),
    (
        Language::French,
        "le la les est sont et que comment quand ou combien pour avec mon ma un une vous avez je peux puis veux \
         bonjour merci votre ce cette de du des ne pas c d l j il est",
    ),
    (
        Language::German,
        "der die das ist sind und wie wann wo was fur mit mein meine ein eine haben sie ich kann mochte hallo danke \
         ihr ihre es nicht zu den dem wir kostet",
    ),
    (
        Language::Italian,
        "il lo la gli le e che come quando dove quanto per con mio mia un una avete posso vorrei ciao grazie vostro \
         di del della non ho sono costa questo",
    ),
    (
        Language::Turkish,
        "bir bu ve ne nasil nerede kac mi mu icin ile benim var yok istiyorum merhaba selam tesekkurler ben siz \
         sizin kadar saat zaman degil cok musunuz misiniz hangi lutfen fiyat",
    ),
    (
        Language::Indonesian,
        "yang dan ini itu apa apakah berapa kapan di mana bagaimana untuk dengan saya anda ada bisa mau tidak \
         terima kasih halo dari ke sudah belum kami tolong",
    ),
];
