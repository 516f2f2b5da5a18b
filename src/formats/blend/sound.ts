import { objectsOf } from "./objects.ts";
import { isMuted, isSound, STRIP, stripsOf } from "./sequencer.ts";
import type { Struct } from "./struct.ts";

/** `OB_SPEAKER` in DNA_object_types.h. */
const SPEAKER = 12;
/** `NLASTRIP_TYPE_SOUND` in DNA_anim_types.h. */
const SOUND_STRIP = 3;
/** `SEQ_SCENE_STRIPS` in DNA_sequence_types.h: a scene is shown as its sequencer has it, and not through its camera. */
const SHOWS_STRIPS = 1 << 30;

/**
 * Whether anything in a scene may be heard: sound strips, also those of scenes that are shown as strips, and speakers, of the scene behind it
 * too. Whether a speaker or its track is muted is not read.
 */
export function hasSound(scene: Struct, seen: readonly string[] = []): boolean {
  if (seen.includes(scene.idName)) return false;
  const strips = stripsOf(scene).filter((strip) => !isMuted(strip));
  if (strips.some(isSound) || hasSpeaker(scene)) return true;
  const others = strips.filter((strip) => strip.number("type") === STRIP.scene && strip.flag("flag", SHOWS_STRIPS));
  return others.some((strip) => {
    const other = strip.datablock("scene");
    return other !== null && hasSound(other, [...seen, scene.idName]);
  });
}

function hasSpeaker(scene: Struct): boolean {
  const seen = new Set<string>();
  for (let each: Struct | null = scene; each && !seen.has(each.idName); each = each.datablock("set")) {
    seen.add(each.idName);
    for (const object of objectsOf(each)) if (object.number("type") === SPEAKER && isPlayed(object)) return true;
  }
  return false;
}

/** A speaker is heard where its animation says so, and nowhere without. */
function isPlayed(speaker: Struct): boolean {
  for (const track of speaker.follow("adt")?.list("nla_tracks") ?? []) {
    for (const strip of track.list("strips")) if (strip.number("type") === SOUND_STRIP) return true;
  }
  return false;
}
