import { Elysia, t } from "elysia";
import { blenderVersions } from "#manager/services/blender-versions.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { guards } from "../guards.ts";
import { count } from "./answers.ts";

const answer = t.Object({
  items: t.Array(
    t.Object({
      version: t.String(),
      stored: t.Boolean(),
      onManager: t.Boolean(),
      runners: count,
      runnerNames: t.Array(t.String()),
      downloadable: t.Boolean(),
    }),
  ),
});

/** The Blenders that jobs may name. */
export function blenderRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/blender" }).use(guards(farm)).get(
    "/versions",
    ({ caller }) => {
      const items = blenderVersions(farm, userOf(caller));
      return { items: items.map((one) => ({ ...one, stored: one.stored !== null })) };
    },
    { who: "user", response: { 200: answer } },
  );
}
