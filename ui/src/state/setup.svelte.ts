import type { Client, Result } from "../api/client";
import type { ActionView, BotMode, ChangeView, SetupNumberView, SetupPage, SetupView, StepView } from "../api/generated";
import type { Trouble } from "../host/host";
import { words } from "../words";
import { credentialProblems, type Problems } from "./setup-rules";
import { TunnelChoice } from "./tunnel.svelte";

/** The pages in the order they come. */
export const PAGES: readonly SetupPage[] = ["intro", "credentials", "number", "tunnel", "connect", "hello", "mode"];

const TICKS = "deskbell.setup.have";

/** What is under way at the engine. */
export type Task = "begin" | "page" | "credentials" | "number" | "register" | "connect" | "reply" | "finish" | "cancel";

/** What is said on the last page, after the engine has let go of the set-up. */
export interface Finished {
  number: SetupNumberView | null;
  mode: BotMode;
  url: string | null;
  conversationId: string | null;
}

/** The set-up of a number. Where it stands is the engine's; what was typed and not handed in yet is kept here. */
export class Setup {
  view = $state.raw<SetupView | null>(null);
  /** Why it could not be read. */
  loadTrouble = $state<Trouble | null>(null);
  /** Whether it fills the window. */
  open = $state(false);
  finished = $state.raw<Finished | null>(null);

  // What was typed and chosen.
  token = $state("");
  secret = $state("");
  appId = $state<string | null>(null);
  have = $state<string[]>(keptTicks());
  picked = $state<string | null>(null);
  pin = $state("");
  confirmed = $state(false);
  manualAccount = $state("");
  manualNumber = $state("");
  replyText = $state<string | null>(null);
  /** What was sent as the test reply, if that was in this window. */
  sentText = $state<string | null>(null);
  mode = $state<BotMode | null>(null);
  /** What does not fit, by the window's own look, by field. */
  problems = $state.raw<Problems>({});

  readonly tunnel: TunnelChoice;

  #tasks = $state.raw<ReadonlySet<Task>>(new Set());
  #failed = $state.raw<{ task: Task; page: SetupPage; trouble: Trouble } | null>(null);
  #client: Client;
  #say: (text: string) => void;
  /** Questions are numbered in the order they are asked; an answer is shown only if none to a later question was. */
  #asked = 0;
  #shown = 0;
  #life = 0;
  #autoStarted = false;
  /** Something was handed in that the chain has not used yet, such as a new key. */
  #changed = false;
  /** The person wants to go on as soon as the tunnel is open. */
  #goesOn = $state(false);

  /** `say` tells a screen reader what happened. */
  constructor(client: Client, say: (text: string) => void) {
    this.#client = client;
    this.#say = say;
    this.tunnel = new TunnelChoice(client, async (tunnel) => {
      if (this.view !== null) this.view = { ...this.view, tunnel };
      await this.refresh();
    });
  }

  get page(): SetupPage {
    return this.view?.page ?? "intro";
  }

  get index(): number {
    return PAGES.indexOf(this.page);
  }

  running(task: Task): boolean {
    return this.#tasks.has(task);
  }

