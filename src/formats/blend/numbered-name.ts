/**
 * The part of a file's path that all frames of a sequence, or all tiles of a texture, share: its number becomes `#`. The number
 * is the last one before the extension, a run of `#`, or the token `<UDIM>` or `<UVTILE>` (tiles are `1001` or `u1_v1`).
 */
export function numberPattern(path: string): string {
  const plain = path.replace("<UDIM>", "1001").replace("<UVTILE>", "u1_v1").replace(/#+/, "1");
  const folder = plain.slice(0, plain.lastIndexOf("/") + 1);
  const name = plain.slice(folder.length);
  const dot = name.lastIndexOf(".");
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return folder + stem.replace(/\d+(?=\D*$)/, "#") + name.slice(stem.length);
}
