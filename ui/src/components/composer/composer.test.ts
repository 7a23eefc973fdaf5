import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { ConversationView, TemplateView } from "../../api/generated";
import { App } from "../../state/app.svelte";
import { conversation, draft, FakeHost } from "../../test/fake-host";
import Stage from "../../test/Stage.svelte";
import ComposerBox from "./ComposerBox.svelte";

beforeEach(() => {
  localStorage.clear();
  URL.createObjectURL = () => "blob:test";
  URL.revokeObjectURL = () => undefined;
});

const template: TemplateView = {
  name: "order_ready",
  language: "en",
  category: "UTILITY",
  coming_category: null,
  status: "APPROVED",
  usable: true,
  words: null,
  quality: "GREEN",
  components: [{ type: "BODY", text: "Hello {{1}}, your {{2}} is ready." }],
  variables: [
    { key: "1", place: "body", kind: "text", label: "Value 1", example: "Ana", optional: false },
    { key: "2", place: "body", kind: "text", label: "Value 2", example: "vase", optional: false },
  ],
};
const paused: TemplateView = { ...template, name: "sale", category: "MARKETING", usable: false, words: "Paused until tomorrow. Choose another one." };

function stage(view: ConversationView, answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({
    send_text: () => ({ message_id: "m" }),
    send_content: () => ({ message_id: "m" }),
    send_template: () => ({ message_id: "m" }),
    keep_composer: () => ({}),
    typing: () => ({}),
    list_templates: () => ({ templates: [paused, template], synced_at: "2026-03-02T10:00:00Z", trouble: null }),
    ...answers,
  });
  const app = new App(host);
  app.connectivity.link = "up";
  app.composer.open(view.id);
  app.composer.start(view);
  const { container } = render(Stage, { app, component: ComposerBox, given: { view } });
  return { host, app, container };
}

const closed = (say: Partial<ConversationView> = {}) => conversation("a", { window_closes_at: "2020-01-01T00:00:00Z", ...say });
const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Reply to Person a" });

describe("the composer's keys", () => {
  it("leave Ctrl and Enter to the draft above while nothing is written, and a plain Enter sends nothing", async () => {
    const { host, app } = stage(conversation("a"), { list_drafts: () => ({ drafts: [draft("d", "a")] }), approve_draft: () => ({ message_id: "m" }) });
    app.about = { version: "1", demo: false, first_start: false, can_open_demo: false };
    app.openConversation("a");
    await app.drafts.look("a");
    const passed = (more: KeyboardEventInit) => fireEvent.keyDown(field(), { key: "Enter", ...more });
    expect(await passed({})).toBe(false);
    expect(await passed({ ctrlKey: true })).toBe(true);
    await fireEvent.input(field(), { target: { value: "Mine" } });
    expect(await passed({ ctrlKey: true })).toBe(false);
    expect(host.asked("approve_draft")).toEqual([]);
    expect(host.asked("send_text").map((args) => args.text)).toEqual(["Mine"]);
  });

  it("open the file dialog with Ctrl and U, except while the window is closed", async () => {
    for (const [view, times] of [[conversation("a"), 1], [closed(), 0]] as const) {
      const { container } = stage(view);
      let opened = 0;
      const picker = container.querySelector<HTMLInputElement>("input[type=file]");
      if (picker !== null) picker.click = () => void (opened += 1);
      await fireEvent.keyDown(document.body, { key: "u", ctrlKey: true });
      expect(opened).toBe(times);
      cleanup();
    }
  });

  it("open and close the templates with Ctrl, Shift and T, and keep the text", async () => {
    stage(conversation("a"));
    await fireEvent.input(field(), { target: { value: "half a" } });
    await fireEvent.keyDown(field(), { key: "T", ctrlKey: true, shiftKey: true });
    expect(await screen.findByRole("searchbox")).toBeTruthy();
    await fireEvent.keyDown(screen.getByRole("searchbox"), { key: "Escape" });
    expect(field().value).toBe("half a");
  });

  it("walk through the menu, which leads to a form, and Escape leads back without losing it", async () => {
    stage(conversation("a"));
    await fireEvent.click(screen.getByRole("button", { name: "More to send" }));
    const menu = screen.getByRole("menu");
    expect(document.activeElement?.textContent).toContain("Place on the map");
    await fireEvent.keyDown(menu, { key: "End" });
    expect(document.activeElement?.textContent).toContain("Template…");
    await fireEvent.keyDown(menu, { key: "ArrowDown" });
    await fireEvent.keyDown(menu, { key: "l" });
    expect(document.activeElement?.textContent).toContain("List to choose from");
    await fireEvent.click(screen.getByRole("menuitem", { name: "Link button" }));
    const url = screen.getByLabelText("Leads to");
    await fireEvent.input(url, { target: { value: "https://shop.example" } });
    await fireEvent.keyDown(url, { key: "Escape" });
    expect(field()).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "More to send" }));
    await fireEvent.click(screen.getByRole("menuitem", { name: "Link button" }));
    expect(screen.getByLabelText<HTMLInputElement>("Leads to").value).toBe("https://shop.example");
  });

  it("offer to ask for the number first where it is not known", async () => {
    const view = conversation("a");
    stage({ ...view, contact: { ...view.contact, phone: null } });
    await fireEvent.click(screen.getByRole("button", { name: "More to send" }));
    expect(screen.getAllByRole("menuitem")[0]?.textContent).toMatch(/Ask for the phone number.*number not known/);
  });
});

