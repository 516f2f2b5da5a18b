import type { Job } from "#domain/job.ts";
import { sceneFrames } from "#domain/frames.ts";
import { frameSize, renderedScene, type NeededFile, type SceneInfo, type SceneMetadata } from "#domain/scene.ts";
import { Facts } from "#web/components/facts.tsx";
import { tellCount, tellNumber } from "#web/words/count.ts";
import { tellEngine } from "#web/words/engine.ts";

/** What is known of a job's scene by now. */
export type Reading =
  { state: "none" } | { state: "reading" } | { state: "failed" } | { state: "read"; metadata: SceneMetadata };

/** More missing files than this are only counted. */
const NAMED_FILES = 12;

type Props = {
  job: Job;
  reading: Reading;
  /** The address of the picture that Blender saved in the file. */
  thumbnail: string | null;
  /** Whether the missing files are named here; not where the page names them elsewhere. */
  missing?: boolean;
};

/** What the scene says of itself. */
export function SceneFacts({ job, reading, thumbnail, missing = true }: Props) {
  return (
    <section class="panel" aria-labelledby="scene-heading">
      <h2 id="scene-heading">Scene</h2>
      {reading.state === "none" && <p class="hint">Nothing has been uploaded yet.</p>}
      {reading.state === "reading" && <p class="hint">The scene is being read…</p>}
      {reading.state === "failed" && <p class="hint">The scene could not be read.</p>}
      {reading.state === "read" && (
        <Read job={job} metadata={reading.metadata} thumbnail={thumbnail} missing={missing} />
      )}
    </section>
  );
}

function Read({ job, metadata, thumbnail, missing }: Omit<Required<Props>, "reading"> & { metadata: SceneMetadata }) {
  const scene = renderedScene(metadata, job.scene);
  return (
    <>
      {thumbnail && metadata.hasThumbnail && <img class="thumbnail" src={thumbnail} alt="" loading="lazy" />}
      <Facts of={scene ? factsOf(scene, metadata, job) : [["File", metadata.mainFile]]} />
      {missing && <MissingFiles files={metadata.files.filter((file) => file.missing && !file.packed)} />}
      {!metadata.final && <p class="hint">Blender is still checking the file.</p>}
    </>
  );
}

function factsOf(scene: SceneInfo, metadata: SceneMetadata, job: Job) {
  const { width, height } = frameSize(scene, job.resolutionPercentage);
  const percentage = job.resolutionPercentage ?? scene.resolutionPercentage;
  const others = metadata.scenes.length - 1;
  return [
    ["File", metadata.mainFile],
    ["Saved by", metadata.blenderVersion && `Blender ${metadata.blenderVersion}`],
    ["Scene", others > 0 ? `${scene.name} (one of ${metadata.scenes.length})` : scene.name],
    ["Frames", sceneFrames(scene.frameStart, scene.frameEnd, scene.frameStep)],
    ["Size", percentage === 100 ? `${width} × ${height}` : `${width} × ${height} (${percentage} %)`],
    ["Frame rate", `${Number((scene.fps / scene.fpsBase).toFixed(3))} fps`],
    ["Engine", tellEngine(scene.engine)],
    ["Samples", scene.samples === null ? null : tellNumber(scene.samples)],
    ["Camera", cameraOf(scene)],
    ["View", scene.color.view],
    ["Film", scene.transparent && "transparent"],
    ["Needs", metadata.files.length > 0 && tellCount(metadata.files.length, "file")],
  ] as const;
}

function cameraOf(scene: SceneInfo): string {
  if (scene.cameraMarkers.length > 0) return `switched by ${tellCount(scene.cameraMarkers.length, "marker")}`;
  return scene.camera ?? (scene.sequencer ? "none, but a sequence" : "none");
}

function MissingFiles({ files }: { files: readonly NeededFile[] }) {
  if (files.length === 0) return null;
  const rest = files.length - NAMED_FILES;
  return (
    <details class="missing" id="missing-files" open>
      <summary>{tellCount(files.length, "missing file")}</summary>
      <ul>
        {files.slice(0, NAMED_FILES).map((file) => (
          <li>
            <code>{file.path}</code> <span class="sub">{file.kind}</span>
          </li>
        ))}
        {rest > 0 && <li>and {tellNumber(rest)} more</li>}
      </ul>
    </details>
  );
}
