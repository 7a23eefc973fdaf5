import type { Client } from "../api/client";
import type { AttachmentView, UploadView } from "../api/generated";
import { explainInLine } from "../api/errors";
import { CallFailure, type Host } from "../host/host";
import { words } from "../words";
import { asOf, bestChoice, choices, familyOf, LARGEST, problemOf, sizeProblem, takesCaption, type As } from "./sending-as";

/** How many files are handed in at the same time. */
const TOGETHER = 2;
/** A larger picture would cost more memory as a thumbnail than it is worth. */
const LARGEST_PREVIEW = 40 * 1024 * 1024;

/** A file that waits to be sent. */
export interface Waiting {
  readonly key: number;
  readonly file: File;
  /** A recording of this window. */
  readonly recorded: boolean;
  name: string;
  size: number;
  family: AttachmentView["family"];
  as: As;
  choices: As[];
  /** `queued` and `handing` on the way to the engine, `ready` there, `leaving` while the engine takes it. */
  state: "queued" | "handing" | "ready" | "leaving" | "stuck";
  /** How much of it the engine has, 0 to 1. */
  part: number;
  /** Why it cannot be sent and what to do. */
  problem: string | null;
  /** Whether the same may work when it is tried again. */
  again: boolean;
  upload: UploadView | null;
  /** A picture of it, from the file itself. */
  preview: string | null;
}

/** The files of one conversation that wait to be sent, in their order. */
export class Tray {
  items = $state<Waiting[]>([]);

  #client: Client;
  #host: Host;
  #stops = new Map<number, AbortController>();
  #ended = new Map<number, () => void>();

  constructor(client: Client, host: Host) {
    this.#client = client;
    this.#host = host;
  }

  get empty(): boolean {
    return this.items.length === 0;
  }

  /** Those that can leave, now or once they are handed in. */
  get sendable(): Waiting[] {
    return this.items.filter((item) => item.problem === null);
  }

  /** The one the text goes below: the first that leaves, if it takes one. */
  get carrier(): Waiting | null {
    const first = this.sendable[0];
    return first !== undefined && takesCaption(first.as) ? first : null;
  }

  /** Adds files and begins to hand them in. */
  add(files: readonly File[], recorded = false): void {
    for (const file of files) this.items.push(waiting(file, recorded));
    this.#next();
  }

  remove(key: number): void {
    const item = this.#find(key);
    if (item === null || item.state === "leaving") return;
    this.#stops.get(key)?.abort();
    this.#drop(item);
    this.#next();
  }

  /** Chooses what a file is sent as. */
  choose(key: number, as: As): void {
    const item = this.#find(key);
    if (item === null || item.state === "leaving") return;
    item.as = as;
    item.problem = item.upload === null ? sizeProblem(as, item.size) : problemOf(item.upload, as);
    if (item.upload !== null) item.state = "ready";
    else if (item.problem === null && item.state === "stuck") item.state = "queued";
    this.#next();
  }

  /** Tries again what did not work. */
  retry(key: number): void {
    const item = this.#find(key);
    if (item === null || !item.again) return;
    item.again = false;
    item.problem = null;
    item.state = item.upload === null ? "queued" : "ready";
    this.#next();
  }

