//! The assistant beside a person in the window: drafts, a takeover in mid-sentence, hand-back, asking for a person, and
//! five drafts decided without a mouse. What counts is what lies on the customer's telephone in the end.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use simulator::Customer;
use simulator::brain::{End, Flavour, ModelServer, Script};
use std::time::Duration;

use crate::page::{CONTROL, ENTER, Page};
use crate::setup::connected;
use crate::stage::{PATIENCE, Stage, until};
use crate::town::{NUMBER, Town, owner};

const ASKED: &str = "When are you open?";
const HOURS: &str = "We are open from nine to six, Monday to Saturday.";
const GLAZE: &str = "Would the ash glaze suit a fountain in the garden?";
/// Long enough for a person to see that the assistant thinks, and to press a key.
const SLOW: Duration = Duration::from_secs(6);
/// The row of somebody in the list.
const ROW: &str = "[...document.querySelectorAll('[role=option]')].find((row) => row.innerText.includes";

/// A shop whose number is connected and whose assistant knows when it is open.
async fn shop(name: &str, mode: &str) -> Result<(Town, Page)> {
    let town = Town::around(Stage::set(name).await?).await?;
    let page = connected(&town).await?;
    let skill = json!({
        "name": "Opening hours",
        "examples": [ASKED, "what are your opening hours", "opening times please", "until when are you open today"],
        "answer": HOURS,
        "autonomy": "bot",
    });
    page.call("save_skill", skill).await?;
    let channels = page.call("list_channels", Value::Null).await?;
    let id = channels["channels"][0]["id"].clone();
    page.call("set_mode", json!({"scope": "channel", "id": id, "mode": mode}))
        .await?;
    Ok((town, page))
}

/// What lies on the telephones, the oldest first.
fn read_there(town: &Town) -> Vec<String> {
    let arrived = town.arrived().into_iter();
    arrived.filter_map(|send| send.text).collect()
}

/// Waits until so many messages have arrived, and returns their words.
async fn arrive(town: &Town, number: usize) -> Result<Vec<String>> {
    until(&format!("{number} messages have arrived"), async || {
        let read = read_there(town);
        ensure!(read.len() >= number, "only {read:?}");
        Ok(read)
    })
    .await
}

/// Waits until the row of `name` says `words`.
async fn row_says(page: &Page, name: &str, words: &str) -> Result<()> {
    page.holds(&format!(
        "{ROW}({}))?.innerText.includes({})",
        json!(name),
        json!(words)
    ))
    .await
}

#[tokio::test]
async fn a_draft_that_is_changed_and_sent_reaches_the_customer_as_it_was_changed() -> Result<()> {
    let (town, page) = shop("shadow", "shadow").await?;
    town.writes(NUMBER, ASKED)?;
    row_says(&page, "Rosa Lindqvist", "Draft waits").await?;
    page.click("[role=option]", "Rosa Lindqvist").await?;
    page.holds(&format!(
        "document.querySelector('#draft')?.innerText.includes({})",
        json!(HOURS)
    ))
    .await?;
    page.shot("assistant-draft.png").await?;
    ensure!(town.arrived().is_empty(), "it left before anybody said so");

    page.press("e").await?;
    page.holds("document.activeElement.matches('#draft textarea')")
        .await?;
    page.press(" See you soon!").await?;
    page.shot("assistant-draft-edited.png").await?;
    page.press(ENTER).await?;
    let whole = format!("{HOURS} See you soon!");
    assert_eq!(arrive(&town, 1).await?, [whole.as_str()]);
    page.holds("!document.querySelector('#draft')").await?;
    page.click("button", "All").await?;
    row_says(&page, "Rosa Lindqvist", "You:").await?;
    page.holds(&format!(
        "[...document.querySelectorAll('[data-direction=outbound]')].at(-1)?.innerText.includes({})",
        json!(whole)
    ))
    .await?;
    page.shot("assistant-draft-sent.png").await
}

#[tokio::test]
async fn a_takeover_while_the_assistant_writes_keeps_it_quiet_until_it_is_handed_back() -> Result<()> {
    let (town, page) = shop("takeover", "bot").await?;
    let model = ModelServer::start(Flavour::OpenAi).await?;
    let choice = json!({"kind": "openai", "base_url": model.base_url(), "model": "double:7b"});
    page.call("save_model", choice).await?;
    let garden = "Yes, the ash glaze suits a fountain in the garden.";
    let facts = json!({"facts": [{"kind": "text", "key": "ash glaze", "value": garden}]});
    page.call("save_facts", facts).await?;
    let answer = json!({
        "action": "answer", "language": "en", "sources": ["FACTS"], "answer": garden, "confidence": 0.99,
        "escalate_reason": "", "missing_fields": [], "asked_field": "",
    });
    model.always(move |_| Script::json(&answer).after(SLOW));
    let before = model.questions().len();

    // Where the assistant is at it, nobody is needed yet.
    page.click("button", "All").await?;
    town.writes(NUMBER, GLAZE)?;
    page.click("[role=option]", "Rosa Lindqvist").await?;
    page.reads("Looking for an answer").await?;
    page.shot("assistant-thinks.png").await?;
    page.press("t").await?;
    page.reads("You are answering.").await?;
    page.shot("assistant-held.png").await?;
    row_says(&page, "Rosa Lindqvist", "You").await?;
    let over = |asked: &[simulator::brain::Asked]| {
        let mut questions = asked
            .iter()
            .filter(|one| one.is_question())
            .skip(before)
            .peekable();
        questions.peek().is_some() && questions.all(|one| one.end != End::Open)
    };
    tokio::time::timeout(PATIENCE, model.until(over))
        .await
        .context("the model never came to an end")?;

    // A person answers, and what the assistant was about to say would have come before.
    page.click("#composer", "").await?;
    page.press("I ask our glaze master.").await?;
    page.press(ENTER).await?;
    assert_eq!(arrive(&town, 1).await?, ["I ask our glaze master."]);
    town.writes(NUMBER, ASKED)?;
    page.reads(ASKED).await?;
    page.shot("assistant-held-question.png").await?;

    page.click("button", "Hand back now").await?;
    page.reads("Should the assistant answer it now?").await?;
    page.shot("assistant-hand-back.png").await?;
    assert_eq!(read_there(&town).len(), 1, "it spoke while a person had the word");
    page.click("button", "Answer now").await?;
    assert_eq!(arrive(&town, 2).await?, ["I ask our glaze master.", HOURS]);
    page.reads_no_more("You are answering.").await?;
    row_says(&page, "Rosa Lindqvist", "Bot answered").await?;
    page.shot("assistant-handed-back.png").await
}

