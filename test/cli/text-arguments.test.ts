import { expect, test } from "bun:test";
import cac from "cac";
import { markNumbers, unmark } from "#cli/text-arguments.ts";

/** What a command with one argument and one flag gets to see. */
function parsed(...argv: string[]): { what: unknown; key: unknown } {
  const cli = cac("test");
  let seen: { what: unknown; key: unknown } = { what: undefined, key: undefined };
  cli
    .command("see <what>", "")
    .option("--key <key>", "")
    .action((what: unknown, options: { key: unknown }) => {
      seen = { what: unmark(what), key: unmark(options.key) };
    });
  cli.parse(["", "test", ...markNumbers(["see", ...argv])]);
  return seen;
}

test("what looks like a number stays the text it is", () => {
  for (const text of ["00123", "1e5", "0x10", "-5", ".5"]) {
    expect(parsed("x", `--key=${text}`).key).toBe(text);
    expect(parsed(text).what).toBe(text);
  }
  expect(parsed("x", "--key", "00123").key).toBe("00123");
});

test("a lone - is an argument", () => {
  expect(parsed("-").what).toBe("-");
  expect(parsed("-", "--key", "k")).toEqual({ what: "-", key: "k" });
});
