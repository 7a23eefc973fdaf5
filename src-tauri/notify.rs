//! Tells the user about what needs a person while they are elsewhere: a customer's message the assistant does not
//! handle, and one that still waits.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use api::Desk;
use api::views::ChangeView;
use serde_json::{Value, json};
use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;

use crate::window;

/// Nobody reads faster: this long after one notification comes the next.
const PAUSE: Duration = Duration::from_secs(1);
/// When more customers write at once, one notification speaks for all of them.
const AT_ONCE: usize = 3;
/// How far back messages are known to have been announced already.
const REMEMBERED: usize = 512;
/// A notification shows about two lines.
const LONGEST_NAME: usize = 60;
const LONGEST_WORDS: usize = 140;

/// Shows a notification for each customer who needs a person while the window is not in front, until the engine has
/// stopped. What the assistant is about waits: if it answers, nothing is said; if it drafts or asks for a person, it
/// is said then.
pub(crate) async fn announce(app: AppHandle, desk: Desk) {
    let mut changes = desk.changes();
    let mut known = Known::default();
    while let Some(batch) = changes.next().await {
        let reminded = reminders(&batch);
        let mut notes = Vec::new();
        for (conversation, messages) in known.fresh(batch) {
            match Box::pin(note(&desk, &conversation, &messages)).await {
                Word::Now(name, words) => notes.push((name, words)),
                Word::Later => known.hold(conversation, messages),
                Word::Never => {}
            }
        }
        for conversation in reminded {
            notes.extend(Box::pin(reminder(&desk, &conversation)).await);
        }
        if notes.is_empty() || window::is_focused(&app) {
            continue;
        }
        let demo = is_demo(&desk).await;
        for (name, words) in gathered(notes) {
            let title = if demo { format!("Demo: {name}") } else { name };
            if let Err(error) = app.notification().builder().title(title).body(words).show() {
                tracing::warn!(%error, "a notification could not be shown");
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// What is said about a message.
#[derive(Debug, PartialEq, Eq)]
enum Word {
    /// Who wrote, and what.
    Now(String, String),
    /// The assistant is on it; it may yet need a person.
    Later,
    /// Nothing.
    Never,
}

/// The messages that have been looked at, so that a later change of one is not announced again.
#[derive(Debug, Default)]
struct Known {
    seen: VecDeque<String>,
    /// Messages the assistant is about, by conversation.
    held: BTreeMap<String, Vec<String>>,
}

impl Known {
    /// The messages of a batch that are seen for the first time, by conversation, and those the assistant was about
    /// where something has changed since.
    fn fresh(&mut self, batch: Vec<ChangeView>) -> BTreeMap<String, Vec<String>> {
        let mut fresh: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for change in batch {
            match change {
                ChangeView::Message {
                    conversation_id,
                    message_id,
                } => {
                    let held = self.held.remove(&conversation_id);
                    let first = !self.seen.contains(&message_id);
                    if first {
                        if self.seen.len() == REMEMBERED {
                            self.seen.pop_front();
                        }
                        self.seen.push_back(message_id.clone());
                    }
                    let now = held.into_iter().flatten().chain(first.then_some(message_id));
                    let now: Vec<String> = now.collect();
                    if !now.is_empty() {
                        fresh.entry(conversation_id).or_default().extend(now);
                    }
                }
                ChangeView::Conversation { conversation_id } | ChangeView::Draft { conversation_id } => {
                    if let Some(held) = self.held.remove(&conversation_id) {
                        fresh.entry(conversation_id).or_default().extend(held);
                    }
                }
                _ => {}
            }
        }
        fresh
    }

    /// Keeps messages until something changes where they were said.
    fn hold(&mut self, conversation: String, messages: Vec<String>) {
        if self.held.len() == REMEMBERED {
            self.held.pop_first();
        }
        self.held.insert(conversation, messages);
    }
}

/// Where customers still wait for a person, each place once.
fn reminders(batch: &[ChangeView]) -> BTreeSet<String> {
    let reminded = batch.iter().filter_map(|change| match change {
        ChangeView::Reminder { conversation_id } => Some(conversation_id.clone()),
        _ => None,
    });
    reminded.collect()
}

/// Says again that a customer waits, if that is still so.
async fn reminder(desk: &Desk, conversation: &str) -> Option<(String, String)> {
    let asked = json!({ "conversation_id": conversation, "limit": 1 });
    let thread = desk.call("thread", asked).await.ok()?;
    still_waits(&thread)
}

/// Who still waits in a `ThreadPage`.
fn still_waits(thread: &Value) -> Option<(String, String)> {
    let conversation = thread.get("conversation")?;
    if conversation.get("queue")?.as_str()? != "needs_me" {
        return None;
    }
    let name = conversation.get("contact")?.get("name")?.as_str()?;
    Some((plain(name, LONGEST_NAME), "Still waits for you".to_owned()))
}

/// What is to be said about these messages, when one of them is a customer's.
async fn note(desk: &Desk, conversation: &str, messages: &[String]) -> Word {
    let asked = json!({ "conversation_id": conversation, "limit": 20 });
    match desk.call("thread", asked).await {
        Ok(thread) => last_word(&thread, messages).unwrap_or(Word::Never),
        Err(error) => {
            tracing::debug!(code = ?error.code, "a conversation could not be read for its notification");
            Word::Never
        }
    }
}

/// The newest of `messages` in a `ThreadPage`, if it came from the customer and the conversation waits for a person
/// or for the assistant.
fn last_word(thread: &Value, messages: &[String]) -> Option<Word> {
    let conversation = thread.get("conversation")?;
    let queue = conversation.get("queue")?.as_str()?;
    if queue != "needs_me" && queue != "bot" {
        return None;
    }
    let message = thread.get("messages")?.as_array()?.iter().rev().find(|message| {
        let is = |key: &str, value: &str| message.get(key).and_then(Value::as_str) == Some(value);
        is("direction", "inbound") && messages.iter().any(|id| is("id", id))
    })?;
    if queue == "bot" {
        return Some(Word::Later);
    }
    let name = conversation.get("contact")?.get("name")?.as_str()?;
    let text = message.get("text").and_then(Value::as_str).unwrap_or_default();
    let words = plain(text, LONGEST_WORDS);
    let words = if words.is_empty() {
        "New message".to_owned()
    } else {
        words
    };
    Some(Word::Now(plain(name, LONGEST_NAME), words))
}

/// One notification each, or one for all when there are many.
fn gathered(notes: Vec<(String, String)>) -> Vec<(String, String)> {
    if notes.len() <= AT_ONCE {
        return notes;
    }
    let names: Vec<&str> = notes.iter().map(|(name, _)| name.as_str()).collect();
    vec![(
        format!("{} customers wrote", notes.len()),
        plain(&names.join(", "), LONGEST_WORDS),
    )]
}

async fn is_demo(desk: &Desk) -> bool {
    let app = desk.call("app", json!({})).await;
    app.is_ok_and(|app| app.get("demo") == Some(&Value::Bool(true)))
}

/// A customer's text as one short line. Notification servers read markup and obey directions of writing, so
/// neither is passed on.
fn plain(text: &str, longest: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let word: String = word.chars().filter_map(harmless).collect();
        if word.is_empty() {
            continue;
        }
        let count = word.chars().count();
        if length + count > longest {
            if length == 0 {
                line.extend(word.chars().take(longest));
            }
            line.push('…');
            break;
        }
        if length > 0 {
            line.push(' ');
        }
        line.push_str(&word);
        length += count + 1;
    }
    line
}

/// Replaces what starts markup; leaves out marks that turn the direction of what follows.
fn harmless(c: char) -> Option<char> {
    match c {
        '<' => Some('‹'),
        '>' => Some('›'),
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => None,
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(queue: &str, direction: &str, text: Option<&str>) -> Value {
        json!({
            "conversation": { "queue": queue, "contact": { "name": "Rosa Lindqvist" } },
            "messages": [
                { "id": "1", "direction": "inbound", "text": "An old one" },
                { "id": "2", "direction": direction, "text": text },
            ],
        })
    }

    fn changed(message_id: &str) -> ChangeView {
        ChangeView::Message {
            conversation_id: "c".into(),
            message_id: message_id.into(),
        }
    }

    #[test]
    fn a_customer_who_waits_is_announced_with_name_and_first_words() {
        let said = last_word(
            &thread("needs_me", "inbound", Some("Is it\nstill open?")),
            &["2".into()],
        );
        assert_eq!(
            said,
            Some(Word::Now("Rosa Lindqvist".into(), "Is it still open?".into()))
        );
        let picture = last_word(&thread("needs_me", "inbound", None), &["2".into()]);
        assert_eq!(
            picture,
            Some(Word::Now("Rosa Lindqvist".into(), "New message".into()))
        );
    }

    #[test]
    fn our_own_words_are_not_announced_and_what_the_assistant_is_about_waits() {
        assert_eq!(
            last_word(&thread("waiting", "outbound", Some("Yes")), &["2".into()]),
            None
        );
        assert_eq!(
            last_word(&thread("needs_me", "outbound", Some("Yes")), &["2".into()]),
            None
        );
        assert_eq!(
            last_word(&thread("bot", "inbound", Some("Hello")), &["2".into()]),
            Some(Word::Later)
        );
        assert_eq!(
            last_word(&thread("bot", "outbound", Some("Hello")), &["2".into()]),
            None
        );
    }

    #[test]
    fn what_the_assistant_was_about_is_looked_at_again_when_it_has_drafted_or_asks_for_a_person() {
        let mut known = Known::default();
        let first = known.fresh(vec![changed("1")]);
        known.hold("c".into(), first["c"].clone());
        let elsewhere = ChangeView::Draft {
            conversation_id: "other".into(),
        };
        assert!(known.fresh(vec![elsewhere]).is_empty());
        let drafted = ChangeView::Draft {
            conversation_id: "c".into(),
        };
        assert_eq!(known.fresh(vec![drafted.clone()])["c"], ["1"]);
        assert!(known.fresh(vec![drafted]).is_empty());
    }

    #[test]
    fn a_reminder_rings_once_for_a_customer_who_still_waits() {
        let again = || ChangeView::Reminder {
            conversation_id: "c".into(),
        };
        assert_eq!(reminders(&[again(), changed("1"), again()]).len(), 1);
        let waits = still_waits(&thread("needs_me", "inbound", None));
        assert_eq!(
            waits,
            Some(("Rosa Lindqvist".into(), "Still waits for you".into()))
        );
        assert_eq!(still_waits(&thread("waiting", "outbound", None)), None);
    }

    #[test]
    fn a_message_is_announced_once_however_often_it_changes() {
        let mut known = Known::default();
        assert_eq!(known.fresh(vec![changed("1"), changed("2")])["c"], ["1", "2"]);
        assert_eq!(
            known.fresh(vec![changed("2"), changed("3"), ChangeView::Resync])["c"],
            ["3"]
        );
        assert!(known.fresh(vec![changed("1")]).is_empty());
    }

    #[test]
    fn a_rush_makes_one_notification() {
        let notes: Vec<_> = ["Ada", "Ben", "Cem", "Dao"]
            .map(|name| (name.to_owned(), "Hi".to_owned()))
            .into();
        assert_eq!(
            gathered(notes.clone()),
            [("4 customers wrote".into(), "Ada, Ben, Cem, Dao".into())]
        );
        assert_eq!(gathered(notes[..2].to_vec()).len(), 2);
    }

    #[test]
    fn markup_controls_and_turned_writing_do_not_reach_the_notification_server() {
        assert_eq!(
            plain("<a href='x'>win</a>\u{7}\u{202e}now", 90),
            "‹a href='x'›win‹/a› now"
        );
        assert_eq!(plain("  \n\t ", 90), "");
        assert_eq!(plain("one two three", 8), "one two…");
        assert_eq!(plain(&"ß".repeat(300), 4), "ßßßß…");
    }
}
