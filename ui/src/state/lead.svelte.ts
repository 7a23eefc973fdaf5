import type { Client, Result } from "../api/client";
import type { LeadStatus, LeadValueView, LeadView } from "../api/generated";
import type { Trouble } from "../host/host";

/** The fields every shop has, in the order they are shown (domain, lead). */
export const LEAD_FIELDS = ["name", "phone", "email", "company", "interest", "budget", "date", "place", "language", "notes"] as const;
/** Shown even while they are empty: what somebody at a counter wants to know. */
const ASKED: ReadonlySet<string> = new Set(["name", "email", "interest", "budget"]);

/** A line of the panel. */
export interface LeadLine {
  field: string;
  value: LeadValueView | null;
  suggestion: LeadValueView | null;
  refused: boolean;
}

/** What is known of the customer of the open conversation. */
export class LeadPanel {
  lead = $state.raw<LeadView | null>(null);
  loaded = $state(false);
  trouble = $state<Trouble | null>(null);
  /** The field something is being done with, or `status`. */
  busy = $state<string | null>(null);
  /** What went wrong, at its field. */
  actTrouble = $state<{ field: string; trouble: Trouble } | null>(null);

  #client: Client;
  #conversation: string | null = null;
  #round = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The lines of the panel: the known fields in their order, then the owner's own. */
  get lines(): LeadLine[] {
    const lead = this.lead;
    const find = (all: readonly LeadValueView[], field: string) => all.find((one) => one.field === field) ?? null;
    const known = lead === null ? [] : [...lead.values, ...lead.suggestions].map((one) => one.field);
    const own = [...new Set([...known, ...(lead?.refused ?? [])])].filter((field) => !LEAD_FIELDS.some((one) => one === field));
    return [...LEAD_FIELDS, ...own].flatMap((field) => {
      const value = lead === null ? null : find(lead.values, field);
      const suggestion = lead === null ? null : find(lead.suggestions, field);
      const refused = lead?.refused.includes(field) ?? false;
      const shown = value !== null || suggestion !== null || refused || (lead !== null && ASKED.has(field));
      return shown ? [{ field, value, suggestion, refused }] : [];
    });
  }

  async look(conversationId: string): Promise<void> {
    if (conversationId !== this.#conversation) {
      this.#conversation = conversationId;
      this.lead = null;
      this.loaded = false;
      this.trouble = null;
      this.actTrouble = null;
    }
    await this.refresh();
  }

  async refresh(): Promise<void> {
    const conversation_id = this.#conversation;
    if (conversation_id === null) return;
    const round = ++this.#round;
    const answer = await this.#client.call("lead", { conversation_id });
    if (round !== this.#round) return;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    this.lead = answer.value.lead;
    this.loaded = true;
  }

  /** Writes a value by hand; it is locked by that. */
  async write(field: string, value: string): Promise<boolean> {
    const conversation_id = this.#conversation;
    if (conversation_id === null) return false;
    return this.#act(field, () => this.#client.call("set_lead_value", { conversation_id, field, value: value.trim() }));
  }

  /** Takes what the assistant suggests. */
  async take(suggestion: LeadValueView): Promise<boolean> {
    return this.write(suggestion.field, suggestion.raw === "" ? suggestion.value : suggestion.raw);
  }

  async giveBack(field: string): Promise<boolean> {
    const lead_id = this.lead?.id;
    if (lead_id === undefined) return false;
    return this.#act(field, () => this.#client.call("return_lead_value", { lead_id, field }));
  }

  async setStatus(status: LeadStatus): Promise<boolean> {
    const lead_id = this.lead?.id;
    if (lead_id === undefined) return false;
    return this.#act("status", () => this.#client.call("set_lead_status", { lead_id, status }));
  }

  forget(): void {
    this.#conversation = null;
    this.lead = null;
    this.loaded = false;
  }

  async #act(field: string, call: () => Promise<Result<LeadView>>): Promise<boolean> {
    if (this.busy !== null) return false;
    const whose = this.#conversation;
    this.busy = field;
    const answer = await call();
    this.busy = null;
    if (whose !== this.#conversation) return answer.ok;
    this.actTrouble = answer.ok ? null : { field, trouble: answer.trouble };
    // What was asked before this is older than what it answered.
    this.#round += 1;
    if (answer.ok) {
      this.lead = answer.value;
      this.loaded = true;
    }
    return answer.ok;
  }
}
