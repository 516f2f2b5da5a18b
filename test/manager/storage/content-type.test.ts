import { expect, test } from "bun:test";
import { contentDisposition, contentType } from "#manager/storage/content-type.ts";

test("media types go by the extension, and none is one that a browser would run", () => {
  expect(contentType("frame_0001.exr")).toBe("image/x-exr");
  expect(contentType("video.WEBM")).toBe("video/webm");
  for (const name of ["page.html", "picture.svg", "script.js", "noext", "constructor"])
    expect(contentType(name)).toBe("application/octet-stream");
});

test.each([
  ["frame_0001.exr", 'attachment; filename="frame_0001.exr"'],
  ["my scene.blend", 'attachment; filename="my scene.blend"'],
  ["größe.blend", "attachment; filename=\"gr__e.blend\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.blend"],
  ["木 (1)'s*.blend", "attachment; filename=\"_ (1)'s*.blend\"; filename*=UTF-8''%E6%9C%A8%20%281%29%27s%2A.blend"],
  ['a"b.blend', "attachment; filename=\"a'b.blend\"; filename*=UTF-8''a%22b.blend"],
  ["a\r\nSet-Cookie: x\0.blend", 'attachment; filename="a__Set-Cookie: x_.blend"'],
  ["../../etc\\passwd", 'attachment; filename=".._.._etc_passwd"'],
  ["\ud800.blend", "attachment; filename=\"_.blend\"; filename*=UTF-8''%EF%BF%BD.blend"],
])("%j is named safely", (name, header) => {
  expect(contentDisposition("attachment", name)).toBe(header);
  expect(new Headers({ "content-disposition": header }).get("content-disposition")).toBe(header);
});
