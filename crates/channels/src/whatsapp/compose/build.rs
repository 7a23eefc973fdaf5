//! Builds the objects that stand under `location`, `contacts` and `interactive`, and checks them on the way.

use super::{Button, Card, CardPhone, Composed, Composition, Row, Rules, Section};
use domain::MessageKind;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use url::Url;

const LONGEST_BODY: usize = 1_024;
const LONGEST_HEADER: usize = 60;
const LONGEST_FOOTER: usize = 60;
const MOST_BUTTONS: usize = 3;
const LONGEST_BUTTON: usize = 20;
const LONGEST_BUTTON_ID: usize = 256;
const MOST_SECTIONS: usize = 10;
const MOST_ROWS: usize = 10;
const LONGEST_SECTION: usize = 24;
const LONGEST_ROW: usize = 24;
const LONGEST_ROW_ID: usize = 200;
const LONGEST_DESCRIPTION: usize = 72;
const MOST_CARDS: usize = 257;

const CONTACT_REQUEST: &str = "request_contact_info";

pub(super) fn build(composition: &Composition, rules: &mut Rules) -> Composed {
    match composition {
        Composition::Location {
            latitude,
            longitude,
            name,
            address,
        } => location(
            (*latitude, *longitude),
            name.as_deref(),
            address.as_deref(),
            rules,
        ),
        Composition::Contacts { cards } => contacts(cards, rules),
        Composition::Buttons {
            header,
            body,
            footer,
            buttons,
        } => {
            let frame = frame("button", header.as_deref(), body, footer.as_deref(), rules);
            interactive(frame, body, &json!({ "buttons": reply_buttons(buttons, rules) }))
        }
        Composition::List {
            header,
            body,
            footer,
            button,
            sections,
        } => {
            let frame = frame("list", header.as_deref(), body, footer.as_deref(), rules);
            rules.needed("button", "The text that opens the list", button, LONGEST_BUTTON);
            let sections = list_sections(sections, rules);
            interactive(frame, body, &json!({"button": button, "sections": sections}))
        }
        Composition::Link {
            header,
            body,
            footer,
            display_text,
            url,
        } => {
            let frame = frame("cta_url", header.as_deref(), body, footer.as_deref(), rules);
            rules.needed(
                "display_text",
                "The text of the button",
                display_text,
                LONGEST_BUTTON,
            );
            web_address("url", "The link", url, rules);
            let parameters = json!({"display_text": display_text, "url": url.trim()});
            interactive(frame, body, &json!({"name": "cta_url", "parameters": parameters}))
        }
        Composition::LocationRequest { body } => {
            let frame = frame("location_request_message", None, body, None, rules);
            interactive(frame, body, &json!({"name": "send_location"}))
        }
        Composition::ContactRequest { body } => {
            let frame = frame(CONTACT_REQUEST, None, body, None, rules);
            interactive(frame, body, &json!({"name": CONTACT_REQUEST}))
        }
    }
}

fn location(place: (f64, f64), name: Option<&str>, address: Option<&str>, rules: &mut Rules) -> Composed {
    let (latitude, longitude) = place;
    if !(-90.0..=90.0).contains(&latitude) {
        rules.broken(
            "latitude",
            "The latitude must be a number from -90 (south) to 90 (north). Correct it.",
        );
    }
    if !(-180.0..=180.0).contains(&longitude) {
        rules.broken(
            "longitude",
            "The longitude must be a number from -180 (west) to 180 (east). Correct it.",
        );
    }
    let address = filled(address);
    // Customers see an address only below a name (section 5.3); an address alone would be lost.
    let (name, address) = match (filled(name), address) {
        (None, Some(address)) => (Some(address), None),
        known => known,
    };
    let mut payload = Map::new();
    payload.insert("latitude".to_owned(), json!(latitude));
    payload.insert("longitude".to_owned(), json!(longitude));
    put(&mut payload, "name", name);
    put(&mut payload, "address", address);
    Composed {
        kind: MessageKind::Location,
        text: name.map(str::to_owned),
        payload: Value::Object(payload),
    }
}

fn contacts(cards: &[Card], rules: &mut Rules) -> Composed {
    if cards.is_empty() {
        rules.broken("cards", "There is no contact to send. Add at least one.");
    }
    if cards.len() > MOST_CARDS {
        rules.broken(
            "cards",
            format!(
                "WhatsApp takes at most {MOST_CARDS} contacts in one message and these are {}. Take {} away.",
                cards.len(),
                cards.len() - MOST_CARDS
            ),
        );
    }
    let names: Vec<&str> = cards
        .iter()
        .filter_map(|card| filled(Some(&card.formatted_name)))
        .collect();
    let objects: Vec<Value> = cards
        .iter()
        .enumerate()
        .map(|(position, card)| card_object(&format!("cards.{position}"), card, rules))
        .collect();
    Composed {
        kind: MessageKind::Contacts,
        text: Some(names.join(", ")).filter(|text| !text.is_empty()),
        payload: json!({ "contacts": objects }),
    }
}

