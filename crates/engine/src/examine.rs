//! How things stand, asked from outside: with or without a Deskbell that runs on the same data.

use crate::account::{SecretTrouble, account};
use crate::health::{Health, Issue, Live, Severity, Topic, gather};
use crate::tunnel::TunnelFacts;
use domain::{Timestamp, TunnelKind};
use gateway::tunnel::{TunnelPhase, TunnelStatus};
use std::time::Duration;
use store::{Registration, Store, StoreError, is_in_use};
use url::Url;
use vault::Vault;

/// A Deskbell that listens says so every half minute; after this time without a word it does not.
const SAYS_SO: Duration = Duration::from_mins(2);

/// Returns how things stand, as far as data and vault tell. Changes nothing.
pub async fn examine(store: &Store, vault: &Vault, now: Timestamp) -> Result<Health, StoreError> {
    let runs = is_in_use(store.directory());
    let (channels, registrations, alive_at) = store
        .read(|reader| {
            Ok((
                reader.channels()?,
                reader.registrations()?,
                reader.listening_until()?,
            ))
        })
        .await?;
    let listens = runs && alive_at.is_some_and(|at| now.since(at) < SAYS_SO);
    let mut issues = Vec::new();
    if !runs {
        issues.push(Issue {
            topic: Topic::NotRunning,
            severity: Severity::Bad,
        });
    }
    for channel in &channels {
        let trouble = match account(vault, channel).await {
            Ok(_) => continue,
            Err(SecretTrouble::Vault(error)) => error.to_string(),
            Err(missing @ SecretTrouble::Missing(_)) => format!("{}: {missing}", channel.name),
        };
        issues.push(Issue {
            topic: Topic::SecretsUnreadable(trouble),
            severity: Severity::Bad,
        });
        break;
    }
    let base = registrations.iter().find_map(base_of).filter(|_| listens);
    let mut tunnel = TunnelFacts::kept(store, now).await?;
    // Chosen at the command line, it stands in no setting; but it is registered.
    if tunnel.kind == TunnelKind::None
        && let Some(base) = &base
    {
        tunnel.chosen = true;
        tunnel.kind = if base.contains(".ngrok") {
            TunnelKind::Ngrok
        } else {
            TunnelKind::Url
        };
    }
    tunnel.status = TunnelStatus {
        phase: match (tunnel.kind, listens) {
            (TunnelKind::None, _) => TunnelPhase::Off,
            (_, true) => TunnelPhase::Online,
            (_, false) => TunnelPhase::Waiting,
        },
        url: base.clone(),
        since: alive_at.unwrap_or(now),
        ..tunnel.status
    };
    let live = Live {
        receives: runs,
        webhook_url: None,
        issues,
        tunnel,
        base,
    };
    gather(store, vault, live, now).await
}

/// The public address in a registration that worked.
fn base_of(registration: &Registration) -> Option<String> {
    let url = Url::parse(registration.callback_url.as_deref()?).ok()?;
    registration.is_done().then(|| url.origin().ascii_serialization())
}
