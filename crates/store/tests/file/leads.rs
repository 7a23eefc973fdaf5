//! Leads: what is known of them, what a person says of them, and their list.

use crate::shop::{NINE, Shop, at, take_text, wa_id};
use domain::{
    ConversationId, Identity, IdentityKind, LeadId, LeadMethod, LeadStatus, LeadValue, MessageId, Temperature,
};
use serde_json::json;
use store::{
    Change, LeadCursor, LeadFilter, LeadScore, LeadValueState, StoreError, StoredLeadValue, WriteTransaction,
};

fn read_in(message: Option<MessageId>, field: &str, value: &str) -> LeadValue {
    LeadValue {
        field: field.to_owned(),
        raw: value.to_owned(),
        value: value.to_owned(),
        message_id: message,
        span: message.map(|_| (0, value.len())),
        method: LeadMethod::Rule,
        confidence: 0.9,
    }
}

impl Shop {
    async fn changing<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTransaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write(work).await.unwrap()
    }

    /// A customer writes and has a lead.
    async fn lead(&self, who: &str, text: &str) -> (LeadId, ConversationId, MessageId) {
        let (conversation, message) = self.text(who, &format!("wamid.{who}.{text}"), text, NINE).await;
        let lead = self
            .changing(move |t| t.find_or_add_lead(conversation, NINE))
            .await;
        (lead, conversation, message.unwrap())
    }

    async fn learn(&self, lead: LeadId, value: LeadValue, seconds: u64) -> LeadValueState {
        self.changing(move |t| t.add_lead_value(lead, &value, at(seconds)))
            .await
    }

    async fn values(&self, lead: LeadId) -> Vec<StoredLeadValue> {
        self.store.read(move |r| r.lead_values(lead)).await.unwrap()
    }

    async fn value(&self, lead: LeadId, field: &str) -> Option<String> {
        let values = self.values(lead).await;
        values
            .into_iter()
            .find(|known| known.value.field == field)
            .map(|known| known.value.value)
    }

    async fn suggested(&self, lead: LeadId) -> Vec<String> {
        let found = self.store.read(move |r| r.lead_suggestions(lead)).await.unwrap();
        found.into_iter().map(|known| known.value.value).collect()
    }

    async fn listed(&self, filter: LeadFilter) -> Vec<LeadId> {
        let (leads, count) = self
            .store
            .read(move |r| Ok((r.leads(&filter, None, 100)?, r.lead_count(&filter)?)))
            .await
            .unwrap();
        assert_eq!(leads.len(), usize::try_from(count).unwrap());
        leads.into_iter().map(|lead| lead.id).collect()
    }
}

#[tokio::test]
async fn a_person_has_one_lead_in_all_their_conversations() {
    let shop = Shop::open().await;
    let (first, conversation, _) = shop.lead("447700900001", "hello").await;
    let again = shop
        .changing(move |t| t.find_or_add_lead(conversation, at(9)))
        .await;
    assert_eq!(first, again);
    let lead = shop
        .store
        .read(move |r| r.lead_of_conversation(conversation))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(lead.contact_name.as_deref(), Some("Customer 447700900001"));
    assert_eq!(
        (lead.status, lead.score, lead.temperature),
        (LeadStatus::New, 0, Temperature::Cold)
    );
    let (other, ..) = shop.lead("447700900002", "hello").await;
    assert_ne!(first, other);
}

#[tokio::test]
async fn a_newer_value_holds_and_the_former_one_is_remembered() {
    let shop = Shop::open().await;
    let (lead, _, message) = shop.lead("447700900001", "2026-11-20").await;
    shop.learn(lead, read_in(Some(message), "date", "2026-11-20"), 1)
        .await;
    shop.learn(lead, read_in(None, "date", "2026-11-27"), 2).await;
    assert_eq!(shop.value(lead, "date").await.as_deref(), Some("2026-11-27"));
    let history = shop.store.read(move |r| r.lead_history(lead)).await.unwrap();
    assert_eq!(history[0].state, LeadValueState::Former);
    assert_eq!(history[0].superseded_by, Some(history[1].id));
    assert_eq!(history[0].value.span, Some((0, 10)));
    assert_eq!(history[0].value.message_id, Some(message));
}

