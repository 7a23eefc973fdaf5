//! What stands around a shop that is being set up: Meta with the owner's account, a tunnel provider's edge, and people
//! with telephones.

use anyhow::{Context as _, Result, ensure};
use simulator::{Account, App, Customer, Edge, Meta, Number, RecordedSend, Standing, StatusPlan, Token};

use crate::page::Page;
use crate::stage::{Stage, until};

/// The number that is connected already as far as Meta is concerned.
pub const NUMBER: &str = "512000000000031";
/// One that has to be registered with a PIN first.
pub const UNREGISTERED: &str = "512000000000032";
/// How the numbers are shown.
pub const PHONE: &str = "+44 7700 900131";
pub const UNREGISTERED_PHONE: &str = "+44 7700 900132";
/// What the owner pastes.
pub const TOKEN: &str = "EAAGlazeTokenOfTheSystemUser7341";
pub const APP_SECRET: &str = "fedcba98765432100123456789ab5c2d";
/// What fits no app.
pub const WRONG_SECRET: &str = "0000000000000000000000000000beef";

const ACCOUNT: &str = "398000000000031";
const APP: &str = "700000000000031";

/// The owner's telephone.
pub fn owner() -> Customer {
    Customer::phone("Rosa Lindqvist", "447700900177")
}

/// A shop with nothing in it, and the world around it.
pub struct Town {
    pub stage: Stage,
    pub meta: Meta,
    pub edge: Edge,
}

impl Town {
    /// Puts the world around a stage.
    pub async fn around(stage: Stage) -> Result<Self> {
        let (meta, edge) = (Meta::start().await?, Edge::start().await?);
        meta.reach_through(edge.addr(), &edge.ca_pem())?;
        meta.add_app(App::new(APP, "Glaze desk", APP_SECRET));
        meta.set_account(Account::new(ACCOUNT, "Glaze & Daughters"));
        for (id, phone) in [(NUMBER, PHONE), (UNREGISTERED, UNREGISTERED_PHONE)] {
            let mut number = Number::new(id, ACCOUNT, phone, "token of nobody", APP_SECRET).of_app(APP);
            "Glaze".clone_into(&mut number.verified_name);
            meta.add_number(number);
        }
        meta.set_standing(UNREGISTERED, Standing::unregistered());
        meta.add_token(Token::new(TOKEN, &[ACCOUNT]).of_app(APP));
        meta.set_statuses(StatusPlan::immediate());
        std::fs::write(stage.home().join("edge.pem"), edge.ca_pem())?;
        Ok(Self { stage, meta, edge })
    }

    /// Opens the window of the shop.
    pub async fn open(&self) -> Result<Page> {
        // The bus hears a little later that a window was killed; until then the next one would take itself for a second.
        let bus = self.stage.bus().await?;
        let names = zbus::fdo::DBusProxy::new(&bus).await?;
        until("the window of before is forgotten", async || {
            let known = names.list_names().await?;
            ensure!(
                !known.iter().any(|name| name.starts_with("app.deskbell")),
                "it is still known"
            );
            Ok(())
        })
        .await?;
        let home = self.stage.home();
        let (shop, authority) = (home.join("shop"), home.join("edge.pem"));
        let server = self.edge.agent_server();
        Page::open(
            &self.stage,
            &[
                "--data-dir",
                shop.to_str().context("a folder's name")?,
                "--graph-url",
                self.meta.graph_url(),
                "--ngrok-server",
                &server,
                "--ngrok-ca",
                authority.to_str().context("a file's name")?,
            ],
        )
        .await
    }

    /// The owner takes a telephone and writes to a number.
    pub fn writes(&self, number: &str, text: &str) -> Result<()> {
        self.meta.customer_writes(number, &owner(), text).map(drop)
    }

    /// What has arrived on telephones.
    pub fn arrived(&self) -> Vec<RecordedSend> {
        let mut sends = self.meta.sends();
        sends.retain(|send| send.outcome.is_taken());
        sends
    }

    /// Fails unless Meta calls this number's messages to an address of the tunnel.
    pub fn leads_here(&self, number: &str) -> Result<()> {
        let [own, ..] = self.meta.callbacks(number);
        let own = own.context("Meta was told no address")?;
        let online = self.edge.online();
        ensure!(
            online
                .iter()
                .any(|name| own.starts_with(&format!("https://{name}/"))),
            "Meta calls {own}, the tunnel is at {online:?}"
        );
        Ok(())
    }
}
