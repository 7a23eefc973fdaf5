//! A shop with one number, and shorthands for what happens in it.

use domain::{
    Author, BotMode, ChannelId, ChannelKind, ConversationId, DeliveryEvent, EndpointId, Failure, Forwarded,
    Identity, IdentityKind, MessageId, MessageKind, OperatorPermit, OutboxId, Permit, Reached, Timestamp,
};
use std::time::Duration;
use store::{
    Access, Claim, Claimed, Conversation, Message, NewChannel, NewInbound, NewOutbound, Store,
    WriteTransaction,
};
use tempfile::TempDir;

/// A morning in November.
pub(crate) const NINE: Timestamp = Timestamp(1_794_301_200_000);

/// So many seconds after nine.
pub(crate) fn at(seconds: u64) -> Timestamp {
    NINE.plus(Duration::from_secs(seconds))
}

pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
    pub(crate) endpoint: EndpointId,
    pub(crate) channel: ChannelId,
}

pub(crate) fn new_channel(id: &str, endpoint: EndpointId) -> NewChannel {
    NewChannel {
        id: ChannelId::from(id),
        endpoint_id: endpoint,
        kind: ChannelKind::WhatsappCloud,
        name: format!("Shop {id}"),
        mode: BotMode::Off,
        number_id: format!("100{id}"),
        account_id: None,
        address: None,
        api_url: "http://127.0.0.1:9".to_owned(),
        api_version: "v25.0".to_owned(),
    }
}

pub(crate) fn permit() -> Permit {
    Permit::Operator(OperatorPermit::by_command())
}

pub(crate) fn wa_id(digits: &str) -> Identity {
    Identity::new(IdentityKind::WaId, digits).unwrap()
}

pub(crate) fn event(reached: Reached, seconds: u64) -> DeliveryEvent {
    DeliveryEvent {
        reached,
        at: at(seconds),
        failure: (reached == Reached::Failed).then(|| Failure {
            code: Some(131_026),
            subcode: None,
            title: "Message undeliverable".to_owned(),
            detail: None,
        }),
    }
}

/// Stores a text of a customer, as ingest does.
pub(crate) fn take_text(
    transaction: &mut WriteTransaction<'_>,
    channel: &ChannelId,
    who: &str,
    wamid: &str,
    text: &str,
    now: Timestamp,
) -> Result<(ConversationId, Option<MessageId>), store::StoreError> {
    take_late_text(transaction, channel, who, wamid, text, (now, now))
}

/// A text that was written at the first moment and came at the second.
pub(crate) fn take_late_text(
    transaction: &mut WriteTransaction<'_>,
    channel: &ChannelId,
    who: &str,
    wamid: &str,
    text: &str,
    (written, now): (Timestamp, Timestamp),
) -> Result<(ConversationId, Option<MessageId>), store::StoreError> {
    let contact_id = transaction.find_or_add_contact(&[wa_id(who)], Some(&format!("Customer {who}")), now)?;
    let conversation_id = transaction.find_or_add_conversation(channel, contact_id, now)?;
    let message = transaction.add_inbound(&NewInbound {
        conversation_id,
        channel_id: channel.clone(),
        contact_id,
        source: domain::Source::Live,
        direction: domain::Direction::Inbound,
        sender: None,
        silence: None,
        reached: None,
        failure: None,
        kind: MessageKind::Text,
        original_kind: "text".to_owned(),
        text: Some(text.to_owned()),
        provider_id: wamid.to_owned(),
        reply_to: None,
        sent_at: written,
        received_at: now,
        payload: None,
        referral: None,
        raw: None,
        forwarded: Forwarded::No,
        opens_window: true,
    })?;
    Ok((conversation_id, message))
}

impl Shop {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write).unwrap();
        let endpoint = store
            .write(|t| {
                let endpoint = t.add_endpoint("/hooks/one", ChannelKind::WhatsappCloud, "print", NINE)?;
                t.put_channel(&new_channel("1", endpoint), NINE)?;
                Ok(endpoint)
            })
            .await
            .unwrap();
        Self {
            store,
            folder,
            endpoint,
            channel: ChannelId::from("1"),
        }
    }

    /// A customer writes; `None` when the message is known already.
    pub(crate) async fn text(
        &self,
        who: &str,
        wamid: &str,
        text: &str,
        now: Timestamp,
    ) -> (ConversationId, Option<MessageId>) {
        self.text_to(self.channel.clone(), who, wamid, text, now).await
    }

    pub(crate) async fn text_to(
        &self,
        channel: ChannelId,
        who: &str,
        wamid: &str,
        text: &str,
        now: Timestamp,
    ) -> (ConversationId, Option<MessageId>) {
        let (who, wamid, text) = (who.to_owned(), wamid.to_owned(), text.to_owned());
        self.store
            .write(move |t| take_text(t, &channel, &who, &wamid, &text, now))
            .await
            .unwrap()
    }

    /// An operator answers; the attempt is called `id`.
    pub(crate) async fn reply(
        &self,
        conversation: ConversationId,
        text: &str,
        id: &str,
        now: Timestamp,
    ) -> (MessageId, OutboxId) {
        let new = NewOutbound::words(conversation, Author::Operator, text.to_owned(), None);
        let (id, made) = (OutboxId::from(id), OutboxId::from(id));
        let message = self
            .store
            .write(move |t| t.add_outbound(&new, &id, permit(), now))
            .await
            .unwrap();
        (message, made)
    }

    pub(crate) async fn claim(&self, id: &OutboxId, now: Timestamp) -> Claim {
        let id = id.clone();
        self.store
            .write(move |t| t.claim_attempt(&id, now))
            .await
            .unwrap()
    }

    /// Claims an attempt that has to be ready.
    pub(crate) async fn begin(&self, id: &OutboxId, now: Timestamp) -> Claimed {
        match self.claim(id, now).await {
            Claim::Taken(claimed) => *claimed,
            Claim::WindowClosed(_) | Claim::Unwanted(_) | Claim::NotNow => panic!("{id} was not ready"),
        }
    }

    pub(crate) async fn accept(&self, id: &OutboxId, wamid: &str) {
        let (id, wamid) = (id.clone(), wamid.to_owned());
        self.store
            .write(move |t| t.settle_accepted(&id, &wamid, &[], at(60)))
            .await
            .unwrap();
    }

    /// A report comes in; returns whether its message was known.
    pub(crate) async fn report(
        &self,
        wamid: &str,
        reference: Option<&OutboxId>,
        event: DeliveryEvent,
    ) -> bool {
        let (channel, wamid) = (self.channel.clone(), wamid.to_owned());
        let reference = reference.map(ToString::to_string);
        self.store
            .write(move |t| t.report_delivery(&channel, &wamid, reference.as_deref(), &event, at(61)))
            .await
            .unwrap()
            .is_some()
    }

    pub(crate) async fn message(&self, id: MessageId) -> Message {
        self.store.read(move |r| r.message(id)).await.unwrap()
    }

    pub(crate) async fn conversation(&self, id: ConversationId) -> Conversation {
        self.store.read(move |r| r.conversation(id)).await.unwrap()
    }

    /// Attempts that may begin, by name.
    pub(crate) async fn due(&self, now: Timestamp) -> Vec<String> {
        let due = self.store.read(move |r| r.due_attempts(now, 100)).await.unwrap();
        due.into_iter().map(|attempt| attempt.id.to_string()).collect()
    }
}
