//! Templates: fetched from the provider, filled, with files above the text or above cards, and sent whatever the clock
//! says.

use crate::town::{Town, ines};
use domain::{ConversationId, DeliveryStatus};
use engine::{CommandError, HandedIn, Values};
use serde_json::{Value, json};
use simulator::Template;
use simulator::art::{Scene, photo};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{Hold, HoldClass};

/// The town's business account at Meta.
const ACCOUNT: &str = "398000000000007";

async fn shop_with(template: Template) -> (Town, ConversationId, String) {
    let town = Town::open().await;
    let id = town.meta.add_template(ACCOUNT, template);
    let conversation = town.hear(&ines(), "Is my vase ready?").await;
    town.engine.refresh_templates(town.channel.clone()).await.unwrap();
    (town, conversation, id)
}

async fn picture(town: &Town, scene: Scene) -> String {
    let mut hand_in = town.engine.hand_in("vase.jpg").await.unwrap();
    hand_in.write(&photo(scene)).await.unwrap();
    let HandedIn::Ready(upload) = hand_in.finish(false).await.unwrap() else {
        panic!("the picture was refused");
    };
    upload.id
}

fn values(pairs: &[(&str, &str)]) -> Values {
    let pairs = pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Values::Named(pairs.collect::<BTreeMap<_, _>>())
}

fn sent_components(town: &Town) -> Value {
    let sends = town.meta.sends();
    let content = sends.last().and_then(|send| send.content().cloned()).unwrap();
    content["components"].clone()
}

fn with_picture() -> Template {
    Template::approved(
        "vase_ready",
        "en_GB",
        "UTILITY",
        json!([
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4:x"]}},
            {"type": "BODY", "text": "Hello {{1}}, it is ready on {{2}}.",
             "example": {"body_text": [["Ines", "Friday"]]}},
        ]),
    )
}

#[tokio::test]
async fn a_template_with_a_picture_leaves_after_the_window_has_closed() {
    let (town, conversation, _) = shop_with(with_picture()).await;
    town.watch.move_on(Duration::from_hours(25));
    let refused = town
        .engine
        .send_text(conversation, "Hello?".to_owned(), None)
        .await;
    assert!(matches!(refused, Err(CommandError::WindowClosed)), "{refused:?}");
    let upload = picture(&town, Scene::Vase).await;
    let filled = values(&[("1", "Ines"), ("2", "Friday"), ("header", &upload)]);
    let message = town
        .engine
        .send_template(conversation, "vase_ready", "en_GB", filled)
        .await
        .unwrap();
    let message = town.status(message, DeliveryStatus::Accepted).await;
    assert_eq!(
        message.text.as_deref(),
        Some("Hello Ines, it is ready on Friday.")
    );
    let components = sent_components(&town);
    let id = components[0]["parameters"][0]["image"]["id"].as_str().unwrap();
    assert!(
        town.meta
            .uploads()
            .iter()
            .any(|upload| upload.id.as_deref() == Some(id)),
        "{id}"
    );
    assert_eq!(components[1]["parameters"][1]["text"], "Friday");
    town.engine.stop().await;
}

#[tokio::test]
async fn each_card_of_a_carousel_gets_the_picture_chosen_for_it() {
    let card = |text: &str| {
        json!({"components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4:x"]}},
            {"type": "BODY", "text": text},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "This one"}]},
        ]})
    };
    let carousel = Template::approved(
        "two_vases",
        "en_GB",
        "MARKETING",
        json!([
            {"type": "BODY", "text": "Hello {{1}}, two of a kind:", "example": {"body_text": [["Ines"]]}},
            {"type": "CAROUSEL", "cards": [card("The blue one."), card("The green one.")]},
        ]),
    );
    let (town, conversation, _) = shop_with(carousel).await;
    let (blue, green) = (
        picture(&town, Scene::Vase).await,
        picture(&town, Scene::Mug).await,
    );
    // A payload that looks like a place of ours is a payload.
    let filled = values(&[
        ("1", "Ines"),
        ("card.0.header", &blue),
        ("card.1.header", &green),
        ("card.0.button.0", "file:1"),
    ]);
    let message = town
        .engine
        .send_template(conversation, "two_vases", "en_GB", filled)
        .await
        .unwrap();
    town.status(message, DeliveryStatus::Accepted).await;
    let components = sent_components(&town);
    let written = components.to_string();
    let files = town
        .engine
        .store()
        .read(move |r| r.attachments(message))
        .await
        .unwrap();
    let places: Vec<_> = files
        .iter()
        .map(|file| written.find(file.media_id.as_deref().unwrap()).unwrap())
        .collect();
    assert_eq!(places.len(), 2);
    assert!(places[0] < places[1], "{written}");
    assert_ne!(files[0].sha256, files[1].sha256);
    assert!(written.contains("file:1"), "{written}");
    assert!(!written.contains("file:0"), "{written}");
    town.engine.stop().await;
}

#[tokio::test]
async fn a_template_that_is_not_approved_or_not_filled_stays_here_and_says_why() {
    let (town, conversation, id) = shop_with(with_picture()).await;
    let says = async |name: &str, values: Values| match town
        .engine
        .send_template(conversation, name, "en_GB", values)
        .await
    {
        Err(CommandError::Misfit { field, sentence }) => (field, sentence),
        other => panic!("{other:?}"),
    };
    let (_, sentence) = says("unheard_of", values(&[])).await;
    assert!(sentence.contains("Fetch the templates"), "{sentence}");
    let (field, _) = says("vase_ready", values(&[("1", "Ines"), ("2", "Friday")])).await;
    assert_eq!(field, "variables.header");
    town.meta
        .set_template_status(ACCOUNT, &id, "PAUSED", None)
        .unwrap();
    let channel = town.channel.clone();
    town.until("the news to arrive", move |reader| {
        let known = reader.templates(&channel)?;
        Ok(known
            .iter()
            .any(|template| template.status == "PAUSED")
            .then_some(()))
    })
    .await;
    let (_, sentence) = says("vase_ready", values(&[("1", "Ines"), ("2", "Friday")])).await;
    assert!(
        sentence.contains("does not let this template be sent now"),
        "{sentence}"
    );
    assert!(town.meta.sends().is_empty());
    town.engine.stop().await;
}

#[tokio::test]
async fn a_promotion_that_waits_when_the_customer_says_stop_does_not_leave() {
    let offer = Template::approved(
        "spring_offer",
        "en_GB",
        "MARKETING",
        json!([{"type": "BODY", "text": "Everything blue is cheaper this week."}]),
    );
    let (town, conversation, _) = shop_with(offer).await;
    let hold = Hold {
        class: HoldClass::Wait,
        code: None,
        subcode: None,
        title: Some("It waits".to_owned()),
        until: town.engine.now().plus(Duration::from_hours(1)),
    };
    let channel = town.channel.clone();
    town.engine
        .store()
        .write(move |t| t.hold_channel(&channel, &hold))
        .await
        .unwrap();
    let message = town
        .engine
        .send_template(conversation, "spring_offer", "en_GB", values(&[]))
        .await
        .unwrap();
    let now = town.engine.now();
    town.engine
        .store()
        .write(move |t| {
            let contact = t.read().conversation(conversation)?.contact_id;
            t.note_marketing(contact, false, now)
        })
        .await
        .unwrap();
    town.engine.resume_channel(town.channel.clone()).await.unwrap();
    let failed = town.status(message, DeliveryStatus::Failed).await;
    assert_eq!(failed.failure.and_then(|failure| failure.code), Some(131_050));
    assert!(town.meta.sends().is_empty());
    town.engine.stop().await;
}
