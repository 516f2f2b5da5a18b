import type { Struct } from "./struct.ts";

export type ColorManagement = {
  displayDevice: string;
  viewTransform: string;
  look: string;
  exposure: number;
  gamma: number;
};

export function colorManagementOf(scene: Struct): ColorManagement | null {
  if (!scene.has("view_settings.view_transform")) return null;
  return {
    displayDevice: scene.text("display_settings.display_device"),
    viewTransform: scene.text("view_settings.view_transform"),
    look: scene.text("view_settings.look"),
    exposure: scene.number("view_settings.exposure") ?? 0,
    gamma: scene.number("view_settings.gamma") ?? 1,
  };
}
