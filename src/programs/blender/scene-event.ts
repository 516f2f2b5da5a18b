import type { NeededFile, SceneInfo } from "#domain/scene.ts";
import { isObject, list, number, text, type JsonObject } from "./decode.ts";

/** Reads a `scene` event of `read_scene.py`. */
export function decodeScene(event: JsonObject): SceneInfo {
  const color = isObject(event["color"]) ? event["color"] : {};
  return {
    name: text(event["name"], ""),
    frameStart: number(event["frameStart"], 1),
    frameEnd: number(event["frameEnd"], 1),
    frameStep: number(event["frameStep"], 1),
    fps: number(event["fps"], 24),
    fpsBase: number(event["fpsBase"], 1),
    resolutionX: number(event["resolutionX"], 0),
    resolutionY: number(event["resolutionY"], 0),
    resolutionPercentage: number(event["resolutionPercentage"], 100),
    cropped: event["cropped"] === true,
    engine: text(event["engine"], ""),
    samples: number(event["samples"], null),
    camera: text(event["camera"], null),
    cameras: list(event["cameras"], (name) => text(name, null)),
    cameraMarkers: list(event["cameraMarkers"], (marker) =>
      isObject(marker) ? { frame: number(marker["frame"], 0), camera: text(marker["camera"], "") } : null,
    ),
    viewLayers: list(event["viewLayers"], (layer) =>
      isObject(layer) ? { name: text(layer["name"], ""), use: layer["use"] === true } : null,
    ),
    transparent: event["transparent"] === true,
    multiview: event["multiview"] === true,
    sequencer: event["sequencer"] === true,
    hasSound: event["hasSound"] === true,
    outputFormat: text(event["outputFormat"], null),
    color: {
      display: text(color["display"], null),
      view: text(color["view"], null),
      look: text(color["look"], null),
      exposure: number(color["exposure"], 0),
      gamma: number(color["gamma"], 1),
    },
  };
}

/** Reads a `file` event of `read_scene.py`. */
export function decodeNeededFile(event: JsonObject): NeededFile {
  return {
    kind: text(event["kind"], ""),
    name: text(event["name"], ""),
    path: text(event["path"], ""),
    packed: event["packed"] === true,
    missing: event["missing"] === true,
    nearMatch: text(event["nearMatch"], null),
  };
}
