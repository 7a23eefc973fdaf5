import type { Client } from "../api/client";
import type { ConversationView, DismissReason, DraftView, MessageView } from "../api/generated";
import type { Trouble } from "../host/host";
import { words } from "../words";
import type { App } from "./app.svelte";

/** So many of the last messages are shown beside a draft. */
const LAST = 4;

/** What was done with a draft of this round, to be undone. */
type Step = { did: "approved" | "dismissed" | "skipped" | "snoozed"; draft: DraftView; message: string | null };

/** One waiting draft after the other, decided by keyboard. A round holds the drafts that waited when it began, and what came meanwhile. */
export class Triage {
  /** What is still to be decided in this round, the one that is shown first. */
  queue = $state.raw<DraftView[]>([]);
  /** Left for another time; they come back with a new round. */
  skipped = $state.raw<DraftView[]>([]);
  approved = $state(0);
  dismissed = $state(0);
  /** Put aside until a moment; they come back then, or when the customer writes. */
  snoozed = $state(0);
  messages = $state.raw<MessageView[]>([]);
  /** The conversation of the draft that is shown. */
  view = $state.raw<ConversationView | null>(null);
  /** Why the messages beside the draft are not there. */
  trouble = $state<Trouble | null>(null);
  loading = $state(false);
  started = $state(false);

  #app: App;
  #client: Client;
  #steps = $state.raw<Step[]>([]);
  #seen = new Set<string>();
  #round = 0;

  constructor(app: App) {
    this.#app = app;
    this.#client = app.client;
  }

  get current(): DraftView | null {
    return this.queue[0] ?? null;
  }

  /** Which one this is, counted from 1. */
  get place(): number {
    return this.decided + 1;
  }

  /** How many are in this round. */
  get total(): number {
    return this.decided + this.queue.length;
  }

  get decided(): number {
    return this.approved + this.dismissed + this.snoozed + this.skipped.length;
  }

  get canUndo(): boolean {
    return this.#steps.length > 0;
  }

