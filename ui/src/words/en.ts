/** Every sentence a person sees, in English. A translation is another object of the same shape. */

import type { ErrorCode, MessageKind } from "../api/generated";

const count = (n: number, one: string, many: string) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

const errors: Record<ErrorCode | "unreachable" | "no_access", { what: string; next: string }> = {
  unknown_command: {
    what: "This window and the engine behind it are of different versions.",
    next: "Close Deskbell and open it again; nothing you wrote is lost.",
  },
  bad_request: {
    what: "The engine could not use what it was given.",
    next: "Change the text and try again.",
  },
  not_found: {
    what: "This is no longer there; it may have been removed in another window.",
    next: "Choose it again from the list.",
  },
  window_closed: {
    what: "Not sent: more than 24 hours have passed since the customer wrote, and WhatsApp refuses free text after that.",
    next: "Your text is kept. You can send it as soon as the customer writes again.",
  },
  not_now: {
    what: "That is not possible for this message any more; it has moved on meanwhile.",
    next: "Look at its state below the text.",
  },
  storage: {
    what: "The database on this computer could not be read or written.",
    next: "Check that the disk is not full, then try again.",
  },
  unauthorized: {
    what: "This page has no key to the inbox on this computer, so nothing was done.",
    next: "Open the address that Deskbell printed when it started.",
  },
  internal: {
    what: "Something went wrong inside Deskbell. Your messages are safe on disk.",
    next: "Try again; if it happens twice, close Deskbell and open it again.",
  },
  unreachable: {
    what: "The engine cannot be reached, so this was not done.",
    next: "Deskbell keeps trying by itself; your text stays here.",
  },
  no_access: {
    what: "The engine does not let this page in.",
    next: "Open the address that deskbelld printed when it started.",
  },
};

/** What a message without readable text is, as the customer's action. */
const sent: Record<MessageKind, string> = {
  text: "a text",
  image: "a picture",
  video: "a video",
  audio: "an audio file",
  voice: "a voice message",
  document: "a document",
  sticker: "a sticker",
  location: "a place on the map",
  contacts: "a contact card",
  button_reply: "an answer by button",
  list_reply: "a choice from a list",
  flow_reply: "a filled-in form",
  order: "an order",
  template: "a template message",
  interactive: "a message with buttons",
  call: "a call",
  system: "a notice from WhatsApp",
  welcome: "a first hello",
  unsupported: "something WhatsApp does not hand on",
  unknown: "something new",
};

/** A newer engine may know kinds this window does not. */
const named = (kind: MessageKind): string => sent[kind] ?? sent.unknown;

