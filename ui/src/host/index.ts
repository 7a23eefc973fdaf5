import type { Host } from "./host";
import { HttpHost, takeToken } from "./http";
import { TauriHost } from "./tauri";

/** Opens the way to the engine that fits where this page runs. */
export function openHost(): Host {
  return "__TAURI_INTERNALS__" in window ? new TauriHost() : new HttpHost(takeToken());
}
