//! Asking the language model about one turn.

use super::brain::day;
use super::meanings::{self, Whose};
use super::mind::Ready;
use super::room::Study;
use super::situation::told_before;
use super::writing::Page;
use assistant::guards::{Mask, injection};
use assistant::knowledge::Found;
use assistant::models::{Brain, Call, Line, Occasion, Prompt, TroubleKind, TypedAnswer, Veil};
use assistant::think::{Search, Situation, Speaker, sources, weigh};
use assistant::{Outcome, Source};
use domain::{BotMode, ContactId, ConversationId, Fact, Language, Timestamp, Verdict, route};
use std::sync::Arc;
use store::{ModelCall, StoreError, Turn};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The longest text of a call that is kept, in bytes.
const LONGEST: usize = 512 * 1024;

/// Everything one question needs, so that it can outlive the turn it was asked for: also what was broken off is written
/// down.
struct Errand {
    brain: Arc<Brain>,
    business: String,
    moment: String,
    instructions: Vec<String>,
    facts: Vec<Fact>,
    sources: Vec<Source>,
    history: Vec<Line>,
    person: Person,
    blocked: Vec<String>,
    burst: Vec<String>,
    language: Option<Language>,
    now: Timestamp,
    day: jiff::civil::Date,
}

/// What is known of whoever is answered.
#[derive(Debug, Default)]
struct Person {
    contact: Option<ContactId>,
    name: Option<String>,
    known: Vec<(String, String)>,
    refused: Vec<String>,
    /// What was said before, with who took over and gave back; none: as the situation has it.
    history: Option<Vec<Line>>,
}

/// What a question is about.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) ready: &'a Ready,
    pub(crate) situation: &'a Situation,
    pub(crate) search: &'a Search,
    pub(crate) found: &'a [Found],
}

/// What came of a question, if it helps, and the id of the call.
type Advice = (Option<Outcome>, Option<i64>);

/// Asks the model, when there is one and it may be asked, and returns what came of it with the id of the call. `None`:
/// nothing that helps, so it goes on without. What it writes is shown on `page` while it grows.
pub(super) async fn ask(
    study: &Study,
    turn: &Turn,
    about: About<'_>,
    page: Option<&Page>,
) -> Result<Advice, StoreError> {
    let (conversation, now) = (turn.conversation_id, about.situation.now);
    let Some(brain) = willing(study, about).await else {
        return Ok((None, None));
    };
    let asked = turn.asked;
    let person = study
        .store
        .read(move |reader| {
            let standing = reader.standing(conversation, now)?;
            let may = standing.mode != BotMode::Off && (asked || route(None, &standing).is_ok());
            if !may {
                return Ok(None);
            }
            let person = reader.conversation(conversation)?;
            let lead = reader.lead_of_conversation(conversation)?;
            let values = match &lead {
                Some(lead) => reader.lead_values(lead.id)?,
                None => Vec::new(),
            };
            let known = values
                .into_iter()
                .filter(|known| !known.value.value.is_empty())
                .map(|known| (known.value.field, known.value.value))
                .collect();
            Ok(Some(Person {
                contact: Some(person.contact_id),
                name: person.contact_name,
                known,
                history: Some(told_before(reader, conversation)?),
                refused: lead.map(|lead| lead.refused).unwrap_or_default(),
            }))
        })
        .await?;
    let Some(person) = person else {
        return Ok((None, None));
    };
    Ok(put(study, brain, about, person, (Some(conversation), "answer"), page).await)
}

/// Asks the model about a pretended chat, when there is one. Nothing of a customer is in it.
pub(crate) async fn pretend(study: &Study, about: About<'_>) -> Advice {
    match willing(study, about).await {
        Some(brain) => put(study, brain, about, Person::default(), (None, "simulate"), None).await,
        None => (None, None),
    }
}

/// Returns the model, when there is one that may see what the customer says.
async fn willing(study: &Study, about: About<'_>) -> Option<Arc<Brain>> {
    let brain = study
        .brains
        .ready(&study.store, &study.vault, about.situation.now)
        .await?;
    if injection(&about.search.question).is_some() {
        tracing::info!("the message looks like instructions to a model, so none is asked");
        return None;
    }
    Some(brain)
}

