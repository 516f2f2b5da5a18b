import { extname } from "node:path";

/** The media types of what the farm keeps (IANA; `image/x-exr` is what freedesktop.org's shared-mime-info calls an EXR). */
const TYPES: Record<string, string> = {
  ".avif": "image/avif",
  ".blend": "application/x-blender",
  ".exr": "image/x-exr",
  ".flac": "audio/flac",
  ".gz": "application/gzip",
  ".jpg": "image/jpeg",
  ".log": "text/plain; charset=utf-8",
  ".mp4": "video/mp4",
  ".png": "image/png",
  ".tar": "application/x-tar",
  ".webm": "video/webm",
  ".webp": "image/webp",
  ".zip": "application/zip",
};

/** The media type of a file by its name. Never one that a browser would run, such as HTML or SVG: names come from users. */
export function contentType(name: string): string {
  return TYPES[extname(name).toLowerCase()] ?? "application/octet-stream";
}

/** The header that names a downloaded file (RFC 6266), in ASCII and, where that is not enough, in UTF-8 (RFC 8187). */
export function contentDisposition(type: "attachment" | "inline", name: string): string {
  const clean = name.toWellFormed().replace(/[\0-\x1f\x7f/\\]/g, "_");
  const ascii = clean.replace(/[^\x20-\x7e]/g, "_").replaceAll('"', "'");
  const plain = `${type}; filename="${ascii}"`;
  return ascii === clean ? plain : `${plain}; filename*=UTF-8''${percentEncode(clean)}`;
}

/** `encodeURIComponent` leaves four characters that RFC 8187 does not allow. */
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
