//! Contacts that turn out to be one person, and are parted again.

use crate::shop::{NINE, Shop, at, wa_id};
use domain::{
    BotMode, ContactId, ConversationId, EscalationReason, HeldBy, Holder, Identity, IdentityKind, OutboxId,
};
use store::StoreError;

fn bsuid(value: &str) -> Identity {
    Identity::new(IdentityKind::Bsuid, value).unwrap()
}

/// Somebody known by their number and somebody known by their business-scoped id, each with a message of theirs.
struct Two {
    shop: Shop,
    by_number: (ContactId, ConversationId),
    by_id: (ContactId, ConversationId),
}

impl Two {
    async fn meet() -> Self {
        let shop = Shop::open().await;
        let (number, _) = shop
            .text("447700900001", "wamid.1", "From the number", at(0))
            .await;
        let (other, _) = shop
            .text("447700900002", "wamid.2", "Without a number", at(10))
            .await;
        let (first, second) = (
            shop.conversation(number).await.contact_id,
            shop.conversation(other).await.contact_id,
        );
        shop.store
            .write(move |t| t.unite(&[wa_id("447700900002"), bsuid("GB.2")], NINE))
            .await
            .unwrap();
        Self {
            shop,
            by_number: (first, number),
            by_id: (second, other),
        }
    }

    /// One webhook names both.
    async fn unite(&self) -> ContactId {
        self.shop
            .store
            .write(|t| t.find_or_add_contact(&[bsuid("GB.2"), wa_id("447700900001")], None, at(20)))
            .await
            .unwrap()
    }

    async fn merge_id(&self) -> i64 {
        let kept = self.by_number.0;
        let merges = self.shop.store.read(move |r| r.merges_into(kept)).await.unwrap();
        assert_eq!(merges.len(), 1, "{merges:?}");
        assert_eq!(merges[0].name.as_deref(), Some("Customer 447700900002"));
        merges[0].id
    }

    async fn words(&self, conversation: ConversationId) -> Vec<String> {
        let thread = self
            .shop
            .store
            .read(move |r| r.thread(conversation, None, 50))
            .await
            .unwrap();
        thread.into_iter().rev().filter_map(|m| m.text).collect()
    }
}

#[tokio::test]
async fn two_contacts_named_by_one_webhook_become_the_older_one_with_everything_both_said() {
    let two = Two::meet().await;
    assert_eq!(two.unite().await, two.by_number.0);
    let conversation = two.shop.conversation(two.by_number.1).await;
    assert_eq!(conversation.unread, 2);
    assert_eq!(
        two.words(two.by_number.1).await,
        ["From the number", "Without a number"]
    );
    assert_eq!(conversation.window.closes_at(), Some(at(10 + 86_400)));
    let followed = two.shop.conversation(two.by_id.1).await;
    assert_eq!(
        followed.id, two.by_number.1,
        "the old address leads to the new place"
    );
    let all = two.shop.store.read(|r| r.conversation_ids()).await.unwrap();
    assert_eq!(all, [two.by_number.1], "the list shows one person");
    let contacts = two.shop.store.read(|r| r.contacts(None)).await.unwrap();
    assert_eq!(contacts.len(), 1);
    assert_eq!(contacts[0].identity(IdentityKind::Bsuid), Some("GB.2"));
    let (_, stored) = two
        .shop
        .text("447700900002", "wamid.3", "Once more", at(30))
        .await;
    assert!(stored.is_some());
    assert_eq!(two.words(two.by_number.1).await.len(), 3);
}

