//! Who is fetched next. A file that comes slowly takes a lane for long, and one that failed before may fail again, so
//! that such files never have more than half of the lanes while others wait: addresses live for five minutes only.

use domain::{AttachmentId, ChannelId, Timestamp};
use std::collections::HashSet;
use std::time::Duration;

/// Files under way at the same time.
const AT_ONCE: usize = 4;
/// Lanes slow files have while others wait.
const FOR_SLOW: usize = 2;
/// A file that takes longer is slow.
const SLOW: Duration = Duration::from_secs(30);

/// A file that could be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) attachment: AttachmentId,
    pub(crate) channel: ChannelId,
    /// Whether it was tried before.
    pub(crate) tried: bool,
}

/// A file under way.
#[derive(Debug, Clone, PartialEq, Eq)]
struct UnderWay {
    file: Candidate,
    since: Timestamp,
    put_off: bool,
}

/// The files under way.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    busy: Vec<UnderWay>,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// This file begins.
    Begin(Candidate),
    /// This one makes room, and is fetched again later.
    PutOff(AttachmentId),
}

impl Lanes {
    /// Notes that a file has ended, however.
    pub(crate) fn end(&mut self, attachment: AttachmentId) {
        self.busy.retain(|known| known.file.attachment != attachment);
    }

    /// Whether any file could begin at all.
    pub(crate) fn has_room(&self, now: Timestamp) -> bool {
        self.running().count() < AT_ONCE || self.slow(now).count() > FOR_SLOW
    }

    /// Takes files that are due, those that waited longest first; returns what to do, in order. Of a `careful` channel
    /// one file is tried at a time, besides a slow one.
    pub(crate) fn fill(
        &mut self,
        mut due: Vec<Candidate>,
        careful: &HashSet<ChannelId>,
        now: Timestamp,
    ) -> Vec<Step> {
        let mut steps = Vec::new();
        due.retain(|file| {
            self.busy
                .iter()
                .all(|known| known.file.attachment != file.attachment)
        });
        while let Some(place) = self.best(&due, careful, now) {
            let file = due.remove(place);
            if self.running().count() >= AT_ONCE {
                let Some(known) = self.least_missed(now) else {
                    break;
                };
                known.put_off = true;
                steps.push(Step::PutOff(known.file.attachment));
            }
            steps.push(Step::Begin(file.clone()));
            self.busy.push(UnderWay {
                file,
                since: now,
                put_off: false,
            });
        }
        steps
    }

    /// Fresh files go first, and among them those of channels with the fewest under way.
    fn best(&self, due: &[Candidate], careful: &HashSet<ChannelId>, now: Timestamp) -> Option<usize> {
        due.iter()
            .enumerate()
            .filter(|(_, file)| self.may(file, careful, now))
            .min_by_key(|(place, file)| (file.tried, self.of(&file.channel), *place))
            .map(|(place, _)| place)
    }

    fn may(&self, file: &Candidate, careful: &HashSet<ChannelId>, now: Timestamp) -> bool {
        let is_full = self.running().count() >= AT_ONCE;
        let waits_for_its_like = careful.contains(&file.channel)
            && self
                .running()
                .any(|known| known.file.channel == file.channel && known.is_slow(now) == file.tried);
        if waits_for_its_like {
            return false;
        }
        if file.tried {
            !is_full && self.slow(now).count() < FOR_SLOW
        } else {
            !is_full || self.slow(now).count() > FOR_SLOW
        }
    }

    /// The slow file that makes room: one of the channel with the most, and there the one that has come the least
    /// far. One that was tried before has its lane until it ends.
    fn least_missed(&mut self, now: Timestamp) -> Option<&mut UnderWay> {
        let (_, attachment) = self
            .slow(now)
            .filter(|known| !known.file.tried)
            .map(|known| ((self.of(&known.file.channel), known.since), known.file.attachment))
            .max_by_key(|(key, _)| *key)?;
        self.busy
            .iter_mut()
            .find(|known| known.file.attachment == attachment)
    }

