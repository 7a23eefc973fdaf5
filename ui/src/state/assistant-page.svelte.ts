import type { Client } from "../api/client";
import type { ChangeView } from "../api/generated";
import type { Host } from "../host/host";
import { Behaviour } from "./behaviour.svelte";
import { Bench } from "./bench.svelte";
import { Facts } from "./facts.svelte";
import { Knowledge } from "./knowledge.svelte";
import { LanguageModel } from "./language-model.svelte";
import { Leads } from "./leads.svelte";
import { placeOf } from "./placeholders";
import { Skills } from "./skills.svelte";

/** The parts of the assistant's page, as they stand beside each other. */
export const SECTIONS = ["skills", "knowledge", "facts", "try", "insights", "leads", "model", "behaviour"] as const;
export type Section = (typeof SECTIONS)[number];

/** What the assistant knows and how it is set: the page behind "Assistant". */
export class AssistantPage {
  section = $state<Section>("skills");

  readonly skills: Skills;
  readonly knowledge: Knowledge;
  readonly facts: Facts;
  readonly bench: Bench;
  readonly model: LanguageModel;
  readonly behaviour: Behaviour;
  readonly leads: Leads;

  constructor(client: Client, host: Host) {
    this.skills = new Skills(client, host);
    this.knowledge = new Knowledge(client, host);
    this.facts = new Facts(client);
    this.bench = new Bench(client);
    this.model = new LanguageModel(client);
    this.behaviour = new Behaviour(client);
    this.leads = new Leads(client, host);
  }

  /** Asks for what the whole page needs. */
  async look(): Promise<void> {
    await Promise.all([this.skills.list.refresh(), this.facts.refresh(), this.behaviour.refresh(), this.model.refresh()]);
  }

  /** Goes where a placeholder gets its value. */
  goToFill(placeholder: string): void {
    const place = placeOf(placeholder);
    this.facts.wanted = place.section === "facts" ? placeholder : null;
    this.section = place.section;
  }

  openSkill(id: string): void {
    const skill = this.skills.find(id);
    if (skill === null) return;
    this.skills.open(skill);
    this.section = "skills";
  }

  openDocument(id: string): void {
    this.section = "knowledge";
    void this.knowledge.open(id);
  }

  /** Asks again for what has been asked for before. */
  async renew(): Promise<void> {
    await Promise.all([this.#renewKnowledge(), this.leads.renew()]);
  }

  async changed(changes: ChangeView[]): Promise<void> {
    const kinds = new Set(changes.map((change) => change.kind));
    const work: Promise<void>[] = [];
    if (kinds.has("knowledge")) work.push(this.#renewKnowledge());
    // What was decided about a draft is what readiness is made of.
    else if (kinds.has("draft")) work.push(this.skills.list.renew());
    if (kinds.has("lead")) work.push(this.leads.renew());
    await Promise.all(work);
  }

  /** Closes the innermost thing that is open; false when there is none. A form with something unsaved stays. */
  stepBack(): boolean {
    if (this.section === "skills" && this.skills.draft !== null) {
      if (!this.skills.changed) this.skills.close();
      return true;
    }
    if (this.section === "knowledge" && this.knowledge.draft !== null) {
      if (!this.knowledge.changed) this.knowledge.close();
      return true;
    }
    return false;
  }

  forget(): void {
    this.section = "skills";
    this.skills.forget();
    this.knowledge.forget();
    this.facts.forget();
    this.bench.forget();
    this.model.forget();
    this.behaviour.forget();
    this.leads.forget();
  }

  async #renewKnowledge(): Promise<void> {
    await Promise.all([
      this.skills.list.renew(),
      this.knowledge.list.renew(),
      this.facts.renew(),
      this.behaviour.renew(),
      this.model.renew(),
    ]);
  }
}