  /** Begins a round with what waits now. */
  async start(): Promise<void> {
    this.loading = true;
    await this.#app.drafts.refresh();
    this.loading = false;
    this.started = true;
    this.#steps = [];
    this.#seen.clear();
    this.approved = 0;
    this.dismissed = 0;
    this.snoozed = 0;
    this.skipped = [];
    // The customer who waits longest comes first.
    this.queue = [...this.#app.drafts.pending].sort((a, b) => a.created_at.localeCompare(b.created_at));
    for (const draft of this.queue) this.#seen.add(draft.id);
    await this.#look(null);
  }

  /** Brings the round up to date: what was decided elsewhere goes, what is new comes to its end. */
  async renew(): Promise<void> {
    if (!this.started) return;
    const before = this.current;
    const waiting = new Map(this.#app.drafts.pending.map((draft) => [draft.id, draft]));
    const kept = this.queue.flatMap((draft) => waiting.get(draft.id) ?? []);
    const fresh = [...waiting.values()].filter((draft) => !this.#seen.has(draft.id));
    for (const draft of fresh) this.#seen.add(draft.id);
    // A newer draft for the conversation on the screen is what the person is thinking about.
    const same = fresh.find((draft) => draft.conversation_id === before?.conversation_id);
    const rest = fresh.filter((draft) => draft !== same);
    this.queue = same !== undefined && kept[0]?.id !== before?.id ? [same, ...kept, ...rest] : [...kept, ...(same === undefined ? [] : [same]), ...rest];
    this.skipped = this.skipped.filter((draft) => waiting.has(draft.id));
    if (before !== null && this.current?.id !== before.id) this.#tell(words.bot.triage.moved);
    await this.#look(before);
  }

  /** Asks again for the messages beside the draft. */
  lookAgain(): Promise<void> {
    return this.#look(this.current);
  }

  async approve(): Promise<boolean> {
    const draft = this.current;
    if (draft === null) return false;
    if (draft.blind) {
      this.#tell(words.bot.draft.blind);
      return false;
    }
    const message = await this.#app.drafts.approve(draft);
    if (message === null) return false;
    this.approved += 1;
    return this.#next({ did: "approved", draft, message });
  }

  async dismiss(reason: DismissReason): Promise<boolean> {
    const draft = this.current;
    if (draft === null || !(await this.#app.drafts.dismiss(draft, reason))) return false;
    this.dismissed += 1;
    return this.#next({ did: "dismissed", draft, message: null });
  }

  /** Leaves it as it is until the next round. */
  async skip(): Promise<boolean> {
    const draft = this.current;
    if (draft === null) return false;
    this.skipped = [...this.skipped, draft];
    return this.#next({ did: "skipped", draft, message: null });
  }

  /** Puts its conversation aside until a moment, in milliseconds; the draft comes back with it. */
  async snooze(until: number): Promise<boolean> {
    const draft = this.current;
    if (draft === null || !(await this.#app.snooze.until(draft.conversation_id, until))) return false;
    this.snoozed += 1;
    return this.#next({ did: "snoozed", draft, message: null });
  }

  /** Takes the conversation over and goes there, where it can be answered. */
  async takeOver(): Promise<boolean> {
    const draft = this.current;
    if (draft === null) return false;
    const answer = await this.#client.call("take_over", { conversation_id: draft.conversation_id });
    if (!answer.ok) {
      this.#app.drafts.actTrouble = { act: "take", draft: draft.id, trouble: answer.trouble };
      return false;
    }
    this.#app.show("inbox");
    this.#app.openConversation(draft.conversation_id);
    return true;
  }

  /** Takes the last step back, as far as that is possible. */
  async undo(): Promise<boolean> {
    const w = words.bot.triage;
    const step = this.#steps.at(-1);
    if (step === undefined) {
      this.#tell(w.nothingToUndo);
      return false;
    }
    const before = this.current;
    if (step.did === "snoozed") {
      if (!(await this.#app.snooze.wake(step.draft.conversation_id))) return false;
      this.snoozed -= 1;
      // It waits again: a round that is brought up to date meanwhile must not lose it.
      await this.#app.drafts.refresh();
    }
    if (step.did === "snoozed" || step.did === "skipped") {
      this.#steps = this.#steps.slice(0, -1);
      this.skipped = this.skipped.filter((draft) => draft.id !== step.draft.id);
      this.queue = [step.draft, ...this.queue.filter((draft) => draft.id !== step.draft.id)];
      this.#tell(w.undone[step.did]);
      await this.#look(before);
      return true;
    }
    if (step.did === "approved") {
      const answer = await this.#client.call("discard", { message_id: step.message ?? "" });
      if (!answer.ok) {
        this.#steps = this.#steps.slice(0, -1);
        this.#tell(w.tooLate);
        return false;
      }
      this.approved -= 1;
    } else {
      this.dismissed -= 1;
    }
    this.#steps = this.#steps.slice(0, -1);
    // What was decided is over for the engine; the assistant is asked to write it again.
    this.#tell(step.did === "approved" ? w.undone.approved : w.undone.dismissed);
    await this.#app.drafts.ask(step.draft.conversation_id);
    return true;
  }

  forget(): void {
    this.started = false;
    this.queue = [];
    this.skipped = [];
    this.messages = [];
    this.#steps = [];
  }

  async #next(step: Step): Promise<boolean> {
    this.#steps = [...this.#steps, step];
    this.queue = this.queue.filter((draft) => draft.id !== step.draft.id);
    await this.#look(step.draft);
    return true;
  }

  /** Loads the last messages of the conversation that is shown now. */
  async #look(before: DraftView | null): Promise<void> {
    const draft = this.current;
    if (draft === null) {
      this.messages = [];
      this.view = null;
      return;
    }
    if (draft.id !== before?.id) {
      this.messages = [];
      this.view = null;
      this.trouble = null;
      this.#app.say(words.bot.triage.announce(this.place, this.total, draft.contact.name));
    }
    const round = ++this.#round;
    const answer = await this.#client.call("thread", { conversation_id: draft.conversation_id, limit: LAST });
    if (round !== this.#round) return;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    this.view = answer.value.conversation;
    this.messages = answer.value.messages.slice(-LAST);
  }

  #tell(text: string): void {
    this.#app.say(text);
    this.#app.toast(text);
  }
}
