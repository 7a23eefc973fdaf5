import type { Trouble } from "../host/host";
import { words } from "../words";
import type { ErrorCode } from "./generated";

/** A trouble as a person reads it. */
export interface Explained {
  /** What happened and what it means. */
  what: string;
  /** What to do next. */
  next: string;
}

/** Codes whose own message says more than a sentence written beforehand could. */
const engineKnowsBetter: ReadonlySet<ErrorCode> = new Set(["bad_request", "not_now", "provider", "storage"]);

/** Says what happened and what to do next. */
export function explain(trouble: Trouble): Explained {
  if (trouble.kind !== "answer") return words.errors[trouble.kind];
  const { code, message } = trouble.error;
  // A newer engine may know codes this window does not.
  const known = (words.errors as Record<string, Explained>)[code] ?? words.errors.internal;
  return engineKnowsBetter.has(code) && message !== "" ? { what: message, next: "" } : known;
}

/** The same in one line. */
export function explainInLine(trouble: Trouble): string {
  const { what, next } = explain(trouble);
  return next === "" ? what : `${what} ${next}`;
}
