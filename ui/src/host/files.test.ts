import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { attachment } from "../test/fake-host";
import { CallFailure, type Host } from "./host";
import { HttpHost } from "./http";
import { TauriHost } from "./tauri";
import { webAddress } from "./web-address";

const invoked = vi.hoisted(() => vi.fn());
vi.mock("@tauri-apps/api/core", () => ({ invoke: invoked }));

const error = { code: "bad_request", message: "WhatsApp takes files of 100 MB at most.", retryable: false, field: "file" };
const trouble = (promise: Promise<unknown>) =>
  promise.then(
    () => "worked",
    (reason: unknown) => (reason instanceof CallFailure ? reason.trouble : reason),
  );

/** A request with a body, as the browser would send it. */
class Request {
  static last: Request;
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  headers: Record<string, string> = {};
  path = "";
  body: unknown = null;
  status = 0;
  responseText = "";
  stopped = false;
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  constructor() {
    Request.last = this;
  }
  open(method: string, path: string) {
    this.path = `${method} ${path}`;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send(body: unknown) {
    this.body = body;
  }
  abort() {
    this.stopped = true;
    this.onabort?.();
    this.onloadend?.();
  }
  answer(status: number, text: string) {
    this.status = status;
    this.responseText = text;
    this.onload?.();
    this.onloadend?.();
  }
}

beforeEach(() => void vi.stubGlobal("XMLHttpRequest", Request));
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  invoked.mockReset();
});

describe("files over HTTP", () => {
  const host = new HttpHost("t");

  it("are read with the token, in the form that is asked for", async () => {
    const fetch = vi.fn(async () => new Response("picture", { headers: { "Content-Type": "image/png" } }));
    vi.stubGlobal("fetch", fetch);
    const blob = await host.file("7/../8", "thumbnail");
    expect([blob.type, await blob.text()]).toEqual(["image/png", "picture"]);
    const [path, init] = fetch.mock.calls[0] as unknown as [string, RequestInit];
    expect(path).toBe("/files/7%2F..%2F8?form=thumbnail");
    expect((init.headers as Record<string, string>).Authorization).toBe("Bearer t");
  });

  it("tell a refusal, a missing engine and a wrong token apart", async () => {
    const read = (answer: () => Promise<Response>) => {
      vi.stubGlobal("fetch", answer);
      return trouble(host.file("7", "whole"));
    };
    expect(await read(async () => new Response(JSON.stringify({ error }), { status: 404 }))).toEqual({ kind: "answer", error });
    expect(await read(async () => new Response("", { status: 401 }))).toEqual({ kind: "no_access" });
    expect(await read(async () => new Response("<html>", { status: 502 }))).toEqual({ kind: "unreachable" });
    expect(await read(async () => Promise.reject(new TypeError("refused")))).toEqual({ kind: "unreachable" });
  });

  it("are handed in as they are, with their name, and say how far they are", async () => {
    const file = new Blob(["0123456789"]);
    const steps: [number, number][] = [];
    const upload = host.upload(file, "é & co.wav", { voice: true, progress: (sent, total) => steps.push([sent, total]) });
    const request = Request.last;
    expect(request.path).toBe("POST /files?name=%C3%A9+%26+co.wav&voice=1");
    expect(request.headers.Authorization).toBe("Bearer t");
    expect(request.body).toBe(file);
    request.upload.onprogress?.({ loaded: 4 });
    request.upload.onprogress?.({ loaded: 10 });
    request.answer(200, JSON.stringify({ ok: { upload_id: "up_1" } }));
    await expect(upload).resolves.toEqual({ upload_id: "up_1" });
    expect(steps).toEqual([
      [4, 10],
      [10, 10],
    ]);
  });

  it("are refused with the engine's words", async () => {
    const handIn = (answer: (request: Request) => void) => {
      const upload = trouble(host.upload(new Blob(["x"]), "x"));
      answer(Request.last);
      return upload;
    };
    expect(await handIn((r) => r.answer(413, JSON.stringify({ error })))).toEqual({ kind: "answer", error });
    expect(await handIn((r) => r.answer(401, ""))).toEqual({ kind: "no_access" });
    expect(await handIn((r) => r.answer(200, "[]"))).toEqual({ kind: "unreachable" });
    expect(await handIn((r) => r.answer(502, "<html>"))).toEqual({ kind: "unreachable" });
    expect(await handIn((r) => r.onerror?.())).toEqual({ kind: "unreachable" });
  });

  it("stop on their way when nobody wants them any more", async () => {
    const stop = new AbortController();
    const upload = host.upload(new Blob(["x"]), "x", { signal: stop.signal });
    stop.abort();
    await expect(upload).rejects.toMatchObject({ name: "AbortError" });
    expect(Request.last.stopped).toBe(true);
    await expect(host.upload(new Blob(["x"]), "x", { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
  });

  it("are saved under their name, as bytes of no kind", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", async () => new Response("<script>", { headers: { "Content-Type": "image/png" } }));
    const made = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
    const revoked = vi.spyOn(URL, "revokeObjectURL").mockReturnValue();
    const clicked: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push(`${this.download} ${this.href}`);
    });
    await expect(host.save(attachment("a", { file_name: "menu.pdf" }))).resolves.toBe(true);
    expect(clicked).toEqual(["menu.pdf blob:x"]);
    expect((made.mock.calls[0]?.[0] as Blob).type).toBe("application/octet-stream");
    vi.runAllTimers();
    expect(revoked).toHaveBeenCalledWith("blob:x");
    await expect(host.saveText("deskbell.txt", "<script>")).resolves.toBe(true);
    expect(clicked.at(-1)).toBe("deskbell.txt blob:x");
    expect((made.mock.calls[1]?.[0] as Blob).type).toBe("application/octet-stream");
    vi.useRealTimers();
  });

  it("are not opened from a browser, and web pages only in a tab that knows nothing of this one", async () => {
    expect(host.opens).toBe(false);
    expect(await trouble(host.open())).toMatchObject({ kind: "answer" });
    const open = vi.fn();
    vi.stubGlobal("open", open);
    await host.browse("https://example.org/a");
    expect(open).toHaveBeenCalledWith("https://example.org/a", "_blank", "noopener,noreferrer");
  });
});

