import type { TunnelView } from "../api/generated";
import { words } from "../words";
import type { Setup } from "./setup.svelte";

/** The one thing the page is waiting for, as the button at its foot says it. */
export interface MainDeed {
  label: string;
  /** Why it cannot be done yet; the button then says so instead of doing it. */
  not: string | null;
  do: () => void | Promise<unknown>;
}

/** Why the tunnel is not enough to go on with. The chain waits for one that is being opened. */
function notOpen(setup: Setup, tunnel: TunnelView): string | null {
  const w = words.setup.tunnelPage;
  if (tunnel.kind === "none" || !setup.nextReachable) return w.notYet;
  return tunnel.phase === "stopped" ? w.stopped : null;
}

/** What goes on from the page that is shown: by the button, and by Enter. */
export function mainDeed(setup: Setup): MainDeed {
  const w = words.setup;
  const view = setup.view;
  const next: MainDeed = { label: w.next, not: null, do: () => setup.next() };
  if (view === null) return { ...next, not: w.loading };
  switch (setup.page) {
    case "intro":
      return { label: view.begun ? w.next : w.intro.understood, not: null, do: () => setup.begin() };
    case "credentials":
      if (setup.proved && setup.nextReachable) return next;
      return {
        label: view.proofs.length > 0 && !setup.unproved ? w.credentials.again : w.credentials.check,
        not: setup.running("credentials") ? w.busy.credentials : null,
        do: () => setup.checkCredentials(),
      };
    case "number":
      if (setup.chosen?.needs_registration === true) {
        return { label: w.number.register.go, not: setup.running("register") ? w.busy.register : null, do: () => setup.register() };
      }
      if (view.manual_words !== null && (setup.chosen === null || setup.manualAccount !== "" || setup.manualNumber !== "")) {
        return { label: w.number.manual.use, not: setup.running("number") ? w.busy.number : null, do: () => setup.takeManual() };
      }
      return { ...next, not: setup.running("number") ? w.busy.number : null, do: () => setup.takeNumber() };
    case "tunnel": {
      if (setup.tunnel.differs(view.tunnel, true)) {
        const kind = setup.tunnel.picked(view.tunnel, true);
        const missing = view.tunnel.programs.some((program) => program.kind === kind && !program.found);
        return { label: w.tunnel.saveAndGo, not: setup.tunnel.saving ? w.busy.tunnel : missing ? w.tunnel.problems.install : null, do: () => setup.saveTunnel() };
      }
      return { ...next, not: notOpen(setup, view.tunnel) };
    }
    case "connect":
      // Where it was connected once, another look at it keeps nobody from going on.
      if (setup.connected || (setup.chainRuns && setup.nextReachable)) return next;
      if (setup.chainRuns) return { ...next, not: w.busy.connect };
      return { label: setup.chainStopped ? w.connect.again : w.connect.begin, not: null, do: () => setup.connect() };
    case "hello": {
      const status = view.hello?.reply?.status;
      // The button beside the words sends them; Enter in the words does the same.
      const unsent = view.hello?.heard != null && (status === undefined || status === "failed" || status === "unknown");
      return unsent
        ? { label: "", not: null, do: () => setup.reply() }
        : { ...next, not: status === undefined ? w.hello.waiting : setup.nextReachable ? null : w.hello.onTheWay };
    }
    case "mode":
      return { label: w.mode.finish[setup.chosenMode], not: setup.running("finish") ? w.busy.finish : null, do: () => setup.finish() };
  }
}
