//! Files of messages: what is fetched and uploaded when, and which contents are still needed.

use crate::shop::{NINE, Shop, at, permit};
use domain::{
    AttachmentId, AttachmentState, Author, ConversationId, MessageId, MessageKind, OutboxId, UploadState,
};
use store::{Claim, Hold, HoldClass, NewAttachment, NewOutbound, StoredFile, Upload};

const DAY: u64 = 24 * 3600;

fn named(sha256: &str) -> StoredFile {
    StoredFile {
        sha256: sha256.repeat(32),
        size: 10,
        mime_type: "image/jpeg".to_owned(),
        family: "image".to_owned(),
        file_name: "Vase.jpg".to_owned(),
        thumbnail: Some("ff".repeat(32)),
        thumbnail_mime: Some("image/jpeg".to_owned()),
        ..StoredFile::default()
    }
}

impl Shop {
    /// A customer sends a picture that lies at the provider under `id`.
    async fn picture(&self, wamid: &str, id: &str) -> (MessageId, AttachmentId) {
        let (_, message) = self.text("447700900001", wamid, "Look", NINE).await;
        let message = message.unwrap();
        let new = NewAttachment {
            media_id: Some(id.to_owned()),
            ..NewAttachment::default()
        };
        let file = self
            .store
            .write(move |t| t.add_inbound_attachment(message, &new, NINE))
            .await
            .unwrap();
        (message, file)
    }

    /// An operator sends a file; the attempt is called `id`.
    async fn send_file(&self, conversation: ConversationId, id: &str, kind: MessageKind) -> MessageId {
        let new = NewOutbound {
            kind,
            files: vec![named("ab")],
            ..NewOutbound::words(conversation, Author::Operator, "This one".to_owned(), None)
        };
        let id = OutboxId::from(id);
        self.store
            .write(move |t| t.add_outbound(&new, &id, permit(), NINE))
            .await
            .unwrap()
    }

    async fn trays(&self, seconds: u64) -> (usize, usize) {
        self.store
            .read(move |r| {
                Ok((
                    r.due_fetches(at(seconds), 100)?.len(),
                    r.due_uploads(at(seconds), 100)?.len(),
                ))
            })
            .await
            .unwrap()
    }

    async fn file_of(&self, message: MessageId) -> store::Attachment {
        let files = self.store.read(move |r| r.attachments(message)).await.unwrap();
        files.into_iter().next().unwrap()
    }

    async fn is_ready(&self, id: &str, seconds: u64) -> bool {
        let id = OutboxId::from(id);
        let ready = self
            .store
            .read(move |r| Ok(r.due_attempts(at(seconds), 100)?.iter().any(|due| due.id == id)));
        ready.await.unwrap()
    }
}

#[tokio::test]
async fn a_file_is_fetched_when_it_is_due_and_not_while_the_set_up_is_wrong() {
    let shop = Shop::open().await;
    let (message, file) = shop.picture("in.1", "1402").await;
    assert_eq!(shop.trays(0).await, (1, 0));
    shop.store
        .write(move |t| t.settle_fetch_later(file, at(30), "It broke off.", true))
        .await
        .unwrap();
    assert_eq!((shop.trays(29).await, shop.trays(30).await), ((0, 0), (1, 0)));
    let known = shop.file_of(message).await;
    assert_eq!(
        (known.tries, known.trouble.as_deref()),
        (1, Some("It broke off."))
    );

    let (channel, hold) = (shop.channel.clone(), |class| Hold {
        class,
        code: Some(190),
        subcode: None,
        title: None,
        until: at(600),
    });
    let (wrong, busy) = (hold(HoldClass::Configuration), hold(HoldClass::Wait));
    let id = channel.clone();
    shop.store
        .write(move |t| t.hold_channel(&id, &wrong))
        .await
        .unwrap();
    assert_eq!((shop.trays(60).await, shop.trays(600).await), ((0, 0), (1, 0)));
    let next = shop.store.read(|r| r.next_fetch_at(at(60))).await.unwrap();
    assert_eq!(next, Some(at(600)));
    shop.store
        .write(move |t| t.hold_channel(&channel, &busy))
        .await
        .unwrap();
    assert_eq!(shop.trays(60).await, (1, 0), "other holds concern messages");
    shop.store.close().await;
}

