//! The light on the tray icon: green while customers are heard, amber when something needs a look, red when messages
//! do not get through.

use std::time::Duration;

use api::views::ChangeView;
use api::{ChangeStream, Desk};
use serde_json::{Value, json};
use tauri::image::Image;
use tauri::menu::MenuItem;
use tauri::{AppHandle, Manager, Wry};
use tokio::time::{Instant, sleep, timeout_at};

use crate::tray;

/// Changes come in swarms; the light follows this long after the first.
const GATHER: Duration = Duration::from_millis(500);
/// Some things grow worse without anybody telling, such as an access token that comes to its end.
const EVERY: Duration = Duration::from_mins(1);
/// What a tooltip has room for.
const LONGEST: usize = 100;

/// How things stand, as a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Light {
    /// Listening.
    Green,
    /// It works, with a shadow.
    Amber,
    /// Messages do not get through.
    Red,
}

impl Light {
    /// Its colour, told from the others on light and dark panels alike.
    fn colour(self) -> [u8; 3] {
        match self {
            Self::Green => [0x1f, 0xb5, 0x75],
            Self::Amber => [0xf2, 0xa5, 0x1f],
            Self::Red => [0xe5, 0x39, 0x30],
        }
    }
}

/// A light and what it means, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    light: Light,
    words: String,
}

impl Standing {
    /// Nothing works, for this reason.
    pub(crate) fn broken(why: &str) -> Self {
        Self {
            light: Light::Red,
            words: short(why),
        }
    }

    /// Reads a `HealthView`.
    fn of(health: &Value) -> Self {
        let level = |value: &Value| match value.get("level").and_then(Value::as_str) {
            Some("ok") => Light::Green,
            Some("warn") => Light::Amber,
            _ => Light::Red,
        };
        let light = level(health);
        let words = health
            .get("findings")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find(|finding| level(finding) == light)
            .and_then(|finding| finding.get("sentence")?.as_str());
        let words = match (light, words) {
            (Light::Green, _) => "Listening: everything works".to_owned(),
            (_, Some(words)) => short(words),
            (_, None) => "Something needs you. Open Deskbell to see what".to_owned(),
        };
        Self { light, words }
    }
}

/// Keeps the light right until the engine has stopped.
pub(crate) async fn follow(app: AppHandle, desk: Desk) {
    let mut changes = desk.changes();
    let mut shown = None;
    loop {
        let standing = match desk.call("health", json!({})).await {
            Ok(health) => Standing::of(&health),
            Err(error) => Standing::broken(&error.message),
        };
        if shown.as_ref() != Some(&standing) {
            show(&app, &standing);
            shown = Some(standing);
        }
        if !something_happened(&mut changes).await {
            return;
        }
        sleep(GATHER).await;
    }
}

/// Waits until health may have changed, or long enough; `false` when the engine has stopped.
async fn something_happened(changes: &mut ChangeStream) -> bool {
    let latest = Instant::now() + EVERY;
    loop {
        match timeout_at(latest, changes.next()).await {
            Ok(Some(batch)) if batch.iter().any(concerns) => return true,
            Ok(Some(_)) => {}
            Ok(None) => return false,
            Err(_) => return true,
        }
    }
}

fn concerns(change: &ChangeView) -> bool {
    matches!(
        change,
        ChangeView::Health | ChangeView::Connection | ChangeView::Channel { .. } | ChangeView::Resync
    )
}

/// The line of the tray's menu that says how things stand: Linux shows no tooltip.
pub(crate) struct Line(pub(crate) MenuItem<Wry>);

/// Puts the light on the icon, and its meaning into tooltip and menu.
pub(crate) fn show(app: &AppHandle, standing: &Standing) {
    let Some(tray) = app.tray_by_id(tray::ID) else {
        return;
    };
    let icon = app.default_window_icon().map(|plain| {
        let rgba = lit(plain.rgba(), plain.width(), standing.light.colour());
        Image::new_owned(rgba, plain.width(), plain.height())
    });
    let told = tray
        .set_icon(icon)
        .and_then(|()| tray.set_tooltip(Some(format!("Deskbell: {}", standing.words))))
        .and_then(|()| {
            app.try_state::<Line>()
                .map_or(Ok(()), |line| line.0.set_text(&standing.words))
        });
    if let Err(error) = told {
        tracing::warn!(%error, "the tray icon could not be changed");
    }
}

