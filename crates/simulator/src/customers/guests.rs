//! What lies in the demo's inbox when it opens: one conversation for each family of messages, written during the day.
//! All people are invented.

use serde_json::json;

use super::studio::{Studio, person};
use crate::art::{self, Scene, VOICE_TYPE};
use crate::graph::GraphError;
use crate::webhook::account::{TemplateRef, quality, template_quality, template_status};
use crate::webhook::coexistence::{address_book, phone_echo};
use crate::webhook::identity::{changed_number, preference};
use crate::webhook::routing::call;
use crate::webhook::{Change, Customer, Inbound, OrderLine, Referral, Removed, messages, new_wamid};

/// One delivery: the changes of one body.
type Delivery = Vec<Change>;

/// Messages of one person, each so many minutes ago.
fn told(studio: &Studio, who: &Customer, now: i64, said: &[(i64, Inbound)]) -> Change {
    let items = said
        .iter()
        .map(|(minutes, what)| what.message(who, &new_wamid(), now - minutes * 60));
    messages(&studio.number, std::slice::from_ref(who), items.collect())
}

/// Everything, oldest families first; deliveries do not depend on each other, changes inside one do.
pub(super) fn earlier(studio: &Studio, now: i64) -> Vec<Delivery> {
    vec![
        papers(studio, now),
        place(studio, now),
        basket(studio, now),
        advertisement(studio, now),
        stickers(studio, now),
        second_thoughts(studio, now),
        card_and_quote(studio, now),
        new_number(studio, now),
        unreadable(studio, now),
        group(studio, now),
        answered_on_the_phone(studio, now),
        missed_call(studio, now),
        no_promotions(studio, now),
        taps(studio, now),
        before_the_username(studio, now),
        notices(studio),
    ]
}

/// A document with a caption, another without any name.
fn papers(studio: &Studio, now: i64) -> Delivery {
    let priya = person("Priya Nair", "447700900131");
    let order = studio.file(
        art::pdf(&[
            "Purchase order 2291",
            "Quayside Café, Harbour Road 4",
            "",
            "24  espresso cups, blue speckle     9.50",
            "12  cake plates, cream             14.00",
            " 2  teapots, green                 48.00",
            "",
            "Delivery by the end of the month, please.",
        ]),
        "application/pdf",
    );
    let map = studio.file(art::png(Scene::Cafe), "image/png");
    let said = [
        (
            96,
            Inbound::text("Good morning! We'd love your cups for our café."),
        ),
        (
            95,
            Inbound::document(&order, Some("Purchase order 2291.pdf"), Some("Here's our order")),
        ),
        (94, Inbound::document(&map, None, None)),
    ];
    vec![told(studio, &priya, now, &said)]
}

/// A place, right to left, and a picture of it.
fn place(studio: &Studio, now: i64) -> Delivery {
    let amina = person("أمينة حداد", "12025550131");
    let cafe = studio.file(art::photo(Scene::Cafe), "image/jpeg");
    let said = [
        (82, Inbound::text("صباح الخير، هل توصلون الطلبات إلى المقهى؟")),
        (
            81,
            Inbound::location(51.501_2, -0.119_4, Some("مقهى الياسمين"), Some("شارع النهر ١٢")),
        ),
        (80, Inbound::image(&cafe, Some("هذا هو المدخل 🌿"))),
    ];
    vec![told(studio, &amina, now, &said)]
}

/// An order with prices that are no whole numbers, and a question about a product.
fn basket(studio: &Studio, now: i64) -> Delivery {
    let ben = person("Ben Carter", "447700900132");
    let lines = [
        OrderLine::new("mug-blue-speckle", 4, 14.5, "GBP"),
        OrderLine::new("bowl-small", 2, 9.95, "GBP"),
        OrderLine::new("teapot-green", 1, "48.00", "GBP"),
    ];
    let said = [
        (
            72,
            Inbound::text("Is this one dishwasher safe?").about_product("4400115522", "teapot-green"),
        ),
        (
            70,
            Inbound::order("4400115522", Some("Could you wrap the teapot as a gift?"), &lines),
        ),
    ];
    vec![told(studio, &ben, now, &said)]
}

/// Somebody who clicked an advertisement, and somebody who clicked a post.
fn advertisement(studio: &Studio, now: i64) -> Delivery {
    let chiara = person("Chiara Rossi", "12025550132");
    let ad = Referral::ad(
        "120200000000000501",
        "Wheel class on Saturday",
        "Two hours, one wheel, your own bowl.",
    );
    let said = [(
        25,
        Inbound::text("Ciao! Ho visto la vostra pubblicità: c'è ancora posto sabato?").from_click(ad),
    )];
    let liam = person("Liam O'Shea", "447700900146");
    let post = Referral::post(
        "120200000000000502",
        "New on the shelf",
        "Fresh from the kiln this morning.",
    );
    let seen = [(
        40,
        Inbound::text("Is the big blue one in your post still there?").from_click(post),
    )];
    vec![told(studio, &chiara, now, &said), told(studio, &liam, now, &seen)]
}

