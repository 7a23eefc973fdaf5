import type { ApiError, AttachmentView, ChangeView, Commands, UploadView } from "../api/generated";
import {
  CallFailure,
  isApiError,
  type CommandName,
  type FileForm,
  type Host,
  type Listener,
  type Trouble,
  type UploadOptions,
} from "./host";
import { EventReader } from "./sse";
import { refusal, webAddress } from "./web-address";

const TOKEN = "deskbell.token";
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
/** A download has begun by then, and the browser holds the bytes itself. */
const KEPT_FOR_SAVING = 60_000;

/** Takes the token out of the address bar, where it would be copied by accident, and keeps it for this tab. */
export function takeToken(): string | null {
  const address = new URL(location.href);
  const given = address.searchParams.get("token");
  if (given !== null) {
    sessionStorage.setItem(TOKEN, given);
    address.searchParams.delete("token");
    history.replaceState(null, "", address);
  }
  return sessionStorage.getItem(TOKEN);
}

/** The engine is a `deskbelld` on this machine that served the page. */
export class HttpHost implements Host {
  #token: string | null;

  constructor(token: string | null) {
    this.#token = token;
  }

  async call<C extends CommandName>(
    command: C,
    args: Commands[C]["args"],
    urgent = false,
  ): Promise<Commands[C]["answer"]> {
    let body: { ok?: Commands[C]["answer"]; error?: ApiError };
    try {
      const response = await fetch("/rpc", {
        method: "POST",
        headers: { ...this.#headers(), "Content-Type": "application/json" },
        body: JSON.stringify({ command, args }),
        // An urgent call outlives the page: the last keystrokes of a reply are kept.
        keepalive: urgent,
      });
      if (response.status === 401) throw new CallFailure({ kind: "no_access" });
      body = await response.json();
    } catch (reason) {
      throw reason instanceof CallFailure ? reason : new CallFailure({ kind: "unreachable" });
    }
    if (isApiError(body.error)) throw new CallFailure({ kind: "answer", error: body.error });
    return body.ok as Commands[C]["answer"];
  }

  listen(listener: Listener): () => void {
    const end = new AbortController();
    void this.#follow(listener, end.signal);
    return () => end.abort();
  }

  painted(): void {
    // Only the desktop shell wants to know.
  }

  async file(attachmentId: string, form: FileForm): Promise<Blob> {
    try {
      const response = await fetch(`/files/${encodeURIComponent(attachmentId)}?form=${form}`, { headers: this.#headers() });
      if (response.ok) return await response.blob();
      throw new CallFailure(troubleOf(response.status, await response.text()));
    } catch (reason) {
      throw reason instanceof CallFailure ? reason : new CallFailure({ kind: "unreachable" });
    }
  }

  upload(file: Blob, name: string, { voice = false, progress, signal }: UploadOptions = {}): Promise<UploadView> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(aborted());
      // Only this old way tells how much of a request has left.
      const request = new XMLHttpRequest();
      const stop = () => request.abort();
      signal?.addEventListener("abort", stop);
      request.onloadend = () => signal?.removeEventListener("abort", stop);
      request.onabort = () => reject(aborted());
      request.onerror = () => reject(new CallFailure({ kind: "unreachable" }));
      request.onload = () => {
        const upload = request.status === 200 ? fieldOf(request.responseText, "ok") : undefined;
        if (typeof upload === "object" && upload !== null) resolve(upload as UploadView);
        else reject(new CallFailure(troubleOf(request.status, request.responseText)));
      };
      request.upload.onprogress = (event) => progress?.(Math.min(event.loaded, file.size), file.size);
      request.open("POST", `/files?${new URLSearchParams({ name, ...(voice ? { voice: "1" } : {}) }).toString()}`);
      for (const [header, value] of Object.entries(this.#headers())) request.setRequestHeader(header, value);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.send(file);
    });
  }

  async save(attachment: AttachmentView): Promise<boolean> {
    keep(await this.file(attachment.id, "whole"), attachment.file_name ?? "");
    return true;
  }

  async saveText(name: string, text: string): Promise<boolean> {
    keep(text, name);
    return true;
  }

  readonly opens = false;

  async open(): Promise<void> {
    throw new CallFailure(refusal("A page in a browser cannot open files with other programs. Save it, and open it from there."));
  }

  async browse(url: string): Promise<void> {
    window.open(webAddress(url), "_blank", "noopener,noreferrer");
  }

  async #follow(listener: Listener, ended: AbortSignal): Promise<void> {
    let wait = FIRST_WAIT;
    listener.link("connecting");
    while (!ended.aborted) {
      try {
        const response = await fetch("/events", { headers: this.#headers(), signal: ended });
        if (response.status === 401) return listener.link("refused");
        if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
        wait = FIRST_WAIT;
        listener.link("up");
        listener.changed([{ kind: "resync" }]);
        await read(response.body, (changes) => listener.changed(changes));
      } catch {
        // Falls through to the next try: the engine is stopped, starting or being exchanged.
      }
      if (ended.aborted) return;
      listener.link("down");
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }

  #headers(): Record<string, string> {
    return this.#token === null ? {} : { Authorization: `Bearer ${this.#token}` };
  }
}

/** Lets the browser keep a content under a name. */
function keep(content: Blob | string, name: string): void {
  // As bytes of no kind the browser can do nothing with them but keep them.
  const url = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_FOR_SAVING);
}

function aborted(): DOMException {
  return new DOMException("The upload was stopped.", "AbortError");
}

/** Reads one field of an answer, whatever the answer is. */
function fieldOf(answer: string, field: "ok" | "error"): unknown {
  try {
    const parsed: unknown = JSON.parse(answer);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>)[field] : undefined;
  } catch {
    return undefined;
  }
}

function troubleOf(status: number, answer: string): Trouble {
  if (status === 401) return { kind: "no_access" };
  const error = fieldOf(answer, "error");
  return isApiError(error) ? { kind: "answer", error } : { kind: "unreachable" };
}

async function read(body: ReadableStream<Uint8Array>, changed: (changes: ChangeView[]) => void): Promise<void> {
  const reader = body.getReader();
  const events = new EventReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const data of events.take(value)) changed(JSON.parse(data) as ChangeView[]);
  }
}