#[tokio::test]
async fn a_second_mention_of_a_file_is_the_same_file_and_a_lost_one_is_asked_for_again() {
    let shop = Shop::open().await;
    let (message, file) = shop.picture("in.1", "1402").await;
    let again = NewAttachment {
        media_id: Some("1402".to_owned()),
        url: Some("https://lookaside.fbsbx.com/1".to_owned()),
        ..NewAttachment::default()
    };
    let second = shop
        .store
        .write(move |t| {
            t.settle_lost(file, AttachmentState::Expired, "It is gone.")?;
            t.add_inbound_attachment(message, &again, at(60))
        })
        .await
        .unwrap();
    assert_eq!(second, file);
    let known = shop.file_of(message).await;
    assert_eq!(
        (known.state, known.due_at),
        (AttachmentState::Pending, Some(at(60)))
    );
    assert!(known.url.is_some() && known.trouble.is_none());
    shop.store.close().await;
}

#[tokio::test]
async fn a_file_that_goes_with_the_answer_of_a_skill_is_not_forgotten() {
    let shop = Shop::open().await;
    let file = "ee".repeat(32);
    let skill = domain::Skill {
        id: domain::SkillId(0),
        name: "Menu".to_owned(),
        enabled: true,
        autonomy: domain::BotMode::Bot,
        requires_human: false,
        high_risk: false,
        valid_from: None,
        valid_to: None,
        hours: domain::SkillHours::Always,
        examples: Vec::new(),
        answers: vec![domain::SkillAnswer {
            language: None,
            text: "Here it is".to_owned(),
            buttons: Vec::new(),
            file: Some(file.clone()),
        }],
        version: 1,
    };
    let id = shop
        .store
        .write(move |t| t.save_skill(&skill, None, at(0)))
        .await
        .unwrap();
    let named_still = |sha256: String| shop.store.read(move |r| r.is_content_named(&sha256));
    assert!(named_still(file.clone()).await.unwrap());
    shop.store.write(move |t| t.delete_skill(id)).await.unwrap();
    assert!(!named_still(file).await.unwrap());
    shop.store.close().await;
}

#[tokio::test]
async fn a_content_is_forgotten_with_its_last_name_only() {
    let shop = Shop::open().await;
    let (first, one) = shop.picture("in.1", "1402").await;
    let (second, two) = shop.picture("in.2", "1403").await;
    shop.store
        .write(move |t| {
            t.settle_stored(one, &named("ab"))?;
            t.settle_stored(two, &named("ab"))?;
            t.remove_attachments(first)
        })
        .await
        .unwrap();
    let named_still = |sha256: String| shop.store.read(move |r| r.is_content_named(&sha256));
    assert!(named_still("ab".repeat(32)).await.unwrap());
    assert!(named_still("ff".repeat(32)).await.unwrap());
    shop.store
        .write(move |t| t.remove_attachments(second))
        .await
        .unwrap();
    assert!(!named_still("ab".repeat(32)).await.unwrap());
    let forgotten = shop.store.read(|r| r.forgotten_contents(10)).await.unwrap();
    assert_eq!(forgotten, ["ab".repeat(32), "ff".repeat(32)]);

    // A file that arrives after its message was taken back is not kept either.
    shop.store
        .write(move |t| {
            t.settle_forgotten(&forgotten)?;
            t.settle_stored(two, &named("cd"))
        })
        .await
        .unwrap();
    let forgotten = shop.store.read(|r| r.forgotten_contents(10)).await.unwrap();
    assert_eq!(forgotten, ["cd".repeat(32), "ff".repeat(32)]);
    shop.store.close().await;
}

