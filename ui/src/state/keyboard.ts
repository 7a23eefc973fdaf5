import { mayWrite, serviceWindow } from "../format/service-window";
import type { App, Page } from "./app.svelte";
import type { Pile } from "./inbox.svelte";

const PILES: Pile[] = ["needs_me", "waiting", "all"];
/** The parts of the window F6 walks through, by the id of what takes the focus. */
const PARTS = ["search", "conversations", "messages", "composer", "details", "open-health"];
const PAGE_PARTS = ["page", "open-health"];
/** The entries of the rail, as Ctrl and a digit chooses them. */
const PAGES: Page[] = ["inbox", "triage", "assistant", "templates", "costs", "health", "settings"];

/** Answers a key that no field or list has taken. */
export function pressed(app: App, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (resize(app, event)) return event.preventDefault();
  if (app.sheet !== null || app.actions.ask !== null || app.view !== "inbox" || isInDialog(event.target)) return;
  // Until when is being asked: what is pressed beside its field belongs to nothing else.
  if (app.snooze.asking !== null) {
    if (event.key === "Escape") {
      event.preventDefault();
      app.snooze.close();
    }
    return;
  }
  if (event.key === "F6") {
    event.preventDefault();
    return nextPart(app.page === "inbox" ? PARTS : PAGE_PARTS, event.shiftKey ? -1 : 1);
  }
  if (goToPage(app, event)) return event.preventDefault();
  if (app.page !== "inbox") return onPage(app, event);
  if (event.key === "F4") {
    event.preventDefault();
    return app.details.toggle();
  }
  if (event.altKey && !event.ctrlKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    return step(app, event.key === "ArrowDown" ? 1 : -1);
  }
  if (event.key === "Escape") return back(app, event);
  if (sendsDraft(app, event) || altDraft(app, event)) return event.preventDefault();
  if (event.altKey || event.ctrlKey || event.metaKey || isTextField(event.target)) return;
  if (letter(app, event)) event.preventDefault();
}

/** Ctrl and plus, minus or 0: the size of the text. */
function resize(app: App, event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  const step = event.key === "+" || event.key === "=" ? 1 : event.key === "-" ? -1 : event.key === "0" ? 0 : null;
  if (step === null) return false;
  app.preferences.stepSize(step);
  return true;
}

/** Ctrl and a digit, or Ctrl and a comma for the settings. */
function goToPage(app: App, event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return false;
  const page = event.key === "," ? "settings" : PAGES[Number(event.key) - 1];
  if (page === undefined) return false;
  app.show(page);
  return true;
}

/** On a page Escape goes back: out of a form first, whose text is kept, then to the inbox. */
function onPage(app: App, event: KeyboardEvent): void {
  if (event.key === "Escape") {
    event.preventDefault();
    if (!(app.page === "assistant" ? app.assistant : app.account).stepBack()) app.show("inbox");
  } else if (event.key === "?" && !event.altKey && !event.ctrlKey && !event.metaKey && !isTextField(event.target)) {
    event.preventDefault();
    app.sheet = "keys";
  }
}

/** Ctrl and Enter send the draft of the open conversation while nothing stands in the reply field. */
function sendsDraft(app: App, event: KeyboardEvent): boolean {
  const draft = app.drafts.open;
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.repeat) return false;
  if (draft === null || !app.composer.idle) return false;
  // In any other field the same keys belong to that field.
  if (isTextField(event.target) && !(event.target instanceof HTMLElement && event.target.id === "composer")) return false;
  const open = mayWrite(serviceWindow(app.thread.conversation?.window_closes_at ?? null, app.clock.minute));
  if (open) void app.drafts.approve(draft);
  return true;
}

/** Alt and R asks for another version of the draft, Alt and X dismisses it: also while somebody types. */
function altDraft(app: App, event: KeyboardEvent): boolean {
  const draft = app.drafts.open;
  const key = event.code === "KeyR" || event.code === "KeyX" ? event.code.slice(3).toLowerCase() : keyName(event);
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || (key !== "r" && key !== "x")) return false;
  if (draft === null || event.repeat || app.drafts.busy !== null) return false;
  if (key === "x") app.drafts.dismissMenu(draft, true);
  else if (!draft.blind) void app.drafts.ask(draft.conversation_id, draft);
  return true;
}

