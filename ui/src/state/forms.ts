import type { OutgoingContent } from "../api/generated";
import { words } from "../words";
import { readPlace } from "./place";

/** What is being prepared besides text, as it stands in its form. */
export type Form =
  | { type: "location"; place: string; name: string; address: string }
  | { type: "contacts"; name: string; phone: string; email: string; company: string }
  | { type: "buttons"; header: string; body: string; footer: string; buttons: string[] }
  | { type: "list"; header: string; body: string; footer: string; button: string; sections: Part[] }
  | { type: "link"; header: string; body: string; footer: string; display_text: string; url: string }
  | { type: "location_request" | "contact_request"; body: string };

/** A part of a list. */
export interface Part {
  title: string;
  rows: Line[];
}

/** A line of a list. */
export interface Line {
  title: string;
  description: string;
}

export type FormType = Form["type"];

/** The kinds there is a form for, in the order of the menu. */
export const FORMS: FormType[] = ["location", "contacts", "buttons", "list", "link", "location_request", "contact_request"];

/** A form of one kind with nothing in it. Questions come with words that can be sent as they are. */
export function emptyForm(type: FormType): Form {
  switch (type) {
    case "location":
      return { type, place: "", name: "", address: "" };
    case "contacts":
      return { type, name: "", phone: "", email: "", company: "" };
    case "buttons":
      return { type, header: "", body: "", footer: "", buttons: ["", ""] };
    case "list":
      return { type, header: "", body: "", footer: "", button: words.composer.form.openPreset, sections: [emptyPart()] };
    case "link":
      return { type, header: "", body: "", footer: "", display_text: "", url: "" };
    case "location_request":
      return { type, body: words.composer.form.askPlace };
    case "contact_request":
      return { type, body: words.composer.form.askNumber };
  }
}

export function emptyPart(): Part {
  return { title: "", rows: [emptyLine(), emptyLine()] };
}

export function emptyLine(): Line {
  return { title: "", description: "" };
}

/** The form as it goes to the engine; `null` while a place cannot be read. Optional parts that are empty are left out. */
export function contentOf(form: Form): OutgoingContent | null {
  switch (form.type) {
    case "location": {
      const found = readPlace(form.place);
      if (found.is !== "place") return null;
      return { type: "location", ...found.place, ...given("name", form.name), ...given("address", form.address) };
    }
    case "contacts": {
      const { phone, email } = form;
      const card = {
        name: form.name.trim(),
        ...(phone.trim() === "" ? {} : { phones: [phone.trim()] }),
        ...(email.trim() === "" ? {} : { emails: [email.trim()] }),
        ...given("company", form.company),
      };
      return { type: "contacts", cards: [card] };
    }
    case "buttons":
      return { type: "buttons", ...frame(form), buttons: form.buttons.map((text) => text.trim()) };
    case "list":
      return {
        type: "list",
        ...frame(form),
        button: form.button.trim(),
        sections: form.sections.map((part) => ({
          ...given("title", part.title),
          rows: part.rows.map((row) => ({ title: row.title.trim(), ...given("description", row.description) })),
        })),
      };
    case "link":
      return { type: "link", ...frame(form), display_text: form.display_text.trim(), url: form.url.trim() };
    default:
      return { type: form.type, body: form.body.trim() };
  }
}

function frame(form: { header: string; body: string; footer: string }) {
  return { ...given("header", form.header), body: form.body.trim(), ...given("footer", form.footer) };
}

function given<K extends string>(key: K, text: string): { [key in K]?: string } {
  const trimmed = text.trim();
  return trimmed === "" ? {} : ({ [key]: trimmed } as { [key in K]?: string });
}
