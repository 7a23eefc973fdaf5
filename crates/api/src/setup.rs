//! Commands about setting a number up and about its keys.

use crate::args::{
    ChannelArgs, FinishSetup, RegisterNumber, ReplaceKeys, SetupCredentials, SetupNumberArgs, SetupPageArgs,
    TestReply,
};
use crate::error::ApiError;
use crate::router::{done, read, word, write};
use crate::{connection, present};
use domain::ChannelId;
use engine::{Engine, Entered, NewKeys, Setup};
use serde_json::Value;
use vault::Secret;

/// Carries out such a command; `None` when it is none.
pub(crate) async fn call(engine: &Engine, command: &str, args: Value) -> Option<Result<Value, ApiError>> {
    Some(match command {
        "setup" => match engine.setup().await {
            Ok(setup) => shown(engine, setup).await,
            Err(error) => Err(error.into()),
        },
        "begin_setup" => match engine.begin_setup().await {
            Ok(setup) => shown(engine, setup).await,
            Err(error) => Err(error.into()),
        },
        "setup_page" => page(engine, args).await,
        "setup_credentials" => credentials(engine, args).await,
        "setup_number" => number(engine, args).await,
        "register_number" => register(engine, args).await,
        "connect_setup" => match engine.connect_setup().await {
            Ok(setup) => shown(engine, setup).await,
            Err(error) => Err(error.into()),
        },
        "test_reply" => test_reply(engine, args).await,
        "finish_setup" => finish(engine, args).await,
        "cancel_setup" => done(engine.cancel_setup().await),
        "replace_keys" => replace_keys(engine, args).await,
        "forget_channel" => forget(engine, args).await,
        _ => return None,
    })
}

/// Shows a set-up, with the tunnel it needs.
async fn shown(engine: &Engine, setup: Setup) -> Result<Value, ApiError> {
    let tunnel = connection::tunnel_view(engine).await?;
    let facts = engine.tunnel().await?;
    write(&present::setup::setup(&setup, tunnel, &facts, engine.now()))
}

async fn page(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SetupPageArgs = read(args)?;
    let page = word("page", &args.page)?;
    shown(engine, engine.setup_page(page).await?).await
}

async fn credentials(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SetupCredentials = read(args)?;
    let entered = Entered {
        access_token: args.access_token.map(Secret::new),
        app_secret: args.app_secret.map(Secret::new),
        app_id: args.app_id,
    };
    shown(engine, engine.setup_credentials(entered).await?).await
}

async fn number(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SetupNumberArgs = read(args)?;
    let setup = engine.setup_number(&args.account_id, &args.number_id).await?;
    shown(engine, setup).await
}

async fn register(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: RegisterNumber = read(args)?;
    let channel = args.channel_id.map(ChannelId::from);
    let registered = engine
        .register_number(channel, Secret::new(args.pin), args.confirmed)
        .await;
    done(registered)
}

async fn test_reply(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: TestReply = read(args)?;
    shown(engine, engine.test_reply(args.text).await?).await
}

async fn finish(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: FinishSetup = read(args)?;
    let mode = word("mode", &args.mode)?;
    shown(engine, engine.finish_setup(mode).await?).await
}

async fn replace_keys(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ReplaceKeys = read(args)?;
    let channel = ChannelId::from(args.channel_id);
    let new = NewKeys {
        access_token: args.access_token.map(Secret::new),
        app_secret: args.app_secret.map(Secret::new),
    };
    engine.replace_keys(&channel, new).await?;
    write(&connection::connection_view(engine, &channel).await?)
}

async fn forget(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ChannelArgs = read(args)?;
    done(engine.forget_channel(&ChannelId::from(args.channel_id)).await)
}
