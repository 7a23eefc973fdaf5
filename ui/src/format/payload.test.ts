import { describe, expect, it } from "vitest";
import { decimal, money, plus, times, written, type Decimal } from "./decimal";
import { cardsOf, formOf, orderOf, placeOf, referralOf, webPage } from "./payload";
import { interactiveShown, templateShown } from "./shown";
import { playLabel, sizeLabel } from "./size";

const number = (value: unknown): Decimal => decimal(value) ?? { units: -1n, places: 0 };

describe("prices", () => {
  it("add up and multiply without the errors of binary numbers", () => {
    expect(written(plus(number(0.1), number("0.2")))).toBe("0.3");
    expect(written(times(number("19.99"), number(3)))).toBe("59.97");
    expect(written(times(number(1e-7), number(1e7)))).toBe("1");
    expect(written(number("1.5e2"))).toBe("150");
  });

  it("are written as their currency is, also one nobody knows", () => {
    expect(money(number("1234.5"), "EUR")).toBe("€1,234.50");
    expect(money(number("1500"), "JPY")).toBe("¥1,500");
    expect(money(number("0.125"), "EUR")).toBe("€0.125");
    expect(money(number("90071992547409931.25"), "EUR")).toBe("€90,071,992,547,409,931.25");
    expect(money(number("3.5"), "points")).toBe("3.5 points");
    expect(money(number("3.5"), null)).toBe("3.5");
  });

  it("are none when they are no decimal number", () => {
    expect(["", "abc", "1,5", "0x10", "1".repeat(40), "1e999", null, {}, NaN, Infinity].map(decimal)).toEqual(Array(10).fill(null));
  });

  it("give no total that would be wrong", () => {
    const order = orderOf({ product_items: [{ quantity: 1, item_price: "x", currency: "EUR" }, { quantity: 2, item_price: 5, currency: "usd" }, 7] });
    expect([order.complete, order.lines.length, order.total.map((one) => one.currency)]).toEqual([false, 2, ["USD"]]);
  });
});

describe("what messages hold", () => {
  it("is read leniently, and anything else is nothing", () => {
    for (const odd of [{}, { contacts: "x", product_items: 3, latitude: [], response: [] }, { contacts: [null, 1, {}] }]) {
      expect(() => [cardsOf(odd), orderOf(odd), placeOf(odd), formOf(odd, "y", "n"), interactiveShown(odd, null), templateShown(odd, null, [])]).not.toThrow();
    }
    expect([placeOf({ latitude: "41.1", longitude: -8 })?.latitude, placeOf({ latitude: 91, longitude: 0 }), placeOf({ latitude: "", longitude: 0 })]).toEqual([41.1, null, null]);
  });

  it("puts a name together from its parts, and a number from its id", () => {
    const cards = cardsOf({ contacts: [{ name: { first_name: "Ana", last_name: "Silva" }, phones: [{ wa_id: "351912345678" }] }] });
    expect(cards[0]).toEqual({ name: "Ana Silva", company: "", lines: [{ kind: "phone", type: "", value: "+351912345678" }] });
  });

  it("leads to web pages only", () => {
    expect(["javascript:alert(1)", "file:///etc/passwd", "https://", "//x.y", "data:text/html,x"].map(webPage)).toEqual(Array(5).fill(null));
    expect(referralOf({ source_type: "ad", source_url: "javascript:alert(1)" })?.url).toBe("");
    expect(interactiveShown({ type: "cta_url", action: { parameters: { display_text: "x", url: "javascript:alert(1)" } } }, null).buttons[0]?.url).toBe("");
  });

  it("does not end in a form that lies within itself", () => {
    let deep: Record<string, unknown> = { end: "x" };
    for (let i = 0; i < 200; i++) deep = { in: deep };
    expect(formOf({ response: deep }, "y", "n")?.length).toBe(1);
  });
});

describe("a template that was sent", () => {
  const definition = [
    { type: "HEADER", format: "TEXT", text: "Order {{1}}" },
    { type: "BODY", text: "Hello {{name}}, ready on {{day}}." },
    { type: "FOOTER", text: "Casa Azul" },
    { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Thanks" }, { type: "URL", text: "Track", url: "https://shop.example/t/{{1}}" }] },
  ];
  const payload = {
    components: [
      { type: "header", parameters: [{ type: "text", text: "8841" }] },
      { type: "body", parameters: [{ type: "text", parameter_name: "name", text: "Ana" }, { type: "text", parameter_name: "day", text: "Friday" }] },
      { type: "button", sub_type: "url", index: "1", parameters: [{ type: "text", text: "8841" }] },
    ],
  };

  it("is filled as the customer sees it", () => {
    const shown = templateShown(payload, null, definition);
    expect([shown.header, shown.body, shown.footer]).toEqual(["Order 8841", "Hello Ana, ready on Friday.", "Casa Azul"]);
    expect(shown.buttons.map((button) => [button.kind, button.text, button.url])).toEqual([
      ["reply", "Thanks", ""],
      ["link", "Track", "https://shop.example/t/8841"],
    ]);
  });

  it("shows the words that left, and what was filled in where nothing else is known", () => {
    const kept = templateShown(payload, "Order 8841\nHello Ana, ready on Friday.\nCasa Azul", definition);
    expect([kept.header, kept.body, kept.footer]).toEqual(["Order 8841", "Hello Ana, ready on Friday.", "Casa Azul"]);
    const changed = templateShown(payload, "Order 8841\nHello Ana!", definition);
    expect([changed.header, changed.body, changed.footer]).toEqual(["", "Order 8841\nHello Ana!", ""]);
    expect(templateShown(payload, null, []).body).toBe("Ana, Friday");
  });
});

describe("sizes and lengths", () => {
  it("are said as people say them", () => {
    expect([999, 1_000, 482_000, 2_400_000, 3_000_000_000].map(sizeLabel)).toEqual(["999 bytes", "1 KB", "482 KB", "2.4 MB", "3 GB"]);
    expect([0, 12_300, 73_000, 3_725_000].map(playLabel)).toEqual(["0:00", "0:12", "1:13", "1:02:05"]);
  });
});
