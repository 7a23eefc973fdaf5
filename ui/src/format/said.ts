import type { PreviewView } from "../api/generated";
import { words } from "../words";
import { plainText } from "./markup";

/** Kinds whose text is all there is to show. */
const SPOKEN = new Set(["text", "button", "interactive", "template", "system"]);

/** The preview of an older engine does not name the provider's kind. */
type Said = Pick<PreviewView, "text" | "kind" | "author"> & { original_kind?: string };

const kindOf = (said: Said): string => said.original_kind ?? said.kind;

/** Whether the text of a message says everything; otherwise its kind is named beside it. */
export function speaksForItself(said: Said): boolean {
  return said.text !== null && said.text !== "" && SPOKEN.has(kindOf(said));
}

/** A message in one line, for a row, a quotation or an announcement. */
export function inBrief(said: Said): string {
  const text = plainText(said.text ?? "");
  if (kindOf(said) === "system") return text === "" ? words.thread.system : text;
  if (speaksForItself(said)) return text;
  const did = words.thread.did(kindOf(said));
  return text === "" ? did : `${did}: ${text}`;
}

/** What is said in a bubble about a message that text alone does not show; nothing for plain text. */
export function kindLine(said: Said): string {
  if (speaksForItself(said)) return "";
  const w = words.thread;
  if (kindOf(said) === "system") return w.system;
  const did = said.author === "customer" ? w.did(kindOf(said)) : w.didOwn(kindOf(said));
  return `${did}. ${w.rest(kindOf(said))}`.trim();
}