#[tokio::test]
async fn a_message_with_a_file_leaves_once_the_provider_has_it_and_what_follows_waits() {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "in.1", "Hello", NINE).await;
    let message = shop.send_file(conversation, "ob_1", MessageKind::Image).await;
    shop.reply(conversation, "The blue one", "ob_2", NINE).await;
    let file = shop.file_of(message).await.id;
    assert!(!shop.is_ready("ob_1", 1).await && !shop.is_ready("ob_2", 1).await);
    assert!(shop.store.write(move |t| t.begin_upload(file)).await.unwrap());
    assert!(!shop.is_ready("ob_1", 1).await);
    shop.store
        .write(move |t| t.settle_uploaded(file, "1402", at(30 * DAY)))
        .await
        .unwrap();
    assert!(shop.is_ready("ob_1", 1).await && !shop.is_ready("ob_2", 1).await);
    let Claim::Taken(claimed) = shop.claim(&OutboxId::from("ob_1"), at(1)).await else {
        panic!("it may leave");
    };
    assert_eq!(claimed.files[0].media_id.as_deref(), Some("1402"));
    assert_eq!(
        (claimed.kind, claimed.text.as_deref()),
        (MessageKind::Image, Some("This one"))
    );
    shop.store.close().await;
}

#[tokio::test]
async fn an_upload_the_provider_has_forgotten_goes_up_again_before_its_message_leaves() {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "in.1", "Hello", NINE).await;
    let message = shop.send_file(conversation, "ob_1", MessageKind::Image).await;
    let file = shop.file_of(message).await.id;
    shop.store
        .write(move |t| {
            t.begin_upload(file)?;
            t.settle_uploaded(file, "1402", at(100))
        })
        .await
        .unwrap();
    assert_eq!((shop.trays(99).await, shop.trays(100).await), ((0, 0), (0, 1)));
    assert!(shop.is_ready("ob_1", 99).await && !shop.is_ready("ob_1", 100).await);
    assert!(shop.store.write(move |t| t.begin_upload(file)).await.unwrap());
    let known = shop.file_of(message).await;
    assert_eq!(
        (known.upload_state, known.media_id),
        (Some(UploadState::Uploading), None)
    );
    shop.store.close().await;
}

#[tokio::test]
async fn a_message_that_is_given_up_needs_no_upload_and_one_that_is_tried_again_does() {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "in.1", "Hello", NINE).await;
    let message = shop.send_file(conversation, "ob_1", MessageKind::Image).await;
    let file = shop.file_of(message).await.id;
    assert_eq!(shop.trays(1).await, (0, 1));
    let refusal = domain::SendFailure {
        class: domain::SendClass::Never,
        code: None,
        subcode: None,
        title: "WhatsApp did not accept Vase.jpg.".to_owned(),
        detail: None,
        retry_after: None,
    };
    shop.store
        .write(move |t| {
            t.begin_upload(file)?;
            t.refuse_upload(file, &refusal)
        })
        .await
        .unwrap();
    assert_eq!(shop.trays(1).await, (0, 0));
    let failed = shop.store.read(move |r| r.message(message)).await.unwrap();
    assert_eq!(failed.status, domain::DeliveryStatus::Failed);
    shop.store
        .write(move |t| t.retry_message(message, &OutboxId::from("ob_2"), permit(), true, at(5)))
        .await
        .unwrap();
    assert_eq!(shop.trays(5).await, (0, 1));
    shop.store
        .write(move |t| t.discard_message(message, at(6)))
        .await
        .unwrap();
    assert_eq!(shop.trays(6).await, (0, 0));
    let unwanted = shop
        .store
        .read(move |r| r.unwanted_uploads(&[file]))
        .await
        .unwrap();
    assert_eq!(unwanted, [file]);
    let settled = shop.file_of(message).await;
    assert_eq!(
        (settled.upload_state, settled.due_at),
        (Some(UploadState::Refused), None),
        "nothing looks as if it still waited"
    );
    shop.store.close().await;
}

#[tokio::test]
async fn a_template_leaves_although_the_window_is_closed_and_nothing_else_does() {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "in.1", "Hello", NINE).await;
    for (id, kind) in [("ob_1", MessageKind::Template), ("ob_2", MessageKind::Location)] {
        let new = NewOutbound {
            kind,
            payload: Some(serde_json::json!({"name": "hello"})),
            ..NewOutbound::words(conversation, Author::Operator, "Hello again".to_owned(), None)
        };
        let id = OutboxId::from(id);
        shop.store
            .write(move |t| t.add_outbound(&new, &id, permit(), NINE))
            .await
            .unwrap();
    }
    let (one, two) = (OutboxId::from("ob_1"), OutboxId::from("ob_2"));
    assert!(matches!(shop.claim(&one, at(25 * 3600)).await, Claim::Taken(_)));
    shop.store
        .write(|t| t.settle_accepted(&OutboxId::from("ob_1"), "out.1", &[], NINE))
        .await
        .unwrap();
    assert!(matches!(
        shop.claim(&two, at(25 * 3600)).await,
        Claim::WindowClosed(_)
    ));
    shop.store.close().await;
}