/** What is about the assistant in the open conversation: T, B and its second letter, E, X. */
function assistantLetter(app: App, key: string, event: KeyboardEvent): boolean {
  const view = app.thread.conversation;
  if (event.repeat || event.shiftKey) return false;
  if (app.control.chord(key, view)) return true;
  const draft = app.drafts.open;
  if (key === "t" && view !== null) {
    void app.control.toggle(view);
    return true;
  }
  if (draft === null || draft.blind) return false;
  if (key === "e") app.drafts.edit(draft, app.drafts.edited(draft.id) ?? draft.text);
  else if (key === "x") app.drafts.dismissMenu(draft, true);
  else return false;
  return true;
}

function letter(app: App, event: KeyboardEvent): boolean {
  if (assistantLetter(app, keyName(event), event)) return true;
  switch (keyName(event)) {
    case "j":
      step(app, 1);
      return true;
    case "k":
      step(app, -1);
      return true;
    case "n": {
      const next = app.inbox.nextNeedingMe();
      if (next !== null && !event.repeat) go(app, next);
      return true;
    }
    case "/":
      app.pane = "list";
      requestAnimationFrame(() => document.getElementById("search")?.focus());
      return true;
    case "?":
      app.sheet = "keys";
      return true;
    case "z":
      if (app.thread.conversation !== null && !event.repeat && !event.shiftKey) app.snooze.toggle(app.thread.conversation);
      return true;
    case "1":
    case "2":
    case "3": {
      const pile = PILES[Number(keyName(event)) - 1];
      if (pile !== undefined) app.inbox.choosePile(pile);
      return true;
    }
    case "enter":
      if (event.target instanceof HTMLElement && event.target.closest("button, a, [role=button]") !== null) return false;
      document.getElementById("composer")?.focus();
      return true;
    default:
      return false;
  }
}

/** The letter on the key; where the layout is not Latin, the one printed in its place on most keyboards. */
function keyName(event: KeyboardEvent): string {
  if (event.key.length === 1 && event.key.charCodeAt(0) > 127 && event.code.startsWith("Key")) {
    return event.code.slice(3).toLowerCase();
  }
  return event.key.toLowerCase();
}

function step(app: App, by: 1 | -1): void {
  const next = app.inbox.neighbour(by);
  if (next !== null) go(app, next);
}

/** Opens a conversation. The focus goes to its row, which a screen reader then reads; whoever is typing stays where they are. */
function go(app: App, id: string): void {
  if (!isTextField(document.activeElement)) document.getElementById("conversations")?.focus();
  app.openConversation(id);
}

/** One level back: composer, messages, list. */
function back(app: App, event: KeyboardEvent): void {
  const focus = document.activeElement;
  if (app.details.overlay) {
    event.preventDefault();
    return app.details.toggle();
  }
  if (focus instanceof HTMLElement && focus.closest("#details") !== null) {
    event.preventDefault();
    return document.getElementById("messages")?.focus();
  }
  const inThread = focus instanceof HTMLElement && focus.closest("#thread") !== null;
  const stoppable = app.control.stoppable;
  if (stoppable !== null && !app.control.isBusy(stoppable.id)) {
    event.preventDefault();
    return void app.control.halt(stoppable);
  }
  const list = document.getElementById("conversations");
  if (inThread || app.pane === "thread") {
    event.preventDefault();
    app.back();
  } else if (app.inbox.searching) {
    app.inbox.clearSearch();
    list?.focus();
  }
}

function nextPart(parts: string[], by: 1 | -1): void {
  const there = parts.map((id) => document.getElementById(id)).filter(
    (part): part is HTMLElement => part !== null && part.getClientRects().length > 0,
  );
  const here = there.findIndex((part) => part === document.activeElement);
  there[(here + by + there.length) % there.length]?.focus();
}

/** A question over the window answers Escape itself, and nothing below it moves meanwhile. */
function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("dialog") !== null;
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
