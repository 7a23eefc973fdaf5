//! A film by hand: raw pictures in H.264 (every macroblock is `I_PCM`, ITU-T H.264 7.3.5) inside MP4 (ISO 14496-12).
//! Nothing is compressed, so no encoder is needed, and every player can show it.

use super::canvas::Canvas;
use super::scenes::wheel;

const WIDTH: i32 = 128;
const HEIGHT: i32 = 96;
const FRAMES: i32 = 24;
/// Pictures per second.
const RATE: u32 = 8;
/// The largest size of a macroblock.
const BLOCK: i32 = 16;

/// Bits, most significant first.
#[derive(Debug, Default)]
struct Bits {
    bytes: Vec<u8>,
    pending: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, width: u32) {
        for shift in (0..width).rev() {
            self.pending = (self.pending << 1) | ((value >> shift) & 1);
            self.count += 1;
            if self.count == 8 {
                self.bytes.extend(u8::try_from(self.pending));
                (self.pending, self.count) = (0, 0);
            }
        }
    }

    /// Exp-Golomb code of a number without sign (9.1).
    fn golomb(&mut self, value: u32) {
        let coded = value + 1;
        let length = coded.ilog2();
        self.put(0, length);
        self.put(coded, length + 1);
    }

    fn align(&mut self) {
        while self.count != 0 {
            self.put(0, 1);
        }
    }

    /// The stop bit and the unit with its head; 0x000000 to 0x000003 are broken up by a 3 (7.4.1).
    fn unit(mut self, head: u8) -> Vec<u8> {
        self.put(1, 1);
        self.align();
        let mut unit = vec![head];
        let mut zeros = 0;
        for byte in self.bytes {
            if zeros >= 2 && byte <= 3 {
                unit.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            unit.push(byte);
        }
        unit
    }
}

fn whole(value: i32) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

/// Constrained baseline, level 2, without frame numbers that matter.
fn sequence() -> Vec<u8> {
    let mut bits = Bits::default();
    for byte in [66, 0xC0, 20] {
        bits.put(byte, 8);
    }
    for value in [0, 0, 2, 1] {
        bits.golomb(value);
    }
    bits.put(0, 1);
    bits.golomb(whole(WIDTH / BLOCK - 1));
    bits.golomb(whole(HEIGHT / BLOCK - 1));
    for flag in [1, 1, 0, 0] {
        bits.put(flag, 1);
    }
    bits.unit(0x67)
}

fn parameters() -> Vec<u8> {
    let mut bits = Bits::default();
    bits.golomb(0);
    bits.golomb(0);
    bits.put(0, 2);
    for _ in 0..3 {
        bits.golomb(0);
    }
    bits.put(0, 3);
    for _ in 0..3 {
        bits.golomb(0);
    }
    // The deblocking filter can be turned off in a slice.
    bits.put(0b100, 3);
    bits.unit(0x68)
}

fn picture(canvas: &Canvas, number: i32) -> Vec<u8> {
    let mut bits = Bits::default();
    for value in [0, 7, 0] {
        bits.golomb(value);
    }
    bits.put(0, 4);
    // Neighbouring pictures that stand alone must differ in this.
    bits.golomb(whole(number % 2));
    bits.put(0, 2);
    bits.golomb(0);
    bits.golomb(1);
    for top in (0..HEIGHT).step_by(16) {
        for left in (0..WIDTH).step_by(16) {
            bits.golomb(25);
            bits.align();
            for y in top..top + BLOCK {
                for x in left..left + BLOCK {
                    bits.put(channel(canvas, x, y, (66, 129, 25), 16), 8);
                }
            }
            for weights in [(-38, -74, 112), (112, -94, -18)] {
                for y in (top..top + BLOCK).step_by(2) {
                    for x in (left..left + BLOCK).step_by(2) {
                        bits.put(channel(canvas, x, y, weights, 128), 8);
                    }
                }
            }
        }
    }
    bits.unit(0x65)
}

/// One value of ITU-R BT.601.
fn channel(canvas: &Canvas, x: i32, y: i32, weights: (i32, i32, i32), base: i32) -> u32 {
    let (red, green, blue) = canvas.at(x, y);
    let sum = weights.0 * i32::from(red) + weights.1 * i32::from(green) + weights.2 * i32::from(blue);
    whole(((sum + 128) / 256 + base).clamp(16, 240))
}