describe("a form", () => {
  it("shows the message as the customer will see it, names what is wrong and sends what is right", async () => {
    const { host, app } = stage(conversation("a"));
    app.composer.prepare("buttons");
    await screen.findByLabelText("Question");
    await fireEvent.input(screen.getByLabelText("Question"), { target: { value: "Shall I keep it?" } });
    await fireEvent.input(screen.getByLabelText("Button 1"), { target: { value: "Yes please, until Saturday" } });
    expect(screen.getByText("6 characters too many.")).toBeTruthy();
    expect(screen.queryByText("Write what stands on the button, or remove it.")).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Send" }));
    expect(screen.getByText("Write what stands on the button, or remove it.")).toBeTruthy();
    expect(host.asked("send_content")).toEqual([]);
    await fireEvent.input(screen.getByLabelText("Button 1"), { target: { value: "Yes" } });
    await fireEvent.click(screen.getByRole("button", { name: "Remove button 2" }));
    const look = screen.getByRole("region", { name: "As the customer will see it" });
    expect(look.textContent).toMatch(/Shall I keep it\?.*Yes/);
    await fireEvent.click(screen.getByRole("button", { name: "Send" }));
    await waitFor(() => expect(host.asked("send_content")).toHaveLength(1));
    expect(host.asked("send_content")[0]?.content).toEqual({ type: "buttons", body: "Shall I keep it?", buttons: ["Yes"] });
  });

  it("is prepared when another part of the window wishes it", async () => {
    const { app } = stage(conversation("a"));
    app.wish = "contact_request";
    expect(await screen.findByDisplayValue("Could we have your phone number, so that we can reach you?")).toBeTruthy();
    expect(app.wish).toBeNull();
  });
});

describe("with the window closed", () => {
  it("a template is chosen and filled, what is missing blocks it by name, and the draft stays", async () => {
    const { host } = stage(closed({ composer_text: "Your vase is ready" }));
    const row = await screen.findByRole("button", { name: /order ready/ });
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /sale/ }).disabled).toBe(true);
    expect(screen.getByText("Paused until tomorrow. Choose another one.")).toBeTruthy();
    await fireEvent.click(row);
    await fireEvent.input(screen.getByLabelText("Value 1"), { target: { value: "Ana" } });
    await fireEvent.click(screen.getByRole("button", { name: "Send template" }));
    expect(screen.getByText("“Value 2” is still empty. Fill in what is missing to send this template.")).toBeTruthy();
    expect(host.asked("send_template")).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Use my draft here" }));
    await fireEvent.click(screen.getByRole("button", { name: "Send template" }));
    await waitFor(() =>
      expect(host.asked("send_template")).toEqual([
        { conversation_id: "a", name: "order_ready", language: "en", variables: { "1": "Ana", "2": "Your vase is ready" } },
      ]),
    );
    expect(field().value).toBe("Your vase is ready");
  });

  it("nothing is said to be missing before the first answer", async () => {
    stage(closed(), { list_templates: () => new Promise(() => undefined) });
    expect(screen.getByRole("status", { name: "Loading templates" })).toBeTruthy();
    expect(screen.queryByText(/no templates/)).toBeNull();
  });

  it("where there is none, the way to make one is shown", async () => {
    const { app } = stage(closed(), { list_templates: () => ({ templates: [], synced_at: "2026-03-02T10:00:00Z", trouble: null }) });
    await fireEvent.click(await screen.findByRole("button", { name: "Create one in Templates" }));
    expect(app.page).toBe("templates");
  });

  it("promotions are not offered to who said stop to them", async () => {
    const view = closed();
    const promotion = { ...template, name: "autumn", category: "MARKETING" };
    stage(
      { ...view, contact: { ...view.contact, marketing_stopped: true } },
      { list_templates: () => ({ templates: [promotion], synced_at: "2026-03-02T10:00:00Z", trouble: null }) },
    );
    expect((await screen.findByRole<HTMLButtonElement>("button", { name: /autumn/ })).disabled).toBe(true);
    expect(screen.getByText(/Person asked for no more promotions/)).toBeTruthy();
  });
});

