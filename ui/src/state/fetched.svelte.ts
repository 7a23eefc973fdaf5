import type { Client } from "../api/client";
import type { Commands } from "../api/generated";
import type { CommandName, Trouble } from "../host/host";

/** What one command answered last. The newest question wins, however late an older answer comes. */
export class Fetched<C extends CommandName> {
  value = $state.raw<Commands[C]["answer"] | null>(null);
  trouble = $state.raw<Trouble | null>(null);

  #client: Client;
  #command: C;
  #args: () => Commands[C]["args"];
  #round = 0;

  constructor(client: Client, command: C, args: () => Commands[C]["args"]) {
    this.#client = client;
    this.#command = command;
    this.#args = args;
  }

  /** Whether nothing is there to show yet and nothing went wrong. */
  get waiting(): boolean {
    return this.value === null && this.trouble === null;
  }

  async refresh(): Promise<void> {
    const round = ++this.#round;
    const answer = await this.#client.call(this.#command, this.#args());
    if (round !== this.#round) return;
    if (answer.ok) this.value = answer.value;
    this.trouble = answer.ok ? null : answer.trouble;
  }

  /** Asks again if it has been asked for before. */
  async renew(): Promise<void> {
    if (!this.waiting) await this.refresh();
  }

  /** Takes what another command answered; answers still on their way are older. */
  take(value: Commands[C]["answer"]): void {
    this.#round += 1;
    this.value = value;
    this.trouble = null;
  }

  forget(): void {
    this.#round += 1;
    this.value = null;
    this.trouble = null;
  }
}
