//! The list of conversations, its piles, and threads in pages.

use crate::shop::{Shop, at, new_channel};
use domain::{BotMode, ChannelId, ConversationId, HeldBy, Holder, Queue};
use store::{ConversationCursor, ConversationFilter, Place};

async fn listed(shop: &Shop, filter: ConversationFilter) -> Vec<ConversationId> {
    let rows = shop
        .store
        .read(move |r| r.conversations(&filter, None, 100))
        .await
        .unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

/// Five customers; the first has been answered, the third's message to them failed.
async fn five() -> (Shop, Vec<ConversationId>) {
    let shop = Shop::open().await;
    let mut ids = Vec::new();
    for number in 0..5_u64 {
        let who = format!("44770090000{number}");
        let (id, _) = shop
            .text(&who, &format!("wamid.{number}"), "Hello", at(number))
            .await;
        ids.push(id);
    }
    let (_, answered) = shop.reply(ids[0], "Hi", "ob_a", at(10)).await;
    shop.begin(&answered, at(10)).await;
    shop.accept(&answered, "wamid.out.a").await;
    let (_, lost) = shop.reply(ids[2], "Hi", "ob_c", at(11)).await;
    shop.begin(&lost, at(11)).await;
    shop.store
        .write(move |t| t.settle_unknown(&lost, "lost"))
        .await
        .unwrap();
    (shop, ids)
}

#[tokio::test]
async fn the_newest_comes_first_and_pages_join_without_gap_or_repetition() {
    let (shop, ids) = five().await;
    let all = listed(&shop, ConversationFilter::default()).await;
    assert_eq!(all, [ids[2], ids[0], ids[4], ids[3], ids[1]]);
    let mut paged = Vec::new();
    let mut cursor = None;
    loop {
        let page = shop
            .store
            .read(move |r| r.conversations(&ConversationFilter::default(), cursor, 2))
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        cursor = Some(ConversationCursor {
            last_at: last.last_at,
            id: last.id,
        });
        paged.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(paged, all);
}

#[tokio::test]
async fn the_piles_sizes_are_those_of_the_rows_whatever_the_modes() {
    let (shop, ids) = five().await;
    let (bot, person) = (ids[3], ids[4]);
    let channel = shop.channel.clone();
    shop.store
        .write(move |t| {
            t.set_channel_mode(&channel, BotMode::Bot)?;
            for id in ids {
                if let Some(asked) = t.read().burst(id)?.last() {
                    t.open_turn(id, asked.id, at(0), at(0))?;
                }
            }
            t.take_over(person, HeldBy::TakeOver, at(0))?;
            t.set_conversation_mode(bot, Some(BotMode::Bot), at(0))
        })
        .await
        .unwrap();
    let rows = shop
        .store
        .read(|r| r.conversations(&ConversationFilter::default(), None, 100))
        .await
        .unwrap();
    let size = |queue| u32::try_from(rows.iter().filter(|row| row.queue() == queue).count()).unwrap();
    let sizes = shop.store.read(|r| r.queue_sizes()).await.unwrap();
    assert_eq!(
        (sizes.needs_me, sizes.bot, sizes.waiting),
        (size(Queue::NeedsMe), size(Queue::Bot), size(Queue::Waiting))
    );
    assert_eq!((sizes.needs_me, sizes.bot, sizes.waiting), (2, 2, 1));

    shop.store
        .write(|t| t.set_global_mode(BotMode::Off))
        .await
        .unwrap();
    let sizes = shop.store.read(|r| r.queue_sizes()).await.unwrap();
    assert_eq!(
        (sizes.needs_me, sizes.bot, sizes.waiting),
        (4, 0, 1),
        "off means off"
    );
}

#[tokio::test]
async fn a_mode_that_cannot_be_read_means_off() {
    let (shop, _) = five().await;
    let channel = shop.channel.clone();
    shop.store
        .write(move |t| {
            t.set_channel_mode(&channel, BotMode::Bot)?;
            t.set_setting("global_mode", "turbo")
        })
        .await
        .unwrap();
    let sizes = shop.store.read(|r| r.queue_sizes()).await.unwrap();
    assert_eq!(sizes.bot, 0);
}

#[tokio::test]
async fn the_list_is_narrowed_by_pile_channel_name_and_number() {
    let (shop, ids) = five().await;
    let endpoint = shop.endpoint;
    shop.store
        .write(move |t| t.put_channel(&new_channel("2", endpoint), at(0)))
        .await
        .unwrap();
    let (other, _) = shop
        .text_to(
            ChannelId::from("2"),
            "447700900000",
            "wamid.other",
            "Hello",
            at(20),
        )
        .await;
    let queue = |queue| ConversationFilter {
        queue: Some(queue),
        ..ConversationFilter::default()
    };
    assert_eq!(listed(&shop, queue(Queue::Waiting)).await, [ids[0]]);
    let channel = ConversationFilter {
        channel_id: Some(ChannelId::from("2")),
        ..ConversationFilter::default()
    };
    assert_eq!(listed(&shop, channel).await, [other]);
    let text = |text: &str| ConversationFilter {
        text: Some(text.to_owned()),
        ..ConversationFilter::default()
    };
    assert_eq!(listed(&shop, text("+44 7700 900003")).await, [ids[3]]);
    assert_eq!(listed(&shop, text("customer 447700900004")).await, [ids[4]]);
    assert_eq!(listed(&shop, text("  ")).await.len(), 6);
    assert!(listed(&shop, text("'; DROP TABLE message; --")).await.is_empty());
    assert!(listed(&shop, text("%")).await.is_empty(), "no wildcard");
}

#[tokio::test]
async fn a_name_is_found_in_any_case_in_any_alphabet() {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "wamid.1", "Hello", at(0)).await;
    let contact = shop.conversation(conversation).await.contact_id;
    for (name, typed) in [("Élodie Őry", "élodie ő"), ("Юлия", "юли"), ("Ana", "ANA")] {
        shop.store
            .write(move |t| {
                let identities = t.read().identities(contact)?;
                t.find_or_add_contact(&identities, Some(name), at(0))
            })
            .await
            .unwrap();
        let filter = ConversationFilter {
            text: Some(typed.to_owned()),
            ..ConversationFilter::default()
        };
        assert_eq!(listed(&shop, filter).await, [conversation], "{typed}");
    }
}

#[tokio::test]
async fn a_thread_is_read_backwards_page_by_page() {
    let shop = Shop::open().await;
    let mut conversation = None;
    for number in 0..7 {
        let (id, _) = shop
            // Three within one second: the id decides.
            .text(
                "447700900001",
                &format!("wamid.{number}"),
                &number.to_string(),
                at(number / 3),
            )
            .await;
        conversation = Some(id);
    }
    let conversation = conversation.unwrap();
    let mut seen = Vec::new();
    let mut before: Option<Place> = None;
    loop {
        let page = shop
            .store
            .read(move |r| r.thread(conversation, before, 3))
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.place);
        seen.extend(page.into_iter().filter_map(|message| message.text));
    }
    assert_eq!(seen, ["6", "5", "4", "3", "2", "1", "0"]);
}

