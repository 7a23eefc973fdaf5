import { getContext, setContext } from "svelte";
import type { App } from "./app.svelte";

const KEY = Symbol("app");

/** Hands the window's state to everything below. */
export function provideApp(app: App): void {
  setContext(KEY, app);
}

/** The window's state. */
export function useApp(): App {
  return getContext<App>(KEY);
}
