//! From a file of the owner's to an answer, through a real database file.
#![expect(
    clippy::unwrap_used,
    reason = "what tests prepare has to work; clippy only knows the test functions themselves"
)]

use assistant::knowledge::{
    Doubt, Extract, Frequencies, Piece, SECOND_LOOK, answer, extract, past_replies, pieces, query, rescore,
    search_texts,
};
use domain::{DocumentSource, Language, Timestamp};
use store::{Access, NewDocument, NewPassage, Store};
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_794_301_200_000);

struct Shop {
    store: Store,
    frequencies: Frequencies,
    _folder: TempDir,
}

impl Shop {
    async fn open(documents: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write).unwrap();
        let mut shop = Self {
            store,
            frequencies: Frequencies::default(),
            _folder: folder,
        };
        for (title, markdown) in documents {
            let (_, extracted) = extract(DocumentSource::Markdown, markdown.as_bytes()).unwrap();
            shop.add(title, pieces(&extracted.blocks)).await;
        }
        shop
    }

    async fn add(&mut self, title: &str, pieces: Vec<Piece>) {
        let document = NewDocument {
            title: title.to_owned(),
            source: DocumentSource::Markdown,
            url: None,
            language: None,
            quotable: true,
            valid_to: None,
            content: String::new(),
            hash: String::new(),
        };
        let passages: Vec<NewPassage> = pieces
            .into_iter()
            .map(|piece| {
                let above = [
                    title,
                    &piece.heading,
                    piece.question.as_deref().unwrap_or_default(),
                ]
                .join("\n");
                NewPassage {
                    search: search_texts(&above, &piece.text),
                    heading: piece.heading,
                    question: piece.question,
                    text: piece.text,
                }
            })
            .collect();
        self.store
            .write(move |tx| tx.add_document(&document, &passages, NOW))
            .await
            .unwrap();
        let (count, terms) = self
            .store
            .read(|r| Ok((r.passage_count()?, r.passage_terms()?)))
            .await
            .unwrap();
        self.frequencies = Frequencies::new(count, terms);
    }

    async fn answer(&self, question: &str, language: Language) -> Option<Extract> {
        let expression = query(question, &self.frequencies)?;
        let passages = self
            .store
            .read(move |r| r.usable_passages(&r.passages_put_forward(&expression, SECOND_LOOK)?, NOW))
            .await
            .unwrap();
        let mut found = rescore(question, passages, &self.frequencies);
        found.truncate(6);
        answer(question, &found, Some(language), &self.frequencies)
    }
}

const TERMS: &str = "\
# Shipping

We pack every piece by hand. Shipping within Portugal costs 4.90 €. Parcels to Spain, e.g. Madrid, cost 7.50 €.

# Returns

You can send a piece back within 30 days, unless it was made for you. Refunds take about 5 days once the parcel is here.

# Visiting us

The workshop is in Rua das Flores 12, Porto. We are open from Tuesday to Saturday, 10:00 to 18:00.

# Care

Our glaze holds no lead. Put cups into the dishwasher if you like, but wash gold rims by hand.

# Courses

Can children join a course?

Children from the age of eight can, together with a grown-up.

| Course | Price | Places |
|---|---|---|
| Throwing | 60 € | 6 |
| Glazing | 45 € | 8 |
";

#[tokio::test]
async fn the_sentence_that_answers_is_quoted_as_it_stands() {
    let shop = Shop::open(&[("Terms", TERMS)]).await;
    let extract = shop
        .answer("How much does shipping to Spain cost?", Language::English)
        .await
        .unwrap();
    assert!(
        extract
            .text
            .contains("Parcels to Spain, e.g. Madrid, cost 7.50 €."),
        "{extract:?}"
    );
    assert!(extract.sendable, "{extract:?}");
    let extract = shop
        .answer("when are you open on saturday", Language::English)
        .await
        .unwrap();
    assert!(
        extract
            .text
            .ends_with("We are open from Tuesday to Saturday, 10:00 to 18:00."),
        "{extract:?}"
    );
    assert!(extract.sendable, "{extract:?}");
    let extract = shop
        .answer("Is it safe to put the cups in the dishwaser?", Language::English)
        .await
        .unwrap();
    assert!(
        extract.text.contains("dishwasher"),
        "a slip of the finger is understood: {extract:?}"
    );
}

