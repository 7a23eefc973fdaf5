import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Preferences } from "./preferences.svelte";

/** A system whose wish for dark can change. */
function system(dark: boolean) {
  const wish = Object.assign(new EventTarget(), { matches: dark });
  vi.stubGlobal("matchMedia", () => wish);
  return (now: boolean) => {
    wish.matches = now;
    wish.dispatchEvent(new Event("change"));
  };
}
const shown = () => document.documentElement.dataset.theme;

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

it("follows the system, also when it changes, until a theme is chosen", () => {
  const turn = system(true);
  const preferences = new Preferences();
  expect(shown()).toBe("dark");
  turn(false);
  expect(shown()).toBe("light");
  preferences.setTheme("dark");
  expect(shown()).toBe("dark");
  turn(true);
  preferences.setTheme("light");
  expect(shown()).toBe("light");
  preferences.setTheme("system");
  expect(shown()).toBe("dark");
});
