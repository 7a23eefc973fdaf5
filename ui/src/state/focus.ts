import { tick } from "svelte";

/**
 * Waits until something was done by a button. A button that is still there keeps the focus; where it has gone with what
 * it did, the focus goes on to the element `next`, or to the messages, so that the keyboard never stands nowhere.
 */
export async function settled(act: Promise<unknown>, next: string): Promise<void> {
  const button = document.activeElement;
  await act;
  await tick();
  const here = document.activeElement;
  // Somebody has gone elsewhere meanwhile.
  if (here !== null && here !== document.body && here !== button) return;
  if (button instanceof HTMLElement && button !== document.body && button.isConnected && !button.matches(":disabled")) return button.focus();
  (document.getElementById(next) ?? document.getElementById("messages"))?.focus({ preventScroll: true });
}
