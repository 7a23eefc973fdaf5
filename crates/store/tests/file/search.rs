//! Finding messages by their words.

use crate::shop::{Shop, at, event};
use domain::Reached;

async fn found(shop: &Shop, query: &str) -> Vec<String> {
    let query = query.to_owned();
    let hits = shop.store.read(move |r| r.search(&query, 50)).await.unwrap();
    hits.into_iter().map(|hit| hit.snippet).collect()
}

async fn shop_with(texts: &[&str]) -> Shop {
    let shop = Shop::open().await;
    for (number, text) in (0..).zip(texts) {
        shop.text("447700900001", &format!("wamid.{number}"), text, at(number))
            .await;
    }
    shop
}

#[tokio::test]
async fn words_are_found_with_or_without_their_accents_and_before_they_are_finished() {
    let shop = shop_with(&[
        "Um café, por favor",
        "Das Gefäß ist schön",
        "Приве́т",
        "coffee cup",
    ])
    .await;
    assert_eq!(found(&shop, "cafe").await, ["Um café, por favor"]);
    assert_eq!(found(&shop, "FAVOR café").await, ["Um café, por favor"]);
    assert_eq!(found(&shop, "gefa").await, ["Das Gefäß ist schön"]);
    assert_eq!(
        found(&shop, "cof cup").await,
        Vec::<String>::new(),
        "only the last may be unfinished"
    );
    assert_eq!(found(&shop, "coffee c").await, ["coffee cup"]);
}

#[tokio::test]
async fn the_newest_hit_comes_first() {
    let shop = shop_with(&["vase one", "bowl", "vase two"]).await;
    assert_eq!(found(&shop, "vase").await, ["vase two", "vase one"]);
}

#[tokio::test]
async fn nothing_that_is_typed_is_a_query_language() {
    let shop = shop_with(&["it's 5\" wide AND (very) nice", "text: NEAR the sea*"]).await;
    for query in [
        "\"",
        "\"\"\"",
        "'",
        "(",
        ")",
        "*",
        "^",
        "-",
        "+",
        ":",
        "text:",
        "{",
        "NEAR(",
        "a AND",
        "OR OR",
        "NOT",
        "AND",
        "\0",
        "nice\0bowl",
        "\u{1}",
        "👍",
        "²",
        "x' OR 1=1 --",
        "message_search",
        "a\"b\"c",
        "* *",
        "",
        "   ",
        "\u{202e}",
        "[",
        "\\",
        "%",
        "_",
        ";",
    ] {
        let query_ = query.to_owned();
        let hits = shop.store.read(move |r| r.search(&query_, 50)).await;
        assert!(hits.is_ok(), "{query:?}: {hits:?}");
    }
    assert_eq!(found(&shop, "it's").await.len(), 1);
    assert_eq!(found(&shop, "5\" wide").await.len(), 1);
    assert_eq!(found(&shop, "NEAR").await.len(), 1);
    assert_eq!(found(&shop, "sea*").await.len(), 1);
    assert_eq!(found(&shop, "text:").await.len(), 1);
}

#[tokio::test]
async fn a_message_that_was_given_up_is_not_found_until_it_turns_out_to_have_arrived() {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "wamid.1", "Hello", at(0)).await;
    let (message, attempt) = shop.reply(conversation, "porcelain", "ob_1", at(1)).await;
    shop.begin(&attempt, at(1)).await;
    let lost = attempt.clone();
    shop.store
        .write(move |t| t.settle_unknown(&lost, "lost"))
        .await
        .unwrap();
    assert_eq!(found(&shop, "porcelain").await.len(), 1);
    shop.store
        .write(move |t| t.discard_message(message, at(2)))
        .await
        .unwrap();
    assert!(found(&shop, "porcelain").await.is_empty());
    shop.report("wamid.out", Some(&attempt), event(Reached::Delivered, 3))
        .await;
    assert_eq!(found(&shop, "porcelain").await.len(), 1);
}

#[tokio::test]
async fn a_message_its_author_took_back_is_not_found() {
    let shop = shop_with(&["my card number is secret"]).await;
    shop.store.close().await;
    let file = shop.folder.path().join(store::DATABASE_FILE);
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.execute("UPDATE message SET revoked = 1", []).unwrap();
    drop(connection);
    let again = store::Store::open(shop.folder.path(), store::Access::Write).unwrap();
    assert!(again.read(|r| r.search("secret", 10)).await.unwrap().is_empty());
    again.close().await;
}
