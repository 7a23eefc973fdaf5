import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { ConversationView } from "../api/generated";
import { App } from "../state/app.svelte";
import { conversation, FakeHost, fails } from "../test/fake-host";
import Stage from "../test/Stage.svelte";
import ComposerBox from "./composer/ComposerBox.svelte";
import Markup from "./shared/Markup.svelte";

beforeEach(() => localStorage.clear());

function composer(view: ConversationView, answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({
    send_text: () => ({ message_id: "m" }),
    keep_composer: () => ({}),
    list_templates: () => ({ templates: [], synced_at: "2026-03-02T10:00:00Z", trouble: null }),
    ...answers,
  });
  const app = new App(host);
  app.connectivity.link = "up";
  app.composer.open(view.id);
  app.composer.start(view);
  render(Stage, { app, component: ComposerBox, given: { view } });
  return { host, app, field: screen.getByRole<HTMLTextAreaElement>("textbox") };
}

describe("the composer", () => {
  it("sends with Enter and empties itself", async () => {
    const { host, field } = composer(conversation("a"));
    await fireEvent.input(field, { target: { value: "Hello" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(host.asked("send_text")).toEqual([{ conversation_id: "a", text: "Hello" }]));
    await waitFor(() => expect(field.value).toBe(""));
  });

  it("makes a new line with Shift and Enter, and leaves Enter to an input method", async () => {
    const { host, field } = composer(conversation("a"));
    await fireEvent.input(field, { target: { value: "こん" } });
    const untouched = [
      await fireEvent.keyDown(field, { key: "Enter", shiftKey: true }),
      await fireEvent.keyDown(field, { key: "Enter", isComposing: true }),
      await fireEvent.keyDown(field, { key: "Enter", keyCode: 229 }),
    ];
    expect(untouched).toEqual([true, true, true]);
    expect(host.asked("send_text")).toEqual([]);
  });

  it("explains a closed window, keeps the text and does not send", async () => {
    const view = conversation("a", { window_closes_at: "2020-01-01T00:00:00Z", composer_text: "later then" });
    const { host, field } = composer(view);
    expect(screen.getByText(/More than 24 hours have passed since Person wrote/)).toBeTruthy();
    expect(field.value).toBe("later then");
    await fireEvent.keyDown(field, { key: "Enter" });
    expect(host.asked("send_text")).toEqual([]);
    expect(screen.getByRole("alert").textContent).toContain("Your text is kept");
    expect(screen.queryByText(/Enter sends/)).toBeNull();
  });

  it("refuses with words while the engine is unreachable, and stays usable", async () => {
    const { host, app, field } = composer(conversation("a"));
    app.connectivity.link = "down";
    await fireEvent.input(field, { target: { value: "Hello" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    expect(host.asked("send_text")).toEqual([]);
    expect(screen.getByRole("alert").textContent).toContain("Not sent. Your text stays here; press Send when Deskbell answers again.");
    expect(field.value).toBe("Hello");
    expect(field.disabled).toBe(false);
  });

  it("counts from 3,800 characters on and says above 4,096 how many messages it makes", async () => {
    const { field } = composer(conversation("a"));
    await fireEvent.input(field, { target: { value: "x".repeat(3_799) } });
    expect(screen.queryByText(/of 4,096/)).toBeNull();
    await fireEvent.input(field, { target: { value: "x".repeat(3_800) } });
    expect(screen.getByText("3,800 of 4,096")).toBeTruthy();
    await fireEvent.input(field, { target: { value: "x".repeat(4_100) } });
    expect(screen.getByText("4,100 · will leave as 2 messages")).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send" }).disabled).toBe(false);
  });

  it("keeps the words of a refusal until the text is changed", async () => {
    const error = { code: "window_closed", message: "", retryable: false } as const;
    const { field } = composer(conversation("a"), { send_text: fails({ kind: "answer", error }) });
    await fireEvent.input(field, { target: { value: "Hello" } });
    await fireEvent.keyDown(field, { key: "Enter" });
    expect((await screen.findByRole("alert")).textContent).toContain("24 hours");
    expect(field.value).toBe("Hello");
    await fireEvent.input(field, { target: { value: "Hello!" } });
    expect(screen.queryByRole("alert")).toBeNull();
  });
});

describe("formatted text", () => {
  it("never becomes HTML", () => {
    const app = new App(new FakeHost());
    const text = '<img src=x onerror=alert(1)> *<script>alert(2)</script>* _<b>bold</b>_ ```<i>x</i>``` https://a.example/"><svg>';
    const { container } = render(Stage, { app, component: Markup, given: { text } });
    expect(container.querySelector("img, script, b, i, svg, a")).toBeNull();
    expect(container.textContent).toContain("<script>alert(2)</script>");
    expect(container.querySelector("strong")?.textContent).toBe("<script>alert(2)</script>");
  });

  it("opens a link outside of the window, and only after a click", async () => {
    const host = new FakeHost();
    render(Stage, { app: new App(host), component: Markup, given: { text: "see https://a.example/x." } });
    expect(host.did).toEqual([]);
    await fireEvent.click(screen.getByRole("link", { name: "https://a.example/x" }));
    expect(host.did).toEqual(["browse https://a.example/x"]);
  });
});
