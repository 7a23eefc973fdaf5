import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { ChangeView, Commands } from "../api/generated";
import { CallFailure, isApiError, type CommandName, type Host, type Listener } from "./host";

/** The engine lives in the same process as the desktop window. */
export class TauriHost implements Host {
  async call<C extends CommandName>(command: C, args: Commands[C]["args"]): Promise<Commands[C]["answer"]> {
    try {
      return await invoke<Commands[C]["answer"]>("rpc", { command, args });
    } catch (reason) {
      throw new CallFailure(isApiError(reason) ? { kind: "answer", error: reason } : { kind: "unreachable" });
    }
  }

  listen(listener: Listener): () => void {
    let ended = false;
    let unlisten: (() => void) | undefined;
    listener.link("connecting");
    listen<ChangeView[]>("changes", (event) => listener.changed(event.payload)).then(
      (stop) => {
        unlisten = stop;
        if (ended) return stop();
        listener.link("up");
        listener.changed([{ kind: "resync" }]);
      },
      () => listener.link("down"),
    );
    return () => {
      ended = true;
      unlisten?.();
    };
  }

  painted(): void {
    invoke("painted").catch(() => undefined);
  }
}
