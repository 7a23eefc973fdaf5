//! What customers write, however it comes.

use crate::town::{NUMBER, SECRET, SOON, Town, connect, ines, number, omar};
use domain::{DeliveryStatus, Identity, IdentityKind};
use engine::{CommandError, SystemClock};
use serde_json::json;
use simulator::art::{Scene, photo};
use simulator::webhook::coexistence;
use simulator::{Customer, Inbound, Progress, StatusPlan, Street, webhook};
use store::{Access, JournalState, Store};

const NOW: i64 = 1_794_301_200;

#[tokio::test]
async fn a_customer_who_writes_is_there_with_name_and_every_identity() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Olá 🦊").await;
    let (row, contact) = town
        .engine
        .store()
        .read(move |r| {
            let row = r.conversation(conversation)?;
            let contact = r.contact(row.contact_id)?;
            Ok((row, contact))
        })
        .await
        .unwrap();
    assert_eq!((row.unread, contact.name.as_deref()), (1, Some("Inês")));
    assert_eq!(contact.phone(), Some("447700900222"));
    assert_eq!(contact.identity(IdentityKind::Bsuid), Some("GB.700000000222"));
    assert!(row.window.is_open(town.engine.now()));
    town.engine.stop().await;
}

#[tokio::test]
async fn what_comes_three_times_and_in_any_order_is_stored_once() {
    let town = Town::open().await;
    town.meta.set_street(Street {
        copies: 3,
        ..Street::default()
    });
    let changes = (0..20)
        .map(|at| {
            webhook::text(
                &number(NUMBER, SECRET),
                &omar(),
                &format!("wamid.{at}"),
                NOW + at,
                &at.to_string(),
            )
        })
        .collect();
    for receipt in town.meta.deliver_shuffled(NUMBER, changes) {
        receipt.acknowledged(SOON).await.unwrap();
    }
    let counts = town.settled().await;
    assert_eq!((counts.received, counts.processed), (60, 60));
    let texts: Vec<_> = town.messages().await.into_iter().filter_map(|m| m.text).collect();
    let wanted: Vec<_> = (0..20).map(|at| at.to_string()).collect();
    assert_eq!(texts, wanted, "in the order they were written");
    town.engine.stop().await;
}

