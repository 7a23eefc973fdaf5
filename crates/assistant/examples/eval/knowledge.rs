//! How well questions find their passage, through a real store file and the product's own code.

use assistant::knowledge::{Frequencies, SECOND_LOOK, answer, query, rescore, search_texts};
use assistant::skills::Matcher;
use domain::{DocumentSource, PassageId, Timestamp};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;
use store::{Access, NewDocument, NewPassage, Store};

/// Passages and questions; each question names its passage by place.
#[derive(Default)]
struct Data {
    passages: Vec<String>,
    questions: Vec<(String, usize)>,
    /// Places of passages by their text or their name, so that one that is given twice is one.
    places: HashMap<String, usize>,
}

impl Data {
    fn passage(&mut self, name: &str, text: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.passages.len();
        self.passages.push(text.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }
}

/// Measures retrieval on the file after `--data`: `SQuAD`'s shape, `{"passages":[{"id","text"}],"questions":[{"question",
/// "passage"}]}`, or CSV with the columns question and passage. `--passages N` fills the store up to so many passages
/// with words of the file, and `--skills FILE` lets a matcher of the skills in that file have each question first, to
/// measure time.
pub(crate) fn run(args: &[String]) -> Result<Value, String> {
    let after = |name: &str| args.iter().skip_while(|arg| *arg != name).nth(1);
    let file = PathBuf::from(after("--data").ok_or("--data FILE is missing")?);
    let least = after("--passages")
        .map(|count| count.parse().map_err(|_| "--passages takes a number"))
        .transpose()?
        .unwrap_or(0);
    let mut data = read(&file)?;
    if data.questions.is_empty() {
        return Err(format!("{} holds no questions", file.display()));
    }
    fill_up(&mut data, least);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let matcher = after("--skills")
        .map(|file| crate::skills::matcher(file))
        .transpose()?;
    let more = args.iter().any(|arg| arg == "--more");
    runtime.block_on(measure(&data, matcher.as_ref(), more))
}

fn read(file: &Path) -> Result<Data, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut data = Data::default();
    let Ok(json) = serde_json::from_slice::<Value>(&bytes) else {
        read_csv(&bytes, &mut data)?;
        return Ok(data);
    };
    let list = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let word = |value: &Value, key: &str| match value.get(key) {
        Some(Value::String(word)) => word.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    for article in list(&json, "data") {
        let mut paragraphs = list(&article, "paragraphs");
        if paragraphs.is_empty() {
            paragraphs.push(article);
        }
        for paragraph in paragraphs {
            let context = word(&paragraph, "context");
            let place = data.passage(&context, &context);
            for question in list(&paragraph, "qas") {
                data.questions.push((word(&question, "question"), place));
            }
            if paragraph.get("question").is_some() {
                data.questions.push((word(&paragraph, "question"), place));
            }
        }
    }
    for passage in list(&json, "passages") {
        data.passage(&word(&passage, "id"), &word(&passage, "text"));
    }
    for question in list(&json, "questions") {
        let name = word(&question, "passage");
        let place = data
            .places
            .get(&name)
            .copied()
            .ok_or_else(|| format!("no passage is called {name:?}"))?;
        data.questions.push((word(&question, "question"), place));
    }
    Ok(data)
}

fn read_csv(bytes: &[u8], data: &mut Data) -> Result<(), String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    for (number, row) in reader.records().enumerate() {
        let row = row.map_err(|error| error.to_string())?;
        let (question, passage) = (row.get(0).unwrap_or_default(), row.get(1).unwrap_or_default());
        let is_header = number == 0 && question.trim().eq_ignore_ascii_case("question");
        if !is_header && !passage.trim().is_empty() {
            let place = data.passage(passage, passage);
            data.questions.push((question.to_owned(), place));
        }
    }
    Ok(())
}

