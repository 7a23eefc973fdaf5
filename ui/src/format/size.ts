import { words } from "../words";

const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** The size of a file as people say it: "340 KB", "2.4 MB". */
export function sizeLabel(bytes: number): string {
  const w = words.thread.file;
  if (bytes < 1_000) return w.bytes(bytes);
  if (bytes < 999_500) return w.kb(String(Math.round(bytes / 1_000)));
  if (bytes < 999_950_000) return w.mb(oneDigit.format(bytes / 1_000_000));
  return w.gb(oneDigit.format(bytes / 1_000_000_000));
}

/** The length of a recording: "0:12", "1:02:05". */
export function playLabel(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const two = (n: number) => String(n).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** One of so many colours for a name in a group, always the same one for the same name. */
export function senderColour(name: string, colours: number): number {
  let sum = 0;
  for (let i = 0; i < name.length; i++) sum = (Math.imul(sum, 31) + name.charCodeAt(i)) >>> 0;
  return sum % colours;
}
