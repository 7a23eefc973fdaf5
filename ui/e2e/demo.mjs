// Drives the window in a real browser against a running `deskbelld demo`, as an operator would.
//   npm run e2e -- --url "http://127.0.0.1:PORT/?token=..." [--shots FOLDER] [--browser /usr/bin/chromium]
// Every line is one check; the last line counts them, and the exit code is 1 when one failed.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const { values: options } = parseArgs({
  options: {
    url: { type: "string" },
    shots: { type: "string" },
    browser: { type: "string", default: process.env.CHROMIUM ?? "/usr/bin/chromium" },
  },
});
if (options.url === undefined) {
  console.error("Say where the demo runs: --url \"http://127.0.0.1:PORT/?token=...\", as `deskbelld demo` printed it.");
  process.exit(2);
}
if (options.shots !== undefined) mkdirSync(options.shots, { recursive: true });

const PATIENCE = 60_000;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const complaints = [];
let passed = 0;
let failed = 0;

/** Runs one check; those that build on it are told by its answer. */
async function check(sentence, work) {
  try {
    await work();
    passed += 1;
    console.log(`ok    ${sentence}`);
    return true;
  } catch (reason) {
    failed += 1;
    console.log(`FAIL  ${sentence}\n      ${String(reason.message ?? reason).split("\n").slice(0, 6).join("\n      ")}`);
    return false;
  }
}

async function shot(page, name) {
  if (options.shots === undefined) return;
  // Two frames, so that the picture shows what the document says.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: join(options.shots, `${name}.png`) });
}

/** Fails on serious and critical findings. The scanner is put in by the debugger, as the page itself forbids foreign scripts. */
async function accessible(page) {
  const debug = await page.context().newCDPSession(page);
  await debug.send("Runtime.evaluate", { expression: axe });
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const grave = violations.filter((found) => found.impact === "serious" || found.impact === "critical");
  if (grave.length > 0) {
    throw new Error(grave.map((found) => `${found.impact}: ${found.id} at ${found.nodes[0]?.target.join(" ")}`).join("\n"));
  }
}

/**
 * Opens one conversation, wherever its row stands by now. Customers keep writing and rows change places, but not under the
 * pointer: it goes to the list first, so that the row keeps still for the click.
 */
async function open(id) {
  const row = page.locator(`#conversations [data-conversation="${id}"]`);
  await row.waitFor();
  const box = await page.locator("#conversations").boundingBox();
  await page.mouse.move(box.x + 20, box.y + box.height - 20);
  await page.mouse.move(box.x + 24, box.y + box.height - 20);
  await row.click();
}

/**
 * Opens the conversation of somebody known to the demo shop. The list draws only the rows that are near, and others may
 * have written since: it is scrolled from its beginning until the row is there.
 */
async function openNamed(name) {
  await page.locator("#pile-all").click();
  const row = page.locator("#conversations [data-conversation]", { hasText: name });
  const box = await page.locator("#conversations").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -100_000);
  for (let turn = 0; turn < 100 && !(await row.isVisible()); turn += 1) {
    await page.mouse.wheel(0, 200);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }
  await row.waitFor();
  await open(await row.getAttribute("data-conversation"));
}

