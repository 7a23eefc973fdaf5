//! The stream of changes a window listens to.

use crate::views::ChangeView;
use domain::ConversationId;
use engine::Engine;
use store::{Change, Changes};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::watch;

/// What is new in an engine: commits, and the conversations whose unfinished answers have grown.
#[derive(Debug)]
struct News {
    changes: Receiver<Changes>,
    writings: Receiver<ConversationId>,
}

/// Everything that changes from the moment it was made. Several commits come as one batch, without repetitions.
#[derive(Debug)]
pub struct ChangeStream {
    /// The current engine; its news are exchanged with it.
    source: watch::Receiver<Source>,
    news: News,
}

/// Where changes come from.
#[derive(Debug)]
pub(crate) struct Source(pub(crate) Engine);

impl Source {
    fn subscribe(&self) -> News {
        News {
            changes: self.0.store().changes(),
            writings: self.0.writings(),
        }
    }
}

impl ChangeStream {
    pub(crate) fn new(mut source: watch::Receiver<Source>) -> Self {
        let news = source.borrow_and_update().subscribe();
        Self { source, news }
    }

    /// Waits for the next changes; `None` when there will be no more.
    pub async fn next(&mut self) -> Option<Vec<ChangeView>> {
        loop {
            let mut views = Vec::new();
            let first = tokio::select! {
                exchanged = self.source.changed() => {
                    exchanged.ok()?;
                    self.news = self.source.borrow_and_update().subscribe();
                    return Some(vec![ChangeView::Resync]);
                }
                first = self.news.changes.recv() => Some(first),
                grown = self.news.writings.recv() => match grown {
                    Ok(conversation) => {
                        views.push(written(conversation));
                        None
                    }
                    Err(error) => Some(Err(error)),
                },
            };
            match first {
                None => {}
                Some(Ok(changes)) => add(&mut views, &changes),
                Some(Err(RecvError::Lagged(_))) => views.push(ChangeView::Resync),
                Some(Err(RecvError::Closed)) => {
                    // This engine has ended; another may follow.
                    self.source.changed().await.ok()?;
                    self.news = self.source.borrow_and_update().subscribe();
                    return Some(vec![ChangeView::Resync]);
                }
            }
            loop {
                match self.news.changes.try_recv() {
                    Ok(changes) => add(&mut views, &changes),
                    Err(TryRecvError::Lagged(_)) => views.push(ChangeView::Resync),
                    Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                }
            }
            while let Ok(conversation) = self.news.writings.try_recv() {
                let view = written(conversation);
                if !views.contains(&view) {
                    views.push(view);
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

fn written(conversation: ConversationId) -> ChangeView {
    ChangeView::Writing {
        conversation_id: conversation.to_string(),
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
