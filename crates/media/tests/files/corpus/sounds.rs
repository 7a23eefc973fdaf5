//! Sounds.

use super::{Sent, sent};

/// A page of Ogg, with its right sum.
pub(crate) fn page(flags: u8, position: u64, number: u32, packets: &[&[u8]]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend_from_slice(&position.to_le_bytes());
    page.extend_from_slice(&7_u32.to_le_bytes());
    page.extend_from_slice(&number.to_le_bytes());
    page.extend_from_slice(&[0; 4]);
    let lacing: Vec<u8> = packets
        .iter()
        .flat_map(|packet| {
            std::iter::repeat_n(255, packet.len() / 255).chain([u8::try_from(packet.len() % 255).unwrap()])
        })
        .collect();
    page.push(u8::try_from(lacing.len()).unwrap());
    page.extend_from_slice(&lacing);
    for packet in packets {
        page.extend_from_slice(packet);
    }
    let sum = sum(&page).to_le_bytes();
    page[22..26].copy_from_slice(&sum);
    page
}

/// The sum of a page (RFC 3533, section 6).
pub(crate) fn sum(page: &[u8]) -> u32 {
    page.iter().fold(0, |sum, byte| {
        (0..8).fold(sum ^ (u32::from(*byte) << 24), |sum, _| {
            if sum >> 31 == 1 {
                (sum << 1) ^ 0x04C1_1DB7
            } else {
                sum << 1
            }
        })
    })
}

pub(crate) const HEAD: &[u8] = b"OpusHead\x01\x01\x38\x01\x80\xBB\0\0\0\0\0";
pub(crate) const TAGS: &[u8] = b"OpusTags\0\0\0\0\0\0\0\0";

/// Opus in Ogg with these packets on its last page.
pub(crate) fn opus(position: u64, packets: &[&[u8]]) -> Vec<u8> {
    [
        page(2, 0, 0, &[HEAD]),
        page(0, 0, 1, &[TAGS]),
        page(4, position, 2, packets),
    ]
    .concat()
}

/// WAV: (tag, channels, rate, bits).
pub(crate) fn wav(format: (u16, u16, u32, u16), data: &[u8]) -> Vec<u8> {
    let (tag, channels, rate, bits) = format;
    let width = u32::from(channels) * u32::from(bits) / 8;
    let mut wav = b"RIFF".to_vec();
    wav.extend_from_slice(&u32::try_from(data.len() + 36).unwrap().to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0");
    wav.extend_from_slice(&tag.to_le_bytes());
    wav.extend_from_slice(&channels.to_le_bytes());
    wav.extend_from_slice(&rate.to_le_bytes());
    wav.extend_from_slice(&rate.wrapping_mul(width).to_le_bytes());
    wav.extend_from_slice(&u16::try_from(width % 65_536).unwrap().to_le_bytes());
    wav.extend_from_slice(&bits.to_le_bytes());
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
    wav.extend_from_slice(data);
    wav
}

pub(crate) fn all() -> Vec<Sent> {
    const OGG: (bool, &str, &str) = (false, "audio/ogg", "ogg");
    const OGA: (bool, &str, &str) = (false, "audio/ogg", "oga");
    const WAV: (bool, &str, &str) = (false, "audio/wav", "wav");
    const CLAIM: &str = "audio/ogg; codecs=opus";
    let damaged = {
        let mut ogg = opus(960, &[b"\xFC\xFF\xFE"]);
        let last = ogg.len() - 1;
        ogg[last] ^= 1;
        ogg
    };
    let mut endless = wav((1, 1, 8000, 16), &[0; 100]);
    endless[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
    vec![
        sent("only the sign of Ogg", *b"OggS", CLAIM, "a.ogg", OGA),
        sent("a page without packets", page(2, 0, 0, &[]), CLAIM, "a.ogg", OGA),
        sent(
            "a head and nothing else",
            page(2, 0, 0, &[HEAD]),
            CLAIM,
            "a.ogg",
            OGG,
        ),
        sent(
            "a position beyond all time",
            opus(u64::MAX - 1, &[b"\xFC\xFF\xFE"]),
            CLAIM,
            "a.ogg",
            OGG,
        ),
        sent(
            "a position before the beginning",
            opus(0, &[b"\xFC\xFF\xFE"]),
            CLAIM,
            "a.ogg",
            OGG,
        ),
        sent(
            "packets without content",
            opus(960, &[b"", b"", b""]),
            CLAIM,
            "a.ogg",
            OGG,
        ),
        sent(
            "packets of noise",
            opus(96_000, &[&[0xFF; 200], &[0x03; 200], &[0xA5; 999], b"\x03\xFF"]),
            CLAIM,
            "a.ogg",
            OGG,
        ),
        sent("a page whose sum is wrong", damaged, CLAIM, "a.ogg", OGG),
        sent(
            "forty thousand pages",
            [
                opus(960, &[b"\xFC\xFF\xFE"]),
                page(0, 960, 3, &[b"\xFC"]).repeat(40_000),
            ]
            .concat(),
            CLAIM,
            "a.ogg",
            OGG,
        ),
        sent(
            "the number of channels is zero",
            [
                page(2, 0, 0, &[b"OpusHead\x01\0\x38\x01\x80\xBB\0\0\0\0\0"]),
                page(0, 0, 1, &[TAGS]),
            ]
            .concat(),
            CLAIM,
            "a.ogg",
            OGG,
        ),
        sent(
            "255 channels",
            [
                page(2, 0, 0, &[b"OpusHead\x01\xFF\x38\x01\x80\xBB\0\0\0\0\xFF"]),
                page(0, 0, 1, &[TAGS]),
            ]
            .concat(),
            CLAIM,
            "a.ogg",
            OGG,
        ),
        sent("a WAV without end", endless, "", "a.wav", WAV),
        sent(
            "a WAV without channels",
            wav((1, 0, 8000, 16), &[0; 100]),
            "",
            "a.wav",
            WAV,
        ),
        sent(
            "a WAV without time",
            wav((1, 1, 0, 16), &[0; 100]),
            "",
            "a.wav",
            WAV,
        ),
        sent(
            "a WAV as fast as numbers go",
            wav((1, 65_535, u32::MAX, 32), &[0; 100]),
            "",
            "a.wav",
            WAV,
        ),
        sent(
            "a WAV of nothing but numbers that are none",
            wav((3, 1, 8000, 32), &[0xFF; 4000]),
            "",
            "a.wav",
            WAV,
        ),
        sent(
            "only the beginning of a WAV",
            *b"RIFF\0\0\0\0WAVEfmt ",
            "",
            "a.wav",
            WAV,
        ),
        sent(
            "a WAV whose data comes first",
            *b"RIFF\0\0\0\0WAVEdata\x02\0\0\0aa",
            "",
            "a.wav",
            WAV,
        ),
        sent(
            "a song that is only a label",
            *b"ID3\x04\0\0\x7F\x7F\x7F\x7F",
            "",
            "a.mp3",
            (false, "audio/mpeg", "mp3"),
        ),
        sent(
            "speech of a telephone",
            *b"#!AMR\n\x3C",
            "audio/amr",
            "a.amr",
            (false, "audio/amr", "amr"),
        ),
    ]
}
