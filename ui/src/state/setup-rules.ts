import type { SecretView } from "../api/generated";
import { words } from "../words";

/** What does not fit, by field. */
export type Problems = Record<string, string | undefined>;

/**
 * Looks at what was pasted before Meta is asked. It only says what is certainly wrong: keys that are missing, or that stand
 * in each other's field. Shapes Meta may change are left to Meta.
 */
export function credentialProblems(
  typed: { token: string; secret: string; appId: string | null },
  stored: readonly SecretView[],
): Problems {
  const w = words.setup.credentials.problems;
  const kept = (field: string) => stored.some((secret) => secret.field === field && secret.set);
  const problems: Problems = {};
  if (typed.token === "" && !kept("access_token")) problems["access_token"] = w.token;
  else if (isSecretShaped(typed.token)) problems["access_token"] = w.tokenIsSecret;
  else if (/^\d{5,25}$/.test(typed.token)) problems["access_token"] = w.tokenIsId;

  if (typed.secret === "" && !kept("app_secret")) problems["app_secret"] = w.secret;
  else if (/^EAA\w{20,}$/.test(typed.secret)) problems["app_secret"] = w.secretIsToken;
  else if (/^\d{5,25}$/.test(typed.secret)) problems["app_secret"] = w.secretIsId;
  else if (/^[0-9a-f]{1,31}$/i.test(typed.secret)) problems["app_secret"] = w.secretShort;

  if (typed.appId !== null && typed.appId.trim() !== "" && !/^\d+$/.test(typed.appId.trim())) problems["app_id"] = w.appId;
  return problems;
}

function isSecretShaped(text: string): boolean {
  return /^[0-9a-f]{32}$/i.test(text);
}
