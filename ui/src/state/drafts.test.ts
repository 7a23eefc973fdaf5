import { beforeEach, describe, expect, it } from "vitest";
import type { DraftView, MessageView } from "../api/generated";
import { conversation, decision, draft, FakeHost, fails, message, reply } from "../test/fake-host";
import { App } from "./app.svelte";
import { pressed } from "./keyboard";
import { messageBefore } from "./why.svelte";

beforeEach(() => localStorage.clear());

/** A window with a shop of some conversations, each of which may have a draft. */
async function room(drafts: DraftView[], answers: FakeHost["answers"] = {}) {
  const shop = { drafts, messages: [message("1", { text: "Do you post to Porto?" })] as MessageView[] };
  const gone = (id: string) => {
    shop.drafts = shop.drafts.map((one) => (one.id === id ? { ...one, state: "sent" } : one));
  };
  const host = new FakeHost({
    app: () => ({ version: "1", demo: false, first_start: false, can_open_demo: false }),
    thread: (args) => ({ conversation: conversation(args.conversation_id, { effective_mode: "shadow" }), messages: shop.messages, marks: [], before: null }),
    list_conversations: () => ({ conversations: [conversation("a"), conversation("b")], next_cursor: null, counts: { needs_me: 2, bot: 0, waiting: 0, all: 2 } }),
    list_drafts: (args) => ({
      drafts: shop.drafts.filter((one) => (args.conversation_id === undefined || one.conversation_id === args.conversation_id) && (args.state === "all" || one.state === "pending")),
    }),
    approve_draft: (args) => {
      gone(args.draft_id);
      return { message_id: `m-${args.draft_id}` };
    },
    dismiss_draft: (args) => {
      gone(args.draft_id);
      return {};
    },
    request_draft: () => ({}),
    keep_composer: () => ({}),
    discard: () => ({}),
    take_over: (args) => conversation(args.conversation_id, { holder: "operator" }),
    snooze_conversation: (args) => conversation(args.conversation_id, { snoozed_until: args.until ?? null }),
    ...answers,
  });
  const app = new App(host);
  app.about = { version: "1", demo: false, first_start: false, can_open_demo: false };
  app.connectivity.link = "up";
  await app.inbox.refresh();
  return { host, app, shop };
}

async function opened(drafts: DraftView[], answers: FakeHost["answers"] = {}) {
  const all = await room(drafts, answers);
  all.app.openConversation("a");
  await all.app.thread.refresh();
  await all.app.drafts.look("a");
  return all;
}

const press = (app: App, key: string, more: KeyboardEventInit = {}) => pressed(app, new KeyboardEvent("keydown", { key, cancelable: true, ...more }));
const settle = async () => {
  for (let i = 0; i < 12; i++) await Promise.resolve();
};

describe("the draft of a conversation", () => {
  it("leaves unchanged without a text of its own, so that the engine knows it was not edited", async () => {
    const { app, host } = await opened([draft("d", "a")]);
    expect(app.drafts.open?.id).toBe("d");
    expect(await app.drafts.approve(draft("d", "a"))).toBe("m-d");
    expect(host.asked("approve_draft")).toEqual([{ draft_id: "d" }]);
    expect(app.drafts.open).toBeNull();
    expect(app.drafts.gone).toBeNull();
  });

  it("is edited in its own place and leaves with the new words, while the reply field keeps its text", async () => {
    const { app, host } = await opened([draft("d", "a")]);
    app.composer.type("mine");
    app.drafts.edit(draft("d", "a"), "Yes, tomorrow. ");
    await app.drafts.approve(draft("d", "a"));
    expect(host.asked("approve_draft")).toEqual([{ draft_id: "d", text: "Yes, tomorrow." }]);
    expect(app.composer.text).toBe("mine");
  });

  it("keeps an edit while another conversation is looked at", async () => {
    const { app } = await opened([draft("d", "a")]);
    app.drafts.edit(draft("d", "a"), "half");
    app.openConversation("b");
    await app.drafts.look("b");
    expect(app.drafts.open).toBeNull();
    app.openConversation("a");
    await app.drafts.look("a");
    expect(app.drafts.edited("d")).toBe("half");
  });

  it("is not sent when it was edited to nothing, or while it is hidden on purpose", async () => {
    const { app, host } = await opened([draft("d", "a")]);
    app.drafts.edit(draft("d", "a"), "  ");
    expect(await app.drafts.approve(draft("d", "a"))).toBeNull();
    expect(await app.drafts.approve(draft("e", "a", { blind: true, text: "" }))).toBeNull();
    expect(host.asked("approve_draft")).toEqual([]);
  });

  it("says when something newer took its place, but not when it was decided here", async () => {
    const { app, shop } = await opened([draft("d", "a")]);
    shop.drafts = [draft("d", "a", { state: "superseded" })];
    await app.drafts.look("a");
    expect(app.drafts.open).toBeNull();
    expect(app.drafts.gone).toEqual({ conversation: "a", state: "superseded" });
    expect(app.said).toContain("put away");
  });

  it("stays with its edit and says why when it could not be sent", async () => {
    const error = { code: "provider", message: "WhatsApp is busy.", retryable: true } as const;
    const { app } = await opened([draft("d", "a")], { approve_draft: fails({ kind: "answer", error }) });
    app.drafts.edit(draft("d", "a"), "other");
    expect(await app.drafts.approve(draft("d", "a"))).toBeNull();
    expect(app.drafts.troubleOf("d")).toMatchObject({ act: "send" });
    expect(app.drafts.edited("d")).toBe("other");
  });

  it("is sent with Ctrl and Enter only while nothing stands in the reply field, and edited with E", async () => {
    const { app, host } = await opened([draft("d", "a")]);
    app.composer.type("I write");
    press(app, "Enter", { ctrlKey: true });
    await settle();
    expect(host.asked("approve_draft")).toEqual([]);
    app.composer.type("");
    press(app, "e");
    expect(app.drafts.edited("d")).toBe("answer d");
    press(app, "Enter", { ctrlKey: true });
    await settle();
    expect(host.asked("approve_draft")).toEqual([{ draft_id: "d" }]);
  });
});

