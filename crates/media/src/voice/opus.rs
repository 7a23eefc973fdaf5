//! Opus in Ogg (RFC 7845).

use std::io::{Read, Seek};

use ogg::{PacketReader, PacketWriteEndInfo, PacketWriter};
use ropus::{Application, Bitrate, Channels, DecodeMode, Decoder, Encoder, Signal};

use crate::look::guarded;

/// The rate positions are counted in, and voice notes are made with, in samples per second.
pub(super) const RATE: u32 = 48_000;
/// Samples of a packet we make: 20 ms.
const FRAME: usize = 960;
/// Packets of a page we make: a second.
const PAGE: usize = 50;
/// Bits per second of a voice note: clear speech, 240 kB a minute.
const BITRATE: u32 = 32_000;
/// More packets than 20 minutes of the shortest have are not read.
const PACKETS: usize = 20 * 60 * 400;
/// More bytes are not read: above what WhatsApp carries.
const BYTES: usize = 32 * 1024 * 1024;
/// The largest packet our encoder may make, in bytes (RFC 6716, section 3.4).
const LARGEST: usize = 1275;

/// The packets of the first sound in an Ogg file.
#[derive(Debug)]
pub(super) struct Opus {
    /// 1 or 2.
    pub(super) channels: u8,
    pre_skip: u16,
    packets: Vec<Vec<u8>>,
    /// The position of the last page.
    position: Option<u64>,
}

impl Opus {
    /// Reads the packets; `None` when this is not Opus with one or two channels. A file that was cut off or is damaged
    /// in the middle has the packets up to there.
    pub(super) fn read(file: impl Read + Seek) -> Option<Self> {
        guarded(|| {
            let mut reader = PacketReader::new(file);
            let head = reader.read_packet().ok()??;
            let serial = head.stream_serial();
            let &[version, channels, low, high, ..] = head.data.strip_prefix(b"OpusHead")? else {
                return None;
            };
            // Family 0: one channel or two, nothing to look up.
            let is_plain = version < 16 && matches!(channels, 1 | 2) && head.data.get(18) == Some(&0);
            is_plain.then_some(())?;
            let mut opus = Self {
                channels,
                pre_skip: u16::from_le_bytes([low, high]),
                packets: Vec::new(),
                position: None,
            };
            let (mut bytes, mut seen_tags) = (0, false);
            while let Ok(Some(packet)) = reader.read_packet() {
                bytes += packet.data.len();
                if bytes > BYTES || opus.packets.len() >= PACKETS {
                    break;
                }
                if packet.stream_serial() != serial {
                    continue;
                }
                if !seen_tags {
                    seen_tags = true;
                    continue;
                }
                if packet.last_in_page() && packet.absgp_page() != u64::MAX {
                    opus.position = Some(packet.absgp_page());
                }
                let is_last = packet.last_in_stream();
                opus.packets.push(packet.data);
                if is_last {
                    break;
                }
            }
            Some(opus)
        })
    }

    /// How long it plays by its last page, in milliseconds.
    pub(super) fn duration_ms(&self) -> Option<u64> {
        Some(self.position?.saturating_sub(u64::from(self.pre_skip)) / u64::from(RATE / 1000))
    }

    /// Returns the sound in one channel, at most `seconds` of it. `rate` is one of Opus' own. A packet that cannot be
    /// read is left out.
    pub(super) fn decoded(&self, rate: u32, seconds: u64) -> Option<Vec<i16>> {
        let scaled = |samples: u64| samples.saturating_mul(u64::from(rate)) / u64::from(RATE);
        let skipped = usize::try_from(scaled(u64::from(self.pre_skip))).ok()?;
        let by_position = self.position.map_or(u64::MAX, |position| {
            scaled(position.saturating_sub(u64::from(self.pre_skip)))
        });
        let most = usize::try_from(by_position.min(seconds * u64::from(rate))).ok()?;
        guarded(|| {
            let mut decoder = Decoder::new(rate, Channels::Mono).ok()?;
            let mut frame = vec![0; usize::try_from(rate / 1000 * 120).ok()?];
            let mut samples = Vec::new();
            for packet in self.packets.iter().filter(|packet| !packet.is_empty()) {
                let Ok(count) = decoder.decode(packet, &mut frame, DecodeMode::Normal) else {
                    continue;
                };
                samples.extend_from_slice(frame.get(..count)?);
                if samples.len() >= most.saturating_add(skipped) {
                    break;
                }
            }
            samples.drain(..skipped.min(samples.len()));
            samples.truncate(most);
            Some(samples)
        })
    }
}

/// Encodes one channel of [`RATE`] samples per second.
pub(super) fn encoded(samples: &[i16]) -> Option<Vec<u8>> {
    let mut encoder = Encoder::builder(RATE, Channels::Mono, Application::Voip)
        .bitrate(Bitrate::Bits(BITRATE))
        .signal(Signal::Voice)
        .build()
        .ok()?;
    let pre_skip = u16::try_from(encoder.lookahead()).ok()?;
    let end = samples.len() as u64 + u64::from(pre_skip);
    // Any number does, but the same recording should give the same file.
    let serial = u32::try_from(samples.len()).ok()? ^ 0x4465_736B;
    let mut writer = PacketWriter::new(Vec::new());
    writer
        .write_packet(head(pre_skip), serial, PacketWriteEndInfo::EndPage, 0)
        .ok()?;
    writer
        .write_packet(tags(), serial, PacketWriteEndInfo::EndPage, 0)
        .ok()?;
    let frames = usize::try_from(end.div_ceil(FRAME as u64)).ok()?;
    let mut packet = vec![0; LARGEST];
    for index in 0..frames {
        let start = (index * FRAME).min(samples.len());
        let mut frame = samples.get(start..(start + FRAME).min(samples.len()))?.to_vec();
        frame.resize(FRAME, 0);
        let length = encoder.encode(&frame, &mut packet).ok()?;
        let position = ((index + 1) * FRAME) as u64;
        let (mark, position) = match index + 1 {
            // What was filled up at the end is not to be played.
            count if count == frames => (PacketWriteEndInfo::EndStream, end),
            count if count % PAGE == 0 => (PacketWriteEndInfo::EndPage, position),
            _ => (PacketWriteEndInfo::NormalPacket, position),
        };
        writer
            .write_packet(packet.get(..length)?.to_vec(), serial, mark, position)
            .ok()?;
    }
    Some(writer.into_inner())
}

/// The identification header (RFC 7845, section 5.1).
fn head(pre_skip: u16) -> Vec<u8> {
    let mut head = b"OpusHead\x01\x01".to_vec();
    head.extend_from_slice(&pre_skip.to_le_bytes());
    head.extend_from_slice(&RATE.to_le_bytes());
    // No gain, plain channels.
    head.extend_from_slice(&[0, 0, 0]);
    head
}

/// The comment header (RFC 7845, section 5.2), without comments.
fn tags() -> Vec<u8> {
    let mut tags = b"OpusTags".to_vec();
    tags.extend_from_slice(&8_u32.to_le_bytes());
    tags.extend_from_slice(b"Deskbell");
    tags.extend_from_slice(&0_u32.to_le_bytes());
    tags
}
