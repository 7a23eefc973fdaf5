import type { RegistrationStep, SetupNumberView, SetupView, StepState, StepView, TunnelView } from "../api/generated";

const STEPS: RegistrationStep[] = ["server", "tunnel", "own_call", "subscribe", "override", "verification", "read_back"];

/** The chain at its n-th step: those before it are done, those after it wait. */
export function chain(n: number, state: StepState, say: Partial<StepView> = {}): StepView[] {
  return STEPS.map((step, i) => ({
    step,
    state: i < n ? "ok" : i === n ? state : "waiting",
    words: null,
    action: null,
    ...(i === n ? say : {}),
  }));
}

/** A tunnel with what a test wants to say about it. */
export function tunnel(say: Partial<TunnelView> = {}): TunnelView {
  return {
    kind: "none",
    phase: "off",
    words: "Nothing reaches this computer.",
    url: null,
    domain: null,
    since: null,
    next_try: null,
    action: null,
    secrets: [],
    own_url: null,
    listens_at: null,
    requests: 0,
    requests_given: null,
    usage_words: null,
    programs: [],
    ...say,
  };
}

/** A number with what a test wants to say about it. */
export function numberOf(id: string, say: Partial<SetupNumberView> = {}): SetupNumberView {
  return {
    account_id: "700700700",
    number_id: id,
    display: `+351 900 000 ${id.slice(-3)}`,
    name: "Shop",
    ready: true,
    needs_registration: false,
    on_phone: false,
    connected: false,
    webhooks_elsewhere: null,
    findings: [],
    ...say,
  };
}

/** A set-up with what a test wants to say about it. */
export function setupView(say: Partial<SetupView> = {}): SetupView {
  return {
    begun: true,
    page: "intro",
    furthest: "credentials",
    secrets: [
      { field: "access_token", set: false, last4: null },
      { field: "app_secret", set: false, last4: null },
    ],
    app_id: null,
    app_name: null,
    proofs: [],
    token: null,
    accounts: [],
    manual_words: null,
    number: null,
    tunnel: tunnel(),
    steps: chain(0, "waiting"),
    channel_id: null,
    hello: null,
    mode: null,
    ...say,
  };
}

/** The same with two keys that are kept, and numbers that were found. */
export function withNumbers(numbers: SetupNumberView[], say: Partial<SetupView> = {}): SetupView {
  return setupView({
    page: "number",
    furthest: "number",
    secrets: [
      { field: "access_token", set: true, last4: "ZDZD" },
      { field: "app_secret", set: true, last4: "7c1e" },
    ],
    proofs: ["access_token", "app_secret", "app_id", "permissions"].map((field) => ({ field, state: "ok", words: null })),
    accounts: [{ account_id: "700700700", name: "Shop", numbers, findings: [] }],
    ...say,
  });
}