describe("files in the desktop window", () => {
  const host = new TauriHost();
  const asked = () => invoked.mock.calls.map((call) => call[0] as string);

  it("are read with their type before their bytes", async () => {
    const type = new TextEncoder().encode("image/png");
    invoked.mockResolvedValue(new Uint8Array([0, type.length, ...type, 1, 2, 3]).buffer);
    const blob = await host.file("7", "playable");
    expect(invoked).toHaveBeenCalledWith("read_file", { id: "7", form: "playable" });
    expect(blob.type).toBe("image/png");
    expect([...new Uint8Array(await blob.arrayBuffer())]).toEqual([1, 2, 3]);
  });

  it("are handed in by pieces of 4 MB", async () => {
    invoked.mockImplementation(async (command: string) => (command === "begin_hand_in" ? 3 : { upload_id: "up_1" }));
    const size = 9 * 1024 * 1024;
    const steps: number[] = [];
    const upload = await host.upload(new Blob([new Uint8Array(size)]), "film.mp4", { progress: (sent) => steps.push(sent) });
    expect(upload).toEqual({ upload_id: "up_1" });
    expect(asked()).toEqual(["begin_hand_in", "append_hand_in", "append_hand_in", "append_hand_in", "finish_hand_in"]);
    expect(steps).toEqual([4 * 1024 * 1024, 8 * 1024 * 1024, size]);
    expect(invoked.mock.calls[1]?.[2]).toEqual({ headers: { "hand-in": "3" } });
    expect(invoked.mock.calls[4]?.[1]).toEqual({ handIn: 3, voice: false });
  });

  it("leave nothing behind when they are stopped or refused", async () => {
    const stop = new AbortController();
    invoked.mockImplementation(async (command: string) => {
      if (command === "append_hand_in") stop.abort();
      return 3;
    });
    const film = new Blob([new Uint8Array(9 * 1024 * 1024)]);
    await expect(host.upload(film, "x", { signal: stop.signal })).rejects.toMatchObject({ name: "AbortError" });
    expect(asked()).toEqual(["begin_hand_in", "append_hand_in", "drop_hand_in"]);
    invoked.mockReset();
    invoked.mockImplementation(async (command: string) => {
      if (command === "append_hand_in") throw error;
      return 3;
    });
    expect(await trouble(host.upload(film, "x"))).toEqual({ kind: "answer", error });
    expect(asked()).toEqual(["begin_hand_in", "append_hand_in", "drop_hand_in"]);
  });

  it("are saved, opened and browsed by the shell", async () => {
    invoked.mockResolvedValue(false);
    expect(host.opens).toBe(true);
    await expect(host.save(attachment("a"))).resolves.toBe(false);
    await expect(host.saveText("deskbell.txt", "how it stands")).resolves.toBe(false);
    await host.open(attachment("a"));
    await host.browse("https://example.org");
    expect(invoked.mock.calls).toEqual([
      ["save_file", { id: "a" }],
      ["save_text", { name: "deskbell.txt", text: "how it stands" }],
      ["open_file", { id: "a" }],
      ["browse", { url: "https://example.org/" }],
    ]);
  });
});

describe("web addresses", () => {
  const hosts: Host[] = [new HttpHost("t"), new TauriHost()];

  it.each(["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example", "https://shop.example@evil.example", "data:text/html,x", "/files/1", ""])(
    "that are none are refused: %s",
    async (address) => {
      const open = vi.fn();
      vi.stubGlobal("open", open);
      for (const host of hosts) expect(await trouble(host.browse(address))).toMatchObject({ kind: "answer" });
      expect(open).not.toHaveBeenCalled();
      expect(invoked).not.toHaveBeenCalled();
    },
  );

  it("are spelled out as the browser will read them", () => {
    expect(webAddress("https://bücher.example/ä")).toBe("https://xn--bcher-kva.example/%C3%A4");
  });
});
