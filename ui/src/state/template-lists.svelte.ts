import type { Client } from "../api/client";
import type { ChangeView, TemplateList } from "../api/generated";
import type { Trouble } from "../host/host";

/** The templates of one channel as the composer offers them. */
export interface Offered {
  /** `null` until the first answer. */
  list: TemplateList | null;
  trouble: Trouble | null;
  /** Whether the provider is being asked now. */
  fetching: boolean;
}

/** The templates the composer chooses from, by channel. */
export class TemplateLists {
  #channels = $state<Record<string, Offered>>({});
  #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  of(channelId: string): Offered {
    return this.#channels[channelId] ?? { list: null, trouble: null, fetching: false };
  }

  /** Asks what is known. Where the provider was never asked, it is asked now. */
  async look(channelId: string): Promise<void> {
    await this.#ask("list_templates", channelId);
    const known = this.#channels[channelId];
    if (known?.list !== null && known?.list?.synced_at === null && known.list.trouble === null) await this.fetch(channelId);
  }

  /** Asks the provider. */
  async fetch(channelId: string): Promise<void> {
    const offered = this.#ensure(channelId);
    if (offered.fetching) return;
    offered.fetching = true;
    await this.#ask("refresh_templates", channelId);
    offered.fetching = false;
  }

  /** Asks again where something changed and somebody has looked. */
  async changed(changes: ChangeView[]): Promise<void> {
    const channels = new Set(changes.flatMap((change) => (change.kind === "templates" ? [change.channel_id] : [])));
    await Promise.all([...channels].filter((id) => id in this.#channels).map((id) => this.#ask("list_templates", id)));
  }

  forget(): void {
    this.#channels = {};
  }

  #ensure(channelId: string): Offered {
    this.#channels[channelId] ??= { list: null, trouble: null, fetching: false };
    return this.#channels[channelId];
  }

  async #ask(command: "list_templates" | "refresh_templates", channelId: string): Promise<void> {
    const offered = this.#ensure(channelId);
    const answer = await this.#client.call(command, { channel_id: channelId });
    offered.trouble = answer.ok ? null : answer.trouble;
    if (answer.ok) offered.list = answer.value;
  }
}
