import { existsSync } from "node:fs";
import { join } from "node:path";
import { staticPlugin } from "@elysiajs/static";
import { Elysia } from "elysia";
import { compression } from "./compression.ts";

/** `make build-web` writes the folder; a compiled binary has it inside, under the last part of its name. */
const FOLDER = join(import.meta.dir, Bun.isStandaloneExecutable ? "dist" : "../../../web/dist");

if (!existsSync(join(FOLDER, "hash.txt"))) throw new Error(`${FOLDER} is missing; make it with: make build-web`);

/** The path under which the assets lie; it changes with them, so that browsers may keep them for ever. */
export const ASSETS_PATH = `/assets/${await Bun.file(join(FOLDER, "hash.txt")).text()}`;

/** The styles, scripts and pictures of the pages. */
export const assets = new Elysia({ name: "assets" }).use(compression).use(
  await staticPlugin({
    assets: FOLDER,
    prefix: ASSETS_PATH,
    alwaysStatic: true,
    indexHTML: false,
    silent: true,
    headers: { "Cache-Control": "public, max-age=31536000, immutable" },
  }),
);
