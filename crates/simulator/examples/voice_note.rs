//! Makes `assets/voice.ogg`, the voice note of the demo: five seconds of a synthetic hum with the rhythm of speech.
//! Run `cargo run -p simulator --example voice_note -- crates/simulator/assets/voice.ogg` after a change here.

use anyhow::Context as _;
use ogg::PacketWriter;
use ogg::writing::PacketWriteEndInfo::{EndPage, EndStream, NormalPacket};
use ropus::{Application, Bitrate, Channels, Encoder};

const RATE: u32 = 24_000;
/// 20 ms.
const FRAME: usize = 480;
const FRAMES: u64 = 250;
const SERIAL: u32 = 0x4C41_524B;

/// Syllables: start and length in seconds, pitch in Hz, and the two resonances that make a vowel.
const SYLLABLES: [(f32, f32, f32, f32, f32); 15] = [
    (0.15, 0.22, 178.0, 730.0, 1090.0),
    (0.40, 0.16, 196.0, 530.0, 1840.0),
    (0.60, 0.30, 188.0, 390.0, 1990.0),
    (1.10, 0.18, 205.0, 570.0, 840.0),
    (1.32, 0.18, 198.0, 730.0, 1090.0),
    (1.54, 0.14, 190.0, 440.0, 1020.0),
    (1.72, 0.34, 172.0, 270.0, 2290.0),
    (2.25, 0.20, 186.0, 660.0, 1720.0),
    (2.48, 0.18, 210.0, 300.0, 870.0),
    (2.70, 0.40, 201.0, 730.0, 1090.0),
    (3.30, 0.16, 192.0, 530.0, 1840.0),
    (3.50, 0.16, 199.0, 390.0, 1990.0),
    (3.70, 0.20, 194.0, 640.0, 1190.0),
    (3.95, 0.16, 184.0, 490.0, 1350.0),
    (4.15, 0.52, 168.0, 570.0, 840.0),
];

/// The sound at a time, from all syllables that are being spoken.
fn voice(time: f32) -> f32 {
    let mut sound = 0.0;
    for (start, length, pitch, low, high) in SYLLABLES {
        let at = (time - start) / length;
        if !(0.0..1.0).contains(&at) {
            continue;
        }
        let loudness = (at * std::f32::consts::PI).sin().powf(0.6);
        let mut harmonic = 1.0_f32;
        while harmonic * pitch < 3_200.0 {
            let frequency = harmonic * pitch;
            let peak = |centre: f32, width: f32| (-((frequency - centre) / width).powi(2)).exp();
            let weight = 0.25 / harmonic + peak(low, 110.0) + 0.6 * peak(high, 160.0);
            sound += loudness * weight * (std::f32::consts::TAU * frequency * time).sin();
            harmonic += 1.0;
        }
    }
    0.16 * sound
}

fn main() -> anyhow::Result<()> {
    let path = std::env::args().nth(1).context("say where the sound goes")?;
    let mut encoder = Encoder::builder(RATE, Channels::Mono, Application::Voip)
        .bitrate(Bitrate::try_bits(20_000)?)
        .build()?;
    let skip = u16::try_from(encoder.lookahead() * 48_000 / RATE)?;
    let mut head = b"OpusHead\x01\x01".to_vec();
    head.extend(skip.to_le_bytes());
    head.extend(RATE.to_le_bytes());
    head.extend([0, 0, 0]);
    let mut tags = b"OpusTags".to_vec();
    let vendor = b"simulator";
    tags.extend(u32::try_from(vendor.len())?.to_le_bytes());
    tags.extend(vendor);
    tags.extend(0_u32.to_le_bytes());
    let mut writer = PacketWriter::new(std::fs::File::create(path)?);
    writer.write_packet(head, SERIAL, EndPage, 0)?;
    writer.write_packet(tags, SERIAL, EndPage, 0)?;
    let mut time = 0.0_f32;
    for frame in 1..=FRAMES {
        let mut pcm = Vec::with_capacity(FRAME);
        for _ in 0..FRAME {
            pcm.push(voice(time).clamp(-1.0, 1.0));
            time += 1.0 / 24_000.0;
        }
        let mut packet = vec![0; 1500];
        let length = encoder.encode_float(&pcm, &mut packet)?;
        packet.truncate(length);
        let end = match frame {
            FRAMES => EndStream,
            frame if frame % 50 == 0 => EndPage,
            _ => NormalPacket,
        };
        writer.write_packet(packet, SERIAL, end, frame * 960)?;
    }
    Ok(())
}