/// Stickers, still and waving, and a picture that went round the town.
fn stickers(studio: &Studio, now: i64) -> Delivery {
    let yusuf = person("Yusuf Demir", "447700900133");
    let still = studio.file(art::sticker(), "image/webp");
    let waving = studio.file(art::animated_sticker(), "image/webp");
    let vase = studio.file(art::photo(Scene::Vase), "image/jpeg");
    let said = [
        (
            62,
            Inbound::image(&vase, Some("Bu vazo sizin mi? Herkes paylaşıyor!")).frequently_forwarded(),
        ),
        (61, Inbound::sticker(&still, false)),
        (60, Inbound::sticker(&waving, true)),
    ];
    vec![told(studio, &yusuf, now, &said)]
}

/// A message that was edited, and one that was taken back.
fn second_thoughts(studio: &Studio, now: i64) -> Delivery {
    let freya = person("Freya Olsen", "447700900134");
    let (plates, slip) = (studio.wamid("plates"), studio.wamid("slip"));
    let at = |minutes: i64| now - minutes * 60;
    let edit = Inbound::edit(
        &plates,
        &Inbound::text("Hi! Could you put three of the dinner plates aside for me?"),
    );
    let items = vec![
        Inbound::text("Hi! Could you put two of the dinner plates aside for me?").message(
            &freya,
            &plates,
            at(47),
        ),
        Inbound::text("Mum, I'm getting you the plates!!").message(&freya, &slip, at(46)),
        Inbound::revoke(&slip).message(&freya, &new_wamid(), at(45)),
        edit.message(&freya, &new_wamid(), at(44)),
        Inbound::text("Oops, wrong chat just now 🙈").message(&freya, &new_wamid(), at(43)),
    ];
    vec![messages(&studio.number, &[freya], items)]
}

/// A contact card, and an answer to something this inbox has never seen.
fn card_and_quote(studio: &Studio, now: i64) -> Delivery {
    let kwame = person("Kwame Boateng", "447700900135");
    let unknown = studio.wamid("before Deskbell");
    let said = [
        (
            152,
            Inbound::text("Yes, that price is fine for me.").quoting(Some(studio.digits()), &unknown),
        ),
        (
            150,
            Inbound::text("My sister will collect it, here is her number:"),
        ),
        (150, Inbound::card("Abena Boateng", "+44 7700 900145")),
        (
            149,
            Inbound::text("A friend sent me this about your kiln").forwarded(),
        ),
    ];
    vec![told(studio, &kwame, now, &said)]
}

/// A person whose number changed between two messages.
fn new_number(studio: &Studio, now: i64) -> Delivery {
    let before = person("Ingrid Larsen", "447700900136");
    let after = person("Ingrid Larsen", "447700900137");
    let notice = changed_number("Ingrid Larsen", "447700900137", after.user_id.as_deref());
    let said = [(190, Inbound::text("Hei! Is my cake stand ready this week?"))];
    let again = [(
        55,
        Inbound::text("New phone, same Ingrid 🙂 Any news of the cake stand?"),
    )];
    vec![
        told(studio, &before, now, &said),
        notice.change(&studio.number, &before, &new_wamid(), now - 56 * 60),
        told(studio, &after, now, &again),
    ]
}

/// A poll, a message that is not there, and a file that was too large.
fn unreadable(studio: &Studio, now: i64) -> Delivery {
    let ravi = person("Ravi Menon", "447700900138");
    let said = [
        (
            33,
            Inbound::unsupported(Some("poll_creation"), &GraphError::of(131_051)),
        ),
        (32, Inbound::text("Which glaze do you like best? 👆")),
        (31, Inbound::broken("video", &GraphError::of(131_052))),
    ];
    let hilde = person("Hilde Vogt", "447700900147");
    let lost = [(29, Inbound::unsupported(None, &GraphError::of(131_060)))];
    vec![told(studio, &ravi, now, &said), told(studio, &hilde, now, &lost)]
}

/// Two people in a group.
fn group(studio: &Studio, now: i64) -> Delivery {
    const GROUP: &str = "120363000000000501";
    let olga = person("Olga Petrova", "447700900142");
    let dan = person("Dan Whitlock", "447700900143");
    let said = |minutes, who, text: &str| {
        told(
            studio,
            who,
            now,
            &[(minutes, Inbound::text(text).in_group(GROUP))],
        )
    };
    vec![
        said(38, &olga, "Who brings biscuits to the Sunday class?"),
        said(37, &dan, "Me! And does anybody have a spare apron?"),
    ]
}

