//! What webhooks tell about people: new numbers, new ids, names and wishes
//! (whatsapp-cloud-api, sections 2.4, 2.5, 4.3, 4.4 and 4.5).

use super::Unreadable;
use super::person::{self, People, Person};
use crate::inbound::{Event, PersonNews};
use crate::whatsapp::lenient;
use domain::{Identity, IdentityKind, Timestamp};
use serde_json::Value;

/// A person's names before and after a change.
pub(super) struct Renamed {
    /// Those we may know.
    pub(super) old: Vec<Identity>,
    /// Those that are theirs from now on.
    pub(super) new: Vec<Identity>,
}

/// Reads the notice that somebody has another number or id; `None` for anything else (section 2.5).
pub(super) fn renamed(message: &Value, sender: &Person) -> Option<Renamed> {
    let system = message.get("system").filter(|system| system.is_object())?;
    let kind = lenient::id(system.get("type"))?.to_ascii_lowercase();
    let mut new = Person::named(system, "user_id", "parent_user_id", "");
    let mut old = Person::named(system, "previous_user_id", "previous_parent_user_id", "");
    let pair = pair_in_words(system);
    match kind.as_str() {
        "user_changed_number" | "customer_changed_number" => {
            let before = sender
                .number
                .clone()
                .or_else(|| lenient::digits(system.get("customer")))
                .or_else(|| number(&pair.as_ref()?.0));
            new.number = ["new_wa_id", "wa_id"]
                .iter()
                .filter_map(|key| lenient::digits(system.get(key)))
                .find(|number| Some(number) != before.as_ref())
                .or_else(|| number(&pair.as_ref()?.1));
            old.number = before;
        }
        "user_changed_user_id" => {
            if let Some((before, after)) = pair.filter(|(before, after)| {
                person::is_bsuid(before)
                    && person::is_bsuid(after)
                    && new.bsuid.as_ref().is_none_or(|known| known == after)
            }) {
                old.bsuid.get_or_insert(before);
                new.bsuid.get_or_insert(after);
            }
            old.number = sender
                .number
                .clone()
                .or_else(|| lenient::digits(system.get("wa_id")));
            new.number.clone_from(&old.number);
        }
        _ => return None,
    }
    // The sender may be called by the new id already.
    if old.bsuid.is_none() {
        old.bsuid = sender
            .bsuid
            .clone()
            .filter(|bsuid| Some(bsuid) != new.bsuid.as_ref());
    }
    if old.parent.is_none() {
        old.parent = sender
            .parent
            .clone()
            .filter(|parent| Some(parent) != new.parent.as_ref());
    }
    Some(Renamed {
        old: old.identities(None),
        new: new.identities(None),
    })
}

/// Returns the person a system message names in itself, for one that names no sender.
pub(super) fn named_in_system(message: &Value) -> Vec<Identity> {
    message.get("system").map_or_else(Vec::new, |system| {
        let mut person = Person::named(system, "user_id", "parent_user_id", "wa_id");
        person.number = person.number.or_else(|| lenient::digits(system.get("customer")));
        person.identities(None)
    })
}

/// Returns the two names at the end of a sentence such as `User Ana changed from A to B`. Only its end is looked at:
/// the middle is the person's own text.
fn pair_in_words(system: &Value) -> Option<(String, String)> {
    let body = lenient::text(system.get("body"))?;
    let mut words = body.split_whitespace().rev();
    let after = words.next()?.trim_end_matches(['.', '!', ',']);
    let between = words.next()?;
    let before = words.next()?;
    let is_name = |word: &str| person::is_bsuid(word) || number(word).is_some();
    (is_name(before) && is_name(after) && !is_name(between)).then(|| (before.to_owned(), after.to_owned()))
}

/// Returns the digits of a word that is a telephone number and nothing else.
fn number(word: &str) -> Option<String> {
    let digits = word.strip_prefix('+').unwrap_or(word);
    ((7..=20).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()))
        .then(|| digits.to_owned())
}

