//! Templates: fetched page by page, told anew by webhooks, filled and sent, made and deleted.

use crate::account::account;
use crate::bell::Doorbell;
use crate::commands::{CommandError, FileSource, broken, outbox_id};
use crate::dispatcher::PostRoom;
use crate::engine::Engine;
use crate::letter::FILE_PLACE;
use channels::whatsapp::Graph;
use channels::whatsapp::template::{
    NewTemplate, ParameterFormat, Template, Variable, accept_array, fill, variables,
};
use domain::{Author, ChannelId, ConversationId, MessageId, MessageKind, OperatorPermit, Permit};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{Change, NewOutbound, StoreError, StoredTemplate, TemplateSync};
use tokio_util::sync::CancellationToken;

/// Pages that are asked for at most: a list that goes on for ever is not believed.
const MOST_PAGES: usize = 50;
/// Pause when the database cannot be used.
const TROUBLE: Duration = Duration::from_secs(30);
/// How often the room looks whether a channel's time has come.
const LOOK: Duration = Duration::from_mins(10);
/// The first pause after a failure; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_mins(1);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_hours(6);

/// The templates of a channel as they are known here.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownTemplates {
    /// Each with what has to be filled in.
    pub templates: Vec<(StoredTemplate, Vec<Variable>)>,
    /// When they were and will be fetched.
    pub sync: Option<TemplateSync>,
}

/// Values that are filled into a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// By key.
    Named(BTreeMap<String, String>),
    /// The body's, in their order.
    Listed(Vec<String>),
}

/// Fetches templates whose time has come, until cancelled.
pub(crate) async fn run(room: PostRoom, cancel: CancellationToken) {
    loop {
        // Listened to anew each time: what the room itself writes must not wake it.
        let wait = tokio::select! {
            () = cancel.cancelled() => return,
            done = fetch_due(&room) => match done {
                Ok(()) => LOOK,
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(%error, "templates are fetched once the database can be used again");
                    TROUBLE
                }
            },
        };
        let mut bell = Doorbell::new(room.store.changes(), Change::TemplatesDue);
        tokio::select! {
            () = cancel.cancelled() => return,
            open = bell.ring() => if !open { return },
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn fetch_due(room: &PostRoom) -> Result<(), StoreError> {
    let now = room.clock.now();
    let due = room
        .store
        .read(move |reader| reader.channels_to_sync(now))
        .await?;
    for channel in due {
        fetch(room, channel).await?;
    }
    Ok(())
}

/// Fetches all templates of a channel and puts them in the place of those that are known. When that is not possible,
/// notes why and when it is tried again.
async fn fetch(room: &PostRoom, id: ChannelId) -> Result<(), StoreError> {
    let channel = {
        let id = id.clone();
        room.store.read(move |reader| reader.channel(&id)).await?
    };
    let fetched = match account(&room.vault, &channel).await {
        Ok(account) => all_pages(&room.graph, &account).await,
        Err(trouble) => Err(format!("The templates could not be fetched. {trouble}")),
    };
    let now = room.clock.now();
    match fetched {
        Ok(templates) => {
            let rows: Vec<StoredTemplate> = templates.into_iter().map(stored).collect();
            room.store
                .write(move |transaction| transaction.replace_templates(&id, &rows, now))
                .await
        }
        Err(trouble) => {
            tracing::warn!(channel = %id, trouble, "templates could not be fetched");
            let tries = {
                let id = id.clone();
                let sync = room.store.read(move |reader| reader.template_sync(&id)).await?;
                sync.map_or(0, |sync| sync.tries)
            };
            let pause = FIRST_PAUSE
                .saturating_mul(2_u32.saturating_pow(tries.min(16)))
                .min(LONGEST_PAUSE);
            room.store
                .write(move |transaction| transaction.note_template_trouble(&id, &trouble, now.plus(pause)))
                .await
        }
    }
}

async fn all_pages(graph: &Graph, account: &channels::whatsapp::Account) -> Result<Vec<Template>, String> {
    let mut templates = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = graph
            .templates(account, after.as_deref())
            .await
            .map_err(|failure| failure.to_string())?;
        templates.extend(page.templates);
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(templates),
        }
    }
    Err("WhatsApp's list of templates has no end, so it was not taken. Try again later.".to_owned())
}

fn stored(template: Template) -> StoredTemplate {
    StoredTemplate {
        provider_id: template.id,
        name: template.name,
        language: template.language,
        category: template.category,
        coming_category: template.correct_category,
        status: template.status,
        quality: template.quality,
        named: template.parameter_format == ParameterFormat::Named,
        components: template.components,
        reason: template.rejected_reason,
    }
}

fn wire(stored: &StoredTemplate) -> Template {
    Template {
        id: stored.provider_id.clone(),
        name: stored.name.clone(),
        language: stored.language.clone(),
        category: stored.category.clone(),
        status: stored.status.clone(),
        quality: stored.quality.clone(),
        parameter_format: if stored.named {
            ParameterFormat::Named
        } else {
            ParameterFormat::Positional
        },
        components: stored.components.clone(),
        rejected_reason: stored.reason.clone(),
        previous_category: None,
        correct_category: stored.coming_category.clone(),
    }
}

/// Whether a value is the file above a card.
fn is_card_file(key: &str) -> bool {
    key.strip_prefix("card.")
        .and_then(|rest| rest.split_once('.'))
        .is_some_and(|(_, rest)| rest == "header")
}

fn misfit(field: &str, sentence: &str) -> CommandError {
    CommandError::Misfit {
        field: field.to_owned(),
        sentence: sentence.to_owned(),
    }
}

