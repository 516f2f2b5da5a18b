import { basename } from "node:path";

/** Stands in for Blender's release site: listings, archives, and what their SHA-256 is published to be. */
export type ReleaseSite = AsyncDisposable & {
  url: string;
  /** The ranges that archives were asked for, in their order; `whole` without one. */
  asked: string[];
  /** The next answer with an archive is cut off after so many bytes. */
  cutAfter: (bytes: number) => void;
  /** The next answer with an archive says no more after so many bytes, and stays open. */
  holdAfter: (bytes: number) => void;
};

/** Offers archives named as the official ones; `wrongSums` publishes a SHA-256 that none of them has. */
export async function releaseSite(archives: readonly string[], wrongSums = false): Promise<ReleaseSite> {
  const asked: string[] = [];
  let cut: number | null = null;
  let holds = false;
  const files = new Map(archives.map((path) => [basename(path), path]));
  const answer = async (name: string, request: Request): Promise<Response> => {
    const path = files.get(name);
    if (path) return archive(path, request);
    const sums = /^blender-([\d.]+)\.sha256$/.exec(name)?.[1];
    const summed = [...files].find(([file]) => file.startsWith(`blender-${sums}-`));
    if (!summed) return new Response("no such file", { status: 404 });
    const sha256 = new Bun.CryptoHasher("sha256").update(await Bun.file(summed[1]).arrayBuffer()).digest("hex");
    return new Response(`${wrongSums ? "0".repeat(64) : sha256}  ${summed[0]}\n`);
  };
  const archive = (path: string, request: Request): Response => {
    const range = request.headers.get("range");
    asked.push(range ?? "whole");
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    const file = Bun.file(path).slice(from);
    const headers = { "content-length": String(file.size) };
    if (cut === null) return new Response(file, { status: range ? 206 : 200, headers });
    const first = file.slice(0, cut);
    cut = null;
    const isHeld = holds;
    holds = false;
    // It says how much there is, and breaks off or says no more.
    const body = new ReadableStream({
      start: async (to) => {
        to.enqueue(new Uint8Array(await first.arrayBuffer()));
        if (!isHeld) setTimeout(() => to.error(new Error("cut")), 100);
      },
    });
    return new Response(body, { status: range ? 206 : 200, headers });
  };
  const listing = (names: Iterable<string>): Response =>
    new Response([...names].map((name) => `<a href="${name}">${name}</a>`).join("\n"));
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      const [series, name] = new URL(request.url).pathname.split("/").slice(2);
      const seriesOf = (file: string): string => `Blender${/(\d+\.\d+)\./.exec(file)![1]}`;
      const all = [...files.keys()];
      if (!series) return listing(new Set(all.map((file) => `${seriesOf(file)}/`)));
      if (name) return answer(name, request);
      const here = all.filter((file) => seriesOf(file) === series);
      return here.length > 0 ? listing(here) : new Response("", { status: 404 });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}/release/`,
    asked,
    cutAfter: (bytes) => void (cut = bytes),
    holdAfter: (bytes) => {
      cut = bytes;
      holds = true;
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