export const en = {
  errors,

  inboxHeading: "Deskbell inbox",

  rail: {
    label: "Main",
    inbox: "Inbox",
    inboxCount: (n: number) => `Inbox, ${count(n, "conversation needs", "conversations need")} you`,
    health: "Health",
    settings: "Appearance",
    keys: "Keyboard",
    demo: "Demo",
  },

  list: {
    label: "Conversations",
    search: "Search everything",
    searchLabel: "Search conversations and messages",
    clear: "Clear search",
    piles: "Piles",
    needs_me: "Needs me",
    bot: "Bot",
    waiting: "Waiting",
    all: "All",
    loading: "Loading conversations",
    arrived: (n: number) => `${count(n, "conversation", "conversations")} moved · show`,
    people: "People",
    messages: "Messages",
    noHits: (text: string) => `Nothing found for “${text}”.`,
    noHitsNext: "Names, numbers and message texts were searched.",
    noPeople: "No name or number fits.",
    noMessages: "No message contains this.",
    emptyTitle: "No messages yet",
    empty: "As soon as a customer writes, the conversation appears here.",
    emptyNumber: (number: string) => `Try it: send “hi” from your phone to ${number}.`,
    emptyDemo: "The customers of the demo shop write within the next seconds.",
    emptyPile: {
      needs_me: { title: "Nobody is waiting.", next: "Every customer has an answer." },
      bot: { title: "The bot has nothing to do.", next: "" },
      waiting: { title: "No answers are outstanding.", next: "Conversations you have answered lie here." },
      all: { title: "No messages yet", next: "" },
    },
    showAll: "Show all conversations",
    unread: (n: number) => count(n, "unread message", "unread messages"),
    you: "You:",
    botSays: "Bot:",
    phoneSays: "Phone:",
    nothingSaid: "No messages yet",
    draft: "Draft:",
    failed: "The list could not be loaded.",
    olderFailed: "Older conversations could not be loaded.",
  },

  chips: {
    notDelivered: "Not delivered",
    mayNotHaveArrived: "May not have arrived",
    closesIn: (left: string) => `Closes in ${left}`,
    windowClosed: "Window closed",
    waitingForAnswer: "Waiting for answer",
    asksForPerson: "Asks for you",
  },

  window: {
    never: "No window yet",
    closed: "Window closed",
    open: (left: string) => `${left} left to reply freely`,
  },

  duration: {
    days: (n: number) => `${n} d`,
    hours: (n: number) => `${n} h`,
    minutes: (n: number) => `${n} min`,
    lessThanMinute: "under 1 min",
    secondsAgo: (n: number) => `${n} s ago`,
    minutesAgo: (n: number) => `${n} min ago`,
    hoursAgo: (n: number) => `${n} h ago`,
    daysAgo: (n: number) => (n === 1 ? "1 day ago" : `${n} days ago`),
    justNow: "just now",
  },

  day: { today: "Today", yesterday: "Yesterday" },

  thread: {
    label: (name: string) => `Conversation with ${name}`,
    messages: (name: string) => `Messages with ${name}`,
    loading: "Loading messages",
    back: "Back to the list",
    unread: (n: number) => count(n, "new message", "new messages"),
    toBottom: "To the newest message",
    toBottomNew: (n: number) => `To ${count(n, "new message", "new messages")}`,
    beginning: "This is the beginning of what Deskbell has kept.",
    loadingOlder: "Loading older messages",
    failed: "This conversation could not be loaded.",
    olderFailed: "Older messages could not be loaded.",
    none: "Nothing has been said here yet.",
    chooseTitle: "Choose a conversation",
    choose: "or press J for the first one. Press ? for all keys.",
    emptyTitle: "Conversations open here",
    edited: "edited",
    revoked: "The customer deleted this message.",
    revokedOwn: "This message was deleted.",
    late: (written: string, arrived: string) => `written ${written}, arrived ${arrived}`,
    quoteMissing: "Quoted message not available",
    quoteYou: "You",
    kind: (kind: MessageKind, original: string) =>
      kind === "unknown" || kind === "unsupported"
        ? `Sent something of a new kind (${original}). This version shows text only; the message is kept.`
        : `Sent ${named(kind)}. This version shows text only; the message is kept.`,
    kindOwn: (kind: MessageKind) =>
      `You sent ${named(kind)}. This version shows text only; the message is kept.`,
    kindShort: (kind: MessageKind) => `Sent ${named(kind)}`,
    system: "Notice from WhatsApp",
    bot: "Bot",
    phone: "Sent from the phone",
    copyLink: "Copy link",
    linkCopied: "Link copied",
    linkNotCopied: "The link could not be copied",
    retry: "Retry",
    discard: "Discard",
    sendAgain: "Send again",
    cancel: "Cancel",
    confirmRetry: "It may already have arrived. Send again?",
    confirmDiscard: "Remove this message from the conversation?",
    retryAt: (time: string) => `Tries again at ${time}.`,
    notFound: "That message could not be found in the conversation.",
    saysYou: (time: string) => `You, ${time}`,
    says: (name: string, time: string) => `${name}, ${time}`,
  },

  ticks: {
    received: "received",
    scheduled: "scheduled",
    queued: "waiting to be sent",
    sending: "being sent",
    accepted: "sent",
    sent: "sent",
    delivered: "delivered",
    read: "read",
    played: "played",
    failed: "not delivered",
    unknown: "may not have arrived",
  },

  failure: {
    failed: "Not delivered.",
    unknown: "May not have arrived: the connection broke while it was being sent.",
  },

  composer: {
    label: (name: string) => `Reply to ${name}`,
    placeholder: (name: string) => `Write to ${name}`,
    send: "Send",
    sending: "Sending",
    hint: "Enter sends · Shift + Enter makes a new line",
    left: (n: number, max: number) => `${n.toLocaleString("en")} of ${max.toLocaleString("en")}`,
    tooLong: (over: number) =>
      `${count(over, "character", "characters")} too many: WhatsApp takes at most 4,096. Shorten the text to send it.`,
    closed: (name: string) =>
      `More than 24 hours have passed since ${name} wrote. WhatsApp lets you write again when they do; templates come with a later version.`,
    neverWrote: (name: string) =>
      `${name} has not written yet. WhatsApp lets you reply freely once they do; templates come with a later version.`,
    kept: "Your text is kept.",
    unreachable: "The engine cannot be reached. Nothing was sent; your text is kept here.",
    quoting: (name: string) => `Replying to ${name}`,
    quotingYou: "Replying to your own message",
    dropQuote: "Do not quote",
  },

  status: {
    label: "Status",
    connecting: "Connecting to the engine",
    down: "Engine unreachable · trying again",
    listening: "Listening",
    lastEvent: (ago: string) => `last event ${ago}`,
    noEvent: "nothing has come in yet",
    paused: (name: string) => `Sending paused on ${name}`,
    attention: "Needs attention",
    broken: "Something is wrong",
    openHealth: "open Health",
    waiting: (n: number) => (n === 0 ? "Nothing waiting to be sent" : `${count(n, "message", "messages")} waiting to be sent`),
    pending: (n: number) => `${count(n, "event", "events")} being worked through`,
    demo: "Demo shop",
    version: (v: string) => `Deskbell ${v}`,
  },

  hold: {
    title: (channel: string) => `Sending is paused on ${channel}.`,
    until: (time: string) => `One message is tried again at ${time}.`,
    resume: "Try again now",
  },

  health: {
    title: "Health",
    allWell: "Everything works.",
    ok: "Fine",
    warn: "Look at this",
    bad: "Does not work",
    webhook: "Webhook address",
    lastEvent: "Last event",
    never: "none yet",
    waiting: "Waiting to be sent",
    pending: "Events being worked through",
    loading: "Checking",
    again: "Check again",
    close: "Close",
  },

  settings: {
    title: "Appearance",
    theme: "Theme",
    system: "As the system",
    light: "Light",
    dark: "Dark",
    size: "Text size",
    larger: "Larger text",
    smaller: "Smaller text",
    percent: (n: number) => `${n} %`,
  },

  demo: {
    title: "This is the demo shop",
    what: "Its customers are made up and play their part on this computer. Nothing you write here reaches a real person.",
    leaveNote: "Leaving goes back to the start. What happened in the demo is thrown away.",
    leave: "Leave the demo",
  },

  keys: {
    title: "Keyboard",
    close: "Close",
    groups: [
      {
        title: "Move",
        rows: [
          { keys: ["J", "Alt ↓"], does: "next conversation" },
          { keys: ["K", "Alt ↑"], does: "previous conversation" },
          { keys: ["N"], does: "next one that needs me" },
          { keys: ["1", "2", "3"], does: "choose a pile" },
          { keys: ["F6"], does: "go to the next part of the window" },
          { keys: ["Esc"], does: "one step back; no text is lost" },
        ],
      },
      {
        title: "Write",
        rows: [
          { keys: ["Enter"], does: "into the composer; there: send" },
          { keys: ["Shift Enter"], does: "new line" },
          { keys: ["Ctrl ↑", "Ctrl ↓"], does: "choose a message to quote" },
        ],
      },
      {
        title: "Find and see",
        rows: [
          { keys: ["/"], does: "search" },
          { keys: ["Ctrl +", "Ctrl −"], does: "larger and smaller text" },
          { keys: ["?"], does: "this sheet" },
        ],
      },
    ],
    note: "Single letters work while no text field is in use.",
  },

  welcome: {
    title: "Welcome to Deskbell",
    lead: "Answer your customers on WhatsApp from your own computer. What they write stays on it.",
    demoTitle: "Try the demo shop",
    demo: "Made-up customers write to a made-up shop and react to what you answer. Nothing leaves this computer.",
    demoElsewhere: "In a browser the demo runs separately: stop this program and start",
    demoCommand: "deskbelld demo",
    demoDo: "Open the demo shop",
    demoOpening: "Opening the demo shop",
    connectTitle: "Connect my number",
    connect: "Connecting inside this window comes in the next version. Today a number is connected on the command line with",
    connectCommand: "deskbelld channel add",
    restoreTitle: "Restore a backup",
    restore: "Comes in the next version, together with making backups.",
    next: "Next version",
    ready: "Takes a minute",
    elsewhere: "Command line",
  },

  noAccess: {
    title: "This page needs its key",
    what: "Deskbell only answers windows that were opened with the address it printed when it started.",
    next: "Look where deskbelld is running, copy the whole address that ends in “?token=…”, and open that.",
    restarted: "If Deskbell was started again meanwhile, the old address no longer works; the new one does.",
  },

  crash: {
    title: "This part of the window stopped",
    what: "Your messages are safe on disk. Load the window again to go on.",
    again: "Load again",
  },

  startFailed: {
    title: "Deskbell is not answering yet",
    unreachable: "The engine behind this window cannot be reached. This page keeps trying; your messages are safe on disk.",
    again: "Try again",
  },

  retry: "Try again",
  announce: {
    message: (name: string, text: string) => `New message from ${name}: ${text}`,
    messages: (n: number) => `${count(n, "conversation has", "conversations have")} new messages`,
    sent: "Message queued",
    down: "Engine unreachable",
    up: "Connected again",
  },
  title: (n: number) => (n > 0 ? `(${n}) Deskbell` : "Deskbell"),
};

/** The shape every translation has. */
export type Words = typeof en;
