import { Client } from "../api/client";
import type { AppView, ChangeView, ConversationView, MessageView } from "../api/generated";
import { inBrief } from "../format/said";
import type { Host, Link, Trouble } from "../host/host";
import { words } from "../words";
import { Account } from "./account.svelte";
import { Actions } from "./actions.svelte";
import { AssistantPage } from "./assistant-page.svelte";
import { Away } from "./away.svelte";
import { Clock } from "./clock.svelte";
import { Composer } from "./composer.svelte";
import { Connections } from "./connection.svelte";
import { Control } from "./control.svelte";
import { Connectivity } from "./connectivity.svelte";
import { Details } from "./details.svelte";
import { Drafts } from "./drafts.svelte";
import { Health } from "./health.svelte";
import { Inbox } from "./inbox.svelte";
import { LeadPanel } from "./lead.svelte";
import { Preferences } from "./preferences.svelte";
import { Setup } from "./setup.svelte";
import { Snooze } from "./snooze.svelte";
import { Thread } from "./thread.svelte";
import { Triage } from "./triage.svelte";
import { Why } from "./why.svelte";
import { Writing } from "./writing.svelte";
import { Vault } from "./vault.svelte";

/** Changes that come close together are answered with one refetch. */
const GATHER = 40;
const HEALTH_EVERY = 30_000;

/** A dialog over the window. */
export type Sheet = "settings" | "keys" | "demo" | null;
/** What fills the window beside the rail. The inbox lies under the other pages and keeps its place. */
export type Page = "inbox" | "triage" | "assistant" | "templates" | "costs" | "health" | "settings";
/** A question to the customer that another part of the window wants prepared in the composer. */
export type Wish = "contact_request";

/** The whole window: it owns the other aggregates and hands changes of the engine to them. */
export class App {
  about = $state<AppView | null>(null);
  trouble = $state<Trouble | null>(null);
  sheet = $state<Sheet>(null);
  page = $state<Page>("inbox");
  /** Set by whoever wants a question prepared; the composer opens its form for it and sets this to `null`. */
  wish = $state<Wish | null>(null);
  /** Which half is shown where there is room for one only. */
  pane = $state<"list" | "thread">("list");
  /** Whether the demo shop is being opened or left. */
  moving = $state(false);
  /** What a screen reader is told next. */
  said = $state("");

  readonly client: Client;
  readonly clock = new Clock();
  readonly preferences = new Preferences();
  readonly connectivity: Connectivity;
  readonly inbox: Inbox;
  readonly thread: Thread;
  readonly composer: Composer;
  readonly details: Details;
  readonly account: Account;
  readonly assistant: AssistantPage;
  readonly setup: Setup;
  readonly connections: Connections;
  readonly vault: Vault;
  readonly away: Away;
  readonly health: Health;
  readonly actions: Actions;
  readonly control: Control;
  readonly drafts: Drafts;
  readonly writing: Writing;
  readonly snooze: Snooze;
  readonly triage: Triage;
  readonly lead: LeadPanel;
  readonly why: Why;
  /** The way to files and pages outside of this window. */
  readonly host: Host;

  /** A short remark at the foot of the window, gone after a moment. */
  remark = $state("");

  /** What had the focus when the inbox was left. */
  #left: HTMLElement | null = null;
  #remarkTimer: ReturnType<typeof setTimeout> | undefined;
  #gathered: ChangeView[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wasDown = false;
  #again = false;
  #loading: Promise<void> | null = null;

