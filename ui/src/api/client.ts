import { CallFailure, type CommandName, type Host, type Trouble } from "../host/host";
import type { Commands } from "./generated";

/** Either the answer or why there is none; nothing is thrown at the rooms of the window. */
export type Result<T> = { ok: true; value: T } | { ok: false; trouble: Trouble };

/** Typed calls to the engine. */
export class Client {
  #host: Host;
  #noticed: (trouble: Trouble | null) => void;

  /** `noticed` hears of every outcome, so that one place knows whether the engine can be reached. */
  constructor(host: Host, noticed: (trouble: Trouble | null) => void = () => undefined) {
    this.#host = host;
    this.#noticed = noticed;
  }

  /** Asks the engine. `urgent` calls are finished even when the page is being closed. */
  async call<C extends CommandName>(
    command: C,
    args: Commands[C]["args"],
    urgent = false,
  ): Promise<Result<Commands[C]["answer"]>> {
    try {
      const value = await this.#host.call(command, args, urgent);
      this.#noticed(null);
      return { ok: true, value };
    } catch (reason) {
      const trouble: Trouble = reason instanceof CallFailure ? reason.trouble : { kind: "unreachable" };
      this.#noticed(trouble);
      return { ok: false, trouble };
    }
  }
}
