//! What the model may cost in a day, and how much of it one customer may use up (assistant.md, section 3.8).

use super::trouble::{Trouble, TroubleKind};
use domain::{ContactId, Timestamp};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What the owner allows; none is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Cost of a day, in millionths of the owner's currency.
    pub cost_per_day: Option<u64>,
    /// Tokens of a day for one customer.
    pub tokens_per_contact: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cost_per_day: None,
            tokens_per_contact: Some(100_000),
        }
    }
}

/// What was used today, by whom. What is under way counts as used, so that several questions at once cannot pass a
/// limit together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budget {
    day: Option<Date>,
    cost: u64,
    tokens: HashMap<ContactId, u64>,
}

/// What a question may use, set aside until it is known what it did use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "what is set aside has to be settled"]
pub struct SetAside {
    day: Date,
    contact: Option<ContactId>,
    cost: u64,
    tokens: u64,
}

impl Budget {
    /// Takes over what was used on `day` before the program started.
    pub fn restore(&mut self, day: Date, cost: u64, tokens: HashMap<ContactId, u64>) {
        *self = Self {
            day: Some(day),
            cost,
            tokens,
        };
    }

    /// Sets aside what a question will use at most, or says which limit is reached. A question is let through while
    /// something is left, so that the last one of a day may go a little over.
    pub fn admit(
        &mut self,
        limits: Limits,
        day: Date,
        contact: Option<ContactId>,
        (cost, tokens): (u64, u64),
    ) -> Result<SetAside, Trouble> {
        if self.day != Some(day) {
            *self = Self {
                day: Some(day),
                ..Self::default()
            };
        }
        if limits.cost_per_day.is_some_and(|limit| self.cost >= limit) {
            return Err(Trouble::new(
                TroubleKind::DayBudget,
                "Today's money for the language model is spent. The assistant answers from skills and knowledge until \
                 tomorrow; you can allow more in its settings.",
            ));
        }
        let used = contact
            .and_then(|contact| self.tokens.get(&contact).copied())
            .unwrap_or(0);
        if contact.is_some() && limits.tokens_per_contact.is_some_and(|limit| used >= limit) {
            return Err(Trouble::new(
                TroubleKind::ContactBudget,
                "This customer has used up today's share of the language model. The assistant answers from skills and \
                 knowledge; you can allow more in its settings.",
            ));
        }
        self.add(contact, cost, tokens);
        Ok(SetAside {
            day,
            contact,
            cost,
            tokens,
        })
    }

    /// Replaces what was set aside by what was used.
    pub fn settle(&mut self, aside: SetAside, (cost, tokens): (u64, u64)) {
        if self.day != Some(aside.day) {
            // It belongs to a day that is over.
            return;
        }
        self.cost = self.cost.saturating_sub(aside.cost);
        if let Some(used) = aside.contact.and_then(|contact| self.tokens.get_mut(&contact)) {
            *used = used.saturating_sub(aside.tokens);
        }
        self.add(aside.contact, cost, tokens);
    }

    /// What was used on `day`, in millionths of the owner's currency.
    pub fn cost(&self, day: Date) -> u64 {
        if self.day == Some(day) { self.cost } else { 0 }
    }

    fn add(&mut self, contact: Option<ContactId>, cost: u64, tokens: u64) {
        self.cost = self.cost.saturating_add(cost);
        if let Some(contact) = contact {
            let used = self.tokens.entry(contact).or_default();
            *used = used.saturating_add(tokens);
        }
    }
}

/// The day a moment belongs to in UTC, for shops whose time zone is not known.
pub fn day_of(now: Timestamp) -> Date {
    jiff::Timestamp::from_millisecond(now.0)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn limits() -> Limits {
        Limits {
            cost_per_day: Some(1_000),
            tokens_per_contact: Some(500),
        }
    }

    #[test]
    fn a_day_ends_when_its_money_is_spent_and_the_next_begins_anew() {
        let mut budget = Budget::default();
        let today = date(2026, 11, 21);
        let aside = budget.admit(limits(), today, None, (900, 0)).unwrap();
        let other = budget.admit(limits(), today, None, (900, 0)).unwrap();
        assert_eq!(
            budget.admit(limits(), today, None, (1, 0)).unwrap_err().kind,
            TroubleKind::DayBudget,
            "what is under way counts"
        );
        budget.settle(aside, (100, 0));
        budget.settle(other, (100, 0));
        assert_eq!(budget.cost(today), 200);
        let aside = budget.admit(limits(), today, None, (1, 0)).unwrap();
        budget.settle(aside, (5_000, 0));
        assert!(budget.admit(limits(), today, None, (1, 0)).is_err());
        assert!(budget.admit(limits(), date(2026, 11, 22), None, (1, 0)).is_ok());
    }

    #[test]
    fn one_customer_cannot_use_up_what_is_there_for_all() {
        let mut budget = Budget::default();
        let today = date(2026, 11, 21);
        let (one, two) = (ContactId(1), ContactId(2));
        budget.restore(today, 10, HashMap::from([(one, 500)]));
        assert_eq!(
            budget.admit(limits(), today, Some(one), (1, 1)).unwrap_err().kind,
            TroubleKind::ContactBudget
        );
        let aside = budget.admit(limits(), today, Some(two), (1, 400)).unwrap();
        budget.settle(aside, (1, 20));
        assert!(budget.admit(limits(), today, Some(two), (1, 1)).is_ok());
    }

    #[test]
    fn what_is_settled_after_midnight_does_not_burden_the_new_day() {
        let mut budget = Budget::default();
        let aside = budget
            .admit(limits(), date(2026, 11, 21), None, (900, 0))
            .unwrap();
        let next = budget.admit(limits(), date(2026, 11, 22), None, (0, 0)).unwrap();
        budget.settle(aside, (900, 0));
        budget.settle(next, (3, 0));
        assert_eq!(budget.cost(date(2026, 11, 22)), 3);
    }
}
