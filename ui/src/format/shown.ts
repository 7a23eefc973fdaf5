import type { TemplateComponent } from "../api/generated";
import { words } from "../words";
import { listOf, loose, textOf, webPage, type Loose } from "./payload";

/** A button as the customer sees it. */
export interface ShownButton {
  kind: "reply" | "link" | "call" | "copy" | "other";
  text: string;
  /** Where a link leads; only web pages. */
  url: string;
}

/** A row of a list as the customer sees it. */
export interface ShownRow {
  title: string;
  description: string;
}

/** A message of ours with more than words, as the customer sees it. */
export interface Shown {
  header: string;
  /** A file above the words: `image`, `video`, `document`, `location`; or none. */
  media: string;
  body: string;
  footer: string;
  buttons: ShownButton[];
  /** The word on the button that opens the list, and its parts. */
  list: { button: string; sections: { title: string; rows: ShownRow[] }[] } | null;
  cards: Shown[];
  /** A line about an offer that ends; or none. */
  offer: string;
}

const nothing = (): Shown => ({ header: "", media: "", body: "", footer: "", buttons: [], list: null, cards: [], offer: "" });

/** Reads an interactive message (whatsapp-cloud-api, section 5.4). */
export function interactiveShown(payload: Loose, text: string | null): Shown {
  const w = words.thread.shown;
  const shown = nothing();
  const header = loose(payload.header);
  const kind = textOf(payload.type).toLowerCase();
  const action = loose(payload.action);
  const parameters = loose(action.parameters);
  shown.header = textOf(header.text);
  shown.media = ["image", "video", "document"].includes(textOf(header.type)) ? textOf(header.type) : "";
  shown.body = textOf(loose(payload.body).text) || (text ?? "");
  shown.footer = textOf(loose(payload.footer).text);
  const press = (word: string, as: ShownButton["kind"] = "reply", url = "") => {
    if (word !== "") shown.buttons.push({ kind: as, text: word, url });
  };
  for (const button of listOf(action.buttons)) press(textOf(loose(button.reply ?? button.quick_reply).title));
  const sections = listOf(action.sections).map((section) => ({
    title: textOf(section.title),
    rows: listOf(section.rows).map((row) => ({ title: textOf(row.title), description: textOf(row.description) })),
  }));
  if (kind === "list" || sections.some((section) => section.rows.length > 0)) {
    shown.list = { button: textOf(action.button) || w.list, sections };
  }
  switch (kind) {
    case "cta_url":
      press(textOf(parameters.display_text), "link", webPage(textOf(parameters.url))?.href ?? "");
      break;
    case "location_request_message":
      press(w.location, "other");
      break;
    case "request_contact_info":
    case "contact_request":
      press(w.contact, "other");
      break;
    case "flow":
      press(textOf(parameters.flow_cta) || w.form, "other");
      break;
    case "address_message":
      press(w.form, "other");
      break;
    case "product":
      press(textOf(action.product_retailer_id), "other");
      break;
    case "product_list":
      press(w.products(listOf(action.sections).reduce((n, section) => n + listOf(section.product_items).length, 0)), "other");
      break;
    case "catalog_message":
      press(w.catalogue, "other");
      break;
    case "voice_call":
    case "call_permission_request":
      press(textOf(parameters.display_text) || w.call, "call");
      break;
  }
  shown.cards = listOf(action.cards ?? payload.cards).map((card) => interactiveShown(card, null));
  return shown;
}

/** A filled place of a template, by its position or name. */
type Filled = Map<string, string>;

/** Reads a template that was sent (section 5.5) beside its definition, when that is known. */
export function templateShown(payload: Loose, text: string | null, definition: readonly TemplateComponent[]): Shown {
  const sent = listOf(payload.components);
  const shown = partsShown(definition as readonly Loose[], sent);
  // What was kept as its words, headline and last line included, is what left; a definition may have changed since.
  if (text !== null && text !== "" && (shown.body === "" || !text.includes(shown.body))) {
    shown.body = text;
    shown.header = "";
    shown.footer = "";
  }
  if (definition.length === 0) {
    const header = sent.find((part) => kindOf(part) === "header");
    const first = listOf(header?.parameters)[0];
    shown.media = first === undefined ? "" : mediaOf(textOf(first.type));
    if (shown.body === "") shown.body = [...filledBy(sent.find((part) => kindOf(part) === "body")).values()].join(", ");
  }
  return shown;
}

const kindOf = (part: Loose) => textOf(part.type).toLowerCase();
const mediaOf = (format: string) => (["image", "video", "document", "location"].includes(format.toLowerCase()) ? format.toLowerCase() : "");

function partsShown(definition: readonly Loose[], sent: readonly Loose[]): Shown {
  const shown = nothing();
  for (const part of definition) {
    const kind = kindOf(part);
    const filled = filledBy(sent.find((one) => kindOf(one) === kind));
    if (kind === "header") {
      shown.media = mediaOf(textOf(part.format));
      if (shown.media === "") shown.header = fill(textOf(part.text), filled);
    } else if (kind === "body") {
      shown.body = fill(textOf(part.text), filled);
    } else if (kind === "footer") {
      shown.footer = textOf(part.text);
    } else if (kind === "buttons") {
      shown.buttons = listOf(part.buttons).map((button, index) => buttonShown(button, sent, index));
    } else if (kind === "carousel") {
      const cards = listOf(sent.find((one) => kindOf(one) === "carousel")?.cards);
      shown.cards = listOf(part.cards).map((card, index) => partsShown(listOf(card.components), listOf(cards[index]?.components)));
    } else if (kind === "limited_time_offer") {
      shown.offer = textOf(loose(part.limited_time_offer).text);
    }
  }
  return shown;
}

function buttonShown(button: Loose, sent: readonly Loose[], index: number): ShownButton {
  const filled = sent.find((one) => kindOf(one) === "button" && Number(textOf(one.index)) === index);
  const value = [...filledBy(filled).values()][0] ?? "";
  const kind = kindOf(button);
  const url = kind === "url" ? (webPage(textOf(button.url).replace(/\{\{[^{}]*\}\}/g, value))?.href ?? "") : "";
  return {
    kind: kind === "url" ? "link" : kind === "phone_number" ? "call" : kind === "copy_code" || kind === "otp" ? "copy" : kind === "quick_reply" ? "reply" : "other",
    text: textOf(button.text) || (kind === "copy_code" ? words.thread.shown.code : kind),
    url,
  };
}

function filledBy(part: Loose | undefined): Filled {
  const filled: Filled = new Map();
  listOf(part?.parameters).forEach((parameter, index) => {
    const inner = loose(parameter[textOf(parameter.type)]);
    const value = textOf(parameter.text) || textOf(inner.fallback_value) || textOf(parameter.coupon_code) || textOf(parameter.payload);
    filled.set(textOf(parameter.parameter_name) || String(index + 1), value);
  });
  return filled;
}

/** Puts what was filled in into a text; a place that was not filled stays visible. */
function fill(text: string, filled: Filled): string {
  return text.replace(/\{\{\s*([^{}]{1,60}?)\s*\}\}/g, (whole, key: string) => filled.get(key) ?? whole);
}
