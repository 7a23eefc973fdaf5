import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { SetupView } from "../api/generated";
import { App } from "../state/app.svelte";
import { FakeHost, fails } from "../test/fake-host";
import { chain, numberOf, setupView, tunnel, withNumbers } from "../test/setup-view";
import Stage from "../test/Stage.svelte";
import Setup from "../views/Setup.svelte";
import Welcome from "../views/Welcome.svelte";

beforeEach(() => localStorage.clear());

const TOKEN = "EAAGm0PX4ZCpsBAKZCxyzxyzxyzxyz";
const SECRET = "0123456789abcdef0123456789abcdef";
const about = { version: "1", demo: false, first_start: true, can_open_demo: true };

async function wizard(first: SetupView, answers: FakeHost["answers"] = {}) {
  let view = first;
  const host = new FakeHost({
    app: () => about,
    setup: () => view,
    begin_setup: () => (view = { ...view, begun: true }),
    setup_page: ({ page }) => (view = { ...view, page }),
    ...answers,
  });
  const app = new App(host);
  app.connectivity.link = "up";
  app.about = about;
  app.openSetup();
  const { container } = render(Stage, { app, component: Setup, given: {} });
  await waitFor(() => expect(app.setup.view).not.toBeNull());
  await tick();
  const become = async (say: Partial<SetupView>) => {
    view = { ...view, ...say };
    await app.setup.changed([{ kind: "connection" }]);
    await tick();
  };
  return { host, app, become, text: () => container.textContent.replace(/\s+/g, " ") };
}

const main = () => screen.getAllByRole("button").find((button) => button.getAttribute("type") === "submit")!;

describe("the wizard", () => {
  it("begins each page at its heading and says where it is", async () => {
    const { become } = await wizard(setupView({ page: "credentials" }));
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1, name: "Two keys from Meta" }));
    await become({ page: "number", furthest: "number" });
    expect(document.activeElement).toBe(screen.getByRole("heading", { level: 1, name: "Which number?" }));
    expect(screen.getByText("Step 3 of 7")).toBeTruthy();
    const steps = within(screen.getByRole("navigation", { name: "Steps of setting up" })).getAllByRole<HTMLButtonElement>("button");
    expect(steps.map((step) => step.disabled)).toEqual([false, false, false, true, true, true, true]);
    expect(steps[2]!.getAttribute("aria-current")).toBe("step");
  });

  it("goes on with Enter and leaves with Escape, and what was typed is kept", async () => {
    const { host, app } = await wizard(setupView({ begun: false }));
    await fireEvent.keyDown(document.activeElement!, { key: "Enter" });
    await waitFor(() => expect(app.setup.page).toBe("credentials"));
    expect(host.asked("begin_setup")).toHaveLength(1);
    await fireEvent.input(screen.getByLabelText("Access token"), { target: { value: TOKEN } });
    await fireEvent.keyDown(screen.getByLabelText("Access token"), { key: "Escape" });
    expect([app.setup.open, app.setup.token, app.remark]).toEqual([false, TOKEN, "Kept. You can go on at any time."]);
  });

  it("goes back by the button and by the names of the pages", async () => {
    const { app } = await wizard(withNumbers([numberOf("50001")]));
    await fireEvent.click(screen.getByRole("button", { name: "Back" }));
    await waitFor(() => expect(app.setup.page).toBe("credentials"));
    await fireEvent.click(screen.getByRole("button", { name: /Your number/ }));
    await waitFor(() => expect(app.setup.page).toBe("number"));
  });

  it("says what is wrong when it cannot be read, and tries again", async () => {
    const host = new FakeHost({ setup: fails({ kind: "answer", error: { code: "storage", message: "The disk cannot be read.", retryable: true } }) });
    const app = new App(host);
    app.openSetup();
    render(Stage, { app, component: Setup, given: {} });
    expect((await screen.findByRole("alert")).textContent).toContain("The disk cannot be read.");
    host.answers.setup = () => setupView({ page: "mode", furthest: "mode" });
    await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByRole("heading", { level: 1, name: "How much may the assistant do?" });
  });

  it("forgets everything only after it said what that means", async () => {
    const { host } = await wizard(setupView({ page: "credentials" }), { cancel_setup: () => ({}) });
    await fireEvent.click(screen.getByRole("button", { name: "Forget everything and start over" }));
    expect(screen.getByRole("dialog").textContent).toContain("At Meta nothing changes");
    expect(host.asked("cancel_setup")).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Forget it" }));
    await waitFor(() => expect(host.asked("cancel_setup")).toHaveLength(1));
  });

  it("is begun at the first page of the window, or gone on with", async () => {
    const view = setupView({ page: "tunnel", furthest: "connect" });
    const host = new FakeHost({ setup: () => view });
    const app = new App(host);
    app.about = about;
    render(Stage, { app, component: Welcome, given: {} });
    expect(screen.getByRole("button", { name: "Connect my number" })).toBeTruthy();
    await app.setup.refresh();
    await fireEvent.click(await screen.findByRole("button", { name: "Go on with setting up" }));
    expect(app.view).toBe("setup");
    await waitFor(() => expect(app.setup.page).toBe("tunnel"));
  });
});

