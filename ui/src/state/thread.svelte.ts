import type { Client, Result } from "../api/client";
import type { ConversationView, MarkView, MessageView, ThreadPage } from "../api/generated";
import { joinedMarks } from "../format/marks";
import type { Trouble } from "../host/host";

const PAGE = 50;
const MOST = 200;
/** How far back a search hit is looked for. */
const DEEPEST_PAGES = 40;

/** The open conversation: the messages that are loaded, oldest first. */
export class Thread {
  conversation = $state.raw<ConversationView | null>(null);
  messages = $state.raw<MessageView[]>([]);
  /** What happened in the time of these messages besides, oldest first. */
  marks = $state.raw<MarkView[]>([]);
  loading = $state(false);
  loadingOlder = $state(false);
  trouble = $state<Trouble | null>(null);
  olderTrouble = $state<Trouble | null>(null);
  /** The first message nobody had looked at when the conversation was opened. */
  firstUnread = $state<string | null>(null);
  unreadCount = $state(0);
  /** Messages of the customer that came while the end was out of sight. */
  newBelow = $state(0);
  /** Whether the next change of `messages` is at their beginning. */
  prepending = $state(false);
  /** The message a search hit points at. */
  sought = $state<string | null>(null);
  soughtMissing = $state(false);
  /** Troubles of retry and discard, by message. */
  actionTrouble = $state.raw<ReadonlyMap<string, Trouble>>(new Map());

  /** Set by the view: whether the newest message is in sight. */
  atBottom = true;
  /** Hears about the newer state of the conversation. */
  onview: (view: ConversationView) => void = () => undefined;

