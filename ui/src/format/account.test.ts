import { describe, expect, it } from "vitest";
import { explainInLine } from "../api/errors";
import type { TemplateView } from "../api/generated";
import { attachment, message } from "../test/fake-host";
import { comingLabel } from "./coming";
import { filesHere } from "./files-here";
import { languageLabel, languages } from "./languages";
import { moneyLabel, monthLabel, monthStep, readPrice } from "./money";
import { referralOf } from "./referral";
import { asked, emptyDraft, problems, tidyName, withPlaceholder, type TemplateDraft } from "./template-draft";
import { previewOf, previewOfDraft } from "./template-preview";

const draft = (say: Partial<TemplateDraft> = {}): TemplateDraft => ({ ...emptyDraft(), name: "order_ready", body: "Your order is ready.", ...say });
const said = (say: Partial<TemplateDraft>, existing: TemplateView[] = []) => Object.fromEntries(problems(draft(say), existing));
const template = (say: Partial<TemplateView> = {}): TemplateView => ({
  name: "order_ready",
  language: "en",
  category: "UTILITY",
  coming_category: null,
  status: "APPROVED",
  usable: true,
  words: null,
  quality: null,
  components: [],
  variables: [],
  ...say,
});

describe("money", () => {
  it("shows sums that have no exact binary form to the last digit", () => {
    expect(moneyLabel("999999999999999.99", "EUR")).toBe("€999,999,999,999,999.99");
    expect(moneyLabel("0.0308", "EUR", 6)).toBe("€0.0308");
    expect(moneyLabel("0.051", "EUR", 6)).toBe("€0.0510");
  });

  it("keeps a sum readable when the currency is unknown or the sum is none", () => {
    expect(moneyLabel("4.5", "points")).toBe("4.50 points");
    expect(moneyLabel("many", "EUR")).toBe("many");
  });

  it("takes prices with comma or point and refuses everything else", () => {
    expect(["0,05", " 0.0510 ", "007", "3"].map(readPrice)).toEqual(["0.05", "0.0510", "7", "3"]);
    expect(["", "-1", "1.", ".5", "1e3", "0.1234567", "1,000.50", "€1"].map(readPrice)).toEqual(Array(8).fill(null));
  });

  it("steps over the turn of the year", () => {
    expect([monthStep("2026-01", -1), monthStep("2025-12", 1)]).toEqual(["2025-12", "2026-01"]);
    expect(monthLabel("2026-11")).toBe("November 2026");
  });
});

describe("a template that is written", () => {
  it("has nothing against it when it keeps the rules", () => {
    expect(said({ body: "Hi {{1}}, your order {{2}} is ready.", examples: ["Rui", "118"], header: "Ready", footer: "Olaria" })).toEqual({});
  });

  it("says what WhatsApp would refuse in the words", () => {
    expect(said({ body: " " }).body).toMatch(/Write what the customer/);
    expect(said({ body: "{{1}} is ready.", examples: ["118"] }).body).toMatch(/begin or end/);
    expect(said({ body: "It is {{1}}", examples: ["118"] }).body).toMatch(/begin or end/);
    expect(said({ body: "Take {{1}} {{2}} now.", examples: ["a", "b"] }).body).toMatch(/word between/);
    expect(said({ body: "Take {{2}} now.", examples: ["a"] }).body).toMatch(/without gaps/);
    expect(said({ body: "Take {{name}} now." }).body).toMatch(/two braces/);
    expect(said({ body: "a\n\n\nb" }).body).toMatch(/one empty line/);
    expect(said({ body: "x".repeat(1_026) }).body).toBe("2 characters too many: WhatsApp takes 1,024.");
  });

  it("asks for one example of each thing to fill in", () => {
    expect(said({ body: "Hi {{1}}, take {{2}} now.", examples: ["Rui"] })).toEqual({ "example.1": "Give an example." });
    expect(said({ body: "Hi {{1}}!", examples: ["two\nlines"] })["example.0"]).toMatch(/one line/);
  });

  it("keeps names as WhatsApp takes them and tells of one that is taken", () => {
    expect(tidyName("Order ready – Nº 2")).toBe("order_ready__n_2");
    expect(said({}, [template()]).name).toMatch(/exists already/);
    expect(said({ language: "pt_PT" }, [template()])).toEqual({});
  });

  it("checks buttons one by one and together", () => {
    const reply = (text: string) => ({ type: "quick_reply" as const, text, to: "" });
    const web = (to: string, text = to) => ({ type: "url" as const, text, to });
    expect(said({ buttons: [reply("Yes"), reply("yes")] })["button.1"]).toMatch(/says the same/);
    expect(said({ buttons: [web("javascript:alert(1)", "Go")] })["button.0"]).toMatch(/https/);
    expect(said({ buttons: [web("https://a.example/{{1}}", "Go")] })["button.0"]).toMatch(/anything to fill in/);
    expect(said({ buttons: [{ type: "phone_number", text: "Call", to: "912 345 678" }] })["button.0"]).toMatch(/country code/);
    expect(said({ buttons: [reply("Yes"), web("https://a.example", "Go"), reply("No")] })["button.2"]).toMatch(/together/);
    expect(said({ buttons: [reply("Yes"), reply("No"), web("https://a.example", "Go")] })).toEqual({});
  });

  it("is handed in without what was left empty, and with numbers as they are dialled", () => {
    const wanted = asked(draft({ header: "  ", buttons: [{ type: "phone_number", text: " Call ", to: "+351 912-345-678" }] }));
    expect(wanted).toEqual({
      name: "order_ready",
      language: "en",
      category: "UTILITY",
      body: "Your order is ready.",
      buttons: [{ type: "phone_number", text: "Call", phone_number: "+351912345678" }],
    });
  });

  it("puts the next number where the caret stands", () => {
    expect(withPlaceholder("Hi {{1}}, take  now", 15)).toEqual({ body: "Hi {{1}}, take {{2}} now", caret: 20 });
  });
});

