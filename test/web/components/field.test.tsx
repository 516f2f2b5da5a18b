import { expect, test } from "bun:test";
import { Field, SelectField } from "#web/components/field.tsx";
import { attributeOf, find } from "../support/parse.ts";

test("an input has its label, and says by what it is described", () => {
  const page = String(<Field name="frames" label="Frames" hint="Like 1-10" problem="No." input={{ value: "x" }} />);
  expect(find(page, "label", { for: "frames" })).toHaveLength(1);
  const [input] = find(page, "input", { id: "frames", name: "frames", value: "x" });
  expect(attributeOf(input, "aria-describedby")).toBe("frames-hint frames-problem");
  expect(attributeOf(input, "aria-invalid")).toBe("true");
});

test("an input in order is not marked", () => {
  const [input] = find(String(<Field name="frames" label="Frames" input={{}} />), "input");
  expect([attributeOf(input, "aria-describedby"), attributeOf(input, "aria-invalid")]).toEqual([null, null]);
});

test("a choice keeps what was chosen", () => {
  const options = [
    ["", "as it is"],
    ["a", "A"],
  ] as const;
  const page = String(<SelectField name="x" label="X" options={options} chosen="a" />);
  expect(attributeOf(find(page, "option", { value: "a" })[0], "selected")).toBe("");
  expect(attributeOf(find(page, "option", { value: "" })[0], "selected")).toBeNull();
});
