//! `doctor`: the health page for a terminal.

use crate::cli::DoctorArgs;
use crate::{Trouble, print_line};
use api::views::{Finding, Level};
use engine::{Clock as _, SystemClock};
use store::{Access, Store};

/// Says how things stand. Works beside a running Deskbell, and changes nothing.
pub(crate) async fn doctor(args: DoctorArgs) -> Result<(), Trouble> {
    let store = Store::open(&args.data.data_dir, Access::Read)?;
    let vault = args.vault.open(&args.data.data_dir).await?;
    let view = api::health_view(&engine::examine(&store, &vault, SystemClock.now()).await?);
    if args.json {
        return Ok(print_line(&serde_json::to_string(&view)?)?);
    }
    for finding in &view.findings {
        print_line(&line(finding))?;
    }
    Ok(())
}

fn line(finding: &Finding) -> String {
    let mark = match finding.level {
        Level::Ok => "ok   ",
        Level::Warn => "watch",
        Level::Bad => "BAD  ",
    };
    format!("{mark}  {}", finding.sentence)
}
