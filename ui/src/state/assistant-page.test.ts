import { describe, expect, it } from "vitest";
import { Client } from "../api/client";
import type { DocumentView, LeadView, ListLeads, SaveAssistant } from "../api/generated";
import { decision, document, lead, model, settings, skill } from "../test/assistant";
import { FakeHost, fails } from "../test/fake-host";
import { AssistantPage } from "./assistant-page.svelte";
import { highlights } from "./bench.svelte";

function page(answers: FakeHost["answers"] = {}) {
  const host = new FakeHost({
    list_skills: () => ({ skills: [skill("a")], trained_ms: 1 }),
    list_documents: () => ({ documents: [document("d")] }),
    list_facts: () => ({ facts: [] }),
    assistant: () => settings(),
    model: () => model(),
    list_leads: () => ({ leads: [], next_cursor: null, total: 0 }),
    ...answers,
  });
  return { host, page: new AssistantPage(new Client(host), host) };
}

describe("the assistant's page", () => {
  it("asks again only for what was asked for before", async () => {
    const { host, page: room } = page();
    await room.changed([{ kind: "knowledge" }, { kind: "lead", lead_id: "l" }]);
    expect(host.calls).toEqual([]);
    await room.look();
    await room.leads.refresh();
    host.calls = [];
    await room.changed([{ kind: "knowledge" }]);
    expect(host.calls.map((call) => call.command).sort()).toEqual(["assistant", "list_facts", "list_skills", "model"]);
    host.calls = [];
    await room.changed([{ kind: "lead", lead_id: "l" }]);
    expect(host.calls.map((call) => call.command)).toEqual(["list_leads"]);
  });

  it("leads from a missing value to where it is entered", () => {
    const { page: room } = page();
    room.goToFill("{price:cut}");
    expect([room.section, room.facts.wanted]).toEqual(["facts", "{price:cut}"]);
    room.goToFill("{business.name}");
    expect([room.section, room.facts.wanted]).toEqual(["behaviour", null]);
  });

  it("keeps a form with something unsaved when Escape is pressed", async () => {
    const { page: room } = page();
    await room.look();
    room.openSkill("a");
    room.skills.draft!.name = "Other";
    expect(room.stepBack()).toBe(true);
    expect(room.skills.draft?.name).toBe("Other");
    room.skills.draft!.name = "Skill a";
    expect(room.stepBack()).toBe(true);
    expect(room.skills.draft).toBeNull();
    expect(room.stepBack()).toBe(false);
  });
});

describe("documents", () => {
  it("are read in one after the other, and what cannot be read says so without being handed in", async () => {
    const { host, page: room } = page({ import_document: ({ upload_id }) => document(upload_id ?? "", { passages: 4 }) });
    await room.knowledge.list.refresh();
    await room.knowledge.take([new File(["x"], "prices.PDF"), new File(["x"], "song.mp3"), new File(["x"], "faq.md")]);
    expect(host.did).toEqual(["upload prices.PDF", "upload faq.md"]);
    expect(room.knowledge.imports.map((item) => item.state)).toEqual(["done", "stuck", "done"]);
    expect(room.knowledge.imports[1]?.problem).toContain("PDF");
    expect(room.knowledge.all.map((one) => one.id)).toEqual(["up-faq.md", "up-prices.PDF", "d"]);
  });

  it("say in words why a file was refused, and can be tried again", async () => {
    let broken = true;
    const refuse = fails({ kind: "answer", error: { code: "bad_request", message: "This PDF is protected by a password.", retryable: false } });
    const { page: room } = page({ import_document: () => (broken ? refuse() : document("n")) });
    await room.knowledge.take([new File(["x"], "prices.pdf")]);
    const [item] = room.knowledge.imports;
    expect(item?.problem).toBe("This PDF is protected by a password.");
    broken = false;
    await room.knowledge.again(item!.key);
    expect(item?.state).toBe("done");
  });

  it("that are opened while another one is still on its way show the last one chosen", async () => {
    const waits: ((view: DocumentView) => void)[] = [];
    const { page: room } = page({ document: ({ document_id }) => new Promise((done) => waits.push(() => done(document(document_id, { text: `of ${document_id}` })))) });
    const first = room.knowledge.open("d");
    const second = room.knowledge.open("e");
    waits[1]?.(document("e"));
    waits[0]?.(document("d"));
    await Promise.all([first, second]);
    expect([room.knowledge.draft?.id, room.knowledge.draft?.text]).toEqual(["e", "of e"]);
  });

  it("need a title and a text before they are saved", async () => {
    const { host, page: room } = page();
    room.knowledge.write();
    room.knowledge.draft!.url = "olaria";
    expect(await room.knowledge.save()).toBe(false);
    expect([...room.knowledge.problems.keys()]).toEqual(["title", "text", "url"]);
    expect(host.asked("save_document")).toEqual([]);
  });
});