#[tokio::test]
async fn the_place_of_an_answer_is_where_its_words_stand() {
    let shop = Shop::open(&[("Terms", TERMS)]).await;
    let extract = shop
        .answer("Where is the workshop?", Language::English)
        .await
        .unwrap();
    let id = extract.passage;
    let passage = shop
        .store
        .read(move |r| r.usable_passages(&[id], NOW))
        .await
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(
        passage.text.get(extract.span.clone()),
        Some(extract.text.as_str())
    );
    assert_eq!(
        (passage.title.as_str(), passage.heading.as_str()),
        ("Terms", "Visiting us")
    );
}

#[tokio::test]
async fn a_row_of_a_table_says_what_its_columns_are() {
    let shop = Shop::open(&[("Terms", TERMS)]).await;
    let extract = shop
        .answer("What is the price of the glazing course?", Language::English)
        .await
        .unwrap();
    assert!(
        extract.text.contains("Course: Glazing; Price: 45 €; Places: 8"),
        "{extract:?}"
    );
}

#[tokio::test]
async fn a_question_that_stands_in_the_document_is_answered_as_it_stands_there() {
    let shop = Shop::open(&[("Terms", TERMS)]).await;
    let extract = shop
        .answer("can children join a course", Language::English)
        .await
        .unwrap();
    assert_eq!(
        extract.text,
        "Children from the age of eight can, together with a grown-up."
    );
    assert!(extract.sendable, "{extract:?}");
}

#[tokio::test]
async fn what_the_documents_do_not_say_is_not_sent() {
    let shop = Shop::open(&[("Terms", TERMS)]).await;
    for question in [
        "How much is a wedding present with engraving?",
        "Do you ship to Brazil on Sundays?",
        "Can I pay with bitcoin?",
        "When do refunds to my bank account in Peru arrive?",
        "Where can I park?",
    ] {
        let extract = shop.answer(question, Language::English).await;
        assert!(
            extract.as_ref().is_none_or(|extract| !extract.sendable),
            "{question} {extract:?}"
        );
    }
}

#[tokio::test]
async fn a_price_that_is_not_there_is_not_answered_with_words_about_it() {
    let shop = Shop::open(&[(
        "Terms",
        "# Repair\n\nWe repair broken bowls, and the cost of a repair depends on the crack.",
    )])
    .await;
    let extract = shop
        .answer("What does the repair of a bowl cost?", Language::English)
        .await
        .unwrap();
    assert_eq!(
        (extract.sendable, extract.why),
        (false, Some(Doubt::NoPrice)),
        "{extract:?}"
    );
}

#[tokio::test]
async fn two_passages_that_say_it_alike_are_for_a_person() {
    let shop = Shop::open(&[
        (
            "Old terms",
            "# Shipping\n\nShipping to France costs 9 € and takes four days.",
        ),
        (
            "New terms",
            "# Shipping\n\nShipping to France costs 11 € and takes three days.",
        ),
    ])
    .await;
    let extract = shop
        .answer("How much is shipping to France?", Language::English)
        .await
        .unwrap();
    assert_eq!(
        (extract.sendable, extract.why),
        (false, Some(Doubt::NotAlone)),
        "{extract:?}"
    );
}

#[tokio::test]
async fn a_document_nobody_may_quote_gives_a_draft() {
    let mut shop = Shop::open(&[]).await;
    let document = NewDocument {
        title: "Internal".to_owned(),
        source: DocumentSource::Typed,
        url: None,
        language: None,
        quotable: false,
        valid_to: None,
        content: String::new(),
        hash: String::new(),
    };
    let text = "Gift vouchers can be bought at the counter.".to_owned();
    let passage = NewPassage {
        heading: String::new(),
        question: None,
        search: search_texts("Internal", &text),
        text,
    };
    shop.store
        .write(move |tx| tx.add_document(&document, &[passage], NOW))
        .await
        .unwrap();
    shop.add(
        "Other",
        past_replies(&[("Do you glaze?".to_owned(), "Yes.".to_owned())]),
    )
    .await;
    let extract = shop
        .answer("Can I buy gift vouchers?", Language::English)
        .await
        .unwrap();
    assert_eq!((extract.sendable, extract.why), (false, Some(Doubt::NotQuotable)));
}

