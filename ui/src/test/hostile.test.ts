import { cleanup, render } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MessageKind, MessageView } from "../api/generated";
import Evidence from "../components/assistant/Evidence.svelte";
import LeadField from "../components/assistant/LeadField.svelte";
import DraftBody from "../components/assistant/DraftBody.svelte";
import Hit from "../components/inbox/Hit.svelte";
import Row from "../components/inbox/Row.svelte";
import Bubble from "../components/thread/Bubble.svelte";
import { blockText, readBlocks } from "../format/markup";
import { App } from "../state/app.svelte";
import { attachment, conversation, decision, draft, FakeHost, message } from "./fake-host";
import hostile from "./hostile-strings.json";
import Stage from "./Stage.svelte";

/** All that a message of a customer may become; the signs are drawings of our own. */
const OURS = new Set(
  "DIV SPAN P B BDI BUTTON BLOCKQUOTE TIME SVG PATH G RECT CIRCLE EM STRONG S CODE PRE UL OL LI DL DT DD ASIDE SMALL IMG INPUT MARK SECTION H3 H4 DETAILS SUMMARY".split(" "),
);
const strings = hostile as string[];
/** So many strings share one rendering of the larger cards: what one of them opens, it opens there too. */
const TOGETHER = 20;

const went = vi.fn();

