import { expect } from "bun:test";
import axe from "axe-core";
import type { Page } from "playwright-core";

/** All rules, also those that are best practice and not WCAG; each finding as one line. */
const RUN = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => [id, help, target.join(" "), failureSummary].join(": "))))`;

/**
 * Expects that axe-core finds nothing on a page as it is now, in the dark theme and in the light one. It is run by the browser's debugger,
 * which the page's own policy for scripts does not bind.
 */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
    const found = await page.evaluate<string[]>(RUN);
    expect({ page: new URL(page.url()).pathname, colorScheme, found }).toEqual({
      page: new URL(page.url()).pathname,
      colorScheme,
      found: [],
    });
  }
}

/**
 * Notes from now on what the browser complains of on a page: errors on its console (a violation of the content security policy is
 * one), scripts that break off, and requests that leave the host. `but` are parts of complaints that belong to the test.
 */
export function listenForComplaints(page: Page, url: string): (...but: string[]) => string[] {
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const to = request.url();
    if (!to.startsWith(url) && !/^(data|blob|about):/.test(to)) complaints.push(`asked ${to}`);
  });
  return (...but) => complaints.filter((one) => !but.some((part) => one.includes(part)));
}
