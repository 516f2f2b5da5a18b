/** Stands before arguments that look like numbers, which cac would otherwise turn into them: a key `00123` must stay what it is. */
const MARK = "\u2060";
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^0x[\da-f]+$/i;

/** Marks all arguments, and values after `=`, that look like numbers. */
export function markNumbers(argv: readonly string[]): string[] {
  return argv.map((argument) => {
    const flag = /^(--[^=]+=)(.*)$/s.exec(argument);
    if (flag) return NUMBER.test(flag[2]!) ? `${flag[1]}${MARK}${flag[2]}` : argument;
    return NUMBER.test(argument) ? MARK + argument : argument;
  });
}

/** Takes the marks off again, in texts and in lists of them. */
export function unmark<T>(value: T): T {
  if (typeof value === "string") return (value.startsWith(MARK) ? value.slice(MARK.length) : value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => unmark(item)) as T;
  return value;
}
