//! WAV: samples in a RIFF box ("Multimedia Programming Interface and Data Specifications 1.0", and the extensible
//! format of Windows).

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "sound is arithmetic in floating point, and every value is within its range before it is cast"
)]

use super::VoiceError;

/// One channel of sound.
#[derive(Debug)]
pub(super) struct Sound {
    /// Samples from -1 to 1, of all channels mixed.
    pub(super) samples: Vec<f32>,
    /// Samples per second.
    pub(super) rate: u32,
}

/// Most channels that are mixed.
const CHANNELS: u16 = 32;
/// Rates no recorder exceeds, in samples per second.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;
/// More moments are not read: 20 minutes at 96,000 a second, half a gigabyte on the way.
const MOMENTS: u64 = super::LONGEST * 96_000;

struct Format {
    is_float: bool,
    channels: usize,
    rate: u32,
    bits: u16,
}

/// Reads a WAV file. One that was cut off, or whose recorder did not come to writing its length, has the samples that
/// are there.
pub(super) fn read(bytes: &[u8]) -> Result<Sound, VoiceError> {
    let is_wav = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE");
    if !is_wav {
        return Err(VoiceError::OtherType);
    }
    let mut rest = bytes.get(12..).unwrap_or_default();
    let mut format = None;
    while let Some((name, length, after)) = chunk(rest) {
        let content = after.get(..length).unwrap_or(after);
        match name {
            b"fmt " => format = Some(format_of(content).ok_or(VoiceError::OtherType)?),
            b"data" => return samples(content, &format.ok_or(VoiceError::Broken)?),
            _ => {}
        }
        rest = after.get(length + length % 2..).unwrap_or_default();
    }
    Err(VoiceError::Broken)
}

fn chunk(bytes: &[u8]) -> Option<(&[u8; 4], usize, &[u8])> {
    let (name, rest) = bytes.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    Some((name, length, rest))
}

fn format_of(content: &[u8]) -> Option<Format> {
    let short = |place: usize| {
        Some(u16::from_le_bytes(
            content.get(place..place + 2)?.try_into().ok()?,
        ))
    };
    let tag = match short(0)? {
        // The true tag is the beginning of the sub-format.
        0xFFFE => short(24)?,
        tag => tag,
    };
    let format = Format {
        is_float: tag == 3,
        channels: usize::from(short(2).filter(|count| (1..=CHANNELS).contains(count))?),
        rate: u32::from_le_bytes(content.get(4..8)?.try_into().ok()?),
        bits: short(14)?,
    };
    let is_known = match tag {
        1 => matches!(format.bits, 8 | 16 | 24 | 32),
        3 => matches!(format.bits, 32 | 64),
        _ => false,
    };
    (is_known && RATES.contains(&format.rate)).then_some(format)
}

fn samples(data: &[u8], format: &Format) -> Result<Sound, VoiceError> {
    let width = usize::from(format.bits / 8);
    let moments = data.len() / (width * format.channels);
    if moments as u64 > MOMENTS.min(super::LONGEST * u64::from(format.rate)) {
        return Err(VoiceError::TooLong);
    }
    let mixed = data.chunks_exact(width * format.channels).map(|moment| {
        let sum: f32 = moment
            .chunks_exact(width)
            .map(|sample| value(sample, format.is_float))
            .sum();
        sum / format.channels as f32
    });
    Ok(Sound {
        samples: mixed.collect(),
        rate: format.rate,
    })
}

/// One sample as a fraction. What is no number is silence.
fn value(sample: &[u8], is_float: bool) -> f32 {
    let value = match *sample {
        [only] => (f32::from(only) - 128.0) / 128.0,
        [low, high] => f32::from(i16::from_le_bytes([low, high])) / 32_768.0,
        [low, mid, high] => (i32::from_le_bytes([0, low, mid, high]) >> 8) as f32 / 8_388_608.0,
        [a, b, c, d] if is_float => f32::from_le_bytes([a, b, c, d]),
        [a, b, c, d] => i32::from_le_bytes([a, b, c, d]) as f32 / 2_147_483_648.0,
        _ => sample
            .first_chunk()
            .map_or(0.0, |bytes| f64::from_le_bytes(*bytes) as f32),
    };
    if value.is_finite() {
        value.clamp(-1.0, 1.0)
    } else {
        0.0
    }
}

/// Writes one channel of 16 bits.
pub(super) fn written(samples: &[i16], rate: u32) -> Vec<u8> {
    let length = u32::try_from(samples.len() * 2).unwrap_or(u32::MAX);
    let mut wav = Vec::with_capacity(44 + samples.len() * 2);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&length.saturating_add(36).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend_from_slice(&rate.to_le_bytes());
    wav.extend_from_slice(&(rate * 2).to_le_bytes());
    wav.extend_from_slice(b"\x02\0\x10\0data");
    wav.extend_from_slice(&length.to_le_bytes());
    wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    wav
}
