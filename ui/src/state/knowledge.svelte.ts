import type { Client } from "../api/client";
import { explainInLine } from "../api/errors";
import type { DocumentView, SaveDocument } from "../api/generated";
import { dateOf, endOf } from "../format/dates";
import { CallFailure, type Host, type Trouble } from "../host/host";
import { words } from "../words";
import { Fetched } from "./fetched.svelte";

/** What the engine can read. */
export const READS = [".txt", ".md", ".markdown", ".html", ".htm", ".csv", ".docx", ".pdf"] as const;

/** A document while it is written. */
export interface DocumentDraft {
  id: string | null;
  title: string;
  /** `null` while it is being read. */
  text: string | null;
  url: string;
  enabled: boolean;
  quotable: boolean;
  validTo: string;
}

/** A file on its way into the knowledge base. */
export interface Import {
  readonly key: number;
  readonly file: File;
  /** `handing` to the engine, `reading` there, `done`, or `stuck`. */
  state: "handing" | "reading" | "done" | "stuck";
  part: number;
  problem: string | null;
  document: DocumentView | null;
}

export type DocumentField = "title" | "text" | "url" | "valid_to";

/** The texts answers may rest on. */
export class Knowledge {
  readonly list: Fetched<"list_documents">;
  readonly past: Fetched<"past_replies">;
  query = $state("");
  draft = $state<DocumentDraft | null>(null);
  problems = $state.raw<ReadonlyMap<DocumentField, string>>(new Map());
  trouble = $state.raw<Trouble | null>(null);
  saving = $state(false);
  imports = $state<Import[]>([]);
  /** Past replies that were ticked. */
  ticked = $state<string[]>([]);
  adding = $state(false);
  pastTrouble = $state.raw<Trouble | null>(null);

  #client: Client;
  #host: Host;
  #opened = "";
  #keys = 0;
  #round = 0;

  constructor(client: Client, host: Host) {
    this.#client = client;
    this.#host = host;
    this.list = new Fetched(client, "list_documents", () => ({}));
    this.past = new Fetched(client, "past_replies", () => ({}));
  }

  get all(): readonly DocumentView[] {
    return this.list.value?.documents ?? [];
  }

  get found(): DocumentView[] {
    const sought = this.query.trim().toLowerCase();
    return this.all.filter((document) => sought === "" || document.title.toLowerCase().includes(sought));
  }

  get kept(): DocumentView | null {
    return this.all.find((document) => document.id === this.draft?.id) ?? null;
  }

  get changed(): boolean {
    return this.draft !== null && this.draft.text !== null && JSON.stringify(this.draft) !== this.#opened;
  }

