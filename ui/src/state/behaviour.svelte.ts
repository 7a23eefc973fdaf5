import type { Client } from "../api/client";
import type { AssistantView, CannedView, IntakeView, Language, SaveAssistant } from "../api/generated";
import type { Trouble } from "../host/host";
import { words } from "../words";
import { Fetched } from "./fetched.svelte";
import { hoursDraft, hoursProblems, hoursView, type HoursDraft } from "./hours";

/** The parts of the settings that are saved on their own. */
export type Group = "shop" | "switches" | "instructions" | "texts" | "intake" | "returns" | "hours";

/** A question to learn something about a lead, while it is written. */
export interface Question {
  readonly id: number;
  field: string;
  /** By language; the empty one serves for all. */
  texts: Record<string, string>;
}

/** How the assistant is set. */
export class Behaviour {
  readonly view: Fetched<"assistant">;
  name = $state("");
  language = $state<Language>("en");
  region = $state("");
  instructions = $state("");
  hours = $state<HoursDraft>({ zone: "", days: [[], [], [], [], [], [], []], closed: [] });
  intake = $state<Question[]>([]);
  saving = $state<Group | null>(null);
  /** What went wrong with which part. */
  trouble = $state.raw<{ group: Group; trouble: Trouble } | null>(null);
  hoursProblems = $state.raw<ReadonlyMap<number, string>>(new Map());
  intakeProblem = $state<string | null>(null);

  #client: Client;
  #ids = 0;
  #opened: Partial<Record<Group, string>> = {};

  constructor(client: Client) {
    this.#client = client;
    this.view = new Fetched(client, "assistant", () => ({}));
  }

  async refresh(): Promise<void> {
    await this.view.refresh();
    if (this.view.value !== null) this.#begin(this.view.value);
  }

  async renew(): Promise<void> {
    if (!this.view.waiting) await this.refresh();
  }

  changed(group: "shop" | "instructions" | "intake" | "hours"): boolean {
    return this.#opened[group] !== undefined && this.#opened[group] !== this.#written(group);
  }

  async saveShop(): Promise<boolean> {
    return this.save("shop", { business_name: this.name.trim(), language: this.language, region: this.region });
  }

  async saveInstructions(): Promise<boolean> {
    return this.save("instructions", { instructions: this.instructions.trim() });
  }

  async saveHours(): Promise<boolean> {
    this.hoursProblems = hoursProblems(this.hours);
    return this.hoursProblems.size === 0 && this.save("hours", { hours: hoursView(this.hours) });
  }

  async saveIntake(): Promise<boolean> {
    const w = words.assistant.behaviour.intake;
    const names = this.intake.map((one) => one.field.trim());
    const silent = this.intake.some((one) => Object.values(one.texts).every((text) => text.trim() === ""));
    this.intakeProblem = names.includes("") ? w.noField : new Set(names).size < names.length ? w.twice : silent ? w.noQuestion : null;
    if (this.intakeProblem !== null) return false;
    return this.save("intake", { intake: this.intake.map(intakeOf) });
  }

  ask(field: string): void {
    this.intake.push({ id: ++this.#ids, field, texts: { "": "" } });
  }

  /** Moves a question up (-1) or down (1). */
  move(id: number, by: 1 | -1): void {
    const at = this.intake.findIndex((one) => one.id === id);
    const one = this.intake[at];
    const other = this.intake[at + by];
    if (one === undefined || other === undefined) return;
    this.intake[at] = other;
    this.intake[at + by] = one;
  }

  drop(id: number): void {
    this.intake = this.intake.filter((one) => one.id !== id);
  }

  /** Saves one text; an empty one is ours again. */
  async say(text: CannedView, own: string): Promise<boolean> {
    return this.save("texts", { texts: [{ key: text.key, language: text.language, text: own.trim() }] });
  }

  async save(group: Group, change: SaveAssistant): Promise<boolean> {
    this.saving = group;
    const answer = await this.#client.call("save_assistant", change);
    this.saving = null;
    this.trouble = answer.ok ? null : { group, trouble: answer.trouble };
    if (!answer.ok) return false;
    this.view.take(answer.value);
    // What was saved is shown as the engine keeps it; what is written elsewhere stays.
    if (group === "shop" || group === "instructions" || group === "intake" || group === "hours") delete this.#opened[group];
    this.#begin(answer.value);
    return true;
  }

  troubleOf(group: Group): Trouble | null {
    return this.trouble?.group === group ? this.trouble.trouble : null;
  }

  forget(): void {
    this.view.forget();
    this.#opened = {};
    this.trouble = null;
    this.hoursProblems = new Map();
    this.intakeProblem = null;
  }

  /** Takes what the engine keeps, except where somebody is writing. */
  #begin(view: AssistantView): void {
    if (!this.changed("shop")) {
      this.name = view.business_name;
      this.language = view.language;
      this.region = view.region ?? "";
      this.#opened.shop = this.#written("shop");
    }
    if (!this.changed("instructions")) {
      this.instructions = view.instructions;
      this.#opened.instructions = this.#written("instructions");
    }
    if (!this.changed("hours")) {
      this.hours = hoursDraft(view.hours);
      this.#opened.hours = this.#written("hours");
    }
    if (!this.changed("intake")) {
      this.intake = view.intake.map((one) => ({ id: ++this.#ids, field: one.field, texts: { ...one.question } }));
      this.#opened.intake = this.#written("intake");
    }
  }

  #written(group: "shop" | "instructions" | "intake" | "hours"): string {
    if (group === "shop") return JSON.stringify([this.name, this.language, this.region]);
    if (group === "instructions") return this.instructions;
    return group === "hours" ? JSON.stringify(this.hours) : JSON.stringify(this.intake.map(intakeOf));
  }
}

function intakeOf(one: Question): IntakeView {
  const question = Object.entries(one.texts).map(([language, text]) => [language, text.trim()] as const);
  return { field: one.field.trim(), question: Object.fromEntries(question.filter(([, text]) => text !== "")) };
}

/** A text of the assistant with its place in the list: `escalation.complaint.open` is about complaints while it is open. */
export interface TextPlace {
  topic: string;
  reason: string;
  when: string;
}

export function placeOfText(key: string): TextPlace {
  const [topic = key, reason = "", when = ""] = key.split(".");
  return { topic, reason, when };
}
