import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MessageView } from "../../api/generated";
import { App } from "../../state/app.svelte";
import { actsOf } from "../../state/acts.svelte";
import { attachment, conversation, FakeHost, message, reply } from "../../test/fake-host";
import Stage from "../../test/Stage.svelte";
import Bubble from "./Bubble.svelte";
import MessageInfo from "./MessageInfo.svelte";
import MessageMenu from "./MessageMenu.svelte";

beforeEach(() => {
  localStorage.clear();
  URL.createObjectURL = () => "blob:test";
  URL.revokeObjectURL = () => undefined;
});

function bubble(shown: MessageView, quoted: MessageView | null = null, album: MessageView[] = []) {
  const done: string[] = [];
  const host = new FakeHost({ react: () => ({}), retry_attachment: () => ({}), discard: () => ({}) });
  const app = new App(host);
  const given = {
    album,
    message: shown,
    first: true,
    name: "Ana",
    quoted,
    now: Date.parse("2026-03-02T12:00:00Z"),
    trouble: null,
    sought: null,
    onretry: async () => void done.push("retry"),
    ondiscard: async () => void done.push("discard"),
    onquote: () => void done.push("quote"),
    onjump: (id: string) => void done.push(`jump ${id}`),
  };
  const { container } = render(Stage, { app, component: Bubble, given });
  return { done, host, app, text: () => container.textContent?.replace(/\s+/g, " ") ?? "", container };
}

describe("a bubble", () => {
  it("says in words what its ticks mean", () => {
    bubble(reply("1", { status: "read" }));
    expect(screen.getByRole("img", { name: "read" })).toBeTruthy();
  });

  it("tells why a message failed and retries at once", async () => {
    const error = { code: 131026, title: "Undeliverable", words: "The number is no longer on WhatsApp. Call instead.", detail: null };
    const { done, text } = bubble(reply("1", { status: "failed", error }));
    expect(text()).toContain("Not delivered. The number is no longer on WhatsApp. Call instead.");
    await fireEvent.click(screen.getByRole("button", { name: "Retry" }));
    expect(done).toEqual(["retry"]);
  });

  it("asks before sending again what may have arrived", async () => {
    const { done, text } = bubble(reply("1", { status: "unknown" }));
    await fireEvent.click(screen.getByRole("button", { name: "Retry" }));
    expect(done).toEqual([]);
    expect(text()).toContain("It may already have arrived. Send again?");
    await fireEvent.click(screen.getByRole("button", { name: "Send again" }));
    expect(done).toEqual(["retry"]);
  });

  it("says when a waiting message is tried again", () => {
    const { text } = bubble(reply("1", { status: "queued", retry_at: "2026-03-02T12:04:00Z" }));
    expect(text()).toMatch(/Tries again at .*\./);
    expect(screen.queryByRole("button", { name: "Retry" })).toBeNull();
  });

  it("names what it cannot show and offers to look at how it came", async () => {
    const { text, app } = bubble(message("1", { kind: "unknown", original_kind: "hologram", text: null }));
    expect(text()).toContain("Sent a message of a kind this version does not know (hologram).");
    await fireEvent.click(screen.getByRole("button", { name: "View raw" }));
    expect(actsOf(app).info?.part).toBe("raw");
  });

  it("says what WhatsApp did not pass on and what to do", () => {
    const words = "WhatsApp does not pass polls on. Ask the customer to write the answer.";
    const error = { code: 131051, title: "Unsupported", words, detail: null };
    expect(bubble(message("1", { kind: "unsupported", original_kind: "unsupported", text: null, error })).text()).toContain(words);
    const named = message("3", { kind: "unsupported", original_kind: "unsupported", text: null, error, payload: { type: "poll_creation" } });
    expect(bubble(named).text()).toContain("(poll creation)");
    const poll = message("2", { kind: "unsupported", original_kind: "unsupported", text: null, payload: { type: "poll_creation" } });
    expect(bubble(poll).text()).toContain("WhatsApp did not pass this message on (poll creation). Ask the customer");
  });

  it("keeps what support needs in a fold that is closed at first", () => {
    const error = { code: 131026, title: "Undeliverable", words: "Call instead.", detail: "Recipient not available" };
    bubble(reply("1", { status: "failed", error }));
    const fold = screen.getByText("Details").closest("details");
    expect(fold?.open).toBe(false);
    expect(fold?.textContent).toMatch(/131026.*Undeliverable.*Recipient not available/s);
  });

  it("asks before a waiting message is given up", async () => {
    const { done } = bubble(reply("1", { status: "queued", retry_at: "2026-03-02T12:04:00Z" }));
    await fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(done).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(done).toEqual(["discard"]);
  });

  it("says in short that a message came late, and both times when asked", async () => {
    const { text, container } = bubble(message("1", { received_at: "2026-03-02T12:10:00Z" }));
    const shown = () => container.querySelector("time")?.textContent;
    expect(shown()).toMatch(/^\S+( [AP]M)? · late$/);
    expect(text()).toMatch(/Ana, written .*, arrived .*:/);
    await fireEvent.click(screen.getByRole("button", { name: /written .*, arrived / }));
    expect(shown()).toMatch(/^written .*, arrived /);
  });

  it("shows edits, deletions and missing quotes", () => {
    expect(bubble(message("2", { edited: true })).text()).toContain("edited");
    expect(bubble(message("3", { revoked: true, text: null })).text()).toContain("The customer deleted this message.");
    expect(bubble(message("4", { reply_to: "wamid.0" })).text()).toContain("Quoted message not available");
    expect(bubble(message("5", { reply_to: "wamid.1" }), reply("1", { text: "*Yes*" })).text()).toContain("You Yes");
  });
});

