//! Reads sentences with their labels from the shapes such files have.

use std::fs;

use serde_json::Value;

/// A sentence and what it asks for; no label: nothing the shop knows.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) text: String,
    pub(crate) label: Option<String>,
}

/// Which part of a file that holds several is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Train,
    Test,
    Strange,
}

/// Reads a file; without a format, its name says what it is.
pub(crate) fn read(file: &str, format: Option<&str>, part: Part) -> Result<Vec<Row>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    let text = text.trim_start_matches('\u{feff}');
    let by_name = || {
        if file.to_ascii_lowercase().ends_with(".json") {
            "json"
        } else {
            "csv"
        }
    };
    // A file that says what it is by its name is what it says, whatever the others are.
    let is_named = [".csv", ".json"]
        .iter()
        .any(|ending| file.to_ascii_lowercase().ends_with(ending));
    let is_known = format.is_none_or(|format| ["csv", "json"].contains(&format));
    let rows = match format.filter(|_| !is_named || !is_known).unwrap_or_else(by_name) {
        "csv" => csv_rows(text, part),
        "json" => json_rows(text, part),
        other => Err(format!("--format is csv or json, not {other:?}")),
    };
    rows.map_err(|error| format!("{file}: {error}"))
}

fn row(text: &str, label: Option<&str>) -> Row {
    let label = label.map(str::trim).filter(|label| {
        let small = label.to_lowercase();
        !matches!(
            small.as_str(),
            "" | "oos" | "out_of_scope" | "out-of-scope" | "none" | "no_nodes_detected"
        )
    });
    Row {
        text: text.to_owned(),
        label: label.map(str::to_owned),
    }
}

const TEXTS: [&str; 8] = [
    "text",
    "sentence",
    "utterance",
    "query",
    "message",
    "question",
    "seq.in",
    "input",
];
const LABELS: [&str; 6] = ["label", "intent", "category", "class", "skill", "tag"];

fn csv_rows(text: &str, part: Part) -> Result<Vec<Row>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let (mut text_column, mut label_column) = (0, 1);
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        if number == 0 {
            let find = |names: &[&str]| {
                record
                    .iter()
                    .position(|cell| names.contains(&cell.trim().to_lowercase().as_str()))
            };
            let (texts, labels) = (find(&TEXTS), find(&LABELS));
            let alone = record.len() == 1 && texts.is_some();
            if let (Some(texts), Some(labels)) = (texts, labels) {
                (text_column, label_column) = (texts, labels);
                continue;
            }
            if alone {
                continue;
            }
        }
        let sentence = record.get(text_column).unwrap_or_default();
        if sentence.trim().is_empty() && record.len() < 2 {
            continue;
        }
        rows.push(row(sentence, record.get(label_column)));
    }
    if rows.is_empty() && part == Part::Train {
        return Err("no rows".to_owned());
    }
    Ok(rows)
}

fn json_rows(text: &str, part: Part) -> Result<Vec<Row>, String> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        // One value a line.
        Err(error) => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let values: Result<Vec<Value>, _> = lines.map(serde_json::from_str).collect();
            Value::Array(values.map_err(|_| error.to_string())?)
        }
    };
    let mut rows = Vec::new();
    match &value {
        Value::Array(items) => items.iter().for_each(|item| rows.extend(item_row(item))),
        Value::Object(object) => {
            // Parts by name, out-of-scope rows in parts of their own.
            let names: &[&str] = match part {
                Part::Train => &["train", "oos_train"],
                Part::Test => &["test", "oos_test"],
                Part::Strange => &["oos_test", "oos"],
            };
            for name in names {
                let items = object.get(*name).and_then(Value::as_array);
                rows.extend(items.into_iter().flatten().filter_map(item_row));
            }
            if rows.is_empty() {
                let listed = ["data", "rows", "intents", "examples", "sentences"];
                let list = listed.iter().find_map(|name| object.get(*name)?.as_array());
                for item in list.into_iter().flatten() {
                    rows.extend(item_row(item));
                    rows.extend(intent_rows(item, part));
                }
            }
            if rows.is_empty() {
                // Sentences by label.
                for (label, sentences) in object {
                    let sentences = sentences.as_array().into_iter().flatten();
                    rows.extend(
                        sentences
                            .filter_map(Value::as_str)
                            .map(|text| row(text, Some(label))),
                    );
                }
            }
        }
        _ => return Err("neither a list nor an object".to_owned()),
    }
    if rows.is_empty() {
        return Err("no rows found in it".to_owned());
    }
    Ok(rows)
}

/// `[text, label]`, `{"text": .., "label": ..}`, or a sentence alone.
fn item_row(item: &Value) -> Option<Row> {
    match item {
        Value::String(text) => Some(row(text, None)),
        Value::Array(cells) => {
            let mut cells = cells.iter().map(Value::as_str);
            Some(row(cells.next()??, cells.next().flatten()))
        }
        Value::Object(object) => {
            let find = |names: &[&str]| names.iter().find_map(|name| object.get(*name)?.as_str());
            Some(row(find(&TEXTS)?, find(&LABELS)))
        }
        _ => None,
    }
}

/// An intent with its own lists: examples to train on and, perhaps, tests.
fn intent_rows(item: &Value, part: Part) -> Vec<Row> {
    let label = LABELS
        .iter()
        .chain(&["name"])
        .find_map(|name| item.get(*name)?.as_str());
    let lists: &[&str] = match part {
        Part::Train => &["utterances", "examples", "train"],
        Part::Test | Part::Strange => &["tests", "test"],
    };
    let sentences = lists.iter().find_map(|name| item.get(*name)?.as_array());
    let sentences = sentences.into_iter().flatten();
    sentences
        .filter_map(Value::as_str)
        .map(|text| row(text, label))
        .collect()
}
