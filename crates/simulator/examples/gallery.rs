//! Writes everything the demo's customers can send into a folder, to be looked at.
//! `cargo run -p simulator --example gallery -- FOLDER`

use anyhow::Context as _;
use simulator::art::{self, Scene};

fn main() -> anyhow::Result<()> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).context("say which folder")?);
    let scenes = [
        ("mug", Scene::Mug),
        ("broken-bowl", Scene::BrokenBowl),
        ("vase", Scene::Vase),
        ("plates", Scene::Plates),
        ("shelf", Scene::Shelf),
        ("cafe", Scene::Cafe),
        ("teapot", Scene::Teapot),
    ];
    for (name, scene) in scenes {
        std::fs::write(folder.join(format!("{name}.jpg")), art::photo(scene))?;
    }
    std::fs::write(folder.join("shelf.png"), art::png(Scene::Shelf))?;
    std::fs::write(folder.join("sticker.webp"), art::sticker())?;
    std::fs::write(folder.join("waving.webp"), art::animated_sticker())?;
    std::fs::write(folder.join("wheel.mp4"), art::video())?;
    std::fs::write(folder.join("voice.ogg"), art::voice())?;
    std::fs::write(
        folder.join("order.pdf"),
        art::pdf(&["Purchase order", "24 cups (blue)"]),
    )?;
    Ok(())
}
