//! Documents, their passages, and facts.

use crate::shop::{NINE, Shop, at};
use domain::{
    DocumentId, DocumentSource, Fact, FactKind, Language, Passage, PassageId, SearchTexts, TermColumn,
};
use store::{NewDocument, NewPassage};

fn document(title: &str) -> NewDocument {
    NewDocument {
        title: title.to_owned(),
        source: DocumentSource::Markdown,
        url: Some("https://shop.example/terms".to_owned()),
        language: Some(Language::English),
        quotable: true,
        valid_to: None,
        content: format!("# {title}"),
        hash: format!("hash of {title}"),
    }
}

fn new_passage(text: &str) -> NewPassage {
    NewPassage {
        heading: "Terms".to_owned(),
        question: None,
        text: text.to_owned(),
        search: SearchTexts {
            words: text.to_owned(),
            stems: text
                .split(' ')
                .map(|word| format!("s_{word}"))
                .collect::<Vec<_>>()
                .join(" "),
            grams: String::new(),
        },
    }
}

async fn add(shop: &Shop, document: NewDocument, texts: &[&str]) -> DocumentId {
    let passages: Vec<NewPassage> = texts.iter().map(|text| new_passage(text)).collect();
    shop.store
        .write(move |tx| tx.add_document(&document, &passages, NINE))
        .await
        .unwrap()
}

/// The texts that fit an expression and may be used, the best first.
async fn found(shop: &Shop, expression: &str, seconds: u64) -> Vec<String> {
    let expression = expression.to_owned();
    let passages: Vec<Passage> = shop
        .store
        .read(move |r| {
            let mut scores = r.passage_scores(&expression)?;
            scores.sort_by(|a, b| (b.words + b.stems).total_cmp(&(a.words + a.stems)));
            let ids: Vec<PassageId> = scores.iter().map(|score| score.passage).collect();
            r.usable_passages(&ids, at(seconds))
        })
        .await
        .unwrap();
    passages.into_iter().map(|passage| passage.text).collect()
}

#[tokio::test]
async fn passages_are_found_by_each_of_their_terms() {
    let shop = Shop::open().await;
    add(
        &shop,
        document("Terms"),
        &["returns take days", "cups cost money", "cups break"],
    )
    .await;
    assert_eq!(
        found(&shop, "{words} : (\"money\")", 0).await,
        ["cups cost money"]
    );
    assert_eq!(
        found(&shop, "{stems} : (\"s_days\")", 0).await,
        ["returns take days"]
    );
    assert_eq!(found(&shop, "{grams} : (\"days\")", 0).await, [""; 0]);
    assert_eq!(
        found(&shop, "{words} : (\"cups\" OR \"break\")", 0)
            .await
            .first()
            .map(String::as_str),
        Some("cups break")
    );
}

#[tokio::test]
async fn the_marks_of_indic_scripts_and_borders_of_words_are_letters_of_the_index() {
    let shop = Shop::open().await;
    add(&shop, document("शर्तें"), &["हिन्दी में", "_men menu"]).await;
    assert_eq!(found(&shop, "{words} : (\"हिन्दी\")", 0).await, ["हिन्दी में"]);
    assert!(found(&shop, "{words} : (\"ह\")", 0).await.is_empty());
    assert_eq!(found(&shop, "{words} : (\"_men\")", 0).await, ["_men menu"]);
    assert!(found(&shop, "{words} : (\"men\")", 0).await.is_empty());
}

#[tokio::test]
async fn what_is_disabled_or_over_is_not_quoted() {
    let shop = Shop::open().await;
    let id = add(&shop, document("Terms"), &["cups cost money"]).await;
    let sale = NewDocument {
        valid_to: Some(at(60)),
        ..document("Sale")
    };
    add(&shop, sale, &["cups cost nothing"]).await;
    assert_eq!(found(&shop, "{words} : (\"cups\")", 60).await.len(), 2);
    assert_eq!(
        found(&shop, "{words} : (\"cups\")", 61).await,
        ["cups cost money"]
    );
    shop.store
        .write(move |tx| tx.enable_document(id, false, at(61)))
        .await
        .unwrap();
    assert!(found(&shop, "{words} : (\"cups\")", 61).await.is_empty());
}

