//! Voice notes, read again by hand: pages, positions, and whether the tone is the one that was recorded.

use std::fs;

use media::{VoiceError, voice_note, wav_of_opus, waveform};
use ropus::{Application, Channels, Encoder};

use crate::corpus::sounds::{TAGS, page, sum, wav};
use crate::corpus::valid::{tone, tone_wav};

struct Page {
    flags: u8,
    position: u64,
    number: u32,
    packets: Vec<Vec<u8>>,
}

/// Reads pages as RFC 3533 describes them, without the library that wrote them.
fn pages(mut ogg: &[u8]) -> Vec<Page> {
    let mut pages = Vec::new();
    while !ogg.is_empty() {
        assert_eq!(&ogg[..5], b"OggS\0");
        let lacing = &ogg[27..27 + usize::from(ogg[26])];
        let mut place = 27 + lacing.len();
        let (mut packets, mut packet) = (Vec::new(), Vec::new());
        for &length in lacing {
            packet.extend_from_slice(&ogg[place..place + usize::from(length)]);
            place += usize::from(length);
            if length < 255 {
                packets.push(std::mem::take(&mut packet));
            }
        }
        let mut unsigned = ogg[..place].to_vec();
        let signed = u32::from_le_bytes(unsigned[22..26].try_into().unwrap());
        unsigned[22..26].fill(0);
        assert_eq!(sum(&unsigned), signed);
        pages.push(Page {
            flags: ogg[5],
            position: u64::from_le_bytes(ogg[6..14].try_into().unwrap()),
            number: u32::from_le_bytes(ogg[18..22].try_into().unwrap()),
            packets,
        });
        ogg = &ogg[place..];
    }
    pages
}

/// The samples of a note as a player would hear them, 24,000 a second.
fn heard(ogg: &[u8]) -> Vec<f64> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("note.ogg");
    fs::write(&path, ogg).unwrap();
    let wav = wav_of_opus(&path).unwrap();
    assert_eq!(&wav[..4], b"RIFF");
    wav[44..]
        .chunks_exact(2)
        .map(|pair| f64::from(i16::from_le_bytes([pair[0], pair[1]])) / 32_768.0)
        .collect()
}

/// How much of the sound is this tone: 0 to 1.
fn share_of(hertz: f64, samples: &[f64]) -> f64 {
    let (mut sine, mut cosine, mut energy) = (0.0, 0.0, 0.0);
    for (index, sample) in (0_u32..).zip(samples) {
        let angle = std::f64::consts::TAU * hertz * f64::from(index) / 24_000.0;
        sine += sample * angle.sin();
        cosine += sample * angle.cos();
        energy += sample * sample;
    }
    let count = f64::from(u32::try_from(samples.len()).unwrap());
    2.0 * (sine * sine + cosine * cosine) / count / energy.max(1e-9)
}

#[test]
fn a_voice_note_is_built_as_players_expect_it() {
    let voice = voice_note(&tone_wav(440.0, 48_000)).unwrap();
    let pages = pages(&voice.ogg);
    assert_eq!(pages[0].flags, 2, "the first page begins the stream");
    assert_eq!(pages[0].packets.len(), 1);
    let head = &pages[0].packets[0];
    assert_eq!(
        (&head[..8], head[8], head[9], head[18]),
        (&b"OpusHead"[..], 1, 1, 0)
    );
    let pre_skip = u64::from(u16::from_le_bytes([head[10], head[11]]));
    assert!((100..1000).contains(&pre_skip), "{pre_skip}");
    assert_eq!(&pages[1].packets[0][..8], b"OpusTags");
    assert_eq!((pages[0].position, pages[1].position), (0, 0));
    let last = pages.last().unwrap();
    assert_eq!(last.flags & 4, 4, "the last page ends the stream");
    assert_eq!(last.position, 48_000 + pre_skip);
    for (index, page) in (0_u32..).zip(&pages) {
        assert_eq!(page.number, index);
    }
    let packets: usize = pages[2..].iter().map(|page| page.packets.len()).sum();
    assert_eq!(packets as u64, (48_000 + pre_skip).div_ceil(960));
    assert_eq!((voice.duration_ms, voice.waveform.len()), (1000, 48));
    assert!(
        (2000..8000).contains(&voice.ogg.len()),
        "about 32 kbit/s: {}",
        voice.ogg.len()
    );
}

