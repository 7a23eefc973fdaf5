//! Stickers: a smiling pot on nothing, still or waving, as WebP (the container by hand, as no encoder here animates).

use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder as _};

use super::canvas::Canvas;

const SIZE: i32 = 512;
/// Where nothing is drawn; becomes transparent.
const KEY: (u8, u8, u8) = (0, 0, 0);
/// Milliseconds of one picture.
const PACE: u32 = 180;

fn pot(lean: i32) -> Canvas {
    let mut canvas = Canvas::new(SIZE, SIZE);
    let clay = (206, 118, 78);
    let dark = (66, 44, 36);
    canvas.line((400, 300), (470, 190 + lean * 2), 34, clay);
    canvas.line((112, 300), (48, 350), 34, clay);
    canvas.side(256 + lean, (150, 150), (430, 105), clay);
    canvas.ellipse(256 + lean, 430, 105, 26, clay);
    canvas.ellipse(256 + lean, 150, 150, 36, (150, 82, 54));
    for eye in [206, 306] {
        canvas.ellipse(eye + lean, 262, 16, 22, dark);
        canvas.ellipse(eye + lean + 5, 255, 5, 6, (255, 255, 255));
    }
    let mouth = [(206, 322), (232, 346), (256, 352), (280, 346), (306, 322)];
    for pair in mouth.windows(2) {
        if let [(ax, ay), (bx, by)] = pair {
            canvas.line((ax + lean, *ay), (bx + lean, *by), 12, dark);
        }
    }
    canvas.ellipse(170 + lean, 312, 24, 16, (238, 150, 130));
    canvas.ellipse(342 + lean, 312, 24, 16, (238, 150, 130));
    canvas
}

fn webp(canvas: &Canvas) -> Vec<u8> {
    let mut rgba = Vec::new();
    for y in 0..SIZE {
        for x in 0..SIZE {
            let (red, green, blue) = canvas.at(x, y);
            let alpha = if (red, green, blue) == KEY { 0 } else { 255 };
            rgba.extend([red, green, blue, alpha]);
        }
    }
    let mut file = Vec::new();
    // The size fits the buffer, which is all the encoder asks; an empty file would be noticed by its tests.
    let _ = WebPEncoder::new_lossless(&mut file).write_image(&rgba, 512, 512, ExtendedColorType::Rgba8);
    file
}

/// One picture.
pub(super) fn still() -> Vec<u8> {
    webp(&pot(0))
}

/// Three pictures, for ever.
pub(super) fn animated() -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    let edge = u24(511);
    let mut head = vec![0x12, 0, 0, 0];
    head.extend(edge);
    head.extend(edge);
    chunk(&mut body, *b"VP8X", &head);
    chunk(&mut body, *b"ANIM", &[0; 6]);
    for lean in [0, 14, 0, -14] {
        let file = webp(&pot(lean));
        let mut frame = Vec::new();
        frame.extend(u24(0));
        frame.extend(u24(0));
        frame.extend(edge);
        frame.extend(edge);
        frame.extend(u24(PACE));
        // Replace the picture before, do not blend with it.
        frame.push(0x02);
        // What follows the twelve bytes of the file's own head is the picture as a chunk.
        frame.extend(file.get(12..).unwrap_or_default());
        chunk(&mut body, *b"ANMF", &frame);
    }
    let mut file = Vec::new();
    chunk(&mut file, *b"RIFF", &body);
    file
}

fn u24(value: u32) -> [u8; 3] {
    let [low, middle, high, _] = value.to_le_bytes();
    [low, middle, high]
}

fn chunk(out: &mut Vec<u8>, name: [u8; 4], content: &[u8]) {
    out.extend(name);
    out.extend(u32::try_from(content.len()).unwrap_or(0).to_le_bytes());
    out.extend(content);
    if content.len() % 2 == 1 {
        out.push(0);
    }
}
