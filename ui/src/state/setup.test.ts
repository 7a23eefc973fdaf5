import { beforeEach, describe, expect, it, vi } from "vitest";
import { Client } from "../api/client";
import type { SetupView } from "../api/generated";
import { FakeHost, fails } from "../test/fake-host";
import { chain, numberOf, setupView, tunnel, withNumbers } from "../test/setup-view";
import { credentialProblems } from "./setup-rules";
import { mainDeed } from "./setup-steps";
import { PAGES, Setup } from "./setup.svelte";

const TOKEN = "EAAGm0PX4ZCpsBAKZCxyzxyzxyzxyz";
const SECRET = "0123456789abcdef0123456789abcdef";

beforeEach(() => localStorage.clear());

/** A set-up whose engine answers with `view` until a test says otherwise. */
async function room(first: SetupView, answers: FakeHost["answers"] = {}) {
  let view = first;
  const host = new FakeHost({
    setup: () => view,
    begin_setup: () => (view = { ...view, begun: true }),
    setup_page: ({ page }) => (view = { ...view, page }),
    ...answers,
  });
  const said: string[] = [];
  const setup = new Setup(new Client(host), (text) => said.push(text));
  await setup.show();
  const become = (say: Partial<SetupView>) => (view = { ...view, ...say });
  return { host, setup, said, become, news: () => setup.changed([{ kind: "connection" }]) };
}

/** A call that answers when a test lets it. */
function held<T>() {
  let answer: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (answer = resolve));
  return { promise, answer: (value: T) => answer(value) };
}

describe("a set-up that is left", () => {
  it.each(PAGES)("is gone on with at %s", async (page) => {
    const { setup } = await room(setupView({ page, furthest: "mode" }));
    expect([setup.page, setup.open]).toEqual([page, true]);
  });

  it("keeps what was typed and what was ticked", async () => {
    const { host, setup } = await room(setupView({ page: "credentials" }));
    setup.typeToken(TOKEN);
    setup.tick("app");
    setup.hide();
    await setup.show();
    expect(setup.token).toBe(TOKEN);
    expect(new Setup(new Client(host), () => undefined).have).toEqual(["app"]);
  });

  it("asks nothing while it is closed", async () => {
    const { host, setup, news } = await room(setupView());
    setup.hide();
    host.calls = [];
    await news();
    expect(host.calls).toEqual([]);
  });

  it("begins and comes to the keys with one press", async () => {
    const { host, setup } = await room(setupView({ begun: false }));
    await setup.begin();
    expect(host.asked("begin_setup")).toHaveLength(1);
    expect(setup.page).toBe("credentials");
  });

  it("forgets everything when it is given up, and stays when the engine refuses that", async () => {
    const { setup, become } = await room(setupView({ page: "credentials" }), {
      cancel_setup: fails({ kind: "answer", error: { code: "storage", message: "The disk is full.", retryable: true } }),
    });
    setup.typeToken(TOKEN);
    expect(await setup.cancel()).not.toBeNull();
    expect(setup.token).toBe(TOKEN);
    const second = await room(setupView({ page: "credentials" }), { cancel_setup: () => ({}) });
    second.setup.typeToken(TOKEN);
    become({ begun: false });
    expect(await second.setup.cancel()).toBeNull();
    expect(second.setup.token).toBe("");
  });
});

describe("answers that come late", () => {
  it("do not bring an older page back", async () => {
    const slow = held<SetupView>();
    const { setup } = await room(setupView({ page: "credentials", furthest: "credentials" }), { setup_credentials: () => slow.promise });
    setup.typeToken(TOKEN);
    setup.typeSecret(SECRET);
    const checking = setup.checkCredentials();
    await setup.go("intro");
    slow.answer(setupView({ page: "credentials" }));
    await checking;
    expect(setup.page).toBe("intro");
  });

  it("of a shop that was left are thrown away", async () => {
    const slow = held<SetupView>();
    const { setup } = await room(setupView({ page: "connect" }), { connect_setup: () => slow.promise });
    const connecting = setup.connect();
    setup.forget();
    slow.answer(setupView({ page: "connect" }));
    await connecting;
    expect(setup.view).toBeNull();
  });

  it("are waited for once, however often the button is pressed", async () => {
    const slow = held<SetupView>();
    const { host, setup } = await room(setupView({ page: "credentials" }), { setup_credentials: () => slow.promise });
    setup.typeToken(TOKEN);
    setup.typeSecret(SECRET);
    const presses = [setup.checkCredentials(), setup.checkCredentials(), setup.checkCredentials()];
    expect(setup.running("credentials")).toBe(true);
    slow.answer(setupView({ page: "number", furthest: "number" }));
    await Promise.all(presses);
    expect(host.asked("setup_credentials")).toEqual([{ access_token: TOKEN, app_secret: SECRET }]);
  });
});

