//! From what a window composes to what the wire is asked to put together.

use crate::args::{Card, ListRow, ListSection, OutgoingContent};
use engine::compose::{Button, CardPhone, Composition, Row, Section};

/// Returns the composition of a content. Positions stay, so that a broken rule names the argument's own field.
pub(crate) fn composition(content: OutgoingContent) -> Composition {
    match content {
        OutgoingContent::Location {
            latitude,
            longitude,
            name,
            address,
        } => Composition::Location {
            latitude,
            longitude,
            name,
            address,
        },
        OutgoingContent::Contacts { cards } => Composition::Contacts {
            cards: cards.into_iter().map(card).collect(),
        },
        OutgoingContent::Buttons {
            header,
            body,
            footer,
            buttons,
        } => Composition::Buttons {
            header: filled(header),
            body,
            footer: filled(footer),
            buttons: buttons
                .into_iter()
                .map(|title| Button { id: None, title })
                .collect(),
        },
        OutgoingContent::List {
            header,
            body,
            footer,
            button,
            sections,
        } => Composition::List {
            header: filled(header),
            body,
            footer: filled(footer),
            button,
            sections: sections.into_iter().map(section).collect(),
        },
        OutgoingContent::Link {
            header,
            body,
            footer,
            display_text,
            url,
        } => Composition::Link {
            header: filled(header),
            body,
            footer: filled(footer),
            display_text,
            url,
        },
        OutgoingContent::LocationRequest { body } => Composition::LocationRequest { body },
        OutgoingContent::ContactRequest { body } => Composition::ContactRequest { body },
    }
}

fn card(card: Card) -> engine::compose::Card {
    engine::compose::Card {
        formatted_name: card.name,
        phones: card
            .phones
            .into_iter()
            .map(|number| CardPhone {
                number,
                ..CardPhone::default()
            })
            .collect(),
        emails: card.emails,
        company: filled(card.company),
        ..engine::compose::Card::default()
    }
}

fn section(section: ListSection) -> Section {
    Section {
        title: filled(section.title),
        rows: section.rows.into_iter().map(row).collect(),
    }
}

fn row(row: ListRow) -> Row {
    Row {
        id: None,
        title: row.title,
        description: filled(row.description),
    }
}

/// An empty field of a form is none.
fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
