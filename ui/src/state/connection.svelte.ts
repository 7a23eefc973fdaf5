import type { Client, Result } from "../api/client";
import type { ConnectionView, TunnelView } from "../api/generated";
import type { Trouble } from "../host/host";

/** How one channel is connected, as far as it was asked for. */
export interface Known {
  view: ConnectionView | null;
  trouble: Trouble | null;
}

const unknown: Known = { view: null, trouble: null };

/** How the internet reaches this computer, and how each channel is registered at the provider. */
export class Connections {
  tunnel = $state.raw<TunnelView | null>(null);
  tunnelTrouble = $state<Trouble | null>(null);

  #channels = $state.raw<ReadonlyMap<string, Known>>(new Map());
  #client: Client;
  #rounds = new Map<string, number>();
  #tunnelRound = 0;
  #life = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  of(channelId: string): Known {
    return this.#channels.get(channelId) ?? unknown;
  }

  async refreshTunnel(): Promise<void> {
    const round = ++this.#tunnelRound;
    const answer = await this.#client.call("tunnel", {});
    if (round !== this.#tunnelRound) return;
    if (answer.ok) this.tunnel = answer.value;
    this.tunnelTrouble = answer.ok ? null : answer.trouble;
  }

  /** What another call answered about the tunnel. It is newer than anything asked before. */
  tookTunnel(view: TunnelView): void {
    this.#tunnelRound += 1;
    this.tunnel = view;
    this.tunnelTrouble = null;
  }

  async refresh(channelId: string): Promise<void> {
    await this.take(channelId, this.#client.call("connection", { channel_id: channelId }), true);
  }

  /** Shows what a call answers about a channel, unless a later call has answered meanwhile. A failed deed leaves what is shown. */
  async take(channelId: string, call: Promise<Result<ConnectionView>>, tells = false): Promise<Result<ConnectionView>> {
    const [life, round] = [this.#life, (this.#rounds.get(channelId) ?? 0) + 1];
    this.#rounds.set(channelId, round);
    const answer = await call;
    if (life !== this.#life || round !== this.#rounds.get(channelId)) return answer;
    const before = this.of(channelId);
    if (answer.ok) this.#set(channelId, { view: answer.value, trouble: null });
    else if (tells) this.#set(channelId, { view: before.view, trouble: answer.trouble });
    return answer;
  }

  /** Asks again for the tunnel, and for the channels that have been asked for before. */
  async renew(): Promise<void> {
    await Promise.all([this.refreshTunnel(), ...[...this.#channels.keys()].map((id) => this.refresh(id))]);
  }

  /** Asks again for one channel, if anybody has looked at it. */
  async renewChannel(channelId: string): Promise<void> {
    if (this.#channels.has(channelId)) await this.refresh(channelId);
  }

  /** The channel is there no more. */
  drop(channelId: string): void {
    this.#rounds.set(channelId, (this.#rounds.get(channelId) ?? 0) + 1);
    const left = new Map(this.#channels);
    left.delete(channelId);
    this.#channels = left;
  }

  forget(): void {
    this.#life += 1;
    this.#tunnelRound += 1;
    this.#rounds.clear();
    this.#channels = new Map();
    this.tunnel = null;
    this.tunnelTrouble = null;
  }

  #set(channelId: string, known: Known): void {
    this.#channels = new Map(this.#channels).set(channelId, known);
  }
}
