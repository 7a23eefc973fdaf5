//! A PDF of one page, by hand (ISO 32000-1: one font, one content stream, a table of offsets).

use std::fmt::Write as _;

/// The page; the first line is the heading. Characters outside Latin-1 become question marks.
pub(super) fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut content = String::from("0.72 0.41 0.27 rg 56 770 483 3 re f 0 g\n");
    for (number, line) in (0_i32..).zip(lines) {
        let (size, y) = if number == 0 {
            (22, 785)
        } else {
            (12, 745 - number * 20)
        };
        // Writing into a text cannot fail.
        let _ = writeln!(content, "BT /F1 {size} Tf 56 {y} Td ({}) Tj ET", escaped(line));
    }
    let stream = latin(&content);
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |file: &mut Vec<u8>, body: &[u8]| {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n", offsets.len()).into_bytes());
        file.extend(body);
        file.extend(b"\nendobj\n");
    };
    object(&mut file, b"<< /Type /Catalog /Pages 2 0 R >>");
    object(&mut file, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    object(
        &mut file,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R \
          /Resources << /Font << /F1 4 0 R >> >> >>",
    );
    object(
        &mut file,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    );
    let mut page = format!("<< /Length {} >>\nstream\n", stream.len()).into_bytes();
    page.extend(stream);
    page.extend(b"endstream");
    object(&mut file, &page);
    let table = file.len();
    let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1);
    for offset in &offsets {
        let _ = writeln!(end, "{offset:010} 00000 n ");
    }
    let _ = write!(
        end,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        offsets.len() + 1
    );
    file.extend(end.into_bytes());
    file
}

fn escaped(line: &str) -> String {
    let mut text = String::new();
    for character in line.chars() {
        if matches!(character, '(' | ')' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

fn latin(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?'))
        .collect()
}