describe("token and secret", () => {
  const problems = (token: string, secret: string, appId: string | null = null) => credentialProblems({ token, secret, appId }, []);

  it("are asked for before Meta is", async () => {
    const { host, setup } = await room(setupView({ page: "credentials" }));
    await setup.checkCredentials();
    expect(setup.problemOf("access_token")).toBe("Paste the token here.");
    expect(host.asked("setup_credentials")).toEqual([]);
    setup.typeToken("E");
    expect(setup.problemOf("access_token")).toBeUndefined();
    expect(setup.problemOf("app_secret")).toBe("Paste the app secret here.");
  });

  it("in each other's field are told apart", () => {
    expect(problems(SECRET, TOKEN)).toMatchObject({
      access_token: expect.stringContaining("looks like the app secret"),
      app_secret: expect.stringContaining("looks like the token"),
    });
    expect(problems("123456789012345", "123456789012345")).toMatchObject({ access_token: expect.stringContaining("an id"), app_secret: expect.stringContaining("App ID") });
    expect(problems(TOKEN, SECRET.slice(3)).app_secret).toContain("part of it is missing");
    expect(problems(TOKEN, SECRET, "my app").app_id).toContain("digits only");
    expect(problems(TOKEN, SECRET, "1234")).toEqual({});
    // What Meta may change tomorrow is left to Meta.
    expect(problems("another shape of token", "another-shape-of-secret")).toEqual({});
  });

  it("that are kept need not be typed again", async () => {
    const { host, setup } = await room(withNumbers([], { page: "credentials" }), { setup_credentials: () => withNumbers([]) });
    await setup.checkCredentials();
    expect(host.asked("setup_credentials")).toEqual([{}]);
  });

  it("leave the window as soon as the engine has them", async () => {
    const { setup } = await room(setupView({ page: "credentials" }), { setup_credentials: () => withNumbers([], { page: "number" }) });
    setup.typeToken(TOKEN);
    setup.typeSecret(SECRET);
    await setup.checkCredentials();
    expect([setup.token, setup.secret, setup.page]).toEqual(["", "", "number"]);
  });

  it("stay in their fields when the engine could not take them", async () => {
    const { setup } = await room(setupView({ page: "credentials" }), { setup_credentials: fails({ kind: "unreachable" }) });
    setup.typeToken(TOKEN);
    setup.typeSecret(SECRET);
    await setup.checkCredentials();
    expect([setup.token, setup.secret]).toEqual([TOKEN, SECRET]);
    expect(setup.trouble).toEqual({ kind: "unreachable" });
  });

  it("show the engine's sentence at the field it is about, and only there", async () => {
    const { setup } = await room(setupView({ page: "credentials" }), {
      setup_credentials: fails({ kind: "answer", error: { code: "bad_request", message: "It holds a line break.", retryable: false, field: "access_token" } }),
    });
    setup.typeToken(TOKEN);
    setup.typeSecret(SECRET);
    await setup.checkCredentials();
    expect([setup.problemOf("access_token"), setup.trouble]).toEqual(["It holds a line break.", null]);
    setup.typeToken(`${TOKEN}x`);
    expect(setup.problemOf("access_token")).toBeUndefined();
  });

  it("are not proved any more as soon as another one is typed", async () => {
    const { setup } = await room(withNumbers([], { page: "credentials" }));
    expect([setup.proved, mainDeed(setup).label]).toEqual([true, "Next"]);
    setup.typeSecret(SECRET);
    expect([setup.proved, mainDeed(setup).label]).toEqual([false, "Check the keys"]);
  });

  it("ask for the App ID only when Meta did not tell it", async () => {
    const { setup, become, news } = await room(setupView({ page: "credentials" }));
    expect(setup.asksAppId).toBe(false);
    become({ proofs: [{ field: "app_id", state: "failed", words: "Which app?" }] });
    await news();
    expect(setup.asksAppId).toBe(true);
  });
});