#[test]
fn every_sort_of_wav_is_heard_as_it_was_recorded() {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "samples between -1 and 1"
    )]
    let encode = |tag: u16, bits: u16, value: f64| -> Vec<u8> {
        match (tag, bits) {
            (1, 8) => vec![(value * 127.0 + 128.0).round().abs() as u8],
            (1, 16) => ((value * 32_767.0) as i16).to_le_bytes().to_vec(),
            (1, 24) => ((value * 8_388_607.0) as i32).to_le_bytes()[..3].to_vec(),
            (1, _) => ((value * 2_147_483_647.0) as i32).to_le_bytes().to_vec(),
            (_, 32) => (value as f32).to_le_bytes().to_vec(),
            _ => value.to_le_bytes().to_vec(),
        }
    };
    for (tag, channels, rate, bits) in [
        (1, 1, 8000, 8),
        (1, 2, 44_100, 16),
        (1, 1, 48_000, 24),
        (1, 2, 96_000, 32),
        (3, 1, 44_100, 32),
        (3, 2, 22_050, 64),
    ] {
        let data: Vec<u8> = tone(440.0, rate)
            .into_iter()
            .flat_map(|value| encode(tag, bits, value).repeat(usize::from(channels)))
            .collect();
        let voice = voice_note(&wav((tag, channels, rate, bits), &data)).unwrap();
        let samples = heard(&voice.ogg);
        assert!(
            samples.len().abs_diff(24_000) < 50,
            "{rate} {bits}: {}",
            samples.len()
        );
        let share = share_of(440.0, &samples[2400..21_600]);
        assert!(share > 0.9, "{rate} Hz, {bits} bits: {share}");
        assert!(share_of(880.0, &samples[2400..21_600]) < 0.05);
    }
}

#[test]
fn a_tone_too_high_for_speech_does_not_come_back_as_another() {
    let voice = voice_note(&tone_wav(40_000.0, 192_000)).unwrap();
    // Not where it begins and ends: a tone that is cut off clicks.
    let loudest = heard(&voice.ogg)[2400..21_600]
        .iter()
        .copied()
        .map(f64::abs)
        .fold(0.0, f64::max);
    assert!(loudest < 0.02, "40 kHz cannot be heard: {loudest}");
}

#[test]
fn a_note_that_is_right_already_is_passed_on_unchanged() {
    let voice = voice_note(&tone_wav(440.0, 16_000)).unwrap();
    let again = voice_note(&voice.ogg).unwrap();
    assert_eq!(again.ogg, voice.ogg);
    assert_eq!(again.duration_ms, voice.duration_ms);
    assert_eq!(again.waveform.len(), 48);
}

#[test]
fn two_channels_of_opus_become_one() {
    let mut encoder = Encoder::builder(48_000, Channels::Stereo, Application::Audio)
        .build()
        .unwrap();
    #[expect(clippy::cast_possible_truncation, reason = "samples between -1 and 1")]
    let samples: Vec<i16> = tone(440.0, 48_000)
        .into_iter()
        .flat_map(|value| [(value * 32_767.0) as i16; 2])
        .collect();
    let mut ogg = [
        page(2, 0, 0, &[b"OpusHead\x01\x02\x38\x01\x80\xBB\0\0\0\0\0"]),
        page(0, 0, 1, &[TAGS]),
    ]
    .concat();
    for (index, frame) in samples.chunks_exact(1920).enumerate() {
        let mut packet = vec![0; 1275];
        let length = encoder.encode(frame, &mut packet).unwrap();
        let (index, last) = (u32::try_from(index).unwrap(), if index == 49 { 4 } else { 0 });
        ogg.extend(page(
            last,
            u64::from(index + 1) * 960,
            index + 2,
            &[&packet[..length]],
        ));
    }
    let voice = voice_note(&ogg).unwrap();
    assert_eq!(pages(&voice.ogg)[0].packets[0][9], 1);
    assert!(share_of(440.0, &heard(&voice.ogg)[2400..21_600]) > 0.9);
}

#[test]
fn a_waveform_is_low_where_it_is_quiet_and_high_where_it_is_loud() {
    let loud = tone_wav(440.0, 16_000)[44..].to_vec();
    let voice = voice_note(&wav((1, 1, 16_000, 16), &[vec![0; 32_000], loud].concat())).unwrap();
    let (quiet, loud) = voice.waveform.split_at(24);
    assert!(quiet[..22].iter().all(|bar| *bar < 5), "{quiet:?}");
    assert!(loud[2..].iter().all(|bar| *bar > 80), "{loud:?}");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("note.ogg");
    fs::write(&path, &voice.ogg).unwrap();
    let drawn = waveform(&path).unwrap();
    assert_eq!(drawn.len(), 48);
    assert!(
        drawn
            .iter()
            .zip(&voice.waveform)
            .all(|(one, other)| one.abs_diff(*other) < 15),
        "{drawn:?}"
    );
    let silence = voice_note(&wav((1, 1, 16_000, 16), &vec![0; 32_000])).unwrap();
    assert!(silence.waveform.iter().all(|bar| *bar == 0));
}

#[test]
fn what_cannot_be_a_voice_note_says_what_to_do() {
    let refused = |bytes: &[u8]| voice_note(bytes).unwrap_err();
    assert_eq!(refused(b"ID3\x04song"), VoiceError::OtherType);
    assert_eq!(refused(b"\x1A\x45\xDF\xA3webm"), VoiceError::OtherType);
    assert_eq!(refused(b"RIFF\0\0\0\0WAVE"), VoiceError::Broken);
    assert_eq!(refused(&wav((1, 1, 8000, 16), b"")), VoiceError::Empty);
    assert_eq!(
        refused(&wav((7, 1, 8000, 8), &[0; 90])),
        VoiceError::OtherType,
        "A-law"
    );
    assert_eq!(
        refused(&wav((1, 1, 4000, 8), &vec![128; 4000 * 1201])),
        VoiceError::TooLong
    );
    assert!(VoiceError::Empty.to_string().contains("microphone"));
}
