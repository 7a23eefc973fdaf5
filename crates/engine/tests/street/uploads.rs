//! Files of ours: made fit, uploaded, and sent at their place.

use crate::media::contents;
use crate::town::{NUMBER, SECRET, Town, ines, number};
use domain::{ConversationId, DeliveryStatus, MessageId, MessageKind, UploadState};
use engine::compose::{Button, Composition};
use engine::{CommandError, FileMessage, FileSource, HandedIn};
use simulator::art::{Scene, photo, sticker};
use simulator::{GraphError, MediaFault, MediaRule, Number};
use std::path::PathBuf;
use store::{Attachment, HoldClass};

const DRIP: MediaFault = MediaFault::UploadSlow {
    bytes_per_second: 2_000,
};

fn from_path(path: PathBuf) -> FileMessage {
    FileMessage {
        source: FileSource::Path(path),
        caption: None,
        kind: None,
        reply_to: None,
    }
}

/// A photograph with a note of where it was taken, as cameras write one.
fn photo_with_place() -> Vec<u8> {
    let plain = photo(Scene::Vase);
    let note = b"Exif\0\0GPS: at home, 41.15 N 8.61 W";
    let length = u16::try_from(note.len() + 2).unwrap().to_be_bytes();
    let (start, rest) = plain.split_at(2);
    [start, &[0xff, 0xe1], &length, note, rest].concat()
}

