//! Reads a `multipart/form-data` body (RFC 7578), as far as an upload needs it. Pure: bytes in, parts out.

use bytes::Bytes;

/// One part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) mime_type: Option<String>,
    pub(crate) bytes: Bytes,
}

/// The boundary of a `Content-Type` header.
pub(crate) fn boundary(content_type: &str) -> Option<String> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    rest.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("boundary") && !value.is_empty()).then(|| value.to_owned())
    })
}

/// The parts in their order; none when the body is not closed by its boundary.
pub(crate) fn parts(body: &Bytes, boundary: &str) -> Option<Vec<Part>> {
    let line = format!("--{boundary}");
    let delimiter = format!("\r\n--{boundary}");
    let mut at = find(body, line.as_bytes(), 0)? + line.len();
    let mut parts = Vec::new();
    loop {
        let rest = body.get(at..)?;
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        let head = at + find(rest, b"\r\n", 0)? + 2;
        let blank = find(body, b"\r\n\r\n", head.saturating_sub(2))?;
        let start = blank + 4;
        let end = find(body, delimiter.as_bytes(), start.saturating_sub(2))?;
        let headers = String::from_utf8_lossy(body.get(head..blank.max(head))?).into_owned();
        let bytes = body.slice(start.min(end)..end);
        if let Some(part) = part(&headers, bytes) {
            parts.push(part);
        }
        at = end + delimiter.len();
    }
}

fn find(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = from;
    loop {
        let rest = haystack.get(at..)?;
        at += rest.iter().position(|byte| *byte == first)?;
        if haystack.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
}

fn part(headers: &str, bytes: Bytes) -> Option<Part> {
    let header = |wanted: &str| {
        headers.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim()
                .eq_ignore_ascii_case(wanted)
                .then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: parameter(&disposition, "name")?,
        file_name: parameter(&disposition, "filename"),
        mime_type: header("content-type"),
        bytes,
    })
}

/// A parameter of a header, quoted or not; `\"` and `%22` inside quotes are both in use.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once(';') {
        let (name, value) = after.split_once('=')?;
        let found = name.trim().eq_ignore_ascii_case(wanted);
        let (text, remaining) = value_of(value);
        if found {
            return Some(text);
        }
        rest = remaining;
    }
    None
}

fn value_of(value: &str) -> (String, &str) {
    let Some(quoted) = value.strip_prefix('"') else {
        let end = value.find(';').unwrap_or(value.len());
        let (plain, rest) = value.split_at(end);
        return (plain.trim().to_owned(), rest);
    };
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (text, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
            other => text.push(other),
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_part_by_part_byte_for_byte() {
        let body = Bytes::from_static(
            b"preamble\r\n--x y\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage/png\r\n--x y\r\n\
              Content-Disposition: form-data; name=\"file\"; filename=\"a;\\\"b\\\".png\"\r\nContent-Type: image/png\r\n\r\n\
              \x00\r\n--x\r\n\xff\r\n--x y--\r\n",
        );
        let found = parts(&body, "x y").expect("a whole form");
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].name.as_str(), found[0].bytes.as_ref()),
            ("type", &b"image/png"[..])
        );
        assert_eq!(found[1].file_name.as_deref(), Some("a;\"b\".png"));
        assert_eq!(found[1].mime_type.as_deref(), Some("image/png"));
        assert_eq!(found[1].bytes.as_ref(), b"\x00\r\n--x\r\n\xff");
    }

    #[test]
    fn a_form_that_breaks_off_and_a_body_of_another_kind_have_no_parts() {
        let cut = Bytes::from_static(b"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf of");
        assert_eq!(parts(&cut, "b"), None);
        assert_eq!(parts(&Bytes::new(), "b"), None);
        assert_eq!(boundary("application/json"), None);
        assert_eq!(
            boundary("multipart/form-data; charset=utf-8; boundary=\"b b\"").as_deref(),
            Some("b b")
        );
    }
}
