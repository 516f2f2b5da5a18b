/** Whatever makes a job's picture differ from the artist's own, without stopping it. */
export const WARNING_CODES = [
  "missing_file",
  "missing_file_case",
  "script_blocked",
  "unbaked_physics",
  "no_denoiser",
  "other_blender",
  "unknown_engine",
  "cpu_instead_of_gpu",
  "freestyle_script_disabled",
  "file_output_redirected",
  "video_gaps",
  "video_picture",
  "video_cropped",
  "reading_failed",
  "not_checked",
  "other",
] as const;

export type WarningCode = (typeof WARNING_CODES)[number];
export type Warning = { code: WarningCode; message: string };
