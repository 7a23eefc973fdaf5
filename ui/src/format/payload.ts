/** Reads what messages hold beside their words, out of the provider's own form. Anything may be missing or of another type. */

import { decimal, plus, times, type Decimal } from "./decimal";

/** Any object of outside. */
export type Loose = Record<string, unknown>;

/** The value as an object; an empty one when it is none. */
export function loose(value: unknown): Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

/** The value as a text, numbers included; `""` when it is none. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" && Number.isFinite(value) ? String(value) : "";
}

/** The objects of a list; none when it is no list. */
export function listOf(value: unknown): Loose[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null && !Array.isArray(one)) : [];
}

/** A place on the map. */
export interface Place {
  latitude: number;
  longitude: number;
  name: string;
  address: string;
}

/** Reads a place; null when its coordinates are none. */
export function placeOf(payload: Loose): Place | null {
  const degrees = (key: string, most: number) => {
    const text = textOf(payload[key]).trim();
    const value = text === "" ? NaN : Number(text);
    return Math.abs(value) <= most ? value : null;
  };
  const latitude = degrees("latitude", 90);
  const longitude = degrees("longitude", 180);
  if (latitude === null || longitude === null) return null;
  return { latitude, longitude, name: textOf(payload.name).trim(), address: textOf(payload.address).trim() };
}

/** The coordinates as they are copied: `38.71160, -9.13510`. */
export function coordinates(place: Place): string {
  return `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
}

/** The page that shows a place; only numbers go into it. */
export function mapPage(place: Place): string {
  const at = `${place.latitude.toFixed(6)}/${place.longitude.toFixed(6)}`;
  return `https://www.openstreetmap.org/?mlat=${place.latitude.toFixed(6)}&mlon=${place.longitude.toFixed(6)}#map=16/${at}`;
}

/** One line of a contact card: what it is and what it says. */
export interface CardLine {
  kind: "phone" | "email" | "address" | "url" | "birthday" | "company";
  /** `WORK`, `HOME` …, as the sender's phone calls it; may be empty. */
  type: string;
  value: string;
}

/** A contact card. */
export interface ContactCard {
  name: string;
  company: string;
  lines: CardLine[];
}

/** Reads contact cards. */
export function cardsOf(payload: Loose): ContactCard[] {
  return listOf(payload.contacts).map((card) => {
    const name = loose(card.name);
    const parts = ["prefix", "first_name", "middle_name", "last_name", "suffix"].map((key) => textOf(name[key]).trim());
    const org = loose(card.org);
    const lines: CardLine[] = [];
    const add = (kind: CardLine["kind"], type: unknown, value: string) => {
      if (value.trim() !== "") lines.push({ kind, type: textOf(type).trim(), value: value.trim() });
    };
    for (const phone of listOf(card.phones)) {
      const number = textOf(phone.phone).trim();
      const id = textOf(phone.wa_id).trim();
      add("phone", phone.type, number !== "" ? number : /^\d+$/.test(id) ? `+${id}` : id);
    }
    for (const email of listOf(card.emails)) add("email", email.type, textOf(email.email));
    for (const address of listOf(card.addresses)) {
      const said = ["street", "zip", "city", "state", "country"].map((key) => textOf(address[key]).trim());
      add("address", address.type, said.filter((part) => part !== "").join(", "));
    }
    for (const url of listOf(card.urls)) add("url", url.type, textOf(url.url));
    add("birthday", "", textOf(card.birthday));
    const company = [textOf(org.title), textOf(org.department), textOf(org.company)].filter((part) => part.trim() !== "").join(", ");
    const whole = textOf(name.formatted_name).trim();
    return { name: whole !== "" ? whole : parts.filter((part) => part !== "").join(" "), company, lines };
  });
}

/** A line of an order. */
export interface OrderLine {
  product: string;
  /** How many, as written; `1` when it does not say. */
  quantity: string;
  price: Decimal | null;
  sum: Decimal | null;
  currency: string | null;
}

