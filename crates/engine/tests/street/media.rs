//! Files of customers: fetched at once, whatever the way does to them.

use crate::town::{NUMBER, SECRET, SOON, TOKEN, Town, config, ines, number, omar, parsed};
use domain::{AttachmentState, UploadState};
use simulator::art::{Scene, VOICE_TYPE, photo, voice};
use simulator::webhook::account;
use simulator::{Inbound, MediaFault, MediaHandle, MediaRule, Number};
use std::path::Path;
use std::time::Duration;
use store::{Attachment, HoldClass, Reader, StoreError};

/// All files of all messages.
pub(crate) fn files(reader: Reader<'_>) -> Result<Vec<Attachment>, StoreError> {
    let mut all = Vec::new();
    reader.each_message(None, |message| {
        all.extend(reader.attachments(message.id)?);
        Ok(())
    })?;
    Ok(all)
}

/// How many files lie below a folder.
pub(crate) fn contents(dir: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return 0;
    };
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { contents(&path) } else { 1 }
        })
        .sum()
}

impl Town {
    /// A customer sends something.
    pub(crate) fn receives(&self, what: &Inbound) {
        drop(self.meta.customer_sends(NUMBER, &ines(), what).unwrap());
    }

    /// Waits for the only file to come into a state.
    pub(crate) async fn file(&self, state: AttachmentState) -> Attachment {
        self.until(&format!("the file is {state}"), move |r| {
            Ok(files(r)?.into_iter().find(|file| file.state == state))
        })
        .await
    }

    /// Waits until the only file waits after a try in vain.
    async fn put_off(&self) -> Attachment {
        self.until("a file that waits for its next try", |r| {
            Ok(files(r)?.into_iter().find(|file| file.trouble.is_some()))
        })
        .await
    }

    pub(crate) fn media_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("data").join("media")
    }

    fn content(&self, file: &Attachment) -> Vec<u8> {
        let sum = file.sha256.as_deref().unwrap();
        let shelf = sum.get(..2).unwrap();
        std::fs::read(self.media_dir().join(shelf).join(sum)).unwrap()
    }

    /// How often Meta was asked for an address, and how often for the bytes.
    fn asked(&self) -> (usize, usize) {
        let calls = self.meta.calls();
        let count = |begin: &str| {
            calls
                .iter()
                .filter(|call| call.method == "GET" && call.path.starts_with(begin))
                .count()
        };
        (count("/1402"), count("/files/"))
    }

    fn picture(&self) -> MediaHandle {
        self.meta.put_media(photo(Scene::Mug), "image/jpeg")
    }
}

fn words(file: &Attachment) -> &str {
    file.trouble.as_deref().unwrap_or_default()
}

#[tokio::test]
async fn a_picture_is_here_soon_after_its_message_with_its_measures_and_a_small_picture() {
    let town = Town::open().await;
    town.receives(&Inbound::image(&town.picture(), Some("Is this the one?")));
    let file = town.file(AttachmentState::Stored).await;
    assert_eq!((file.width, file.height), (Some(640), Some(480)));
    assert_eq!(file.family.as_deref(), Some("image"));
    assert_eq!(file.mime_type.as_deref(), Some("image/jpeg"));
    assert!(file.thumbnail.is_some() && file.due_at.is_none() && file.upload_state.is_none());
    assert_eq!(town.content(&file), photo(Scene::Mug));
    assert!(
        town.meta
            .calls()
            .iter()
            .all(|call| call.bearer && call.user_agent.is_some())
    );
    town.engine.stop().await;
}

#[tokio::test]
async fn the_address_in_the_webhook_saves_a_question_and_a_dead_one_costs_one() {
    let town = Town::open().await;
    let picture = town.picture();
    let url = town.meta.media_url(&picture.id);
    town.receives(&Inbound::image(
        &picture.clone().with_url(&url).with_hex_hash(),
        None,
    ));
    town.file(AttachmentState::Stored).await;
    assert_eq!(town.asked(), (0, 1));
    town.engine.stop().await;

    let town = Town::open().await;
    let picture = town.picture();
    let url = town.meta.media_url(&picture.id);
    town.meta.expire_media_urls();
    town.receives(&Inbound::image(&picture.with_url(&url), None));
    town.file(AttachmentState::Stored).await;
    assert_eq!(town.asked(), (1, 2));
    town.engine.stop().await;
}

