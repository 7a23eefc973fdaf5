import { beforeEach, describe, expect, it } from "vitest";
import { Client } from "../api/client";
import type { ContactDetails, CostsView, NoticeView, ProfileView, TemplateView } from "../api/generated";
import { conversation, FakeHost, fails } from "../test/fake-host";
import { Account } from "./account.svelte";
import { Details } from "./details.svelte";

beforeEach(() => localStorage.clear());

const refused = (message: string) => fails({ kind: "answer", error: { code: "not_now", message, retryable: true } });
const template = (name: string, say: Partial<TemplateView> = {}): TemplateView => ({
  name,
  language: "en",
  category: "UTILITY",
  coming_category: null,
  status: "APPROVED",
  usable: true,
  words: null,
  quality: null,
  components: [{ type: "BODY", text: `words of ${name}` }],
  variables: [],
  ...say,
});
const notice = (id: string, say: Partial<NoticeView> = {}): NoticeView => ({
  id,
  channel_id: "ch",
  field: "account_update",
  level: "ok",
  sentence: `sentence ${id}`,
  at: "2026-03-02T10:00:00Z",
  seen: false,
  raw: {},
  ...say,
});
const business: ProfileView = {
  about: "Ceramics",
  address: "",
  description: "",
  email: "",
  websites: [],
  vertical: "RETAIL",
  picture_url: null,
  verified_name: "Shop",
};
const month: CostsView = {
  month: "2026-11",
  lines: [{ category: "marketing", messages: 2, charged: 2, estimate: null }],
  service_messages: 12,
  free_service_messages: 1_000,
  estimate: "0",
  currency: "EUR",
  rates: [{ category: "service", price: "0.03" }],
  rates_as_of: "2026-10-01",
};

function room(answers: FakeHost["answers"] = {}) {
  const host = new FakeHost(answers);
  return { host, account: new Account(new Client(host)) };
}

describe("templates", () => {
  const list = (...names: string[]) => ({ templates: names.map((name) => template(name)), synced_at: "2026-03-02T10:00:00Z", trouble: null });

  it("are found by name and by words", async () => {
    const { account } = room({ list_templates: () => list("order_ready", "weekend") });
    await account.templates.look("ch");
    account.templates.query = "OF WEEK";
    expect(account.templates.found.map((one) => one.name)).toEqual(["weekend"]);
  });

  it("are asked for again when those of their channel change, and only then", async () => {
    const { host, account } = room({ list_templates: () => list("a") });
    await account.templates.look("ch");
    await account.changed([{ kind: "templates", channel_id: "other" }]);
    expect(host.asked("list_templates")).toHaveLength(1);
    await account.changed([{ kind: "templates", channel_id: "ch" }]);
    expect(host.asked("list_templates")).toHaveLength(2);
  });

  it("stay on the screen when fetching them fails", async () => {
    const { account } = room({ list_templates: () => list("a"), refresh_templates: refused("Meta is away.") });
    await account.templates.look("ch");
    await account.templates.fetch();
    expect(account.templates.list?.templates).toHaveLength(1);
    expect(account.templates.trouble).not.toBeNull();
    expect(account.templates.fetching).toBe(false);
  });

  it("keep what was written when it is refused, and when the form is left", async () => {
    const { host, account } = room({ list_templates: () => list(), create_template: refused("Taken.") });
    const { templates } = account;
    await templates.look("ch");
    templates.writing = true;
    templates.draft.name = "order_ready";
    templates.draft.body = "It is ready.";
    expect(await templates.create()).toBe(false);
    expect(account.stepBack()).toBe(true);
    expect([templates.writing, templates.draft.body]).toEqual([false, "It is ready."]);
    expect(account.stepBack()).toBe(false);
    host.answers.create_template = () => list("order_ready");
    expect(await templates.create()).toBe(true);
    expect([templates.draft.body, templates.selected?.name]).toEqual(["", "order_ready"]);
  });

  it("delete one translation and not the others", async () => {
    const { host, account } = room({ list_templates: () => list("a", "b"), delete_template: () => list("b") });
    await account.templates.look("ch");
    account.templates.chosen = "a en";
    await account.templates.remove(template("a"));
    expect(host.asked("delete_template")).toEqual([{ channel_id: "ch", name: "a", language: "en" }]);
    expect(account.templates.selected).toBeNull();
  });
});

describe("news", () => {
  it("puts forward what is serious until somebody has seen it, and keeps it marked while it is looked at", async () => {
    let seen = false;
    const { account } = room({
      list_notices: () => ({ notices: [notice("1", { seen }), notice("2", { seen, level: "bad" }), notice("3", { seen, level: "bad" })], unseen: seen ? 0 : 3 }),
      see_notices: () => {
        seen = true;
        return {};
      },
    });
    const { notices } = account;
    await notices.refresh();
    expect([notices.urgent?.id, notices.moreUrgent, notices.unseen]).toEqual(["2", 1, 3]);
    await notices.see();
    expect([notices.urgent, notices.unseen, notices.fresh.size]).toEqual([null, 0, 3]);
    notices.leave();
    expect(notices.fresh.size).toBe(0);
  });
});

