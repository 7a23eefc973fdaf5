//! What customers wish of the conversation itself, in sentences of ten languages.
//!
//! The second table of each rule holds traps: the same words said about something else, or denied.

use assistant::rules::{Sign, look};

fn all_say(sign: Sign, sentences: &[&str]) {
    for sentence in sentences {
        let look = look(sentence, false);
        assert!(
            look.has(sign),
            "{sentence:?} should say {sign:?}; found {:?}",
            look.found()
        );
    }
}

fn none_says(sign: Sign, sentences: &[&str]) {
    for sentence in sentences {
        let look = look(sentence, false);
        assert!(
            !look.has(sign),
            "{sentence:?} should not say {sign:?}; found {:?}",
            look.found()
        );
    }
}

#[test]
fn who_asks_for_a_person_is_understood() {
    all_say(
        Sign::AsksForPerson,
        &[
            "I want to talk to a real person",
            "can I speak with someone please",
            "human please",
            "agent",
            "connect me to an operator",
            "this is not helping i want a human",
            "I don't want a bot, I want a human",
            "quiero hablar con una persona",
            "pásame con un asesor",
            "no quiero un bot quiero hablar con una persona",
            "hay alguien de verdad ahí? necesito un humano",
            "quero falar com um atendente",
            "me passa pra um humano",
            "je voudrais parler à quelqu'un",
            "je veux parler avec un conseiller",
            "ich möchte mit einem Menschen sprechen",
            "kann ich mit jemandem telefonieren",
            "vorrei parlare con un operatore",
            "insanla görüşmek istiyorum",
            "müşteri temsilcisine bağlayın",
            "biriyle konuşabilir miyim",
            "أريد التحدث مع موظف",
            "ممكن اكلم حد",
            "حولني لموظف",
            "मुझे किसी इंसान से बात करनी है",
            "kisi insaan se baat karni hai",
            "एजेंट",
            "mau bicara dengan orang",
            "saya mau chat sama admin",
            "tolong sambungkan ke cs",
        ],
    );
}

#[test]
fn who_only_mentions_people_or_declines_one_is_not_given_one() {
    none_says(
        Sign::AsksForPerson,
        &[
            "I don't need a human",
            "I don't need to talk to a person, just the price",
            "who is the person in the picture",
            "price per person?",
            "I work as a real estate agent",
            "table for a person in a wheelchair",
            "no quiero hablar con una persona",
            "cuánto sale por persona",
            "não preciso falar com atendente",
            "je n'ai pas besoin de parler à quelqu'un",
            "ich will nicht mit einem Menschen sprechen",
            "was kostet es pro Person",
            "non voglio parlare con un operatore",
            "insanla görüşmek istemiyorum",
            "kişi başı ne kadar",
            "لا أريد التحدث مع موظف",
            "मुझे किसी इंसान से बात नहीं करनी",
            "saya tidak perlu bicara dengan orang",
            "harga per orang berapa",
            "is someone's phone number needed for the booking",
            "can I talk to you about the cake",
        ],
    );
}

#[test]
fn who_wants_no_more_messages_is_understood() {
    all_say(
        Sign::Stop,
        &[
            "stop",
            "STOP!!",
            "please stop",
            "Stop messaging me",
            "unsubscribe",
            "don't message me again",
            "I told you already, please stop sending me messages",
            "leave me alone",
            "baja",
            "no me escriban más",
            "deja de escribirme",
            "parar",
            "não me mande mais mensagens",
            "sair",
            "arrêtez de m'écrire",
            "stopp",
            "abmelden",
            "schreibt mir nicht mehr",
            "basta messaggi",
            "dur",
            "lütfen dur",
            "bana mesaj atmayın",
            "توقف",
            "لا ترسلوا لي رسائل",
            "मैसेज मत भेजो",
            "मैसेज बंद करो",
            "berhenti",
            "jangan kirim pesan lagi",
            "/stop",
        ],
    );
}

#[test]
fn a_stop_in_the_middle_of_something_else_is_no_stop() {
    none_says(
        Sign::Stop,
        &[
            "I'll stop by tomorrow",
            "which bus stop is near you",
            "don't stop sending me your offers",
            "non-stop open?",
            "can you stop by my house",
            "siparişin durumu nedir",
            "durum nedir",
            "dur bakalım bir düşüneyim",
            "para mañana",
            "la tienda está en la planta baja?",
            "para quando fica pronto",
            "wo ist die nächste Haltestelle, Stopp am Bahnhof?",
            "basta così grazie, solo il pane",
            "où est l'arrêt de bus",
            "रुको मैं देखता हूँ",
            "jangan lupa pesanan saya ya",
            "the rain won't stop",
        ],
    );
}