describe("the bench", () => {
  it("shows what the newest sentence leads to, however late an older answer comes", async () => {
    const waits: (() => void)[] = [];
    const { page: room } = page({ try_sentence: ({ text }) => new Promise((done) => waits.push(() => done(decision({ text })))) });
    const first = room.bench.try("one");
    const second = room.bench.try("two");
    waits[1]?.();
    waits[0]?.();
    await Promise.all([first, second]);
    expect([room.bench.tried, room.bench.result?.text]).toEqual(["two", "two"]);
  });

  it("plays a chat with all that was said so far, and asks the model only when told to", async () => {
    const { host, page: room } = page({ simulate: ({ lines }) => decision({ text: `answer ${lines.length}` }) });
    await room.bench.say("hello");
    room.bench.model = true;
    await room.bench.say("how much?");
    expect(host.asked("simulate")).toEqual([
      { lines: [{ author: "customer", text: "hello" }] },
      { lines: [{ author: "customer", text: "hello" }, { author: "assistant", text: "answer 1" }, { author: "customer", text: "how much?" }], model: true },
    ]);
    room.bench.opened = room.bench.lines[3]!.key;
    expect(room.bench.shown?.text).toBe("answer 3");
  });

  it("keeps the line when no answer could be made, and asks again for it", async () => {
    let up = false;
    const { page: room } = page({ simulate: () => (up ? decision() : fails({ kind: "unreachable" })()) });
    await room.bench.say("hello");
    expect([room.bench.lines.length, room.bench.chatTrouble]).toEqual([1, { kind: "unreachable" }]);
    up = true;
    await room.bench.answer();
    expect([room.bench.lines.length, room.bench.chatTrouble]).toEqual([2, null]);
  });

  it("marks the words of the question in a passage, whatever their endings and accents", () => {
    const marked = (passage: string, question: string) => highlights(passage, question).filter((piece) => piece.marked).map((piece) => piece.text);
    expect(marked("We deliver on Mondays. Delivery costs 5 €.", "when do you deliver on monday?")).toEqual(["deliver", "Mondays", "Delivery"]);
    expect(marked("Aberto às segundas", "aberto SEGUNDAS")).toEqual(["Aberto", "segundas"]);
    expect(highlights("a 👍 b", "x").map((piece) => piece.text).join("")).toBe("a 👍 b");
  });
});

describe("the language model", () => {
  it("is handed a key only when one was typed, and never gets one back", async () => {
    const kept = model({ kind: "openai", base_url: "https://api.example/v1", model: "small", has_key: true, price_in: 1.5 });
    const { host, page: room } = page({ model: () => kept, save_model: () => kept, list_model_calls: () => ({ calls: [] }) });
    await room.model.refresh();
    expect(room.model.draft).toMatchObject({ choice: "openai", key: "", priceIn: "1.5" });
    room.model.draft!.model = "large";
    await room.model.save();
    expect(host.asked("save_model")[0]).not.toHaveProperty("key");
    room.model.draft!.key = "sk-1";
    await room.model.save();
    expect(host.asked("save_model")[1]).toMatchObject({ kind: "openai", key: "sk-1", base_url: "https://api.example/v1" });
    expect(room.model.draft?.key).toBe("");
  });

  it("takes its address from a server that was found here", async () => {
    const server = { name: "Ollama", base_url: "http://127.0.0.1:11434/v1", models: ["llama"] };
    const { host, page: room } = page({ find_models: () => ({ found: [server] }), save_model: () => model(), list_model_calls: () => ({ calls: [] }) });
    await room.model.refresh();
    room.model.choose("local");
    expect(await room.model.save()).toBe(false);
    room.model.pick(server, "llama");
    await room.model.save();
    expect(host.asked("save_model")).toEqual([{ kind: "openai", base_url: server.base_url, model: "llama", price_in: 0, price_out: 0, daily_limit: null, contact_tokens: 0, embeddings: false, embedding_model: null }]);
  });

  it("reads prices with comma or point, and says when one is none", async () => {
    const { page: room } = page();
    await room.model.refresh();
    room.model.choose("anthropic");
    Object.assign(room.model.draft!, { model: "m", key: "k", priceIn: "2,50", priceOut: "many", limit: "" });
    await room.model.save();
    expect([...room.model.problems.keys()]).toEqual(["price_out"]);
  });
});

