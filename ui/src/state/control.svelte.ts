import type { Client, Result } from "../api/client";
import type { BotMode, ConversationView, HandBackView } from "../api/generated";
import type { Trouble } from "../host/host";
import { words } from "../words";
import { allowed, loosest } from "./assistant";
import type { App } from "./app.svelte";

/** What is being asked of the engine about who speaks. */
export type ControlAct = "take" | "back" | "keep" | "mode" | "halt";

/** So long after B its second letter is waited for. */
const CHORD = 2_500;

/** Who speaks in a conversation, and how much the assistant may do: here, in a channel, everywhere. */
export class Control {
  /** The switch for everything; `null` while it is not known. */
  all = $state<BotMode | null>(null);
  /** Why the settings count as off although something else was chosen. */
  unreadable = $state<string | null>(null);
  /** Why it is not known how the assistant is set. */
  unknown = $state<Trouble | null>(null);
  /** What is being done at the moment, and where: a conversation, a channel, or `global`. */
  busy = $state<{ act: ControlAct; where: string } | null>(null);
  trouble = $state<{ where: string; trouble: Trouble } | null>(null);
  /** The conversation that was just handed back with a question open. */
  openQuestion = $state<string | null>(null);
  /** Whether the menu of modes in the thread's head is open. */
  choosing = $state(false);
  /** Whether the switches for everything are open. */
  everywhere = $state(false);

  #app: App;
  #client: Client;
  #chord = 0;
  #before: BotMode | null = null;

  constructor(app: App) {
    this.#app = app;
    this.#client = app.client;
  }

  /** The mode to go back to after everything was stopped. */
  get restart(): BotMode {
    return this.#before ?? "shadow";
  }

  async refresh(): Promise<void> {
    const answer = await this.#client.call("assistant", {});
    this.unknown = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    this.all = answer.value.global_mode;
    this.unreadable = answer.value.trouble;
  }

  forget(): void {
    this.all = null;
    this.unreadable = null;
    this.unknown = null;
    this.trouble = null;
    this.openQuestion = null;
    this.choosing = false;
    this.everywhere = false;
    this.#before = null;
  }

