import { isJobEnded, type Job } from "#domain/job.ts";
import type { StoredFile } from "#domain/output.ts";
import type { TaskStatus } from "#domain/task.ts";
import { VIDEO_FORMATS, VIDEO_WORDS, type VideoFormat } from "#domain/video.ts";
import { Badge } from "#web/components/badge.tsx";
import { tellTimeLeft } from "#web/words/duration.ts";
import { TOLD_FORMATS } from "#web/words/format.ts";
import { TASK_STATUS } from "#web/words/status.ts";
import { downloadUrl } from "./job-files.tsx";

/** A video of a job: how far it is, and its files, the copy for browsers last. */
export type VideoShown = {
  format: VideoFormat;
  taskId: number;
  status: TaskStatus;
  /** From 0 to 1. */
  fraction: number;
  secondsLeft: number | null;
  files: readonly StoredFile[];
};

/** Why a video does not look like Blender's own view. */
const LINEAR_NOTE = "A video shows the linear render as HLG, without the contrast of Blender's Filmic or AgX view.";

/** The videos of a job, playing in the page or on their way, and a form to have more made once all frames are there. */
export function JobVideos({ job, videos }: { job: Job; videos: readonly VideoShown[] }) {
  const others = missingFormats(job, videos);
  if (videos.length === 0 && others.length === 0) return null;
  return (
    <section class="videos" id="videos" aria-labelledby="videos-heading">
      <h2 id="videos-heading">{videos.length > 1 ? "Videos" : "Video"}</h2>
      {videos.map((video) => (
        <Video job={job} video={video} />
      ))}
      {others.length > 0 && <AddVideo job={job} formats={others} />}
      <p class="hint">{LINEAR_NOTE}</p>
    </section>
  );
}

/** Those that can be asked for: with all frames there, each that is not made or under way. */
function missingFormats(job: Job, videos: readonly VideoShown[]): VideoFormat[] {
  if (job.framesTotal === 0 || job.framesDone < job.framesTotal) return [];
  const asked = videos.filter(({ status }) => status !== "failed" && status !== "canceled");
  return VIDEO_FORMATS.filter((format) => !asked.some((video) => video.format === format));
}

function Video({ job, video }: { job: Job; video: VideoShown }) {
  const { format, status, taskId } = video;
  const shown = video.status === "completed" ? playable(video.files) : null;
  return (
    <figure id={`video-${format}`}>
      {shown && <Playing file={shown} job={job} />}
      <figcaption class="standing">
        <a href={`/jobs/${job.id}/tasks/${taskId}`}>{VIDEO_WORDS[format]} video</a>
        {shown ? <span class="sub">{shown.name}</span> : <Badge told={TASK_STATUS[status]} />}
        {status === "leased" && <Progress video={video} />}
        {status === "blocked" && !isJobEnded(job.status) && <span class="sub">made once all frames are there</span>}
      </figcaption>
    </figure>
  );
}

function Progress({ video: { format, fraction, secondsLeft } }: { video: VideoShown }) {
  return (
    <>
      <progress value={fraction} max="1" aria-label={`${VIDEO_WORDS[format]} video`} />
      <span class="number">
        {Math.floor(100 * fraction)} %{secondsLeft !== null && `, ${tellTimeLeft(secondsLeft)} left`}
      </span>
    </>
  );
}

/** A browser plays it by itself: it goes on playing while the page around it changes. */
function Playing({ file, job: { name, width, height } }: { file: StoredFile; job: Job }) {
  const [url, label, size] = [downloadUrl(file), `Video of ${name}`, { width, height }];
  if (file.name.endsWith(".avif")) return <img class="picture" src={url} alt={label} loading="lazy" {...size} />;
  // The copy for browsers is made where there is alpha, and shows what is behind it.
  const seeThrough = file.name.endsWith(".web.webm") ? "see-through" : null;
  return (
    <video class={seeThrough} src={url} controls loop playsinline preload="metadata" aria-label={label} {...size} />
  );
}

/** Of the files of a video the one that browsers show with all that is in it: the copy made for them, where there is one. */
export function playable(files: readonly StoredFile[]): StoredFile | null {
  return files.find(({ name }) => /\.(avif|web\.webm)$/.test(name)) ?? files[0] ?? null;
}

function AddVideo({ job, formats }: { job: Job; formats: readonly VideoFormat[] }) {
  return (
    <details id="add-video">
      <summary class="button">Make a video…</summary>
      <form class="panel" method="post" action={`/jobs/${job.id}/videos`}>
        <fieldset class="choices">
          <legend>Format</legend>
          {formats.map((format, place) => (
            <label class="check">
              <input type="radio" name="format" value={format} checked={place === 0} />
              <span>
                <b>{VIDEO_WORDS[format]}</b> <span class="sub">{TOLD_FORMATS[format].gives}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <button class="primary">Make it</button>
      </form>
    </details>
  );
}