const browser = await chromium.launch({ executablePath: options.browser, args: ["--no-sandbox"] });
const context = await browser.newContext({
  viewport: { width: 1280, height: 800 },
  locale: "en-GB",
  colorScheme: "light",
  // A scan in the middle of a fade would see colours nobody reads.
  reducedMotion: "reduce",
});
const page = await context.newPage();
page.setDefaultTimeout(PATIENCE);
page.on("console", (line) => {
  if (line.type() === "error") complaints.push(line.text());
});
page.on("pageerror", (error) => complaints.push(error.message));
await page.addInitScript(() => {
  document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`),
  );
});

const words = `The blue one is in the shop today (${Date.now()})`;
const rows = page.locator("#conversations [data-conversation]");
const ours = page.locator("[data-direction=outbound]", { hasText: words });

await check("the page opens and takes the token out of the address", async () => {
  await page.goto(options.url);
  await page.locator("#conversations").waitFor();
  if (page.url().includes("token")) throw new Error(`the address still is ${page.url()}`);
});
const arrived = await check("a simulated customer writes and the row appears", async () => {
  await rows.first().waitFor();
  if ((await rows.first().innerText()).trim() === "") throw new Error("the row is empty");
});
await check("the window says that it is a demo and that it listens", async () => {
  await page.getByText("Demo", { exact: true }).first().waitFor();
  await page.locator("footer[data-tone=good]", { hasText: "Listening" }).waitFor();
});
await shot(page, "list-light");

if (arrived) {
  await check("opening the row shows what the customer wrote", async () => {
    await open(await rows.first().getAttribute("data-conversation"));
    await page.locator("[data-direction=inbound]").first().waitFor();
  });
  await check("a typed reply leaves with Enter and the composer is empty again", async () => {
    await page.locator("#composer").click();
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    await ours.waitFor();
    await page.waitForFunction(() => document.querySelector("#composer").value === "");
  });
  await check("its ticks turn to delivered or read", async () => {
    await page.locator(`[data-direction=outbound]:is([data-status=delivered], [data-status=read])`, { hasText: words }).waitFor();
  });
  await shot(page, "thread-light");
  await check("a picture that is attached leaves with its words below it and is shown", async () => {
    const data = await page.evaluate(() => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 200 });
      const brush = canvas.getContext("2d");
      brush.fillStyle = "#2f6f9f";
      brush.fillRect(40, 30, 240, 140);
      return canvas.toDataURL("image/jpeg").split(",")[1];
    });
    const caption = `On the shelf by the window (${Date.now()})`;
    const file = { name: "shelf.jpg", mimeType: "image/jpeg", buffer: Buffer.from(data, "base64") };
    await page.locator(".composer input[type=file]").setInputFiles(file);
    await page.locator(".chip[data-state=ready]").waitFor();
    await page.locator("#composer").fill(caption);
    await page.locator("#composer").press("Enter");
    const sent = page.locator(`[data-direction=outbound]:is([data-status=delivered], [data-status=read])`, { hasText: caption });
    await sent.locator("img").waitFor();
  });
  await check("words typed and not sent are still there after the page is loaded again", async () => {
    const id = await page.locator("#conversations [aria-selected=true]").getAttribute("data-conversation");
    const kept = page.waitForResponse((answer) => {
      const asked = answer.request().postDataJSON();
      return asked?.command === "keep_composer" && asked.args.text === "not yet";
    });
    await page.locator("#composer").fill("not yet");
    await (await kept).finished();
    await page.reload();
    await page.locator("#pile-all").click();
    await open(id);
    await page.waitForFunction(() => document.querySelector("#composer")?.value === "not yet");
    await page.locator("#composer").fill("");
  });
}

await check("a draft of the assistant waits above the composer and leaves when it is approved", async () => {
  await openNamed("Leah Sutton");
  const draft = page.locator("#draft");
  await draft.getByText("We are open:").waitFor();
  await accessible(page);
  await shot(page, "draft-light");
  await draft.getByRole("button", { name: "Send" }).click();
  await page.locator("[data-direction=outbound]:is([data-status=delivered], [data-status=read])", { hasText: "We are open:" }).waitFor();
  await draft.waitFor({ state: "detached" });
});
await check("an answer of the assistant says why it was given", async () => {
  await openNamed("Jack Turner");
  await page.locator("[data-direction=outbound]", { hasText: "dishwasher safe" }).getByRole("button", { name: "Why the assistant said this" }).click();
  const because = page.getByRole("dialog", { name: "Because" });
  await because.getByText("The knowledge base says so.").waitFor();
  await because.getByText("Care and glazes").first().waitFor();
  await accessible(page);
  await shot(page, "because-light");
  await page.keyboard.press("Escape");
  await because.waitFor({ state: "detached" });
});
await check("somebody who asks for a person is red in the list and stands with the reason", async () => {
  await openNamed("Graham Pell");
  await page.locator("#conversations .chip.bad", { hasText: "Asks for a person" }).first().waitFor();
  await page.getByText("The customer asks for a person.", { exact: true }).first().waitFor();
  await accessible(page);
  await shot(page, "asks-light");
});
await check("drafts are decided one after the other by keyboard", async () => {
  await page.keyboard.press("Control+2");
  const drafts = page.getByRole("main", { name: "Drafts" });
  await drafts.getByText(/^1 of \d+$/).waitFor();
  await accessible(page);
  await shot(page, "triage-light");
  await page.keyboard.press("a");
  await drafts.getByText(/^2 of \d+$/).waitFor();
  await page.keyboard.press("s");
  await drafts.getByText(/^3 of \d+$/).waitFor();
  await page.keyboard.press("u");
  await drafts.getByText(/^2 of \d+$/).waitFor();
  await page.keyboard.press("Escape");
});
await check("a sentence is tried on the assistant's page and is answered with its reason", async () => {
  await page.locator("#open-assistant").click();
  const main = page.getByRole("main", { name: "Assistant" });
  for (const part of ["skills", "knowledge", "facts", "insights", "leads", "model", "behaviour", "try"]) {
    await main.locator(`[data-part=${part}]`).click();
    await main.locator(`[data-part=${part}][aria-current=true]`).waitFor();
    await accessible(page);
    await shot(page, `assistant-${part}-light`);
  }
  await main.getByLabel("What a customer might say").fill("r u open on sundays?");
  await page.keyboard.press("Enter");
  await main.getByText("Would be answered").waitFor();
  await main.getByText(/We are open: .*11:00/).first().waitFor();
  await shot(page, "assistant-tried-light");
  await page.keyboard.press("Escape");
  await main.waitFor({ state: "detached" });
});
await check("light: no serious or critical finding of the accessibility scan", () => accessible(page));
await page.emulateMedia({ colorScheme: "dark" });
await check("dark: no serious or critical finding of the accessibility scan", () => accessible(page));
await shot(page, "thread-dark");
await check("the key sheet and the pages of the rail open and close by keyboard", async () => {
  await page.locator("#conversations").focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
  await accessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  for (const name of ["Templates", "Costs", "Settings", "Health"]) {
    await page.locator(`#open-${name.toLowerCase()}`).click();
    await page.getByRole("main", { name }).waitFor();
    await accessible(page);
    await shot(page, `${name.toLowerCase()}-dark`);
  }
  await page.keyboard.press("Escape");
  await page.getByRole("main", { name: "Health" }).waitFor({ state: "detached" });
});
await page.emulateMedia({ colorScheme: "light" });
await page.setViewportSize({ width: 420, height: 800 });
await check("a narrow window shows one half at a time and finds back", async () => {
  await page.reload();
  await page.locator("#pile-all").click();
  await rows.first().waitFor();
  await open(await rows.first().getAttribute("data-conversation"));
  await page.locator("#messages").waitFor();
  await page.getByRole("button", { name: "Back to the list" }).click();
  await rows.first().waitFor();
  await accessible(page);
});
await shot(page, "narrow-light");
await check("no error on the console and no violation of the content security policy", async () => {
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
});

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
