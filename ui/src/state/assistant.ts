import type { BotMode, ConversationView, DecisionView, DraftView, EscalationReason, FindingView, SourceView } from "../api/generated";
import { at, durationLabel, shortDuration } from "../format/time";
import { words } from "../words";

/** How a state looks: the colours of the modes, a person's turn, somebody who calls for one, or nothing of note. */
export type Tone = "bot" | "shadow" | "off" | "you" | "calm" | "bad";

/** How it stands between customer, assistant and person in one conversation. */
export interface Standing {
  is: "elsewhere" | "asks" | "draft" | "thinks" | "waits" | "phone" | "you" | "off" | "answered" | "quiet" | "ready";
  tone: Tone;
  /** One or two words, for a row. */
  chip: string;
  /** The same as a sentence. */
  what: string;
  /** Whether a row of the list deserves the chip; most rows are clear without. */
  inRow: boolean;
}

const ORDER: readonly BotMode[] = ["off", "shadow", "bot"];

/** The tighter of two modes. */
export function tighter(a: BotMode, b: BotMode): BotMode {
  return ORDER.indexOf(a) <= ORDER.indexOf(b) ? a : b;
}

/** Says whose turn it is and what the assistant is doing: what a person has to know first comes first. */
export function standingOf(view: ConversationView, now: number): Standing {
  const w = words.bot.standing;
  const say = (is: Standing["is"], tone: Tone, one: { chip: string; what: string }, inRow = true): Standing => ({ is, tone, ...one, inRow });
  const { activity } = view;
  if (view.thread_owner !== null) return say("elsewhere", "calm", w.elsewhere);
  if (reminds(view)) return say("asks", "you", words.snooze.over);
  if (asksFor(view)) {
    const reason = reasonOf(view.attention);
    return say("asks", "bad", { chip: reason?.chip ?? w.asks.chip, what: reason?.what ?? w.asks.what });
  }
  if (activity.state === "draft") return say("draft", "shadow", w.draft);
  if (activity.state === "thinks") return say("thinks", tone(view.effective_mode), w.thinks);
  if (activity.state === "waits") return say("waits", tone(view.effective_mode), { chip: w.waits.chip, what: w.waits.what(shortName(view.contact.name)) });
  // Where the assistant is off nobody has to be kept from it.
  if (view.effective_mode === "off") return say("off", "off", w.off, view.override === "off");
  if (view.holder === "operator") return held(view, now);
  return decided(view) ?? say("ready", tone(view.effective_mode), view.effective_mode === "bot" ? w.bot : w.shadow, view.queue === "bot");
}

/** What a conversation asks for a person with when the time it was put aside for is over. */
const REMINDER = "snoozed";

/** Whether a person is asked for. */
export function asksFor(view: ConversationView): boolean {
  return view.holder === "waiting_human" || (view.attention !== null && view.attention !== REMINDER && view.holder !== "operator");
}

/** Whether it was put aside and its time has come; nobody but the person who did so is asked for. */
export function reminds(view: ConversationView): boolean {
  return view.attention === REMINDER && view.holder !== "waiting_human";
}

/** What is left until the conversation goes back by itself, in milliseconds; `null`: it does not. */
export function leftUntilReturn(view: ConversationView, now: number): number | null {
  if (view.holder !== "operator" || view.returns_at === null) return null;
  const left = at(view.returns_at) - now;
  return Number.isNaN(left) ? null : Math.max(0, left);
}

/** The part of that time that is left, 0 to 1. */
export function partUntilReturn(view: ConversationView, now: number): number {
  const left = leftUntilReturn(view, now);
  if (left === null || view.returns_at === null || view.held_since === null) return left === null ? 0 : 1;
  const whole = at(view.returns_at) - at(view.held_since);
  return whole > 0 ? Math.min(1, left / whole) : 0;
}

function held(view: ConversationView, now: number): Standing {
  const w = words.bot.standing;
  const left = leftUntilReturn(view, now);
  const phone = view.held_by === "phone";
  const long = left === null ? null : durationLabel(left);
  const what = phone ? (long === null ? w.phone : w.phoneLeft(long)) : long === null ? w.you : w.youLeft(long);
  const chip = phone ? w.phoneChip : left === null ? w.youChip : w.youChipLeft(shortDuration(left));
  return { is: phone ? "phone" : "you", tone: "you", chip, what, inRow: true };
}

/** What it made of the last words; `null` when somebody has spoken since. */
function decided(view: ConversationView): Standing | null {
  const w = words.bot.standing;
  const { verdict, because } = view.activity;
  const author = view.preview?.author;
  const say = (is: Standing["is"], tone: Tone, one: { chip: string; what: string }): Standing => ({ is, tone, ...one, inRow: true });
  if (verdict === null) return null;
  if (author === "bot") {
    if (verdict === "clarify") return say("answered", "bot", w.asked);
    return say("answered", "bot", verdict === "escalate" ? w.told : w.answered);
  }
  if (author !== "customer" || verdict !== "silent" || because === null || !isAboutLast(view)) return null;
  if (because === "acknowledgement") return say("quiet", "calm", w.thanks);
  const reason = words.bot.because[because] ?? "";
  return say("quiet", "calm", { chip: w.quiet.chip, what: w.quiet.what(lowered(reason)) });
}

