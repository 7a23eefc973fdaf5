//! `channel add` and `channel check`.

use crate::cli::{AddArgs, CheckArgs, VaultChoice};
use crate::{Trouble, print_line};
use domain::{ChannelId, Timestamp};
use engine::{ChannelConfig, CheckedChannel, Clock as _, SetupError, SystemClock};
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
    match engine::check_channel(&store, &vault, &id, SystemClock.now()).await {
        Ok(checked) => Ok(print_line(&report(&id, &checked).to_string())?),
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

/// What a script reads: the number first, as always, then keys, account and where webhooks go.
fn report(id: &ChannelId, checked: &CheckedChannel) -> serde_json::Value {
    let number = &checked.number;
    let (app_id, app_name) = match &checked.keys {
        Ok((id, name)) => (Some(id), name.as_ref()),
        Err(trouble) => (trouble.app_id.as_ref(), None),
    };
    let token = checked.token.as_ref();
    let account = checked.account.as_ref().and_then(|account| account.as_ref().ok());
    let proofs: Vec<_> = checked
        .proofs()
        .into_iter()
        .map(|(field, good, words)| json!({"field": field, "ok": good, "words": words}))
        .collect();
    json!({
        "channel_id": id.as_str(),
        "ok": true,
        "display_phone_number": number.display_phone_number,
        "verified_name": number.verified_name,
        "quality_rating": number.quality_rating,
        "status": number.status,
        "can_send_message": number.can_send_message,
        "proofs": proofs,
        "app_id": app_id,
        "app_name": app_name,
        "token_never_expires": token.map(|token| token.endless),
        "token_expires_at": token.and_then(engine::KnownToken::ends_at).map(Timestamp::to_rfc3339),
        "business_account_id": account.map(|account| &account.id),
        "business_account_name": account.and_then(|account| account.name.as_ref()),
        "account_review_status": account.and_then(|account| account.review.as_ref()),
        "subscribed": checked.subscribed,
        "callback_url": number.webhook_url,
        "callback_is_ours": checked.comes_here,
    })
}
