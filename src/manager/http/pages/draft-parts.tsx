import { warnOfAddons } from "#domain/addon.ts";
import { AppError } from "#domain/app-error.ts";
import { parseFrames, sceneFrames } from "#domain/frames.ts";
import type { Job } from "#domain/job.ts";
import { judgeScene } from "#domain/judge-scene.ts";
import { frameSize, renderedScene, type SceneMetadata } from "#domain/scene.ts";
import { newestFirst } from "#domain/blender-version.ts";
import type { User } from "#domain/user.ts";
import type { Warning } from "#domain/warning.ts";
import { blenderOfJob, blenderWithAddons, matchBlenders } from "#manager/services/blender-choice.ts";
import { uploadsOf } from "#manager/services/downloads.ts";
import type { Farm } from "#manager/services/farm.ts";
import { warningsOf } from "#manager/services/jobs.ts";
import { metadataOf } from "#manager/services/metadata.ts";
import { blendsIn } from "#manager/services/project-review.ts";
import { missingFilesOf } from "#manager/services/missing-places.ts";
import { uploadsToJob } from "#manager/services/resumable-uploads.ts";
import { readNumber } from "#manager/services/settings.ts";
import type { Checks } from "#web/fragments/draft-checks.tsx";
import {
  FramesHint,
  valuesOf,
  type BlenderChoices,
  type FormProblems,
  type FormValues,
  type KnownScene,
} from "#web/fragments/draft-fields.tsx";
import type { DraftFormProps } from "#web/fragments/draft-form.tsx";
import type { Reading } from "#web/fragments/scene-facts.tsx";
import { DraftContent } from "#web/pages/draft.tsx";
import { tellCount } from "#web/words/count.ts";
import { tellEngine } from "#web/words/engine.ts";
import { readMetadata } from "../api/tus.ts";
import { countFrames } from "./frame-count.tsx";

/** What was just typed into the form and would not do; null when it is shown as it is saved. */
export type TypedForm = { values: FormValues; problems: FormProblems } | null;

/** How often the page asks for news: soon while the scene is read, now and then for what runners bring. */
const READING_SECONDS = 1;
const CHECKING_SECONDS = 3;
const WAITING_SECONDS = 10;

/** More than anybody adds to a draft one by one. */
const MAX_UPLOADS = 1000;

/** The changing part of a draft's page, and how often it is asked for. */
export async function draftContent(farm: Farm, user: User, job: Job, typed: TypedForm) {
  const reading = readingOf(farm, job);
  const metadata = reading.state === "read" ? reading.metadata : null;
  const blender = blendersFor(farm, job);
  const known = metadata && knownScene(job, metadata);
  const checks = checksOf(farm, job, metadata, blender);
  const unfinished = await uploadsToJob(farm, user, job);
  const uploads = uploadsOf(farm, job, { after: 0, limit: MAX_UPLOADS });
  // What was added is hashed when it is part of the project; until then the scene is told as it was before.
  const isTakingIn = metadata !== null && !hasIntakeFailed(job) && uploads.some(({ sha256 }) => sha256 === null);
  const values = typed ? { ...valuesOf(job), ...typed.values } : valuesOf(job);
  const form: DraftFormProps = {
    jobId: job.id,
    values,
    problems: typed?.problems ?? {},
    known,
    mainFiles: metadata?.blendFiles ?? blendsIn(farm, job.id),
    counted: typed?.problems["frames"] ? (
      <FramesHint text="" />
    ) : (
      countFrames(values["frames"] ?? "", known?.frames ?? null)
    ),
    blender,
    admin: user.admin,
    canStartItself: known === null && checks.problem === null,
    start: isTakingIn
      ? { can: false, text: "The new files are being taken in." }
      : startOf(job, known, checks, blender),
  };
  const content = (
    <DraftContent
      job={job}
      reading={reading}
      checks={checks}
      uploads={uploads}
      unfinished={unfinished.map(({ metadata: said, ...upload }) => ({
        ...upload,
        key: readMetadata(said).get("key") ?? "",
      }))}
      form={form}
      maxBytes={readNumber(farm, "max-upload-size")}
    />
  );
  return { content, everySeconds: isTakingIn ? READING_SECONDS : secondsUntilNews(reading) };
}

