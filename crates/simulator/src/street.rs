//! The way from Meta to us: subscription with its handshake, and signed deliveries with retries
//! (`whatsapp-cloud-api.md` 1.1 to 1.3).

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use bytes::Bytes;
use tokio::sync::watch;

use crate::management::{Target, overridable};
use crate::meta::Inner;
use crate::webhook::{Change, Number, Style, envelope, sign};

/// How deliveries travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Street {
    /// How JSON is written.
    pub style: Style,
    /// How often every body is posted; 1 is once.
    pub copies: u8,
    /// Each delivery starts after a random delay between these two. A span shuffles deliveries.
    pub delay: (Duration, Duration),
    /// Posts tried per copy before giving up. Meta goes on for 7 days; a simulation should end.
    pub attempts: u32,
    /// Pause after the first refused post; doubles up to `longest_pause`.
    pub first_pause: Duration,
    /// Longest pause between two posts.
    pub longest_pause: Duration,
}

impl Default for Street {
    fn default() -> Self {
        Self {
            style: Style::Escaped,
            copies: 1,
            delay: (Duration::ZERO, Duration::ZERO),
            attempts: 40,
            first_pause: Duration::from_millis(50),
            longest_pause: Duration::from_secs(1),
        }
    }
}

/// Where the webhooks of a number go.
#[derive(Debug, Clone)]
pub(crate) struct Subscription {
    pub(crate) url: String,
    /// The app that set it as an override; none when a test set it by hand.
    pub(crate) app_id: Option<String>,
}

/// How far a delivery got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Not yet acknowledged.
    Underway,
    /// Every copy was answered with 200.
    Acknowledged {
        /// Posts it took, all copies together.
        posts: u32,
    },
    /// At least one copy was never answered with 200.
    GivenUp {
        /// The last answer, or what went wrong.
        last: String,
    },
}

/// Follows one delivery. May be dropped; the delivery goes on.
#[derive(Debug, Clone)]
pub struct Receipt(watch::Receiver<Progress>);

impl Receipt {
    /// Waits until the delivery has been acknowledged with 200 and says how many posts it took.
    ///
    /// # Errors
    /// When it was given up, or not acknowledged within `timeout`.
    pub async fn acknowledged(&self, timeout: Duration) -> anyhow::Result<u32> {
        match self.ended(timeout).await? {
            Progress::Acknowledged { posts } => Ok(posts),
            other => bail!("the webhook was not acknowledged: {other:?}"),
        }
    }

    /// Waits until the delivery has ended either way.
    ///
    /// # Errors
    /// When it has not ended within `timeout`, or the simulator was stopped.
    pub async fn ended(&self, timeout: Duration) -> anyhow::Result<Progress> {
        let mut progress = self.0.clone();
        let ended = tokio::time::timeout(timeout, progress.wait_for(|now| *now != Progress::Underway)).await;
        Ok(ended
            .context("the delivery is still under way")?
            .context("the simulator was stopped")?
            .clone())
    }
}

/// Calls the address as Meta does when it is set (section 1.1): the answer must be 200 and exactly the challenge.
pub(crate) async fn handshake(
    client: &reqwest::Client,
    url: &str,
    verify_token: &str,
    challenge: &str,
) -> anyhow::Result<()> {
    let query = [
        ("hub.mode", "subscribe"),
        ("hub.challenge", challenge),
        ("hub.verify_token", verify_token),
    ];
    let answer = client
        .get(url)
        .header("user-agent", "facebookplatform/1.0")
        .query(&query)
        .send()
        .await
        .context("callback verification failed: no answer")?;
    let status = answer.status();
    ensure!(
        status == reqwest::StatusCode::OK,
        "callback verification failed: HTTP {status}"
    );
    let body = answer
        .bytes()
        .await
        .context("callback verification failed: no body")?;
    ensure!(
        body.as_ref() == challenge.as_bytes(),
        "callback verification failed: the answer is not the challenge"
    );
    Ok(())
}

/// A body, and the fields in it: they decide where it goes.
#[derive(Debug)]
struct Parcel {
    fields: Vec<String>,
    body: Bytes,
}