describe("the number", () => {
  it("is the only one that can be chosen, without a click", async () => {
    const { host, setup } = await room(withNumbers([numberOf("50001"), numberOf("50002", { ready: false })]), {
      setup_number: () => withNumbers([numberOf("50001")], { page: "tunnel", furthest: "connect", number: numberOf("50001") }),
    });
    await setup.takeNumber();
    expect(host.asked("setup_number")).toEqual([{ account_id: "700700700", number_id: "50001" }]);
    expect(setup.page).toBe("tunnel");
  });

  it("that is ready is preferred to one that has to be registered first", async () => {
    const { setup } = await room(withNumbers([numberOf("50002", { ready: false, needs_registration: true }), numberOf("50001")]));
    expect(setup.chosen?.number_id).toBe("50001");
  });

  it("has to be chosen where there are two", async () => {
    const { host, setup } = await room(withNumbers([numberOf("50001"), numberOf("50002")]));
    await setup.takeNumber();
    expect([setup.problemOf("number"), host.asked("setup_number")]).toEqual(["Choose a number to go on.", []]);
  });

  it("is not asked for at Meta again when it was taken before", async () => {
    const { host, setup } = await room(withNumbers([numberOf("50001")], { furthest: "connect", number: numberOf("50001") }));
    await setup.takeNumber();
    expect([host.asked("setup_number"), setup.page]).toEqual([[], "tunnel"]);
  });

  it("is registered only with six digits and after it was confirmed", async () => {
    const bare = numberOf("50001", { ready: false, needs_registration: true });
    const { host, setup, said } = await room(withNumbers([bare]), { setup_number: () => withNumbers([bare], { number: bare }), register_number: () => ({}) });
    await setup.takeNumber();
    expect(setup.problemOf("number")).toContain("Register the number first");
    setup.typePin("12 34x");
    await setup.register();
    expect([setup.pin, setup.problemOf("pin"), setup.problemOf("confirmed")]).toEqual(["1234", "The PIN has exactly six digits.", expect.stringContaining("confirm")]);
    setup.typePin("123456");
    await setup.register();
    expect(host.asked("register_number")).toEqual([]);
    setup.confirm(true);
    await Promise.all([setup.register(), setup.register()]);
    expect(host.asked("register_number")).toEqual([{ pin: "123456", confirmed: true }]);
    expect([setup.pin, setup.confirmed, said.at(-1)]).toEqual(["", false, "The number is registered."]);
  });

  it("keeps nothing of a PIN for another number", async () => {
    const { setup } = await room(withNumbers([numberOf("50001"), numberOf("50002")]));
    setup.typePin("123456");
    setup.confirm(true);
    setup.pick(numberOf("50002"));
    expect([setup.pin, setup.confirmed]).toEqual(["", false]);
  });

  it("can be named by its ids, which are looked at before Meta is asked", async () => {
    const { host, setup } = await room(withNumbers([], { manual_words: "By hand, please." }), {
      setup_number: fails({ kind: "answer", error: { code: "bad_request", message: "Not of this account.", retryable: false, field: "number_id" } }),
    });
    setup.manualAccount = "700700700";
    setup.manualNumber = "+351 900 000 000";
    await setup.takeManual();
    expect([setup.problemOf("account_id"), setup.problemOf("number_id"), host.asked("setup_number")]).toEqual([undefined, expect.stringContaining("digits only"), []]);
    setup.manualNumber = " 50009 ";
    await setup.takeManual();
    expect([host.asked("setup_number"), setup.problemOf("number_id")]).toEqual([[{ account_id: "700700700", number_id: "50009" }], "Not of this account."]);
  });
});

