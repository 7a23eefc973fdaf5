import type { Client } from "../api/client";
import type { Language, PackView, SkillView } from "../api/generated";
import { CallFailure, type Host, type Trouble } from "../host/host";
import { Fetched } from "./fetched.svelte";
import { emptySkill, fieldOf, skillDraft, skillProblems, skillWith, toSave, type Part, type SkillDraft, type SkillField } from "./skill-draft";

/** The skills, and the one that is written at the moment. */
export class Skills {
  readonly list: Fetched<"list_skills">;
  query = $state("");
  draft = $state<SkillDraft | null>(null);
  /** What does not fit, beside its field; only after the first try to save. */
  problems = $state.raw<ReadonlyMap<SkillField, string>>(new Map());
  saving = $state(false);
  /** What went wrong with what was done last, when it belongs to no field. */
  trouble = $state.raw<Trouble | null>(null);

  /** The starter pack, while its dialog is open. */
  pack = $state.raw<PackView | null>(null);
  packTrouble = $state.raw<Trouble | null>(null);
  adding = $state(false);

  #client: Client;
  #host: Host;
  /** The draft as it was opened, to know whether something was written. */
  #opened = "";

  constructor(client: Client, host: Host) {
    this.#client = client;
    this.#host = host;
    this.list = new Fetched(client, "list_skills", () => ({}));
  }

  get all(): readonly SkillView[] {
    return this.list.value?.skills ?? [];
  }

  get found(): SkillView[] {
    const sought = this.query.trim().toLowerCase();
    return this.all.filter((skill) => sought === "" || textOf(skill).includes(sought));
  }

  /** The one that is edited, as the engine keeps it. */
  get kept(): SkillView | null {
    return this.all.find((skill) => skill.id === this.draft?.id) ?? null;
  }

  /** Whether something was written that is not saved. */
  get changed(): boolean {
    return this.draft !== null && JSON.stringify(this.draft) !== this.#opened;
  }

  find(id: string): SkillView | null {
    return this.all.find((skill) => skill.id === id) ?? null;
  }

  open(skill: SkillView): void {
    this.#begin(skillDraft(skill));
  }

  write(): void {
    this.#begin(emptySkill());
  }

  close(): void {
    this.draft = null;
    this.trouble = null;
    this.problems = new Map();
  }

  /** Saves what is written. What does not fit is said beside its field. */
  async save(): Promise<boolean> {
    const draft = this.draft;
    if (draft === null || this.saving) return false;
    this.problems = skillProblems(draft);
    this.trouble = null;
    if (this.problems.size > 0) return false;
    this.saving = true;
    const sent = JSON.stringify(draft);
    const answer = await this.#client.call("save_skill", toSave(draft));
    this.saving = false;
    if (!answer.ok) {
      const field = answer.trouble.kind === "answer" ? fieldOf(answer.trouble.error.field) : null;
      if (field !== null && answer.trouble.kind === "answer") this.problems = new Map([[field, answer.trouble.error.message]]);
      else this.trouble = answer.trouble;
      return false;
    }
    this.#put(answer.value);
    // Written on meanwhile: it stays, and belongs to the skill that is there now.
    if (this.draft === draft && JSON.stringify(draft) === sent) this.#begin(skillDraft(answer.value));
    else if (this.draft === draft) draft.id = answer.value.id;
    return true;
  }

  /** Changes something about a skill and keeps all the rest of it. */
  async alter(skill: SkillView, change: Parameters<typeof skillWith>[1]): Promise<boolean> {
    const answer = await this.#client.call("save_skill", skillWith(skill, change));
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return false;
    this.#put(answer.value);
    if (this.draft?.id === skill.id && !this.changed) this.#begin(skillDraft(answer.value));
    return true;
  }

  /** Lets several answer by themselves. Answers how many do now. */
  async letAnswer(skills: readonly SkillView[]): Promise<number> {
    let done = 0;
    for (const skill of skills) {
      // The newest form of it: another may have been saved while the one before was under way.
      if (!(await this.alter(this.find(skill.id) ?? skill, { autonomy: "bot" }))) return done;
      done += 1;
    }
    return done;
  }

  /** Adds a sentence to a skill, as one that means it or one that does not. */
  async teach(skill: SkillView, text: string, negative: boolean): Promise<boolean> {
    const known = skill.examples.filter((one) => one.text.trim().toLowerCase() !== text.trim().toLowerCase());
    return this.alter(skill, { examples: [...known, { text: text.trim(), negative }] });
  }

  async remove(id: string): Promise<boolean> {
    this.saving = true;
    const answer = await this.#client.call("delete_skill", { skill_id: id });
    this.saving = false;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return false;
    const value = this.list.value;
    if (value !== null) this.list.take({ ...value, skills: value.skills.filter((skill) => skill.id !== id) });
    if (this.draft?.id === id) this.close();
    return true;
  }

  /** Hands in a file that goes with an answer. */
  async attach(part: Part, file: File): Promise<void> {
    this.trouble = null;
    try {
      const upload = await this.#host.upload(file, file.name);
      part.file = { id: upload.upload_id, name: upload.file_name };
    } catch (reason) {
      this.trouble = reason instanceof CallFailure ? reason.trouble : { kind: "unreachable" };
    }
  }

  async lookAtPack(language: Language): Promise<void> {
    const answer = await this.#client.call("starter_pack", { language });
    if (answer.ok) this.pack = answer.value;
    this.packTrouble = answer.ok ? null : answer.trouble;
  }

  async addPack(keys: string[], languages: Language[]): Promise<boolean> {
    if (this.adding) return false;
    this.adding = true;
    const answer = await this.#client.call("add_pack", { keys, languages });
    this.adding = false;
    this.packTrouble = answer.ok ? null : answer.trouble;
    if (answer.ok) this.list.take(answer.value);
    return answer.ok;
  }

  forget(): void {
    this.list.forget();
    this.query = "";
    this.pack = null;
    this.packTrouble = null;
    this.close();
  }

  #begin(draft: SkillDraft): void {
    this.#opened = JSON.stringify(draft);
    this.draft = draft;
    // Fields are read back from the state, so that a change of one is seen.
    this.problems = new Map();
    this.trouble = null;
  }

  #put(skill: SkillView): void {
    const value = this.list.value;
    if (value === null) return;
    const there = value.skills.some((one) => one.id === skill.id);
    this.list.take({ ...value, skills: there ? value.skills.map((one) => (one.id === skill.id ? skill : one)) : [...value.skills, skill] });
  }
}

function textOf(skill: SkillView): string {
  return [skill.name, ...skill.examples.map((one) => one.text), ...skill.answers.map((one) => one.text)].join("\n").toLowerCase();
}
