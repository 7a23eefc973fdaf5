import { fireEvent, render, screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import { skill } from "../test/assistant";
import SkillRows from "./assistant-page/SkillRows.svelte";

describe("a list of which one is chosen", () => {
  it("is walked by the arrows, and Enter on a row chooses it, so that an arrow leaves no form behind", async () => {
    const chosen: string[] = [];
    const skills = ["a", "b", "c"].map((id) => skill(id));
    render(SkillRows, { skills, chosen: "a", onchoose: (id: string) => chosen.push(id) });
    const rows = screen.getAllByRole("button");
    expect(rows.map((row) => row.getAttribute("aria-current"))).toEqual(["true", null, null]);
    rows[0]?.focus();
    await fireEvent.keyDown(rows[0] as HTMLElement, { key: "ArrowDown" });
    expect([document.activeElement === rows[1], chosen]).toEqual([true, []]);
    await fireEvent.click(rows[1] as HTMLElement);
    expect(chosen).toEqual(["b"]);
    await fireEvent.keyDown(rows[2] as HTMLElement, { key: "ArrowDown" });
    expect(document.activeElement).toBe(rows[1]);
  });
});
