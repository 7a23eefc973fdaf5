import type { Client } from "../api/client";
import type { VaultView } from "../api/generated";
import type { Trouble } from "../host/host";

/** The shortest passphrase of a sealed file. */
export const SHORTEST_PASSPHRASE = 10;

/** Where secrets are kept, and whether they can be read. */
export class Vault {
  view = $state.raw<VaultView | null>(null);
  trouble = $state<Trouble | null>(null);
  /** Whether it is being unlocked or moved. */
  busy = $state(false);
  /** Why the last attempt did not work. */
  deedTrouble = $state<Trouble | null>(null);
  /** The last attempt was answered, and it is locked all the same. */
  still = $state(false);

  #client: Client;
  #round = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Whether a person has to do something before secrets can be read. */
  get locked(): boolean {
    return this.view !== null && this.view.state !== "open" && this.view.state !== "damaged";
  }

  /** Whether secrets cannot be read, for whatever reason. */
  get shut(): boolean {
    return this.view !== null && this.view.state !== "open";
  }

  async refresh(): Promise<void> {
    const round = ++this.#round;
    const answer = await this.#client.call("vault", {});
    if (round !== this.#round) return;
    if (answer.ok) this.view = answer.value;
    this.trouble = answer.ok ? null : answer.trouble;
  }

  /** Asks the keychain again, or opens the sealed file. True when secrets can be read now. */
  async unlock(passphrase?: string): Promise<boolean> {
    return this.#change("unlock_vault", passphrase);
  }

  /** Moves the secrets into a sealed file. True when they are in it. */
  async useFile(passphrase: string): Promise<boolean> {
    return this.#change("use_sealed_file", passphrase);
  }

  /** The dialog was closed: the next one begins without what went wrong in this one. */
  calm(): void {
    this.deedTrouble = null;
    this.still = false;
  }

  forget(): void {
    this.#round += 1;
    this.view = null;
    this.trouble = null;
    this.calm();
  }

  async #change(command: "unlock_vault" | "use_sealed_file", passphrase?: string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.calm();
    this.#round += 1;
    const answer = await this.#client.call(command, passphrase === undefined ? {} : { passphrase });
    this.busy = false;
    if (!answer.ok) {
      this.deedTrouble = answer.trouble;
      return false;
    }
    this.#round += 1;
    this.view = answer.value;
    this.trouble = null;
    this.still = answer.value.state !== "open";
    return !this.still;
  }
}

/** How hard a passphrase is to guess, from 0 to 4: by its length and by how much of it repeats itself. */
export function strength(passphrase: string): 0 | 1 | 2 | 3 | 4 {
  const letters = [...passphrase.toLowerCase()];
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /\s/u, /[^\p{L}\p{N}\s]/u].filter((kind) => kind.test(passphrase)).length;
  // What is said twice is guessed once.
  const parts = passphrase.toLowerCase().split(/[\s\-_.,]+/u).filter((part) => part !== "");
  const repeated = parts.length - new Set(parts).size;
  const steps = letters.slice(1).filter((letter, i) => Math.abs((letter.codePointAt(0) ?? 0) - (letters[i]?.codePointAt(0) ?? 0)) > 1).length;
  const worth = Math.min(letters.length, steps + 2) - repeated * 4 + Math.min(kinds, 3) * 1.5;
  const varied = new Set(letters).size >= 6;
  if (letters.length < SHORTEST_PASSPHRASE || !varied) return worth > 9 && varied ? 1 : 0;
  return worth >= 27 ? 4 : worth >= 22 ? 3 : worth >= 15 ? 2 : 1;
}
