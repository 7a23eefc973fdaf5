//! Markdown.

use crate::knowledge::block::Extracted;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

pub(super) fn read(text: &str) -> Extracted {
    let mut extracted = Extracted::default();
    let mut words = String::new();
    let mut rows: Option<Vec<Vec<String>>> = None;
    // Lists lie in lists; their items are lines of one paragraph.
    let mut lists = 0_usize;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(more) | Event::Code(more) => words.push_str(&more),
            Event::SoftBreak => words.push(' '),
            Event::HardBreak => words.push('\n'),
            Event::Start(Tag::Heading { .. }) => flush(&mut extracted, &mut words),
            Event::End(TagEnd::Heading(level)) => {
                let heading = std::mem::take(&mut words);
                extracted.heading(depth(level), &heading);
                if extracted.title.is_none() && level == HeadingLevel::H1 {
                    extracted.title = Some(heading);
                }
            }
            Event::Start(Tag::Table(_)) => {
                flush(&mut extracted, &mut words);
                rows = Some(Vec::new());
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                words.clear();
                if let Some(rows) = &mut rows {
                    rows.push(Vec::new());
                }
            }
            Event::End(TagEnd::TableCell) => {
                let cell = std::mem::take(&mut words);
                if let Some(row) = rows.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(cell);
                }
            }
            Event::End(TagEnd::Table) => extracted.table(rows.take().unwrap_or_default()),
            Event::Start(Tag::List(_)) => {
                lists += 1;
                line(&mut words);
            }
            Event::End(TagEnd::List(_)) => {
                lists = lists.saturating_sub(1);
                if lists == 0 {
                    flush(&mut extracted, &mut words);
                }
            }
            Event::Start(Tag::Item) => line(&mut words),
            Event::End(TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::BlockQuote(_)) => {
                if lists == 0 {
                    flush(&mut extracted, &mut words);
                } else {
                    line(&mut words);
                }
            }
            _ => {}
        }
    }
    flush(&mut extracted, &mut words);
    extracted
}

fn flush(extracted: &mut Extracted, words: &mut String) {
    extracted.paragraph(words);
    words.clear();
}

fn line(words: &mut String) {
    if !words.is_empty() && !words.ends_with('\n') {
        words.push('\n');
    }
}

const fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
