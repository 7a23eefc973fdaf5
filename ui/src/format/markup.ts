/**
 * WhatsApp's own formatting, read into a tree. The tree holds text only, so nothing a customer writes becomes HTML.
 * Every part is read in time that grows with the length of the text, whatever signs it is made of.
 */
export type Piece =
  | { kind: "text"; text: string }
  | { kind: "link"; text: string }
  | { kind: "code"; text: string }
  | { kind: "bold" | "italic" | "strike"; inner: Piece[] };

/** A part of a message that stands in lines of its own. */
export type Block =
  | { kind: "lines"; inner: Piece[] }
  | { kind: "code"; text: string }
  | { kind: "quote"; inner: Piece[] }
  | { kind: "bullets"; items: Piece[][] }
  | { kind: "numbers"; items: { number: string; inner: Piece[] }[] };

const marks = { "*": "bold", _: "italic", "~": "strike" } as const;
type Mark = keyof typeof marks;

const LINK = /https?:\/\/[^\s<>"'`]+/gi;
const WORD = /[\p{L}\p{N}]/u;
const FENCE = "```";
const QUOTE = /^> ?/;
const BULLET = /^[-*] (?=\S)/;
const NUMBER = /^(\d{1,3})\. (?=\S)/;
/** Marks may lie within each other; a hostile text could otherwise nest them without end. */
const DEEPEST = 4;

/** Reads a message's text into its blocks, in their order. */
export function readBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf(FENCE, from);
    const close = open < 0 ? -1 : text.indexOf(FENCE, open + FENCE.length + 1);
    if (close < 0) break;
    const inside = text.slice(open + FENCE.length, close);
    readLines(text.slice(from, open), blocks);
    // A few words of code stand in their line, a piece of several lines stands apart.
    if (inside.includes("\n")) blocks.push({ kind: "code", text: inside.replace(/^\n|\n$/g, "") });
    else addLines(blocks, [{ kind: "code", text: inside }]);
    from = close + FENCE.length;
  }
  readLines(text.slice(from), blocks);
  return blocks;
}

/** Reads the marks within a text, without its quotes and lists. */
export function readMarkup(text: string): Piece[] {
  return readBlocks(text).flatMap((block, index): Piece[] => {
    const line = (item: number) => (index === 0 && item === 0 ? "" : "\n");
    switch (block.kind) {
      case "code":
        return [{ kind: "code", text: block.text }];
      case "bullets":
        return block.items.flatMap((inner, i) => [{ kind: "text", text: `${line(i)}- ` }, ...inner]);
      case "numbers":
        return block.items.flatMap((item, i) => [{ kind: "text", text: `${line(i)}${item.number}. ` }, ...item.inner]);
      default:
        return block.inner;
    }
  });
}

type LineKind = "lines" | "quote" | "bullets" | "numbers";

function readLines(text: string, blocks: Block[]): void {
  if (text === "") return;
  let kind: LineKind = "lines";
  let held: string[] = [];
  const flush = () => {
    if (held.length > 0) blocks.push(blockOf(kind, held));
    held = [];
  };
  for (const line of text.split("\n")) {
    const next: LineKind = QUOTE.test(line) && line.length > 1 ? "quote" : BULLET.test(line) ? "bullets" : NUMBER.test(line) ? "numbers" : "lines";
    if (next !== kind) {
      flush();
      kind = next;
    }
    held.push(line);
  }
  flush();
}

function blockOf(kind: LineKind, lines: string[]): Block {
  switch (kind) {
    case "quote":
      return { kind, inner: readLinks(lines.map((line) => line.replace(QUOTE, "")).join("\n")) };
    case "bullets":
      return { kind, items: lines.map((line) => readLinks(line.replace(BULLET, ""))) };
    case "numbers":
      return { kind, items: lines.map((line) => ({ number: NUMBER.exec(line)?.[1] ?? "", inner: readLinks(line.replace(NUMBER, "")) })) };
    default:
      return { kind, inner: readLinks(lines.join("\n")) };
  }
}

/** Not by spreading: a text of a megabyte has more pieces than a call may have arguments. */
function append<T>(to: T[], more: readonly T[]): void {
  for (const one of more) to.push(one);
}

/** Adds to the lines that came last, or begins new ones. */
function addLines(blocks: Block[], pieces: Piece[]): void {
  const last = blocks.at(-1);
  if (last?.kind === "lines") append(last.inner, pieces);
  else blocks.push({ kind: "lines", inner: pieces });
}

