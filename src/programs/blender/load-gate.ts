import { randomBytes } from "node:crypto";

/** After this time events pass although a marker is missing: a script may have closed Blender's output. */
const LONGEST_WAIT_SECONDS = 10;

/**
 * Holds back what Blender's script tells until all has been read that Blender printed while it loaded the file: only there does it
 * say that an engine is missing, and the two come by different pipes. The script draws a line under it, the marker, on both outputs.
 */
export class LoadGate {
  readonly marker = `@@loaded ${randomBytes(8).toString("hex")}`;
  readonly #open = Promise.withResolvers<void>();
  #markersToCome = 2;

  /** Says whether a line of output is the marker, and takes note of it. */
  isMarker(line: string): boolean {
    if (line !== this.marker) return false;
    this.#markersToCome -= 1;
    if (this.#markersToCome === 0) this.#open.resolve();
    return true;
  }

  /** Waits for both markers. */
  async pass(): Promise<void> {
    if (this.#markersToCome <= 0) return;
    const timer = setTimeout(this.#open.resolve, LONGEST_WAIT_SECONDS * 1000);
    await this.#open.promise;
    clearTimeout(timer);
  }
}
