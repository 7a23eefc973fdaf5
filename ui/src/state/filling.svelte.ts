import type { Client } from "../api/client";
import { explainInLine } from "../api/errors";
import type { TemplateVariableView, TemplateView } from "../api/generated";
import { CallFailure, type Host, type Trouble } from "../host/host";
import { words } from "../words";
import { isFile, lookOf, missing, onOneLine, toSend, unfit, type FileKind, type Look } from "./fill";

/** A file chosen for a template. */
export interface HeaderFile {
  name: string;
  /** How much of it the engine has, 0 to 1; 1 when it is there. */
  part: number;
  problem: string | null;
  /** A picture of it, from the file itself. */
  preview: string | null;
}

/** A template while it is filled in. */
export class Filling {
  readonly template: TemplateView;
  values = $state<Record<string, string>>({});
  files = $state<Record<string, HeaderFile>>({});
  /** Whether somebody wanted to send it: from then on what is missing is named. */
  tried = $state(false);
  sending = $state(false);
  trouble = $state<Trouble | null>(null);
  /** The variable whose text was brought onto one line. */
  flattened = $state<string | null>(null);
  #refused = $state<{ key: string; sentence: string; value: string } | null>(null);

  #host: Host;
  #stops = new Map<string, AbortController>();

  constructor(template: TemplateView, host: Host) {
    this.template = template;
    this.#host = host;
  }

  get missing(): TemplateVariableView[] {
    return missing(this.template, this.values);
  }

  get look(): Look {
    return lookOf(this.template, this.values);
  }

  /** Whether a file is still on its way. */
  get handing(): boolean {
    return Object.values(this.files).some((file) => file.part < 1 && file.problem === null);
  }

  get ready(): boolean {
    return this.missing.length === 0 && unfit(this.template, this.values).length === 0;
  }

  /** What is said at a variable. */
  at(key: string): string | null {
    const file = this.files[key]?.problem ?? null;
    if (file !== null) return file;
    const refused = this.#refused;
    if (refused?.key === key && refused.value === (this.values[key] ?? "")) return refused.sentence;
    const found = unfit(this.template, this.values).find((value) => value.key === key);
    if (found !== undefined) return found.sentence;
    const empty = this.tried ? this.missing.find((variable) => variable.key === key) : undefined;
    if (empty === undefined || (this.files[key]?.part ?? 1) < 1) return null;
    return isFile(empty) ? words.composer.template.noFile : words.composer.template.empty;
  }

  set(key: string, value: string): void {
    this.values[key] = value;
    if (this.flattened === key) this.flattened = null;
    this.trouble = null;
  }

  /** Puts a draft into a variable; answers whether its lines had to be joined. */
  useDraft(key: string, draft: string): void {
    const line = onOneLine(draft);
    this.set(key, line);
    this.flattened = /[\n\r\t]/.test(draft.trim()) ? key : null;
  }

  /** Hands a file in for a variable. */
  async attach(variable: TemplateVariableView & { kind: FileKind }, file: File): Promise<void> {
    const { key, kind } = variable;
    this.detach(key);
    const stop = new AbortController();
    this.#stops.set(key, stop);
    const preview = kind === "image" && file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
    this.files[key] = { name: file.name, part: 0, problem: null, preview };
    const shown = this.files[key];
    try {
      const upload = await this.#host.upload(file, file.name, {
        progress: (sent, total) => (shown.part = total > 0 ? Math.min(0.99, sent / total) : 0),
        signal: stop.signal,
      });
      if (stop.signal.aborted) return;
      shown.name = upload.file_name;
      // Any file can leave as a document, whatever else it could be.
      const fits = kind === "document" || upload.kind === kind;
      const problem = upload.kind === kind || kind !== "document" ? upload.problem : null;
      shown.problem = fits ? problem : words.composer.template.wrongFile[kind];
      if (shown.problem === null) this.set(key, upload.upload_id);
    } catch (reason) {
      if (stop.signal.aborted) return;
      shown.problem = reason instanceof CallFailure ? explainInLine(reason.trouble) : words.composer.tray.unreadable;
    }
    shown.part = 1;
  }

  /** Takes a file away again. */
  detach(key: string): void {
    this.#stops.get(key)?.abort();
    this.#stops.delete(key);
    const preview = this.files[key]?.preview ?? null;
    if (preview !== null) URL.revokeObjectURL(preview);
    delete this.files[key];
    delete this.values[key];
  }

  /** Sends it; answers the id of the message, or `null` when it cannot leave yet. */
  async send(client: Client, conversationId: string): Promise<string | null> {
    this.tried = true;
    if (this.sending || this.handing || !this.ready) return null;
    this.sending = true;
    this.trouble = null;
    const { name, language } = this.template;
    const variables = toSend(this.template, $state.snapshot(this.values));
    const answer = await client.call("send_template", { conversation_id: conversationId, name, language, variables });
    this.sending = false;
    if (answer.ok) {
      this.release();
      return answer.value.message_id;
    }
    const { trouble } = answer;
    const named = trouble.kind === "answer" && trouble.error.code === "bad_request" ? trouble.error.field : undefined;
    const key = named?.replace(/^variables\./, "");
    if (key !== undefined && trouble.kind === "answer" && this.template.variables.some((variable) => variable.key === key)) {
      this.#refused = { key, sentence: trouble.error.message, value: this.values[key] ?? "" };
    } else {
      this.trouble = trouble;
    }
    return null;
  }

  /** Lets go of files and previews. */
  release(): void {
    for (const stop of this.#stops.values()) stop.abort();
    for (const file of Object.values(this.files)) if (file.preview !== null) URL.revokeObjectURL(file.preview);
  }

  /** Variables a draft can be put into. */
  takesDraft(variable: TemplateVariableView): boolean {
    return variable.kind === "text" && variable.place !== "offer" && !isFile(variable);
  }
}
