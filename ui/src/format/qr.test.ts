import { describe, expect, it } from "vitest";
import { qrShape } from "./qr";

describe("a QR code", () => {
  const rows = Array.from({ length: 21 }, (_, y) => (y === 2 ? "110".padEnd(20, "0") + "1" : "0".repeat(21)));

  it("is one path of boxes for the runs of dark modules, with four modules of margin all around", () => {
    expect(qrShape(rows)).toEqual({ side: 29, path: "M4 6h2v1h-2zM24 6h1v1h-1z" });
  });

  it("is nothing when it is no square of ones and zeros", () => {
    expect(qrShape([])).toBeNull();
    expect(qrShape(rows.slice(1))).toBeNull();
    expect(qrShape(["1"])).toBeNull();
    expect(qrShape(rows.with(3, "x".repeat(21)))).toBeNull();
  });
});
