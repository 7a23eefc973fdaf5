import type { ChangeView, Commands, ConversationView, MessageView } from "../api/generated";
import { CallFailure, type CommandName, type Host, type Listener, type Trouble } from "../host/host";

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
    contact: { id: `c${id}`, name: `Person ${id}`, initials: "P", phone: "+15550100" },
    queue: "needs_me",
    preview: { text: `words of ${id}`, kind: "text", original_kind: "text", author: "customer", status: "received" },
    last_at: "2026-03-02T10:00:00Z",
    unread: 0,
    window_closes_at: "2126-03-03T10:00:00Z",
    undelivered: 0,
    holder: "assistant",
    override: null,
    effective_mode: "off",
    attention: null,
    composer_text: null,
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
    kind: "text",
    original_kind: "text",
    text: `text ${id}`,
    provider_id: `wamid.${id}`,
    reply_to: null,
    sent_at: "2026-03-02T10:00:00Z",
    received_at: "2026-03-02T10:00:01Z",
    status: "received",
    error: null,
    retry_at: null,
    edited: false,
    revoked: false,
    ...say,
  };
}

/** A message of ours. */
export function reply(id: string, say: Partial<MessageView> = {}): MessageView {
  return message(id, { direction: "outbound", author: "operator", status: "sent", ...say });
}
