import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ActionKind, ActionView, AwayView, ConnectionView, HealthView, TunnelView, VaultView } from "../api/generated";
import type { Trouble } from "../host/host";
import { FakeHost, fails } from "../test/fake-host";
import { App } from "./app.svelte";
import { actionLabel } from "./actions.svelte";
import { NewKeys, Pin } from "./keys.svelte";
import { strength } from "./vault.svelte";

const health: HealthView = { level: "ok", findings: [], webhook_url: null, last_event_at: null, waiting_to_send: 0, pending_webhooks: 0, checked_at: null };
const channel = { id: "ch", kind: "whatsapp_cloud" as const, name: "Shop", address: null, mode: "off" as const, hold: null };
const vault: VaultView = { kind: "keychain", state: "open", words: "In the keychain.", can_use_file: true };
const away: AwayView = { unseen: true, from: "2026-03-02T08:00:00Z", until: "2026-03-02T09:00:00Z", words: "It slept.", late_messages: 0, late: [], waiting: [], windows_closed: [], still_words: null };
const tunnel: TunnelView = {
  kind: "ngrok", phase: "online", words: "Open.", url: null, domain: null, since: null, next_try: null, action: null, secrets: [], own_url: null,
  listens_at: null, requests: 0, requests_given: null, usage_words: null, programs: [],
};

function connection(say: Partial<ConnectionView> = {}): ConnectionView {
  return {
    channel_id: "ch", steps: [], registered_at: null, callback_url: null, other_apps: [], app_callback: null, news_come_here: true, news_words: "",
    secrets: [], former_secret_until: null, token: { valid: true, expires_at: null, words: "Good.", level: "ok" }, checked_at: null, number: [], ...say,
  };
}

function room(answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({
    health: () => health,
    list_channels: () => ({ channels: [channel] }),
    list_notices: () => ({ notices: [], unseen: 0 }),
    tunnel: () => tunnel,
    connection: () => connection(),
    vault: () => vault,
    away: () => away,
    ...answers,
  });
  const app = new App(host);
  app.connectivity.channels = [channel];
  return { host, app };
}

const does = (kind: ActionKind, say: Partial<ActionView> = {}): ActionView => ({ kind, channel_id: null, url: null, conversation_id: null, ...say });
const refused = (message: string, field?: string): Trouble => ({
  kind: "answer",
  error: { code: "bad_request", message, retryable: false, ...(field === undefined ? {} : { field }) },
});

/** An answer that comes when the test says so. */
function later<T>() {
  let come: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (come = resolve));
  return { promise, come };
}

beforeEach(() => localStorage.clear());
afterEach(() => vi.useRealTimers());

