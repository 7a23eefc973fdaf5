//! What a turn is about: what was said since somebody answered, in the order in which it came here.

use crate::shop::{Shop, at, take_late_text};
use domain::{BotMode, ConversationId, EscalationReason, HeldBy, MessageId};

async fn burst(shop: &Shop, id: ConversationId) -> Vec<MessageId> {
    let said = shop.store.read(move |r| r.burst(id)).await.unwrap();
    said.into_iter().map(|message| message.id).collect()
}

#[tokio::test]
async fn what_came_after_our_answer_is_unanswered_whatever_the_clocks_say() {
    let shop = Shop::open().await;
    let (id, _) = shop.text("447700900001", "wamid.1", "Hello", at(0)).await;
    let (_, answer) = shop.reply(id, "Which one do you mean?", "ob_a", at(10)).await;
    shop.begin(&answer, at(10)).await;
    shop.accept(&answer, "wamid.out.a").await;
    assert_eq!(burst(&shop, id).await, []);
    let channel = shop.channel.clone();
    // The provider's clock is five seconds behind ours.
    let (_, tap) = shop
        .store
        .write(move |t| {
            take_late_text(
                t,
                &channel,
                "447700900001",
                "wamid.2",
                "The blue one",
                (at(8), at(13)),
            )
        })
        .await
        .unwrap();
    assert_eq!(burst(&shop, id).await, [tap.unwrap()]);
}

#[tokio::test]
async fn a_turn_about_a_message_that_was_taken_back_ends() {
    let shop = Shop::open().await;
    let (id, message) = shop.text("447700900001", "wamid.1", "Hello", at(0)).await;
    let message = message.unwrap();
    let still_open = shop
        .store
        .write(move |t| {
            t.open_turn(id, message, at(6), at(0))?;
            t.revoke_message(message)?;
            Ok(t.read().open_turn(id)?.is_some())
        })
        .await
        .unwrap();
    assert!(!still_open);
}

#[tokio::test]
async fn a_turn_goes_on_with_what_is_left_when_one_of_two_messages_was_taken_back() {
    let shop = Shop::open().await;
    let (id, first) = shop.text("447700900001", "wamid.1", "Hello", at(0)).await;
    let first = first.unwrap();
    let (_, second) = shop
        .text("447700900001", "wamid.2", "When are you open?", at(1))
        .await;
    let second = second.unwrap();
    shop.store
        .write(move |t| {
            t.open_turn(id, second, at(6), at(0))?;
            t.revoke_message(first)
        })
        .await
        .unwrap();
    assert_eq!(burst(&shop, id).await, [second]);
    let open = shop.store.read(move |r| r.open_turn(id)).await.unwrap();
    assert!(open.is_some());
}

#[tokio::test]
async fn reminders_count_from_the_promise_and_not_from_an_earlier_flag() {
    let shop = Shop::open().await;
    let (id, _) = shop.text("447700900001", "wamid.1", "Hello", at(0)).await;
    let asking = shop
        .store
        .write(move |t| {
            t.raise_attention(id, EscalationReason::FileOnly, at(0))?;
            t.ask_for_person(id, EscalationReason::Complaint, at(3_600))?;
            t.read().asking(3)
        })
        .await
        .unwrap();
    assert_eq!(asking.len(), 1);
    assert_eq!(asking[0].since, at(3_600));
    let after_three = shop
        .store
        .write(move |t| {
            t.note_reminder(id, 3)?;
            t.read().asking(3)
        })
        .await
        .unwrap();
    assert_eq!(after_three, [], "all reminders were given");
}

#[tokio::test]
async fn conversations_where_the_assistant_is_off_keep_no_other_from_going_back() {
    let shop = Shop::open().await;
    let channel = shop.channel.clone();
    shop.store
        .write(move |t| {
            t.set_channel_mode(&channel, BotMode::Bot)?;
            t.set_return_minutes(&channel, 1)
        })
        .await
        .unwrap();
    for number in 0..70_u64 {
        let who = format!("4477009{number:05}");
        let (id, _) = shop
            .text(&who, &format!("wamid.{number}"), "Hello", at(number))
            .await;
        shop.store
            .write(move |t| {
                t.take_over(id, HeldBy::TakeOver, at(number))?;
                if number < 69 {
                    t.set_conversation_mode(id, Some(BotMode::Off), at(number))?;
                }
                Ok(())
            })
            .await
            .unwrap();
    }
    let returning = shop.store.read(|r| r.returning()).await.unwrap();
    assert_eq!(returning.len(), 1);
}

#[tokio::test]
async fn a_turn_that_was_overtaken_has_not_failed_and_one_that_was_interrupted_has() {
    let shop = Shop::open().await;
    let (id, message) = shop.text("447700900001", "wamid.1", "Hello", at(0)).await;
    let message = message.unwrap();
    let turn = shop
        .store
        .write(move |t| {
            t.open_turn(id, message, at(0), at(0))?;
            let turn = t.read().open_turn(id)?.unwrap();
            t.claim_turn(turn.id, at(1))?;
            t.postpone_turn(turn.id, at(2))?;
            t.claim_turn(turn.id, at(3))?;
            t.resume_turns()?;
            t.read().turn(turn.id)
        })
        .await
        .unwrap();
    assert_eq!((turn.attempt, turn.failures), (2, 1));
}
