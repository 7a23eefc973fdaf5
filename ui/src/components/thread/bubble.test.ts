import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MessageView } from "../../api/generated";
import { App } from "../../state/app.svelte";
import { actsOf } from "../../state/acts.svelte";
import { attachment, conversation, FakeHost, message, reply } from "../../test/fake-host";
import Stage from "../../test/Stage.svelte";
import Bubble from "./Bubble.svelte";
import MessageInfo from "./MessageInfo.svelte";
import MessageMenu from "./MessageMenu.svelte";

beforeEach(() => {
  localStorage.clear();
  URL.createObjectURL = () => "blob:test";
  URL.revokeObjectURL = () => undefined;
});

function bubble(shown: MessageView, quoted: MessageView | null = null, album: MessageView[] = []) {
  const done: string[] = [];
  const host = new FakeHost({ react: () => ({}), retry_attachment: () => ({}), discard: () => ({}) });
  const app = new App(host);
  const given = {
    album,
    message: shown,
    first: true,
    name: "Ana",
    quoted,
    now: Date.parse("2026-03-02T12:00:00Z"),
    trouble: null,
    sought: null,
    onretry: async () => void done.push("retry"),
    ondiscard: async () => void done.push("discard"),
    onquote: () => void done.push("quote"),
    onjump: (id: string) => void done.push(`jump ${id}`),
  };
  const { container } = render(Stage, { app, component: Bubble, given });
  return { done, host, app, text: () => container.textContent?.replace(/\s+/g, " ") ?? "", container };
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

  it("names what it cannot show and offers to look at how it came", async () => {
    const { text, app } = bubble(message("1", { kind: "unknown", original_kind: "hologram", text: null }));
    expect(text()).toContain("Sent a message of a kind this version does not know (hologram).");
    await fireEvent.click(screen.getByRole("button", { name: "View raw" }));
    expect(actsOf(app).info?.part).toBe("raw");
  });

  it("says what WhatsApp did not pass on and what to do", () => {
    const words = "WhatsApp does not pass polls on. Ask the customer to write the answer.";
    const error = { code: 131051, title: "Unsupported", words, detail: null };
    expect(bubble(message("1", { kind: "unsupported", original_kind: "unsupported", text: null, error })).text()).toContain(words);
    const poll = message("2", { kind: "unsupported", original_kind: "unsupported", text: null, payload: { type: "poll_creation" } });
    expect(bubble(poll).text()).toContain("WhatsApp did not pass this message on (poll creation). Ask the customer");
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
