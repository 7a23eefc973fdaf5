//! Behaviours that products of this kind learnt the hard way (assistant.md, section 1.10), each as a test on processes
//! and HTTP. The list is whole; what it says is in the order of the source.
//!
//! | behaviour | test |
//! | --- | --- |
//! | a duplicate changes nothing | `arriving::a_message_that_meta_brings_again_and_again_is_answered_once` |
//! | an operator is active: no reply | `arriving::while_a_person_holds_a_conversation_its_questions_are_left_to_them` |
//! | shadow: leads yes, reply no | `leads::in_shadow_leads_are_read_and_no_customer_hears_anything` |
//! | leads keep no reply waiting, their failure is their own | `leads::an_answer_leaves_although_leads_cannot_be_written_down` |
//! | a hot lead asks for a person after the reply | `leads::a_hot_lead_is_answered_and_a_person_is_told` |
//! | paused: nothing | `arriving::in_a_conversation_that_is_off_a_message_is_stored_and_nothing_more` |
//! | a file without words: stored only | `arriving::a_picture_without_words_is_kept_for_a_person_and_answered_with_nothing` |
//! | seen and deleted raise no unread count | `arriving::what_is_seen_liked_or_deleted_makes_nothing_unread` |
//! | a button means its skill | `skills::a_tapped_button_means_its_skill_whatever_it_says` |
//! | a disabled target has a fixed text | `skills::a_button_of_a_skill_that_is_switched_off_says_so` |
//! | a picture that fails stops no hand-over | `handing_over::a_picture_that_is_gone_or_refused_stops_no_hand_over` |
//! | a complaint with typing errors: hand-over | `handing_over::a_complaint_full_of_slips_reaches_a_person` |
//! | an ambiguous word: history decides the language | `handing_over::one_word_in_no_language_is_answered_in_the_language_spoken_before` |
//! | not knowing in three disguises: fallback | `models::a_model_that_does_not_know_is_heard_in_three_disguises` |
//! | the matcher breaks: a person is told | `handing_over::a_matcher_that_breaks_is_told_to_a_person_and_the_customer_is_answered` |
//! | thinking breaks again and again: a person is asked for | `handing_over::a_turn_that_breaks_again_and_again_is_given_to_a_person` |
//! | answers of a model have a limit | `models::every_question_to_a_model_limits_its_answer` |
//! | a greeting makes no warm lead | `leads::a_greeting_makes_no_lead_and_warms_none` |
//! | what a person wrote in a lead stays | `leads::what_a_person_wrote_in_a_lead_survives_what_the_customer_says` |
//! | exactly one disclaimer | `skills::the_first_answer_says_once_that_an_assistant_writes` |

mod arriving;
mod handing_over;
mod leads;
mod models;
mod skills;

use super::{decided, drafts, row, thread};
use acceptance::{PATIENCE, Street, customer};
use anyhow::Context as _;
use serde_json::{Value, json};
use simulator::{Customer, Inbound};

/// A customer does something; returns its id and the conversation's.
async fn does(street: &Street, who: &Customer, what: &Inbound) -> anyhow::Result<(String, String)> {
    let (id, receipt) = street
        .meta
        .customer_sends(&street.number.phone_number_id, who, what)?;
    receipt.acknowledged(PATIENCE).await?;
    street.shop.settled().await?;
    Ok((id, street.conversation(who).await?))
}

/// Somebody else asks and gets their answer; whatever was asked before them would have had its own by then.
async fn somebody_else_is_answered(street: &Street) -> anyhow::Result<()> {
    let (_, other) = street.hear(&customer(90), "When are you open?").await?;
    let row = decided(street, &other).await?;
    anyhow::ensure!(row["activity"]["verdict"] == "send", "{row}");
    Ok(())
}

/// One of the assistant's own texts, as it stands in English unless another language is named.
async fn own_text(street: &Street, key: &str, language: &str) -> anyhow::Result<String> {
    let view = street.shop.rpc("assistant", json!({})).await?;
    let texts = view["texts"].as_array().context("no texts")?;
    let found = texts
        .iter()
        .find(|text| text["key"] == key && text["language"] == language)
        .with_context(|| format!("no text {key} in {language}"))?;
    Ok(found["text"].as_str().context("no words")?.to_owned())
}

/// Teaches a skill and returns it.
async fn learn(street: &Street, skill: Value) -> anyhow::Result<Value> {
    street.shop.rpc("save_skill", skill).await
}

/// A skill nobody here mistakes for the opening hours.
fn parking() -> Value {
    json!({
        "name": "Parking",
        "examples": ["Where can I park?", "is there a parking lot", "parking near the shop", "can I leave my car"],
        "answer": "Park behind the shop.",
        "autonomy": "bot",
    })
}

/// What was decided last in a conversation, with its evidence.
async fn last_decision(street: &Street, conversation: &str) -> anyhow::Result<Value> {
    let row = decided(street, conversation).await?;
    let id = row["activity"]["decision_id"].clone();
    street.shop.rpc("decision", json!({"decision_id": id})).await
}
