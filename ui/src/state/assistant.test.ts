import { describe, expect, it } from "vitest";
import contract from "../api/generated.ts?raw";
import type { BotMode, ConversationView, DecisionView, EscalationReason } from "../api/generated";
import { conversation } from "../test/fake-host";
import { words } from "../words";
import { allowed, asksFor, loosest, marked, modeReason, partUntilReturn, reasonOf, standingOf, sureness, sourceName } from "./assistant";

const NOW = Date.parse("2026-03-02T12:00:00Z");
const idle: ConversationView["activity"] = { state: "none", until: null, verdict: null, because: null, at: null, decision_id: null };
const seen = (say: Partial<ConversationView>) => standingOf(conversation("a", { contact: { ...conversation("a").contact, name: "Ana Silva" }, ...say }), NOW);

/** The words of a type of the contract, read from its source: a type has no list at run time. */
function wordsOf(type: string): string[] {
  const found = new RegExp(`^export type ${type} = (.*);$`, "m").exec(contract)?.[1] ?? "";
  return [...found.matchAll(/"([^"]+)"/g)].map((one) => one[1] ?? "");
}

describe("the name of a source", () => {
  it("says a fact in words and leaves everything else as it is called", () => {
    const name = (title: string, kind = "fact") => sourceName({ kind: kind as never, title });
    expect(["business.hours", "{business.address}", "price:hair_cut", "fact:payment", "link:booking", "next_open", "odd"].map((one) => name(one))).toEqual(
      ["When you are open", "Address", "Price: hair cut", "payment", "Link: booking", "When you open next", "odd"],
    );
    expect(name("prices.md", "passage")).toBe("prices.md");
  });
});

describe("every word of the contract", () => {
  it.each(["Because", "EscalationReason", "HeldBy", "Verdict", "AnswerStep", "DismissReason", "BotMode"])("of %s has a sentence", (type) => {
    const tables: Record<string, Record<string, unknown>> = {
      Because: words.bot.because,
      EscalationReason: words.bot.escalation,
      HeldBy: words.bot.heldBy,
      Verdict: words.bot.why.verdicts,
      AnswerStep: words.bot.why.steps,
      DismissReason: words.bot.draft.reasons,
      BotMode: words.bot.modes,
    };
    const all = wordsOf(type);
    expect(all.length).toBeGreaterThan(2);
    expect(all.filter((word) => tables[type]?.[word] === undefined)).toEqual([]);
    expect(Object.keys(tables[type] ?? {}).filter((word) => !all.includes(word))).toEqual([]);
  });

  it("of the reasons ends as a sentence and says no word of the contract itself", () => {
    const sentences = [...Object.values(words.bot.because), ...Object.values(words.bot.heldBy), ...Object.values(words.bot.escalation).map((one) => one.what)];
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z][^_]+\.$/);
  });
});

describe("whose turn it is", () => {
  it("is said for every combination of holder, activity, mode and last decision, with one chip and one sentence", () => {
    const holders = ["assistant", "operator", "waiting_human"] as const;
    const states = ["none", "waits", "thinks", "draft"] as const;
    const modes: BotMode[] = ["off", "shadow", "bot"];
    const because = wordsOf("Because");
    const wanted = (view: ConversationView): string[] => {
      const { holder, activity } = view;
      if (holder === "waiting_human") return ["asks"];
      if (activity.state !== "none") return [activity.state];
      if (view.effective_mode === "off") return ["off"];
      if (holder === "operator") return [view.held_by === "phone" ? "phone" : "you"];
      return ["answered", "quiet", "ready"];
    };
    const wrong: unknown[] = [];
    let combinations = 0;
    for (const holder of holders)
      for (const state of states)
        for (const effective_mode of modes)
          for (const held_by of [null, ...wordsOf("HeldBy")] as ConversationView["held_by"][])
            for (const verdict of [null, ...wordsOf("Verdict")] as ConversationView["activity"]["verdict"][])
              for (const why of verdict === null ? [null] : (because as NonNullable<ConversationView["activity"]["because"]>[])) {
                const view = { ...conversation("a"), holder, effective_mode, held_by, activity: { ...idle, state, verdict, because: why } };
                const { is, chip, what } = standingOf(view, NOW);
                combinations += 1;
                if (!wanted(view).includes(is) || chip === "" || !/[.\w]$/.test(what)) wrong.push({ is, chip, what, view });
              }
    expect(wrong).toEqual([]);
    expect(combinations).toBeGreaterThan(10_000);
  });

  it("names why a person is asked for, and still asks when the reason is a new one", () => {
    expect(seen({ holder: "waiting_human", attention: "refund" })).toMatchObject({ chip: "Refund", what: "The customer wants money back, or to cancel." });
    expect(seen({ holder: "waiting_human", attention: null }).chip).toBe("Asks for you");
    expect(seen({ attention: "Something of next year" })).toMatchObject({ is: "asks", chip: "Asks for you", what: "Something of next year" });
    expect(reasonOf("constructor")?.what).toBe("constructor");
    for (const reason of wordsOf("EscalationReason") as EscalationReason[]) expect(reasonOf(reason)?.what).toMatch(/\.$/);
  });

  it("asks for nobody once a person has taken it", () => {
    expect(asksFor(conversation("a", { holder: "operator", attention: "refund" }))).toBe(false);
    expect(seen({ holder: "operator", held_by: "typed", attention: "refund", effective_mode: "bot" }).is).toBe("you");
  });

  it("counts down to the return", () => {
    const held = { effective_mode: "bot", holder: "operator", held_by: "typed", held_since: "2026-03-02T11:12:00Z", returns_at: "2026-03-02T15:12:00Z" } as const;
    expect(seen(held)).toMatchObject({ chip: "You · 3 h", what: "You are answering · back in 3 h 12 min" });
    expect(seen({ ...held, held_by: "phone" }).what).toBe("Answered from the phone · the assistant is back in 3 h 12 min");
    expect(seen({ ...held, returns_at: null }).what).toContain("when you hand it back");
    expect(partUntilReturn(conversation("a", held), NOW)).toBeCloseTo(0.8);
    expect(partUntilReturn(conversation("a", { ...held, returns_at: "2026-03-02T11:00:00Z" }), NOW)).toBe(0);
  });

  it("says that thanks needs no answer, but only about the last words", () => {
    const thanks = { ...idle, verdict: "silent", because: "acknowledgement", at: "2026-03-02T10:00:05Z" } as const;
    expect(seen({ effective_mode: "bot", activity: thanks }).what).toBe("Quiet: thanks needs no answer.");
    expect(seen({ effective_mode: "bot", activity: { ...thanks, at: "2026-03-02T09:00:00Z" } }).is).toBe("ready");
  });

  it("says what the bot did while its words are the last", () => {
    const preview = { ...conversation("a").preview, author: "bot" } as ConversationView["preview"];
    expect(seen({ effective_mode: "bot", preview, activity: { ...idle, verdict: "send", because: "sure" } }).chip).toBe("Bot answered");
    expect(seen({ effective_mode: "bot", preview, activity: { ...idle, verdict: "clarify", because: "asks" } }).chip).toBe("Bot asked back");
  });

  it("names the customer it waits for", () => {
    expect(seen({ effective_mode: "bot", activity: { ...idle, state: "waits" } }).what).toBe("The assistant waits for Ana to finish.");
  });

  it("keeps the list quiet where everything is off, also about conversations a person has answered", () => {
    expect(seen({ effective_mode: "off", holder: "operator", held_by: "typed" })).toMatchObject({ is: "off", inRow: false });
    expect(seen({ effective_mode: "off" }).inRow).toBe(false);
    expect(seen({ effective_mode: "off", override: "off" }).inRow).toBe(true);
  });
});

