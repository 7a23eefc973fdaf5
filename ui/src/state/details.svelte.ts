import type { Client, Result } from "../api/client";
import type { ContactDetails, ConversationView } from "../api/generated";
import type { Trouble } from "../host/host";

const OPEN = "deskbell.details";

/** What is being done to a contact at the moment. */
export type ContactAction = "rename" | "undo" | "block" | "unblock" | "take";

/** The pane beside the thread: all that is known about the person of the open conversation. */
export class Details {
  /** Whether the pane is wanted where there is room for it; kept for the next start. */
  open = $state(localStorage.getItem(OPEN) === "yes");
  /** Whether it lies over the thread where there is none; only until the next conversation. */
  overlay = $state(false);
  /** Whether the window is too narrow for it to stand beside the thread; set by the view. */
  narrow = $state(false);
  person = $state.raw<ContactDetails | null>(null);
  loading = $state(false);
  trouble = $state<Trouble | null>(null);
  busy = $state<ContactAction | null>(null);
  actionTrouble = $state<Trouble | null>(null);

  #client: Client;
  #contactId: string | null = null;
  #round = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  get shown(): boolean {
    return this.narrow ? this.overlay : this.open;
  }

  toggle(): void {
    if (this.narrow) {
      this.overlay = !this.overlay;
      return;
    }
    this.open = !this.open;
    localStorage.setItem(OPEN, this.open ? "yes" : "no");
  }

  /** Shows a person; what is known of somebody else goes away at once. */
  async look(contactId: string): Promise<void> {
    if (contactId !== this.#contactId) {
      this.#contactId = contactId;
      this.person = null;
      this.trouble = null;
      this.actionTrouble = null;
    }
    await this.#load();
  }

  /** Asks again, when the pane shows somebody. */
  async refresh(): Promise<void> {
    if (this.#contactId !== null && this.shown) await this.#load();
  }

  /** Gives the person the name they are shown under; empty goes back to their own. */
  async rename(name: string): Promise<boolean> {
    const contact_id = this.#contactId;
    if (contact_id === null) return false;
    return this.#act("rename", () => this.#client.call("rename_contact", { contact_id, name: name.trim() }));
  }

  /** Parts two contacts again that were taken for one. */
  async undoMerge(merge_id: string): Promise<boolean> {
    return this.#act("undo", () => this.#client.call("undo_merge", { merge_id }));
  }

  async block(view: ConversationView): Promise<boolean> {
    return this.#act("block", () => this.#client.call("block_contact", { conversation_id: view.id }));
  }

  async unblock(view: ConversationView): Promise<boolean> {
    return this.#act("unblock", () => this.#client.call("unblock_contact", { conversation_id: view.id }));
  }

  /** Takes the conversation over from the program that answers it. */
  async takeThread(view: ConversationView): Promise<boolean> {
    return this.#act("take", () => this.#client.call("take_thread", { conversation_id: view.id }));
  }

  async #act(action: ContactAction, call: () => Promise<Result<unknown>>): Promise<boolean> {
    if (this.busy !== null) return false;
    const whom = this.#contactId;
    this.busy = action;
    const answer = await call();
    this.busy = null;
    // The trouble of one person says nothing about the next.
    if (whom !== this.#contactId) return answer.ok;
    this.actionTrouble = answer.ok ? null : answer.trouble;
    await this.#load();
    return answer.ok;
  }

  async #load(): Promise<void> {
    const contact_id = this.#contactId;
    if (contact_id === null) return;
    const round = ++this.#round;
    this.loading = true;
    const answer = await this.#client.call("contact", { contact_id });
    if (round !== this.#round) return;
    this.loading = false;
    if (answer.ok) this.person = answer.value;
    this.trouble = answer.ok ? null : answer.trouble;
  }
}