describe("a deed behind a button", () => {
  it("is done once, however often and wherever it is pressed", async () => {
    const slow = later<TunnelView>();
    const { host, app } = room({ retry_tunnel: () => slow.promise });
    const first = app.actions.do(does("retry_tunnel"));
    const second = app.actions.do(does("retry_tunnel"));
    expect(app.actions.running(does("retry_tunnel"))).toBe(true);
    await expect(second).resolves.toBeNull();
    slow.come({ ...tunnel, words: "Tried." });
    await expect(first).resolves.toBeNull();
    expect(host.asked("retry_tunnel")).toHaveLength(1);
    expect(app.actions.running(does("retry_tunnel"))).toBe(false);
    expect(app.said).toBe("Tried again");
  });

  it("is about the only channel when it names none", async () => {
    const { host, app } = room({ register_webhook: () => connection({ registered_at: "2026-03-02T10:00:00Z" }) });
    await app.actions.do(does("register_webhook"));
    expect(host.asked("register_webhook")).toEqual([{ channel_id: "ch" }]);
    expect(app.connections.of("ch").view).not.toBeNull();
  });

  it("says why it did not work, and shows how things stand all the same", async () => {
    const { host, app } = room({ check_channel: fails(refused("Meta did not answer.")) });
    await expect(app.actions.do(does("check_channel", { channel_id: "ch" }))).resolves.toEqual(refused("Meta did not answer."));
    expect(host.asked("health")).toHaveLength(1);
    expect(app.said).toBe("");
  });

  it("asks first where something has to be entered", async () => {
    const { host, app } = room();
    await app.actions.do(does("replace_keys", { channel_id: "ch" }));
    expect(app.actions.ask).toEqual({ kind: "replace_keys", channelId: "ch" });
    await app.actions.do(does("register_number"));
    expect(app.actions.ask).toEqual({ kind: "register_number", channelId: null });
    await app.actions.do(does("unlock_vault"));
    expect(app.actions.ask).toEqual({ kind: "unlock_vault" });
    expect(host.calls).toEqual([]);
  });

  it("opens pages outside of the window and conversations inside", async () => {
    const { host, app } = room();
    await app.actions.do(does("open_page", { url: "https://example.org/bill" }));
    expect(host.did).toEqual(["browse https://example.org/bill"]);
    app.page = "health";
    await app.actions.do(does("open_conversation", { conversation_id: "c7" }));
    expect([app.page, app.thread.id]).toEqual(["inbox", "c7"]);
  });

  it("leaves the set-up for what lies outside of it", async () => {
    const { app } = room({ app: fails({ kind: "unreachable" }) });
    app.setup.open = true;
    await app.actions.do(does("tunnel_settings"));
    expect([app.setup.open, app.page]).toEqual([false, "settings"]);
    app.setup.open = true;
    await app.actions.do(does("open_conversation", { conversation_id: "c7" }));
    expect([app.setup.open, app.page, app.thread.id]).toEqual([false, "inbox", "c7"]);
  });

  it("is called after what it is about, and never after nothing", () => {
    expect(actionLabel("replace_keys", "token")).toBe("New token");
    expect(actionLabel("replace_keys", "signature")).toBe("New app secret");
    expect(actionLabel("replace_keys")).toBe("New keys");
    expect(actionLabel("brew_coffee" as ActionKind)).toBe("Look again");
  });
});

describe("looking again", () => {
  it("asks Meta about every number, shows the rest even when Meta is silent, and is done once at a time", async () => {
    const { host, app } = room({ check_channel: fails({ kind: "unreachable" }) });
    const [one, two] = [app.health.check(), app.health.check()];
    expect(app.health.checking).toBe(true);
    expect(await one).toEqual({ kind: "unreachable" });
    await two;
    expect(app.health.checking).toBe(false);
    expect(app.health.trouble).toEqual({ kind: "unreachable" });
    expect(host.asked("check_channel")).toHaveLength(1);
    expect(app.connections.of("ch").view).not.toBeNull();
    expect(app.vault.view).toEqual(vault);
  });

  it("writes the file for whoever helps, and says nothing when the person thinks better of it", async () => {
    const { host, app } = room({ diagnostics: () => ({ file_name: "deskbell.txt", text: "how it stands" }) });
    expect(await app.health.saveFile()).toBe(true);
    expect(host.texts.get("deskbell.txt")).toBe("how it stands");
    host.keepsText = () => false;
    expect(await app.health.saveFile()).toBe(false);
    expect([app.health.saved, app.health.saveTrouble]).toEqual([false, null]);
    host.keepsText = fails(refused("The disk is full."));
    expect(await app.health.saveFile()).toBe(false);
    expect(app.health.saveTrouble).toEqual(refused("The disk is full."));
  });
});