  #client: Client;
  #before: string | null = null;
  #round = 0;
  /** Messages known to have changed and not yet asked for. */
  #stale = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  get id(): string | null {
    return this.#id;
  }
  #id = $state<string | null>(null);

  get hasOlder(): boolean {
    return this.#hasOlder;
  }
  #hasOlder = $state(false);

  /** Opens a conversation; `row` is what the list already knows about it. */
  async open(id: string, row: ConversationView | null = null, sought: string | null = null): Promise<void> {
    const round = ++this.#round;
    this.#id = id;
    this.#stale.clear();
    this.conversation = row?.id === id ? row : null;
    this.messages = [];
    this.marks = [];
    this.#setBefore(null);
    this.trouble = null;
    this.olderTrouble = null;
    this.actionTrouble = new Map();
    this.firstUnread = null;
    this.unreadCount = 0;
    this.newBelow = 0;
    this.prepending = false;
    this.sought = null;
    this.soughtMissing = false;
    this.atBottom = true;
    this.loading = true;
    const limit = Math.min(MOST, Math.max(PAGE, (row?.unread ?? 0) + 10));
    const page = await this.#client.call("thread", { conversation_id: id, limit });
    if (round !== this.#round) return;
    this.loading = false;
    if (!page.ok) {
      this.trouble = page.trouble;
      return;
    }
    this.#setBefore(page.value.before);
    this.#drawUnreadLine(page.value.messages, page.value.conversation.unread);
    this.#take(page.value.conversation, page.value.messages, page.value.marks);
    if (sought !== null) await this.#seek(sought, id);
  }

  /** Goes to a message of the open conversation, such as one that is quoted; loads older ones until it is there. */
  async seek(messageId: string): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    // The same one again is gone to again.
    this.sought = null;
    this.soughtMissing = false;
    await Promise.resolve();
    await this.#seek(messageId, id);
  }

  close(): void {
    this.#round += 1;
    this.#id = null;
    this.conversation = null;
    this.messages = [];
    this.marks = [];
    this.loading = false;
    this.trouble = null;
  }

  /** Asks again for the part of the thread in which the changed messages lie. */
  async refresh(changed: ReadonlySet<string> = new Set()): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    for (const message of changed) this.#stale.add(message);
    if (this.loading) return;
    if (this.trouble !== null) return this.open(id, this.conversation);
    const round = ++this.#round;
    const asked = new Set(this.#stale);
    const oldest = this.messages.findIndex((message) => asked.has(message.id));
    const wanted = Math.max(PAGE, oldest < 0 ? 0 : this.messages.length - oldest + 1);
    const tail = await this.#tail(id, wanted);
    if (round !== this.#round || tail === null) return;
    for (const message of asked) this.#stale.delete(message);
    const first = tail.messages[0]?.id;
    const join = this.messages.findIndex((message) => message.id === first);
    const known = new Set(this.messages.map((message) => message.id));
    const fresh = tail.messages.filter((m) => !known.has(m.id) && m.direction === "inbound").length;
    if (fresh > 0 && !this.atBottom) this.newBelow += fresh;
    this.prepending = false;
    if (join < 0) this.#setBefore(tail.before);
    const marks = joinedMarks(join > 0 ? this.marks : [], tail.marks);
    this.#take(tail.conversation, joined(join > 0 ? this.messages.slice(0, join) : [], tail.messages), marks);
  }

  /** Loads the page before the oldest message. */
  async loadOlder(limit = PAGE): Promise<void> {
    const id = this.#id;
    const before = this.#before;
    if (id === null || before === null || this.loadingOlder || this.loading) return;
    this.loadingOlder = true;
    const page = await this.#client.call("thread", { conversation_id: id, before, limit });
    this.loadingOlder = false;
    if (id !== this.#id || before !== this.#before) return;
    if (!page.ok) {
      this.olderTrouble = page.trouble;
      return;
    }
    this.olderTrouble = null;
    this.#setBefore(page.value.before);
    this.prepending = true;
    this.marks = joinedMarks(page.value.marks, this.marks);
    this.messages = joined(page.value.messages, this.messages);
  }

  /** Tries a failed or unknown message again. */
  async retry(message: MessageView): Promise<void> {
    await this.#act(message, "retry");
  }

  /** Gives a message up. */
  async discard(message: MessageView): Promise<void> {
    await this.#act(message, "discard");
  }

  /** Tells the engine that the person has looked; the view says when. */
  async markRead(): Promise<void> {
    const view = this.conversation;
    if (view === null || view.unread === 0) return;
    const answer = await this.#client.call("mark_read", { conversation_id: view.id });
    if (!answer.ok || this.#id !== view.id) return;
    const now = this.conversation ?? view;
    this.conversation = { ...now, unread: 0 };
    this.onview(this.conversation);
  }

  /** Takes a newer state of the open conversation that came with another answer. */
  renew(view: ConversationView): void {
    if (view.id !== this.#id) return;
    this.conversation = view;
    this.onview(view);
  }

  /** Draws the line above a message that came while nobody looked. */
  markArrivedUnseen(message: MessageView): void {
    if (this.firstUnread !== null) return;
    this.firstUnread = message.id;
    this.unreadCount = 1;
  }

  forgetUnreadLine(): void {
    this.firstUnread = null;
    this.unreadCount = 0;
  }

  /** The message another one answers, when it is loaded. */
  quoted(message: MessageView): MessageView | null {
    const wanted = message.reply_to;
    return wanted === null ? null : (this.messages.find((m) => m.provider_id === wanted) ?? null);
  }

  async #act(message: MessageView, command: "retry" | "discard"): Promise<void> {
    const answer = await this.#client.call(command, { message_id: message.id });
    const troubles = new Map(this.actionTrouble);
    if (answer.ok) troubles.delete(message.id);
    else troubles.set(message.id, answer.trouble);
    this.actionTrouble = troubles;
    await this.refresh(new Set([message.id]));
  }

  /** The newest messages, at least `wanted` of them where there are as many. */
  async #tail(id: string, wanted: number): Promise<ThreadPage | null> {
    const ask = (limit: number, before: string | null): Promise<Result<ThreadPage>> =>
      this.#client.call("thread", { conversation_id: id, limit, ...(before === null ? {} : { before }) });
    const newest = await ask(Math.min(MOST, wanted), null);
    if (!newest.ok) return null;
    const tail = newest.value;
    while (tail.before !== null && tail.messages.length < wanted) {
      const older = await ask(Math.min(MOST, wanted - tail.messages.length), tail.before);
      if (!older.ok) return null;
      tail.messages = [...older.value.messages, ...tail.messages];
      tail.marks = joinedMarks(older.value.marks, tail.marks);
      tail.before = older.value.before;
    }
    return tail;
  }

  async #seek(sought: string, id: string): Promise<void> {
    const here = () => this.messages.some((message) => message.id === sought);
    for (let page = 0; page < DEEPEST_PAGES && !here() && this.#before !== null; page++) {
      await this.loadOlder(MOST);
      if (id !== this.#id || this.olderTrouble !== null) return;
    }
    this.sought = here() ? sought : null;
    this.soughtMissing = !here();
  }

  #take(view: ConversationView, messages: MessageView[], marks: MarkView[]): void {
    this.conversation = view;
    this.marks = marks;
    this.messages = messages;
    this.onview(view);
  }

  #setBefore(before: string | null): void {
    this.#before = before;
    this.#hasOlder = before !== null;
  }

  #drawUnreadLine(messages: MessageView[], unread: number): void {
    const inbound = messages.filter((message) => message.direction === "inbound");
    this.firstUnread = unread > 0 ? (inbound.at(-unread)?.id ?? inbound[0]?.id ?? null) : null;
    this.unreadCount = unread;
  }
}

/** One part after the other; what moved between two questions (a message tried again goes to the end) stands once. */
function joined(older: MessageView[], newer: MessageView[]): MessageView[] {
  const later = new Set(newer.map((message) => message.id));
  return [...older.filter((message) => !later.has(message.id)), ...newer];
}
