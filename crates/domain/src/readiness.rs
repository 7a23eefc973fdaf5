//! When a skill may be trusted to answer by itself: by what people made of its drafts.

/// Decided drafts a skill needs at least (guide of the assistant, section 4).
const LEAST: u32 = 30;
/// The share that has to be sent as it was or nearly, at least, with 95 % certainty (guide of the assistant, section 4).
const AGREEMENT: f64 = 0.80;
/// The normal distribution holds 95 % within so many standard deviations.
const Z: f64 = 1.96;
/// How far ahead is reckoned when more drafts are needed.
const MOST_NEEDED: u32 = 1_000;

/// What people made of the drafts of a skill.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Drafts that were decided.
    pub decided: u32,
    /// Of those, sent as they were or after a light edit.
    pub agreed: u32,
    /// Of the last 20, those that were wrong or had a fact changed.
    pub harmful: u32,
}

impl Readiness {
    /// Returns the share people agreed with, at least, with 95 % certainty: the lower bound of Wilson's interval.
    pub fn agreement(self) -> f64 {
        if self.decided == 0 {
            return 0.0;
        }
        let n = f64::from(self.decided);
        let share = f64::from(self.agreed.min(self.decided)) / n;
        let centre = share + Z * Z / (2.0 * n);
        let margin = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        ((centre - margin) / (1.0 + Z * Z / n)).max(0.0)
    }

    /// Whether the skill may be trusted to answer by itself.
    pub fn is_ready(self) -> bool {
        self.decided >= LEAST && self.harmful == 0 && self.agreement() >= AGREEMENT
    }

    /// Returns how many more drafts have to be decided at least, all of them agreed with; 0 when enough were.
    pub fn needed(self) -> u32 {
        let with = |more: u32| Self {
            decided: self.decided.saturating_add(more),
            agreed: self.agreed.saturating_add(more),
            harmful: 0,
        };
        // What did harm has to leave the last 20 first.
        let least = u32::from(self.harmful > 0);
        (least..MOST_NEEDED)
            .find(|more| with(*more).is_ready())
            .unwrap_or(MOST_NEEDED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(agreed: u32, decided: u32) -> Readiness {
        Readiness {
            decided,
            agreed,
            harmful: 0,
        }
    }

    #[test]
    fn a_skill_is_ready_when_people_surely_agree_with_four_drafts_in_five() {
        for (agreed, decided) in [(29, 30), (37, 40), (88, 100)] {
            assert!(of(agreed, decided).is_ready(), "{agreed} of {decided}");
            assert_eq!(of(agreed, decided).needed(), 0, "{agreed} of {decided}");
        }
        for (agreed, decided) in [(28, 30), (45, 50), (29, 29), (0, 0)] {
            assert!(!of(agreed, decided).is_ready(), "{agreed} of {decided}");
            assert!(of(agreed, decided).needed() > 0, "{agreed} of {decided}");
        }
    }

    #[test]
    fn a_single_harmful_draft_among_the_last_keeps_it_from_being_ready() {
        let harmful = Readiness {
            harmful: 1,
            ..of(99, 100)
        };
        assert!(!harmful.is_ready());
        assert_eq!(harmful.needed(), 1);
    }

    #[test]
    fn what_is_needed_is_enough_when_all_of_it_is_agreed_with() {
        for (agreed, decided) in [(0, 0), (10, 12), (28, 30), (45, 50), (5, 40)] {
            let more = of(agreed, decided).needed();
            assert!(of(agreed + more, decided + more).is_ready());
            assert!(!of(agreed + more - 1, decided + more - 1).is_ready());
        }
    }
}
