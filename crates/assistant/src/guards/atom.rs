//! What a text says, piece by piece.

use std::ops::Range;

use super::concepts::Sense;
use super::links::Link;
use super::units::Unit;

/// Something a text says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A number, in millionths of its unit.
    Number(i128, Unit),
    /// A date, as far as it is said.
    Date {
        /// The year.
        year: Option<u16>,
        /// The month.
        month: Option<u8>,
        /// The day of the month.
        day: Option<u8>,
    },
    /// A time of the day, in minutes.
    Time(u16),
    /// A day of the week, Monday first.
    Weekday(u8),
    /// The next day.
    Tomorrow,
    /// Always open.
    AroundTheClock,
    /// A telephone number or another long number: its digits.
    Phone(String),
    /// Something that has to stand in the source as it is.
    Code(String),
    /// Something to tap.
    Link(Link),
    /// Money or a percentage without a number beside it.
    Mention(Unit),
    /// A word in letters we cannot read.
    Foreign(String),
    /// An amount without a number, and what it counts: `a few days`.
    Vague(&'static str, Unit, i128),
    /// A fact said without a digit, by our name of its meaning.
    Saying(Sense, &'static str),
    /// `an hour`, `per week`: how often, or for how long something is paid.
    Rate(Unit, i128),
    /// A name that tells where somebody is or how to find them; it has to stand in the source.
    Name(String),
}

/// Where a text says something, and what that may mean.
#[derive(Debug, Clone)]
pub(super) struct Atom {
    /// Where, in the folded text.
    pub(super) range: Range<usize>,
    /// What it may mean; one of them has to be supported.
    pub(super) readings: Vec<Value>,
    /// What it says besides, when it stands in a source: the days between Monday and Friday.
    pub(super) extra: Vec<Value>,
    /// What says the same when it stands in a source.
    pub(super) instead: Vec<Value>,
}

impl Atom {
    pub(super) fn new(range: Range<usize>, readings: Vec<Value>) -> Self {
        Self {
            range,
            readings,
            extra: Vec::new(),
            instead: Vec::new(),
        }
    }
}
