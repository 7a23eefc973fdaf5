//! Files as strangers make them, read by a process of their own.
#![expect(
    clippy::unwrap_used,
    reason = "what tests prepare has to work; clippy only knows the test functions themselves"
)]

use assistant::knowledge::{Block, Extracted, Limits, Trouble, extract_in_child};
use domain::DocumentSource;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;

async fn run(
    arguments: &[&str],
    hint: DocumentSource,
    file: Vec<u8>,
    limits: Limits,
) -> Result<(DocumentSource, Extracted), Trouble> {
    let program = Path::new(env!("CARGO_BIN_EXE_extract_child"));
    extract_in_child(program, arguments, hint, file, limits).await
}

async fn read(
    hint: DocumentSource,
    file: impl Into<Vec<u8>>,
) -> Result<(DocumentSource, Extracted), Trouble> {
    run(&["--extract"], hint, file.into(), Limits::default()).await
}

async fn text(hint: DocumentSource, file: impl Into<Vec<u8>>) -> String {
    read(hint, file).await.unwrap().1.text()
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn docx(body: &str) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\" xmlns:mc=\"mc\"><w:body>{body}</w:body></w:document>"
    );
    let styles = "<w:styles xmlns:w=\"w\"><w:style w:styleId=\"berschrift1\"><w:name w:val=\"heading 1\"/></w:style>\
                  </w:styles>";
    zipped(&[
        ("word/document.xml", document.as_bytes()),
        ("word/styles.xml", styles.as_bytes()),
    ])
}

/// A PDF of these objects, numbered from 1; the first is its catalogue.
fn pdf(objects: &[String]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        file.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    file.extend(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    file
}

fn page(content: &str) -> Vec<u8> {
    pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ])
}

#[tokio::test]
async fn a_word_file_gives_headings_paragraphs_and_tables() {
    let file = docx(
        "<w:p><w:pPr><w:pStyle w:val=\"berschrift1\"/></w:pPr><w:r><w:t>Shipping</w:t></w:r></w:p>\
         <w:p><w:r><w:t xml:space=\"preserve\">We ship </w:t></w:r><w:r><w:t>cups &amp; bowls&#33;</w:t></w:r>\
         <w:r><w:delText>not this</w:delText></w:r></w:p>\
         <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Item</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Price</w:t></w:r></w:p></w:tc></w:tr>\
         <w:tr><w:tc><w:p><w:r><w:t>Cup</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>12 €</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
         <mc:Fallback><w:p><w:r><w:t>twice</w:t></w:r></w:p></mc:Fallback>",
    );
    let (kind, extracted) = read(DocumentSource::Docx, file).await.unwrap();
    assert_eq!(kind, DocumentSource::Docx);
    assert_eq!(
        extracted.text(),
        "# Shipping\n\nWe ship cups & bowls!\n\n| Item | Price |\n| --- | --- |\n| Cup | 12 € |"
    );
}

#[tokio::test]
async fn a_pdf_gives_its_words() {
    let file = page("BT /F1 12 Tf 50 700 Td (We are open on Monday.) Tj ET");
    assert!(text(DocumentSource::Pdf, file).await.contains("open on Monday"));
}

#[tokio::test]
async fn a_pdf_of_pictures_says_what_to_do() {
    let trouble = read(DocumentSource::Pdf, page("0 0 10 10 re f"))
        .await
        .unwrap_err();
    assert_eq!(trouble, Trouble::OnlyPictures);
    assert!(trouble.to_string().contains("only pictures of text"));
}

#[tokio::test]
async fn a_web_page_gives_what_a_visitor_reads() {
    let page = "<!DOCTYPE html><html><head><title>Clay &amp; Co</title><style>p{color:red}</style></head><body>\
                <nav><a href=/>Home</a></nav><script>if (a < b) document.write('<p>no</p>')</script>\
                <h2>Hours</h2><p>Open <b>daily</b> from 9&nbsp;am.<p hidden>secret</p>\
                <table><tr><th>Item<th>Price<tr><td>Cup<td>12&euro;</table><ul><li>One<li>Two</ul><footer>© us</footer>";
    let (kind, extracted) = read(DocumentSource::Text, page).await.unwrap();
    assert_eq!(
        kind,
        DocumentSource::Html,
        "the content says what it is, not the name"
    );
    assert_eq!(extracted.title.as_deref(), Some("Clay & Co"));
    assert_eq!(
        extracted.text(),
        "## Hours\n\nOpen daily from 9 am.\n\n| Item | Price |\n| --- | --- |\n| Cup | 12€ |\n\nOne\nTwo"
    );
}