fn card_object(field: &str, card: &Card, rules: &mut Rules) -> Value {
    let whole = card.formatted_name.trim();
    if whole.is_empty() {
        rules.broken(
            &format!("{field}.formatted_name"),
            "The contact has no name. Write the name it is to be shown under.",
        );
    }
    let mut name = Map::new();
    name.insert("formatted_name".to_owned(), json!(whole));
    let (first, last) = (
        filled(card.first_name.as_deref()),
        filled(card.last_name.as_deref()),
    );
    // Meta refuses a name that has no part besides the whole.
    let first = first.or_else(|| whole.split_whitespace().next().filter(|_| last.is_none()));
    put(&mut name, "first_name", first);
    put(&mut name, "last_name", last);
    let mut object = Map::new();
    object.insert("name".to_owned(), Value::Object(name));
    let phones = list(&card.phones, |position, phone| {
        phone_object(&format!("{field}.phones.{position}.number"), phone, rules)
    });
    let emails = list(&card.emails, |position, email| {
        let email = email.trim();
        if !email
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
        {
            rules.broken(
                &format!("{field}.emails.{position}"),
                "This is not a mail address. Correct it or take it away.",
            );
        }
        json!({ "email": email })
    });
    let urls = list(&card.urls, |position, url| {
        web_address(&format!("{field}.urls.{position}"), "The web page", url, rules);
        json!({ "url": url.trim() })
    });
    for (key, values) in [("phones", phones), ("emails", emails), ("urls", urls)] {
        if !values.is_empty() {
            object.insert(key.to_owned(), Value::Array(values));
        }
    }
    let mut work = Map::new();
    put(&mut work, "company", filled(card.company.as_deref()));
    put(&mut work, "title", filled(card.title.as_deref()));
    if !work.is_empty() {
        object.insert("org".to_owned(), Value::Object(work));
    }
    if let Some(birthday) = filled(card.birthday.as_deref()) {
        if birthday.len() != 10 || birthday.parse::<jiff::civil::Date>().is_err() {
            rules.broken(
                &format!("{field}.birthday"),
                "This is not a date. Write the birthday as year-month-day, such as 1984-02-29.",
            );
        }
        object.insert("birthday".to_owned(), json!(birthday));
    }
    Value::Object(object)
}

fn phone_object(field: &str, phone: &CardPhone, rules: &mut Rules) -> Value {
    let number = phone.number.trim();
    if !number.contains(|c: char| c.is_ascii_digit()) {
        rules.broken(
            field,
            "This telephone number has no digits. Correct it or take it away.",
        );
    }
    let mut object = Map::new();
    object.insert("phone".to_owned(), json!(number));
    put(&mut object, "type", filled(phone.kind.as_deref()));
    put(&mut object, "wa_id", filled(phone.wa_id.as_deref()));
    Value::Object(object)
}

/// Begins an interactive object and checks the words all of them have.
fn frame(
    kind: &str,
    header: Option<&str>,
    body: &str,
    footer: Option<&str>,
    rules: &mut Rules,
) -> Map<String, Value> {
    rules.optional("header", "The line above the message", header, LONGEST_HEADER);
    rules.needed("body", "The message", body, LONGEST_BODY);
    rules.optional("footer", "The line below the message", footer, LONGEST_FOOTER);
    let mut object = Map::new();
    object.insert("type".to_owned(), json!(kind));
    if let Some(header) = header {
        object.insert("header".to_owned(), json!({"type": "text", "text": header}));
    }
    object.insert("body".to_owned(), json!({ "text": body }));
    if let Some(footer) = footer {
        object.insert("footer".to_owned(), json!({ "text": footer }));
    }
    object
}

fn interactive(mut frame: Map<String, Value>, body: &str, action: &Value) -> Composed {
    frame.insert("action".to_owned(), action.clone());
    Composed {
        kind: MessageKind::Interactive,
        text: Some(body.to_owned()),
        payload: Value::Object(frame),
    }
}

fn reply_buttons(buttons: &[Button], rules: &mut Rules) -> Vec<Value> {
    if buttons.is_empty() {
        rules.broken(
            "buttons",
            "There is no button. Add at least one, or send the message as text.",
        );
    }
    if buttons.len() > MOST_BUTTONS {
        rules.broken(
            "buttons",
            format!(
                "WhatsApp takes at most {MOST_BUTTONS} buttons and these are {}. Take some away or use a list.",
                buttons.len()
            ),
        );
    }
    for (position, button) in buttons.iter().enumerate() {
        let field = format!("buttons.{position}.title");
        rules.needed(&field, "The text of the button", &button.title, LONGEST_BUTTON);
        rules.no_outer_spaces(&field, "The text of the button", &button.title);
    }
    let titles = buttons
        .iter()
        .enumerate()
        .map(|(position, button)| (format!("buttons.{position}.title"), button.title.as_str()));
    rules.unique(titles, |title| {
        format!("Two buttons say \u{201c}{title}\u{201d}. Give each its own text.")
    });
    let given = buttons
        .iter()
        .enumerate()
        .map(|(position, button)| (format!("buttons.{position}.id"), button.id.as_deref()));
    let ids = ids(&given.collect::<Vec<_>>(), "button", LONGEST_BUTTON_ID, rules);
    buttons
        .iter()
        .zip(ids)
        .map(|(button, id)| json!({"type": "reply", "reply": {"id": id, "title": button.title}}))
        .collect()
}

