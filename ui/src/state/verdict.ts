import type { Finding, HealthTopic, HealthView, Level } from "../api/generated";
import type { Link } from "../host/host";
import { words } from "../words";

/** Without these nothing of customers comes in. */
const DEAF: ReadonlySet<HealthTopic> = new Set(["tunnel", "callback", "webhook"]);
/** Without these nothing leaves. */
const MUTE: ReadonlySet<HealthTopic> = new Set(["token", "sending", "account", "payment"]);
/** What is said first when several things are equally bad: whatever causes the others. */
const ORDER: HealthTopic[] = ["program", "storage", "vault", "tunnel", "callback", "webhook", "signature", "token", "account", "payment", "number", "sending"];
const RANK: Record<Level, number> = { bad: 0, warn: 1, ok: 2 };
/** A status line has room for about this much. */
const LONGEST = 72;

/** How things stand as a whole. */
export interface Verdict {
  tone: "good" | "warn" | "bad" | "quiet";
  title: string;
  note: string;
}

/** Whether customers' messages do not come in because of it. */
export function isDeaf(finding: Finding): boolean {
  return finding.level === "bad" && DEAF.has(finding.topic);
}

/** The findings that need somebody, worst first; the others keep the engine's order. */
export function problems(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.level !== "ok").sort((a, b) => RANK[a.level] - RANK[b.level] || rank(a.topic) - rank(b.topic));
}

/** The worst of all, if there is anything to do. */
export function worst(findings: readonly Finding[]): Finding | null {
  return problems(findings)[0] ?? null;
}

/** The verdict that stands above everything else. */
export function verdictOf(link: Link, health: HealthView | null, hasChannels: boolean): Verdict {
  const w = words.health.verdict;
  if (link === "down" || link === "refused") return { tone: "bad", title: w.down, note: w.downNote };
  if (health === null) return { tone: "quiet", title: w.wait, note: "" };
  const found = problems(health.findings);
  const bad = found.filter((finding) => finding.level === "bad");
  const needs = w.things(found.length);
  if (bad.some((finding) => finding.topic === "vault")) return { tone: "bad", title: w.locked, note: w.lockedNote };
  if (bad.some(isDeaf)) return { tone: "bad", title: w.deaf, note: w.deafNote };
  if (bad.some((finding) => MUTE.has(finding.topic))) return { tone: "bad", title: w.mute, note: w.muteNote };
  if (bad.length > 0) return { tone: "bad", title: w.bad, note: needs };
  if (!hasChannels) return { tone: "quiet", title: w.quiet, note: w.quietNote };
  if (found.length > 0) return { tone: "warn", title: w.warn, note: needs };
  return { tone: "good", title: w.good, note: w.goodNote };
}

/** The first sentence, cut at a word where it is still too long. */
export function shortened(sentence: string, longest = LONGEST): string {
  const text = sentence.replace(/\s+/gu, " ").trim();
  const end = /[.!?;](?=\s)/u.exec(text)?.index;
  const first = (end === undefined ? text : text.slice(0, end)).replace(/[.;]$/u, "");
  const letters = [...first];
  if (letters.length <= longest) return first;
  const cut = letters.slice(0, longest).join("");
  const space = cut.lastIndexOf(" ");
  return `${(space > longest / 2 ? cut.slice(0, space) : cut).replace(/[\s,:–-]+$/u, "")}…`;
}

function rank(topic: HealthTopic): number {
  const place = ORDER.indexOf(topic);
  return place < 0 ? ORDER.length : place;
}