/// Returns what a changed name means for what we know.
pub(super) fn of_renamed(
    renamed: &Renamed,
    name: Option<&str>,
    username: Option<&str>,
    at: Option<Timestamp>,
) -> Option<PersonNews> {
    (!renamed.new.is_empty()).then(|| PersonNews {
        name: name.map(str::to_owned),
        username: username.map(str::to_owned),
        ..news(renamed.old.clone(), renamed.new.clone(), at)
    })
}

/// Returns the number a customer gave us when we asked for it; Meta vouches for it (section 2.2, `contacts`).
/// Cards of other people tell nothing about the sender.
pub(super) fn of_shared_number(
    message: &Value,
    sender: &[Identity],
    at: Option<Timestamp>,
) -> Option<PersonNews> {
    let is_asked_for = |origin: &str| origin.eq_ignore_ascii_case("contact_request");
    let origin = lenient::id(message.get("origin"));
    let cards = lenient::list(message.get("contacts").cloned()).ok()?;
    let mut also: Vec<Identity> = Vec::new();
    for card in cards {
        let own = lenient::id(card.get("origin")).or_else(|| origin.clone());
        if !own.as_deref().is_some_and(is_asked_for) {
            continue;
        }
        let phones = lenient::list(card.get("phones").cloned()).unwrap_or_default();
        let mut found: Vec<Identity> = phones.iter().flat_map(card_phone).collect();
        if found.is_empty() {
            found = vcard_number(&card)
                .map(|number| both_kinds(&number))
                .unwrap_or_default();
        }
        for identity in found {
            if !also.contains(&identity) && !sender.contains(&identity) {
                also.push(identity);
            }
        }
    }
    (!also.is_empty()).then(|| news(sender.to_vec(), also, at))
}

