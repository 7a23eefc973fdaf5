import type { Client } from "../api/client";
import type { CostsView } from "../api/generated";
import { monthOf, monthStep, readPrice } from "../format/money";
import type { Trouble } from "../host/host";
import { words } from "../words";

/** Rates while they are edited; prices as they were typed. */
export interface RatesDraft {
  currency: string;
  rates: { category: string; price: string }[];
  free: string;
}

/** What a month may have cost, always an estimate. */
export class Costs {
  /** `null` for all numbers together. */
  channelId = $state<string | null>(null);
  /** `null` for the month that runs. */
  month = $state<string | null>(null);
  view = $state.raw<CostsView | null>(null);
  trouble = $state<Trouble | null>(null);
  loading = $state(false);
  draft = $state<RatesDraft | null>(null);
  saving = $state(false);
  saveTrouble = $state<Trouble | null>(null);

  #client: Client;
  #round = 0;
  #looked = false;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Shows a month of a number, or of all of them. */
  async look(channelId: string | null, month: string | null = this.month): Promise<void> {
    if (channelId !== this.channelId || month !== this.month) this.view = null;
    this.channelId = channelId;
    this.month = month;
    this.#looked = true;
    await this.refresh();
  }

  /** One month earlier or later; never past the one that runs. */
  async step(by: 1 | -1, now: number): Promise<void> {
    const running = monthOf(now);
    const next = monthStep(this.view?.month ?? this.month ?? running, by);
    if (next > running) return;
    await this.look(this.channelId, next === running ? null : next);
  }

  async refresh(): Promise<void> {
    const round = ++this.#round;
    this.loading = true;
    const answer = await this.#client.call("costs", {
      ...(this.channelId === null ? {} : { channel_id: this.channelId }),
      ...(this.month === null ? {} : { month: this.month }),
    });
    if (round !== this.#round) return;
    this.loading = false;
    if (answer.ok) this.view = answer.value;
    this.trouble = answer.ok ? null : answer.trouble;
  }

  async renew(): Promise<void> {
    if (this.#looked) await this.refresh();
  }

  /** Begins to edit the rates. */
  edit(): void {
    const view = this.view;
    if (view === null) return;
    const known = view.rates.map(({ category, price }) => ({ category, price }));
    // What was sent this month and has no rate yet is what somebody comes here for.
    const missing = view.lines.filter((line) => !known.some((rate) => rate.category === line.category));
    this.draft = {
      currency: view.currency,
      rates: [...known, ...missing.map(({ category }) => ({ category, price: "" }))],
      free: String(view.free_service_messages),
    };
    this.saveTrouble = null;
  }

  /** What does not fit in the draft, by field: `currency`, `free` or the category. */
  get problems(): Map<string, string> {
    const found = new Map<string, string>();
    const draft = this.draft;
    if (draft === null) return found;
    if (!/^[A-Z]{3}$/.test(draft.currency.trim().toUpperCase())) found.set("currency", words.costs.rules.currency);
    if (!/^\d{1,7}$/.test(draft.free.trim())) found.set("free", words.costs.rules.free);
    for (const { category, price } of draft.rates) {
      if (price.trim() !== "" && readPrice(price) === null) found.set(category, words.costs.rules.price);
    }
    return found;
  }

  /** Keeps the rates; those left empty are unknown. */
  async save(): Promise<boolean> {
    const draft = this.draft;
    if (draft === null || this.problems.size > 0 || this.saving) return false;
    this.saving = true;
    const answer = await this.#client.call("save_rates", {
      currency: draft.currency.trim().toUpperCase(),
      rates: draft.rates.flatMap(({ category, price }) => {
        const read = readPrice(price);
        return read === null ? [] : [{ category, price: read }];
      }),
      free_service_messages: Number(draft.free.trim()),
    });
    this.saving = false;
    this.saveTrouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return false;
    this.draft = null;
    // The answer is about the running month and all numbers; what is looked at may be another.
    await this.refresh();
    return true;
  }

  forget(): void {
    this.#round += 1;
    this.#looked = false;
    this.channelId = null;
    this.month = null;
    this.view = null;
    this.trouble = null;
    this.draft = null;
    this.saveTrouble = null;
  }
}
