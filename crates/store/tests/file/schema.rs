//! `docs/schema.sql` is the schema.

use crate::shop::Shop;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

fn document() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema.sql")
}

/// What the migrations say about columns that were added to a table later: SQLite keeps no comment of those.
fn added_columns() -> BTreeMap<(String, String), String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut said = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in text.lines() {
            let Some((table, rest)) = line
                .strip_prefix("ALTER TABLE ")
                .and_then(|rest| rest.split_once(" ADD COLUMN "))
            else {
                continue;
            };
            let (column, rest) = rest.split_once(' ').unwrap();
            let comment = rest
                .split_once("-- ")
                .map(|(_, comment)| comment.trim().to_owned());
            said.insert((table.to_owned(), column.to_owned()), comment.unwrap_or_default());
        }
    }
    said
}

/// Every statement of a fresh database in the order it was made, without the tables SQLite keeps for itself.
fn live(connection: &Connection) -> String {
    let mut query = connection
        .prepare(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
                 AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY rowid",
        )
        .unwrap();
    let statements = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut text = String::from(
        "-- The database's schema as it stands after all migrations. Written by `UPDATE_SCHEMA=1 cargo test -p store`;\n\
         -- a test compares it with a fresh database. Times are milliseconds since 1970-01-01 UTC.\n",
    );
    let added = added_columns();
    for statement in statements {
        let statement = statement.unwrap();
        writeln!(text, "\n{statement};").unwrap();
        for ((table, column), comment) in &added {
            if statement.starts_with(&format!("CREATE TABLE {table} ")) {
                writeln!(text, "-- {table}.{column}: {comment}").unwrap();
            }
        }
    }
    text
}

async fn fresh() -> (Shop, Connection) {
    let shop = Shop::open().await;
    let connection = Connection::open(shop.folder.path().join(store::DATABASE_FILE)).unwrap();
    (shop, connection)
}

#[tokio::test]
async fn the_documented_schema_is_the_schema_of_a_fresh_database() {
    let (_shop, connection) = fresh().await;
    let live = live(&connection);
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(document(), &live).unwrap();
    }
    let documented = std::fs::read_to_string(document()).unwrap_or_default();
    assert!(
        documented == live,
        "docs/schema.sql is not the schema; run UPDATE_SCHEMA=1 cargo test -p store and read the difference"
    );
}

#[tokio::test]
async fn every_table_is_strict_and_every_column_says_what_it_holds() {
    let (_shop, connection) = fresh().await;
    let mut tables = connection
        .prepare(
            "SELECT l.name, l.strict, s.sql FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name
             WHERE l.type = 'table' AND l.schema = 'main' AND l.name NOT LIKE 'sqlite_%'",
        )
        .unwrap();
    let rows = tables
        .query_map([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, bool>(1)?,
                row.get::<_, String>(2)?,
            ))
        })
        .unwrap();
    let added = added_columns();
    let mut seen = 0;
    for row in rows {
        let (table, strict, sql) = row.unwrap();
        seen += 1;
        assert!(strict, "{table} is not STRICT");
        let mut columns = connection
            .prepare("SELECT name FROM pragma_table_info(?1)")
            .unwrap();
        for column in columns
            .query_map([&table], |row| row.get::<_, String>(0))
            .unwrap()
        {
            let column = column.unwrap();
            let later = added.get(&(table.clone(), column.clone()));
            let line = sql
                .lines()
                .find(|line| line.trim_start().starts_with(&format!("{column} ")));
            assert!(
                line.is_some() || later.is_some(),
                "{table}.{column} has no line of its own"
            );
            let comment = later
                .map(String::as_str)
                .or_else(|| line?.split_once("-- ").map(|(_, comment)| comment.trim()));
            assert!(
                comment.is_some_and(|comment| !comment.is_empty()),
                "{table}.{column} has no comment"
            );
        }
    }
    assert!(seen >= 12, "only {seen} tables were looked at");
}
