//! What the photographs show: pots, mostly.

use super::canvas::{Canvas, Colour, mix};

/// A motif.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// A speckled mug on a table.
    Mug,
    /// A bowl with a crack.
    BrokenBowl,
    /// A tall vase with flowers.
    Vase,
    /// A stack of plates.
    Plates,
    /// A shelf with everything.
    Shelf,
    /// A café seen from the street.
    Cafe,
    /// A green teapot.
    Teapot,
}

impl Scene {
    /// Every motif.
    pub const ALL: [Self; 7] = [
        Self::Mug,
        Self::BrokenBowl,
        Self::Vase,
        Self::Plates,
        Self::Shelf,
        Self::Cafe,
        Self::Teapot,
    ];
}

const CREAM: Colour = (238, 226, 204);
const BLUE: Colour = (62, 98, 150);
const GREEN: Colour = (92, 142, 108);
const CLAY: Colour = (186, 104, 68);
const DARK: Colour = (58, 48, 44);

/// Draws a motif at a size.
pub(super) fn draw(scene: Scene, width: i32, height: i32) -> Canvas {
    let mut canvas = Canvas::new(width, height);
    let (wall, table) = match scene {
        Scene::Mug => ((214, 224, 230), (150, 112, 78)),
        Scene::BrokenBowl => ((226, 216, 206), (112, 98, 92)),
        Scene::Vase => ((236, 220, 214), (168, 130, 96)),
        Scene::Plates => ((206, 218, 206), (134, 104, 80)),
        Scene::Shelf => ((240, 232, 216), (214, 200, 180)),
        Scene::Cafe => ((150, 190, 224), (126, 122, 120)),
        Scene::Teapot => ((230, 210, 196), (96, 74, 60)),
    };
    let edge = height * 2 / 3;
    canvas.gradient(0, edge, mix(wall, (255, 255, 255), 1, 2), wall);
    canvas.gradient(edge, height, table, mix(table, (0, 0, 0), 1, 3));
    match scene {
        Scene::Mug => mug(&mut canvas, width / 2, height * 5 / 8, height / 4, BLUE),
        Scene::BrokenBowl => broken_bowl(&mut canvas, width / 2, height * 5 / 8, height / 3),
        Scene::Vase => vase(&mut canvas, width / 2, height * 3 / 4, height / 3),
        Scene::Plates => plates(&mut canvas, width / 2, height * 3 / 4, width / 4),
        Scene::Shelf => shelf(&mut canvas, width, height),
        Scene::Cafe => cafe(&mut canvas, width, height),
        Scene::Teapot => teapot(&mut canvas, width / 2, height * 5 / 8, height / 5),
    }
    canvas
}

fn mug(canvas: &mut Canvas, x: i32, y: i32, size: i32, colour: Colour) {
    canvas.ellipse(x, y + size, size, size / 6, DARK);
    canvas.ring(x + size * 3 / 4, y, size / 2, size / 8, colour);
    canvas.side(
        x,
        (y - size, size * 3 / 4),
        (y + size * 3 / 4, size * 2 / 3),
        colour,
    );
    canvas.ellipse(x, y + size * 3 / 4, size * 2 / 3, size / 6, colour);
    canvas.ellipse(x, y - size, size * 3 / 4, size / 5, CREAM);
    canvas.ellipse(x, y - size + size / 12, size * 3 / 5, size / 8, (92, 58, 38));
    canvas.speckle(
        (
            x - size * 3 / 5,
            y - size * 4 / 5,
            x + size * 3 / 5,
            y + size * 2 / 3,
        ),
        400,
        CREAM,
        colour,
    );
}

fn broken_bowl(canvas: &mut Canvas, x: i32, y: i32, size: i32) {
    canvas.ellipse(x, y + size * 3 / 5, size, size / 7, DARK);
    canvas.side(x, (y - size / 3, size), (y + size / 2, size * 2 / 5), CLAY);
    canvas.ellipse(x, y - size / 3, size, size / 4, mix(CLAY, CREAM, 1, 2));
    canvas.ellipse(x, y - size / 3 + size / 20, size * 7 / 8, size / 5, CREAM);
    let crack = [
        (x + size / 6, y - size / 2),
        (x + size / 10, y - size / 6),
        (x + size / 4, y),
        (x + size / 6, y + size / 4),
    ];
    for pair in crack.windows(2) {
        if let [from, to] = pair {
            canvas.line(*from, *to, 5, DARK);
        }
    }
    canvas.ellipse(x + size * 5 / 4, y + size / 2, size / 7, size / 12, CLAY);
}