#[tokio::test]
async fn what_stands_in_a_composer_is_kept_until_it_is_sent_or_emptied() {
    let (shop, ids) = five().await;
    let id = ids[1];
    let keep = |text: &'static str| shop.store.write(move |t| t.keep_composer_text(id, text, at(0)));
    keep("One moment").await.unwrap();
    assert_eq!(
        shop.conversation(id).await.composer_text.as_deref(),
        Some("One moment")
    );
    keep("").await.unwrap();
    assert_eq!(shop.conversation(id).await.composer_text, None);

    keep("On its way").await.unwrap();
    shop.reply(id, "On its way", "ob_1", at(30)).await;
    assert_eq!(shop.conversation(id).await.composer_text, None, "it was sent");
    keep("P.S.").await.unwrap();
    shop.reply(id, "Something else", "ob_2", at(31)).await;
    assert_eq!(shop.conversation(id).await.composer_text.as_deref(), Some("P.S."));
}

#[tokio::test]
async fn an_answer_marks_the_conversation_as_looked_at_and_makes_its_author_the_holder() {
    let (shop, ids) = five().await;
    let before = shop.conversation(ids[1]).await;
    assert_eq!((before.unread, before.holder), (1, Holder::Assistant));
    shop.reply(ids[1], "Hi", "ob_1", at(30)).await;
    let after = shop.conversation(ids[1]).await;
    assert_eq!((after.unread, after.holder), (0, Holder::Operator));
    assert!(
        after.epoch > before.epoch,
        "an assistant's answer under way is stale now"
    );
}
