import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { tick, type Component } from "svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { ConversationView, DraftView, LeadValueView, LeadView } from "../api/generated";
import { CallFailure } from "../host/host";
import { App } from "../state/app.svelte";
import { settled } from "../state/focus";
import { conversation, decision, draft, FakeHost, fails, message, reply } from "../test/fake-host";
import Stage from "../test/Stage.svelte";
import Triage from "../views/Triage.svelte";
import AssistantPart from "./assistant/AssistantPart.svelte";
import DraftCard from "./assistant/DraftCard.svelte";
import Evidence from "./assistant/Evidence.svelte";
import EverywhereSheet from "./assistant/EverywhereSheet.svelte";
import HoldBar from "./assistant/HoldBar.svelte";
import LeadPart from "./assistant/LeadPart.svelte";
import ModeMenu from "./assistant/ModeMenu.svelte";
import WhyDialog from "./assistant/WhyDialog.svelte";
import Row from "./inbox/Row.svelte";
import Who from "./thread/Who.svelte";

beforeEach(() => {
  localStorage.clear();
  HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
    this.open = true;
  };
});

function shop(drafts: DraftView[], view: ConversationView, answers: FakeHost["answers"] = {}) {
  const state = { drafts, all: "bot" };
  const away = (id: string) => (state.drafts = state.drafts.filter((one) => one.id !== id));
  const host = new FakeHost({
    thread: () => ({ conversation: view, messages: [message("1", { text: "Do you post to Porto?" })], marks: [], before: null }),
    list_conversations: () => ({ conversations: [view], next_cursor: null, counts: { needs_me: 1, bot: 0, waiting: 0, all: 1 } }),
    list_drafts: (args) => ({ drafts: state.drafts.filter((one) => args.conversation_id === undefined || one.conversation_id === args.conversation_id) }),
    approve_draft: (args) => {
      away(args.draft_id);
      return { message_id: "m" };
    },
    dismiss_draft: (args) => {
      away(args.draft_id);
      return {};
    },
    request_draft: () => ({}),
    keep_composer: () => ({}),
    keep_holder: () => view,
    take_over: () => view,
    hand_back: () => ({ conversation: { ...view, holder: "assistant" }, open_question: true }),
    set_mode: (args) => {
      if (args.scope === "global" && args.mode !== null) state.all = args.mode;
      return {};
    },
    assistant: () => ({ global_mode: state.all, trouble: null }) as never,
    list_channels: () => ({ channels: [{ id: "ch", kind: "whatsapp_cloud", name: "Shop", address: null, mode: "shadow", hold: null }] }),
    ...answers,
  });
  const app = new App(host);
  app.about = { version: "1", demo: false, first_start: false, can_open_demo: false };
  app.connectivity.link = "up";
  return { host, app };
}

async function stage(component: Component<any>, view: ConversationView, drafts: DraftView[] = [], answers: FakeHost["answers"] = {}, given: Record<string, unknown> = { view }) {
  const { host, app } = shop(drafts, view, answers);
  await Promise.all([app.control.refresh(), app.connectivity.refreshChannels()]);
  app.openConversation(view.id);
  await app.thread.refresh();
  await app.drafts.look(view.id);
  const { container } = render(Stage, { app, component, given });
  await tick();
  return { host, app, container, text: () => container.textContent?.replace(/\s+/g, " ") ?? "" };
}

const shadow = (say: Partial<ConversationView> = {}) => conversation("a", { effective_mode: "shadow", ...say });

describe("the card of an answer that is being written", () => {
  it("shows the words so far and nothing that could send them, and is gone with them", async () => {
    let written: string | null = "We <b>open</b> at";
    const { app, text } = await stage(DraftCard, shadow(), [], { writing: () => ({ text: written }) });
    await waitFor(() => expect(text()).toContain("We <b>open</b> at"));
    expect(text()).toContain("Being written");
    expect(screen.queryAllByRole("button")).toEqual([]);
    expect(screen.queryByRole("textbox")).toBeNull();
    written = null;
    app.changed([{ kind: "writing", conversation_id: "a" }]);
    await waitFor(() => expect(text()).not.toContain("Being written"));
  });

  it("gives way to the draft it becomes", async () => {
    const { text } = await stage(DraftCard, shadow(), [draft("d", "a")], { writing: () => ({ text: "We open" }) });
    await tick();
    expect(text()).toContain("Draft · nothing is sent until you press Send");
    expect(text()).not.toContain("Being written");
  });
});

