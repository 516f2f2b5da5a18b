import type { Struct } from "./struct.ts";

export type Sequencer = {
  /** The render is the sequencer's: it is switched on, and has strips that make a picture. Such a scene needs no camera. */
  use: boolean;
  /** All strips, those in meta strips too. */
  strips: number;
  /** Sound strips that are not muted. */
  soundStrips: number;
};

/** `R_DOSEQ`, in `r.scemode`. */
const USE_SEQUENCER = 1 << 0;
/** `SEQ_MUTE` and `SEQ_CHANNEL_MUTE` in DNA_sequence_types.h. */
const MUTED = 1 << 5;
const CHANNEL_MUTED = 1 << 1;

/** `SEQ_TYPE_…` in DNA_sequence_types.h. */
export const STRIP = { image: 0, scene: 2, movie: 3, sound: 4, oldSound: 5 };

export function sequencerOf(scene: Struct): Sequencer {
  const all = stripsOf(scene);
  return {
    use: scene.flag("r.scemode", USE_SEQUENCER) && hasPicture(scene),
    strips: all.length,
    soundStrips: all.filter((strip) => isSound(strip) && !isMuted(strip)).length,
  };
}

/** A scene's strips, in meta strips and out of them; files call a strip `Sequence` to this day. */
export function stripsOf(scene: Struct): Struct[] {
  return [...scene.dataOfType("Sequence")];
}

function hasPicture(scene: Struct): boolean {
  const editing = scene.follow("ed");
  if (!editing) return false;
  const muted = new Set<number | null>();
  for (const channel of editing.list("channels")) {
    if (channel.flag("flag", CHANNEL_MUTED)) muted.add(channel.number("index"));
  }
  for (const strip of editing.list("seqbase")) {
    if (!isSound(strip) && !isMuted(strip) && !muted.has(strip.number("machine"))) return true;
  }
  return false;
}

export function isMuted(strip: Struct): boolean {
  return strip.flag("flag", MUTED);
}

export function isSound(strip: Struct): boolean {
  const type = strip.number("type");
  return type === STRIP.sound || type === STRIP.oldSound;
}
