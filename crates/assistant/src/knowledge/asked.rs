//! What kind of thing a question asks for, and whether a text holds such a thing.
//!
//! A sentence about delivery is no answer to "what does delivery cost" unless an amount stands in it.

use super::asked_signs::{PLACES, PRICES, TIMES};
use super::terms::stem;
use crate::text;
use domain::Language;
use std::collections::HashSet;

/// What a question asks for, where that can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asked {
    /// What something costs.
    Price,
    /// At what time, on which day, how long.
    Time,
    /// Where something is.
    Place,
}

/// The words of a language that ask for something; `*` after a beginning, a whole word otherwise. As
/// [`text::normalise`] writes them.
struct Asking {
    language: Language,
    price: &'static [&'static str],
    time: &'static [&'static str],
    place: &'static [&'static str],
    /// Words that say nothing about what is asked for.
    small: &'static str,
}

static ASKING: &[Asking] = &[
    Asking {
        language: Language::English,
        price: &[
            "how much",
            "price*",
            "cost*",
            "fee",
            "fees",
            "pricing",
            "charge for",
            "expensive",
        ],
        time: &[
            "when",
            "what time",
            "which day*",
            "what day*",
            "how long",
            "opening hours",
            "opening times",
            "how soon",
            "how late",
            "what hours",
            "are you open",
            "business hours",
            "deadline",
        ],
        place: &[
            "where",
            "address",
            "located",
            "location*",
            "how do i get to",
            "directions",
        ],
        small: "a an the is are was were be do does did can could will would should may i you we they he she it my your \
                our their me us them to of in on at for from by with and or if as so there here this that these those \
                what which who whom how much many when where why please hi hello hey thanks have has had get got not no \
                any some about am im s t re ve ll d m tell know want like need just also",
    },
    Asking {
        language: Language::Spanish,
        price: &[
            "cuanto cuesta*",
            "cuanto vale*",
            "cuanto es",
            "cuanto sale*",
            "precio*",
            "coste*",
            "costo*",
            "tarifa*",
        ],
        time: &[
            "cuando",
            "a que hora*",
            "que hora*",
            "horario*",
            "cuanto tarda*",
            "cuanto tiempo",
            "cuanto demora*",
            "que dia*",
            "plazo*",
        ],
        place: &[
            "donde",
            "direccion",
            "ubicacion",
            "ubicad*",
            "como llego",
            "como llegar",
        ],
        small: "el la los las un una unos unas de del al a y o u en con por para que como cual cuales cuanto cuantos cuanta \
                cuantas cuando donde quien es son esta estan ser hay tiene tienen tengo puedo pueden puede se me te le les lo \
                mi su sus tu nos yo si no mas muy hola gracias favor este esta ese esa esto eso quiero quisiera saber",
    },
    Asking {
        language: Language::Portuguese,
        price: &[
            "quanto custa*",
            "quanto e",
            "quanto fica*",
            "qual o valor",
            "preco*",
            "valor*",
            "taxa*",
            "quanto sai*",
        ],
        time: &[
            "quando",
            "que horas",
            "que hora",
            "horario*",
            "quanto tempo",
            "quanto demora*",
            "que dia*",
            "prazo*",
            "ate que horas",
        ],
        place: &[
            "onde",
            "endereco*",
            "localiza*",
            "como chego",
            "como chegar",
            "fica onde",
        ],
        small: "o a os as um uma uns umas de do da dos das em no na nos nas ao aos e ou com por para pra que como qual quais \
                quanto quantos quanta quantas quando onde quem foi sao ser esta estao tem ha posso pode podem se me te lhe \
                meu minha seu sua seus suas voce voces eu nos nao sim mais muito ola oi obrigado obrigada favor este esta \
                esse essa isso isto quero gostaria saber pelo pela",
    },
    Asking {
        language: Language::French,
        price: &[
            "combien coute*",
            "combien ca coute",
            "c est combien",
            "prix",
            "tarif*",
            "cout*",
            "frais",
            "combien pour",
        ],
        time: &[
            "quand",
            "a quelle heure",
            "quelle heure",
            "quelles heures",
            "horaire*",
            "combien de temps",
            "quel jour",
            "quels jours",
            "delai*",
        ],
        place: &[
            "ou est", "ou se", "ou etes", "ou sont", "ou puis", "ou peut", "ou", "adresse*", "situe*",
        ],
        small: "le la les l un une des de du d au aux a et ou en dans sur avec pour par que qu qui quoi comment quel quelle \
                quels quelles combien quand pourquoi est sont etre c ce cet cette ces ca il elle ils elles je j tu vous nous \
                on mon ma mes votre vos notre nos son sa ses me m te se s y ne n pas plus tres bonjour salut merci svp avez \
                avoir peut puis peux faire fait t savoir voudrais",
    },
    Asking {
        language: Language::German,
        price: &[
            "wie viel kostet",
            "wieviel kostet",
            "was kostet*",
            "was kosten",
            "kostet",
            "kosten",
            "preis*",
            "gebuhr*",
            "wie teuer",
            "versandkosten",
        ],
        time: &[
            "wann",
            "um wie viel uhr",
            "wie lange",
            "offnungszeit*",
            "uhrzeit",
            "welchen tag*",
            "welche tage",
            "lieferzeit*",
            "bis wann",
            "ab wann",
            "habt ihr offen",
            "haben sie offen",
            "geoffnet",
        ],
        place: &["wo", "adresse*", "standort*", "anschrift*", "wie komme ich"],
        small: "der die das den dem des ein eine einen einem einer eines und oder in im am an auf aus bei mit von vom zu zum \
                zur fur uber um nach als wie was wer wen wem wo wann warum welche welcher welches wieviel viel ist sind war \
                sein hat haben habe kann konnen kannst mussen muss wird werden ich du sie er es wir ihr mir mich dir dich \
                uns euch mein meine ihre ihren dein sich nicht kein keine auch noch nur bitte hallo danke gibt es man da",
    },
    Asking {
        language: Language::Italian,
        price: &[
            "quanto costa*",
            "quanto viene",
            "quanto vale",
            "prezz*",
            "costo",
            "costi",
            "tariff*",
        ],
        time: &[
            "quando",
            "a che ora",
            "che ora",
            "che ore",
            "orari*",
            "quanto tempo",
            "quanto ci",
            "che giorn*",
            "tempi di",
        ],
        place: &[
            "dove",
            "dov",
            "indirizz*",
            "si trova",
            "come arrivo",
            "come arrivare",
        ],
        small: "il lo la i gli le l un uno una di del dello della dei degli delle a al alla ai alle da dal in nel nella con \
                su per tra fra e ed o che chi cosa come quale quali quanto quanti quanta quante quando dove perche sono sei \
                siete essere ha hai ho avete hanno posso puo potete si mi ti ci vi ne mio mia tuo vostro vostra suo io tu \
                lei noi voi non piu molto ciao salve grazie favore questo questa quello vorrei sapere c",
    },
    Asking {
        language: Language::Turkish,
        price: &[
            "ne kadara",
            "kac para",
            "kac lira*",
            "kac tl",
            "fiyat*",
            "ucret*",
            "kaca",
            "tutar*",
            "ne kadar",
        ],
        time: &[
            "ne zaman*",
            "saat kac*",
            "kacta",
            "kaca kadar",
            "calisma saat*",
            "hangi gun*",
            "kac gun*",
            "kac saat*",
            "ne kadar sur*",
            "acik misiniz",
            "acilis*",
            "kapanis*",
        ],
        place: &[
            "nerede*",
            "neresi*",
            "nereye",
            "adres*",
            "konum*",
            "nasil gelebilir*",
            "nasil gidilir",
        ],
        small: "bir bu su o ve veya ile de da ki mi mu icin gibi kadar daha cok en ne nasil neden nicin kim kac hangi nerede \
                nereden ne zaman var yok mi misiniz musunuz ben sen biz siz onlar benim sizin bizim bana size bize beni sizi \
                merhaba selam lutfen tesekkurler evet hayir istiyorum olur olarak ise ama midir mudur acaba",
    },
    Asking {
        language: Language::Arabic,
        price: &[
            "كم سعر*",
            "كم السعر",
            "بكم",
            "سعر*",
            "السعر",
            "اسعار*",
            "الاسعار",
            "ثمن*",
            "تكلفه*",
            "التكلفه",
            "رسوم*",
            "كم تكلف*",
            "كم يكلف*",
        ],
        time: &[
            "متي",
            "كم الساعه",
            "الساعه كم",
            "اي ساعه",
            "مواعيد*",
            "اوقات*",
            "ساعات*",
            "كم يوم*",
            "كم يستغرق",
            "كم تستغرق",
            "مده*",
        ],
        place: &[
            "اين",
            "وين",
            "فين",
            "عنوان*",
            "العنوان",
            "موقع*",
            "الموقع",
            "مكانكم",
        ],
        small: "في من الي علي عن مع هل ما ماذا متي اين كيف كم لماذا من هو هي هم انا انت انتم نحن هذا هذه ذلك تلك التي الذي و \
                او ثم لا نعم لم لن ان كان يكون لدي لديكم عندكم عندي يوجد ممكن يمكن مرحبا السلام عليكم شكرا فضلك اريد كل بعد \
                قبل لي لكم بكم وين فين",
    },
    Asking {
        language: Language::Hindi,
        price: &[
            "कितने का",
            "कितने की",
            "कितने के",
            "कितने में",
            "कीमत*",
            "क़ीमत*",
            "दाम*",
            "मूल्य*",
            "कितना खर्च*",
            "शुल्क*",
            "रेट*",
            "kitne ka",
            "kitna paisa",
            "keemat",
            "price*",
        ],
        time: &[
            "कब*",
            "कितने बजे",
            "किस समय",
            "समय*",
            "कितने दिन*",
            "कितनी देर",
            "कितना समय",
            "टाइम*",
            "kab",
            "kitne baje",
        ],
        place: &["कहाँ*", "कहां*", "पता", "लोकेशन*", "किस जगह", "kahan", "kaha"],
        small: "का की के को में से पर है हैं था थे थी हो होता होती और या तो भी ही क्या कौन कब कहाँ कहां कैसे क्यों कितना कितने \
                कितनी मैं हम आप वह यह ये वे मेरा मेरी मेरे आपका आपकी आपके मुझे हमें आपको कर करना करते सकता सकते सकती कृपया \
                नमस्ते धन्यवाद एक इस उस जो लिए साथ नहीं हां चाहिए",
    },
    Asking {
        language: Language::Indonesian,
        price: &[
            "berapa harga*",
            "harga*",
            "biaya*",
            "berapa duit",
            "tarif*",
            "ongkir*",
            "ongkos*",
            "berapaan",
        ],
        time: &[
            "kapan",
            "jam berapa",
            "pukul berapa",
            "jam buka",
            "jam operasional",
            "berapa lama",
            "berapa hari",
            "hari apa",
            "sampai jam",
        ],
        place: &["di mana", "dimana", "alamat*", "lokasi*", "ke mana"],
        small: "yang dan atau di ke dari untuk dengan pada ini itu apa apakah siapa kapan mana bagaimana berapa kenapa mengapa \
                ada adalah saya aku kami kita anda kamu mereka bisa dapat boleh mau ingin tidak bukan sudah belum akan juga \
                saja lagi ya halo hai terima kasih tolong mohon nya jika kalau",
    },
];

