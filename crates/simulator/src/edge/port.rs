//! The one port, and who comes in by it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls::ServerConfig;
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::error::Elapsed;
use tokio_rustls::LazyConfigAcceptor;

use super::visitors::{self, Visitor};
use super::{Inner, accounts, agents};

/// How long a TLS handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Accepts until the edge is stopped.
pub(super) async fn accept(edge: Arc<Inner>, listener: TcpListener, config: Arc<ServerConfig>) {
    let stop = edge.stop.clone();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, from)) => {
                let come = come_in(Arc::clone(&edge), stream, from, Arc::clone(&config));
                edge.tasks.spawn(come);
            }
            // Out of file handles, for example; the next accept would fail at once as well.
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn come_in(edge: Arc<Inner>, stream: TcpStream, from: SocketAddr, config: Arc<ServerConfig>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot switch off the waiting for more");
    }
    let hello = LazyConfigAcceptor::new(Acceptor::default(), stream);
    let Some(Ok(Ok(hello))) = soon(&edge, hello).await else {
        return;
    };
    let name = hello.client_hello().server_name().map(str::to_ascii_lowercase);
    let public = name.filter(|name| accounts::is_public(name));
    if public.is_none() {
        // Where a network fails it does so before the handshake.
        let (outage, black_hole) = weather(&edge);
        if outage {
            return;
        }
        if black_hole {
            swallow(edge, hello).await;
            return;
        }
    }
    let Some(Ok(Ok(stream))) = soon(&edge, hello.into_stream(config)).await else {
        return;
    };
    match public {
        Some(name) => visitors::serve(edge, Visitor::new(from, &name), stream).await,
        None => agents::serve(edge, stream).await,
    }
}

/// What comes of a part of the handshake, unless it takes too long or the edge is stopped.
async fn soon<F: IntoFuture>(edge: &Inner, part: F) -> Option<Result<F::Output, Elapsed>> {
    let bounded = tokio::time::timeout(PATIENCE, part);
    edge.stop.run_until_cancelled(bounded).await
}

/// Takes an agent's byte pipe in memory.
pub(super) fn take_agent<S>(edge: &Arc<Inner>, io: S) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (outage, black_hole) = weather(edge);
    if outage {
        return Err(io::ErrorKind::ConnectionRefused.into());
    }
    let serving = Arc::clone(edge);
    edge.tasks.spawn(async move {
        if black_hole {
            swallow_pipe(serving, io).await;
        } else {
            agents::serve(serving, io).await;
        }
    });
    Ok(())
}

fn weather(edge: &Inner) -> (bool, bool) {
    let state = edge.state();
    (state.weather.outage, state.weather.black_hole)
}

/// Keeps what it is given until the black hole is over or the edge is stopped.
async fn swallow<T>(edge: Arc<Inner>, kept: T) {
    let mut changes = edge.changes.subscribe();
    let over = async { while weather(&edge).1 && changes.changed().await.is_ok() {} };
    edge.stop.run_until_cancelled(over).await;
    drop(kept);
}

/// As [`swallow`], and ends when the other side gives up.
async fn swallow_pipe(edge: Arc<Inner>, io: impl AsyncRead + AsyncWrite + Unpin) {
    let (mut from, to) = tokio::io::split(io);
    let gone = async {
        let mut piece = vec![0; 4096];
        while let Ok(1..) = from.read(&mut piece).await {}
    };
    tokio::select! {
        () = gone => {}
        () = swallow(edge, to) => {}
    }
}

/// Leads every name to one address.
#[derive(Debug)]
pub(super) struct Signpost(SocketAddr);

impl Signpost {
    pub(super) fn new(addr: SocketAddr) -> Self {
        Self(addr)
    }
}

impl Resolve for Signpost {
    fn resolve(&self, name: Name) -> Resolving {
        let addr = self.0;
        let public = accounts::is_public(name.as_str());
        Box::pin(async move {
            if !public {
                let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
                return Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs);
            }
            Ok(Box::new(std::iter::once(addr)) as Addrs)
        })
    }
}
