//! Leads and the language model, as a window sees them.

use crate::window::{NUMBER, SOON, Window};
use serde_json::{Value, json};
use simulator::Customer;
use simulator::brain::{Flavour, ModelServer, Talents};

async fn get(window: &Window, command: &str, args: Value) -> Value {
    match window.desk.call(command, args.clone()).await {
        Ok(answer) => answer,
        Err(error) => panic!("{command} {args}: {error:?}"),
    }
}

/// Asks again until the answer is as it should be.
async fn until(window: &Window, command: &str, args: Value, is_so: impl Fn(&Value) -> bool) -> Value {
    let asking = async {
        loop {
            let answer = get(window, command, args.clone()).await;
            if is_so(&answer) {
                return answer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
    };
    tokio::time::timeout(SOON, asking)
        .await
        .unwrap_or_else(|_| panic!("{command} never said what was expected"))
}

#[tokio::test]
async fn a_lead_shows_where_a_value_was_read_and_keeps_what_a_person_wrote() {
    let window = Window::open().await;
    let customer = Customer::phone("Ana", "447700900222");
    let words = "👋🏽 Please write to ana@example.com, I want to book a table";
    window.meta.customer_writes(NUMBER, &customer, words).unwrap();
    let page = until(&window, "list_leads", json!({}), |page| page["total"] == 1).await;
    let lead = &page["leads"][0];
    let email = lead["values"]
        .as_array()
        .unwrap()
        .iter()
        .find(|value| value["field"] == "email")
        .unwrap();
    let units: Vec<u16> = words.encode_utf16().collect();
    let place = |key: &str| usize::try_from(email[key].as_u64().unwrap()).unwrap();
    assert_eq!(
        String::from_utf16(&units[place("start")..place("end")]).unwrap(),
        "ana@example.com"
    );
    let set =
        json!({"conversation_id": lead["conversation_id"], "field": "email", "value": "office@example.com"});
    let after = get(&window, "set_lead_value", set).await;
    let email = |lead: &Value| {
        lead["values"]
            .as_array()
            .unwrap()
            .iter()
            .find(|value| value["field"] == "email")
            .cloned()
            .unwrap()
    };
    assert_eq!(email(&after)["value"], "office@example.com");
    assert_eq!(email(&after)["locked"], true);
    let spam = get(
        &window,
        "set_lead_status",
        json!({"lead_id": after["id"], "status": "spam"}),
    )
    .await;
    assert_eq!(
        (spam["status"].as_str(), spam["score"].as_u64()),
        (Some("spam"), Some(0))
    );
    let none = get(&window, "list_leads", json!({"status": "won"})).await;
    assert_eq!(none["total"], 0);
    let table = get(&window, "export_leads", json!({})).await;
    let csv = table["csv"].as_str().unwrap();
    assert!(
        csv.starts_with('\u{feff}') && csv.contains("office@example.com"),
        "{csv}"
    );
    let mut records = Vec::new();
    window
        .desk
        .engine()
        .await
        .unwrap()
        .store()
        .read(move |reader| {
            api::export::records(reader, None, |record| {
                records.push(record);
                Ok(())
            })?;
            let lead = records.iter().find(|record| record["type"] == "lead").unwrap();
            assert_eq!(lead["fields"]["email"]["locked"], true);
            Ok(())
        })
        .await
        .unwrap();
    window.desk.stop().await;
}

#[tokio::test]
async fn a_model_is_chosen_after_it_answered_and_its_key_never_comes_back() {
    let window = Window::open().await;
    let server = ModelServer::start(Flavour::OpenAi).await.unwrap();
    server.can(Talents {
        key: Some("sk-very-private".to_owned()),
        ..Talents::default()
    });
    let choice = |key: &str| {
        json!({"kind": "openai", "base_url": server.base_url(), "model": "double:7b", "key": key, "price_in": 2.5,
               "daily_limit": 1.0})
    };
    let error = window.desk.call("save_model", choice("wrong")).await.unwrap_err();
    assert_eq!(error.field.as_deref(), Some("key"), "{error:?}");
    assert_eq!(get(&window, "model", json!({})).await["kind"], "none");
    let view = get(&window, "save_model", choice("sk-very-private")).await;
    assert_eq!(view["has_key"], true);
    assert_eq!(view["local"], true);
    assert!(
        view["abilities"]
            .as_array()
            .unwrap()
            .contains(&json!("json_schema")),
        "{view}"
    );
    let calls = get(&window, "list_model_calls", json!({})).await;
    assert_eq!(calls["calls"][0]["purpose"], "probe");
    let call = get(&window, "model_call", json!({"call_id": calls["calls"][0]["id"]})).await;
    assert!(call["sent"].as_str().unwrap().contains("banana"), "{call}");
    let known = get(&window, "model", json!({})).await;
    for answer in [&view, &calls, &call, &known] {
        assert!(!answer.to_string().contains("sk-very-private"), "{answer}");
    }
    // Elsewhere, the key that is kept is shown to nobody.
    let other = ModelServer::start(Flavour::OpenAi).await.unwrap();
    let moved = json!({"kind": "openai", "base_url": other.base_url(), "model": "double:7b"});
    let view = get(&window, "save_model", moved).await;
    assert_eq!(view["has_key"], false);
    assert!(
        other
            .asked()
            .iter()
            .all(|asked| !format!("{:?}", asked.headers).contains("sk-very-private"))
    );
    let none = get(&window, "save_model", json!({"kind": "none"})).await;
    assert_eq!(
        (none["kind"].as_str(), none["has_key"].as_bool()),
        (Some("none"), Some(false))
    );
    window.desk.stop().await;
}