/// Returns the names a telephone number of a card gives; a national number without its country names nobody.
fn card_phone(phone: &Value) -> Vec<Identity> {
    let written = lenient::id(phone.get("phone"));
    let is_international = written.as_deref().is_some_and(|written| written.starts_with('+'));
    match (lenient::digits(phone.get("wa_id")), written) {
        (Some(wa_id), Some(written)) if is_international => [
            Identity::new(IdentityKind::WaId, &wa_id),
            Identity::new(IdentityKind::Phone, &written),
        ]
        .into_iter()
        .flatten()
        .collect(),
        (Some(wa_id), _) => both_kinds(&wa_id),
        (None, Some(written)) if is_international => {
            Identity::new(IdentityKind::Phone, &written).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn both_kinds(number: &str) -> Vec<Identity> {
    [IdentityKind::WaId, IdentityKind::Phone]
        .into_iter()
        .filter_map(|kind| Identity::new(kind, number))
        .collect()
}

/// Returns the WhatsApp id in the text of a card (`TEL;waid=447700900655:+44 7700 900655`).
fn vcard_number(card: &Value) -> Option<String> {
    let vcard = lenient::text(card.get("vcard"))?;
    let (_, rest) = vcard.split_once("waid=")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).take(20).collect();
    (digits.len() >= 7).then_some(digits)
}

fn news(known_as: Vec<Identity>, also: Vec<Identity>, at: Option<Timestamp>) -> PersonNews {
    PersonNews {
        known_as,
        also,
        name: None,
        from_address_book: false,
        username: None,
        marketing: None,
        at,
        add_when_unknown: false,
    }
}

/// Reads one element of `user_id_update` (section 4.5).
pub(super) fn of_changed_id(raw: Value, contacts: &People, alone: bool) -> Result<Event, Unreadable> {
    let of = |moment: &str, key: &str| match raw.get(key) {
        Some(Value::Object(pair)) => lenient::id(pair.get(moment)),
        scalar if moment == "current" => lenient::id(scalar),
        _ => lenient::id(raw.get(format!("{moment}_{key}"))),
    };
    let person = |moment: &str| Person {
        bsuid: of(moment, "user_id"),
        parent: of(moment, "parent_user_id"),
        number: lenient::digits(raw.get("wa_id")),
    };
    let (before, after) = (person("previous"), person("current"));
    let (known_as, also) = (before.identities(None), after.identities(None));
    if known_as.is_empty() || (after.bsuid.is_none() && after.parent.is_none()) {
        return Err((
            "the change does not say whose id it is, or which is the new one",
            raw,
        ));
    }
    let contact = [&after, &before]
        .iter()
        .find_map(|person| contacts.contact(person, alone));
    let (name, username) = person::profile(contact);
    Ok(Event::Person(Box::new(PersonNews {
        name,
        username,
        // Messages under either id may come after it, and must find one person.
        add_when_unknown: true,
        ..news(known_as, also, lenient::moment(raw.get("timestamp")))
    })))
}

/// Reads one element of `user_preferences` (section 4.3). Somebody who said stop is remembered even when they are
/// unknown so far, or the next promotion would go to them.
pub(super) fn of_wish(raw: Value, contacts: &People, alone: bool) -> Result<Event, Unreadable> {
    let person = Person::named(&raw, "user_id", "parent_user_id", "wa_id");
    let contact = contacts.contact(&person, alone);
    let known_as = person.identities(contact);
    if known_as.is_empty() {
        return Err(("the wish does not say whose it is", raw));
    }
    let is_marketing = lenient::id(raw.get("category"))
        .is_none_or(|category| category.eq_ignore_ascii_case("marketing_messages"));
    let value = lenient::id(raw.get("value")).map(|value| value.to_ascii_lowercase());
    let marketing = match value.as_deref() {
        Some("stop") => Some(false),
        Some("resume" | "signup") => Some(true),
        _ => None,
    };
    if !is_marketing || marketing.is_none() {
        let field = "user_preferences".to_owned();
        return Ok(Event::Other { field, raw });
    }
    let (name, username) = person::profile(contact);
    Ok(Event::Person(Box::new(PersonNews {
        name,
        username,
        marketing,
        add_when_unknown: true,
        ..news(known_as, Vec::new(), lenient::moment(raw.get("timestamp")))
    })))
}

/// Reads one element of `state_sync`, the address book of the business's phone (section 4.4).
pub(super) fn of_address_book(raw: Value) -> Result<Event, Unreadable> {
    let field = || "smb_app_state_sync".to_owned();
    let kind = lenient::id(raw.get("type"));
    let Some(contact) = raw.get("contact").filter(|contact| contact.is_object()) else {
        return if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("contact")) {
            Ok(Event::Other { field: field(), raw })
        } else {
            Err(("the entry of the address book holds no person", raw))
        };
    };
    let person = Person::named(contact, "user_id", "parent_user_id", "phone_number");
    let known_as: Vec<Identity> = [
        (IdentityKind::Bsuid, person.bsuid),
        (IdentityKind::ParentBsuid, person.parent),
        (IdentityKind::WaId, lenient::digits(contact.get("wa_id"))),
        (IdentityKind::Phone, person.number),
    ]
    .into_iter()
    .filter_map(|(kind, value)| Identity::new(kind, &value?))
    .collect();
    if known_as.is_empty() {
        return Err(("the entry of the address book does not say whose it is", raw));
    }
    let is_removed = match lenient::id(raw.get("action")).map(|action| action.to_ascii_lowercase()) {
        Some(action) if action == "remove" => true,
        Some(action) if action != "add" => return Ok(Event::Other { field: field(), raw }),
        _ => false,
    };
    let name = ["full_name", "first_name"]
        .iter()
        .find_map(|key| lenient::id(contact.get(key)))
        .filter(|_| !is_removed);
    let at =
        lenient::moment(raw.pointer("/metadata/timestamp")).or_else(|| lenient::moment(raw.get("timestamp")));
    Ok(Event::Person(Box::new(PersonNews {
        name,
        from_address_book: true,
        username: lenient::id(contact.get("username")).filter(|_| !is_removed),
        add_when_unknown: !is_removed,
        ..news(known_as, Vec::new(), at)
    })))
}
