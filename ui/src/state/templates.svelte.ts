import type { Client, Result } from "../api/client";
import type { TemplateList, TemplateView } from "../api/generated";
import { asked, emptyDraft, type TemplateDraft } from "../format/template-draft";
import type { Trouble } from "../host/host";

/** The templates of one channel, as last fetched. */
export class Templates {
  channelId = $state<string | null>(null);
  list = $state.raw<TemplateList | null>(null);
  trouble = $state<Trouble | null>(null);
  loading = $state(false);
  /** Whether the provider is being asked now. */
  fetching = $state(false);
  query = $state("");
  /** The key of the one that is looked at. */
  chosen = $state<string | null>(null);
  /** Whether a new one is being written. */
  writing = $state(false);
  draft = $state<TemplateDraft>(emptyDraft());
  /** Whether a create or delete is under way. */
  busy = $state(false);
  actionTrouble = $state<Trouble | null>(null);

  #client: Client;
  #round = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Those whose name or words contain what was searched. */
  get found(): TemplateView[] {
    const sought = this.query.trim().toLowerCase();
    const all = this.list?.templates ?? [];
    return sought === "" ? all : all.filter((template) => textOf(template).includes(sought));
  }

  get selected(): TemplateView | null {
    return this.found.find((template) => keyOf(template) === this.chosen) ?? null;
  }

  /** Shows the templates of a channel. */
  async look(channelId: string): Promise<void> {
    if (channelId !== this.channelId) {
      this.channelId = channelId;
      this.list = null;
      this.trouble = null;
      this.chosen = null;
      this.actionTrouble = null;
    }
    await this.#load("list_templates");
  }

  /** Asks the provider now. */
  async fetch(): Promise<void> {
    if (this.fetching) return;
    this.fetching = true;
    await this.#load("refresh_templates");
    this.fetching = false;
  }

  async renew(): Promise<void> {
    if (this.channelId !== null) await this.#load("list_templates");
  }

  /** Hands the draft in. It is emptied only when it was taken. */
  async create(): Promise<boolean> {
    const channel_id = this.channelId;
    if (channel_id === null) return false;
    const wanted = asked(this.draft);
    const done = await this.#act(() => this.#client.call("create_template", { channel_id, ...wanted }));
    if (!done) return false;
    this.query = "";
    this.chosen = keyOf(wanted);
    this.draft = emptyDraft();
    this.writing = false;
    return true;
  }

  /** Deletes one translation at the provider. */
  async remove(template: TemplateView): Promise<boolean> {
    const channel_id = this.channelId;
    if (channel_id === null) return false;
    const { name, language } = template;
    const done = await this.#act(() => this.#client.call("delete_template", { channel_id, name, language }));
    if (done && this.chosen === keyOf(template)) this.chosen = null;
    return done;
  }

  /** Out of the form, then out of the one looked at; false when there is nothing to leave. */
  stepBack(): boolean {
    if (this.writing) {
      this.writing = false;
      return true;
    }
    return false;
  }

  forget(): void {
    this.#round += 1;
    this.channelId = null;
    this.list = null;
    this.trouble = null;
    this.query = "";
    this.chosen = null;
    this.writing = false;
    this.draft = emptyDraft();
    this.actionTrouble = null;
  }

  async #act(call: () => Promise<Result<TemplateList>>): Promise<boolean> {
    if (this.busy) return false;
    const round = ++this.#round;
    this.busy = true;
    const answer = await call();
    this.busy = false;
    this.loading = false;
    this.actionTrouble = answer.ok ? null : answer.trouble;
    if (answer.ok && round === this.#round) this.list = answer.value;
    return answer.ok;
  }

  async #load(command: "list_templates" | "refresh_templates"): Promise<void> {
    const channel_id = this.channelId;
    if (channel_id === null) return;
    const round = ++this.#round;
    this.loading = this.list === null;
    const answer = await this.#client.call(command, { channel_id });
    if (round !== this.#round) return;
    this.loading = false;
    if (answer.ok) this.list = answer.value;
    this.trouble = answer.ok ? null : answer.trouble;
  }
}

/** One translation of one template. */
export function keyOf(template: { name: string; language: string }): string {
  return `${template.name} ${template.language}`;
}

function textOf(template: TemplateView): string {
  const parts = template.components.map((part) => part.text ?? "");
  return [template.name, template.language, ...parts].join("\n").toLowerCase();
}
