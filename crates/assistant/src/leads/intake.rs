//! The questions the owner wants answered, one for each reply at most.

use super::merge::Held;
use super::reading::{Reading, fold};
use super::rules::Offer;
use super::signals::{Signals, is_small_talk_in};
use super::words::Phrases;
use domain::Language;
use std::sync::LazyLock;

/// A question of the owner's, for one field of a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeQuestion {
    /// The field it fills.
    pub field: String,
    /// Its words, by language; those without one serve for all.
    pub texts: Vec<(Option<Language>, String)>,
    /// The services it is asked for, by name; none: for all.
    pub services: Vec<String>,
}

/// The questions in the order the owner wants them asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Intake {
    /// The questions.
    pub questions: Vec<IntakeQuestion>,
}

/// What a customer's last message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TurnKind {
    /// A wish to buy, or something that may become one: questions are asked here only.
    Sales,
    /// Hours, address and the like.
    Information,
    /// What was bought already: complaints, returns, rules.
    Procedure,
    /// A greeting or a nod.
    SmallTalk,
}

/// What happened so far, as far as questions are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a reason of its own not to ask"
)]
pub struct History {
    /// How many turns the customer has had.
    pub customer_turns: u32,
    /// Fields the customer refused to tell, each once.
    pub refused: Vec<String>,
    /// Fields that were asked for, in order, each time.
    pub asked: Vec<String>,
    /// What the last message is about.
    pub kind: TurnKind,
    /// Whether the reply this would be added to answers something.
    pub answers: bool,
    /// Whether the service window is open.
    pub window_open: bool,
    /// Whether the customer asked not to be written to.
    pub opted_out: bool,
    /// Whether the last two messages of the customer led nowhere ([`super::is_no_progress`]).
    pub no_progress: bool,
    /// The language of the reply.
    pub language: Option<Language>,
}

/// A question to add to a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The field it asks for; goes with the reply as its `asked_field`.
    pub field: String,
    /// Its words.
    pub text: String,
}

/// After so many refusals nothing is asked any more.
const REFUSALS: usize = 2;
/// How often the same is asked when the customer spoke of something else.
const TIMES: usize = 2;

static PROCEDURE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        refund* | return policy | return my | return it | complain* | broken | damaged | cancel* |
        where is my order | my order hasn't | my order has not | my order never | track my order | status of my order | warranty | invoice | privacy | reembolso* | devolver |
        devolucion* | reclam* | cancelar | garantia | dónde está mi pedido | mi pedido no | factura | devolu* | cadê meu pedido | onde está meu pedido | meu pedido não |
        nota fiscal | troca | remboursement | rembourser | retourner | annuler | où est ma commande |
        facture | rückerstattung | zurückgeben | reklam* | stornieren | beschwer* | kaputt |
        wo ist meine bestellung | meine bestellung ist | rechnung | rimborso | restituire | reso | annullare | dov'è il mio ordine |
        fattura | iade* | iptal* | şikayet* | siparişim nerede | siparişim gelmedi | siparişim hala | fatura* | garanti* | bozuk | استرجاع |
        استرداد | ارجاع | شكوى | الغاء | أين طلبي | وين طلبي | طلبي لم | فاتورة | ضمان | वापस | रिफंड | शिकायत | रद्द |
        मेरा ऑर्डर कहां | मेरा ऑर्डर नहीं | वारंटी | pengembalian | refund | komplain | batal* | pesanan saya belum | mana pesanan saya | garansi |
        rusak
    ",
    )
});
static INFORMATION: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        opening hours | what time do you open | are you open | when do you open | when do you close |
        where are you | your address | parking | wifi | horario* | a que hora abren | estan abiertos |
        donde estan | direccion | que horas abre | que horas abrem | onde fica | endereco |
        estacionamento | horaires | vous etes ouverts | ou etes vous | ou êtes-vous | votre adresse |
        öffnungszeiten | habt ihr offen | habt ihr geöffnet | wann öffnet | wo seid ihr |
        wo finde ich | parkplatz | orari* | siete aperti | dove siete | indirizzo | calisma saat* |
        kacta aciliyor | acik misiniz | nerede* | adresiniz | ساعات العمل | متى تفتحون | وين موقعكم |
        العنوان | اين انتم | कब खुल | कितने बजे | पता क्या | कहां है | कहाँ है | jam buka | buka jam |
        alamatnya | di mana
    ",
    )
});

