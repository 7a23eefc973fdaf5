import { explainInLine } from "../api/errors";
import type { AttachmentView, MessageView, TemplateComponent, TemplateView } from "../api/generated";
import { oneEmoji } from "../format/markup";
import { textOf } from "../format/payload";
import type { Trouble } from "../host/host";
import { words } from "../words";
import { threadErrors } from "../words/thread";
import type { App } from "./app.svelte";
import { Files } from "./files";
import { Player } from "./player.svelte";

/** Where a menu or a bar opens. */
export interface Spot {
  message: MessageView;
  /** The element it belongs to, which gets the focus back. */
  anchor: HTMLElement;
  /** Where the pointer was; null for the keyboard. */
  x: number | null;
  y: number | null;
}

/** What a person does with messages of the open thread, and what is open above it for that. */
export class Acts {
  readonly files: Files;
  readonly player: Player;
  /** The menu of a message. */
  menu = $state.raw<Spot | null>(null);
  /** The bar of emoji of a message. */
  bar = $state.raw<Spot | null>(null);
  /** The message whose details are shown, and whether its raw form is unfolded at once. */
  info = $state.raw<{ message: MessageView; part: "times" | "raw" | "versions" } | null>(null);
  /** The picture in the viewer. */
  viewed = $state<string | null>(null);

  #app: App;
  #templates = $state.raw<ReadonlyMap<string, readonly TemplateView[]>>(new Map());
  #asked = new Set<string>();

  constructor(app: App) {
    this.#app = app;
    this.files = new Files(app.host);
    this.player = new Player(this.files);
  }

  /** Whether anything covers the thread. */
  get covered(): boolean {
    return this.menu !== null || this.bar !== null || this.info !== null || this.viewed !== null;
  }

  get opens(): boolean {
    return this.#app.host.opens;
  }

  /** Another conversation was opened: nothing of this one stays. */
  leave(): void {
    this.menu = null;
    this.bar = null;
    this.info = null;
    this.viewed = null;
    this.player.stop();
  }

  /** Whether WhatsApp would take a reaction to it. */
  mayReact(message: MessageView): boolean {
    return message.provider_id !== null && !message.revoked && message.kind !== "system" && message.kind !== "call" && message.kind !== "welcome";
  }

  /** Puts our reaction, takes it back when it is the same, or says why not. */
  async react(message: MessageView, emoji: string): Promise<void> {
    const ours = message.reactions.find((reaction) => reaction.by === "operator");
    const next = ours?.emoji === emoji ? "" : emoji;
    if (next !== "" && !oneEmoji(next)) return this.#app.toast(words.thread.reactions.notOne);
    const answer = await this.#app.client.call("react", { message_id: message.id, emoji: next });
    if (!answer.ok) this.#tell(answer.trouble);
    await this.#app.thread.refresh(new Set([message.id]));
  }

  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#say(words.thread.copied);
    } catch {
      this.#say(words.thread.notCopied);
    }
  }

  /** Opens a web page outside of this window; only ever called by a click. */
  async browse(url: string): Promise<void> {
    await this.#app.host.browse(url).catch(() => this.#say(words.thread.linkFailed));
  }

  async save(file: AttachmentView): Promise<void> {
    await this.#app.host.save(file).then(
      (kept) => kept && this.#say(words.thread.file.saved),
      () => this.#say(words.thread.file.saveFailed),
    );
  }

  async open(file: AttachmentView): Promise<void> {
    if (file.dangerous || !this.opens) return;
    await this.#app.host.open(file).catch(() => this.#say(words.thread.file.openFailed));
  }

  async fetchAgain(message: MessageView, file: AttachmentView): Promise<void> {
    const answer = await this.#app.client.call("retry_attachment", { attachment_id: file.id });
    if (!answer.ok) this.#tell(answer.trouble);
    await this.#app.thread.refresh(new Set([message.id]));
  }

  /** Gives up a message whose file is on its way up. */
  async discard(message: MessageView): Promise<void> {
    await this.#app.thread.discard(message);
  }

  /** The definition of a template that was sent, as far as it is known; asks for it once. */
  template(message: MessageView): readonly TemplateComponent[] {
    const channel = this.#app.thread.conversation?.channel_id ?? null;
    if (channel === null) return [];
    if (!this.#asked.has(channel)) {
      this.#asked.add(channel);
      void this.#learnTemplates(channel);
    }
    const { name, language } = message.payload;
    const code = typeof language === "object" && language !== null && "code" in language ? language.code : language;
    const all = this.#templates.get(channel) ?? [];
    return all.find((template) => template.name === textOf(name) && template.language === textOf(code))?.components ?? [];
  }

  async #learnTemplates(channel: string): Promise<void> {
    const answer = await this.#app.client.call("list_templates", { channel_id: channel });
    if (answer.ok) this.#templates = new Map(this.#templates).set(channel, answer.value.templates);
    else this.#asked.delete(channel);
  }

  #tell(trouble: Trouble): void {
    const own = trouble.kind === "answer" ? threadErrors[trouble.error.code] : undefined;
    this.#say(own ?? explainInLine(trouble));
  }

  #say(text: string): void {
    this.#app.say(text);
    this.#app.toast(text);
  }
}

const known = new WeakMap<App, Acts>();

/** The acts of a window; there is one of it for each. */
export function actsOf(app: App): Acts {
  const acts = known.get(app) ?? new Acts(app);
  known.set(app, acts);
  return acts;
}
