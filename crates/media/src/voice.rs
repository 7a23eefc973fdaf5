//! Voice notes: sounds as WhatsApp plays them, with a waveform and in one line.

mod opus;
mod resample;
mod wav;

use std::fs::File;
use std::io::{self, BufReader, Cursor};
use std::path::Path;

use opus::Opus;

/// Bars of a waveform, as many as WhatsApp's own apps show.
const BARS: usize = 48;
/// Longer notes are neither made nor drawn, in seconds.
const LONGEST: u64 = 20 * 60;
/// Enough to draw a waveform, in samples per second.
const COARSE: u32 = 8_000;
/// Enough to listen to speech, in samples per second.
const SPEECH: u32 = 24_000;
/// Quieter than this, the loudest bar is not stretched to full height: a silent note looks silent.
const QUIET: f64 = 600.0;

/// A voice note that is fit to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// Opus in Ogg, one channel; to be named `*.ogg`.
    pub ogg: Vec<u8>,
    /// How long it plays, in milliseconds.
    pub duration_ms: u64,
    /// How loud it is along its length: 48 bars, 0 to 100.
    pub waveform: Vec<u8>,
}

/// Why something did not become a voice note. The sentences are for the person at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VoiceError {
    /// It is neither WAV nor Ogg with Opus.
    #[error("This sound cannot be sent as a voice note. Record it here, or send it as a sound file.")]
    OtherType,
    /// It says it is one of them and is not.
    #[error("This recording is damaged, so the customer could not play it. Record it once more.")]
    Broken,
    /// There is no sound in it.
    #[error("Nothing was recorded. Check that the microphone is on, then record once more.")]
    Empty,
    /// It is longer than 20 minutes.
    #[error("A voice note may be 20 minutes long. Record a shorter one, or send several.")]
    TooLong,
}

/// Makes a voice note from a recording: WAV with whole numbers or fractions, any rate and any number of channels.
/// Opus in Ogg with one channel is passed on as it is; with two, they are mixed.
pub fn voice_note(recording: &[u8]) -> Result<Voice, VoiceError> {
    if recording.starts_with(b"OggS") {
        return from_ogg(recording);
    }
    let sound = wav::read(recording)?;
    if sound.samples.is_empty() {
        return Err(VoiceError::Empty);
    }
    if sound.samples.len() as u64 > LONGEST * u64::from(sound.rate) {
        return Err(VoiceError::TooLong);
    }
    let samples = resample::to_rate(&sound.samples, sound.rate, opus::RATE);
    made_from(&samples)
}

fn from_ogg(recording: &[u8]) -> Result<Voice, VoiceError> {
    let opus = Opus::read(Cursor::new(recording)).ok_or(VoiceError::OtherType)?;
    let whole = opus.duration_ms().ok_or(VoiceError::Broken)?;
    if whole > LONGEST * 1000 {
        return Err(VoiceError::TooLong);
    }
    if opus.channels != 1 {
        return made_from(&opus.decoded(opus::RATE, LONGEST).ok_or(VoiceError::Broken)?);
    }
    let coarse = opus.decoded(COARSE, LONGEST).ok_or(VoiceError::Broken)?;
    if coarse.is_empty() {
        return Err(VoiceError::Empty);
    }
    Ok(Voice {
        ogg: recording.to_vec(),
        duration_ms: coarse.len() as u64 * 1000 / u64::from(COARSE),
        waveform: bars(&coarse),
    })
}

fn made_from(samples: &[i16]) -> Result<Voice, VoiceError> {
    if samples.is_empty() {
        return Err(VoiceError::Empty);
    }
    Ok(Voice {
        ogg: opus::encoded(samples).ok_or(VoiceError::Broken)?,
        duration_ms: samples.len() as u64 * 1000 / u64::from(opus::RATE),
        waveform: bars(samples),
    })
}

/// Returns how loud a voice note is along its length: 48 bars, 0 to 100, the loudest 100. `None` for what is not Opus
/// in Ogg; of a note longer than 20 minutes, only its beginning is drawn.
pub fn waveform(path: &Path) -> Option<Vec<u8>> {
    let file = BufReader::new(File::open(path).ok()?);
    let coarse = Opus::read(file)?.decoded(COARSE, LONGEST)?;
    (!coarse.is_empty()).then(|| bars(&coarse))
}

/// Turns Opus in Ogg into WAV, for players that know no Ogg: one channel, 16 bits, 24,000 samples a second, at most
/// 20 minutes.
pub fn wav_of_opus(path: &Path) -> io::Result<Vec<u8>> {
    let file = BufReader::new(File::open(path)?);
    let samples = Opus::read(file).and_then(|opus| opus.decoded(SPEECH, LONGEST));
    let samples = samples
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "This is not Opus in an Ogg file."))?;
    Ok(wav::written(&samples, SPEECH))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sound is arithmetic in floating point, and every value is within its range before it is cast"
)]
/// How loud each of 48 equal parts is, against the loudest.
fn bars(samples: &[i16]) -> Vec<u8> {
    let place = |bar: usize| bar * samples.len() / BARS;
    let loudness: Vec<f64> = (0..BARS)
        .map(|bar| {
            let part = samples
                .get(place(bar)..place(bar + 1).max(place(bar) + 1))
                .unwrap_or_default();
            let energy: f64 = part.iter().map(|sample| f64::from(*sample).powi(2)).sum();
            (energy / part.len().max(1) as f64).sqrt()
        })
        .collect();
    let loudest = loudness.iter().copied().fold(QUIET, f64::max);
    loudness
        .into_iter()
        .map(|loud| (loud / loudest * 100.0).round().clamp(0.0, 100.0) as u8)
        .collect()
}
