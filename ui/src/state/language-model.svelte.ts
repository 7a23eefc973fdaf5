import type { Client } from "../api/client";
import type { FoundModelsView, ModelCallView, ModelView, SaveModel } from "../api/generated";
import type { Trouble } from "../host/host";
import { words } from "../words";
import { Fetched } from "./fetched.svelte";

/** What somebody chooses: none, one on this computer, another server, Anthropic. */
export type Choice = "none" | "local" | "openai" | "anthropic";

/** The language model while it is set up. */
export interface ModelDraft {
  choice: Choice;
  baseUrl: string;
  model: string;
  /** Only what was typed; a kept key never comes back here. */
  key: string;
  priceIn: string;
  priceOut: string;
  limit: string;
  tokens: string;
  embeddings: boolean;
  embedder: string;
}

export type ModelField = "base_url" | "model" | "key" | "price_in" | "price_out" | "daily_limit" | "contact_tokens" | "embedding_model";

/** Which language model is asked, and what has left this computer for it. */
export class LanguageModel {
  readonly view: Fetched<"model">;
  readonly found: Fetched<"find_models">;
  readonly calls: Fetched<"list_model_calls">;
  draft = $state<ModelDraft | null>(null);
  problems = $state.raw<ReadonlyMap<ModelField, string>>(new Map());
  trouble = $state.raw<Trouble | null>(null);
  saving = $state(false);
  looking = $state(false);
  /** Whether what is set was tried just now and works. */
  tested = $state(false);
  /** The question that is looked at, with its words. */
  call = $state.raw<ModelCallView | null>(null);
  callTrouble = $state.raw<Trouble | null>(null);

  #client: Client;
  #opened = "";

  constructor(client: Client) {
    this.#client = client;
    this.view = new Fetched(client, "model", () => ({}));
    this.found = new Fetched(client, "find_models", () => ({}));
    this.calls = new Fetched(client, "list_model_calls", () => ({ limit: 50 }));
  }

  get servers(): readonly FoundModelsView[] {
    return this.found.value?.found ?? [];
  }

  get changed(): boolean {
    return this.draft !== null && JSON.stringify(this.draft) !== this.#opened;
  }

  async refresh(): Promise<void> {
    await this.view.refresh();
    if (this.view.value !== null && !this.changed) this.#begin(modelDraft(this.view.value));
  }

  async renew(): Promise<void> {
    if (!this.view.waiting) await Promise.all([this.refresh(), this.calls.renew()]);
  }

  /** Looks for models on this computer. */
  async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    await this.found.refresh();
    this.looking = false;
  }

  choose(choice: Choice): void {
    const draft = this.draft;
    if (draft === null || draft.choice === choice) return;
    const kept = this.view.value;
    const same = kept !== null && choiceOf(kept) === choice ? modelDraft(kept) : null;
    this.draft = same ?? { ...draft, choice, baseUrl: "", model: "", key: "" };
    this.problems = new Map();
    this.trouble = null;
    this.tested = false;
    if (choice === "local" && this.found.value === null) void this.look();
  }

  pick(server: FoundModelsView, model: string): void {
    if (this.draft === null) return;
    this.draft.baseUrl = server.base_url;
    this.draft.model = model;
    this.tested = false;
  }

  /** Tries what is set and keeps it; the engine keeps nothing that does not answer. */
  async save(): Promise<boolean> {
    const draft = this.draft;
    if (draft === null || this.saving) return false;
    this.problems = modelProblems(draft, this.view.value);
    this.trouble = null;
    this.tested = false;
    if (this.problems.size > 0) return false;
    this.saving = true;
    const answer = await this.#client.call("save_model", modelArgs(draft));
    this.saving = false;
    if (!answer.ok) {
      const error = answer.trouble.kind === "answer" ? answer.trouble.error : null;
      if (error?.field !== undefined && isField(error.field)) this.problems = new Map([[error.field, error.message]]);
      else this.trouble = answer.trouble;
      void this.calls.renew();
      return false;
    }
    this.view.take(answer.value);
    this.#begin(modelDraft(answer.value));
    this.tested = answer.value.kind !== "none" && answer.value.trouble === null;
    void this.calls.renew();
    return true;
  }

  /** Shows exactly what left and what came back. */
  async openCall(call: ModelCallView): Promise<void> {
    this.call = call;
    this.callTrouble = null;
    const answer = await this.#client.call("model_call", { call_id: call.id });
    if (this.call?.id !== call.id) return;
    if (answer.ok) this.call = answer.value;
    else this.callTrouble = answer.trouble;
  }

  forget(): void {
    this.view.forget();
    this.found.forget();
    this.calls.forget();
    this.draft = null;
    this.problems = new Map();
    this.trouble = null;
    this.tested = false;
    this.call = null;
  }

  #begin(draft: ModelDraft): void {
    this.#opened = JSON.stringify(draft);
    this.draft = draft;
  }
}

