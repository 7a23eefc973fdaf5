//! `serve` and `demo`.

use crate::cli::{DemoArgs, ServeArgs};
use crate::{Trouble, http, print_line};
use api::{Desk, DeskOptions};
use engine::{Engine, EngineOptions, TunnelChoice};
use serde_json::json;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vault::{Secret, SecretName, Vault};

pub(crate) async fn serve(args: ServeArgs) -> Result<(), Trouble> {
    let tunnel = args.tunnel.as_deref().map(check_tunnel).transpose()?;
    let public_url = match &tunnel {
        Some(TunnelChoice::Url(url)) => Some(url.clone()),
        _ => None,
    };
    // Before the vault is opened: a refused start leaves nothing behind.
    check_loopback(args.api_listen)?;
    check_loopback(args.webhook_listen)?;
    let stop = stop_signal()?;
    let vault = args.vault.open(&args.data.data_dir).await?;
    if let Some(TunnelChoice::Ngrok { authtoken: None, .. }) = &tunnel
        && vault
            .get(&SecretName::new("tunnel", "authtoken"))
            .await?
            .is_none()
    {
        return Err(Trouble(
            "ngrok needs the authtoken of your account; set DESKBELL_NGROK_AUTHTOKEN, or enter it in the window"
                .to_owned(),
        ));
    }
    let api = bind(args.api_listen).await?;
    let ngrok_server = match args.elsewhere.ngrok_server {
        Some(addr) => Some(engine::ngrok_server(addr, args.elsewhere.ngrok_ca.as_deref())?),
        None => None,
    };
    let engine = Engine::start(EngineOptions {
        webhook_listen: args.webhook_listen,
        tunnel,
        ngrok_server,
        graph_url: args.elsewhere.graph_url,
        ..EngineOptions::new(args.data.data_dir, vault)
    })
    .await?;
    answer(Desk::on(engine), api, public_url, stop).await
}

pub(crate) async fn demo(args: DemoArgs) -> Result<(), Trouble> {
    let stop = stop_signal()?;
    let api = bind(SocketAddr::from(([127, 0, 0, 1], args.port))).await?;
    let desk = Desk::open(DeskOptions {
        demo: true,
        can_open_demo: false,
        ..DeskOptions::new(PathBuf::new(), Vault::memory())
    })
    .await?;
    answer(desk, api, None, stop).await
}

/// Says where everything is, answers until the signal comes, and ends in order.
async fn answer(
    desk: Desk,
    api: TcpListener,
    public_url: Option<String>,
    stop: CancellationToken,
) -> Result<(), Trouble> {
    let address = api.local_addr()?;
    let token = http::new_token()?;
    let webhook_url = match desk.engine().await {
        Some(engine) => engine.webhook_url(),
        None => None,
    };
    let api_url = format!("http://{address}");
    let mut ready = json!({
        "event": "ready",
        "webhook_url": webhook_url,
        "api_url": api_url,
        "api_token": token.expose(),
        "ui_url": format!("{api_url}/?token={}", token.expose()),
    });
    if let (Some(public_url), Some(ready)) = (public_url, ready.as_object_mut()) {
        ready.insert("public_url".to_owned(), public_url.into());
    }
    let served = async {
        print_line(&ready.to_string())?;
        http::serve(api, desk.clone(), token, stop).await
    }
    .await;
    desk.stop().await;
    Ok(served?)
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Trouble> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Trouble(format!("{address} cannot be used: {error}; choose another port")))
}

fn check_loopback(address: SocketAddr) -> Result<(), Trouble> {
    if address.ip().is_loopback() {
        return Ok(());
    }
    Err(Trouble(format!(
        "{address} would let others in; Deskbell answers on this computer only, such as on 127.0.0.1:0"
    )))
}

/// Reads how the internet is to reach the webhooks.
fn check_tunnel(tunnel: &str) -> Result<TunnelChoice, Trouble> {
    match tunnel {
        "none" => return Ok(TunnelChoice::None),
        "ngrok" => {
            let authtoken = std::env::var("DESKBELL_NGROK_AUTHTOKEN").ok();
            return Ok(TunnelChoice::Ngrok {
                authtoken: authtoken
                    .filter(|token| !token.trim().is_empty())
                    .map(Secret::new),
                domain: None,
            });
        }
        _ => {}
    }
    let Some(address) = tunnel.strip_prefix("url:") else {
        return Err(Trouble(format!(
            "the tunnel {tunnel:?} is not known here; use --tunnel none, ngrok, or url:https://... when a proxy of your \
             own forwards to the webhook address"
        )));
    };
    let host = address
        .parse::<::http::Uri>()
        .ok()
        .filter(|uri| uri.scheme_str() == Some("https") && uri.host().is_some_and(|host| !host.is_empty()));
    if host.is_none() {
        return Err(Trouble(format!(
            "{address:?} is not an address such as https://shop.example.org; Meta calls https only"
        )));
    }
    Ok(TunnelChoice::Url(address.trim_end_matches('/').to_owned()))
}

/// Returns a token that is cancelled when the program is asked to end.
fn stop_signal() -> Result<CancellationToken, Trouble> {
    let stop = CancellationToken::new();
    let cancel = stop.clone();
    #[cfg(unix)]
    let (mut terminate, mut interrupt) = {
        use tokio::signal::unix::{SignalKind, signal};
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "lives as long as the process, before any supervisor"
    )]
    tokio::spawn(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
        cancel.cancel();
    });
    Ok(stop)
}
