import type { Client } from "../api/client";
import type { ConversationView } from "../api/generated";
import { comingLabel } from "../format/coming";
import { at } from "../format/time";
import type { Trouble } from "../host/host";
import { words } from "../words";
import type { App } from "./app.svelte";

/** Until when a conversation is put aside; `null` when it is not, or when that time is over. */
export function snoozedUntil(view: ConversationView, now: number): string | null {
  const until = view.snoozed_until;
  return until !== null && at(until) > now ? until : null;
}

/** Puts conversations aside until a moment, and wakes them. */
export class Snooze {
  /** The conversation for which a time is being asked. */
  asking = $state<string | null>(null);
  /** What stands in the field. */
  text = $state("");
  /** The conversation that is being put aside or woken. */
  busy = $state<string | null>(null);
  trouble = $state<{ conversation: string; trouble: Trouble } | null>(null);

  #app: App;
  #client: Client;

  constructor(app: App) {
    this.#app = app;
    this.#client = app.client;
  }

  /** Opens the field for a conversation. */
  ask(conversationId: string): void {
    this.text = "";
    this.trouble = null;
    this.asking = conversationId;
  }

  close(): void {
    this.asking = null;
  }

  /** The key Z: asks until when, or wakes what is put aside. */
  toggle(view: ConversationView, now = Date.now()): void {
    if (snoozedUntil(view, now) === null) this.ask(view.id);
    else void this.wake(view.id);
  }

  /** Puts a conversation aside until a moment, in milliseconds. */
  async until(conversationId: string, moment: number): Promise<boolean> {
    if (!(await this.#put(conversationId, new Date(moment).toISOString()))) return false;
    this.asking = null;
    const label = comingLabel(new Date(moment).toISOString(), Date.now());
    const said = this.#app.page === "triage" ? words.snooze.triage(label) : words.snooze.toast.until(label);
    this.#app.say(said);
    this.#app.toast(said);
    return true;
  }

  /** Puts it back into the lists at once. */
  async wake(conversationId: string): Promise<boolean> {
    if (!(await this.#put(conversationId, null))) return false;
    this.#app.say(words.snooze.toast.awake);
    this.#app.toast(words.snooze.toast.awake);
    return true;
  }

  /** Takes the reminder away that came when its time was over. */
  done(conversationId: string): Promise<boolean> {
    return this.#put(conversationId, null);
  }

  isBusy(conversationId: string): boolean {
    return this.busy === conversationId;
  }

  troubleOf(conversationId: string): Trouble | null {
    return this.trouble?.conversation === conversationId ? this.trouble.trouble : null;
  }

  forget(): void {
    this.asking = null;
    this.trouble = null;
  }

  async #put(conversation_id: string, until: string | null): Promise<boolean> {
    if (this.busy !== null) return false;
    this.busy = conversation_id;
    const answer = await this.#client.call("snooze_conversation", { conversation_id, until });
    this.busy = null;
    this.trouble = answer.ok ? null : { conversation: conversation_id, trouble: answer.trouble };
    if (!answer.ok) return false;
    this.#app.thread.renew(answer.value);
    void this.#app.inbox.refresh(new Set([conversation_id]));
    // Its draft waits no longer, or again.
    void this.#app.drafts.refresh();
    return true;
  }
}
