import { expect, test } from "bun:test";
import { FrameGrid, type FrameState } from "#web/fragments/frame-grid.tsx";
import { attributeOf, find, textOf } from "../support/parse.ts";

const grid = (states: FrameState[], page = 1, pages = 1) =>
  String(
    <FrameGrid
      jobId={7}
      frames={{ cells: states.map((state, i) => ({ frame: i + 1, state })), page, pages }}
      pageUrl={(to) => `/jobs/7?frames=${to}`}
    />,
  );

test("frames that something can be said of lead to their page, and say their state in words too", () => {
  const page = grid(["done", "working", "failed", "waiting", "ended"]);
  const links = find(page, "a").map((link) => [attributeOf(link, "href"), attributeOf(link, "title")]);
  expect(links).toEqual([
    ["/jobs/7/frames/1", "done"],
    ["/jobs/7/frames/2", "running"],
    ["/jobs/7/frames/3", "failed"],
  ]);
});

test("the legend names those states that are there", () => {
  const page = grid(["done", "waiting"]);
  expect(find(page, "span").map((span) => attributeOf(span, "class"))).toEqual(["badge done", "badge waiting"]);
});

test("pages of frames lead to each other, and the ends lead nowhere", () => {
  const hrefs = (page: number) =>
    find(grid(["waiting"], page, 3), "a").map((link) => [attributeOf(link, "rel"), attributeOf(link, "href")]);
  expect(hrefs(1)).toEqual([["next", "/jobs/7?frames=2#frames"]]);
  expect(hrefs(2)).toEqual([
    ["prev", "/jobs/7?frames=1#frames"],
    ["next", "/jobs/7?frames=3#frames"],
  ]);
  expect(hrefs(3)).toEqual([["prev", "/jobs/7?frames=2#frames"]]);
  expect(textOf(grid(["waiting"]))).not.toContain("Later");
});

test("a page of 500 frames is light", () => {
  const page = grid(Array.from({ length: 500 }, () => "done" as const));
  expect(Bun.gzipSync(page).byteLength).toBeLessThan(5000);
});
