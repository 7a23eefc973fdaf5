//! Word files: a ZIP of XML (ECMA-376 part 1, `WordprocessingML`).

use super::{Trouble, unpacked};
use crate::knowledge::block::Extracted;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::HashMap;

/// How deep elements may lie in each other; Word stays far below.
const DEEPEST: usize = 256;
/// Bytes of text at which reading stops.
const MOST_TEXT: usize = super::MOST_TEXT + 1;

pub(super) fn read(file: &[u8]) -> Result<Extracted, Trouble> {
    let Some(document) = unpacked(file, "word/document.xml")? else {
        return Err(Trouble::OtherFormat);
    };
    let styles = unpacked(file, "word/styles.xml")?.unwrap_or_default();
    let levels = heading_styles(&text(&styles)?)?;
    let mut walk = Walk {
        levels,
        ..Walk::default()
    };
    events(&text(&document)?, |event| walk.event(&event))?;
    walk.paragraph();
    Ok(walk.extracted)
}

fn text(bytes: &[u8]) -> Result<String, Trouble> {
    super::plain::decode(bytes).map_err(|_| Trouble::Damaged)
}

/// What a part of an XML file says.
enum Part<'p> {
    Start(&'p BytesStart<'p>),
    End(&'p str),
    Text(&'p str),
}

/// Reads XML to its end. A document type is refused: Word writes none, and all tricks with entities need one.
fn events(xml: &str, mut each: impl FnMut(Part<'_>) -> Result<(), Trouble>) -> Result<(), Trouble> {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0_usize;
    loop {
        match reader.read_event().map_err(|_| Trouble::Damaged)? {
            Event::Start(start) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Trouble::Damaged);
                }
                each(Part::Start(&start))?;
            }
            Event::Empty(start) => {
                each(Part::Start(&start))?;
                each(Part::End(start.local_name().as_ref()))?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                each(Part::End(end.local_name().as_ref()))?;
            }
            Event::Text(text) => each(Part::Text(&text.xml10_content()))?,
            Event::CData(text) => each(Part::Text(&text.xml10_content()))?,
            Event::GeneralRef(reference) => {
                if let Ok(Some(c)) = reference.resolve_char_ref() {
                    each(Part::Text(c.encode_utf8(&mut [0; 4])))?;
                } else if let Some(c) = quick_xml::escape::resolve_xml_entity(&reference) {
                    each(Part::Text(c))?;
                } else {
                    return Err(Trouble::Damaged);
                }
            }
            Event::DocType(_) => return Err(Trouble::Damaged),
            Event::Eof => return if depth == 0 { Ok(()) } else { Err(Trouble::Damaged) },
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The value of an attribute by its name without a prefix.
fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    start
        .attributes()
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .and_then(|attribute| {
            attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map(String::from)
                .ok()
        })
}

/// Which styles are headings, by their names, which Word keeps in English.
fn heading_styles(xml: &str) -> Result<HashMap<String, u8>, Trouble> {
    let mut levels = HashMap::new();
    let mut style = String::new();
    events(xml, |part| {
        if let Part::Start(start) = part {
            match start.local_name().as_ref() {
                "style" => style = attribute(start, "styleId").unwrap_or_default(),
                "name" => {
                    let name = attribute(start, "val").unwrap_or_default().to_lowercase();
                    levels.extend(level(&name).map(|level| (style.clone(), level)));
                }
                "outlineLvl" => {
                    let outline = attribute(start, "val").and_then(|level| level.parse::<u8>().ok());
                    levels.extend(
                        outline
                            .filter(|level| *level < 6)
                            .map(|level| (style.clone(), level + 1)),
                    );
                }
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(levels)
}

fn level(name: &str) -> Option<u8> {
    if name == "title" {
        return Some(1);
    }
    let level = name.strip_prefix("heading")?.trim().parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}

#[derive(Default)]
struct Walk {
    levels: HashMap<String, u8>,
    extracted: Extracted,
    words: String,
    heading: Option<u8>,
    /// Whether the words of the element being read are words of the text.
    in_text: bool,
    /// How deep in what another reader would be shown instead, which says the same again.
    fallback: usize,
    tables: usize,
    rows: Vec<Vec<String>>,
    cell: String,
    size: usize,
}

impl Walk {
    fn event(&mut self, part: &Part<'_>) -> Result<(), Trouble> {
        match part {
            Part::Start(start) => self.start(start),
            Part::End(name) => self.end(name),
            Part::Text(text) => {
                if self.in_text && self.fallback == 0 {
                    self.size += text.len();
                    if self.size > MOST_TEXT {
                        return Err(Trouble::TooMuchText);
                    }
                    self.words.push_str(text);
                }
            }
        }
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'_>) {
        match start.local_name().as_ref() {
            "Fallback" => self.fallback += 1,
            _ if self.fallback > 0 => {}
            "t" => self.in_text = true,
            "tab" => self.words.push(' '),
            "br" | "cr" => self.words.push('\n'),
            "pStyle" => {
                let style = attribute(start, "val").unwrap_or_default();
                self.heading = self
                    .levels
                    .get(&style)
                    .copied()
                    .or_else(|| level(&style.to_lowercase()));
            }
            "outlineLvl" => {
                let outline = attribute(start, "val").and_then(|level| level.parse::<u8>().ok());
                self.heading = outline
                    .filter(|level| *level < 6)
                    .map(|level| level + 1)
                    .or(self.heading);
            }
            "tbl" => self.tables += 1,
            "tr" if self.tables == 1 => self.rows.push(Vec::new()),
            "tc" if self.tables == 1 => self.cell.clear(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "Fallback" => self.fallback = self.fallback.saturating_sub(1),
            _ if self.fallback > 0 => {}
            "t" => self.in_text = false,
            "p" => self.paragraph(),
            "tc" if self.tables == 1 => {
                let cell = std::mem::take(&mut self.cell);
                self.rows
                    .iter_mut()
                    .last()
                    .into_iter()
                    .for_each(|row| row.push(cell.clone()));
            }
            "tbl" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.extracted.table(std::mem::take(&mut self.rows));
                }
            }
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        let words = std::mem::take(&mut self.words);
        let heading = self.heading.take();
        if self.tables > 0 {
            self.cell.push_str(&words);
            self.cell.push('\n');
        } else if let Some(level) = heading {
            self.extracted.heading(level, &words);
        } else {
            self.extracted.paragraph(&words);
        }
    }
}