#[tokio::test]
async fn what_comes_in_part_or_wrong_or_as_a_page_is_fetched_again_at_once() {
    for fault in [
        MediaFault::Cut { after: 200 },
        MediaFault::WrongHash,
        MediaFault::Missing,
        MediaFault::Html,
    ] {
        let town = Town::open().await;
        town.meta.media_fault(fault.clone());
        let picture = town.picture();
        let url = town.meta.media_url(&picture.id);
        town.receives(&Inbound::image(&picture.with_url(&url), None));
        let file = town.file(AttachmentState::Stored).await;
        assert_eq!(town.content(&file), photo(Scene::Mug), "{fault:?}");
        assert_eq!(town.asked(), (1, 2), "{fault:?}");
        town.engine.stop().await;
    }
}

#[tokio::test]
async fn a_file_that_does_not_come_waits_a_little_longer_each_time_and_is_told() {
    for (fault, sentence) in [
        (MediaFault::Cut { after: 200 }, "only in part"),
        (MediaFault::Missing, "does not hold the file"),
        (MediaFault::Html, "web page"),
    ] {
        let town = Town::open().await;
        town.meta.media_fault(MediaRule::from(fault).always());
        town.receives(&Inbound::image(&town.picture(), None));
        let file = town.put_off().await;
        assert!(words(&file).contains(sentence), "{}", words(&file));
        assert_eq!((file.state, file.tries), (AttachmentState::Pending, 1));
        let pause = file.due_at.unwrap().since(file.created_at);
        assert!(
            pause >= Duration::from_secs(4) && pause < Duration::from_secs(20),
            "{pause:?}"
        );
        assert_eq!(contents(&town.media_dir()), 0, "no half of it stays");
        town.meta.clear_faults();
        town.engine.retry_attachment(file.id).await.unwrap();
        assert_eq!(town.file(AttachmentState::Stored).await.trouble, None);
        town.engine.stop().await;
    }
}

#[tokio::test]
async fn a_file_that_is_wrong_twice_is_not_kept_and_can_be_asked_for_again() {
    let town = Town::open().await;
    town.meta
        .media_fault(MediaRule::from(MediaFault::WrongHash).always());
    town.receives(&Inbound::image(&town.picture(), None));
    let file = town.file(AttachmentState::Failed).await;
    assert!(words(&file).contains("did not arrive as it was sent"), "{file:?}");
    town.until("nothing to sweep", |r| {
        Ok(r.forgotten_contents(1)?.is_empty().then_some(()))
    })
    .await;
    assert_eq!(contents(&town.media_dir()), 0);
    town.meta.clear_faults();
    town.engine.retry_attachment(file.id).await.unwrap();
    town.file(AttachmentState::Stored).await;
    town.engine.stop().await;
}

#[tokio::test]
async fn a_file_the_provider_has_forgotten_is_expired_and_says_what_to_do() {
    let town = Town::open().await;
    let picture = town.picture();
    town.meta.forget_media(&picture.id);
    town.receives(&Inbound::image(&picture, None));
    let file = town.file(AttachmentState::Expired).await;
    assert!(
        words(&file).contains("Ask the customer to send it again"),
        "{file:?}"
    );
    town.engine.stop().await;

    let town = Town::open().await;
    town.meta
        .media_fault(MediaRule::from(MediaFault::Missing).always());
    town.receives(&Inbound::image(&town.picture(), None));
    let file = town.put_off().await;
    town.watch.move_on(Duration::from_hours(8 * 24));
    town.engine.retry_attachment(file.id).await.unwrap();
    let file = town.file(AttachmentState::Expired).await;
    assert!(words(&file).contains("seven days") && file.due_at.is_none());
    town.engine.stop().await;
}

#[tokio::test]
async fn an_id_that_is_none_is_asked_nobody_for() {
    let town = Town::open().await;
    let mut picture = town.picture();
    picture.id = "..".to_owned();
    town.receives(&Inbound::image(&picture, None));
    let file = town.file(AttachmentState::Failed).await;
    assert!(words(&file).contains("Ask the customer"), "{file:?}");
    assert!(town.meta.calls().iter().all(|call| call.method != "GET"));
    town.engine.stop().await;
}

#[tokio::test]
async fn the_token_never_goes_to_a_host_that_is_not_trusted() {
    type Way = fn(String) -> MediaFault;
    let private: Way = |_| MediaFault::UrlAt("http://169.254.169.254/latest/meta-data".to_owned());
    let ways: [(Way, &str); 3] = [
        (MediaFault::RedirectTo, "moved to another address"),
        (MediaFault::UrlAt, "does not trust"),
        (private, "does not trust"),
    ];
    for (fault, sentence) in ways {
        let town = Town::open().await;
        let picture = town.picture();
        let rule = MediaRule::from(fault(town.meta.stranger_url(&picture.id))).always();
        town.meta.media_fault(rule);
        town.receives(&Inbound::image(&picture, None));
        let file = town.file(AttachmentState::Failed).await;
        assert!(words(&file).contains(sentence), "{file:?}");
        let calls = town.meta.calls();
        assert!(
            calls.iter().all(|call| !call.path.contains("elsewhere")),
            "{calls:?}"
        );
        town.engine.stop().await;
    }
}

