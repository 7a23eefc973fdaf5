/** Sentences of the set-up of a number, and of the way the internet takes to this computer. Names of Meta's menus are written as Meta writes them. */

import type { BotMode, RegistrationStep, SetupPage, TunnelKind } from "../api/generated";

const pages: Record<SetupPage, string> = {
  intro: "What you need",
  credentials: "Your keys",
  number: "Your number",
  tunnel: "The way in",
  connect: "Connecting",
  hello: "Say hello",
  mode: "The assistant",
};

const steps: Record<RegistrationStep, { title: string; what: string }> = {
  server: { title: "Deskbell listens on this computer", what: "So that there is somebody at the door when Meta rings." },
  tunnel: { title: "The internet reaches this computer", what: "The public address is open and leads here." },
  own_call: { title: "Deskbell calls itself from outside", what: "One call all the way round, before Meta makes its first." },
  subscribe: { title: "Your app gets this account's messages", what: "Meta notes that messages are to be handed to your app." },
  override: { title: "Meta gets the address for this number", what: "Only for this number. Other numbers and apps stay as they are." },
  verification: { title: "Meta calls to check the address", what: "It asks a question that only this Deskbell can answer." },
  read_back: { title: "Meta says it has the right address", what: "Read back and compared, so that nobody has to hope." },
};

/** How something is got, with the place it stands at. */
export interface Guide {
  /** The address of the page, as it is shown. */
  host: string;
  /** The page to open. */
  url: string;
  /** What the picture shows, for those who cannot see it. */
  picture: string;
  /** The entries of the menu; the one that is meant is `here`. */
  menu: string[];
  here: number;
  /** What stands on the page: the label beside it, what it looks like, and the button to press. */
  title: string;
  field: string;
  sample: string;
  button: string;
  /** What to do, one after the other. */
  steps: string[];
  /** What often goes wrong. */
  beware?: string;
}

const token: Guide = {
  host: "business.facebook.com",
  url: "https://business.facebook.com/settings/system-users",
  picture: "A drawing of Meta's page: Users, System users is chosen in the menu, and the button Generate token is marked.",
  menu: ["People", "Partners", "System users"],
  here: 2,
  title: "System users",
  field: "Deskbell",
  sample: "Admin",
  button: "Generate token",
  steps: [
    "Open Meta's business settings and choose Users, then System users.",
    "Choose Add. Name it Deskbell and give it the role Admin.",
    "Choose Assign assets. Tick your app and your WhatsApp account, both with full control.",
    "Choose Generate token and pick your app. For the token's expiration choose Never.",
    "Tick whatsapp_business_messaging and whatsapp_business_management, and choose Generate token.",
    "Copy the token. Meta shows it this one time only.",
  ],
  beware: "The token on the page API Setup of your app looks the same, but it stops working after 24 hours.",
};

const secret: Guide = {
  host: "developers.facebook.com",
  url: "https://developers.facebook.com/apps",
  picture: "A drawing of Meta's page: App settings, Basic is chosen in the menu, and the button Show beside App secret is marked.",
  menu: ["Dashboard", "App settings", "Basic"],
  here: 2,
  title: "Basic",
  field: "App secret",
  sample: "●●●●●●●●",
  button: "Show",
  steps: [
    "Open your apps at Meta and choose the app that has WhatsApp.",
    "Choose App settings in the menu, then Basic.",
    "Choose Show beside App secret. Meta may ask for your Facebook password.",
    "Copy the 32 letters and digits.",
  ],
};

const appId: Guide = {
  host: "developers.facebook.com",
  url: "https://developers.facebook.com/apps",
  picture: "A drawing of Meta's page: App settings, Basic is chosen in the menu, and App ID is marked.",
  menu: ["Dashboard", "App settings", "Basic"],
  here: 2,
  title: "Basic",
  field: "App ID",
  sample: "1234567890",
  button: "Copy",
  steps: ["Open your apps at Meta and choose the app that has WhatsApp.", "Choose App settings, then Basic.", "Copy the number beside App ID; it stands at the top."],
};

const ids: Guide = {
  host: "developers.facebook.com",
  url: "https://developers.facebook.com/apps",
  picture: "A drawing of Meta's page: WhatsApp, API Setup is chosen in the menu, and the Phone number ID is marked.",
  menu: ["WhatsApp", "Quickstart", "API Setup"],
  here: 2,
  title: "API Setup",
  field: "Phone number ID",
  sample: "1065500000",
  button: "Copy",
  steps: [
    "Open your apps at Meta and choose the app that has WhatsApp.",
    "Choose WhatsApp in the menu, then API Setup.",
    "Under From choose your number. Below it stand Phone number ID and WhatsApp Business Account ID; copy both.",
  ],
};

