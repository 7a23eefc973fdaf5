import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChangeView } from "../api/generated";
import { CallFailure, type Link } from "./host";
import { HttpHost, takeToken } from "./http";
import { EventReader } from "./sse";

const bytes = (text: string) => new TextEncoder().encode(text);

beforeEach(() => {
  sessionStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the token", () => {
  it("is taken out of the address bar and kept for the tab", () => {
    history.replaceState(null, "", "/?token=abc&x=1");
    expect(takeToken()).toBe("abc");
    expect(location.search).toBe("?x=1");
    expect(takeToken()).toBe("abc");
  });
});

describe("server-sent events", () => {
  it("are put together however the stream is cut", () => {
    const stream = bytes(": hello\r\n\r\ndata: [{\"a\":\"é\"}]\r\n\r\nevent: x\ndata: 1\ndata: 2\n\n");
    for (let size = 1; size < stream.length; size++) {
      const reader = new EventReader();
      const events: string[] = [];
      for (let at = 0; at < stream.length; at += size) events.push(...reader.take(stream.slice(at, at + size)));
      expect(events).toEqual(['[{"a":"é"}]', "1\n2"]);
    }
  });
});

describe("calls", () => {
  it("carry the token and unwrap the answer", async () => {
    const fetch = vi.fn(async () => new Response(JSON.stringify({ ok: { channels: [] } })));
    vi.stubGlobal("fetch", fetch);
    await expect(new HttpHost("t").call("list_channels", {})).resolves.toEqual({ channels: [] });
    const [path, init] = fetch.mock.calls[0] as unknown as [string, RequestInit];
    expect(path).toBe("/rpc");
    expect((init.headers as Record<string, string>).Authorization).toBe("Bearer t");
    expect(init.body).toBe('{"command":"list_channels","args":{}}');
  });

  it("tell a refusal, a missing engine and a wrong token apart", async () => {
    const trouble = async (answer: () => Promise<Response>) => {
      vi.stubGlobal("fetch", answer);
      const failure = await new HttpHost("t").call("health", {}).catch((reason: unknown) => reason);
      return failure instanceof CallFailure ? failure.trouble : failure;
    };
    const error = { code: "not_found", message: "gone", retryable: false };
    expect(await trouble(async () => new Response(JSON.stringify({ error }), { status: 404 }))).toEqual({ kind: "answer", error });
    expect(await trouble(async () => Promise.reject(new TypeError("refused")))).toEqual({ kind: "unreachable" });
    expect(await trouble(async () => new Response("<html>", { status: 502 }))).toEqual({ kind: "unreachable" });
    expect(await trouble(async () => new Response("", { status: 401 }))).toEqual({ kind: "no_access" });
  });
});

describe("the stream of changes", () => {
  /** Listens while `/events` answers one thing after the other. */
  function listen(answers: (() => Promise<Response>)[]) {
    const links: Link[] = [];
    const changes: ChangeView[] = [];
    const times: number[] = [];
    const start = Date.now();
    vi.stubGlobal("fetch", async () => {
      times.push(Date.now() - start);
      const answer = answers.shift();
      return answer === undefined ? new Promise<Response>(() => undefined) : answer();
    });
    const end = new HttpHost("t").listen({ link: (l) => links.push(l), changed: (c) => changes.push(...c) });
    return { links, changes, times, end };
  }
  const stream = (text: string) => async () => new Response(text);

  it("begins every connection with a resync and then hands on what changed", async () => {
    const heard = listen([stream('data: [{"kind":"health"}]\n\n'), stream("")]);
    await vi.advanceTimersByTimeAsync(700);
    expect(heard.changes).toEqual([{ kind: "resync" }, { kind: "health" }, { kind: "resync" }]);
    expect(heard.links).toEqual(["connecting", "up", "down", "up", "down"]);
    heard.end();
  });

  it("waits half a second at first and at most ten seconds", async () => {
    const heard = listen(Array.from({ length: 9 }, () => async () => Promise.reject(new TypeError("refused"))));
    await vi.advanceTimersByTimeAsync(60_000);
    const waits = heard.times.slice(1).map((time, i) => time - (heard.times[i] ?? 0));
    expect(waits.slice(0, 7)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    heard.end();
  });

  it("gives up with words when the token is refused", async () => {
    const heard = listen([async () => new Response("", { status: 401 })]);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(heard.links).toEqual(["connecting", "refused"]);
    expect(heard.times).toHaveLength(1);
  });
});
