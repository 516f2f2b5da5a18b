import { expect, test } from "bun:test";
import { Elysia, t } from "elysia";
import { oneOf } from "#protocol/one-of.ts";

const color = t.Optional(oneOf(["red", "green"]));
const app = new Elysia().post("/", ({ body, query }) => ({ body, query }), {
  body: t.Object({ color }),
  query: t.Object({ color }),
});

async function post(body: unknown, query = ""): Promise<{ status: number; answer: unknown }> {
  const headers = { "content-type": "application/json" };
  const request = new Request(`http://localhost/${query}`, { method: "POST", headers, body: JSON.stringify(body) });
  const response = await app.handle(request);
  return { status: response.status, answer: await response.json() };
}

test("a word that is not given stays away", async () => {
  expect(await post({})).toEqual({ status: 200, answer: { body: {}, query: {} } });
});

test("only the words themselves are taken", async () => {
  expect(await post({ color: "green" }, "?color=red")).toEqual({
    status: 200,
    answer: { body: { color: "green" }, query: { color: "red" } },
  });
  for (const wrong of ["blue", "reddish", "red|green", "", null, 1])
    expect((await post({ color: wrong })).status).toBe(422);
  expect((await post({}, "?color=blue")).status).toBe(422);
});
