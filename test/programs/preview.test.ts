import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command, ProgramResult, RunProgram } from "#programs/command.ts";
import type { FfmpegAbilities } from "#programs/ffmpeg/abilities.ts";
import { makePreview, type PreviewTools } from "#programs/preview.ts";

const folder = mkdtempSync(join(tmpdir(), "previews-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ffmpeg: FfmpegAbilities = {
  path: "/usr/bin/ffmpeg",
  version: "7.1",
  encoders: ["libwebp"],
  filters: ["zscale", "lut1d"],
  hasAlphaModes: false,
};
const both: PreviewTools = { imageMagick: "/usr/bin/convert", ffmpeg };
const plain = { width: 640, hasAlpha: false, layer: null, exposure: 0 };

/** Programs that all end with an exit code, and the commands that were given. */
function machine(exitCodes: Record<string, number>): { run: RunProgram; commands: Command[] } {
  const commands: Command[] = [];
  const run: RunProgram = async (command, options) => {
    commands.push(command);
    const exitCode = exitCodes[command.argv[0]] ?? 0;
    if (exitCode !== 0) await options?.onLine?.(`${command.argv[0]} failed`, "stderr");
    const result: ProgramResult = {
      reason: "exited",
      exitCode,
      signal: null,
      message: null,
      durationSeconds: 0,
      maxRssBytes: 0,
    };
    return result;
  };
  return { run, commands };
}

const programs = (commands: readonly Command[]): string[] => commands.map(({ argv }) => argv[0]);

test("FFmpeg makes them, of the layer that is the picture", async () => {
  const { run, commands } = machine({});
  await makePreview(`${folder}/a.exr`, `${folder}/a.webp`, plain, both, run);
  await makePreview(`${folder}/a.exr`, `${folder}/a.webp`, { ...plain, layer: "ViewLayer.Combined" }, both, run);
  expect(programs(commands)).toEqual(["/usr/bin/ffmpeg", "/usr/bin/ffmpeg"]);
  expect(commands[1]?.argv.join(" ")).toContain("-layer ViewLayer.Combined");
  expect(readdirSync(folder)).toEqual([]);
});

test("an FFmpeg that fails, or lacks what is needed, is stood in for by ImageMagick, but for alpha and layers", async () => {
  const { run, commands } = machine({ "/usr/bin/ffmpeg": 1 });
  const dim = { ...plain, exposure: -1 };
  await makePreview(`${folder}/a.exr`, `${folder}/a.webp`, dim, both, run);
  expect(programs(commands)).toEqual(["/usr/bin/ffmpeg", "/usr/bin/convert"]);
  expect(commands[1]?.argv.join(" ")).toContain("-evaluate multiply 0.5");
  await makePreview(`${folder}/a.exr`, `${folder}/a.webp`, plain, { ...both, ffmpeg: { ...ffmpeg, filters: [] } }, run);
  expect(programs(commands).slice(2)).toEqual(["/usr/bin/convert"]);
  for (const options of [
    { ...plain, hasAlpha: true },
    { ...plain, layer: "Combined" },
  ])
    expect(makePreview(`${folder}/a.exr`, `${folder}/a.webp`, options, both, run)).rejects.toThrow("ffmpeg failed");
});

test("an FFmpeg that keeps alpha modes is told that colour stays multiplied", async () => {
  const { run, commands } = machine({});
  const alpha = { ...plain, hasAlpha: true };
  await makePreview(
    `${folder}/a.exr`,
    `${folder}/a.webp`,
    alpha,
    { imageMagick: null, ffmpeg: { ...ffmpeg, hasAlphaModes: true } },
    run,
  );
  await makePreview(`${folder}/a.exr`, `${folder}/a.webp`, alpha, { imageMagick: null, ffmpeg }, run);
  expect(commands.map(({ argv }) => argv.join(" ").includes("setparams=alpha_mode=premultiplied"))).toEqual([
    true,
    false,
  ]);
});

test("where no program can do it, that is said, and why", async () => {
  const { run } = machine({ "/usr/bin/convert": 1, "/usr/bin/ffmpeg": 1 });
  expect(makePreview(`${folder}/a.exr`, `${folder}/a.webp`, plain, both, run)).rejects.toThrow(
    "/usr/bin/ffmpeg failed; /usr/bin/convert failed",
  );
  expect(
    makePreview(`${folder}/a.exr`, `${folder}/a.webp`, plain, { imageMagick: null, ffmpeg: null }, run),
  ).rejects.toThrow("neither ImageMagick nor FFmpeg");
  const poor = { imageMagick: null, ffmpeg: { ...ffmpeg, filters: [] } };
  expect(makePreview(`${folder}/a.exr`, `${folder}/a.webp`, plain, poor, run)).rejects.toMatchObject({
    code: "unavailable",
  });
});
