//! Files: received, read in every form, handed in and sent.

use crate::shape::Shapes;
use crate::window::{NUMBER, Window};
use api::files::{FileAnswer, FileBody, FileForm};
use api::{ApiError, ErrorCode};
use serde_json::{Value, json};
use simulator::art::{Scene, VOICE_TYPE, photo, voice};
use simulator::{Customer, GraphError, Inbound, Status};

impl Window {
    /// A customer sends a file; returns the conversation and how the file is shown once it is here.
    async fn receive(&self, file: &Inbound) -> (String, Value) {
        let ana = self.hear("Ana", "447700900001", "Look").await;
        let customer = Customer::phone("Ana", "447700900001");
        drop(self.meta.customer_sends(NUMBER, &customer, file).unwrap());
        let thread = self.until("thread", json!({"conversation_id": ana}), |thread| {
            stored(thread).is_some()
        });
        let file = stored(&thread.await).unwrap();
        (ana, file)
    }

    async fn hand_in(&self, name: &str, bytes: &[u8], voice: bool) -> Value {
        let mut hand_in = self.desk.hand_in(name).await.unwrap();
        for piece in bytes.chunks(5_000) {
            hand_in.write(piece).await.unwrap();
        }
        let view = serde_json::to_value(hand_in.finish(voice).await.unwrap()).unwrap();
        Shapes::documented().check(&view, "UploadView");
        view
    }
}

fn stored(thread: &Value) -> Option<Value> {
    let messages = thread["messages"].as_array().unwrap();
    let mut files = messages
        .iter()
        .filter_map(|message| message["attachments"].as_array())
        .flatten();
    files.find(|file| file["state"] == "stored").cloned()
}

fn content(answer: &FileAnswer) -> Vec<u8> {
    match &answer.body {
        FileBody::Path(path) => std::fs::read(path).unwrap(),
        FileBody::Bytes(bytes) => bytes.clone(),
    }
}