fn list_sections(sections: &[Section], rules: &mut Rules) -> Vec<Value> {
    if sections.len() > MOST_SECTIONS {
        rules.broken(
            "sections",
            format!(
                "WhatsApp takes at most {MOST_SECTIONS} parts in a list and these are {}. Join some.",
                sections.len()
            ),
        );
    }
    let rows = || {
        sections.iter().enumerate().flat_map(|(part, section)| {
            section
                .rows
                .iter()
                .enumerate()
                .map(move |(position, row)| (format!("sections.{part}.rows.{position}"), row))
        })
    };
    let count = rows().count();
    if sections.is_empty() {
        rules.broken("sections", "The list is empty. Add at least one line to choose.");
    }
    if count > MOST_ROWS {
        rules.broken(
            "sections",
            format!(
                "WhatsApp takes at most {MOST_ROWS} lines in a list, all parts together, and these are {count}. \
                 Take {} away.",
                count - MOST_ROWS
            ),
        );
    }
    for (part, section) in sections.iter().enumerate() {
        let field = format!("sections.{part}.title");
        if sections.len() > 1 && filled(section.title.as_deref()).is_none() {
            rules.broken(
                &field,
                "A list with more than one part needs a title for each. Write one.",
            );
        } else {
            rules.optional(
                &field,
                "The title of this part",
                section.title.as_deref(),
                LONGEST_SECTION,
            );
        }
        if section.rows.is_empty() {
            rules.broken(
                &format!("sections.{part}.rows"),
                "This part of the list is empty. Add a line or take the part away.",
            );
        }
    }
    for (field, row) in rows() {
        let title = format!("{field}.title");
        rules.needed(&title, "The text of the line", &row.title, LONGEST_ROW);
        rules.no_outer_spaces(&title, "The text of the line", &row.title);
        rules.optional(
            &format!("{field}.description"),
            "The description of the line",
            row.description.as_deref(),
            LONGEST_DESCRIPTION,
        );
    }
    let given = rows().map(|(field, row)| (format!("{field}.id"), row.id.as_deref()));
    let mut ids = ids(&given.collect::<Vec<_>>(), "row", LONGEST_ROW_ID, rules).into_iter();
    sections
        .iter()
        .map(|section| {
            let rows: Vec<Value> = section
                .rows
                .iter()
                .zip(ids.by_ref())
                .map(|(row, id)| row_object(row, &id))
                .collect();
            let mut object = Map::new();
            put(&mut object, "title", section.title.as_deref());
            object.insert("rows".to_owned(), Value::Array(rows));
            Value::Object(object)
        })
        .collect()
}

fn row_object(row: &Row, id: &str) -> Value {
    let mut object = Map::new();
    object.insert("id".to_owned(), json!(id));
    object.insert("title".to_owned(), json!(row.title));
    put(&mut object, "description", row.description.as_deref());
    Value::Object(object)
}

/// Returns the id of each, making up those that were not given, and checks those that were.
fn ids(given: &[(String, Option<&str>)], stem: &str, longest: usize, rules: &mut Rules) -> Vec<String> {
    for (field, id) in given {
        if let Some(id) = id {
            rules.needed(field, "The id", id, longest);
            rules.no_outer_spaces(field, "The id", id);
        }
    }
    let known = given
        .iter()
        .filter_map(|(field, id)| Some((field.clone(), (*id)?)));
    rules.unique(known, |id| {
        format!("The id \u{201c}{id}\u{201d} is there twice. Give each its own, so that the answers can be told apart.")
    });
    let taken: HashSet<&str> = given.iter().filter_map(|(_, id)| *id).collect();
    let mut free = (1_u32..)
        .map(|number| format!("{stem}-{number}"))
        .filter(|id| !taken.contains(id.as_str()));
    given
        .iter()
        .map(|(_, id)| id.map(str::to_owned).or_else(|| free.next()).unwrap_or_default())
        .collect()
}

fn web_address(field: &str, what: &str, text: &str, rules: &mut Rules) {
    let is_one = Url::parse(text.trim())
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some());
    if !is_one {
        rules.broken(
            field,
            format!("{what} must be a whole web address, beginning with https:// or http://. Correct it."),
        );
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn put(object: &mut Map<String, Value>, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        object.insert(key.to_owned(), json!(text));
    }
}

fn list<T>(items: &[T], mut object: impl FnMut(usize, &T) -> Value) -> Vec<Value> {
    items
        .iter()
        .enumerate()
        .map(|(position, item)| object(position, item))
        .collect()
}
