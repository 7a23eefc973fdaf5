import type { Client } from "../api/client";
import type { ProfileView, SaveBusinessProfile } from "../api/generated";
import { isWebAddress, length } from "../format/template-draft";
import type { Trouble } from "../host/host";
import { words } from "../words";

/** Limits of whatsapp-cloud-api, section 7.5. */
export const PROFILE_LIMITS = { about: 139, address: 256, description: 256, email: 128, website: 256, websites: 2 } as const;

/** The profile while it is edited. */
export interface ProfileDraft {
  about: string;
  address: string;
  description: string;
  email: string;
  websites: [string, string];
  vertical: string;
}

/** A field of the form. */
export type ProfileField = "about" | "address" | "description" | "email" | "website.0" | "website.1";

/** What customers see of the business behind one channel. */
export class Profile {
  channelId = $state<string | null>(null);
  view = $state.raw<ProfileView | null>(null);
  trouble = $state<Trouble | null>(null);
  loading = $state(false);
  draft = $state<ProfileDraft | null>(null);
  saving = $state(false);
  saveTrouble = $state<Trouble | null>(null);

  #client: Client;
  #round = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Shows the profile of a channel. */
  async look(channelId: string): Promise<void> {
    if (channelId !== this.channelId) {
      this.channelId = channelId;
      this.view = null;
      this.draft = null;
      this.trouble = null;
      this.saveTrouble = null;
    }
    await this.#load();
  }

  async renew(): Promise<void> {
    if (this.channelId !== null) await this.#load();
  }

  /** Whether something was written that is not kept yet. */
  get dirty(): boolean {
    return this.view !== null && Object.keys(this.#changes()).length > 0;
  }

  /** Throws away what was written. */
  undo(): void {
    this.draft = this.view === null ? null : draftOf(this.view);
    this.saveTrouble = null;
  }

  /** What WhatsApp would refuse, as a sentence for each field. */
  get problems(): Map<ProfileField, string> {
    const found = new Map<ProfileField, string>();
    const draft = this.draft;
    if (draft === null) return found;
    const w = words.profile.rules;
    for (const field of ["about", "address", "description", "email"] as const) {
      const over = length(draft[field].trim()) - PROFILE_LIMITS[field];
      if (over > 0) found.set(field, w.tooLong(over, PROFILE_LIMITS[field]));
    }
    if (draft.about.trim() === "" && (this.view?.about ?? "") !== "") found.set("about", w.aboutEmpty);
    if (draft.email.trim() !== "" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(draft.email.trim())) found.set("email", w.email);
    draft.websites.forEach((site, i) => {
      const text = site.trim();
      if (text === "") return;
      const field = i === 0 ? "website.0" : "website.1";
      if (text.length > PROFILE_LIMITS.website) found.set(field, w.tooLong(text.length - PROFILE_LIMITS.website, PROFILE_LIMITS.website));
      else if (!isWebAddress(text)) found.set(field, w.website);
    });
    return found;
  }

  /** Hands in what was changed, and nothing else. */
  async save(): Promise<boolean> {
    const channel_id = this.channelId;
    if (channel_id === null || this.saving || this.problems.size > 0) return false;
    const round = ++this.#round;
    this.saving = true;
    const answer = await this.#client.call("save_business_profile", { channel_id, ...this.#changes() });
    this.saving = false;
    if (round !== this.#round) return answer.ok;
    this.saveTrouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return false;
    this.view = answer.value;
    this.draft = draftOf(answer.value);
    return true;
  }

  forget(): void {
    this.#round += 1;
    this.channelId = null;
    this.view = null;
    this.draft = null;
    this.trouble = null;
    this.saveTrouble = null;
  }

  #changes(): Omit<SaveBusinessProfile, "channel_id"> {
    const { view, draft } = this;
    if (view === null || draft === null) return {};
    const changes: Omit<SaveBusinessProfile, "channel_id"> = {};
    for (const field of ["about", "address", "description", "email", "vertical"] as const) {
      const text = draft[field].trim();
      if (text !== view[field]) changes[field] = text;
    }
    const sites = draft.websites.map((site) => site.trim()).filter((site) => site !== "");
    if (sites.join("\n") !== view.websites.join("\n")) changes.websites = sites;
    return changes;
  }

  async #load(): Promise<void> {
    const channel_id = this.channelId;
    if (channel_id === null) return;
    const round = ++this.#round;
    this.loading = this.view === null;
    const answer = await this.#client.call("business_profile", { channel_id });
    if (round !== this.#round) return;
    this.loading = false;
    this.trouble = answer.ok ? null : answer.trouble;
    if (!answer.ok) return;
    // What somebody is writing is never replaced under their hands.
    const writing = this.dirty;
    this.view = answer.value;
    if (!writing) this.draft = draftOf(answer.value);
  }
}

function draftOf(view: ProfileView): ProfileDraft {
  const { about, address, description, email, vertical, websites } = view;
  return { about, address, description, email, vertical, websites: [websites[0] ?? "", websites[1] ?? ""] };
}