#[tokio::test]
async fn whoever_asks_for_a_person_is_promised_one_and_hears_nothing_else_of_the_assistant() -> Result<()> {
    let (town, page) = shop("escalated", "bot").await?;
    town.writes(NUMBER, "Can I talk to a real person please?")?;
    let promise = arrive(&town, 1).await?;
    ensure!(
        promise[0].contains("Somebody from our team will answer you"),
        "{promise:?}"
    );
    row_says(&page, "Rosa Lindqvist", "Asks for a person").await?;
    // Red, and the whole reason for whoever points at it or listens.
    let chip = format!("{ROW}('Rosa Lindqvist'))?.querySelector('.chip.bad')");
    page.holds(&format!("{chip}?.title === 'The customer asks for a person.'"))
        .await?;
    page.click("[role=option]", "Rosa Lindqvist").await?;
    page.reads("The assistant sends nothing until you answer or hand back.")
        .await?;
    page.shot("assistant-asks.png").await?;

    // What it knows well it only proposes now.
    town.writes(NUMBER, ASKED)?;
    page.holds(&format!(
        "document.querySelector('#draft')?.innerText.includes({})",
        json!(HOURS)
    ))
    .await?;
    row_says(&page, "Rosa Lindqvist", "Asks for a person").await?;
    assert_eq!(read_there(&town), promise, "it went on talking");
    page.shot("assistant-asks-draft.png").await
}

/// Five people at telephones, who ask one after the other.
fn five() -> [Customer; 5] {
    let name = |n: usize| ["Rosa", "Noor", "Emil", "Tala", "Juno"][n];
    std::array::from_fn(|n| match n {
        0 => owner(),
        _ => Customer::phone(name(n), &format!("44770090016{n}")),
    })
}

#[tokio::test]
async fn five_drafts_are_decided_with_five_keys_and_each_customer_gets_what_was_decided() -> Result<()> {
    let (town, page) = shop("triage", "shadow").await?;
    let people = five();
    for (n, who) in people.iter().enumerate() {
        town.meta.customer_writes(NUMBER, who, ASKED).map(drop)?;
        let waiting = if n == 0 {
            "Drafts, 1 waits".to_owned()
        } else {
            format!("Drafts, {} wait", n + 1)
        };
        page.holds(&format!(
            "document.querySelector('#open-triage')?.ariaLabel.startsWith({})",
            json!(waiting)
        ))
        .await?;
    }
    page.chord(CONTROL, "2").await?;
    page.reads("1 of 5").await?;
    page.shot("triage-first.png").await?;
    assert_eq!(page.serious_findings().await?, json!([]), "triage");

    page.press("a").await?;
    page.reads("2 of 5").await?;
    page.press("e").await?;
    page.holds("document.activeElement.matches('main textarea')")
        .await?;
    page.press(" Come by!").await?;
    page.press(ENTER).await?;
    page.reads("3 of 5").await?;
    page.press("s").await?;
    page.reads("4 of 5").await?;
    page.press("u").await?;
    page.reads("3 of 5").await?;
    page.holds("document.querySelector('#page section h2')?.innerText === 'Emil'")
        .await?;
    page.press("s").await?;
    page.reads("4 of 5").await?;
    page.holds("document.querySelector('#page section h2')?.innerText === 'Tala'")
        .await?;
    page.press("a").await?;
    page.reads("5 of 5").await?;
    page.shot("triage-last.png").await?;
    page.press("t").await?;
    page.reads("You are answering.").await?;
    page.press(ENTER).await?;
    page.holds("document.activeElement?.id === 'composer'").await?;
    page.press("Hello Juno, until six.").await?;
    page.press(ENTER).await?;
    arrive(&town, 4).await?;
    page.shot("triage-taken.png").await?;

    let edited = format!("{HOURS} Come by!");
    let wanted = [
        Some(HOURS),
        Some(edited.as_str()),
        None,
        Some(HOURS),
        Some("Hello Juno, until six."),
    ];
    for (who, wanted) in people.iter().zip(wanted) {
        let theirs = town.arrived().into_iter().filter(|send| send.to == who.address());
        let read: Vec<String> = theirs.filter_map(|send| send.text).collect();
        assert_eq!(read, Vec::from_iter(wanted), "{:?}", who.name);
    }
    // The one that was skipped waits for the next round.
    page.chord(CONTROL, "2").await?;
    page.reads("1 of 1").await?;
    page.holds("document.querySelector('#page section h2')?.innerText === 'Emil'")
        .await
}