describe("the first page", () => {
  it("explains each thing that is needed and opens Meta's page outside", async () => {
    const { host } = await wizard(setupView());
    expect(screen.getAllByRole("checkbox")).toHaveLength(5);
    await fireEvent.click(screen.getByRole("checkbox", { name: "I have it: An app with WhatsApp in it" }));
    expect(screen.getByText("1 of 5 at hand")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "Open WhatsApp Manager" }));
    expect(host.did).toEqual(["browse https://business.facebook.com/wa/manage/phone-numbers/"]);
    expect(screen.getByText("It leaves the phone app")).toBeTruthy();
  });
});

describe("the page of the keys", () => {
  it("takes a key as it was copied, shows it only when asked, and leads to what is missing", async () => {
    const { host } = await wizard(setupView({ page: "credentials" }));
    const field = screen.getByLabelText<HTMLInputElement>("Access token");
    expect(field.type).toBe("password");
    await fireEvent.paste(field, { clipboardData: { getData: () => ` ${TOKEN.slice(0, 9)}\n${TOKEN.slice(9)} ` } });
    expect(field.value).toBe(TOKEN);
    await fireEvent.click(screen.getByRole("button", { name: "Show: Access token" }));
    expect(field.type).toBe("text");
    await fireEvent.click(main());
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("App secret")));
    expect(screen.getByLabelText("App secret").getAttribute("aria-invalid")).toBe("true");
    expect(host.asked("setup_credentials")).toEqual([]);
  });

  it("says live what Meta thinks of each key", async () => {
    const slow = new Promise<never>(() => undefined);
    const { become, text } = await wizard(setupView({ page: "credentials" }), { setup_credentials: () => slow });
    await fireEvent.input(screen.getByLabelText("Access token"), { target: { value: TOKEN } });
    await fireEvent.input(screen.getByLabelText("App secret"), { target: { value: SECRET } });
    await fireEvent.click(main());
    expect(screen.getAllByText("Asking Meta")).toHaveLength(2);
    await become({ proofs: [{ field: "access_token", state: "running", words: "Asking whose token it is" }] });
    expect(text()).toContain("Asking whose token it is");
  });

  it("tells what is right from what is wrong, and warns of a token for one day", async () => {
    const kept = withNumbers([]).secrets;
    const { app, text } = await wizard(
      setupView({
        page: "credentials",
        secrets: kept,
        proofs: [
          { field: "access_token", state: "ok", words: null },
          { field: "app_secret", state: "failed", words: "This is the secret of another app." },
        ],
        token: { valid: true, expires_at: "2026-11-22T14:10:00Z", words: "This token stops working tomorrow at 14:10.", level: "warn" },
      }),
    );
    expect(text()).toMatch(/ends in ZDZD.*Meta accepts this token\..*stops working tomorrow at 14:10.*How to make a token that does not end/);
    expect(text()).toContain("This is the secret of another app.");
    // The one that is wrong has its field open, the one that is right is left alone.
    expect(screen.queryByLabelText("Access token")).toBeNull();
    expect(screen.getByLabelText("App secret")).toBeTruthy();
    expect(app.setup.proved).toBe(false);
  });

  it("lets a kept key be replaced, and kept after all", async () => {
    const { app } = await wizard(withNumbers([], { page: "credentials" }));
    await fireEvent.click(screen.getByRole("button", { name: "Replace: Access token" }));
    await fireEvent.input(screen.getByLabelText("Access token"), { target: { value: TOKEN } });
    await fireEvent.click(screen.getByRole("button", { name: "Keep the stored one" }));
    expect([app.setup.token, screen.queryByLabelText("Access token")]).toEqual(["", null]);
  });
});

