import type { Client } from "../api/client";
import type { ConversationView, MessageView, TemplateView } from "../api/generated";
import type { Host, Trouble } from "../host/host";
import { words } from "../words";
import { Filling } from "./filling.svelte";
import type { FormType } from "./forms";
import type { Microphone } from "./microphone";
import { Prepared } from "./prepared.svelte";
import { Recorder } from "./recorder.svelte";
import { lengthOf, messagesOf, MOST } from "./rules";
import { TemplateLists } from "./template-lists.svelte";
import { Tray } from "./tray.svelte";

/** From here on the count is shown. */
export const COUNT_FROM = 3_800;
const KEEP_AFTER = 400;
/** The sign that somebody types fades at the customer after 25 seconds (whatsapp-cloud-api, section 5.6). */
const TELL_TYPING_EVERY = 20_000;

interface Draft {
  text: string;
  /** Whether the engine has not yet been told. */
  unsaved: boolean;
  /** Whether the engine believes that nothing stands here. */
  toldEmpty: boolean;
  /** Whether the engine is being told at the moment. */
  telling: boolean;
  quote: MessageView | null;
  trouble: Trouble | null;
  sending: boolean;
  /** What became of files that were sent together, when not all of them left. */
  outcome: string;
  tray: Tray;
  prepared: Prepared | null;
  /** Forms that were left without sending: coming back finds what was written in them. */
  left: Partial<Record<FormType, Prepared>>;
  /** Whether a template is being chosen although free text is possible. */
  choosing: boolean;
  filling: Filling | null;
  query: string;
  toldTyping: number;
}

/** What stands unsent, one draft per conversation: text, files, and whatever else is being prepared. */
export class Composer {
  readonly templates: TemplateLists;
  readonly recorder: Recorder;

  #client: Client;
  #host: Host;
  #drafts = $state<Record<string, Draft>>({});
  #id = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Hears that a message was queued. */
  onsent: (conversationId: string, messageId: string) => void = () => undefined;

  constructor(client: Client, host: Host, microphone?: Microphone) {
    this.#client = client;
    this.#host = host;
    this.recorder = new Recorder(microphone);
    this.templates = new TemplateLists(client);
  }

  get id(): string | null {
    return this.#id;
  }
  get text(): string {
    return this.#open?.text ?? "";
  }
  get quote(): MessageView | null {
    return this.#open?.quote ?? null;
  }
  get trouble(): Trouble | null {
    return this.#open?.trouble ?? null;
  }
  get sending(): boolean {
    return this.#open?.sending ?? false;
  }
  get length(): number {
    return lengthOf(this.text);
  }
  /** How many messages the text leaves as. */
  get messages(): number {
    return this.length > MOST.text ? messagesOf(this.text) : 1;
  }
  get empty(): boolean {
    return this.text.trim() === "";
  }
  get outcome(): string {
    return this.#open?.outcome ?? "";
  }
  /** The files that wait in this conversation. */
  get tray(): Tray | null {
    return this.#open?.tray ?? null;
  }
  /** Whether there is anything to send. */
  get idle(): boolean {
    return this.empty && (this.tray?.empty ?? true);
  }
  /** Whether the text goes below the first file. */
  get captioning(): boolean {
    return this.tray?.carrier !== null && lengthOf(this.text.trim()) <= MOST.caption;
  }
  /** The form that is open. */
  get prepared(): Prepared | null {
    return this.#open?.prepared ?? null;
  }
  /** Whether a template is being chosen although free text is possible. */
  get choosing(): boolean {
    return this.#open?.choosing ?? false;
  }
  /** The template that is being filled in. */
  get filling(): Filling | null {
    return this.#open?.filling ?? null;
  }
  /** What is searched among the templates. */
  get query(): string {
    return this.#open?.query ?? "";
  }
  set query(text: string) {
    const open = this.#ensure();
    if (open !== null) open.query = text;
  }

  /** Turns to another conversation; what stood in the one before is kept. */
  open(id: string | null): void {
    if (id === this.#id) return;
    this.flush();
    this.#id = id;
    void this.#keepRecording();
  }

  /** A recording goes on for one conversation only: it ends when another is opened, and waits in its own tray. */
  async #keepRecording(): Promise<void> {
    const id = this.recorder.conversationId;
    if (this.recorder.state === "asking") return this.recorder.cancel();
    const file = await this.recorder.take();
    if (id !== null && file !== null) this.#drafts[id]?.tray.add([file], true);
  }

