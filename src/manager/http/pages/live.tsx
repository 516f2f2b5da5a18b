import type { Context } from "elysia";
import type { Safe } from "#jsx/jsx-runtime";
import { LiveContent } from "#web/components/live.tsx";
import { pageTitle } from "#web/layout.tsx";
import { isHtmx } from "./page-base.ts";

export type LivePage = {
  title: string;
  /** The address of the page itself; htmx asks it for the live part. */
  url: string;
  /** How often to ask; null when nothing will change any more. */
  everySeconds: number | null;
  content: Safe;
  /** Says whether the content has changed, where its own HTML does not. */
  stamp?: string;
  /** The address of the icon for the browser's tab, where it says something. */
  icon?: string;
  /** What htmx puts elsewhere in the page with this answer, as elements that say where. */
  beside?: Safe;
  /** The whole page around its live part. */
  page: (live: Safe) => Safe;
};

export type Answerer = Pick<Context, "request" | "set"> & { html: (page: string) => unknown };

/**
 * Answers with a page, or to htmx with its live part: 304 while that is the same as what the browser has, by its tag.
 */
export function answerLive({ request, set, html }: Answerer, live: LivePage): unknown {
  const tag = Bun.hash(live.title + (live.stamp ?? live.content.html)).toString(36);
  const { url, everySeconds, icon, beside } = live;
  const polling = everySeconds === null ? null : { url, tag, everySeconds };
  const part = (
    <LiveContent polling={polling} icon={icon}>
      {live.content}
    </LiveContent>
  );
  set.headers["vary"] = "hx-request";
  if (!isHtmx(request)) return html(String(live.page(part)));
  if (request.method === "GET" && polling && request.headers.get("hx-ptag") === tag)
    return new Response(null, { status: 304 });
  set.headers["hx-ptag"] = tag;
  return html(
    String(
      <>
        <title>{pageTitle(live.title)}</title>
        {part}
        {beside}
      </>,
    ),
  );
}
