import type { PreviewView } from "../api/generated";
import { words } from "../words";
import { plainText } from "./markup";

/** Kinds whose text is all there is to show. */
const SPOKEN = new Set(["text", "button", "interactive", "template", "system"]);

type Said = Pick<PreviewView, "text" | "original_kind" | "author">;

/** Whether the text of a message says everything; otherwise its kind is named beside it. */
export function speaksForItself(said: Said): boolean {
  return said.text !== null && said.text !== "" && SPOKEN.has(said.original_kind);
}

/** A message in one line, for a row, a quotation or an announcement. */
export function inBrief(said: Said): string {
  const text = plainText(said.text ?? "");
  if (said.original_kind === "system") return text === "" ? words.thread.system : text;
  if (speaksForItself(said)) return text;
  const did = words.thread.did(said.original_kind);
  return text === "" ? did : `${did}: ${text}`;
}

/** What is said in a bubble about a message that text alone does not show; nothing for plain text. */
export function kindLine(said: Said): string {
  if (speaksForItself(said)) return "";
  const w = words.thread;
  if (said.original_kind === "system") return w.system;
  const did = said.author === "customer" ? w.did(said.original_kind) : w.didOwn(said.original_kind);
  return `${did}. ${w.rest(said.original_kind)}`.trim();
}