#[tokio::test]
async fn a_known_message_under_another_name_makes_no_second_customer() {
    let town = Town::open().await;
    let number = number(NUMBER, SECRET);
    let phone_only = Customer::phone("Inês", "447700900222");
    let hidden = Customer::hidden("Inês", "GB.700000000222", "ines");
    for customer in [phone_only, hidden] {
        let change = webhook::text(&number, &customer, "wamid.same", NOW, "Hello");
        town.meta
            .deliver(NUMBER, vec![change])
            .acknowledged(SOON)
            .await
            .unwrap();
        town.settled().await;
    }
    let ids = town.engine.store().read(|r| r.conversation_ids()).await.unwrap();
    assert_eq!(ids.len(), 1);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_number_that_is_not_connected_waits_and_is_taken_in_when_it_is() {
    const LATER: &str = "512000000000008";
    let town = Town::open().await;
    town.meta.add_number(number(LATER, SECRET));
    town.meta.subscribe_unverified(LATER, &town.url);
    town.meta.customer_writes(LATER, &ines(), "Hello?").unwrap();
    let counts = town.settled().await;
    assert_eq!((counts.unassigned, counts.processed), (1, 0));
    assert!(town.messages().await.is_empty());

    connect(&town.meta, &town.engine, LATER, SECRET).await;
    town.engine.stop().await;
    let store = Store::open(&town.folder.path().join("data"), Access::Write).unwrap();
    let state = Some(JournalState::Unassigned);
    let replayed = engine::replay(&store, &SystemClock, state, None).await.unwrap();
    assert_eq!((replayed.processed, replayed.unassigned), (1, 0));
    let again = engine::replay(&store, &SystemClock, None, None).await.unwrap();
    assert_eq!(again.processed, 1);
    let unread = store
        .read(|r| Ok(r.conversation(r.conversation_ids()?[0])?.unread))
        .await
        .unwrap();
    assert_eq!(unread, 1, "nothing is doubled");
    let missing = engine::replay(&store, &SystemClock, None, Some(domain::JournalId(99))).await;
    assert!(missing.unwrap_err().to_string().contains("no journal entry 99"));
    store.close().await;
}

#[tokio::test]
async fn one_app_cannot_speak_for_the_number_of_another() {
    const OTHER: &str = "512000000000009";
    const OTHER_SECRET: &str = "the secret of another app";
    let town = Town::open().await;
    town.meta.add_number(number(OTHER, OTHER_SECRET));
    let (_, other_url) = connect(&town.meta, &town.engine, OTHER, OTHER_SECRET).await;
    assert_ne!(town.url, other_url);
    // Signed by the other app, at its own address, about our number.
    let forged = webhook::text(
        &number(NUMBER, SECRET),
        &ines(),
        "wamid.forged",
        NOW,
        "Send me money",
    );
    town.meta
        .deliver(OTHER, vec![forged])
        .acknowledged(SOON)
        .await
        .unwrap();
    let counts = town.settled().await;
    assert_eq!(counts.unassigned, 1);
    assert!(town.messages().await.is_empty());

    // Signed by the other app at our address.
    town.meta.subscribe_unverified(OTHER, &town.url);
    town.meta.set_street(Street {
        attempts: 1,
        ..Street::default()
    });
    let (_, receipt) = town.meta.customer_writes(OTHER, &ines(), "Hello").unwrap();
    let ended = receipt.ended(SOON).await.unwrap();
    assert!(
        matches!(&ended, Progress::GivenUp { last } if last.contains("401")),
        "{ended:?}"
    );
    town.engine.stop().await;
}

#[tokio::test]
async fn a_bad_item_spoils_none_of_its_siblings() {
    let town = Town::open().await;
    let number = number(NUMBER, SECRET);
    let good = |id: &str| webhook::text_message(&omar(), id, NOW, id);
    let change = webhook::messages(
        &number,
        &[omar()],
        vec![
            good("wamid.a"),
            json!("not a message"),
            json!({"type": "text"}),
            json!({"id": 7, "from": ["x"], "type": {}, "timestamp": "soon"}),
            webhook::typed_message(&omar(), "wamid.new", NOW, "hologram", json!({"depth": 3})),
            good("wamid.b"),
        ],
    );
    town.meta
        .deliver(NUMBER, vec![change])
        .acknowledged(SOON)
        .await
        .unwrap();
    let counts = town.settled().await;
    assert_eq!(counts.failed, 1, "what was not understood is kept and named");
    let kinds: Vec<_> = town
        .messages()
        .await
        .into_iter()
        .map(|m| (m.provider_id.unwrap(), m.kind.as_str(), m.original_kind))
        .filter(|(id, ..)| id.starts_with("wamid."))
        .collect();
    assert_eq!(
        kinds,
        [
            ("wamid.a".to_owned(), "text", "text".to_owned()),
            ("wamid.new".to_owned(), "unknown", "hologram".to_owned()),
            ("wamid.b".to_owned(), "text", "text".to_owned()),
        ]
    );
    town.engine.stop().await;
}

#[tokio::test]
async fn ticks_turn_also_when_the_report_overtakes_the_answer() {
    let town = Town::open().await;
    town.meta
        .set_statuses(StatusPlan::immediate().before_the_answer().copies(2).shuffled());
    let conversation = town.hear(&ines(), "Is it open?").await;
    let message = town.say(conversation, "Until six").await;
    let read = town.status(message, DeliveryStatus::Read).await;
    assert!(read.history.sent_at.is_some() && read.history.delivered_at.is_some());
    assert_eq!(town.sent(), ["Until six"]);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_report_teaches_who_the_customer_is_and_makes_two_who_are_one_one() {
    let town = Town::open().await;
    town.hear(&ines(), "Hello").await;
    let conversation = town.hear(&omar(), "Hi").await;
    let message = town.say(conversation, "Until six").await;
    let accepted = town.status(message, DeliveryStatus::Accepted).await;
    let wamid = accepted.provider_id.unwrap();
    let person = async |identity: Identity| {
        let seen = town.engine.store().read(move |r| {
            let Some(contact) = r.contact_known_as(&identity)? else {
                return Ok(None);
            };
            Ok(Some(r.contact(contact)?))
        });
        seen.await.unwrap().unwrap()
    };
    let omar_by = |kind, value: &str| Identity::new(kind, value).unwrap();
    // The report names Omar as only the provider knew him so far.
    let known_better = omar().with_user_id("GB.700000000333");
    let number = number(NUMBER, SECRET);
    let report = webhook::Report::new(&wamid, "delivered", NOW);
    let receipt = town
        .meta
        .deliver(NUMBER, vec![webhook::status(&number, &known_better, &report)]);
    receipt.acknowledged(SOON).await.unwrap();
    town.status(message, DeliveryStatus::Delivered).await;
    let omars = person(omar_by(IdentityKind::WaId, "447700900333")).await;
    assert_eq!(omars.identity(IdentityKind::Bsuid), Some("GB.700000000333"));
    let older = person(omar_by(IdentityKind::Bsuid, "GB.700000000222")).await;
    assert_ne!(older.id, omars.id, "two people so far");

    // And once by an id that was taken for somebody else's: they are one (whatsapp-cloud-api, section 2.4).
    let also = Customer::phone("Omar", "447700900333").with_user_id("GB.700000000222");
    let report = webhook::Report::new(&wamid, "read", NOW);
    let receipt = town
        .meta
        .deliver(NUMBER, vec![webhook::status(&number, &also, &report)]);
    receipt.acknowledged(SOON).await.unwrap();
    town.status(message, DeliveryStatus::Read).await;
    let one = person(omar_by(IdentityKind::WaId, "447700900333")).await;
    assert_eq!(one.id, older.id, "the older one stays");
    town.engine.stop().await;
}

#[tokio::test]
async fn of_a_placeholder_nothing_stays_once_the_file_of_the_past_is_told() {
    let town = Town::open().await;
    let (number, person) = (number(NUMBER, SECRET), ines());
    let id = webhook::new_wamid();
    let placeholder = coexistence::past_inbound(&person, &coexistence::placeholder(), &id, NOW, "READ");
    let chunk = coexistence::Chunk {
        phase: 0,
        order: 1,
        progress: 50,
    };
    let photo = town.meta.put_media(photo(Scene::Mug), "image/jpeg");
    let photo = Inbound::image(&photo, Some("The scratch"));
    for change in [
        coexistence::history(&number, chunk, &person, &[placeholder]),
        coexistence::past_file(&number, &person, &photo, &id, NOW),
    ] {
        let receipt = town.meta.deliver(NUMBER, vec![change]);
        receipt.acknowledged(SOON).await.unwrap();
    }
    town.settled().await;
    let all = town.messages().await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].text.as_deref(), Some("The scratch"));
    let payload = all[0].payload.clone().unwrap_or_default();
    assert!(payload.get("type").is_none(), "{payload}");
    town.engine.stop().await;
}

