/** Runs beside the page, in the sound's own thread: hands on what the microphone gives, one channel, unchanged. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

/** Samples gathered before they are handed on: a twentieth of a second, so that the meter moves smoothly. */
const GATHER = 2_048;

class Tap extends AudioWorkletProcessor {
  #piece = new Float32Array(GATHER);
  #filled = 0;
  #ended = false;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.port.postMessage(this.#piece.slice(0, this.#filled));
      this.port.postMessage(null);
      this.#ended = true;
    };
  }

  process(inputs: Float32Array[][]): boolean {
    for (const sample of inputs[0]?.[0] ?? []) {
      this.#piece[this.#filled++] = sample;
      if (this.#filled < GATHER) continue;
      this.port.postMessage(this.#piece.slice());
      this.#filled = 0;
    }
    return !this.#ended;
  }
}

registerProcessor("deskbell-tap", Tap as unknown as typeof AudioWorkletProcessor);

export {};