describe("the mode that applies", () => {
  const shop = (mode: BotMode) => ({ name: "Shop", mode });
  it("is explained by the widest switch that holds it down", () => {
    const view = (effective_mode: BotMode, override: BotMode | null = null, test = false) => conversation("a", { effective_mode, override, test });
    expect(modeReason(view("shadow"), "bot", shop("shadow"))).toBe("Shadow here, because the channel Shop is set to Shadow.");
    expect(modeReason(view("off", "off"), "bot", shop("bot"))).toBe("Off here, because you chose it for this conversation.");
    expect(modeReason(view("off", "off"), "off", shop("bot"))).toBe("Off here, because the switch for everything is on Off.");
    expect(modeReason(view("bot", "bot", true), "bot", shop("shadow"))).toBe("Bot here, because you chose it for this test person.");
    expect(modeReason(view("bot"), "bot", shop("bot"))).toContain("the channel is set to Bot");
    expect(modeReason(view("off"), "bot", shop("bot"))).toContain("cannot be read");
  });

  it("may only be tightened, except for a test person", () => {
    expect(loosest(conversation("a"), "bot", "shadow")).toBe("shadow");
    expect(loosest(conversation("a"), "off", "bot")).toBe("off");
    expect(loosest(conversation("a", { test: true }), "bot", "off")).toBe("bot");
    expect(loosest(conversation("a", { test: true }), "off", "bot")).toBe("off");
    expect(allowed("bot", "shadow")).toBe(false);
    expect(allowed("off", "shadow")).toBe(true);
  });
});

describe("evidence", () => {
  it("marks findings in the text and leaves out places that are not in it", () => {
    const finding = (start: number | null, end: number | null) => ({ kind: "number", words: "stands in no source", start, end });
    expect(marked("It is €40 today", [finding(6, 9), finding(90, 99), finding(null, null)])).toEqual([
      { text: "It is ", finding: null },
      { text: "€40", finding: "stands in no source" },
      { text: " today", finding: null },
    ]);
    expect(marked("abc", [finding(0, 2), finding(1, 3)]).map((piece) => piece.text).join("")).toBe("abc");
    expect(marked("", [])).toEqual([]);
  });

  it("says how sure the assistant is in words", () => {
    const decision = (band: DecisionView["band"], confidence: number | null) => ({ band, confidence }) as DecisionView;
    expect(sureness(decision("send", 0.934))).toMatchObject({ word: "Sure", percent: 93 });
    expect(sureness(decision("clarify", null))).toMatchObject({ word: "Half sure", percent: null });
    expect(sureness(decision(null, null))).toBeNull();
    const quoted = { ...decision("next", 1), step: "knowledge" as const };
    expect(sureness({ ...quoted, because: "quoted" })).toMatchObject({ word: "Sure", percent: 100 });
    expect(sureness({ ...quoted, because: "stale" })).toMatchObject({ word: "Sure" });
    expect(sureness({ ...quoted, because: "not_sure" })).toMatchObject({ word: "Not sure" });
    expect(sureness({ ...decision(null, 1), step: "tap" })).toMatchObject({ word: "Sure", percent: 100 });
  });
});
