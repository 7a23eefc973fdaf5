import type { Client } from "../api/client";
import type { NoticeView } from "../api/generated";
import type { Trouble } from "../host/host";

/** What the provider reports about the accounts. */
export class Notices {
  list = $state.raw<NoticeView[]>([]);
  unseen = $state(0);
  loaded = $state(false);
  trouble = $state<Trouble | null>(null);
  /** Those that were new when the page was opened: they stay marked while it is looked at. */
  fresh = $state.raw<ReadonlySet<string>>(new Set());

  #client: Client;
  #round = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The newest one nobody has seen that needs somebody at once. */
  get urgent(): NoticeView | null {
    return this.list.find((notice) => !notice.seen && notice.level === "bad") ?? null;
  }

  /** How many more of those there are. */
  get moreUrgent(): number {
    return Math.max(0, this.list.filter((notice) => !notice.seen && notice.level === "bad").length - 1);
  }

  async refresh(): Promise<void> {
    const round = ++this.#round;
    const answer = await this.#client.call("list_notices", {});
    if (round !== this.#round) return;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    this.list = answer.value.notices;
    this.unseen = answer.value.unseen;
    this.loaded = true;
  }

  /** Says that somebody has looked at them. */
  async see(): Promise<void> {
    if (this.unseen === 0) return;
    const looked = this.list.filter((notice) => !notice.seen).map((notice) => notice.id);
    this.fresh = new Set([...this.fresh, ...looked]);
    const answer = await this.#client.call("see_notices", {});
    if (answer.ok) await this.refresh();
  }

  /** The page was left: what was new is new no more. */
  leave(): void {
    this.fresh = new Set();
  }

  forget(): void {
    this.#round += 1;
    this.list = [];
    this.unseen = 0;
    this.loaded = false;
    this.trouble = null;
    this.fresh = new Set();
  }
}
