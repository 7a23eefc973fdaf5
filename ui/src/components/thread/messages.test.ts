import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { actsOf } from "../../state/acts.svelte";
import { App } from "../../state/app.svelte";
import { attachment, conversation, FakeHost, message } from "../../test/fake-host";
import Stage from "../../test/Stage.svelte";
import Row from "../inbox/Row.svelte";
import ReactBar from "./ReactBar.svelte";
import ThreadHead from "./ThreadHead.svelte";
import Viewer from "./Viewer.svelte";

beforeEach(() => {
  localStorage.clear();
  URL.createObjectURL = () => "blob:test";
  URL.revokeObjectURL = () => undefined;
});

const said = (element: HTMLElement) => element.textContent?.replace(/\s+/g, " ").trim() ?? "";

describe("the bar of reactions", () => {
  const stage = (shown = message("1")) => {
    const host = new FakeHost({ react: () => ({}) });
    const app = new App(host);
    const spot = { message: shown, anchor: document.body, x: null, y: null };
    render(Stage, { app, component: ReactBar, given: { spot } });
    return host;
  };

  it("offers six and reacts with one of them", async () => {
    const host = stage();
    expect(screen.getAllByRole("button")).toHaveLength(6);
    await fireEvent.click(screen.getByRole("button", { name: "🙏" }));
    expect(host.asked("react")).toEqual([{ message_id: "1", emoji: "🙏" }]);
  });

  it("takes any other emoji that is typed, and nothing else", async () => {
    const host = stage();
    const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Another emoji" });
    await fireEvent.input(field, { target: { value: "abc" } });
    await fireEvent.submit(field);
    expect(screen.getByRole("alert").textContent).toBe("That is not one emoji.");
    expect(host.asked("react")).toEqual([]);
    await fireEvent.input(field, { target: { value: "🦊" } });
    expect(host.asked("react")).toEqual([{ message_id: "1", emoji: "🦊" }]);
  });
});

describe("the viewer", () => {
  async function open(at: string) {
    const messages = ["1", "2", "3"].map((id) => message(id, { kind: "image", text: null, attachments: [attachment(`f${id}`, { file_name: `${id}.jpg` })] }));
    const gone = message("4", { kind: "image", revoked: true, attachments: [attachment("f4")] });
    const harm = message("5", { kind: "image", attachments: [attachment("f5", { dangerous: true })] });
    const host = new FakeHost({ thread: () => ({ conversation: conversation("a"), messages: [...messages, gone, harm], marks: [], before: null }) });
    const app = new App(host);
    await app.thread.open("a");
    actsOf(app).viewed = at;
    const { container } = render(Stage, { app, component: Viewer, given: {} });
    return { app, host, container, dialog: container.querySelector("dialog") as HTMLDialogElement };
  }

  it("goes through the pictures of the conversation by keys and closes", async () => {
    const { app, dialog, container } = await open("f2");
    expect(said(container)).toContain("2.jpg2 of 3");
    await fireEvent.keyDown(dialog, { key: "ArrowRight" });
    expect(actsOf(app).viewed).toBe("f3");
    await fireEvent.keyDown(dialog, { key: "ArrowRight" });
    expect(actsOf(app).viewed).toBe("f3");
    expect(screen.queryByRole("button", { name: "Next", hidden: true })).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Close", hidden: true }));
    await waitFor(() => expect(actsOf(app).viewed).toBeNull());
  });

  it("makes a picture larger and smaller, and saves it", async () => {
    const { host, container, dialog } = await open("f1");
    await waitFor(() => expect(container.querySelector("img")?.getAttribute("src")).toBe("blob:test"));
    await fireEvent.keyDown(dialog, { key: "+" });
    expect(container.querySelector(".zoomed")).not.toBeNull();
    await fireEvent.keyDown(dialog, { key: "-" });
    expect(container.querySelector(".zoomed")).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Save as…", hidden: true }));
    expect(host.did).toContain("save f1");
  });
});

describe("the head and the row of a conversation", () => {
  it("name who somebody is beside their name, and until when writing is free", () => {
    const contact = { ...conversation("a").contact, name: "Ana", username: "@ana", phone: "+351912345678", blocked: true };
    const view = conversation("a", { contact, free_until: new Date(Date.now() + 3 * 3_600_000).toISOString() });
    const { container } = render(Stage, { app: new App(new FakeHost()), component: ThreadHead, given: { view } });
    expect(said(container)).toMatch(/Ana.*@ana.*\+351 912 345 678.*Blocked.*Free messages for (2 h 59 min|3 h)/);
  });

  it("say the kind of what was said last, and mark groups and blocked people", () => {
    const preview = { text: null, kind: "voice", original_kind: "audio", author: "customer", revoked: false, status: "received" } as const;
    const contact = { ...conversation("a").contact, group: true, blocked: true };
    const row = render(Row, { row: conversation("a", { preview, contact }), pile: "all", now: 0, selected: false, draft: "" });
    expect(said(row.container)).toContain("Voice message");
    expect(screen.getByRole("img", { name: "Group" })).toBeTruthy();
    expect(screen.getByRole("img", { name: "Blocked" })).toBeTruthy();
    const ours = { text: "Hello Ana", kind: "template", original_kind: "template", author: "operator", revoked: false, status: "read" } as const;
    const second = render(Row, { row: conversation("b", { preview: ours }), pile: "all", now: 0, selected: false, draft: "" });
    expect(said(second.container)).toContain("You: Hello Ana");
  });
});
