//! Gets an answer of a given form out of a model, from the strictest way of asking to the loosest
//! (assistant.md, section 3.7).

use super::model::{Care, Exchange, Finish, LanguageModel, Question, Rung, Said, Shape};
use super::trouble::{Trouble, TroubleKind};

/// So many of a server's dislikes are learnt in one climb.
const MOST_ADJUSTMENTS: u8 = 4;
/// The longest bad answer that is shown to the model for repair, in characters.
const LONGEST_SHOWN: usize = 4_000;

/// A question that wants an answer of a form.
pub(super) struct Climb<'a> {
    pub(super) model: &'a dyn LanguageModel,
    pub(super) system: &'a str,
    pub(super) user: &'a str,
    pub(super) shape: &'a Shape,
    /// The last words of the system block on each rung.
    pub(super) form: &'a (dyn Fn(Rung) -> String + Sync),
    /// The rungs to try, in order.
    pub(super) rungs: Vec<Rung>,
    pub(super) longest: u32,
    pub(super) stream: bool,
}

/// Hears pieces of an answer; told when everything heard so far was in vain.
pub(super) trait Ear: Send {
    fn piece(&mut self, words: &str);
    fn again(&mut self);
}

/// What came of a climb.
pub(super) struct Climbed<T> {
    pub(super) outcome: Result<T, Trouble>,
    pub(super) exchanges: Vec<Exchange>,
    /// The rung that held.
    pub(super) rung: Option<Rung>,
}

impl Climb<'_> {
    /// Asks, and asks again in a looser way when the form was not kept: once per rung, and on the last once more with
    /// what was wrong. `judge` reads an answer, or says what is wrong with it.
    pub(super) async fn climb<T>(
        &self,
        care: &Care,
        ear: &mut dyn Ear,
        judge: &mut (dyn FnMut(&str) -> Result<T, String> + Send),
    ) -> Climbed<T> {
        let mut exchanges = Vec::new();
        let mut rungs = self.rungs.iter().copied();
        let mut rung = rungs.next().unwrap_or(Rung::Text);
        let mut said = vec![Said::Us(self.user.to_owned())];
        let (mut adjusted, mut is_repair) = (0, false);
        loop {
            let system = format!("{}{}", self.system, (self.form)(rung));
            let question = Question {
                system: &system,
                said: &said,
                shape: Some(self.shape),
                rung,
                longest: self.longest,
                stream: self.stream,
            };
            ear.again();
            let exchange = self
                .model
                .ask(&question, care, &mut |words| ear.piece(words))
                .await;
            let outcome = exchange.outcome.clone();
            exchanges.push(exchange);
            let give_up = |trouble| (Err(trouble), None);
            let (outcome, held) = match outcome {
                Ok(reply) => match judge(&reply.text) {
                    Ok(answer) => (Ok(answer), Some(rung)),
                    Err(_) if reply.finish == Finish::OutOfRoom => give_up(self.out_of_room()),
                    Err(wrong) => match rungs.next() {
                        Some(next) => {
                            rung = next;
                            continue;
                        }
                        None if !is_repair => {
                            is_repair = true;
                            said.push(Said::Model(shown(&reply.text)));
                            said.push(Said::Us(repair(&wrong)));
                            continue;
                        }
                        None => give_up(self.unusable(&wrong)),
                    },
                },
                Err(trouble) if trouble.kind == TroubleKind::Adjusted && adjusted < MOST_ADJUSTMENTS => {
                    adjusted += 1;
                    continue;
                }
                Err(trouble) if trouble.kind == TroubleKind::Unsupported => match rungs.next() {
                    Some(next) => {
                        rung = next;
                        continue;
                    }
                    None => give_up(trouble),
                },
                Err(trouble) => give_up(trouble),
            };
            return Climbed {
                outcome,
                exchanges,
                rung: held,
            };
        }
    }

    fn out_of_room(&self) -> Trouble {
        Trouble::new(
            TroubleKind::OutOfRoom,
            format!(
                "The model of {} had no room to finish its answer.",
                self.model.place_name()
            ),
        )
    }

    fn unusable(&self, wrong: &str) -> Trouble {
        Trouble::new(
            TroubleKind::Unusable,
            format!(
                "The model of {} does not keep to the form that was asked for. If this happens often, choose a more \
                 capable model.",
                self.model.place_name()
            ),
        )
        .with_detail(wrong)
    }
}

fn repair(wrong: &str) -> String {
    format!(
        "That cannot be read: {wrong} Write the same answer again as one JSON object of the form described above, and nothing else."
    )
}

/// Some servers refuse an empty message of the model.
fn shown(text: &str) -> String {
    let shown: String = text.chars().take(LONGEST_SHOWN).collect();
    if shown.trim().is_empty() {
        "(nothing)".to_owned()
    } else {
        shown
    }
}