#[test]
fn nothing_but_thanks_or_ok_is_an_acknowledgement() {
    all_say(
        Sign::Acknowledgement,
        &[
            "ok",
            "Ok thank you so much",
            "👍",
            "👍🏽",
            "❤️❤️",
            "🙏🙏🙏",
            ":)",
            "tamam",
            "tamam teşekkürler",
            "gracias",
            "muchas gracias, muy amable",
            "obrigado",
            "tá bom, obrigada!",
            "شكرا",
            "تمام شكرا جزيلا",
            "ठीक है",
            "ठीक है धन्यवाद",
            "theek hai bhaiya",
            "Recht herzlichen Dank",
            "alles klar, vielen Dank",
            "merci beaucoup",
            "d'accord merci, bonne journée",
            "va bene grazie mille",
            "makasih kak",
            "oke siap",
            "haha",
            "yes",
            "no",
            "ok thanks bye",
            "got it, thanks a lot",
            "perfect, see you tomorrow",
            "Thanks for your help",
        ],
    );
}

#[test]
fn whatever_says_or_asks_more_is_no_acknowledgement() {
    none_says(
        Sign::Acknowledgement,
        &[
            "ok?",
            "ok, and the price?",
            "ok and the price",
            "thanks, how much is it",
            "gracias, y el envío",
            "tamam fiyatı ne kadar",
            "obrigado e o endereço",
            "شكرا وكم السعر",
            "ठीक है कितने का है",
            "ok 2 please",
            "ok I'll take it",
            "?",
            "!!!",
            "danke aber das Paket ist nicht da",
            "bye",
            "hello",
            "👎 that is wrong",
            "oke kak berapa harganya",
        ],
    );
}

#[test]
fn nothing_but_hello_is_a_greeting() {
    all_say(
        Sign::Greeting,
        &[
            "hi",
            "Hello good morning",
            "hola buenas tardes",
            "oi tudo bem",
            "merhaba iyi günler",
            "السلام عليكم ورحمة الله وبركاته",
            "नमस्ते जी",
            "bonjour madame",
            "Guten Tag",
            "buongiorno",
            "halo kak",
            "/start",
        ],
    );
}

#[test]
fn a_hello_before_a_question_is_not_only_a_greeting() {
    none_says(
        Sign::Greeting,
        &[
            "hi do you have cakes",
            "hola cuánto cuesta",
            "merhaba fiyat nedir",
            "good morning is it open",
            "thanks",
            "oi, quanto é",
            "hallo wie viel kostet das",
            "السلام عليكم كم السعر",
        ],
    );
}

#[test]
fn bad_words_and_shouting_are_noticed() {
    all_say(
        Sign::Anger,
        &[
            "this is bullshit",
            "you are idiots",
            "WHERE IS MY ORDER I AM WAITING!!!",
            "what the hell is wrong with you",
            "son unos ladrones",
            "que merda de atendimento",
            "bande d'incapables",
            "ihr seid Idioten",
            "siete dei buffoni",
            "yazıklar olsun size",
            "انتوا نصابين",
            "pagal samajh rakha hai",
            "dasar penipu",
        ],
    );
}

#[test]
fn joy_in_strong_words_or_capitals_is_not_anger() {
    none_says(
        Sign::Anger,
        &[
            "OK THANK YOU",
            "WOW!!!",
            "fucking amazing cake, thanks",
            "damn, that looks good",
            "SIZE XL PLEASE",
            "what time does fast and furious start",
            "de puta madre, gracias",
            "lecker, verdammt gut",
            "makanan anjing ada?",
            "طعام كلاب عندكم؟",
            "I'm not angry",
            "great!!! love it!!!",
        ],
    );
}

#[test]
fn who_loses_patience_with_the_assistant_is_noticed() {
    all_say(
        Sign::Frustration,
        &[
            "you don't understand me",
            "that's not what I asked",
            "useless bot",
            "no me entiendes",
            "você não entendeu",
            "vous ne comprenez rien",
            "du verstehst mich nicht",
            "non capisci niente",
            "beni anlamıyorsun",
            "ما فهمت علي",
            "आप समझ नहीं रहे",
            "kok gak nyambung",
            "hello???",
        ],
    );
}

#[test]
fn not_understanding_a_chart_is_not_losing_patience() {
    none_says(
        Sign::Frustration,
        &[
            "I don't understand the size chart",
            "is the robot vacuum in stock",
            "how many times a day does the bus go",
            "no entiendo la talla",
            "quante volte passa il bus",
            "what did you say the price was",
            "do you read messages on sunday",
            "really?",
        ],
    );
}

#[test]
fn who_wants_messages_again_is_understood() {
    all_say(Sign::StartAgain, &["start", "start again please", "mulai lagi"]);
}

#[test]
fn a_start_in_a_question_is_no_start_again() {
    none_says(
        Sign::StartAgain,
        &["when does the course start", "start with the blue one"],
    );
}

#[test]
fn while_a_question_of_ours_is_open_only_thanks_acknowledges() {
    assert!(look("thanks", true).has(Sign::Acknowledgement));
    for sentence in ["yes", "ok", "👍", "si", "ok thanks", "evet"] {
        assert!(!look(sentence, true).has(Sign::Acknowledgement), "{sentence}");
    }
}