#[tokio::test]
async fn approved_replies_answer_the_question_they_were_given_to() {
    let mut shop = Shop::open(&[("Terms", TERMS)]).await;
    let pairs = [
        (
            "Do you deliver on Sundays?",
            "We do not, sorry. Monday is the next day we deliver.",
        ),
        ("Is the gold rim real gold?", "It is: 12 carat."),
    ];
    let pairs: Vec<(String, String)> = pairs
        .iter()
        .map(|(question, answer)| ((*question).to_owned(), (*answer).to_owned()))
        .collect();
    shop.add("Past replies", past_replies(&pairs)).await;
    let extract = shop
        .answer("do you deliver on sunday?", Language::English)
        .await
        .unwrap();
    assert_eq!(
        extract.text,
        "We do not, sorry. Monday is the next day we deliver."
    );
    assert!(extract.sendable, "{extract:?}");
}

#[tokio::test]
async fn questions_are_answered_in_the_languages_of_our_customers() {
    for (language, document, question, part) in [
        (
            Language::Spanish,
            "# Envíos\n\nEl envío a Madrid cuesta 5 €. Tarda tres días.\n\n# Horario\n\nAbrimos de lunes a viernes de 9:00 a 14:00.\n\n# Cuidado\n\nLas tazas se pueden lavar a mano.",
            "¿Cuánto cuesta enviar a Madrid?",
            "5 €",
        ),
        (
            Language::Portuguese,
            "# Frete\n\nO frete para o Rio custa R$ 25. Enviamos pelos Correios.\n\n# Horário\n\nAbrimos de segunda a sexta, das 9:00 às 18:00.\n\n# Trocas\n\nTrocas em até sete dias.",
            "Que horas vocês abrem?",
            "9:00",
        ),
        (
            Language::Turkish,
            "# Kargo\n\nİstanbul içi kargo ücreti 40 TL'dir. Siparişler iki günde hazırlanır.\n\n# İade\n\nÜrünleri 14 gün içinde iade edebilirsiniz.\n\n# Adres\n\nDükkanımız Bağdat Caddesi No:5 adresindedir.",
            "İstanbul'a kargo ücreti ne kadar?",
            "40 TL",
        ),
        (
            Language::Arabic,
            "# التوصيل\n\nسعر التوصيل داخل القاهرة 50 جنيه. يستغرق التوصيل يومين.\n\n# الإرجاع\n\nيمكنكم إرجاع المنتجات خلال 14 يوم.\n\n# العنوان\n\nالمحل في شارع النيل رقم 7.",
            "كم سعر التوصيل في القاهرة؟",
            "50 جنيه",
        ),
        (
            Language::Hindi,
            "# डिलीवरी\n\nदिल्ली में डिलीवरी का शुल्क 80 रुपये है। सामान दो दिन में पहुँचता है।\n\n# समय\n\nदुकान सोमवार से शनिवार सुबह 10 बजे खुलती है।\n\n# वापसी\n\nआप सात दिन में सामान लौटा सकते हैं।",
            "दुकान कितने बजे खुलती है?",
            "10 बजे",
        ),
        (
            Language::Indonesian,
            "# Pengiriman\n\nOngkos kirim ke Bandung Rp20.000. Pesanan dikirim setiap hari.\n\n# Jam buka\n\nToko buka pukul 08.00 sampai 17.00.\n\n# Retur\n\nBarang bisa dikembalikan dalam tujuh hari.",
            "Berapa ongkos kirim ke Bandung?",
            "Rp20.000",
        ),
    ] {
        let shop = Shop::open(&[("FAQ", document)]).await;
        let extract = shop.answer(question, language).await.unwrap();
        assert!(extract.text.contains(part), "{question} {extract:?}");
        assert!(extract.sendable, "{question} {extract:?}");
    }
}

#[tokio::test]
async fn scripts_without_spaces_are_searched_too() {
    let shop = Shop::open(&[(
        "店",
        "# 営業時間\n\n月曜日から金曜日まで9:00に開店します。土曜日は休みです。\n\n# 配送\n\n東京への配送料は500円です。\n\n# 返品\n\n七日以内に返品できます。",
    )])
    .await;
    let extract = shop
        .answer("東京への配送料はいくらですか", Language::English)
        .await
        .unwrap();
    assert!(extract.text.contains("500円"), "{extract:?}");
}

#[tokio::test]
async fn the_longest_message_is_looked_up_and_nothing_is_sent_for_it() {
    let shop = Shop::open(&[("Terms", TERMS)]).await;
    let long: Vec<String> = (0..700).map(|n| format!("word{n}")).collect();
    let question = format!("{} shipping to Spain", long.join(" "));
    assert!(
        shop.answer(&question, Language::English)
            .await
            .is_none_or(|answer| !answer.sendable),
        "seven hundred unknown words are no question a quote answers"
    );
}