#[tokio::test]
async fn what_was_handed_in_is_forgotten_after_a_day_or_when_it_is_sent() {
    let shop = Shop::open().await;
    let handed_in = |id: &str| Upload {
        id: id.to_owned(),
        file: named("ab"),
        kind: MessageKind::Image,
        created_at: NINE,
    };
    let (one, two) = (handed_in("up_1"), handed_in("up_2"));
    shop.store
        .write(move |t| {
            t.add_upload(&one)?;
            t.add_upload(&two)?;
            t.forget_upload("up_1")?;
            t.forget_upload("up_1")?;
            t.forget_old_uploads(at(DAY))
        })
        .await
        .unwrap();
    let known = |id: &'static str| shop.store.read(move |r| r.upload(id));
    assert!(known("up_1").await.is_err());
    assert_eq!(known("up_2").await.unwrap(), handed_in("up_2"));
    shop.store
        .write(|t| t.forget_old_uploads(at(DAY + 1)))
        .await
        .unwrap();
    assert!(known("up_2").await.is_err());
    let forgotten = shop.store.read(|r| r.forgotten_contents(10)).await.unwrap();
    assert!(forgotten.contains(&"ab".repeat(32)));
    shop.store.close().await;
}

#[tokio::test]
async fn hundreds_of_files_that_failed_before_hide_no_fresh_one() {
    let shop = Shop::open().await;
    let fresh = "fresh";
    for piece in 0..3 {
        let (_, message) = shop
            .text("447700900001", &format!("in.{piece}"), "Look", NINE)
            .await;
        let message = message.unwrap();
        let add = move |t: &mut store::WriteTransaction<'_>| {
            for id in 0..100 {
                let new = NewAttachment {
                    media_id: Some(format!("{piece}-{id}")),
                    ..NewAttachment::default()
                };
                let file = t.add_inbound_attachment(message, &new, NINE)?;
                t.settle_fetch_later(file, NINE, "It broke off.", true)?;
            }
            Ok(())
        };
        shop.store.write(add).await.unwrap();
    }
    let (_, message) = shop.text("447700900002", "in.fresh", "Look", at(60)).await;
    let new = NewAttachment {
        media_id: Some(fresh.to_owned()),
        ..NewAttachment::default()
    };
    let message = message.unwrap();
    shop.store
        .write(move |t| t.add_inbound_attachment(message, &new, at(60)))
        .await
        .unwrap();
    let due = shop.store.read(|r| r.due_fetches(at(61), 16)).await.unwrap();
    assert_eq!(due.len(), 17, "sixteen that failed and the fresh one");
    assert!(
        due.iter()
            .any(|due| due.attachment.media_id.as_deref() == Some(fresh))
    );
    let next = shop.store.read(|r| r.next_fetch_at(at(61))).await.unwrap();
    assert_eq!(next, None, "nothing is due later");
    shop.store.close().await;
}

#[tokio::test]
async fn an_upload_a_crash_interrupted_begins_again_only_for_a_message_that_still_waits() {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "in.1", "Hello", NINE).await;
    let wanted = shop.send_file(conversation, "ob_1", MessageKind::Image).await;
    let given_up = shop.send_file(conversation, "ob_2", MessageKind::Image).await;
    let (first, second) = (shop.file_of(wanted).await.id, shop.file_of(given_up).await.id);
    shop.store
        .write(move |t| {
            t.begin_upload(first)?;
            t.begin_upload(second)?;
            t.discard_message(given_up, at(1))?;
            t.name_interrupted_uploads(at(2))
        })
        .await
        .unwrap();
    let (first, second) = (shop.file_of(wanted).await, shop.file_of(given_up).await);
    assert_eq!(
        (first.upload_state, first.due_at),
        (Some(UploadState::Waiting), Some(at(2)))
    );
    assert_eq!(
        (second.upload_state, second.due_at),
        (Some(UploadState::Refused), None)
    );
    shop.store.close().await;
}