/// The languages to read a question in: its own, or all when it is not known.
fn of(language: Option<Language>) -> impl Iterator<Item = &'static Asking> {
    ASKING
        .iter()
        .filter(move |asking| language.is_none_or(|language| asking.language == language))
}

/// Returns what a question asks for.
pub(super) fn asked(question: &str, language: Option<Language>) -> HashSet<Asked> {
    let line = format!(" {} ", text::normalise(question));
    let asks = |words: &[&str]| {
        words.iter().any(|word| match word.strip_suffix('*') {
            Some(beginning) => line.contains(&format!(" {beginning}")),
            None => line.contains(&format!(" {word} ")),
        })
    };
    let mut found = HashSet::new();
    for asking in of(language) {
        // How long something takes is asked with the words for how much in some languages.
        let time = asks(asking.time);
        found.extend(time.then_some(Asked::Time));
        found.extend(
            (asks(asking.price) && !(time && asking.language == Language::Turkish)).then_some(Asked::Price),
        );
        found.extend(asks(asking.place).then_some(Asked::Place));
    }
    found
}

/// Returns the stems of the words that say what a question is about, each once.
pub(super) fn topics(question: &str, language: Option<Language>) -> Vec<String> {
    let words = text::words(question);
    let is_small =
        |word: &str| of(language).any(|asking| asking.small.split_whitespace().any(|small| small == word));
    let mut seen = HashSet::new();
    words
        .iter()
        .filter(|word| word.chars().any(char::is_alphanumeric) && !is_small(word))
        .map(|word| stem(word))
        .filter(|stem| seen.insert(stem.clone()))
        .collect()
}

