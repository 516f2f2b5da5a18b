/** How far an FFmpeg is: frames, of its first output, and the time of the last. */
export type FfmpegProgress = { frames: number; seconds: number };

/** Puts together what `-progress` writes: lines of key and value, of which `progress` closes each report. */
export class ProgressReader {
  /** As the last report has it. */
  last: FfmpegProgress = { frames: 0, seconds: 0 };
  #next: FfmpegProgress = { frames: 0, seconds: 0 };

  /** Takes a line; returns the report that it closes, else null. */
  line(line: string): FfmpegProgress | null {
    const [key, value = ""] = line.split("=", 2);
    if (key === "frame") this.#next.frames = numberOr(value, this.#next.frames);
    if (key === "out_time_us") this.#next.seconds = numberOr(value, this.#next.seconds * 1e6) / 1e6;
    if (key !== "progress") return null;
    this.last = { ...this.#next };
    return this.last;
  }
}

/** A time that is not known yet is `N/A`. */
function numberOr(text: string, otherwise: number): number {
  const value = Number(text.trim());
  return text.trim() === "" || Number.isNaN(value) ? otherwise : value;
}
