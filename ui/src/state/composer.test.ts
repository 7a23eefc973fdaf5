import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Client } from "../api/client";
import { conversation, FakeHost, fails, message } from "../test/fake-host";
import { Composer, LONGEST } from "./composer.svelte";

function room(answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({ keep_composer: () => ({}), send_text: () => ({ message_id: "m1" }), ...answers });
  const composer = new Composer(new Client(host));
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

  it("reach the engine 400 ms after the last key, once", () => {
    const { host, composer } = room();
    composer.type("H");
    vi.advanceTimersByTime(399);
    composer.type("Hi");
    vi.advanceTimersByTime(399);
    expect(host.asked("keep_composer")).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(host.asked("keep_composer")).toEqual([{ conversation_id: "a", text: "Hi" }]);
  });

  it("reach the engine at once when another conversation is opened or the page is closed", () => {
    const { host, composer } = room();
    composer.type("one");
    composer.open("b");
    composer.type("two");
    composer.flush(true);
    expect(host.asked("keep_composer").map((args) => args.text)).toEqual(["one", "two"]);
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

  it("refuses nothing but blanks and what is too long, counted in characters", async () => {
    const { host, composer } = room();
    composer.type(" \n ");
    expect(await composer.send()).toBe(false);
    composer.type("👍".repeat(LONGEST + 1));
    expect(composer.tooLong).toBe(true);
    expect(await composer.send()).toBe(false);
    composer.type("👍".repeat(LONGEST));
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
