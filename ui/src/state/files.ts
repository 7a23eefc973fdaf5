import type { FileForm, Host } from "../host/host";

/** So many files that nobody looks at are kept, so that scrolling back shows them at once. */
const KEPT = 60;
/** They take so much memory at most, in bytes: small pictures by the dozen, but no second film. */
const KEPT_BYTES = 32 * 1024 * 1024;

interface Held {
  url: Promise<string>;
  /** The address once it is there, to be given back. */
  made: string | null;
  /** In bytes. */
  size: number;
  users: number;
}

/** Files of messages as addresses a picture or a player can show (`blob:`). They are given back when they are no longer needed. */
export class Files {
  #host: Host;
  /** The ones that were used last stand at the end. */
  #held = new Map<string, Held>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Takes a file; `release` has to be called as often. Rejects when it cannot be read. */
  take(attachmentId: string, form: FileForm): Promise<string> {
    const key = `${form} ${attachmentId}`;
    const held = this.#held.get(key) ?? this.#fetch(key, attachmentId, form);
    held.users += 1;
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.url;
  }

  /** Gives a file back. */
  release(attachmentId: string, form: FileForm): void {
    const held = this.#held.get(`${form} ${attachmentId}`);
    if (held === undefined) return;
    held.users -= 1;
    this.#tidy();
  }

  #fetch(key: string, attachmentId: string, form: FileForm): Held {
    const held: Held = { url: Promise.resolve(""), made: null, size: 0, users: 0 };
    held.url = this.#host.file(attachmentId, form).then(
      (blob) => {
        held.size = blob.size;
        const made = (held.made = URL.createObjectURL(blob));
        // Nobody may want it any more.
        this.#tidy();
        return made;
      },
      (reason: unknown) => {
        // Asked again, it is fetched again.
        if (this.#held.get(key) === held) this.#held.delete(key);
        throw reason;
      },
    );
    return held;
  }

  #tidy(): void {
    const idle = [...this.#held].filter(([, held]) => held.users <= 0 && held.made !== null);
    let [count, bytes] = [0, 0];
    for (const [key, held] of idle.reverse()) {
      if (count < KEPT && bytes + held.size <= KEPT_BYTES) {
        count += 1;
        bytes += held.size;
        continue;
      }
      this.#held.delete(key);
      if (held.made !== null) URL.revokeObjectURL(held.made);
    }
  }
}
