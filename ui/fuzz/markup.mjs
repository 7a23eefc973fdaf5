// Throws texts of all shapes at the reader of WhatsApp's formatting.
// node fuzz/markup.mjs [seconds] [seed]
// A text must never throw, lose words, nest deeper than allowed, or take longer than its length explains.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import ts from "typescript";

const seconds = Number(process.argv[2] ?? 60);
let seed = Number(process.argv[3] ?? Date.now() % 2_147_483_647) || 1;
const first = seed;

const source = readFileSync(new URL("../src/format/markup.ts", import.meta.url), "utf8");
const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
const { blockText, onlyEmoji, plainText, readBlocks, readMarkup } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);

/** The deepest a mark may lie within others; code and text lie one deeper. */
const DEEPEST = 5;
/** A text of 20,000 characters may take so many milliseconds; the best of three, because a computer also does other things. */
const SLOWEST = 50;

const random = (below) => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
};
const signs = [
  "*", "_", "~", "`", "```", " ", "\n", "> ", ">", "- ", "1. ", "12. ", "* ", "a", "word", "é", "א", "م", "漢", "🙂", "👨‍👩‍👧", "\u202e", "\u2066", "\u0000",
  "\ud800", "\udc00", "https://", "http://x.y/z_w_", "https://a.b/(c)", ")", "(", ".", ",", "<b>", "<script>", "&amp;", "\r\n", "\t", "\u00a0", "\u200d", "0", "#", "{", "__", "**", "~~",
];

const piecesDepth = (pieces) => pieces.reduce((most, piece) => Math.max(most, piece.inner === undefined ? 1 : 1 + piecesDepth(piece.inner)), 0);
const blockDepth = (block) => {
  if (block.kind === "code") return 1;
  const lists = block.inner !== undefined ? [block.inner] : block.items.map((item) => item.inner ?? item);
  return lists.reduce((most, pieces) => Math.max(most, piecesDepth(pieces)), 0);
};
/** What is left when marks, quote signs and spaces are taken away: the words. */
const bare = (text) => text.replace(/[*_~`>\-\s]/g, "");

function check(text) {
  const blocks = readBlocks(text);
  const said = blocks.map(blockText).join("\n");
  if (bare(said) !== bare(text)) throw new Error("words were lost or came from nowhere");
  const deep = blocks.reduce((most, block) => Math.max(most, blockDepth(block)), 0);
  if (deep > DEEPEST) throw new Error(`nests ${deep} deep`);
  const links = JSON.stringify(blocks).match(/"kind":"link","text":"[^"]*"/g) ?? [];
  if (links.some((link) => !/"text":"https?:\/\//i.test(link))) throw new Error("a link that is no web page");
  readMarkup(text);
  plainText(text);
  onlyEmoji(text);
}

function timed(text) {
  let best = Infinity;
  for (let i = 0; i < 3; i++) {
    const start = process.cpuUsage();
    readBlocks(text);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1_000);
  }
  if (best > SLOWEST) throw new Error(`${text.length} characters took ${best.toFixed(0)} ms`);
  return best;
}

let texts = 0;
let slowest = 0;
const end = performance.now() + seconds * 1_000;
while (performance.now() < end) {
  let text = "";
  const length = 1 + random(random(10) === 0 ? 400 : 30);
  for (let i = 0; i < length; i++) text += signs[random(signs.length)];
  // A long one now and then: a few signs over and over are what a slow reader trips over.
  const long = random(40) === 0;
  if (long) text = text.slice(0, 1 + random(24)).repeat(20_000).slice(0, 20_000);
  try {
    check(text);
    if (long) slowest = Math.max(slowest, timed(text));
  } catch (reason) {
    console.error(`seed ${first}, text ${texts}: ${reason.message}\n${JSON.stringify(text.slice(0, 300))}`);
    process.exit(1);
  }
  texts += 1;
}
console.log(`${texts} texts in ${seconds} s, seed ${first}: nothing thrown, nothing lost; the slowest of 20,000 characters took ${slowest.toFixed(1)} ms`);
