import { deleteHourlyBefore, HOUR_MS } from "#manager/db/figures.ts";
import { sweepDownloads } from "#manager/storage/blender-downloads.ts";
import { sweepTemp } from "#manager/storage/sweep.ts";
import type { Farm } from "./farm.ts";
import { forgetExpiredResetLinks } from "./reset-links.ts";
import { forgetExpiredSessions } from "./sessions.ts";
import { forgetOldSamples } from "./stats-history.ts";
import { sweepUploads } from "./sweeping-uploads.ts";

/** Unfinished writes older than this belong to nobody any more. */
const ABANDONED_AFTER_HOURS = 24;

/** A download of a Blender that nobody has gone on with for so long is not wanted any more. */
const DOWNLOADS_KEPT_DAYS = 7;

/** The hours that figures are kept of: a month. */
const KEPT_HOURS = 31 * 24;

/** Removes unfinished writes, uploads and downloads that were abandoned, and sessions and reset links that have run out. */
export async function tidyUp(farm: Farm): Promise<void> {
  forgetExpiredSessions(farm);
  deleteHourlyBefore(farm.db, Math.floor(farm.clock.nowMs() / HOUR_MS) - KEPT_HOURS);
  forgetOldSamples(farm);
  forgetExpiredResetLinks(farm);
  await sweepUploads(farm);
  await sweepTemp(farm.storage, farm.clock.nowMs() - ABANDONED_AFTER_HOURS * 3600 * 1000);
  await sweepDownloads(farm.storage, farm.clock.nowMs() - DOWNLOADS_KEPT_DAYS * 24 * 3600 * 1000);
}