/** Links first: underscores in an address are not italics. */
function readLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const address = trimLink(found[0]);
    append(pieces, readMarks(text.slice(from, found.index), 0));
    pieces.push({ kind: "link", text: address });
    from = found.index + address.length;
  }
  append(pieces, readMarks(text.slice(from), 0));
  return pieces;
}

/** Punctuation after an address belongs to the sentence, and so does a bracket that does not open within it. */
function trimLink(address: string): string {
  const opened = address.indexOf("(");
  let end = address.length;
  while (end > 0) {
    const last = address[end - 1] ?? "";
    const unpaired = last === ")" && (opened < 0 || opened >= end);
    if (!unpaired && !".,;:!?*_~…".includes(last)) break;
    end -= 1;
  }
  return address.slice(0, end);
}

function readMarks(text: string, depth: number): Piece[] {
  const pieces: Piece[] = [];
  /** Up to where it is known that a sign does not close: what failed once on a line is not looked for again. */
  const dead: Record<string, number> = {};
  let plain = 0;
  let i = 0;
  const flush = (end: number) => {
    if (end > plain) pieces.push({ kind: "text", text: text.slice(plain, end) });
  };
  while (i < text.length) {
    const sign = text[i] ?? "";
    const reads = sign === "`" || (depth < DEEPEST && sign in marks);
    if (!reads || i < (dead[sign] ?? 0) || !opens(text, i)) {
      i += 1;
      continue;
    }
    const end = closing(text, i);
    if (end < 0) {
      dead[sign] = -end;
      i += 1;
      continue;
    }
    flush(i);
    const inside = text.slice(i + 1, end);
    pieces.push(sign === "`" ? { kind: "code", text: inside } : { kind: marks[sign as Mark], inner: readMarks(inside, depth + 1) });
    i = end + 1;
    plain = i;
  }
  flush(text.length);
  return pieces;
}

function touches(char: string | undefined): boolean {
  if (char === undefined) return false;
  // Most signs are ASCII, and asking a pattern for each of them is slow.
  const code = char.charCodeAt(0);
  if (code < 128) return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return WORD.test(char);
}

const isSpace = (char: string | undefined) => char === " " || (char !== undefined && /\s/.test(char));

/** Whether a mark can begin here: not within a word, and hugging what follows. */
function opens(text: string, at: number): boolean {
  // Several of these in a row are a fence that does not close, and no code.
  if (text[at] === "`" && (text[at - 1] === "`" || text[at + 1] === "`")) return false;
  return at + 1 < text.length && !touches(text[at - 1]) && !isSpace(text[at + 1]);
}

/** Where the mark that opens at `start` closes: on the same line, hugging its words, not within a word; else the end of the line, negative. */
function closing(text: string, start: number): number {
  const sign = text[start] ?? "";
  let i = start + 1;
  for (; i < text.length && text[i] !== "\n"; i++) {
    if (text[i] !== sign || i === start + 1) continue;
    if (!isSpace(text[i - 1]) && !touches(text[i + 1])) return i;
  }
  return -i;
}

const flat = (pieces: Piece[]): string => pieces.map((piece) => ("inner" in piece ? flat(piece.inner) : piece.text)).join("");

/** The words of a block without its marks. */
export function blockText(block: Block): string {
  switch (block.kind) {
    case "code":
      return block.text;
    case "bullets":
      return block.items.map((inner) => `- ${flat(inner)}`).join("\n");
    case "numbers":
      return block.items.map((item) => `${item.number}. ${flat(item.inner)}`).join("\n");
    default:
      return flat(block.inner);
  }
}

/** The longest part of a text that a line of preview can need. */
const PREVIEW = 600;

/** The text without its marks, for one line of preview. */
export function plainText(text: string): string {
  return readBlocks(text.length > PREVIEW ? text.slice(0, PREVIEW) : text)
    .map(blockText)
    .join("\n")
    .replace(/\s+/g, " ")
    .trim();
}

/** Whether a message is nothing but one to three emoji, which are shown larger. */
export function onlyEmoji(text: string): boolean {
  const bare = text.trim();
  if (bare === "" || bare.length > 40 || !/^[\p{Extended_Pictographic}\p{Emoji_Component}\s]+$/u.test(bare)) return false;
  if (/^[\d#*\s]+$/.test(bare)) return false;
  return clusters(bare.replace(/\s/g, "")) <= 3;
}

/** Whether a text is one emoji and nothing else, as a reaction has to be. */
export function oneEmoji(text: string): boolean {
  return onlyEmoji(text) && !/\s/.test(text.trim()) && clusters(text.trim()) === 1;
}

function clusters(text: string): number {
  return [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].length;
}