fn refused<T>(asked: Result<T, ApiError>) -> ApiError {
    match asked {
        Ok(_) => panic!("it was answered"),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_picture_is_read_whole_and_small_under_a_name_that_is_safe() {
    let window = Window::open().await;
    let picture = window.meta.put_media(photo(Scene::Mug), "image/jpeg");
    let file = Inbound::document(&picture, Some("..\\Mug.jpg"), None);
    let (_, file) = window.receive(&file).await;
    let id = file["id"].as_str().unwrap();
    let whole = window.desk.file(id, FileForm::Whole).await.unwrap();
    assert_eq!(content(&whole), photo(Scene::Mug));
    assert_eq!((whole.mime_type.as_str(), whole.dangerous), ("image/jpeg", false));
    assert!(!whole.file_name.contains(['/', '\\']), "{}", whole.file_name);
    assert_eq!(whole.size, content(&whole).len() as u64);
    let small = window.desk.file(id, FileForm::Thumbnail).await.unwrap();
    assert!(small.mime_type.starts_with("image/") && small.size > 0);
    let none = window.desk.file("999", FileForm::Whole).await;
    assert_eq!(refused(none).code, ErrorCode::NotFound);
    let nonsense = window.desk.file("../../etc/passwd", FileForm::Whole).await;
    assert_eq!(refused(nonsense).code, ErrorCode::BadRequest);
    window.desk.stop().await;
}

#[tokio::test]
async fn a_voice_note_is_played_as_wav_and_saved_as_it_came() {
    let window = Window::open().await;
    let note = window.meta.put_media(voice(), VOICE_TYPE);
    let (_, file) = window.receive(&Inbound::audio(&note, true)).await;
    let id = file["id"].as_str().unwrap();
    let played = window.desk.file(id, FileForm::Playable).await.unwrap();
    assert_eq!(played.mime_type, "audio/wav");
    let ending = std::path::Path::new(&played.file_name).extension();
    assert!(ending.is_some_and(|ending| ending == "wav") && content(&played).starts_with(b"RIFF"));
    let saved = window.desk.file(id, "whole".parse().unwrap()).await.unwrap();
    assert_eq!(content(&saved), voice());
    assert!("half".parse::<FileForm>().is_err());
    window.desk.stop().await;
}

#[tokio::test]
async fn a_file_that_is_gone_says_so_and_is_asked_for_again() {
    let window = Window::open().await;
    let picture = window.meta.put_media(photo(Scene::Mug), "image/jpeg");
    window.meta.forget_media(&picture.id);
    let ana = window.hear("Ana", "447700900001", "Look").await;
    let customer = Customer::phone("Ana", "447700900001");
    let sent = Inbound::image(&picture, None);
    drop(window.meta.customer_sends(NUMBER, &customer, &sent).unwrap());
    let expired = |thread: &Value| {
        let messages = thread["messages"].as_array().unwrap();
        let mut files = messages
            .iter()
            .filter_map(|message| message["attachments"].get(0));
        files.find(|file| file["state"] == "expired").cloned()
    };
    let args = json!({"conversation_id": ana});
    let thread = window
        .until("thread", args, |thread| expired(thread).is_some())
        .await;
    let file = expired(&thread).unwrap();
    assert!(file["words"].as_str().unwrap().contains("send it again"));
    let id = file["id"].as_str().unwrap();
    let unread = refused(window.desk.file(id, FileForm::Whole).await);
    assert_eq!(unread.code, ErrorCode::NotNow);
    assert!(unread.message.contains("seven days"));
    let again = window.get("retry_attachment", json!({"attachment_id": id})).await;
    assert_eq!(again, json!({}));
    let missing = window
        .ask("retry_attachment", json!({"attachment_id": "999"}))
        .await;
    assert_eq!(refused(missing).code, ErrorCode::NotFound);
    window.desk.stop().await;
}

#[tokio::test]
async fn a_photo_that_is_handed_in_is_sent_once_and_a_late_refusal_names_it() {
    let window = Window::open().await;
    let ana = window.hear("Ana", "447700900001", "Which one?").await;
    let upload = window.hand_in("Vase.jpg", &photo(Scene::Vase), false).await;
    assert_eq!(
        (&upload["kind"], &upload["problem"]),
        (&json!("image"), &Value::Null)
    );
    let send = json!({"conversation_id": ana, "upload_id": upload["upload_id"], "caption": "This one"});
    let made = window.get("send_media", send.clone()).await;
    let message = made["message_id"].as_str().unwrap();
    let shown = window.status(&ana, message, "accepted").await;
    assert_eq!(shown["attachments"][0]["upload"]["state"], "uploaded");
    assert_eq!(
        (&shown["kind"], &shown["text"]),
        (&json!("image"), &json!("This one"))
    );
    let twice = refused(window.ask("send_media", send).await);
    assert_eq!(twice.code, ErrorCode::NotFound);

    let wamid = shown["provider_id"].as_str().unwrap();
    let failed = Status::Failed(GraphError::of(131_053));
    drop(window.meta.report(wamid, &failed).unwrap());
    let shown = window.status(&ana, message, "failed").await;
    let words = shown["error"]["words"].as_str().unwrap();
    assert!(words.contains("Vase.jpg"), "{words}");
    window.desk.stop().await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_with_the_argument_it_is_about() {
    let window = Window::open().await;
    let ana = window.hear("Ana", "447700900001", "Which one?").await;
    let problem = window.hand_in("setup.exe", b"MZ\x90\0 runs", false).await;
    assert!(problem["problem"].as_str().unwrap().contains("can run something"));
    let silence = window.hand_in("note.wav", b"RIFF nothing", true).await;
    assert!(silence["problem"].is_string());

    for (command, args, field) in [
        ("send_media", json!({}), "path"),
        ("send_media", json!({"path": "/nowhere/a.pdf"}), "path"),
        ("send_media", json!({"path": "a", "upload_id": "b"}), "path"),
        ("send_media", json!({"path": "a", "as": "poem"}), "as"),
        (
            "send_content",
            json!({"content": {"type": "buttons", "body": "Well?", "buttons": ["Yes", "Yes"]}}),
            "buttons.1.title",
        ),
        (
            "send_content",
            json!({"content": {"type": "location", "latitude": 91.0, "longitude": 0.0}}),
            "latitude",
        ),
    ] {
        let mut args = args;
        args["conversation_id"] = json!(ana);
        let error = refused(window.ask(command, args).await);
        assert_eq!(error.code, ErrorCode::BadRequest, "{error:?}");
        assert_eq!(error.field.as_deref(), Some(field), "{error:?}");
    }
    window.desk.stop().await;
}