describe("how a channel is connected", () => {
  it("shows the latest answer, however late an earlier one comes", async () => {
    const slow = later<ConnectionView>();
    let asked = 0;
    const { app } = room({ connection: () => (asked++ === 0 ? slow.promise : connection({ news_words: "new" })) });
    const first = app.connections.refresh("ch");
    await app.connections.refresh("ch");
    slow.come(connection({ news_words: "old" }));
    await first;
    expect(app.connections.of("ch").view?.news_words).toBe("new");
  });

  it("keeps what is known when it cannot be read again, and says so", async () => {
    const { host, app } = room();
    await app.connections.refresh("ch");
    host.answers.connection = fails({ kind: "unreachable" });
    await app.connections.refresh("ch");
    expect(app.connections.of("ch")).toEqual({ view: connection(), trouble: { kind: "unreachable" } });
  });

  it("follows changes: tunnel and looked-at channels after `connection`, the report after `away`", async () => {
    vi.useFakeTimers();
    const { host, app } = room();
    await app.connections.refresh("ch");
    host.calls = [];
    app.changed([{ kind: "connection" }, { kind: "connection" }, { kind: "channel", channel_id: "ch" }]);
    await vi.advanceTimersByTimeAsync(100);
    expect([host.asked("tunnel").length, host.asked("connection").length, host.asked("vault").length]).toEqual([1, 1, 1]);
    host.calls = [];
    app.changed([{ kind: "away" }]);
    await vi.advanceTimersByTimeAsync(100);
    expect([host.asked("away").length, host.asked("connection").length]).toEqual([1, 0]);
    app.changed([{ kind: "channel", channel_id: "ch" }]);
    await vi.advanceTimersByTimeAsync(100);
    expect(host.asked("connection")).toHaveLength(1);
  });
});

describe("new keys", () => {
  it("are sent as far as they were given, and an error stands at its field", async () => {
    const { host, app } = room({ replace_keys: fails(refused("It belongs to another app.", "access_token")) });
    const keys = new NewKeys(app.client, app.connections);
    expect(await keys.replace("ch")).toBe(false);
    expect(keys.empty).toBe(true);
    keys.type("access_token", "  EAAG ");
    expect(await keys.replace("ch")).toBe(false);
    expect(host.asked("replace_keys")).toEqual([{ channel_id: "ch", access_token: "EAAG" }]);
    expect([keys.problem("access_token"), keys.problem("app_secret"), keys.general]).toEqual(["It belongs to another app.", undefined, null]);
    keys.type("access_token", "EAAH");
    expect(keys.problem("access_token")).toBeUndefined();
    host.answers.replace_keys = () => connection({ former_secret_until: "2026-03-09T10:00:00Z" });
    keys.type("app_secret", "0123");
    expect(await keys.replace("ch")).toBe(true);
    expect(app.connections.of("ch").view?.former_secret_until).toBe("2026-03-09T10:00:00Z");
  });

  it("are tried once, however often the button is pressed", async () => {
    const slow = later<ConnectionView>();
    const { host, app } = room({ replace_keys: () => slow.promise });
    const keys = new NewKeys(app.client, app.connections);
    keys.type("app_secret", "0123");
    const first = keys.replace("ch");
    expect(await keys.replace("ch")).toBe(false);
    slow.come(connection());
    expect(await first).toBe(true);
    expect(host.asked("replace_keys")).toHaveLength(1);
  });
});

describe("registering a number", () => {
  it("does nothing without the confirmation and a whole PIN", async () => {
    const { host, app } = room({ register_number: () => ({}) });
    const pin = new Pin(app.client);
    pin.type("12a34567");
    expect(pin.pin).toBe("123456");
    expect(await pin.register("ch")).toBe(false);
    pin.confirmed = true;
    pin.type("123");
    expect(await pin.register("ch")).toBe(false);
    expect(pin.problem).toBe("A PIN has six digits.");
    expect(host.asked("register_number")).toEqual([]);
    pin.type("123456");
    expect(await pin.register(null)).toBe(true);
    expect(host.asked("register_number")).toEqual([{ pin: "123456", confirmed: true }]);
  });

  it("puts a wrong PIN at its field", async () => {
    const { app } = room({ register_number: fails(refused("Meta has another PIN.", "pin")) });
    const pin = new Pin(app.client);
    pin.confirmed = true;
    pin.type("123456");
    expect(await pin.register("ch")).toBe(false);
    expect([pin.problem, pin.general]).toEqual(["Meta has another PIN.", null]);
  });
});