describe("every kind", () => {
  const picture = (id: string, say: Partial<MessageView> = {}) =>
    message(id, { kind: "image", original_kind: "image", text: null, attachments: [attachment(`f${id}`)], ...say });

  it("keeps the place of a picture before it is loaded, and opens it in the viewer", async () => {
    const { container, app, host } = bubble(picture("1", { text: "our kitchen" }));
    const frame = container.querySelector<HTMLElement>(".frame");
    expect(frame?.style.getPropertyValue("--ratio")).toBe(String(800 / 600));
    await waitFor(() => expect(container.querySelector("img")?.getAttribute("src")).toBe("blob:test"));
    expect(host.did).toEqual(["file f1 thumbnail"]);
    await fireEvent.click(screen.getByRole("button", { name: "Open picture" }));
    expect(actsOf(app).viewed).toBe("f1");
  });

  it("gathers pictures into an album of four and says how many more there are", async () => {
    const many = Array.from({ length: 6 }, (_, i) => picture(String(i + 1)));
    const { container, app } = bubble(many[0] as MessageView, null, many);
    expect(container.querySelectorAll(".cell")).toHaveLength(4);
    expect(screen.getByText("+3")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Show 3 more" }));
    expect(actsOf(app).viewed).toBe("f4");
  });

  it("loads a video only when somebody plays it", async () => {
    const file = attachment("v", { family: "video", mime_type: "video/mp4", duration_ms: 34_000 });
    const { host, container } = bubble(message("1", { kind: "video", original_kind: "video", text: null, attachments: [file] }));
    await waitFor(() => expect(host.did).toEqual(["file v thumbnail"]));
    await fireEvent.click(screen.getByRole("button", { name: "Play video" }));
    await waitFor(() => expect(container.querySelector("video")?.getAttribute("src")).toBe("blob:test"));
    expect(host.did).toContain("file v whole");
  });

  it("gives a voice message a waveform to go along and its length", () => {
    const file = attachment("v", { family: "audio", mime_type: "audio/ogg", duration_ms: 12_300, waveform: Array<number>(48).fill(50) });
    const { container, text } = bubble(message("1", { kind: "voice", original_kind: "audio", text: null, attachments: [file] }));
    expect(container.querySelectorAll("rect")).toHaveLength(48);
    expect(text()).toContain("0:12");
    expect(screen.getByRole<HTMLInputElement>("slider", { name: "Place in the recording" }).max).toBe("12300");
    expect(screen.getByRole("img", { name: "not played yet" })).toBeTruthy();
  });

  it("offers to open and save a file", async () => {
    const file = attachment("d", { family: "document", file_name: "Invoice.pdf", size: 482_000, has_thumbnail: false });
    const { host, text } = bubble(message("1", { kind: "document", original_kind: "document", text: null, attachments: [file] }));
    expect(text()).toContain("PDF · 482 KB");
    await fireEvent.click(screen.getByRole("button", { name: "Open" }));
    await fireEvent.click(screen.getByRole("button", { name: "Save as…" }));
    expect(host.did).toEqual(["open d", "save d"]);
  });

  it("says plainly that a dangerous file is not opened, whatever it calls itself", () => {
    const file = attachment("d", { family: "program", file_name: "photo.jpg.exe", dangerous: true });
    for (const kind of ["document", "image", "sticker", "voice"] as const) {
      const { text, host, container } = bubble(message("1", { kind, original_kind: kind, text: null, attachments: [file] }));
      expect(text()).toContain("This kind of file can do harm. It can be saved, but Deskbell does not open it.");
      expect(within(container).queryByRole("button", { name: "Open" })).toBeNull();
      expect(host.did).toEqual([]);
    }
  });

  it("tells how a file stands and fetches it again", async () => {
    const file = (say: Parameters<typeof attachment>[1]) =>
      message("1", { kind: "document", original_kind: "document", text: null, attachments: [attachment("d", { family: "document", ...say })] });
    expect(bubble(file({ state: "pending" })).text()).toContain("On its way here");
    expect(bubble(file({ state: "expired" })).text()).toContain("WhatsApp no longer offers this file.");
    const { host, text } = bubble(file({ state: "failed", words: "The server did not answer." }));
    expect(text()).toContain("The server did not answer.");
    await fireEvent.click(screen.getByRole("button", { name: "Fetch again" }));
    expect(host.asked("retry_attachment")).toEqual([{ attachment_id: "d" }]);
  });

  it("shows how far an upload is and gives it up", async () => {
    const upload = { state: "uploading", sent: 4_300_000, total: 11_800_000 } as const;
    const file = attachment("d", { family: "document", upload });
    const { host, text } = bubble(reply("1", { kind: "document", original_kind: "document", text: null, status: "queued", attachments: [file] }));
    expect(text()).toContain("4.3 MB of 11.8 MB");
    expect(screen.getByRole<HTMLProgressElement>("progressbar").value).toBeCloseTo(0.364, 2);
    await fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    expect(host.asked("discard")).toEqual([{ message_id: "1" }]);
  });

  it("shows a sticker without words around it", async () => {
    const { container, host } = bubble(message("1", { kind: "sticker", original_kind: "sticker", text: null, attachments: [attachment("s", { animated: true })] }));
    expect(container.querySelector(".bubble.bare")).not.toBeNull();
    await waitFor(() => expect(host.did).toEqual(["file s whole"]));
  });

  it("draws a place without asking anybody, and opens maps only on a click", async () => {
    const payload = { latitude: "38.7116", longitude: -9.1351, name: "Café", address: "Rua 1" };
    const { host, text } = bubble(message("1", { kind: "location", original_kind: "location", text: "Café", payload }));
    expect(text()).toContain("Café Rua 1 38.71160, -9.13510");
    expect(host.did).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Open in maps" }));
    expect(host.did).toEqual(["browse https://www.openstreetmap.org/?mlat=38.711600&mlon=-9.135100#map=16/38.711600/-9.135100"]);
  });

  it("shows contact cards with what can be copied, three at first", async () => {
    const contacts = Array.from({ length: 5 }, (_, i) => ({ name: { formatted_name: `Person ${i}` }, phones: [{ phone: "+351912345678", type: "WORK" }] }));
    const { text } = bubble(message("1", { kind: "contacts", original_kind: "contacts", text: null, payload: { contacts } }));
    expect(text()).toContain("+351 912 345 678");
    expect(text()).not.toContain("Person 3");
    await fireEvent.click(screen.getByRole("button", { name: "Show all 5 contacts" }));
    expect(text()).toContain("Person 4");
  });

  it("adds up an order to the cent", () => {
    const product_items = [
      { product_retailer_id: "A", quantity: 3, item_price: 0.1, currency: "EUR" },
      { product_retailer_id: "B", quantity: "1", item_price: "0.20", currency: "EUR" },
    ];
    const { text } = bubble(message("1", { kind: "order", original_kind: "order", text: "as a gift", payload: { catalog_id: "7", product_items } }));
    expect(text()).toMatch(/3 × A ?€0\.10 each.*€0\.30.*1 × B.*€0\.20.*Total ?€0\.50/);
    expect(text()).toContain("as a gift");
  });

  it("lists the answers to a form, and keeps a broken one to look at", async () => {
    const form = (payload: Record<string, unknown>) => message("1", { kind: "flow_reply", original_kind: "interactive", text: null, payload });
    const good = bubble(form({ name: "flow", response: { flow_token: "t", screen_0_Gift_1: true, colours: ["blue", "white"] } })).text();
    expect(good).toMatch(/Gift ?Yes.*Colours ?blue, white/);
    expect(good).not.toContain("flow");
    const { text } = bubble(form({ response_json: '{"street": "Rua' }));
    expect(text()).not.toContain("Rua");
    await fireEvent.click(screen.getByRole("button", { name: "View raw" }));
    expect(text()).toContain('{"street": "Rua');
  });

  it("shows a chosen button or row as an answer", () => {
    expect(bubble(message("1", { kind: "button_reply", original_kind: "button", text: "Yes", payload: { payload: "Y", text: "Yes" } })).text()).toContain("Pressed a button Yes");
    const row = message("2", { kind: "list_reply", original_kind: "interactive", text: "Red", payload: { id: "r", title: "Red", description: "matt" } });
    expect(bubble(row).text()).toContain("Chose from the list Red matt");
  });

  it("shows what we sent as the customer sees it", async () => {
    const payload = {
      type: "list",
      header: { type: "text", text: "Times" },
      body: { text: "Choose" },
      footer: { text: "Porto" },
      action: { button: "See", sections: [{ title: "Morning", rows: [{ id: "1", title: "9 to 10", description: "ring" }] }] },
    };
    const { text } = bubble(reply("1", { kind: "interactive", original_kind: "interactive", text: "Choose", payload }));
    expect(text()).toMatch(/Times ?Choose ?Porto/);
    expect(text()).not.toContain("9 to 10");
    await fireEvent.click(screen.getByRole("button", { name: "See" }));
    expect(text()).toContain("Morning 9 to 10");
  });

  it("opens the page of a link button only on a click and only when it is a web page", async () => {
    const link = (url: string) =>
      reply("1", {
        kind: "interactive",
        original_kind: "interactive",
        payload: { type: "cta_url", body: { text: "Here" }, action: { name: "cta_url", parameters: { display_text: "Follow", url } } },
      });
    const { host } = bubble(link("https://shop.example/o"));
    expect(host.did).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Follow" }));
    expect(host.did).toEqual(["browse https://shop.example/o"]);
    const { container } = bubble(link("javascript:alert(1)"));
    expect(within(container).queryByRole("button", { name: "Follow" })).toBeNull();
  });

  it("shows where a customer came from, what they ask about, and how often it was passed on", () => {
    const referral = { source_type: "ad", source_url: "https://fb.me/x", headline: "Stoneware", body: "One of a kind", image_url: "https://evil.example/x.png" };
    const { text, container, host } = bubble(message("1", { referral, forwarded: "often", payload: { referred_product: { product_retailer_id: "VASE" } } }));
    expect(text()).toMatch(/Forwarded many times.*Came from an advertisement.*Stoneware.*One of a kind.*fb\.me.*Asks about a product: VASE/);
    expect([container.querySelector("img"), host.did]).toEqual([null, []]);
  });

  it("tells of calls, notices and a chat that was opened in the middle", () => {
    expect(bubble(message("1", { kind: "call", original_kind: "call", text: null, payload: { event: "terminate" } })).text()).toContain("Missed call");
    expect(bubble(message("2", { kind: "call", original_kind: "call", text: null, payload: { duration: "72" } })).text()).toContain("Call · 1:12");
    expect(bubble(message("3", { kind: "system", original_kind: "system", text: null, payload: { type: "user_changed_number" } })).text()).toContain("has a new number");
    expect(bubble(message("4", { kind: "welcome", original_kind: "request_welcome", text: null })).text()).toContain("opened the chat and has not written yet");
  });

  it("says in its own words what a notice means, and who answers now", () => {
    const notice = (id: string, type: string, text: string) => bubble(message(id, { kind: "system", original_kind: "system", text, payload: { type } })).text();
    const renamed = notice("1", "user_changed_user_id", "User Ana changed from GB.1 to GB.2");
    expect(renamed).toContain("under a new id");
    expect(renamed).not.toContain("GB.1");
    expect(notice("2", "of_later_days", "Something happened")).toContain("Something happened");
    const handover = (id: string, owner: string | null, text: string | null) =>
      bubble(message(id, { kind: "system", original_kind: "messaging_handovers", text, payload: { new_owner: owner } })).text();
    expect(handover("3", "customer_service", "Wants a blue bike")).toContain("handed this conversation over to you. It says: Wants a blue bike");
    expect(handover("4", "ai_agent", null)).toContain("answers here now (ai agent)");
  });

  it("names the writer in a group, in a colour that stays", () => {
    const { container } = bubble(message("1", { sender: "Joana" }));
    const colour = container.querySelector(".sender")?.className;
    expect(container.querySelector(".sender")?.textContent).toBe("Joana");
    expect(bubble(message("2", { sender: "Joana" })).container.querySelector(".sender")?.className).toBe(colour);
  });

  it("marks what came from the phone, from before, and elsewhere", () => {
    expect(bubble(reply("1", { author: "phone", source: "echo" })).text()).toContain("Sent from your phone");
    expect(bubble(reply("4", { author: "phone", source: "standby" })).text()).toContain("Sent by another program");
    expect(bubble(message("2", { source: "history" })).text()).toContain("from before");
    expect(bubble(message("3", { source: "standby" })).text()).toContain("elsewhere");
  });

  it("shows nothing of a message that was taken back", () => {
    const { container, text, host } = bubble(picture("1", { revoked: true, text: "secret", reply_to: "q" }));
    expect(text()).toContain("The customer deleted this message.");
    expect(text()).not.toMatch(/secret|Quoted/);
    expect([container.querySelector("img"), host.did]).toEqual([null, []]);
  });
});

describe("reactions", () => {
  const by = (emoji: string, who: "customer" | "operator", say = {}) => ({ emoji, by: who, pending: false, words: null, ...say });

  it("stand at the bubble with their number, and ours is taken back by a click", async () => {
    const { host, text } = bubble(message("1", { reactions: [by("👍", "customer"), by("👍", "customer"), by("❤️", "operator")] }));
    expect(text()).toContain("👍2");
    await fireEvent.click(screen.getByRole("button", { name: "Take your ❤️ back" }));
    await waitFor(() => expect(host.asked("react")).toEqual([{ message_id: "1", emoji: "" }]));
  });

  it("say that one of ours is on its way or did not leave", () => {
    bubble(message("1", { reactions: [by("👍", "operator", { pending: true })] }));
    expect(screen.getByRole("button", { name: "Take your 👍 back (on its way)" })).toBeTruthy();
    const { text } = bubble(message("2", { reactions: [by("👍", "operator", { words: "The message is too old." })] }));
    expect(text()).toContain("Your reaction did not leave. The message is too old.");
  });

  it("are one emoji and nothing else", async () => {
    const { host, app } = bubble(message("1"));
    await actsOf(app).react(message("1"), "no");
    expect([host.asked("react"), app.remark]).toEqual([[], "That is not one emoji."]);
    await actsOf(app).react(message("1"), "🙏");
    expect(host.asked("react")).toEqual([{ message_id: "1", emoji: "🙏" }]);
  });
});

describe("a quotation", () => {
  it("comes from the engine with its small picture, and a click goes there", async () => {
    const quote = { message_id: "7", author: "customer", kind: "image", text: "our kitchen", revoked: false, attachment_id: "p" } as const;
    const { text, done, host } = bubble(message("1", { reply_to: "wamid.7", quote }));
    expect(text()).toContain("Photo: our kitchen");
    await waitFor(() => expect(host.did).toEqual(["file p thumbnail"]));
    await fireEvent.click(screen.getByTitle("Go to the quoted message"));
    expect(done).toEqual(["jump 7"]);
  });

  it("shows nothing of what was deleted meanwhile", () => {
    const quote = { message_id: "7", author: "customer", kind: "text", text: "secret", revoked: false, attachment_id: null } as const;
    const { text } = bubble(message("1", { reply_to: "wamid.7", quote }), message("7", { revoked: true, text: null }));
    expect(text()).toContain("Deleted message");
    expect(text()).not.toContain("secret");
  });
});

describe("the menu of a message", () => {
  it("opens by a right click and offers what can be done", async () => {
    const { app, container } = bubble(message("1", { text: "hello", attachments: [attachment("d", { family: "program", dangerous: true })] }));
    await fireEvent.contextMenu(container.querySelector(".line") as Element);
    const spot = actsOf(app).menu;
    expect(spot?.message.id).toBe("1");
    render(Stage, { app, component: MessageMenu, given: { spot } });
    expect(screen.getAllByRole("menuitem").map((item) => item.textContent?.trim())).toEqual(["Reply", "React", "Copy text", "Save file…", "Details"]);
  });

  it("copies the words as they were written", async () => {
    const copied = vi.fn(async () => undefined);
    Object.defineProperty(navigator, "clipboard", { value: { writeText: copied }, configurable: true });
    const { app, container } = bubble(message("1", { text: "*hello*" }));
    await fireEvent.contextMenu(container.querySelector(".line") as Element);
    render(Stage, { app, component: MessageMenu, given: { spot: actsOf(app).menu } });
    await fireEvent.click(screen.getByRole("menuitem", { name: "Copy text" }));
    expect(copied).toHaveBeenCalledWith("*hello*");
  });

  it("leads to the times, the raw message and earlier versions", async () => {
    const details = {
      message_id: "1",
      sent_at: "2026-03-02T10:00:00Z",
      delivered_at: null,
      read_at: null,
      played_at: null,
      failed_at: null,
      versions: [{ text: "the small one", until: "2026-03-02T10:05:00Z" }],
      silence: null,
      unheeded: null,
      charge_category: "service",
      raw: { id: "wamid.1" },
    } as const;
    const app = new App(new FakeHost({ message_details: () => structuredClone(details) as never, thread: () => ({ conversation: conversation("a"), messages: [], marks: [], before: null }) }));
    const { container } = render(Stage, { app, component: MessageInfo, given: { message: message("1"), part: "times" } });
    await waitFor(() => expect(container.textContent).toContain("service"));
    expect(container.querySelector("pre")?.textContent).toContain('"wamid.1"');
    const versions = render(Stage, { app, component: MessageInfo, given: { message: message("1", { text: "the large one" }), part: "versions" } });
    await waitFor(() => expect(versions.container.textContent).toMatch(/the small one.*the large one/s));
  });
});
