/** Keeps words of another script from turning the sentence around them (Unicode TR9, section 2.4.1). */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}
