//! `channel add` and `channel check`.

use crate::cli::{AddArgs, CheckArgs, VaultChoice};
use crate::{Trouble, print_line};
use domain::ChannelId;
use engine::{ChannelConfig, Clock as _, SetupError, SystemClock};
use serde_json::json;
use std::io::Read as _;
use std::path::Path;
use store::JournalState;
use store::{Access, Store};

/// More than any configuration has; keeps a wrong file from being read for ever.
const LONGEST_CONFIG: u64 = 1024 * 1024;

pub(crate) async fn add(args: AddArgs) -> Result<(), Trouble> {
    if args.vault.vault == Some(VaultChoice::Memory) {
        return Err(Trouble(
            "the vault `memory` forgets everything when this command ends; use --vault keychain or --vault file"
                .to_owned(),
        ));
    }
    let json = read_config(&args.config)?;
    let config = ChannelConfig::from_json(&json)?;
    let store = Store::open(&args.data.data_dir, Access::Write)?;
    let added = async {
        let vault = args.vault.open(&args.data.data_dir).await?;
        let added = engine::add_channel(&store, &vault, config, SystemClock.now()).await?;
        // What came for this number before it was connected finds its place now.
        engine::replay(&store, &SystemClock, Some(JournalState::Unassigned), None).await?;
        Ok::<_, Trouble>(added)
    }
    .await;
    store.close().await;
    let added = added?;
    let line = json!({"channel_id": added.channel_id.as_str(), "webhook_path": added.webhook_path});
    Ok(print_line(&line.to_string())?)
}

fn read_config(path: &Path) -> Result<Vec<u8>, Trouble> {
    let mut json = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().take(LONGEST_CONFIG).read_to_end(&mut json)?;
        return Ok(json);
    }
    let file = std::fs::File::open(path)
        .map_err(|error| Trouble(format!("{} cannot be read: {error}", path.display())))?;
    file.take(LONGEST_CONFIG)
        .read_to_end(&mut json)
        .map_err(|error| Trouble(format!("{} cannot be read: {error}", path.display())))?;
    Ok(json)
}

pub(crate) async fn check(args: CheckArgs) -> Result<(), Trouble> {
    let store = Store::open(&args.data.data_dir, Access::Read)?;
    let vault = args.vault.open(&args.data.data_dir).await?;
    let id = ChannelId::from(args.id);
    match engine::check_channel(&store, &vault, &id).await {
        Ok(state) => {
            let line = json!({
                "channel_id": id.as_str(),
                "ok": true,
                "display_phone_number": state.display_phone_number,
                "verified_name": state.verified_name,
                "quality_rating": state.quality_rating,
                "status": state.status,
                "can_send_message": state.can_send_message,
            });
            Ok(print_line(&line.to_string())?)
        }
        Err(SetupError::Refused(failure)) => {
            let code = failure
                .code
                .map(|code| format!(" (code {code})"))
                .unwrap_or_default();
            Err(Trouble(format!("{failure}{code}")))
        }
        Err(error) => Err(error.into()),
    }
}
