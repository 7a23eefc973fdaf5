import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AppView } from "../api/generated";
import { conversation, FakeHost, fails, message } from "../test/fake-host";
import { App } from "./app.svelte";
import { pressed } from "./keyboard";

const about: AppView = { version: "0.1.0", demo: false, first_start: false, can_open_demo: true };

function room(answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({
    app: () => about,
    list_conversations: () => ({
      conversations: [conversation("a"), conversation("b")],
      next_cursor: null,
      counts: { needs_me: 2, bot: 0, waiting: 0, all: 2 },
    }),
    list_channels: () => ({ channels: [] }),
    thread: ({ conversation_id }) => ({
      conversation: conversation(conversation_id),
      messages: [message("1")],
      marks: [],
      before: null,
    }),
    health: () => ({
      level: "ok",
      findings: [],
      webhook_url: null,
      last_event_at: new Date().toISOString(),
      waiting_to_send: 0,
      pending_webhooks: 0,
      checked_at: null,
    }),
    keep_composer: () => ({}),
    ...answers,
  });
  const app = new App(host);
  return { host, app, stop: app.start() };
}

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());
const settle = (ms = 200) => vi.advanceTimersByTimeAsync(ms);

describe("the window", () => {
  it("shows the three doors on a first start, and never in the demo", async () => {
    const first = room({ app: () => ({ ...about, first_start: true }) });
    await settle();
    expect(first.app.view).toBe("welcome");
    const demo = room({ app: () => ({ ...about, first_start: true, demo: true }) });
    await settle();
    expect(demo.app.view).toBe("inbox");
  });

  it("asks for everything again after a resync: list, open thread, health and channels", async () => {
    const { host, app } = room();
    await settle();
    app.openConversation("a");
    await settle();
    host.calls = [];
    host.tell({ kind: "resync" });
    await settle();
    expect(new Set(host.calls.map((call) => call.command))).toEqual(
      new Set(["app", "list_conversations", "thread", "health", "list_channels", "list_notices", "setup", "tunnel", "vault", "away", "assistant", "list_drafts", "writing"]),
    );
  });

  it("answers many changes at once with one refetch, and leaves threads that are not open alone", async () => {
    const { host, app } = room();
    await settle();
    app.openConversation("a");
    await settle();
    host.calls = [];
    for (let i = 0; i < 50; i++) host.tell({ kind: "message", conversation_id: "b", message_id: `m${i}` });
    await settle();
    expect(host.asked("list_conversations")).toHaveLength(1);
    expect(host.asked("thread")).toHaveLength(0);
    host.tell({ kind: "message", conversation_id: "a", message_id: "1" });
    await settle();
    expect(host.asked("thread")).toHaveLength(1);
  });

  it("keeps showing news while changes never pause", async () => {
    const { host } = room();
    await settle();
    host.calls = [];
    for (let i = 0; i < 100; i++) {
      host.tell({ kind: "conversation", conversation_id: "b" });
      await settle(10);
    }
    expect(host.asked("list_conversations").length).toBeGreaterThan(10);
  });

  it("tells the truth in the status line", async () => {
    const { host, app } = room();
    await settle();
    expect(app.connectivity.statusLine(Date.now())).toMatchObject({ tone: "good", text: expect.stringMatching(/^Listening · last heard from WhatsApp/) });
    host.listener?.link("down");
    expect(app.connectivity.statusLine(Date.now())).toMatchObject({ tone: "bad", text: "Deskbell has stopped answering · trying again" });
    expect(app.said).toBe("Deskbell has stopped answering");
    host.listener?.link("up");
    app.connectivity.channels = [
      { id: "ch", kind: "whatsapp_cloud", name: "Shop", address: null, mode: "off", hold: { code: 190, words: "w", until: "" } },
    ];
    expect(app.connectivity.statusLine(Date.now()).text).toBe("Sending paused on Shop");
  });

  it("says what to do when the token is refused", async () => {
    const { app } = room({ app: fails({ kind: "no_access" }) });
    await settle();
    expect(app.view).toBe("no_access");
  });

  it("offers to try again when the engine does not answer at first, and recovers by itself", async () => {
    const { host, app } = room({ app: fails({ kind: "unreachable" }) });
    await settle();
    expect(app.view).toBe("failed");
    host.answers.app = () => about;
    host.tell({ kind: "resync" });
    await settle();
    expect(app.view).toBe("inbox");
  });

  it("forgets the drafts of a shop it leaves", async () => {
    const { app } = room({ app: () => ({ ...about, demo: true }), leave_demo: () => ({ ...about, first_start: true }) });
    await settle();
    app.openConversation("a");
    app.composer.type("demo words");
    await app.leaveDemo();
    expect(app.composer.draftOf("a")).toBeUndefined();
    expect(app.thread.id).toBeNull();
  });

  it("leads the focus into the list with J, but leaves whoever types where they are", async () => {
    document.body.innerHTML = '<div id="conversations" tabindex="0"></div><textarea id="composer"></textarea>';
    const { app } = room();
    await settle();
    const press = (key: string, how: KeyboardEventInit = {}) => {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...how });
      const target = document.activeElement ?? document.body;
      target.addEventListener("keydown", () => pressed(app, event), { once: true });
      target.dispatchEvent(event);
    };
    press("j");
    expect([document.activeElement?.id, app.thread.id]).toEqual(["conversations", "a"]);
    document.getElementById("composer")?.focus();
    press("j");
    expect(app.thread.id).toBe("a");
    press("ArrowDown", { altKey: true });
    expect([document.activeElement?.id, app.thread.id]).toEqual(["composer", "b"]);
    document.body.innerHTML = "";
  });
});