describe("the card of a draft", () => {
  const card = () => screen.getByRole("group", { name: /Draft of the assistant/ });

  it("cannot be mistaken for something sent, and says what it rests on and how sure it is", async () => {
    const { text } = await stage(DraftCard, shadow(), [draft("d", "a", { sources: [{ id: "S1", kind: "passage", reference: "p", title: "prices.md", text: "…", url: null }], buttons: ["Reserve it"] })]);
    expect(text()).toContain("Draft · nothing is sent until you press Send");
    expect(text()).toContain("Sure · 90 %");
    expect(text()).toContain("Delivery");
    expect(text()).toContain("prices.md");
    expect(within(screen.getByRole("list", { name: "Buttons the customer sees" })).getByText("Reserve it")).toBeTruthy();
  });

  it("sends with Enter while it has the focus and the reply field is empty", async () => {
    const { host, app } = await stage(DraftCard, shadow(), [draft("d", "a")]);
    app.composer.type("something");
    await tick();
    expect(screen.getByText("A draft waits while you write.")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Show it" }));
    await fireEvent.keyDown(card(), { key: "Enter" });
    expect(host.asked("approve_draft")).toEqual([]);
    app.composer.type("");
    await fireEvent.keyDown(card(), { key: "Enter" });
    await waitFor(() => expect(host.asked("approve_draft")).toEqual([{ draft_id: "d" }]));
  });

  it("is edited with E in its own field, given up with Escape, and sent with Enter", async () => {
    const { host } = await stage(DraftCard, shadow(), [draft("d", "a")]);
    await fireEvent.keyDown(card(), { key: "e" });
    const field = screen.getByLabelText<HTMLTextAreaElement>("The draft, to be changed");
    expect(field.value).toBe("answer d");
    await waitFor(() => expect(document.activeElement).toBe(field));
    await fireEvent.keyDown(field, { key: "Escape" });
    expect(screen.queryByLabelText("The draft, to be changed")).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(card()));
    await fireEvent.keyDown(card(), { key: "e" });
    await fireEvent.input(screen.getByLabelText("The draft, to be changed"), { target: { value: "Yes." } });
    await fireEvent.keyDown(screen.getByLabelText("The draft, to be changed"), { key: "Enter" });
    await waitFor(() => expect(host.asked("approve_draft")).toEqual([{ draft_id: "d", text: "Yes." }]));
  });

  it("is dismissed with X and a digit for the reason", async () => {
    const { host } = await stage(DraftCard, shadow(), [draft("d", "a")]);
    await fireEvent.keyDown(card(), { key: "x" });
    const first = screen.getByRole("button", { name: /It is wrong/ });
    expect(document.activeElement).toBe(first);
    await fireEvent.keyDown(first, { key: "3" });
    await waitFor(() => expect(host.asked("dismiss_draft")).toEqual([{ draft_id: "d", reason: "outdated" }]));
  });

  it("asks for another one with R", async () => {
    const { host } = await stage(DraftCard, shadow(), [draft("d", "a")]);
    await fireEvent.keyDown(card(), { key: "r" });
    await waitFor(() => expect(host.asked("request_draft")).toEqual([{ conversation_id: "a" }]));
  });

  it("hides a blind draft with its reason and offers no way to send it", async () => {
    const { text } = await stage(DraftCard, shadow(), [draft("d", "a", { blind: true, text: "" })]);
    expect(text()).toContain("Hidden on purpose: write your answer first.");
    expect(screen.queryByRole("button", { name: /Send/ })).toBeNull();
    expect(screen.queryByRole("button", { name: "Why?" })).toBeNull();
  });

  it("cannot be sent once the service window is closed, and says so", async () => {
    const { text } = await stage(DraftCard, shadow({ window_closes_at: "2020-01-01T00:00:00Z" }), [draft("d", "a")]);
    expect(screen.getByRole<HTMLButtonElement>("button", { name: /Send/ }).disabled).toBe(true);
    expect(text()).toContain("takes no free text here any more");
  });

  it("stays and says why when it could not be sent", async () => {
    const error = { code: "not_now", message: "The customer wrote again meanwhile.", retryable: false } as const;
    await stage(DraftCard, shadow(), [draft("d", "a")], { approve_draft: fails({ kind: "answer", error }) });
    await fireEvent.click(screen.getByRole("button", { name: /Send/ }));
    expect((await screen.findByRole("alert")).textContent).toContain("Not sent. The customer wrote again meanwhile.");
  });

  it("marks what a check found, in words too", async () => {
    const found = { kind: "number", words: "“40” stands in no source.", start: 6, end: 8 };
    const { container, text } = await stage(DraftCard, shadow(), [draft("d", "a", { text: "It is 40 euros", decision: decision({ findings: [found] }) })]);
    expect(container.querySelector("mark")?.textContent).toContain("40");
    expect(text()).toContain("stands in no source");
  });
});

