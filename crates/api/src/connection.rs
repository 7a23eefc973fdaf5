//! Commands about the connection: tunnel, registration, checks, what happened meanwhile.

use crate::args::{ChannelArgs, SaveTunnel};
use crate::error::ApiError;
use crate::present;
use crate::router::{bad_field, done, read, word, write};
use crate::views::{ConnectionView, TunnelView};
use domain::ChannelId;
use engine::{Engine, NewTunnel};
use serde_json::Value;
use vault::Secret;

/// Carries out such a command; `None` when it is none.
pub(crate) async fn call(engine: &Engine, command: &str, args: Value) -> Option<Result<Value, ApiError>> {
    Some(match command {
        "tunnel" => written_tunnel(engine).await,
        "save_tunnel" => save_tunnel(engine, args).await,
        "retry_tunnel" => retry_tunnel(engine).await,
        "connection" => written(engine, channel(args)).await,
        "register_webhook" => register_webhook(engine, args).await,
        "take_news" => take_news(engine, args).await,
        "check_channel" => check_channel(engine, args).await,
        "away" => away(engine).await,
        "see_away" => done(engine.see_away().await),
        "diagnostics" => diagnostics(engine).await,
        _ => return None,
    })
}

/// Returns how the internet reaches this computer, as a window shows it.
pub(crate) async fn tunnel_view(engine: &Engine) -> Result<TunnelView, ApiError> {
    let (facts, secrets, programs) =
        tokio::join!(engine.tunnel(), engine.tunnel_secrets(), engine.tunnel_programs());
    Ok(present::connection::tunnel(
        &facts?,
        &secrets,
        &programs,
        engine.now(),
    ))
}

/// Returns how a channel is connected, as a window shows it.
pub(crate) async fn connection_view(engine: &Engine, id: &ChannelId) -> Result<ConnectionView, ApiError> {
    let health = engine.channel_health(id).await?;
    let endpoint = health.channel.endpoint_id;
    let former = engine
        .store()
        .read(move |reader| Ok(reader.endpoint(endpoint)?.former_until))
        .await?;
    let (tunnel, secrets) = tokio::join!(engine.tunnel(), engine.channel_secrets(id));
    Ok(present::connection::connection(
        &health,
        &tunnel?,
        &secrets,
        former,
        engine.now(),
    ))
}

fn channel(args: Value) -> Result<ChannelId, ApiError> {
    let args: ChannelArgs = read(args)?;
    Ok(ChannelId::from(args.channel_id))
}

async fn written_tunnel(engine: &Engine) -> Result<Value, ApiError> {
    write(&tunnel_view(engine).await?)
}

async fn written(engine: &Engine, id: Result<ChannelId, ApiError>) -> Result<Value, ApiError> {
    write(&connection_view(engine, &id?).await?)
}

/// Reads what is to be chosen.
pub(crate) fn new_tunnel(args: SaveTunnel) -> Result<NewTunnel, ApiError> {
    if args.kind.is_empty() {
        return Err(bad_field(
            "kind",
            "Choose how the internet reaches this computer.",
        ));
    }
    let secret = |text: Option<String>| text.filter(|text| !text.trim().is_empty()).map(Secret::new);
    Ok(NewTunnel {
        kind: word("kind", &args.kind)?,
        authtoken: secret(args.authtoken),
        domain: args.domain,
        url: args.url,
        tunnel_token: secret(args.tunnel_token),
        port: args.port,
        lan: args.lan,
    })
}

async fn save_tunnel(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    engine.save_tunnel(new_tunnel(read(args)?)?).await?;
    written_tunnel(engine).await
}

async fn retry_tunnel(engine: &Engine) -> Result<Value, ApiError> {
    engine.retry_tunnel().await?;
    written_tunnel(engine).await
}

async fn register_webhook(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let id = channel(args)?;
    engine.register_now(&id).await?;
    written(engine, Ok(id)).await
}

async fn take_news(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let id = channel(args)?;
    engine.take_news(&id).await?;
    written(engine, Ok(id)).await
}

async fn check_channel(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let id = channel(args)?;
    engine.check_now(&id).await?;
    written(engine, Ok(id)).await
}

async fn away(engine: &Engine) -> Result<Value, ApiError> {
    write(&present::connection::away(&engine.away().await?))
}

async fn diagnostics(engine: &Engine) -> Result<Value, ApiError> {
    let (inventory, health) = (engine.inventory().await?, engine.health().await?);
    write(&present::diagnostics::file(&inventory, &health))
}
