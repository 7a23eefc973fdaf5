import { describe, expect, it } from "vitest";
import { atRate, joined, loudness, VOICE_RATE, wav } from "./wav";

const text = (file: Uint8Array, from: number, to: number) => String.fromCharCode(...file.slice(from, to));

describe("a WAV file", () => {
  it("says one channel, 16 bit, 48 kHz, and how long it is", () => {
    const file = wav(new Float32Array(480));
    const view = new DataView(file.buffer);
    expect(file).toHaveLength(44 + 960);
    expect([text(file, 0, 4), text(file, 8, 16), text(file, 36, 40)]).toEqual(["RIFF", "WAVEfmt ", "data"]);
    expect(view.getUint32(4, true)).toBe(36 + 960);
    expect([view.getUint16(20, true), view.getUint16(22, true), view.getUint32(24, true)]).toEqual([1, 1, VOICE_RATE]);
    expect([view.getUint32(28, true), view.getUint16(32, true), view.getUint16(34, true)]).toEqual([96_000, 2, 16]);
    expect(view.getUint32(40, true)).toBe(960);
  });

  it("cuts off what is too loud instead of turning it around", () => {
    const view = new DataView(wav(Float32Array.of(0, 1, -1, 2, -2, Number.NaN)).buffer);
    const samples = Array.from({ length: 6 }, (_, i) => view.getInt16(44 + i * 2, true));
    expect(samples).toEqual([0, 32_767, -32_768, 32_767, -32_768, 0]);
  });
});

describe("a recording", () => {
  it("keeps its length and its pitch when the rate changes", () => {
    const second = Float32Array.from({ length: 44_100 }, (_, i) => Math.sin((2 * Math.PI * 440 * i) / 44_100));
    const made = atRate(second, 44_100, VOICE_RATE);
    const crossings = (of: Float32Array) => of.reduce((n, sample, i) => n + ((of[i - 1] ?? 0) < 0 && sample >= 0 ? 1 : 0), 0);
    expect(made).toHaveLength(VOICE_RATE);
    expect(Math.abs(crossings(made) - crossings(second))).toBeLessThanOrEqual(1);
  });

  it("is joined from its pieces in their order", () => {
    expect([...joined([Float32Array.of(1, 2), new Float32Array(0), Float32Array.of(3)])]).toEqual([1, 2, 3]);
  });

  it("is silent at 0 and louder the louder it is", () => {
    const level = (of: number) => loudness(new Float32Array(512).fill(of));
    expect([loudness(new Float32Array(0)), level(0)]).toEqual([0, 0]);
    expect(level(0.5)).toBeGreaterThan(level(0.05));
    expect(level(1)).toBe(1);
  });
});
