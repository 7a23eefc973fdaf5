//! The documents of the knowledge base.

use crate::change::Change;
use crate::error::StoreError;
use crate::passage::NewPassage;
use crate::reader::Reader;
use crate::row::{optional_time, optional_word, time, word};
use crate::writer::WriteTransaction;
use domain::{Document, DocumentId, DocumentSource, Language, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

/// A document as it is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// What it is called.
    pub title: String,
    /// Where it came from.
    pub source: DocumentSource,
    /// Where customers can read it.
    pub url: Option<String>,
    /// Its language, when it is known.
    pub language: Option<Language>,
    /// Whether its words may be sent to customers without a person looking.
    pub quotable: bool,
    /// Not after.
    pub valid_to: Option<Timestamp>,
    /// Its text as it was read.
    pub content: String,
    /// SHA-256 of that text in hexadecimal, to tell a second import.
    pub hash: String,
}

const COLUMNS: &str = "id, title, source, url, language, enabled, quotable, valid_to, version, updated_at";

fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    Ok(Document {
        id: DocumentId(row.get("id")?),
        title: row.get("title")?,
        source: word(row, "source")?,
        url: row.get("url")?,
        language: optional_word(row, "language")?,
        enabled: row.get("enabled")?,
        quotable: row.get("quotable")?,
        valid_to: optional_time(row, "valid_to")?,
        version: row.get("version")?,
        updated_at: time(row, "updated_at")?,
    })
}

impl Reader<'_> {
    /// Returns all documents by title.
    pub fn documents(self) -> Result<Vec<Document>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM document ORDER BY title COLLATE NOCASE, id");
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map([], document)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns one document.
    pub fn document(self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM document WHERE id = ?1");
        let mut query = self.connection().prepare_cached(&sql)?;
        Ok(query.query_row([id.0], document).optional()?)
    }

    /// Returns the text of a document as it was read.
    pub fn document_content(self, id: DocumentId) -> Result<Option<String>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT content FROM document WHERE id = ?1")?;
        Ok(query.query_row([id.0], |row| row.get(0)).optional()?)
    }

    /// Returns the document that was made of a text with this SHA-256 in hexadecimal.
    pub fn document_with_hash(self, hash: &str) -> Result<Option<Document>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM document WHERE hash = ?1 ORDER BY id LIMIT 1");
        let mut query = self.connection().prepare_cached(&sql)?;
        Ok(query.query_row([hash], document).optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Adds a document with its passages, in their order.
    pub fn add_document(
        &mut self,
        new: &NewDocument,
        passages: &[NewPassage],
        now: Timestamp,
    ) -> Result<DocumentId, StoreError> {
        let sql = "INSERT INTO document (title, source, url, language, quotable, valid_to, content, hash, created_at,
                       updated_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)";
        self.connection().prepare_cached(sql)?.execute(params![
            new.title,
            new.source.as_str(),
            new.url,
            new.language.map(Language::as_str),
            new.quotable,
            new.valid_to.map(|time| time.0),
            new.content,
            new.hash,
            now.0
        ])?;
        let id = DocumentId(self.connection().last_insert_rowid());
        self.put_passages(id, passages)?;
        self.changed(Change::Knowledge);
        Ok(id)
    }

    /// Puts a document and its passages in the place of what is known of it; whether it is used stays as it was.
    /// Returns whether there is such a document.
    pub fn replace_document(
        &mut self,
        id: DocumentId,
        new: &NewDocument,
        passages: &[NewPassage],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE document SET title = ?2, source = ?3, url = ?4, language = ?5, quotable = ?6, valid_to = ?7,
                       content = ?8, hash = ?9, updated_at = ?10, version = version + 1 WHERE id = ?1";
        let changed = self.connection().prepare_cached(sql)?.execute(params![
            id.0,
            new.title,
            new.source.as_str(),
            new.url,
            new.language.map(Language::as_str),
            new.quotable,
            new.valid_to.map(|time| time.0),
            new.content,
            new.hash,
            now.0
        ])?;
        if changed > 0 {
            self.remove_passages(id)?;
            self.put_passages(id, passages)?;
            self.changed(Change::Knowledge);
        }
        Ok(changed > 0)
    }

    /// Sets whether a document is used.
    pub fn enable_document(
        &mut self,
        id: DocumentId,
        enabled: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE document SET enabled = ?2, version = version + 1, updated_at = ?3
                   WHERE id = ?1 AND enabled <> ?2";
        let changed = self.connection().execute(sql, params![id.0, enabled, now.0])?;
        if changed > 0 {
            self.changed(Change::Knowledge);
        }
        Ok(())
    }

    /// Removes a document and its passages.
    pub fn remove_document(&mut self, id: DocumentId) -> Result<(), StoreError> {
        self.remove_passages(id)?;
        self.connection()
            .execute("DELETE FROM document WHERE id = ?1", [id.0])?;
        self.changed(Change::Knowledge);
        Ok(())
    }
}