describe("the preview of a template", () => {
  it("fills in the examples and leaves what has none as it is", () => {
    expect(previewOfDraft(draft({ body: "Hi {{1}}, {{2}}!", examples: ["Rui"] })).body).toBe("Hi Rui, {{2}}!");
    const variables: TemplateView["variables"] = [
      { key: "1", place: "body", kind: "text", label: "First name", example: "Rui", optional: false },
      { key: "2", place: "body", kind: "text", label: "Order", example: null, optional: false },
    ];
    const components = [{ type: "HEADER", format: "IMAGE" }, { type: "BODY", text: "{{1}}: {{2}}, {{9}}" }, { type: "BUTTONS", buttons: [{ type: "URL", text: "Go" }] }];
    expect(previewOf(template({ components, variables }))).toMatchObject({
      header: { kind: "image" },
      body: "Rui: [Order], {{9}}",
      footer: null,
      buttons: [{ kind: "link", text: "Go" }],
    });
  });

  it("never takes an example for a pattern", () => {
    expect(previewOfDraft(draft({ body: "Pay {{1}} now.", examples: ["$& {{1}}"] })).body).toBe("Pay $& {{1}} now.");
  });
});

describe("what is known of a person", () => {
  it("names the day of a moment ahead", () => {
    const now = new Date(2026, 10, 20, 14, 6).getTime();
    const at = (hours: number) => comingLabel(new Date(now + hours * 3_600_000).toISOString(), now);
    expect(at(2)).toMatch(/^today /);
    expect(at(18)).toMatch(/^tomorrow /);
    expect(at(-20)).toMatch(/^yesterday /);
    expect(at(72)).toMatch(/^Monday /);
    expect(at(-240)).toMatch(/^Tuesday, November 10 /);
  });

  it("reads an advertisement of any shape and takes only web addresses from it", () => {
    expect(referralOf({ source_type: "ad", headline: " Vases ", body: 7, source_url: "https://fb.me/x" })).toEqual({
      from: "ad",
      headline: "Vases",
      body: "",
      url: "https://fb.me/x",
    });
    expect(referralOf({ source_url: "javascript:alert(1)" })).toMatchObject({ from: "other", url: null });
    expect(referralOf(null)).toBeNull();
  });

  it("lists the files of the chat with the newest first, without those that were taken back", () => {
    const one = message("1", { attachments: [attachment("a"), attachment("b")] });
    const gone = message("2", { revoked: true, attachments: [attachment("c")] });
    const last = message("3", { attachments: [attachment("d")] });
    expect(filesHere([one, gone, last]).map(({ file, messageId }) => `${file.id}${messageId}`)).toEqual(["d3", "b1", "a1"]);
  });
});

it("gives a refusal of the provider in the engine's words, which know more", () => {
  const error = { code: "provider" as const, message: "WhatsApp has this name already. Choose another one.", retryable: false };
  expect(explainInLine({ kind: "answer", error })).toBe(error.message);
});

it("names languages, and leaves codes nobody knows as they are", () => {
  expect(languageLabel("pt_BR")).toBe("Portuguese (Brazil)");
  expect(languageLabel("not a code")).toBe("not a code");
  expect(languages().length).toBeGreaterThan(60);
});