#[tokio::test]
async fn what_a_person_enters_is_never_overwritten() {
    let shop = Shop::open().await;
    let (lead, ..) = shop.lead("447700900001", "hello").await;
    shop.learn(lead, read_in(None, "name", "Anna"), 1).await;
    shop.changing(move |t| t.set_lead_value(lead, "name", " Ana ", at(2)))
        .await;
    for seconds in 3..6 {
        let state = shop.learn(lead, read_in(None, "name", "Hanna"), seconds).await;
        assert_eq!(state, LeadValueState::Suggested);
    }
    assert_eq!(shop.value(lead, "name").await.as_deref(), Some("Ana"));
    assert_eq!(shop.suggested(lead).await, ["Hanna"], "offered once");
    let values = shop.values(lead).await;
    assert!(values[0].locked && values[0].value.method == LeadMethod::Manual);
}

#[tokio::test]
async fn a_field_that_is_given_back_takes_the_latest_suggestion_and_is_read_again() {
    let shop = Shop::open().await;
    let (lead, ..) = shop.lead("447700900001", "hello").await;
    shop.changing(move |t| t.set_lead_value(lead, "name", "Ana", NINE))
        .await;
    shop.learn(lead, read_in(None, "name", "Hanna"), 1).await;
    shop.learn(lead, read_in(None, "name", "Anna"), 2).await;
    shop.changing(move |t| t.return_lead_value(lead, "name", at(3)))
        .await;
    assert_eq!(shop.value(lead, "name").await.as_deref(), Some("Anna"));
    assert!(shop.suggested(lead).await.is_empty());
    assert_eq!(
        shop.learn(lead, read_in(None, "name", "Joanna"), 4).await,
        LeadValueState::Current
    );
    // Without a suggestion the value stays, unlocked.
    shop.changing(move |t| t.set_lead_value(lead, "name", "Ana", at(5)))
        .await;
    shop.changing(move |t| t.return_lead_value(lead, "name", at(6)))
        .await;
    assert_eq!(shop.value(lead, "name").await.as_deref(), Some("Ana"));
    assert_eq!(
        shop.learn(lead, read_in(None, "name", "Hanna"), 7).await,
        LeadValueState::Current
    );
}

#[tokio::test]
async fn that_there_is_none_is_a_value_too_until_it_is_given_back() {
    let shop = Shop::open().await;
    let (lead, ..) = shop.lead("447700900001", "hello").await;
    shop.changing(move |t| t.set_lead_value(lead, "email", "", NINE))
        .await;
    assert_eq!(shop.value(lead, "email").await.as_deref(), Some(""));
    assert!(
        shop.listed(LeadFilter {
            field: Some("email".to_owned()),
            ..LeadFilter::default()
        })
        .await
        .is_empty()
    );
    shop.changing(move |t| t.return_lead_value(lead, "email", at(1)))
        .await;
    assert_eq!(shop.value(lead, "email").await, None);
}

#[tokio::test]
async fn a_suggestion_that_is_not_wanted_does_not_come_back() {
    let shop = Shop::open().await;
    let (lead, ..) = shop.lead("447700900001", "hello").await;
    shop.changing(move |t| t.set_lead_value(lead, "name", "Ana", NINE))
        .await;
    shop.learn(lead, read_in(None, "name", "Hanna"), 1).await;
    let id = shop.store.read(move |r| r.lead_suggestions(lead)).await.unwrap()[0].id;
    shop.changing(move |t| t.dismiss_lead_suggestion(lead, id, at(2)))
        .await;
    shop.learn(lead, read_in(None, "name", "Hanna"), 3).await;
    assert!(shop.suggested(lead).await.is_empty());
}

