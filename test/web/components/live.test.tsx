import { expect, test } from "bun:test";
import { LiveContent } from "#web/components/live.tsx";
import { find } from "../support/parse.ts";

test("what changes holds the poller that asks for it, with the tag of what is shown", () => {
  const page = String(<LiveContent polling={{ url: "/jobs", tag: "abc", everySeconds: 3 }}>text</LiveContent>);
  const poller = {
    "hx-get": "/jobs",
    "hx-trigger": "every 3s",
    "hx-target": "#live",
    "hx-swap": "innerMorph",
    "hx-ptag": "abc",
  };
  expect(find(page, "div", poller)).toHaveLength(1);
});

test("what does not change any more asks for nothing", () => {
  expect(String(<LiveContent polling={null}>text</LiveContent>)).toBe("text");
});
