/**
 * The part of a file's path that all frames of a sequence, or all tiles of a texture, share: its number becomes `#`. The number
 * is the last one before the extension, a run of `#`, or the token `<UDIM>` or `<UVTILE>` (tiles are `1001` or `u1_v1`).
 */
export function numberPattern(path: string): string {
  const plain = path.replace("<UDIM>", "1001").replace("<UVTILE>", "u1_v1").replace(/#+/, "1");
  const name = plain.lastIndexOf("/") + 1;
  const dot = plain.lastIndexOf(".");
  let end = dot > name ? dot : plain.length;
  while (end > name && !isDigit(plain, end - 1)) end--;
  let start = end;
  while (start > name && isDigit(plain, start - 1)) start--;
  return start === end ? plain : `${plain.slice(0, start)}#${plain.slice(end)}`;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}