describe("the line about who has the conversation", () => {
  it("counts down, keeps it and hands it back with a question", async () => {
    const view = conversation("a", { effective_mode: "bot", holder: "operator", held_by: "typed", held_since: new Date().toISOString(), returns_at: new Date(Date.now() + 192 * 60_000 + 5_000).toISOString() });
    const { host, text } = await stage(HoldBar, view);
    expect(text()).toContain("You are answering. The assistant has it back in 3 h 12 min.");
    await fireEvent.click(screen.getByRole("button", { name: "Keep" }));
    await waitFor(() => expect(host.asked("keep_holder")).toEqual([{ conversation_id: "a" }]));
    await fireEvent.click(await screen.findByRole("button", { name: "Hand back now" }));
    expect(await screen.findByText(/Should the assistant answer it now\?/)).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Answer now" }));
    await waitFor(() => expect(host.asked("hand_back").at(-1)).toEqual({ conversation_id: "a", answer_now: true }));
  });

  it("says when somebody answered on the phone", async () => {
    const { text } = await stage(HoldBar, conversation("a", { effective_mode: "bot", holder: "operator", held_by: "phone", held_since: "2026-03-02T14:02:00Z" }));
    expect(text()).toMatch(/Answered from the phone at .+:02/);
  });

  it("gives the reason a person is asked for, and takes over", async () => {
    const { host, text } = await stage(HoldBar, conversation("a", { holder: "waiting_human", attention: "complaint", attention_at: new Date(Date.now() - 300_000).toISOString() }));
    expect(text()).toContain("The customer complains. (5 min ago)");
    await fireEvent.click(screen.getByRole("button", { name: "Take over" }));
    await waitFor(() => expect(host.asked("take_over")).toEqual([{ conversation_id: "a" }]));
  });
});

describe("the modes", () => {
  it("are explained in the conversation, and what the channel forbids cannot be chosen", async () => {
    const { host } = await stage(ModeMenu, shadow());
    const open = screen.getByRole("button", { name: /Assistant: Shadow. Shadow here, because the channel Shop is set to Shadow/ });
    await fireEvent.click(open);
    const menu = screen.getByRole("menu");
    expect(menu.textContent).toContain("Draft only - nothing is sent until you press Send.");
    expect(within(menu).getByRole<HTMLButtonElement>("menuitemradio", { name: /^Bot/ }).disabled).toBe(true);
    expect(menu.textContent).toContain("the channel allows Shadow at most");
    await fireEvent.click(within(menu).getByRole("menuitemradio", { name: /^Off/ }));
    await waitFor(() => expect(host.asked("set_mode")).toEqual([{ scope: "conversation", id: "a", mode: "off" }]));
  });

  it("are stopped everywhere with one press, after a plain sentence about what that does", async () => {
    const { host, text } = await stage(EverywhereSheet, shadow(), [], {}, {});
    expect(text()).toContain("Nothing more is sent or drafted anywhere until you turn it on again.");
    await fireEvent.click(screen.getByRole("button", { name: "Stop the assistant now" }));
    await waitFor(() => expect(host.asked("set_mode")).toEqual([{ scope: "global", mode: "off" }]));
    expect(await screen.findByRole("button", { name: /Turn it on again \(Bot\)/ })).toBeTruthy();
  });
});

describe("the focus", () => {
  const composer = () => {
    const field = document.createElement("textarea");
    field.id = "composer";
    document.body.append(field);
    return field;
  };

  it("goes on to the reply field when taking over takes its button away, and stays on a button that is still there", async () => {
    const asking = shadow({ holder: "waiting_human", attention: "complaint" });
    const field = composer();
    const bar = await stage(HoldBar, asking, [], { take_over: () => ({ ...asking, holder: "operator", attention: null }) });
    screen.getByRole("button", { name: "Take over" }).focus();
    await fireEvent.click(screen.getByRole("button", { name: "Take over" }));
    await waitFor(() => expect(bar.host.asked("take_over")).toHaveLength(1));
    // The stage keeps the bar as it was given; what is gone in the window is taken away here.
    const button = screen.getByRole("button", { name: "Take over" });
    await waitFor(() => expect(document.activeElement).toBe(button));
    field.remove();
  });

  it("is never nowhere after a button vanished", async () => {
    const field = composer();
    const button = document.createElement("button");
    document.body.append(button);
    button.focus();
    await settled(Promise.resolve().then(() => button.remove()), "composer");
    expect(document.activeElement).toBe(field);
    field.remove();
  });
});

