import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ConversationView, MessageView } from "../api/generated";
import { App } from "../state/app.svelte";
import { conversation, FakeHost, fails, message, reply } from "../test/fake-host";
import Stage from "../test/Stage.svelte";
import ComposerBox from "./composer/ComposerBox.svelte";
import Markup from "./shared/Markup.svelte";
import Bubble from "./thread/Bubble.svelte";

beforeEach(() => localStorage.clear());

function composer(view: ConversationView, answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({ send_text: () => ({ message_id: "m" }), keep_composer: () => ({}), ...answers });
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

  it("counts from 3,500 characters on and refuses above 4,096", async () => {
    const { field } = composer(conversation("a"));
    await fireEvent.input(field, { target: { value: "x".repeat(3_499) } });
    expect(screen.queryByText(/of 4,096/)).toBeNull();
    await fireEvent.input(field, { target: { value: "x".repeat(4_100) } });
    expect(screen.getByText("4,100 of 4,096")).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toContain("4 characters too many");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send" }).disabled).toBe(true);
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

  it("offers a link for copying and navigates nowhere", async () => {
    const copied = vi.fn(async () => undefined);
    Object.defineProperty(navigator, "clipboard", { value: { writeText: copied }, configurable: true });
    const app = new App(new FakeHost());
    render(Stage, { app, component: Markup, given: { text: "see https://a.example/x." } });
    await fireEvent.click(screen.getByRole("button", { name: "https://a.example/x" }));
    expect(copied).toHaveBeenCalledWith("https://a.example/x");
    await waitFor(() => expect(app.remark).toBe("Link copied"));
  });
});

function bubble(shown: MessageView, quoted: MessageView | null = null) {
  const done: string[] = [];
  const given = {
    message: shown,
    first: true,
    name: "Ana",
    quoted,
    now: Date.parse("2026-03-02T12:00:00Z"),
    trouble: null,
    sought: false,
    onretry: async () => void done.push("retry"),
    ondiscard: async () => void done.push("discard"),
    onquote: () => void done.push("quote"),
  };
  const { container } = render(Stage, { app: new App(new FakeHost()), component: Bubble, given });
  return { done, text: () => container.textContent?.replace(/\s+/g, " ") ?? "", container };
}

describe("a bubble", () => {
  it("says in words what its ticks mean", () => {
    bubble(reply("1", { status: "read" }));
    expect(screen.getByRole("img", { name: "read" })).toBeTruthy();
  });

  it("tells why a message failed and retries at once", async () => {
    const error = { code: 131026, title: "Undeliverable", words: "The number is no longer on WhatsApp. Call instead.", detail: null };
    const { done, text } = bubble(reply("1", { status: "failed", error }));
    expect(text()).toContain("Not delivered. The number is no longer on WhatsApp. Call instead.");
    await fireEvent.click(screen.getByRole("button", { name: "Retry" }));
    expect(done).toEqual(["retry"]);
  });

  it("asks before sending again what may have arrived", async () => {
    const { done, text } = bubble(reply("1", { status: "unknown" }));
    await fireEvent.click(screen.getByRole("button", { name: "Retry" }));
    expect(done).toEqual([]);
    expect(text()).toContain("It may already have arrived. Send again?");
    await fireEvent.click(screen.getByRole("button", { name: "Send again" }));
    expect(done).toEqual(["retry"]);
  });

  it("says when a waiting message is tried again", () => {
    const { text } = bubble(reply("1", { status: "queued", retry_at: "2026-03-02T12:04:00Z" }));
    expect(text()).toMatch(/Tries again at .*\./);
    expect(screen.queryByRole("button", { name: "Retry" })).toBeNull();
  });

  it("names what it cannot show yet instead of hiding it", () => {
    expect(bubble(message("1", { kind: "unknown", original_kind: "image", text: null })).text()).toContain(
      "Sent a picture. This version shows text only; the picture's message is kept.",
    );
    expect(bubble(message("2", { kind: "unknown", original_kind: "hologram", text: null })).text()).toContain("hologram");
  });

  it("shows a caption beside what it belongs to", () => {
    const { text } = bubble(message("1", { kind: "unknown", original_kind: "image", text: "our kitchen" }));
    expect(text()).toMatch(/Sent a picture\..*our kitchen/);
  });

  it("keeps what support needs in a fold that is closed at first", () => {
    const error = { code: 131026, title: "Undeliverable", words: "Call instead.", detail: "Recipient not available" };
    bubble(reply("1", { status: "failed", error }));
    const fold = screen.getByText("Details").closest("details");
    expect(fold?.open).toBe(false);
    expect(fold?.textContent).toMatch(/131026.*Undeliverable.*Recipient not available/s);
  });

  it("asks before a waiting message is given up", async () => {
    const { done } = bubble(reply("1", { status: "queued", retry_at: "2026-03-02T12:04:00Z" }));
    await fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(done).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(done).toEqual(["discard"]);
  });

  it("says in short that a message came late, and both times when asked", async () => {
    const { text, container } = bubble(message("1", { received_at: "2026-03-02T12:10:00Z" }));
    const shown = () => container.querySelector("time")?.textContent;
    expect(shown()).toMatch(/^\S+( [AP]M)? · late$/);
    expect(text()).toMatch(/Ana, written .*, arrived .*:/);
    await fireEvent.click(screen.getByRole("button", { name: /written .*, arrived / }));
    expect(shown()).toMatch(/^written .*, arrived /);
  });

  it("shows edits, deletions and missing quotes", () => {
    expect(bubble(message("2", { edited: true })).text()).toContain("edited");
    expect(bubble(message("3", { revoked: true, text: null })).text()).toContain("The customer deleted this message.");
    expect(bubble(message("4", { reply_to: "wamid.0" })).text()).toContain("Quoted message not available");
    expect(bubble(message("5", { reply_to: "wamid.1" }), reply("1", { text: "*Yes*" })).text()).toContain("You Yes");
  });
});
