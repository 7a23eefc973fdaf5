import type { AttachmentView } from "../api/generated";
import type { FileForm } from "../host/host";
import type { Files } from "./files";

const SPEED = "deskbell.voice.speed";
const PLAYED = "deskbell.voice.played";
/** The ids of so many recordings are remembered as played. */
const REMEMBERED = 500;

/** The speeds on offer. */
export const SPEEDS = [1, 1.5, 2] as const;

/** The part of an audio element that is needed; a test plays without sound. */
export type Sound = Pick<
  HTMLAudioElement,
  "src" | "currentTime" | "duration" | "playbackRate" | "play" | "pause" | "canPlayType" | "addEventListener"
>;

/** Plays recordings, one at a time. */
export class Player {
  /** The recording in the player. */
  id = $state<string | null>(null);
  playing = $state(false);
  loading = $state(false);
  /** Milliseconds from its beginning. */
  at = $state(0);
  /** Its length as the player found it, in milliseconds; 0 when not known. */
  length = $state(0);
  speed = $state(keptSpeed());
  /** The recording that could not be played. */
  failed = $state<string | null>(null);
  #played = $state.raw<ReadonlySet<string>>(new Set(keptPlayed()));

  #files: Files;
  #make: () => Sound;
  #sound: Sound | null = null;
  #file: AttachmentView | null = null;
  /** Forms that have not been tried yet. */
  #forms: FileForm[] = [];
  #form: FileForm | null = null;
  #round = 0;

  constructor(files: Files, make: () => Sound = () => new Audio()) {
    this.#files = files;
    this.#make = make;
  }

  /** Whether somebody has played it here. */
  wasPlayed(id: string): boolean {
    return this.#played.has(id);
  }

  /** Plays or pauses. */
  async toggle(file: AttachmentView): Promise<void> {
    if (this.id !== file.id) return this.#begin(file, 0);
    if (this.playing) {
      this.#sound?.pause();
      return;
    }
    await this.#run();
  }

  /** Goes to a place, in milliseconds. A recording that is not in the player is put there and waits. */
  async seek(file: AttachmentView, ms: number): Promise<void> {
    if (this.id !== file.id) return this.#begin(file, ms);
    this.at = ms;
    if (this.#sound !== null) this.#sound.currentTime = ms / 1_000;
  }

  /** The next speed; it is remembered. */
  faster(): void {
    const here = SPEEDS.findIndex((speed) => speed === this.speed);
    this.speed = SPEEDS[(here + 1) % SPEEDS.length] ?? 1;
    localStorage.setItem(SPEED, String(this.speed));
    if (this.#sound !== null) this.#sound.playbackRate = this.speed;
  }

  /** Stops and lets go, such as when another conversation is opened. */
  stop(): void {
    this.#round += 1;
    this.#sound?.pause();
    this.#letGo();
    this.id = null;
    this.playing = false;
    this.loading = false;
    this.at = 0;
  }

  async #begin(file: AttachmentView, ms: number): Promise<void> {
    this.stop();
    this.id = file.id;
    this.failed = null;
    this.length = file.duration_ms ?? 0;
    this.at = ms;
    this.#file = file;
    this.#sound ??= this.#listened(this.#make());
    const knows = this.#sound.canPlayType(file.mime_type) !== "";
    this.#forms = knows ? ["whole", "playable"] : ["playable", "whole"];
    await this.#next();
  }

  /** Tries the next form of the recording; not every web view plays every one. */
  async #next(): Promise<void> {
    const round = ++this.#round;
    const file = this.#file;
    const sound = this.#sound;
    const start = this.at;
    this.#letGo();
    const form = this.#forms.shift();
    if (file === null || sound === null) return;
    if (form === undefined) {
      this.failed = file.id;
      this.id = null;
      this.playing = false;
      this.loading = false;
      return;
    }
    this.loading = true;
    this.#form = form;
    const url = await this.#files.take(file.id, form).catch(() => null);
    if (round !== this.#round) return;
    if (url === null) return this.#next();
    sound.src = url;
    if (start > 0) sound.currentTime = start / 1_000;
    await this.#run();
  }

  async #run(): Promise<void> {
    const sound = this.#sound;
    if (sound === null) return;
    sound.playbackRate = this.speed;
    const round = this.#round;
    try {
      await sound.play();
      if (round === this.#round) this.#remember();
    } catch (reason) {
      // Paused or exchanged before it began; everything else means that this form cannot be played.
      if (round !== this.#round || (reason instanceof Error && reason.name === "AbortError")) return;
      await this.#next();
    }
  }

  #letGo(): void {
    if (this.#file !== null && this.#form !== null) this.#files.release(this.#file.id, this.#form);
    this.#form = null;
  }

  #remember(): void {
    if (this.id === null || this.#played.has(this.id)) return;
    const all = [...this.#played, this.id].slice(-REMEMBERED);
    this.#played = new Set(all);
    localStorage.setItem(PLAYED, JSON.stringify(all));
  }

  #listened(sound: Sound): Sound {
    sound.addEventListener("timeupdate", () => (this.at = sound.currentTime * 1_000));
    sound.addEventListener("durationchange", () => {
      if (Number.isFinite(sound.duration) && sound.duration > 0) this.length = sound.duration * 1_000;
    });
    sound.addEventListener("playing", () => {
      this.playing = true;
      this.loading = false;
    });
    sound.addEventListener("pause", () => (this.playing = false));
    sound.addEventListener("ended", () => {
      this.playing = false;
      this.at = 0;
      sound.currentTime = 0;
    });
    return sound;
  }
}

function keptSpeed(): number {
  const kept = Number(localStorage.getItem(SPEED));
  return SPEEDS.find((speed) => speed === kept) ?? 1;
}

function keptPlayed(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLAYED) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
