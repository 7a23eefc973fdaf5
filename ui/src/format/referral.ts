/** The advertisement or post that led a customer here, in the provider's form (whatsapp-cloud-api, section 2.3). */
export interface Referral {
  from: "ad" | "post" | "other";
  headline: string;
  body: string;
  /** Where it can be seen; only web addresses. */
  url: string | null;
}

/** Reads what is known of it; whatever has another shape than expected is left out. */
export function referralOf(raw: Record<string, unknown> | null): Referral | null {
  if (raw === null) return null;
  const text = (key: string) => (typeof raw[key] === "string" ? raw[key].trim() : "");
  const kind = text("source_type");
  const address = text("source_url");
  return {
    from: kind === "ad" || kind === "post" ? kind : "other",
    headline: text("headline"),
    body: text("body"),
    url: /^https?:\/\/[^\s]+$/i.test(address) ? address : null,
  };
}
