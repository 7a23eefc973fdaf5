import type { ChannelView, Finding, HealthTopic, HoldView, NoticeView, TunnelView } from "../api/generated";
import { momentLabel } from "../format/time";
import { words } from "../words";
import { isDeaf, problems } from "./verdict";

/** The one line above the inbox. */
export type Banner =
  | { kind: "finding"; tone: "bad" | "warn"; title: string; finding: Finding; stays: boolean; more: number }
  | { kind: "vault" }
  | { kind: "hold"; channel: ChannelView; hold: HoldView }
  | { kind: "news"; notice: NoticeView; more: number };

/** What the banner is chosen from. */
export interface Facts {
  findings: readonly Finding[];
  tunnel: TunnelView | null;
  /** Whether somebody has to unlock the secrets. */
  locked: boolean;
  held: ChannelView | null;
  urgent: NoticeView | null;
  moreUrgent: number;
  /** What was put aside for as long as this window lives; see `asideKey`. */
  aside: ReadonlySet<string>;
  now: number;
}

/** What only grows worse slowly is worth a line too, but one that can be put aside. Where nothing can be done, it passes by itself. */
const SLOW: ReadonlySet<HealthTopic> = new Set(["token", "number", "payment", "storage", "tunnel", "callback"]);

/** Names a finding, so that it stays aside until it says something else. */
export function asideKey(finding: Finding): string {
  return [finding.topic, finding.channel_id ?? "", finding.sentence].join("\n");
}

/** At most one, the worst: what keeps messages out, then what keeps answers in, then what was reported. */
export function bannerOf(facts: Facts): Banner | null {
  const found = problems(facts.findings);
  const bad = found.filter((finding) => finding.level === "bad");
  const show = (finding: Finding): Banner => ({
    kind: "finding",
    tone: finding.level === "bad" ? "bad" : "warn",
    title: titleOf(finding, facts),
    finding,
    // The engine may have said so itself.
    stays: finding.topic === "token" && finding.level === "bad" && !bad.some(isDeaf) && !/still/iu.test(finding.sentence),
    more: bad.length - (finding.level === "bad" ? 1 : 0),
  });
  const vault = bad.find((finding) => finding.topic === "vault");
  if (facts.locked) return { kind: "vault" };
  const first = vault ?? bad.find(isDeaf) ?? bad.find((finding) => finding.topic === "token");
  if (first !== undefined) return show(first);
  // A hold says when it is tried again; the finding of the same thing does not.
  const held = facts.held;
  if (held !== null && held.hold !== null) return { kind: "hold", channel: held, hold: held.hold };
  if (bad[0] !== undefined) return show(bad[0]);
  if (facts.urgent !== null) return { kind: "news", notice: facts.urgent, more: facts.moreUrgent };
  const slow = found.find((finding) => SLOW.has(finding.topic) && finding.action !== null && !facts.aside.has(asideKey(finding)));
  return slow === undefined ? null : show(slow);
}

/** What is said in bold before the sentence, where the sentence does not say it itself. */
function titleOf(finding: Finding, facts: Facts): string {
  if (!isDeaf(finding)) return "";
  const { tunnel } = facts;
  const since = tunnel !== null && finding.topic === "tunnel" && tunnel.phase !== "online" && tunnel.phase !== "off" ? tunnel.since : null;
  if (/cannot reach this computer|do(?:es)? not reach this computer/iu.test(finding.sentence)) return "";
  return since === null ? words.banner.deaf : words.banner.deafSince(momentLabel(since, facts.now));
}
