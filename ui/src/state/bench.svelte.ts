import type { Client } from "../api/client";
import type { ChatLine, DecisionView } from "../api/generated";
import type { Trouble } from "../host/host";

/** A line of the pretended chat, and why the assistant said it. */
export interface Line extends ChatLine {
  key: number;
  decision: DecisionView | null;
}

/** Tries the assistant out: one sentence at a time, or a whole pretended chat. Nothing is sent. */
export class Bench {
  kind = $state<"sentence" | "chat">("sentence");
  text = $state("");
  /** What the shown result is about. */
  tried = $state("");
  result = $state.raw<DecisionView | null>(null);
  trying = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  /** What was learnt from the sentence that is shown, as a sentence. */
  learnt = $state("");

  lines = $state.raw<Line[]>([]);
  entry = $state("");
  /** Whether the language model may be asked. */
  model = $state(false);
  answering = $state(false);
  chatTrouble = $state.raw<Trouble | null>(null);
  /** The line whose reasons are shown. */
  opened = $state<number | null>(null);

  #client: Client;
  #round = 0;
  #chatRound = 0;
  #keys = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  get shown(): DecisionView | null {
    return this.lines.find((line) => line.key === this.opened)?.decision ?? null;
  }

  async try(text = this.text): Promise<void> {
    const sentence = text.trim();
    if (sentence === "") return;
    const round = ++this.#round;
    this.trying = true;
    const answer = await this.#client.call("try_sentence", { text: sentence });
    if (round !== this.#round) return;
    this.trying = false;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    if (sentence !== this.tried) this.learnt = "";
    this.tried = sentence;
    this.result = answer.value;
  }

  /** Looks at the same sentence again: what it leads to has changed. */
  async again(): Promise<void> {
    if (this.result !== null) await this.try(this.tried);
  }

  /** Says something as the customer; the assistant answers as it would. */
  async say(text = this.entry): Promise<void> {
    const said = text.trim();
    if (said === "" || this.answering) return;
    this.entry = "";
    this.lines = [...this.lines, { key: ++this.#keys, author: "customer", text: said, decision: null }];
    await this.answer();
  }

  /** Asks for the answer to the last line. */
  async answer(): Promise<void> {
    if (this.lines.at(-1)?.author !== "customer") return;
    const round = ++this.#chatRound;
    this.answering = true;
    const lines = this.lines.filter((line) => line.text !== "").map(({ author, text }) => ({ author, text }));
    const answer = await this.#client.call("simulate", { lines, ...(this.model ? { model: true } : {}) });
    if (round !== this.#chatRound) return;
    this.answering = false;
    this.chatTrouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    this.lines = [...this.lines, { key: ++this.#keys, author: "assistant", text: answer.value.text ?? "", decision: answer.value }];
  }

  clear(): void {
    this.#chatRound += 1;
    this.lines = [];
    this.opened = null;
    this.answering = false;
    this.chatTrouble = null;
  }

  forget(): void {
    this.#round += 1;
    this.text = "";
    this.tried = "";
    this.result = null;
    this.trying = false;
    this.trouble = null;
    this.learnt = "";
    this.entry = "";
    this.clear();
  }
}

/** A piece of a text, and whether it is one to look at. */
export interface Piece {
  text: string;
  marked: boolean;
}

/** Marks the words of a passage that the question has too, whatever their endings. */
export function highlights(passage: string, question: string): Piece[] {
  const sought = wordsOf(question).filter((word) => [...word].length > 2).map(plain);
  const pieces: Piece[] = [];
  for (const part of passage.split(/([\p{L}\p{N}\p{M}]+)/u)) {
    if (part === "") continue;
    const word = plain(part);
    const marked = /^[\p{L}\p{N}]/u.test(part) && sought.some((other) => alike(word, other));
    const last = pieces.at(-1);
    if (last !== undefined && last.marked === marked) last.text += part;
    else pieces.push({ text: part, marked });
  }
  return pieces;
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

function plain(word: string): string {
  return word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The same word, or the same but for its ending. */
function alike(a: string, b: string): boolean {
  if (a === b) return true;
  const least = Math.min(a.length, b.length);
  let same = 0;
  while (same < least && a[same] === b[same]) same += 1;
  return same >= 4 && same >= Math.max(a.length, b.length) - 3;
}
