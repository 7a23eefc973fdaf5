/** The rate voice notes are encoded at, in samples a second. */
export const VOICE_RATE = 48_000;
const HEAD = 44;

/** Joins what a microphone gave, piece by piece. */
export function joined(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The same sound at another rate, between two samples on a straight line: enough for a voice. */
export function atRate(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to || samples.length === 0) return samples;
  const made = new Float32Array(Math.max(1, Math.round((samples.length * to) / from)));
  for (let i = 0; i < made.length; i++) {
    const place = (i * from) / to;
    const before = Math.min(samples.length - 1, Math.floor(place));
    const one = samples[before] ?? 0;
    const next = samples[Math.min(samples.length - 1, before + 1)] ?? one;
    made[i] = one + (next - one) * (place - before);
  }
  return made;
}

/** Writes a WAV file: one channel, 16 bit. Louder than possible is cut off, not wrapped around. */
export function wav(samples: Float32Array, rate: number = VOICE_RATE): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(HEAD + samples.length * 2);
  const view = new DataView(file.buffer);
  const word = (at: number, text: string) => [...text].forEach((sign, i) => view.setUint8(at + i, sign.charCodeAt(0)));
  word(0, "RIFF");
  view.setUint32(4, file.length - 8, true);
  word(8, "WAVE");
  word(12, "fmt ");
  view.setUint32(16, 16, true);
  // PCM, one channel, bytes a second, bytes a sample, bits a sample.
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, i) => {
    const held = Number.isFinite(sample) ? Math.max(-1, Math.min(1, sample)) : 0;
    view.setInt16(HEAD + i * 2, Math.round(held * (held < 0 ? 0x8000 : 0x7fff)), true);
  });
  return file;
}

/** How loud a piece of sound is, 0 to 1, on a scale that moves with a speaking voice. */
export function loudness(samples: Float32Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 20 * Math.log10(Math.sqrt(sum / samples.length) || 1e-6);
  return Math.max(0, Math.min(1, (decibels + 54) / 48));
}
