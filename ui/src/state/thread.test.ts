import { describe, expect, it } from "vitest";
import { Client } from "../api/client";
import type { MessageView } from "../api/generated";
import { conversation, FakeHost, fails, message, reply } from "../test/fake-host";
import { Thread } from "./thread.svelte";

/** An engine that holds one conversation. */
function room(messages: MessageView[], unread = 0) {
  const engine = { messages, unread };
  const host = new FakeHost({
    thread: ({ before, limit = 50 }) => {
      const end = before === undefined ? engine.messages.length : engine.messages.findIndex((m) => m.id === before);
      const from = Math.max(0, end - limit);
      return {
        conversation: conversation("a", { unread: engine.unread }),
        messages: engine.messages.slice(from, end),
        marks: [],
        before: from > 0 ? (engine.messages[from]?.id ?? null) : null,
      };
    },
    mark_read: () => {
      engine.unread = 0;
      return {};
    },
  });
  return { engine, host, thread: new Thread(new Client(host)) };
}

const many = (n: number) => Array.from({ length: n }, (_, i) => message(String(i)));
const mark = (id: string, at: string) => ({ id, at, kind: "returned" as const, how: null, mode: null, reason: null });
const ids = (thread: Thread) => thread.messages.map((m) => m.id);

describe("a thread", () => {
  it("opens at its end and pages back to its beginning", async () => {
    const { thread } = room(many(120));
    await thread.open("a");
    expect([ids(thread)[0], ids(thread).length, thread.hasOlder]).toEqual(["70", 50, true]);
    await thread.loadOlder();
    expect(thread.prepending).toBe(true);
    await thread.loadOlder();
    expect([ids(thread)[0], ids(thread).length, thread.hasOlder]).toEqual(["0", 120, false]);
  });

  it("takes along what happened in the time of each page, and asks for it again with the messages", async () => {
    const { thread, host, engine } = room(many(120));
    const page = host.answers.thread;
    const marks = [mark("1", "2026-03-02T09:00:00Z"), mark("2", "2026-03-02T11:00:00Z")];
    host.answers.thread = async (args) => ({ ...(await page!(args)), marks: args.before === undefined ? marks.slice(1) : marks });
    await thread.open("a");
    expect(thread.marks.map((one) => one.id)).toEqual(["2"]);
    await thread.loadOlder();
    expect(thread.marks.map((one) => one.id)).toEqual(["1", "2"]);
    marks.push(mark("3", "2026-03-02T12:00:00Z"));
    engine.messages.push(message("120"));
    await thread.refresh();
    expect(thread.marks.map((one) => one.id)).toEqual(["1", "2", "3"]);
    await thread.open("a");
    expect(thread.marks.map((one) => one.id)).toEqual(["2", "3"]);
  });

  it("draws the unread line above the first message nobody had looked at, and keeps it", async () => {
    const { thread } = room([message("1"), message("2"), reply("3"), message("4")], 2);
    await thread.open("a");
    expect([thread.firstUnread, thread.unreadCount]).toEqual(["2", 2]);
    await thread.markRead();
    expect(thread.conversation?.unread).toBe(0);
    expect(thread.firstUnread).toBe("2");
  });

  it("loads far enough to show that line", async () => {
    const { thread } = room(many(150), 100);
    await thread.open("a", conversation("a", { unread: 100 }));
    expect(thread.firstUnread).toBe("50");
    expect(ids(thread)).toContain("50");
  });

  it("adds what is new at the end and leaves the pages above alone", async () => {
    const { thread, engine } = room(many(120));
    await thread.open("a");
    await thread.loadOlder();
    engine.messages = [...engine.messages, message("new")];
    await thread.refresh(new Set(["new"]));
    expect(ids(thread)).toHaveLength(101);
    expect(ids(thread).at(-1)).toBe("new");
    expect(thread.prepending).toBe(false);
  });

  it("fetches as far back as a changed message lies", async () => {
    const { thread, engine } = room(many(300));
    await thread.open("a");
    await thread.loadOlder(200);
    engine.messages = engine.messages.map((m) => (m.id === "60" ? { ...m, edited: true } : m));
    await thread.refresh(new Set(["60"]));
    expect(ids(thread)).toHaveLength(250);
    expect(thread.messages.find((m) => m.id === "60")?.edited).toBe(true);
  });

  it("begins anew at the end when more has come than one page joins", async () => {
    const { thread, engine } = room(many(60));
    await thread.open("a");
    engine.messages = [...engine.messages, ...Array.from({ length: 80 }, (_, i) => message(`n${i}`))];
    await thread.refresh();
    expect(ids(thread)[0]).toBe("n30");
    expect(thread.hasOlder).toBe(true);
    await thread.loadOlder();
    expect(ids(thread)[0]).toBe("40");
  });

  it("drops a discarded message", async () => {
    const { thread, engine, host } = room([message("1"), reply("2", { status: "failed" })]);
    host.answers.discard = () => {
      engine.messages = engine.messages.slice(0, 1);
      return {};
    };
    await thread.open("a");
    await thread.discard(reply("2"));
    expect(ids(thread)).toEqual(["1"]);
  });

  it("moves a message that is tried again to the end, where it stands once", async () => {
    const { thread, engine, host } = room([reply("1", { status: "failed" }), ...many(60).map((m) => ({ ...m, id: `n${m.id}` }))]);
    host.answers.retry = () => {
      const [first, ...rest] = engine.messages;
      engine.messages = [...rest, { ...(first as MessageView), status: "queued" }];
      return { message_id: "1" };
    };
    await thread.open("a");
    await thread.loadOlder();
    expect(ids(thread)[0]).toBe("1");
    await thread.retry(reply("1"));
    expect([ids(thread)[0], ids(thread).at(-1), ids(thread).length]).toEqual(["n0", "1", 61]);
  });

  it("says beside the message why a retry was refused", async () => {
    const { thread, host } = room([reply("2", { status: "failed" })]);
    host.answers.retry = fails({ kind: "answer", error: { code: "not_now", message: "It has been sent meanwhile.", retryable: false } });
    await thread.open("a");
    await thread.retry(reply("2"));
    expect(thread.actionTrouble.get("2")).toMatchObject({ error: { code: "not_now" } });
    host.answers.retry = () => ({ message_id: "2" });
    await thread.retry(reply("2"));
    expect(thread.actionTrouble.size).toBe(0);
  });

  it("counts customers' messages that come while the end is out of sight, not our own", async () => {
    const { thread, engine } = room(many(3));
    await thread.open("a");
    thread.atBottom = false;
    engine.messages = [...engine.messages, message("x"), reply("y")];
    await thread.refresh();
    expect(thread.newBelow).toBe(1);
  });

  it("pages back to a message a search found", async () => {
    const { thread } = room(many(600));
    await thread.open("a", null, "5");
    expect(thread.sought).toBe("5");
    await thread.open("a", null, "nowhere");
    expect([thread.sought, thread.soughtMissing]).toEqual([null, true]);
  });

  it("goes to a quoted message however far back it is, and again when asked again", async () => {
    const { thread } = room(many(300));
    await thread.open("a");
    await thread.seek("20");
    expect([thread.sought, ids(thread).includes("20")]).toEqual(["20", true]);
    await thread.seek("20");
    expect(thread.sought).toBe("20");
    await thread.seek("gone");
    expect([thread.sought, thread.soughtMissing]).toEqual([null, true]);
  });

  it("ignores the answer for a conversation that is no longer open", async () => {
    const { thread, host } = room(many(3));
    const slow = thread.open("a");
    const other = thread.open("b");
    await Promise.all([slow, other]);
    expect(thread.id).toBe("b");
    expect(host.asked("thread")).toHaveLength(2);
  });

  it("finds a quoted message only where it is loaded", async () => {
    const { thread } = room([message("1"), reply("2", { reply_to: "wamid.1" }), reply("3", { reply_to: "wamid.0" })]);
    await thread.open("a");
    expect(thread.messages.map((m) => thread.quoted(m)?.id ?? null)).toEqual([null, "1", null]);
  });

  it("keeps a trouble for the retry button and recovers", async () => {
    const { thread, host } = room(many(2));
    const answer = host.answers.thread;
    host.answers.thread = fails({ kind: "unreachable" });
    await thread.open("a");
    expect(thread.trouble).toEqual({ kind: "unreachable" });
    host.answers.thread = answer;
    await thread.refresh();
    expect([thread.trouble, ids(thread).length]).toEqual([null, 2]);
  });
});
