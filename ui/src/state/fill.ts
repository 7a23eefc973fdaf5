import type { TemplateComponent, TemplateVariableView, TemplateView } from "../api/generated";
import { words } from "../words";

/** A file a template shows. */
export type FileKind = "image" | "video" | "document";

/** A piece of a template's words: as approved, filled in, or still open. */
export type Filled = { text: string; state: "fixed" | "filled" } | { text: string; state: "open" };

/** A template as the customer would see it. */
export interface Look {
  header: { kind: "text"; pieces: Filled[] } | { kind: FileKind | "location"; key: string } | null;
  body: Filled[];
  footer: string;
  buttons: { sign: "reply" | "link" | "phone" | "copy" | "other"; text: string; detail: string }[];
  offer: string | null;
  cards: Look[];
}

/** What stands in the way of a variable, with its sentence. */
export interface Unfit {
  key: string;
  sentence: string;
}

/** Variables that hold a file. */
export function isFile(variable: TemplateVariableView): variable is TemplateVariableView & { kind: FileKind } {
  return variable.kind === "image" || variable.kind === "video" || variable.kind === "document";
}

/** Needed variables nothing was filled into, in the order of the form. */
export function missing(template: TemplateView, values: Record<string, string>): TemplateVariableView[] {
  return template.variables.filter((variable) => !variable.optional && (values[variable.key] ?? "").trim() === "");
}

/** Values that cannot stand where they are (whatsapp-cloud-api, section 5.5). */
export function unfit(template: TemplateView, values: Record<string, string>): Unfit[] {
  return template.variables.flatMap((variable) => {
    const sentence = trouble(variable, values[variable.key] ?? "");
    return sentence === null ? [] : [{ key: variable.key, sentence }];
  });
}

function trouble(variable: TemplateVariableView, value: string): string | null {
  const w = words.composer.template;
  if (value.trim() === "" || isFile(variable)) return null;
  if (/[\n\r\t]/.test(value)) return w.lineBreak;
  if (value.includes("     ")) return w.spaces;
  if (variable.kind === "url_suffix" && value.trim().includes(" ")) return w.suffix;
  if (/\.(?:latitude|longitude)$/.test(variable.key) && !isDegree(variable.key, value)) return w.notNumber;
  if (variable.place === "offer" && Number.isNaN(Date.parse(value))) return w.date;
  return null;
}

function isDegree(key: string, value: string): boolean {
  return value.trim() !== "" && Math.abs(Number(value)) <= (key.endsWith("latitude") ? 90 : 180);
}

/** What is sent: filled variables only; moments in the form the engine reads. */
export function toSend(template: TemplateView, values: Record<string, string>): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const variable of template.variables) {
    const value = (values[variable.key] ?? "").trim();
    if (value === "") continue;
    const moment = variable.place === "offer" ? new Date(value) : null;
    filled[variable.key] = moment === null || Number.isNaN(moment.getTime()) ? value : moment.toISOString();
  }
  return filled;
}

/** A text as it can stand in a variable: on one line, without more than one space in a row. */
export function onOneLine(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}

/** The template with what is filled in so far. */
export function lookOf(template: TemplateView, values: Record<string, string>): Look {
  const labels = new Map(template.variables.map((variable) => [variable.key, variable.label]));
  return read(template.components, "", values, labels);
}

function read(components: TemplateComponent[], prefix: string, values: Record<string, string>, labels: Map<string, string>): Look {
  const part = (type: string) => components.find((component) => component.type.toUpperCase() === type);
  const fill = (text: string, place: string) => pieces(text, prefix + place, values, labels);
  const header = part("HEADER");
  const format = (header?.format ?? "TEXT").toUpperCase();
  const look: Look = {
    header: null,
    body: fill(part("BODY")?.text ?? "", ""),
    footer: part("FOOTER")?.text ?? "",
    buttons: (part("BUTTONS")?.buttons ?? []).map((button, n) => shownButton(button, values[`${prefix}button.${n}`] ?? "")),
    offer: part("LIMITED_TIME_OFFER") === undefined ? null : (values["offer.expires_at"] ?? ""),
    cards: (part("CAROUSEL")?.cards ?? []).map((card, n) => read(card.components, `card.${n}.`, values, labels)),
  };
  if (header !== undefined) {
    if (format === "IMAGE" || format === "VIDEO" || format === "DOCUMENT" || format === "LOCATION") {
      look.header = { kind: format.toLowerCase() as FileKind | "location", key: `${prefix}header` };
    } else if (header.text !== undefined) {
      look.header = { kind: "text", pieces: fill(header.text, "header.") };
    }
  }
  return look;
}

function pieces(text: string, prefix: string, values: Record<string, string>, labels: Map<string, string>): Filled[] {
  const found: Filled[] = [];
  let from = 0;
  for (const place of text.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)) {
    if (place.index > from) found.push({ text: text.slice(from, place.index), state: "fixed" });
    const key = prefix + (place[1] ?? "");
    const value = (values[key] ?? "").trim();
    if (value === "") found.push({ text: labels.get(key) ?? place[1] ?? "", state: "open" });
    else found.push({ text: value, state: "filled" });
    from = place.index + place[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), state: "fixed" });
  return found;
}

function shownButton(button: NonNullable<TemplateComponent["buttons"]>[number], value: string): Look["buttons"][number] {
  const w = words.composer.template;
  const text = button.text ?? "";
  switch (button.type.toUpperCase()) {
    case "QUICK_REPLY":
      return { sign: "reply", text, detail: "" };
    case "URL":
      return { sign: "link", text, detail: (button.url ?? "").replace(/\{\{[^{}]*\}\}/, value === "" ? "…" : value) };
    case "PHONE_NUMBER":
      return { sign: "phone", text, detail: button.phone_number ?? "" };
    case "COPY_CODE":
    case "OTP":
      return { sign: "copy", text: text === "" ? w.code : text, detail: value };
    default:
      return { sign: "other", text, detail: "" };
  }
}

/** The words of a template, for the list and for searching. */
export function bodyOf(template: TemplateView): string {
  return template.components.find((component) => component.type.toUpperCase() === "BODY")?.text ?? "";
}

/** Templates that contain what was searched; those that can be sent come first, else the order stays. */
export function found(templates: TemplateView[], query: string, marketingStopped: boolean): TemplateView[] {
  const sought = query.trim().toLowerCase().split(/\s+/).filter((word) => word !== "");
  const text = (template: TemplateView) => `${template.name.replaceAll("_", " ")} ${template.name} ${template.language} ${bodyOf(template)}`.toLowerCase();
  const hits = templates.filter((template) => sought.every((word) => text(template).includes(word)));
  const can = (template: TemplateView) => template.usable && !(marketingStopped && isMarketing(template));
  return [...hits.filter(can), ...hits.filter((template) => !can(template))];
}

export function isMarketing(template: TemplateView): boolean {
  return template.category.toUpperCase() === "MARKETING";
}