const authtoken: Guide = {
  host: "dashboard.ngrok.com",
  url: "https://dashboard.ngrok.com/get-started/your-authtoken",
  picture: "A drawing of ngrok's page: Your Authtoken is chosen in the menu, and the button Copy is marked.",
  menu: ["Setup & Installation", "Your Authtoken", "Domains"],
  here: 1,
  title: "Your Authtoken",
  field: "Authtoken",
  sample: "●●●●●●●●●●",
  button: "Copy",
  steps: [
    "Make a free account at ngrok and confirm the e-mail it sends you.",
    "Choose Your Authtoken in the menu.",
    "Copy it. It is the authtoken, not an API key.",
  ],
};

/** What is asked before it begins, with how to get it. */
const needs: { id: string; title: string; what: string; steps: string[]; link: string; url: string }[] = [
  {
    id: "portfolio",
    title: "A business portfolio at Meta",
    what: "The place where your business stands at Meta. A Facebook page alone is not one.",
    steps: [
      "Open business.facebook.com and sign in with your Facebook account.",
      "Choose Create an account, and enter the name of your business, your name and your e-mail.",
      "Confirm the e-mail Meta sends you.",
    ],
    link: "Open Meta Business Suite",
    url: "https://business.facebook.com/overview",
  },
  {
    id: "app",
    title: "An app with WhatsApp in it",
    what: "No program and nothing for your phone: an entry at Meta that lets Deskbell in.",
    steps: [
      "Open developers.facebook.com/apps and choose Create app.",
      "As use case choose Connect with customers through WhatsApp.",
      "Choose your business portfolio, and Create app.",
      "In the app's menu choose WhatsApp, then API Setup, and accept the terms.",
    ],
    link: "Open your apps at Meta",
    url: "https://developers.facebook.com/apps",
  },
  {
    id: "number",
    title: "A number that no phone uses in WhatsApp",
    what: "It has to receive one SMS or call. A landline will do.",
    steps: [
      "Open WhatsApp Manager, choose Account tools, then Phone numbers.",
      "Choose Add phone number and enter the name customers are to see.",
      "Enter the number and the code that comes by SMS or call.",
      "Is it in use on a phone? First save the chats there, then choose Settings, Account, Delete my account in that app. The name for customers stays yours.",
    ],
    link: "Open WhatsApp Manager",
    url: "https://business.facebook.com/wa/manage/phone-numbers/",
  },
  {
    id: "token",
    title: "A token that does not end",
    what: "The key with which Deskbell sends and reads. The next page shows where it is made.",
    steps: token.steps,
    link: "Open System users at Meta",
    url: token.url,
  },
  {
    id: "secret",
    title: "The app secret",
    what: "With it Deskbell tells Meta's messages from forged ones. The next page shows where it stands.",
    steps: secret.steps,
    link: "Open your apps at Meta",
    url: secret.url,
  },
];

const modes: Record<BotMode, { title: string; what: string; customers: string }> = {
  off: { title: "Off", what: "You answer everything yourself. Messages come in; nothing is drafted and nothing is sent.", customers: "Customers hear from you only." },
  shadow: { title: "Shadow", what: "The assistant writes a draft for each question and says what it rests on. Draft only - nothing is sent until you press Send.", customers: "Customers hear from you only." },
  bot: { title: "Bot", what: "The assistant answers by itself what it is sure of, and drafts or asks for you where it is not. Write to a customer yourself and it keeps out.", customers: "Customers get answers you have not read." },
};

const tunnelKinds: Record<TunnelKind, { title: string; what: string }> = {
  ngrok: { title: "ngrok", what: "Nothing to install. A free account gives you one address that stays." },
  url: { title: "An address of my own", what: "You have a domain and a server or router that forwards to this computer." },
  cloudflared: { title: "Cloudflare", what: "Through the program cloudflared on this computer, without a limit on requests." },
  tailscale: { title: "Tailscale Funnel", what: "Through the program tailscale on this computer, under an address ending in ts.net." },
  none: { title: "Not now", what: "Deskbell then sends, but cannot receive: what customers write does not arrive." },
};

