import type { Client } from "../api/client";
import type { AwayView } from "../api/generated";
import type { Trouble } from "../host/host";

/** What happened while nobody could be reached. */
export class Away {
  view = $state.raw<AwayView | null>(null);
  trouble = $state<Trouble | null>(null);
  /** Whether the whole report lies over the messages, or only its line stands above them. */
  open = $state(true);
  saving = $state(false);
  /** Why it could not be marked as seen. */
  seeTrouble = $state<Trouble | null>(null);

  #client: Client;
  #round = 0;
  /** Opened again by hand, after it was seen. */
  #recalled = $state(false);

  constructor(client: Client) {
    this.#client = client;
  }

  /** Whether it is shown beside the list. */
  get shown(): boolean {
    return this.view !== null && (this.view.unseen || this.#recalled);
  }

  /** Whether there was a gap at all that can be told of. */
  get there(): boolean {
    return this.view !== null && this.view.from !== null;
  }

  async refresh(): Promise<void> {
    const round = ++this.#round;
    const answer = await this.#client.call("away", {});
    if (round !== this.#round) return;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    const another = answer.value.unseen && (this.view === null || !this.view.unseen || this.view.from !== answer.value.from);
    this.view = answer.value;
    if (another) this.open = true;
  }

  /** Shows the last report again. */
  recall(): void {
    this.#recalled = true;
    this.open = true;
  }

  /** A conversation was opened from it: it makes room and stays within reach. */
  fold(): void {
    this.open = false;
  }

  unfold(): void {
    this.open = true;
  }

  /** Says that somebody has looked at it. True when it is put away. */
  async see(): Promise<boolean> {
    if (this.saving) return false;
    if (this.view === null || !this.view.unseen) {
      this.#recalled = false;
      return true;
    }
    this.saving = true;
    const round = ++this.#round;
    const answer = await this.#client.call("see_away", {});
    this.saving = false;
    this.seeTrouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return false;
    this.#recalled = false;
    if (round === this.#round && this.view !== null) this.view = { ...this.view, unseen: false };
    await this.refresh();
    return true;
  }

  forget(): void {
    this.#round += 1;
    this.view = null;
    this.trouble = null;
    this.seeTrouble = null;
    this.open = true;
    this.#recalled = false;
  }
}
