//! A door with a file behind it, and a keeper of its tunnel.

use domain::{ChannelKind, EndpointId, Timestamp};
use gateway::tunnel::{Dialer, Keeper, Ngrok, NgrokServer, Pipe, TunnelConfig, TunnelPhase, TunnelStatus};
use gateway::{Door, Doorplate, Now, Street};
use simulator::Edge;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{Access, Store};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use vault::Secret;

pub(crate) const SECRET: &str = "the app secret of this test";
pub(crate) const TOKEN: &str = "open sesame";
pub(crate) const PATH: &str = "/hooks/tunnel";
const BEGINNING: i64 = 1_794_301_200_000;

/// A door with one address, on a file of its own.
pub(crate) struct House {
    _folder: TempDir,
    pub(crate) store: Store,
    pub(crate) door: Arc<Door>,
    pub(crate) street: Street,
    pub(crate) endpoint: EndpointId,
    pub(crate) now: Now,
}

impl House {
    pub(crate) fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write).unwrap();
        let began = Instant::now();
        // Runs along with tokio's clock, which tests may stop and put forward.
        let now: Now = Arc::new(move || Timestamp(BEGINNING).plus(began.elapsed()));
        let door = Door::new(store.clone(), Arc::clone(&now));
        let endpoint = EndpointId(1);
        let plate = Doorplate {
            endpoint,
            kind: ChannelKind::WhatsappCloud,
            secrets: vec![Secret::new(SECRET)],
            verify_tokens: vec![Secret::new(TOKEN)],
        };
        door.set_plates(HashMap::from([(PATH.to_owned(), plate)]));
        let street = Street::new(Arc::clone(&door));
        Self {
            _folder: folder,
            store,
            door,
            street,
            endpoint,
            now,
        }
    }

    /// Puts the endpoint into the file, which posts need.
    pub(crate) async fn furnished() -> Self {
        let house = Self::open();
        let endpoint = house
            .store
            .write(|t| t.add_endpoint(PATH, ChannelKind::WhatsappCloud, "print", Timestamp(0)))
            .await
            .unwrap();
        assert_eq!(endpoint, house.endpoint);
        house
    }

    /// Begins to keep a tunnel open.
    pub(crate) fn keep(&self, config: TunnelConfig) -> Kept {
        let keeper = Keeper::new(config, self.street.clone(), Arc::clone(&self.now));
        let cancel = CancellationToken::new();
        let (until, keeping) = (cancel.clone(), keeper.clone());
        let status = keeper.status();
        let task = tokio::task::spawn(async move { keeping.keep(&until).await });
        Kept {
            keeper,
            status,
            cancel,
            task,
        }
    }
}

/// A tunnel that is kept open.
pub(crate) struct Kept {
    pub(crate) keeper: Keeper,
    status: watch::Receiver<TunnelStatus>,
    cancel: CancellationToken,
    task: JoinHandle<()>,
}

impl Kept {
    pub(crate) fn now(&self) -> TunnelStatus {
        self.status.borrow().clone()
    }

    /// Waits until the tunnel stands like this, for a minute at most.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&TunnelStatus) -> bool) -> TunnelStatus {
        let seen = tokio::time::timeout(
            Duration::from_mins(1),
            self.status.wait_for(|status| wanted(status)),
        );
        seen.await.unwrap().unwrap().clone()
    }

    pub(crate) async fn phase(&mut self, phase: TunnelPhase) -> TunnelStatus {
        self.until(|status| status.phase == phase).await
    }

    /// Waits until it is online and returns the public address.
    pub(crate) async fn online(&mut self) -> String {
        self.phase(TunnelPhase::Online).await.url.unwrap()
    }

    /// Drops everything in the middle of it.
    pub(crate) async fn abort(self) {
        self.task.abort();
        drop(self.task.await);
    }

    pub(crate) async fn end(self) {
        self.cancel.cancel();
        self.task.await.unwrap();
    }
}

/// ngrok, played in memory.
pub(crate) fn in_memory(edge: &Edge, domain: Option<&str>) -> TunnelConfig {
    let dialed = edge.clone();
    TunnelConfig::Ngrok(Ngrok {
        dialer: Some(Dialer::new(move || {
            let edge = dialed.clone();
            Box::pin(async move { Ok(Box::new(edge.dial().await?) as Box<dyn Pipe>) })
        })),
        ..Ngrok::new(Secret::new(edge.token()), domain.map(str::to_owned))
    })
}

/// ngrok, played on a port, with TLS.
pub(crate) fn on_a_port(edge: &Edge) -> TunnelConfig {
    TunnelConfig::Ngrok(Ngrok {
        server: Some(NgrokServer {
            addr: edge.agent_server(),
            ca_pem: edge.ca_pem().into_bytes(),
        }),
        ..Ngrok::new(Secret::new(edge.token()), None)
    })
}

/// The visit Meta pays to an address, as a visitor in memory pays it.
pub(crate) fn visit(url: &str) -> http::Request<bytes::Bytes> {
    http::Request::get(format!(
        "{url}{PATH}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=open%20sesame"
    ))
    .body(bytes::Bytes::new())
    .unwrap()
}

/// Whether a visitor is answered by our door.
pub(crate) async fn is_answered(edge: &Edge, url: &str) -> bool {
    let answer = edge.request(visit(url)).await.unwrap();
    answer.status() == 200 && answer.body() == "1158201444"
}
