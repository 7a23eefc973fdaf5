import type { Client } from "../api/client";
import type { LeadStatus, LeadView, ListLeads, Temperature } from "../api/generated";
import type { Host, Trouble } from "../host/host";

/** How many of a page are asked for at once. */
const PAGE = 50;
/** Typing a word is one question, not one for each letter. */
const PAUSE = 200;

/** What is shown of the leads. */
export interface LeadFilter {
  status: LeadStatus | "";
  temperature: Temperature | "";
  channel: string;
  field: string;
  text: string;
}

export const NO_FILTER: LeadFilter = { status: "", temperature: "", channel: "", field: "", text: "" };

/** The people who may buy something. */
export class Leads {
  rows = $state.raw<LeadView[]>([]);
  total = $state(0);
  loaded = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  filter = $state<LeadFilter>({ ...NO_FILTER });
  more = $state(false);
  loadingMore = $state(false);
  /** The one whose reasons are shown. */
  opened = $state<string | null>(null);
  /** What went wrong with one of them. */
  actTrouble = $state.raw<{ id: string; trouble: Trouble } | null>(null);
  exporting = $state(false);
  exportTrouble = $state.raw<Trouble | null>(null);

  #client: Client;
  #host: Host;
  #cursor: string | null = null;
  #round = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, host: Host) {
    this.#client = client;
    this.#host = host;
  }

  get filtered(): boolean {
    return Object.values(this.filter).some((value) => value !== "");
  }

  /** Asks for the first page, or for as many as are shown. */
  async refresh(): Promise<void> {
    const round = ++this.#round;
    const limit = Math.min(200, Math.max(PAGE, this.rows.length));
    const answer = await this.#client.call("list_leads", { ...this.#asked(), limit });
    if (round !== this.#round) return;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    this.loaded = true;
    this.rows = answer.value.leads;
    this.total = answer.value.total;
    this.#cursor = answer.value.next_cursor;
    this.more = this.#cursor !== null;
    this.loadingMore = false;
  }

  async renew(): Promise<void> {
    if (this.loaded || this.trouble !== null) await this.refresh();
  }

  /** Shows others. What is typed waits until the typing pauses. */
  narrow(change: Partial<LeadFilter>): void {
    this.filter = { ...this.filter, ...change };
    this.rows = this.rows.slice(0, PAGE);
    clearTimeout(this.#timer);
    if (change.text === undefined || change.text === "") void this.refresh();
    else this.#timer = setTimeout(() => void this.refresh(), PAUSE);
  }

  async loadMore(): Promise<void> {
    if (this.#cursor === null || this.loadingMore) return;
    const round = ++this.#round;
    this.loadingMore = true;
    const answer = await this.#client.call("list_leads", { ...this.#asked(), cursor: this.#cursor, limit: PAGE });
    if (round !== this.#round) return;
    this.loadingMore = false;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    const there = new Set(this.rows.map((lead) => lead.id));
    this.rows = [...this.rows, ...answer.value.leads.filter((lead) => !there.has(lead.id))];
    this.#cursor = answer.value.next_cursor;
    this.more = this.#cursor !== null;
    this.total = answer.value.total;
  }

  async setStatus(lead: LeadView, status: LeadStatus): Promise<boolean> {
    const answer = await this.#client.call("set_lead_status", { lead_id: lead.id, status });
    this.actTrouble = answer.ok ? null : { id: lead.id, trouble: answer.trouble };
    if (answer.ok) this.rows = this.rows.map((one) => (one.id === lead.id ? answer.value : one));
    return answer.ok;
  }

  /** Writes those of the filter as a table. `null` when somebody thought better of it or it did not work. */
  async exportAll(): Promise<boolean> {
    if (this.exporting) return false;
    this.exporting = true;
    const answer = await this.#client.call("export_leads", this.#asked());
    let kept = false;
    this.exportTrouble = answer.ok ? null : answer.trouble;
    if (answer.ok) {
      try {
        kept = await this.#host.saveText(answer.value.file_name, answer.value.csv);
      } catch {
        this.exportTrouble = { kind: "answer", error: { code: "storage", message: "", retryable: true } };
      }
    }
    this.exporting = false;
    return kept;
  }

  forget(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
    this.rows = [];
    this.total = 0;
    this.loaded = false;
    this.trouble = null;
    this.filter = { ...NO_FILTER };
    this.more = false;
    this.loadingMore = false;
    this.opened = null;
    this.actTrouble = null;
    this.exportTrouble = null;
  }

  #asked(): ListLeads {
    const { status, temperature, channel, field, text } = this.filter;
    return {
      ...(status === "" ? {} : { status }),
      ...(temperature === "" ? {} : { temperature }),
      ...(channel === "" ? {} : { channel_id: channel }),
      ...(field === "" ? {} : { field }),
      ...(text.trim() === "" ? {} : { text: text.trim() }),
    };
  }
}