describe("the business profile", () => {
  it("hands in what was changed and nothing else", async () => {
    const { host, account } = room({ business_profile: () => business, save_business_profile: () => ({ ...business, about: "Vases" }) });
    const { profile } = account;
    await profile.look("ch");
    expect(profile.dirty).toBe(false);
    profile.draft!.about = "Vases ";
    profile.draft!.websites[1] = "https://shop.example";
    expect(await profile.save()).toBe(true);
    expect(host.asked("save_business_profile")).toEqual([{ channel_id: "ch", about: "Vases", websites: ["https://shop.example"] }]);
  });

  it("is not replaced under the hands of whoever writes", async () => {
    const { account } = room({ business_profile: () => business });
    await account.profile.look("ch");
    account.profile.draft!.about = "Half a sen";
    await account.changed([{ kind: "channel", channel_id: "ch" }]);
    expect(account.profile.draft?.about).toBe("Half a sen");
    account.profile.undo();
    expect(account.profile.draft?.about).toBe("Ceramics");
  });

  it("says what WhatsApp would refuse", async () => {
    const { host, account } = room({ business_profile: () => business });
    const { profile } = account;
    await profile.look("ch");
    profile.draft = { ...profile.draft!, about: "", email: "a@b", websites: ["shop.example", ""], address: "x".repeat(257) };
    expect(Object.fromEntries(profile.problems)).toEqual({
      about: "WhatsApp does not take an empty line here. Write something short.",
      address: "1 character too many: WhatsApp takes 256.",
      email: "This is not a whole e-mail address.",
      "website.0": "Give the whole address, beginning with https://.",
    });
    expect(await profile.save()).toBe(false);
    expect(host.asked("save_business_profile")).toEqual([]);
  });
});

describe("costs", () => {
  const now = new Date(2026, 10, 20).getTime();

  it("go back month by month and never past the one that runs", async () => {
    const { host, account } = room({ costs: ({ month: asked }) => ({ ...month, month: asked ?? "2026-11" }) });
    await account.costs.look(null);
    await account.costs.step(1, now);
    await account.costs.step(-1, now);
    await account.costs.step(-1, now);
    await account.costs.step(1, now);
    await account.costs.step(1, now);
    expect(host.asked("costs")).toEqual([{}, { month: "2026-10" }, { month: "2026-09" }, { month: "2026-10" }, {}]);
  });

  it("take rates as they are typed and hand them on as decimal texts", async () => {
    const { host, account } = room({ costs: () => month, save_rates: () => month });
    const { costs } = account;
    await costs.look(null);
    costs.edit();
    expect(costs.draft?.rates).toEqual([
      { category: "service", price: "0.03" },
      { category: "marketing", price: "" },
    ]);
    costs.draft!.rates[0]!.price = "0,0308";
    costs.draft!.currency = "brl";
    expect(await costs.save()).toBe(true);
    expect(host.asked("save_rates")).toEqual([
      { currency: "BRL", rates: [{ category: "service", price: "0.0308" }], free_service_messages: 1_000 },
    ]);
    expect(costs.draft).toBeNull();
  });

  it("do not hand in what is no price, no currency or no number", async () => {
    const { host, account } = room({ costs: () => month });
    await account.costs.look(null);
    account.costs.edit();
    account.costs.draft = { currency: "Euro", rates: [{ category: "service", price: "cheap" }], free: "-1" };
    expect([...account.costs.problems.keys()]).toEqual(["currency", "free", "service"]);
    expect(await account.costs.save()).toBe(false);
    expect(host.asked("save_rates")).toEqual([]);
  });
});

it("settings show what is kept, also when a change is refused", async () => {
  const { account } = room({ settings: () => ({ read_marks: "opens", typing: true }), save_settings: refused("Disk full.") });
  await account.settings.refresh();
  expect(await account.settings.save({ read_marks: "never" })).toBe(false);
  expect(account.settings.view).toEqual({ read_marks: "opens", typing: true });
  expect(account.settings.saveTrouble).not.toBeNull();
});

describe("the details of a person", () => {
  const person = (id: string, say: Partial<ContactDetails> = {}): ContactDetails => ({
    contact: conversation(id).contact,
    identities: [],
    first_seen_at: "2026-03-02T10:00:00Z",
    marketing_stopped_at: null,
    blocked_at: null,
    merges: [],
    messages: 3,
    ...say,
  });
  const pane = (answers: FakeHost["answers"]) => {
    const host = new FakeHost(answers);
    return { host, details: new Details(new Client(host)) };
  };

  it("remember that they are wanted, but lie over the thread only until it is left", () => {
    const first = pane({}).details;
    expect(first.shown).toBe(false);
    first.toggle();
    const later = pane({}).details;
    expect(later.shown).toBe(true);
    later.narrow = true;
    expect(later.shown).toBe(false);
    later.toggle();
    expect([later.shown, later.open]).toEqual([true, true]);
  });

  it("never show one person's facts under the name of another", async () => {
    let answer: (value: ContactDetails) => void = () => undefined;
    const { details } = pane({
      contact: ({ contact_id }) => (contact_id === "cslow" ? new Promise((resolve) => (answer = resolve)) : person("b", { messages: 9 })),
    });
    const slow = details.look("cslow");
    await details.look("cb");
    answer(person("slow"));
    await slow;
    expect(details.person?.messages).toBe(9);
  });

  it("ask again after something was done, and say why it was not", async () => {
    const { host, details } = pane({ contact: () => person("a"), block_contact: refused("Too late."), undo_merge: () => ({}) });
    await details.look("ca");
    expect(await details.block(conversation("a"))).toBe(false);
    expect(details.actionTrouble).toMatchObject({ error: { message: "Too late." } });
    expect(await details.undoMerge("m1")).toBe(true);
    expect([details.actionTrouble, host.asked("contact").length]).toEqual([null, 3]);
  });
});