fn has(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// A recording as microphones give it: two seconds of a tone, as WAV.
fn recording() -> Vec<u8> {
    let samples: Vec<u8> = (0..32_000_u32)
        .flat_map(|at| {
            if at * 440 / 16_000 % 2 == 0 {
                8_000_i16
            } else {
                -8_000
            }
            .to_le_bytes()
        })
        .collect();
    let size = u32::try_from(samples.len()).unwrap();
    let mut wav = b"RIFF".to_vec();
    wav.extend((size + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(16_000_u32.to_le_bytes());
    wav.extend(32_000_u32.to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(size.to_le_bytes());
    wav.extend(samples);
    wav
}

impl Town {
    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    async fn send_photo(&self, conversation: ConversationId) -> MessageId {
        let path = self.put("Vase.jpg", &photo_with_place());
        let mut message = from_path(path);
        message.caption = Some("This one?".to_owned());
        self.engine.send_media(conversation, message).await.unwrap()
    }

    /// Waits for the file of a message to be on its way as wanted.
    async fn upload(&self, message: MessageId, what: &str, wanted: fn(&Attachment) -> bool) -> Attachment {
        self.until(what, move |r| {
            Ok(r.attachments(message)?.into_iter().find(wanted))
        })
        .await
    }

    /// The kinds that reached Meta and were taken, in order.
    fn kinds(&self) -> Vec<String> {
        let sends = self.meta.sends();
        let taken = sends.iter().filter(|send| send.outcome.is_taken());
        taken.map(|send| send.kind.clone()).collect()
    }

    async fn misfit(&self, conversation: ConversationId, message: FileMessage) -> (String, String) {
        match self.engine.send_media(conversation, message).await {
            Err(CommandError::Misfit { field, sentence }) => (field, sentence),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_is_written_after_a_photo_leaves_after_it_however_slow_the_upload_is() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Which vase?").await;
    town.meta.media_fault(MediaFault::UploadSlow {
        bytes_per_second: 40_000,
    });
    let message = town.send_photo(conversation).await;
    let after = town.say(conversation, "The blue one").await;
    town.status(after, DeliveryStatus::Accepted).await;
    town.status(message, DeliveryStatus::Accepted).await;
    assert_eq!(town.kinds(), ["image", "text"]);
    let sends = town.meta.sends();
    assert_eq!(sends[0].body.pointer("/image/caption").unwrap(), "This one?");
    let uploads = town.meta.uploads();
    assert_eq!(uploads.len(), 1);
    assert_eq!(
        sends[0].body.pointer("/image/id").and_then(|id| id.as_str()),
        uploads[0].id.as_deref()
    );
    town.engine.stop().await;
}

#[tokio::test]
async fn what_deskbell_keeps_in_the_data_directory_is_sent_to_nobody() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Which vase?").await;
    let data = town.folder.path().join("data");
    let around = town.folder.path().join("data").join("media").join("..");
    std::fs::create_dir_all(data.join("media").join("ab")).unwrap();
    std::fs::write(data.join("media").join("ab").join("photo"), photo(Scene::Vase)).unwrap();
    for path in [
        data.join("deskbell.sqlite3"),
        around.join("deskbell.sqlite3"),
        data.join("media").join("ab").join("photo"),
    ] {
        assert!(path.exists(), "{}", path.display());
        let (field, sentence) = town.misfit(conversation, from_path(path)).await;
        assert_eq!(field, "path");
        assert!(sentence.contains("save it somewhere else first"), "{sentence}");
    }
    // What the owner put beside it is the owner's.
    std::fs::write(data.join("vase.jpg"), photo(Scene::Vase)).unwrap();
    let sent = town
        .engine
        .send_media(conversation, from_path(data.join("vase.jpg")))
        .await;
    assert!(sent.is_ok(), "{sent:?}");
    town.engine.stop().await;
}

#[tokio::test]
async fn where_a_photo_was_taken_stays_here() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Which vase?").await;
    let message = town.send_photo(conversation).await;
    town.status(message, DeliveryStatus::Accepted).await;
    let id = town.meta.uploads()[0].id.clone().unwrap();
    let arrived = town.meta.media_bytes(&id).unwrap();
    assert!(!has(&arrived, b"GPS") && !has(&arrived, b"Exif"));
    let file = town
        .upload(message, "uploaded", |file| {
            file.upload_state == Some(UploadState::Uploaded)
        })
        .await;
    assert_eq!((file.uploaded, file.width), (file.size.unwrap(), Some(640)));
    assert!(file.thumbnail.is_some() && file.media_until.is_some());
    let stored = std::fs::read(town.engine.content(&file.sha256.unwrap()).await.unwrap()).unwrap();
    assert!(!has(&stored, b"GPS"));
    town.engine.stop().await;
}

#[tokio::test]
async fn how_far_an_upload_is_can_be_seen_and_giving_the_message_up_stops_it() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Which vase?").await;
    town.meta.media_fault(DRIP);
    let message = town.send_photo(conversation).await;
    let after = town.say(conversation, "Or come and look").await;
    let file = town
        .upload(message, "some bytes have left", |file| file.uploaded > 0)
        .await;
    assert_eq!(file.upload_state, Some(UploadState::Uploading));
    assert!(town.meta.sends().is_empty(), "the text waits behind the photo");
    town.engine.discard(message).await.unwrap();
    town.status(after, DeliveryStatus::Accepted).await;
    town.upload(message, "the upload has stopped", |file| {
        file.upload_state == Some(UploadState::Refused) && file.uploaded == 0 && file.due_at.is_none()
    })
    .await;
    assert_eq!(town.kinds(), ["text"]);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_file_that_is_refused_fails_its_message_by_name_and_another_try_uploads_it_again() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Which vase?").await;
    town.meta
        .media_fault(MediaFault::UploadRefused(GraphError::of(131_053)));
    let message = town.send_photo(conversation).await;
    let failed = town.status(message, DeliveryStatus::Failed).await;
    let failure = failed.failure.unwrap();
    assert!(failure.title.contains("Vase.jpg"), "{failure:?}");
    assert!(failure.detail.unwrap().contains("131053"));
    assert!(town.meta.sends().is_empty());
    town.engine.retry(message).await.unwrap();
    town.status(message, DeliveryStatus::Accepted).await;
    assert_eq!(town.kinds(), ["image"]);
    town.engine.stop().await;
}

#[tokio::test]
async fn an_upload_whose_line_breaks_is_tried_again_by_itself() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Which vase?").await;
    town.meta.media_fault(MediaFault::UploadCut { after: 1_000 });
    let message = town.send_photo(conversation).await;
    town.status(message, DeliveryStatus::Accepted).await;
    let file = town.upload(message, "uploaded", |_| true).await;
    assert_eq!((file.tries, file.trouble), (1, None));
    assert_eq!(town.kinds(), ["image"]);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_restart_in_the_middle_of_an_upload_begins_it_again_and_sends_once() {
    let mut town = Town::open().await;
    let conversation = town.hear(&ines(), "Which vase?").await;
    town.meta.media_fault(MediaRule::from(DRIP).always());
    let message = town.send_photo(conversation).await;
    town.upload(message, "some bytes have left", |file| file.uploaded > 0)
        .await;
    town.meta.clear_faults();
    town.restart().await;
    town.status(message, DeliveryStatus::Accepted).await;
    assert_eq!(town.kinds(), ["image"]);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_sent_is_told_before_anything_is_queued() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let missing = town.folder.path().join("gone.pdf");
    let empty = town.put("empty.pdf", b"");
    let program = town.put("setup.exe", b"MZ\x90\0 runs");
    let folder = town.folder.path().to_owned();
    for (path, words) in [
        (missing, "There is no file"),
        (folder, "is a folder"),
        (empty, "is empty"),
        (program, "can run something"),
    ] {
        let (field, sentence) = town.misfit(conversation, from_path(path)).await;
        assert_eq!(field, "path");
        assert!(sentence.contains(words), "{sentence}");
    }
    let photo = town.put("Vase.jpg", &photo_with_place());
    let mut long = from_path(photo.clone());
    long.caption = Some("x".repeat(1_025));
    assert_eq!(town.misfit(conversation, long).await.0, "caption");
    let mut voice = from_path(photo);
    voice.kind = Some(MessageKind::Voice);
    let (field, sentence) = town.misfit(conversation, voice).await;
    assert!(field == "path" && sentence.contains("voice note"), "{sentence}");
    assert_eq!(town.messages().await.len(), 1, "only what the customer wrote");
    town.engine.stop().await;
}

#[tokio::test]
async fn a_recording_that_is_handed_in_leaves_as_a_voice_note() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let mut hand_in = town.engine.hand_in("Recording 1.wav").await.unwrap();
    for piece in recording().chunks(10_000) {
        hand_in.write(piece).await.unwrap();
    }
    let HandedIn::Ready(upload) = hand_in.finish(true).await.unwrap() else {
        panic!("it was refused");
    };
    assert_eq!(upload.kind, MessageKind::Voice);
    assert_eq!(upload.file.waveform.as_ref().map(Vec::len), Some(48));
    let message = FileMessage {
        source: FileSource::Upload(upload.id.clone()),
        caption: None,
        kind: None,
        reply_to: None,
    };
    let message = town.engine.send_media(conversation, message).await.unwrap();
    town.status(message, DeliveryStatus::Accepted).await;
    let sends = town.meta.sends();
    assert_eq!(sends[0].kind, "audio");
    assert_eq!(sends[0].body.pointer("/audio/voice").unwrap(), true);
    assert_eq!(town.meta.uploads()[0].mime_type, "audio/ogg");
    let used = town.until("the upload is used up", move |r| {
        Ok(Some(r.upload(&upload.id).is_err()))
    });
    assert!(used.await);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_file_that_is_not_handed_in_to_its_end_leaves_nothing() {
    let town = Town::open().await;
    let mut hand_in = town.engine.hand_in("half.pdf").await.unwrap();
    hand_in.write(b"%PDF-1.7 half").await.unwrap();
    drop(hand_in);
    assert_eq!(contents(&town.media_dir()), 0);
    let mut program = town.engine.hand_in("setup.exe").await.unwrap();
    program.write(b"MZ\x90\0 runs").await.unwrap();
    let refused = program.finish(false).await.unwrap();
    assert!(
        matches!(&refused, HandedIn::Unfit { problem, .. } if problem.contains("can run something")),
        "{refused:?}"
    );
    assert_eq!(contents(&town.media_dir()), 0);
    town.engine.stop().await;
}

#[tokio::test]
async fn places_and_questions_leave_as_they_were_composed_and_broken_rules_name_their_field() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Where are you?").await;
    let place = Composition::Location {
        latitude: 41.15,
        longitude: -8.61,
        name: Some("The shop".to_owned()),
        address: None,
    };
    let question = |title: &str| Composition::Buttons {
        header: None,
        body: "Shall we keep it for you?".to_owned(),
        footer: None,
        buttons: vec![Button {
            id: None,
            title: title.to_owned(),
        }],
    };
    let send = |content: Composition| {
        let engine = town.engine.clone();
        async move { engine.send_content(conversation, &content, None).await }
    };
    send(place).await.unwrap();
    let asked = send(question("Yes")).await.unwrap();
    town.status(asked, DeliveryStatus::Accepted).await;
    assert_eq!(town.kinds(), ["location", "interactive"]);
    let sends = town.meta.sends();
    assert_eq!(sends[0].body.pointer("/location/name").unwrap(), "The shop");
    let refused = send(question("A title that is longer than twenty")).await;
    assert!(
        matches!(&refused, Err(CommandError::Misfit { field, .. }) if field == "buttons.0.title"),
        "{refused:?}"
    );
    assert_eq!(NUMBER, sends[0].number);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_dead_token_holds_the_upload_with_the_channel_and_nothing_is_lost() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Which vase?").await;
    let other = Number::new(
        NUMBER,
        "398000000000007",
        "+447700900100",
        "another token",
        SECRET,
    );
    town.meta.add_number(other);
    let message = town.send_photo(conversation).await;
    let channel = town.channel.clone();
    let hold = town.until("a hold", move |r| Ok(r.channel(&channel)?.hold)).await;
    assert_eq!((hold.class, hold.code), (HoldClass::Configuration, Some(190)));
    town.upload(message, "it waits", |file| {
        file.upload_state == Some(UploadState::Waiting) && file.tries == 0
    })
    .await;
    town.meta.add_number(number(NUMBER, SECRET));
    town.engine.resume_channel(town.channel.clone()).await.unwrap();
    town.status(message, DeliveryStatus::Accepted).await;
    assert_eq!(town.kinds(), ["image"]);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_sticker_has_to_look_like_one() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let as_sticker = |path| FileMessage {
        kind: Some(MessageKind::Sticker),
        ..from_path(path)
    };
    let wave = town.put("wave.webp", &sticker());
    let photo = town.put("Vase.jpg", &photo_with_place());
    let (_, sentence) = town.misfit(conversation, as_sticker(photo)).await;
    assert!(sentence.contains("512 by 512"), "{sentence}");
    let sent = town
        .engine
        .send_media(conversation, as_sticker(wave))
        .await
        .unwrap();
    town.status(sent, DeliveryStatus::Accepted).await;
    assert_eq!(town.kinds(), ["sticker"]);
    town.engine.stop().await;
}