/// An icon with a dot in its lower right corner, and a gap around the dot that lets the panel through.
fn lit(rgba: &[u8], width: u32, colour: [u8; 3]) -> Vec<u8> {
    let pixels = u32::try_from(rgba.len() / 4).unwrap_or(0);
    let Some(height) = pixels.checked_div(width) else {
        return rgba.to_vec();
    };
    // In eighths of a pixel.
    let side = width.min(height) * 8;
    let radius = side * 23 / 100;
    let dot = Dot {
        x: width * 8 - radius,
        y: height * 8 - radius,
        radius,
    };
    let gap = Dot {
        radius: radius + side * 6 / 100,
        ..dot
    };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    rgba.chunks_exact(4)
        .zip(places)
        .flat_map(|(pixel, (x, y))| {
            let covered = dot.covers(x, y);
            if covered > 0 {
                let [red, green, blue] = colour;
                return [red, green, blue, part(255, covered)];
            }
            let seen = 16 - gap.covers(x, y);
            match *pixel {
                [red, green, blue, alpha] => [red, green, blue, part(alpha, seen)],
                _ => [0; 4],
            }
        })
        .collect()
}

/// So many sixteenths of a byte.
fn part(whole: u8, sixteenths: u32) -> u8 {
    u8::try_from(u32::from(whole) * sixteenths / 16).unwrap_or(u8::MAX)
}

/// A circle, in eighths of a pixel.
#[derive(Debug, Clone, Copy)]
struct Dot {
    x: u32,
    y: u32,
    radius: u32,
}

impl Dot {
    /// How many sixteenths of a pixel lie in it.
    fn covers(self, x: u32, y: u32) -> u32 {
        let inside = |across: u32, down: u32| {
            let (far, deep) = (self.x.abs_diff(across), self.y.abs_diff(down));
            u32::from(far * far + deep * deep <= self.radius * self.radius)
        };
        let parts = [1, 3, 5, 7];
        parts
            .iter()
            .flat_map(|down| parts.iter().map(move |across| (across, down)))
            .map(|(across, down)| inside(x * 8 + across, y * 8 + down))
            .sum()
    }
}

/// The first sentence, cut at a word where it is too long.
fn short(words: &str) -> String {
    let first = words.split(". ").next().unwrap_or(words);
    let mut line = String::new();
    for word in first.split_whitespace() {
        if line.chars().count() + word.chars().count() >= LONGEST && !line.is_empty() {
            line.push('…');
            return line;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().take(LONGEST));
    }
    line.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: u32 = 32;

    fn pixel(icon: &[u8], x: u32, y: u32) -> [u8; 4] {
        let at = usize::try_from((y * SIDE + x) * 4).unwrap();
        icon.get(at..at + 4).unwrap().try_into().unwrap()
    }

    #[test]
    fn each_light_has_a_colour_of_its_own_in_the_lower_right_and_leaves_the_bell_alone() {
        let bell = [0xb9, 0x85, 0x22, 0xff].repeat(usize::try_from(SIDE * SIDE).unwrap());
        let mut seen = Vec::new();
        for light in [Light::Green, Light::Amber, Light::Red] {
            let icon = lit(&bell, SIDE, light.colour());
            assert_eq!(icon.len(), bell.len());
            let [red, green, blue] = light.colour();
            assert_eq!(pixel(&icon, 24, 24), [red, green, blue, 0xff]);
            assert_eq!(pixel(&icon, 4, 4), [0xb9, 0x85, 0x22, 0xff]);
            assert_eq!(pixel(&icon, 24, 16).last(), Some(&0), "the gap around the dot");
            assert!(!seen.contains(&pixel(&icon, 24, 24)));
            seen.push(pixel(&icon, 24, 24));
        }
    }

    #[test]
    fn an_icon_without_pixels_stays_as_it_is() {
        assert_eq!(lit(&[], 0, [1, 2, 3]), Vec::<u8>::new());
    }

    #[test]
    fn the_worst_thing_is_told_in_its_first_sentence() {
        let health = json!({
            "level": "bad",
            "findings": [
                { "level": "warn", "sentence": "The clock is slow." },
                { "level": "bad", "sentence": "The tunnel is interrupted. It is tried again in 20 s." },
            ],
        });
        assert_eq!(
            Standing::of(&health),
            Standing {
                light: Light::Red,
                words: "The tunnel is interrupted".to_owned()
            }
        );
        let good = json!({ "level": "ok", "findings": [{ "level": "ok", "sentence": "x" }] });
        assert_eq!(Standing::of(&good).light, Light::Green);
        assert!(
            Standing::of(&json!({ "level": "warn" }))
                .words
                .contains("Open Deskbell")
        );
        assert_eq!(Standing::of(&json!({})).light, Light::Red);
    }

    #[test]
    fn a_long_sentence_ends_at_a_word() {
        let told = short(&"waiting ".repeat(40));
        assert!(told.chars().count() <= LONGEST, "{told}");
        assert!(told.ends_with("waiting…"), "{told}");
    }
}
