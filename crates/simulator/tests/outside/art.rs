//! The files of the demo's customers can be opened by what opens such files.

use anyhow::Context as _;
use simulator::art::{self, Scene};

#[test]
fn photographs_are_640_by_480_and_differ() -> anyhow::Result<()> {
    for scene in Scene::ALL {
        let photo = image::load_from_memory(&art::photo(scene))?;
        assert_eq!((photo.width(), photo.height()), (640, 480));
        let colours: std::collections::HashSet<_> = photo.to_rgb8().pixels().map(|pixel| pixel.0).collect();
        assert!(colours.len() > 500, "{scene:?} shows something");
    }
    assert_eq!(
        art::photo(Scene::Mug),
        art::photo(Scene::Mug),
        "the same on every run"
    );
    assert_ne!(art::photo(Scene::Mug), art::photo(Scene::Vase));
    Ok(())
}

#[test]
fn stickers_are_small_squares_one_of_them_moving() -> anyhow::Result<()> {
    let still = art::sticker();
    assert!(still.len() < 100 << 10);
    let picture = image::load_from_memory(&still)?;
    assert_eq!(
        (picture.width(), picture.height(), picture.color().has_alpha()),
        (512, 512, true)
    );
    let waving = art::animated_sticker();
    assert!(waving.len() < 500 << 10);
    let decoder = image::codecs::webp::WebPDecoder::new(std::io::Cursor::new(waving.to_vec()))?;
    assert!(decoder.has_animation());
    let frames = image::AnimationDecoder::into_frames(decoder).collect_frames()?;
    assert_eq!(frames.len(), 4);
    assert_ne!(frames[0].buffer(), frames[1].buffer());
    Ok(())
}

#[test]
fn the_voice_note_is_five_seconds_of_mono_opus() -> anyhow::Result<()> {
    let mut reader = ogg::PacketReader::new(std::io::Cursor::new(art::voice()));
    let head = reader.read_packet_expected()?;
    assert_eq!(
        (head.data.get(..8), head.data.get(9)),
        (Some(&b"OpusHead"[..]), Some(&1))
    );
    reader.read_packet_expected()?;
    let mut decoder = ropus::Decoder::new(24_000, ropus::Channels::Mono)?;
    let (mut samples, mut loudest, mut end) = (0, 0, 0);
    while let Some(packet) = reader.read_packet()? {
        let mut pcm = vec![0_i16; 2_880];
        let count = decoder.decode(&packet.data, &mut pcm, ropus::DecodeMode::Normal)?;
        samples += count;
        loudest = loudest.max(
            pcm.iter()
                .take(count)
                .map(|value| value.unsigned_abs())
                .max()
                .unwrap_or(0),
        );
        end = packet.absgp_page();
    }
    assert_eq!((samples, end), (120_000, 240_000));
    assert!(loudest > 3_000, "{loudest}");
    Ok(())
}

#[test]
fn the_film_can_be_played_from_its_beginning_and_the_paper_points_at_its_objects() -> anyhow::Result<()> {
    let film = art::video();
    let place = |name: &[u8]| film.windows(4).position(|part| part == name).context("an atom");
    assert_eq!(place(b"ftyp")?, 4);
    assert!(
        place(b"moov")? < place(b"mdat")?,
        "a player may begin before all is there"
    );
    assert!(film.windows(4).any(|part| part == b"avc1"));

    let paper = art::pdf(&["Heading (1)", "Zeile für Zeile"]);
    let text = String::from_utf8_lossy(&paper).into_owned();
    let table: usize = text
        .rsplit("startxref\n")
        .next()
        .and_then(|rest| rest.lines().next())
        .context("a table")?
        .parse()?;
    assert!(
        paper
            .get(table..)
            .is_some_and(|rest| rest.starts_with(b"xref\n0 6\n"))
    );
    let offsets = text.split("xref\n0 6\n").nth(1).context("offsets")?;
    for (number, line) in offsets.lines().skip(1).take(5).enumerate() {
        let at: usize = line.split(' ').next().context("an offset")?.parse()?;
        assert!(
            paper
                .get(at..)
                .is_some_and(|rest| rest.starts_with(format!("{} 0 obj", number + 1).as_bytes())),
            "{line}"
        );
    }
    assert!(text.contains("Heading \\(1\\)"));
    Ok(())
}
