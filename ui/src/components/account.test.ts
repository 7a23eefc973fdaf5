import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { ContactDetails, ConversationView } from "../api/generated";
import { App } from "../state/app.svelte";
import { pressed } from "../state/keyboard";
import { conversation, FakeHost, fails } from "../test/fake-host";
import Stage from "../test/Stage.svelte";
import Costs from "../views/Costs.svelte";
import Settings from "../views/Settings.svelte";
import Templates from "../views/Templates.svelte";
import DetailsPane from "./details/DetailsPane.svelte";

beforeEach(() => localStorage.clear());

const channel = { id: "ch", kind: "whatsapp_cloud" as const, name: "Shop", address: "+351234567890", mode: "off" as const, hold: null };

function app(answers: FakeHost["answers"]) {
  const host = new FakeHost(answers);
  const room = new App(host);
  room.connectivity.link = "up";
  room.connectivity.channels = [channel];
  return { host, app: room };
}

function pane(view: ConversationView, say: Partial<ContactDetails> = {}, answers: FakeHost["answers"] = {}) {
  const person: ContactDetails = {
    contact: view.contact,
    identities: [],
    first_seen_at: "2026-03-02T10:00:00Z",
    marketing_stopped_at: null,
    blocked_at: null,
    merges: [],
    messages: 3,
    ...say,
  };
  const room = app({ contact: () => person, ...answers });
  const { container } = render(Stage, { app: room.app, component: DetailsPane, given: { view } });
  return { ...room, text: () => container.textContent.replace(/\s+/g, " ") };
}

describe("the details pane", () => {
  it("blocks only after it said what that means", async () => {
    const { host } = pane(conversation("a"), {}, { block_contact: () => ({}) });
    await fireEvent.click(await screen.findByRole("button", { name: "Block" }));
    expect(host.asked("block_contact")).toEqual([]);
    expect(screen.getByRole("dialog", { name: "Block Person a?" }).textContent).toMatch(/they are not told/);
    await fireEvent.click(screen.getAllByRole("button", { name: "Block" }).at(-1)!);
    await waitFor(() => expect(host.asked("block_contact")).toEqual([{ conversation_id: "a" }]));
  });

  it("says why somebody cannot be blocked any more instead of trying", async () => {
    const { text } = pane(conversation("a", { window_closes_at: "2020-01-01T00:00:00Z" }));
    expect((await screen.findByRole<HTMLButtonElement>("button", { name: "Block" })).disabled).toBe(true);
    expect(text()).toContain("only within 24 hours of their last message");
  });

  it("offers to ask for a number that is missing, while that can be sent", async () => {
    const view = conversation("a");
    view.contact = { ...view.contact, phone: null };
    const { app } = pane(view);
    await fireEvent.click(await screen.findByRole("button", { name: "Ask for the number" }));
    expect(app.wish).toBe("contact_request");
  });

  it("tells of joined chats and parts them after it said what happens", async () => {
    const merges = [{ merge_id: "m1", name: "@ana", reason: "both names were in one message", at: "2026-03-01T10:00:00Z" }];
    const { host, text } = pane(conversation("a"), { merges }, { undo_merge: () => ({}) });
    await fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(text()).toMatch(/joined with @ana on March 1, 2026\. Why: both names were in one message/);
    expect(text()).toContain("Nothing is deleted");
    await fireEvent.click(screen.getByRole("button", { name: "Part them" }));
    await waitFor(() => expect(host.asked("undo_merge")).toEqual([{ merge_id: "m1" }]));
  });

  it("leaves out for a group what can only be done with one person", async () => {
    const view = conversation("a", { window_closes_at: null });
    view.contact = { ...view.contact, group: true, phone: null };
    const { text } = pane(view);
    await screen.findByText("First seen");
    expect(text()).toContain("the assistant stays silent here");
    expect(screen.queryByRole("button", { name: /Block|Ask for/ })).toBeNull();
  });

  it("renames in place and gives up with Escape", async () => {
    const { host } = pane(conversation("a"), {}, { rename_contact: () => ({}) });
    await fireEvent.click(screen.getByRole("button", { name: "Change the name" }));
    const field = screen.getByLabelText<HTMLInputElement>("Name shown in Deskbell");
    await fireEvent.keyDown(field, { key: "Escape" });
    expect(screen.queryByLabelText("Name shown in Deskbell")).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Change the name" }));
    await fireEvent.input(screen.getByLabelText("Name shown in Deskbell"), { target: { value: "Ana from the market" } });
    await fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(host.asked("rename_contact")).toEqual([{ contact_id: "ca", name: "Ana from the market" }]));
  });

  it("says what to do when nothing can be learnt about a person", async () => {
    pane(conversation("a"), {}, { contact: fails({ kind: "unreachable" }) });
    const alerts = await screen.findAllByRole("alert");
    expect(alerts.map((alert) => alert.textContent).join(" ")).toMatch(/details could not be loaded.*keeps trying/);
    expect(screen.getAllByRole("button", { name: "Try again" })).toHaveLength(2);
  });
});

