import type { VideoOrder } from "./order.ts";

/** A file that comes out, and what it must be. */
export type Product = {
  /** Its path in the folder where the video is made. */
  file: string;
  /** What it will be called. */
  name: string;
  container: "mp4" | "webm" | "avif";
  codec: "h264" | "av1" | "vp9";
  bits: 8 | 10;
  hasAlpha: boolean;
  /** Whether colour lies on black, and not beside an alpha by which a player multiplies it. */
  isOnBlack: boolean;
};

/** The folder, in that where the video is made, in which files wait for the check. */
export const PRODUCTS_FOLDER = "products";

/** Returns the files that an order leads to, the video itself first. */
export function productsOf({ format, baseName }: VideoOrder, hasAlpha: boolean): [Product, ...Product[]] {
  const product = (ending: string, facts: Omit<Product, "file" | "name">): Product => {
    const name = `${baseName}.${ending}`;
    return { file: `${PRODUCTS_FOLDER}/${name}`, name, ...facts };
  };
  const facts = { bits: 10, hasAlpha, isOnBlack: false } as const;
  switch (format) {
    case "EXR_264_MP4":
      return [product("mp4", { ...facts, container: "mp4", codec: "h264", hasAlpha: false, isOnBlack: true })];
    case "EXR_AV1_MP4": {
      const video = product("mp4", { ...facts, container: "mp4", codec: "av1" });
      return hasAlpha ? [video, product("avif", { ...facts, container: "avif", codec: "av1" })] : [video];
    }
    case "EXR_VP9_WEBM": {
      const video = product("webm", { ...facts, container: "webm", codec: "vp9" });
      return hasAlpha ? [video, product("web.webm", { ...facts, container: "webm", codec: "vp9", bits: 8 })] : [video];
    }
    default:
      return format satisfies never;
  }
}
