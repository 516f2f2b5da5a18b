import { AppError } from "#domain/app-error.ts";

/** Until an answer begins. */
const ANSWER_SECONDS = 30;

export type Asking = { signal: AbortSignal; site: string };

/** Asks the release site; an answer of 404 or 416 comes back, any other that is no success throws `unavailable`. */
export async function askSite(asking: Asking, url: string, headers: Record<string, string> = {}): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error("no answer")), ANSWER_SECONDS * 1000);
  try {
    const signal = AbortSignal.any([asking.signal, late.signal]);
    const response = await fetch(url, { headers: { "accept-encoding": "identity", ...headers }, signal });
    if (response.ok || response.status === 404 || response.status === 416) return response;
    throw new AppError("unavailable", `${url} answers ${response.status} ${response.statusText}.`);
  } catch (error) {
    asking.signal.throwIfAborted();
    if (error instanceof AppError || headers["range"] !== undefined) throw error;
    throw new AppError("unavailable", `${asking.site} cannot be reached: ${siteTrouble(error)}.`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** What went wrong with a connection, for the middle of a sentence. */
export function siteTrouble(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\.$/, "");
}

/** The archives for Linux that a listing names; the first group is the version. */
export const RELEASE_ARCHIVE = /blender-(\d+\.\d+\.\d+)-linux-?(?:x64|x86_64|64)\.tar\.xz/g;

/** Every version that the site has for Linux, by its listings. Throws as `askSite`. */
export async function listReleases(asking: Asking): Promise<string[]> {
  const listing = await (await askSite(asking, asking.site)).text();
  const folders = new Set([...listing.matchAll(/\bBlender(\d+\.\d+)\//g)].map((match) => match[0]));
  const versions = new Set<string>();
  for (const folder of folders) {
    const files = await (await askSite(asking, new URL(folder, asking.site).href)).text();
    for (const match of files.matchAll(RELEASE_ARCHIVE)) versions.add(match[1]!);
  }
  return [...versions];
}