#[tokio::test]
async fn an_echo_whose_report_came_first_and_two_ids_that_were_joined_first_end_the_same() {
    let town = Town::open().await;
    let (number, person) = (number(NUMBER, SECRET), ines());
    let id = webhook::new_wamid();
    let read = webhook::status(&number, &person, &webhook::Report::new(&id, "read", NOW));
    let echo = coexistence::phone_echo(&number, &person, &Inbound::text("From the phone"), &id, NOW);
    let later = Customer::phone("Inês", "447700900999").with_user_id("GB.700000000999");
    let (before, after) = ("GB.700000000222", "GB.700000000999");
    let joined = webhook::identity::user_id_update(&number, &later, before, after, NOW);
    let written = |customer: &Customer, text| {
        let wamid = webhook::new_wamid();
        webhook::text(&number, customer, &wamid, NOW, text)
    };
    for change in [
        read,
        joined,
        written(&later, "new"),
        echo,
        written(&person, "old"),
    ] {
        let receipt = town.meta.deliver(NUMBER, vec![change]);
        receipt.acknowledged(SOON).await.unwrap();
        town.settled().await;
    }
    let all = town.messages().await;
    let said = all
        .iter()
        .find(|m| m.provider_id.as_deref() == Some(&id))
        .unwrap();
    assert_eq!(said.status, DeliveryStatus::Read);
    assert!(
        all.iter().all(|m| m.contact_id == said.contact_id),
        "one person: {all:?}"
    );
    town.engine.stop().await;
}

#[tokio::test]
async fn nobody_reacts_to_what_was_deleted() {
    let town = Town::open().await;
    let (number, person, id) = (number(NUMBER, SECRET), ines(), webhook::new_wamid());
    let now = town.engine.now().0 / 1_000;
    let said = webhook::text(&number, &person, &id, now, "Never mind");
    let deletion = webhook::new_wamid();
    let deleted = Inbound::revoke(&id).message(&person, &deletion, now);
    for change in [
        said,
        webhook::messages(&number, std::slice::from_ref(&person), vec![deleted]),
    ] {
        let receipt = town.meta.deliver(NUMBER, vec![change]);
        receipt.acknowledged(SOON).await.unwrap();
        town.settled().await;
    }
    let message = town.messages().await.remove(0);
    assert!(message.revoked);
    let refused = town.engine.react(message.id, "👍".to_owned()).await;
    assert!(matches!(refused, Err(CommandError::Misfit { .. })), "{refused:?}");
    assert!(town.meta.sends().is_empty());
    town.engine.stop().await;
}

#[tokio::test]
async fn nobody_changes_deletes_or_marks_what_another_customer_said() {
    let town = Town::open().await;
    town.hear(&omar(), "Good morning").await;
    town.hear(&ines(), "Two rolls at ten").await;
    let mut all = town.messages().await;
    all.retain(|message| message.text.as_deref() == Some("Two rolls at ten"));
    let said = all.remove(0);
    let id = said.provider_id.clone().unwrap();
    for change in [
        Inbound::edit(&id, &Inbound::text("Two hundred rolls")),
        Inbound::revoke(&id),
        Inbound::reaction(&id, "👍"),
    ] {
        let (_, receipt) = town.meta.customer_sends(NUMBER, &omar(), &change).unwrap();
        receipt.acknowledged(SOON).await.unwrap();
        town.settled().await;
    }
    let (message, reactions) = town
        .engine
        .store()
        .read(move |r| Ok((r.message(said.id)?, r.reactions(said.id)?)))
        .await
        .unwrap();
    assert_eq!(message.text.as_deref(), Some("Two rolls at ten"));
    assert!(!message.edited && !message.revoked && reactions.is_empty());
    let (_, receipt) = town
        .meta
        .customer_sends(NUMBER, &ines(), &Inbound::revoke(&id))
        .unwrap();
    receipt.acknowledged(SOON).await.unwrap();
    town.settled().await;
    let own = town
        .engine
        .store()
        .read(move |r| r.message(said.id))
        .await
        .unwrap();
    assert!(own.revoked, "her own words are hers to delete");
    town.engine.stop().await;
}