function secondsUntilNews(reading: Reading): number {
  if (reading.state === "reading") return READING_SECONDS;
  return reading.state === "read" && !reading.metadata.final ? CHECKING_SECONDS : WAITING_SECONDS;
}

function readingOf(farm: Farm, job: Job): Reading {
  try {
    return metadataOf(farm, job);
  } catch (error) {
    if (error instanceof AppError) return { state: "failed" };
    throw error;
  }
}

function knownScene(job: Job, metadata: SceneMetadata): KnownScene | null {
  const scene = renderedScene(metadata, job.scene) ?? renderedScene(metadata, null);
  if (!scene) return null;
  return { metadata, scene, frames: sceneFrames(scene.frameStart, scene.frameEnd, scene.frameStep) };
}

function blendersFor(farm: Farm, job: Job): BlenderChoices {
  const match = matchBlenders(farm);
  const choice = blenderOfJob(farm, job, match);
  return {
    versions: [...match.available(job)].sort(newestFirst),
    chosen: choice?.version ?? null,
    reason: choice?.reason ?? null,
    warning: choice?.warning ?? null,
    withAddons: choice && blenderWithAddons(farm, choice),
  };
}

/** Whether what was added last could not be made part of the project; the next upload tries again. */
function hasIntakeFailed(job: Job): boolean {
  return job.reason === "internal";
}

/** The missing files have a list of their own, with the libraries that stop the job; Blender's version is told as it is now. */
function checksOf(farm: Farm, job: Job, metadata: SceneMetadata | null, blender: BlenderChoices): Checks {
  const missing = metadata ? missingFilesOf(metadata) : [];
  const judged = metadata && judgeScene(metadata, job).problem;
  const problem = judged?.message ?? (metadata === null || hasIntakeFailed(job) ? job.message : null);
  const other = warningsOf(farm, job.id).filter(({ code }) => code !== "missing_file" && code !== "other_blender");
  const isUnavailable = metadata !== null && blender.chosen === null;
  const told = blender.warning ?? (isUnavailable ? blender.reason : null);
  const lacking = blender.withAddons && warnOfAddons(job.addons, blender.withAddons);
  const warnings: Warning[] = [
    ...(told === null ? [] : [{ code: "other_blender" as const, message: told }]),
    ...(lacking === null ? [] : [{ code: "other" as const, message: lacking }]),
    ...other,
  ];
  return { problem, missing, warnings };
}

/** What would be rendered, in a line, or why nothing can be yet. */
function startOf(job: Job, known: KnownScene | null, checks: Checks, blender: BlenderChoices): DraftFormProps["start"] {
  if (job.fileName === null) return { can: false, text: "The scene is still to come." };
  if (!known && checks.problem === null) return { can: false, text: "The scene is being read." };
  if (!known || checks.problem !== null) return { can: false, text: "Not yet: something above is in the way." };
  const { scene } = known;
  const frames = numberOfFrames(job.frames ?? known.frames);
  if (typeof frames === "string") return { can: false, text: frames };
  const { width, height } = frameSize(scene, job.resolutionPercentage);
  const said = [
    tellCount(frames, "frame"),
    `${width} × ${height}`,
    tellEngine(job.engine ?? scene.engine),
    blender.chosen && `Blender ${blender.chosen}`,
    checks.missing.length + checks.warnings.length > 0 &&
      tellCount(checks.missing.length + checks.warnings.length, "thing to know above", "things to know above"),
  ];
  return { can: true, text: said.filter(Boolean).join(" · ") };
}

/** How many frames a text means, or the sentence that says why it will not do: a scene may have more than a job. */
function numberOfFrames(text: string): number | string {
  try {
    return parseFrames(text).length;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}