describe("what is not known about the assistant", () => {
  it("is said in the switches for everything, with the way to ask again", async () => {
    let broken = true;
    const answers: FakeHost["answers"] = {
      assistant: () => {
        if (broken) throw new CallFailure({ kind: "unreachable" });
        return { global_mode: "shadow", trouble: null } as never;
      },
    };
    const { text } = await stage(EverywhereSheet, shadow(), [], answers, {});
    expect(text()).toContain("How the assistant is set could not be read.");
    broken = false;
    await fireEvent.click(screen.getByRole("button", { name: "Try again", hidden: true }));
    await waitFor(() => expect(text()).not.toContain("could not be read"));
  });

  it("is said for a decision that cannot be read, with the way to ask again", async () => {
    let broken = true;
    const answers: FakeHost["answers"] = {
      decision: () => {
        if (broken) throw new CallFailure({ kind: "unreachable" });
        return decision({ because: "exact" });
      },
    };
    const { app, text } = await stage(WhyDialog, shadow(), [], answers, {});
    await app.why.show("x", null);
    await tick();
    broken = false;
    await fireEvent.click(screen.getByRole("button", { name: "Try again", hidden: true }));
    await waitFor(() => expect(text()).toContain("exactly those of an example"));
  });
});

describe("the details of a conversation", () => {
  it("show beside a draft what it rests on, but not for one that is hidden on purpose", async () => {
    const known = decision({ candidates: [{ skill_id: "s", name: "Delivery", confidence: 0.91, example: null }], sources: [{ id: "S1", kind: "passage", reference: "p", title: "prices.md", text: "€6.90", url: null }] });
    const open = await stage(AssistantPart, shadow(), [draft("d", "a", { decision: known })]);
    expect(open.text()).toContain("Delivery 91 %");
    expect(open.text()).toContain("€6.90");
    const hidden = await stage(AssistantPart, shadow(), [draft("d", "a", { decision: known, blind: true })]);
    expect(hidden.text()).not.toContain("€6.90");
  });
});

describe("a row of the list", () => {
  it("says in a chip and a sentence how it stands", () => {
    const given = { pile: "all", now: Date.parse("2026-03-02T12:00:00Z"), selected: false, draft: "" };
    const row = shadow({ activity: { ...conversation("a").activity, state: "draft" } });
    const { container } = render(Row, { ...given, row } as never);
    expect(container.textContent).toContain("Draft waits");
    expect(container.textContent).toContain("A draft waits for you.");
  });
});