#[tokio::test]
async fn text_is_read_in_the_encodings_files_come_in() {
    let utf16: Vec<u8> = "\u{feff}Größe ₺5"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = "\u{feff}Größe ₺5"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    for file in [utf16, big, "\u{feff}Größe ₺5".as_bytes().to_vec()] {
        assert_eq!(text(DocumentSource::Text, file).await, "Größe ₺5");
    }
    assert_eq!(
        text(DocumentSource::Text, b"Gr\xf6\xdfe 5 \x80".to_vec()).await,
        "Größe 5 €"
    );
}

#[tokio::test]
async fn a_table_is_read_whatever_stands_between_its_cells() {
    for file in [
        "Item,Price\n\"Cup, small\",\"12.50 \"\"EUR\"\"\"\n",
        "Item;Price\nCup, small;12.50 \"EUR\"\n",
        "Item\tPrice\nCup, small\t12.50 \"EUR\"\n",
    ] {
        let (_, extracted) = read(DocumentSource::Csv, file).await.unwrap();
        let rows = [["Item", "Price"], ["Cup, small", "12.50 \"EUR\""]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec()).to_vec();
        assert_eq!(extracted.blocks, [Block::Table { rows }], "{file}");
    }
}

#[tokio::test]
async fn markdown_gives_headings_lists_and_tables() {
    let file = "# Shop\n\nWe *make*\ncups.\n\n- one\n- two\n  - three\n\n## Prices\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
    assert_eq!(
        text(DocumentSource::Markdown, file).await,
        "# Shop\n\nWe make cups.\n\none\ntwo\nthree\n\n## Prices\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"
    );
}

#[tokio::test]
async fn a_zip_bomb_is_refused() {
    let zeros = vec![b' '; 200 * 1024 * 1024];
    let file = zipped(&[("word/document.xml", &zeros)]);
    assert!(file.len() < 1024 * 1024, "it is small until it is unpacked");
    assert_eq!(read(DocumentSource::Docx, file).await, Err(Trouble::TooMuchText));
}

#[tokio::test]
async fn entities_that_multiply_are_refused() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">\
                <!ENTITY f SYSTEM \"file:///etc/passwd\">]><w:document xmlns:w=\"w\"><w:p><w:t>&b;&f;</w:t></w:p></w:document>";
    let file = zipped(&[("word/document.xml", bomb.as_bytes())]);
    assert_eq!(read(DocumentSource::Docx, file).await, Err(Trouble::Damaged));
    let file = docx("<w:p><w:r><w:t>&unknown;</w:t></w:r></w:p>");
    assert_eq!(read(DocumentSource::Docx, file).await, Err(Trouble::Damaged));
}

#[tokio::test]
async fn deep_nesting_ends_the_reading_and_nothing_else() {
    let deep = format!("{}x{}", "<w:p>".repeat(100_000), "</w:p>".repeat(100_000));
    assert_eq!(
        read(DocumentSource::Docx, docx(&deep)).await,
        Err(Trouble::Damaged)
    );
    let page = format!("<html>{}words", "<div><table><td>".repeat(100_000));
    assert!(text(DocumentSource::Html, page).await.contains("words"));
    let quoted = format!("{}words", "> ".repeat(50_000));
    assert!(matches!(
        read(DocumentSource::Markdown, quoted).await,
        Ok(_) | Err(Trouble::Crashed | Trouble::NoText)
    ));
    let arrays = format!("{}1{}", "[".repeat(200_000), "]".repeat(200_000));
    let file = pdf(&["<< /Type /Catalog /Pages 2 0 R >>".to_owned(), arrays]);
    assert!(read(DocumentSource::Pdf, file).await.is_err());
}

