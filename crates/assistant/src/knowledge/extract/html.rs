//! Web pages: what a visitor reads, without what the page is held together by.

use crate::knowledge::block::Extracted;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;

/// Elements nobody reads as text.
const UNREAD: &[&str] = &[
    "script", "style", "nav", "noscript", "template", "footer", "svg", "iframe", "object", "select",
    "button", "aside", "form", "textarea", "canvas", "audio", "video", "math",
];
/// Elements that begin a new paragraph.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "hr",
    "address",
    "figure",
    "figcaption",
    "details",
    "summary",
    "body",
    "table",
    "center",
    "fieldset",
];
/// Rows that are kept of a table.
const MOST_ROWS: usize = 50_000;

pub(super) fn read(page: &str) -> Extracted {
    let sink = Page::default();
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(page));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    // The tokenizer stops after a script, and goes on with what is left.
    while !input.is_empty() {
        let before = input_length(&input);
        drop(tokenizer.feed(&input));
        if input_length(&input) == before {
            break;
        }
    }
    tokenizer.end();
    let mut walk = tokenizer.sink.walk.into_inner();
    walk.finish();
    walk.extracted
}

/// Whether anything was read is seen from what is next.
fn input_length(input: &BufferQueue) -> usize {
    let mut length = 0;
    let mut held = Vec::new();
    while let Some(part) = input.pop_front() {
        length += part.len();
        held.push(part);
    }
    for part in held.into_iter().rev() {
        input.push_front(part);
    }
    length
}

#[derive(Default)]
struct Page {
    walk: RefCell<Walk>,
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut walk = self.walk.borrow_mut();
        match token {
            Token::CharacterTokens(text) => walk.text(&text),
            Token::TagToken(tag) => return walk.tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How far the page has been read.
#[derive(Default)]
struct Walk {
    extracted: Extracted,
    words: String,
    /// The element that is passed over, and how deep in others of its name.
    passed: Option<(String, usize)>,
    heading: Option<u8>,
    in_title: bool,
    preformatted: usize,
    /// Tables lie in tables; only the outermost is one.
    tables: usize,
    rows: Vec<Vec<String>>,
    in_cell: bool,
}

impl Walk {
    fn text(&mut self, text: &str) {
        if self.passed.is_some() {
            return;
        }
        if self.preformatted > 0 {
            self.words.push_str(text);
        } else {
            self.words
                .extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let is_start = tag.kind == TagKind::StartTag;
        if let Some((passed, depth)) = &mut self.passed {
            if passed == name {
                *depth = if is_start {
                    *depth + 1
                } else {
                    depth.saturating_sub(1)
                };
                if *depth == 0 {
                    self.passed = None;
                }
            }
        } else if is_start
            && (UNREAD.contains(&name) || is_hidden(tag))
            && !is_void(name)
            && !tag.self_closing
        {
            self.passed = Some((name.to_owned(), 1));
            self.words.push(' ');
        } else {
            self.element(name, is_start);
        }
        match name {
            "script" if is_start => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "iframe" | "noembed" | "noframes" | "xmp" if is_start => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "title" | "textarea" if is_start => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn element(&mut self, name: &str, is_start: bool) {
        match name {
            "br" => self.words.push('\n'),
            "title" => {
                if is_start {
                    self.paragraph();
                } else if self.in_title {
                    let title = std::mem::take(&mut self.words);
                    self.extracted.title = Some(title.trim().to_owned()).filter(|title| !title.is_empty());
                }
                self.in_title = is_start;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if !self.in_cell => {
                if is_start {
                    self.paragraph();
                    self.heading = name.get(1..).and_then(|level| level.parse().ok());
                } else if let Some(level) = self.heading.take() {
                    let words = std::mem::take(&mut self.words);
                    self.extracted.heading(level, &words);
                }
            }
            "li" if is_start && !self.words.trim().is_empty() => self.words.push('\n'),
            "table" if is_start => {
                if self.tables == 0 {
                    self.paragraph();
                }
                self.tables += 1;
            }
            "table" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.close_table();
                }
            }
            "tr" if self.tables == 1 && is_start => {
                self.close_cell();
                if self.rows.len() < MOST_ROWS {
                    self.rows.push(Vec::new());
                }
            }
            "td" | "th" if self.tables == 1 => {
                self.close_cell();
                self.in_cell = is_start;
            }
            "pre" => {
                self.preformatted = if is_start {
                    self.preformatted + 1
                } else {
                    self.preformatted.saturating_sub(1)
                };
                self.paragraph();
            }
            _ if BLOCKS.contains(&name) => self.paragraph(),
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        if self.in_cell {
            self.words.push(' ');
            return;
        }
        if let Some(level) = self.heading.take() {
            let words = std::mem::take(&mut self.words);
            self.extracted.heading(level, &words);
            return;
        }
        let words = std::mem::take(&mut self.words);
        self.extracted.paragraph(&words);
    }

    fn close_cell(&mut self) {
        if self.in_cell {
            let words = std::mem::take(&mut self.words);
            match self.rows.last_mut() {
                Some(row) => row.push(words),
                // A cell without a row.
                None => self.rows.push(vec![words]),
            }
        }
        self.in_cell = false;
    }

    fn close_table(&mut self) {
        self.close_cell();
        let rows = std::mem::take(&mut self.rows);
        if rows.iter().all(|row| row.len() <= 1) {
            for cell in rows.iter().flatten() {
                self.extracted.paragraph(cell);
            }
        } else {
            self.extracted.table(rows);
        }
    }

    fn finish(&mut self) {
        if self.tables > 0 {
            self.close_table();
        }
        self.paragraph();
    }
}

fn is_hidden(tag: &Tag) -> bool {
    tag.attrs.iter().any(|attribute| {
        let name: &str = &attribute.name.local;
        name == "hidden" || (name == "aria-hidden" && &*attribute.value == "true")
    })
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}
