//! The stream of changes a window listens to.

use crate::views::ChangeView;
use engine::Engine;
use store::{Change, Changes};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::watch;

/// Everything that changes from the moment it was made. Several commits come as one batch, without repetitions.
#[derive(Debug)]
pub struct ChangeStream {
    /// The current engine's changes; exchanged with the engine.
    source: watch::Receiver<Source>,
    changes: Receiver<Changes>,
}

/// Where changes come from.
#[derive(Debug)]
pub(crate) struct Source(pub(crate) Engine);

impl Source {
    fn subscribe(&self) -> Receiver<Changes> {
        self.0.store().changes()
    }
}

impl ChangeStream {
    pub(crate) fn new(mut source: watch::Receiver<Source>) -> Self {
        let changes = source.borrow_and_update().subscribe();
        Self { source, changes }
    }

    /// Waits for the next changes; `None` when there will be no more.
    pub async fn next(&mut self) -> Option<Vec<ChangeView>> {
        loop {
            let first = tokio::select! {
                exchanged = self.source.changed() => {
                    exchanged.ok()?;
                    self.changes = self.source.borrow_and_update().subscribe();
                    return Some(vec![ChangeView::Resync]);
                }
                first = self.changes.recv() => first,
            };
            let mut views = Vec::new();
            match first {
                Ok(changes) => add(&mut views, &changes),
                Err(RecvError::Lagged(_)) => views.push(ChangeView::Resync),
                Err(RecvError::Closed) => {
                    // This engine has ended; another may follow.
                    self.source.changed().await.ok()?;
                    self.changes = self.source.borrow_and_update().subscribe();
                    return Some(vec![ChangeView::Resync]);
                }
            }
            loop {
                match self.changes.try_recv() {
                    Ok(changes) => add(&mut views, &changes),
                    Err(TryRecvError::Lagged(_)) => views.push(ChangeView::Resync),
                    Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                }
            }
            if views.contains(&ChangeView::Resync) {
                return Some(vec![ChangeView::Resync]);
            }
            if !views.is_empty() {
                return Some(views);
            }
        }
    }
}

fn add(views: &mut Vec<ChangeView>, changes: &Changes) {
    for change in changes.iter() {
        let view = match change {
            Change::Conversation(id) => ChangeView::Conversation {
                conversation_id: id.to_string(),
            },
            Change::Message(conversation, message) => ChangeView::Message {
                conversation_id: conversation.to_string(),
                message_id: message.to_string(),
            },
            Change::Channel(id) => ChangeView::Channel {
                channel_id: id.to_string(),
            },
            Change::Health => ChangeView::Health,
            Change::Templates(id) => ChangeView::Templates {
                channel_id: id.to_string(),
            },
            Change::Notices => ChangeView::Notices,
            Change::Connection => ChangeView::Connection,
            Change::Away => ChangeView::Away,
            Change::Draft(id) => ChangeView::Draft {
                conversation_id: id.to_string(),
            },
            Change::Knowledge => ChangeView::Knowledge,
            Change::Lead(id) => ChangeView::Lead {
                lead_id: id.to_string(),
            },
            Change::Reminder(id) => ChangeView::Reminder {
                conversation_id: id.to_string(),
            },
            // The rooms' own bells.
            Change::Journal
            | Change::Outbox
            | Change::Media
            | Change::Signals
            | Change::TemplatesDue
            | Change::Turns
            | Change::LeadTasks => {
                continue;
            }
        };
        if !views.contains(&view) {
            views.push(view);
        }
    }
    // More than a window can ask for one by one.
    if views.len() > 500 {
        *views = vec![ChangeView::Resync];
    }
}
