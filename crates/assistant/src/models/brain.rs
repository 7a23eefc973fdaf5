//! A model with everything around it that keeps it harmless: permission to be asked, money, masking, deadlines, form.

use super::answer::{Measure, TypedAnswer, object, read, shape};
use super::breaker::Breaker;
use super::budget::{Budget, Limits, SetAside};
use super::ladder::{Climb, Climbed, Ear};
use super::mask::Veil;
use super::model::{Care, Embedded, Exchange, Finish, LanguageModel, Reply, Rung, Shape};
use super::peek::Peek;
use super::probe::Capabilities;
use super::prompt::{Composed, Marks, Prompt, form, form_of};
use super::trouble::{Trouble, TroubleKind};
use super::usage::{Prices, Usage, estimated_tokens};
use domain::{ContactId, Timestamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The longest answer, in tokens: a message has 4,096 characters at most and should have far fewer.
const LONGEST_ANSWER: u32 = 900;
/// Room that is left for the answer's form besides the answer, in tokens.
const FORM: u64 = 500;

/// How long to wait (assistant.md, section 3.8), in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deadlines {
    /// For the first word.
    pub first_word_ms: u64,
    /// For everything, also when it is asked several times.
    pub total_ms: u64,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            first_word_ms: 8_000,
            total_ms: 20_000,
        }
    }
}

/// What the owner chose for a model, besides which it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrainSettings {
    /// What the probe found.
    pub capabilities: Capabilities,
    /// What it costs.
    pub prices: Prices,
    /// What it may cost.
    pub limits: Limits,
    /// How long to wait.
    pub deadlines: Deadlines,
}

/// The circumstances of one call.
#[derive(Debug)]
pub struct Occasion<'a> {
    /// The moment it begins.
    pub now: Timestamp,
    /// The day it counts to, in the shop's time zone.
    pub day: Date,
    /// Whose question it is; none for what is no customer's, such as a test.
    pub contact: Option<ContactId>,
    /// Cancelled when nobody wants the answer any more.
    pub cancel: &'a CancellationToken,
    /// Where the growing text of the answer is shown, unmasked; always all of it so far.
    pub shown: Option<&'a watch::Sender<String>>,
}

/// What came of a call, with everything the operator may want to look at.
#[derive(Debug, Clone)]
pub struct Call<T> {
    /// The answer, unmasked, or why there is none.
    pub outcome: Result<T, Trouble>,
    /// Every request that was made for it, in order: what left and what came back, as it travelled.
    pub exchanges: Vec<Exchange>,
    /// The prompt in the words that left, with its canary; none when nothing was put together.
    pub prompt: Option<Composed>,
    /// Tokens of all requests.
    pub usage: Usage,
    /// What they cost, in millionths of the owner's currency.
    pub cost: u64,
    /// How long it took.
    pub took: Duration,
    /// The model's name.
    pub model: String,
    /// What the owner calls the place it runs at.
    pub place: String,
    /// Whether everything stayed in the house.
    pub is_local: bool,
}

/// A model that may be asked.
#[derive(Debug)]
pub struct Brain {
    model: Arc<dyn LanguageModel>,
    settings: BrainSettings,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    breaker: Breaker,
    budget: Budget,
    /// The rung that held last; asking begins there.
    held: Option<Rung>,
}

/// Releases what an interrupted call has set aside: its future may be dropped at any await.
struct Ticket<'a> {
    brain: &'a Brain,
    aside: Option<SetAside>,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if self.aside.take().is_some() {
            // What it cost is not known, so what was set aside stays counted.
            self.brain.state().breaker.abandoned();
        }
    }
}

impl Brain {
    /// Makes one. Nothing is sent by that.
    pub fn new(model: Arc<dyn LanguageModel>, settings: BrainSettings) -> Self {
        Self {
            model,
            settings,
            state: Mutex::default(),
        }
    }

    /// Takes over what was used on `day` before the program started: cost in millionths of the owner's currency, and
    /// tokens by contact.
    pub fn restore(&self, day: Date, cost: u64, tokens: HashMap<ContactId, u64>) {
        self.state().budget.restore(day, cost, tokens);
    }

