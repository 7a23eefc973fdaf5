import { beforeEach, describe, expect, it } from "vitest";
import { Client } from "../api/client";
import type { ConversationView, ListConversations } from "../api/generated";
import { conversation, FakeHost, fails } from "../test/fake-host";
import { Inbox } from "./inbox.svelte";

beforeEach(() => localStorage.clear());

/** An engine with so many conversations, newest first. */
function room(rows: ConversationView[]) {
  const engine = { rows };
  const host = new FakeHost({
    list_conversations: (args: ListConversations) => {
      const { filter, cursor, limit = 50 } = args;
      const all = engine.rows.filter(
        (row) =>
          (filter?.queue === undefined || row.queue === filter.queue) &&
          (filter?.text === undefined || row.contact.name.includes(filter.text)),
      );
      const from = Number(cursor ?? 0);
      const count = (queue: string) => engine.rows.filter((row) => row.queue === queue).length;
      return {
        conversations: all.slice(from, from + limit),
        next_cursor: from + limit < all.length ? String(from + limit) : null,
        counts: { needs_me: count("needs_me"), bot: count("bot"), waiting: count("waiting"), all: engine.rows.length },
      };
    },
    search: () => ({ hits: [] }),
    thread: ({ conversation_id }) => ({
      conversation: engine.rows.find((row) => row.id === conversation_id) ?? conversation("?"),
      messages: [],
      marks: [],
      before: null,
    }),
  });
  return { engine, host, inbox: new Inbox(new Client(host)) };
}

const ids = (inbox: Inbox) => inbox.rows.map((row) => row.id).join("");
const many = (n: number) =>
  Array.from({ length: n }, (_, i) =>
    conversation(`r${i};`, { last_at: new Date(Date.parse("2026-03-02T10:00:00Z") - i * 60_000).toISOString() }),
  );
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("piles", () => {
  it("show what needs me first, and remember another choice", async () => {
    const { inbox, engine, host } = room([conversation("a"), conversation("b", { queue: "waiting" })]);
    await inbox.refresh();
    expect(ids(inbox)).toBe("a");
    expect(inbox.counts).toEqual({ needs_me: 1, bot: 0, waiting: 1, all: 2 });
    inbox.choosePile("waiting");
    await settled();
    expect(ids(inbox)).toBe("b");
    const again = new Inbox(new Client(host));
    expect(again.pile).toBe("waiting");
    expect(engine.rows).toHaveLength(2);
  });

  it("keep the open conversation in its place when it leaves the pile, until another is opened", async () => {
    const { inbox, engine } = room([conversation("a"), conversation("b"), conversation("c")]);
    await inbox.refresh();
    inbox.selectedId = "b";
    engine.rows = engine.rows.map((row) => (row.id === "b" ? { ...row, queue: "waiting" } : row));
    await inbox.refresh(new Set(["b"]));
    expect(ids(inbox)).toBe("abc");
    inbox.selectedId = "c";
    await inbox.refresh();
    expect(ids(inbox)).toBe("ac");
  });

  it("find the next one that needs me after the open one, then from the top", async () => {
    const { inbox } = room([conversation("a"), conversation("b", { queue: "waiting" }), conversation("c")]);
    inbox.pile = "all";
    await inbox.refresh();
    inbox.selectedId = "a";
    expect(inbox.nextNeedingMe()).toBe("c");
    inbox.selectedId = "c";
    expect(inbox.nextNeedingMe()).toBe("a");
    expect([inbox.neighbour(-1), inbox.neighbour(1)]).toEqual(["b", null]);
  });
});

describe("rows", () => {
  it("change in place and do not move while the pointer is over the list", async () => {
    const { inbox, engine } = room([conversation("a"), conversation("b")]);
    await inbox.refresh();
    inbox.hold();
    engine.rows = [conversation("c"), conversation("b", { unread: 3 }), conversation("a")];
    await inbox.refresh();
    expect(ids(inbox)).toBe("ab");
    expect(inbox.rows[1]?.unread).toBe(3);
    expect(inbox.moved).toBe(1);
    inbox.release();
    expect(ids(inbox)).toBe("cba");
    expect(inbox.moved).toBe(0);
  });

  it("that only our own reply moves are no news", async () => {
    const { inbox, engine } = room([conversation("a"), conversation("b"), conversation("c")]);
    inbox.pile = "all";
    await inbox.refresh();
    inbox.hold();
    const ours = { text: "x", kind: "text", original_kind: "text", author: "operator", revoked: false, status: "sent" } as const;
    engine.rows = [conversation("b", { preview: ours, queue: "waiting" }), conversation("a"), conversation("c")];
    await inbox.refresh();
    expect([ids(inbox), inbox.moved]).toEqual(["abc", 0]);
    engine.rows = [conversation("c"), ...engine.rows.slice(0, 2)];
    await inbox.refresh();
    expect(inbox.moved).toBe(1);
    inbox.release();
    expect(ids(inbox)).toBe("cba");
  });

  it("come page by page without doubles or gaps, also when new ones arrive meanwhile", async () => {
    const { inbox, engine } = room(many(120));
    await inbox.refresh();
    expect(inbox.rows).toHaveLength(50);
    await inbox.loadMore();
    await inbox.loadMore();
    expect(inbox.rows).toHaveLength(120);
    engine.rows = [conversation("new", { last_at: "2026-03-02T11:00:00Z" }), ...engine.rows];
    await inbox.refresh();
    expect(new Set(inbox.rows.map((row) => row.id)).size).toBe(121);
    expect(inbox.rows[0]?.id).toBe("new");
  });

  it("far down are asked for one by one when they changed", async () => {
    const { inbox, engine, host } = room(many(260));
    await inbox.refresh();
    for (let page = 0; page < 5; page++) await inbox.loadMore();
    expect(inbox.rows).toHaveLength(260);
    engine.rows = engine.rows.map((row) => (row.id === "r255;" ? { ...row, undelivered: 1 } : row));
    await inbox.refresh(new Set(["r255;"]));
    expect(inbox.rows).toHaveLength(260);
    expect(inbox.rows[255]?.undelivered).toBe(1);
    expect(host.asked("thread")).toEqual([{ conversation_id: "r255;", limit: 1 }]);
  });

  it("that grew unread are announced, but not those of the first look", async () => {
    const { inbox, engine } = room([conversation("a", { unread: 2 })]);
    const heard: string[] = [];
    inbox.onarrival = (rows) => heard.push(...rows.map((row) => row.id));
    await inbox.refresh();
    expect(heard).toEqual([]);
    engine.rows = [conversation("b", { unread: 1 }), conversation("a", { unread: 2 })];
    await inbox.refresh();
    expect(heard).toEqual(["b"]);
  });

  it("stay when the engine cannot be asked", async () => {
    const { inbox, host } = room([conversation("a")]);
    await inbox.refresh();
    host.answers.list_conversations = fails({ kind: "unreachable" });
    await inbox.refresh();
    expect(ids(inbox)).toBe("a");
    expect(inbox.trouble).toEqual({ kind: "unreachable" });
  });
});

describe("search", () => {
  it("asks for names and messages in all piles once the typing pauses", async () => {
    const { inbox, host } = room([conversation("a"), conversation("b", { queue: "waiting" })]);
    await inbox.refresh();
    inbox.search("Per");
    inbox.search("Person b");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(ids(inbox)).toBe("b");
    expect(host.asked("search")).toEqual([{ query: "Person b", limit: 50 }]);
    inbox.clearSearch();
    await settled();
    expect(ids(inbox)).toBe("a");
    expect(inbox.hits).toEqual([]);
  });
});
