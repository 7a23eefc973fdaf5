import type { Client } from "../api/client";
import type { ChangeView } from "../api/generated";

/** What a language model is writing in the open conversation, word by word. It is unchecked, and nothing here can be sent. */
export class Writing {
  #client: Client;
  #shown = $state.raw<{ conversation: string; text: string } | null>(null);
  #open: string | null = null;
  #asking = false;
  #again = false;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The text so far of a conversation; `null`: nothing is being written there. */
  of(conversationId: string): string | null {
    return this.#shown?.conversation === conversationId ? this.#shown.text : null;
  }

  /** Turns to another conversation. */
  async look(conversationId: string | null): Promise<void> {
    if (this.#open !== conversationId) this.#shown = null;
    this.#open = conversationId;
    await this.#refresh();
  }

  /** Takes what it is about out of some changes and returns the others: it comes often and concerns nothing else. */
  changed(changes: ChangeView[]): ChangeView[] {
    const others = changes.filter((change) => change.kind !== "writing");
    if (changes.some((change) => change.kind === "writing" && change.conversation_id === this.#open)) void this.#refresh();
    return others;
  }

  /** Asks once more when something came while it was asking, so that the last word is always the newest. */
  async #refresh(): Promise<void> {
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#again) {
      this.#again = false;
      const conversation = this.#open;
      if (conversation === null) break;
      const answer = await this.#client.call("writing", { conversation_id: conversation });
      if (conversation !== this.#open) {
        this.#again = true;
        continue;
      }
      const text = answer.ok ? answer.value.text : null;
      this.#shown = text === null ? null : { conversation, text };
    }
    this.#asking = false;
  }
}
