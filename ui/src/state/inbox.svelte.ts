import type { Client } from "../api/client";
import type { ConversationView, ListConversations, Queue, QueueCounts, SearchHit } from "../api/generated";
import type { Trouble } from "../host/host";
import { at } from "../format/time";

/** A pile of the list, or all of them. */
export type Pile = Queue | "all";

const PAGE = 50;
const MOST = 200;
const SEARCH_WAIT = 150;
const PILE = "deskbell.pile";

/** The conversation list: one pile, or what a search found. */
export class Inbox {
  rows = $state.raw<ConversationView[]>([]);
  counts = $state<QueueCounts>({ needs_me: 0, bot: 0, waiting: 0, all: 0 });
  /** Whether the counts have ever been heard. */
  counted = $state(false);
  pile = $state<Pile>(rememberedPile());
  /** What stands in the search field. */
  query = $state("");
  /** Messages that contain it. */
  hits = $state.raw<SearchHit[]>([]);
  /** Whether rows of the pile or search in force have arrived at least once. */
  loaded = $state(false);
  loadingMore = $state(false);
  trouble = $state<Trouble | null>(null);
  moreTrouble = $state<Trouble | null>(null);
  /** The open conversation. */
  selectedId = $state<string | null>(null);
  /** The order the engine has, while the pointer is over the list and rows must not move under it. */
  waitingRows = $state.raw<ConversationView[] | null>(null);

  /** Hears about rows whose unread count grew. */
  onarrival: (rows: ConversationView[]) => void = () => undefined;

