import type { Judgement } from "#domain/judge-scene.ts";
import type { SceneMetadata } from "#domain/scene.ts";
import type { Sandbox } from "#programs/sandbox.ts";
import type { BlendFile } from "#formats/blend/blend-file.ts";

/** A file, or a part of one, in bytes. */
export type FileRange = { path: string; offset: number; size: number };

/** What Blender itself says of a scene, beyond what the file says. */
export type BlenderReading = { metadata: SceneMetadata; warnings: Judgement["warnings"] };

/** What our own reader gives: what the file says, and the thumbnail that Blender saved in it, if any. */
export type ReadBlend = { blend: BlendFile; thumbnailPng: Uint8Array | null };

/** How a frame shall be shown: `exposure`, in stops, is that of the scene's view. */
export type PictureWish = { width: number; transparent: boolean; exposure: number };

/** An unpacked project, HOME for the Blender that reads it, and what is known of it. */
export type ProjectToRead = { folder: string; home: string; metadata: SceneMetadata };

/** How the manager reads scenes; handed in, so that tests need neither Blender nor another process. */
export type SceneTools = {
  /** In which Blender is run. */
  sandbox: Sandbox;
  /** The versions of the Blenders that are installed on the manager itself. */
  installed: readonly string[];
  /** Our own reader, in a process of its own: whatever the file is, the manager lives. Throws `AppError`. */
  readBlend: (file: FileRange) => Promise<ReadBlend>;
  /** SHA-256 (hex) of a file and of parts of it, in another process too. */
  hashFile: (path: string, partsPath?: string) => Promise<{ sha256: string; parts: string[] }>;
  /** Makes a picture of an EXR that a browser shows. Throws `AppError`. */
  makePreview: (exr: string, to: string, picture: PictureWish) => Promise<void>;
  /** Makes a smaller WebP of a picture that `makePreview` has made. Throws `AppError`. */
  shrinkPreview: (picture: string, to: string, width: number) => Promise<void>;
  /** Blender's own reading of an unpacked project; null where there is no Blender or no sandbox for it. */
  readonly readWithBlender: ((project: ProjectToRead, signal: AbortSignal) => Promise<BlenderReading>) | null;
};