  /** Opens one and reads its text. */
  async open(id: string): Promise<void> {
    const round = ++this.#round;
    const known = this.all.find((document) => document.id === id);
    this.#reset();
    this.draft = known === undefined ? { ...blank(), id, text: null } : { ...draftOf(known), text: null };
    const answer = await this.#client.call("document", { document_id: id });
    if (round !== this.#round) return;
    if (answer.ok) this.#begin(draftOf(answer.value));
    else this.trouble = answer.trouble;
  }

  write(): void {
    this.#round += 1;
    this.#begin(blank());
  }

  close(): void {
    this.#round += 1;
    this.draft = null;
    this.#reset();
  }

  async save(): Promise<boolean> {
    const draft = this.draft;
    if (draft === null || draft.text === null || this.saving) return false;
    const w = words.assistant.knowledge.problems;
    const problems = new Map<DocumentField, string>();
    if (draft.title.trim() === "") problems.set("title", w.title);
    if (draft.text.trim() === "") problems.set("text", w.text);
    if (draft.url.trim() !== "" && !/^https?:\/\/\S+\.\S+$/i.test(draft.url.trim())) problems.set("url", w.url);
    this.problems = problems;
    this.trouble = null;
    if (problems.size > 0) return false;
    this.saving = true;
    const sent = JSON.stringify(draft);
    const answer = await this.#client.call("save_document", asked(draft));
    this.saving = false;
    if (!answer.ok) {
      const error = answer.trouble.kind === "answer" ? answer.trouble.error : null;
      if (error?.field === "title" || error?.field === "text" || error?.field === "url" || error?.field === "valid_to") this.problems = new Map([[error.field, error.message]]);
      else this.trouble = answer.trouble;
      return false;
    }
    this.#put(answer.value);
    if (this.draft === draft && JSON.stringify(draft) === sent) this.#begin(draftOf({ ...answer.value, text: answer.value.text ?? draft.text }));
    else if (this.draft === draft) draft.id = answer.value.id;
    return true;
  }

  async remove(id: string): Promise<boolean> {
    this.saving = true;
    const answer = await this.#client.call("delete_document", { document_id: id });
    this.saving = false;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return false;
    const value = this.list.value;
    if (value !== null) this.list.take({ documents: value.documents.filter((document) => document.id !== id) });
    if (this.draft?.id === id) this.close();
    return true;
  }

  /** Reads files in, one after the other: each is taken apart by a program of its own. */
  async take(files: readonly File[]): Promise<void> {
    const begun = files.map((file) => this.#queue(file));
    for (const item of begun) await this.#import(item);
  }

  async again(key: number): Promise<void> {
    const item = this.imports.find((one) => one.key === key);
    if (item !== undefined && item.state === "stuck") await this.#import(item);
  }

  drop(key: number): void {
    this.imports = this.imports.filter((item) => item.key !== key);
  }

  tick(id: string, on: boolean): void {
    this.ticked = on ? [...this.ticked.filter((other) => other !== id), id] : this.ticked.filter((other) => other !== id);
  }

  /** Takes the ticked replies into the knowledge base. */
  async addPast(): Promise<boolean> {
    if (this.adding || this.ticked.length === 0) return false;
    this.adding = true;
    const answer = await this.#client.call("add_past_replies", { message_ids: [...this.ticked] });
    this.adding = false;
    this.pastTrouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return false;
    this.ticked = [];
    this.#put(answer.value);
    void this.past.refresh();
    return true;
  }

  forget(): void {
    this.list.forget();
    this.past.forget();
    this.query = "";
    this.imports = [];
    this.ticked = [];
    this.close();
  }

  #queue(file: File): Import {
    const known = READS.some((end) => file.name.toLowerCase().endsWith(end));
    this.imports.push({
      key: ++this.#keys,
      file,
      state: known ? "handing" : "stuck",
      part: 0,
      problem: known ? null : words.assistant.knowledge.cannotRead,
      document: null,
    });
    // Read back, so that a change of it is seen.
    return this.imports[this.imports.length - 1] as Import;
  }

  async #import(item: Import): Promise<void> {
    if (!READS.some((end) => item.file.name.toLowerCase().endsWith(end))) return;
    item.state = "handing";
    item.problem = null;
    item.part = 0;
    try {
      const upload = await this.#host.upload(item.file, item.file.name, { progress: (sent, total) => (item.part = total > 0 ? sent / total : 0) });
      item.state = "reading";
      const answer = await this.#client.call("import_document", { upload_id: upload.upload_id });
      if (!answer.ok) return stick(item, answer.trouble);
      item.state = "done";
      item.document = answer.value;
      this.#put(answer.value);
    } catch (reason) {
      stick(item, reason instanceof CallFailure ? reason.trouble : null);
    }
  }

  #begin(draft: DocumentDraft): void {
    this.#reset();
    this.#opened = JSON.stringify(draft);
    this.draft = draft;
  }

  #reset(): void {
    this.problems = new Map();
    this.trouble = null;
  }

  #put(document: DocumentView): void {
    const all = this.list.value?.documents;
    if (all === undefined) return;
    const row = { ...document, text: null };
    const there = all.some((one) => one.id === document.id);
    this.list.take({ documents: there ? all.map((one) => (one.id === document.id ? row : one)) : [row, ...all] });
  }
}

function stick(item: Import, trouble: Trouble | null): void {
  item.state = "stuck";
  item.problem = trouble === null ? words.assistant.knowledge.unreadable : explainInLine(trouble);
}

/** A text that is begun. */
export function blank(): DocumentDraft {
  return { id: null, title: "", text: "", url: "", enabled: true, quotable: true, validTo: "" };
}

function draftOf(view: DocumentView): DocumentDraft {
  return { id: view.id, title: view.title, text: view.text ?? "", url: view.url ?? "", enabled: view.enabled, quotable: view.quotable, validTo: dateOf(view.valid_to) };
}

function asked(draft: DocumentDraft): SaveDocument {
  return {
    ...(draft.id === null ? {} : { document_id: draft.id }),
    title: draft.title.trim(),
    text: draft.text ?? "",
    url: draft.url.trim() === "" ? null : draft.url.trim(),
    enabled: draft.enabled,
    quotable: draft.quotable,
    valid_to: endOf(draft.validTo),
  };
}
