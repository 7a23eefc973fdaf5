import type { FileForm } from "../host/host";
import type { Files } from "./files";

/** A file as an address, for as long as a component shows it. To be made while a component is being set up. */
export class Loaded {
  url = $state<string | null>(null);
  failed = $state(false);
  #round = $state(0);

  /** `wanted` says what to load; `null` as long as nothing is. */
  constructor(files: Files, wanted: () => { id: string; form: FileForm } | null) {
    let id = $derived(wanted()?.id ?? null);
    let form = $derived(wanted()?.form ?? null);
    $effect(() => {
      void this.#round;
      this.url = null;
      this.failed = false;
      const [one, as] = [id, form];
      if (one === null || as === null) return;
      let gone = false;
      files.take(one, as).then(
        (url) => {
          if (!gone) this.url = url;
        },
        () => {
          if (!gone) this.failed = true;
        },
      );
      return () => {
        gone = true;
        files.release(one, as);
      };
    });
  }

  again(): void {
    this.#round += 1;
  }
}
