//! The knowledge base: texts that can be quoted, and single facts.

use crate::id::{DocumentId, PassageId};
use crate::language::Language;
use crate::text_enum::text_enum;
use crate::time::Timestamp;

text_enum! {
    /// Where a document came from.
    DocumentSource {
        /// Typed here.
        Typed = "typed",
        /// A plain text file.
        Text = "text",
        /// A Markdown file.
        Markdown = "markdown",
        /// A web page saved as a file.
        Html = "html",
        /// A table.
        Csv = "csv",
        /// A Word file.
        Docx = "docx",
        /// A PDF file.
        Pdf = "pdf",
        /// Answers operators gave before, each approved.
        PastReplies = "past_replies",
    }
}

/// A text of the knowledge base, without its passages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// What it is called.
    pub title: String,
    /// Where it came from.
    pub source: DocumentSource,
    /// Where customers can read it.
    pub url: Option<String>,
    /// Its language, when it is known.
    pub language: Option<Language>,
    /// Whether it is used.
    pub enabled: bool,
    /// Whether its words may be sent to customers without a person looking.
    pub quotable: bool,
    /// Not after.
    pub valid_to: Option<Timestamp>,
    /// Raised by every change.
    pub version: i64,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// A piece of a document that can be quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its id.
    pub id: PassageId,
    /// Whose it is.
    pub document_id: DocumentId,
    /// The document's title.
    pub title: String,
    /// The headings above it, outermost first, joined by ` › `.
    pub heading: String,
    /// The question it answers, when it is one of a list of questions and answers.
    pub question: Option<String>,
    /// Its words as they stand in the document.
    pub text: String,
    /// Whether it may be sent without a person looking.
    pub quotable: bool,
    /// Where customers can read the document.
    pub url: Option<String>,
}

text_enum! {
    /// What a fact is about.
    FactKind {
        /// What something costs.
        Price = "price",
        /// When the shop is open, in words.
        Hours = "hours",
        /// Where it is.
        Address = "address",
        /// A web address.
        Link = "link",
        /// A telephone number.
        Phone = "phone",
        /// Anything else.
        Text = "text",
    }
}

/// A single fact that answers name by a placeholder, so that it is written down once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub kind: FactKind,
    /// Its name within its kind; `{price:NAME}`, `{link:NAME}`, `{business.hours}`.
    pub key: String,
    /// What it says.
    pub value: String,
    /// The language it is said in; none: it serves for all.
    pub language: Option<Language>,
    /// Not after.
    pub valid_to: Option<Timestamp>,
}

/// How well a passage fits a query in each of the three ways texts are searched; greater is better, 0 is not at all.
/// The figures of one query can be compared with each other, those of two queries cannot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PassageScore {
    /// The passage.
    pub passage: PassageId,
    /// By whole words.
    pub words: f64,
    /// By the stems of words.
    pub stems: f64,
    /// By pieces of words.
    pub grams: f64,
}

text_enum! {
    /// One of the three ways texts are searched; a column of the index.
    TermColumn {
        /// Whole words.
        Words = "words",
        /// The stems of words.
        Stems = "stems",
        /// Pieces of words.
        Grams = "grams",
    }
}

/// What the index holds of a passage: terms with a space between them. Those of title and heading stand twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchTexts {
    /// Whole words.
    pub words: String,
    /// The stems of words.
    pub stems: String,
    /// Pieces of words.
    pub grams: String,
}