#[tokio::test]
async fn what_waits_to_leave_keeps_its_order_behind_what_waits_already() {
    let two = Two::meet().await;
    let shop = &two.shop;
    shop.reply(two.by_id.1, "To the other, first", "ob_b1", at(11))
        .await;
    shop.reply(two.by_id.1, "To the other, second", "ob_b2", at(12))
        .await;
    shop.reply(two.by_number.1, "To the number", "ob_a1", at(13))
        .await;
    two.unite().await;
    let mut left = Vec::new();
    for second in 20..23 {
        let due = shop.due(at(second)).await;
        assert_eq!(due.len(), 1, "one after the other: {due:?}");
        let id = OutboxId::from(due[0].as_str());
        shop.begin(&id, at(second)).await;
        shop.accept(&id, &format!("wamid.out.{second}")).await;
        left.push(due[0].clone());
    }
    assert_eq!(left, ["ob_a1", "ob_b1", "ob_b2"]);
}

#[tokio::test]
async fn a_person_who_holds_one_of_them_holds_both() {
    let two = Two::meet().await;
    let other = two.by_id.1;
    two.shop
        .store
        .write(move |t| t.take_over(other, HeldBy::TakeOver, at(0)))
        .await
        .unwrap();
    two.unite().await;
    assert_eq!(
        two.shop.conversation(two.by_number.1).await.holder,
        Holder::Operator
    );
}

#[tokio::test]
async fn a_mistake_is_undone_and_not_made_again() {
    let two = Two::meet().await;
    two.unite().await;
    two.shop
        .text("447700900001", "wamid.4", "After that", at(25))
        .await;
    let merge = two.merge_id().await;
    two.shop
        .store
        .write(move |t| t.undo_merge(merge, at(40)))
        .await
        .unwrap();
    assert_eq!(
        two.words(two.by_number.1).await,
        ["From the number", "After that"]
    );
    assert_eq!(two.words(two.by_id.1).await, ["Without a number"]);
    let contact = two.by_id.0;
    let parted = two.shop.store.read(move |r| r.contact(contact)).await.unwrap();
    assert_eq!(parted.identity(IdentityKind::Bsuid), Some("GB.2"));
    assert_eq!(
        two.unite().await,
        two.by_id.0,
        "the business-scoped id decides from now on"
    );
    assert_eq!(
        two.shop.store.read(|r| r.conversation_ids()).await.unwrap().len(),
        2
    );
    let again = two.shop.store.write(move |t| t.undo_merge(merge, at(41))).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
}

#[tokio::test]
async fn who_is_parted_again_keeps_nothing_of_what_the_other_one_wanted() {
    let two = Two::meet().await;
    let (first, other) = (two.by_number.1, two.by_id);
    let window = two.shop.conversation(first).await.window;
    two.shop
        .store
        .write(move |t| {
            t.note_marketing(other.0, false, at(12))?;
            t.set_blocked(other.1, Some(at(13)))?;
            t.note_username(other.0, "@ben")
        })
        .await
        .unwrap();
    two.unite().await;
    let joined = two.shop.conversation(first).await;
    assert!(joined.marketing_stopped_at.is_some() && joined.blocked_at.is_some());
    let merge = two.merge_id().await;
    two.shop
        .store
        .write(move |t| t.undo_merge(merge, at(40)))
        .await
        .unwrap();
    let parted = two.shop.conversation(first).await;
    assert_eq!(
        (parted.marketing_stopped_at, parted.blocked_at, parted.username),
        (None, None, None)
    );
    assert_eq!(parted.window, window);
    let theirs = two.shop.conversation(other.1).await;
    assert!(theirs.marketing_stopped_at.is_some() && theirs.blocked_at.is_some());
}

#[tokio::test]
async fn joined_twice_they_are_parted_in_the_opposite_order() {
    let two = Two::meet().await;
    two.unite().await;
    let first = two.merge_id().await;
    let (third, _) = two.shop.text("447700900003", "wamid.9", "A third", at(50)).await;
    two.shop
        .store
        .write(|t| t.unite(&[wa_id("447700900001"), wa_id("447700900003")], at(51)))
        .await
        .unwrap();
    let refused = two.shop.store.write(move |t| t.undo_merge(first, at(52))).await;
    assert!(
        refused.is_err_and(|error| error.to_string().contains("Part those two first")),
        "the latest has to go first"
    );
    assert_eq!(two.shop.conversation(third).await.id, two.by_number.1);
}