  /** What the foot of the window says while it waits. */
  get waitingFor(): Task | "tunnel" | null {
    if (this.tunnel.saving) return "tunnel";
    return [...this.#tasks].find((task) => task !== "connect") ?? null;
  }

  /** Why the last deed of this page did not work; fields have their own place. */
  get trouble(): Trouble | null {
    return this.#failed !== null && this.#failed.page === this.page && this.problemOf(fieldOf(this.#failed.trouble)) === undefined ? this.#failed.trouble : null;
  }

  /** What is wrong with a field, by the engine's word or by the window's own look. */
  problemOf(field: string | undefined): string | undefined {
    if (field === undefined) return undefined;
    const trouble = this.#failed?.trouble;
    if (trouble?.kind === "answer" && trouble.error.field === field && FIELDS.includes(field)) return trouble.error.message;
    return this.problems[field];
  }

  /** Whether a page can be gone to. */
  reachable(page: SetupPage): boolean {
    if (this.view === null) return page === "intro";
    return PAGES.indexOf(page) <= Math.max(PAGES.indexOf(this.view.furthest), this.index);
  }

  /** Whether the page that comes next can be gone to. */
  get nextReachable(): boolean {
    const next = PAGES[this.index + 1];
    return next !== undefined && this.view !== null && PAGES.indexOf(next) <= PAGES.indexOf(this.view.furthest);
  }

  get connected(): boolean {
    const steps = this.view?.steps ?? [];
    return steps.length > 0 && steps.every((step) => step.state === "ok");
  }

  get chainStopped(): boolean {
    return (this.view?.steps ?? []).some((step) => step.state === "failed");
  }

  /** Whether the next page comes by itself once the tunnel is open. */
  get goesOn(): boolean {
    return this.#goesOn;
  }

  get chainRuns(): boolean {
    return (this.view?.steps ?? []).some((step) => step.state === "running") || (this.running("connect") && !this.chainStopped && !this.connected);
  }

  /** Opens it in the window, where it was left. */
  async show(): Promise<void> {
    this.open = true;
    this.finished = null;
    this.#autoStarted = false;
    await this.refresh();
  }

  hide(): void {
    this.open = false;
    this.finished = null;
    this.#failed = null;
    this.problems = {};
    this.#goesOn = false;
  }

  /** Asks how it stands. */
  async refresh(): Promise<void> {
    const [order, life] = [++this.#asked, this.#life];
    const answer = await this.#client.call("setup", {});
    if (life !== this.#life) return;
    if (answer.ok) this.#take(order, answer.value);
    this.loadTrouble = answer.ok ? null : answer.trouble;
  }

  /** Asks again after an interruption, if it was asked for before. */
  async renew(): Promise<void> {
    if (this.open || this.view !== null) await this.refresh();
  }

  /** Changes of the engine that may be about it. */
  async changed(changes: ChangeView[]): Promise<void> {
    if (!this.open || this.finished !== null) return;
    if (changes.some((change) => change.kind === "connection" || change.kind === "message" || change.kind === "conversation")) await this.refresh();
  }

  /** Begins, or goes on where it was left. */
  async begin(): Promise<void> {
    if (await this.#do("begin", (client) => client.call("begin_setup", {}))) {
      if (this.page === "intro") await this.go("credentials");
    }
  }

  async go(page: SetupPage): Promise<void> {
    if (page === this.page) return;
    this.problems = {};
    this.#goesOn = false;
    await this.#do("page", (client) => client.call("setup_page", { page }), `page ${page}`);
  }

  async back(): Promise<void> {
    const before = PAGES[this.index - 1];
    if (before !== undefined) await this.go(before);
  }

  /** On to the next page. */
  async next(): Promise<void> {
    const next = PAGES[this.index + 1];
    if (next !== undefined) await this.go(next);
  }

  /** Ticks one of the things that are needed, or takes the tick away. It is kept on this computer for the way back. */
  tick(id: string): void {
    this.have = this.have.includes(id) ? this.have.filter((one) => one !== id) : [...this.have, id];
    localStorage.setItem(TICKS, JSON.stringify(this.have));
  }

  typeToken(text: string): void {
    this.token = text;
    this.#touched("access_token");
  }

  typeSecret(text: string): void {
    this.secret = text;
    this.#touched("app_secret");
  }

  typeAppId(text: string): void {
    this.appId = text;
    this.#touched("app_id");
  }

  /** Whether the App ID is asked for: Meta did not tell it. */
  get asksAppId(): boolean {
    const proof = this.view?.proofs.find((one) => one.field === "app_id");
    return proof?.state === "failed" || this.problemOf("app_id") !== undefined || this.appId !== null;
  }

  /** Whether something is entered that was not proved yet. */
  get unproved(): boolean {
    return this.token !== "" || this.secret !== "" || (this.appId !== null && this.appId.trim() !== (this.view?.app_id ?? ""));
  }

  get proved(): boolean {
    const proofs = this.view?.proofs ?? [];
    // A missing permission does not keep anybody from going on: the ids are then entered by hand.
    return !this.unproved && proofs.length > 0 && proofs.every((proof) => proof.state === "ok" || proof.field === "permissions");
  }

  /** Hands token and secret in. What was taken is no longer kept here. */
  async checkCredentials(): Promise<void> {
    const view = this.view;
    if (view === null) return;
    this.problems = credentialProblems({ token: this.token, secret: this.secret, appId: this.appId }, view.secrets);
    if (Object.keys(this.problems).length > 0) return;
    const [token, secret, appId] = [this.token, this.secret, this.appId?.trim() ?? ""];
    const args = {
      ...(token === "" ? {} : { access_token: token }),
      ...(secret === "" ? {} : { app_secret: secret }),
      ...(appId === "" ? {} : { app_id: appId }),
    };
    if (await this.#do("credentials", (client) => client.call("setup_credentials", args))) {
      this.#changed = true;
      // Whoever went on typing meanwhile keeps that.
      if (this.token === token) this.token = "";
      if (this.secret === secret) this.secret = "";
      if (this.appId?.trim() === appId) this.appId = null;
    }
  }

  /** Puts the way in into use; when it is open at once, the next page comes. */
  async saveTunnel(): Promise<void> {
    const view = this.view;
    if (view === null || !(await this.tunnel.save(view.tunnel, true))) return;
    this.#changed = true;
    this.#goesOn = this.page === "tunnel" && this.view?.tunnel.kind !== "none";
    await this.#goOnIfOpen();
  }

  async #goOnIfOpen(): Promise<void> {
    const phase = this.view?.tunnel.phase;
    if (!this.#goesOn || this.page !== "tunnel" || this.tunnel.kind !== null || phase === "stopped") {
      this.#goesOn = false;
    } else if (phase === "online" && this.nextReachable) {
      await this.next();
    }
  }

  /** The number the page shows as chosen. */
  get chosen(): SetupNumberView | null {
    const view = this.view;
    if (view === null) return null;
    const all = view.accounts.flatMap((account) => account.numbers);
    if (this.picked !== null) return all.find((number) => number.number_id === this.picked) ?? null;
    if (view.number !== null) return all.find((number) => number.number_id === view.number?.number_id) ?? view.number;
    // Where there is one that can be chosen, it is the one that is meant.
    const possible = all.filter((number) => selectable(number) && !number.connected);
    const ready = possible.filter((number) => number.ready);
    const [only, ...others] = ready.length > 0 ? ready : possible;
    return only !== undefined && others.length === 0 ? only : null;
  }

  pick(number: SetupNumberView): void {
    if (this.picked !== number.number_id) {
      this.pin = "";
      this.confirmed = false;
    }
    this.picked = number.number_id;
    this.problems = {};
    this.#failed = null;
  }

  /** Takes the number that is chosen, and goes on. */
  async takeNumber(): Promise<void> {
    const number = this.chosen;
    // It was taken before: Meta need not be asked once more.
    if (number !== null && number.number_id === this.view?.number?.number_id && !number.needs_registration && this.nextReachable) return this.next();
    if (number === null) {
      this.problems = { number: words.setup.number.choose };
      return;
    }
    if (number.needs_registration) {
      this.problems = { number: words.setup.number.register.first };
      return;
    }
    if (!(await this.#choose(number.account_id, number.number_id))) return;
    if (this.page === "number" && this.nextReachable) await this.next();
  }

  /** Looks a number up whose ids were entered by hand. */
  async takeManual(): Promise<void> {
    const w = words.setup.number.manual;
    const [account, number] = [this.manualAccount.trim(), this.manualNumber.trim()];
    const problems: Problems = {};
    if (!/^\d{5,25}$/.test(account)) problems["account_id"] = w.problem;
    if (!/^\d{5,25}$/.test(number)) problems["number_id"] = w.problem;
    this.problems = problems;
    if (Object.keys(problems).length > 0) return;
    if (!(await this.#choose(account, number))) return;
    this.picked = null;
    this.manualAccount = "";
    this.manualNumber = "";
  }

  async #choose(account_id: string, number_id: string): Promise<boolean> {
    this.#changed = true;
    return this.#do("number", (client) => client.call("setup_number", { account_id, number_id }));
  }

  typePin(text: string): void {
    this.pin = text.replace(/\D/g, "").slice(0, 6);
    this.#touched("pin");
  }

  confirm(yes: boolean): void {
    this.confirmed = yes;
    this.#touched("confirmed");
  }

  /** Registers the chosen number, only after it was confirmed. */
  async register(): Promise<void> {
    const number = this.chosen;
    if (number === null || this.running("register")) return;
    const w = words.setup.number.register;
    const problems: Problems = {};
    if (this.pin.length !== 6) problems["pin"] = w.pinProblem;
    if (!this.confirmed) problems["confirmed"] = w.confirmProblem;
    this.problems = problems;
    if (Object.keys(problems).length > 0) return;
    if (this.view?.number?.number_id !== number.number_id && !(await this.#choose(number.account_id, number.number_id))) return;
    const pin = this.pin;
    const done = await this.#do("register", async (client): Promise<Result<SetupView>> => {
      const answer = await client.call("register_number", { pin, confirmed: true });
      return answer.ok ? client.call("setup", {}) : answer;
    });
    if (!done) return;
    this.pin = "";
    this.confirmed = false;
    this.#say(w.done);
  }

  /** Runs the chain once by itself when the page comes up, unless it runs or has run. */
  async startChain(): Promise<void> {
    if (!this.#changed && (this.#autoStarted || this.connected || this.chainStopped || this.chainRuns)) return;
    this.#autoStarted = true;
    await this.connect();
  }

  async connect(): Promise<void> {
    if (await this.#do("connect", (client) => client.call("connect_setup", {}))) this.#changed = false;
  }

  /** Whether the test reply has arrived. */
  get answered(): boolean {
    return ["delivered", "read", "played"].includes(this.view?.hello?.reply?.status ?? "");
  }

  /** Answers the hello. */
  async reply(): Promise<void> {
    const text = (this.replyText ?? words.setup.hello.replyText).trim();
    this.problems = text === "" ? { text: words.setup.hello.replyEmpty } : {};
    if (text !== "" && (await this.#do("reply", (client) => client.call("test_reply", { text })))) this.sentText = text;
  }

  /** The mode that is chosen, or the one that is recommended. */
  get chosenMode(): BotMode {
    return this.mode ?? this.view?.mode ?? "shadow";
  }

  async finish(): Promise<boolean> {
    const before = this.view;
    const mode = this.chosenMode;
    if (!(await this.#do("finish", (client) => client.call("finish_setup", { mode })))) return false;
    this.finished = {
      number: before?.number ?? this.view?.number ?? null,
      mode: this.view?.mode ?? mode,
      url: before?.tunnel.url ?? null,
      conversationId: before?.hello?.heard?.conversation_id ?? null,
    };
    this.#drop();
    return true;
  }

  /** Gives it up; what was entered is erased here and in the engine. */
  async cancel(): Promise<Trouble | null> {
    if (this.running("cancel")) return null;
    this.#mark("cancel", true);
    const answer = await this.#client.call("cancel_setup", {});
    this.#mark("cancel", false);
    if (!answer.ok) return answer.trouble;
    this.#drop();
    await this.refresh();
    return null;
  }

  /** What a button of a step or a finding does where the wizard has a shorter way than the rest of the window; `null` for the usual deed. */
  deed(action: ActionView): (() => void) | undefined {
    switch (action.kind) {
      case "retry_tunnel":
        return () => void this.tunnel.retry();
      case "tunnel_settings":
        return () => void this.go("tunnel");
      case "replace_keys":
        return () => void this.go("credentials");
      case "register_number":
        return () => void this.go("number");
      case "register_webhook":
        return () => void this.connect();
      case "look_again":
      case "check_channel":
        return () => void (this.page === "connect" ? this.connect() : this.page === "number" ? this.lookAgain() : this.refresh());
      default:
        return undefined;
    }
  }

  /** Asks Meta again with what it has. */
  async lookAgain(): Promise<void> {
    await this.#do("credentials", (client) => client.call("setup_credentials", {}));
  }

  /** Another shop is shown from now on. */
  forget(): void {
    this.#life += 1;
    this.open = false;
    this.finished = null;
    this.loadTrouble = null;
    this.#drop();
    this.view = null;
  }

  #drop(): void {
    this.token = "";
    this.secret = "";
    this.appId = null;
    this.picked = null;
    this.pin = "";
    this.confirmed = false;
    this.manualAccount = "";
    this.manualNumber = "";
    this.replyText = null;
    this.sentText = null;
    this.#changed = false;
    this.#goesOn = false;
    this.mode = null;
    this.problems = {};
    this.#failed = null;
    this.#autoStarted = false;
    this.tunnel.forget();
  }

  #touched(field: string): void {
    if (this.problems[field] !== undefined) this.problems = { ...this.problems, [field]: undefined };
    if (this.#failed !== null && fieldOf(this.#failed.trouble) === field) this.#failed = null;
  }

  #mark(task: Task, on: boolean): void {
    const tasks = new Set(this.#tasks);
    if (on) tasks.add(task);
    else tasks.delete(task);
    this.#tasks = tasks;
  }

  /** The deeds that are under way; a second click on the same button finds itself here. */
  #underWay = new Set<string>();

  /** Does one thing at the engine, once at a time, and shows what it answers. False when it failed or was under way. */
  async #do(task: Task, deed: (client: Client) => Promise<Result<SetupView>>, one: string = task): Promise<boolean> {
    if (this.#underWay.has(one)) return false;
    this.#underWay.add(one);
    this.#mark(task, true);
    this.#failed = null;
    const page = this.page;
    const [order, life] = [++this.#asked, this.#life];
    const answer = await deed(this.#client);
    this.#underWay.delete(one);
    this.#mark(task, false);
    if (life !== this.#life) return false;
    if (!answer.ok) {
      this.#failed = { task, page, trouble: answer.trouble };
      // Part of it may have been done, such as one key of two being right.
      if (answer.trouble.kind === "answer") await this.refresh();
      return false;
    }
    this.loadTrouble = null;
    // A later question was answered first: neither answer is the whole truth.
    if (!this.#take(order, answer.value)) await this.refresh();
    return true;
  }

  /** Shows an answer unless one to a later question is shown already. */
  #take(order: number, view: SetupView): boolean {
    if (order < this.#shown) return false;
    this.#shown = order;
    const before = this.view;
    this.view = view;
    if (before !== null && this.open) this.#tell(before, view);
    if (this.#goesOn && !this.tunnel.saving) void this.#goOnIfOpen();
    return true;
  }

  /** Says aloud what moved. */
  #tell(before: SetupView, now: SetupView): void {
    const said: string[] = [];
    if (now.page === "connect") said.push(...now.steps.filter((step) => moved(before.steps, step)).map(stepSaid));
    if (now.page === "credentials") {
      for (const proof of now.proofs) {
        const was = before.proofs.find((one) => one.field === proof.field);
        if (proof.words !== null && (was?.state !== proof.state || was.words !== proof.words) && proof.state !== "waiting") said.push(proof.words);
      }
    }
    if (before.hello?.heard == null && now.hello?.heard != null) said.push(words.setup.hello.heard, now.hello.heard.text ?? "");
    const status = now.hello?.reply?.status;
    if (status !== undefined && status !== before.hello?.reply?.status) said.push(words.ticks[status]);
    const text = said.filter((part) => part !== "").join(" ");
    if (text !== "") this.#say(text);
  }
}

/** The fields that have a place of their own for what is wrong with them. */
const FIELDS: readonly string[] = ["access_token", "app_secret", "app_id", "account_id", "number_id", "pin", "confirmed", "text"];

function fieldOf(trouble: Trouble): string | undefined {
  return trouble.kind === "answer" ? trouble.error.field : undefined;
}

/** Whether a number can be chosen at all. */
export function selectable(number: SetupNumberView): boolean {
  return number.ready || number.needs_registration;
}

function moved(before: StepView[], step: StepView): boolean {
  return (step.state === "ok" || step.state === "failed") && before.find((one) => one.step === step.step)?.state !== step.state;
}

function stepSaid(step: StepView): string {
  const w = words.setup.connect;
  return w.said(w.steps[step.step].title, w.states[step.state], step.state === "failed" ? (step.words ?? "") : "");
}

function keptTicks(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(TICKS) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}