describe("the way in", () => {
  const at = (say: Parameters<typeof tunnel>[0] = {}) => withNumbers([], { page: "tunnel", furthest: "connect", tunnel: tunnel(say) });

  it("asks for the authtoken, takes it once, and goes on by itself when it is open", async () => {
    const connecting = tunnel({ kind: "ngrok", phase: "connecting" });
    const { host, setup, become, news } = await room(at(), { save_tunnel: () => connecting });
    expect(mainDeed(setup).label).toBe("Use this and go on");
    await setup.saveTunnel();
    expect([setup.tunnel.problem?.field, host.asked("save_tunnel")]).toEqual(["authtoken", []]);
    setup.tunnel.type("authtoken", " 2abc_def ");
    become({ tunnel: connecting });
    await Promise.all([setup.saveTunnel(), setup.saveTunnel()]);
    expect(host.asked("save_tunnel")).toEqual([{ kind: "ngrok", authtoken: "2abc_def" }]);
    expect([setup.page, setup.goesOn, setup.tunnel.authtoken]).toEqual(["tunnel", true, ""]);
    become({ tunnel: tunnel({ kind: "ngrok", phase: "online" }) });
    await news();
    await vi.waitFor(() => expect(setup.page).toBe("connect"));
  });

  it("stays where it is when the tunnel was stopped, and says why it cannot go on", async () => {
    const { setup, become, news } = await room(at(), { save_tunnel: () => tunnel({ kind: "ngrok", phase: "connecting" }) });
    setup.tunnel.type("authtoken", "2abc");
    become({ tunnel: tunnel({ kind: "ngrok", phase: "connecting" }) });
    await setup.saveTunnel();
    become({ tunnel: tunnel({ kind: "ngrok", phase: "stopped" }) });
    await news();
    expect([setup.page, setup.goesOn, mainDeed(setup).not]).toEqual(["tunnel", false, expect.stringContaining("Put right")]);
  });

  it("cannot be left out when connecting", async () => {
    const { setup } = await room(at());
    setup.tunnel.pick("none");
    expect(mainDeed(setup).not).toContain("Choose a way in first");
  });

  it("takes an own address only with https, and the port as a number", async () => {
    const { host, setup } = await room(at({ kind: "url", own_url: "https://old.example", listens_at: "127.0.0.1:4180" }), {
      save_tunnel: () => tunnel({ kind: "url", phase: "online" }),
    });
    expect(setup.tunnel.shownPort(setup.view!.tunnel)).toBe("4180");
    setup.tunnel.type("url", "bell.example");
    await setup.saveTunnel();
    expect(setup.tunnel.problem?.field).toBe("url");
    setup.tunnel.type("url", " https://bell.example ");
    setup.tunnel.type("port", "70000");
    await setup.saveTunnel();
    expect(setup.tunnel.problem?.field).toBe("port");
    setup.tunnel.type("port", "4180");
    await setup.saveTunnel();
    expect(host.asked("save_tunnel")).toEqual([{ kind: "url", url: "https://bell.example", port: 4180 }]);
  });

  it("shows the engine's sentence at the field it is about", async () => {
    const { setup } = await room(at(), {
      save_tunnel: fails({ kind: "answer", error: { code: "bad_request", message: "This domain is somebody else's.", retryable: false, field: "domain" } }),
    });
    setup.tunnel.type("authtoken", "2abc");
    setup.tunnel.type("domain", "https://bell.example/x");
    await setup.saveTunnel();
    expect(setup.tunnel.problem).toEqual({ field: "domain", words: "This domain is somebody else's." });
    expect(setup.tunnel.authtoken).toBe("2abc");
    expect(setup.tunnel.generalTrouble).toBeNull();
  });
});

