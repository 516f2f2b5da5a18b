import { objectsOf } from "./objects.ts";
import type { Struct } from "./struct.ts";

export type CameraMarker = { frame: number; camera: string };

/** `OB_CAMERA` in DNA_object_types.h. */
const CAMERA = 11;

/** Names of the cameras in a scene, in the order of its collections. What is linked cannot be told from other objects. */
export function camerasOf(scene: Struct): string[] {
  const names = new Set<string>();
  for (const object of objectsOf(scene)) if (object.number("type") === CAMERA) names.add(object.idName);
  return [...names];
}

/** Markers with a camera, by frame. */
export function cameraMarkersOf(scene: Struct): CameraMarker[] {
  const markers: CameraMarker[] = [];
  for (const marker of scene.list("markers")) {
    const camera = marker.datablockName("camera");
    if (camera !== null) markers.push({ frame: marker.number("frame") ?? 0, camera });
  }
  return markers.sort((a, b) => a.frame - b.frame);
}
