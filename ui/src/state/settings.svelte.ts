import type { Client } from "../api/client";
import type { SaveSettings, SettingsView } from "../api/generated";
import type { Trouble } from "../host/host";

/** What is set for the whole of Deskbell. */
export class Settings {
  view = $state.raw<SettingsView | null>(null);
  trouble = $state<Trouble | null>(null);
  saveTrouble = $state<Trouble | null>(null);
  saving = $state(false);

  #client: Client;
  #round = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  async refresh(): Promise<void> {
    const round = ++this.#round;
    const answer = await this.#client.call("settings", {});
    if (round !== this.#round) return;
    if (answer.ok) this.view = answer.value;
    this.trouble = answer.ok ? null : answer.trouble;
  }

  async renew(): Promise<void> {
    if (this.view !== null || this.trouble !== null) await this.refresh();
  }

  /** Sets it; what the engine keeps is what is shown, also when it refuses. */
  async save(change: SaveSettings): Promise<boolean> {
    const round = ++this.#round;
    this.saving = true;
    const answer = await this.#client.call("save_settings", change);
    this.saving = false;
    this.saveTrouble = answer.ok ? null : answer.trouble;
    if (round === this.#round && answer.ok) this.view = answer.value;
    return answer.ok;
  }

  forget(): void {
    this.#round += 1;
    this.view = null;
    this.trouble = null;
    this.saveTrouble = null;
  }
}