  /** Takes the text the engine has kept, unless this window already knows better. */
  start(view: ConversationView): void {
    this.#drafts[view.id] ??= this.#draft(view.composer_text ?? "");
  }

  /** What stands unsent in a conversation, for its row; `undefined` when this window has not opened it. */
  draftOf(id: string): string | undefined {
    return this.#drafts[id]?.text;
  }

  /** Another engine stands behind the window now: its conversations are not these. */
  forget(): void {
    clearTimeout(this.#timer);
    for (const kept of Object.values(this.#drafts)) {
      kept.tray.clear();
      kept.filling?.release();
    }
    this.#drafts = {};
    this.templates.forget();
    this.recorder.cancel();
  }

  type(text: string): void {
    const open = this.#ensure();
    if (open === null) return;
    open.text = text;
    open.unsaved = true;
    open.trouble = null;
    open.outcome = "";
    clearTimeout(this.#timer);
    // Whether something stands here decides whether the assistant may speak: the first key and the last are told at once.
    if ((text.trim() === "") !== open.toldEmpty) return this.flush();
    this.#timer = setTimeout(() => this.flush(), KEEP_AFTER);
  }

  /** Tells the customer that somebody types, at most every 20 seconds; the engine decides whether the settings want that. */
  tellTyping(now = Date.now()): void {
    const open = this.#open;
    if (this.#id === null || open === null || this.empty || now - open.toldTyping < TELL_TYPING_EVERY) return;
    open.toldTyping = now;
    void this.#client.call("typing", { conversation_id: this.#id });
  }

  /** Adds files to the tray of this conversation. */
  attach(files: readonly File[]): void {
    const open = this.#ensure();
    if (open === null || files.length === 0) return;
    open.outcome = "";
    open.tray.add(files);
  }

  /** Opens the form for something to send, or closes it. What was written in it is kept. */
  prepare(type: FormType | null): void {
    const open = this.#ensure();
    if (open === null) return;
    if (open.prepared !== null) open.left[open.prepared.form.type] = open.prepared;
    open.choosing = false;
    open.prepared = type === null ? null : (open.left[type] ?? new Prepared(type));
  }

  /** Shows the templates, or goes back to the text. What is filled in is kept. */
  choose(choosing: boolean): void {
    this.prepare(null);
    const open = this.#ensure();
    if (open !== null) open.choosing = choosing;
  }

  /** Begins to fill a template in, or goes back to the list. */
  fill(template: TemplateView | null): void {
    const open = this.#ensure();
    if (open === null) return;
    open.filling?.release();
    open.filling = template === null ? null : new Filling(template, this.#host);
  }

  setQuote(message: MessageView | null): void {
    const open = this.#ensure();
    if (open !== null) open.quote = message;
  }

  /** Shows why the text was not sent, without asking the engine. */
  refuse(trouble: Trouble): void {
    const open = this.#ensure();
    if (open !== null) open.trouble = trouble;
  }

  /** Gives the engine whatever it does not know yet. `urgent` when the page is being closed. */
  flush(urgent = false): void {
    clearTimeout(this.#timer);
    for (const [id, kept] of Object.entries(this.#drafts)) {
      // One after the other: told out of order, the engine would believe in a text that is gone.
      if (!kept.unsaved || kept.sending || (kept.telling && !urgent)) continue;
      kept.unsaved = false;
      kept.telling = true;
      const text = kept.text;
      kept.toldEmpty = text.trim() === "";
      void this.#client.call("keep_composer", { conversation_id: id, text }, urgent).then((answer) => {
        kept.telling = false;
        // Not lost: it is tried again with the next pause in typing, or when the engine is back.
        if (!answer.ok) kept.unsaved = true;
        else if (kept.unsaved) this.flush();
      });
    }
  }

  /** Queues the text and the files. Each leaves the composer only once its message exists. */
  async send(): Promise<boolean> {
    const id = this.#id;
    const open = this.#open;
    if (id === null || open === null || open.sending || this.idle) return false;
    if (!open.tray.empty && open.tray.sendable.length === 0) {
      open.outcome = words.composer.tray.none(open.tray.items.length);
      return false;
    }
    open.sending = true;
    open.trouble = null;
    open.outcome = "";
    clearTimeout(this.#timer);
    const left = open.tray.empty ? await this.#sendText(id, open) : await this.#sendFiles(id, open);
    open.sending = false;
    if (open.unsaved) this.flush();
    return left;
  }

  /** Sends a recording; when it cannot leave it waits in the tray of its conversation. */
  async sendVoice(): Promise<boolean> {
    const id = this.recorder.conversationId;
    const file = await this.recorder.take();
    const open = id === null ? undefined : this.#drafts[id];
    if (id === null || file === null || open === undefined) return false;
    const alone = open.tray.empty;
    open.tray.add([file], true);
    if (!alone || open.sending) return false;
    open.sending = true;
    const quote = open.quote?.provider_id ?? null;
    const { messages } = await open.tray.send(id, "", quote);
    open.sending = false;
    if (messages.length > 0) open.quote = null;
    for (const message of messages) this.onsent(id, message);
    return messages.length > 0;
  }

  /** Sends what was prepared in a form. */
  async sendPrepared(): Promise<boolean> {
    const id = this.#id;
    const open = this.#open;
    const prepared = open?.prepared ?? null;
    if (id === null || open === null || prepared === null) return false;
    const message = await prepared.send(this.#client, id, open.quote?.provider_id ?? null);
    if (message === null) return false;
    if (open.prepared === prepared) open.prepared = null;
    delete open.left[prepared.form.type];
    open.quote = null;
    this.onsent(id, message);
    return true;
  }

  /** Sends the template that is filled in. */
  async sendTemplate(): Promise<boolean> {
    const id = this.#id;
    const open = this.#open;
    const filling = open?.filling ?? null;
    if (id === null || open === null || filling === null) return false;
    const message = await filling.send(this.#client, id);
    if (message === null) return false;
    if (open.filling === filling) {
      open.filling = null;
      open.choosing = false;
      open.query = "";
    }
    this.onsent(id, message);
    return true;
  }

  async #sendText(id: string, open: Draft): Promise<boolean> {
    const typed = open.text;
    const reply = open.quote?.provider_id ?? null;
    const answer = await this.#client.call("send_text", {
      conversation_id: id,
      text: typed.trim(),
      ...(reply === null ? {} : { reply_to: reply }),
    });
    open.unsaved = true;
    if (!answer.ok) {
      open.trouble = answer.trouble;
      return false;
    }
    said(open, typed);
    open.quote = null;
    this.onsent(id, answer.value.message_id);
    return true;
  }

  async #sendFiles(id: string, open: Draft): Promise<boolean> {
    const typed = open.text;
    const below = typed.trim() !== "" && open.tray.carrier !== null && lengthOf(typed.trim()) <= MOST.caption;
    // Words that do not fit below a file leave first; when they cannot, the files wait with them.
    if (typed.trim() !== "" && !below && !(await this.#sendText(id, open))) return false;
    const quote = open.quote?.provider_id ?? null;
    const caption = below ? typed.trim() : "";
    const { said: gone, messages } = await open.tray.send(id, caption, quote);
    if (below && gone) {
      said(open, typed);
      open.unsaved = true;
    }
    if (messages.length > 0) open.quote = null;
    const stuck = open.tray.items.length;
    if (stuck > 0) {
      open.outcome = messages.length === 0 ? words.composer.tray.none(stuck) : words.composer.tray.some(messages.length, stuck);
    }
    for (const message of messages) this.onsent(id, message);
    return stuck === 0;
  }

  get #open(): Draft | null {
    return this.#id === null ? null : (this.#drafts[this.#id] ?? null);
  }

  #draft(text: string): Draft {
    const tray = new Tray(this.#client, this.#host);
    const told = { toldEmpty: text.trim() === "", telling: false };
    const nothing = { unsaved: false, ...told, quote: null, trouble: null, sending: false, outcome: "", toldTyping: 0 };
    return { text, tray, ...nothing, prepared: null, left: {}, choosing: false, filling: null, query: "" };
  }

  #ensure(): Draft | null {
    if (this.#id === null) return null;
    this.#drafts[this.#id] ??= this.#draft("");
    return this.#open;
  }
}

/** Takes the words out that have left; whatever was typed while the engine answered stays. */
function said(open: Draft, typed: string): void {
  open.text = open.text.startsWith(typed) ? open.text.slice(typed.length) : open.text;
}
