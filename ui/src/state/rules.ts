import { words } from "../words";
import type { Form } from "./forms";
import { readPlace } from "./place";

/** The longest texts WhatsApp takes (whatsapp-cloud-api, sections 5.3 and 5.4), in characters. */
export const MOST = {
  text: 4_096,
  caption: 1_024,
  body: 1_024,
  header: 60,
  footer: 60,
  button: 20,
  sectionTitle: 24,
  rowTitle: 24,
  rowDescription: 72,
} as const;
/** How many there may be. */
export const MOST_BUTTONS = 3;
export const MOST_ROWS = 10;

/** From this part of what fits on, the count is shown. */
const NEAR = 0.8;

/** A rule that does not hold, at its field. */
export interface Broken {
  /** The field, in the engine's spelling: `body`, `buttons.1.title`, `sections.0.rows.2.title`. */
  field: string;
  sentence: string;
  /** Whether it is only said once somebody wants to send: nobody has to be told that a fresh form is empty. */
  later: boolean;
}

/**
 * How long a text is for WhatsApp. Code points or UTF-16 units are not documented; a text never has fewer units than
 * code points, so the units are the stricter count.
 */
export function lengthOf(text: string): number {
  return text.length;
}

/** Whether a count deserves to be shown. */
export function isNear(text: string, most: number): boolean {
  return lengthOf(text) >= Math.floor(most * NEAR);
}

/** How many messages a text leaves as. The engine cuts between paragraphs, sentences or words, as this count does. */
export function messagesOf(text: string): number {
  let rest = text.trim();
  let messages = 1;
  while (lengthOf(rest) > MOST.text) {
    rest = rest.slice(cut(rest.slice(0, MOST.text + 1))).trimStart();
    messages += 1;
  }
  return messages;
}

function cut(head: string): number {
  const earliest = MOST.text / 2;
  for (const place of [/\n\n(?!\s)/g, /\n/g, /[.!?…]\s|[。！？]/g, /\s/g]) {
    const last = [...head.matchAll(place)].at(-1);
    if (last !== undefined && last.index >= earliest) return last.index + last[0].length;
  }
  return MOST.text;
}

/** The rules a form breaks, in the order of its fields. */
export function brokenRules(form: Form): Broken[] {
  const rules = new Rules();
  switch (form.type) {
    case "location":
      place(form, rules);
      break;
    case "contacts":
      card(form, rules);
      break;
    case "buttons":
      frame(form, rules);
      buttons(form.buttons, rules);
      break;
    case "list":
      frame(form, rules);
      rules.needed("button", form.button, MOST.button, words.composer.rules.openEmpty);
      list(form, rules);
      break;
    case "link":
      frame(form, rules);
      rules.needed("display_text", form.display_text, MOST.button, words.composer.rules.linkText);
      if (!isWebAddress(form.url)) rules.broken("url", words.composer.rules.url, form.url.trim() === "");
      break;
    default:
      rules.needed("body", form.body, MOST.body, words.composer.rules.body);
  }
  return rules.found;
}

class Rules {
  found: Broken[] = [];

  broken(field: string, sentence: string, later = false): void {
    this.found.push({ field, sentence, later });
  }

  atMost(field: string, text: string, most: number): void {
    const over = lengthOf(text.trim()) - most;
    if (over > 0) this.broken(field, words.composer.rules.tooLong(over));
  }

  needed(field: string, text: string, most: number, sentence: string): void {
    if (text.trim() === "") this.broken(field, sentence, true);
    else this.atMost(field, text, most);
  }
}

function frame(form: { header: string; body: string; footer: string }, rules: Rules): void {
  rules.atMost("header", form.header, MOST.header);
  rules.needed("body", form.body, MOST.body, words.composer.rules.body);
  rules.atMost("footer", form.footer, MOST.footer);
}

function place(form: Extract<Form, { type: "location" }>, rules: Rules): void {
  const w = words.composer.rules;
  const found = readPlace(form.place);
  if (found.is === "outside") rules.broken("place", w.outside);
  else if (found.is === "hidden") rules.broken("place", w.shortLink);
  else if (found.is === "nothing") rules.broken("place", w.place, form.place.trim().length < 4);
  if (form.address.trim() !== "" && form.name.trim() === "") rules.broken("name", w.addressAlone);
}

function card(form: Extract<Form, { type: "contacts" }>, rules: Rules): void {
  const w = words.composer.rules;
  const phone = form.phone.trim();
  const email = form.email.trim();
  if (form.name.trim() === "") rules.broken("cards.0.name", w.cardName, true);
  if (phone === "" && email === "") rules.broken("cards.0.phones", w.cardEmpty, true);
  if (phone !== "" && !/^\+?[\d\s()./-]{5,24}$/.test(phone)) rules.broken("cards.0.phones", w.phone, phone.length < 5);
  if (email !== "" && !/^[^\s@]+@[^\s@]+$/.test(email)) rules.broken("cards.0.emails", w.email, !email.includes("@"));
}

function buttons(titles: string[], rules: Rules): void {
  const seen = new Set<string>();
  titles.forEach((title, n) => {
    const field = `buttons.${n}.title`;
    const text = title.trim();
    rules.needed(field, text, MOST.button, words.composer.rules.buttonEmpty);
    if (text !== "" && seen.has(text)) rules.broken(field, words.composer.rules.buttonTwice);
    seen.add(text);
  });
}

function list(form: Extract<Form, { type: "list" }>, rules: Rules): void {
  const w = words.composer.rules;
  const rows = rowsOf(form);
  form.sections.forEach((part, p) => {
    if (form.sections.length > 1) rules.needed(`sections.${p}.title`, part.title, MOST.sectionTitle, w.sectionNeeded);
    else rules.atMost(`sections.${p}.title`, part.title, MOST.sectionTitle);
    part.rows.forEach((row, r) => {
      const field = `sections.${p}.rows.${r}`;
      rules.needed(`${field}.title`, row.title, MOST.rowTitle, w.rowEmpty);
      rules.atMost(`${field}.description`, row.description, MOST.rowDescription);
    });
  });
  if (rows > MOST_ROWS) rules.broken("sections", w.rowsMany(rows));
}

/** Lines of a list, all parts together. */
export function rowsOf(form: Extract<Form, { type: "list" }>): number {
  return form.sections.reduce((sum, part) => sum + part.rows.length, 0);
}

function isWebAddress(text: string): boolean {
  try {
    const url = new URL(text.trim());
    return (url.protocol === "https:" || url.protocol === "http:") && url.hostname !== "" && !/\s/.test(text.trim());
  } catch {
    return false;
  }
}

/**
 * Where in a form a field named by the engine is. Its names may be longer or shorter than the form's own
 * (`content.cards.0.phones.0.number` for `cards.0.phones`); `null` when the form has nothing like it.
 */
export function fieldOf(named: string, fields: string[]): string | null {
  const wanted = named.replace(/^content\./, "").replace(/\[(\d+)\]/g, ".$1");
  const alias: Record<string, string> = { latitude: "place", longitude: "place", "cards.0.formatted_name": "cards.0.name" };
  const name = alias[wanted] ?? wanted;
  const fits = (field: string) => field === name || name.startsWith(`${field}.`) || field.startsWith(`${name}.`);
  return fields.find((field) => field === name) ?? fields.find(fits) ?? null;
}
