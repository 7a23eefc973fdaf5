import { expect, it } from "vitest";
import css from "./tokens.css?raw";

it("has the same dark colours whether chosen or set by the system", () => {
  const colours = (start: string) => {
    const from = css.indexOf(start);
    return css
      .slice(css.indexOf("{", from) + 1, css.indexOf("}", from))
      .split(";")
      .map((line: string) => line.trim());
  };
  expect(colours(':root[data-theme="dark"]').length).toBeGreaterThan(20);
  expect(colours(":root:not([data-theme])")).toEqual(colours(':root[data-theme="dark"]'));
});
