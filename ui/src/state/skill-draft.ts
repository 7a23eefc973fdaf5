import type { AnswerView, BotMode, ExampleView, Language, ReadinessView, SaveSkill, SkillHours, SkillView } from "../api/generated";
import { dateOf, endOf, startOf } from "../format/dates";
import { length } from "../format/template-draft";
import { words } from "../words";

/** WhatsApp shows no more (whatsapp-cloud-api, section 5.4). */
export const BUTTON_TITLE = 20;
export const BUTTONS = 3;
export const TEXT = 4_096;

/** A language, or the empty text for all of them. */
export type Tongue = Language | "";

export interface ButtonDraft {
  title: string;
  /** The skill a tap asks for; empty: its title is taken as the customer's words. */
  skill: string;
}

/** What is said and answered in one language. */
export interface Part {
  tongue: Tongue;
  /** One sentence in each line. */
  examples: string;
  negatives: string;
  answer: string;
  buttons: ButtonDraft[];
  /** A file that goes with the answer: what it is handed back as, and its name when that is known. */
  file: { id: string; name: string } | null;
}

/** A skill while it is written. */
export interface SkillDraft {
  id: string | null;
  name: string;
  enabled: boolean;
  autonomy: BotMode;
  requiresHuman: boolean;
  highRisk: boolean;
  validFrom: string;
  validTo: string;
  hours: SkillHours;
  parts: Part[];
}

/** The fields of the form, as sentences about them are found. */
export type SkillField = "name" | "examples" | "answer" | "buttons" | "dates" | `answer.${Tongue}` | `buttons.${Tongue}`;

export function emptyPart(tongue: Tongue): Part {
  return { tongue, examples: "", negatives: "", answer: "", buttons: [], file: null };
}

export function emptySkill(): SkillDraft {
  return {
    id: null,
    name: "",
    enabled: true,
    autonomy: "shadow",
    requiresHuman: false,
    highRisk: false,
    validFrom: "",
    validTo: "",
    hours: "always",
    parts: [emptyPart("")],
  };
}

export function skillDraft(skill: SkillView): SkillDraft {
  const tongues = new Set<Tongue>([...skill.examples.map((e) => e.language ?? ""), ...skill.answers.map((a) => a.language ?? "")] as Tongue[]);
  const parts = [...(tongues.size === 0 ? ([""] as Tongue[]) : tongues)].map((tongue): Part => {
    const answer = skill.answers.find((one) => (one.language ?? "") === tongue);
    return {
      tongue,
      examples: lines(skill.examples, tongue, false),
      negatives: lines(skill.examples, tongue, true),
      answer: answer?.text ?? "",
      buttons: (answer?.buttons ?? []).map(({ title, skill_id }) => ({ title, skill: skill_id ?? "" })),
      file: answer === undefined || answer.file === null ? null : { id: answer.file, name: "" },
    };
  });
  return {
    id: skill.id,
    name: skill.name,
    enabled: skill.enabled,
    autonomy: skill.autonomy,
    requiresHuman: skill.requires_human,
    highRisk: skill.high_risk,
    validFrom: dateOf(skill.valid_from),
    validTo: dateOf(skill.valid_to),
    hours: skill.hours,
    parts: parts.sort((a, b) => Number(a.tongue !== "") - Number(b.tongue !== "")),
  };
}

