import { beforeEach, describe, expect, it } from "vitest";
import type { BotMode, ConversationView } from "../api/generated";
import { conversation, FakeHost, fails } from "../test/fake-host";
import { App } from "./app.svelte";
import { pressed } from "./keyboard";

beforeEach(() => localStorage.clear());

async function room(say: Partial<ConversationView> = {}, answers: FakeHost["answers"] = {}, channel: BotMode = "bot") {
  const shop = { view: conversation("a", { effective_mode: "bot", ...say }), all: "bot" as BotMode };
  const host = new FakeHost({
    thread: () => ({ conversation: shop.view, messages: [], marks: [], before: null }),
    list_conversations: () => ({ conversations: [shop.view], next_cursor: null, counts: { needs_me: 1, bot: 0, waiting: 0, all: 1 } }),
    list_channels: () => ({ channels: [{ id: "ch", kind: "whatsapp_cloud", name: "Shop", address: null, mode: channel, hold: null }] }),
    list_drafts: () => ({ drafts: [] }),
    assistant: () => ({ global_mode: shop.all, trouble: null }) as never,
    set_mode: (args) => {
      if (args.scope === "global" && args.mode !== null) shop.all = args.mode;
      return {};
    },
    take_over: () => (shop.view = { ...shop.view, holder: "operator", held_by: "take_over" }),
    hand_back: (args) => ({ conversation: (shop.view = { ...shop.view, holder: "assistant", held_by: "hand_back" }), open_question: args.answer_now !== true }),
    keep_holder: () => (shop.view = { ...shop.view, returns_at: null }),
    halt: () => ({}),
    keep_composer: () => ({}),
    ...answers,
  });
  const app = new App(host);
  app.about = { version: "1", demo: false, first_start: false, can_open_demo: false };
  await Promise.all([app.control.refresh(), app.connectivity.refreshChannels(), app.inbox.refresh()]);
  app.openConversation("a");
  await app.thread.refresh();
  await settle();
  const press = (key: string) => pressed(app, new KeyboardEvent("keydown", { key, cancelable: true }));
  return { app, host, shop, press };
}

const settle = () => new Promise((done) => setTimeout(done, 0));

describe("who speaks", () => {
  it("is taken over with T and handed back with T", async () => {
    const { app, host, press } = await room();
    press("t");
    await settle();
    expect(app.thread.conversation?.holder).toBe("operator");
    press("t");
    await settle();
    expect(host.asked("hand_back")).toEqual([{ conversation_id: "a" }]);
    expect(app.thread.conversation?.holder).toBe("assistant");
  });

  it("asks after handing back whether the open question is answered now, and only then has it answered", async () => {
    const { app, host } = await room({ holder: "operator" });
    await app.control.handBack(app.thread.conversation ?? conversation("a"));
    expect(app.control.openQuestion).toBe("a");
    await app.control.answerNow("a");
    expect(host.asked("hand_back").at(-1)).toEqual({ conversation_id: "a", answer_now: true });
    expect(app.control.openQuestion).toBeNull();
  });

  it("asks nothing after handing back where the assistant is off", async () => {
    const { app } = await room({ holder: "operator", effective_mode: "off" });
    await app.control.handBack(app.thread.conversation ?? conversation("a"));
    expect(app.control.openQuestion).toBeNull();
  });

  it("is left to the next message when nobody wants it answered now", async () => {
    const { app, host } = await room({ holder: "operator" });
    await app.control.handBack(app.thread.conversation ?? conversation("a"));
    app.control.wait();
    expect([app.control.openQuestion, host.asked("hand_back").length]).toEqual([null, 1]);
  });

  it("is stopped with Escape while the assistant thinks, before Escape goes anywhere", async () => {
    const { app, host, press } = await room({ activity: { state: "thinks", until: null, verdict: null, because: null, at: null, decision_id: null } });
    press("Escape");
    await settle();
    expect(host.asked("halt")).toEqual([{ conversation_id: "a" }]);
    expect(app.pane).toBe("thread");
  });

  it("says why when it did not work, at the conversation it was about", async () => {
    const error = { code: "not_now", message: "Another program answers here.", retryable: false } as const;
    const { app } = await room({}, { take_over: fails({ kind: "answer", error }) });
    expect(await app.control.takeOver(conversation("a"))).toBe(false);
    expect(app.control.troubleAt("a")).toMatchObject({ error: { message: "Another program answers here." } });
    expect(app.control.troubleAt("b")).toBeNull();
  });
});

describe("how much the assistant may do", () => {
  it("is chosen with B and a letter, and a letter alone chooses nothing", async () => {
    const { host, press } = await room();
    press("o");
    press("s");
    await settle();
    expect(host.asked("set_mode")).toEqual([]);
    press("b");
    press("s");
    await settle();
    press("b");
    press("a");
    await settle();
    expect(host.asked("set_mode")).toEqual([
      { scope: "conversation", id: "a", mode: "shadow" },
      { scope: "conversation", id: "a", mode: "bot" },
    ]);
  });

  it("forgets the B when something else is pressed, or after a while", async () => {
    const { app, host, press } = await room();
    press("b");
    press("k");
    press("o");
    app.control.chord("b", app.thread.conversation, 1_000);
    expect(app.control.chord("o", app.thread.conversation, 9_000)).toBe(false);
    await settle();
    expect(host.asked("set_mode")).toEqual([]);
  });

  it("is never loosened beyond the channel, and the window says so instead of asking", async () => {
    const { app, host } = await room({ effective_mode: "shadow" }, {}, "shadow");
    expect(await app.control.setHere(conversation("a"), "bot")).toBe(false);
    expect(host.asked("set_mode")).toEqual([]);
    expect(app.remark).toBe("Bot is not possible here: more than Shadow is not allowed.");
    expect(await app.control.setHere(conversation("a", { test: true }), "bot")).toBe(true);
  });

  it("is stopped everywhere and comes back as it was", async () => {
    const { app, host } = await room();
    await app.control.setAll("off");
    expect([app.control.all, app.control.restart]).toEqual(["off", "bot"]);
    await app.control.setAll(app.control.restart);
    expect(host.asked("set_mode").map((args) => args.mode)).toEqual(["off", "bot"]);
  });
});

describe("a reminder", () => {
  it("is said in the window with the customer's name", async () => {
    const { app, host } = await room();
    const stop = app.start();
    host.tell({ kind: "reminder", conversation_id: "a" });
    await new Promise((done) => setTimeout(done, 80));
    stop();
    expect(app.remark).toBe("Person a still waits for you");
  });
});
