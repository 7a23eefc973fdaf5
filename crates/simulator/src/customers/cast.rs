//! Who writes to the demo shop. All people are invented; the numbers lie in ranges reserved for fiction
//! (+44 7700 900xxx and +1 202 555 01xx).

use super::script::Line;
use super::script::{IfTold, Past, Turn, answered, back, line, quick, unprompted};

/// What happens to messages that the shop sends to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Delivered and read soon.
    Attentive,
    /// Delivered, and read after about half a minute.
    Slow,
    /// Only sent: the phone is off.
    PhoneOff,
    /// Delivered; this person keeps read receipts to themselves.
    Private,
    /// Not on WhatsApp any more: fails with 131026.
    Gone,
    /// The first answer's HTTP response is lost; the statuses come about 15 s later.
    AnswerLost,
}

/// One customer.
#[derive(Debug)]
pub(crate) struct Persona {
    pub(crate) name: &'static str,
    /// Digits; empty for somebody who shows only a username.
    pub(crate) wa_id: &'static str,
    pub(crate) user_id: &'static str,
    pub(crate) username: Option<&'static str>,
    pub(crate) reach: Reach,
    pub(crate) past: &'static [Past],
    pub(crate) turns: &'static [Turn],
}

const DAY: i64 = 24 * 60;

const fn past(minutes_ago: i64, text: &'static str) -> Past {
    Past { minutes_ago, text }
}

const fn told(words: &'static [&'static str], say: &'static [Line]) -> IfTold {
    IfTold { words, say }
}

