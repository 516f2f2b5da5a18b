import { expect, test } from "bun:test";
import { icons } from "#manager/http/icons.ts";

const ask = (name: string) => icons.handle(new Request(`http://localhost/icons/${name}`));

test("a tab's icon is a ring in the colour of the state, closed as far as the job is done", async () => {
  const answer = await ask("running-25.svg");
  expect(answer.headers.get("content-type")).toBe("image/svg+xml");
  expect(answer.headers.get("cache-control")).toContain("max-age");
  const half = await (await ask("running-50.svg")).text();
  expect(await answer.text()).toContain('stroke-dasharray="18.85 75.40"');
  expect(half).toContain('stroke-dasharray="37.70 75.40"');
});

test.each(["running-101.svg", "unknown-5.svg", "running.svg", "running-5.png"])("there is no icon %s", async (name) => {
  expect((await ask(name)).status).not.toBe(200);
});