#[tokio::test]
async fn a_host_the_configuration_names_is_trusted() {
    let town = Town::open().await;
    let picture = town.picture();
    let stranger = town.meta.stranger_url(&picture.id);
    let mut with_host = config(&town.meta, NUMBER, SECRET);
    with_host["media_hosts"] = serde_json::json!([stranger]);
    let added = engine::add_channel(
        town.engine.store(),
        town.engine.vault(),
        parsed(&with_host),
        town.engine.now(),
    );
    added.await.unwrap();
    town.meta
        .media_fault(MediaRule::from(MediaFault::UrlAt(stranger)).always());
    town.receives(&Inbound::image(&picture, None));
    town.file(AttachmentState::Stored).await;
    town.engine.stop().await;
}

#[tokio::test]
async fn a_dead_token_holds_the_channel_and_files_wait_without_asking_again() {
    let town = Town::open().await;
    let other = Number::new(
        NUMBER,
        "398000000000007",
        "+447700900100",
        "another token",
        SECRET,
    );
    town.meta.add_number(other);
    town.receives(&Inbound::image(&town.picture(), None));
    town.receives(&Inbound::image(&town.picture(), Some("And this")));
    let channel = town.channel.clone();
    let hold = town.until("a hold", move |r| Ok(r.channel(&channel)?.hold)).await;
    assert_eq!((hold.class, hold.code), (HoldClass::Configuration, Some(190)));
    town.settled().await;
    let (questions, _) = town.asked();
    assert!(questions <= 2, "{questions} questions with a dead token");

    town.meta.add_number(number(NUMBER, SECRET));
    town.engine.resume_channel(town.channel.clone()).await.unwrap();
    town.until("both files", |r| {
        let all = files(r)?;
        Ok((all.len() == 2 && all.iter().all(|file| file.state == AttachmentState::Stored)).then_some(()))
    })
    .await;
    let health = town.engine.health().await.unwrap();
    assert!(health.issues.is_empty(), "{health:?}");
    assert!(!TOKEN.is_empty());
    town.engine.stop().await;
}

#[tokio::test]
async fn files_of_customers_come_although_the_account_may_not_send() {
    let town = Town::open().await;
    let ends = town.engine.now().plus(Duration::from_hours(2)).0 / 1_000;
    let kind = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING";
    let news = account::restriction(&number(NUMBER, SECRET), kind, Some(ends));
    let receipt = town.meta.deliver(NUMBER, vec![news]);
    receipt.acknowledged(SOON).await.unwrap();
    let channel = town.channel.clone();
    let hold = town.until("a hold", move |r| Ok(r.channel(&channel)?.hold)).await;
    assert_eq!(hold.until.0, ends * 1_000, "as long as Meta says");
    town.receives(&Inbound::image(&town.picture(), None));
    town.file(AttachmentState::Stored).await;
    let health = town.engine.health().await.unwrap();
    assert!(
        matches!(health.issues.first(), Some(issue) if issue.severity == engine::Severity::Bad),
        "{health:?}"
    );
    town.engine.stop().await;
}

#[tokio::test]
async fn a_restart_in_the_middle_of_a_file_begins_it_again_and_leaves_no_half() {
    let mut town = Town::open().await;
    let drip = MediaFault::Slow { bytes_per_second: 50 };
    town.meta.media_fault(MediaRule::from(drip).always());
    town.receives(&Inbound::image(&town.picture(), None));
    let begun = |calls: &[simulator::RecordedCall]| calls.iter().any(|call| call.path.starts_with("/files/"));
    town.meta.wait_for_calls(begun, SOON).await.unwrap();
    town.engine.stop().await;
    assert_eq!(contents(&town.media_dir()), 0);
    town.meta.clear_faults();
    town.restart().await;
    let file = town.file(AttachmentState::Stored).await;
    assert_eq!(town.content(&file), photo(Scene::Mug));
    town.engine.stop().await;
}

#[tokio::test]
async fn four_files_that_come_slowly_make_room_for_the_next_one() {
    let town = Town::open().await;
    let drip = MediaFault::Slow { bytes_per_second: 50 };
    let slow = [town.picture(), town.picture(), town.picture(), town.picture()];
    for picture in &slow {
        town.meta
            .media_fault(MediaRule::from(drip.clone()).media(&picture.id).always());
        town.receives(&Inbound::image(picture, None));
    }
    let begun = |calls: &[simulator::RecordedCall]| {
        let files = calls.iter().filter(|call| call.path.starts_with("/files/"));
        files.count() == 4
    };
    town.meta.wait_for_calls(begun, SOON).await.unwrap();
    town.watch.move_on(Duration::from_secs(31));
    town.receives(&Inbound::image(&town.picture(), Some("And this one?")));
    let file = town.file(AttachmentState::Stored).await;
    assert_eq!(town.content(&file), photo(Scene::Mug));
    let waits = town.put_off().await;
    assert!(words(&waits).contains("comes slowly"), "{waits:?}");
    assert_eq!((waits.state, waits.tries), (AttachmentState::Pending, 1));
    town.engine.stop().await;
}

