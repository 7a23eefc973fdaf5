//! While you were away: when nobody could reach us, and what that meant for customers (product, section 2).

use crate::commands::CommandError;
use crate::engine::Engine;
use domain::{DELIVERY_TRIED, Gap, SHORTEST_GAP, StillToCome, Timestamp};
use store::{Change, Conversation, LateArrival, StoreError, Waiting};

/// Until when the owner has seen what happened.
const SEEN: &str = "away_seen";
/// Customers in each list.
const MOST: u32 = 100;

/// What happened while nobody could reach us.
#[derive(Debug, Clone, PartialEq)]
pub struct Away {
    /// Whether there is something nobody has seen.
    pub unseen: bool,
    /// The times, oldest first; short ones are left out, and those that lie close together are one.
    pub gaps: Vec<Gap>,
    /// Whether the last one goes on.
    pub goes_on: bool,
    /// Who wrote meanwhile, most messages first.
    pub late: Vec<(LateArrival, Conversation)>,
    /// Who waits for an answer, the one who waits longest first.
    pub waiting: Vec<(Waiting, Conversation)>,
    /// Whose service window closed meanwhile.
    pub windows_closed: Vec<(Waiting, Conversation)>,
    /// What may still come; `None` when nothing was missed.
    pub still: Option<StillToCome>,
    /// When this was so.
    pub now: Timestamp,
}

/// Makes one of the gaps that lie close together, and leaves out those that are not worth a word. What caused most of the
/// time is the cause.
fn merged(gaps: &[Gap]) -> Vec<Gap> {
    let mut told: Vec<(Gap, Gap)> = Vec::new();
    for gap in gaps {
        match told.last_mut() {
            Some((whole, longest)) if gap.from.since(whole.until) < SHORTEST_GAP => {
                whole.until = gap.until;
                if gap.length() > longest.length() {
                    *longest = *gap;
                    whole.cause = gap.cause;
                }
            }
            _ => told.push((*gap, *gap)),
        }
    }
    told.into_iter()
        .map(|(whole, _)| whole)
        .filter(Gap::is_worth_telling)
        .collect()
}

impl Engine {
    /// Returns what happened while nobody could reach us: what nobody has seen yet, else the last time within a week.
    pub async fn away(&self) -> Result<Away, StoreError> {
        let now = self.now();
        self.store()
            .read(move |reader| {
                let seen = reader.setting(SEEN)?.and_then(|at| at.parse().ok());
                let seen = Timestamp(seen.unwrap_or(i64::MIN));
                let week = i64::try_from(DELIVERY_TRIED.as_millis()).unwrap_or(i64::MAX);
                let after = Timestamp(now.0.saturating_sub(week)).min(seen);
                // Before there was a number nobody could be missed.
                let first = reader.first_channel_at()?.unwrap_or(now);
                let mut gaps = reader.gaps(after.max(first), now)?;
                for gap in &mut gaps {
                    gap.from = gap.from.max(first);
                }
                let mut gaps = merged(&gaps);
                let goes_on =
                    reader.listening_since()?.is_none() && gaps.last().is_some_and(|last| last.until >= now);
                let mut late: Vec<LateArrival> = Vec::new();
                let mut news = gaps.iter().any(|gap| gap.until > seen);
                let mut told = Vec::new();
                for gap in &gaps {
                    let arrivals = reader.late_arrivals(gap, MOST)?;
                    let came = arrivals.iter().any(|late| late.last_arrived > seen);
                    if gap.until > seen || came {
                        told.push(*gap);
                        add(&mut late, arrivals);
                        news = true;
                    }
                }
                if told.is_empty()
                    && let Some(last) = gaps.last()
                {
                    add(&mut late, reader.late_arrivals(last, MOST)?);
                    told.push(*last);
                }
                gaps = told;
                let span = gaps
                    .first()
                    .zip(gaps.last())
                    .map(|(first, last)| (first.from, last.until));
                let closed = match span {
                    Some((from, until)) => reader.windows_closed(from, until, MOST)?,
                    None => Vec::new(),
                };
                let still = gaps
                    .last()
                    .filter(|_| !goes_on)
                    .map(|last| last.still_to_come(now));
                let has_channels = !reader.channels()?.is_empty();
                let with = |waiting: Vec<Waiting>| {
                    waiting
                        .into_iter()
                        .map(|waiting| Ok((waiting, reader.conversation(waiting.conversation_id)?)))
                        .collect::<Result<Vec<_>, StoreError>>()
                };
                Ok(Away {
                    unseen: news && has_channels,
                    goes_on,
                    late: late
                        .into_iter()
                        .map(|late| {
                            let conversation = reader.conversation(late.conversation_id)?;
                            Ok((late, conversation))
                        })
                        .collect::<Result<Vec<_>, StoreError>>()?,
                    waiting: with(reader.longest_waiting(MOST)?)?,
                    windows_closed: with(closed)?,
                    still,
                    gaps,
                    now,
                })
            })
            .await
    }

    /// Marks what happened as seen.
    pub async fn see_away(&self) -> Result<(), CommandError> {
        let now = self.now();
        self.store()
            .write(move |transaction| {
                transaction.set_setting(SEEN, &now.0.to_string())?;
                transaction.changed(Change::Away);
                Ok(())
            })
            .await?;
        Ok(())
    }
}

/// Adds what came late in one gap to what came late in those before.
fn add(late: &mut Vec<LateArrival>, more: Vec<LateArrival>) {
    for arrival in more {
        match late
            .iter_mut()
            .find(|known| known.conversation_id == arrival.conversation_id)
        {
            Some(known) => {
                known.messages = known.messages.saturating_add(arrival.messages);
                known.first_written = known.first_written.min(arrival.first_written);
                known.last_arrived = known.last_arrived.max(arrival.last_arrived);
            }
            None => late.push(arrival),
        }
    }
    late.sort_by_key(|late| std::cmp::Reverse(late.messages));
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ListeningEnd;

    fn gap(from: i64, until: i64, cause: ListeningEnd) -> Gap {
        let minute = |number: i64| Timestamp(number * 60_000);
        Gap {
            from: minute(from),
            until: minute(until),
            cause,
        }
    }

    #[test]
    fn gaps_that_lie_close_together_are_told_as_one_by_their_main_cause() {
        let told = merged(&[
            gap(0, 60, ListeningEnd::Sleep),
            gap(61, 63, ListeningEnd::Tunnel),
            gap(100, 101, ListeningEnd::Tunnel),
            gap(200, 230, ListeningEnd::Quit),
        ]);
        assert_eq!(
            told,
            [gap(0, 63, ListeningEnd::Sleep), gap(200, 230, ListeningEnd::Quit)]
        );
    }

    #[test]
    fn many_short_breaks_in_a_row_are_worth_telling_together() {
        let flapping: Vec<Gap> = (0..5)
            .map(|at| gap(at * 2, at * 2 + 1, ListeningEnd::Tunnel))
            .collect();
        assert_eq!(merged(&flapping), [gap(0, 9, ListeningEnd::Tunnel)]);
        assert_eq!(merged(&flapping[..1]), []);
    }
}
