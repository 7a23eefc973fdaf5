//! Commands over loopback HTTP: who may call, what is answered, what they do.

use crate::DESKBELLD;
use acceptance::{PATIENCE, Street, customer};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::{Change, webhook};

/// A name, the headers of a request, and the status it is answered with.
type Guarded<'a> = (&'a str, Vec<(&'a str, &'a str)>, u16);

/// `n` customers have written one message each, a minute apart, the last one first.
async fn with_customers(n: u32) -> anyhow::Result<Street> {
    let street = Street::open(DESKBELLD).await?;
    let changes = (0..n)
        .map(|n| {
            let at = acceptance::now() - 60 * i64::from(n);
            webhook::text(
                &street.number,
                &customer(n),
                &webhook::new_wamid(),
                at,
                &format!("question {n}"),
            )
        })
        .collect::<Vec<Change>>();
    ensure!(street.post(changes).await? == 200);
    street.shop.settled().await?;
    Ok(street)
}

/// The names in a page of the list, in their order.
fn names(page: &Value) -> Vec<&str> {
    let rows = page["conversations"].as_array();
    let rows = rows.into_iter().flatten();
    rows.filter_map(|row| row["contact"]["name"].as_str()).collect()
}

#[tokio::test]
async fn only_those_who_know_the_token_and_come_from_this_computer_are_answered() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (url, token) = (
        street.shop.api_url()?.to_owned(),
        street.shop.api_token()?.to_owned(),
    );
    let port = url.rsplit(':').next().context("no port")?.to_owned();
    let bearer = format!("Bearer {token}");
    let ours = format!("127.0.0.1:{port}");
    let our_origin = format!("http://127.0.0.1:{port}");
    let local_origin = format!("http://localhost:{port}");
    let cases: Vec<Guarded<'_>> = vec![
        ("no token", vec![], 401),
        ("wrong token", vec![("authorization", "Bearer 0000")], 401),
        (
            "token without scheme",
            vec![("authorization", token.as_str())],
            401,
        ),
        ("basic", vec![("authorization", "Basic eDp5")], 401),
        (
            "two tokens",
            vec![("authorization", &bearer), ("authorization", "Bearer 0000")],
            401,
        ),
        (
            "foreign host",
            vec![("authorization", &bearer), ("host", "evil.example")],
            403,
        ),
        (
            "foreign port",
            vec![("authorization", &bearer), ("host", "127.0.0.1:1")],
            403,
        ),
        (
            "bare host",
            vec![("authorization", &bearer), ("host", "127.0.0.1")],
            403,
        ),
        (
            "foreign origin",
            vec![("authorization", &bearer), ("origin", "https://evil.example")],
            403,
        ),
        (
            "hidden origin",
            vec![("authorization", &bearer), ("origin", "null")],
            403,
        ),
        (
            "secure origin",
            vec![("authorization", &bearer), ("origin", "https://127.0.0.1")],
            403,
        ),
        ("plain", vec![("authorization", &bearer)], 200),
        (
            "our own page",
            vec![
                ("authorization", &bearer),
                ("host", &ours),
                ("origin", &our_origin),
            ],
            200,
        ),
        (
            "by name",
            vec![("authorization", &bearer), ("origin", &local_origin)],
            200,
        ),
    ];
    for (what, headers, expected) in cases {
        let body = json!({"command": "list_channels", "args": {}}).to_string();
        let mut rpc = street.shop.client().post(format!("{url}/rpc")).body(body);
        let mut events = street.shop.client().get(format!("{url}/events"));
        for (name, value) in headers {
            rpc = rpc.header(name, value);
            events = events.header(name, value);
        }
        let answer = rpc.send().await?;
        assert_eq!(answer.status().as_u16(), expected, "{what}");
        ensure!(
            answer.headers().get("access-control-allow-origin").is_none(),
            "{what}"
        );
        let answer: Value = serde_json::from_str(&answer.text().await?)?;
        assert_eq!(answer.get("ok").is_some(), expected == 200, "{what}: {answer}");
        assert_eq!(events.send().await?.status().as_u16(), expected, "{what}, events");
    }
    // The address with the token in it opens the page, not the commands.
    let by_address = street
        .shop
        .client()
        .post(format!("{url}/rpc?token={token}"))
        .body("{}");
    assert_eq!(by_address.send().await?.status().as_u16(), 401);
    let page = street
        .shop
        .client()
        .get(format!("{url}/?token={token}"))
        .send()
        .await?;
    assert_eq!(page.status().as_u16(), 200);
    let policy = page
        .headers()
        .get("content-security-policy")
        .context("no policy")?
        .to_str()?
        .to_owned();
    ensure!(
        policy.contains("default-src") && !policy.contains("unsafe-eval"),
        "{policy}"
    );
    let with_blobs: Vec<&str> = policy.split("; ").filter(|part| part.contains("blob:")).collect();
    assert_eq!(with_blobs, ["img-src 'self' blob:", "media-src 'self' blob:"]);
    ensure!(page.text().await?.contains("<html"));
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_with_a_code_words_and_the_field() -> anyhow::Result<()> {
    let street = with_customers(1).await?;
    let id = street.conversation(&customer(0)).await?;
    let cases = [
        ("order_pizza", json!({}), 404, "unknown_command", None),
        (
            "send_text",
            json!({}),
            400,
            "bad_request",
            Some("conversation_id"),
        ),
        (
            "send_text",
            json!({"conversation_id": id}),
            400,
            "bad_request",
            Some("text"),
        ),
        (
            "send_text",
            json!({"conversation_id": 1, "text": "x"}),
            400,
            "bad_request",
            Some("conversation_id"),
        ),
        (
            "send_text",
            json!({"conversation_id": id, "text": ["x"]}),
            400,
            "bad_request",
            Some("text"),
        ),
        (
            "send_text",
            json!({"conversation_id": "x", "text": "x"}),
            400,
            "bad_request",
            Some("conversation_id"),
        ),
        (
            "send_text",
            json!({"conversation_id": "999", "text": "x"}),
            404,
            "not_found",
            None,
        ),
        (
            "thread",
            json!({"conversation_id": "999"}),
            404,
            "not_found",
            None,
        ),
        (
            "thread",
            json!({"conversation_id": id, "before": "x"}),
            400,
            "bad_request",
            Some("before"),
        ),
        (
            "thread",
            json!({"conversation_id": id, "limit": -1}),
            400,
            "bad_request",
            Some("limit"),
        ),
        (
            "list_conversations",
            json!({"cursor": "yesterday"}),
            400,
            "bad_request",
            Some("cursor"),
        ),
        (
            "list_conversations",
            json!({"filter": {"queue": "x"}}),
            400,
            "bad_request",
            Some("filter.queue"),
        ),
        ("retry", json!({"message_id": "999"}), 404, "not_found", None),
        (
            "take_over",
            json!({"conversation_id": "999"}),
            404,
            "not_found",
            None,
        ),
        (
            "set_mode",
            json!({"scope": "world", "mode": "off"}),
            400,
            "bad_request",
            Some("scope"),
        ),
        (
            "set_mode",
            json!({"scope": "global", "mode": "maybe"}),
            400,
            "bad_request",
            Some("mode"),
        ),
        (
            "set_mode",
            json!({"scope": "global", "mode": null}),
            400,
            "bad_request",
            Some("mode"),
        ),
        (
            "set_mode",
            json!({"scope": "channel", "mode": "off"}),
            400,
            "bad_request",
            Some("id"),
        ),
        (
            "set_mode",
            json!({"scope": "channel", "id": "x", "mode": "off"}),
            404,
            "not_found",
            None,
        ),
        (
            "resume_channel",
            json!({"channel_id": "x"}),
            404,
            "not_found",
            None,
        ),
        ("search", json!({}), 400, "bad_request", Some("query")),
    ];
    for (command, args, status, code, field) in cases {
        let (given, answer) = street.shop.call(command, args.clone()).await?;
        let error = &answer["error"];
        assert_eq!(
            (given, error["code"].as_str()),
            (status, Some(code)),
            "{command} {args}: {answer}"
        );
        assert_eq!(error["field"].as_str(), field, "{command} {args}: {answer}");
        let message = error["message"].as_str().unwrap_or_default();
        ensure!(
            message.len() > 10 && message.ends_with('.'),
            "{command}: {message}"
        );
        ensure!(error["retryable"] == false, "{answer}");
    }
    for body in ["", "[]", "{", "{\"args\":{}}"] {
        let answer = street
            .shop
            .client()
            .post(format!("{}/rpc", street.shop.api_url()?))
            .bearer_auth(street.shop.api_token()?)
            .body(body)
            .send()
            .await?;
        assert_eq!(answer.status().as_u16(), 400, "{body}");
    }
    ensure!(street.shop.export().await?.of("message").len() == 1);
    Ok(())
}

