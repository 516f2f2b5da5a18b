import { expect, test } from "bun:test";
import { readTestEndpoints } from "#cli/test-endpoints.ts";

const read = (text?: string) => readTestEndpoints({ JIGGABLEND_TEST_OAUTH_ENDPOINTS: text });
const at = (origin: string) => ({ authorize: `${origin}/a`, token: `${origin}/t`, userInfo: `${origin}/u` });

test("without the variable the providers are the real ones", () => {
  expect([read(), read("")]).toEqual([{}, {}]);
});

test.each(["http://127.0.0.1:4000", "http://localhost:4000"])("a provider at %s may stand in for a test", (origin) => {
  expect(read(JSON.stringify({ google: at(origin) }))).toEqual({ google: at(origin) });
});

test.each([
  "https://evil.example",
  "http://127.0.0.1.evil.example",
  "http://localhost@evil.example",
  "http://localhost:4000@evil.example",
  "http://10.0.0.1",
])("a provider at %s may not", (origin) => {
  expect(() => read(JSON.stringify({ google: at(origin) }))).toThrow("on this machine alone");
});

test.each(['{"google":{}}', '{"google":null}', '{"google":7}'])("what names no addresses is refused: %s", (text) => {
  expect(() => read(text)).toThrow("on this machine alone");
});

test("what is not JSON is refused", () => {
  expect(() => read("{")).toThrow("is not JSON");
});