const forTunnel = {
  choose: "How is the internet to reach this computer?",
  recommended: "Recommended",
  inUse: "In use",
  found: (version: string | null) => (version === null ? "Found" : `Found, ${version}`),
  notFound: "Not found",
  kinds: tunnelKinds,
  authtoken: "ngrok authtoken",
  authtokenHint: "Kept with this computer's secrets, never in a plain file.",
  domain: "Domain of your own at ngrok",
  domainHint: "Only with a paid plan. Left empty, the free address of your account is used.",
  ownUrl: "Public address",
  ownUrlHint: "The beginning is enough, such as https://bell.example.com. It needs a valid certificate.",
  port: "Port on this computer",
  portHint: "Left empty, Deskbell takes a free one and keeps it.",
  lan: "Another device in my network forwards the address",
  lanHint: "Then other devices there can reach this port too; what is not signed by Meta is turned away.",
  forwardTo: "Forward that address to",
  forwardToPort: (port: string) => `Forward that address to port ${port} of this computer.`,
  forwardAfter: "Deskbell names the place to forward to as soon as this is saved.",
  tunnelToken: "Token of a named tunnel",
  tunnelTokenHint: "Optional. Without one the address changes with every start, and Deskbell tells Meta each time.",
  hostName: "Public host name of that tunnel",
  hostNameHint: "As set in Cloudflare, such as bell.example.com.",
  install: {
    cloudflared: { words: "Install cloudflared from Cloudflare, then come back and look again.", link: "How to install cloudflared", url: "https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads/" },
    tailscale: { words: "Install Tailscale, sign in, and allow Funnel for this computer. Then look again.", link: "How to install Tailscale", url: "https://tailscale.com/download" },
  },
  lookAgain: "Look again",
  noneTitle: "What that means",
  none: "Meta hands messages over by calling this computer. Without a way in it keeps them for up to 7 days and then gives up. Sending works all the same. You can choose a way later in the settings.",
  phases: { off: "Off", connecting: "Connecting", online: "Open", waiting: "Waiting for the next try", stopped: "Stopped" },
  nextTry: (seconds: number) => `Next try in ${seconds} s.`,
  tryNow: "Try now",
  address: "Address",
  quota: (used: number, given: number) => `${used.toLocaleString("en")} of ${given.toLocaleString("en")} requests this month`,
  quotaLabel: "Requests this month",
  used: (used: number) => `${used.toLocaleString("en")} requests this month`,
  save: "Use this",
  saveAndGo: "Use this and go on",
  privacy: "Whoever carries the tunnel can see that messages come, and the text on the way. Signatures are checked here, so nobody can slip one in.",
  problems: {
    authtoken: "Paste the authtoken here.",
    authtokenShape: "This looks like an API key. The authtoken stands at ngrok under Your Authtoken.",
    url: "Enter the public address, beginning with https://.",
    port: "A port is a whole number from 1 to 65535.",
    install: "This program was not found on this computer. Install it and look again, or choose another way.",
    hostName: "Enter the host name too; Deskbell has to tell Meta where to call.",
  },
  guide: authtoken,
  guideTitle: "Where do I find the authtoken?",
};

