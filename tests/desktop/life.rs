//! Starting, closing, coming back, ending.

use anyhow::{Result, ensure};

use crate::bus::Tray;
use crate::stage::Stage;

const DEMO: &str = "Deskbell — Demo";

#[tokio::test]
async fn asked_to_end_it_exits_with_0_and_remembers_its_size() -> Result<()> {
    let stage = Stage::set("remembers").await?;
    let mut screen = stage.screen()?;
    let mut app = stage.start(&["--demo"]).await?;
    let window = screen.window(DEMO, true).await?;
    screen.resize(&window, (901, 603))?;
    screen.sized(DEMO, (901, 603)).await?;
    app.signal("TERM")?;
    let ended = app.ends().await?;
    assert_eq!(ended.code(), Some(0), "{}", app.said());

    let mut again = stage.start(&["--demo"]).await?;
    screen.sized(DEMO, (901, 603)).await?;
    again.signal("INT")?;
    assert_eq!(again.ends().await?.code(), Some(0));
    Ok(())
}

#[tokio::test]
async fn without_a_tray_closing_the_window_quits() -> Result<()> {
    let stage = Stage::set("quits").await?;
    let mut screen = stage.screen()?;
    let mut app = stage.start(&["--demo"]).await?;
    let window = screen.window(DEMO, true).await?;
    screen.close(&window)?;
    assert_eq!(app.ends().await?.code(), Some(0), "{}", app.said());
    Ok(())
}

#[tokio::test]
async fn with_a_tray_a_closed_window_waits_and_a_second_start_brings_it_back() -> Result<()> {
    let stage = Stage::set("tray").await?;
    let mut tray = Tray::put(&stage).await?;
    let mut screen = stage.screen()?;
    let mut app = stage.start(&["--demo"]).await?;
    tray.icon().await?;
    let window = screen.window(DEMO, true).await?;
    screen.close(&window)?;
    screen.window(DEMO, false).await?;
    ensure!(app.runs()?, "closing ended it: {}", app.said());

    let mut quiet = stage.launch(&["--demo", "--hidden"])?;
    assert_eq!(quiet.ends().await?.code(), Some(0), "{}", quiet.said());
    screen.window(DEMO, false).await?;

    let mut second = stage.launch(&["--demo"])?;
    assert_eq!(second.ends().await?.code(), Some(0), "{}", second.said());
    screen.window(DEMO, true).await?;
    ensure!(app.runs()?, "the second start ended the first: {}", app.said());
    Ok(())
}

#[tokio::test]
async fn started_hidden_it_stays_out_of_sight_only_where_a_tray_shows_it() -> Result<()> {
    let stage = Stage::set("hidden").await?;
    let mut screen = stage.screen()?;
    {
        let _app = stage.start(&["--demo", "--hidden"]).await?;
        screen.window(DEMO, true).await?;
    }
    let _tray = Tray::put(&stage).await?;
    let app = stage.launch(&["--demo", "--hidden"])?;
    app.logs("out of sight").await?;
    let shown = screen.windows()?.into_iter().find(|window| window.shown);
    assert_eq!(shown, None);
    stage.launch(&["--demo"])?.ends().await?;
    screen.window(DEMO, true).await?;
    Ok(())
}

#[tokio::test]
async fn without_a_screen_it_says_so_in_one_sentence() -> Result<()> {
    let stage = Stage::set("screenless").await?;
    let output = stage.deskbell(&[]).env_remove("DISPLAY").output()?;
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr)?;
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.contains("graphical session") && said.contains("deskbelld"),
        "{said}"
    );
    Ok(())
}

#[tokio::test]
async fn the_command_line_answers_for_itself() -> Result<()> {
    let stage = Stage::set("line").await?;
    let version = stage.deskbell(&["--version"]).output()?;
    assert_eq!(version.status.code(), Some(0));
    assert_eq!(
        String::from_utf8(version.stdout)?,
        format!("deskbell {}\n", env!("CARGO_PKG_VERSION"))
    );
    let help = String::from_utf8(stage.deskbell(&["--help"]).output()?.stdout)?;
    for option in ["--demo", "--data-dir", "--vault", "--hidden"] {
        assert!(help.contains(option), "{help}");
    }
    let wrong = stage.deskbell(&["--vault", "drawer"]).output()?;
    assert_eq!(wrong.status.code(), Some(2));
    Ok(())
}
