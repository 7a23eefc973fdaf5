import { describe, expect, it } from "vitest";
import { Client } from "../api/client";
import { conversation, FakeHost } from "../test/fake-host";
import { Composer } from "./composer.svelte";
import { MicrophoneFailure, type Microphone, type MicrophoneTrouble } from "./microphone";
import { LONGEST_SECONDS, Recorder } from "./recorder.svelte";

/** A microphone of a test: it hears what it is told. */
class Bench implements Microphone {
  heard: (piece: Float32Array) => void = () => undefined;
  lost: () => void = () => undefined;
  stopped = 0;
  constructor(private readonly trouble: MicrophoneTrouble | null = null) {}

  async open(heard: (piece: Float32Array) => void, lost: () => void) {
    if (this.trouble !== null) throw new MicrophoneFailure(this.trouble);
    this.heard = heard;
    this.lost = lost;
    return { rate: 48_000, stop: async () => void (this.stopped += 1) };
  }
}

async function recording() {
  const bench = new Bench();
  const recorder = new Recorder(bench);
  await recorder.start("a");
  bench.heard(new Float32Array(48_000).fill(0.5));
  return { bench, recorder };
}

describe("a recording", () => {
  it("shows its time and loudness, and becomes a WAV file when it ends", async () => {
    const { bench, recorder } = await recording();
    expect([recorder.state, recorder.seconds, recorder.heard, recorder.levels.length]).toEqual(["recording", 1, true, 1]);
    await recorder.stop();
    expect(recorder.state).toBe("listening");
    expect(recorder.file?.type).toBe("audio/wav");
    expect(recorder.file?.size).toBe(44 + 96_000);
    expect(bench.stopped).toBe(1);
  });

  it("is thrown away whole, and the microphone is let go", async () => {
    const { bench, recorder } = await recording();
    recorder.cancel();
    expect([recorder.state, recorder.file, recorder.seconds, bench.stopped]).toEqual(["idle", null, 0, 1]);
    bench.heard(new Float32Array(10));
    expect(recorder.seconds).toBe(0);
  });

  it("says why it did not begin", async () => {
    for (const trouble of ["missing", "refused", "none", "busy"] as const) {
      const recorder = new Recorder(new Bench(trouble));
      await recorder.start("a");
      expect([recorder.state, recorder.trouble]).toEqual(["idle", trouble]);
    }
  });

  it("keeps what there is when the microphone goes away", async () => {
    const { bench, recorder } = await recording();
    bench.lost();
    await Promise.resolve();
    await Promise.resolve();
    expect(recorder.trouble).toBe("failed");
    expect(recorder.file).not.toBeNull();
  });

  it("ends by itself when it is long enough", async () => {
    const { bench, recorder } = await recording();
    bench.heard(new Float32Array((LONGEST_SECONDS - 1) * 48_000));
    await Promise.resolve();
    await Promise.resolve();
    expect(recorder.full).toBe(true);
    expect(recorder.state).toBe("listening");
  });
});

describe("a voice message", () => {
  async function room() {
    const host = new FakeHost({ keep_composer: () => ({}), send_media: () => ({ message_id: "v" }) });
    const bench = new Bench();
    const composer = new Composer(new Client(host), host, bench);
    for (const id of ["a", "b"]) {
      composer.open(id);
      composer.start(conversation(id));
    }
    composer.open("a");
    await composer.recorder.start("a");
    bench.heard(new Float32Array(4_800).fill(0.3));
    return { host, composer };
  }

  it("is handed in as a recording and leaves as a voice note", async () => {
    const { host, composer } = await room();
    let voice: boolean | undefined;
    host.uploaded = (file, name, options) => {
      voice = options?.voice;
      return { upload_id: "u", file_name: name, mime_type: "audio/ogg", family: "audio", size: 900, kind: "voice", problem: null };
    };
    expect(await composer.sendVoice()).toBe(true);
    expect(voice).toBe(true);
    expect(host.asked("send_media")).toEqual([{ conversation_id: "a", upload_id: "u", as: "voice" }]);
    expect(composer.tray?.empty).toBe(true);
  });

  it("waits in its own conversation when another one is opened meanwhile", async () => {
    const { host, composer } = await room();
    composer.open("b");
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(composer.tray?.empty).toBe(true);
    composer.open("a");
    expect(composer.tray?.items.map((item) => item.recorded)).toEqual([true]);
    expect(host.asked("send_media")).toEqual([]);
  });
});
