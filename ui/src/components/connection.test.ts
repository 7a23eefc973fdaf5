import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { AwayView, ConnectionView, Finding, HealthView, TunnelView, VaultView } from "../api/generated";
import { App } from "../state/app.svelte";
import { conversation, FakeHost, fails } from "../test/fake-host";
import Stage from "../test/Stage.svelte";
import Health from "../views/Health.svelte";
import AwaySheet from "./away/AwaySheet.svelte";
import Asks from "./connection/Asks.svelte";
import NumbersCard from "./connection/NumbersCard.svelte";
import VaultCard from "./connection/VaultCard.svelte";
import StatusLine from "./inbox/StatusLine.svelte";
import TopBanner from "./inbox/TopBanner.svelte";

beforeEach(() => localStorage.clear());

const channel = { id: "ch", kind: "whatsapp_cloud" as const, name: "Shop", address: "+351234567890", mode: "shadow" as const, hold: null };
const vault: VaultView = { kind: "keychain", state: "open", words: "In the keychain.", can_use_file: true };
const noAway: AwayView = { unseen: false, from: null, until: null, words: "", late_messages: 0, late: [], waiting: [], windows_closed: [], still_words: null };
const tunnel: TunnelView = {
  kind: "ngrok", phase: "online", words: "The internet reaches this computer.", url: "https://bell.example", domain: null, since: null, next_try: null,
  action: null, secrets: [], own_url: null, listens_at: null, requests: 18_412, requests_given: 20_000, usage_words: null, programs: [],
};
const act = (kind: "retry_tunnel" | "replace_keys") => ({ kind, channel_id: "ch", url: null, conversation_id: null });
const deaf: Finding = { topic: "tunnel", level: "bad", sentence: "ngrok is silent. It is tried again.", channel_id: null, action: act("retry_tunnel") };
const dead: Finding = { topic: "token", level: "bad", sentence: "Meta no longer accepts the access token.", channel_id: "ch", action: act("replace_keys") };
const fine: Finding = { topic: "clock", level: "ok", sentence: "The clock is right.", channel_id: null, action: null };
const health = (...findings: Finding[]): HealthView => ({
  level: findings.some((one) => one.level === "bad") ? "bad" : "ok",
  findings, webhook_url: null, last_event_at: null, waiting_to_send: 0, pending_webhooks: 0, checked_at: new Date().toISOString(),
});

function connection(say: Partial<ConnectionView> = {}): ConnectionView {
  return {
    channel_id: "ch", steps: [], registered_at: "2026-03-02T10:00:00Z", callback_url: "https://bell.example/hooks/7f1c", other_apps: [], app_callback: null,
    news_come_here: true, news_words: "", secrets: [{ field: "access_token", set: true, last4: "ZDZD" }, { field: "app_secret", set: true, last4: null }],
    former_secret_until: null, token: { valid: true, expires_at: null, words: "It does not end.", level: "ok" }, checked_at: null, number: [], ...say,
  };
}

function room(answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({
    app: () => ({ version: "0", demo: false, first_start: false, can_open_demo: false }),
    health: () => health(fine),
    list_channels: () => ({ channels: [channel] }),
    list_notices: () => ({ notices: [], unseen: 0 }),
    tunnel: () => tunnel,
    connection: () => connection(),
    vault: () => vault,
    away: () => noAway,
    check_channel: () => connection(),
    ...answers,
  });
  const app = new App(host);
  app.connectivity.link = "up";
  app.connectivity.channels = [channel];
  return { host, app };
}

const plain = (element: Element) => (element.textContent ?? "").replace(/\s+/g, " ");

