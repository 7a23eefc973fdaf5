import type { AttachmentView, MessageKind, SendMedia, UploadView } from "../api/generated";
import { words } from "../words";

/** What a file can be sent as. */
export type As = NonNullable<SendMedia["as"]>;

const MB = 1024 * 1024;
/**
 * The largest files that can leave, in bytes. What WhatsApp takes stands in whatsapp-cloud-api, section 6; photos and
 * recordings may be larger here, because the engine makes photos of up to 64 MB fit and encodes voice messages anew.
 */
export const LARGEST: Record<As, number> = {
  image: 64 * MB,
  video: 16 * MB,
  audio: 16 * MB,
  voice: 100 * MB,
  document: 100 * MB,
  sticker: 500 * 1024,
};

const PHOTOS = new Set(["image/jpeg", "image/png"]);
/** Pictures the engine can make photos of. */
const PICTURES = new Set(["image/gif", "image/bmp", "image/x-ms-bmp"]);
const RECORDINGS = new Set(["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"]);
const VIDEOS = new Set(["video/mp4", "video/3gpp"]);
const SOUNDS = new Set(["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/x-m4a", "audio/m4a", "audio/mp3"]);

/** What a file of this type can be sent as, the most fitting first; whether WhatsApp takes it as a file says the engine. */
export function choices(mimeType: string, recorded = false): As[] {
  const type = mimeType.split(";")[0]?.trim().toLowerCase() ?? "";
  if (recorded) return ["voice"];
  if (PHOTOS.has(type)) return ["image", "document"];
  if (type === "image/webp") return ["sticker", "image", "document"];
  if (PICTURES.has(type)) return ["image", "document"];
  if (VIDEOS.has(type)) return ["video", "document"];
  if (type === "audio/ogg") return ["audio", "voice", "document"];
  if (RECORDINGS.has(type)) return ["voice", "document"];
  if (SOUNDS.has(type)) return ["audio", "document"];
  return ["document"];
}

/** The first choice that is not too small for the file. */
export function bestChoice(possible: As[], size: number): As {
  return possible.find((as) => size <= LARGEST[as]) ?? possible[0] ?? "document";
}

/** What keeps a file of this size from being sent like that, and what to do; `null` when nothing does. */
export function sizeProblem(as: As, size: number): string | null {
  if (size === 0) return words.composer.tray.empty;
  return size > LARGEST[as] ? words.composer.tray.tooLarge[as](sizeLabel(size)) : null;
}

/** Whether words can stand below it. */
export function takesCaption(as: As): boolean {
  return as === "image" || as === "video" || as === "document";
}

/** The engine's word for what a file would be sent as, when it is one that can be chosen. */
export function asOf(kind: MessageKind): As | null {
  return kind in LARGEST ? (kind as As) : null;
}

/** What keeps a file that was handed in from being sent like that. What the engine found counts for its own choice. */
export function problemOf(upload: UploadView, as: As): string | null {
  const own = sizeProblem(as, upload.size);
  return upload.kind === as ? (upload.problem ?? own) : own;
}

/** The family of a file by what the system says it is, until the engine has looked into it. */
export function familyOf(mimeType: string, name: string): AttachmentView["family"] {
  const [group = ""] = mimeType.split("/");
  if (group === "image" || group === "video" || group === "audio") return group;
  if (/spreadsheet|excel|csv/.test(mimeType)) return "sheet";
  if (/presentation|powerpoint/.test(mimeType)) return "slides";
  if (/zip|compressed|tar/.test(mimeType)) return "archive";
  return /pdf|text|word|document/.test(mimeType) || /\.(?:pdf|txt|docx?|odt)$/i.test(name) ? "document" : "unknown";
}

/** A size as people say it: `1.4 MB`. */
export function sizeLabel(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const [value, unit] = bytes < MB ? [bytes / 1024, "KB"] : [bytes / MB, "MB"];
  return `${value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}