export function choiceOf(view: ModelView): Choice {
  if (view.kind === "none") return "none";
  return view.kind === "anthropic" ? "anthropic" : view.local ? "local" : "openai";
}

export function modelDraft(view: ModelView): ModelDraft {
  return {
    choice: choiceOf(view),
    baseUrl: view.base_url ?? "",
    model: view.model ?? "",
    key: "",
    priceIn: number(view.price_in),
    priceOut: number(view.price_out),
    limit: view.daily_limit === null ? "" : String(view.daily_limit),
    tokens: number(view.contact_tokens),
    embeddings: view.embeddings,
    embedder: view.embedding_model ?? "",
  };
}

export function modelProblems(draft: ModelDraft, kept: ModelView | null): Map<ModelField, string> {
  const w = words.assistant.model.problems;
  const problems = new Map<ModelField, string>();
  if (draft.choice === "none") return problems;
  const keyKept = kept !== null && kept.has_key && choiceOf(kept) === draft.choice;
  if (draft.choice === "local" && draft.baseUrl.trim() === "") problems.set("base_url", w.server);
  if (draft.baseUrl.trim() !== "" && !/^https?:\/\/\S+$/i.test(draft.baseUrl.trim())) problems.set("base_url", w.url);
  if (draft.model.trim() === "") problems.set("model", w.model);
  if (draft.choice === "anthropic" && draft.key === "" && !keyKept) problems.set("key", w.key);
  if (amount(draft.priceIn) === null) problems.set("price_in", w.price);
  if (amount(draft.priceOut) === null) problems.set("price_out", w.price);
  if (!/^\d{0,9}$/.test(draft.tokens.trim())) problems.set("contact_tokens", w.tokens);
  if (draft.limit.trim() !== "" && amount(draft.limit) === null) problems.set("daily_limit", w.price);
  return problems;
}

export function modelArgs(draft: ModelDraft): SaveModel {
  if (draft.choice === "none") return { kind: "none" };
  return {
    kind: draft.choice === "anthropic" ? "anthropic" : "openai",
    base_url: draft.baseUrl.trim() === "" ? null : draft.baseUrl.trim(),
    model: draft.model.trim(),
    ...(draft.key === "" ? {} : { key: draft.key }),
    price_in: amount(draft.priceIn) ?? 0,
    price_out: amount(draft.priceOut) ?? 0,
    daily_limit: draft.limit.trim() === "" ? null : amount(draft.limit),
    contact_tokens: Number(draft.tokens.trim()),
    embeddings: draft.embeddings && draft.choice !== "anthropic",
    embedding_model: draft.embedder.trim() === "" ? null : draft.embedder.trim(),
  };
}

/** A sum as it is typed, with comma or point; nothing is nought, `null` is none. */
function amount(typed: string): number | null {
  const text = typed.trim().replace(",", ".");
  if (text === "") return 0;
  return /^\d{1,6}(?:\.\d{1,6})?$/.test(text) ? Number(text) : null;
}

function number(value: number): string {
  return value === 0 ? "" : String(value);
}

function isField(field: string): field is ModelField {
  return ["base_url", "model", "key", "price_in", "price_out", "daily_limit", "contact_tokens", "embedding_model"].includes(field);
}
