import { Elysia } from "elysia";
import type { Farm } from "#manager/services/farm.ts";
import { pageBase, seeOther } from "../page-base.ts";
import { settingsPages } from "./settings.tsx";

/** The section of those who run the farm. */
export function adminPages(farm: Farm) {
  return new Elysia()
    .use(pageBase(farm))
    .get("/admin", () => seeOther("/admin/settings"), { who: "admin" })
    .use(settingsPages(farm));
}
