/** Country codes of one and two digits, and the beginnings of those of three (ITU-T E.164). */
const ONE = new Set(["1", "7"]);
const TWO = new Set(
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(" "),
);
const THREE = /^(?:2[1-69]|3[578]|42|5[09]|6[789]|8[0578]|9[679])\d/;

/** How countries write a number: what it looks like after the country code, and the sizes of its groups. */
const HABITS: Record<string, [RegExp, number[]][]> = {
  "1": [[/^\d{10}$/, [3, 3, 4]]],
  "7": [[/^\d{10}$/, [3, 3, 2, 2]]],
  "27": [[/^\d{9}$/, [2, 3, 4]]],
  "31": [[/^6\d{8}$/, [1, 4, 4]]],
  "32": [[/^4\d{8}$/, [3, 2, 2, 2]]],
  "33": [[/^\d{9}$/, [1, 2, 2, 2, 2]]],
  "41": [[/^\d{9}$/, [2, 3, 2, 2]]],
  "44": [
    [/^7\d{9}$/, [4, 6]],
    [/^2\d{9}$/, [2, 4, 4]],
  ],
  "45": [[/^\d{8}$/, [2, 2, 2, 2]]],
  "55": [
    [/^\d{11}$/, [2, 5, 4]],
    [/^\d{10}$/, [2, 4, 4]],
  ],
  "81": [[/^[789]0\d{8}$/, [2, 4, 4]]],
  "82": [[/^10\d{8}$/, [2, 4, 4]]],
  "90": [[/^\d{10}$/, [3, 3, 2, 2]]],
  "91": [[/^\d{10}$/, [5, 5]]],
  "966": [[/^5\d{8}$/, [2, 3, 4]]],
  "971": [[/^5\d{8}$/, [2, 3, 4]]],
  "972": [[/^5\d{8}$/, [2, 3, 4]]],
};

/**
 * Sets a number in groups, as it is read aloud: `+351912345678` becomes `+351 912 345 678`, and where no habit is known
 * the country code stands apart from groups of three and four. Anything else is left as it is.
 */
export function phoneLabel(phone: string): string {
  if (!/^\+\d{7,15}$/.test(phone)) return phone;
  const digits = phone.slice(1);
  const length = ONE.has(digits.slice(0, 1)) ? 1 : TWO.has(digits.slice(0, 2)) ? 2 : THREE.test(digits) ? 3 : 0;
  // No country has this code: only the eye is helped.
  if (length === 0) return `+${digits.replace(/\B(?=(?:\d{3})+$)/g, " ")}`;
  const code = digits.slice(0, length);
  const rest = digits.slice(length);
  const habit = HABITS[code]?.find(([looks]) => looks.test(rest));
  return `+${code} ${cut(rest, habit?.[1] ?? evenly(rest.length)).join(" ")}`;
}

/** Groups of three, with fours at the end where threes do not come out even; shorter than six digits stays whole. */
function evenly(length: number): number[] {
  if (length < 6) return [length];
  const fours = length % 3;
  return [...Array<number>((length - fours * 4) / 3).fill(3), ...Array<number>(fours).fill(4)];
}

function cut(digits: string, sizes: number[]): string[] {
  let from = 0;
  return sizes.map((size) => digits.slice(from, (from += size)));
}
