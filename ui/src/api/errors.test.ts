import { expect, it } from "vitest";
import { words } from "../words";
import { explain, explainInLine } from "./errors";
import type { ErrorCode } from "./generated";
import contract from "./generated.ts?raw";

/** The codes as the engine's contract lists them, read from the contract itself. */
function codes(): ErrorCode[] {
  const list = /export type ErrorCode = ([^;]+);/.exec(contract)?.[1] ?? "";
  return [...list.matchAll(/"(\w+)"/g)].map((found) => found[1] as ErrorCode);
}

it("has words and a next step for every error code of the contract", () => {
  expect(codes().length).toBeGreaterThan(5);
  for (const code of codes()) {
    const { what, next } = explain({ kind: "answer", error: { code, message: "", retryable: false } });
    expect(what, code).toMatch(/\w.*[.]$/);
    expect(next, code).toMatch(/\w.*[.]$/);
  }
});

it("lets the engine speak where it knows more, and only there", () => {
  const said = (code: ErrorCode) => explainInLine({ kind: "answer", error: { code, message: "The disk is full.", retryable: true } });
  expect(said("storage")).toBe("The disk is full.");
  expect(said("window_closed")).toContain("24 hours");
});

it("has words for a code of a newer engine and for no engine at all", () => {
  const newer = { code: "brand_new" as ErrorCode, message: "?", retryable: false };
  expect(explain({ kind: "answer", error: newer })).toEqual(words.errors.internal);
  expect(explain({ kind: "unreachable" }).next).toContain("keeps trying");
});
