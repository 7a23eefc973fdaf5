//! A surface for simple shapes, in whole numbers only, so that every machine draws the same.

/// Red, green, blue.
pub(super) type Colour = (u8, u8, u8);

/// A picture of 8-bit RGB.
#[derive(Debug, Clone)]
pub(super) struct Canvas {
    width: i32,
    height: i32,
    pixels: Vec<u8>,
}

fn byte(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 255)).unwrap_or(0)
}

/// The colour `part` of `whole` on the way from one to the other.
pub(super) fn mix(from: Colour, to: Colour, part: i32, whole: i32) -> Colour {
    let one = |from: u8, to: u8| {
        let (from, to) = (i32::from(from), i32::from(to));
        byte(from + (to - from) * part.clamp(0, whole) / whole.max(1))
    };
    (one(from.0, to.0), one(from.1, to.1), one(from.2, to.2))
}

impl Canvas {
    pub(super) fn new(width: i32, height: i32) -> Self {
        let size = usize::try_from(width.max(0) * height.max(0) * 3).unwrap_or(0);
        Self {
            width,
            height,
            pixels: vec![0; size],
        }
    }

    pub(super) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    pub(super) fn at(&self, x: i32, y: i32) -> Colour {
        let place = usize::try_from((y * self.width + x) * 3).unwrap_or(0);
        match self.pixels.get(place..place + 3) {
            Some(&[red, green, blue]) => (red, green, blue),
            _ => (0, 0, 0),
        }
    }

    fn put(&mut self, x: i32, y: i32, colour: Colour) {
        if (0..self.width).contains(&x) && (0..self.height).contains(&y) {
            let place = usize::try_from((y * self.width + x) * 3).unwrap_or(0);
            if let Some(pixel) = self.pixels.get_mut(place..place + 3) {
                pixel.copy_from_slice(&[colour.0, colour.1, colour.2]);
            }
        }
    }

    /// Colours every point of a box for which the shape says so.
    fn fill(
        &mut self,
        (left, top, right, bottom): (i32, i32, i32, i32),
        colour: impl Fn(i32, i32) -> Option<Colour>,
    ) {
        for y in top.max(0)..=bottom.min(self.height - 1) {
            for x in left.max(0)..=right.min(self.width - 1) {
                if let Some(colour) = colour(x, y) {
                    self.put(x, y, colour);
                }
            }
        }
    }

    /// A change of colour from top to bottom.
    pub(super) fn gradient(&mut self, top: i32, bottom: i32, from: Colour, to: Colour) {
        let width = self.width;
        self.fill((0, top, width, bottom), |_, y| {
            Some(mix(from, to, y - top, bottom - top))
        });
    }

    /// An ellipse that is a little lighter at its upper left.
    pub(super) fn ellipse(&mut self, x: i32, y: i32, across: i32, down: i32, colour: Colour) {
        let light = mix(colour, (255, 255, 255), 1, 3);
        let inside = |px: i32, py: i32| {
            let (dx, dy) = (i64::from(px - x), i64::from(py - y));
            let (a, b) = (i64::from(across.max(1)), i64::from(down.max(1)));
            dx * dx * b * b + dy * dy * a * a <= a * a * b * b
        };
        self.fill((x - across, y - down, x + across, y + down), |px, py| {
            let shade = (px - x + across) + (py - y + down);
            inside(px, py).then(|| mix(light, colour, shade, 2 * (across + down) * 2 / 3))
        });
    }

    /// A ring of a thickness.
    pub(super) fn ring(&mut self, x: i32, y: i32, radius: i32, thickness: i32, colour: Colour) {
        let (outer, inner) = (radius * radius, (radius - thickness) * (radius - thickness));
        self.fill((x - radius, y - radius, x + radius, y + radius), |px, py| {
            let distance = (px - x) * (px - x) + (py - y) * (py - y);
            (inner..=outer).contains(&distance).then_some(colour)
        });
    }

    /// A rectangle, lighter at the left.
    pub(super) fn rectangle(&mut self, left: i32, top: i32, right: i32, bottom: i32, colour: Colour) {
        let light = mix(colour, (255, 255, 255), 1, 4);
        self.fill((left, top, right, bottom), |x, _| {
            Some(mix(light, colour, x - left, right - left))
        });
    }

    /// A trapezoid with level edges: the side of a cup, a bowl or a vase.
    pub(super) fn side(&mut self, x: i32, top: (i32, i32), bottom: (i32, i32), colour: Colour) {
        let ((top_y, top_half), (bottom_y, bottom_half)) = (top, bottom);
        let light = mix(colour, (255, 255, 255), 2, 5);
        let widest = top_half.max(bottom_half);
        self.fill((x - widest, top_y, x + widest, bottom_y), |px, py| {
            let half = top_half + (bottom_half - top_half) * (py - top_y) / (bottom_y - top_y).max(1);
            ((px - x).abs() <= half).then(|| mix(light, colour, px - x + half, 2 * half))
        });
    }

    /// A line between two points, of a thickness.
    pub(super) fn line(&mut self, from: (i32, i32), to: (i32, i32), thickness: i32, colour: Colour) {
        let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).max(1);
        for step in 0..=steps {
            let x = from.0 + (to.0 - from.0) * step / steps;
            let y = from.1 + (to.1 - from.1) * step / steps;
            let half = thickness / 2;
            self.fill((x - half, y - half, x + half, y + half), |_, _| Some(colour));
        }
    }

    /// Small dots, always at the same places.
    pub(super) fn speckle(&mut self, area: (i32, i32, i32, i32), count: i32, colour: Colour, only: Colour) {
        let (left, top, right, bottom) = area;
        let mut seed = 12_345_i64;
        let mut next = |bound: i32| {
            seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
            i32::try_from((seed >> 8) % i64::from(bound.max(1))).unwrap_or(0)
        };
        for _ in 0..count {
            let (x, y) = (left + next(right - left), top + next(bottom - top));
            let here = self.at(x, y);
            let near = |a: u8, b: u8| a.abs_diff(b) < 90;
            if near(here.0, only.0) && near(here.1, only.1) && near(here.2, only.2) {
                self.fill((x - 1, y - 1, x + 1, y + 1), |_, _| Some(colour));
            }
        }
    }
}