describe("the health page", () => {
  it("says above all whether it works, what is wrong with its button next, and what is fine out of the way", async () => {
    const { app } = room({ health: () => health(fine, dead, deaf) });
    render(Stage, { app, component: Health, given: {} });
    await screen.findByRole("heading", { name: "Customers' messages cannot reach this computer" });
    const buttons = screen.getAllByRole("button").map((button) => button.getAttribute("aria-label") ?? plain(button));
    const first = buttons.indexOf("Try again now: The way to this computer");
    expect(first).toBeGreaterThan(-1);
    expect(buttons.indexOf("New token: Access token")).toBeGreaterThan(first);
    expect(screen.getByText("1 thing is fine").closest("details")?.open).toBe(false);
  });

  it("shows how much of the free plan is used, in numbers too", async () => {
    const { app } = room();
    render(Stage, { app, component: Health, given: {} });
    const meter = await screen.findByRole("meter", { name: "Requests this month" });
    expect(meter.getAttribute("aria-valuetext")).toBe("18,412 of 20,000 requests used this month");
    expect(meter.closest(".quota")?.classList.contains("over")).toBe(true);
  });

  it("looks again once, says that it does, and why it could not", async () => {
    let answer: (view: ConnectionView) => void = () => undefined;
    const { host, app } = room({ check_channel: () => new Promise<ConnectionView>((resolve) => (answer = resolve)) });
    render(Stage, { app, component: Health, given: {} });
    const button = await screen.findByRole("button", { name: "Check again" });
    await fireEvent.click(button);
    await fireEvent.click(button);
    expect([plain(button).trim(), button.getAttribute("aria-busy")]).toEqual(["Checking", "true"]);
    answer(connection());
    await waitFor(() => expect(plain(button).trim()).toBe("Check again"));
    expect(host.asked("check_channel")).toHaveLength(1);
    host.answers.check_channel = fails({ kind: "unreachable" });
    await fireEvent.click(button);
    expect(plain(await screen.findByRole("alert"))).toContain("The check could not be finished.");
  });

  it("puts what a deed met beside its button", async () => {
    const error = { code: "provider" as const, message: "ngrok did not answer.", retryable: true };
    const { host, app } = room({ health: () => health(deaf), retry_tunnel: fails({ kind: "answer", error }) });
    render(Stage, { app, component: Health, given: {} });
    await fireEvent.click(await screen.findByRole("button", { name: "Try again now: The way to this computer" }));
    expect(plain(await screen.findByRole("alert"))).toBe("ngrok did not answer.");
    expect(host.asked("retry_tunnel")).toHaveLength(1);
  });

  it("knows nothing when Deskbell is silent, and says so", async () => {
    const { app } = room();
    app.connectivity.link = "down";
    app.connectivity.health = health(fine);
    const { container } = render(Stage, { app, component: Health, given: {} });
    expect(plain(container)).toContain("Deskbell has stopped answering");
    expect(plain(container)).not.toContain("The clock is right.");
  });

  it("saves the file for whoever helps", async () => {
    const { host, app } = room({ diagnostics: () => ({ file_name: "deskbell.txt", text: "how it stands" }) });
    render(Stage, { app, component: Health, given: {} });
    await fireEvent.click(await screen.findByRole("button", { name: "Save a file for whoever helps" }));
    await screen.findByText("File saved");
    expect([...host.texts]).toEqual([["deskbell.txt", "how it stands"]]);
  });
});

describe("the banner and the status line", () => {
  it("say since when nobody is heard, and lead to the deed and to Health", async () => {
    const { app } = room();
    app.connectivity.health = health(deaf, dead);
    app.connections.tunnel = { ...tunnel, phase: "waiting", since: "2026-03-02T14:10:00" };
    render(Stage, { app, component: TopBanner, given: {} });
    const banner = screen.getByRole("status");
    expect(plain(banner)).toMatch(/cannot reach this computer since .*(14:10|2:10).*ngrok is silent/u);
    expect(screen.getAllByRole("status")).toHaveLength(1);
    await fireEvent.click(within(banner).getByRole("button", { name: "And 1 other thing." }));
    expect(app.page).toBe("health");
    render(Stage, { app, component: StatusLine, given: {} });
    expect(screen.getByText("ngrok is silent")).toBeTruthy();
    expect(screen.getByRole("button", { name: "open Health" })).toBeTruthy();
  });

  it("offer a new token, and say that messages still arrive", async () => {
    const { app } = room();
    app.connectivity.health = health(dead);
    render(Stage, { app, component: TopBanner, given: {} });
    expect(plain(screen.getByRole("status"))).toContain("Customers' messages still arrive.");
    await fireEvent.click(screen.getByRole("button", { name: "New token" }));
    expect(app.actions.ask).toEqual({ kind: "replace_keys", channelId: "ch" });
  });
});

