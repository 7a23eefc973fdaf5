import type { Client } from "../api/client";
import type { ReplaceKeys } from "../api/generated";
import type { Trouble } from "../host/host";
import { words } from "../words";
import type { Connections } from "./connection.svelte";

/** A key that can be replaced, as `ApiError.field` calls it. */
export type KeyField = "access_token" | "app_secret";

/** New keys for a channel, being entered. */
export class NewKeys {
  access_token = $state("");
  app_secret = $state("");
  busy = $state(false);
  /** Why they were not taken. */
  trouble = $state<Trouble | null>(null);
  /** Whether it was tried with neither of them. */
  empty = $state(false);

  #client: Client;
  #connections: Connections;

  constructor(client: Client, connections: Connections) {
    this.#client = client;
    this.#connections = connections;
  }

  type(field: KeyField, text: string): void {
    this[field] = text.trim();
    this.empty = false;
    if (this.#field === field) this.trouble = null;
  }

  /** What is wrong with one of them, in the engine's words. */
  problem(field: KeyField): string | undefined {
    return this.#field === field && this.trouble?.kind === "answer" ? this.trouble.error.message : undefined;
  }

  /** What went wrong and belongs to neither. */
  get general(): Trouble | null {
    return this.#field === null ? this.trouble : null;
  }

  /** How many were given. */
  get given(): number {
    return Number(this.access_token !== "") + Number(this.app_secret !== "");
  }

  /** Has them tried at Meta and put into use. What was refused stays to be corrected; the keys in use stay in use. */
  async replace(channel_id: string): Promise<boolean> {
    if (this.busy) return false;
    this.empty = this.given === 0;
    if (this.empty) return false;
    const wish: ReplaceKeys = { channel_id };
    if (this.access_token !== "") wish.access_token = this.access_token;
    if (this.app_secret !== "") wish.app_secret = this.app_secret;
    this.busy = true;
    this.trouble = null;
    const answer = await this.#connections.take(channel_id, this.#client.call("replace_keys", wish));
    this.busy = false;
    if (!answer.ok) this.trouble = answer.trouble;
    return answer.ok;
  }

  get #field(): KeyField | null {
    const field = this.trouble?.kind === "answer" ? this.trouble.error.field : undefined;
    return field === "access_token" || field === "app_secret" ? field : null;
  }
}

/** A PIN being entered, to register a number with. */
export class Pin {
  pin = $state("");
  confirmed = $state(false);
  busy = $state(false);
  trouble = $state<Trouble | null>(null);
  /** Whether it was tried before it had six digits. */
  short = $state(false);

  #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  type(text: string): void {
    this.pin = text.replace(/\D/gu, "").slice(0, 6);
    this.short = false;
    if (this.problem !== undefined) this.trouble = null;
  }

  get problem(): string | undefined {
    if (this.short) return words.pin.short;
    return this.trouble?.kind === "answer" && this.trouble.error.field === "pin" ? this.trouble.error.message : undefined;
  }

  get general(): Trouble | null {
    return this.problem === undefined ? this.trouble : null;
  }

  /** Registers the number; without the confirmation nothing is done. */
  async register(channelId: string | null): Promise<boolean> {
    if (this.busy || !this.confirmed) return false;
    this.short = this.pin.length !== 6;
    if (this.short) return false;
    this.busy = true;
    this.trouble = null;
    const channel = channelId === null ? {} : { channel_id: channelId };
    const answer = await this.#client.call("register_number", { ...channel, pin: this.pin, confirmed: true });
    this.busy = false;
    if (!answer.ok) this.trouble = answer.trouble;
    return answer.ok;
  }
}
