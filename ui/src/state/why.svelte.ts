import type { Client } from "../api/client";
import type { DecisionView, MessageView, ModelCallView, SkillView } from "../api/generated";
import type { Trouble } from "../host/host";

/** A message whose meaning is taught. */
export type Taught = Pick<MessageView, "id" | "text">;

/** Why the assistant did what it did: one decision at a time, and what it teaches. */
export class Why {
  /** The decision that is shown over the window; `null` when none is. */
  open = $state<string | null>(null);
  /** The customer's message it was about, as far as the window knows. */
  about = $state.raw<Taught | null>(null);
  /** Finds a message that is loaded. */
  find: (id: string) => Taught | null = () => null;
  decision = $state.raw<DecisionView | null>(null);
  trouble = $state<Trouble | null>(null);
  call = $state.raw<ModelCallView | null>(null);
  callTrouble = $state<Trouble | null>(null);
  skills = $state.raw<SkillView[] | null>(null);
  teaching = $state(false);
  taught = $state(false);
  teachTrouble = $state<Trouble | null>(null);

  #client: Client;
  #round = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Shows a decision that has to be asked for. */
  async show(id: string, about: Taught | null): Promise<void> {
    const round = this.#begin(id, about);
    const answer = await this.#client.call("decision", { decision_id: id });
    if (round !== this.#round) return;
    if (answer.ok) this.#take(answer.value);
    else this.trouble = answer.trouble;
  }

  /** Asks again for the decision that could not be read. */
  async again(): Promise<void> {
    if (this.open !== null) await this.show(this.open, this.about);
  }

  /** Shows a decision that is known already, such as that of a draft. */
  present(decision: DecisionView, about: MessageView | null): void {
    this.#begin(decision.id ?? "", about);
    this.#take(decision);
  }

  close(): void {
    this.#round += 1;
    this.open = null;
    this.decision = null;
    this.about = null;
  }

  /** Fetches what was sent to the language model, word for word. */
  async loadCall(id: string): Promise<void> {
    if (this.call?.id === id) return;
    const round = this.#round;
    const answer = await this.#client.call("model_call", { call_id: id });
    if (round !== this.#round) return;
    this.call = answer.ok ? answer.value : null;
    this.callTrouble = answer.ok ? null : answer.trouble;
  }

  async loadSkills(): Promise<void> {
    if (this.skills !== null) return;
    const answer = await this.#client.call("list_skills", {});
    if (answer.ok) this.skills = answer.value.skills;
    else this.teachTrouble = answer.trouble;
  }

  /** Says what the customer meant; `null` is none of the skills. */
  async teach(message: Taught, skill_id: string | null, example: boolean): Promise<boolean> {
    if (this.teaching) return false;
    this.teaching = true;
    const add = example && skill_id !== null ? { add_example: true } : {};
    const answer = await this.#client.call("label_message", { message_id: message.id, skill_id, ...add });
    this.teaching = false;
    this.taught = answer.ok;
    this.teachTrouble = answer.ok ? null : answer.trouble;
    return answer.ok;
  }

  /** The decision knows its message; the window only guesses it from the times. */
  #take(decision: DecisionView): void {
    this.decision = decision;
    const id = decision.message_id;
    if (id !== null && id !== this.about?.id) this.about = this.find(id) ?? { id, text: null };
  }

  #begin(id: string, about: Taught | null): number {
    this.open = id;
    this.about = about;
    this.decision = null;
    this.trouble = null;
    this.call = null;
    this.callTrouble = null;
    this.taught = false;
    this.teachTrouble = null;
    return ++this.#round;
  }
}

/** The customer's message a decision was about: the last one that had come by then. */
export function messageBefore(messages: readonly MessageView[], moment: string): MessageView | null {
  const by = Date.parse(moment);
  return messages.findLast((one) => one.direction === "inbound" && (one.text ?? "") !== "" && Date.parse(one.received_at) <= by) ?? null;
}
