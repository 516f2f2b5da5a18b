import { Elysia } from "elysia";
import { COMMIT, VERSION } from "#system/build-info.ts";
import type { Farm } from "#manager/services/farm.ts";

/** For whoever watches the manager from outside. */
export function opsRoutes(farm: Farm) {
  return new Elysia().get("/healthz", () => {
    farm.db.query("SELECT 1").get();
    return { status: "ok", version: VERSION, commit: COMMIT };
  });
}
