//! Commands about an account: templates, news, profile, costs.

use crate::args::{
    ChannelArgs, CostsArgs, CreateTemplate, DeleteTemplate, ListNotices, SaveBusinessProfile, SaveRates,
    SendTemplate, TemplateButton,
};
use crate::error::ApiError;
use crate::present;
use crate::router::{bad_field, done, id, made, read, write};
use crate::views::{NoticeList, ProfileView};
use domain::{ChannelId, Timestamp};
use engine::{Engine, KnownTemplates, NewButton, NewHeader, NewTemplate, ProfileChanges, Rates, Values};
use serde_json::Value;
use std::collections::BTreeMap;

/// News that are shown at most.
const NOTICES: u32 = 200;
/// Categories with a rate at most.
const MOST_RATES: usize = 50;

/// Carries out a command about an account; `None` when it is none.
pub(crate) async fn call(engine: &Engine, command: &str, args: Value) -> Option<Result<Value, ApiError>> {
    Some(match command {
        "send_template" => send_template(engine, args).await,
        "list_templates" => list_templates(engine, args).await,
        "refresh_templates" => refresh_templates(engine, args).await,
        "create_template" => create_template(engine, args).await,
        "delete_template" => delete_template(engine, args).await,
        "list_notices" => list_notices(engine, args).await,
        "see_notices" => see_notices(engine, args).await,
        "business_profile" => business_profile(engine, args).await,
        "save_business_profile" => save_business_profile(engine, args).await,
        "costs" => costs(engine, args).await,
        "save_rates" => save_rates(engine, args).await,
        _ => return None,
    })
}

fn channel(args: Value) -> Result<ChannelId, ApiError> {
    let args: ChannelArgs = read(args)?;
    Ok(ChannelId::from(args.channel_id))
}

async fn send_template(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SendTemplate = read(args)?;
    let conversation = id("conversation_id", &args.conversation_id)?;
    let values = values(args.variables)?;
    made(
        engine
            .send_template(conversation, &args.name, &args.language, values)
            .await,
    )
}

fn values(variables: Value) -> Result<Values, ApiError> {
    let text = |value: Value| match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let unfit = || {
        bad_field(
            "variables",
            "The values are a list of texts, or an object with a text for each key.",
        )
    };
    match variables {
        Value::Null => Ok(Values::Named(BTreeMap::new())),
        Value::Array(values) => {
            let values: Option<Vec<String>> = values.into_iter().map(text).collect();
            values.map(Values::Listed).ok_or_else(unfit)
        }
        Value::Object(values) => {
            let values: Option<BTreeMap<String, String>> = values
                .into_iter()
                .map(|(key, value)| Some((key, text(value)?)))
                .collect();
            values.map(Values::Named).ok_or_else(unfit)
        }
        _ => Err(unfit()),
    }
}

fn written(known: &KnownTemplates) -> Result<Value, ApiError> {
    write(&present::account::templates(known))
}

async fn list_templates(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    written(&engine.templates(channel(args)?).await?)
}

async fn refresh_templates(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    written(&engine.refresh_templates(channel(args)?).await?)
}

async fn create_template(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: CreateTemplate = read(args)?;
    let examples = args
        .examples
        .into_iter()
        .enumerate()
        .map(|(index, example)| ((index + 1).to_string(), example))
        .collect();
    let new = NewTemplate {
        name: args.name,
        language: args.language,
        category: args.category,
        header: args
            .header
            .filter(|text| !text.trim().is_empty())
            .map(|text| NewHeader::Text { text }),
        body: args.body,
        examples,
        footer: args.footer.filter(|text| !text.trim().is_empty()),
        buttons: args.buttons.into_iter().map(button).collect(),
        ..NewTemplate::default()
    };
    written(
        &engine
            .create_template(ChannelId::from(args.channel_id), &new)
            .await?,
    )
}

fn button(button: TemplateButton) -> NewButton {
    match button {
        TemplateButton::QuickReply { text } => NewButton::QuickReply { text },
        TemplateButton::Url { text, url } => NewButton::Url {
            text,
            url,
            example: None,
        },
        TemplateButton::PhoneNumber { text, phone_number } => NewButton::Phone { text, phone_number },
    }
}