describe("the report of what happened meanwhile", () => {
  const view: AwayView = {
    ...noAway, unseen: true, from: "2026-03-02T08:00:00Z", until: "2026-03-02T17:00:00Z", words: "This computer slept for 9 h.", late_messages: 2,
    late: [{ conversation_id: "a", name: "<b>Ana</b>", messages: 2, at: "2026-03-02T09:00:00Z", arrived_at: "2026-03-02T17:01:00Z" }],
    waiting: [{ conversation_id: "b", name: "Rui", messages: 0, at: "2026-03-02T08:30:00Z", arrived_at: null }],
    still_words: "Meta may still deliver some.",
  };

  it("leads to the conversations, makes room for them, and goes when it was seen", async () => {
    const { host, app } = room({ away: () => view, see_away: () => ({}), thread: ({ conversation_id }) => ({ conversation: conversation(conversation_id), messages: [], marks: [], before: null }) });
    await app.away.refresh();
    const { container } = render(Stage, { app, component: AwaySheet, given: { view } });
    expect(plain(container)).toMatch(/slept for 9 h.*Waiting for an answer.*Rui.*Arrived late.*2 messages.*Meta may still deliver/u);
    expect(container.querySelector("b")).toBeNull();
    expect(app.said).toBe("While you were away: This computer slept for 9 h.");
    await fireEvent.click(screen.getByRole("button", { name: /<b>Ana<\/b>/u }));
    expect([app.thread.id, app.away.open]).toEqual(["a", false]);
    await fireEvent.click(await screen.findByRole("button", { name: "Show" }));
    host.answers.see_away = fails({ kind: "unreachable" });
    await fireEvent.click(screen.getByRole("button", { name: "Got it" }));
    expect(plain(await screen.findByRole("alert"))).toContain("could not be marked as seen");
    host.answers.see_away = () => ({});
    host.answers.away = () => ({ ...view, unseen: false });
    await fireEvent.click(screen.getByRole("button", { name: "Got it" }));
    await waitFor(() => expect(app.away.shown).toBe(false));
  });
});

describe("the settings of the connection", () => {
  it("show no secret and no address until somebody asks", async () => {
    const { app } = room();
    const { container } = render(Stage, { app, component: NumbersCard, given: {} });
    await screen.findByText("Set, ends in ZDZD");
    const address = screen.getByText("https://bell.example/hooks/7f1c");
    expect(address.closest("[hidden]")).not.toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Show the address" }));
    expect(address.closest("[hidden]")).toBeNull();
    expect(plain(container)).toContain("Shadow");
  });

  it("warn of other apps and offer the news", async () => {
    const { host, app } = room({ connection: () => connection({ other_apps: ["Old CRM"], news_come_here: false }), take_news: () => connection() });
    render(Stage, { app, component: NumbersCard, given: {} });
    await screen.findByText("1 other app gets this account's messages too");
    await fireEvent.click(screen.getByRole("button", { name: "Let news come here" }));
    await waitFor(() => expect(host.asked("take_news")).toEqual([{ channel_id: "ch" }]));
  });

  it("disconnect only after it was said what goes and what stays, and confirmed", async () => {
    const { host, app } = room({ forget_channel: () => ({}) });
    app.actions.ask = { kind: "disconnect", channelId: "ch" };
    render(Stage, { app, component: Asks, given: {} });
    const dialog = screen.getByRole("dialog", { name: "Disconnect Shop?" });
    expect(plain(dialog)).toMatch(/What is erased.*Access token.*What stays.*All conversations/u);
    const does = screen.getByRole<HTMLButtonElement>("button", { name: "Disconnect and erase the keys" });
    expect(does.disabled).toBe(true);
    await fireEvent.click(screen.getByRole("checkbox"));
    await fireEvent.click(does);
    await waitFor(() => expect(app.actions.ask).toBeNull());
    expect(host.asked("forget_channel")).toEqual([{ channel_id: "ch" }]);
  });

  it("keep what was typed when a key is refused, with the reason at its field", async () => {
    const error = { code: "bad_request" as const, message: "It belongs to another app.", retryable: false, field: "access_token" };
    const { app } = room({ replace_keys: fails({ kind: "answer", error }) });
    app.actions.ask = { kind: "replace_keys", channelId: "ch" };
    render(Stage, { app, component: Asks, given: {} });
    const field = screen.getByLabelText<HTMLInputElement>("New access token");
    await fireEvent.input(field, { target: { value: "EAAG" } });
    await fireEvent.click(screen.getByRole("button", { name: "Try and replace" }));
    await screen.findByText("It belongs to another app.");
    expect([field.value, field.getAttribute("aria-invalid")]).toEqual(["EAAG", "true"]);
  });
});

