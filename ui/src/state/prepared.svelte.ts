import type { Client } from "../api/client";
import type { Trouble } from "../host/host";
import { contentOf, emptyForm, type Form, type FormType } from "./forms";
import { brokenRules, fieldOf, type Broken } from "./rules";

/** A place, card, question, list or link in the making. */
export class Prepared {
  form = $state<Form>(emptyForm("location_request"));
  /** Whether somebody wanted to send it: from then on empty fields are named too. */
  tried = $state(false);
  sending = $state(false);
  /** Why it was not sent, when that belongs to no field. */
  trouble = $state<Trouble | null>(null);
  /** What the engine says about a field, until that is changed. */
  #refused = $state<{ field: string; sentence: string; form: string } | null>(null);

  constructor(type: FormType) {
    this.form = emptyForm(type);
  }

  /** All broken rules; the engine's own among them. */
  get broken(): Broken[] {
    const found = brokenRules(this.form);
    const refused = this.#refused;
    if (refused === null || refused.form !== JSON.stringify(this.form)) return found;
    return [...found, { field: refused.field, sentence: refused.sentence, later: false }];
  }

  /** What is said at a field; nothing when all is well or it is too early to say. */
  at(field: string): string | null {
    const broken = this.broken.find((rule) => rule.field === field && (this.tried || !rule.later));
    return broken?.sentence ?? null;
  }

  /** Sends it; answers the id of the message, or `null` when it cannot leave yet. */
  async send(client: Client, conversationId: string, replyTo: string | null): Promise<string | null> {
    this.tried = true;
    const content = contentOf(this.form);
    if (this.sending || content === null || this.broken.length > 0) return null;
    this.sending = true;
    this.trouble = null;
    const sent = JSON.stringify(this.form);
    const answer = await client.call("send_content", {
      conversation_id: conversationId,
      content,
      ...(replyTo === null ? {} : { reply_to: replyTo }),
    });
    this.sending = false;
    if (answer.ok) return answer.value.message_id;
    const { trouble } = answer;
    const named = trouble.kind === "answer" && trouble.error.code === "bad_request" ? trouble.error.field : undefined;
    const field = named === undefined ? null : fieldOf(named, fieldsOf(this.form));
    if (field !== null && trouble.kind === "answer") this.#refused = { field, sentence: trouble.error.message, form: sent };
    else this.trouble = trouble;
    return null;
  }
}

/** The fields of a form, in the engine's spelling. */
export function fieldsOf(form: Form): string[] {
  switch (form.type) {
    case "location":
      return ["place", "name", "address"];
    case "contacts":
      return ["cards.0.name", "cards.0.phones", "cards.0.emails", "cards.0.company"];
    case "buttons":
      return ["header", "body", "footer", ...form.buttons.map((_, n) => `buttons.${n}.title`)];
    case "list": {
      const parts = form.sections.flatMap((part, p) => [
        `sections.${p}.title`,
        ...part.rows.flatMap((_, r) => [`sections.${p}.rows.${r}.title`, `sections.${p}.rows.${r}.description`]),
      ]);
      return ["header", "body", "footer", "button", ...parts, "sections"];
    }
    case "link":
      return ["header", "body", "footer", "display_text", "url"];
    default:
      return ["body"];
  }
}
