import type { Client } from "../api/client";
import type { ChannelView, HealthView } from "../api/generated";
import type { Link, Trouble } from "../host/host";
import { agoLabel } from "../format/time";
import { words } from "../words";
import { shortened, worst } from "./verdict";

/** What the dot of the status line says. */
export interface StatusLine {
  tone: "good" | "warn" | "bad" | "quiet";
  text: string;
  /** Whether Health has more to say about it. */
  more: boolean;
}

/** How the window stands with the engine, and the engine with the world. */
export class Connectivity {
  link = $state<Link>("connecting");
  health = $state<HealthView | null>(null);
  channels = $state<ChannelView[]>([]);
  /** The channel that is being asked to send again. */
  resuming = $state<string | null>(null);
  resumeTrouble = $state<Trouble | null>(null);
  #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Whether the engine can be asked for anything now. */
  get reachable(): boolean {
    return this.link === "up" || this.link === "connecting";
  }

  /** The channel on which nothing leaves, if there is one. */
  get held(): ChannelView | null {
    return this.channels.find((channel) => channel.hold !== null) ?? null;
  }

  channel(id: string): ChannelView | null {
    return this.channels.find((channel) => channel.id === id) ?? null;
  }

  async refreshHealth(): Promise<void> {
    const answer = await this.#client.call("health", {});
    if (answer.ok) this.health = answer.value;
  }

  async refreshChannels(): Promise<void> {
    const answer = await this.#client.call("list_channels", {});
    if (answer.ok) this.channels = answer.value.channels;
  }

  async resume(channel_id: string): Promise<void> {
    this.resuming = channel_id;
    const answer = await this.#client.call("resume_channel", { channel_id });
    this.resumeTrouble = answer.ok ? null : answer.trouble;
    await Promise.all([this.refreshChannels(), this.refreshHealth()]);
    this.resuming = null;
  }

  /** The truth in one line: the worst thing first. */
  statusLine(now: number): StatusLine {
    const w = words.status;
    if (this.link === "down" || this.link === "refused") return { tone: "bad", text: w.down, more: false };
    const health = this.health;
    if (health === null) return { tone: "quiet", text: w.connecting, more: false };
    const found = worst(health.findings);
    if (found?.level === "bad") return { tone: "bad", text: shortened(found.sentence), more: true };
    if (health.level === "bad") return { tone: "bad", text: w.broken, more: true };
    const held = this.held;
    if (held !== null) return { tone: "warn", text: w.paused(held.name), more: true };
    if (found !== null) return { tone: "warn", text: shortened(found.sentence), more: true };
    if (health.level === "warn") return { tone: "warn", text: w.attention, more: true };
    if (health.findings.some((finding) => finding.action?.kind === "connect_number")) return { tone: "quiet", text: w.noNumber, more: false };
    const last = health.last_event_at;
    const heard = last === null ? w.noEvent : w.lastEvent(agoLabel(last, now));
    return { tone: "good", text: `${w.listening} · ${heard}`, more: false };
  }
}
