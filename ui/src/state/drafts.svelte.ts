import type { Client } from "../api/client";
import type { DismissReason, DraftState, DraftView } from "../api/generated";
import type { Trouble } from "../host/host";
import { words } from "../words";
import type { App } from "./app.svelte";

const MOST = 200;

/** What is being done with a draft. */
export type DraftAct = "send" | "dismiss" | "ask" | "take";

/** A draft on its card: what a person makes of it before they decide. */
export interface Card {
  draft: DraftView;
  /** The text of the card's own editor; `null` while it is not edited. */
  edited: string | null;
  /** Whether the reasons for dismissing are open. */
  dismissing: boolean;
}

/** Answers that wait for a person's word: those of the open conversation, and how many there are in all. */
export class Drafts {
  /** All that wait, as last heard. */
  pending = $state.raw<DraftView[]>([]);
  loaded = $state(false);
  trouble = $state<Trouble | null>(null);
  busy = $state<{ act: DraftAct; draft: string } | null>(null);
  /** What went wrong with one draft. */
  actTrouble = $state<{ act: DraftAct; draft: string; trouble: Trouble } | null>(null);
  /** What became of the draft that was shown, when it went away by itself. */
  gone = $state<{ conversation: string; state: DraftState } | null>(null);

  #app: App;
  #client: Client;
  #open = $state.raw<DraftView | null>(null);
  /** Edits and open menus, by draft, so that another conversation loses nothing. */
  #edits = $state<Record<string, { text: string | null; dismissing: boolean }>>({});
  #round = 0;
  #listRound = 0;
  /** Drafts this window has decided about: that they go away is no news. */
  #ours = new Set<string>();

  constructor(app: App) {
    this.#app = app;
    this.#client = app.client;
  }

  /** The draft of the open conversation. */
  get open(): DraftView | null {
    return this.#open !== null && this.#open.conversation_id === this.#app.thread.id ? this.#open : null;
  }

  get count(): number {
    return this.pending.length;
  }

  edited(id: string): string | null {
    return this.#edits[id]?.text ?? null;
  }

  dismissing(id: string): boolean {
    return this.#edits[id]?.dismissing ?? false;
  }

  isBusy(id: string, act?: DraftAct): boolean {
    return this.busy?.draft === id && (act === undefined || this.busy.act === act);
  }

  troubleOf(id: string): { act: DraftAct; trouble: Trouble } | null {
    return this.actTrouble?.draft === id ? this.actTrouble : null;
  }

