import { html } from "@elysiajs/html";
import { Elysia } from "elysia";
import type { Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import type { Chrome } from "#web/chrome.ts";
import { ASSETS_PATH } from "../assets.ts";
import { compression } from "../compression.ts";
import { guards } from "../guards.ts";

/** What all pages share: `html` answers with one, `who` says for whom it is, and no browser keeps it after signing out. */
export function pageBase(farm: Farm) {
  return new Elysia({ name: "page-base" })
    .use(html({ autoDetect: false, contentType: "text/html; charset=utf-8" }))
    .use(compression)
    .use(guards(farm))
    .onBeforeHandle(({ set }) => {
      set.headers["cache-control"] = "no-store";
    })
    .as("scoped");
}

/** What surrounds a page for a caller. */
export function chromeFor(caller: Caller, section: Chrome["section"]): Chrome {
  return { user: "user" in caller ? caller.user : null, section, assets: ASSETS_PATH };
}

/** Sends a browser on to a page of ours, with GET; it keeps the cookies. */
export function seeOther(path: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location: path });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

/** Whether htmx asks, for a part of a page. */
export function isHtmx(request: Request): boolean {
  return request.headers.get("hx-request") === "true";
}