/// Adds passages of the words there are, each word with an ending of its own now and then, as a larger shop has more
/// words too.
fn fill_up(data: &mut Data, least: usize) {
    let words: Vec<String> = data
        .passages
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect();
    let mut state = 1_u64;
    let mut next = |most: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % most.max(1)
    };
    while data.passages.len() < least && !words.is_empty() {
        let text: Vec<String> = (0..130)
            .filter_map(|_| {
                let word = words.get(next(words.len()))?;
                let ending = if next(5) < 2 {
                    format!("{:x}", next(256))
                } else {
                    String::new()
                };
                Some(format!("{word}{ending}"))
            })
            .collect();
        data.passages.push(text.join(" "));
    }
}

async fn measure(data: &Data, matcher: Option<&Matcher>, more: bool) -> Result<Value, String> {
    let now = Timestamp(1_780_000_000_000);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let said = |error: &dyn std::error::Error| error.to_string();
    let store = Store::open(folder.path(), Access::Write).map_err(|error| said(&error))?;
    let passages: Vec<NewPassage> = data
        .passages
        .iter()
        .map(|text| NewPassage {
            heading: String::new(),
            question: None,
            text: text.clone(),
            search: search_texts("", text),
        })
        .collect();
    let document = NewDocument {
        title: String::new(),
        source: DocumentSource::Text,
        url: None,
        language: None,
        quotable: true,
        valid_to: None,
        content: String::new(),
        hash: String::new(),
    };
    let id = store
        .write(move |tx| tx.add_document(&document, &passages, now))
        .await
        .map_err(|error| said(&error))?;
    let (ids, count, terms) = store
        .read(move |r| Ok((r.passages_of(id)?, r.passage_count()?, r.passage_terms()?)))
        .await
        .map_err(|error| said(&error))?;
    let ids: Vec<PassageId> = ids.into_iter().map(|passage| passage.id).collect();
    let frequencies = std::sync::Arc::new(Frequencies::new(count, terms));
    let (mut first, mut among_five, mut put_forward) = (0_u32, 0_u32, 0_u32);
    let mut times = Vec::with_capacity(data.questions.len());
    for (question, place) in &data.questions {
        let (words, counts) = (question.clone(), std::sync::Arc::clone(&frequencies));
        // What is measured is the whole way to an answer, not only to its passage.
        let begun = Instant::now();
        if let Some(matcher) = matcher {
            std::hint::black_box(matcher.consider(question, |_| true, false));
        }
        let passages = store
            .read(move |r| {
                let Some(expression) = query(&words, &counts) else {
                    return Ok(Vec::new());
                };
                r.usable_passages(&r.passages_put_forward(&expression, SECOND_LOOK)?, now)
            })
            .await
            .map_err(|error| said(&error))?;
        let right = ids.get(*place);
        put_forward += u32::from(passages.iter().any(|passage| Some(&passage.id) == right));
        let mut found = rescore(question, passages, &frequencies);
        found.truncate(5);
        std::hint::black_box(answer(question, &found, None, &frequencies));
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        first += u32::from(found.first().map(|found| &found.passage.id) == right);
        among_five += u32::from(found.iter().any(|found| Some(&found.passage.id) == right));
    }
    times.sort_by(f64::total_cmp);
    let at = |hundredth: usize| {
        let time = times.get(times.len() * hundredth / 100).copied();
        (time.unwrap_or_default() * 100.0).round() / 100.0
    };
    let all = u32::try_from(data.questions.len()).map_err(|error| error.to_string())?;
    let share = |count: u32| (f64::from(count) / f64::from(all) * 10_000.0).round() / 10_000.0;
    let mut figures = json!({
        "r_at_1": share(first),
        "r_at_5": share(among_five),
        "p95_ms": at(95),
    });
    if let Some(figures) = figures.as_object_mut().filter(|_| more) {
        figures.insert("p50_ms".to_owned(), json!(at(50)));
        figures.insert("put_forward".to_owned(), json!(share(put_forward)));
        figures.insert("passages".to_owned(), json!(data.passages.len()));
    }
    Ok(figures)
}