describe("a locked conversation", () => {
  it("says that the person is blocked, keeps the draft and unblocks", async () => {
    const view = conversation("a", { composer_text: "almost said" });
    const { host } = stage({ ...view, contact: { ...view.contact, blocked: true } }, { unblock_contact: () => ({}) });
    expect(screen.getByText(/You blocked Person/)).toBeTruthy();
    expect(screen.getByText("almost said")).toBeTruthy();
    expect(screen.queryByRole("textbox")).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Unblock" }));
    expect(host.asked("unblock_contact")).toEqual([{ conversation_id: "a" }]);
  });

  it("says who else answers, and takes the conversation over", async () => {
    const { host } = stage(conversation("a", { thread_owner: "Meta Business Agent" }), { take_thread: () => ({}) });
    expect(screen.getByText(/Another program \(Meta Business Agent\) answers/)).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Take over the conversation" }));
    expect(host.asked("take_thread")).toEqual([{ conversation_id: "a" }]);
  });
});

describe("files", () => {
  const picture = () => new File(["x"], "vase.jpg", { type: "image/jpeg" });
  const clipboard = (files: File[], types: string[]) => ({ clipboardData: { files, types } });

  it("come from the clipboard, but copied text stays text", async () => {
    const { app } = stage(conversation("a"));
    await fireEvent.paste(field(), clipboard([picture()], ["Files", "text/plain"]));
    expect(app.composer.tray?.empty).toBe(true);
    await fireEvent.paste(field(), clipboard([picture()], ["Files"]));
    const tray = await screen.findByRole("list", { name: "Files to send" });
    expect(within(tray).getByText("vase.jpg")).toBeTruthy();
    await fireEvent.click(within(tray).getByRole("button", { name: /vase\.jpg$/ }));
    expect(app.composer.tray?.empty).toBe(true);
  });

  it("are dropped anywhere on the thread, under a veil that says for whom", async () => {
    const { app, container } = stage(conversation("a"));
    const target = container.querySelector(".composer") ?? container;
    const carried = { dataTransfer: { types: ["Files"], files: [picture()], items: [], dropEffect: "none" } };
    await fireEvent.dragEnter(target, carried);
    expect(screen.getByText("Drop files to send them to Person")).toBeTruthy();
    await fireEvent.drop(target, carried);
    expect(screen.queryByText("Drop files to send them to Person")).toBeNull();
    expect(app.composer.tray?.items.map((item) => item.name)).toEqual(["vase.jpg"]);
  });

  it("can be sent without a word", async () => {
    const { host, app } = stage(conversation("a"), { send_media: () => ({ message_id: "m" }) });
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send" }).disabled).toBe(true);
    app.composer.attach([picture()]);
    await waitFor(() => expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send" }).disabled).toBe(false));
    await fireEvent.keyDown(field(), { key: "Enter" });
    await waitFor(() => expect(host.asked("send_media")).toHaveLength(1));
  });
});

describe("the microphone", () => {
  it("says what to do where this window cannot record", async () => {
    stage(conversation("a"));
    await fireEvent.click(screen.getByRole("button", { name: "Record a voice message" }));
    expect((await screen.findByRole("alert")).textContent).toContain("attach the file");
  });
});
