/** Reads server-sent events out of a stream that may be cut anywhere, also within a character. */
export class EventReader {
  #text = "";
  #data: string[] = [];
  #decoder = new TextDecoder();

  /** Takes the next bytes and returns the data of every event they complete. */
  take(bytes: Uint8Array): string[] {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    const events: string[] = [];
    let end: number;
    while ((end = this.#text.indexOf("\n")) >= 0) {
      const line = this.#text.slice(0, end).replace(/\r$/, "");
      this.#text = this.#text.slice(end + 1);
      if (line === "") {
        if (this.#data.length > 0) events.push(this.#data.join("\n"));
        this.#data = [];
      } else if (line.startsWith("data:")) {
        this.#data.push(line.slice(5).replace(/^ /, ""));
      }
    }
    return events;
  }
}
