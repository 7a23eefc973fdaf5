//! News of account and templates: they go to the address of the whole app, never to that of a number
//! (whatsapp-cloud-api, section 1.5).

use super::{Switchboard, chain};
use crate::account::{VERIFY_TOKEN, account, secret};
use crate::commands::CommandError;
use channels::whatsapp::setup::{App, FIELDS};
use channels::whatsapp::{Account, CallFailure};
use domain::ChannelId;
use store::StoreError;
use vault::Secret;

/// Sets the app's address to ours, with all the news it had before and those we read.
pub(super) async fn set(
    board: &Switchboard,
    account: &Account,
    url: &str,
    verify_token: &Secret,
) -> Result<(), CallFailure> {
    let (app_id, _) = board.graph.app_of_token(account).await?;
    let app = App {
        base_url: account.base_url.clone(),
        version: account.version.clone(),
        app_id,
        app_secret: account.app_secret.clone(),
    };
    let set = board
        .graph
        .set_app_callback(&app, url, verify_token, &FIELDS)
        .await?;
    if !set.left_out.is_empty() {
        tracing::info!(fields = ?set.left_out, "Meta does not know these news");
    }
    Ok(())
}

/// Lets the news of a channel's account come here.
pub(super) async fn take(board: &Switchboard, id: &ChannelId) -> Result<(), CommandError> {
    let closed = || StoreError::Conflict(super::words::TUNNEL_CLOSED.to_owned());
    let base = board
        .way
        .status()
        .online()
        .map(str::to_owned)
        .ok_or_else(closed)?;
    let wanted = id.clone();
    let (channel, path) = board
        .store
        .read(move |reader| {
            let channel = reader.channel(&wanted)?;
            let path = reader.endpoint(channel.endpoint_id)?.path;
            Ok((channel, path))
        })
        .await?;
    if channel.forgotten_at.is_some() {
        return Err(StoreError::NotFound {
            what: "channel",
            id: id.to_string(),
        }
        .into());
    }
    let url = format!("{base}{path}");
    let missing = |words: String| CommandError::Secrets(words);
    let account = account(&board.vault, &channel)
        .await
        .map_err(|trouble| missing(trouble.to_string()))?;
    let verify_token = secret(&board.vault, &channel, VERIFY_TOKEN)
        .await
        .map_err(|error| missing(error.to_string()))?
        .ok_or_else(|| missing("The verify token is missing. Connect the number again.".to_owned()))?;
    {
        let _turn = board.registrar.turn.lock().await;
        set(board, &account, &url, &verify_token)
            .await
            .map_err(CommandError::Provider)?;
    }
    // Reads back where they go now.
    chain::register(board, id, true).await?;
    Ok(())
}
