//! What a model is writing at the moment, for an operator's eyes only.
//!
//! It lies in memory and nowhere else: it has no id, no command takes it, and no guard has seen it. What may be sent is
//! made of the whole answer, by [`super::commit`].

use domain::{ConversationId, TurnId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// How often a window is told at most that a text has grown.
const PACE: Duration = Duration::from_millis(100);
/// News a window may be behind with before it has to ask for everything again.
const BEHIND: usize = 256;

/// The answers that are being written, one in a conversation at most.
#[derive(Debug)]
pub(crate) struct Writings {
    pages: Mutex<HashMap<ConversationId, (TurnId, String)>>,
    news: broadcast::Sender<ConversationId>,
}

impl Default for Writings {
    fn default() -> Self {
        Self {
            pages: Mutex::default(),
            news: broadcast::Sender::new(BEHIND),
        }
    }
}

impl Writings {
    /// Tells whenever a text has grown, begun or gone.
    pub(crate) fn news(&self) -> broadcast::Receiver<ConversationId> {
        self.news.subscribe()
    }

    /// Returns what was written so far; none: nothing is being written.
    pub(crate) fn text(&self, conversation: ConversationId) -> Option<String> {
        self.pages().get(&conversation).map(|(_, text)| text.clone())
    }

    /// Lays out a page for a turn.
    pub(crate) fn page(self: &Arc<Self>, conversation: ConversationId, turn: TurnId) -> Page {
        Page {
            writings: Arc::clone(self),
            conversation,
            turn,
        }
    }

    fn pages(&self) -> MutexGuard<'_, HashMap<ConversationId, (TurnId, String)>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, conversation: ConversationId) {
        // Nobody may be looking.
        drop(self.news.send(conversation));
    }
}

/// Where the answer to one turn is shown while it grows. Whoever drops it takes it away: the turn was decided, the
/// customer wrote again, or a person stepped in.
#[derive(Debug)]
pub(crate) struct Page {
    writings: Arc<Writings>,
    conversation: ConversationId,
    turn: TurnId,
}

impl Page {
    /// Shows a text as it grows, ten times a second at most, for as long as it is waited for.
    pub(crate) async fn follow(&self, mut growing: watch::Receiver<String>) {
        loop {
            let text = growing.borrow_and_update().clone();
            self.show(text);
            tokio::time::sleep(PACE).await;
            if growing.changed().await.is_err() {
                return std::future::pending().await;
            }
        }
    }

    fn show(&self, text: String) {
        self.writings.pages().insert(self.conversation, (self.turn, text));
        self.writings.tell(self.conversation);
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let mut pages = self.writings.pages();
        let is_ours = pages
            .get(&self.conversation)
            .is_some_and(|(turn, _)| *turn == self.turn);
        if is_ours {
            pages.remove(&self.conversation);
            drop(pages);
            self.writings.tell(self.conversation);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: ConversationId = ConversationId(1);

    #[tokio::test(start_paused = true)]
    async fn a_text_that_grows_a_thousand_times_a_second_is_told_ten_times() {
        let writings = Arc::new(Writings::default());
        let mut news = writings.news();
        let page = writings.page(HERE, TurnId(1));
        let (pen, growing) = watch::channel(String::new());
        let writing = async {
            for _ in 0..1_000 {
                pen.send_modify(|text| text.push('a'));
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            () = page.follow(growing) => {}
            () = writing => {}
        }
        let mut told = 0;
        while news.try_recv().is_ok() {
            told += 1;
        }
        assert!((8..=12).contains(&told), "{told}");
        assert!(writings.text(HERE).is_some_and(|text| text.len() > 800));
        drop(page);
        assert_eq!(writings.text(HERE), None);
        assert_eq!(news.try_recv().ok(), Some(HERE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_ends_late_does_not_take_the_next_ones_page_away() {
        let writings = Arc::new(Writings::default());
        let former = writings.page(HERE, TurnId(1));
        former.show("old".to_owned());
        let page = writings.page(HERE, TurnId(2));
        page.show("new".to_owned());
        drop(former);
        assert_eq!(writings.text(HERE).as_deref(), Some("new"));
    }
}
