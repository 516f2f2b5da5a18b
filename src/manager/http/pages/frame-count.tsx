import { AppError } from "#domain/app-error.ts";
import { parseFrames } from "#domain/frames.ts";
import { FramesHint } from "#web/fragments/draft-fields.tsx";
import { tellCount } from "#web/words/count.ts";

/** Says how many frames a text means, or what is wrong with it; left empty, what the scene says goes, where it is known. */
export function countFrames(text: string, ofScene: string | null) {
  const frames = text.trim() === "" ? ofScene : text;
  if (frames === null) return <FramesHint text="Like 1-100, 1-100x5 or 1,7,20-30. Left empty: as in the scene." />;
  try {
    return <FramesHint text={tellCount(parseFrames(frames).length, "frame")} />;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return <FramesHint text={error.message} bad />;
  }
}
