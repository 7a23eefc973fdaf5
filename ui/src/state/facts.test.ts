import { describe, expect, it } from "vitest";
import { Client } from "../api/client";
import type { FactView, SaveFacts } from "../api/generated";
import { fact, settings, skill } from "../test/assistant";
import { FakeHost } from "../test/fake-host";
import { Facts, missingFor } from "./facts.svelte";
import { copiedToWeek, hoursDraft, hoursInWords, hoursProblems, hoursView, withStretch, zones } from "./hours";
import { filled, offers, placeOf, placeholdersOf } from "./placeholders";

const MONDAY = Date.parse("2026-03-02T12:00:00");

function room(list: FactView[]) {
  let kept = list;
  const save = ({ facts }: SaveFacts) => {
    for (const one of facts) {
      kept = kept.filter((other) => !(other.kind === one.kind && other.key === one.key && other.language === (one.language ?? null)));
      if (one.value !== "") kept = [...kept, fact(one.kind, one.key, one.value, { language: one.language ?? null })];
    }
    return { facts: kept };
  };
  const host = new FakeHost({ list_facts: () => ({ facts: kept }), save_facts: save });
  return { host, facts: new Facts(new Client(host)) };
}

describe("facts", () => {
  it("are saved where they were changed, and only there", async () => {
    const { host, facts } = room([fact("price", "cut", "20 €"), fact("price", "colour", "45 €")]);
    await facts.refresh();
    facts.of("price").find((row) => row.key === "cut")!.value = "22 €";
    await facts.save("price");
    expect(host.asked("save_facts")).toEqual([{ facts: [{ kind: "price", key: "cut", value: "22 €", language: null, valid_to: null }] }]);
    expect(facts.changed("price")).toBe(false);
  });

  it("go under their old name when they get a new one", async () => {
    const { host, facts } = room([fact("price", "cut", "20 €")]);
    await facts.refresh();
    facts.of("price")[0]!.key = "haircut";
    await facts.save("price");
    expect(host.asked("save_facts")[0]?.facts.map((one) => [one.key, one.value])).toEqual([["cut", ""], ["haircut", "20 €"]]);
    expect(facts.of("price").map((row) => row.key)).toEqual(["haircut"]);
  });

  it("say what does not fit before anything is asked", async () => {
    const { host, facts } = room([fact("price", "cut", "20 €")]);
    await facts.refresh();
    const row = facts.add("price");
    row.value = "9 €";
    expect(await facts.save("price")).toBe(false);
    row.key = "cut";
    expect(await facts.save("price")).toBe(false);
    expect(facts.problems.get(row.id)).toBe("There is one of this name already.");
    expect(host.asked("save_facts")).toEqual([]);
  });

  it("keep what is being written while others come in", async () => {
    const { facts } = room([fact("price", "cut", "20 €"), fact("link", "book", "https://a.example")]);
    await facts.refresh();
    const writing = facts.of("price")[0]!;
    writing.value = "21 €";
    await facts.refresh();
    expect(facts.of("price").map((row) => [row.key, row.value])).toEqual([["cut", "21 €"]]);
    expect(facts.of("link")).toHaveLength(1);
  });

  it("that are missing are those of the skills in use, the most wanted first", () => {
    const missing = missingFor([
      skill("a", { name: "Prices", unfilled: ["{price:cut}", "{business.hours}"] }),
      skill("b", { name: "Hours", unfilled: ["{business.hours}"] }),
      skill("c", { unfilled: ["{link:map}"], autonomy: "off" }),
    ]);
    expect(missing.map((one) => [one.placeholder, one.skills])).toEqual([["{business.hours}", ["Prices", "Hours"]], ["{price:cut}", ["Prices"]]]);
  });
});

describe("placeholders", () => {
  it("are filled in the answer's own language first, and stay where nothing fills them", () => {
    const known = offers(settings(), [fact("price", "cut", "20 €"), fact("price", "cut", "vinte euros", { language: "pt" })], "pt", MONDAY);
    expect(filled("{price:cut} em {business.name}, {link:map}", known)).toEqual({ text: "vinte euros em Olaria, {link:map}", missing: ["{link:map}"] });
  });

  it("are told from other braces", () => {
    expect(placeholdersOf("{price:cut} and {price:cut}, {} {1} { x } {customer.name}")).toEqual(["{price:cut}", "{customer.name}"]);
  });

  it("lead to where they are entered", () => {
    expect(placeOf("{price:hair cut}")).toEqual({ section: "facts", kind: "price", key: "hair cut" });
    expect(placeOf("{next_open}")).toEqual({ section: "facts", kind: "opening", key: "" });
    expect(placeOf("{business.phone}")).toEqual({ section: "facts", kind: "phone", key: "" });
    expect(placeOf("{business.name}")).toEqual({ section: "behaviour" });
  });
});

describe("opening hours", () => {
  const week = { zone: "Europe/Lisbon", days: [1, 2, 3, 4, 5].flatMap((day) => [{ day, from: "14:00", to: "18:00" }, { day, from: "09:00", to: "12:30" }]).concat({ day: 6, from: "10:00", to: "14:00" }), closed: ["2026-12-25"] };

  it("go back as they came", () => {
    const view = hoursView(hoursDraft(week));
    expect(view.days).toHaveLength(11);
    expect(view.days[0]).toEqual({ day: 1, from: "09:00", to: "12:30" });
    expect([view.zone, view.closed]).toEqual(["Europe/Lisbon", ["2026-12-25"]]);
  });

  it("can keep a time zone that is not in the page's own list", () => {
    expect(zones("")).not.toContain("Asia/Somewhere");
    expect(zones("Asia/Somewhere")).toContain("Asia/Somewhere");
  });

  it("are said in one line", () => {
    expect(hoursInWords(week)).toBe("Mon–Fri 09:00–12:30 and 14:00–18:00, Sat 10:00–14:00");
    expect(hoursInWords({ zone: null, days: [], closed: [] })).toBe("");
  });

  it("may last past midnight, and may not overlap", () => {
    const draft = hoursDraft({ zone: null, days: [{ day: 1, from: "18:00", to: "02:00" }, { day: 2, from: "09:00", to: "13:00" }, { day: 2, from: "12:00", to: "18:00" }], closed: [] });
    expect([...hoursProblems(draft).keys()]).toEqual([1]);
    draft.days[4] = [{ from: "", to: "18:00" }];
    expect(hoursProblems(draft).get(4)).toBe("Say from when to when.");
  });

  it("are copied without being tied together", () => {
    let { days } = hoursDraft({ zone: null, days: [], closed: [] });
    days = withStretch(days, 0);
    days = copiedToWeek(days, 0);
    days[0]![0]!.from = "10:00";
    expect(days.map((day) => day[0]?.from ?? "")).toEqual(["10:00", "09:00", "09:00", "09:00", "09:00", "", ""]);
  });
});
