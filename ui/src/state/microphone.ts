import tap from "./recorder.worklet.ts?worker&url";

/** Why nothing can be recorded. */
export type MicrophoneTrouble = "missing" | "refused" | "none" | "busy";

/** A microphone that is listening. */
export interface Listening {
  /** Samples a second. */
  readonly rate: number;
  /** Hands on what is left and lets go of the microphone. */
  stop(): Promise<void>;
}

/** What the recorder hears through. */
export interface Microphone {
  /** Begins to listen. `lost` is told when the microphone goes away. Rejects with a `MicrophoneFailure`. */
  open(heard: (piece: Float32Array) => void, lost: () => void): Promise<Listening>;
}

/** The rejection of `Microphone.open`. */
export class MicrophoneFailure extends Error {
  constructor(readonly trouble: MicrophoneTrouble) {
    super(trouble);
    this.name = "MicrophoneFailure";
  }
}

/** The microphone of this computer, through the page. */
export const pageMicrophone: Microphone = {
  async open(heard, lost) {
    // Some web views lack it, whatever the types say.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices?.getUserMedia === undefined || typeof AudioWorkletNode === "undefined") throw new MicrophoneFailure("missing");
    const stream = await devices
      .getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } })
      .catch((reason: unknown) => {
        throw new MicrophoneFailure(troubleOf(reason));
      });
    const release = () => stream.getTracks().forEach((track) => track.stop());
    const context = new AudioContext();
    try {
      await context.audioWorklet.addModule(tap);
      await context.resume();
      const source = context.createMediaStreamSource(stream);
      const node = new AudioWorkletNode(context, "deskbell-tap", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
      let end: () => void = () => undefined;
      const ended = new Promise<void>((resolve) => (end = resolve));
      node.port.onmessage = (event: MessageEvent<Float32Array | null>) => {
        if (event.data === null) end();
        else heard(event.data);
      };
      for (const track of stream.getTracks()) track.addEventListener("ended", lost);
      source.connect(node);
      return {
        rate: context.sampleRate,
        async stop() {
          node.port.postMessage("stop");
          await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500))]);
          source.disconnect();
          release();
          await context.close();
        },
      };
    } catch {
      release();
      void context.close();
      throw new MicrophoneFailure("missing");
    }
  },
};

function troubleOf(reason: unknown): MicrophoneTrouble {
  const name = reason instanceof Error ? reason.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "none";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "missing";
}
