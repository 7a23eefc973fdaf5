import { en, type Words } from "./en";

/** The sentences of the language in use. */
export const words: Words = en;
