/** Follow the system, or always one of the two. */
export type Theme = "system" | "light" | "dark";

const THEME = "deskbell.theme";
const SIZE = "deskbell.text";
/** The text sizes on offer, in per cent. */
export const SIZES = [90, 100, 110, 125, 150, 175] as const;

/** How the window looks on this computer. */
export class Preferences {
  theme = $state<Theme>(keptTheme());
  size = $state<number>(keptSize());

  /** Whether the system asks for dark. */
  #systemDark = matchMedia("(prefers-color-scheme: dark)");

  constructor() {
    this.#systemDark.addEventListener("change", () => this.#show());
    this.#show();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    localStorage.setItem(THEME, theme);
    this.#show();
  }

  /** One step larger or smaller; 0 goes back to normal. */
  stepSize(step: 1 | -1 | 0): void {
    const index = SIZES.findIndex((size) => size === this.size);
    this.size = step === 0 ? 100 : (SIZES[index + step] ?? this.size);
    localStorage.setItem(SIZE, String(this.size));
    this.#show();
  }

  get largest(): boolean {
    return this.size === SIZES.at(-1);
  }
  get smallest(): boolean {
    return this.size === SIZES[0];
  }

  #show(): void {
    const root = document.documentElement;
    root.dataset.theme = this.theme === "system" ? (this.#systemDark.matches ? "dark" : "light") : this.theme;
    root.style.setProperty("--text-scale", String(this.size / 100));
  }
}

function keptTheme(): Theme {
  const kept = localStorage.getItem(THEME);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function keptSize(): number {
  const kept = Number(localStorage.getItem(SIZE));
  return SIZES.find((size) => size === kept) ?? 100;
}
