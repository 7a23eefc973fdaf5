import type { AssistantView, DecisionView, DocumentView, FactView, LeadView, ModelView, SkillView } from "../api/generated";
import { conversation } from "./fake-host";

/** A skill with what a test wants to say about it. */
export function skill(id: string, say: Partial<SkillView> = {}): SkillView {
  return {
    id,
    name: `Skill ${id}`,
    enabled: true,
    autonomy: "shadow",
    requires_human: false,
    high_risk: false,
    valid_from: null,
    valid_to: null,
    hours: "always",
    examples: [{ text: "how much is it", language: "en", negative: false }],
    answers: [{ language: null, text: "It costs {price:cut}.", buttons: [], file: null }],
    version: 1,
    unfilled: [],
    readiness: { decided: 0, unchanged: 0, light: 0, heavy: 0, dismissed: 0, agreement: 0, ready: false, needed: 30, blind: 0, alike: null },
    ...say,
  };
}

/** A document. */
export function document(id: string, say: Partial<DocumentView> = {}): DocumentView {
  return { id, title: `Text ${id}`, source: "typed", url: null, language: "en", enabled: true, quotable: true, valid_to: null, updated_at: "2026-03-02T10:00:00Z", passages: 3, text: null, ...say };
}

/** A fact. */
export function fact(kind: FactView["kind"], key: string, value: string, say: Partial<FactView> = {}): FactView {
  const placeholder = kind === "address" || kind === "phone" || kind === "hours" ? `{business.${kind}}` : `{${kind}:${key}}`;
  return { kind, key, value, language: null, valid_to: null, placeholder, ...say };
}

/** How the assistant is set. */
export function settings(say: Partial<AssistantView> = {}): AssistantView {
  return {
    global_mode: "shadow",
    trouble: null,
    business_name: "Olaria",
    language: "en",
    region: "PT",
    lead_capture: true,
    lead_model_when_held: true,
    blind_sample: false,
    instructions: "",
    disclaimer: false,
    file_notice: false,
    hours: { zone: null, days: [], closed: [] },
    intake: [],
    texts: [],
    returns: [],
    ...say,
  };
}

/** No language model. */
export function model(say: Partial<ModelView> = {}): ModelView {
  return {
    kind: "none",
    base_url: null,
    model: null,
    has_key: false,
    local: false,
    abilities: [],
    contact_tokens: 0,
    embedding_model: null,
    price_in: 0,
    price_out: 0,
    daily_limit: null,
    spent_today: 0,
    embeddings: false,
    trouble: null,
    resting_until: null,
    ...say,
  };
}

/** A decision. */
export function decision(say: Partial<DecisionView> = {}): DecisionView {
  return {
    id: null,
    conversation_id: null,
    message_id: null,
    at: "2026-03-02T10:00:00Z",
    mode: "bot",
    verdict: "send",
    step: "skill",
    because: "sure",
    escalation: null,
    text: "It costs 20 €.",
    buttons: [],
    language: "en",
    confidence: 0.94,
    band: "send",
    sources: [],
    candidates: [],
    passages: [],
    findings: [],
    model_call_id: null,
    took_ms: 2,
    ...say,
  };
}

/** A lead. */
export function lead(id: string, say: Partial<LeadView> = {}): LeadView {
  return {
    id,
    contact: conversation(id).contact,
    conversation_id: id,
    channel_id: "ch",
    status: "new",
    score: 60,
    temperature: "warm",
    reasons: [{ points: 30, words: "Named a budget" }],
    values: [],
    suggestions: [],
    refused: [],
    created_at: "2026-03-02T10:00:00Z",
    updated_at: "2026-03-02T10:00:00Z",
    ...say,
  };
}
