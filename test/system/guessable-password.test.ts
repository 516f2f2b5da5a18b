import { expect, test } from "bun:test";
import { isGuessable } from "#system/guessable-password.ts";

test.each([
  "password1234",
  "passwordpassword",
  "123456789012",
  "aaaaaaaaaaaa",
  "qwertyuiop[]",
  "1qaz2wsx3edc",
  "Password123!",
  "P@ssw0rd1234",
  "administrator",
  "abcdefghijkl",
  "a".repeat(1000),
])("%s is guessed soon", async (password) => {
  expect(await isGuessable(password, [])).toBe(true);
});

test.each(["mellow-otter-42", "correct horse battery", "kV7#mdpQ2xLs", "Grüße aus dem Süden"])(
  "%s is not",
  async (password) => {
    expect(await isGuessable(password, [])).toBe(false);
  },
);

test("one's own address is guessed soon by who knows it", async () => {
  expect(await isGuessable("zuckerbrot.k@example.com", ["zuckerbrot.k@example.com"])).toBe(true);
  expect(await isGuessable("zuckerbrot.k@example.com", [])).toBe(false);
});

test("the longest password that anybody sends is judged in well under a second", async () => {
  await isGuessable("the list is unpacked once", []);
  const start = performance.now();
  await isGuessable("aB3$xY".repeat(200), []);
  expect(performance.now() - start).toBeLessThan(500);
});
