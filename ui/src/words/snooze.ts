/** The sentences about putting a conversation aside for a while, and the words in which a person says for how long. */

/** Words a person may type. They are compared in small letters. */
const vocabulary = {
  minutes: ["m", "min", "mins", "minute", "minutes"],
  hours: ["h", "hr", "hrs", "hour", "hours"],
  days: ["d", "day", "days"],
  weeks: ["w", "wk", "week", "weeks"],
  /** "half an hour", "a day", "two weeks". */
  numbers: { half: 0.5, a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, twelve: 12 } as Record<string, number>,
  today: ["today"],
  tomorrow: ["tomorrow", "tomorow", "tmrw", "tmr"],
  /** Today, in its evening. */
  tonight: ["tonight"],
  /** From Sunday on. */
  weekdays: [
    ["sunday", "sun"],
    ["monday", "mon"],
    ["tuesday", "tue", "tues"],
    ["wednesday", "wed"],
    ["thursday", "thu", "thur", "thurs"],
    ["friday", "fri"],
    ["saturday", "sat"],
  ],
  months: [
    ["january", "jan"],
    ["february", "feb"],
    ["march", "mar"],
    ["april", "apr"],
    ["may"],
    ["june", "jun"],
    ["july", "jul"],
    ["august", "aug"],
    ["september", "sep", "sept"],
    ["october", "oct"],
    ["november", "nov"],
    ["december", "dec"],
  ],
  /** Parts of a day, and the hour each of them begins at. */
  parts: { morning: 9, noon: 12, midday: 12, lunch: 13, afternoon: 15, evening: 18, night: 20 } as Record<string, number>,
  before: ["am", "a.m", "a.m."],
  after: ["pm", "p.m", "p.m."],
  next: ["next"],
  /** The 24 hours in which free text may be sent. */
  window: ["window", "closes", "closing", "close"],
  /** Words that say nothing about the time. */
  fill: ["in", "at", "on", "for", "until", "till", "til", "this", "the", "of", "and", "o'clock", "oclock", "snooze"],
};

export const snooze = {
  vocabulary,
  button: "Snooze",
  title: "Snooze this conversation",
  what: "It leaves your lists until then, or until the customer writes again.",
  label: "Until when?",
  hint: "2h, tomorrow 9, monday 10",
  does: (moment: string) => `Comes back ${moment}.`,
  do: "Snooze",
  doing: "Snoozing",
  presets: "Often used",
  hour: "In 1 hour",
  evening: "This evening",
  tomorrow: "Tomorrow",
  monday: "Monday",
  beforeClose: "Before the window closes",
  problems: {
    unknown: "This is not a time Deskbell understands. Try “2h”, “tomorrow 9” or “monday 10”.",
    past: "That time is over already. Say a later one.",
    far: "That is more than a year away. Say an earlier time.",
    noWindow: "No 24-hour window is open here, so there is nothing to come back before.",
    windowSoon: "The 24-hour window closes within the hour, so it cannot come back one hour before that.",
  },
  chip: (moment: string) => `Snoozed until ${moment}`,
  bar: (moment: string) => `Snoozed until ${moment}.`,
  barWhat: "It comes back then, or as soon as the customer writes.",
  over: { chip: "Snooze is over", what: "You wanted to come back to this now." },
  again: "Snooze again",
  done: "Done",
  wake: "Wake it now",
  waking: "Waking",
  failed: "That did not work.",
  toast: { until: (moment: string) => `Snoozed until ${moment}. Z wakes it.`, awake: "Back in your lists." },
  triage: (moment: string) => `Snoozed until ${moment}.`,
};