#[tokio::test]
async fn the_stream_of_changes_tells_of_a_new_message() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let mut stream = street
        .shop
        .client()
        .get(format!("{}/events", street.shop.api_url()?))
        .bearer_auth(street.shop.api_token()?)
        .send()
        .await?;
    assert_eq!(
        stream.headers().get("content-type").context("no type")?,
        "text/event-stream"
    );
    stream.chunk().await?.context("the stream ended")?;
    let (wamid, conversation) = street.hear(&customer(1), "News").await?;
    let message = street.shop.export().await?.message(&wamid)?["id"].clone();
    let wanted = json!({"kind": "message", "conversation_id": conversation, "message_id": message});
    let mut said = String::new();
    let told = async {
        loop {
            said += std::str::from_utf8(&stream.chunk().await?.context("the stream ended")?)?;
            let events = said.lines().filter_map(|line| line.strip_prefix("data: "));
            for event in events.filter_map(|event| serde_json::from_str::<Vec<Value>>(event).ok()) {
                if event.contains(&wanted) {
                    return anyhow::Ok(());
                }
            }
        }
    };
    tokio::time::timeout(PATIENCE, told).await??;
    Ok(())
}

#[tokio::test]
async fn the_list_comes_in_pages_and_can_be_narrowed() -> anyhow::Result<()> {
    let street = with_customers(7).await?;
    let mut seen = Vec::new();
    let mut cursor = Value::Null;
    loop {
        let page = street
            .shop
            .rpc("list_conversations", json!({"limit": 3, "cursor": cursor}))
            .await?;
        seen.extend(names(&page).into_iter().map(str::to_owned));
        assert_eq!(
            page["counts"],
            json!({"needs_me": 7, "bot": 0, "waiting": 0, "all": 7})
        );
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
        ensure!(seen.len() <= 6, "the pages do not end");
    }
    let all: Vec<String> = (0..7).map(|n| format!("Person {n}")).collect();
    assert_eq!(seen, all, "the newest first, each once");

    let answered = street.conversation(&customer(2)).await?;
    let sent = street.say(&answered, "an answer").await?;
    street
        .until_status(&answered, &sent, "accepted", PATIENCE)
        .await?;
    let list = async |filter: Value| {
        street
            .shop
            .rpc("list_conversations", json!({"filter": filter}))
            .await
    };
    assert_eq!(names(&list(json!({"queue": "waiting"})).await?), ["Person 2"]);
    assert_eq!(names(&list(json!({"queue": "needs_me"})).await?).len(), 6);
    assert_eq!(names(&list(json!({"text": "rson 5"})).await?), ["Person 5"]);
    assert_eq!(
        names(&list(json!({"text": "+49 15 5500 00 03"})).await?),
        ["Person 3"]
    );
    assert_eq!(names(&list(json!({"text": "nobody"})).await?), Vec::<&str>::new());
    assert_eq!(
        names(&list(json!({"channel_id": street.channel_id})).await?).len(),
        7
    );
    assert_eq!(names(&list(json!({"channel_id": "other"})).await?).len(), 0);
    let first = &list(json!({})).await?["conversations"][0];
    assert_eq!(
        first["contact"]["name"], "Person 2",
        "what was said last stands first"
    );
    assert_eq!(first["preview"]["text"], "an answer");
    Ok(())
}