#[tokio::test]
async fn parted_from_a_third_two_are_still_one_and_lead_to_nobody_else() {
    let two = Two::meet().await;
    let (third, _) = two.shop.text("447700900003", "wamid.9", "A third", at(12)).await;
    let other = two.shop.conversation(third).await.contact_id;
    two.shop
        .store
        .write(|t| t.unite(&[wa_id("447700900002"), wa_id("447700900003")], at(15)))
        .await
        .unwrap();
    two.unite().await;
    let merge = two.merge_id().await;
    let unread = two.shop.conversation(two.by_number.1).await.unread;
    assert_eq!(unread, 3);
    two.shop
        .store
        .write(move |t| t.undo_merge(merge, at(40)))
        .await
        .unwrap();
    assert_eq!(two.shop.conversation(third).await.id, two.by_id.1);
    assert_eq!(two.shop.conversation(third).await.unread, 2);
    assert_eq!(two.shop.conversation(two.by_number.1).await.unread, 1);
    let person = two.shop.store.read(move |r| r.contact(other)).await.unwrap();
    assert_eq!(person.id, two.by_id.0);
}

#[tokio::test]
async fn what_is_done_in_a_window_that_still_shows_the_other_one_is_done_where_the_messages_lie() {
    let two = Two::meet().await;
    two.unite().await;
    let (shown, lies) = (two.by_id.1, two.by_number.1);
    two.shop
        .store
        .write(move |t| {
            t.set_conversation_mode(shown, Some(BotMode::Off), at(20))?;
            t.ask_for_person(shown, EscalationReason::Complaint, at(20))?;
            t.keep_composer_text(shown, "half a word", at(20))?;
            t.set_blocked(shown, Some(at(30)))?;
            t.mark_read(shown)
        })
        .await
        .unwrap();
    let conversation = two.shop.conversation(lies).await;
    assert_eq!(conversation.mode, Some(BotMode::Off));
    assert_eq!(conversation.holder, Holder::WaitingHuman);
    assert_eq!(conversation.composer_text.as_deref(), Some("half a word"));
    assert_eq!(conversation.unread, 0);
    two.shop.reply(shown, "Answer", "ob_late", at(31)).await;
    let words = ["From the number", "Without a number", "Answer"];
    assert_eq!(two.words(lies).await, words);
    assert_eq!(two.words(shown).await, words);
}

#[tokio::test]
async fn a_brazilian_number_with_and_without_its_ninth_digit_is_one_person() {
    let shop = Shop::open().await;
    let (long, _) = shop.text("5511987654321", "wamid.1", "Bom dia", at(0)).await;
    let (short, _) = shop.text("551187654321", "wamid.2", "Tudo bem?", at(1)).await;
    assert_eq!(long, short);
}

#[tokio::test]
async fn a_name_given_here_goes_before_every_other_and_a_profile_before_the_address_book() {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "wamid.1", "Hello", at(0)).await;
    let contact = shop.conversation(conversation).await.contact_id;
    let name = || async { shop.conversation(conversation).await.contact_name.unwrap() };
    shop.store
        .write(move |t| t.note_name(contact, "Ana from the phone", true))
        .await
        .unwrap();
    assert_eq!(name().await, "Customer 447700900001");
    shop.store
        .write(move |t| t.rename_contact(contact, " Ana, blue bike "))
        .await
        .unwrap();
    shop.text("447700900001", "wamid.2", "Again", at(1)).await;
    assert_eq!(name().await, "Ana, blue bike");
    shop.store
        .write(move |t| t.rename_contact(contact, ""))
        .await
        .unwrap();
    assert_eq!(name().await, "Customer 447700900001");
}
