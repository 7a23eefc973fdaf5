import { CallFailure, type Trouble } from "./host";

/** A refusal of the window's own. */
export function refusal(message: string): Trouble {
  return { kind: "answer", error: { code: "bad_request", message, retryable: false } };
}

/**
 * Returns the address of a web page in its full spelling; throws a `CallFailure` for everything else. A name before
 * the host (`https://shop.example@evil.example`) is only ever there to deceive.
 */
export function webAddress(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : null;
  const isWeb = address !== null && (address.protocol === "https:" || address.protocol === "http:");
  if (!isWeb || address.username !== "" || address.password !== "") {
    throw new CallFailure(refusal("This is not the address of a web page that Deskbell opens. Copy it if you trust it."));
  }
  return address.href;
}
