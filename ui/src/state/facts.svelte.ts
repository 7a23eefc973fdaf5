import type { Client } from "../api/client";
import type { FactArg, FactKind, FactView, Language, SkillView } from "../api/generated";
import { dateOf, endOf } from "../format/dates";
import type { Trouble } from "../host/host";
import { words } from "../words";
import { Fetched } from "./fetched.svelte";
import { placeOf, type Place } from "./placeholders";

/** A fact while it is written. */
export interface FactRow {
  readonly id: number;
  kind: FactKind;
  key: string;
  value: string;
  language: Language | "";
  validTo: string;
  /** As the engine keeps it; `null` for a new one. */
  kept: FactView | null;
}

/** A placeholder nothing fills, and the skills that wait for it. */
export interface Missing {
  placeholder: string;
  place: Place;
  skills: string[];
}

/** Single facts: what something costs, where the shop is, and what else answers name. */
export class Facts {
  readonly list: Fetched<"list_facts">;
  rows = $state<FactRow[]>([]);
  /** What does not fit, by row. */
  problems = $state.raw<ReadonlyMap<number, string>>(new Map());
  saving = $state<FactKind | "missing" | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  /** What somebody came here for. */
  wanted = $state<string | null>(null);

  #client: Client;
  #ids = 0;

  constructor(client: Client) {
    this.#client = client;
    this.list = new Fetched(client, "list_facts", () => ({}));
  }

  get all(): readonly FactView[] {
    return this.list.value?.facts ?? [];
  }

  async refresh(): Promise<void> {
    await this.list.refresh();
    this.#merge();
  }

  async renew(): Promise<void> {
    if (!this.list.waiting) await this.refresh();
  }

  of(kind: FactKind): FactRow[] {
    return this.rows.filter((row) => row.kind === kind);
  }

  add(kind: FactKind, key = ""): FactRow {
    const id = ++this.#ids;
    this.rows.push({ id, kind, key, value: "", language: "", validTo: "", kept: null });
    return this.rows[this.rows.length - 1] as FactRow;
  }

  /** Whether a kind has something that is not saved. */
  changed(kind: FactKind): boolean {
    return this.of(kind).some(differs);
  }

  /** Saves what was changed of one kind. */
  async save(kind: FactKind): Promise<boolean> {
    const dirty = this.of(kind).filter(differs);
    const w = words.assistant.facts.problems;
    const named = kind === "price" || kind === "link" || kind === "text";
    const problems = new Map<number, string>();
    for (const row of dirty) {
      const twin = this.of(kind).some((other) => other.id < row.id && other.key.trim() === row.key.trim() && other.language === row.language);
      if (named && row.key.trim() === "") problems.set(row.id, w.key);
      else if (/[{}:]/.test(row.key)) problems.set(row.id, w.signs);
      else if (row.value.trim() === "") problems.set(row.id, w.value);
      else if (twin) problems.set(row.id, w.twice);
    }
    this.problems = problems;
    if (problems.size > 0) return false;
    return this.#store(kind, dirty.flatMap((row) => [...renamed(row), argOf(row)]), dirty);
  }

  /** Removes one; a new one is only forgotten. */
  async remove(row: FactRow): Promise<boolean> {
    if (row.kept === null) {
      this.rows = this.rows.filter((other) => other.id !== row.id);
      return true;
    }
    const { kind, key, language } = row.kept;
    const done = await this.#store(row.kind, [{ kind, key, value: "", language }], []);
    if (done) this.rows = this.rows.filter((other) => other.id !== row.id);
    return done;
  }

  /** Fills a placeholder that is missing. */
  async fill(missing: Missing, value: string): Promise<boolean> {
    const { place } = missing;
    if (place.section !== "facts" || place.kind === "opening" || value.trim() === "") return false;
    return this.#store("missing", [{ kind: place.kind, key: place.key, value: value.trim() }], []);
  }

  forget(): void {
    this.list.forget();
    this.rows = [];
    this.problems = new Map();
    this.trouble = null;
    this.wanted = null;
  }

  async #store(what: FactKind | "missing", facts: FactArg[], saved: readonly FactRow[]): Promise<boolean> {
    if (facts.length === 0) return true;
    this.saving = what;
    const answer = await this.#client.call("save_facts", { facts });
    this.saving = null;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return false;
    this.list.take(answer.value);
    // What was saved is the engine's now; what is written elsewhere stays.
    const ids = new Set(saved.map((row) => row.id));
    this.rows = this.rows.filter((row) => !ids.has(row.id));
    this.#merge();
    return true;
  }

  /** Brings the rows up to date; those that are being written stay as they are. */
  #merge(): void {
    const kept = this.list.value?.facts;
    if (kept === undefined) return;
    const writing = this.rows.filter(differs);
    const claimed = new Set(writing.map((row) => (row.kept === null ? "" : nameOf(row.kept))));
    const before = new Map(this.rows.map((row) => [row.kept === null ? "" : nameOf(row.kept), row.id]));
    const fresh = kept.filter((fact) => !claimed.has(nameOf(fact))).map((fact) => this.#rowOf(fact, before.get(nameOf(fact))));
    this.rows = [...fresh, ...writing].sort((a, b) => Number(a.kept === null) - Number(b.kept === null) || a.key.localeCompare(b.key) || a.id - b.id);
  }

  #rowOf(fact: FactView, id: number | undefined): FactRow {
    return { id: id ?? ++this.#ids, kind: fact.kind, key: fact.key, value: fact.value, language: fact.language ?? "", validTo: dateOf(fact.valid_to), kept: fact };
  }
}

/** What answers of the skills in use name and nothing fills, the most wanted first. */
export function missingFor(skills: readonly SkillView[]): Missing[] {
  const found = new Map<string, Missing>();
  for (const skill of skills) {
    if (!skill.enabled || skill.autonomy === "off") continue;
    for (const placeholder of skill.unfilled) {
      const known = found.get(placeholder) ?? { placeholder, place: placeOf(placeholder), skills: [] };
      known.skills.push(skill.name);
      found.set(placeholder, known);
    }
  }
  return [...found.values()].sort((a, b) => b.skills.length - a.skills.length || a.placeholder.localeCompare(b.placeholder));
}

function nameOf(fact: FactView): string {
  return `${fact.kind} ${fact.language ?? ""} ${fact.key}`;
}

function differs(row: FactRow): boolean {
  const { kept } = row;
  if (kept === null) return row.key.trim() !== "" || row.value.trim() !== "";
  return row.key !== kept.key || row.value !== kept.value || row.language !== (kept.language ?? "") || row.validTo !== dateOf(kept.valid_to);
}

/** The fact under its old name goes when it got a new one. */
function renamed(row: FactRow): FactArg[] {
  const { kept } = row;
  if (kept === null || (kept.key === row.key.trim() && (kept.language ?? "") === row.language)) return [];
  return [{ kind: kept.kind, key: kept.key, value: "", language: kept.language }];
}

function argOf(row: FactRow): FactArg {
  return { kind: row.kind, key: row.key.trim(), value: row.value.trim(), language: row.language === "" ? null : row.language, valid_to: endOf(row.validTo) };
}