    fn of(&self, channel: &ChannelId) -> usize {
        self.running()
            .filter(|known| known.file.channel == *channel)
            .count()
    }

    fn slow(&self, now: Timestamp) -> impl Iterator<Item = &UnderWay> {
        self.running().filter(move |known| known.is_slow(now))
    }

    fn running(&self) -> impl Iterator<Item = &UnderWay> {
        self.busy.iter().filter(|known| !known.put_off)
    }
}

impl UnderWay {
    fn is_slow(&self, now: Timestamp) -> bool {
        self.file.tried || now >= self.since.plus(SLOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: Timestamp = Timestamp(1_000_000);

    fn file(id: i64, channel: &str, tried: bool) -> Candidate {
        Candidate {
            attachment: AttachmentId(id),
            channel: ChannelId::from(channel),
            tried,
        }
    }

    fn begun(steps: &[Step]) -> Vec<i64> {
        let begun = steps.iter().filter_map(|step| match step {
            Step::Begin(file) => Some(file.attachment.0),
            Step::PutOff(_) => None,
        });
        begun.collect()
    }

    fn put_off(steps: &[Step]) -> Vec<i64> {
        let put_off = steps.iter().filter_map(|step| match step {
            Step::PutOff(id) => Some(id.0),
            Step::Begin(_) => None,
        });
        put_off.collect()
    }

    #[test]
    fn files_that_failed_before_leave_half_of_the_lanes_to_fresh_ones() {
        let mut lanes = Lanes::default();
        let tried = (1..=8).map(|id| file(id, "one", true)).collect();
        assert_eq!(begun(&lanes.fill(tried, &HashSet::new(), BEGAN)), [1, 2]);
        let fresh = vec![
            file(9, "one", true),
            file(10, "one", false),
            file(11, "one", false),
        ];
        assert_eq!(begun(&lanes.fill(fresh, &HashSet::new(), BEGAN)), [10, 11]);
    }

    #[test]
    fn a_channel_with_many_files_leaves_lanes_to_the_others() {
        let mut lanes = Lanes::default();
        let mut due: Vec<_> = (1..=8).map(|id| file(id, "one", false)).collect();
        due.push(file(20, "two", false));
        assert_eq!(begun(&lanes.fill(due, &HashSet::new(), BEGAN)), [1, 20, 2, 3]);
    }

    #[test]
    fn slow_files_make_room_for_others_but_only_when_others_wait_and_down_to_half_of_the_lanes() {
        let mut lanes = Lanes::default();
        let slow = (1..=4).map(|id| file(id, "one", false)).collect();
        lanes.fill(slow, &HashSet::new(), BEGAN);
        assert!(!lanes.has_room(BEGAN.plus(Duration::from_secs(29))));
        let later = BEGAN.plus(SLOW);
        assert_eq!(lanes.fill(Vec::new(), &HashSet::new(), later), []);
        let due: Vec<_> = (5..=9).map(|id| file(id, "two", false)).collect();
        let steps = lanes.fill(due, &HashSet::new(), later);
        assert_eq!((begun(&steps).len(), put_off(&steps).len()), (2, 2));
        // What was put off comes back as one that was tried, and waits for the slow lanes.
        for id in put_off(&steps) {
            lanes.end(AttachmentId(id));
            assert_eq!(
                lanes.fill(vec![file(id, "one", true)], &HashSet::new(), later),
                []
            );
        }
    }

    #[test]
    fn a_slow_file_does_not_hold_the_only_lane_of_a_channel_whose_last_file_failed() {
        let mut lanes = Lanes::default();
        let careful = HashSet::from([ChannelId::from("one")]);
        let due = vec![file(1, "one", false), file(2, "one", false)];
        assert_eq!(begun(&lanes.fill(due, &careful, BEGAN)), [1]);
        let next = vec![file(2, "one", false)];
        assert_eq!(begun(&lanes.fill(next, &careful, BEGAN.plus(SLOW))), [2]);
    }
}
