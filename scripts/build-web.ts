import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Prepares `web/dist/`, which the manager serves and the binary embeds: every style in one file, the scripts of all pages in two, those of single pages in one each, and their hash. */
const ROOT = join(import.meta.dir, "..");
const STATIC = join(ROOT, "web/static");
const HTMX = join(ROOT, "node_modules/htmx.org/dist");

/** Stands first in the styles: which layer wins over which, whatever the order of the files. */
const LAYERS = "@layer base, layout, components, pages;\n";

const files: Record<string, string> = {
  "app.css": LAYERS + (await joined(join(STATIC, "css"), ".css")),
  "app.js": await bundled(join(STATIC, "js/app.js")),
  "new-job.js": await bundled(join(STATIC, "js/new-job.js")),
  "player.js": await bundled(join(STATIC, "js/player.js")),
  "htmx.js": await read([join(HTMX, "htmx.min.js"), join(HTMX, "ext/hx-ptag.min.js")]),
  "logo.svg": await Bun.file(join(STATIC, "logo.svg")).text(),
};

const dist = join(ROOT, "web/dist");
await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
for (const [name, text] of Object.entries(files)) await Bun.write(join(dist, name), text);
await Bun.write(join(dist, "hash.txt"), hashOf(files));

async function joined(folder: string, extension: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(extension)).sort();
  return read(names.map((name) => join(folder, name)));
}

async function read(paths: readonly string[]): Promise<string> {
  const texts = await Promise.all(paths.map((path) => Bun.file(path).text()));
  return texts.join("\n");
}

async function bundled(entry: string): Promise<string> {
  const built = await Bun.build({ entrypoints: [entry], target: "browser", format: "iife", minify: true });
  return built.outputs[0]!.text();
}

function hashOf(contents: Record<string, string>): string {
  return new Bun.CryptoHasher("sha256").update(JSON.stringify(contents)).digest("hex").slice(0, 16);
}
