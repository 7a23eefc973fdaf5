/** Country codes of one and two digits; all others have three (ITU-T E.164). */
const ONE = new Set(["1", "7"]);
const TWO = new Set(
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(" "),
);

/** Sets a number in groups, as it is read aloud: `+351912345678` becomes `+351 912 345 678`. Anything else is left as it is. */
export function phoneLabel(phone: string): string {
  if (!/^\+\d{7,15}$/.test(phone)) return phone;
  const digits = phone.slice(1);
  const code = ONE.has(digits.slice(0, 1)) ? 1 : TWO.has(digits.slice(0, 2)) ? 2 : 3;
  // Threes, but no single digit is left alone at the end.
  const groups = digits.slice(code).replace(/(\d{3})(?=\d{2})/g, "$1 ");
  return `+${digits.slice(0, code)} ${groups}`;
}
