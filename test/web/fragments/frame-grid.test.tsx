import { expect, test } from "bun:test";
import type { FrameState } from "#domain/frame-state.ts";
import { FrameGrid } from "#web/fragments/frame-grid.tsx";
import { attributeOf, find, textOf } from "../support/parse.ts";

const grid = (states: FrameState[], page = 1, pages = 1) =>
  String(
    <FrameGrid
      jobId={7}
      frames={{
        ...{ page, pages, at: null },
        cells: states.map((state, i) => ({ frame: i + 1, state })),
        counts: new Map(states.map((state) => [state, 1])),
      }}
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

test("a frame that is filed shows its picture, small, and only once somebody looks", () => {
  const images = find(grid(["done", "working", "failed"]), "img");
  expect(images.map((image) => attributeOf(image, "src"))).toEqual(["/api/jobs/7/frames/1/preview?size=small"]);
  expect(attributeOf(images[0], "loading")).toBe("lazy");
});

test("the frame that was looked for is marked", () => {
  const frames = {
    ...{ page: 1, pages: 1, at: 2, counts: new Map() },
    cells: [1, 2].map((frame) => ({ frame, state: "waiting" as const })),
  };
  const page = String(<FrameGrid jobId={7} frames={frames} pageUrl={() => ""} />);
  expect(find(page, "i", { "aria-current": "true" }).map((cell) => attributeOf(cell, "id"))).toEqual(["f2"]);
});

test("the legend names those states that are there", () => {
  const page = grid(["done", "waiting"]);
  expect(find(page, "span").map((span) => attributeOf(span, "class"))).toEqual(["badge done", "badge waiting"]);
  expect(textOf(page)).toContain("1 done 1 waiting");
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
  expect(Bun.gzipSync(page).byteLength).toBeLessThan(9000);
});