async fn delete_template(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: DeleteTemplate = read(args)?;
    written(
        &engine
            .delete_template(ChannelId::from(args.channel_id), args.name, args.language)
            .await?,
    )
}

async fn list_notices(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ListNotices = read(args)?;
    let channel = args.channel_id.map(ChannelId::from);
    let (notices, unseen) = engine
        .store()
        .read(move |reader| {
            Ok((
                reader.notices(channel.as_ref(), NOTICES)?,
                reader.unseen_notices(channel.as_ref())?,
            ))
        })
        .await?;
    write(&NoticeList {
        notices: notices.iter().map(present::account::notice).collect(),
        unseen,
    })
}

async fn see_notices(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ListNotices = read(args)?;
    let (channel, now) = (args.channel_id.map(ChannelId::from), engine.now());
    let seen = engine
        .store()
        .write(move |transaction| transaction.see_notices(channel.as_ref(), now))
        .await;
    done(seen.map_err(Into::into))
}

async fn business_profile(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    write(&profile(engine, channel(args)?).await?)
}

async fn profile(engine: &Engine, channel: ChannelId) -> Result<ProfileView, ApiError> {
    let (profile, verified_name) = engine.business_profile(channel).await?;
    Ok(ProfileView {
        about: profile.about.unwrap_or_default(),
        address: profile.address.unwrap_or_default(),
        description: profile.description.unwrap_or_default(),
        email: profile.email.unwrap_or_default(),
        websites: profile.websites,
        vertical: profile.vertical.unwrap_or_default(),
        picture_url: profile.profile_picture_url,
        verified_name,
    })
}

async fn save_business_profile(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SaveBusinessProfile = read(args)?;
    let channel = ChannelId::from(args.channel_id);
    let changes = ProfileChanges {
        about: args.about,
        address: args.address,
        description: args.description,
        email: args.email,
        websites: args.websites,
        vertical: args.vertical,
        profile_picture_handle: None,
    };
    engine.save_business_profile(channel.clone(), &changes).await?;
    write(&profile(engine, channel).await?)
}

async fn costs(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: CostsArgs = read(args)?;
    let month = match &args.month {
        Some(month) => month.clone(),
        None => engine.now().to_rfc3339().chars().take(7).collect(),
    };
    let (from, until) = span(&month).ok_or_else(|| {
        bad_field(
            "month",
            "A month is written as a year and two digits, such as 2026-11.",
        )
    })?;
    let (charges, rates) = engine
        .charges(args.channel_id.map(ChannelId::from), from, until)
        .await?;
    write(&present::account::costs(month, &charges, &rates))
}

/// Returns the first moment of a month and that of the next one.
fn span(month: &str) -> Option<(Timestamp, Timestamp)> {
    let (year, number) = month.split_once('-')?;
    let (year, number): (i32, u32) = (year.parse().ok()?, number.parse().ok()?);
    let (next_year, next) = if number == 12 {
        (year.checked_add(1)?, 1)
    } else {
        (year, number + 1)
    };
    let first =
        |year: i32, number: u32| Timestamp::parse_rfc3339(&format!("{year:04}-{number:02}-01T00:00:00Z"));
    Some((first(year, number)?, first(next_year, next)?))
}

async fn save_rates(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SaveRates = read(args)?;
    let currency = args.currency.trim().to_ascii_uppercase();
    if currency.len() != 3 || !currency.chars().all(|c| c.is_ascii_uppercase()) {
        return Err(bad_field(
            "currency",
            "A currency has three letters, such as EUR, GBP or USD.",
        ));
    }
    if args.rates.len() > MOST_RATES {
        return Err(bad_field("rates", "These are too many categories."));
    }
    let mut prices = BTreeMap::new();
    for rate in args.rates {
        let price = rate.price.trim().replace(',', ".");
        if present::account::millionths(&price).is_none() {
            return Err(bad_field(
                "rates",
                format!(
                    "The price of {} is no number. Write it as on Meta's price list, such as 0.0456.",
                    rate.category
                ),
            ));
        }
        prices.insert(rate.category, price);
    }
    engine
        .save_rates(&Rates {
            currency,
            prices,
            free_answers: args.free_service_messages,
            as_of: engine.now().to_rfc3339().chars().take(10).collect(),
        })
        .await?;
    costs(engine, Value::Null).await
}