impl Engine {
    /// Returns the templates of a channel as they are known here.
    pub async fn templates(&self, channel: ChannelId) -> Result<KnownTemplates, CommandError> {
        let known = self
            .store()
            .read(move |reader| {
                reader.channel(&channel)?;
                Ok((reader.templates(&channel)?, reader.template_sync(&channel)?))
            })
            .await?;
        Ok(KnownTemplates {
            templates: known
                .0
                .into_iter()
                .map(|template| {
                    let wanted = variables(&wire(&template));
                    (template, wanted)
                })
                .collect(),
            sync: known.1,
        })
    }

    /// Fetches the templates of a channel now.
    pub async fn refresh_templates(&self, channel: ChannelId) -> Result<KnownTemplates, CommandError> {
        let known = self.channel_with_account(&channel).await?;
        if known.account_id.is_none() {
            return Err(misfit(
                "channel_id",
                "The id of the WhatsApp business account is not known, so its templates cannot be fetched. Connect the \
                 number again with it.",
            ));
        }
        fetch(&self.post_room(), channel.clone()).await?;
        self.templates(channel).await
    }

    async fn channel_with_account(&self, channel: &ChannelId) -> Result<store::Channel, CommandError> {
        let channel = channel.clone();
        Ok(self.store().read(move |reader| reader.channel(&channel)).await?)
    }

    /// Hands a new template in for approval.
    pub async fn create_template(
        &self,
        channel: ChannelId,
        new: &NewTemplate,
    ) -> Result<KnownTemplates, CommandError> {
        let body = new.body().map_err(broken)?;
        let account = self.account_of(&channel).await?;
        self.graph()
            .create_template(&account, &body)
            .await
            .map_err(CommandError::Provider)?;
        self.refresh_templates(channel).await
    }

    /// Deletes a template at the provider: one language of it, or all.
    pub async fn delete_template(
        &self,
        channel: ChannelId,
        name: String,
        language: Option<String>,
    ) -> Result<KnownTemplates, CommandError> {
        let id = match &language {
            Some(language) => {
                let known = self.known_template(&channel, &name, language).await?;
                Some(known.provider_id.ok_or_else(|| {
                    misfit(
                        "language",
                        "The id of this translation is not known yet. Fetch the templates, then try again.",
                    )
                })?)
            }
            None => None,
        };
        let account = self.account_of(&channel).await?;
        self.graph()
            .delete_template(&account, &name, id.as_deref())
            .await
            .map_err(CommandError::Provider)?;
        self.refresh_templates(channel).await
    }

    async fn known_template(
        &self,
        channel: &ChannelId,
        name: &str,
        language: &str,
    ) -> Result<StoredTemplate, CommandError> {
        let (channel, name, language) = (channel.clone(), name.to_owned(), language.to_owned());
        let known = self
            .store()
            .read(move |reader| reader.template(&channel, &name, &language))
            .await?;
        known.ok_or_else(|| {
            misfit(
                "name",
                "There is no template of this name in this language. Fetch the templates, then choose one of the list.",
            )
        })
    }

    /// Queues a filled template. It may leave outside the service window, too.
    pub async fn send_template(
        &self,
        conversation: ConversationId,
        name: &str,
        language: &str,
        values: Values,
    ) -> Result<MessageId, CommandError> {
        let known = self
            .store()
            .read(move |reader| reader.conversation(conversation))
            .await?;
        let template = self.known_template(&known.channel_id, name, language).await?;
        let template = wire(&template);
        if !template.is_approved() {
            return Err(misfit(
                "name",
                "WhatsApp does not let this template be sent now. Look at its state in Templates, or choose another one.",
            ));
        }
        if template.is_marketing() && known.marketing_stopped_at.is_some() {
            return Err(misfit(
                "name",
                "This customer asked for no more promotions, so WhatsApp does not deliver this template to them. Choose \
                 one that is no promotion.",
            ));
        }
        if template.is_authentication() && known.phone.is_none() {
            return Err(misfit(
                "name",
                "WhatsApp sends codes for logging in to phone numbers only, and this customer's is not known. Ask for the \
                 number first.",
            ));
        }
        let mut values = match values {
            Values::Named(values) => values,
            Values::Listed(values) => accept_array(&template, &values).map_err(broken)?,
        };
        let file = values.remove("header");
        let mut in_cards = Vec::new();
        for (_, upload) in values.iter_mut().filter(|(key, _)| is_card_file(key)) {
            let fit = self.fit(FileSource::Upload(upload.clone()), None).await?;
            *upload = format!("{FILE_PLACE}{}", in_cards.len());
            in_cards.push(fit.file);
        }
        let filled = fill(&template, &values).map_err(broken)?;
        let files = match (filled.header, file) {
            (Some(kind), Some(upload)) => {
                let fit = self.fit(FileSource::Upload(upload), Some(kind)).await?;
                vec![fit.file]
            }
            (Some(_), None) => {
                return Err(misfit(
                    "variables.header",
                    "This template has a file above its text. Choose the file, then send it.",
                ));
            }
            (None, _) => in_cards,
        };
        let new = NewOutbound {
            conversation_id: conversation,
            author: Author::Operator,
            kind: MessageKind::Template,
            original_kind: "template".to_owned(),
            text: Some(filled.text),
            payload: Some(filled.payload),
            files,
            reply_to: None,
        };
        let now = self.now();
        let permit = Permit::Operator(OperatorPermit::by_command());
        Ok(self
            .store()
            .write(move |transaction| transaction.add_outbound(&new, &outbox_id(), permit, now))
            .await?)
    }
}
