/** The margin the standard asks for around a QR code, in modules (ISO/IEC 18004, section 6.3.8). */
export const QUIET = 4;

/** A QR code as one path; a module is one unit, the margin included. */
export interface QrShape {
  /** Length of a side with the margin. */
  side: number;
  /** The dark modules. */
  path: string;
}

/** Draws rows of `1` (dark) and `0`, without a margin. `null` for anything that is not a square of them. */
export function qrShape(rows: readonly string[]): QrShape | null {
  const size = rows.length;
  if (size < 21 || size > 177 || rows.some((row) => row.length !== size || /[^01]/.test(row))) return null;
  let path = "";
  rows.forEach((row, y) => {
    // One box for each run of dark modules: seams between single modules would show at some sizes.
    for (const run of row.matchAll(/1+/g)) {
      path += `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`;
    }
  });
  return { side: size + 2 * QUIET, path };
}
