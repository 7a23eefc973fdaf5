import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { ConversationView } from "../api/generated";
import { App } from "../state/app.svelte";
import { pressed } from "../state/keyboard";
import { conversation, draft, FakeHost, fails, message } from "../test/fake-host";
import Triage from "../views/Triage.svelte";
import HoldBar from "./assistant/HoldBar.svelte";
import SnoozeAsk from "./assistant/SnoozeAsk.svelte";
import Row from "./inbox/Row.svelte";
import Stage from "../test/Stage.svelte";
import ThreadHead from "./thread/ThreadHead.svelte";

beforeEach(() => localStorage.clear());

const HOUR = 3_600_000;

async function shop(say: Partial<ConversationView> = {}, answers: FakeHost["answers"] = {}) {
  const state = { view: conversation("a", say) };
  const host = new FakeHost({
    app: () => ({ version: "1", demo: false, first_start: false, can_open_demo: false }),
    thread: () => ({ conversation: state.view, messages: [message("1")], marks: [], before: null }),
    list_conversations: () => ({ conversations: [state.view], next_cursor: null, counts: { needs_me: 1, bot: 0, waiting: 0, all: 1 } }),
    list_drafts: () => ({ drafts: [draft("1", "a"), draft("2", "b")] }),
    keep_composer: () => ({}),
    snooze_conversation: (args) => (state.view = { ...state.view, snoozed_until: args.until ?? null }),
    ...answers,
  });
  const app = new App(host);
  app.about = { version: "1", demo: false, first_start: false, can_open_demo: false };
  app.connectivity.link = "up";
  app.openConversation("a");
  await waitFor(() => expect(app.thread.conversation).not.toBeNull());
  const asked = () => host.asked("snooze_conversation");
  return { host, app, asked, state };
}

async function inbox(app: App) {
  render(Stage, { app, component: ThreadHead, given: { view: app.thread.conversation } });
  render(Stage, { app, component: SnoozeAsk, given: {} });
  await tick();
}

const z = (app: App) => pressed(app, new KeyboardEvent("keydown", { key: "z", cancelable: true }));
const field = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Until when?" });

describe("snoozing the open conversation", () => {
  it("asks with Z, says what the words mean before Enter, and puts it aside until then", async () => {
    const { app, asked } = await shop();
    await inbox(app);
    z(app);
    await waitFor(() => expect(document.activeElement).toBe(field()));
    await fireEvent.input(field(), { target: { value: "2h" } });
    expect(screen.getByRole("status").textContent).toMatch(/Comes back (today|tomorrow) .*\d/);
    await fireEvent.submit(field());
    await waitFor(() => expect(asked()).toHaveLength(1));
    const until = Date.parse(asked()[0]?.until ?? "");
    expect(Math.abs(until - Date.now() - 2 * HOUR)).toBeLessThan(5_000);
    expect(asked()[0]?.until).toMatch(/Z$/);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(app.remark).toContain("Snoozed until");
  });

  it("takes no words it does not understand, and says so plainly", async () => {
    const { app, asked } = await shop();
    await inbox(app);
    z(app);
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeNull());
    await fireEvent.input(field(), { target: { value: "soonish" } });
    await fireEvent.submit(field());
    expect(asked()).toEqual([]);
    expect(screen.getByRole("status").textContent).toContain("not a time Deskbell understands");
    expect(field().getAttribute("aria-invalid")).toBe("true");
  });

  it("offers times that need no typing", async () => {
    const { app, asked } = await shop();
    await inbox(app);
    await fireEvent.click(screen.getByRole("button", { name: "Snooze this conversation" }));
    await fireEvent.click(await screen.findByRole("button", { name: /^Before the window closes/ }));
    await waitFor(() => expect(asked()).toEqual([{ conversation_id: "a", until: "2126-03-03T09:00:00.000Z" }]));
  });

  it("stays open and says why when the engine does not do it", async () => {
    const { app } = await shop({}, { snooze_conversation: fails({ kind: "unreachable" }) });
    await inbox(app);
    z(app);
    await fireEvent.click(await screen.findByRole("button", { name: /^In 1 hour/ }));
    expect((await screen.findByRole("alert")).textContent).toContain("That did not work.");
    expect(app.snooze.asking).toBe("a");
  });

  it("is taken back by Z, or by the button above the messages", async () => {
    const snoozed_until = new Date(Date.now() + HOUR).toISOString();
    const { app, asked, state } = await shop({ snoozed_until });
    z(app);
    await waitFor(() => expect(asked()).toEqual([{ conversation_id: "a", until: null }]));
    render(Stage, { app, component: HoldBar, given: { view: { ...state.view, snoozed_until } } });
    await fireEvent.click(screen.getByRole("button", { name: "Wake it now" }));
    await waitFor(() => expect(asked()).toHaveLength(2));
  });

  it("keeps every other key to itself until it is answered or left", async () => {
    const { app, host } = await shop();
    await inbox(app);
    z(app);
    pressed(app, new KeyboardEvent("keydown", { key: "t", cancelable: true }));
    pressed(app, new KeyboardEvent("keydown", { key: "j", cancelable: true }));
    expect([host.asked("take_over").length, app.snooze.asking]).toEqual([0, "a"]);
    pressed(app, new KeyboardEvent("keydown", { key: "Escape", cancelable: true }));
    expect(app.snooze.asking).toBeNull();
  });

  it("does nothing while somebody types", async () => {
    const { app } = await shop();
    const typing = document.createElement("textarea");
    document.body.append(typing);
    typing.addEventListener("keydown", (event) => pressed(app, event));
    await fireEvent.keyDown(typing, { key: "z" });
    typing.remove();
    expect(app.snooze.asking).toBeNull();
  });
});

describe("a snoozed row", () => {
  const row = (until: number) => {
    const given = { pile: "all", now: Date.parse("2026-03-02T12:00:00"), selected: false, draft: "" };
    const view = conversation("a", { attention: "complaint", snoozed_until: new Date(until).toISOString() });
    return render(Row, { ...given, row: view } as never).container.textContent ?? "";
  };

  it("says until when, and nothing of it once that time is over", () => {
    expect(row(Date.parse("2026-03-05T09:00:00"))).toContain("Snoozed until Thu");
    expect(row(Date.parse("2026-03-02T11:59:00"))).not.toContain("Snoozed");
  });
});

describe("snoozing on the page of drafts", () => {
  it("goes on to the next draft, with the focus on it", async () => {
    const { app, asked } = await shop();
    app.page = "triage";
    render(Stage, { app, component: Triage, given: {} });
    render(Stage, { app, component: SnoozeAsk, given: {} });
    await screen.findByText("1 of 2");
    await fireEvent.keyDown(document.body, { key: "z" });
    await waitFor(() => expect(document.activeElement).toBe(field()));
    await fireEvent.input(field(), { target: { value: "tomorrow 9" } });
    await fireEvent.submit(field());
    expect(await screen.findByText("2 of 2")).toBeTruthy();
    expect(asked().map((args) => args.conversation_id)).toEqual(["a"]);
    await waitFor(() => expect(document.activeElement?.closest(".card")).not.toBeNull());
    await fireEvent.keyDown(document.activeElement ?? document.body, { key: "s" });
    expect(await screen.findByText("1 left for later, 1 snoozed")).toBeTruthy();
  });
});
