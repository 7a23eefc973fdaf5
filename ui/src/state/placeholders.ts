import type { AssistantView, FactKind, FactView, Language } from "../api/generated";
import { words } from "../words";
import { hoursInWords, nextOpen } from "./hours";

/** Where a missing value is entered. */
export type Place = { section: "facts"; kind: FactKind; key: string } | { section: "facts"; kind: "opening"; key: "" } | { section: "behaviour" };

/** What can be put into an answer. */
export interface Offer {
  /** As it is written, such as `{price:haircut}`. */
  placeholder: string;
  /** What it becomes; `null` while nothing fills it. */
  value: string | null;
  /** What it is, for a person. */
  label: string;
}

const ANY = /\{[a-z][a-z0-9_.]*(?::[^{}]+)?\}/giu;
const KINDS: readonly FactKind[] = ["price", "hours", "address", "link", "phone", "text"];

/** The placeholders of a text, each once. */
export function placeholdersOf(text: string): string[] {
  return [...new Set(text.match(ANY) ?? [])];
}

/** Where somebody goes to fill one. */
export function placeOf(placeholder: string): Place {
  const inner = placeholder.replace(/^\{|\}$/g, "");
  const [name = "", key = ""] = splitOnce(inner);
  if (inner === "business.name") return { section: "behaviour" };
  if (inner === "business.hours" || inner === "next_open") return { section: "facts", kind: "opening", key: "" };
  if (name.startsWith("business.")) {
    const kind = name.slice("business.".length);
    return isKind(kind) ? { section: "facts", kind, key: "" } : { section: "facts", kind: "text", key: kind };
  }
  return isKind(name) ? { section: "facts", kind: name, key } : { section: "facts", kind: "text", key: key === "" ? name : key };
}

/** Everything an answer in a language may name, those of the shop first. */
export function offers(about: AssistantView | null, facts: readonly FactView[], language: Language | null, now: number): Offer[] {
  const w = words.assistant.placeholders;
  const hours = about?.hours ?? null;
  const own = facts.filter((fact) => fact.language === language || fact.language === null);
  const written = own.find((fact) => fact.placeholder === "{business.hours}");
  const fixed: Offer[] = [
    { placeholder: "{customer.name}", value: w.sampleName, label: w.customerName },
    { placeholder: "{business.name}", value: about === null || about.business_name === "" ? null : about.business_name, label: w.businessName },
    { placeholder: "{business.hours}", value: written?.value ?? (hours === null || hours.days.length === 0 ? null : hoursInWords(hours)), label: w.hours },
    { placeholder: "{next_open}", value: hours === null || hours.days.length === 0 ? null : nextOpen(hours, now), label: w.nextOpen },
  ];
  const known = new Map(fixed.map((offer) => [offer.placeholder, offer]));
  // One in the language of the answer goes before one for all.
  for (const fact of [...own].sort((a, b) => Number(a.language === null) - Number(b.language === null))) {
    if (!known.has(fact.placeholder)) known.set(fact.placeholder, { placeholder: fact.placeholder, value: fact.value, label: w.kinds[fact.kind] });
  }
  for (const kind of ["address", "phone"] as const) {
    const placeholder = `{business.${kind}}`;
    if (!known.has(placeholder)) known.set(placeholder, { placeholder, value: null, label: w.kinds[kind] });
  }
  return [...known.values()];
}

/** An answer as a customer would read it; what nothing fills stays as it is written. */
export function filled(text: string, known: readonly Offer[]): { text: string; missing: string[] } {
  const values = new Map(known.map((offer) => [offer.placeholder, offer.value]));
  const missing = new Set<string>();
  const done = text.replace(ANY, (placeholder) => {
    const value = values.get(placeholder) ?? null;
    if (value === null) missing.add(placeholder);
    return value ?? placeholder;
  });
  return { text: done, missing: [...missing] };
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(":");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function isKind(text: string): text is FactKind {
  return (KINDS as readonly string[]).includes(text);
}
