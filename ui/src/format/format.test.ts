import { describe, expect, it } from "vitest";
import type { DeliveryStatus, MessageKind, MessageView } from "../api/generated";
import { attachment, conversation, message, reply } from "../test/fake-host";
import { chipOf } from "./chip";
import { blockText, oneEmoji, onlyEmoji, plainText, readBlocks, readMarkup } from "./markup";
import { phoneLabel } from "./phone";
import { inBrief, signOf } from "./said";
import { mayWrite, serviceWindow } from "./service-window";
import { cameLate, membersOf, threadItems } from "./thread-items";
import { tickOf } from "./ticks";
import { agoLabel, dayLabel, durationLabel } from "./time";

const now = Date.parse("2026-03-02T12:00:00Z");
const later = (minutes: number) => new Date(now + minutes * 60_000).toISOString();

describe("formatting", () => {
  it("reads bold, italic, strike and code, also within each other", () => {
    expect(readMarkup("a *b _c_* ~d~ ```e *f*```")).toEqual([
      { kind: "text", text: "a " },
      { kind: "bold", inner: [{ kind: "text", text: "b " }, { kind: "italic", inner: [{ kind: "text", text: "c" }] }] },
      { kind: "text", text: " " },
      { kind: "strike", inner: [{ kind: "text", text: "d" }] },
      { kind: "text", text: " " },
      { kind: "code", text: "e *f*" },
    ]);
  });

  it("leaves marks alone that format nothing", () => {
    for (const text of ["2 * 3 * 4", "snake_case_name", "is * a *", "**", "*", "a*b*c", "*over\ntwo lines*", "```"]) {
      expect(readMarkup(text)).toEqual([{ kind: "text", text }]);
    }
  });

  it("loses no character, whatever the text", () => {
    const signs = ["*", "_", "~", "`", "```", " ", "a", "é", "א", "\n", "https://x.y/z_w_", "<b>", ")", "."];
    let seed = 7;
    for (let round = 0; round < 2_000; round++) {
      let text = "";
      for (let i = 0; i < 12; i++) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        text += signs[seed % signs.length];
      }
      const bare = (s: string) => s.replace(/[*_~`\s]/g, "");
      expect(bare(plainText(text))).toBe(bare(text));
    }
  });

  it("reads quotations and lists by their lines", () => {
    const blocks = readBlocks("Hello\n> you *said*\n> this\n- one\n* two\n1. first\n12. last\nend");
    expect(blocks.map((block) => block.kind)).toEqual(["lines", "quote", "bullets", "numbers", "lines"]);
    expect(blocks.map(blockText)).toEqual(["Hello", "you said\nthis", "- one\n- two", "1. first\n12. last", "end"]);
  });

  it("leaves a dash, a number and an arrow alone that begin no list and no quotation", () => {
    for (const text of ["a - b", "-5 degrees", "3.50 €", "1.5", "> ", "2024. ", "-"]) expect(readBlocks(text).map((block) => block.kind), text).not.toContain("bullets");
    for (const text of ["3.50 €", "1.5", "2024. year"]) expect(readBlocks(text)[0]?.kind, text).toBe("lines");
  });

  it("shows code of a few words in its line and code of several lines apart", () => {
    expect(readBlocks("say `x *y*` now")).toEqual([
      { kind: "lines", inner: [{ kind: "text", text: "say " }, { kind: "code", text: "x *y*" }, { kind: "text", text: " now" }] },
    ]);
    expect(readBlocks("```\na\n  b\n```")).toEqual([{ kind: "code", text: "a\n  b" }]);
  });

  it("reads twenty thousand characters of any sign in no time", () => {
    const units = ["*a ", "_*~`", "`", "``` ", "https://", "https://a)", "> ", "- x\n", "1. ", "*", "a*", "*b _c ~d "];
    for (const unit of units) {
      const text = unit.repeat(20_000).slice(0, 20_000);
      const best = Math.min(...[1, 2, 3].map(() => {
        const start = performance.now();
        readBlocks(text);
        return performance.now() - start;
      }));
      // Ten times what it may take, for computers that do other things; quadratic time would be seconds.
      expect(best, unit).toBeLessThan(500);
    }
  });

  it("sees links only where they are http or https, without the punctuation after them", () => {
    const links = (text: string) => readMarkup(text).flatMap((p) => (p.kind === "link" ? [p.text] : []));
    expect(links("see https://a.example/x_y_z, (http://b.example/q) and https://c.example/a_(b).")).toEqual([
      "https://a.example/x_y_z",
      "http://b.example/q",
      "https://c.example/a_(b)",
    ]);
    expect(links("javascript:alert(1) file:///etc/passwd data:text/html,x ftp://a")).toEqual([]);
  });

  it("comes to an end on a hostile text", () => {
    for (const sign of ["*a ", "_*~", "``` ", "https://", "*".repeat(40)]) {
      const text = sign.repeat(Math.ceil(4_096 / sign.length));
      expect(readMarkup(text).length).toBeGreaterThan(0);
    }
  });

  it("takes one emoji for a reaction, however it is put together", () => {
    expect(["👍", "👍🏽", "👨‍👩‍👧", "❤️", "🇵🇹", " 🙏 "].map(oneEmoji)).toEqual([true, true, true, true, true, true]);
    expect(["", "a", "1", "👍👍", "ok👍"].map(oneEmoji)).toEqual([false, false, false, false, false]);
  });

  it("shows one to three emoji larger, and nothing else", () => {
    expect(["👍", "👨‍👩‍👧 🎉", "🇵🇹"].map(onlyEmoji)).toEqual([true, true, true]);
    expect(["", "42", "#", "ok 👍", "👍👍👍👍"].map(onlyEmoji)).toEqual([false, false, false, false, false]);
  });
});

describe("ticks", () => {
  it("has a mark and words for every state of a message we sent", () => {
    const states: DeliveryStatus[] = ["scheduled", "queued", "sending", "accepted", "sent", "delivered", "read", "played", "failed", "unknown"];
    const said = states.map((s) => [tickOf(s)?.icon, tickOf(s)?.words]);
    expect(said).toEqual([
      ["clock", "scheduled"],
      ["clock", "waiting to be sent"],
      ["clock", "being sent"],
      ["tick", "sent"],
      ["tick", "sent"],
      ["ticks", "delivered"],
      ["ticks", "read"],
      ["ticks", "played"],
      ["cross", "not delivered"],
      ["question", "may not have arrived"],
    ]);
  });

  it("has none for a message we received", () => {
    expect(tickOf("received")).toBeNull();
  });

  it("tells read from delivered by the accent, and failed from unknown by tone", () => {
    expect([tickOf("delivered")?.tone, tickOf("read")?.tone, tickOf("failed")?.tone, tickOf("unknown")?.tone]).toEqual([
      "quiet",
      "accent",
      "bad",
      "unsure",
    ]);
  });
});

describe("the service window", () => {
  it("turns amber below four hours, red in the last one, and closes to the millisecond", () => {
    const state = (minutes: number) => serviceWindow(later(minutes), now).state;
    expect([state(241), state(239), state(59), state(0), state(-1)]).toEqual(["open", "soon", "last", "closed", "closed"]);
    expect(serviceWindow(null, now).state).toBe("never");
    expect(mayWrite(serviceWindow(later(0), now))).toBe(false);
    expect(mayWrite(serviceWindow(later(1), now))).toBe(true);
  });

  it("treats a time it cannot read as closed", () => {
    expect(serviceWindow("soon", now).state).toBe("closed");
  });
});

describe("the chip of a row", () => {
  const chip = (say: Parameters<typeof conversation>[1], pile: "all" | "needs_me" = "all") =>
    chipOf(conversation("a", say), pile, now)?.text ?? null;

  it("names the most severe reason", () => {
    const preview = { text: "x", kind: "text", original_kind: "text", author: "operator", revoked: false, status: "failed" } as const;
    expect(chip({ undelivered: 1, preview, window_closes_at: later(30) })).toBe("Not delivered");
    expect(chip({ undelivered: 1, preview: { ...preview, status: "unknown" } })).toBe("May not have arrived");
  });

  it("warns of a closing window only while an answer is owed", () => {
    expect(chip({ window_closes_at: later(38) })).toBe("Closes in 38 min");
    expect(chip({ window_closes_at: later(200) })).toBe("Closes in 3 h");
    expect(chip({ window_closes_at: later(38), queue: "waiting" })).toBeNull();
    expect(chip({ window_closes_at: later(-1), queue: "waiting" })).toBe("Window closed");
  });

  it("keeps quiet where the pile or the count already says it", () => {
    expect(chip({}, "needs_me")).toBeNull();
    expect(chip({ unread: 2 })).toBeNull();
    expect(chip({})).toBe("Waiting for answer");
  });
});

describe("phone numbers", () => {
  it("are grouped as they are read aloud, and anything else is left alone", () => {
    expect(["+12025550143", "+351912345678", "+4915123456789", "+97145551234"].map(phoneLabel)).toEqual([
      "+1 202 555 0143",
      "+351 912 345 678",
      "+49 151 2345 6789",
      "+971 4555 1234",
    ]);
    expect(["+447700900211", "+442079460958", "+33612345678", "+5511987654321", "+919876543210", "+971501234567"].map(phoneLabel)).toEqual([
      "+44 7700 900211",
      "+44 20 7946 0958",
      "+33 6 12 34 56 78",
      "+55 11 98765 4321",
      "+91 98765 43210",
      "+971 50 123 4567",
    ]);
    // A code no country has, and a number too short to cut.
    expect(["+2801234567", "+35412345"].map(phoneLabel)).toEqual(["+2 801 234 567", "+354 12345"]);
    expect(["Ana", "US.123", "+1", "0151 23", "+351 912 345 678"].map(phoneLabel)).toEqual([
      "Ana",
      "US.123",
      "+1",
      "0151 23",
      "+351 912 345 678",
    ]);
  });
});

describe("a message in one line", () => {
  const line = (kind: MessageKind, text: string | null = null, original_kind: string = kind) =>
    inBrief({ kind, text, original_kind, author: "customer" });

  it("is named by its kind, with its words beside it", () => {
    expect((["image", "voice", "location", "order", "sticker"] as const).map((kind) => line(kind))).toEqual([
      "Photo",
      "Voice message",
      "Location",
      "Order",
      "Sticker",
    ]);
    expect(line("image", "our *kitchen*")).toBe("Photo: our kitchen");
    expect(line("location", "Praça da Ribeira")).toBe("Location: Praça da Ribeira");
  });

  it("says words alone where they are all there is", () => {
    expect([line("text", "hi *you*"), line("button_reply", "Yes, please"), line("template", "Ready")]).toEqual(["hi you", "Yes, please", "Ready"]);
  });

  it("shows nothing of what was taken back", () => {
    expect(line("text", null)).toBe("Deleted message");
    const back = { kind: "image", text: "secret", original_kind: "image", author: "customer", revoked: true } as const;
    expect([inBrief(back), signOf(back)]).toEqual(["Deleted message", null]);
  });

  it("names a kind nobody knows yet", () => {
    expect(line("unknown", null, "hologram")).toBe("Kind of message this version does not know (hologram)");
    expect(line("unknown", null, "constructor")).toContain("(constructor)");
  });
});

describe("times", () => {
  it("says lengths as people plan", () => {
    expect([30_000, 38 * 60_000, 3_600_000, 17.87 * 3_600_000].map(durationLabel)).toEqual([
      "under 1 min",
      "38 min",
      "1 h",
      "17 h 52 min",
    ]);
    expect([agoLabel(later(0), now), agoLabel(later(-0.2), now), agoLabel(later(-90), now)]).toEqual(["just now", "12 s ago", "1 h ago"]);
  });

  it("names today, yesterday, weekdays and dates", () => {
    const noon = new Date(2026, 2, 11, 12).getTime();
    const day = (back: number) => dayLabel(new Date(2026, 2, 11 - back, 12).toISOString(), noon);
    expect([day(0), day(1), day(3), day(30)]).toEqual(["Today", "Yesterday", "Sunday", "February 9"]);
  });
});

describe("the thread's lines", () => {
  it("groups one author's messages within five minutes", () => {
    const items = threadItems(
      [
        message("1", { sent_at: later(0) }),
        message("2", { sent_at: later(4) }),
        message("3", { sent_at: later(10) }),
        reply("4", { sent_at: later(11) }),
      ],
      null,
    );
    expect(items.map((item) => item.first)).toEqual([true, false, true, true]);
  });

  it("draws a day line at every new day and the unread line once", () => {
    const items = threadItems([message("1"), message("2"), message("3", { sent_at: "2026-03-05T10:00:00Z" })], "2");
    expect(items.map((item) => [item.day, item.unread])).toEqual([
      [true, false],
      [false, true],
      [true, false],
    ]);
  });

  it("gathers pictures that come together without words", () => {
    const picture = (id: string, seconds: number, say: Partial<MessageView> = {}) =>
      message(id, { kind: "image", text: null, attachments: [attachment(id)], sent_at: new Date(now + seconds * 1_000).toISOString(), ...say });
    const albums = (messages: MessageView[], unread: string | null = null) =>
      threadItems(messages, unread).map((item) => membersOf(item).map((one) => one.id).join(""));
    expect(albums([picture("1", 0), picture("2", 20), picture("3", 70), message("4")])).toEqual(["123", "4"]);
    expect(albums([picture("1", 0), picture("2", 61)])).toEqual(["1", "2"]);
    expect(albums([picture("1", 0), picture("2", 5, { text: "this one" }), picture("3", 9)])).toEqual(["1", "2", "3"]);
    expect(albums([picture("1", 0), picture("2", 5, { revoked: true })])).toEqual(["1", "2"]);
    expect(albums([picture("1", 0), picture("2", 5, { sender: "Joana" })])).toEqual(["1", "2"]);
    expect(albums([picture("1", 0), picture("2", 5), picture("3", 9)], "2")).toEqual(["1", "23"]);
    expect(albums([picture("1", 0), picture("2", 5, { attachments: [attachment("x", { state: "failed" })] })])).toEqual(["1", "2"]);
  });

  it("mentions two times only when a message came more than two minutes late", () => {
    expect(cameLate(message("1", { received_at: "2026-03-02T10:01:59Z" }))).toBe(false);
    expect(cameLate(message("1", { received_at: "2026-03-02T10:02:01Z" }))).toBe(true);
    expect(cameLate(reply("1", { received_at: "2026-03-02T12:00:00Z" }))).toBe(false);
  });
});