/** Whether the decision was made after the last words. */
function isAboutLast(view: ConversationView): boolean {
  if (view.activity.at === null || view.last_at === null) return true;
  // The provider's clock and ours may differ by some seconds.
  return at(view.activity.at) >= at(view.last_at) - 60_000;
}

/** Why a person is asked for; an engine of later days may know reasons this window does not. */
export function reasonOf(attention: string | null): { chip: string; what: string } | null {
  if (attention === null) return null;
  const known = Object.hasOwn(words.bot.escalation, attention) ? words.bot.escalation[attention as EscalationReason] : null;
  return known ?? { chip: words.bot.standing.asks.chip, what: attention };
}

/** Why this mode applies here. `all` and `channel` are `null` while they are not known. */
export function modeReason(view: ConversationView, all: BotMode | null, channel: { name: string; mode: BotMode } | null): string {
  const w = words.bot.mode;
  const mode = view.effective_mode;
  const name = words.bot.modes[mode].name;
  if (mode !== "bot" && all === mode) return w.byAll(name);
  if (view.test && view.override === mode) return w.byTest(name);
  if (mode !== "bot" && channel?.mode === mode) return w.byChannel(name, channel.name);
  if (mode !== "bot" && view.override === mode) return w.byOwn(name);
  if (mode === "bot") return w.answersHere;
  return mode === "off" ? w.unreadable : name;
}

/** The loosest mode that may be chosen for a conversation: its own may only tighten, except for a test person. */
export function loosest(view: ConversationView, all: BotMode | null, channel: BotMode | null): BotMode {
  const above = all ?? "bot";
  return view.test || channel === null ? above : tighter(above, channel);
}

/** Whether a mode may be chosen where `most` is the loosest. */
export function allowed(mode: BotMode, most: BotMode): boolean {
  return ORDER.indexOf(mode) <= ORDER.indexOf(most);
}

/** How sure the assistant is, in words; `null` when it says nothing about that. */
export function sureness(decision: DecisionView): { word: string; percent: number | null; tone: Tone } | null {
  if (decision.band === null && decision.confidence === null) return null;
  const percent = decision.confidence === null ? null : Math.round(Math.min(1, Math.max(0, decision.confidence)) * 100);
  // The band is about skills; what was read or written from sources says itself whether it was sure.
  const fromSources = decision.step === "knowledge" || decision.step === "model";
  // Whoever taps says what they mean.
  const tapped = decision.step === "tap" ? "send" : "next";
  const band = fromSources ? (decision.because === "not_sure" ? "next" : "send") : (decision.band ?? tapped);
  return { word: words.bot.sure[band], percent, tone: band === "send" ? "bot" : band === "clarify" ? "shadow" : "calm" };
}

/** A piece of a text; `finding` says what a check found in it. */
export interface Piece {
  text: string;
  finding: string | null;
}

/** Cuts a text where findings begin and end, so that they can be marked. Places outside of the text are left out. */
export function marked(text: string, findings: readonly FindingView[]): Piece[] {
  const spans = findings
    .flatMap(({ start, end, words: what }) => (start === null || end === null ? [] : [{ start, end, what }]))
    .filter(({ start, end }) => start >= 0 && end > start && end <= text.length)
    .sort((a, b) => a.start - b.start);
  const pieces: Piece[] = [];
  let here = 0;
  for (const { start, end, what } of spans) {
    if (start < here) continue;
    if (start > here) pieces.push({ text: text.slice(here, start), finding: null });
    pieces.push({ text: text.slice(start, end), finding: what });
    here = end;
  }
  if (here < text.length) pieces.push({ text: text.slice(here), finding: null });
  return pieces;
}

/** What a source is called. Facts are named by their placeholders, "business.hours" or "price:cut", which are no words. */
export function sourceName(source: Pick<SourceView, "kind" | "title">): string {
  const w = words.assistant.placeholders;
  const fixed: Record<string, string> = { "customer.name": w.customerName, "business.name": w.businessName, "business.hours": w.hours, next_open: w.nextOpen };
  const bare = source.title.replace(/^\{|\}$/gu, "");
  if (source.kind === "fact" && Object.hasOwn(fixed, bare)) return fixed[bare] ?? bare;
  const parts = source.kind === "fact" ? /^(\w+)[.:](.*)$/su.exec(bare) : null;
  if (parts === null) return source.title;
  const [, kind = "", key = ""] = parts;
  const kinds: Record<string, string> = w.kinds;
  const plain = key.replaceAll("_", " ");
  if (kind === "business") return kinds[key] ?? plain;
  return kind !== "fact" && Object.hasOwn(kinds, kind) ? `${kinds[kind]}: ${plain}` : plain;
}

/** Where a draft comes from, each thing once. */
export function evidenceOf(draft: DraftView): string[] {
  const all = [draft.skill, ...draft.sources.map(sourceName)];
  return [...new Set(all.filter((one): one is string => one !== null && one.trim() !== ""))];
}

function tone(mode: BotMode): Tone {
  return mode;
}

/** "Ana" for Ana Silva; a number stays whole. */
export function shortName(name: string): string {
  return /^\+?[\d\s()-]+$/.test(name) ? name : (name.split(/\s+/)[0] ?? name);
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
