import { beforeEach, describe, expect, it } from "vitest";
import { conversation, draft, FakeHost, message } from "../test/fake-host";
import { App } from "./app.svelte";
import { pressed } from "./keyboard";

beforeEach(() => localStorage.clear());

const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

/** A window with a conversation open in which a model may be writing. */
async function room() {
  const shop = { text: null as string | null, drafts: [] as ReturnType<typeof draft>[] };
  const host = new FakeHost({
    thread: (args) => ({ conversation: conversation(args.conversation_id), messages: [message("1")], before: null, marks: [] }) as never,
    list_conversations: () => ({ conversations: [conversation("a"), conversation("b")], next_cursor: null, counts: { needs_me: 2, bot: 0, waiting: 0, all: 2 } }) as never,
    list_drafts: () => ({ drafts: shop.drafts }),
    writing: () => ({ text: shop.text }),
    approve_draft: () => ({ message_id: "m" }),
    keep_composer: () => ({}),
  });
  const app = new App(host);
  app.connectivity.link = "up";
  app.openConversation("a");
  await settle();
  const write = async (text: string | null) => {
    shop.text = text;
    app.changed([{ kind: "writing", conversation_id: "a" }]);
    await settle();
  };
  return { app, host, write };
}

describe("what a model is writing", () => {
  it("grows, goes when it is over, and asks for nothing else by that", async () => {
    const { app, host, write } = await room();
    host.calls = [];
    await write("");
    expect(app.writing.of("a")).toBe("");
    await write("We open");
    expect(app.writing.of("a")).toBe("We open");
    await write(null);
    expect(app.writing.of("a")).toBeNull();
    expect(new Set(host.calls.map((call) => call.command))).toEqual(new Set(["writing"]));
  });

  it("is not asked for in a conversation nobody looks at, and not shown in another", async () => {
    const { app, host, write } = await room();
    await write("We open");
    host.calls = [];
    app.changed([{ kind: "writing", conversation_id: "b" }]);
    await settle();
    expect(host.calls).toEqual([]);
    expect(app.writing.of("b")).toBeNull();
    app.closeConversation();
    expect(app.writing.of("a")).toBeNull();
  });

  it("shows the newest when words come faster than they are answered", async () => {
    const { app, host } = await room();
    let asked = 0;
    const waits: (() => void)[] = [];
    host.answers.writing = () => {
      asked += 1;
      const text = `word ${asked}`;
      return new Promise((done) => waits.push(() => done({ text })));
    };
    for (let i = 0; i < 10; i++) app.changed([{ kind: "writing", conversation_id: "a" }]);
    await settle();
    waits[0]?.();
    await settle();
    waits[1]?.();
    await settle();
    expect([asked, app.writing.of("a")]).toEqual([2, "word 2"]);
  });

  it("cannot be sent by any key", async () => {
    const { app, host, write } = await room();
    await write("We open at nine");
    for (const key of ["Enter", "e", "x"]) pressed(app, new KeyboardEvent("keydown", { key, ctrlKey: key === "Enter", cancelable: true }));
    await settle();
    expect(host.asked("approve_draft")).toEqual([]);
    expect(host.asked("send_text" as never)).toEqual([]);
  });
});
