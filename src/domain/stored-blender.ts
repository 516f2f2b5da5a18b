/** What a Blender said of itself when it was tried. */
export type BlenderAbilities = {
  /** Whether it was built with OpenImageDenoise. */
  denoiser: boolean;
  /** As a scene names them, such as CYCLES and BLENDER_EEVEE. */
  engines: string[];
  /** The modules of the add-ons that come with it. */
  addons: string[];
};

/** A Blender that the farm keeps and hands to runners. */
export type StoredBlender = {
  /** As in `4.3.2`. */
  version: string;
  /** Bytes of the packed one, as runners fetch it. */
  size: number;
  sha256: string;
  /** Bytes of all its files. */
  unpackedBytes: number;
  /** Null where it told only its version. */
  abilities: BlenderAbilities | null;
  addedAtMs: number;
};