  constructor(host: Host) {
    this.host = host;
    this.client = new Client(host, (trouble) => this.#noticed(trouble));
    this.connectivity = new Connectivity(this.client);
    this.inbox = new Inbox(this.client);
    this.thread = new Thread(this.client);
    this.composer = new Composer(this.client, host);
    this.details = new Details(this.client);
    this.account = new Account(this.client);
    this.assistant = new AssistantPage(this.client, host);
    this.setup = new Setup(this.client, (text) => this.say(text));
    this.connections = new Connections(this.client);
    this.vault = new Vault(this.client);
    this.away = new Away(this.client);
    this.health = new Health(this);
    this.actions = new Actions(this);
    this.control = new Control(this);
    this.drafts = new Drafts(this);
    this.writing = new Writing(this.client);
    this.snooze = new Snooze(this);
    this.triage = new Triage(this);
    this.lead = new LeadPanel(this.client);
    this.why = new Why(this.client);
    this.why.find = (id) => this.thread.messages.find((one) => one.id === id) ?? this.triage.messages.find((one) => one.id === id) ?? null;
    this.inbox.onarrival = (rows) => this.#announceArrivals(rows);
    this.thread.onview = (view) => {
      this.inbox.renew(view);
      this.composer.start(view);
    };
    this.composer.onsent = (id) => {
      if (id === this.thread.id) {
        this.thread.forgetUnreadLine();
        void this.thread.refresh();
      }
      void this.inbox.refresh(new Set([id]));
    };
  }

  /** What the window shows: nothing yet, the three doors, the set-up of a number, the inbox, or why it cannot. */
  get view(): "starting" | "failed" | "no_access" | "welcome" | "setup" | "inbox" {
    if (this.connectivity.link === "refused") return "no_access";
    if (this.about === null) return this.trouble === null ? "starting" : "failed";
    if (this.setup.open) return "setup";
    return this.about.first_start && !this.about.demo ? "welcome" : "inbox";
  }

  /** Begins to listen and loads what is needed; the returned function ends it. */
  start(): () => void {
    const stopClock = this.clock.start();
    const stopListening = this.host.listen({
      changed: (changes) => this.changed(changes),
      link: (link) => this.#linked(link),
    });
    const health = setInterval(() => {
      if (this.connectivity.reachable) void this.connectivity.refreshHealth();
    }, HEALTH_EVERY);
    void this.load();
    return () => {
      stopClock();
      stopListening();
      clearInterval(health);
      clearTimeout(this.#timer);
    };
  }

  /** Asks for everything again. Asked while it is at it, it begins anew afterwards instead of twice at once. */
  load(): Promise<void> {
    this.#again = true;
    this.#loading ??= this.#loadAll().finally(() => (this.#loading = null));
    return this.#loading;
  }

  async #loadAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#loadOnce();
    }
  }

