//! `export`: everything, in a format that outlives Deskbell.

use crate::Trouble;
use crate::cli::{ExportArgs, Format};
use domain::ConversationId;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use store::{Access, Store, StoreError};

pub(crate) async fn export(args: ExportArgs) -> Result<(), Trouble> {
    let only = match args.conversation.as_deref() {
        Some(id) => {
            Some(ConversationId(id.parse().map_err(|_| {
                Trouble(format!("{id:?} is not a conversation's id"))
            })?))
        }
        None => None,
    };
    let store = Store::open(&args.data.data_dir, Access::Read)?;
    let format = args.format;
    let written = store
        .read(move |reader| {
            let mut writer = Writer::new(format, BufWriter::new(std::io::stdout().lock()));
            writer.begin()?;
            api::export::records(reader, only, |record| writer.record(&record))?;
            writer.end()
        })
        .await;
    written.map_err(|error| match error {
        StoreError::Conflict(why) => Trouble(why),
        error => error.into(),
    })
}

/// Writes records one by one, so that a large database needs no memory.
struct Writer<W> {
    format: Format,
    out: W,
    /// Names of contacts and conversations already seen, for the formats that people read.
    people: std::collections::HashMap<String, String>,
    of_conversation: std::collections::HashMap<String, String>,
    conversation: Option<String>,
}

impl<W: Write> Writer<W> {
    fn new(format: Format, out: W) -> Self {
        Self {
            format,
            out,
            people: std::collections::HashMap::new(),
            of_conversation: std::collections::HashMap::new(),
            conversation: None,
        }
    }

    fn put(&mut self, text: &str) -> Result<(), StoreError> {
        self.out
            .write_all(text.as_bytes())
            .map_err(|error| StoreError::Conflict(format!("the export could not be written: {error}")))
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        match self.format {
            Format::Jsonl | Format::Txt => Ok(()),
            Format::Csv => self.put("sent_at,conversation_id,contact,direction,author,kind,status,text\r\n"),
            Format::Html => self.put(concat!(
                "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Deskbell export</title>\n",
                "<style>body{font:15px/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}",
                "h2{margin-top:3rem}p{margin:.4rem 0;padding:.4rem .8rem;border-radius:.6rem;background:#f1f2f5;",
                "white-space:pre-wrap;overflow-wrap:anywhere;width:fit-content;max-width:80%}",
                ".outbound{background:#e3e9ff;margin-inline-start:auto}small{color:#555}</style>\n",
            )),
        }
    }

    fn end(&mut self) -> Result<(), StoreError> {
        if self.format == Format::Html {
            self.put("</html>\n")?;
        }
        self.out
            .flush()
            .map_err(|error| StoreError::Conflict(format!("the export could not be written: {error}")))
    }

    fn record(&mut self, record: &Value) -> Result<(), StoreError> {
        if self.format == Format::Jsonl {
            return self.put(&format!("{record}\n"));
        }
        let field = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
        match field("type") {
            "contact" => {
                let number = || record.pointer("/identities/0/value").and_then(Value::as_str);
                let name = record
                    .get("name")
                    .and_then(Value::as_str)
                    .or_else(number)
                    .unwrap_or("Customer");
                self.people.insert(field("id").to_owned(), name.to_owned());
                Ok(())
            }
            "conversation" => {
                let name = self.people.get(field("contact_id")).cloned().unwrap_or_default();
                self.of_conversation.insert(field("id").to_owned(), name);
                Ok(())
            }
            "message" => self.message(record),
            _ => Ok(()),
        }
    }

    fn message(&mut self, record: &Value) -> Result<(), StoreError> {
        let field = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default();
        let id = field("conversation_id").to_owned();
        let person = self.of_conversation.get(&id).cloned().unwrap_or_default();
        let text = match record.get("text").and_then(Value::as_str) {
            Some(text) => text.to_owned(),
            None => format!("[{}]", field("original_kind")),
        };
        let who = if field("direction") == "inbound" {
            person.as_str()
        } else {
            field("author")
        };
        if self.format == Format::Csv {
            let columns = [
                field("sent_at"),
                &id,
                &person,
                field("direction"),
                field("author"),
                field("kind"),
                field("status"),
                &text,
            ];
            let line: Vec<String> = columns.iter().map(|column| csv_field(column)).collect();
            return self.put(&format!("{}\r\n", line.join(",")));
        }
        let new = self.conversation.as_deref() != Some(&id);
        let mut line = String::new();
        if self.format == Format::Txt {
            if new {
                let _ = writeln!(line, "\n=== {person} ===");
            }
            let _ = writeln!(line, "[{}] {who}: {text}", field("sent_at"));
        } else {
            if new {
                let _ = writeln!(line, "<h2 dir=\"auto\">{}</h2>", escape(&person));
            }
            let _ = writeln!(
                line,
                "<p class=\"{}\" dir=\"auto\"><small>{} · {} · {}</small>\n{}</p>",
                field("direction"),
                escape(who),
                field("sent_at"),
                field("status"),
                escape(&text)
            );
        }
        self.conversation = Some(id);
        self.put(&line)
    }
}

/// Quotes a field, and disarms one a spreadsheet would take for a formula.
fn csv_field(text: &str) -> String {
    let disarmed = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    format!("\"{}\"", disarmed.replace('"', "\"\""))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(format: Format, text: &str) -> String {
        let mut out = Vec::new();
        let mut writer = Writer::new(format, &mut out);
        writer.begin().unwrap();
        for record in [
            json!({"type": "contact", "id": "1", "name": "Ana <b>", "identities": []}),
            json!({"type": "conversation", "id": "7", "contact_id": "1"}),
            json!({"type": "message", "conversation_id": "7", "direction": "inbound", "author": "customer",
                   "kind": "text", "status": "received", "sent_at": "2026-11-10T09:00:00.000Z", "text": text}),
        ] {
            writer.record(&record).unwrap();
        }
        writer.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_a_customer_wrote_is_never_markup_and_never_a_formula() {
        let html = written(Format::Html, "<script>alert(1)</script>");
        assert!(
            html.contains("&lt;script&gt;") && !html.contains("<script>"),
            "{html}"
        );
        assert!(html.contains("Ana &lt;b&gt;"));
        let csv = written(Format::Csv, "=cmd|' /C calc'!A0, \"x\"");
        assert!(csv.contains(r#""'=cmd|' /C calc'!A0, ""x""""#), "{csv}");
    }

    #[test]
    fn a_text_export_reads_like_a_chat() {
        let text = written(Format::Txt, "Hello");
        assert_eq!(
            text,
            "\n=== Ana <b> ===\n[2026-11-10T09:00:00.000Z] Ana <b>: Hello\n"
        );
    }
}
