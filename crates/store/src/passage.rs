//! The passages of the knowledge base and the index they are found by.
//!
//! The index holds no text, only terms, and those are the assistant's business: they come in with the passages.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::writer::WriteTransaction;
use domain::{DocumentId, Passage, PassageId, PassageScore, SearchTexts, TermColumn, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

/// A passage as it is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPassage {
    /// The headings above it, outermost first, joined by ` › `.
    pub heading: String,
    /// The question it answers, when it is one of a list of questions and answers.
    pub question: Option<String>,
    /// Its words as they stand in the document.
    pub text: String,
    /// What it is found by.
    pub search: SearchTexts,
}

const PASSAGE: &str = "SELECT p.id, p.document_id, d.title, p.heading, p.question, p.text, d.quotable, d.url
                       FROM passage p JOIN document d ON d.id = p.document_id";

fn passage(row: &Row<'_>) -> rusqlite::Result<Passage> {
    Ok(Passage {
        id: PassageId(row.get("id")?),
        document_id: DocumentId(row.get("document_id")?),
        title: row.get("title")?,
        heading: row.get("heading")?,
        question: row.get("question")?,
        text: row.get("text")?,
        quotable: row.get("quotable")?,
        url: row.get("url")?,
    })
}

impl Reader<'_> {
    /// Returns the passages of a document in their order.
    pub fn passages_of(self, document: DocumentId) -> Result<Vec<Passage>, StoreError> {
        let sql = format!("{PASSAGE} WHERE p.document_id = ?1 ORDER BY p.place");
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map([document.0], passage)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns those of `ids` that may be used at `now`, in the order given: their document is enabled and valid.
    pub fn usable_passages(self, ids: &[PassageId], now: Timestamp) -> Result<Vec<Passage>, StoreError> {
        let sql = format!("{PASSAGE} WHERE p.id = ?1 AND d.enabled = 1 AND coalesce(d.valid_to >= ?2, 1)");
        let mut query = self.connection().prepare_cached(&sql)?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.extend(query.query_row([id.0, now.0], passage).optional()?);
        }
        Ok(found)
    }

    /// Returns how well passages fit an expression of the index (`assistant::knowledge::query` makes them), in no
    /// order. Not looked at: whether their document is enabled and valid.
    pub fn passage_scores(self, expression: &str) -> Result<Vec<PassageScore>, StoreError> {
        // bm25() gives better matches smaller, negative figures. The counts behind it are shared by the three.
        let sql = "SELECT rowid, -bm25(passage_search, 1, 0, 0), -bm25(passage_search, 0, 1, 0),
                       -bm25(passage_search, 0, 0, 1) FROM passage_search WHERE passage_search MATCH ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([expression], |row| {
            Ok(PassageScore {
                passage: PassageId(row.get(0)?),
                words: row.get(1)?,
                stems: row.get(2)?,
                grams: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the passages that fit an expression of the index best by all its columns together, the best first, at most
    /// `limit`: a third of the work of [`Reader::passage_scores`]. Not looked at: whether their document is enabled and
    /// valid.
    pub fn passages_put_forward(self, expression: &str, limit: u32) -> Result<Vec<PassageId>, StoreError> {
        let sql = "SELECT rowid FROM passage_search WHERE passage_search MATCH ?1 ORDER BY rank LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![expression, limit], |row| row.get(0).map(PassageId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns how many passages there are.
    pub fn passage_count(self) -> Result<u64, StoreError> {
        let mut query = self.connection().prepare_cached("SELECT count(*) FROM passage")?;
        let count: i64 = query.query_row([], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Returns the terms that at least two passages hold, with how many do. Reads the whole index: half a second for
    /// 10,000 passages, so it is asked for after a change, not for each question.
    pub fn passage_terms(self) -> Result<Vec<(TermColumn, String, u64)>, StoreError> {
        let mut terms = Vec::new();
        let mut query = self
            .connection()
            .prepare_cached("SELECT col, term, doc FROM passage_term WHERE doc >= 2")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let column: String = row.get(0)?;
            let count: i64 = row.get(2)?;
            if let (Ok(column), Ok(count)) = (column.parse(), u64::try_from(count)) {
                terms.push((column, row.get(1)?, count));
            }
        }
        Ok(terms)
    }

    /// Returns the meanings of the passages that a model has worked out. Passages whose meaning is damaged are left out.
    pub fn passage_vectors(self, model: &str) -> Result<Vec<(PassageId, Vec<f32>)>, StoreError> {
        let sql = "SELECT id, vector FROM passage WHERE vector_model = ?1 AND vector IS NOT NULL ORDER BY id";
        let mut query = self.connection().prepare_cached(sql)?;
        let mut rows = query.query([model])?;
        let mut vectors = Vec::new();
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(1)?;
            let (numbers, rest) = bytes.as_chunks::<4>();
            if rest.is_empty() {
                let vector = numbers.iter().map(|number| f32::from_le_bytes(*number)).collect();
                vectors.push((PassageId(row.get(0)?), vector));
            }
        }
        Ok(vectors)
    }

    /// Returns passages whose meaning a model has not worked out.
    pub fn passages_without_vector(self, model: &str, limit: u32) -> Result<Vec<Passage>, StoreError> {
        let sql = format!("{PASSAGE} WHERE p.vector_model IS NOT ?1 ORDER BY p.id LIMIT ?2");
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map(params![model, limit], passage)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Writes down the passages of a document, in their order.
    pub(crate) fn put_passages(
        &mut self,
        document: DocumentId,
        passages: &[NewPassage],
    ) -> Result<(), StoreError> {
        let passage =
            "INSERT INTO passage (document_id, place, heading, question, text) VALUES (?1, ?2, ?3, ?4, ?5)";
        let terms = "INSERT INTO passage_search (rowid, words, stems, grams) VALUES (?1, ?2, ?3, ?4)";
        for (place, new) in (0_i64..).zip(passages) {
            self.connection().prepare_cached(passage)?.execute(params![
                document.0,
                place,
                new.heading,
                new.question,
                new.text
            ])?;
            let id = self.connection().last_insert_rowid();
            self.connection().prepare_cached(terms)?.execute(params![
                id,
                new.search.words,
                new.search.stems,
                new.search.grams
            ])?;
        }
        Ok(())
    }

    /// Removes the passages of a document, from the index too.
    pub(crate) fn remove_passages(&mut self, document: DocumentId) -> Result<(), StoreError> {
        let sql = "DELETE FROM passage_search WHERE rowid IN (SELECT id FROM passage WHERE document_id = ?1)";
        self.connection().execute(sql, [document.0])?;
        self.connection()
            .execute("DELETE FROM passage WHERE document_id = ?1", [document.0])?;
        Ok(())
    }

    /// Writes down the meaning of a passage as a model worked it out.
    pub fn set_passage_vector(
        &mut self,
        id: PassageId,
        model: &str,
        vector: &[f32],
    ) -> Result<(), StoreError> {
        let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
        let sql = "UPDATE passage SET vector = ?2, vector_model = ?3 WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, bytes, model])?;
        Ok(())
    }
}