#[tokio::test]
async fn a_truncated_file_is_damaged() {
    let whole = docx("<w:p><w:r><w:t>Hello</w:t></w:r></w:p>");
    let half: Vec<u8> = whole.iter().copied().take(whole.len() / 2).collect();
    assert_eq!(read(DocumentSource::Docx, half).await, Err(Trouble::Damaged));
    let unclosed = zipped(&[("word/document.xml", b"<w:document xmlns:w=\"w\"><w:p><w:t>Hel")]);
    assert_eq!(read(DocumentSource::Docx, unclosed).await, Err(Trouble::Damaged));
    let whole = page("BT /F1 12 Tf (Words that are cut) Tj ET");
    let half: Vec<u8> = whole.iter().copied().take(120).collect();
    assert!(read(DocumentSource::Pdf, half).await.is_err());
}

#[tokio::test]
async fn a_pdf_that_is_a_loop_ends() {
    let pages = pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 /Parent 3 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 /Parent 2 0 R >>".to_owned(),
    ]);
    let begun = Instant::now();
    let limits = Limits {
        time: Duration::from_secs(10),
        ..Limits::default()
    };
    assert!(
        run(&["--extract"], DocumentSource::Pdf, pages, limits)
            .await
            .is_err()
    );
    let indirect = pdf(&["2 0 R".to_owned(), "3 0 R".to_owned(), "2 0 R".to_owned()]);
    assert!(
        run(&["--extract"], DocumentSource::Pdf, indirect, limits)
            .await
            .is_err()
    );
    assert!(begun.elapsed() < Duration::from_secs(25));
}

#[tokio::test]
async fn what_is_no_text_is_told_apart() {
    let noise: Vec<u8> = (0..20_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes().into_iter().take(1))
        .collect();
    assert_eq!(
        read(DocumentSource::Text, noise.clone()).await,
        Err(Trouble::OtherFormat)
    );
    assert_eq!(read(DocumentSource::Pdf, noise).await, Err(Trouble::Damaged));
    let old = [&[0xd0, 0xcf, 0x11, 0xe0], [0; 600].as_slice()].concat();
    assert_eq!(read(DocumentSource::Docx, old).await, Err(Trouble::OldOffice));
    let sheet = zipped(&[("xl/workbook.xml", b"<x/>")]);
    assert_eq!(read(DocumentSource::Docx, sheet).await, Err(Trouble::OtherFormat));
    let (kind, _) = read(DocumentSource::Pdf, "Just words in a file called .pdf")
        .await
        .unwrap();
    assert_eq!(kind, DocumentSource::Text);
    assert_eq!(read(DocumentSource::Text, "  \n ").await, Err(Trouble::NoText));
}

#[tokio::test]
async fn a_file_or_a_text_that_is_too_large_is_refused() {
    let file = vec![b'a'; 20 * 1024 * 1024 + 1];
    assert_eq!(
        read(DocumentSource::Text, file).await,
        Err(Trouble::TooLarge { megabytes: 20 })
    );
    let words = "word ".repeat(1_200_000);
    assert_eq!(read(DocumentSource::Text, words).await, Err(Trouble::TooMuchText));
}

#[tokio::test]
async fn a_reader_that_is_taken_over_does_no_harm() {
    let limits = Limits {
        time: Duration::from_secs(5),
        ..Limits::default()
    };
    let file = b"words".to_vec();
    let misbehave =
        async |how: &str| run(&["--misbehave", how], DocumentSource::Text, file.clone(), limits).await;
    assert_eq!(misbehave("crash").await, Err(Trouble::Crashed));
    assert_eq!(misbehave("rubbish").await, Err(Trouble::Crashed));
    assert_eq!(misbehave("nothing").await, Err(Trouble::Crashed));
    assert_eq!(misbehave("chatter").await, Err(Trouble::TooMuchText));
    assert_eq!(misbehave("hang").await, Err(Trouble::TooSlow { seconds: 5 }));
    let (_, seen) = misbehave("secrets").await.unwrap();
    assert!(
        !seen.text().contains("PATH") && !seen.text().contains("HOME"),
        "{}",
        seen.text()
    );
    let nowhere = extract_in_child(
        Path::new("/nowhere/at/all"),
        &["x"],
        DocumentSource::Text,
        file,
        limits,
    )
    .await;
    assert!(matches!(nowhere, Err(Trouble::NotStarted(_))));
}
