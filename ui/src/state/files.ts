import type { FileForm, Host } from "../host/host";

/** So many files that nobody looks at are kept, so that scrolling back shows them at once. */
const KEPT = 60;

interface Held {
  url: Promise<string>;
  /** The address once it is there, to be given back. */
  made: string | null;
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
    const held: Held = { url: Promise.resolve(""), made: null, users: 0 };
    held.url = this.#host.file(attachmentId, form).then(
      (blob) => (held.made = URL.createObjectURL(blob)),
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
    for (const [key, held] of idle.slice(0, Math.max(0, idle.length - KEPT))) {
      this.#held.delete(key);
      if (held.made !== null) URL.revokeObjectURL(held.made);
    }
  }
}
