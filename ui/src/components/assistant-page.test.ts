import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { App } from "../state/app.svelte";
import { SECTIONS } from "../state/assistant-page.svelte";
import { decision, document as text, fact, lead, model, settings, skill } from "../test/assistant";
import { FakeHost, fails } from "../test/fake-host";
import Stage from "../test/Stage.svelte";
import Assistant from "../views/Assistant.svelte";
import { words } from "../words";

beforeEach(() => localStorage.clear());

const ready = { decided: 40, unchanged: 37, light: 1, heavy: 1, dismissed: 1, agreement: 0.86, ready: true, needed: 0, blind: 0, alike: null };
const full: FakeHost["answers"] = {
  list_skills: () => ({ skills: [skill("a", { name: "Prices", unfilled: ["{price:cut}"] }), skill("b", { name: "Hours", readiness: ready })], trained_ms: 3 }),
  list_documents: () => ({ documents: [text("d")] }),
  list_facts: () => ({ facts: [fact("price", "colour", "45 €")] }),
  assistant: () => settings({ texts: [{ key: "fallback", language: "en", text: "I do not know.", own: false }] }),
  model: () => model(),
  list_model_calls: () => ({ calls: [] }),
  list_leads: () => ({ leads: [lead("l")], next_cursor: null, total: 1 }),
  try_sentence: () => decision({ candidates: [{ skill_id: "a", name: "Prices", confidence: 0.9, example: "how much is it" }] }),
};

function page(section: (typeof SECTIONS)[number], answers: FakeHost["answers"] = full) {
  const host = new FakeHost(answers);
  const app = new App(host);
  app.connectivity.link = "up";
  app.page = "assistant";
  app.assistant.section = section;
  const { container } = render(Stage, { app, component: Assistant, given: {} });
  return { host, app, text: () => container.textContent.replace(/\s+/g, " ") };
}

describe("the assistant's page", () => {
  it.each(SECTIONS)("shows what there is under %s", async (section) => {
    const { text } = page(section);
    const known = { skills: "Prices", knowledge: "Text d", facts: "{price:cut}", try: "how much is it", insights: "37", leads: "Person l", model: "Nothing leaves it", behaviour: "I do not know." };
    await waitFor(() => expect(text()).toContain(known[section]));
  });

  it.each(["skills", "knowledge", "facts", "insights", "leads", "model", "behaviour"] as const)("says under %s when nothing can be loaded, and offers to try again", async (section) => {
    page(section, {});
    expect((await screen.findAllByRole("button", { name: words.retry })).length).toBeGreaterThan(0);
  });

  it("leads from what an answer lacks to the field that fills it", async () => {
    const { app } = page("skills");
    await fireEvent.click(await screen.findByRole("button", { name: /^Prices/ }));
    await fireEvent.click(screen.getByRole("button", { name: "Enter it: {price:cut}" }));
    expect(app.assistant.section).toBe("facts");
    await waitFor(() => expect(globalThis.document.activeElement).toBe(screen.getByLabelText("{price:cut}")));
  });

  it("asks before skills may answer by themselves, and names them", async () => {
    const { host } = page("insights", { ...full, save_skill: () => skill("b", { name: "Hours", autonomy: "bot" }) });
    await fireEvent.click(await screen.findByRole("button", { name: "Let this one answer by itself" }));
    expect(host.asked("save_skill")).toEqual([]);
    expect(screen.getByRole("dialog").textContent).toContain("Hours");
    await fireEvent.click(screen.getByRole("button", { name: "Let them answer" }));
    await waitFor(() => expect(host.asked("save_skill")[0]).toMatchObject({ skill_id: "b", autonomy: "bot" }));
  });

  it("teaches a skill the sentence that was tried", async () => {
    const { host } = page("try", { ...full, save_skill: () => skill("a", { name: "Prices" }) });
    await fireEvent.input(await screen.findByLabelText("What a customer might say"), { target: { value: "price?" } });
    await fireEvent.click(screen.getByRole("button", { name: "Try" }));
    await fireEvent.click(await screen.findByRole("button", { name: "Make this an example of Prices" }));
    await waitFor(() => expect(host.asked("save_skill")[0]?.examples).toContainEqual({ text: "price?", negative: false }));
    await screen.findByText("Learnt as an example of Prices.");
  });

  it("says what is wrong beside the field that is wrong", async () => {
    const refuse = fails({ kind: "answer", error: { code: "bad_request", message: "There is one of this name.", retryable: false, field: "name" } });
    page("skills", { ...full, save_skill: refuse });
    await fireEvent.click(await screen.findByRole("button", { name: /^Hours/ }));
    const name = screen.getByLabelText<HTMLInputElement>("Name");
    await fireEvent.input(name, { target: { value: "Prices" } });
    await fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("There is one of this name.");
    expect(name.getAttribute("aria-invalid")).toBe("true");
    expect(name.value).toBe("Prices");
  });
});
