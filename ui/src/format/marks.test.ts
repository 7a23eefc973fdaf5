import { describe, expect, it } from "vitest";
import type { MarkView } from "../api/generated";
import { message, reply } from "../test/fake-host";
import { words } from "../words";
import { joinedMarks, markWords } from "./marks";
import { membersOf, threadItems } from "./thread-items";

const mark = (id: string, at: string, say: Partial<MarkView> = {}): MarkView => ({ id, at, kind: "handed_back", how: null, mode: null, reason: null, ...say });
const noon = (minute: number, second = 0) => `2026-03-02T12:${String(minute).padStart(2, "0")}:${String(second).padStart(2, "0")}.500Z`;
const said = (id: string, minute: number) => message(id, { sent_at: noon(minute).replace(".500", ""), received_at: noon(minute) });
const ids = (marks: MarkView[]) => marks.map((one) => one.id).join("");

describe("what happened in a thread", () => {
  it("stands before the message that came after it, and after the last one", () => {
    const items = threadItems([said("1", 1), said("2", 3), said("3", 5)], null, [mark("a", noon(0)), mark("b", noon(2)), mark("c", noon(2, 30)), mark("d", noon(6))]);
    expect(items.map((item) => ids(item.before))).toEqual(["a", "bc", ""]);
    expect(items.map((item) => ids(item.after))).toEqual(["", "", "d"]);
  });

  it("stands below the message that caused it, although the provider only knows whole seconds", () => {
    const asked = message("1", { sent_at: "2026-03-02T12:00:00Z", received_at: "2026-03-02T12:00:00.800Z" });
    const items = threadItems([asked, reply("2", { sent_at: "2026-03-02T12:00:02Z", received_at: "2026-03-02T12:00:02Z" })], null, [mark("a", "2026-03-02T12:00:00.900Z")]);
    expect(items.map((item) => ids(item.before))).toEqual(["", "a"]);
  });

  it("stands above the day line when it was on an earlier day", () => {
    const items = threadItems([said("1", 1), message("2", { sent_at: "2026-03-04T12:00:00Z", received_at: "2026-03-04T12:00:00Z" })], null, [mark("a", "2026-03-02T12:30:00Z"), mark("b", "2026-03-04T11:00:00Z")]);
    expect(items.map((item) => [ids(item.earlier), ids(item.before), item.day])).toEqual([["", "", true], ["a", "b", true]]);
  });

  it("parts groups and albums, so that nothing seems said in one breath that was not", () => {
    const picture = { kind: "image", text: null, attachments: [{ family: "image", state: "stored", dangerous: false }] } as never;
    const one = { ...said("1", 1), ...(picture as object) };
    const two = { ...one, id: "2", received_at: noon(1, 2), sent_at: noon(1, 2).replace(".500", "") };
    expect(threadItems([one, two], null).map((item) => membersOf(item).length)).toEqual([2]);
    expect(threadItems([one, two], null, [mark("a", noon(1, 1))]).map((item) => [membersOf(item).length, item.first])).toEqual([[1, true], [1, true]]);
  });

  it("is shown once, in order, however its pages overlap", () => {
    const all = [mark("9", noon(1)), mark("10", noon(1)), mark("11", noon(2))];
    expect(joinedMarks([...all].reverse(), all).map((one) => one.id)).toEqual(["9", "10", "11"]);
  });

  it("has a line for every way a conversation changes hands, and for every mode and reason", () => {
    const w = words.marks;
    for (const [how, line] of Object.entries(w.takenOver)) expect(markWords(mark("a", noon(1), { kind: "taken_over", how: how as never }))?.what).toBe(line);
    for (const [mode, line] of Object.entries(w.modes)) expect(markWords(mark("a", noon(1), { kind: "mode", mode: mode as never }))?.what).toBe(line);
    expect(markWords(mark("a", noon(1), { kind: "mode" }))?.what).toBe(w.inherits);
    expect(markWords(mark("a", noon(1), { kind: "returned" }))?.what).toBe(w.returned);
    for (const reason of Object.keys(words.bot.escalation)) {
      const line = markWords(mark("a", noon(1), { kind: "escalated", reason: reason as never }))?.what ?? "";
      expect(line).toMatch(/^The assistant asked for you: [a-z].*[^.]$/);
    }
  });

  it("is left out when a newer engine knows more than this window", () => {
    expect(markWords(mark("a", noon(1), { kind: "painted" as never }))).toBeNull();
    expect(markWords(mark("a", noon(1), { kind: "taken_over", how: "telepathy" as never }))?.what).toBe(words.marks.someone);
    expect(markWords(mark("a", noon(1), { kind: "escalated", reason: "weather" as never }))?.what).toBe(words.marks.escalated);
  });
});