    /// Whether what is asked stays in the house, so that it need not be masked.
    pub fn is_local(&self) -> bool {
        self.model.is_local()
    }

    /// The model.
    pub fn model(&self) -> &dyn LanguageModel {
        self.model.as_ref()
    }

    /// Until when the model is left alone after failures, if it is.
    pub fn resting_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.state().breaker.open_until(now)
    }

    /// What was spent on `day`, in millionths of the owner's currency.
    pub fn spent(&self, day: Date) -> u64 {
        self.state().budget.cost(day)
    }

    /// Asks for an answer to a customer.
    ///
    /// `veil` masks what leaves; without one nothing is sent to a place outside the house. The answer comes back
    /// unmasked, with the reasons that speak against sending it; it has not met the guards yet.
    pub async fn answer(
        &self,
        prompt: &Prompt<'_>,
        mut veil: Option<&mut dyn Veil>,
        occasion: &Occasion<'_>,
    ) -> Call<TypedAnswer> {
        if let Some(trouble) = self.unmasked(veil.is_some()) {
            return self.not_asked(trouble);
        }
        let room = self.settings.capabilities.context.map(|context| {
            u64::from(context)
                .saturating_sub(u64::from(LONGEST_ANSWER) + FORM)
                .max(FORM)
        });
        let composed = prompt.composed(
            veil.as_mut().map(|veil| &mut **veil as &mut dyn Veil),
            Marks::drawn(),
            room,
        );
        let veil = veil.as_deref();
        let measure = Measure {
            sources: &composed.sources,
            language: prompt.language,
        };
        let shape = shape();
        let wanted = Wanted {
            system: &composed.system,
            user: &composed.user,
            shape: &shape,
            form: &form,
        };
        let mut ear = Watcher::new(occasion.shown, veil);
        let mut call = self
            .ask(wanted, occasion, &mut ear, &mut |said| read(said, measure))
            .await;
        if let (Ok(answer), Some(veil)) = (&mut call.outcome, veil) {
            answer.text = veil.unmask(&answer.text);
            for field in &mut answer.missing_fields {
                *field = veil.unmask(field);
            }
        }
        call.prompt = Some(composed);
        call
    }

    /// Asks for JSON of `shape`, for work that is no reply: reading leads, judging a test. `system` and `user` are
    /// masked here, and the texts in the answer unmasked. Whether the JSON keeps to the shape is for the caller to see.
    pub async fn extract(
        &self,
        (system, user): (&str, &str),
        shape: &Shape,
        mut veil: Option<&mut dyn Veil>,
        occasion: &Occasion<'_>,
    ) -> Call<Value> {
        if let Some(trouble) = self.unmasked(veil.is_some()) {
            return self.not_asked(trouble);
        }
        let mut hidden = |text: &str| match veil.as_deref_mut() {
            Some(veil) => veil.mask(text),
            None => text.to_owned(),
        };
        let (system, user) = (hidden(system), hidden(user));
        let veil = veil.as_deref();
        let form = |rung| match rung {
            Rung::Schema | Rung::Tool => String::new(),
            Rung::Json | Rung::Text => form_of(&shape.schema),
        };
        let wanted = Wanted {
            system: &system,
            user: &user,
            shape,
            form: &form,
        };
        let mut ear = Watcher::new(None, None);
        let mut call = self
            .ask(wanted, occasion, &mut ear, &mut |said| {
                object(said).ok_or_else(|| "It is not a JSON object.".to_owned())
            })
            .await;
        if let (Ok(json), Some(veil)) = (&mut call.outcome, veil) {
            unmask_all(json, veil);
        }
        call
    }

    /// Vectors for `texts`, masked like everything that leaves. `model` is the embedding model.
    pub async fn embed(
        &self,
        model: &str,
        texts: &[String],
        mut veil: Option<&mut dyn Veil>,
        occasion: &Occasion<'_>,
    ) -> Call<Embedded> {
        if let Some(trouble) = self.unmasked(veil.is_some()) {
            return self.not_asked(trouble);
        }
        let texts: Vec<String> = texts
            .iter()
            .map(|text| match veil.as_deref_mut() {
                Some(veil) => veil.mask(text),
                None => text.clone(),
            })
            .collect();
        let tokens = texts.iter().map(|text| estimated_tokens(text)).sum();
        let mut ticket = match self.admitted(occasion, (tokens, 0)) {
            Ok(ticket) => ticket,
            Err(trouble) => return self.not_asked(trouble),
        };
        let care = self.care(occasion);
        let began = Instant::now();
        let outcome = self.model.embed(model, &texts, &care).await;
        let took = began.elapsed();
        let usage = outcome
            .as_ref()
            .map_or(Usage::default(), |embedded| embedded.usage);
        let cost = self.settings.prices.cost(usage);
        let trouble = outcome.as_ref().err().map(|trouble| trouble.kind);
        self.settle(
            &mut ticket,
            trouble,
            (cost, usage.total()),
            occasion.now.plus(took),
        );
        let exchange = Exchange {
            url: self.model.place_name().to_owned(),
            sent: match &outcome {
                Ok(embedded) => embedded.sent.clone(),
                Err(trouble) if trouble.kind == TroubleKind::NotOffered => String::new(),
                // What was broken off may have left.
                Err(_) => texts.join("\n"),
            },
            received: outcome.as_ref().map_or_else(
                |_| String::new(),
                |embedded| {
                    let length = embedded.vectors.first().map_or(0, Vec::len);
                    format!("{} lists of {length} numbers", embedded.vectors.len())
                },
            ),
            status: None,
            rung: Rung::Text,
            usage,
            took,
            first_word: None,
            outcome: match &outcome {
                Ok(_) => Ok(Reply {
                    text: String::new(),
                    finish: Finish::Done,
                    streamed: false,
                }),
                Err(trouble) => Err(trouble.clone()),
            },
        };
        Call {
            outcome,
            exchanges: vec![exchange],
            usage,
            cost,
            took,
            model: model.to_owned(),
            ..self.not_asked(Trouble::cancelled())
        }
    }

    async fn ask<T>(
        &self,
        wanted: Wanted<'_>,
        occasion: &Occasion<'_>,
        ear: &mut dyn Ear,
        judge: &mut (dyn FnMut(&str) -> Result<T, String> + Send),
    ) -> Call<T> {
        let began = Instant::now();
        let Wanted {
            system,
            user,
            shape,
            form,
        } = wanted;
        let input = estimated_tokens(system) + estimated_tokens(user);
        let mut ticket = match self.admitted(occasion, (input, u64::from(LONGEST_ANSWER))) {
            Ok(ticket) => ticket,
            Err(trouble) => return self.not_asked(trouble),
        };
        let climb = Climb {
            model: self.model.as_ref(),
            system,
            user,
            shape,
            form,
            rungs: self.rungs(),
            longest: LONGEST_ANSWER,
            stream: self.settings.capabilities.streaming,
        };
        let Climbed {
            outcome,
            exchanges,
            rung,
        } = climb.climb(&self.care(occasion), ear, judge).await;
        let usage = exchanges
            .iter()
            .fold(Usage::default(), |all, one| all.plus(one.usage));
        let cost = self.settings.prices.cost(usage);
        if rung.is_some() {
            self.state().held = rung;
        }
        let trouble = outcome.as_ref().err().map(|trouble| trouble.kind);
        self.settle(
            &mut ticket,
            trouble,
            (cost, usage.total()),
            occasion.now.plus(began.elapsed()),
        );
        Call {
            outcome,
            exchanges,
            prompt: None,
            usage,
            cost,
            took: began.elapsed(),
            model: self.model.model().to_owned(),
            place: self.model.place_name().to_owned(),
            is_local: self.model.is_local(),
        }
    }

    fn admitted(&self, occasion: &Occasion<'_>, (input, output): (u64, u64)) -> Result<Ticket<'_>, Trouble> {
        let usage = Usage {
            input,
            output,
            estimated: true,
        };
        let most = (self.settings.prices.cost(usage), usage.total());
        let mut state = self.state();
        let aside = state
            .budget
            .admit(self.settings.limits, occasion.day, occasion.contact, most)?;
        if state.breaker.admit(occasion.now).is_err() {
            state.budget.settle(aside, (0, 0));
            return Err(Trouble::new(
                TroubleKind::Resting,
                format!(
                    "{} failed several times, so it is left alone for a few minutes. The assistant answers from skills and \
                     knowledge meanwhile.",
                    self.model.place_name()
                ),
            ));
        }
        drop(state);
        Ok(Ticket {
            brain: self,
            aside: Some(aside),
        })
    }

    fn settle(
        &self,
        ticket: &mut Ticket<'_>,
        trouble: Option<TroubleKind>,
        used: (u64, u64),
        now: Timestamp,
    ) {
        let mut state = self.state();
        if let Some(aside) = ticket.aside.take() {
            state.budget.settle(aside, used);
        }
        match trouble {
            None => state.breaker.succeeded(),
            Some(kind) if kind.is_failure() => state.breaker.failed(now),
            Some(_) => state.breaker.abandoned(),
        }
    }

    /// The rungs worth trying, beginning with the one that held last.
    fn rungs(&self) -> Vec<Rung> {
        let held = self.state().held;
        let capabilities = &self.settings.capabilities;
        self.model
            .rungs()
            .iter()
            .copied()
            .filter(|rung| capabilities.has(*rung) && held.is_none_or(|held| *rung >= held))
            .collect()
    }

    fn care(&self, occasion: &Occasion<'_>) -> Care {
        let Deadlines {
            first_word_ms,
            total_ms,
        } = self.settings.deadlines;
        Care {
            first_word: Duration::from_millis(first_word_ms),
            until: Instant::now() + Duration::from_millis(total_ms),
            cancel: occasion.cancel.clone(),
        }
    }

    fn unmasked(&self, has_veil: bool) -> Option<Trouble> {
        (!has_veil && !self.model.is_local()).then(|| {
            Trouble::new(
                TroubleKind::Unmasked,
                "Personal data would have left this computer readable, so nothing was sent. This is a mistake of \
                 Deskbell; please report it.",
            )
        })
    }

    fn not_asked<T>(&self, trouble: Trouble) -> Call<T> {
        Call {
            outcome: Err(trouble),
            exchanges: Vec::new(),
            prompt: None,
            usage: Usage::default(),
            cost: 0,
            took: Duration::ZERO,
            model: self.model.model().to_owned(),
            place: self.model.place_name().to_owned(),
            is_local: self.model.is_local(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question in the words that leave, and the form its answer should have.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    system: &'a str,
    user: &'a str,
    shape: &'a Shape,
    /// How the form is asked for on each rung.
    form: &'a (dyn Fn(Rung) -> String + Sync),
}

/// Shows the growing answer, unmasked.
struct Watcher<'a> {
    peek: Peek,
    shown: Option<&'a watch::Sender<String>>,
    veil: Option<&'a (dyn Veil + 'a)>,
}

impl<'a> Watcher<'a> {
    fn new(shown: Option<&'a watch::Sender<String>>, veil: Option<&'a (dyn Veil + 'a)>) -> Self {
        Self {
            peek: Peek::default(),
            shown,
            veil,
        }
    }
}

impl Ear for Watcher<'_> {
    fn piece(&mut self, words: &str) {
        let Some(shown) = self.shown else { return };
        if self.peek.push(words) {
            let text = self.peek.answer();
            shown.send_replace(
                self.veil
                    .map_or_else(|| text.to_owned(), |veil| veil.unmask(text)),
            );
        }
    }

    fn again(&mut self) {
        self.peek = Peek::default();
        if let Some(shown) = self.shown {
            shown.send_if_modified(|text| !std::mem::take(text).is_empty());
        }
    }
}

fn unmask_all(json: &mut Value, veil: &dyn Veil) {
    match json {
        Value::String(text) => *text = veil.unmask(text),
        Value::Array(list) => list.iter_mut().for_each(|entry| unmask_all(entry, veil)),
        Value::Object(fields) => fields.iter_mut().for_each(|(_, value)| unmask_all(value, veil)),
        _ => {}
    }
}