describe("the pages of the rail", () => {
  it("tell templates that were never fetched from an account that has none", async () => {
    const list = { templates: [], synced_at: null as string | null, trouble: null };
    const room = app({ list_templates: () => list, refresh_templates: () => ({ ...list, synced_at: "2026-03-02T10:00:00Z" }) });
    render(Stage, { app: room.app, component: Templates, given: {} });
    await fireEvent.click(await screen.findByRole("button", { name: "Fetch templates" }));
    await screen.findByText("No templates yet");
  });

  it("say the share of the free answers and that sums are estimates", async () => {
    const view = {
      month: "2026-11",
      lines: [],
      service_messages: 412,
      free_service_messages: 1_000,
      estimate: "4.7504",
      currency: "EUR",
      rates: [],
      rates_as_of: "2026-10-01",
    };
    const room = app({ costs: () => view });
    render(Stage, { app: room.app, component: Costs, given: {} });
    expect((await screen.findByRole("meter")).getAttribute("aria-valuetext")).toBe("412 of 1,000 free answers used");
    expect(screen.getByText(/^Estimate/).parentElement?.textContent).toMatch(/€4\.75/);
  });

  it("put a refused setting back to what is kept", async () => {
    const room = app({
      settings: () => ({ read_marks: "opens", typing: false }),
      save_settings: fails({ kind: "answer", error: { code: "storage", message: "The disk is full.", retryable: true } }),
    });
    render(Stage, { app: room.app, component: Settings, given: {} });
    const never = await screen.findByRole<HTMLInputElement>("radio", { name: /^Never/ });
    await fireEvent.click(never);
    await screen.findByText(/Not saved: The disk is full\./);
    expect(never.checked).toBe(false);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: /^When I open/ }).checked).toBe(true);
  });

  it("leave with Escape, out of a form first, and come by Ctrl and a digit", () => {
    const { app: room } = app({});
    room.about = { version: "1", demo: false, first_start: false, can_open_demo: false };
    const press = (key: string, ctrlKey = false) => pressed(room, new KeyboardEvent("keydown", { key, ctrlKey, cancelable: true }));
    press("4", true);
    expect(room.page).toBe("templates");
    room.account.templates.writing = true;
    press("Escape");
    expect([room.page, room.account.templates.writing]).toEqual(["templates", false]);
    press("j");
    press("Escape");
    expect(room.page).toBe("inbox");
    press(",", true);
    expect(room.page).toBe("settings");
  });

  it("stay where they are while a question over them is answered with Escape", () => {
    const { app: room } = app({});
    room.about = { version: "1", demo: false, first_start: false, can_open_demo: false };
    room.show("templates");
    const button = document.body.appendChild(document.createElement("dialog")).appendChild(document.createElement("button"));
    button.addEventListener("keydown", (event) => pressed(room, event));
    button.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", cancelable: true }));
    expect(room.page).toBe("templates");
    button.parentElement?.remove();
  });
});
