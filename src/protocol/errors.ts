import { t } from "elysia";

/** Every error answer has this shape. */
export const errorAnswer = t.Object({
  error: t.Object({ code: t.String(), message: t.String(), requestId: t.String() }),
});