#[tokio::test]
async fn halves_that_a_crash_left_are_gone_as_soon_as_it_runs_again() {
    let mut town = Town::open().await;
    town.engine.stop().await;
    let doorstep = town.media_dir().join("incoming");
    std::fs::create_dir_all(&doorstep).unwrap();
    std::fs::write(doorstep.join("part-left"), b"half").unwrap();
    std::fs::write(doorstep.join("hand-left"), b"half").unwrap();
    town.restart().await;
    assert_eq!(contents(&town.media_dir()), 0);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_picture_that_is_taken_back_leaves_the_disk_unless_somebody_else_sent_it_too() {
    let town = Town::open().await;
    let picture = town.picture();
    let sent = |customer| {
        let sent = town
            .meta
            .customer_sends(NUMBER, customer, &Inbound::image(&picture, None));
        sent.unwrap().0
    };
    let (from_ines, from_omar) = (sent(&ines()), sent(&omar()));
    let both =
        |r: Reader<'_>| Ok((files(r)?.iter().filter(|f| f.sha256.is_some()).count() == 2).then_some(()));
    town.until("both pictures", both).await;
    assert_eq!(
        contents(&town.media_dir()),
        2,
        "one content and one small picture"
    );

    town.receives(&Inbound::revoke(&from_ines));
    town.until("one picture", |r| {
        let swept = r.forgotten_contents(1)?.is_empty();
        Ok((files(r)?.len() == 1 && swept).then_some(()))
    })
    .await;
    assert_eq!(contents(&town.media_dir()), 2);

    let taken_back = Inbound::revoke(&from_omar);
    drop(town.meta.customer_sends(NUMBER, &omar(), &taken_back).unwrap());
    town.until("no picture", |r| {
        let swept = r.forgotten_contents(1)?.is_empty();
        Ok((files(r)?.is_empty() && swept).then_some(()))
    })
    .await;
    assert_eq!(contents(&town.media_dir()), 0);
    town.engine.stop().await;
}

#[tokio::test]
async fn what_strangers_call_their_files_becomes_no_path_and_a_program_is_told_as_one() {
    let town = Town::open().await;
    let program = town
        .meta
        .put_media(b"MZ\x90\x00 not really".to_vec(), "application/pdf");
    town.receives(&Inbound::document(
        &program,
        Some("../../etc/invoice.pdf\u{202e}"),
        None,
    ));
    let file = town.file(AttachmentState::Stored).await;
    let name = file.file_name.clone().unwrap();
    assert!(
        !name.contains(['/', '\\', '\u{202e}']) && !name.starts_with('.'),
        "{name}"
    );
    assert!(file.dangerous, "{file:?}");
    assert_eq!(contents(town.folder.path().join("etc").as_path()), 0);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_voice_note_shows_how_loud_it_is_and_can_be_played_without_ogg() {
    let town = Town::open().await;
    let note = town.meta.put_media(voice(), VOICE_TYPE);
    let (sent, _) = town
        .meta
        .customer_sends(NUMBER, &ines(), &Inbound::audio(&note, true))
        .unwrap();
    let file = town.file(AttachmentState::Stored).await;
    assert_eq!(file.waveform.as_ref().map(Vec::len), Some(48));
    assert!(file.duration_ms.unwrap() > 4_000);
    let sum = file.sha256.unwrap();
    let place = town.engine.playable(&sum).await.unwrap();
    let wav = std::fs::read(&place).unwrap();
    assert!(wav.starts_with(b"RIFF"));
    assert_eq!(file.upload_state, None::<UploadState>);

    // A player asks for every piece anew: it is made once.
    let made = |path: &Path| std::fs::metadata(path).unwrap().modified().unwrap();
    let first = made(&place);
    assert_eq!(town.engine.playable(&sum).await.unwrap(), place);
    assert_eq!(made(&place), first);
    town.receives(&Inbound::revoke(&sent));
    town.until("no sound", |r| {
        let swept = r.forgotten_contents(1)?.is_empty();
        Ok((files(r)?.is_empty() && swept).then_some(()))
    })
    .await;
    assert_eq!(contents(&town.media_dir()), 0, "taken back in every form");
    town.engine.stop().await;
}
