import { expect, test } from "bun:test";
import { Moment, Since } from "#web/components/moment.tsx";
import { NOON_MS } from "../support/fixtures.ts";

test("a time is exact for the script, and UTC for those without it", () => {
  expect(String(<Moment atMs={NOON_MS} />)).toBe(
    '<time datetime="2026-01-31T12:00:00.000Z">31 Jan 2026, 12:00 UTC</time>',
  );
});

test("what goes on is marked for the script to let it run", () => {
  expect(String(<Since atMs={NOON_MS} />)).toContain(" data-since>since 31 Jan 2026");
});
