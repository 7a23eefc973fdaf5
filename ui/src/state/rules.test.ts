import { describe, expect, it } from "vitest";
import { contentOf, emptyForm, type Form } from "./forms";
import { readPlace } from "./place";
import { brokenRules, fieldOf, isNear, lengthOf, messagesOf, MOST } from "./rules";

function form<T extends Form["type"]>(type: T, say: object): Form {
  return Object.assign(emptyForm(type), say);
}

const sentences = (of: Form) => brokenRules(of).map((rule) => `${rule.field}: ${rule.sentence}`);
const loud = (of: Form) => brokenRules(of).filter((rule) => !rule.later);

describe("lengths", () => {
  it("are counted by the stricter of code points and UTF-16 units", () => {
    expect(lengthOf("vase")).toBe(4);
    expect(lengthOf("👍")).toBe(2);
    expect(sentences(form("buttons", { body: "?", buttons: ["👍".repeat(11)] }))).toEqual(["buttons.0.title: 2 characters too many."]);
  });

  it("are shown once they come near the limit", () => {
    expect(isNear("x".repeat(15), 20)).toBe(false);
    expect(isNear("x".repeat(16), 20)).toBe(true);
  });

  it("above 4,096 make more messages, cut between words where there are any", () => {
    expect(messagesOf("x".repeat(4_096))).toBe(1);
    expect(messagesOf("x".repeat(4_097))).toBe(2);
    const paragraph = "word ".repeat(500).trim();
    expect(messagesOf([paragraph, paragraph, paragraph].join("\n\n"))).toBe(3);
  });
});

describe("a pasted place", () => {
  const at = (latitude: number, longitude: number) => ({ is: "place", place: { latitude, longitude } });

  it("is read from coordinates as people write them", () => {
    expect(readPlace("48.2, 16.37")).toEqual(at(48.2, 16.37));
    expect(readPlace(" (48.2 16.37) ")).toEqual(at(48.2, 16.37));
    expect(readPlace("48,2; 16,37")).toEqual(at(48.2, 16.37));
    expect(readPlace("33.86° S, 151.21° E")).toEqual(at(-33.86, 151.21));
    expect(readPlace("41.15, −8.61")).toEqual(at(41.15, -8.61));
  });

  it("is read from the links of the usual maps, the pin before the middle of the picture", () => {
    expect(readPlace("https://maps.google.com/?q=41.15,-8.61")).toEqual(at(41.15, -8.61));
    expect(readPlace("https://www.google.com/maps/place/Shop/@41.1,-8.6,17z/data=!3m1!4b1!3d41.15!4d-8.61")).toEqual(at(41.15, -8.61));
    expect(readPlace("https://www.google.com/maps/search/?api=1&query=41.15%2C-8.61")).toEqual(at(41.15, -8.61));
    expect(readPlace("https://www.openstreetmap.org/#map=17/41.15/-8.61")).toEqual(at(41.15, -8.61));
    expect(readPlace("https://maps.apple.com/?ll=41.15,-8.61&q=Shop")).toEqual(at(41.15, -8.61));
    expect(readPlace("geo:41.15,-8.61?z=17")).toEqual(at(41.15, -8.61));
  });

  it("is not guessed when it lies nowhere, is hidden by a short link or is no place at all", () => {
    expect(readPlace("148.2, 16.37")).toEqual({ is: "outside" });
    expect(readPlace("https://maps.app.goo.gl/abc123")).toEqual({ is: "hidden" });
    expect(readPlace("Rua das Flores 12")).toEqual({ is: "nothing" });
    expect(readPlace("https://shop.example/%E0%A4%A")).toEqual({ is: "nothing" });
  });
});

describe("a fresh form", () => {
  it("says nothing before somebody wants to send it, and names what is empty then", () => {
    for (const type of ["location", "contacts", "buttons", "list", "link"] as const) {
      expect(loud(emptyForm(type))).toEqual([]);
      expect(brokenRules(emptyForm(type))).not.toEqual([]);
    }
  });

  it("for a question that only asks can be sent as it is", () => {
    expect(brokenRules(emptyForm("location_request"))).toEqual([]);
    expect(brokenRules(emptyForm("contact_request"))).toEqual([]);
  });
});