describe("how it behaves", () => {
  it("keeps what is being written while something else is saved", async () => {
    let kept = settings();
    const { page: room } = page({ assistant: () => kept, save_assistant: (change: SaveAssistant) => (kept = { ...kept, ...(change as Partial<typeof kept>) }) });
    const { behaviour } = room;
    await behaviour.refresh();
    behaviour.instructions = "Be brief.";
    behaviour.name = "Olaria Azul";
    await behaviour.saveShop();
    expect([behaviour.changed("shop"), behaviour.changed("instructions"), behaviour.instructions]).toEqual([false, true, "Be brief."]);
  });

  it("asks its questions in the order they were put into, each field once", async () => {
    const { host, page: room } = page({ save_assistant: () => settings() });
    const { behaviour } = room;
    await behaviour.refresh();
    behaviour.ask("date");
    behaviour.ask("budget");
    for (const one of behaviour.intake) one.texts[""] = `your ${one.field}?`;
    behaviour.move(behaviour.intake[1]!.id, -1);
    behaviour.intake[1]!.field = "budget";
    expect(await behaviour.saveIntake()).toBe(false);
    behaviour.intake[1]!.field = "place";
    expect(await behaviour.saveIntake()).toBe(true);
    expect(host.asked("save_assistant")).toEqual([{ intake: [{ field: "budget", question: { "": "your budget?" } }, { field: "place", question: { "": "your date?" } }] }]);
  });
});

describe("leads", () => {
  const many = (n: number): LeadView[] => Array.from({ length: n }, (_, i) => lead(`l${i}`));

  it("come page by page, each of them once", async () => {
    const all = many(70);
    const pages = ({ cursor, limit = 50 }: ListLeads) => {
      const from = cursor === undefined ? 0 : Number(cursor);
      const to = from + limit;
      return { leads: all.slice(Math.max(0, from - 1), to), next_cursor: to < all.length ? String(to) : null, total: all.length };
    };
    const { page: room } = page({ list_leads: pages });
    await room.leads.refresh();
    expect([room.leads.rows.length, room.leads.more]).toEqual([50, true]);
    await room.leads.loadMore();
    expect([room.leads.rows.length, room.leads.more]).toEqual([70, false]);
  });

  it("are exported as they are filtered", async () => {
    const { host, page: room } = page({ export_leads: () => ({ file_name: "leads.csv", csv: "name\nAna" }) });
    room.leads.filter = { status: "open", temperature: "hot", channel: "", field: "budget", text: " ana " };
    expect(await room.leads.exportAll()).toBe(true);
    expect(host.asked("export_leads")).toEqual([{ status: "open", temperature: "hot", field: "budget", text: "ana" }]);
    expect(host.texts.get("leads.csv")).toBe("name\nAna");
  });

  it("keep their place when their state cannot be changed", async () => {
    const { page: room } = page({ list_leads: () => ({ leads: many(2), next_cursor: null, total: 2 }), set_lead_status: fails({ kind: "unreachable" }) });
    await room.leads.refresh();
    expect(await room.leads.setStatus(room.leads.rows[1]!, "won")).toBe(false);
    expect([room.leads.rows[1]?.status, room.leads.actTrouble?.id]).toEqual(["new", "l1"]);
  });
});