describe("a draft while somebody types", () => {
  const typing = (app: App) => {
    const field = document.createElement("textarea");
    field.id = "composer";
    document.body.append(field);
    field.addEventListener("keydown", (event) => pressed(app, event));
    return (key: string, more: KeyboardEventInit = {}) => {
      const event = new KeyboardEvent("keydown", { key, altKey: true, cancelable: true, bubbles: true, ...more });
      field.dispatchEvent(event);
      field.remove();
      return event.defaultPrevented;
    };
  };

  it("is dismissed with Alt and X, or asked for anew with Alt and R, and the text stays", async () => {
    const { app, host } = await opened([draft("d", "a")]);
    app.composer.type("half a sentence");
    expect(typing(app)("x")).toBe(true);
    expect(app.drafts.dismissing("d")).toBe(true);
    // On some layouts Alt makes another sign of the key.
    expect(typing(app)("®", { code: "KeyR" })).toBe(true);
    await settle();
    expect(host.asked("request_draft")).toEqual([{ conversation_id: "a" }]);
    expect(app.composer.text).toBe("half a sentence");
  });

  it("takes no Alt key where there is none, nor one that means a sign of the layout", async () => {
    const { app, host } = await opened([]);
    expect(typing(app)("x")).toBe(false);
    const other = await opened([draft("d", "a")]);
    expect(typing(other.app)("x", { ctrlKey: true })).toBe(false);
    expect(host.asked("request_draft")).toEqual([]);
  });
});

