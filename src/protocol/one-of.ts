import { t } from "elysia";

/** One of a few words. Elysia's own `t.UnionEnum` would fill in the first of them where none is given. */
export function oneOf<const Word extends string>(words: readonly Word[]) {
  return t.Unsafe<Word>(t.String({ pattern: `^(${words.join("|")})$` }));
}