/** An order with its sum per currency; `total` lacks a currency one of whose prices is missing. */
export interface Order {
  catalogue: string;
  lines: OrderLine[];
  total: { sum: Decimal; currency: string | null }[];
  /** Whether every line has a price. */
  complete: boolean;
}

/** Reads an order. */
export function orderOf(payload: Loose): Order {
  const lines = listOf(payload.product_items).map((item): OrderLine => {
    const price = decimal(item.item_price);
    const quantity = decimal(item.quantity ?? 1);
    const currency = textOf(item.currency).trim().toUpperCase();
    return {
      product: textOf(item.product_retailer_id).trim(),
      quantity: textOf(item.quantity ?? 1).trim() || "1",
      price,
      sum: price === null || quantity === null ? null : times(price, quantity),
      currency: currency === "" ? null : currency,
    };
  });
  const sums = new Map<string | null, Decimal>();
  for (const line of lines) {
    if (line.sum === null) continue;
    const before = sums.get(line.currency);
    sums.set(line.currency, before === undefined ? line.sum : plus(before, line.sum));
  }
  return {
    catalogue: textOf(payload.catalog_id).trim(),
    lines,
    total: [...sums].map(([currency, sum]) => ({ sum, currency })),
    complete: lines.every((line) => line.sum !== null),
  };
}

/** A question of a form and what was answered. */
export interface FormLine {
  question: string;
  answer: string;
}

/** Keys of a form's answer that hold no answer of the person. */
const INNER = new Set(["flow_token", "version", "data_api_version"]);

/** Reads the answer to a form; null when what came is no JSON. */
export function formOf(payload: Loose, yes: string, no: string): FormLine[] | null {
  const answer = payload.response;
  if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return null;
  const lines: FormLine[] = [];
  const say = (question: string, value: unknown, depth: number): void => {
    if (lines.length >= 200) return;
    if (typeof value === "boolean") lines.push({ question, answer: value ? yes : no });
    else if (Array.isArray(value) && value.every((one) => typeof one !== "object")) {
      lines.push({ question, answer: value.map(String).join(", ") });
    } else if (typeof value === "object" && value !== null && depth < 6) {
      for (const [key, inner] of Object.entries(value)) say(question === "" ? label(key) : `${question} · ${label(key)}`, inner, depth + 1);
    } else if (typeof value === "object" && value !== null) lines.push({ question, answer: JSON.stringify(value) });
    else lines.push({ question, answer: textOf(value) });
  };
  for (const [key, value] of Object.entries(answer)) if (!INNER.has(key)) say(label(key), value, 0);
  return lines;
}

/** `screen_0_First_name_1` was "First name" in the form. */
function label(key: string): string {
  const bare = key.replace(/^screen_\d+_/, "").replace(/_\d+$/, "").replaceAll("_", " ").trim();
  return bare === "" ? key : bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** What led a customer here. */
export interface Referral {
  kind: "ad" | "post" | "other";
  headline: string;
  body: string;
  /** Where it was seen; only web pages. */
  url: string;
  host: string;
}

/** Reads a referral; null when it says nothing. */
export function referralOf(referral: Loose | null): Referral | null {
  if (referral === null) return null;
  const page = webPage(textOf(referral.source_url));
  const source = textOf(referral.source_type).toLowerCase();
  const said = { headline: textOf(referral.headline).trim(), body: textOf(referral.body).trim() };
  if (page === null && said.headline === "" && said.body === "" && source === "") return null;
  return { kind: source === "ad" || source === "post" ? source : "other", ...said, url: page?.href ?? "", host: page?.host ?? "" };
}

/** A web page that may be opened on a click; null for anything else. */
export function webPage(text: string): URL | null {
  if (!/^https?:\/\//i.test(text)) return null;
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** The product a message asks about. */
export function productOf(payload: Loose): { product: string; catalogue: string } | null {
  const product = loose(payload.referred_product);
  const id = textOf(product.product_retailer_id).trim();
  const catalogue = textOf(product.catalog_id).trim();
  return id === "" && catalogue === "" ? null : { product: id, catalogue };
}