describe("the vault", () => {
  it("is shut when it waits for somebody, and opens with the passphrase", async () => {
    const { host, app } = room({ vault: () => ({ ...vault, kind: "file", state: "passphrase" }), unlock_vault: fails(refused("Wrong.")) });
    await app.vault.refresh();
    expect([app.vault.locked, app.vault.shut]).toEqual([true, true]);
    expect(await app.vault.unlock("no")).toBe(false);
    expect(app.vault.deedTrouble).toEqual(refused("Wrong."));
    host.answers.unlock_vault = () => ({ ...vault, kind: "file" });
    expect(await app.vault.unlock("yes")).toBe(true);
    expect([app.vault.locked, app.vault.deedTrouble]).toEqual([false, null]);
    expect(host.asked("unlock_vault")).toEqual([{ passphrase: "no" }, { passphrase: "yes" }]);
  });

  it("says that a keychain is locked still, and keeps the newest of two answers", async () => {
    const slow = later<VaultView>();
    const { host, app } = room({ vault: () => slow.promise, unlock_vault: () => ({ ...vault, state: "locked" }) });
    const read = app.vault.refresh();
    expect(await app.vault.unlock()).toBe(false);
    expect(app.vault.still).toBe(true);
    slow.come(vault);
    await read;
    expect(app.vault.view?.state).toBe("locked");
    expect(host.asked("unlock_vault")).toEqual([{}]);
  });

  it("moves into a sealed file once", async () => {
    const slow = later<VaultView>();
    const { host, app } = room({ use_sealed_file: () => slow.promise });
    const first = app.vault.useFile("four odd words here");
    expect(await app.vault.useFile("four odd words here")).toBe(false);
    slow.come({ ...vault, kind: "file" });
    expect(await first).toBe(true);
    expect(host.asked("use_sealed_file")).toHaveLength(1);
  });

  it("tells easy passphrases from good ones", () => {
    for (const easy of ["", "secret", "aaaaaaaaaaaaaaaa", "1234567890", "abcdefghijklmnop"]) expect(strength(easy), easy).toBeLessThan(2);
    for (const good of ["correct horse battery staple", "Kaffee um halb elf, 3 Tassen"]) expect(strength(good), good).toBeGreaterThanOrEqual(3);
    expect(strength("blue blue blue blue")).toBeLessThan(strength("blue harbour seven kettles"));
  });
});

describe("the report of what happened meanwhile", () => {
  it("is shown until somebody says they have seen it, and can be had again", async () => {
    let unseen = true;
    const { host, app } = room({ away: () => ({ ...away, unseen }), see_away: () => ((unseen = false), {}) });
    await app.away.refresh();
    expect([app.away.shown, app.away.open]).toEqual([true, true]);
    app.openConversation("c1");
    expect([app.away.shown, app.away.open]).toEqual([true, false]);
    expect(await app.away.see()).toBe(true);
    expect(app.away.shown).toBe(false);
    app.away.recall();
    expect([app.away.shown, app.away.open]).toEqual([true, true]);
    await app.away.see();
    expect([app.away.shown, host.asked("see_away").length]).toEqual([false, 1]);
  });

  it("stays when it could not be marked as seen, and opens itself again only for another gap", async () => {
    const { host, app } = room({ see_away: fails({ kind: "unreachable" }) });
    await app.away.refresh();
    app.away.fold();
    await app.away.refresh();
    expect(app.away.open).toBe(false);
    expect(await app.away.see()).toBe(false);
    expect([app.away.shown, app.away.seeTrouble]).toEqual([true, { kind: "unreachable" }]);
    host.answers.away = () => ({ ...away, from: "2026-03-03T08:00:00Z" });
    await app.away.refresh();
    expect(app.away.open).toBe(true);
  });
});
