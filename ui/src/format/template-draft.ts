import type { CreateTemplate, TemplateButton, TemplateView } from "../api/generated";
import { words } from "../words";

/** Limits of whatsapp-cloud-api, sections 5.4, 5.5 and 7.6. */
export const LIMITS = { name: 512, header: 60, body: 1_024, footer: 60, button: 25, buttons: 10, url: 2_000 } as const;

/** A new template while it is written. */
export interface TemplateDraft {
  name: string;
  language: string;
  category: "MARKETING" | "UTILITY";
  header: string;
  body: string;
  /** By the number of the placeholder, from 1. */
  examples: string[];
  footer: string;
  buttons: ButtonDraft[];
}

/** A button while it is written; `to` is a web address or a number, and nothing for a reply. */
export interface ButtonDraft {
  type: TemplateButton["type"];
  text: string;
  to: string;
}

/** The fields of the form, as sentences about them are found. */
export type DraftField = "name" | "language" | "header" | "body" | "footer" | `example.${number}` | `button.${number}`;

export function emptyDraft(): TemplateDraft {
  return { name: "", language: "en", category: "UTILITY", header: "", body: "", examples: [], footer: "", buttons: [] };
}

/** The numbers of the placeholders `{{1}}`, `{{2}}` ... in the order of the text, each once. */
export function placeholders(body: string): number[] {
  return [...new Set([...body.matchAll(/\{\{(\d{1,3})\}\}/g)].map((found) => Number(found[1])))];
}

/** How many examples are asked for. */
export function exampleCount(draft: TemplateDraft): number {
  return placeholders(draft.body).length;
}

/** A name as WhatsApp takes it, out of what was typed. */
export function tidyName(typed: string): string {
  return typed.toLowerCase().replace(/[\s-]+/g, "_").replace(/[^a-z0-9_]/g, "").slice(0, LIMITS.name);
}

/** Puts the next placeholder where the caret is. */
export function withPlaceholder(body: string, at: number): { body: string; caret: number } {
  const next = Math.max(0, ...placeholders(body)) + 1;
  const mark = `{{${next}}}`;
  return { body: body.slice(0, at) + mark + body.slice(at), caret: at + mark.length };
}

/** What the engine is asked for. */
export function asked(draft: TemplateDraft): Omit<CreateTemplate, "channel_id"> {
  const header = draft.header.trim();
  const footer = draft.footer.trim();
  return {
    name: draft.name,
    language: draft.language,
    category: draft.category,
    body: draft.body.trim(),
    ...(header === "" ? {} : { header }),
    ...(footer === "" ? {} : { footer }),
    ...(exampleCount(draft) === 0 ? {} : { examples: draft.examples.slice(0, exampleCount(draft)).map((text) => text.trim()) }),
    ...(draft.buttons.length === 0 ? {} : { buttons: draft.buttons.map(button) }),
  };
}

function button({ type, text, to }: ButtonDraft): TemplateButton {
  if (type === "url") return { type, text: text.trim(), url: to.trim() };
  if (type === "phone_number") return { type, text: text.trim(), phone_number: to.replace(/[\s().-]/g, "") };
  return { type, text: text.trim() };
}

/** What WhatsApp would refuse, as a sentence for each field. Empty when the draft can be handed in. */
export function problems(draft: TemplateDraft, existing: readonly TemplateView[]): Map<DraftField, string> {
  const w = words.templates.rules;
  const found = new Map<DraftField, string>();
  if (draft.name === "") found.set("name", w.nameMissing);
  else if (!/^[a-z0-9_]+$/.test(draft.name)) found.set("name", w.nameLetters);
  else if (existing.some((one) => one.name === draft.name && one.language === draft.language)) found.set("name", w.nameTaken);
  if (draft.header.includes("{{")) found.set("header", w.headerVariable);
  else if (length(draft.header) > LIMITS.header) found.set("header", w.tooLong(length(draft.header) - LIMITS.header, LIMITS.header));
  else if (/[*_~`\n]|\p{Extended_Pictographic}/u.test(draft.header)) found.set("header", w.headerPlain);
  if (length(draft.footer) > LIMITS.footer) found.set("footer", w.tooLong(length(draft.footer) - LIMITS.footer, LIMITS.footer));
  else if (draft.footer.includes("{{")) found.set("footer", w.footerVariable);
  const body = bodyProblem(draft.body);
  if (body !== null) found.set("body", body);
  for (let i = 0; i < exampleCount(draft); i++) {
    const example = draft.examples[i] ?? "";
    if (example.trim() === "") found.set(`example.${i}`, w.exampleMissing);
    else if (/[\n\t]| {5}/.test(example)) found.set(`example.${i}`, w.exampleLines);
  }
  draft.buttons.forEach((one, i) => {
    const trouble = buttonProblem(one, i, draft.buttons);
    if (trouble !== null) found.set(`button.${i}`, trouble);
  });
  return found;
}

function bodyProblem(text: string): string | null {
  const w = words.templates.rules;
  const body = text.trim();
  if (body === "") return w.bodyMissing;
  if (length(body) > LIMITS.body) return w.tooLong(length(body) - LIMITS.body, LIMITS.body);
  if (/\n\s*\n\s*\n/.test(body)) return w.bodyLines;
  // Whatever still has braces once the right ones are gone was meant to be one.
  if (/[{}]{2}/.test(body.replace(/\{\{\d{1,3}\}\}/g, ""))) return w.bodyBraces;
  const numbers = placeholders(body);
  if ([...numbers].sort((a, b) => a - b).some((number, i) => number !== i + 1)) return w.bodyNumbers;
  if (/^\{\{\d+\}\}/.test(body) || /\{\{\d+\}\}$/.test(body)) return w.bodyEdges;
  if (/\}\}\s*\{\{/.test(body)) return w.bodyNeighbours;
  return null;
}

function buttonProblem(one: ButtonDraft, index: number, all: ButtonDraft[]): string | null {
  const w = words.templates.rules;
  const text = one.text.trim();
  if (text === "") return w.buttonMissing;
  if (length(text) > LIMITS.button) return w.tooLong(length(text) - LIMITS.button, LIMITS.button);
  if (all.findIndex((other) => other.text.trim().toLowerCase() === text.toLowerCase()) < index) return w.buttonTwice;
  if (one.type === "url" && one.to.includes("{{")) return w.buttonVariable;
  if (one.type === "url" && !isWebAddress(one.to.trim())) return w.buttonUrl;
  if (one.type === "phone_number" && !/^\+\d{7,15}$/.test(one.to.replace(/[\s().-]/g, ""))) return w.buttonPhone;
  const before = all.slice(0, index);
  const same = before.filter((other) => other.type === one.type).length;
  if (one.type === "url" && same >= 2) return w.buttonUrls;
  if (one.type === "phone_number" && same >= 1) return w.buttonPhones;
  // Replies stand together; WhatsApp refuses reply, link, reply.
  const kinds = all.slice(0, index + 1).map((other) => other.type === "quick_reply");
  if (kinds.filter((kind, i) => i > 0 && kind !== kinds[i - 1]).length > 1) return w.buttonOrder;
  return null;
}

/** Whether an address can be opened as a web page. */
export function isWebAddress(text: string): boolean {
  if (text.length > LIMITS.url || /\s/.test(text)) return false;
  try {
    const { protocol, hostname } = new URL(text);
    return (protocol === "https:" || protocol === "http:") && hostname.includes(".");
  } catch {
    return false;
  }
}

/** Characters as WhatsApp counts them. */
export function length(text: string): number {
  return [...text].length;
}
