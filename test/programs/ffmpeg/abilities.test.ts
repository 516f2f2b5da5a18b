import { expect, test } from "bun:test";
import { parseNames, parseVersion } from "#programs/ffmpeg/abilities.ts";

test("names stand behind the flags, in the tables of all versions", () => {
  const encoders = [
    "Encoders:",
    " V..... = Video",
    " ------",
    " V....D libx264              libx264 H.264 (codec h264)",
    " A..X.. opus                 Opus",
  ];
  expect([...parseNames(encoders)]).toEqual(["libx264", "opus"]);
  const filters = [
    "  T.. = Timeline support",
    " .SC zscale            V->V       Apply resizing.",
    " ... lut1d             V->V       Adjust colors.",
    " TSC lut3d V->V x",
  ];
  expect([...parseNames(filters)]).toEqual(expect.arrayContaining(["zscale", "lut1d", "lut3d"]));
});

test("the version is whatever the build calls itself", () => {
  expect(parseVersion(["ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026"])).toBe("5.1.9-0+deb12u1");
  expect(parseVersion(["ffmpeg version n7.1-12-gabc Copyright"])).toBe("n7.1-12-gabc");
  expect(parseVersion([])).toBeNull();
});
