import { MicrophoneFailure, pageMicrophone, type Listening, type Microphone, type MicrophoneTrouble } from "./microphone";
import { atRate, joined, loudness, VOICE_RATE, wav } from "./wav";

/** The longest recording, in seconds: as WAV it is what a voice note of 16 MB has room for many times over. */
export const LONGEST_SECONDS = 600;
/** How many loudnesses the meter shows. */
const METER = 60;
/** Below this nobody has spoken. */
const SILENCE = 0.08;

/** A voice message in the making. */
export class Recorder {
  state = $state<"idle" | "asking" | "recording" | "listening">("idle");
  /** Why it did not begin, or ended early. */
  trouble = $state<MicrophoneTrouble | "failed" | null>(null);
  /** Recorded so far, in seconds. */
  seconds = $state(0);
  /** The last loudnesses, 0 to 1, the newest last. */
  levels = $state.raw<number[]>([]);
  /** What was recorded, once it is stopped. */
  file = $state.raw<File | null>(null);
  /** Whether it was stopped because it was long enough. */
  full = $state(false);
  /** Whether anything could be heard. */
  heard = $state(false);
  /** The conversation it is for: opening another one does not send it to somebody else. */
  conversationId = $state<string | null>(null);

  #microphone: Microphone;
  #listening: Listening | null = null;
  #pieces: Float32Array[] = [];
  #samples = 0;
  #round = 0;

  constructor(microphone: Microphone = pageMicrophone) {
    this.#microphone = microphone;
  }

  /** Begins to record. */
  async start(conversationId: string): Promise<void> {
    if (this.state === "asking" || this.state === "recording") return;
    this.#empty();
    const round = this.#round;
    this.conversationId = conversationId;
    this.state = "asking";
    try {
      const listening = await this.#microphone.open(
        (piece) => this.#take(piece, round),
        () => void this.#lost(round),
      );
      if (round !== this.#round) return void listening.stop();
      this.#listening = listening;
      this.state = "recording";
    } catch (reason) {
      if (round !== this.#round) return;
      this.state = "idle";
      this.trouble = reason instanceof MicrophoneFailure ? reason.trouble : "missing";
    }
  }

  /** Ends the recording and keeps it, to be listened to or sent. */
  async stop(): Promise<void> {
    const listening = this.#listening;
    if (this.state !== "recording" || listening === null) return;
    const round = this.#round;
    this.#listening = null;
    await listening.stop();
    if (round !== this.#round) return;
    const samples = atRate(joined(this.#pieces), listening.rate, VOICE_RATE);
    this.#pieces = [];
    this.file = new File([wav(samples)], "voice.wav", { type: "audio/wav" });
    this.state = "listening";
  }

  /** Throws the recording away. */
  cancel(): void {
    void this.#listening?.stop();
    this.#empty();
  }

  /** Hands the recording over and forgets it here. */
  async take(): Promise<File | null> {
    if (this.state === "recording") await this.stop();
    const file = this.file;
    if (file !== null) this.#empty();
    return file;
  }

  forgetTrouble(): void {
    this.trouble = null;
  }

  #take(piece: Float32Array, round: number): void {
    if (round !== this.#round || piece.length === 0) return;
    this.#pieces.push(piece);
    this.#samples += piece.length;
    const loud = loudness(piece);
    if (loud > SILENCE) this.heard = true;
    this.levels = [...this.levels, loud].slice(-METER);
    const rate = this.#listening?.rate ?? VOICE_RATE;
    this.seconds = this.#samples / rate;
    if (this.seconds >= LONGEST_SECONDS && this.state === "recording") {
      this.full = true;
      void this.stop();
    }
  }

  async #lost(round: number): Promise<void> {
    if (round !== this.#round || this.state !== "recording") return;
    this.trouble = "failed";
    await this.stop();
  }

  #empty(): void {
    this.#round += 1;
    this.#listening = null;
    this.#pieces = [];
    this.#samples = 0;
    this.state = "idle";
    this.trouble = null;
    this.seconds = 0;
    this.levels = [];
    this.file = null;
    this.full = false;
    this.heard = false;
  }
}
