import type { Author, MessageKind } from "../api/generated";
import type { IconName } from "../components/shared/Icon.svelte";
import { words } from "../words";
import { plainText } from "./markup";

/** What has to be known of a message to say it in one line. */
export interface Said {
  text: string | null;
  kind: MessageKind;
  original_kind: string;
  author: Author;
  revoked?: boolean;
}

/** Kinds whose words are all there is to say in one line. */
const SPOKEN: ReadonlySet<MessageKind> = new Set<MessageKind>(["text", "template", "interactive", "button_reply", "list_reply", "system"]);

/** Kinds that are said by their name alone: their text is part of what they hold. */
const signs: Partial<Record<MessageKind, IconName>> = {
  image: "picture",
  video: "film",
  audio: "note",
  voice: "microphone",
  document: "file",
  sticker: "sticker",
  location: "pin",
  contacts: "person",
  button_reply: "tap",
  list_reply: "list",
  flow_reply: "form",
  order: "basket",
  template: "template",
  call: "call",
  unsupported: "question",
  unknown: "question",
};

/** The sign in front of a message that is said in one line; none for plain words. */
export function signOf(said: Said): IconName | null {
  return said.revoked === true || tookBack(said) ? null : (signs[said.kind] ?? null);
}

/** A text without words was taken back; nothing else is sent without any. */
function tookBack(said: Said): boolean {
  return said.kind === "text" && said.text === null;
}

/** A message in one line, for a row, a quotation or an announcement. */
export function inBrief(said: Said): string {
  const w = words.thread;
  if (said.revoked === true || tookBack(said)) return w.deleted;
  const text = plainText(said.text ?? "");
  const kind = w.kinds[said.kind] ?? w.kinds.unknown;
  if (text === "") return said.kind === "text" ? w.emptyText : said.kind === "unknown" ? `${kind} (${said.original_kind})` : kind;
  return SPOKEN.has(said.kind) ? text : said.kind === "welcome" ? kind : `${kind}: ${text}`;
}