#[tokio::test]
async fn what_was_read_from_a_message_goes_when_the_message_is_taken_back() {
    let shop = Shop::open().await;
    let (lead, _, message) = shop.lead("447700900001", "call 07700 900999").await;
    shop.learn(lead, read_in(None, "phone", "+447700900001"), 1).await;
    shop.learn(lead, read_in(Some(message), "phone", "+447700900999"), 2)
        .await;
    shop.learn(lead, read_in(Some(message), "name", "Ana"), 2).await;
    shop.changing(move |t| t.revoke_message(message)).await;
    assert_eq!(shop.value(lead, "phone").await.as_deref(), Some("+447700900001"));
    assert_eq!(shop.value(lead, "name").await, None);
    let history = shop.store.read(move |r| r.lead_history(lead)).await.unwrap();
    assert_eq!(history.len(), 1);
}

fn score(points: u8, temperature: Temperature) -> LeadScore {
    LeadScore {
        score: points,
        temperature,
        reasons: json!([{"signal": "fit", "points": points, "text": "They named a haircut."}]),
        stage: "qualification".to_owned(),
        opted_out: false,
    }
}

#[tokio::test]
async fn a_score_is_kept_with_its_reasons_and_told_once() {
    let shop = Shop::open().await;
    let (lead, ..) = shop.lead("447700900001", "hello").await;
    let mut changes = shop.store.changes();
    for _ in 0..2 {
        shop.changing(move |t| t.set_lead_score(lead, &score(60, Temperature::Warm), at(1)))
            .await;
    }
    let told = changes.recv().await.unwrap();
    assert_eq!(told.as_ref(), [Change::Lead(lead)]);
    assert!(changes.try_recv().is_err(), "nothing new is not told");
    let known = shop.store.read(move |r| r.lead(lead)).await.unwrap();
    assert_eq!(
        (known.score, known.temperature, known.stage.as_str()),
        (60, Temperature::Warm, "qualification")
    );
    assert_eq!(known.reasons[0]["points"], 60);
}

#[tokio::test]
async fn a_refused_field_is_remembered_once() {
    let shop = Shop::open().await;
    let (lead, ..) = shop.lead("447700900001", "hello").await;
    for field in ["phone", "phone", "name \"x\""] {
        shop.changing(move |t| t.refuse_lead_field(lead, field, at(1)))
            .await;
    }
    let known = shop.store.read(move |r| r.lead(lead)).await.unwrap();
    assert_eq!(known.refused, ["phone", "name \"x\""]);
}

#[tokio::test]
async fn how_far_messages_were_read_never_goes_back() {
    let shop = Shop::open().await;
    let (lead, _, message) = shop.lead("447700900001", "hello").await;
    let before = MessageId(message.0 - 1);
    shop.changing(move |t| {
        t.lead_read_until(lead, message)?;
        t.lead_read_until(lead, before)
    })
    .await;
    let known = shop.store.read(move |r| r.lead(lead)).await.unwrap();
    assert_eq!(known.read_until, Some(message));
}