/// Builds, signs and posts in the background. While nobody has subscribed, posts fail and are tried again.
pub(crate) fn deliver(inner: &Arc<Inner>, phone_number_id: &str, changes: Vec<Change>) -> Receipt {
    inner.hear(&changes);
    let (style, undivided) = {
        let state = inner.state();
        (state.street.style, state.undivided(phone_number_id))
    };
    // What follows overrides travels together, every other field for itself.
    let mut piles: Vec<(String, Vec<Change>)> = Vec::new();
    for change in changes {
        let name = if undivided || overridable(&change.field) {
            String::new()
        } else {
            change.field.clone()
        };
        match piles.iter_mut().find(|(pile, _)| *pile == name) {
            Some((_, pile)) => pile.push(change),
            None => piles.push((name, vec![change])),
        }
    }
    let parcels = piles
        .into_iter()
        .map(|(_, changes)| Parcel {
            fields: changes.iter().map(|change| change.field.clone()).collect(),
            body: Bytes::from(style.encode(&envelope(changes))),
        })
        .collect();
    send_off(inner, phone_number_id, parcels)
}

/// As [`deliver`], with a body made elsewhere; it goes where messages go.
pub(crate) fn deliver_bytes(inner: &Arc<Inner>, phone_number_id: &str, body: Bytes) -> Receipt {
    let parcel = Parcel {
        fields: vec!["messages".to_owned()],
        body,
    };
    send_off(inner, phone_number_id, vec![parcel])
}

fn send_off(inner: &Arc<Inner>, phone_number_id: &str, parcels: Vec<Parcel>) -> Receipt {
    let (progress, receipt) = watch::channel(Progress::Underway);
    let street = inner.state().street.clone();
    inner.under_way.send_modify(|count| *count += 1);
    let ticket = Ticket(Arc::clone(inner));
    let number = phone_number_id.to_owned();
    inner.tasks.spawn(async move {
        let inner = &ticket.0;
        let travel = travel(inner, &number, &parcels, &street);
        if let Some(end) = inner.stop.run_until_cancelled(travel).await {
            progress.send_replace(end);
        }
    });
    Receipt(receipt)
}

/// Counts a delivery as under way until dropped.
#[derive(Debug)]
struct Ticket(Arc<Inner>);

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0
            .under_way
            .send_modify(|count| *count = count.saturating_sub(1));
    }
}

async fn travel(inner: &Arc<Inner>, number: &str, parcels: &[Parcel], street: &Street) -> Progress {
    let mut copies = Vec::new();
    let all = (0..street.copies.max(1)).flat_map(|_| parcels);
    for parcel in all {
        let wait = inner.dice.between(street.delay.0, street.delay.1);
        copies.push(async move {
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
            post_until_acknowledged(inner, number, parcel, street).await
        });
    }
    let mut posts = 0;
    for end in futures_util::future::join_all(copies).await {
        match end {
            Ok(count) => posts += count,
            Err(last) => return Progress::GivenUp { last },
        }
    }
    Progress::Acknowledged { posts }
}

/// Only 200 counts (section 1.3). Address and secret are looked up for every post, so that a receiver that came back
/// at another address gets what it missed.
async fn post_until_acknowledged(
    inner: &Inner,
    number: &str,
    parcel: &Parcel,
    street: &Street,
) -> Result<u32, String> {
    let mut pause = street.first_pause;
    let mut last = "no post was tried".to_owned();
    for attempt in 1..=street.attempts.max(1) {
        if attempt > 1 {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(street.longest_pause);
        }
        last = match post(inner, number, parcel).await {
            Ok(200) => return Ok(attempt),
            Ok(status) => format!("HTTP {status}"),
            Err(error) => format!("{error:#}"),
        };
        tracing::debug!(attempt, last, "webhook not acknowledged");
    }
    Err(last)
}

async fn post(inner: &Inner, number: &str, parcel: &Parcel) -> anyhow::Result<u16> {
    let Target { url, secret } = {
        let state = inner.state();
        let known = |known: &Number| known.phone_number_id == number;
        ensure!(state.numbers.iter().any(known), "no such number");
        let target = state.target(number, &parcel.fields);
        target.context("nobody has subscribed")?
    };
    let _turn = inner.lanes.acquire().await?;
    let request = inner
        .client()
        .post(url)
        .header("content-type", "application/json")
        .header("user-agent", "facebookexternalua")
        .header("x-hub-signature-256", sign(&secret, &parcel.body))
        .body(parcel.body.clone());
    Ok(request.send().await?.status().as_u16())
}
