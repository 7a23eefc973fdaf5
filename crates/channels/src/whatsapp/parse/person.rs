//! Who somebody is: the names an item gives and those its contact adds (whatsapp-cloud-api, sections 1.6 and 2.4).

use crate::whatsapp::lenient;
use domain::{Identity, IdentityKind};
use serde_json::Value;
use std::collections::HashMap;

/// The names an item itself gives to a person.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    /// Business-scoped id.
    pub(super) bsuid: Option<String>,
    /// Business-scoped id of the parent business.
    pub(super) parent: Option<String>,
    /// Digits of the WhatsApp id or phone number.
    pub(super) number: Option<String>,
}

impl Person {
    /// Reads the names of a person from the keys they are written under; an empty key stands for none.
    pub(super) fn named(holder: &Value, bsuid: &str, parent: &str, number: &str) -> Self {
        let written = |key: &str| holder.get(key).filter(|_| !key.is_empty());
        let mut person = Self {
            bsuid: lenient::id(written(bsuid)),
            parent: lenient::id(written(parent)),
            number: None,
        };
        match lenient::id(written(number)) {
            // Its digits would be somebody else's number.
            Some(misplaced) if is_bsuid(&misplaced) => {
                person.bsuid.get_or_insert(misplaced);
            }
            _ => person.number = lenient::digits(written(number)),
        }
        person
    }

    /// Returns whether nothing is known about them.
    pub(super) const fn is_nobody(&self) -> bool {
        self.bsuid.is_none() && self.parent.is_none() && self.number.is_none()
    }

    /// Adds what another description of the same person knows; nothing when it speaks of somebody else.
    pub(super) fn completed_by(mut self, other: &Self) -> Self {
        if compare(&self, other) == Some(false) {
            return self;
        }
        self.bsuid = self.bsuid.or_else(|| other.bsuid.clone());
        self.parent = self.parent.or_else(|| other.parent.clone());
        self.number = self.number.or_else(|| other.number.clone());
        self
    }

    /// Returns whether a description is of the same person.
    pub(super) fn is(&self, other: &Self) -> bool {
        compare(self, other) == Some(true)
    }

    /// Returns whether a contact is the same person; `None` when they share no kind of id that could tell.
    fn compare(&self, contact: &Value) -> Option<bool> {
        compare(self, &of_contact(contact))
    }

    /// Returns all names of this person, best first. A contact that has other ids lends no name of its own:
    /// two people must never become one.
    pub(super) fn identities(&self, contact: Option<&Value>) -> Vec<Identity> {
        let lender = contact
            .filter(|contact| self.compare(contact) != Some(false))
            .map(of_contact)
            .unwrap_or_default();
        let wa_id = lender.number.or_else(|| self.number.clone());
        let phone = self.number.clone().or_else(|| wa_id.clone());
        [
            (IdentityKind::Bsuid, self.bsuid.clone().or(lender.bsuid)),
            (IdentityKind::ParentBsuid, self.parent.clone().or(lender.parent)),
            (IdentityKind::WaId, wa_id),
            (IdentityKind::Phone, phone),
        ]
        .into_iter()
        .filter_map(|(kind, value)| Identity::new(kind, &value?))
        .collect()
    }
}

/// The people a webhook describes beside its messages, found by their ids: a body may hold thousands of both.
#[derive(Debug, Clone, Default)]
pub(super) struct People {
    contacts: Vec<Value>,
    by_bsuid: HashMap<String, usize>,
    by_number: HashMap<String, usize>,
}

impl People {
    /// Reads `contacts`. They only add to what stands in the items; odd ones are done without.
    pub(super) fn new(contacts: Option<Value>) -> Self {
        let mut people = Self {
            contacts: lenient::list(contacts).unwrap_or_default(),
            ..Self::default()
        };
        for (index, contact) in people.contacts.iter().enumerate() {
            let person = of_contact(contact);
            if let Some(bsuid) = person.bsuid {
                people.by_bsuid.entry(bsuid).or_insert(index);
            }
            if let Some(number) = person.number {
                people.by_number.entry(number).or_insert(index);
            }
        }
        people
    }

    /// Returns whether nobody is described.
    pub(super) const fn is_empty(&self) -> bool {
        self.contacts.is_empty()
    }

    /// Returns the contact that is a person: the one with the same id, else the only one there is (section 1.6).
    /// When several items share that one, it belongs to the one it names.
    pub(super) fn contact(&self, person: &Person, alone: bool) -> Option<&Value> {
        let by_bsuid = person.bsuid.as_ref().and_then(|bsuid| self.by_bsuid.get(bsuid));
        let by_number = person.number.as_ref().and_then(|number| {
            self.by_number.get(number).or_else(|| {
                domain::other_spellings(number)
                    .iter()
                    .find_map(|other| self.by_number.get(other))
            })
        });
        by_bsuid
            .or(by_number)
            .and_then(|index| self.contacts.get(*index))
            .or(match self.contacts.as_slice() {
                [only] if alone || person.compare(only).is_none() => Some(only),
                _ => None,
            })
    }
}

/// Returns the names in an element of `contacts`.
pub(super) fn of_contact(contact: &Value) -> Person {
    Person::named(contact, "user_id", "parent_user_id", "wa_id")
}

/// Returns what a contact calls themselves, and their user name.
pub(super) fn profile(contact: Option<&Value>) -> (Option<String>, Option<String>) {
    let profile = contact.and_then(|contact| contact.get("profile"));
    let read = |key: &str| profile.and_then(|profile| lenient::id(profile.get(key)));
    (read("name"), read("username"))
}

/// Returns whether a text is a business-scoped id: country, dot, letters and digits (section 2.4).
pub(super) fn is_bsuid(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else {
        return false;
    };
    let rest = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && (1..=128).contains(&rest.len())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// `None` when the two share no kind of id that could tell.
fn compare(one: &Person, other: &Person) -> Option<bool> {
    let same_bsuid = one.bsuid.as_ref().zip(other.bsuid.as_ref()).map(|(a, b)| a == b);
    let same_number = one
        .number
        .as_ref()
        .zip(other.number.as_ref())
        .map(|(a, b)| a == b || domain::other_spellings(a).contains(b));
    match (same_bsuid, same_number) {
        (None, None) => None,
        (bsuid, number) => Some(bsuid == Some(true) || number == Some(true)),
    }
}
