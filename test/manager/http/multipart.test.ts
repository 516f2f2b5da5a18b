import { expect, test } from "bun:test";
import { AppError } from "#domain/app-error.ts";
import { receiveFormFile } from "#manager/http/multipart.ts";

const BOUNDARY = "boundary";
const PART_BYTES = 64 * 1024;

/** A form with a file that never ends, unless `parts` says so. */
function formRequest(options: { field?: string; parts?: number } = {}): Request {
  const { field = "file", parts = Infinity } = options;
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${field}"; filename="a.blend"\r\n\r\n`;
  let sent = 0;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(head)),
    pull: (controller) => {
      if (sent++ < parts) return controller.enqueue(new Uint8Array(PART_BYTES));
      controller.enqueue(Buffer.from(`\r\n--${BOUNDARY}--\r\n`));
      controller.close();
    },
  });
  const headers = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };
  return new Request("http://localhost/", { method: "POST", body, headers });
}

test("the file of a form is handed over while it arrives", async () => {
  const received = await receiveFormFile(formRequest({ parts: 3 }), async ({ name, content }) => {
    let bytes = 0;
    for await (const chunk of content) bytes += chunk.byteLength;
    return { name, bytes };
  });
  expect(received).toEqual({ name: "a.blend", bytes: 3 * PART_BYTES });
});

test("a file that is refused in the middle ends the form at once", async () => {
  const receiving = receiveFormFile(formRequest(), async ({ content }) => {
    for await (const _ of content) throw new AppError("too_large", "no more of it");
  });
  expect(receiving).rejects.toMatchObject({ code: "too_large" });
  await receiving.catch(() => {});
});

test("a fault of ours while a file arrives is not the sender's", async () => {
  const receiving = receiveFormFile(formRequest(), async ({ content }) => {
    for await (const _ of content) throw new TypeError("a bug");
  });
  expect(receiving).rejects.toThrow("a bug");
  await receiving.catch(() => {});
});

test("a form without the field is refused", async () => {
  const receiving = receiveFormFile(formRequest({ field: "blend", parts: 2 }), () => Promise.resolve(null));
  expect(receiving).rejects.toMatchObject({ code: "bad_request" });
  await receiving.catch(() => {});
});
