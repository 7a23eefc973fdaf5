import type { AttachmentView, ChangeView, Commands, ConversationView, DecisionView, DraftView, MessageView, UploadView } from "../api/generated";
import {
  CallFailure,
  type CommandName,
  type FileForm,
  type Host,
  type Listener,
  type Trouble,
  type UploadOptions,
} from "../host/host";

type Answers = { [C in CommandName]?: (args: Commands[C]["args"]) => Commands[C]["answer"] | Promise<Commands[C]["answer"]> };

/** An engine of a test: it answers what it was told to and remembers what it was asked. */
export class FakeHost implements Host {
  calls: { command: CommandName; args: unknown; urgent: boolean }[] = [];
  listener: Listener | null = null;

  constructor(public answers: Answers = {}) {}

  async call<C extends CommandName>(command: C, args: Commands[C]["args"], urgent = false) {
    this.calls.push({ command, args: structuredClone(args), urgent });
    const answer = this.answers[command] as ((args: Commands[C]["args"]) => Commands[C]["answer"]) | undefined;
    if (answer === undefined) throw new CallFailure({ kind: "unreachable" });
    return answer(args);
  }

  listen(listener: Listener): () => void {
    this.listener = listener;
    listener.link("up");
    return () => (this.listener = null);
  }

  painted(): void {
    // Nobody measures a test.
  }

  /** Whether this host opens files with other programs. */
  opens = true;
  /** What became of files and pages, in order: `file a thumbnail`, `save a`, `open a`, `browse https://…`, `upload name`. */
  did: string[] = [];
  /** The files there are, by attachment and form; without one there is a small one of no kind. */
  files = new Map<string, Blob | Trouble>();
  /** What handing a file in answers. */
  uploaded: (file: Blob, name: string, options?: UploadOptions) => UploadView | Promise<UploadView> = (file, name) => ({
    upload_id: `up-${name}`,
    file_name: name,
    mime_type: file.type === "" ? "application/octet-stream" : file.type,
    family: file.type.startsWith("image/") ? "image" : "document",
    size: file.size,
    kind: file.type.startsWith("image/") ? "image" : "document",
    problem: null,
  });

  async file(attachmentId: string, form: FileForm): Promise<Blob> {
    this.did.push(`file ${attachmentId} ${form}`);
    const found = this.files.get(`${attachmentId} ${form}`) ?? new Blob(["x"]);
    if (found instanceof Blob) return found;
    throw new CallFailure(found);
  }

  async upload(file: Blob, name: string, options?: UploadOptions): Promise<UploadView> {
    this.did.push(`upload ${name}`);
    return this.uploaded(file, name, options);
  }

  async save(attachment: AttachmentView): Promise<boolean> {
    this.did.push(`save ${attachment.id}`);
    return true;
  }

  /** The texts that were saved, by name. */
  texts = new Map<string, string>();
  /** What the person chooses when they are asked where to keep a text. */
  keepsText: () => boolean | Promise<boolean> = () => true;

  async saveText(name: string, text: string): Promise<boolean> {
    this.texts.set(name, text);
    return this.keepsText();
  }

  async open(attachment: AttachmentView): Promise<void> {
    this.did.push(`open ${attachment.id}`);
  }

  async browse(url: string): Promise<void> {
    this.did.push(`browse ${url}`);
  }

  tell(...changes: ChangeView[]): void {
    this.listener?.changed(changes);
  }

  /** What one command was asked, in order. */
  asked<C extends CommandName>(command: C): Commands[C]["args"][] {
    return this.calls.filter((call) => call.command === command).map((call) => call.args as Commands[C]["args"]);
  }
}

/** Fails a call as the engine or the way to it would. */
export function fails(trouble: Trouble): () => never {
  return () => {
    throw new CallFailure(trouble);
  };
}

/** A conversation with what a test wants to say about it. */
export function conversation(id: string, say: Partial<ConversationView> = {}): ConversationView {
  return {
    id,
    channel_id: "ch",
    contact: {
      id: `c${id}`,
      name: `Person ${id}`,
      initials: "P",
      phone: "+15550100",
      username: null,
      group: false,
      blocked: false,
      marketing_stopped: false,
    },
    queue: "needs_me",
    preview: { text: `words of ${id}`, kind: "text", original_kind: "text", author: "customer", revoked: false, status: "received" },
    last_at: "2026-03-02T10:00:00Z",
    unread: 0,
    window_closes_at: "2126-03-03T10:00:00Z",
    undelivered: 0,
    holder: "assistant",
    override: null,
    effective_mode: "off",
    attention: null,
    attention_at: null,
    held_since: null,
    held_by: null,
    returns_at: null,
    snoozed_until: null,
    activity: { state: "none", until: null, verdict: null, because: null, at: null, decision_id: null },
    test: false,
    composer_text: null,
    referral: null,
    free_until: null,
    thread_owner: null,
    ...say,
  };
}

/** A message with what a test wants to say about it. */
export function message(id: string, say: Partial<MessageView> = {}): MessageView {
  return {
    id,
    conversation_id: "a",
    direction: "inbound",
    author: "customer",
    source: "live",
    sender: null,
    kind: "text",
    original_kind: "text",
    text: `text ${id}`,
    payload: {},
    referral: null,
    attachments: [],
    reactions: [],
    provider_id: `wamid.${id}`,
    reply_to: null,
    quote: null,
    forwarded: "no",
    sent_at: "2026-03-02T10:00:00Z",
    received_at: "2026-03-02T10:00:01Z",
    status: "received",
    error: null,
    retry_at: null,
    decision_id: null,
    edited: false,
    revoked: false,
    ...say,
  };
}

/** A message of ours. */
export function reply(id: string, say: Partial<MessageView> = {}): MessageView {
  return message(id, { direction: "outbound", author: "operator", status: "sent", ...say });
}

/** A file of a message with what a test wants to say about it. */
export function attachment(id: string, say: Partial<AttachmentView> = {}): AttachmentView {
  return {
    id,
    file_name: `${id}.jpg`,
    mime_type: "image/jpeg",
    family: "image",
    size: 120_000,
    state: "stored",
    words: null,
    retry_at: null,
    width: 800,
    height: 600,
    duration_ms: null,
    animated: false,
    waveform: null,
    has_thumbnail: true,
    dangerous: false,
    upload: null,
    ...say,
  };
}

/** A decision of the assistant with what a test wants to say about it. */
export function decision(say: Partial<DecisionView> = {}): DecisionView {
  return {
    id: "dec",
    conversation_id: "a",
    message_id: null,
    at: "2026-03-02T10:00:05Z",
    mode: "shadow",
    verdict: "draft",
    step: "skill",
    because: "shadow",
    escalation: null,
    text: "answer",
    buttons: [],
    language: "en",
    confidence: 0.9,
    band: "send",
    sources: [],
    candidates: [],
    passages: [],
    findings: [],
    model_call_id: null,
    took_ms: 12,
    ...say,
  };
}

/** A draft that waits in a conversation, with what a test wants to say about it. */
export function draft(id: string, conversationId: string, say: Partial<DraftView> = {}): DraftView {
  return {
    id,
    conversation_id: conversationId,
    contact: conversation(conversationId).contact,
    channel_id: "ch",
    text: `answer ${id}`,
    buttons: [],
    state: "pending",
    blind: false,
    skill: "Delivery",
    sources: [],
    decision: decision(),
    created_at: "2026-03-02T10:00:05Z",
    expires_at: "2126-03-03T10:00:00Z",
    decided_at: null,
    message_id: null,
    final_text: null,
    distance: null,
    facts_changed: [],
    reason: null,
    ...say,
  };
}