beforeEach(() => {
  went.mockClear();
  vi.stubGlobal("fetch", went);
  vi.stubGlobal("XMLHttpRequest", went);
  vi.stubGlobal("WebSocket", went);
  vi.stubGlobal("open", went);
  vi.stubGlobal("alert", went);
  URL.createObjectURL = () => "blob:test";
  URL.revokeObjectURL = () => undefined;
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function shown(host: FakeHost, given: MessageView): HTMLElement {
  const act = async () => undefined;
  const rest = { first: true, name: "Ana", quoted: null, now: Date.parse("2026-03-02T12:00:00Z"), trouble: null, sought: null };
  const callbacks = { onretry: act, ondiscard: act, onquote: act, onjump: act };
  return render(Stage, { app: new App(host), component: Bubble, given: { message: given, ...rest, ...callbacks } }).container;
}

/** Looks for anything that is not ours, leads somewhere, or went somewhere. */
function harmless(container: HTMLElement, text: string): void {
  for (const element of container.querySelectorAll("*")) {
    const name = element.tagName.toUpperCase();
    if (!OURS.has(name)) expect(name, JSON.stringify(text)).toBe("one of ours");
    for (const { name: attribute, value } of element.attributes) {
      if (attribute.startsWith("on") || ["href", "srcdoc", "action", "xlink:href"].includes(attribute)) expect(attribute, JSON.stringify(text)).toBe("absent");
      if (attribute === "src" && !value.startsWith("blob:")) expect(value, JSON.stringify(text)).toBe("blob:");
    }
  }
}

describe("hostile text", () => {
  it("comes in more than two hundred forms", () => {
    expect(strings.length).toBeGreaterThanOrEqual(200);
  });

  it("keeps its words in a bubble, becomes nothing else, and goes nowhere", () => {
    for (const text of strings) {
      const host = new FakeHost();
      const container = shown(host, message("1", { text, sender: text, edited: true }));
      const said = readBlocks(text).map(blockText).join("");
      const bare = (words: string) => words.replace(/[\s-]|\d+\./g, "");
      expect(bare(container.querySelector(".text")?.textContent ?? "")).toContain(bare(said).slice(0, 500));
      harmless(container, text);
      expect(host.did).toEqual([]);
      cleanup();
    }
    expect(went).not.toHaveBeenCalled();
  }, 60_000);

  it("stays text in a row of the list and in what a search found", () => {
    for (const text of strings) {
      const preview = { text, kind: "text", original_kind: text, author: "customer", revoked: false, status: "received" } as const;
      const contact = { ...conversation("a").contact, name: text, initials: text.slice(0, 2), group: true, blocked: true };
      const row = render(Row, { row: conversation("a", { preview, contact }), pile: "all", now: 0, selected: false, draft: "" });
      harmless(row.container, text);
      const hit = { message_id: "1", conversation_id: "a", contact_name: text, snippet: text, at: "2026-03-02T10:00:00Z" };
      harmless(render(Hit, { hit, query: text.slice(0, 3), now: 0 }).container, text);
      cleanup();
    }
    expect(went).not.toHaveBeenCalled();
  }, 60_000);

  it("stays text in a draft, in what it rests on and in a lead, whoever wrote it: a customer, a document or a model", () => {
    const nothing = () => undefined;
    for (let from = 0; from < strings.length; from += TOGETHER) {
      const some = strings.slice(from, from + TOGETHER);
      const text = some[0] ?? "";
      const sources = some.map((one, i) => ({ id: `S${i}`, kind: "passage" as const, reference: `${i}`, title: one, text: one, url: one }));
      const findings = some.map((one, i) => ({ kind: one, words: one, start: i, end: i + 1 }));
      const candidates = some.map((one, i) => ({ skill_id: `${i}`, name: one, confidence: i, example: one }));
      const why = decision({ text: some.join(" "), sources, findings, candidates, passages: sources });
      const value = { id: "v", field: text, value: text, raw: text, message_id: "1", start: 0, end: 1, method: "model" as const, confidence: 2, locked: true, at: text };
      const host = new FakeHost();
      const stage = (component: unknown, given: Record<string, unknown>) => render(Stage, { app: new App(host), component: component as never, given }).container;
      harmless(stage(Evidence, { decision: why }), text);
      harmless(stage(DraftBody, { draft: draft("d", "a", { text, buttons: some, skill: text, sources, decision: why }), onsend: nothing, onleave: nothing, onwhy: nothing }), text);
      harmless(stage(LeadField, { line: { field: text, value, suggestion: value, refused: false } }), text);
      expect(host.did).toEqual([]);
      cleanup();
    }
    expect(went).not.toHaveBeenCalled();
  }, 60_000);

  it("stays text in every card and in every name of a file", () => {
    for (let from = 0; from < strings.length; from += TOGETHER) {
      const some = strings.slice(from, from + TOGETHER);
      const text = some[0] ?? "";
      const cards: Partial<Record<MessageKind, Record<string, unknown>>> = {
        contacts: {
          contacts: some.map((one) => ({
            name: { formatted_name: one },
            phones: [{ phone: one, type: one }],
            emails: [{ email: one }],
            urls: [{ url: one }],
            org: { company: one },
          })),
        },
        order: { catalog_id: text, product_items: some.map((one) => ({ product_retailer_id: one, quantity: one, item_price: one, currency: one })) },
        flow_reply: { name: text, response_json: text, response: Object.fromEntries(some.map((one, i) => [`${i}${one}`, one])) },
        location: { latitude: 1, longitude: 1, name: text, address: some[1] },
        button_reply: { payload: text, text },
        list_reply: { title: text, description: text },
        interactive: {
          type: text,
          header: { type: text, text },
          footer: { text },
          body: { text },
          action: { button: text, name: text, buttons: some.map((one) => ({ reply: { title: one } })), sections: [{ title: text, rows: [{ title: text }] }], parameters: { url: text } },
        },
        template: { name: text, language: { code: text }, components: [{ type: "header", parameters: [{ type: text, text }] }] },
        system: { type: text },
        call: { status: text, event: text, duration: text },
        unsupported: { type: text },
        unknown: { [text]: text },
      };
      for (const [kind, payload] of Object.entries(cards)) {
        const host = new FakeHost({ list_templates: () => ({ templates: [], synced_at: null, trouble: null }) });
        const referral = { source_type: text, source_url: text, headline: text, body: text, image_url: text };
        const said = message("1", { kind: kind as MessageKind, original_kind: text, text, payload: { ...payload, referred_product: { product_retailer_id: text } }, referral });
        harmless(shown(host, said), text);
        expect(host.did).toEqual([]);
        cleanup();
      }
      const attachments = some.map((one, i) => attachment(String(i), { file_name: one, mime_type: one, family: "unknown", has_thumbnail: false, words: one, state: i % 2 === 0 ? "failed" : "stored" }));
      const host = new FakeHost();
      harmless(shown(host, message("2", { kind: "document", original_kind: "document", text, attachments })), text);
      expect(host.did).toEqual([]);
      cleanup();
    }
    expect(went).not.toHaveBeenCalled();
  }, 120_000);
});
