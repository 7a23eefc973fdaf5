//! Whatever goes wrong on the way to a person, the person is reached.

use super::{last_decision, learn, somebody_else_is_answered};
use crate::DESKBELLD;
use crate::assistant::{bot_words, decided, teach};
use acceptance::{PATIENCE, Shop, Street, customer, number, until};
use anyhow::Context as _;
use serde_json::{Value, json};
use simulator::art::{Scene, photo};
use simulator::{GraphError, MediaFault};

/// A skill for people, with a picture; returns the picture's fingerprint.
async fn measure(street: &Street) -> anyhow::Result<String> {
    teach(street, "bot").await?;
    let url = format!("{}/files?name=how%20to%20measure.jpg", street.shop.api_url()?);
    let handed = street
        .shop
        .client()
        .post(url)
        .bearer_auth(street.shop.api_token()?)
        .body(photo(Scene::Mug))
        .send()
        .await?;
    let handed: Value = serde_json::from_str(&handed.text().await?)?;
    let skill = json!({
        "name": "Made to measure",
        "examples": ["Can you make one to measure?", "made to measure", "custom size please", "I need my own size"],
        "answers": [{"text": "This is how you measure. Somebody will call you.", "file": handed["ok"]["upload_id"]}],
        "requires_human": true, "autonomy": "bot",
    });
    let saved = learn(street, skill).await?;
    let file = saved["answers"][0]["file"].as_str().context("no file")?;
    Ok(file.to_owned())
}

#[tokio::test]
async fn a_picture_that_is_gone_or_refused_stops_no_hand_over() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let file = measure(&street).await?;
    // Meta does not take it: a person is asked for, and sees that the words did not arrive.
    street
        .meta
        .media_fault(MediaFault::UploadRefused(GraphError::of(131_053)));
    let (_, refused) = street.hear(&customer(1), "Can you make one to measure?").await?;
    let row = until("a failed message", PATIENCE, async || {
        let row = decided(&street, &refused).await?;
        Ok((row["undelivered"] == 1).then_some(row))
    })
    .await?;
    assert_eq!(row["holder"], "waiting_human", "{row}");
    assert_eq!(row["queue"], "needs_me", "{row}");
    // It is gone from the disk: the words go alone.
    let path = street.shop.data_dir().join("media").join(&file[..2]).join(&file);
    std::fs::remove_file(path)?;
    let (_, gone) = street.hear(&customer(2), "Can you make one to measure?").await?;
    let row = decided(&street, &gone).await?;
    assert_eq!(row["holder"], "waiting_human", "{row}");
    assert_eq!(row["attention"], "skill", "{row}");
    let text = "This is how you measure. Somebody will call you.";
    assert_eq!(bot_words(&street, &gone).await?, [text]);
    street
        .meta
        .wait_until(
            |sends| sends.iter().any(|send| send.text.as_deref() == Some(text)),
            PATIENCE,
        )
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_complaint_full_of_slips_reaches_a_person() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let complaints = json!({
        "name": "Complaints",
        "examples": ["I want to make a complaint", "the vase arrived broken", "my order is damaged",
                     "this is not what I ordered"],
        "requires_human": true, "autonomy": "bot",
    });
    learn(&street, complaints).await?;
    let turkish = json!({
        "name": "Şikayet",
        "examples": ["bir şikayetim var", "şikayet etmek istiyorum", "ürün kırık geldi", "siparişim hasarlı"],
        "requires_human": true, "autonomy": "bot",
    });
    learn(&street, turkish).await?;
    for (n, words) in [
        (1, "i wnat to mkae a complaimt"),
        (2, "my ordr is damagd"),
        (3, "sikayerim var"),
    ] {
        let (_, conversation) = street.hear(&customer(n), words).await?;
        let row = decided(&street, &conversation).await?;
        assert_eq!(row["holder"], "waiting_human", "{words}: {row}");
        assert_eq!(bot_words(&street, &conversation).await?.len(), 1, "{words}");
    }
    Ok(())
}

#[tokio::test]
async fn one_word_in_no_language_is_answered_in_the_language_spoken_before() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let spanish = "Claro, puedes hablar con una persona.";
    let (_, ana) = street
        .hear(&customer(1), "Hola, ¿tienen jarrones azules para regalar?")
        .await?;
    decided(&street, &ana).await?;
    street.hear(&customer(1), "agent").await?;
    let said = until("the promise of a person", PATIENCE, async || {
        Ok(bot_words(&street, &ana).await?.get(1).cloned())
    })
    .await?;
    assert!(said.starts_with(spanish), "{said}");
    // Also what was said while the assistant was off is history.
    crate::assistant::set_mode(&street, "off").await?;
    let (_, bea) = street
        .hear(
            &customer(2),
            "Buenas tardes, quería saber si el jarrón sigue disponible",
        )
        .await?;
    street.say(&bea, "Sí, claro.").await?;
    crate::assistant::set_mode(&street, "bot").await?;
    let back = json!({"conversation_id": bea});
    street.shop.rpc("hand_back", back).await?;
    street.hear(&customer(2), "agent").await?;
    decided(&street, &bea).await?;
    let said = bot_words(&street, &bea).await?;
    assert!(said.len() == 1 && said[0].starts_with(spanish), "{said:?}");
    Ok(())
}

/// A street where something breaks whenever the program comes to a point.
async fn breaking(point: &str) -> anyhow::Result<Street> {
    let mut shop = Shop::new(DESKBELLD)?;
    shop.set_env("FAILPOINTS", &format!("{point}=panic"));
    Street::build(shop, number(1)).await
}

#[tokio::test]
async fn a_matcher_that_breaks_is_told_to_a_person_and_the_customer_is_answered() -> anyhow::Result<()> {
    let street = breaking("learning-skills").await?;
    teach(&street, "bot").await?;
    let text = "# Shop\n\nOur shop is open from nine to six, Monday to Saturday.";
    let document = json!({"title": "About us", "text": text, "quotable": true});
    street.shop.rpc("save_document", document).await?;
    let (_, conversation) = street.hear(&customer(1), "When is your shop open?").await?;
    let why = last_decision(&street, &conversation).await?;
    assert_eq!(why["step"], "knowledge", "{why}");
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["attention"], "technical", "{row}");
    assert_eq!(row["queue"], "needs_me", "{row}");
    // Nothing is made up where the knowledge base says nothing.
    let (_, other) = street
        .hear(&customer(2), "Quantum chromodynamics fascinates everybody")
        .await?;
    let row = decided(&street, &other).await?;
    assert_eq!(row["activity"]["because"], "fallback", "{row}");
    assert_eq!(row["attention"], "technical", "{row}");
    Ok(())
}

#[tokio::test]
async fn a_turn_that_breaks_again_and_again_is_given_to_a_person() -> anyhow::Result<()> {
    let street = breaking("looking-up").await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street
        .hear(
            &customer(1),
            "Quantum chromodynamics fascinates everybody, does it not?",
        )
        .await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["holder"], "waiting_human", "{row}");
    assert_eq!(row["attention"], "technical", "{row}");
    // It stands in nobody else's way.
    somebody_else_is_answered(&street).await
}
