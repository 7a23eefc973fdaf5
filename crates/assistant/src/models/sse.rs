//! Server-sent events: bytes in any pieces become whole events (WHATWG HTML, section 9.2.6).

/// Collects bytes until a line, and lines until an event.
#[derive(Debug, Default)]
pub(super) struct Events {
    line: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    after_return: bool,
    begun: bool,
}

impl Events {
    /// Takes the next bytes and returns the data of every event they completed. A character that was cut in two by the
    /// network is whole again by then, since only lines are decoded.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut events = Vec::new();
        for &byte in bytes {
            let after_return = std::mem::take(&mut self.after_return);
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => {
                    self.after_return = byte == b'\r';
                    self.end_line(&mut events);
                }
                _ => self.line.push(byte),
            }
        }
        events
    }

    /// The stream is over; some servers leave the last empty line out.
    pub(super) fn finish(&mut self) -> Vec<String> {
        let mut events = Vec::new();
        if !self.line.is_empty() {
            self.end_line(&mut events);
        }
        self.end_event(&mut events);
        events
    }

    fn end_line(&mut self, events: &mut Vec<String>) {
        let line = std::mem::take(&mut self.line);
        let mut line = line.as_slice();
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        if line.is_empty() {
            self.end_event(events);
            return;
        }
        let Some(value) = line.strip_prefix(b"data") else {
            return;
        };
        let value = match value {
            [] => value,
            [b':', rest @ ..] => rest.strip_prefix(b" ").unwrap_or(rest),
            // Another field that begins with the same letters.
            _ => return,
        };
        if self.has_data {
            self.data.push(b'\n');
        }
        self.data.extend_from_slice(value);
        self.has_data = true;
    }

    fn end_event(&mut self, events: &mut Vec<String>) {
        if std::mem::take(&mut self.has_data) {
            let data = std::mem::take(&mut self.data);
            events.push(String::from_utf8_lossy(&data).into_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STREAM: &str = "\u{feff}: hello\r\nevent: x\r\ndata: {\"a\":\"çé🦊\"}\r\n\r\ndata:one\r\ndata: two\n\nid: 3\rdata\r\rdata: [DONE]";

    fn whole() -> [&'static str; 4] {
        ["{\"a\":\"çé🦊\"}", "one\ntwo", "", "[DONE]"]
    }

    #[test]
    fn events_are_the_same_wherever_the_network_cuts_them() {
        let bytes = STREAM.as_bytes();
        for first in 0..bytes.len() {
            let (one, two) = bytes.split_at(first);
            let mut events = Events::default();
            let mut got = events.push(one);
            got.extend(events.push(two));
            got.extend(events.finish());
            assert_eq!(got, whole(), "cut at {first}");
        }
        let mut events = Events::default();
        let mut got: Vec<_> = bytes.iter().flat_map(|byte| events.push(&[*byte])).collect();
        got.extend(events.finish());
        assert_eq!(got, whole());
    }

    proptest! {
        #[test]
        fn no_bytes_whatever_break_the_reader(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..8)) {
            let mut events = Events::default();
            for piece in &pieces {
                events.push(piece);
            }
            events.finish();
        }
    }
}
