import { expect, test } from "bun:test";
import { tellBrowser } from "#web/words/browser.ts";

const MOZILLA = "Mozilla/5.0";

test.each([
  [`${MOZILLA} (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0`, "Firefox 128 on Linux"],
  [
    `${MOZILLA} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36`,
    "Chrome 126 on Windows",
  ],
  [`${MOZILLA} (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0`, "Edge 126 on Windows"],
  [
    `${MOZILLA} (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15`,
    "Safari 17 on macOS",
  ],
  [
    `${MOZILLA} (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1`,
    "Safari 17 on iPhone",
  ],
  [`${MOZILLA} (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36`, "Chrome 126 on Android"],
  [`${MOZILLA} (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/156.0 Safari/537.36`, "Chrome 156 on Linux"],
  ["curl/8.5.0", "curl/8.5.0"],
  ["", "a program"],
])("%p is %s", (userAgent, told) => {
  expect(tellBrowser(userAgent)).toBe(told);
});
