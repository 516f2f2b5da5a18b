import { open, rm, stat } from "node:fs/promises";
import { AppError } from "#domain/app-error.ts";
import { mayDownload } from "#domain/blender-download.ts";
import { isMeantBy, newestFirst, parseVersion, seriesOf } from "#domain/blender-version.ts";
import { takeDownloadPlace } from "#manager/storage/blender-downloads.ts";
import { storageError } from "#manager/storage/storage-error.ts";
import { byteSize } from "#manager/storage/byte-size.ts";
import { hashFile } from "#programs/own/hash.ts";
import type { BlenderOffice } from "./blender-office.ts";
import { mustHaveRoom } from "./blender-office.ts";
import { askSite, RELEASE_ARCHIVE, siteTrouble, type Asking } from "./release-site.ts";
import { readSetting } from "./settings.ts";

/** A release on the site: its archive, and what that must hash to. */
export type Release = { version: string; file: string; url: string; sha256: string };

/** A packed Blender unpacks to three or four times its size; what it says itself is known when all of it is there. */
export const UNPACKED_RATIO = 4;

/** Connections that a download may take, for each time that nothing came any more. */
const CONNECTIONS = 5;

/**
 * Finds the newest release that a version means on the farm's mirror of the release site. Throws `forbidden` where the farm does not allow
 * it, `not_found`, or `unavailable` with what is wrong with the site.
 */
export async function findRelease(office: BlenderOffice, wish: string, signal: AbortSignal): Promise<Release> {
  const rule = readSetting(office, "blender-download");
  if (!parseVersion(wish)) throw new AppError("bad_request", `"${wish}" is no version of Blender; write 4.2 or 4.2.3.`);
  if (rule === "off")
    throw new AppError("forbidden", "Fetching Blender is switched off (the setting blender-download).");
  const asking = { signal, site: readSetting(office, "blender-mirror") };
  const folder = `Blender${seriesOf(wish)}/`;
  const listed = await text(asking, folder);
  const found = new Map([...listed.matchAll(RELEASE_ARCHIVE)].map((match) => [match[1]!, match[0]]));
  const meant = [...found.keys()].filter((version) => isMeantBy(version, wish)).sort(newestFirst);
  const version = meant.find((one) => mayDownload(rule, one));
  if (version === undefined) {
    if (meant.length > 0)
      throw new AppError(
        "forbidden",
        `The farm does not fetch Blender ${wish}: its setting blender-download is ${rule}.`,
      );
    throw new AppError("not_found", `${asking.site} has no Blender ${wish} for Linux.`);
  }
  const file = found.get(version)!;
  const sums = await text(asking, `${folder}blender-${version}.sha256`);
  const sha256 = new RegExp(`^([0-9a-f]{64})\\s+\\*?${file.replaceAll(".", "\\.")}\\s*$`, "im").exec(sums)?.[1];
  if (!sha256)
    throw new AppError("unavailable", `${asking.site} publishes no SHA-256 of ${file}, so it is not fetched.`);
  return { version, file, url: new URL(folder + file, asking.site).href, sha256: sha256.toLowerCase() };
}

async function text(asking: Asking, path: string): Promise<string> {
  const response = await askSite(asking, new URL(path, asking.site).href);
  if (response.status === 404) throw new AppError("not_found", `${asking.site} has no ${path.replace(/\/$/, "")}.`);
  return response.text();
}

/**
 * Fetches a release's archive, checked by its SHA-256. What has come stays when it is cut off, and the next time goes on from there. Returns
 * where it lies; the caller takes it away. Throws `unavailable`, `wrong_digest`, `disk_full` or `conflict`.
 */
export async function fetchRelease(
  office: BlenderOffice,
  release: Release,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number, total: number | null) => void },
): Promise<string> {
  await using place = await takeDownloadPlace(office.storage, release.version, release.sha256);
  if (!place) throw new AppError("conflict", `Blender ${release.version} is being fetched already.`);
  const { path } = place;
  await receiveAll(office, release, path, { signal, onProgress });
  const { sha256 } = await hashFile(path, { signal });
  if (sha256 === release.sha256) return path;
  await rm(path, { force: true });
  throw new AppError(
    "wrong_digest",
    `${release.file} does not have the SHA-256 that is published; nothing of it was kept.`,
  );
}

async function receiveAll(
  office: BlenderOffice,
  release: Release,
  path: string,
  watch: { signal: AbortSignal; onProgress: (done: number, total: number | null) => void },
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const before = await sizeOf(path);
    try {
      return await receiveRest(office, release, path, watch);
    } catch (error) {
      watch.signal.throwIfAborted();
      const told = storageError(error);
      if (told instanceof AppError) throw told;
      const kept = await sizeOf(path);
      if (kept > before) tries = 1;
      if (tries < CONNECTIONS) {
        await Bun.sleep(200 * 2 ** tries);
        continue;
      }
      const goesOn = kept === 0 ? "" : ` The ${byteSize(kept)} that came are kept; adding it again goes on from there.`;
      throw new AppError("unavailable", `The download was cut off: ${siteTrouble(error)}.${goesOn}`, { cause: error });
    }
  }
}

async function receiveRest(
  office: BlenderOffice,
  release: Release,
  path: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number, total: number | null) => void },
): Promise<void> {
  const have = await sizeOf(path);
  const range: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
  const stalled = new AbortController();
  const response = await askSite(
    { signal: AbortSignal.any([signal, stalled.signal]), site: release.url },
    release.url,
    range,
  );
  if (response.status === 416) return; // all of it is here; its hash will tell
  if (response.status === 404) throw new AppError("not_found", `${release.url} is not there.`);
  let done = response.status === 206 ? have : 0;
  const length = Number(response.headers.get("content-length") ?? NaN);
  const total = Number.isFinite(length) ? done + length : null;
  if (total !== null) await mustHaveRoom(office, total - done + total * UNPACKED_RATIO);
  const file = await open(path, response.status === 206 ? "a" : "w");
  let timer = setTimeout(() => stalled.abort(new Error("nothing came for a minute")), STALL_MS);
  try {
    for await (const piece of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(new Error("nothing came for a minute")), STALL_MS);
      for (let at = 0; at < piece.length;) at += (await file.write(piece, at)).bytesWritten;
      onProgress((done += piece.length), total);
    }
  } finally {
    clearTimeout(timer);
    await file.close();
  }
  if (total !== null && done < total) throw new Error("the connection was closed too early");
}

const STALL_MS = 60_000;

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