  async #loadOnce(): Promise<void> {
    const answer = await this.client.call("app", {});
    if (!answer.ok) {
      if (this.about === null) this.trouble = answer.trouble;
      return;
    }
    this.trouble = null;
    const exchanged = this.about !== null && this.about.demo !== answer.value.demo;
    this.about = answer.value;
    if (exchanged) {
      this.closeConversation();
      this.#forget();
    }
    await Promise.all([
      this.inbox.refresh(),
      this.thread.refresh(),
      this.connectivity.refreshHealth(),
      this.connectivity.refreshChannels(),
      this.account.renew(),
      this.assistant.renew(),
      this.#loadSetup(this.about.demo),
      this.details.refresh(),
      this.connections.renew(),
      this.away.refresh(),
      this.control.refresh(),
      this.drafts.refresh(),
      this.drafts.look(this.thread.id),
      this.writing.look(this.thread.id),
      this.lead.refresh(),
    ]);
  }

  /** A set-up that was left is gone on with, also beside a number that is connected. Its keys are the first secrets there are: whether they can be read is known afterwards. */
  async #loadSetup(demo: boolean): Promise<void> {
    await (demo ? this.setup.renew() : this.setup.refresh());
    await this.vault.refresh();
  }

  /** Another shop is shown from now on. */
  #forget(): void {
    this.composer.forget();
    this.account.forget();
    this.assistant.forget();
    this.setup.forget();
    this.connections.forget();
    this.vault.forget();
    this.away.forget();
    this.actions.ask = null;
    this.control.forget();
    this.drafts.forget();
    this.snooze.forget();
    this.triage.forget();
    this.lead.forget();
  }

  /** Something useful is on the screen. */
  painted(): void {
    this.host.painted();
  }

  /** Takes changes of the engine; many at once cost one refetch. */
  changed(changes: ChangeView[]): void {
    const others = this.writing.changed(changes);
    if (others.length === 0) return;
    this.#gathered.push(...others);
    this.#timer ??= setTimeout(() => void this.#work(), GATHER);
  }

  /** Goes to another page, or back to the inbox, which is as it was left. */
  show(page: Page): void {
    if (page === this.page) return;
    if (this.page === "inbox") this.#left = focused();
    this.page = page;
    requestAnimationFrame(() => {
      if (page !== "inbox") return document.getElementById("page")?.focus();
      const back = this.#left?.isConnected === true ? this.#left : document.getElementById("conversations");
      back?.focus();
    });
  }

  /** Opens the set-up of a number, where it was left. */
  openSetup(): void {
    if (this.view === "inbox") this.#left = focused();
    this.sheet = null;
    void this.setup.show();
  }

  /** Leaves it; what was entered is kept. */
  closeSetup(page: Page = this.page): void {
    this.setup.hide();
    this.page = page;
    // A number may have come meanwhile, and with it the first start may be over.
    void this.load();
    requestAnimationFrame(() => {
      const back = this.#left?.isConnected === true ? this.#left : document.querySelector<HTMLElement>("#open-setup, #page, #conversations");
      back?.focus();
    });
  }

  /** Asks the composer to prepare a question to the customer of the open conversation. */
  askFor(wish: Wish): void {
    this.wish = wish;
    this.details.overlay = false;
  }

  openConversation(id: string, sought: string | null = null): void {
    this.page = "inbox";
    this.pane = "thread";
    this.away.fold();
    this.details.overlay = false;
    requestAnimationFrame(keepFocusVisible);
    if (id === this.thread.id && sought === null) return;
    const row = this.inbox.rows.find((r) => r.id === id) ?? null;
    const left = this.inbox.selectedId;
    this.inbox.selectedId = id;
    this.composer.open(id);
    if (row !== null) this.composer.start(row);
    void this.thread.open(id, row, sought);
    void this.drafts.look(id);
    void this.writing.look(id);
    // The one that was open may have left the pile and been kept in its place until now.
    if (left !== null && left !== id) void this.inbox.refresh();
  }

  closeConversation(): void {
    this.composer.open(null);
    void this.writing.look(null);
    this.inbox.selectedId = null;
    this.thread.close();
    this.wish = null;
    this.details.overlay = false;
    this.pane = "list";
  }

  /** One level back: from the conversation to the list. */
  back(): void {
    this.pane = "list";
    // The list may have been hidden until now.
    requestAnimationFrame(() => {
      if (this.snooze.asking === null) document.getElementById("conversations")?.focus();
    });
  }

  /** Quotes a message in the reply. */
  quote(message: MessageView): void {
    this.composer.setQuote(message);
    document.getElementById("composer")?.focus();
  }

  /** Chooses an older (-1) or newer (1) message to quote; past the newest, none. */
  stepQuote(step: -1 | 1): void {
    const quotable = this.thread.messages.filter((m) => m.provider_id !== null && !m.revoked);
    const here = quotable.findIndex((m) => m.id === this.composer.quote?.id);
    const next = here < 0 ? (step < 0 ? quotable.length - 1 : -1) : here + step;
    if (next < 0 && here >= 0) return;
    this.composer.setQuote(quotable[next] ?? null);
  }

  async openDemo(): Promise<void> {
    await this.#move("open_demo");
  }

  async leaveDemo(): Promise<void> {
    await this.#move("leave_demo");
  }

  /** Tells a screen reader, politely. */
  say(text: string): void {
    // The same words twice are only spoken when the text changes in between.
    this.said = this.said === text ? `${text}\u00a0` : text;
  }

  /** Shows a short remark for a moment. */
  toast(text: string): void {
    clearTimeout(this.#remarkTimer);
    this.remark = text;
    this.#remarkTimer = setTimeout(() => (this.remark = ""), 2_500);
  }

  async #move(command: "open_demo" | "leave_demo"): Promise<void> {
    this.moving = true;
    const answer = await this.client.call(command, {});
    this.moving = false;
    if (!answer.ok) {
      this.trouble = answer.trouble;
      return;
    }
    this.sheet = null;
    this.page = "inbox";
    this.closeConversation();
    this.#forget();
    this.about = answer.value;
    this.inbox.choosePile("needs_me");
    await this.load();
  }

  /** One round of refetching after the other: however fast changes come, each round ends and is shown. */
  async #work(): Promise<void> {
    while (this.#gathered.length > 0) {
      const all = this.#gathered;
      this.#gathered = [];
      await this.#apply(all);
    }
    this.#timer = undefined;
  }

  async #apply(changes: ChangeView[]): Promise<void> {
    if (changes.some((change) => change.kind === "resync")) {
      this.composer.flush();
      return this.load();
    }
    const conversations = new Set<string>();
    const messages = new Set<string>();
    const touched = new Set<string>();
    for (const change of changes) {
      if (change.kind === "conversation" || change.kind === "message") conversations.add(change.conversation_id);
      if (change.kind === "message") messages.add(change.message_id);
      if (change.kind === "channel") touched.add(change.channel_id);
    }
    const work: Promise<void>[] = [];
    const open = this.thread.id;
    if (open !== null && conversations.has(open)) work.push(this.thread.refresh(messages));
    if (conversations.size > 0) work.push(this.inbox.refresh(conversations));
    if (touched.size > 0) work.push(this.connectivity.refreshChannels());
    const kinds = new Set(changes.map((change) => change.kind));
    if (kinds.has("connection")) work.push(this.connections.renew());
    else work.push(...[...touched].map((id) => this.connections.renewChannel(id)));
    if (kinds.has("connection") || kinds.has("health")) work.push(this.vault.refresh());
    if (kinds.has("away")) work.push(this.away.refresh());
    if (open !== null && conversations.has(open)) work.push(this.details.refresh());
    work.push(this.#assistantChanged(changes, conversations));
    work.push(this.account.changed(changes));
    work.push(this.assistant.changed(changes));
    work.push(this.setup.changed(changes));
    work.push(this.composer.templates.changed(changes));
    // Counts in the status line move with messages too.
    work.push(this.connectivity.refreshHealth());
    await Promise.all(work);
  }

  /** What the assistant does: its mode, its drafts, and what it has learnt of a customer. */
  async #assistantChanged(changes: ChangeView[], conversations: ReadonlySet<string>): Promise<void> {
    const open = this.thread.id;
    const kinds = new Set(changes.map((change) => change.kind));
    const drafted = changes.flatMap((change) => (change.kind === "draft" ? [change.conversation_id] : []));
    const work: Promise<void>[] = [];
    if (kinds.has("channel") || kinds.has("knowledge") || kinds.has("health")) work.push(this.#modeChanged());
    if (drafted.length > 0) {
      work.push(this.inbox.refresh(new Set(drafted)));
      work.push(this.drafts.refresh().then(() => this.triage.renew()));
      if (open !== null && drafted.includes(open) && !conversations.has(open)) work.push(this.thread.refresh());
    }
    if (open !== null && (drafted.includes(open) || conversations.has(open))) work.push(this.drafts.look(open));
    if (kinds.has("lead")) work.push(this.lead.refresh());
    for (const change of changes) if (change.kind === "reminder") this.#remind(change.conversation_id);
    await Promise.all(work);
  }

  /** The switch for everything changes the mode of every conversation, without a word about any of them. */
  async #modeChanged(): Promise<void> {
    const before = this.control.all;
    await this.control.refresh();
    if (before !== this.control.all) await Promise.all([this.inbox.refresh(), this.thread.refresh(), this.connectivity.refreshChannels()]);
  }

  /** A customer still waits for a person. */
  #remind(id: string): void {
    const row = this.inbox.rows.find((one) => one.id === id);
    const text = words.announce.reminder(row?.contact.name ?? null);
    this.say(text);
    this.toast(text);
  }

  #linked(link: Link): void {
    this.connectivity.link = link;
    if (link === "down" && !this.#wasDown) {
      this.#wasDown = true;
      this.say(words.announce.down);
      if (this.about === null) this.trouble = { kind: "unreachable" };
    } else if (link === "up" && this.#wasDown) {
      this.#wasDown = false;
      this.say(words.announce.up);
    }
  }

  #noticed(trouble: Trouble | null): void {
    if (trouble?.kind === "no_access") this.connectivity.link = "refused";
  }

  #announceArrivals(rows: ConversationView[]): void {
    // The open thread speaks for itself.
    const others = rows.filter((row) => row.id !== this.thread.id || !document.hasFocus() || this.page !== "inbox");
    const [only] = others;
    if (only === undefined) return;
    const said = only.preview;
    this.say(
      others.length > 1 || said === null
        ? words.announce.messages(others.length)
        : words.announce.message(only.contact.name, inBrief(said)),
    );
  }
}

function focused(): HTMLElement | null {
  const here = document.activeElement;
  return here instanceof HTMLElement && here !== document.body && here.closest("nav") === null ? here : null;
}

/** Where list and thread alternate, the focus goes along: the part it was in is no longer there. */
function keepFocusVisible(): void {
  const list = document.getElementById("conversations");
  if (list !== null && list.getClientRects().length === 0) document.getElementById("thread")?.focus();
}