/// The whole file; the table stands in front of the pictures, so that it plays while it loads.
pub(super) fn mp4() -> Vec<u8> {
    let (sequence, parameters) = (sequence(), parameters());
    let samples: Vec<Vec<u8>> = (0..FRAMES)
        .map(|number| {
            let unit = picture(&wheel(number, WIDTH, HEIGHT), number);
            let mut sample = length(&unit).to_be_bytes().to_vec();
            sample.extend(unit);
            sample
        })
        .collect();
    let kinds = atom(
        *b"ftyp",
        &[b"isom", &[0, 0, 2, 0][..], b"isom", b"iso2", b"avc1", b"mp41"].concat(),
    );
    let table = |offset| table(&sequence, &parameters, &samples, offset);
    // The length of the table does not depend on the offset in it.
    let offset = length(&kinds) + length(&table(0)) + 8;
    [kinds, table(offset), atom(*b"mdat", &samples.concat())].concat()
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(0)
}

fn atom(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut atom = (length(content) + 8).to_be_bytes().to_vec();
    atom.extend(name);
    atom.extend(content);
    atom
}

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

const MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

fn table(sequence: &[u8], parameters: &[u8], samples: &[Vec<u8>], offset: u32) -> Vec<u8> {
    let count = whole(FRAMES);
    let (wide, high) = (whole(WIDTH), whole(HEIGHT));
    let movie = [
        words(&[0, 0, 0, RATE, count, 0x1_0000, 0x0100_0000, 0, 0]),
        words(&MATRIX),
        words(&[0; 6]),
        words(&[2]),
    ];
    let track = [
        words(&[3, 0, 0, 1, 0, count, 0, 0, 0, 0]),
        words(&MATRIX),
        words(&[wide << 16, high << 16]),
    ];
    let media = words(&[0, 0, 0, RATE, count, 0x55C4_0000]);
    let mut handler = words(&[0, 0]);
    handler.extend(b"vide");
    handler.extend([0; 12]);
    handler.extend(b"video\0");
    let mut configuration = vec![1, 66, 0xC0, 20, 0xFF, 0xE1];
    for (unit, next) in [(sequence, Some(1)), (parameters, None)] {
        configuration.extend(u16::try_from(unit.len()).unwrap_or(0).to_be_bytes());
        configuration.extend(unit);
        configuration.extend(next);
    }
    let mut entry = vec![0, 0, 0, 0, 0, 0, 0, 1];
    entry.extend([0; 16]);
    entry.extend(words(&[
        (wide << 16) | high,
        0x0048_0000,
        0x0048_0000,
        0,
        0x0001_0000,
    ]));
    entry.extend([0, 1]);
    entry.extend([0; 32]);
    entry.extend([0, 0x18, 0xFF, 0xFF]);
    entry.extend(atom(*b"avcC", &configuration));
    let description = [words(&[0, 1]), atom(*b"avc1", &entry)].concat();
    let mut sizes = words(&[0, 0, count]);
    sizes.extend(samples.iter().flat_map(|sample| length(sample).to_be_bytes()));
    let samples = [
        atom(*b"stsd", &description),
        atom(*b"stts", &words(&[0, 1, count, 1])),
        atom(*b"stsc", &words(&[0, 1, 1, count, 1])),
        atom(*b"stsz", &sizes),
        atom(*b"stco", &words(&[0, 1, offset])),
    ];
    let here = atom(*b"dref", &[words(&[0, 1]), atom(*b"url ", &words(&[1]))].concat());
    let information = [
        atom(*b"vmhd", &words(&[1, 0, 0])),
        atom(*b"dinf", &here),
        atom(*b"stbl", &samples.concat()),
    ];
    let media = [
        atom(*b"mdhd", &media),
        atom(*b"hdlr", &handler),
        atom(*b"minf", &information.concat()),
    ];
    let track = [atom(*b"tkhd", &track.concat()), atom(*b"mdia", &media.concat())];
    let movie = [atom(*b"mvhd", &movie.concat()), atom(*b"trak", &track.concat())];
    atom(*b"moov", &movie.concat())
}
