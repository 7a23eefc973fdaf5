//! The study: the room where the assistant answers.

mod answer;
pub(crate) mod ask;
pub(crate) mod brain;
pub(crate) mod commit;
pub(crate) mod meanings;
pub(crate) mod mind;
pub(crate) mod room;
mod situation;
pub(crate) mod writing;

#[cfg(test)]
mod interleavings;

use crate::leads::{self, LeadRoom};
use crate::supervisor::Supervisor;
use room::Study;
use std::sync::Arc;

/// Lets everything run that the assistant consists of.
pub(crate) fn run(rooms: &Supervisor, study: &Study) {
    let room = LeadRoom {
        store: study.store.clone(),
        clock: Arc::clone(&study.clock),
        minds: Arc::clone(&study.minds),
    };
    rooms.run("leads", move |cancel| leads::run(room.clone(), cancel));
    let reader = study.clone();
    rooms.run("lead-models", move |cancel| {
        leads::model::run(reader.clone(), cancel)
    });
    let compared = study.clone();
    rooms.run("meanings", move |cancel| meanings::keep(compared.clone(), cancel));
    let (store, minds) = (study.store.clone(), Arc::clone(&study.minds));
    let keep = move |cancel| mind::keep(store.clone(), Arc::clone(&minds), cancel);
    rooms.run("mind", keep);
    let responder = study.clone();
    rooms.run("responder", move |cancel| room::run(responder.clone(), cancel));
}
