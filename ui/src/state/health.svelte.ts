import type { Trouble } from "../host/host";
import { CallFailure } from "../host/host";
import type { App } from "./app.svelte";

/** The page that says how things stand: looking again, and the file for whoever helps. */
export class Health {
  checking = $state(false);
  /** Why the last look could not be finished. */
  trouble = $state<Trouble | null>(null);
  saving = $state(false);
  saved = $state(false);
  saveTrouble = $state<Trouble | null>(null);

  #app: App;
  #check: Promise<Trouble | null> | null = null;

  constructor(app: App) {
    this.#app = app;
  }

  /** Shows what is known now, without asking Meta. */
  async look(): Promise<void> {
    const app = this.#app;
    await Promise.all([
      app.connectivity.refreshHealth(),
      app.connectivity.refreshChannels().then(() => Promise.all(app.connectivity.channels.map((channel) => app.connections.refresh(channel.id)))),
      app.connections.refreshTunnel(),
      app.vault.refresh(),
      app.away.refresh(),
      app.account.notices.refresh(),
    ]);
  }

  /** Asks Meta about each number, then shows how things stand. Asked twice, it is done once. */
  check(): Promise<Trouble | null> {
    this.#check ??= this.#whole().finally(() => (this.#check = null));
    return this.#check;
  }

  /** Writes the file for whoever helps. True when it was saved. */
  async saveFile(): Promise<boolean> {
    if (this.saving) return false;
    this.saving = true;
    this.saved = false;
    this.saveTrouble = null;
    const answer = await this.#app.client.call("diagnostics", {});
    if (answer.ok) {
      await this.#app.host.saveText(answer.value.file_name, answer.value.text).then(
        (kept) => (this.saved = kept),
        (reason: unknown) => (this.saveTrouble = reason instanceof CallFailure ? reason.trouble : { kind: "unreachable" }),
      );
    } else {
      this.saveTrouble = answer.trouble;
    }
    this.saving = false;
    return this.saved;
  }

  /** The page was left. */
  leave(): void {
    this.trouble = null;
    this.saved = false;
    this.saveTrouble = null;
  }

  async #whole(): Promise<Trouble | null> {
    this.checking = true;
    const app = this.#app;
    const asked = await Promise.all(
      app.connectivity.channels
        .filter((channel) => channel.kind === "whatsapp_cloud")
        .map((channel) => app.connections.take(channel.id, app.client.call("check_channel", { channel_id: channel.id }))),
    );
    await this.look();
    this.checking = false;
    this.trouble = asked.flatMap((answer) => (answer.ok ? [] : [answer.trouble]))[0] ?? null;
    return this.trouble;
  }
}