fn vase(canvas: &mut Canvas, x: i32, y: i32, size: i32) {
    let stems = [(-90, -300), (-35, -345), (20, -320), (75, -350), (110, -280)];
    let petals = [
        (214, 84, 98),
        (240, 190, 84),
        (166, 110, 180),
        (236, 130, 92),
        (232, 206, 214),
    ];
    for ((dx, dy), colour) in stems.into_iter().zip(petals) {
        let top = (x + dx * size / 160, y + dy * size / 160);
        canvas.line((x, y - size), top, 4, (74, 116, 70));
        for (px, py) in [(-12, 0), (12, 0), (0, -12), (0, 12)] {
            canvas.ellipse(top.0 + px, top.1 + py, 14, 14, colour);
        }
        canvas.ellipse(top.0, top.1, 8, 8, (250, 224, 120));
    }
    canvas.ellipse(x, y + size / 12, size / 2, size / 10, DARK);
    canvas.side(x, (y - size, size / 6), (y - size * 2 / 3, size / 5), GREEN);
    canvas.ellipse(x, y - size / 3, size / 2, size * 2 / 5, GREEN);
    canvas.rectangle(x - size / 3, y - size / 30, x + size / 3, y + size / 20, GREEN);
}

fn plates(canvas: &mut Canvas, x: i32, y: i32, size: i32) {
    let colours = [CREAM, BLUE, CREAM, GREEN, CREAM, CLAY];
    for (layer, colour) in (0..).zip(colours) {
        let level = y - layer * size / 7;
        canvas.ellipse(x, level + size / 10, size, size / 5, mix(colour, DARK, 1, 2));
        canvas.ellipse(x, level, size, size / 5, colour);
        canvas.ellipse(
            x,
            level,
            size * 3 / 4,
            size / 8,
            mix(colour, (255, 255, 255), 1, 3),
        );
    }
}

fn shelf(canvas: &mut Canvas, width: i32, height: i32) {
    for row in 1..=3 {
        let y = height * row * 3 / 10;
        canvas.rectangle(0, y, width, y + height / 36, (140, 98, 66));
        for place in 0..5 {
            let x = width * (2 * place + 1) / 10;
            let size = height / 11;
            let colour = match (row + place) % 4 {
                0 => BLUE,
                1 => CLAY,
                2 => GREEN,
                _ => CREAM,
            };
            if (row * place) % 3 == 1 {
                canvas.ellipse(x, y - size, size * 2 / 3, size, colour);
                canvas.rectangle(x - size / 4, y - size * 2, x + size / 4, y - size * 3 / 2, colour);
            } else {
                canvas.side(x, (y - size * 3 / 2, size), (y, size * 2 / 3), colour);
                canvas.ellipse(x, y - size * 3 / 2, size, size / 5, mix(colour, DARK, 1, 4));
            }
        }
    }
}

fn cafe(canvas: &mut Canvas, width: i32, height: i32) {
    let ground = height * 3 / 4;
    canvas.rectangle(width / 8, height / 5, width * 7 / 8, ground, (214, 186, 150));
    for stripe in 0..12 {
        let left = width / 8 + stripe * width / 16;
        let colour = if stripe % 2 == 0 {
            (196, 72, 64)
        } else {
            (246, 240, 230)
        };
        canvas.rectangle(left, height / 3, left + width / 16, height * 5 / 12, colour);
    }
    canvas.rectangle(
        width / 5,
        height * 9 / 20,
        width / 2,
        height * 13 / 20,
        (250, 228, 160),
    );
    canvas.rectangle(
        width * 5 / 8,
        height * 9 / 20,
        width * 3 / 4,
        ground,
        (88, 60, 46),
    );
    for table in [width / 4, width * 2 / 5] {
        canvas.ellipse(table, ground + height / 12, width / 14, height / 40, CREAM);
        canvas.line(
            (table, ground + height / 12),
            (table, ground + height / 6),
            6,
            DARK,
        );
    }
}

fn teapot(canvas: &mut Canvas, x: i32, y: i32, size: i32) {
    canvas.ellipse(x, y + size, size * 3 / 2, size / 5, DARK);
    canvas.ring(x + size * 5 / 4, y, size * 3 / 4, size / 6, GREEN);
    canvas.line(
        (x - size, y + size / 4),
        (x - size * 2, y - size * 3 / 4),
        size / 3,
        GREEN,
    );
    canvas.ellipse(x, y, size * 5 / 4, size, GREEN);
    canvas.ellipse(
        x,
        y - size * 4 / 5,
        size * 3 / 5,
        size / 5,
        mix(GREEN, DARK, 1, 3),
    );
    canvas.ellipse(x, y - size * 11 / 10, size / 7, size / 7, CLAY);
}