describe("the chain", () => {
  const at = (say: Partial<SetupView>) => setupView({ page: "connect", furthest: "connect", ...say });

  it("begins by itself, once", async () => {
    const { host, setup } = await room(at({}), { connect_setup: () => at({ steps: chain(0, "running") }) });
    await setup.startChain();
    await setup.startChain();
    expect(host.asked("connect_setup")).toHaveLength(1);
    expect(mainDeed(setup).not).toBe("Connecting");
  });

  it("does not begin again where it runs, has stopped or is done", async () => {
    for (const steps of [chain(2, "running"), chain(2, "failed"), chain(7, "ok")]) {
      const { host, setup } = await room(at({ steps }));
      await setup.startChain();
      expect(host.asked("connect_setup")).toEqual([]);
    }
  });

  it("is run again with a new key, also where it was done", async () => {
    const done = withNumbers([numberOf("50001")], { page: "credentials", furthest: "mode", number: numberOf("50001"), steps: chain(7, "ok") });
    const { host, setup } = await room(done, { setup_credentials: () => done, connect_setup: () => done });
    setup.typeToken(TOKEN);
    await setup.checkCredentials();
    await setup.startChain();
    expect(host.asked("connect_setup")).toHaveLength(1);
  });

  it("tells each step aloud, with the sentence of the one that failed", async () => {
    const { setup, said, become, news } = await room(at({ steps: chain(0, "running") }));
    become({ steps: chain(1, "running") });
    await news();
    become({ steps: chain(1, "failed", { words: "ngrok is away." }) });
    await news();
    expect(said).toEqual(["Deskbell listens on this computer: done.", "The internet reaches this computer: did not work. ngrok is away."]);
    expect([setup.chainStopped, mainDeed(setup).label]).toEqual([true, "Try again"]);
  });

  it("leads from a step's button to the page where it is put right", async () => {
    const { setup } = await room(at({ furthest: "connect", steps: chain(4, "failed") }));
    setup.deed({ kind: "replace_keys", channel_id: null, url: null, conversation_id: null })?.();
    await vi.waitFor(() => expect(setup.page).toBe("credentials"));
    expect(setup.deed({ kind: "open_page", channel_id: null, url: "https://x.example", conversation_id: null })).toBeUndefined();
  });
});

describe("the hello and the end", () => {
  const heard = { conversation_id: "c1", name: "Ana", text: "hi", at: "2026-03-02T10:00:00Z" };
  const hello = { number: "+351900000001", link: "https://wa.me/351900000001?text=hi", qr: [], heard: null, reply: null };
  const at = (say: Partial<SetupView> = {}) => setupView({ page: "hello", furthest: "mode", steps: chain(7, "ok"), hello, number: numberOf("50001"), ...say });

  it("comes in by itself, aloud, and is answered with the words that stand there", async () => {
    const { host, setup, said, become } = await room(at(), { test_reply: () => at({ hello: { ...hello, heard, reply: { message_id: "m", status: "queued", words: null } } }) });
    expect(mainDeed(setup).not).toBe("Waiting for your message");
    become({ hello: { ...hello, heard } });
    await setup.changed([{ kind: "message", conversation_id: "c1", message_id: "1" }]);
    expect(said).toEqual(["It has arrived. hi"]);
    setup.replyText = "  It works  ";
    await Promise.all([mainDeed(setup).do(), mainDeed(setup).do()]);
    expect(host.asked("test_reply")).toEqual([{ text: "It works" }]);
    expect([setup.sentText, mainDeed(setup).label]).toEqual(["It works", "Next"]);
    become({ hello: { ...hello, heard, reply: { message_id: "m", status: "delivered", words: null } } });
    await setup.changed([{ kind: "message", conversation_id: "c1", message_id: "m" }]);
    expect([setup.answered, said.at(-1)]).toEqual([true, "delivered"]);
  });

  it("is not answered with nothing", async () => {
    const { host, setup } = await room(at({ hello: { ...hello, heard } }));
    setup.replyText = "   ";
    await setup.reply();
    expect([setup.problemOf("text"), host.asked("test_reply")]).toEqual(["Write something to send.", []]);
  });

  it("ends with the recommended mode unless another was chosen, and remembers what was done", async () => {
    const { host, setup } = await room(at({ page: "mode", tunnel: tunnel({ kind: "ngrok", phase: "online", url: "https://a.example" }), hello: { ...hello, heard } }), {
      finish_setup: ({ mode }) => setupView({ begun: false, mode }),
    });
    expect(mainDeed(setup).label).toBe("Finish with Shadow");
    await Promise.all([setup.finish(), setup.finish()]);
    expect(host.asked("finish_setup")).toEqual([{ mode: "shadow" }]);
    expect(setup.finished).toMatchObject({ mode: "shadow", url: "https://a.example", conversationId: "c1", number: { number_id: "50001" } });
  });

  it("says why it could not end and stays", async () => {
    const { setup } = await room(at({ page: "mode" }), {
      finish_setup: fails({ kind: "answer", error: { code: "not_now", message: "Messages do not come here yet.", retryable: false } }),
    });
    expect(await setup.finish()).toBe(false);
    expect([setup.finished, setup.trouble?.kind]).toEqual([null, "answer"]);
    await setup.go("hello");
    expect(setup.trouble).toBeNull();
  });
});
