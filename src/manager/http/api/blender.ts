import { Elysia, t } from "elysia";
import { blenderVersions } from "#manager/services/blender-versions.ts";
import type { Farm } from "#manager/services/farm.ts";
import { guards } from "../guards.ts";
import { count } from "./answers.ts";

const answer = t.Object({ items: t.Array(t.Object({ version: t.String(), runners: count })) });

/** The Blenders that jobs may name. */
export function blenderRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/blender" })
    .use(guards(farm))
    .get("/versions", () => ({ items: blenderVersions(farm) }), { who: "user", response: { 200: answer } });
}