describe("going through the drafts", () => {
  const five = () => ["1", "2", "3", "4", "5"].map((id) => draft(id, `c${id}`, { created_at: `2026-03-02T10:0${id}:00Z` }));

  it("begins with who waits longest and counts", async () => {
    const { app } = await room(five().reverse());
    await app.triage.start();
    expect([app.triage.current?.id, app.triage.place, app.triage.total]).toEqual(["1", 1, 5]);
  });

  it("ends with every draft decided once, and says what became of them", async () => {
    const { app, host } = await room(five());
    await app.triage.start();
    await app.triage.approve();
    await app.triage.dismiss("tone");
    await app.triage.snooze(Date.now() + 3_600_000);
    await app.triage.skip();
    expect(app.triage.current?.id).toBe("5");
    await app.triage.approve();
    expect(app.triage.current).toBeNull();
    expect([app.triage.approved, app.triage.dismissed, app.triage.snoozed, app.triage.skipped.map((one) => one.id)]).toEqual([2, 1, 1, ["4"]]);
    expect(host.asked("approve_draft").map((args) => args.draft_id)).toEqual(["1", "5"]);
  });

  it("takes an approval back while the message has not left, and has it drafted again", async () => {
    const { app, host } = await room(five());
    await app.triage.start();
    await app.triage.approve();
    expect(await app.triage.undo()).toBe(true);
    expect(host.asked("discard")).toEqual([{ message_id: "m-1" }]);
    expect(host.asked("request_draft")).toEqual([{ conversation_id: "c1" }]);
    expect(app.triage.approved).toBe(0);
  });

  it("says so when an approval cannot be taken back any more", async () => {
    const error = { code: "not_now", message: "It has left.", retryable: false } as const;
    const { app } = await room(five(), { discard: fails({ kind: "answer", error }) });
    await app.triage.start();
    await app.triage.approve();
    expect(await app.triage.undo()).toBe(false);
    expect(app.remark).toContain("cannot be taken back");
    expect([app.triage.approved, app.triage.canUndo]).toEqual([1, false]);
  });

  it("says that the messages beside a draft are missing, and asks for them again", async () => {
    const error = { code: "storage", message: "The disk is full.", retryable: true } as const;
    const { app, host } = await room(five());
    const whole = host.answers.thread;
    host.answers.thread = fails({ kind: "answer", error });
    await app.triage.start();
    expect([app.triage.trouble === null, app.triage.messages.length]).toEqual([false, 0]);
    if (whole !== undefined) host.answers.thread = whole;
    await app.triage.lookAgain();
    expect([app.triage.trouble, app.triage.messages.length]).toEqual([null, 1]);
  });

  it("does not approve what is hidden on purpose, and says why", async () => {
    const { app, host } = await room([draft("1", "c1", { blind: true, text: "" })]);
    await app.triage.start();
    expect(await app.triage.approve()).toBe(false);
    expect(app.remark).toContain("Hidden on purpose");
    expect(host.asked("approve_draft")).toEqual([]);
  });

  it("goes back to one that was skipped", async () => {
    const { app } = await room(five());
    await app.triage.start();
    await app.triage.skip();
    await app.triage.undo();
    expect([app.triage.current?.id, app.triage.place, app.triage.skipped.length]).toEqual(["1", 1, 0]);
  });

  it("wakes one that was snoozed and shows it again, wherever the round had got to meanwhile", async () => {
    const { app, host, shop } = await room(five());
    await app.triage.start();
    shop.drafts = five().slice(1);
    await app.triage.snooze(Date.now() + 3_600_000);
    await app.drafts.refresh();
    await app.triage.renew();
    expect(app.triage.current?.id).toBe("2");
    shop.drafts = five();
    expect(await app.triage.undo()).toBe(true);
    await app.triage.renew();
    expect([app.triage.current?.id, app.triage.snoozed, app.triage.total]).toEqual(["1", 0, 5]);
    expect(host.asked("snooze_conversation").map((args) => (args.until ?? null) === null)).toEqual([false, true]);
  });

  it("stays where it is when snoozing does not work, and says so", async () => {
    const error = { code: "storage", message: "The disk is full.", retryable: true } as const;
    const { app } = await room(five(), { snooze_conversation: fails({ kind: "answer", error }) });
    await app.triage.start();
    expect(await app.triage.snooze(Date.now() + 3_600_000)).toBe(false);
    expect([app.triage.current?.id, app.triage.snoozed, app.snooze.troubleOf("c1") === null]).toEqual(["1", 0, false]);
  });

  it("goes on when the draft on the screen was decided elsewhere, and takes new ones at the end", async () => {
    const { app, shop } = await room(five());
    await app.triage.start();
    shop.drafts = [...shop.drafts.slice(1), draft("6", "c6")];
    await app.drafts.refresh();
    await app.triage.renew();
    expect(app.triage.queue.map((one) => one.id)).toEqual(["2", "3", "4", "5", "6"]);
    expect(app.remark).toContain("no longer there");
  });

  it("shows the newer draft when the customer of the one on the screen writes again", async () => {
    const { app, shop } = await room(five());
    await app.triage.start();
    shop.drafts = [...shop.drafts.slice(1), draft("1b", "c1")];
    await app.drafts.refresh();
    await app.triage.renew();
    expect(app.triage.current?.id).toBe("1b");
  });

  it("leads into the conversation that is taken over", async () => {
    const { app, host } = await room(five());
    app.show("triage");
    await app.triage.start();
    await app.triage.takeOver();
    expect(host.asked("take_over")).toEqual([{ conversation_id: "c1" }]);
    expect([app.page, app.thread.id]).toEqual(["inbox", "c1"]);
  });
});

describe("why the assistant did something", () => {
  it("is about the last words the customer had said by then", () => {
    const all = [message("1", { received_at: "2026-03-02T10:00:00Z" }), reply("2"), message("3", { received_at: "2026-03-02T11:00:00Z" })];
    expect(messageBefore(all, "2026-03-02T10:30:00Z")?.id).toBe("1");
    expect(messageBefore(all, "2026-03-02T11:00:00Z")?.id).toBe("3");
    expect(messageBefore(all, "2026-03-02T09:00:00Z")).toBeNull();
  });

  it("is about the message the decision names, even when that is not loaded", async () => {
    const named = (message_id: string | null) => ({ ...decision(), message_id });
    const { app } = await opened([], { decision: ({ decision_id }) => named(decision_id === "none" ? null : decision_id) });
    await app.why.show("1", message("2"));
    expect(app.why.about).toMatchObject({ id: "1", text: "Do you post to Porto?" });
    await app.why.show("far", message("2"));
    expect(app.why.about).toEqual({ id: "far", text: null });
    await app.why.show("none", message("2"));
    expect(app.why.about?.id).toBe("2");
    app.why.present(named("1"), null);
    expect(app.why.about?.id).toBe("1");
  });

  it("is taught with the message, the skill and whether its words become an example", async () => {
    const { app, host } = await room([], { label_message: () => ({}), decision: () => decision() });
    await app.why.show("x", message("1"));
    expect(app.why.decision?.because).toBe("shadow");
    expect(await app.why.teach(message("1"), "sk", true)).toBe(true);
    expect(await app.why.teach(message("1"), null, true)).toBe(true);
    expect(host.asked("label_message")).toEqual([
      { message_id: "1", skill_id: "sk", add_example: true },
      { message_id: "1", skill_id: null },
    ]);
  });
});