describe("locked secrets", () => {
  it("are asked for at once, and a wrong passphrase is told at the field", async () => {
    const error = { code: "bad_request" as const, message: "This is not the passphrase.", retryable: true };
    const { host, app } = room({ unlock_vault: fails({ kind: "answer", error }) });
    app.about = { version: "0", demo: false, first_start: false, can_open_demo: false };
    app.vault.view = { kind: "file", state: "passphrase", words: "In a sealed file.", can_use_file: false };
    render(Stage, { app, component: Asks, given: {} });
    const field = await screen.findByLabelText<HTMLInputElement>("Passphrase");
    await waitFor(() => expect(document.activeElement).toBe(field));
    await fireEvent.click(screen.getByRole("button", { name: "Unlock" }));
    await screen.findByText("Give the passphrase.");
    await fireEvent.input(field, { target: { value: "two words" } });
    await fireEvent.click(screen.getByRole("button", { name: "Unlock" }));
    await screen.findByText("This is not the passphrase.");
    host.answers.unlock_vault = () => ({ ...vault, kind: "file" });
    host.answers.vault = () => ({ ...vault, kind: "file" });
    await fireEvent.click(screen.getByRole("button", { name: "Unlock" }));
    await waitFor(() => expect(app.actions.ask).toBeNull());
    expect(host.asked("unlock_vault")).toEqual([{ passphrase: "two words" }, { passphrase: "two words" }]);
  });

  it("are not asked for where there is no number yet", async () => {
    const { app } = room();
    app.about = { version: "0", demo: false, first_start: true, can_open_demo: true };
    app.vault.view = { ...vault, state: "absent" };
    render(Stage, { app, component: Asks, given: {} });
    await Promise.resolve();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("are not asked for twice when somebody says not now; the banner offers it", async () => {
    const { app } = room();
    app.about = { version: "0", demo: false, first_start: false, can_open_demo: false };
    app.vault.view = { ...vault, state: "locked" };
    render(Stage, { app, component: Asks, given: {} });
    await fireEvent.click(await screen.findByRole("button", { name: "Not now" }));
    app.vault.view = { ...vault, state: "locked", words: "Still." };
    await Promise.resolve();
    expect(screen.queryByRole("dialog")).toBeNull();
    render(Stage, { app, component: TopBanner, given: {} });
    await fireEvent.click(screen.getByRole("button", { name: "Unlock" }));
    expect(app.actions.ask).toEqual({ kind: "unlock_vault" });
  });

  it("can move into a sealed file whose passphrase is given twice", async () => {
    const { host, app } = room({ use_sealed_file: () => ({ ...vault, kind: "file", words: "The keys of Porto did not come along." }) });
    host.answers.vault = () => app.vault.view ?? vault;
    app.vault.view = vault;
    render(Stage, { app, component: VaultCard, given: {} });
    await fireEvent.click(await screen.findByRole("button", { name: "Use a sealed file instead" }));
    render(Stage, { app, component: Asks, given: {} });
    const [first, second] = [screen.getByLabelText("Passphrase"), screen.getByLabelText("The same once more")];
    await fireEvent.input(first, { target: { value: "blue harbour seven kettles" } });
    await fireEvent.input(second, { target: { value: "blue harbour" } });
    await fireEvent.click(screen.getByRole("button", { name: "Seal the file" }));
    await screen.findByText("The two are not the same.");
    expect(host.asked("use_sealed_file")).toEqual([]);
    await fireEvent.input(second, { target: { value: "blue harbour seven kettles" } });
    await fireEvent.click(screen.getByRole("button", { name: "Seal the file" }));
    await screen.findByText("The keys of Porto did not come along.");
    await fireEvent.click(screen.getAllByRole("button", { name: "Close" }).at(-1)!);
    expect(app.actions.ask).toBeNull();
    expect(host.asked("use_sealed_file")).toEqual([{ passphrase: "blue harbour seven kettles" }]);
  });
});