/// Everybody. The order of the unprompted turns in time is what a visitor of the demo sees.
pub(crate) const CAST: &[Persona] = &[
    // The first face: there within three seconds, quick to answer, several turns.
    Persona {
        name: "Maya Ellison",
        wa_id: "447700900211",
        user_id: "GB.70211043390182245561",
        username: None,
        reach: Reach::Attentive,
        past: &[],
        turns: &[
            unprompted(300, &[Line { typing: 1_000, minutes_late: 0, text: "Hi! Do you still have the speckled blue mugs?" }]),
            answered(3_500, &[line("Lovely! Could I take four of them? And do you post to Bristol?")])
                .if_told(&[told(
                    &["sold out", "no longer", "sorry"],
                    &[line("Oh, what a pity. Do you have anything similar? Four mugs would be perfect, posted to Bristol.")],
                )])
                .asking_again(128_000, quick("Hello? Just checking whether somebody is there 🙂")),
            answered(5_000, &[quick("Perfect, thank you!"), line("I'll pay as soon as you send me the details.")])
                .if_told(&[told(&["£", "price", "postage", "pounds"], &[line("That's a fair price. Please go ahead!")])]),
            answered(7_000, &[line("You've been so quick. Have a lovely day 💙")]),
        ],
    },
    // A burst of quick typing, and somebody who comes back after a while.
    Persona {
        name: "Dev Anand",
        wa_id: "447700900447",
        user_id: "GB.70447912093345500871",
        username: None,
        reach: Reach::Attentive,
        past: &[],
        turns: &[
            unprompted(
                9_000,
                &[quick("hey"), quick("quick one"), quick("are you open on sunday"), quick("need a birthday present 🎁")],
            ),
            answered(4_000, &[line("great, what would you pick for somebody who loves tea?")])
                .asking_again(200_000, quick("no rush, but sunday is soon 😅")),
            answered(5_000, &[quick("sold"), quick("back in a bit, need to ask my sister for the colour")]),
            back(150_000, &[line("I'm back! She says green. Can you put one aside for me?")]),
            answered(4_000, &[quick("legend 🙌")]),
        ],
    },
    // Yesterday's question, asked again today; reads late.
    Persona {
        name: "Tom Haddow",
        wa_id: "447700900222",
        user_id: "GB.70222551847610093327",
        username: None,
        reach: Reach::Slow,
        past: &[
            past(20 * 60, "Good evening. Do you run wheel classes for beginners?"),
            past(20 * 60 - 2, "A Saturday would suit us best, we are two."),
        ],
        turns: &[
            unprompted(21_000, &[line("Hello again, is there any news about the Saturday class?")]),
            answered(36_000, &[line("Good. How much is it for two, and how long does it take?")]),
            answered(36_000, &[line("Thank you, please put us down for it. Tom and Irene Haddow.")]),
        ],
    },
    // Right to left.
    Persona {
        name: "ليلى منصور",
        wa_id: "12025550143",
        user_id: "US.12143880275519402266",
        username: None,
        reach: Reach::Attentive,
        past: &[],
        turns: &[
            unprompted(33_000, &[line("مرحبًا، هل لديكم أطباق خزفية باللون الأخضر؟")]),
            answered(5_000, &[line("رائع! أريد ستة أطباق من فضلك. كم السعر مع التوصيل؟")])
                .asking_again(270_000, line("هل من أحد هنا؟ 🌿")),
            answered(6_000, &[line("ممتاز، شكرًا جزيلًا 🌷")]),
        ],
    },
    // A message that was written 40 minutes before it arrives; then the phone is off.
    Persona {
        name: "Hannah Brook",
        wa_id: "447700900533",
        user_id: "GB.70533200918837465519",
        username: None,
        reach: Reach::PhoneOff,
        past: &[],
        turns: &[unprompted(
            44_000,
            &[Line { typing: 500, minutes_late: 40, text: "I'm at the shop door with the broken bowl, is anybody in?" }],
        )],
    },
    Persona {
        name: "Jonas Wieland",
        wa_id: "447700900318",
        user_id: "GB.70318664402958117733",
        username: None,
        reach: Reach::Private,
        past: &[],
        turns: &[
            unprompted(57_000, &[line("Guten Tag, ist die große Schüssel „Nordsee“ spülmaschinenfest?")]),
            answered(5_000, &[line("Schön, danke! Dann nehme ich zwei. Können Sie eine Rechnung mit meiner Firmenadresse schicken?")])
                .asking_again(330_000, line("Ich würde gern heute noch bestellen, falls es möglich ist.")),
            answered(6_000, &[line("Vielen Dank und beste Grüße!")]),
        ],
    },
    // Pauses in the middle, and comes back.
    Persona {
        name: "Beatriz Nogueira",
        wa_id: "12025550172",
        user_id: "US.12172039944710285563",
        username: None,
        reach: Reach::Attentive,
        past: &[],
        turns: &[
            unprompted(71_000, &[line("Oi! Vocês fazem canecas personalizadas com nome?")]),
            answered(5_000, &[quick("Que bom! 😍"), line("Só um momento, vou perguntar à minha irmã quais nomes.")])
                .asking_again(400_000, line("Oi, ainda estou interessada nas canecas com nome 🙂")),
            back(100_000, &[line("Voltei! São três: Inês, Caio e Vovó Lúcia. Ficam prontas até sexta?")]),
            answered(6_000, &[line("Maravilha, muito obrigada!")]),
        ],
    },
    Persona {
        name: "Lucía Ferrer",
        wa_id: "12025550118",
        user_id: "US.12118745500362941187",
        username: None,
        reach: Reach::Attentive,
        past: &[],
        turns: &[
            unprompted(86_000, &[line("¡Hola! ¿Tienen vales de regalo para el taller de cerámica?")]),
            answered(5_000, &[line("¡Qué bien! Quiero uno de 50, es para mi madre. ¿Lo puedo recoger mañana?")]),
            answered(5_000, &[quick("¡Gracias, hasta mañana! 👋")]),
        ],
    },
    // Shows no phone number; can be answered only under the user id.
    Persona {
        name: "Sam",
        wa_id: "",
        user_id: "GB.70990117345528806642",
        username: Some("@sam.glazes"),
        reach: Reach::Attentive,
        past: &[],
        turns: &[
            unprompted(102_000, &[line("Hello, I found you through a friend. Do you fire other people's pieces in your kiln?")]),
            answered(5_000, &[line("Brilliant. It's five small tiles, stoneware. When could I drop them off?")]),
            answered(5_000, &[quick("See you then, thanks!")]),
        ],
    },
    Persona {
        name: "佐藤 美咲",
        wa_id: "12025550186",
        user_id: "US.12186402217759038845",
        username: None,
        reach: Reach::Attentive,
        past: &[],
        turns: &[
            unprompted(118_000, &[line("こんにちは。抹茶碗はオンラインでも購入できますか？")]),
            answered(6_000, &[line("ありがとうございます。では、一つお願いします。日本への送料はいくらですか？")]),
            answered(6_000, &[line("了解しました。よろしくお願いします 🍵")]),
        ],
    },
    // The service window is closed.
    Persona {
        name: "Oliver Grant",
        wa_id: "447700900654",
        user_id: "GB.70654338019927754410",
        username: None,
        reach: Reach::Attentive,
        past: &[past(DAY + 2 * 60, "Could you please hold the tall white vase for me until Friday?")],
        turns: &[],
    },
    // The service window closes in about 35 minutes.
    Persona {
        name: "Nadia Rahman",
        wa_id: "447700900765",
        user_id: "GB.70765820046613392278",
        username: None,
        reach: Reach::Attentive,
        past: &[
            past(DAY - 34, "Hi, I left a plate with you for a glaze repair last week."),
            past(DAY - 35, "Is it ready to collect?"),
        ],
        turns: &[
            answered(6_000, &[line("Great, I'll come by this afternoon. Thank you for the message!")]),
        ],
    },
    // Every send to this number fails.
    Persona {
        name: "Pete Lawson",
        wa_id: "12025550199",
        user_id: "US.12199550378841260094",
        username: None,
        reach: Reach::Gone,
        past: &[past(52, "Please let me know when the brown teapot is back in stock.")],
        turns: &[],
    },
    // The answer to the first send is lost.
    Persona {
        name: "Grace Whitmore",
        wa_id: "447700900876",
        user_id: "GB.70876149925530087736",
        username: None,
        reach: Reach::AnswerLost,
        past: &[past(18, "Hello! What time do you close today?"), past(17, "I'd like to pick up my order, number 118.")],
        turns: &[answered(24_000, &[line("Wonderful, I'll be there before that.")])],
    },
];
