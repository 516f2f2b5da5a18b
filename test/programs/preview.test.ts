import { expect, test } from "bun:test";
import type { Command, ProgramResult, RunProgram } from "#programs/command.ts";
import type { FfmpegAbilities } from "#programs/ffmpeg/abilities.ts";
import { makePreview, type PreviewTools } from "#programs/preview.ts";

const ffmpeg: FfmpegAbilities = {
  path: "/usr/bin/ffmpeg",
  version: "7.1",
  encoders: ["libwebp"],
  filters: ["zscale", "lut1d"],
  hasAlphaModes: false,
};
const both: PreviewTools = { imageMagick: "/usr/bin/convert", ffmpeg };
const plain = { width: 640, hasAlpha: false, layers: [] };

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

test("opaque frames go to ImageMagick, those with alpha or layers to FFmpeg", async () => {
  const { run, commands } = machine({});
  await makePreview("/a.exr", "/a.webp", plain, both, run);
  await makePreview("/a.exr", "/a.webp", { ...plain, hasAlpha: true }, both, run);
  await makePreview("/a.exr", "/a.webp", { ...plain, layers: ["Depth", "ViewLayer.Combined"] }, both, run);
  expect(programs(commands)).toEqual(["/usr/bin/convert", "/usr/bin/ffmpeg", "/usr/bin/ffmpeg"]);
  expect(commands[2]?.argv.join(" ")).toContain("-layer ViewLayer.Combined");
});

test("an ImageMagick that cannot read EXR is stood in for by FFmpeg", async () => {
  const { run, commands } = machine({ "/usr/bin/convert": 1 });
  await makePreview("/a.exr", "/a.webp", plain, both, run);
  expect(programs(commands)).toEqual(["/usr/bin/convert", "/usr/bin/ffmpeg"]);
});

test("an FFmpeg that keeps alpha modes is told that colour stays multiplied", async () => {
  const { run, commands } = machine({});
  const alpha = { ...plain, hasAlpha: true };
  await makePreview("/a.exr", "/a.webp", alpha, { imageMagick: null, ffmpeg: { ...ffmpeg, hasAlphaModes: true } }, run);
  await makePreview("/a.exr", "/a.webp", alpha, { imageMagick: null, ffmpeg }, run);
  expect(commands.map(({ argv }) => argv.join(" ").includes("setparams=alpha_mode=premultiplied"))).toEqual([
    true,
    false,
  ]);
});

test("where no program can do it, that is said, and why", async () => {
  const { run } = machine({ "/usr/bin/convert": 1, "/usr/bin/ffmpeg": 1 });
  expect(makePreview("/a.exr", "/a.webp", plain, both, run)).rejects.toThrow(
    "/usr/bin/convert failed; /usr/bin/ffmpeg failed",
  );
  expect(makePreview("/a.exr", "/a.webp", plain, { imageMagick: null, ffmpeg: null }, run)).rejects.toThrow(
    "neither ImageMagick nor FFmpeg",
  );
  const poor = { imageMagick: null, ffmpeg: { ...ffmpeg, filters: [] } };
  expect(makePreview("/a.exr", "/a.webp", plain, poor, run)).rejects.toMatchObject({ code: "unavailable" });
});
