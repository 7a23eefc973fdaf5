import type { ActionKind, ActionView, HealthTopic } from "../api/generated";
import type { Trouble } from "../host/host";
import { words } from "../words";
import type { App } from "./app.svelte";

/** What a dialog over the window asks for. */
export type Ask =
  | { kind: "replace_keys"; channelId: string }
  | { kind: "register_number"; channelId: string | null }
  | { kind: "disconnect"; channelId: string }
  | { kind: "unlock_vault" }
  | { kind: "sealed_file" };

/** The id of the card of the settings that chooses the tunnel. */
export const TUNNEL_CARD = "settings-tunnel";

/** What stands on the button of an action. `topic` makes it say what it is about. */
export function actionLabel(kind: ActionKind, topic?: HealthTopic): string {
  if (kind === "replace_keys" && topic === "token") return words.actions.newToken;
  if (kind === "replace_keys" && topic === "signature") return words.actions.newSecret;
  // A newer engine may know deeds this window does not.
  return (words.actions[kind] ?? words.actions.look_again).label;
}

/** The deeds behind the buttons of health, banners and set-up, each under way once at a time wherever it was pressed. */
export class Actions {
  /** What is being asked in a dialog. */
  ask = $state.raw<Ask | null>(null);

  #running = $state.raw<ReadonlySet<string>>(new Set());
  #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** Whether it is under way, from whichever button. */
  running(action: ActionView): boolean {
    return this.#running.has(key(action));
  }

  /** Does it. `null` when it worked, when a dialog took over, or when it is under way already. */
  async do(action: ActionView): Promise<Trouble | null> {
    const one = key(action);
    if (this.#running.has(one)) return null;
    this.#running = new Set(this.#running).add(one);
    const trouble = await this.#deed(action).finally(() => {
      const left = new Set(this.#running);
      left.delete(one);
      this.#running = left;
    });
    const done = words.actions[action.kind]?.done ?? "";
    if (trouble === null && done !== "") this.#app.say(done);
    return trouble;
  }

  async #deed(action: ActionView): Promise<Trouble | null> {
    const app = this.#app;
    const channel_id = action.channel_id ?? this.#only();
    switch (action.kind) {
      case "tunnel_settings":
        if (app.setup.open) app.closeSetup("settings");
        else app.show("settings");
        requestAnimationFrame(() => requestAnimationFrame(() => comeTo(TUNNEL_CARD)));
        return null;
      case "replace_keys":
        if (channel_id !== null) this.ask = { kind: "replace_keys", channelId: channel_id };
        return null;
      case "register_number":
        // Without a channel it is the number of the set-up.
        this.ask = { kind: "register_number", channelId: action.channel_id };
        return null;
      case "unlock_vault":
        this.ask = { kind: "unlock_vault" };
        return null;
      case "connect_number":
        app.openSetup();
        return null;
      case "open_conversation":
        if (action.conversation_id === null) return null;
        if (app.setup.open) app.closeSetup("inbox");
        app.openConversation(action.conversation_id);
        return null;
      case "open_page":
        return action.url === null ? null : this.#browse(action.url);
      case "retry_tunnel": {
        const answer = await app.client.call("retry_tunnel", {});
        if (answer.ok) app.connections.tookTunnel(answer.value);
        return this.#after(answer.ok ? null : answer.trouble);
      }
      case "resume_channel": {
        if (channel_id === null) return this.#after(null);
        const answer = await app.client.call("resume_channel", { channel_id });
        return this.#after(answer.ok ? null : answer.trouble);
      }
      case "register_webhook":
      case "take_news":
      case "check_channel": {
        if (channel_id === null) return this.#after(null);
        const answer = await app.connections.take(channel_id, app.client.call(action.kind, { channel_id }));
        return this.#after(answer.ok ? null : answer.trouble);
      }
      default:
        return app.health.check();
    }
  }

  /** Shows how things stand now. */
  async #after(trouble: Trouble | null): Promise<Trouble | null> {
    const app = this.#app;
    await Promise.all([app.connectivity.refreshHealth(), app.connectivity.refreshChannels(), app.connections.renew()]);
    return trouble;
  }

  async #browse(url: string): Promise<Trouble | null> {
    const failed: Trouble = {
      kind: "answer",
      error: { code: "not_now", message: words.details.notOpened, retryable: true },
    };
    return this.#app.host.browse(url).then(
      () => null,
      () => failed,
    );
  }

  /** Where there is one channel only, it is the one that is meant. */
  #only(): string | null {
    const [only, ...others] = this.#app.connectivity.channels;
    return only !== undefined && others.length === 0 ? only.id : null;
  }
}

function key(action: ActionView): string {
  return [action.kind, action.channel_id, action.url, action.conversation_id].join(" ");
}

function comeTo(id: string): void {
  const card = document.getElementById(id);
  card?.scrollIntoView({ block: "start" });
  card?.focus({ preventScroll: true });
}
