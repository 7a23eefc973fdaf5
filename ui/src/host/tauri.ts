import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { AttachmentView, ChangeView, Commands, UploadView } from "../api/generated";
import { CallFailure, isApiError, type CommandName, type FileForm, type Host, type Listener, type UploadOptions } from "./host";
import { webAddress } from "./web-address";

/** Bytes handed over at once: enough to be quick, few enough to be stopped between two. */
const PIECE = 4 * 1024 * 1024;

/** The engine lives in the same process as the desktop window. */
export class TauriHost implements Host {
  async call<C extends CommandName>(command: C, args: Commands[C]["args"]): Promise<Commands[C]["answer"]> {
    return asked(invoke<Commands[C]["answer"]>("rpc", { command, args }));
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
  async file(attachmentId: string, form: FileForm): Promise<Blob> {
    // First a head of its own length, then the bytes: see `read_file` in src-tauri/files.rs.
    const answer = await asked(invoke<ArrayBuffer>("read_file", { id: attachmentId, form }));
    const end = answer.byteLength < 2 ? 0 : 2 + new DataView(answer).getUint16(0);
    return new Blob([answer.slice(end)], { type: new TextDecoder().decode(answer.slice(2, end)) });
  }

  async upload(file: Blob, name: string, { voice = false, progress, signal }: UploadOptions = {}): Promise<UploadView> {
    signal?.throwIfAborted();
    const handIn = await asked(invoke<number>("begin_hand_in", { name }));
    const headers = { "hand-in": String(handIn) };
    try {
      for (let at = 0; at < file.size; at += PIECE) {
        const piece = await file.slice(at, at + PIECE).arrayBuffer();
        signal?.throwIfAborted();
        await asked(invoke("append_hand_in", new Uint8Array(piece), { headers }));
        progress?.(Math.min(at + PIECE, file.size), file.size);
      }
      signal?.throwIfAborted();
    } catch (reason) {
      invoke("drop_hand_in", { handIn }).catch(() => undefined);
      throw reason;
    }
    const upload = await asked(invoke<UploadView>("finish_hand_in", { handIn, voice }));
    signal?.throwIfAborted();
    return upload;
  }

  async save(attachment: AttachmentView): Promise<boolean> {
    return asked(invoke<boolean>("save_file", { id: attachment.id }));
  }

  async saveText(name: string, text: string): Promise<boolean> {
    return asked(invoke<boolean>("save_text", { name, text }));
  }

  readonly opens = true;

  async open(attachment: AttachmentView): Promise<void> {
    await asked(invoke("open_file", { id: attachment.id }));
  }

  async browse(url: string): Promise<void> {
    await asked(invoke("browse", { url: webAddress(url) }));
  }
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (reason) {
    throw new CallFailure(isApiError(reason) ? { kind: "answer", error: reason } : { kind: "unreachable" });
  }
}
