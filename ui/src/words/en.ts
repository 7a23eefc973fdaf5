/** Every sentence a person sees, in English. A translation is another object of the same shape. */

import type { ErrorCode } from "../api/generated";
import { account } from "./account";
import { assistant } from "./assistant-page";
import { bot } from "./bot";
import { composer } from "./composer";
import { marks } from "./marks";
import { setup } from "./setup";
import { snooze } from "./snooze";
import { connection } from "./connection";
import { thread } from "./thread";

const count = (n: number, one: string, many: string) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

const errors: Record<ErrorCode | "unreachable" | "no_access", { what: string; next: string }> = {
  unknown_command: {
    what: "This window and the Deskbell behind it are of different versions.",
    next: "Close Deskbell and open it again; nothing you wrote is lost.",
  },
  bad_request: {
    what: "Deskbell could not use what it was given.",
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
  provider: {
    what: "WhatsApp did not do this.",
    next: "Read what it says, correct it and try again.",
  },
  storage: {
    what: "Deskbell could not read or write its file on this computer.",
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
    what: "Deskbell has stopped answering, so this was not done.",
    next: "This window keeps trying. If it goes on, close Deskbell and open it again; what you wrote is kept.",
  },
  no_access: {
    what: "Deskbell does not let this page in.",
    next: "Open the address that Deskbell printed when it started.",
  },
};

export const en = {
  ...account,
  ...connection,
  assistant,
  bot,
  errors,

  inboxHeading: "Deskbell inbox",

  rail: {
    label: "Main",
    inbox: "Inbox",
    inboxCount: (n: number) => `Inbox, ${count(n, "conversation needs", "conversations need")} you`,
    assistant: "Assistant",
    templates: "Templates",
    costs: "Costs",
    health: "Health",
    healthNews: (n: number) => `Health, ${count(n, "new notice", "new notices")}`,
    settings: "Settings",
    keys: "Keyboard",
    demo: "Demo",
  },

  list: {
    label: "Conversations",
    search: "Search everything",
    searchLabel: "Search conversations and messages",
    clear: "Clear search",
    piles: "Lists",
    needs_me: "Needs me",
    bot: "Bot",
    waiting: "Waiting",
    all: "All",
    loading: "Loading conversations",
    moved: (n: number) => `${n.toLocaleString("en")} moved`,
    showMoved: (n: number) => `${n.toLocaleString("en")} moved: show them in their new order`,
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
      needs_me: { title: "Nobody is waiting.", next: "Every customer has an answer, or comes back at the time you chose." },
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

  thread,

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
    unknown: "May not have arrived: WhatsApp's answer was lost. Wait for a tick, or check with the customer before you send it again.",
  },

  composer,

  setup,

  snooze,

  marks,

  status: {
    label: "Status",
    connecting: "Connecting to Deskbell",
    down: "Deskbell has stopped answering · trying again",
    listening: "Listening",
    lastEvent: (ago: string) => `last heard from WhatsApp ${ago}`,
    noEvent: "nothing has come in yet",
    noNumber: "No number is connected yet",
    paused: (name: string) => `Sending paused on ${name}`,
    attention: "Works, but something needs a look",
    broken: "Something does not work",
    openHealth: "open Health",
    waiting: (n: number) => (n === 0 ? "Nothing waiting to be sent" : `${count(n, "message", "messages")} waiting to be sent`),
    pending: (n: number) => `${count(n, "message", "messages")} being sorted in`,
    demo: "Demo shop",
    version: (v: string) => `Deskbell ${v}`,
  },

  hold: {
    title: (channel: string) => `Sending is paused on ${channel}.`,
    until: (time: string) => `One message is tried again at ${time}.`,
    resume: "Try again now",
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
          { keys: ["1", "2", "3"], does: "choose a list" },
          { keys: ["F4"], does: "show or hide the details of the person" },
          { keys: ["F6"], does: "go to the next part of the window" },
          { keys: ["Ctrl 1 … 7"], does: "inbox, drafts, assistant, templates, costs, health, settings" },
          { keys: ["Esc"], does: "one step back; no text is lost" },
        ],
      },
      {
        title: "Write",
        rows: [
          { keys: ["Enter"], does: "into the reply field; there: send" },
          { keys: ["Shift Enter"], does: "new line" },
          { keys: ["Ctrl U"], does: "attach files" },
          { keys: ["Ctrl Shift T"], does: "choose a template" },
          { keys: ["Ctrl ↑", "Ctrl ↓"], does: "choose a message to quote" },
          { keys: ["R"], does: "react to a message" },
          { keys: ["↑", "↓"], does: "in the messages: from one to the next" },
          { keys: ["Shift F10"], does: "what can be done with a message" },
        ],
      },
      bot.keys,
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
    unreachable: "This window keeps trying; your messages are safe on disk. If it goes on, close Deskbell and open it again.",
    again: "Try again",
  },

  retry: "Try again",
  announce: {
    message: (name: string, text: string) => `New message from ${name}: ${text}`,
    messages: (n: number) => `${count(n, "conversation has", "conversations have")} new messages`,
    reminder: (name: string | null) => (name === null ? "A customer still waits for you" : `${name} still waits for you`),
    sent: "Message taken, it is being sent",
    down: "Deskbell has stopped answering",
    up: "Connected again",
  },
  title: (n: number) => (n > 0 ? `(${n}) Deskbell` : "Deskbell"),
};

/** The shape every translation has. */
export type Words = typeof en;
