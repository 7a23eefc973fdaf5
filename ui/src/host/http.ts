import type { ApiError, ChangeView, Commands } from "../api/generated";
import { CallFailure, isApiError, type CommandName, type Host, type Listener } from "./host";
import { EventReader } from "./sse";

const TOKEN = "deskbell.token";
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;

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

async function read(body: ReadableStream<Uint8Array>, changed: (changes: ChangeView[]) => void): Promise<void> {
  const reader = body.getReader();
  const events = new EventReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const data of events.take(value)) changed(JSON.parse(data) as ChangeView[]);
  }
}