  /** The loosest mode that can be chosen for a conversation. */
  most(view: ConversationView): BotMode {
    return loosest(view, this.all, this.#app.connectivity.channel(view.channel_id)?.mode ?? null);
  }

  /** Sets the mode of one conversation; `null` lets it follow its channel. */
  async setHere(view: ConversationView, mode: BotMode | null): Promise<boolean> {
    const w = words.bot.mode;
    const most = this.most(view);
    if (mode !== null && !allowed(mode, most)) {
      this.#tell(w.refused(words.bot.modes[mode].name, words.bot.modes[most].name));
      return false;
    }
    const done = await this.#act("mode", view.id, () => this.#client.call("set_mode", { scope: "conversation", id: view.id, mode }));
    if (done !== null) {
      this.#tell(mode === null ? w.nowInherit : w.now(words.bot.modes[mode].name));
      await this.#renew(view.id);
    }
    return done !== null;
  }

  async setChannel(id: string, name: string, mode: BotMode): Promise<boolean> {
    const done = await this.#act("mode", id, () => this.#client.call("set_mode", { scope: "channel", id, mode }));
    if (done === null) return false;
    this.#tell(words.bot.everywhere.changedChannel(name, words.bot.modes[mode].name));
    await this.#renewAll();
    return true;
  }

  async setAll(mode: BotMode): Promise<boolean> {
    const before = this.all;
    const done = await this.#act("mode", "global", () => this.#client.call("set_mode", { scope: "global", mode }));
    if (done === null) return false;
    if (mode === "off" && before !== null && before !== "off") this.#before = before;
    this.all = mode;
    this.#tell(mode === "off" ? words.bot.everywhere.stopped : words.bot.everywhere.changed(words.bot.modes[mode].name));
    await this.#renewAll();
    return true;
  }

  async takeOver(view: ConversationView): Promise<boolean> {
    const now = await this.#act("take", view.id, () => this.#client.call("take_over", { conversation_id: view.id }));
    if (now === null) return false;
    this.#show(now);
    this.#tell(words.bot.hold.toast.taken);
    return true;
  }

  /** Gives it back; when a question is open, the window asks whether it is answered now. */
  async handBack(view: ConversationView): Promise<boolean> {
    const answer = await this.#handBack(view.id, false);
    if (answer === null) return false;
    // Where the assistant is off there is nothing to ask.
    this.openQuestion = answer.open_question && answer.conversation.effective_mode !== "off" ? view.id : null;
    // The question above the messages says it too.
    if (this.openQuestion === null) this.#tell(words.bot.hold.toast.back);
    return true;
  }

  /** Has the question answered that was open when the conversation was handed back. */
  async answerNow(id: string): Promise<boolean> {
    const answer = await this.#handBack(id, true);
    if (answer !== null) this.openQuestion = null;
    return answer !== null;
  }

  /** Leaves it to the customer's next message. */
  wait(): void {
    this.openQuestion = null;
  }

  async keep(view: ConversationView): Promise<boolean> {
    const now = await this.#act("keep", view.id, () => this.#client.call("keep_holder", { conversation_id: view.id }));
    if (now === null) return false;
    this.#show(now);
    this.#tell(words.bot.hold.toast.kept);
    return true;
  }

  /** Stops what the assistant is about to say. */
  async halt(view: ConversationView): Promise<boolean> {
    const done = await this.#act("halt", view.id, () => this.#client.call("halt", { conversation_id: view.id }));
    if (done === null) return false;
    this.#tell(words.bot.activity.stopped);
    await this.#renew(view.id);
    return true;
  }

  /** The conversation in which Escape stops something, if there is one on the screen. */
  get stoppable(): ConversationView | null {
    const view = this.#app.thread.conversation;
    return view !== null && (view.activity.state === "waits" || view.activity.state === "thinks") ? view : null;
  }

  /** Takes over, or hands back what a person holds: the key T. */
  async toggle(view: ConversationView): Promise<boolean> {
    if (view.thread_owner !== null || view.contact.group) return false;
    return view.holder === "operator" ? this.handBack(view) : this.takeOver(view);
  }

  /** Takes a letter of the chord for modes: B, then A, S or O. Says whether the letter belonged to it. */
  chord(letter: string, view: ConversationView | null, now = Date.now()): boolean {
    if (letter === "b") {
      if (view === null) return false;
      this.#chord = now;
      this.#tell(words.bot.mode.chord);
      return true;
    }
    if (this.#chord === 0) return false;
    const open = now - this.#chord <= CHORD;
    this.#chord = 0;
    const modes: Record<string, BotMode> = { a: "bot", s: "shadow", o: "off" };
    const mode = modes[letter];
    if (!open || mode === undefined || view === null) return false;
    void this.setHere(view, mode);
    return true;
  }

  /** What went wrong in one place, until it is tried again. */
  troubleAt(where: string): Trouble | null {
    return this.trouble?.where === where ? this.trouble.trouble : null;
  }

  isBusy(where: string, act?: ControlAct): boolean {
    return this.busy?.where === where && (act === undefined || this.busy.act === act);
  }

  async #handBack(id: string, now: boolean): Promise<HandBackView | null> {
    const args = { conversation_id: id, ...(now ? { answer_now: true } : {}) };
    const answer = await this.#act("back", id, () => this.#client.call("hand_back", args));
    if (answer !== null) this.#show(answer.conversation);
    return answer;
  }

  async #act<T>(act: ControlAct, where: string, call: () => Promise<Result<T>>): Promise<T | null> {
    if (this.busy !== null) return null;
    this.busy = { act, where };
    const answer = await call();
    this.busy = null;
    this.trouble = answer.ok ? null : { where, trouble: answer.trouble };
    return answer.ok ? answer.value : null;
  }

  #show(view: ConversationView): void {
    this.#app.thread.renew(view);
    void this.#app.inbox.refresh(new Set([view.id]));
  }

  async #renew(id: string): Promise<void> {
    const here = id === this.#app.thread.id ? this.#app.thread.refresh() : Promise.resolve();
    await Promise.all([here, this.#app.inbox.refresh(new Set([id]))]);
  }

  async #renewAll(): Promise<void> {
    await Promise.all([this.refresh(), this.#app.connectivity.refreshChannels(), this.#app.thread.refresh(), this.#app.inbox.refresh()]);
  }

  #tell(text: string): void {
    this.#app.say(text);
    this.#app.toast(text);
  }
}
