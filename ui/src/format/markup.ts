/** WhatsApp's own formatting, read into a tree. The tree holds text only, so nothing a customer writes becomes HTML. */
export type Piece =
  | { kind: "text"; text: string }
  | { kind: "link"; text: string }
  | { kind: "code"; text: string }
  | { kind: "bold" | "italic" | "strike"; inner: Piece[] };

const marks = { "*": "bold", _: "italic", "~": "strike" } as const;
type Mark = keyof typeof marks;

const LINK = /https?:\/\/[^\s<>"'`]+/gi;
const WORD = /[\p{L}\p{N}]/u;
/** Marks may lie within each other; a hostile text could otherwise nest them without end. */
const DEEPEST = 4;

/** Reads a message's text. */
export function readMarkup(text: string): Piece[] {
  const pieces: Piece[] = [];
  const fence = /```([\s\S]+?)```/g;
  let from = 0;
  for (const found of text.matchAll(fence)) {
    pieces.push(...readLinks(text.slice(from, found.index), 0));
    pieces.push({ kind: "code", text: (found[1] ?? "").replace(/^\n|\n$/g, "") });
    from = found.index + found[0].length;
  }
  pieces.push(...readLinks(text.slice(from), 0));
  return pieces;
}

/** Links first: underscores in an address are not italics. */
function readLinks(text: string, depth: number): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const address = trimLink(found[0]);
    pieces.push(...readMarks(text.slice(from, found.index), depth));
    pieces.push({ kind: "link", text: address });
    from = found.index + address.length;
  }
  pieces.push(...readMarks(text.slice(from), depth));
  return pieces;
}

/** Punctuation after an address belongs to the sentence. */
function trimLink(address: string): string {
  let end = address.length;
  while (end > 0) {
    const last = address[end - 1] ?? "";
    const unpaired = last === ")" && !address.slice(0, end).includes("(");
    if (!unpaired && !".,;:!?*_~…".includes(last)) break;
    end -= 1;
  }
  return address.slice(0, end);
}

function readMarks(text: string, depth: number): Piece[] {
  const pieces: Piece[] = [];
  let plain = "";
  let i = 0;
  const flush = () => {
    if (plain !== "") pieces.push({ kind: "text", text: plain });
    plain = "";
  };
  while (i < text.length) {
    const sign = text[i] ?? "";
    const end = sign in marks && depth < DEEPEST ? closing(text, i) : -1;
    if (end < 0) {
      plain += sign;
      i += 1;
      continue;
    }
    flush();
    pieces.push({ kind: marks[sign as Mark], inner: readMarks(text.slice(i + 1, end), depth + 1) });
    i = end + 1;
  }
  flush();
  return pieces;
}

/** Where the mark that opens at `start` closes: on the same line, hugging its words, not within a word; else -1. */
function closing(text: string, start: number): number {
  const sign = text[start] ?? "";
  const touches = (char: string | undefined) => char !== undefined && WORD.test(char);
  if (touches(text[start - 1]) || /^\s?$/.test(text[start + 1] ?? "")) return -1;
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\n") return -1;
    if (text[i] !== sign || i === start + 1) continue;
    if (!/\s/.test(text[i - 1] ?? "") && !touches(text[i + 1])) return i;
  }
  return -1;
}

/** The text without its marks, for one line of preview. */
export function plainText(text: string): string {
  const flat = (pieces: Piece[]): string =>
    pieces.map((piece) => ("inner" in piece ? flat(piece.inner) : piece.text)).join("");
  return flat(readMarkup(text)).replace(/\s+/g, " ").trim();
}

/** Whether a message is nothing but one to three emoji, which are shown larger. */
export function onlyEmoji(text: string): boolean {
  const bare = text.trim();
  if (bare === "" || bare.length > 40 || !/^[\p{Extended_Pictographic}\p{Emoji_Component}\s]+$/u.test(bare)) return false;
  if (/^[\d#*\s]+$/.test(bare)) return false;
  const clusters = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(bare.replace(/\s/g, ""))];
  return clusters.length <= 3;
}