  #client: Client;
  #cursor = $state<string | null>(null);
  #round = 0;
  #held = false;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  #seenUnread = new Map<string, number>();
  /** Conversations known to have changed and not yet asked for. */
  #stale = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  get searching(): boolean {
    return this.query.trim() !== "";
  }

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  /** How many rows would move or appear if the list were brought up to date now; those our own reply moves are no news. */
  get moved(): number {
    const waiting = this.waitingRows;
    if (waiting === null) return 0;
    const news = waiting.filter((row) => !movedByUs(row));
    const shown = new Set(this.rows.map((row) => row.id));
    const fresh = news.filter((row) => !shown.has(row.id)).length;
    if (fresh > 0) return fresh;
    const wanted = new Set(news.map((row) => row.id));
    return sameOrder(this.rows.filter((row) => wanted.has(row.id)), news) ? 0 : 1;
  }

  get selected(): ConversationView | null {
    return this.rows.find((row) => row.id === this.selectedId) ?? null;
  }

  choosePile(pile: Pile): void {
    if (pile === this.pile && !this.searching) return;
    this.pile = pile;
    localStorage.setItem(PILE, pile);
    this.query = "";
    this.#restart();
  }

  /** Takes what was typed and asks once the typing pauses. */
  search(text: string): void {
    const before = this.query.trim();
    this.query = text;
    if (text.trim() === before) return;
    clearTimeout(this.#searchTimer);
    if (text.trim() === "") return this.#restart();
    this.#searchTimer = setTimeout(() => this.#restart(), SEARCH_WAIT);
  }

  clearSearch(): void {
    this.search("");
  }

  /** Loads the list, or brings it up to date without moving what is shown. */
  async refresh(changed: ReadonlySet<string> = new Set()): Promise<void> {
    const round = ++this.#round;
    for (const id of changed) this.#stale.add(id);
    const limit = Math.min(MOST, Math.max(PAGE, this.rows.length));
    const [page, found] = await Promise.all([this.#client.call("list_conversations", this.#args(limit)), this.#find()]);
    if (round !== this.#round) return;
    if (!page.ok) {
      this.trouble = page.trouble;
      return;
    }
    this.trouble = null;
    this.counts = page.value.counts;
    this.counted = true;
    if (found !== null) this.hits = found;
    const fresh = page.value.conversations;
    const kept = this.loaded && page.value.next_cursor !== null ? this.#below(fresh) : [];
    if (kept.length === 0) this.#cursor = page.value.next_cursor;
    this.#noteArrivals(fresh);
    const below = await this.#renewed(kept);
    if (round !== this.#round) return;
    this.#show([...fresh, ...below]);
    this.loaded = true;
  }

  /** Loads the next page, when the end of the list comes into sight. */
  async loadMore(): Promise<void> {
    const cursor = this.#cursor;
    if (cursor === null || this.loadingMore) return;
    this.loadingMore = true;
    const round = this.#round;
    const page = await this.#client.call("list_conversations", { ...this.#args(PAGE), cursor });
    this.loadingMore = false;
    if (round !== this.#round) return;
    if (!page.ok) {
      this.moreTrouble = page.trouble;
      return;
    }
    this.moreTrouble = null;
    this.#cursor = page.value.next_cursor;
    const shown = new Set(this.rows.map((row) => row.id));
    this.rows = [...this.rows, ...page.value.conversations.filter((row) => !shown.has(row.id))];
  }

  /** While the pointer is over the list, rows change in place and keep their order. */
  hold(): void {
    this.#held = true;
  }

  /** The pointer has left, or the person asked: the order is brought up to date. */
  release(): void {
    this.#held = false;
    if (this.waitingRows === null) return;
    this.rows = this.waitingRows;
    this.waitingRows = null;
  }

  /** Puts a newer state of one conversation into its row. */
  renew(view: ConversationView): void {
    const put = (rows: ConversationView[]) => rows.map((row) => (row.id === view.id ? view : row));
    this.rows = put(this.rows);
    if (this.waitingRows !== null) this.waitingRows = put(this.waitingRows);
    this.#seenUnread.set(view.id, view.unread);
  }

  /** The conversation so many rows further, from the open one. */
  neighbour(step: 1 | -1): string | null {
    const index = this.rows.findIndex((row) => row.id === this.selectedId);
    const next = index < 0 ? (step > 0 ? 0 : this.rows.length - 1) : index + step;
    return this.rows[next]?.id ?? null;
  }

  /** The next conversation that needs a person, after the open one and then from the top. */
  nextNeedingMe(): string | null {
    const index = this.rows.findIndex((row) => row.id === this.selectedId);
    const round = [...this.rows.slice(index + 1), ...this.rows.slice(0, Math.max(0, index))];
    return round.find((row) => row.queue === "needs_me")?.id ?? null;
  }

  #args(limit: number): ListConversations {
    const text = this.query.trim();
    if (text !== "") return { filter: { text }, limit };
    return this.pile === "all" ? { limit } : { filter: { queue: this.pile }, limit };
  }

  async #find(): Promise<SearchHit[] | null> {
    const query = this.query.trim();
    if (query === "") return [];
    const answer = await this.#client.call("search", { query, limit: PAGE });
    return answer.ok ? answer.value.hits : null;
  }

  #restart(): void {
    clearTimeout(this.#searchTimer);
    this.loaded = false;
    this.rows = [];
    this.hits = [];
    this.waitingRows = null;
    this.#cursor = null;
    void this.refresh();
  }

  /** Rows of later pages that stay below a fresh first page. */
  #below(fresh: ConversationView[]): ConversationView[] {
    const last = fresh.at(-1)?.last_at ?? null;
    if (last === null) return [];
    const here = new Set(fresh.map((row) => row.id));
    return this.rows.filter((row) => !here.has(row.id) && row.last_at !== null && at(row.last_at) < at(last));
  }

  /** Rows beyond the fresh page that are known to have changed are asked for one by one. */
  async #renewed(rows: ConversationView[]): Promise<ConversationView[]> {
    const stale = rows.filter((row) => this.#stale.has(row.id)).slice(0, 20);
    this.#stale.clear();
    if (stale.length === 0) return rows;
    const answers = await Promise.all(
      stale.map((row) => this.#client.call("thread", { conversation_id: row.id, limit: 1 })),
    );
    const views = new Map(answers.flatMap((a) => (a.ok ? [[a.value.conversation.id, a.value.conversation]] : [])));
    return rows.map((row) => views.get(row.id) ?? row);
  }

  #show(fresh: ConversationView[]): void {
    const next = this.#withOpenRow(fresh);
    if (!this.#held || !this.loaded || sameOrder(this.rows, next)) {
      this.rows = next;
      this.waitingRows = null;
      return;
    }
    const views = new Map(next.map((row) => [row.id, row]));
    this.rows = this.rows.map((row) => views.get(row.id) ?? row);
    this.waitingRows = next;
  }

  /** The open conversation keeps its row when it leaves the pile, until another one is opened. */
  #withOpenRow(fresh: ConversationView[]): ConversationView[] {
    const open = this.selected;
    if (open === null || this.searching || fresh.some((row) => row.id === open.id)) return fresh;
    const place = Math.min(this.rows.indexOf(open), fresh.length);
    return [...fresh.slice(0, place), open, ...fresh.slice(place)];
  }

  #noteArrivals(fresh: ConversationView[]): void {
    const first = this.#seenUnread.size === 0;
    const grown = fresh.filter((row) => row.unread > (this.#seenUnread.get(row.id) ?? 0));
    for (const row of fresh) this.#seenUnread.set(row.id, row.unread);
    if (!first && grown.length > 0 && this.loaded) this.onarrival(grown);
  }
}

/** Whether the last thing that happened in a conversation is a reply of ours on its way. */
function movedByUs(row: ConversationView): boolean {
  return row.preview !== null && row.preview.author !== "customer" && row.undelivered === 0;
}

function sameOrder(a: ConversationView[], b: ConversationView[]): boolean {
  return a.length === b.length && a.every((row, i) => row.id === b[i]?.id);
}

function rememberedPile(): Pile {
  const kept = localStorage.getItem(PILE);
  return kept === "waiting" || kept === "all" || kept === "bot" ? kept : "needs_me";
}