#[tokio::test]
async fn a_list_shows_what_its_filter_wants() {
    let shop = Shop::open().await;
    let (ana, ..) = shop.lead("447700900001", "a").await;
    let (bob, ..) = shop.lead("447700900002", "b").await;
    shop.learn(ana, read_in(None, "place", "İZMİR Çeşme"), 10).await;
    shop.changing(move |t| t.set_lead_score(bob, &score(80, Temperature::Hot), at(20)))
        .await;
    shop.changing(move |t| t.set_lead_status(bob, LeadStatus::Open, at(30)))
        .await;
    let all = LeadFilter::default;
    assert_eq!(
        shop.listed(all()).await,
        [bob, ana],
        "the one that changed last first"
    );
    assert_eq!(
        shop.listed(LeadFilter {
            status: Some(LeadStatus::New),
            ..all()
        })
        .await,
        [ana]
    );
    assert_eq!(
        shop.listed(LeadFilter {
            temperature: Some(Temperature::Hot),
            ..all()
        })
        .await,
        [bob]
    );
    assert_eq!(
        shop.listed(LeadFilter {
            field: Some("place".to_owned()),
            ..all()
        })
        .await,
        [ana]
    );
    assert_eq!(
        shop.listed(LeadFilter {
            text: Some(" çeşme".to_owned()),
            ..all()
        })
        .await,
        [ana]
    );
    assert_eq!(
        shop.listed(LeadFilter {
            text: Some("+4477009000".to_owned()),
            ..all()
        })
        .await,
        [bob, ana]
    );
    assert_eq!(
        shop.listed(LeadFilter {
            text: Some("100%".to_owned()),
            ..all()
        })
        .await,
        []
    );
    assert_eq!(
        shop.listed(LeadFilter {
            since: Some(at(11)),
            ..all()
        })
        .await,
        [bob]
    );
    assert_eq!(
        shop.listed(LeadFilter {
            channel_id: Some(shop.channel.clone()),
            ..all()
        })
        .await,
        [bob, ana]
    );
    assert_eq!(
        shop.listed(LeadFilter {
            channel_id: Some("2".into()),
            ..all()
        })
        .await,
        []
    );
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    let shop = Shop::open().await;
    for who in 0..7 {
        shop.lead(&format!("44770090000{who}"), "hello").await;
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let from = cursor;
        let page = shop
            .store
            .read(move |r| r.leads(&LeadFilter::default(), from, 3))
            .await
            .unwrap();
        let Some(last) = page.last() else {
            break;
        };
        cursor = Some(LeadCursor {
            updated_at: last.updated_at,
            id: last.id,
        });
        seen.extend(page.iter().map(|lead| lead.id));
    }
    assert_eq!(seen, shop.listed(LeadFilter::default()).await);
    assert_eq!(seen.len(), 7);
}

#[tokio::test]
async fn people_who_turn_out_to_be_one_are_one_lead_and_two_again_after_parting() {
    let shop = Shop::open().await;
    let (old, conversation, _) = shop.lead("447700900001", "a").await;
    let channel = shop.channel.clone();
    let bsuid = Identity::new(IdentityKind::Bsuid, "GB.1").unwrap();
    let other = bsuid.clone();
    let young = shop
        .changing(move |t| {
            let contact = t.find_or_add_contact(&[other], Some("Ana"), at(1))?;
            let conversation = t.find_or_add_conversation(&channel, contact, at(1))?;
            t.find_or_add_lead(conversation, at(1))
        })
        .await;
    shop.learn(old, read_in(None, "name", "Ana Silva"), 2).await;
    shop.learn(young, read_in(None, "email", "ana@example.com"), 2)
        .await;
    // One delivery names both.
    shop.changing(move |t| t.find_or_add_contact(&[wa_id("447700900001"), bsuid], None, at(3)))
        .await;
    assert_eq!(shop.listed(LeadFilter::default()).await, [old]);
    assert_eq!(shop.value(old, "email").await.as_deref(), Some("ana@example.com"));
    assert_eq!(shop.value(old, "name").await.as_deref(), Some("Ana Silva"));
    let contact = shop
        .store
        .read(move |r| Ok(r.lead(old)?.contact_id))
        .await
        .unwrap();
    let merges = shop.store.read(move |r| r.merges_into(contact)).await.unwrap();
    let id = merges[0].id;
    shop.changing(move |t| t.undo_merge(id, at(4))).await;
    assert_eq!(shop.listed(LeadFilter::default()).await.len(), 2);
    assert_eq!(shop.value(old, "email").await, None);
    let known = shop
        .store
        .read(move |r| r.lead_of_conversation(conversation))
        .await
        .unwrap();
    assert_eq!(known.map(|lead| lead.id), Some(old));
}

#[tokio::test]
async fn a_lead_that_is_not_there_is_an_error_and_not_a_new_one() {
    let shop = Shop::open().await;
    let missing = shop
        .store
        .write(|t| t.set_lead_status(LeadId(9), LeadStatus::Won, NINE))
        .await;
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
    let channel = shop.channel.clone();
    let (lead, ..) = shop.lead("447700900001", "a").await;
    let twice = shop
        .changing(move |t| {
            take_text(t, &channel, "447700900001", "wamid.2", "b", at(1))?;
            t.set_lead_status(lead, LeadStatus::New, at(1))
        })
        .await;
    assert_eq!(twice, (), "that it stands so already is fine");
}
