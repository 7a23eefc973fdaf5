import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Client } from "../api/client";
import type { TemplateView } from "../api/generated";
import { conversation, FakeHost, fails, message } from "../test/fake-host";
import { Composer } from "./composer.svelte";

function room(answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({ keep_composer: () => ({}), send_text: () => ({ message_id: "m1" }), ...answers });
  const composer = new Composer(new Client(host), host);
  composer.open("a");
  composer.start(conversation("a"));
  return { host, composer };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("drafts", () => {
  it("are kept per conversation", () => {
    const { composer } = room();
    composer.type("for a");
    composer.open("b");
    composer.start(conversation("b"));
    expect(composer.text).toBe("");
    composer.type("for b");
    composer.open("a");
    expect(composer.text).toBe("for a");
    expect(composer.draftOf("b")).toBe("for b");
  });

  it("begin with what the engine kept, but never overwrite what was typed here", () => {
    const { composer } = room();
    composer.open("b");
    composer.start(conversation("b", { composer_text: "from yesterday" }));
    expect(composer.text).toBe("from yesterday");
    composer.type("newer");
    composer.start(conversation("b", { composer_text: "from yesterday" }));
    expect(composer.text).toBe("newer");
  });

  it("tell their first key at once, because it keeps the assistant from speaking, and the rest 400 ms after the last", async () => {
    const { host, composer } = room();
    const told = () => host.asked("keep_composer").map((args) => args.text);
    composer.type("H");
    expect(told()).toEqual(["H"]);
    await vi.advanceTimersByTimeAsync(399);
    composer.type("Hi");
    composer.type("Hi t");
    await vi.advanceTimersByTimeAsync(399);
    expect(told()).toEqual(["H"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told()).toEqual(["H", "Hi t"]);
  });

  it("tell at once that the field was cleared, also while the engine is still taking the text before", async () => {
    const { host, composer } = room();
    const told = () => host.asked("keep_composer").map((args) => args.text);
    composer.type("Hi");
    composer.type("");
    expect(told()).toEqual(["Hi"]);
    await vi.advanceTimersByTimeAsync(0);
    expect(told()).toEqual(["Hi", ""]);
    composer.start(conversation("a", { composer_text: "Hi" }));
    expect(composer.text).toBe("");
  });

  it("reach the engine at once when another conversation is opened or the page is closed", async () => {
    const { host, composer } = room();
    composer.type("o");
    await vi.advanceTimersByTimeAsync(0);
    composer.type("one");
    composer.open("b");
    composer.type("t");
    await vi.advanceTimersByTimeAsync(0);
    composer.type("two");
    composer.flush(true);
    expect(host.asked("keep_composer").map((args) => args.text)).toEqual(["o", "one", "t", "two"]);
    expect(host.calls.at(-1)?.urgent).toBe(true);
  });

  it("that the engine could not take are offered again", async () => {
    const { host, composer } = room({ keep_composer: fails({ kind: "unreachable" }) });
    composer.type("kept");
    await vi.advanceTimersByTimeAsync(400);
    host.answers.keep_composer = () => ({});
    composer.flush();
    expect(host.asked("keep_composer")).toHaveLength(2);
  });
});

describe("sending", () => {
  it("empties the composer once the message exists, and tells so", async () => {
    const { host, composer } = room();
    const sent: string[] = [];
    composer.onsent = (id, messageId) => sent.push(`${id}/${messageId}`);
    composer.type("  Hello\n");
    expect(await composer.send()).toBe(true);
    expect(host.asked("send_text")).toEqual([{ conversation_id: "a", text: "Hello" }]);
    expect(composer.text).toBe("");
    expect(sent).toEqual(["a/m1"]);
    expect(host.asked("keep_composer").at(-1)?.text).toBe("");
  });

  it("keeps the text and says why when the engine refuses", async () => {
    const { composer } = room({
      send_text: fails({ kind: "answer", error: { code: "window_closed", message: "", retryable: false } }),
    });
    composer.type("Hello");
    expect(await composer.send()).toBe(false);
    expect(composer.text).toBe("Hello");
    expect(composer.trouble).toMatchObject({ error: { code: "window_closed" } });
    composer.type("Hello!");
    expect(composer.trouble).toBeNull();
  });

  it("happens once, however often Enter is pressed", async () => {
    const { host, composer } = room();
    composer.type("Hello");
    await Promise.all([composer.send(), composer.send(), composer.send()]);
    expect(host.asked("send_text")).toHaveLength(1);
  });

  it("leaves alone what was typed while the engine answered", async () => {
    const { composer } = room();
    composer.type("Hello");
    const sending = composer.send();
    composer.type("Hello and more");
    await sending;
    expect(composer.text).toBe(" and more");
  });

  it("does not mix up conversations when another one was opened meanwhile", async () => {
    const { composer } = room();
    composer.type("for a");
    const sending = composer.send();
    composer.open("b");
    composer.start(conversation("b"));
    composer.type("for b");
    await sending;
    expect(composer.text).toBe("for b");
    composer.open("a");
    expect(composer.text).toBe("");
  });

  it("refuses blanks, and says how many messages a long text leaves as", async () => {
    const { host, composer } = room();
    composer.type(" \n ");
    expect(await composer.send()).toBe(false);
    composer.type("x".repeat(4_096));
    expect(composer.messages).toBe(1);
    composer.type("👍".repeat(2_049));
    expect(composer.messages).toBe(2);
    expect(await composer.send()).toBe(true);
    expect(host.asked("send_text")).toHaveLength(1);
  });

  it("quotes a message by the provider's id and then forgets it", async () => {
    const { host, composer } = room();
    composer.setQuote(message("7"));
    composer.type("That one");
    await composer.send();
    expect(host.asked("send_text")[0]).toEqual({ conversation_id: "a", text: "That one", reply_to: "wamid.7" });
    expect(composer.quote).toBeNull();
  });
});

describe("typing", () => {
  it("is told at most every 20 seconds, and never for an empty field", () => {
    const { host, composer } = room({ typing: () => ({}) });
    composer.tellTyping(100_000);
    expect(host.asked("typing")).toEqual([]);
    composer.type("H");
    composer.tellTyping(100_000);
    composer.tellTyping(119_999);
    expect(host.asked("typing")).toEqual([{ conversation_id: "a" }]);
    composer.tellTyping(120_000);
    expect(host.asked("typing")).toHaveLength(2);
  });
});

describe("forms and templates", () => {
  const usable: TemplateView = {
    name: "ready",
    language: "en",
    category: "UTILITY",
    coming_category: null,
    status: "APPROVED",
    usable: true,
    words: null,
    quality: null,
    components: [{ type: "BODY", text: "Hello {{1}}" }],
    variables: [{ key: "1", place: "body", kind: "text", label: "Value 1", example: "Ana", optional: false }],
  };

  it("keep what was written in a form that was left", () => {
    const { composer } = room();
    composer.prepare("link");
    if (composer.prepared?.form.type === "link") composer.prepared.form.url = "https://shop.example";
    composer.prepare(null);
    composer.prepare("location");
    composer.prepare("link");
    expect(composer.prepared?.form).toMatchObject({ url: "https://shop.example" });
  });

  it("leave with the quote and empty the form, while the text stays", async () => {
    const { host, composer } = room({ send_content: () => ({ message_id: "m2" }) });
    composer.type("kept");
    composer.setQuote(message("7"));
    composer.prepare("location_request");
    expect(await composer.sendPrepared()).toBe(true);
    expect(host.asked("send_content")).toEqual([
      {
        conversation_id: "a",
        content: { type: "location_request", body: "Could you send us the place? One tap is enough." },
        reply_to: "wamid.7",
      },
    ]);
    expect(composer.prepared).toBeNull();
    expect(composer.quote).toBeNull();
    expect(composer.text).toBe("kept");
  });

  it("show what the engine says at its field until that is changed", async () => {
    const error = { code: "bad_request", message: "This page is not allowed. Choose another.", retryable: false, field: "url" } as const;
    const { composer } = room({ send_content: fails({ kind: "answer", error }) });
    composer.prepare("link");
    const prepared = composer.prepared;
    const form = prepared?.form;
    if (form?.type !== "link") throw new Error("no form");
    Object.assign(form, { body: "See", display_text: "Shop", url: "https://shop.example" });
    expect(await composer.sendPrepared()).toBe(false);
    expect(prepared?.at("url")).toBe("This page is not allowed. Choose another.");
    expect(prepared?.trouble).toBeNull();
    form.url = "https://other.example";
    expect(prepared?.at("url")).toBeNull();
  });

  it("are not sent while a variable is missing, and keep the draft", async () => {
    const { host, composer } = room({ send_template: () => ({ message_id: "m3" }) });
    composer.type("Your vase\nis ready");
    composer.fill(usable);
    expect(await composer.sendTemplate()).toBe(false);
    expect(composer.filling?.missing.map((variable) => variable.label)).toEqual(["Value 1"]);
    composer.filling?.useDraft("1", composer.text);
    expect(composer.filling?.flattened).toBe("1");
    expect(await composer.sendTemplate()).toBe(true);
    expect(host.asked("send_template")).toEqual([
      { conversation_id: "a", name: "ready", language: "en", variables: { "1": "Your vase is ready" } },
    ]);
    expect(composer.text).toBe("Your vase\nis ready");
    expect(composer.filling).toBeNull();
  });
});