describe("the page of the numbers", () => {
  it("says of each number whether it can be taken, and why not", async () => {
    const { text } = await wizard(
      withNumbers([
        numberOf("50001", { on_phone: true, webhooks_elsewhere: "https://crm.example/hook" }),
        numberOf("50002", { ready: false, findings: [{ topic: "number", level: "bad", sentence: "Meta has banned this number.", channel_id: null, action: null }] }),
        numberOf("50003", { ready: false }),
      ]),
    );
    expect(screen.getAllByRole<HTMLInputElement>("radio").map((radio) => [radio.checked, radio.disabled])).toEqual([[true, false], [false, true], [false, true]]);
    expect(text()).toMatch(/Also on a phone.*messages go to .*crm\.example.* now.*Meta has banned this number\..*does not let this number send and receive yet/);
  });

  it("says what to do when there is none, and takes ids where they cannot be listed", async () => {
    const { become, text } = await wizard(withNumbers([]));
    expect(text()).toContain("The token leads to no number.");
    await become({ manual_words: "A permission is missing." });
    expect(text()).toContain("A permission is missing.");
    await fireEvent.click(screen.getByRole("button", { name: "Look this number up" }));
    expect(screen.getByLabelText("Phone number ID").getAttribute("aria-invalid")).toBe("true");
  });
});

describe("the page of the way in", () => {
  it("says how it stands, with one button, and how much of the free plan is used", async () => {
    const { host } = await wizard(
      withNumbers([], {
        page: "tunnel",
        furthest: "connect",
        tunnel: tunnel({
          kind: "ngrok",
          phase: "waiting",
          words: "ngrok cannot be reached.",
          requests: 18_000,
          requests_given: 20_000,
          usage_words: "They may not last for the month.",
          action: { kind: "retry_tunnel", channel_id: null, url: null, conversation_id: null },
        }),
      }),
      { retry_tunnel: () => tunnel({ kind: "ngrok", phase: "online" }) },
    );
    expect(screen.getByRole("meter").getAttribute("aria-valuetext")).toBe("18,000 of 20,000 requests this month");
    expect(screen.getByText("They may not last for the month.")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: /Try again now/ }));
    expect(host.asked("retry_tunnel")).toHaveLength(1);
  });

  it("says which programs are there and how to get the others", async () => {
    const programs = [
      { kind: "cloudflared" as const, found: true, version: "2026.9.1", words: "It can be used." },
      { kind: "tailscale" as const, found: false, version: null, words: "It is not on this computer." },
    ];
    const { host } = await wizard(withNumbers([], { page: "tunnel", furthest: "connect", tunnel: tunnel({ programs }) }));
    expect(screen.getByText("Found, 2026.9.1")).toBeTruthy();
    await fireEvent.click(screen.getByRole("radio", { name: /Tailscale/ }));
    expect(screen.getByText("It is not on this computer.")).toBeTruthy();
    await fireEvent.click(screen.getByRole("button", { name: "How to install Tailscale" }));
    expect(host.did).toEqual(["browse https://tailscale.com/download"]);
  });
});

