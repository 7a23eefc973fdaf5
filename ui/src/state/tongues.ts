import type { Language } from "../api/generated";
import { languageLabel } from "../format/languages";

const KNOWN: Record<Language, true> = { en: true, es: true, pt: true, fr: true, de: true, it: true, tr: true, ar: true, hi: true, id: true };

/** The languages the assistant knows words of, by their names. */
export const LANGUAGES: readonly Language[] = (Object.keys(KNOWN) as Language[]).sort((a, b) => languageLabel(a).localeCompare(languageLabel(b), "en"));

/** The same for a field to choose from. */
export function languageOptions(any?: string): { value: string; label: string }[] {
  return [...(any === undefined ? [] : [{ value: "", label: any }]), ...LANGUAGES.map((value) => ({ value, label: languageLabel(value) }))];
}