#[tokio::test]
async fn a_new_version_takes_the_place_of_the_old_one_in_the_index_too() {
    let shop = Shop::open().await;
    let id = add(&shop, document("Terms"), &["cups cost money", "bowls too"]).await;
    let replaced = shop
        .store
        .write(move |tx| {
            tx.replace_document(id, &document("New terms"), &[new_passage("plates only")], at(5))
        })
        .await
        .unwrap();
    assert!(replaced);
    assert!(found(&shop, "{words} : (\"cups\")", 5).await.is_empty());
    assert_eq!(found(&shop, "{words} : (\"plates\")", 5).await, ["plates only"]);
    let (kept, passages, content, same) = shop
        .store
        .read(move |r| {
            Ok((
                r.document(id)?,
                r.passages_of(id)?,
                r.document_content(id)?,
                r.document_with_hash("hash of New terms")?,
            ))
        })
        .await
        .unwrap();
    let kept = kept.unwrap();
    assert_eq!(
        (kept.title.as_str(), kept.version, kept.updated_at),
        ("New terms", 2, at(5))
    );
    assert_eq!(same.unwrap().id, id);
    assert_eq!(content.as_deref(), Some("# New terms"));
    assert_eq!(passages[0].url.as_deref(), Some("https://shop.example/terms"));
    shop.store.write(move |tx| tx.remove_document(id)).await.unwrap();
    assert!(found(&shop, "{words} : (\"plates\")", 5).await.is_empty());
    let left = shop
        .store
        .read(|r| Ok((r.documents()?.len(), r.passage_count()?)))
        .await
        .unwrap();
    assert_eq!(left, (0, 0));
}

#[tokio::test]
async fn terms_tell_how_many_passages_hold_them() {
    let shop = Shop::open().await;
    let id = add(&shop, document("Terms"), &["cups cost", "cups break", "bowls"]).await;
    let mut terms = shop.store.read(|r| r.passage_terms()).await.unwrap();
    terms.sort();
    assert_eq!(
        terms,
        [
            (TermColumn::Words, "cups".to_owned(), 2),
            (TermColumn::Stems, "s_cups".to_owned(), 2)
        ]
    );
    shop.store.write(move |tx| tx.remove_document(id)).await.unwrap();
    assert_eq!(shop.store.read(|r| r.passage_terms()).await.unwrap(), []);
}

#[tokio::test]
async fn meanings_are_kept_by_model() {
    let shop = Shop::open().await;
    let id = add(&shop, document("Terms"), &["cups", "bowls"]).await;
    let passages = shop.store.read(move |r| r.passages_of(id)).await.unwrap();
    let first = passages[0].id;
    shop.store
        .write(move |tx| tx.set_passage_vector(first, "small", &[1.5, -2.0]))
        .await
        .unwrap();
    let (vectors, others, open) = shop
        .store
        .read(|r| {
            Ok((
                r.passage_vectors("small")?,
                r.passage_vectors("large")?,
                r.passages_without_vector("small", 10)?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(vectors, [(first, vec![1.5, -2.0])]);
    assert!(others.is_empty());
    assert_eq!(
        open.iter()
            .map(|passage| passage.text.as_str())
            .collect::<Vec<_>>(),
        ["bowls"]
    );
}

#[tokio::test]
async fn a_fact_is_written_down_once_for_each_language() {
    let shop = Shop::open().await;
    let fact = |value: &str, language, valid_to| Fact {
        kind: FactKind::Price,
        key: "cup".to_owned(),
        value: value.to_owned(),
        language,
        valid_to,
    };
    let facts = [
        fact("12 €", None, None),
        fact("13 €", None, None),
        fact("₺400", Some(Language::Turkish), Some(at(10))),
    ];
    shop.store
        .write(move |tx| facts.iter().try_for_each(|fact| tx.set_fact(fact, NINE)))
        .await
        .unwrap();
    let values = async |seconds| {
        let facts = shop.store.read(move |r| r.facts_at(at(seconds))).await.unwrap();
        facts.into_iter().map(|fact| fact.value).collect::<Vec<_>>()
    };
    assert_eq!(values(10).await, ["13 €", "₺400"]);
    assert_eq!(values(11).await, ["13 €"]);
    shop.store
        .write(|tx| tx.remove_fact(FactKind::Price, "cup", None))
        .await
        .unwrap();
    assert_eq!(values(10).await, ["₺400"]);
}
