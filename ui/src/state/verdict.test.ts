import { describe, expect, it } from "vitest";
import type { Finding, HealthTopic, HealthView, Level, NoticeView, TunnelView } from "../api/generated";
import { asideKey, bannerOf, type Facts } from "./banner";
import { problems, shortened, verdictOf, worst } from "./verdict";

const found = (topic: HealthTopic, level: Level, sentence = `${topic} ${level}`): Finding => ({ topic, level, sentence, channel_id: null, action: null });
const health = (...findings: Finding[]): HealthView => ({
  level: findings.some((f) => f.level === "bad") ? "bad" : "ok",
  findings, webhook_url: null, last_event_at: null, waiting_to_send: 0, pending_webhooks: 0, checked_at: null,
});

describe("the verdict", () => {
  const title = (...findings: Finding[]) => verdictOf("up", health(...findings), true).title;

  it("says first what a shop owner has to know", () => {
    expect(title(found("webhook", "ok"))).toBe("Everything works");
    expect(title(found("number", "warn"))).toBe("Works, but something needs a look");
    expect(title(found("token", "bad"))).toBe("Your answers cannot leave");
    expect(title(found("token", "bad"), found("callback", "bad"))).toBe("Customers' messages cannot reach this computer");
    expect(title(found("vault", "bad"), found("tunnel", "bad"))).toBe("The secrets cannot be read");
    expect(title(found("clock", "bad"))).toBe("Something does not work");
  });

  it("never says that all is well when it does not know", () => {
    expect(verdictOf("down", health(), true)).toMatchObject({ tone: "bad", title: "Deskbell has stopped answering" });
    expect(verdictOf("up", null, true).tone).toBe("quiet");
    expect(verdictOf("up", health(), false)).toMatchObject({ tone: "quiet", title: "No number is connected yet" });
  });

  it("puts causes before what they cause", () => {
    const list = [found("number", "warn"), found("sending", "bad"), found("tunnel", "bad"), found("webhook", "ok"), found("token", "bad")];
    expect(problems(list).map((f) => f.topic)).toEqual(["tunnel", "token", "sending", "number"]);
    expect(worst([found("clock", "ok")])).toBeNull();
  });
});

describe("the status line", () => {
  it("says the first sentence and cuts it at a word", () => {
    expect(shortened("The tunnel is interrupted. It is tried again in 20 s.")).toBe("The tunnel is interrupted");
    expect(shortened("ngrok.com says no: bell-1.ngrok-free.app is taken.")).toBe("ngrok.com says no: bell-1.ngrok-free.app is taken");
    const long = shortened(`${"waiting ".repeat(30)}end`);
    expect([...long].length).toBeLessThanOrEqual(73);
    expect(long).toMatch(/waiting…$/);
    expect([...shortened("x".repeat(300))].length).toBeLessThanOrEqual(73);
  });
});

describe("the banner", () => {
  const tunnel = { phase: "waiting", since: "2026-03-02T14:10:00" } as TunnelView;
  const hold = { code: 131042, words: "Pay.", until: "2026-03-02T15:00:00Z" };
  const held = { id: "ch", kind: "whatsapp_cloud" as const, name: "Shop", address: null, mode: "off" as const, hold };
  const urgent = { id: "n", level: "bad", seen: false } as NoticeView;
  const facts = (say: Partial<Facts>): Facts => ({
    findings: [], tunnel: null, locked: false, held: null, urgent: null, moreUrgent: 0, aside: new Set(), now: Date.parse("2026-03-02T15:00:00"), ...say,
  });

  const slow = (sentence: string): Finding => ({
    ...found("number", "warn", sentence),
    action: { kind: "open_page", channel_id: null, url: "https://example.org", conversation_id: null },
  });

  it("is one, and the worst", () => {
    const findings = [found("number", "warn"), found("token", "bad"), found("tunnel", "bad", "ngrok is silent.")];
    expect(bannerOf(facts({ findings, tunnel, held, urgent }))).toMatchObject({
      kind: "finding",
      tone: "bad",
      title: expect.stringMatching(/^Customers' messages cannot reach this computer since (14:10|2:10 PM)\.$/u),
      stays: false,
      more: 1,
    });
    expect(bannerOf(facts({ findings, locked: true }))).toEqual({ kind: "vault" });
  });

  it("says that messages still arrive when only the token is dead", () => {
    expect(bannerOf(facts({ findings: [found("token", "bad")], held }))).toMatchObject({ kind: "finding", stays: true, title: "" });
  });

  it("says nothing twice", () => {
    const said = found("callback", "bad", "Customers' messages cannot reach this computer: Meta calls another address.");
    expect(bannerOf(facts({ findings: [said], tunnel }))).toMatchObject({ title: "" });
    const still = found("token", "bad", "The token is dead. Customers can still write to you.");
    expect(bannerOf(facts({ findings: [still] }))).toMatchObject({ stays: false });
  });

  it("comes down to holds, other troubles, news, and what grows worse slowly", () => {
    expect(bannerOf(facts({ findings: [found("sending", "bad")], held, urgent }))?.kind).toBe("hold");
    expect(bannerOf(facts({ findings: [found("storage", "bad")], urgent }))?.kind).toBe("finding");
    expect(bannerOf(facts({ findings: [found("number", "warn")], urgent }))?.kind).toBe("news");
    expect(bannerOf(facts({ findings: [slow("Quality is low.")] }))).toMatchObject({ kind: "finding", tone: "warn" });
    expect(bannerOf(facts({ findings: [found("tunnel", "warn", "It is being opened.")] }))).toBeNull();
    expect(bannerOf(facts({ findings: [found("clock", "warn"), found("webhook", "ok")] }))).toBeNull();
  });

  it("stays aside until it says something else", () => {
    const low = slow("Quality is low.");
    const aside = new Set([asideKey(low)]);
    expect(bannerOf(facts({ findings: [low], aside }))).toBeNull();
    expect(bannerOf(facts({ findings: [{ ...low, sentence: "Quality is lower." }], aside }))).not.toBeNull();
    const bad = found("token", "bad");
    expect(bannerOf(facts({ findings: [bad], aside: new Set([asideKey(bad)]) }))).not.toBeNull();
  });
});