/// Whether a text holds such a thing.
pub(super) fn holds(text: &str, asked: Asked) -> bool {
    let patterns = match asked {
        Asked::Price => &*PRICES,
        Asked::Time => &*TIMES,
        Asked::Place => &*PLACES,
    };
    patterns.iter().any(|pattern| pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_times_and_places_are_asked_for_in_ten_languages() {
        for (language, price, time, place) in [
            (
                Language::English,
                "How much is delivery?",
                "When do you open?",
                "Where is your shop?",
            ),
            (
                Language::Spanish,
                "¿Cuánto cuesta el envío?",
                "¿A qué hora abren?",
                "¿Dónde están?",
            ),
            (
                Language::Portuguese,
                "Quanto custa o frete?",
                "Que horas abre?",
                "Onde fica a loja?",
            ),
            (
                Language::French,
                "C'est combien le pot ? Le prix ?",
                "Vous ouvrez à quelle heure ?",
                "Où êtes-vous ?",
            ),
            (
                Language::German,
                "Was kostet der Versand?",
                "Wann habt ihr offen?",
                "Wo seid ihr?",
            ),
            (
                Language::Italian,
                "Quanto costa la tazza?",
                "A che ora aprite?",
                "Dove siete?",
            ),
            (
                Language::Turkish,
                "Kargo ne kadar?",
                "Saat kaçta açılıyorsunuz?",
                "Dükkan nerede?",
            ),
            (Language::Arabic, "كم سعر التوصيل؟", "متى تفتحون؟", "أين المحل؟"),
            (
                Language::Hindi,
                "कप कितने का है?",
                "आप कितने बजे खोलते हैं?",
                "दुकान कहाँ है?",
            ),
            (
                Language::Indonesian,
                "Berapa harganya?",
                "Buka jam berapa?",
                "Tokonya di mana?",
            ),
        ] {
            for known in [Some(language), None] {
                assert!(asked(price, known).contains(&Asked::Price), "{price}");
                assert!(asked(time, known).contains(&Asked::Time), "{time}");
                assert!(asked(place, known).contains(&Asked::Place), "{place}");
            }
            assert!(!asked(price, Some(language)).contains(&Asked::Place), "{price}");
            assert!(!asked(place, Some(language)).contains(&Asked::Price), "{place}");
        }
        assert!(asked("Do you repair bowls?", Some(Language::English)).is_empty());
        assert!(!asked("Kargo ne kadar sürer?", Some(Language::Turkish)).contains(&Asked::Price));
    }

    #[test]
    fn amounts_times_and_places_are_seen() {
        for text in [
            "It is 5 €.",
            "€5",
            "R$ 20",
            "Rp50.000",
            "₺400",
            "400 lira",
            "20 درهم",
            "₹ 300",
            "300 रुपये",
            "Price: 12",
            "Delivery is free of charge.",
            "Kargo ücretsizdir.",
        ] {
            assert!(holds(text, Asked::Price), "{text}");
        }
        for text in [
            "Open 9:00-18:00",
            "from 9 am",
            "bis 18 Uhr",
            "on Mondays",
            "2-3 business days",
            "Pazartesi kapalı",
            "सोमवार को",
            "يوم الجمعة",
            "24/7",
            "3 gün",
            "25.12.",
            "alle 9",
        ] {
            assert!(holds(text, Asked::Time), "{text}");
        }
        for text in [
            "12 Clay Street",
            "Rua Augusta 5",
            "Hauptstraße 3",
            "Atatürk Caddesi No:4",
            "شارع النيل",
            "Jl. Sudirman 5",
        ] {
            assert!(holds(text, Asked::Place), "{text}");
        }
        for asked in [Asked::Price, Asked::Time, Asked::Place] {
            assert!(!holds("We glaze every piece by hand and fire it twice.", asked));
        }
    }

    #[test]
    fn every_pattern_is_one() {
        assert_eq!((PRICES.len(), TIMES.len(), PLACES.len()), (6, 17, 8));
    }
}
