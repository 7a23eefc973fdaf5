import { beforeEach, describe, expect, it } from "vitest";
import { Client } from "../api/client";
import type { TemplateVariableView, TemplateView } from "../api/generated";
import { FakeHost, fails } from "../test/fake-host";
import { found, lookOf, missing, onOneLine, toSend, unfit } from "./fill";
import { Filling } from "./filling.svelte";
import { TemplateLists } from "./template-lists.svelte";

function variable(key: string, say: Partial<TemplateVariableView> = {}): TemplateVariableView {
  return { key, place: "body", kind: "text", label: `Value ${key}`, example: null, optional: false, ...say };
}

function template(say: Partial<TemplateView> = {}): TemplateView {
  return {
    name: "ready",
    language: "en",
    category: "UTILITY",
    coming_category: null,
    status: "APPROVED",
    usable: true,
    words: null,
    quality: null,
    components: [{ type: "BODY", text: "Hello *{{1}}*, {{2}} is ready." }],
    variables: [variable("1"), variable("2")],
    ...say,
  };
}

const picture = variable("header", { place: "header", kind: "image", label: "Picture above the text" });
const pictured = template({
  components: [
    { type: "HEADER", format: "IMAGE" },
    { type: "BODY", text: "Hello {{customer}}" },
    { type: "FOOTER", text: "Blue Vase" },
    {
      type: "BUTTONS",
      buttons: [
        { type: "QUICK_REPLY", text: "Yes" },
        { type: "URL", text: "See it", url: "https://shop.example/o/{{1}}" },
      ],
    },
  ],
  variables: [picture, variable("customer", { label: "customer" }), variable("button.1", { place: "button", kind: "url_suffix" })],
});

beforeEach(() => {
  URL.createObjectURL = () => "blob:test";
  URL.revokeObjectURL = () => undefined;
});

describe("a template as the customer will see it", () => {
  it("shows what is filled in and names what is still open", () => {
    expect(lookOf(template(), { "1": " Ana " }).body).toEqual([
      { text: "Hello *", state: "fixed" },
      { text: "Ana", state: "filled" },
      { text: "*, ", state: "fixed" },
      { text: "Value 2", state: "open" },
      { text: " is ready.", state: "fixed" },
    ]);
  });

  it("fills named places, buttons and the file above", () => {
    const look = lookOf(pictured, { customer: "Ana", "button.1": "8841" });
    expect(look.header).toEqual({ kind: "image", key: "header" });
    expect(look.body.at(-1)).toEqual({ text: "Ana", state: "filled" });
    expect(look.footer).toBe("Blue Vase");
    expect(look.buttons.map((button) => button.detail)).toEqual(["", "https://shop.example/o/8841"]);
  });

  it("fills headline and cards by their own keys", () => {
    const card = { components: [{ type: "BODY", text: "Only {{1}}" }] };
    const look = lookOf(
      template({ components: [{ type: "HEADER", format: "TEXT", text: "For {{1}}" }, { type: "BODY", text: "{{1}}" }, { type: "CAROUSEL", cards: [card, card] }] }),
      { "header.1": "you", "1": "body", "card.1.1": "today" },
    );
    expect(look.header).toEqual({ kind: "text", pieces: [{ text: "For ", state: "fixed" }, { text: "you", state: "filled" }] });
    expect(look.body).toEqual([{ text: "body", state: "filled" }]);
    expect(look.cards.map((shown) => shown.body.at(-1)?.state)).toEqual(["open", "filled"]);
  });
});

describe("what is filled in", () => {
  it("misses what is needed and blank, but not what is optional", () => {
    const wanted = template({ variables: [variable("1"), variable("2"), variable("button.0", { optional: true })] });
    expect(missing(wanted, { "1": "  ", "2": "x" }).map((found) => found.key)).toEqual(["1"]);
  });

  it("cannot hold line breaks, many spaces, or a space in a link", () => {
    const keys = (of: TemplateView, values: Record<string, string>) => unfit(of, values).map((found) => found.key);
    expect(keys(template(), { "1": "a\nb", "2": "a     b" })).toEqual(["1", "2"]);
    expect(keys(template(), { "1": "a    b", "2": "fine" })).toEqual([]);
    expect(keys(pictured, { "button.1": "88 41" })).toEqual(["button.1"]);
  });

  it("must be a number or a moment where one is wanted", () => {
    const place = variable("header.latitude", { place: "header", kind: "location" });
    const end = variable("offer.expires_at", { place: "offer" });
    const of = template({ variables: [place, end] });
    expect(unfit(of, { "header.latitude": "91", "offer.expires_at": "soon" })).toHaveLength(2);
    expect(unfit(of, { "header.latitude": "48.2", "offer.expires_at": "2026-12-24T18:00:00Z" })).toEqual([]);
    expect(toSend(of, { "header.latitude": " 48.2 ", "offer.expires_at": "2026-12-24T18:00:00Z", other: "x" })).toEqual({
      "header.latitude": "48.2",
      "offer.expires_at": "2026-12-24T18:00:00.000Z",
    });
  });

  it("takes a draft onto one line", () => {
    expect(onOneLine(" Your vase\n\nis\tready ")).toBe("Your vase is ready");
  });
});

