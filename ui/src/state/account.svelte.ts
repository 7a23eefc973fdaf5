import type { Client } from "../api/client";
import type { ChangeView } from "../api/generated";
import { Costs } from "./costs.svelte";
import { Notices } from "./notices.svelte";
import { Profile } from "./profile.svelte";
import { Settings } from "./settings.svelte";
import { Templates } from "./templates.svelte";

/** What belongs to the accounts and not to one conversation: templates, news, profile, costs and settings. */
export class Account {
  readonly templates: Templates;
  readonly notices: Notices;
  readonly profile: Profile;
  readonly costs: Costs;
  readonly settings: Settings;

  constructor(client: Client) {
    this.templates = new Templates(client);
    this.notices = new Notices(client);
    this.profile = new Profile(client);
    this.costs = new Costs(client);
    this.settings = new Settings(client);
  }

  /** Asks again for what has been asked for before; news always, since the rail counts them. */
  async renew(): Promise<void> {
    await Promise.all([
      this.notices.refresh(),
      this.templates.renew(),
      this.profile.renew(),
      this.costs.renew(),
      this.settings.renew(),
    ]);
  }

  /** Asks again for the parts that changed. */
  async changed(changes: ChangeView[]): Promise<void> {
    const work: Promise<void>[] = [];
    const channels = new Set<string>();
    let templates = false;
    let notices = false;
    for (const change of changes) {
      if (change.kind === "templates" && change.channel_id === this.templates.channelId) templates = true;
      if (change.kind === "notices") notices = true;
      if (change.kind === "channel") channels.add(change.channel_id);
    }
    if (templates) work.push(this.templates.renew());
    if (notices) work.push(this.notices.refresh());
    if (this.profile.channelId !== null && channels.has(this.profile.channelId)) work.push(this.profile.renew());
    await Promise.all(work);
  }

  /** Closes the innermost form; false when none is open. What was written in it is kept. */
  stepBack(): boolean {
    return this.templates.stepBack();
  }

  /** Lets go of everything: another shop is shown now. */
  forget(): void {
    this.templates.forget();
    this.notices.forget();
    this.profile.forget();
    this.costs.forget();
    this.settings.forget();
  }
}