describe("a message of the bot", () => {
  it("carries the word and the way to its reasons; one an operator approved does not", async () => {
    const ask = { decision: () => decision({ because: "exact" }) };
    const { app } = await stage(Who, shadow(), [], ask, { message: reply("9", { author: "bot", decision_id: "x" }), first: true });
    expect(screen.getByText("Bot")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Why the assistant said this" }));
    await waitFor(() => expect(app.why.decision?.because).toBe("exact"));
    const own = await stage(Who, shadow(), [], ask, { message: reply("9", { author: "operator", decision_id: "x" }), first: true });
    expect(own.text().trim()).toBe("");
  });

  it("shows what was sent to a language model word for word, once somebody looks", async () => {
    const call = { id: "mc", at: "2026-03-02T10:00:00Z", purpose: "answer", host: "localhost:11434", model: "small", sent: "exactly <b>this</b>", received: "{}", trouble: null, tokens_in: 8, tokens_out: 2, cost: 0, took_ms: 900 } as const;
    const { host, container } = await stage(Evidence, shadow(), [], { model_call: () => call }, { decision: decision({ model_call_id: "mc" }) });
    expect(host.asked("model_call")).toEqual([]);
    const details = container.querySelector("details");
    if (details !== null) details.open = true;
    details?.dispatchEvent(new Event("toggle"));
    expect(await screen.findByText("exactly <b>this</b>")).toBeTruthy();
  });

  it("says plainly that nothing left the computer when no model was asked", async () => {
    const { text } = await stage(Evidence, shadow(), [], {}, { decision: decision() });
    expect(text()).toContain("Nothing left this computer for this decision.");
  });
});

describe("the page of drafts", () => {
  it("takes five drafts by keyboard alone, without ever losing the focus", async () => {
    const five = ["1", "2", "3", "4", "5"].map((id) => draft(id, `c${id}`, { created_at: `2026-03-02T10:0${id}:00Z` }));
    const { host, app } = shop(five, shadow());
    app.page = "triage";
    render(Stage, { app, component: Triage, given: {} });
    const inside = () => document.activeElement?.closest("#page") !== null && document.activeElement !== document.body;
    const press = async (key: string) => {
      await fireEvent.keyDown(document.activeElement ?? document.body, { key });
      await new Promise((done) => setTimeout(done, 20));
      expect(inside()).toBe(true);
    };
    expect(await screen.findByText("1 of 5")).toBeTruthy();
    await waitFor(() => expect(inside()).toBe(true));
    await press("a");
    expect(screen.getByText("2 of 5")).toBeTruthy();
    await press("e");
    const field = screen.getByLabelText("The draft, to be changed");
    expect(document.activeElement).toBe(field);
    await fireEvent.input(field, { target: { value: "Mine." } });
    await press("Enter");
    await press("x");
    await press("2");
    await press("s");
    expect(screen.getByText("5 of 5")).toBeTruthy();
    await press("a");
    expect(screen.getByText("That was all.")).toBeTruthy();
    expect(screen.getByText("3 sent, 1 dismissed, 1 left for later")).toBeTruthy();
    expect(host.asked("approve_draft")).toEqual([{ draft_id: "1" }, { draft_id: "2", text: "Mine." }, { draft_id: "5" }]);
    expect(host.asked("dismiss_draft")).toEqual([{ draft_id: "3", reason: "tone" }]);
  });

  it("is calm when nothing waits", async () => {
    const { app } = shop([], shadow());
    app.page = "triage";
    render(Stage, { app, component: Triage, given: {} });
    expect(await screen.findByText("No draft waits.")).toBeTruthy();
  });
});

describe("the lead of a conversation", () => {
  const value = (field: string, text: string, say: Partial<LeadValueView> = {}): LeadValueView => ({
    id: field, field, value: text, raw: text, message_id: "1", start: 0, end: 2, method: "rule", confidence: 0.9, locked: false, at: "2026-03-02T10:00:00Z", ...say,
  });
  const known: LeadView = {
    id: "l", contact: conversation("a").contact, conversation_id: "a", channel_id: "ch", status: "new", score: 62, temperature: "warm",
    reasons: [{ points: 30, words: "Asks for a price." }],
    values: [value("budget", "€40"), value("place", "Porto", { method: "manual", locked: true, message_id: null, confidence: 1 })],
    suggestions: [value("place", "Lisboa")], refused: ["email"], created_at: "2026-03-02T10:00:00Z", updated_at: "2026-03-02T10:00:00Z",
  };
  const answers: FakeHost["answers"] = { lead: () => ({ lead: known }), set_lead_value: () => known, return_lead_value: () => known, set_lead_status: () => known };

  it("says where each value comes from and goes to its message", async () => {
    const { app, text } = await stage(LeadPart, shadow(), [], answers);
    await screen.findByText("€40");
    expect(text()).toContain("read from a message · 90 % sure");
    expect(text()).toContain("did not want to say");
    await fireEvent.click(screen.getByRole("button", { name: "From this message" }));
    await waitFor(() => expect(app.thread.sought).toBe("1"));
  });

  it("locks what a person writes, takes a suggestion, and gives a field back", async () => {
    const { host } = await stage(LeadPart, shadow(), [], answers);
    await screen.findByText("€40");
    await fireEvent.click(screen.getByRole("button", { name: "Change Budget" }));
    await fireEvent.input(screen.getByLabelText("Change Budget"), { target: { value: " 65 EUR " } });
    await fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await fireEvent.click(await screen.findByRole("button", { name: "Take it" }));
    await waitFor(() => expect(host.asked("set_lead_value")).toEqual([
      { conversation_id: "a", field: "budget", value: "65 EUR" },
      { conversation_id: "a", field: "place", value: "Lisboa" },
    ]));
    await fireEvent.click(screen.getByRole("button", { name: "Let the assistant fill it again" }));
    await waitFor(() => expect(host.asked("return_lead_value")).toEqual([{ lead_id: "l", field: "place" }]));
  });

  it("explains its score", async () => {
    const { text } = await stage(LeadPart, shadow(), [], answers);
    await screen.findByText("62 of 100");
    expect(text()).toContain("+30Asks for a price.");
  });
});
