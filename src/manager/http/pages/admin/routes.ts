import { Elysia } from "elysia";
import type { Farm } from "#manager/services/farm.ts";
import { pageBase, seeOther } from "../page-base.ts";
import { blenderPages } from "./blender.tsx";
import { keyPages } from "./keys.tsx";
import { settingsPages } from "./settings.tsx";
import { signInSettingPages } from "./sign-ins.ts";
import { statsPages } from "./stats.tsx";
import { userPages } from "./user.ts";
import { userListPages } from "./users.tsx";

/** The section of those who run the farm. */
export function adminPages(farm: Farm) {
  return new Elysia()
    .use(pageBase(farm))
    .get("/admin", () => seeOther("/admin/stats"), { who: "admin" })
    .use(statsPages(farm))
    .use(userListPages(farm))
    .use(userPages(farm))
    .use(keyPages(farm))
    .use(blenderPages(farm))
    .use(settingsPages(farm))
    .use(signInSettingPages(farm));
}
