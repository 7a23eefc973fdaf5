import type { TemplateButton, TemplateComponent, TemplateView } from "../api/generated";
import type { TemplateDraft } from "./template-draft";

/** A template as the customer will see it. */
export interface TemplatePreview {
  header: { kind: "text"; text: string } | { kind: MediaHeader } | null;
  body: string;
  footer: string | null;
  buttons: { kind: ButtonSign; text: string }[];
  /** The cards of a carousel. */
  cards: TemplatePreview[];
}

/** What stands in the place of a picture until one is chosen. */
export type MediaHeader = "image" | "video" | "document" | "location";

/** Decides the sign beside a button's words. */
export type ButtonSign = "reply" | "link" | "phone" | "copy" | "list" | "form";

/** Shows an approved or waiting template with the examples it was handed in with. */
export function previewOf(template: Pick<TemplateView, "components" | "variables">): TemplatePreview {
  const examples = new Map<string, string>();
  for (const one of template.variables) examples.set(`${one.place}/${one.key}`, one.example ?? `[${one.label}]`);
  return shown(template.components, (place, key) => {
    return examples.get(`${place}/${key}`) ?? examples.get(`${place}/${place}`) ?? examples.get(`${place}/${place}.${key}`);
  });
}

/** Shows a template that is being written. */
export function previewOfDraft(draft: TemplateDraft): TemplatePreview {
  const header = draft.header.trim();
  const footer = draft.footer.trim();
  const order = [...new Set([...draft.body.matchAll(/\{\{(\d{1,3})\}\}/g)].map((found) => found[1] ?? ""))].sort(
    (a, b) => Number(a) - Number(b),
  );
  return {
    header: header === "" ? null : { kind: "text", text: header },
    body: filled(draft.body.trim(), (key) => {
      const example = draft.examples[order.indexOf(key)]?.trim();
      return example === undefined || example === "" ? undefined : example;
    }),
    footer: footer === "" ? null : footer,
    buttons: draft.buttons.map(({ type, text }) => ({ kind: signOf(type), text: text.trim() })),
    cards: [],
  };
}

/** Puts values where `{{...}}` stands; what has none stays as it is written. */
export function filled(text: string, value: (key: string) => string | undefined): string {
  return text.replace(/\{\{\s*([A-Za-z0-9_]{1,64})\s*\}\}/g, (mark, key: string) => value(key) ?? mark);
}

function shown(components: TemplateComponent[], value: (place: string, key: string) => string | undefined): TemplatePreview {
  const part = (type: string) => components.find((one) => one.type.toUpperCase() === type);
  const header = part("HEADER");
  const footer = part("FOOTER")?.text ?? null;
  const cards = part("CAROUSEL")?.cards ?? [];
  return {
    header: header === undefined ? null : headerOf(header, value),
    body: filled(part("BODY")?.text ?? "", (key) => value("body", key)),
    footer: footer === "" ? null : footer,
    buttons: (part("BUTTONS")?.buttons ?? []).map((one) => ({ kind: signOf(one.type), text: one.text ?? "" })),
    cards: cards.map((card) => shown(card.components, () => undefined)),
  };
}

function headerOf(header: TemplateComponent, value: (place: string, key: string) => string | undefined): TemplatePreview["header"] {
  const format = (header.format ?? "TEXT").toLowerCase();
  if (format === "image" || format === "video" || format === "document" || format === "location") return { kind: format };
  const text = filled(header.text ?? "", (key) => value("header", key));
  return text === "" ? null : { kind: "text", text };
}

function signOf(type: TemplateButton["type"] | string): ButtonSign {
  switch (type.toUpperCase()) {
    case "URL":
      return "link";
    case "PHONE_NUMBER":
    case "VOICE_CALL":
      return "phone";
    case "COPY_CODE":
    case "OTP":
      return "copy";
    case "CATALOG":
    case "MPM":
    case "SPM":
      return "list";
    case "FLOW":
    case "REQUEST_CONTACT_INFO":
      return "form";
    default:
      return "reply";
  }
}