/// The owner answered on the phone; the customer quotes the answer and likes it.
fn answered_on_the_phone(studio: &Studio, now: i64) -> Delivery {
    let sofia = person("Sofía Marín", "12025550133");
    let answer = studio.wamid("answer on the phone");
    let reply = Inbound::text("¡Genial! Entonces paso el lunes.").quoting(Some(studio.digits()), &answer);
    let words = Inbound::text("Yes, we open at ten on the bank holiday. See you then!");
    vec![
        address_book(&studio.number, &sofia, "add", now - 130 * 60),
        told(
            studio,
            &sofia,
            now,
            &[(122, Inbound::text("¡Buenos días! ¿Abren el lunes festivo?"))],
        ),
        phone_echo(&studio.number, &sofia, &words, &answer, now - 120 * 60),
        told(
            studio,
            &sofia,
            now,
            &[(118, reply), (117, Inbound::reaction(&answer, "❤️"))],
        ),
    ]
}

/// A call that nobody took.
fn missed_call(studio: &Studio, now: i64) -> Delivery {
    let harriet = person("Harriet Wood", "447700900139");
    let id = format!("wacid.{}", studio.wamid("call").replace("wamid.", ""));
    let at = now - 22 * 60;
    vec![
        call(&studio.number, &harriet, &id, "connect", None, at),
        call(
            &studio.number,
            &harriet,
            &id,
            "terminate",
            Some("FAILED"),
            at + 25,
        ),
        told(
            studio,
            &harriet,
            now,
            &[(
                21,
                Inbound::text("I tried to ring you. Can I still change the colour of my order?"),
            )],
        ),
    ]
}

/// Somebody who does not want promotions.
fn no_promotions(studio: &Studio, now: i64) -> Delivery {
    let callum = person("Callum Reid", "447700900140");
    let said = [(
        66,
        Inbound::text("Lovely things, but please no more offers. Is order 104 on its way?"),
    )];
    vec![
        told(studio, &callum, now, &said),
        preference(&studio.number, &callum, "stop", now - 65 * 60),
    ]
}

/// Answers by tapping, to messages from before: a template's button, a reply button, a row, a form.
fn taps(studio: &Studio, now: i64) -> Delivery {
    let earlier = |tag: &str| studio.wamid(tag);
    let ours = Some(studio.digits());
    let zofia = person("Zofia Nowak", "12025550134");
    let emre = person("Emre Kaya", "447700900144");
    let anais = person("Anaïs Fournier", "12025550135");
    let answers = json!({ "name": "Anaïs Fournier", "day": "2026-12-05", "people": 2, "wheel": true });
    vec![
        told(
            studio,
            &zofia,
            now,
            &[
                (
                    88,
                    Inbound::template_button("COLLECT_TODAY", "I'll come today")
                        .quoting(ours, &earlier("ready")),
                ),
                (87, Inbound::text("Będę po siedemnastej, dobrze?")),
            ],
        ),
        told(
            studio,
            &emre,
            now,
            &[
                (
                    76,
                    Inbound::button_reply("glaze_green", "Green glaze").quoting(ours, &earlier("glaze")),
                ),
                (
                    75,
                    Inbound::list_reply("class_sat_10", "Saturday, ten o'clock", Some("Two places left"))
                        .quoting(ours, &earlier("classes")),
                ),
            ],
        ),
        told(
            studio,
            &anais,
            now,
            &[(
                58,
                Inbound::flow(&answers.to_string()).quoting(ours, &earlier("booking")),
            )],
        ),
    ]
}

/// A person known by number only, who later hides it behind a username.
fn before_the_username(studio: &Studio, now: i64) -> Delivery {
    let wei = Customer::phone("Wei Zhang", super::visits::WEI_PHONE);
    let said = [(28 * 60, Inbound::text("Hello, do you repair teapot lids?"))];
    vec![told(studio, &wei, now, &said)]
}

/// What Meta says about the shop's templates and limits.
fn notices(studio: &Studio) -> Delivery {
    let of = |name| TemplateRef {
        id: studio.template_id(name),
        name,
        language: "en_GB",
    };
    vec![
        template_status(&studio.number, of("order_ready"), "APPROVED", None),
        template_quality(&studio.number, of("winter_glazes"), "GREEN", "YELLOW"),
        template_status(&studio.number, of("feedback"), "PAUSED", None),
        quality(&studio.number, "THROUGHPUT_UPGRADE", None, "TIER_10K"),
    ]
}

/// An emoji that came and went, for the visits.
pub(super) fn taken_back(wamid: &str) -> Inbound {
    Inbound::reaction_removed(wamid, Removed::Absent)
}

/// The voice note of the demo, as a file.
pub(super) fn voice(studio: &Studio) -> Inbound {
    Inbound::audio(&studio.file(art::voice(), VOICE_TYPE), true)
}
