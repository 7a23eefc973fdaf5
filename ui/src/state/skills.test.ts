import { describe, expect, it } from "vitest";
import { Client } from "../api/client";
import type { SaveSkill, SkillView } from "../api/generated";
import { skill } from "../test/assistant";
import { FakeHost, fails } from "../test/fake-host";
import { readinessInWords, sentences, skillDraft, skillProblems, skillWith, toSave } from "./skill-draft";
import { Skills } from "./skills.svelte";

function room(list: SkillView[], answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({ list_skills: () => ({ skills: list, trained_ms: 12 }), save_skill: (args) => kept(list, args), ...answers });
  return { host, skills: new Skills(new Client(host), host) };
}

/** Keeps a skill as the engine does. */
function kept(list: SkillView[], args: SaveSkill): SkillView {
  const before = list.find((one) => one.id === args.skill_id) ?? skill(args.skill_id ?? "new");
  return { ...before, name: args.name, autonomy: args.autonomy ?? before.autonomy, version: before.version + 1 };
}

const full = skill("a", {
  autonomy: "shadow",
  high_risk: true,
  hours: "open",
  valid_to: "2126-03-03T23:59:59.000Z",
  examples: [
    { text: "how much", language: "en", negative: false },
    { text: "quanto custa", language: "pt", negative: false },
    { text: "how much longer", language: "en", negative: true },
  ],
  answers: [
    { language: null, text: "It costs {price:cut}.", buttons: [{ title: "Book", skill_id: "b" }], file: "f".repeat(64) },
    { language: "pt", text: "Custa {price:cut}.", buttons: [{ title: "Marcar", skill_id: null }], file: null },
  ],
});

describe("a skill's form", () => {
  it("hands back everything it was opened with", () => {
    const saved = toSave(skillDraft(full));
    expect(saved.examples).toHaveLength(3);
    expect(saved.examples).toEqual(expect.arrayContaining([...full.examples]));
    expect(saved.answers).toEqual([
      { language: null, text: "It costs {price:cut}.", buttons: [{ title: "Book", skill_id: "b" }], file: "f".repeat(64) },
      { language: "pt", text: "Custa {price:cut}.", buttons: [{ title: "Marcar", skill_id: null }] },
    ]);
    expect(saved).toMatchObject({ skill_id: "a", high_risk: true, hours: "open", autonomy: "shadow", valid_from: null });
    expect(saved.valid_to?.slice(0, 4)).toBe("2126");
  });

  it("takes a pasted list apart into sentences, without its signs and without doubles", () => {
    expect(sentences("- how much?\n2) what does it cost\n\n  How much?  \n• 20 cups please\n3 cups please")).toEqual(["how much?", "what does it cost", "20 cups please", "3 cups please"]);
  });

  it("says what has to be put right, in which language", () => {
    const draft = skillDraft(full);
    draft.name = " ";
    draft.parts.find((part) => part.tongue === "pt")!.buttons[0]!.title = "x".repeat(21);
    draft.validFrom = "2126-03-04";
    expect([...skillProblems(draft).keys()].sort()).toEqual(["buttons.pt", "dates", "name"]);
  });

  it("needs an answer unless a person takes over", () => {
    const draft = skillDraft(skill("a", { answers: [] }));
    expect(skillProblems(draft).has("answer")).toBe(true);
    draft.requiresHuman = true;
    expect(skillProblems(draft).size).toBe(0);
  });

  it("puts what the engine refuses beside its field and keeps what was written", async () => {
    const refuse = fails({ kind: "answer", error: { code: "bad_request", message: "There is a skill of this name.", retryable: false, field: "name" } });
    const { skills } = room([full], { save_skill: refuse });
    await skills.list.refresh();
    skills.open(full);
    skills.draft!.name = "Prices";
    expect(await skills.save()).toBe(false);
    expect(skills.problems.get("name")).toBe("There is a skill of this name.");
    expect(skills.draft!.name).toBe("Prices");
    expect(skills.changed).toBe(true);
  });

  it("is up to date after saving, with nothing left to save", async () => {
    const { skills } = room([full]);
    await skills.list.refresh();
    skills.open(full);
    expect(skills.changed).toBe(false);
    skills.draft!.name = "Prices";
    expect(skills.changed).toBe(true);
    expect(await skills.save()).toBe(true);
    expect([skills.changed, skills.find("a")?.name]).toEqual([false, "Prices"]);
  });
});

describe("several skills", () => {
  it("that are let answer go back whole", async () => {
    const { host, skills } = room([full, skill("b")]);
    await skills.list.refresh();
    expect(await skills.letAnswer(skills.all)).toBe(2);
    const [first, second] = host.asked("save_skill");
    expect(first).toEqual(skillWith(full, { autonomy: "bot" }));
    expect(first?.examples).toEqual(full.examples);
    expect(first?.answers?.map((answer) => answer.text)).toEqual(full.answers.map((answer) => answer.text));
    expect(second).toMatchObject({ skill_id: "b", autonomy: "bot" });
  });

  it("stop at the first that is refused, and say how many were changed", async () => {
    let n = 0;
    const { skills } = room([full, skill("b")], { save_skill: (args) => (++n > 1 ? fails({ kind: "unreachable" })() : kept([full], args)) });
    await skills.list.refresh();
    expect(await skills.letAnswer(skills.all)).toBe(1);
    expect(skills.trouble).toEqual({ kind: "unreachable" });
  });

  it("learn a sentence as an example that is not there yet", async () => {
    const { host, skills } = room([full]);
    await skills.list.refresh();
    await skills.teach(full, " How much ", false);
    expect(host.asked("save_skill")[0]?.examples?.map((one) => (typeof one === "string" ? one : one.text))).toEqual(["quanto custa", "how much longer", "How much"]);
  });

  it("say in words how near they are to answering by themselves", () => {
    const say = (readiness: Partial<SkillView["readiness"]>, more: Partial<SkillView> = {}) =>
      readinessInWords(skill("a", { ...more, readiness: { decided: 40, unchanged: 35, light: 2, heavy: 2, dismissed: 1, agreement: 0.8, ready: false, needed: 0, blind: 0, alike: null, ...readiness } }));
    expect(say({ ready: true })).toBe("Ready to answer by itself: 37 of 40 drafts sent as they were");
    expect(say({ needed: 12, decided: 18 })).toBe("Needs 12 more");
    expect(say({ heavy: 8 })).toBe("Not yet: 9 of 40 drafts were rewritten or dismissed");
    expect(say({}, { autonomy: "off" })).toBe("Switched off");
  });
});
