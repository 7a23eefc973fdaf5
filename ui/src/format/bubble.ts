import type { MessageView } from "../api/generated";
import { placeOf } from "./payload";

/** Kinds whose text stands in their own card. */
const IN_CARD: ReadonlySet<string> = new Set(["location", "contacts", "button_reply", "list_reply", "flow_reply", "interactive", "template", "sticker"]);

/** The words that stand below whatever else a message is: a text, a caption, a remark to an order. */
export function captionOf(message: MessageView): string {
  return IN_CARD.has(message.kind) ? "" : (message.text ?? "");
}

/** Whether there is something to show beside the words. */
export function hasBody(message: MessageView): boolean {
  return message.kind !== "text" || message.attachments.length > 0 || message.payload.referred_product !== undefined;
}

/** How a bubble frames its content: with the usual margin, close around a picture, or not at all. */
export function frameOf(message: MessageView): "plain" | "media" | "bare" {
  if (message.revoked) return "plain";
  const file = message.attachments[0];
  if (message.kind === "location") return placeOf(message.payload) === null ? "plain" : "media";
  if (file === undefined || file.dangerous) return "plain";
  if (message.kind === "sticker") return file.family === "image" || file.state === "pending" ? "bare" : "plain";
  if (message.kind !== "image" && message.kind !== "video") return "plain";
  return file.family === "image" || file.family === "video" ? "media" : "plain";
}

/** What can be copied of a message. */
export function copyText(message: MessageView): string {
  return message.revoked ? "" : (message.text ?? "");
}
