/**
 * Stands before arguments that cac would not leave as they are: it turns what looks like a number into one, and a key `00123` must stay
 * what it is; it drops a lone `-`, which stands for standard input.
 */
const MARK = "\u2060";
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^0x[\da-f]+$/i;

/** Marks all arguments, and values after `=`, that look like numbers, and a lone `-`. */
export function markNumbers(argv: readonly string[]): string[] {
  return argv.map((argument) => {
    const flag = /^(--[^=]+=)(.*)$/s.exec(argument);
    if (flag) return NUMBER.test(flag[2]!) ? `${flag[1]}${MARK}${flag[2]}` : argument;
    return NUMBER.test(argument) || argument === "-" ? MARK + argument : argument;
  });
}

/** Takes the marks off again, in texts and in lists of them. */
export function unmark<T>(value: T): T {
  if (typeof value === "string") return (value.startsWith(MARK) ? value.slice(MARK.length) : value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => unmark(item)) as T;
  return value;
}