/// Says what a customer's message is about.
pub fn turn_kind(text: &str, services: &[Offer]) -> TurnKind {
    let reading = Reading::of(text);
    let signals = Signals::in_reading(&reading);
    if is_small_talk_in(&reading) {
        TurnKind::SmallTalk
    } else if is_procedure(&reading) {
        TurnKind::Procedure
    } else if INFORMATION.are_in(&reading)
        && !signals.decisive
        && super::rules::service(&reading, services).is_none()
    {
        TurnKind::Information
    } else {
        TurnKind::Sales
    }
}

/// Whether a message is about what was bought already.
pub(super) fn is_procedure(reading: &Reading<'_>) -> bool {
    PROCEDURE.are_in(reading)
}

/// How many of the questions count by now: all when there are two at most, else more with every few turns.
const fn effective(questions: usize, customer_turns: u32) -> usize {
    let most = match customer_turns {
        0..=3 => 2,
        4..=5 => 3,
        _ => 4,
    };
    if questions <= 2 || questions < most {
        questions
    } else {
        most
    }
}

/// Returns the question to add to a reply, if one may be asked now.
///
/// Only behind an answer, only where something may be sold, never for what is known or was refused, and never when the
/// customer could not answer or wants to be left alone.
pub fn next_question(intake: &Intake, values: &[Held], history: &History) -> Option<Question> {
    let may_ask = history.kind == TurnKind::Sales
        && history.answers
        && history.window_open
        && !history.opted_out
        && !history.no_progress
        && history.refused.len() < REFUSALS;
    if !may_ask {
        return None;
    }
    let interest = values
        .iter()
        .find(|held| held.value.field == "interest")
        .map(|held| fold(&held.value.value));
    let is_for_it = |question: &&IntakeQuestion| {
        question.services.is_empty()
            || interest
                .as_ref()
                .is_some_and(|interest| question.services.iter().any(|service| fold(service) == *interest))
    };
    let questions: Vec<&IntakeQuestion> = intake.questions.iter().filter(is_for_it).collect();
    let is_open = |question: &&&IntakeQuestion| {
        let field = question.field.as_str();
        let is_known = values
            .iter()
            .any(|held| held.value.field == field && is_known_enough(held));
        let asked = history.asked.iter().filter(|asked| *asked == field).count();
        // Not twice in a row: the customer saw it.
        let was_just_asked = history.asked.last().is_some_and(|last| last == field);
        !is_known
            && !history.refused.iter().any(|refused| refused == field)
            && asked < TIMES
            && !was_just_asked
    };
    questions
        .iter()
        .take(effective(questions.len(), history.customer_turns))
        .filter(is_open)
        .find_map(|question| {
            text_in(question, history.language).map(|text| Question {
                field: question.field.clone(),
                text,
            })
        })
}

/// A name of the profile need not be the customer's: it may be asked for. The number they write from is enough.
fn is_known_enough(held: &Held) -> bool {
    held.locked
        || (!held.value.value.is_empty()
            && (held.value.method != domain::LeadMethod::Profile || held.value.field == "phone"))
}

fn text_in(question: &IntakeQuestion, language: Option<Language>) -> Option<String> {
    let texts = || question.texts.iter().filter(|(_, text)| !text.trim().is_empty());
    texts()
        .find(|(own, _)| own.is_some() && *own == language)
        .or_else(|| texts().find(|(own, _)| own.is_none()))
        .or_else(|| texts().next().filter(|_| language.is_none()))
        .map(|(_, text)| text.trim().to_owned())
}
