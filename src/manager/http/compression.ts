import { Elysia } from "elysia";

/** What shrinks; pictures and EXRs do not. */
const COMPRESSIBLE = /^(text\/(html|css|javascript)|image\/svg\+xml)\b/;

/** Smaller bodies fit into one packet anyway. */
const LEAST_BYTES = 1000;

/**
 * Compresses the pages, styles and scripts of the plugin that uses this, never a download: whole bodies are held in memory for it.
 * The pages hold no secret beside what a caller wrote into them, so that their length tells nothing (BREACH).
 */
export const compression = new Elysia({ name: "compression" }).mapResponse(
  { as: "scoped" },
  async ({ responseValue, request }) => {
    if (!(responseValue instanceof Response) || !responseValue.body) return;
    const { headers, status } = responseValue;
    if (!COMPRESSIBLE.test(headers.get("content-type") ?? "")) return;
    headers.append("vary", "accept-encoding");
    if (!/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")) return responseValue;
    const body = await responseValue.arrayBuffer();
    if (body.byteLength < LEAST_BYTES) return new Response(body, { headers, status });
    headers.set("content-encoding", "gzip");
    return new Response(Bun.gzipSync(body), { headers, status });
  },
);
