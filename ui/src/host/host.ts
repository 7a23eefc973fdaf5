import type { ApiError, AttachmentView, ChangeView, Commands, UploadView } from "../api/generated";

/** The name of a command of the engine. */
export type CommandName = keyof Commands;

/** How the window stands with the engine: reachable, not reachable now, or not let in. */
export type Link = "connecting" | "up" | "down" | "refused";

/** What a host tells the window without being asked. */
export interface Listener {
  /** Something changed; after an interruption this is a single `resync`. */
  changed(changes: ChangeView[]): void;
  /** The way to the engine opened or closed. */
  link(link: Link): void;
}

/** The one way to the engine. Two exist: the desktop window and a page served by `deskbelld`. */
export interface Host {
  /** Asks the engine; rejects with a `CallFailure`. */
  call<C extends CommandName>(command: C, args: Commands[C]["args"], urgent?: boolean): Promise<Commands[C]["answer"]>;
  /** Begins to listen; the returned function ends it. */
  listen(listener: Listener): () => void;
  /** Tells the shell that something useful is on the screen. */
  painted(): void;
  /** Reads a file of a message: the whole, a small picture of it, or a form every player knows. */
  file(attachmentId: string, form: FileForm): Promise<Blob>;
  /** Hands a file in, to be sent by its `upload_id`. Rejects with a `CallFailure`; an abort rejects with `AbortError`. */
  upload(file: Blob, name: string, options?: UploadOptions): Promise<UploadView>;
  /** Lets the person keep a file where they want. Resolves to false when they think better of it. */
  save(attachment: AttachmentView): Promise<boolean>;
  /** Lets the person keep a text as a file. Resolves to false when they think better of it. */
  saveText(name: string, text: string): Promise<boolean>;
  /** Whether files can be opened with the computer's own programs. */
  readonly opens: boolean;
  /** Opens a file with the computer's own program for it; never one that is `dangerous`. */
  open(attachment: AttachmentView): Promise<void>;
  /** Opens a web page outside of this window; anything but http and https is refused. */
  browse(url: string): Promise<void>;
}

/** In which form a file is wanted. */
export type FileForm = "whole" | "thumbnail" | "playable";

/** How a file is handed in. */
export interface UploadOptions {
  /** A recording (WAV) that is to leave as a voice note. */
  voice?: boolean;
  /** Told now and then how far it is, in bytes. */
  progress?: (sent: number, total: number) => void;
  /** Stops it. */
  signal?: AbortSignal;
}

/** Why a call did not work: the engine said so, it could not be reached, or it does not know us. */
export type Trouble = { kind: "answer"; error: ApiError } | { kind: "unreachable" } | { kind: "no_access" };

/** The rejection of `Host.call`. */
export class CallFailure extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.kind === "answer" ? trouble.error.message : trouble.kind);
    this.name = "CallFailure";
  }
}

/** Tells an `ApiError` from anything else that may be thrown at us. */
export function isApiError(value: unknown): value is ApiError {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}