describe("the rules of a form", () => {
  it("want a name above an address", () => {
    expect(sentences(form("location", { place: "48.2, 16.37", address: "Main Street 1" }))).toEqual([
      "name: Customers see an address only together with a name. Add the name.",
    ]);
  });

  it("want buttons to differ and to have words", () => {
    const found = sentences(form("buttons", { body: "Which?", buttons: ["Yes", "Yes ", ""] }));
    expect(found[0]).toMatch(/^buttons\.1\.title: Two buttons say the same/);
    expect(found[1]).toMatch(/^buttons\.2\.title: Write what stands on the button/);
  });

  it("want ten lines at most, and a heading for each of several parts", () => {
    const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ title: `Line ${i}`, description: "" }));
    const list = form("list", { body: "Which?", sections: [{ title: "A", rows: rows(6) }, { title: "", rows: rows(5) }] });
    expect(sentences(list)).toEqual([
      "sections.1.title: With several parts each needs a heading.",
      "sections: A list has ten lines at most; these are 11.",
    ]);
    const one = form("list", { body: "Which?", sections: [{ title: "", rows: [{ title: "x".repeat(25), description: "y".repeat(73) }] }] });
    expect(sentences(one)).toEqual([
      "sections.0.rows.0.title: 1 character too many.",
      "sections.0.rows.0.description: 1 character too many.",
    ]);
  });

  it("want a whole web address", () => {
    const link = (url: string) => sentences(form("link", { body: "See", display_text: "Shop", url }));
    expect(link("https://shop.example/a")).toEqual([]);
    expect(link("shop.example")).toHaveLength(1);
    expect(link("javascript:alert(1)")).toHaveLength(1);
  });

  it("want a card to have a name and a way to reach the person", () => {
    expect(sentences(form("contacts", { name: "Inês" }))[0]).toMatch(/^cards\.0\.phones: Add a phone number/);
    expect(sentences(form("contacts", { name: "Inês", phone: "+351 912 345 678" }))).toEqual([]);
    expect(sentences(form("contacts", { name: "Inês", email: "a@b@c" }))).toHaveLength(1);
  });

  it("keep words within what WhatsApp takes", () => {
    const link = form("link", { header: "x".repeat(61), body: "x".repeat(MOST.body + 2), footer: "x".repeat(63), display_text: "Shop", url: "https://a.example" });
    expect(sentences(link)).toEqual([
      "header: 1 character too many.",
      "body: 2 characters too many.",
      "footer: 3 characters too many.",
    ]);
  });
});

describe("what goes to the engine", () => {
  it("leaves out what is empty and trims the rest", () => {
    expect(contentOf(form("location", { place: "48.2, 16.37", name: " Shop " }))).toEqual({ type: "location", latitude: 48.2, longitude: 16.37, name: "Shop" });
    expect(contentOf(form("location", { place: "somewhere" }))).toBeNull();
    expect(contentOf(form("buttons", { body: " Which? ", buttons: [" A ", "B"] }))).toEqual({ type: "buttons", body: "Which?", buttons: ["A", "B"] });
    expect(contentOf(form("contacts", { name: "Inês", phone: "+351912345678" }))).toEqual({ type: "contacts", cards: [{ name: "Inês", phones: ["+351912345678"] }] });
  });
});

describe("a field the engine names", () => {
  it("is found in the form, however deep its name goes", () => {
    const fields = ["body", "cards.0.name", "cards.0.phones", "sections.0.rows.1.title", "place"];
    expect(fieldOf("body", fields)).toBe("body");
    expect(fieldOf("cards.0.phones.0.number", fields)).toBe("cards.0.phones");
    expect(fieldOf("cards.0.formatted_name", fields)).toBe("cards.0.name");
    expect(fieldOf("content.sections[0].rows[1].title", fields)).toBe("sections.0.rows.1.title");
    expect(fieldOf("latitude", fields)).toBe("place");
    expect(fieldOf("conversation_id", fields)).toBeNull();
  });
});
