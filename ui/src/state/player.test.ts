import { beforeEach, describe, expect, it, vi } from "vitest";
import { attachment, FakeHost } from "../test/fake-host";
import { Files } from "./files";
import { Player, type Sound } from "./player.svelte";

beforeEach(() => {
  localStorage.clear();
  let n = 0;
  URL.createObjectURL = () => `blob:${++n}`;
  URL.revokeObjectURL = vi.fn();
});

/** A player without sound; `refuses` are the addresses it does not play. */
class Silent extends EventTarget implements Sound {
  src = "";
  currentTime = 0;
  duration = NaN;
  playbackRate = 1;
  constructor(
    readonly knows: boolean,
    readonly refuses: string[] = [],
  ) {
    super();
  }
  canPlayType(): CanPlayTypeResult {
    return this.knows ? "maybe" : "";
  }
  async play(): Promise<void> {
    if (this.refuses.includes(this.src)) throw new DOMException("no", "NotSupportedError");
    this.dispatchEvent(new Event("playing"));
  }
  pause(): void {
    this.dispatchEvent(new Event("pause"));
  }
}

function room(knows = true, refuses: string[] = []) {
  const host = new FakeHost();
  const sound = new Silent(knows, refuses);
  return { host, sound, player: new Player(new Files(host), () => sound) };
}
const voice = (id: string) => attachment(id, { family: "audio", mime_type: "audio/ogg", duration_ms: 12_000 });

describe("the player", () => {
  it("plays, pauses and goes on where it was", async () => {
    const { player, sound, host } = room();
    await player.toggle(voice("a"));
    expect([player.id, player.playing, host.did]).toEqual(["a", true, ["file a whole"]]);
    sound.currentTime = 5;
    sound.dispatchEvent(new Event("timeupdate"));
    await player.toggle(voice("a"));
    expect([player.playing, player.at]).toEqual([false, 5_000]);
    await player.toggle(voice("a"));
    expect([player.playing, host.did.length]).toEqual([true, 1]);
  });

  it("asks for a form every player knows where this one does not know the whole, or refuses it", async () => {
    const unknowing = room(false);
    await unknowing.player.toggle(voice("a"));
    expect(unknowing.host.did).toEqual(["file a playable"]);
    const refusing = room(true, ["blob:2"]);
    await refusing.player.toggle(voice("a"));
    expect([refusing.host.did, refusing.player.playing]).toEqual([["file a whole", "file a playable"], true]);
  });

  it("says so when nothing can be played", async () => {
    const { player, host } = room();
    host.files.set("a whole", { kind: "unreachable" });
    host.files.set("a playable", { kind: "unreachable" });
    await player.toggle(voice("a"));
    expect([player.failed, player.id]).toEqual(["a", null]);
  });

  it("plays one recording at a time and begins another one at its beginning", async () => {
    const { player, sound } = room();
    await player.toggle(voice("a"));
    sound.currentTime = 5;
    sound.dispatchEvent(new Event("timeupdate"));
    await player.toggle(voice("b"));
    expect([player.id, player.at, player.playing]).toEqual(["b", 0, true]);
  });

  it("remembers the speed and what was played", async () => {
    const { player, sound } = room();
    player.faster();
    await player.toggle(voice("a"));
    expect([player.speed, sound.playbackRate]).toEqual([1.5, 1.5]);
    const next = room().player;
    expect([next.speed, next.wasPlayed("a"), next.wasPlayed("b")]).toEqual([1.5, true, false]);
    next.faster();
    next.faster();
    expect(next.speed).toBe(1);
  });
});

describe("files", () => {
  it("are fetched once for all who show them, and again after a failure", async () => {
    const host = new FakeHost();
    const files = new Files(host);
    expect(await files.take("a", "whole")).toBe(await files.take("a", "whole"));
    expect(host.did).toEqual(["file a whole"]);
    host.files.set("b whole", { kind: "unreachable" });
    await expect(files.take("b", "whole")).rejects.toBeTruthy();
    host.files.delete("b whole");
    await expect(files.take("b", "whole")).resolves.toMatch(/^blob:/);
  });

  it("are given back when many others have been looked at since", async () => {
    const files = new Files(new FakeHost());
    const first = await files.take("0", "whole");
    files.release("0", "whole");
    for (let i = 1; i <= 61; i++) {
      await files.take(String(i), "whole");
      files.release(String(i), "whole");
    }
    expect(URL.revokeObjectURL).toHaveBeenCalledWith(first);
  });
});