export const setup = {
  title: "Connect a number",
  /** Of the door on the first page, and of the entry in the settings. */
  door: "Paste two keys from Meta; Deskbell finds out the rest, connects itself and proves that it works. Ten minutes if your number is at Meta already.",
  begin: "Connect my number",
  goOn: "Go on with setting up",
  goOnWhat: (page: SetupPage) => `You were at “${pages[page]}”. What you entered is kept.`,
  tagBegin: "About 10 minutes",
  tagGoOn: "Begun",
  another: "Connect another number",
  anotherWhat: "Each number has its own keys. What is connected already stays as it is.",
  inDemo: "The demo shop has a number of its own. Leave the demo to connect yours.",

  pages,
  progress: (n: number, of: number) => `Step ${n} of ${of}`,
  progressLabel: "Steps of setting up",
  pageDone: "done",
  pageNow: "now",
  pageOpen: "can be opened",
  pageLater: "later",
  leave: "Leave",
  leaveWhat: "Leave; what you entered is kept (Esc)",
  left: "Kept. You can go on at any time.",
  back: "Back",
  next: "Next",
  startOver: "Forget everything and start over",
  startOverTitle: "Forget what was entered?",
  startOverWhat: "Token, app secret and the choices of this set-up are erased on this computer. At Meta nothing changes, and a number that is connected stays connected.",
  startOverDo: "Forget it",
  loading: "Looking where you were",
  failed: "The set-up could not be read.",
  why: "Why is this needed?",
  where: "Where do I find it?",
  how: "How do I get this?",
  openPage: (host: string) => `Open ${host}`,
  opensOutside: "Opens in your browser",
  failedToOpen: "Your browser could not be opened. Type the address into it.",
  busy: {
    begin: "Starting",
    page: "One moment",
    credentials: "Asking Meta about token and secret",
    number: "Asking Meta about this number",
    register: "Registering the number at Meta",
    connect: "Connecting",
    reply: "Sending the test reply",
    finish: "Switching on",
    cancel: "Forgetting",
    tunnel: "Opening the way in",
  },
  slow: "Meta takes its time. Nothing is lost by waiting, or by going back.",

  intro: {
    title: "Before you begin",
    lead: "Read what changes for your number, then see whether everything is at hand. You can leave at any time and come back.",
    needsTitle: "Five things from Meta",
    needsLead: "Tick what you have; what is missing is explained step by step.",
    have: (title: string) => `I have it: ${title}`,
    count: (n: number, of: number) => `${n} of ${of} at hand`,
    all: "You have everything. The rest takes a few minutes.",
    honestTitle: "What changes for your number",
    honest: [
      { id: "phone", title: "It leaves the phone app", text: "A number that is used in WhatsApp on a phone has to be deleted there first, and its chats do not come along: save them. From then on it works here and no longer on the phone." },
      { id: "official", title: "Only Meta's official interface is used", text: "No scanned codes, no imitated phone. That is why the number is not in danger of being banned for the way it is connected." },
      { id: "costs", title: "Costs are Meta's", text: "Deskbell costs nothing. Meta charges for messages by its price list and wants a payment method for that." },
      { id: "hours", title: "Messages come while Deskbell runs", text: "While it is off or asleep Meta keeps them for up to 7 days and then delivers them late." },
    ],
    understood: "Begin",
    needs,
  },

  credentials: {
    title: "Two keys from Meta",
    lead: "Paste them, and Deskbell asks Meta about each of them. They are kept with this computer's secrets and go nowhere else.",
    token: "Access token",
    tokenHint: "A long text that begins with EAA.",
    tokenWhy: "With the token Deskbell acts for your business: it finds your numbers, sends your answers and tells Meta where to deliver messages.",
    secret: "App secret",
    secretHint: "32 letters and digits.",
    secretWhy: "Meta signs every message with it. Deskbell checks the signature, so that nobody else can write into your inbox.",
    appId: "App ID",
    appIdHint: "Digits only. Needed since Meta did not say which app the token belongs to.",
    app: "App",
    permissions: "Permissions",
    stored: (last4: string | null) => (last4 === null ? "Kept" : `Kept, ends in ${last4}`),
    replace: "Replace",
    keep: "Keep the stored one",
    show: "Show",
    hide: "Hide",
    showOf: (label: string) => `Show: ${label}`,
    hideOf: (label: string) => `Hide: ${label}`,
    check: "Check the keys",
    checking: "Asking Meta",
    again: "Check again",
    allGood: "Both keys are right and belong together.",
    good: { access_token: "Meta accepts this token.", app_secret: "This is the secret of the same app.", app_id: "This is the app.", permissions: "It may send messages and see your numbers." } as Record<string, string>,
    goodFor: (app: string) => `Token and secret are right. App: ${app}`,
    fixFirst: "Correct what is marked above, then check again.",
    problems: {
      token: "Paste the token here.",
      secret: "Paste the app secret here.",
      tokenIsSecret: "This looks like the app secret; it belongs into the other field. A token begins with EAA.",
      tokenIsId: "This is an id. A token is much longer and begins with EAA.",
      secretIsToken: "This looks like the token; it belongs into the other field. The secret has 32 letters and digits.",
      secretIsId: "This looks like the App ID. The secret stands on the same page, beside the button Show.",
      secretShort: "The app secret has 32 letters and digits; part of it is missing.",
      appId: "The App ID has digits only.",
    },
    foreverTitle: "How to make a token that does not end",
    guides: { access_token: token, app_secret: secret, app_id: appId },
  },

  number: {
    title: "Which number?",
    lead: "These are the numbers the token may use.",
    account: "WhatsApp account",
    unnamed: "Without a name",
    ready: "Can be connected",
    connected: "Connected already",
    needsRegistration: "To be registered",
    notReady: "Not possible yet",
    notReadyWhy: "Meta does not let this number send and receive yet.",
    onPhone: "Also on a phone",
    elsewhere: (where: string) => `Its messages go to ${where} now. After connecting they come here instead.`,
    choose: "Choose a number to go on.",
    none: "The token leads to no number.",
    noneNext: "Add one in WhatsApp Manager, or give the system user your WhatsApp account at Meta. Then look again.",
    noneLink: "Open WhatsApp Manager",
    noneUrl: "https://business.facebook.com/wa/manage/phone-numbers/",
    again: "Look again",
    idOf: (id: string) => `Id ${id}`,
    register: {
      title: "Register this number",
      what: "Meta has the number, but it was not switched on for sending and receiving. Registering does that, with a PIN of six digits.",
      pin: "Six-digit PIN",
      pinHint: "Has the number a PIN for two-step verification? Then that one. If not, think of one and note it down; Meta asks for it when the number moves.",
      confirm: "I know that this number leaves the WhatsApp app on any phone, and that the chats in that app do not come along.",
      go: "Register the number",
      pinProblem: "The PIN has exactly six digits.",
      confirmProblem: "Please confirm this first; it cannot be undone from here.",
      first: "Register the number first; then it can be connected.",
      done: "The number is registered.",
    },
    manual: {
      title: "Enter the ids by hand",
      account: "WhatsApp Business Account ID",
      number: "Phone number ID",
      hint: "Digits only.",
      problem: "The id has digits only. The telephone number itself is not meant.",
      use: "Look this number up",
      guide: ids,
    },
  },

  tunnelPage: {
    title: "How messages reach this computer",
    lead: "Meta delivers messages by calling a public address. Choose how that address leads here.",
    why: "Your computer cannot be called from the internet as it is. A tunnel is opened from the inside, so nothing has to be changed at your router, and it closes when Deskbell does.",
    notYet: "Choose a way in first; connecting needs it.",
    stopped: "Put right what stopped it first; connecting needs the way in.",
    goesOn: "This goes on by itself as soon as the way in is open.",
  },
  tunnel: forTunnel,

  connect: {
    title: "Deskbell connects itself",
    lead: "You need do nothing. Every step is checked before the next begins.",
    steps,
    states: { waiting: "waiting", running: "being done", ok: "done", failed: "did not work" },
    again: "Try again",
    begin: "Connect",
    running: (n: number, of: number) => `Check ${n} of ${of} is under way`,
    ok: "Connected. Meta delivers this number's messages here from now on.",
    failed: "It stopped at one step. What was done before stays done.",
    said: (title: string, state: string, words: string) => `${title}: ${state}. ${words}`.trim(),
  },

  hello: {
    title: "Say hello to yourself",
    lead: "The real proof: a message from a phone to this computer, and an answer back.",
    send: "From your phone, send",
    word: "hi",
    to: "to",
    copy: "Copy the number",
    copied: "Copied",
    notCopied: "This window may not copy. Select the number by hand.",
    scan: "Or point the phone's camera at the code. The word is written already.",
    qr: "QR code that opens a chat with this number in WhatsApp",
    here: "Open WhatsApp on this computer",
    waiting: "Waiting for your message",
    waitingLong: "Nothing yet. Send it from another number than the one you connect, and look whether the phone shows it with one tick.",
    waitingCheck: "Check the connection",
    notConnected: "Messages do not come in yet, so there is nothing to wait for. Look at the steps of connecting first.",
    sentBefore: "Your test reply",
    heard: "It has arrived.",
    from: (name: string) => `From ${name}`,
    noText: "A message without text",
    reply: "Your test reply",
    replyText: "Hello! This is Deskbell, everything works.",
    replyHint: "It goes to the phone that wrote. You can change the words.",
    replySend: "Send the reply",
    replyAgain: "Send it again",
    replyEmpty: "Write something to send.",
    delivered: "Delivered. Receiving and sending both work.",
    onTheWay: "On its way to your phone.",
    failed: "The reply did not arrive.",
    unknown: "Nobody can say yet whether the reply left. Look at your phone before you send it again.",
    later: "I will test later",
    laterWhat: "The number stays connected; only the proof is missing.",
  },

  mode: {
    title: "How much may the assistant do?",
    lead: "You can change this at any time, for everything or for one conversation.",
    modes,
    recommended: "Recommended",
    finish: { off: "Finish, assistant off", shadow: "Finish with Shadow", bot: "Finish with Bot" },
    careful: "Begin with Shadow for some days: you see what it would write before customers do, and each skill says when it may be trusted.",
    later: "It knows nothing of your shop yet. Give it skills, prices and documents afterwards, or it will have little to say.",
  },

  done: {
    title: "Your number is connected",
    lead: "From now on messages arrive here, as long as Deskbell runs.",
    number: "Number",
    assistant: "Assistant",
    address: "Reached through",
    next: "Good to know",
    notes: [
      "Keep Deskbell running: where your desktop has a tray it stays there and listens, also with the window closed.",
      "If the connection breaks, it repairs itself. Health says in one sentence what is so.",
      "Give customers your number, and they can write at once.",
    ],
    inbox: "Open the inbox",
    health: "See Health",
  },
};
