//! Guests who write while the demo is looked at: the arrivals that show most come within the first twenty seconds, the
//! last after two minutes. All people are invented.

use super::guests::{taken_back, voice};
use super::studio::{Studio, person};
use crate::art::{self, Scene};
use crate::clock;
use crate::graph::GraphError;
use crate::webhook::{self, Change, Customer, Inbound, new_wamid};

/// The number Wei Zhang had shown before, and will share again.
pub(super) const WEI_PHONE: &str = "447700900150";

/// One arrival.
#[derive(Clone, Copy)]
pub(super) struct Visit {
    /// Milliseconds after the opening.
    pub(super) after: u64,
    /// What arrives.
    pub(super) brings: fn(&Studio) -> Vec<Change>,
}

/// In order of time. Pictures of one album are arrivals of their own, a moment apart.
pub(super) const VISITS: &[Visit] = &[
    visit(4_000, |studio| {
        photo(
            studio,
            Scene::Plates,
            Some("These are my grandmother's. Could you make two more?"),
        )
    }),
    visit(4_600, |studio| photo(studio, Scene::BrokenBowl, None)),
    visit(5_100, |studio| photo(studio, Scene::Mug, None)),
    visit(5_700, |studio| photo(studio, Scene::Teapot, None)),
    visit(13_000, |studio| says(studio, &marco(), &voice(studio))),
    visit(17_000, |studio| {
        let film = studio.file(art::video(), "video/mp4");
        says(
            studio,
            &theo(),
            &Inbound::video(&film, Some("Look, my first bowl on your wheel! 🎉")),
        )
    }),
    visit(27_000, |studio| {
        let liked = studio.wamid("answer on the phone");
        says(
            studio,
            &person("Sofía Marín", "12025550133"),
            &Inbound::reaction(&liked, "👍"),
        )
    }),
    visit(39_000, |studio| {
        let liked = studio.wamid("answer on the phone");
        says(studio, &person("Sofía Marín", "12025550133"), &taken_back(&liked))
    }),
    visit(50_000, |studio| {
        says(
            studio,
            &wei(),
            &Inbound::text("Hi, it's about the teapot lid again. Can you see my number?"),
        )
    }),
    visit(63_000, |studio| {
        // Written in the train, three hours ago.
        let late = Inbound::text("I'm on the train now, please don't fire my pieces before I'm back!");
        let at = clock::unix_seconds() - 3 * 60 * 60;
        vec![late.change(
            &studio.number,
            &person("Nils Bergström", "447700900149"),
            &new_wamid(),
            at,
        )]
    }),
    visit(79_000, |studio| {
        // The number is visible again: both contacts turn out to be one person.
        says(
            studio,
            &visible_wei(),
            &Inbound::text("Now you should see it. It's the brown one with the bamboo handle."),
        )
    }),
    visit(95_000, |studio| {
        says(
            studio,
            &marco(),
            &Inbound::location(51.508_1, -0.075_9, Some("Larkfield car park"), None),
        )
    }),
    visit(110_000, |studio| {
        let error = GraphError::of(130_429)
            .details("Message failed to send because there were too many messages in a short time.");
        vec![webhook::errors(&studio.number, &[error])]
    }),
];

const fn visit(after: u64, brings: fn(&Studio) -> Vec<Change>) -> Visit {
    Visit { after, brings }
}

fn marco() -> Customer {
    person("Marco Bellini", "12025550141")
}

fn theo() -> Customer {
    person("Theo Papadakis", "447700900148")
}

/// Shows a username and no number.
fn wei() -> Customer {
    Customer::hidden("Wei Zhang", "GB.70150299018834467712", "@wei.teapots")
}

/// Shows the number as well.
fn visible_wei() -> Customer {
    Customer {
        wa_id: Some(WEI_PHONE.to_owned()),
        ..wei()
    }
}

fn says(studio: &Studio, who: &Customer, what: &Inbound) -> Vec<Change> {
    vec![what.change(&studio.number, who, &new_wamid(), clock::unix_seconds())]
}

fn photo(studio: &Studio, scene: Scene, caption: Option<&str>) -> Vec<Change> {
    let picture = studio.file(art::photo(scene), "image/jpeg");
    says(
        studio,
        &person("Elif Aydın", "447700900141"),
        &Inbound::image(&picture, caption),
    )
}

/// The people who can be answered with the words they say then.
pub(super) fn thanks() -> Vec<(Customer, &'static str)> {
    let someone = |name, wa_id, words| (person(name, wa_id), words);
    vec![
        someone(
            "Elif Aydın",
            "447700900141",
            "Thank you so much, she will be so happy 🥹",
        ),
        someone("Marco Bellini", "12025550141", "Perfetto, grazie mille!"),
        someone("Theo Papadakis", "447700900148", "Can't wait for the next class!"),
        someone("Priya Nair", "447700900131", "Wonderful, I'll tell the team."),
        someone("أمينة حداد", "12025550131", "شكرًا جزيلًا، بانتظاركم 🌷"),
        someone("Ben Carter", "447700900132", "Great, thanks!"),
        someone("Chiara Rossi", "12025550132", "Che bello, a sabato!"),
        someone("Yusuf Demir", "447700900133", "Teşekkürler, yarın uğrarım."),
        someone("Freya Olsen", "447700900134", "Tusen takk!"),
        someone("Kwame Boateng", "447700900135", "Perfect, she'll come on Friday."),
        someone("Ingrid Larsen", "447700900137", "Good to know, see you soon."),
        someone(
            "Ravi Menon",
            "447700900138",
            "Ah, no polls. I meant: blue or green?",
        ),
        someone(
            "Hilde Vogt",
            "447700900147",
            "Then once more: Haben Sie am Sonntag geöffnet?",
        ),
        someone("Sofía Marín", "12025550133", "¡Gracias!"),
        someone("Harriet Wood", "447700900139", "That's kind of you, thank you."),
        someone("Callum Reid", "447700900140", "Cheers."),
        someone("Zofia Nowak", "12025550134", "Dziękuję, do zobaczenia!"),
        someone("Emre Kaya", "447700900144", "Süper, teşekkürler."),
        someone("Anaïs Fournier", "12025550135", "Merci beaucoup, à bientôt !"),
        someone("Liam O'Shea", "447700900146", "Grand, I'll take it."),
        someone("Nils Bergström", "447700900149", "Tack!"),
        someone("Inés Romero", "12025550136", "¡Genial, gracias!"),
        someone("Jack Turner", "447700900154", "Perfect, thank you!"),
        someone("Rosie Clarke", "447700900152", "Great, thanks!"),
        someone("Mehmet Arslan", "447700900153", "Teşekkürler!"),
        someone("Ella Fox", "447700900155", "Thank you!"),
        someone("Tilly Marsh", "447700900157", "Lovely, thank you!"),
        someone("Leah Sutton", "447700900156", "Thanks, see you then."),
        someone("Bruno Alves", "12025550138", "Obrigado!"),
        someone("ياسمين فرح", "12025550137", "شكرًا جزيلًا"),
        someone("Graham Pell", "447700900158", "Ah, thank you."),
        someone("Wendy Hart", "447700900159", "Thank you for looking after it."),
        (wei(), "Thanks, that helps a lot."),
        (visible_wei(), "Thanks, that helps a lot."),
    ]
}
