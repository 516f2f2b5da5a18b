// Takes the README's picture of a job's page on the farm that `make run` started: `screenshot.ts <port> <job id> <file.png>`.
import { chromium } from "playwright-core";

const [port = "8080", job = "1", file = "docs/job-page.png"] = process.argv.slice(2);
const base = `http://127.0.0.1:${port}`;
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
const page = await browser.newPage({ viewport: { width: 1280, height: 1120 }, colorScheme: "dark" });
await page.goto(`${base}/login?next=/jobs/${job}`);
await page.fill("input[name=email]", "test@example.com");
await page.fill("input[name=password]", "testpassword");
await page.press("input[name=password]", "Enter");
await page.waitForURL(`${base}/jobs/${job}`);
await page.waitForLoadState("networkidle").catch(() => {});
await page.screenshot({ path: file });
await browser.close();
