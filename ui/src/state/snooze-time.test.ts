import { describe, expect, it } from "vitest";
import { readSnooze, snoozePresets } from "./snooze-time";

/** A Wednesday, by the clock of this computer. */
const NOW = new Date(2026, 10, 18, 14, 40, 20).getTime();
const local = (month: number, day: number, hour: number, minute = 0, second = 0) => new Date(2026, month - 1, day, hour, minute, second).getTime();
const CLOSES = new Date(NOW + 5 * 3_600_000).toISOString();
const read = (text: string, closes: string | null = CLOSES) => readSnooze(text, NOW, closes);

describe("what a person types to snooze", () => {
  it.each([
    ["2h", NOW + 2 * 3_600_000],
    ["30m", NOW + 30 * 60_000],
    ["1h30m", NOW + 90 * 60_000],
    ["1.5 hours", NOW + 90 * 60_000],
    ["in half an hour", NOW + 30 * 60_000],
    ["an hour", NOW + 3_600_000],
    ["2 days", local(11, 20, 14, 40, 20)],
    ["a week", local(11, 25, 14, 40, 20)],
  ])("takes a length of time: %s", (text, expected) => expect(read(text)).toEqual({ at: expected }));

  it.each([
    ["tomorrow", local(11, 19, 9)],
    ["Tomorrow 9", local(11, 19, 9)],
    ["tomorrow at 9:30", local(11, 19, 9, 30)],
    ["tomorrow morning", local(11, 19, 9)],
    ["tomorrow 3", local(11, 19, 15)],
    ["tomorrow 3 am", local(11, 19, 3)],
    ["tomorrow 03:00", local(11, 19, 3)],
    ["monday 10", local(11, 23, 10)],
    ["next monday 10", local(11, 23, 10)],
    ["next week", local(11, 23, 9)],
    ["on Fri at 8 pm", local(11, 20, 20)],
    ["this evening", local(11, 18, 18)],
    ["tonight", local(11, 18, 20)],
    ["today 17", local(11, 18, 17)],
    ["tomorrow evening 7", local(11, 19, 19)],
    ["24 dec", local(12, 24, 9)],
    ["dec 24 11", local(12, 24, 11)],
    ["2026-12-01 8:15", local(12, 1, 8, 15)],
  ])("takes a day and an hour: %s", (text, expected) => expect(read(text)).toEqual({ at: expected }));

  it("takes an hour alone as the next time the clock shows it", () => {
    expect(read("17:30")).toEqual({ at: local(11, 18, 17, 30) });
    expect(read("9")).toEqual({ at: local(11, 19, 9) });
  });

  it("means a week from now by the name of the day it is", () => {
    expect(read("wednesday 10")).toEqual({ at: local(11, 25, 10) });
    expect(read("wednesday 20")).toEqual({ at: local(11, 25, 20) });
  });

  it("comes back one hour before the service window closes, when that is still ahead", () => {
    expect(read("before window closes")).toEqual({ at: NOW + 4 * 3_600_000 });
    expect(read("Before it closes")).toEqual({ at: NOW + 4 * 3_600_000 });
    expect(read("before window closes", new Date(NOW + 59 * 60_000).toISOString())).toEqual({ problem: "windowSoon" });
    expect(read("before window closes", new Date(NOW - 1).toISOString())).toEqual({ problem: "noWindow" });
    expect(read("before window closes", null)).toEqual({ problem: "noWindow" });
  });

  it.each([
    ["today 9", "past"],
    ["2026-11-17", "past"],
    ["0 min", "past"],
    ["500 days", "far"],
    ["soon", "unknown"],
    ["tomorrow monday", "unknown"],
    ["monday 25", "unknown"],
    ["13 pm", "unknown"],
    ["9:75", "unknown"],
    ["31 april", "unknown"],
    ["-2h", "unknown"],
    ["2", "at"],
    ["next", "unknown"],
    ["99999999999999999999 h", "unknown"],
    ["مرحبا", "unknown"],
    ["<b>2h</b>", "unknown"],
  ])("says what is wrong with %s", (text, expected) => {
    const found = read(text);
    expect(found !== null && ("problem" in found ? found.problem : "at")).toBe(expected);
  });

  it("says nothing while the field is empty", () => expect(read("  ")).toBeNull());

  it("never finds a time that is over, whatever is typed and whenever", () => {
    const pieces = ["2", "h", "9", "30", ":", "tomorrow", "today", "monday", "sun", "evening", "noon", "next", "week", "am", "pm", "before", "window", "closes", "dec", "24", "0", "1.5", "d", "half", "an", "at", "2026-03-29", "02:30", "-", "١"];
    let seed = 7;
    const any = (n: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % n;
    let understood = 0;
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: 1 + any(4) }, () => pieces[any(pieces.length)]).join(any(3) === 0 ? "" : " ");
      const now = Date.UTC(2026, 0, 1) + any(2_000_000_000);
      const closes = any(3) === 0 ? null : new Date(now + any(100_000_000) - 20_000_000).toISOString();
      const found = readSnooze(text, now, closes);
      if (found === null || "problem" in found) continue;
      understood += 1;
      expect(found.at, `${text} at ${new Date(now).toISOString()}`).toBeGreaterThan(now);
    }
    expect(understood).toBeGreaterThan(2_000);
  });
});

describe("the times that are offered", () => {
  const keys = (now: number, closes: string | null = null) => snoozePresets(now, closes).map((one) => one.key);

  it("are those that still lie ahead, none twice", () => {
    expect(keys(NOW, CLOSES)).toEqual(["hour", "evening", "tomorrow", "monday", "beforeClose"]);
    expect(keys(local(11, 18, 17, 30))).toEqual(["hour", "tomorrow", "monday"]);
    // On a Sunday tomorrow is Monday.
    expect(keys(local(11, 22, 10))).toEqual(["hour", "evening", "tomorrow"]);
    expect(keys(NOW, new Date(NOW + 30 * 60_000).toISOString())).not.toContain("beforeClose");
  });

  it("never lie in the past", () => {
    for (let hour = 0; hour < 24 * 14; hour++) {
      const now = NOW + hour * 3_600_000;
      for (const one of snoozePresets(now, new Date(now + hour * 600_000).toISOString())) expect(one.at).toBeGreaterThan(now);
    }
  });
});