  /** How many wait, for the rail and the page of drafts. */
  async refresh(): Promise<void> {
    const round = ++this.#listRound;
    const answer = await this.#client.call("list_drafts", { limit: MOST });
    if (round !== this.#listRound) return;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    this.pending = answer.value.drafts.filter((draft) => draft.state === "pending");
    this.loaded = true;
  }

  /** Turns to the draft of another conversation, or asks again for the one of this. */
  async look(conversationId: string | null): Promise<void> {
    const round = ++this.#round;
    if (this.#open?.conversation_id !== conversationId) this.#open = null;
    if (this.gone?.conversation !== conversationId) this.gone = null;
    if (conversationId === null) return;
    const answer = await this.#client.call("list_drafts", { conversation_id: conversationId, state: "all", limit: 1 });
    if (round !== this.#round || !answer.ok) return;
    const newest = answer.value.drafts[0] ?? null;
    const shown = this.#open;
    if (newest !== null && newest.state === "pending") {
      if (shown?.id !== newest.id) this.#announce(newest);
      if (shown !== null && shown.id !== newest.id) delete this.#edits[shown.id];
      this.gone = null;
      this.#open = newest;
      return;
    }
    this.#open = null;
    if (shown === null || this.#ours.has(shown.id)) return;
    this.gone = { conversation: conversationId, state: newest?.id === shown.id ? newest.state : "superseded" };
    this.#app.say(words.bot.draft.gone[this.gone.state] ?? "");
  }

  forget(): void {
    this.pending = [];
    this.loaded = false;
    this.#open = null;
    this.#edits = {};
    this.gone = null;
    this.actTrouble = null;
    this.#ours.clear();
  }

  edit(draft: DraftView, text: string | null): void {
    this.#edits[draft.id] = { text, dismissing: false };
  }

  dismissMenu(draft: DraftView, open: boolean): void {
    this.#edits[draft.id] = { text: this.edited(draft.id), dismissing: open };
  }

  hideGone(): void {
    this.gone = null;
  }

  /** Sends it as it is, or as it was edited on its card. Returns the message, or null when it did not leave. */
  async approve(draft: DraftView): Promise<string | null> {
    if (this.busy !== null || draft.blind) return null;
    const text = this.edited(draft.id);
    if (text !== null && text.trim() === "") return null;
    const changed = text !== null && text.trim() !== draft.text.trim();
    const args = { draft_id: draft.id, ...(changed ? { text: text.trim() } : {}) };
    this.busy = { act: "send", draft: draft.id };
    const answer = await this.#client.call("approve_draft", args);
    this.busy = null;
    if (!answer.ok) {
      await this.#failed("send", draft, answer.trouble);
      return null;
    }
    this.#settled(draft);
    this.#app.say(words.bot.draft.sent);
    await this.#renew(draft.conversation_id);
    return answer.value.message_id;
  }

  async dismiss(draft: DraftView, reason: DismissReason): Promise<boolean> {
    if (this.busy !== null) return false;
    this.busy = { act: "dismiss", draft: draft.id };
    const answer = await this.#client.call("dismiss_draft", { draft_id: draft.id, reason });
    this.busy = null;
    if (!answer.ok) {
      await this.#failed("dismiss", draft, answer.trouble);
      return false;
    }
    this.#settled(draft);
    this.#app.say(words.bot.draft.away);
    await this.#renew(draft.conversation_id);
    return true;
  }

  /** Asks for a draft, or for another one instead of this. */
  async ask(conversationId: string, draft: DraftView | null = null): Promise<boolean> {
    if (this.busy !== null) return false;
    const id = draft?.id ?? conversationId;
    this.busy = { act: "ask", draft: id };
    const answer = await this.#client.call("request_draft", { conversation_id: conversationId });
    this.busy = null;
    if (!answer.ok) {
      this.actTrouble = { act: "ask", draft: id, trouble: answer.trouble };
      return false;
    }
    this.actTrouble = null;
    if (draft !== null) this.#ours.add(draft.id);
    this.#app.say(words.bot.draft.asked);
    await this.#renew(conversationId);
    return true;
  }

  async #failed(act: DraftAct, draft: DraftView, trouble: Trouble): Promise<void> {
    this.actTrouble = { act, draft: draft.id, trouble };
    // It may have been decided elsewhere meanwhile; what is true then is shown.
    if (trouble.kind === "answer" && (trouble.error.code === "not_now" || trouble.error.code === "not_found")) await this.#renew(draft.conversation_id);
  }

  #settled(draft: DraftView): void {
    this.#ours.add(draft.id);
    this.actTrouble = null;
    delete this.#edits[draft.id];
    this.pending = this.pending.filter((one) => one.id !== draft.id);
    if (this.#open?.id === draft.id) this.#open = null;
  }

  async #renew(conversationId: string): Promise<void> {
    const open = this.#app.thread.id === conversationId;
    await Promise.all([
      this.refresh(),
      open ? this.look(conversationId) : Promise.resolve(),
      open ? this.#app.thread.refresh() : Promise.resolve(),
      this.#app.inbox.refresh(new Set([conversationId])),
    ]);
  }

  #announce(draft: DraftView): void {
    const text = draft.blind ? words.bot.draft.blind : draft.text;
    this.#app.say(words.bot.draft.announce(draft.contact.name, text));
  }
}