describe("filling", () => {
  it("hands the picture in, shows it and sends its id", async () => {
    const host = new FakeHost({ send_template: () => ({ message_id: "m" }) });
    const filling = new Filling(pictured, host);
    filling.set("customer", "Ana");
    filling.set("button.1", "8841");
    expect(await filling.send(new Client(host), "a")).toBeNull();
    expect(filling.at("header")).toBe("Choose a file.");
    await filling.attach({ ...picture, kind: "image" }, new File(["x"], "vase.jpg", { type: "image/jpeg" }));
    expect(filling.files["header"]).toMatchObject({ name: "vase.jpg", part: 1, problem: null, preview: "blob:test" });
    expect(await filling.send(new Client(host), "a")).toBe("m");
    expect(host.asked("send_template")[0]).toEqual({
      conversation_id: "a",
      name: "ready",
      language: "en",
      variables: { header: "up-vase.jpg", customer: "Ana", "button.1": "8841" },
    });
  });

  it("refuses a file of another kind and says what is needed", async () => {
    const filling = new Filling(pictured, new FakeHost());
    await filling.attach({ ...picture, kind: "image" }, new File(["x"], "prices.pdf", { type: "application/pdf" }));
    expect(filling.at("header")).toContain("A picture is needed here");
    expect(filling.missing.map((found) => found.key)).toContain("header");
  });

  it("shows what the engine says at the variable it names", async () => {
    const error = { code: "bad_request", message: "Too long. Shorten it.", retryable: false, field: "2" } as const;
    const host = new FakeHost({ send_template: fails({ kind: "answer", error }) });
    const filling = new Filling(template(), host);
    filling.set("1", "Ana");
    filling.set("2", "x");
    expect(await filling.send(new Client(host), "a")).toBeNull();
    expect([filling.at("2"), filling.trouble]).toEqual(["Too long. Shorten it.", null]);
    filling.set("2", "y");
    expect(filling.at("2")).toBeNull();
  });
});

describe("the list of templates", () => {
  const all = [template({ name: "a_sale", category: "MARKETING" }), template({ name: "b_paused", usable: false }), template({ name: "c_ready" })];

  it("finds words of name and text, and puts what can be sent first", () => {
    expect(found(all, "", false).map((t) => t.name)).toEqual(["a_sale", "c_ready", "b_paused"]);
    expect(found(all, "c READY", false).map((t) => t.name)).toEqual(["c_ready"]);
    expect(found(all, "", true).map((t) => t.name)).toEqual(["c_ready", "a_sale", "b_paused"]);
  });

  it("knows nothing before the first answer, and asks the provider where nobody ever has", async () => {
    const host = new FakeHost({
      list_templates: () => ({ templates: [], synced_at: null, trouble: null }),
      refresh_templates: () => ({ templates: [template()], synced_at: "2026-03-02T10:00:00Z", trouble: null }),
    });
    const lists = new TemplateLists(new Client(host));
    expect(lists.of("ch").list).toBeNull();
    await lists.look("ch");
    expect(lists.of("ch").list?.templates).toHaveLength(1);
    expect(host.asked("refresh_templates")).toEqual([{ channel_id: "ch" }]);
  });

  it("is asked for again when the engine tells of a change, for channels that were looked at", async () => {
    const host = new FakeHost({ list_templates: () => ({ templates: [], synced_at: "2026-03-02T10:00:00Z", trouble: null }) });
    const lists = new TemplateLists(new Client(host));
    await lists.look("ch");
    await lists.changed([{ kind: "templates", channel_id: "ch" }, { kind: "templates", channel_id: "other" }]);
    expect(host.asked("list_templates")).toEqual([{ channel_id: "ch" }, { channel_id: "ch" }]);
  });
});
