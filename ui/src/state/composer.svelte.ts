import type { Client } from "../api/client";
import type { ConversationView, MessageView } from "../api/generated";
import type { Trouble } from "../host/host";

/** The longest text WhatsApp takes, in characters. */
export const LONGEST = 4_096;
/** From here on the count is shown. */
export const COUNT_FROM = 3_500;
const KEEP_AFTER = 400;

interface Draft {
  text: string;
  /** Whether the engine has not yet been told. */
  unsaved: boolean;
  quote: MessageView | null;
  trouble: Trouble | null;
  sending: boolean;
}

/** What stands unsent, one draft per conversation. */
export class Composer {
  #client: Client;
  #drafts = $state<Record<string, Draft>>({});
  #id = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Hears that a message was queued. */
  onsent: (conversationId: string, messageId: string) => void = () => undefined;

  constructor(client: Client) {
    this.#client = client;
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
  /** Characters as WhatsApp counts them. */
  get length(): number {
    return [...this.text].length;
  }
  get tooLong(): boolean {
    return this.length > LONGEST;
  }
  get empty(): boolean {
    return this.text.trim() === "";
  }

  /** Turns to another conversation; what stood in the one before is kept. */
  open(id: string | null): void {
    if (id === this.#id) return;
    this.flush();
    this.#id = id;
  }

  /** Takes the text the engine has kept, unless this window already knows better. */
  start(view: ConversationView): void {
    this.#drafts[view.id] ??= draft(view.composer_text ?? "");
  }

  /** What stands unsent in a conversation, for its row; `undefined` when this window has not opened it. */
  draftOf(id: string): string | undefined {
    return this.#drafts[id]?.text;
  }

  /** Another engine stands behind the window now: its conversations are not these. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#drafts = {};
  }

  type(text: string): void {
    const open = this.#ensure();
    if (open === null) return;
    open.text = text;
    open.unsaved = true;
    open.trouble = null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), KEEP_AFTER);
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
      if (!kept.unsaved || kept.sending) continue;
      kept.unsaved = false;
      const text = kept.text;
      void this.#client.call("keep_composer", { conversation_id: id, text }, urgent).then((answer) => {
        // Not lost: it is tried again with the next pause in typing, or when the engine is back.
        if (!answer.ok) kept.unsaved = true;
      });
    }
  }

  /** Queues the text. It leaves the composer only once the message exists. */
  async send(): Promise<boolean> {
    const id = this.#id;
    const open = this.#open;
    if (id === null || open === null || open.sending || this.empty || this.tooLong) return false;
    const typed = open.text;
    const reply = open.quote?.provider_id ?? null;
    open.sending = true;
    open.trouble = null;
    clearTimeout(this.#timer);
    const answer = await this.#client.call("send_text", {
      conversation_id: id,
      text: typed.trim(),
      ...(reply === null ? {} : { reply_to: reply }),
    });
    open.sending = false;
    if (!answer.ok) {
      open.trouble = answer.trouble;
      open.unsaved = true;
      this.flush();
      return false;
    }
    // Whatever was typed while the engine answered stays.
    open.text = open.text.startsWith(typed) ? open.text.slice(typed.length) : open.text;
    open.quote = null;
    open.unsaved = true;
    this.flush();
    this.onsent(id, answer.value.message_id);
    return true;
  }

  get #open(): Draft | null {
    return this.#id === null ? null : (this.#drafts[this.#id] ?? null);
  }

  #ensure(): Draft | null {
    if (this.#id === null) return null;
    this.#drafts[this.#id] ??= draft("");
    return this.#open;
  }
}

function draft(text: string): Draft {
  return { text, unsaved: false, quote: null, trouble: null, sending: false };
}