describe("the page of the chain", () => {
  it("ticks its steps while it looks on, and shows the sentence and the button of one that failed", async () => {
    const { host, become } = await wizard(setupView({ page: "connect", furthest: "connect" }), { connect_setup: () => setupView({ page: "connect", furthest: "connect", steps: chain(0, "running") }) });
    await waitFor(() => expect(host.asked("connect_setup")).toHaveLength(1));
    const states = () => within(screen.getByRole("list", { name: "Deskbell connects itself" })).getAllByRole("img").map((mark) => mark.getAttribute("aria-label"));
    await become({ steps: chain(2, "running") });
    expect(states()).toEqual(["done", "done", "being done", "waiting", "waiting", "waiting", "waiting"]);
    await become({ steps: chain(3, "failed", { words: "The app may not do this.", action: { kind: "replace_keys", channel_id: null, url: null, conversation_id: null } }) });
    expect(states()[3]).toBe("did not work");
    expect(screen.getByText("The app may not do this.")).toBeTruthy();
    expect(main().textContent).toContain("Try again");
    await become({ steps: chain(7, "ok"), furthest: "mode" });
    expect(screen.getByText(/^Connected\./)).toBeTruthy();
    expect(main().textContent).toContain("Next");
  });
});

describe("the page of the hello", () => {
  const hello = {
    number: "+351900000001",
    link: "https://wa.me/351900000001?text=hi",
    qr: Array.from({ length: 21 }, () => "10".repeat(10) + "1"),
    heard: null,
    reply: null,
  };
  const heard = { conversation_id: "c1", name: "Ana", text: "<b>hi</b>", at: "2026-03-02T10:00:00Z" };
  const at = (say: Partial<NonNullable<SetupView["hello"]>> = {}) => setupView({ page: "hello", furthest: "mode", steps: chain(7, "ok"), hello: { ...hello, ...say } });

  it("shows number and code, then the message, then what became of the answer", async () => {
    const { host, become, text } = await wizard(at(), {
      test_reply: () => at({ heard, reply: { message_id: "m", status: "sent", words: null } }),
    });
    expect(text()).toContain("+351 900 000 001");
    expect(screen.getByRole("img", { name: /^QR code/ })).toBeTruthy();
    await become({ hello: { ...hello, heard } });
    expect(screen.getByText("<b>hi</b>")).toBeTruthy();
    const field = screen.getByLabelText("Your test reply");
    await fireEvent.input(field, { target: { value: "Works" } });
    await fireEvent.click(screen.getByRole("button", { name: "Send the reply" }));
    await waitFor(() => expect(host.asked("test_reply")).toEqual([{ text: "Works" }]));
    await screen.findByText("On its way to your phone.");
    await become({ hello: { ...hello, heard, reply: { message_id: "m", status: "failed", words: "Meta wants a payment method." } } });
    expect(text()).toMatch(/did not arrive\. Meta wants a payment method\./);
    expect(screen.getByRole("button", { name: "Send it again" })).toBeTruthy();
    await become({ hello: { ...hello, heard, reply: { message_id: "m2", status: "read", words: null } } });
    expect(text()).toContain("Receiving and sending both work.");
  });

  it("can be left for later", async () => {
    const { app } = await wizard(at());
    await fireEvent.click(screen.getByRole("button", { name: "I will test later" }));
    await waitFor(() => expect(app.setup.page).toBe("mode"));
  });

  it("says so when nothing can come in yet", async () => {
    const { text } = await wizard(setupView({ page: "hello", furthest: "mode" }));
    expect(text()).toContain("Messages do not come in yet");
  });
});

describe("the last page", () => {
  it("sets the mode that was chosen and leads to the inbox", async () => {
    const { host, app } = await wizard(setupView({ page: "mode", furthest: "mode", steps: chain(7, "ok"), number: numberOf("50001") }), {
      finish_setup: ({ mode }) => setupView({ begun: false, mode }),
    });
    await fireEvent.click(screen.getByRole("radio", { name: /^Off/ }));
    await fireEvent.click(screen.getByRole("button", { name: "Finish, assistant off" }));
    await screen.findByRole("heading", { level: 1, name: "Your number is connected" });
    expect(host.asked("finish_setup")).toEqual([{ mode: "off" }]);
    await fireEvent.click(screen.getByRole("button", { name: "Open the inbox" }));
    expect([app.setup.open, app.page]).toEqual([false, "inbox"]);
  });
});