  /**
   * Sends the files one after the other; those that cannot leave stay, with their sentence. The words go below the
   * first one that takes them. Answers whether the words have left and the ids of the messages.
   */
  async send(conversationId: string, caption: string, replyTo: string | null): Promise<{ said: boolean; messages: string[] }> {
    const carrier = caption === "" ? null : this.carrier;
    const going = [...this.sendable];
    const messages: string[] = [];
    let said = caption === "";
    for (const item of going) {
      await this.#handedIn(item);
      if (!this.items.includes(item) || item.upload === null || item.problem !== null) continue;
      item.state = "leaving";
      const answer = await this.#client.call("send_media", {
        conversation_id: conversationId,
        upload_id: item.upload.upload_id,
        as: item.as,
        ...(item === carrier ? { caption } : {}),
        ...(messages.length === 0 && replyTo !== null ? { reply_to: replyTo } : {}),
      });
      if (!answer.ok) {
        stick(item, explainInLine(answer.trouble), answer.trouble.kind !== "answer" || answer.trouble.error.retryable);
        continue;
      }
      messages.push(answer.value.message_id);
      if (item === carrier) said = true;
      this.#drop(item);
    }
    return { said, messages };
  }

  /** Lets go of everything. */
  clear(): void {
    for (const stop of this.#stops.values()) stop.abort();
    for (const item of [...this.items]) this.#drop(item);
  }

  #find(key: number): Waiting | null {
    return this.items.find((item) => item.key === key) ?? null;
  }

  #drop(item: Waiting): void {
    if (item.preview !== null) URL.revokeObjectURL(item.preview);
    this.items = this.items.filter((other) => other.key !== item.key);
    this.#settled(item.key);
  }

  #settled(key: number): void {
    this.#ended.get(key)?.();
    this.#ended.delete(key);
  }

  /** Waits until a file is with the engine, or cannot get there. */
  #handedIn(item: Waiting): Promise<void> {
    if (item.state !== "queued" && item.state !== "handing") return Promise.resolve();
    return new Promise((resolve) => this.#ended.set(item.key, resolve));
  }

  #next(): void {
    const running = this.items.filter((item) => item.state === "handing").length;
    const due = this.items.filter((item) => item.state === "queued").slice(0, Math.max(0, TOGETHER - running));
    for (const item of due) void this.#hand(item);
  }

  async #hand(item: Waiting): Promise<void> {
    const stop = new AbortController();
    this.#stops.set(item.key, stop);
    item.state = "handing";
    item.part = 0;
    try {
      const upload = await this.#host.upload(item.file, item.name, {
        ...(item.recorded ? { voice: true } : {}),
        progress: (sent, total) => (item.part = total > 0 ? Math.min(1, sent / total) : 0),
        signal: stop.signal,
      });
      if (!stop.signal.aborted) this.#take(item, upload);
    } catch (reason) {
      if (!stop.signal.aborted) {
        const known = reason instanceof CallFailure;
        stick(item, known ? explainInLine(reason.trouble) : words.composer.tray.unreadable, known);
      }
    }
    this.#stops.delete(item.key);
    this.#settled(item.key);
    this.#next();
  }

  /** Takes what the engine found in the file; it has looked inside, the system has only read the name. */
  #take(item: Waiting, upload: UploadView): void {
    const kind = asOf(upload.kind);
    const known = item.recorded ? [] : choices(upload.mime_type);
    const chosen = item.as !== bestChoice(item.choices, item.size);
    item.upload = upload;
    item.name = item.recorded ? item.name : upload.file_name;
    item.size = upload.size;
    item.family = upload.family;
    item.choices = kind === null ? known : [kind, ...known.filter((as) => as !== kind)];
    if (!chosen || !item.choices.includes(item.as)) item.as = kind ?? item.choices[0] ?? "document";
    // A recording comes as WAV and leaves a tenth as large.
    item.problem = item.recorded ? upload.problem : problemOf(upload, item.as);
    item.part = 1;
    item.state = "ready";
  }
}

function stick(item: Waiting, problem: string, again: boolean): void {
  item.state = "stuck";
  item.problem = problem;
  item.again = again;
}

let keys = 0;

function waiting(file: File, recorded: boolean): Waiting {
  const possible = choices(file.type, recorded);
  const as = bestChoice(possible, file.size);
  const problem = recorded ? null : sizeProblem(file.size > LARGEST.document ? "document" : as, file.size);
  const shows = file.type.startsWith("image/") && file.type !== "image/svg+xml" && file.size <= LARGEST_PREVIEW;
  return {
    key: ++keys,
    file,
    recorded,
    name: file.name,
    size: file.size,
    family: familyOf(file.type, file.name),
    as,
    choices: possible,
    state: problem === null ? "queued" : "stuck",
    part: 0,
    problem,
    again: false,
    upload: null,
    preview: shows ? URL.createObjectURL(file) : null,
  };
}
