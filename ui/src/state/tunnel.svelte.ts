import type { Client } from "../api/client";
import type { SaveTunnel, TunnelKind, TunnelView } from "../api/generated";
import type { Trouble } from "../host/host";
import { words } from "../words";

/** The fields of the form, as `ApiError.field` calls them. */
export type TunnelField = "authtoken" | "domain" | "url" | "port" | "tunnel_token";

/** A field that does not fit, and why. */
export interface TunnelProblem {
  field: TunnelField;
  words: string;
}

const FIELDS: readonly string[] = ["authtoken", "domain", "url", "port", "tunnel_token"];

/** What is being chosen as the way the internet takes to this computer. What is in use comes in with each call. */
export class TunnelChoice {
  /** What was typed; `null` where what is in use is shown. */
  kind = $state<TunnelKind | null>(null);
  authtoken = $state("");
  tunnelToken = $state("");
  domain = $state<string | null>(null);
  url = $state<string | null>(null);
  port = $state<string | null>(null);
  lan = $state<boolean | null>(null);

  saving = $state(false);
  retrying = $state(false);
  /** Why it was not saved, or could not be tried again. */
  trouble = $state<Trouble | null>(null);
  #problem = $state<TunnelProblem | null>(null);

  #client: Client;
  #onview: (view: TunnelView) => void | Promise<void>;

  /** `onview` hears how it stands after each change. */
  constructor(client: Client, onview: (view: TunnelView) => void | Promise<void>) {
    this.#client = client;
    this.#onview = onview;
  }

  /** The kind the form shows. `recommend` chooses for those who have none yet. */
  picked(view: TunnelView, recommend = false): TunnelKind {
    return this.kind ?? (view.kind === "none" && recommend ? "ngrok" : view.kind);
  }

  pick(kind: TunnelKind): void {
    this.kind = kind;
    this.#problem = null;
    this.trouble = null;
  }

  type(field: TunnelField, text: string): void {
    if (field === "authtoken") this.authtoken = text.trim();
    else if (field === "tunnel_token") this.tunnelToken = text.trim();
    else this[field] = text;
    if (this.#problem?.field === field) this.#problem = null;
    if (this.trouble !== null && fieldOf(this.trouble) === field) this.trouble = null;
  }

  /** The field that does not fit, by the window's own look at it or by the engine's. */
  get problem(): TunnelProblem | null {
    const field = this.trouble === null ? null : fieldOf(this.trouble);
    if (field !== null && this.trouble?.kind === "answer") return { field, words: this.trouble.error.message };
    return this.#problem;
  }

  /** The trouble that belongs to no field. */
  get generalTrouble(): Trouble | null {
    return this.trouble !== null && fieldOf(this.trouble) === null ? this.trouble : null;
  }

  shownDomain(view: TunnelView): string {
    return this.domain ?? (view.kind === "ngrok" ? (view.domain ?? "") : "");
  }

  shownUrl(view: TunnelView): string {
    return this.url ?? (this.picked(view) === view.kind ? (view.own_url ?? "") : "");
  }

  shownPort(view: TunnelView): string {
    return this.port ?? (view.kind === "url" ? (/:(\d+)$/.exec(view.listens_at ?? "")?.[1] ?? "") : "");
  }

  /** Whether other computers of the network may reach the port. */
  shownLan(view: TunnelView): boolean {
    return this.lan ?? (view.kind === "url" && (view.listens_at ?? "").startsWith("0.0.0.0"));
  }

  /** Whether the form says something else than what is in use. */
  differs(view: TunnelView, recommend = false): boolean {
    return (
      this.picked(view, recommend) !== view.kind ||
      this.authtoken !== "" ||
      this.tunnelToken !== "" ||
      (this.domain !== null && this.domain.trim() !== (view.domain ?? "")) ||
      (this.lan !== null && this.lan !== (view.listens_at ?? "").startsWith("0.0.0.0")) ||
      (this.url !== null && this.url.trim() !== (view.own_url ?? "")) ||
      (this.port !== null && this.port.trim() !== "" && !(view.listens_at ?? "").endsWith(`:${this.port.trim()}`))
    );
  }

  /** Looks at what is entered; the first field that does not fit, or `null`. */
  check(view: TunnelView, recommend = false): TunnelProblem | null {
    const w = words.setup.tunnel.problems;
    const kind = this.picked(view, recommend);
    const kept = (field: string) => view.secrets.some((secret) => secret.field === field && secret.set);
    if (kind === "ngrok") {
      if (this.authtoken === "" && !kept("authtoken")) return { field: "authtoken", words: w.authtoken };
      if (/^ak_/.test(this.authtoken)) return { field: "authtoken", words: w.authtokenShape };
    }
    if (kind === "url") {
      if (!/^https:\/\/[^\s/]+/i.test(this.shownUrl(view).trim())) return { field: "url", words: w.url };
      const port = this.shownPort(view).trim();
      if (port !== "" && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) return { field: "port", words: w.port };
    }
    if (kind === "cloudflared" && (this.tunnelToken !== "" || kept("tunnel_token")) && this.shownUrl(view).trim() === "") {
      return { field: "url", words: w.hostName };
    }
    return null;
  }

  /** Puts it into use. What is shown afterwards is what the engine keeps. Asked twice, it is done once. */
  async save(view: TunnelView, recommend = false): Promise<boolean> {
    if (this.saving) return false;
    this.trouble = null;
    this.#problem = this.check(view, recommend);
    if (this.#problem !== null) return false;
    this.saving = true;
    const answer = await this.#client.call("save_tunnel", this.#wish(view, recommend));
    if (answer.ok) {
      this.forget();
      await this.#onview(answer.value);
    } else {
      this.trouble = answer.trouble;
    }
    this.saving = false;
    return answer.ok;
  }

  /** Tries at once instead of at the next time it would. */
  async retry(): Promise<void> {
    if (this.retrying) return;
    this.retrying = true;
    this.trouble = null;
    const answer = await this.#client.call("retry_tunnel", {});
    if (answer.ok) await this.#onview(answer.value);
    else this.trouble = answer.trouble;
    this.retrying = false;
  }

  /** Lets go of everything typed. */
  forget(): void {
    this.kind = null;
    this.authtoken = "";
    this.tunnelToken = "";
    this.domain = null;
    this.url = null;
    this.port = null;
    this.lan = null;
    this.trouble = null;
    this.#problem = null;
  }

  #wish(view: TunnelView, recommend: boolean): SaveTunnel {
    const kind = this.picked(view, recommend);
    const wish: SaveTunnel = { kind };
    if (kind === "ngrok") {
      if (this.authtoken !== "") wish.authtoken = this.authtoken;
      const domain = hostOf(this.shownDomain(view));
      if (domain !== "") wish.domain = domain;
    }
    if (kind === "url") {
      wish.url = this.shownUrl(view).trim();
      const port = this.shownPort(view).trim();
      if (port !== "") wish.port = Number(port);
      if (this.lan !== null) wish.lan = this.lan;
    }
    if (kind === "cloudflared") {
      if (this.tunnelToken !== "") wish.tunnel_token = this.tunnelToken;
      const host = hostOf(this.shownUrl(view));
      if (host !== "") wish.url = host;
    }
    return wish;
  }
}

/** The name of the host, however it was pasted. */
function hostOf(text: string): string {
  return text.trim().replace(/^https?:\/\//i, "").replace(/\/.*$/, "");
}

function fieldOf(trouble: Trouble): TunnelField | null {
  const field = trouble.kind === "answer" ? trouble.error.field : undefined;
  return field !== undefined && FIELDS.includes(field) ? (field as TunnelField) : null;
}
