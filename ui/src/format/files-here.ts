import type { AttachmentView, MessageView } from "../api/generated";

/** A file in a chat and the message it came with. */
export interface FileHere {
  file: AttachmentView;
  messageId: string;
}

/** The files of the messages that are loaded, the newest first. What was taken back has none. */
export function filesHere(messages: readonly MessageView[]): FileHere[] {
  return messages
    .flatMap((message) => (message.revoked ? [] : message.attachments.map((file) => ({ file, messageId: message.id }))))
    .reverse();
}

/** Whether a file is seen rather than read: it gets a place in the grid. */
export function isPicture(file: AttachmentView): boolean {
  return file.family === "image" || file.family === "video";
}
