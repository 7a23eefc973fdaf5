import { beforeEach, describe, expect, it } from "vitest";
import { Client } from "../api/client";
import type { SendMedia, UploadView } from "../api/generated";
import { CallFailure, type UploadOptions } from "../host/host";
import { conversation, FakeHost, message } from "../test/fake-host";
import { Composer } from "./composer.svelte";
import { choices } from "./sending-as";

const MB = 1024 * 1024;

function file(name: string, type: string, size = 1_000): File {
  const made = new File(["x"], name, { type });
  Object.defineProperty(made, "size", { value: size });
  return made;
}

function room(answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({
    keep_composer: () => ({}),
    send_text: () => ({ message_id: "t" }),
    send_media: (args) => ({ message_id: `m-${args.upload_id}` }),
    ...answers,
  });
  const composer = new Composer(new Client(host), host);
  const sent: string[] = [];
  composer.onsent = (_, id) => sent.push(id);
  composer.open("a");
  composer.start(conversation("a"));
  const tray = composer.tray;
  if (tray === null) throw new Error("no tray");
  return { host, composer, tray, sent };
}

/** Waits until all that can go on by itself has gone on. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const names = (items: { name: string }[]) => items.map((item) => item.name);
const media = (host: FakeHost) => host.asked("send_media") as SendMedia[];

beforeEach(() => {
  URL.createObjectURL = () => "blob:test";
  URL.revokeObjectURL = () => undefined;
});

describe("files", () => {
  it("are handed in as soon as they are chosen, and leave in their order with the text below the first", async () => {
    const { host, composer, tray, sent } = room();
    composer.attach([file("a.jpg", "image/jpeg"), file("b.pdf", "application/pdf"), file("c.jpg", "image/jpeg")]);
    await settled();
    expect(host.did).toEqual(["upload a.jpg", "upload b.pdf", "upload c.jpg"]);
    composer.type(" Here they are ");
    expect(await composer.send()).toBe(true);
    expect(media(host)).toEqual([
      { conversation_id: "a", upload_id: "up-a.jpg", as: "image", caption: "Here they are" },
      { conversation_id: "a", upload_id: "up-b.pdf", as: "document" },
      { conversation_id: "a", upload_id: "up-c.jpg", as: "image" },
    ]);
    expect(host.asked("send_text")).toEqual([]);
    expect([composer.text, tray.empty, sent.length]).toEqual(["", true, 3]);
  });

  it("that are still on their way when Send is pressed leave once they are there", async () => {
    const { host, composer, tray } = room();
    let arrive: (view: UploadView) => void = () => undefined;
    let told: UploadOptions["progress"];
    host.uploaded = (_, __, options) => {
      told = options?.progress;
      return new Promise((resolve) => (arrive = resolve));
    };
    composer.attach([file("film.mp4", "video/mp4")]);
    told?.(30, 100);
    expect(tray.items[0]?.part).toBeCloseTo(0.3);
    const sending = composer.send();
    await settled();
    expect(media(host)).toEqual([]);
    arrive({ upload_id: "u", file_name: "film.mp4", mime_type: "video/mp4", family: "video", size: 10, kind: "video", problem: null });
    expect(await sending).toBe(true);
    expect(media(host)).toEqual([{ conversation_id: "a", upload_id: "u", as: "video" }]);
  });

  it("with a problem stay with their sentence while the others leave", async () => {
    const { host, composer, tray } = room();
    host.uploaded = (given, name) => ({
      upload_id: `up-${name}`,
      file_name: name,
      mime_type: given.type,
      family: "program",
      size: given.size,
      kind: "document",
      problem: name.endsWith(".exe") ? "Programs cannot be sent. Pack it." : null,
    });
    composer.attach([file("a.exe", "application/x-msdownload"), file("b.pdf", "application/pdf")]);
    await settled();
    expect(tray.items[0]?.problem).toBe("Programs cannot be sent. Pack it.");
    expect(await composer.send()).toBe(false);
    expect(media(host).map((args) => args.upload_id)).toEqual(["up-b.pdf"]);
    expect(names(tray.items)).toEqual(["a.exe"]);
    expect(composer.outcome).toBe("1 file has left. 1 file could not and waits here.");
  });

  it("keep their words when the one they belong to is refused", async () => {
    const refuse = (args: SendMedia) => {
      if (args.upload_id !== "up-a.jpg") return { message_id: "m" };
      throw new CallFailure({ kind: "answer", error: { code: "bad_request", message: "Too many colours. Save it as JPEG.", retryable: false } });
    };
    const { host, composer, tray } = room({ send_media: refuse });
    composer.attach([file("a.jpg", "image/jpeg"), file("b.pdf", "application/pdf")]);
    composer.type("The vase");
    await settled();
    expect(await composer.send()).toBe(false);
    expect(media(host).map((args) => args.upload_id)).toEqual(["up-a.jpg", "up-b.pdf"]);
    expect(tray.items.map((item) => item.problem)).toEqual(["Too many colours. Save it as JPEG."]);
    expect(composer.text).toBe("The vase");
  });

  it("that could not be handed in can be tried again", async () => {
    const { host, composer, tray } = room();
    const works = host.uploaded;
    host.uploaded = () => {
      throw new CallFailure({ kind: "unreachable" });
    };
    composer.attach([file("a.pdf", "application/pdf")]);
    await settled();
    expect(tray.items[0]).toMatchObject({ state: "stuck", again: true });
    expect(tray.items[0]?.problem).toContain("Deskbell has stopped answering");
    expect(await composer.send()).toBe(false);
    expect(composer.outcome).not.toBe("");
    host.uploaded = works;
    tray.retry(tray.items[0]?.key ?? 0);
    await settled();
    expect(await composer.send()).toBe(true);
  });

  it("are stopped on their way when they are removed", async () => {
    const { host, composer, tray } = room();
    let stopped = false;
    host.uploaded = (_, __, options) =>
      new Promise((_resolve, reject) =>
        options?.signal?.addEventListener("abort", () => {
          stopped = true;
          reject(new DOMException("stopped", "AbortError"));
        }),
      );
    composer.attach([file("a.pdf", "application/pdf")]);
    tray.remove(tray.items[0]?.key ?? 0);
    await settled();
    expect([stopped, tray.empty]).toEqual([true, true]);
  });

  it("are kept for each conversation", async () => {
    const { composer } = room();
    composer.attach([file("a.pdf", "application/pdf")]);
    composer.open("b");
    composer.start(conversation("b"));
    expect(composer.tray?.empty).toBe(true);
    composer.open("a");
    expect(names(composer.tray?.items ?? [])).toEqual(["a.pdf"]);
  });

  it("take the quote along once, with the first that leaves", async () => {
    const { host, composer } = room();
    composer.setQuote(message("7"));
    composer.attach([file("a.jpg", "image/jpeg"), file("b.jpg", "image/jpeg")]);
    await composer.send();
    expect(media(host).map((args) => args.reply_to)).toEqual(["wamid.7", undefined]);
    expect(composer.quote).toBeNull();
  });
});

describe("words beside files", () => {
  it("leave first, as a message of their own, when no words fit below the file", async () => {
    const { host, composer } = room();
    host.uploaded = (given, name) => ({ upload_id: `up-${name}`, file_name: name, mime_type: given.type, family: "audio", size: 9, kind: "audio", problem: null });
    composer.attach([file("a.mp3", "audio/mpeg")]);
    composer.type("Listen");
    await settled();
    expect(composer.captioning).toBe(false);
    expect(await composer.send()).toBe(true);
    expect(host.calls.map((call) => call.command).filter((command) => command.startsWith("send_"))).toEqual(["send_text", "send_media"]);
    expect(media(host)).toEqual([{ conversation_id: "a", upload_id: "up-a.mp3", as: "audio" }]);
  });

  it("of more than 1,024 characters leave first, and the file waits with them when they cannot", async () => {
    const down = () => {
      throw new CallFailure({ kind: "unreachable" });
    };
    const { host, composer, tray } = room({ send_text: down });
    composer.attach([file("a.jpg", "image/jpeg")]);
    composer.type("x".repeat(1_024));
    expect(composer.captioning).toBe(true);
    composer.type("x".repeat(1_025));
    expect(composer.captioning).toBe(false);
    expect(await composer.send()).toBe(false);
    expect(media(host)).toEqual([]);
    expect([composer.length, tray.items.length]).toEqual([1_025, 1]);
  });
});

describe("what a file is sent as", () => {
  it("can be chosen where several are possible", async () => {
    const { host, composer, tray } = room();
    composer.attach([file("a.jpg", "image/jpeg")]);
    await settled();
    expect(tray.items[0]?.choices).toEqual(["image", "document"]);
    tray.choose(tray.items[0]?.key ?? 0, "document");
    await composer.send();
    expect(media(host)[0]?.as).toBe("document");
    expect([choices("image/webp"), choices("application/zip"), choices("audio/ogg; codecs=opus")]).toEqual([
      ["sticker", "image", "document"],
      ["document"],
      ["audio", "voice", "document"],
    ]);
  });

  it("becomes a file by itself where a photo would be too large, and says so when a photo is wanted", async () => {
    const { composer, tray } = room();
    composer.attach([file("large.jpg", "image/jpeg", 65 * MB)]);
    const key = tray.items[0]?.key ?? 0;
    expect([tray.items[0]?.as, tray.items[0]?.problem]).toEqual(["document", null]);
    tray.choose(key, "image");
    expect(tray.items[0]?.problem).toBe("65 MB is too large to be made ready as a photo. Send it as a file, or save it smaller.");
  });

  it("is told to be too large before anything is handed in", async () => {
    const { host, composer, tray } = room();
    composer.attach([file("all.zip", "application/zip", 101 * MB), file("nothing.txt", "text/plain", 0)]);
    await settled();
    expect(tray.items[0]?.problem).toContain("WhatsApp takes files up to 100 MB");
    expect(tray.items[1]?.problem).toBe("This file is empty. Choose another one.");
    expect(host.did).toEqual([]);
  });
});