/** The sentences of a field with one in each line, without signs of lists and without doubles. */
export function sentences(text: string): string[] {
  const seen = new Set<string>();
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(?:[-*•–]|\d{1,3}[.)])\s+/u, "").trim())
    .filter((line) => {
      const key = line.toLowerCase();
      if (line === "" || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

/** What the engine is handed. The whole skill goes back: what is left out would be lost. */
export function toSave(draft: SkillDraft): SaveSkill {
  const answers = draft.parts.filter((part) => part.answer.trim() !== "" || part.file !== null);
  return {
    ...(draft.id === null ? {} : { skill_id: draft.id }),
    name: draft.name.trim(),
    enabled: draft.enabled,
    autonomy: draft.autonomy,
    requires_human: draft.requiresHuman,
    high_risk: draft.highRisk,
    valid_from: startOf(draft.validFrom),
    valid_to: endOf(draft.validTo),
    hours: draft.hours,
    examples: draft.parts.flatMap((part) => [...examplesOf(part, part.examples, false), ...examplesOf(part, part.negatives, true)]),
    answers: answers.map((part) => ({
      language: part.tongue === "" ? null : part.tongue,
      text: part.answer.trim(),
      buttons: part.buttons.map(({ title, skill }) => ({ title: title.trim(), skill_id: skill === "" ? null : skill })),
      ...(part.file === null ? {} : { file: part.file.id }),
    })),
  };
}

/** A skill as it stands, with something else about it. */
export function skillWith(skill: SkillView, change: Partial<SaveSkill>): SaveSkill {
  const answers = skill.answers.map(({ file, ...answer }: AnswerView) => ({ ...answer, ...(file === null ? {} : { file }) }));
  return {
    skill_id: skill.id,
    name: skill.name,
    enabled: skill.enabled,
    autonomy: skill.autonomy,
    requires_human: skill.requires_human,
    high_risk: skill.high_risk,
    valid_from: skill.valid_from,
    valid_to: skill.valid_to,
    hours: skill.hours,
    examples: skill.examples,
    answers,
    ...change,
  };
}

/** What has to be put right before it can be saved. */
export function skillProblems(draft: SkillDraft): Map<SkillField, string> {
  const w = words.assistant.skills.problems;
  const problems = new Map<SkillField, string>();
  if (draft.name.trim() === "") problems.set("name", w.name);
  if (draft.validFrom !== "" && draft.validTo !== "" && draft.validTo < draft.validFrom) problems.set("dates", w.dates);
  if (!draft.requiresHuman && draft.parts.every((part) => part.answer.trim() === "")) problems.set("answer", w.answer);
  for (const part of draft.parts) {
    if (length(part.answer) > TEXT) problems.set(`answer.${part.tongue}`, w.long);
    else if (part.answer.trim() === "" && (part.buttons.length > 0 || part.file !== null)) problems.set(`answer.${part.tongue}`, w.wordsFirst);
    if (part.buttons.some(({ title }) => title.trim() === "")) problems.set(`buttons.${part.tongue}`, w.buttonEmpty);
    else if (part.buttons.some(({ title }) => length(title.trim()) > BUTTON_TITLE)) problems.set(`buttons.${part.tongue}`, w.buttonLong);
    else if (new Set(part.buttons.map(({ title }) => title.trim().toLowerCase())).size < part.buttons.length) problems.set(`buttons.${part.tongue}`, w.buttonTwice);
  }
  return problems;
}

/** Which field of the form the engine means. */
export function fieldOf(field: string | undefined): SkillField | null {
  if (field === undefined) return null;
  if (field === "name" || field === "skill_id") return "name";
  if (field.startsWith("examples")) return "examples";
  if (/button|title/.test(field)) return "buttons";
  if (field.startsWith("valid")) return "dates";
  return field.startsWith("answer") || field === "file" ? "answer" : null;
}

/** How near a skill is to answering by itself. */
export type Stage = "answers" | "ready" | "needs" | "problem" | "off";

export function stageOf(skill: SkillView): Stage {
  if (!skill.enabled || skill.autonomy === "off") return "off";
  if (skill.autonomy === "bot") return "answers";
  if (skill.readiness.ready) return "ready";
  return skill.readiness.needed > 0 ? "needs" : "problem";
}

/** The same as a sentence. */
export function readinessInWords(skill: SkillView): string {
  const w = words.assistant.readiness;
  const of: ReadinessView = skill.readiness;
  switch (stageOf(skill)) {
    case "off":
      return w.off;
    case "answers":
      return of.decided === 0 ? w.answers : w.answersWith(of.unchanged + of.light, of.decided);
    case "ready":
      return w.ready(of.unchanged + of.light, of.decided);
    case "needs":
      return of.decided === 0 ? w.none(of.needed) : w.needs(of.needed);
    case "problem":
      return w.problem(of.heavy + of.dismissed, of.decided);
  }
}

function lines(examples: readonly ExampleView[], tongue: Tongue, negative: boolean): string {
  return examples
    .filter((one) => one.negative === negative && (one.language ?? "") === tongue)
    .map((one) => one.text)
    .join("\n");
}

function examplesOf(part: Part, text: string, negative: boolean) {
  return sentences(text).map((line) => ({ text: line, language: part.tongue === "" ? null : part.tongue, negative }));
}