#[tokio::test]
async fn a_thread_is_read_backwards_in_pages_and_its_words_are_found() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person = customer(1);
    let begun = acceptance::now() - 3_600;
    let messages = (0..25_i64)
        .map(|n| {
            webhook::text_message(
                &person,
                &webhook::new_wamid(),
                begun + n,
                &format!("Zeile {n} übrig"),
            )
        })
        .collect();
    let change = webhook::messages(&street.number, std::slice::from_ref(&person), messages);
    ensure!(street.post(vec![change]).await? == 200);
    street.shop.settled().await?;
    let conversation = street.conversation(&person).await?;
    let mut texts: Vec<String> = Vec::new();
    let mut before = Value::Null;
    loop {
        let args = json!({"conversation_id": conversation, "limit": 10, "before": before});
        let page = street.shop.rpc("thread", args).await?;
        let mut older: Vec<String> = page["messages"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|message| message["text"].as_str().map(str::to_owned))
            .collect();
        ensure!(older.len() <= 10);
        older.append(&mut texts);
        texts = older;
        before = page["before"].clone();
        if before.is_null() {
            break;
        }
        ensure!(texts.len() < 25, "the pages do not end");
    }
    let all: Vec<String> = (0..25).map(|n| format!("Zeile {n} übrig")).collect();
    assert_eq!(texts, all, "oldest first, each once");

    let search = async |query: &str| {
        let found = street
            .shop
            .rpc("search", json!({"query": query, "limit": 100}))
            .await?;
        anyhow::Ok(found["hits"].as_array().cloned().unwrap_or_default())
    };
    assert_eq!(search("ubrig").await?.len(), 25, "accents do not matter");
    let hits = search("zeile 17").await?;
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0]["conversation_id"], conversation);
    assert!(hits[0]["snippet"].as_str().unwrap_or_default().contains("17"));
    for query in [
        "",
        "\"",
        "*",
        "NEAR(",
        "zeile AND",
        "nichts davon",
        "'; drop table message; --",
    ] {
        assert_eq!(search(query).await?.len(), 0, "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn who_holds_a_conversation_and_how_much_the_assistant_may_is_exported() -> anyhow::Result<()> {
    let street = with_customers(2).await?;
    let id = street.conversation(&customer(0)).await?;
    let state = async || {
        let records = street.shop.export().await?;
        let one = records.get("conversation", &json!(id))?;
        anyhow::Ok((
            one["holder"].clone(),
            one["override"].clone(),
            one["effective_mode"].clone(),
        ))
    };
    let conversation = json!({"conversation_id": id});
    assert_eq!(state().await?, (json!("assistant"), Value::Null, json!("off")));
    let answer = street.shop.rpc("take_over", conversation.clone()).await?;
    assert_eq!(
        (&answer["id"], &answer["holder"]),
        (&json!(id), &json!("operator"))
    );
    assert_eq!(state().await?.0, "operator");
    street.shop.rpc("hand_back", conversation.clone()).await?;
    assert_eq!(state().await?.0, "assistant");

    let set = async |scope: &str, id: Value, mode: Value| {
        street
            .shop
            .rpc("set_mode", json!({"scope": scope, "id": id, "mode": mode}))
            .await
    };
    set("channel", json!(street.channel_id), json!("bot")).await?;
    assert_eq!(state().await?.2, "bot");
    set("conversation", json!(id), json!("shadow")).await?;
    assert_eq!(
        state().await?,
        (json!("assistant"), json!("shadow"), json!("shadow"))
    );
    set("global", Value::Null, json!("off")).await?;
    assert_eq!(state().await?.2, "off", "the tightest counts");
    set("global", Value::Null, json!("bot")).await?;
    set("conversation", json!(id), Value::Null).await?;
    assert_eq!(state().await?, (json!("assistant"), Value::Null, json!("bot")));
    let records = street.shop.export().await?;
    assert_eq!(records.get("channel", &json!(street.channel_id))?["mode"], "bot");

    // Looking is not answering: the unread count goes, nothing else changes and nothing is told.
    street.shop.rpc("mark_read", conversation.clone()).await?;
    let records = street.shop.export().await?;
    assert_eq!(records.get("conversation", &json!(id))?["unread"], 0);
    let draft = json!({"conversation_id": id, "text": "half a sen"});
    street.shop.rpc("keep_composer", draft).await?;
    let thread = street.shop.rpc("thread", conversation).await?;
    assert_eq!(thread["conversation"]["composer_text"], "half a sen");
    assert!(street.meta.sends().is_empty());
    Ok(())
}