/// Puts a question to the model and weighs what it says.
async fn put(
    study: &Study,
    brain: Arc<Brain>,
    about: About<'_>,
    person: Person,
    (conversation, purpose): (Option<ConversationId>, &'static str),
    page: Option<&Page>,
) -> Advice {
    let About {
        ready,
        situation,
        search,
        found,
    } = about;
    let mind = &ready.mind;
    let now = situation.now;
    let whose = Whose {
        contact: person.contact,
        conversation,
        name: person.name.as_deref(),
    };
    let widened = meanings::widened(study, &brain, ready, (&search.question, now), found, whose).await;
    let found = widened.as_slice();
    let given = sources(mind, situation, search, found);
    let errand = Errand::new(brain, about, given.clone(), person);
    let (pen, growing) = watch::channel(String::new());
    let pen = page.is_some().then_some(pen);
    let work = recorded(study, (conversation, purpose, now), move |stop| async move {
        errand.run(&stop, pen.as_ref()).await
    });
    let told = match page {
        Some(page) => tokio::select! {
            told = work => told,
            () = page.follow(growing) => None,
        },
        None => work.await,
    };
    let Some((call, id)) = told else {
        return (None, None);
    };
    let told = call.prompt.as_ref().map(rules).unwrap_or_default();
    let outcome = match &call.outcome {
        Ok(answer) => weigh(mind, situation, search, found, (&given, &told), answer),
        Err(_) => None,
    };
    (outcome, id)
}

/// Does something with a model and writes down what left by it. Whoever stops waiting stops that too; what had left by
/// then is still written down. `None`: it fell over.
pub(crate) async fn recorded<T, W>(
    study: &Study,
    (conversation, purpose, now): (Option<ConversationId>, &'static str, Timestamp),
    work: impl FnOnce(CancellationToken) -> W,
) -> Option<(Call<T>, Option<i64>)>
where
    T: Send + 'static,
    W: Future<Output = Call<T>> + Send + 'static,
{
    let cancel = study.brains.closing.child_token();
    let work = work(cancel.clone());
    let _stopped = cancel.drop_guard();
    let (store, brains) = (study.store.clone(), Arc::clone(&study.brains));
    let under_way = study.brains.errands.spawn(async move {
        let call = work.await;
        match &call.outcome {
            Ok(_) => brains.note(None),
            Err(trouble) if trouble.kind.needs_person() => brains.note(Some(trouble.words.clone())),
            Err(trouble) => tracing::info!(kind = trouble.kind.as_str(), "the model gave no answer"),
        }
        let id = match record(&call, conversation, purpose, now) {
            Some(row) => match store
                .write(move |transaction| transaction.add_model_call(&row))
                .await
            {
                Ok(id) => Some(id),
                Err(error) => {
                    tracing::error!(%error, "what was asked of a model could not be written down");
                    None
                }
            },
            None => None,
        };
        (call, id)
    });
    match under_way.await {
        Ok(done) => Some(done),
        Err(error) => {
            tracing::error!(%error, purpose, "a question to the model fell over");
            None
        }
    }
}

/// The shop's time zone, or the computer's.
pub(crate) fn zone(ready: &Ready) -> jiff::tz::TimeZone {
    ready
        .settings
        .hours
        .as_ref()
        .and_then(|hours| jiff::tz::TimeZone::get(&hours.zone).ok())
        .unwrap_or_else(jiff::tz::TimeZone::system)
}

/// Of what a model says and what stands without it, the one that is carried out: a draft of words that are wrong in form
/// gives way to a quote.
pub(crate) fn better(model: Option<Outcome>, lexical: Option<Outcome>) -> Option<Outcome> {
    match (model, lexical) {
        (Some(model), Some(lexical)) => {
            let is_wrong_in_form = model.verdict == Verdict::Draft
                && model.flaws.iter().any(|flaw| {
                    matches!(
                        flaw.kind.as_str(),
                        "unknown_source" | "no_sources" | "wrong_language"
                    )
                });
            let is_taken_away = model.verdict == Verdict::Silent;
            Some(if is_wrong_in_form || is_taken_away {
                lexical
            } else {
                model
            })
        }
        (model, lexical) => model.or(lexical),
    }
}

impl Errand {
    fn new(brain: Arc<Brain>, about: About<'_>, sources: Vec<Source>, person: Person) -> Self {
        let About {
            ready,
            situation,
            search,
            ..
        } = about;
        let (mind, now, zone) = (&ready.mind, situation.now, zone(ready));
        let known = person.known.iter().map(|(field, _)| field);
        Self {
            brain,
            business: mind.manner.business_name.clone(),
            moment: moment(ready, &zone, now),
            instructions: lines(&mind.manner.instructions),
            facts: mind
                .facts
                .iter()
                .filter(|fact| fact.valid_to.is_none_or(|end| now < end))
                .cloned()
                .collect(),
            sources,
            history: person
                .history
                .clone()
                .unwrap_or_else(|| situation.history.iter().map(told).collect()),
            blocked: known.chain(&person.refused).cloned().collect(),
            burst: situation
                .burst
                .iter()
                .filter_map(|heard| heard.text.clone())
                .collect(),
            language: Some(search.language),
            person,
            now,
            day: day(&zone, now).0,
        }
    }

    async fn run(
        &self,
        stop: &CancellationToken,
        shown: Option<&watch::Sender<String>>,
    ) -> Call<TypedAnswer> {
        let prompt = Prompt {
            business: &self.business,
            moment: &self.moment,
            never: &[],
            instructions: &self.instructions,
            facts: &self.facts,
            sources: &self.sources,
            history: &self.history,
            known: &self.person.known,
            blocked: &self.blocked,
            burst: &self.burst,
            language: self.language,
        };
        let occasion = Occasion {
            now: self.now,
            day: self.day,
            contact: self.person.contact,
            cancel: stop,
            shown,
        };
        let mut mask = mask(self.person.name.as_deref(), &self.person.known);
        let veil = (!self.brain.is_local()).then_some(&mut mask as &mut dyn Veil);
        self.brain.answer(&prompt, veil, &occasion).await
    }
}

/// What hides somebody from a model that runs elsewhere: every name of theirs that is known, besides all the rest.
pub(crate) fn mask(name: Option<&str>, known: &[(String, String)]) -> Mask {
    let said = known.iter().filter(|(field, _)| field == "name");
    let names: Vec<&str> = name
        .into_iter()
        .chain(said.map(|(_, value)| value.as_str()))
        .collect();
    Mask::new(&names)
}

/// What of a prompt must not be repeated: its rules with the canary, and not the facts, which are there to be told.
fn rules(prompt: &assistant::models::Composed) -> String {
    let lines: Vec<&str> = prompt
        .system
        .lines()
        .filter(|line| !line.starts_with("| "))
        .collect();
    format!("{}\n{}", lines.join("\n"), prompt.canary)
}

pub(super) fn told(line: &assistant::think::Line) -> Line {
    match line.speaker {
        Speaker::Customer => Line::Customer(line.text.clone()),
        Speaker::Assistant => Line::Assistant(line.text.clone()),
        Speaker::Colleague => Line::Colleague(line.text.clone()),
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

fn moment(ready: &Ready, zone: &jiff::tz::TimeZone, now: Timestamp) -> String {
    let open = match ready.mind.is_open(now) {
        Some(true) => ", the shop is open",
        Some(false) => ", the shop is closed",
        None => "",
    };
    jiff::Timestamp::from_millisecond(now.0).map_or_else(
        |_| String::new(),
        |moment| {
            let local = moment.to_zoned(zone.clone());
            format!("{}{open}", local.strftime("%A, %Y-%m-%d, %H:%M"))
        },
    )
}

/// Returns a call as it is kept; none when nothing left this computer.
pub(crate) fn record<T>(
    call: &Call<T>,
    conversation: Option<ConversationId>,
    purpose: &str,
    now: Timestamp,
) -> Option<ModelCall> {
    let left: Vec<_> = call
        .exchanges
        .iter()
        .filter(|exchange| !exchange.sent.is_empty())
        .collect();
    let first = left.first()?;
    let join = |texts: Vec<&str>| {
        let mut text = texts.join("\n\n");
        let mut end = text.len().min(LONGEST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text
    };
    let number = |tokens: u64| u32::try_from(tokens).unwrap_or(u32::MAX);
    let received = join(left.iter().map(|exchange| exchange.received.as_str()).collect());
    Some(ModelCall {
        id: 0,
        conversation_id: conversation,
        purpose: purpose.to_owned(),
        host: host(&first.url),
        model: call.model.clone(),
        sent: join(left.iter().map(|exchange| exchange.sent.as_str()).collect()),
        received: Some(received).filter(|text| !text.trim().is_empty()),
        trouble: call.outcome.as_ref().err().map(|trouble| match trouble.kind {
            TroubleKind::Cancelled => "It was not waited for any more.".to_owned(),
            _ => trouble.words.clone(),
        }),
        tokens_in: number(call.usage.input),
        tokens_out: number(call.usage.output),
        cost_micros: i64::try_from(call.cost).unwrap_or(i64::MAX),
        took_ms: i64::try_from(call.took.as_millis()).unwrap_or(i64::MAX),
        created_at: now,
    })
}

/// The host and port of an address.
pub(crate) fn host(url: &str) -> String {
    let Ok(parsed) = url::Url::parse(url) else {
        return url.to_owned();
    };
    let name = parsed.host_str().unwrap_or_default();
    match parsed.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}
