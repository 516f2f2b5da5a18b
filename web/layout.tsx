import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "./chrome.ts";

/**
 * How htmx behaves here: history is left to the browser; errors are told by `notices.js` instead of being swapped into the page; details
 * that were opened stay open; times that the script has put into the reader's zone stay so, as does what is a script's own.
 */
const HTMX = JSON.stringify({
  history: false,
  noSwap: [204, 304, "4xx", "5xx"],
  morphIgnore: ["data-htmx-powered", "open"],
  morphSkipChildren: "time, [data-own]",
  defaultTimeout: 30_000,
  includeIndicatorCSS: false,
});

type LayoutProps = {
  chrome: Chrome;
  title: string;
  /** The address of an SVG for the browser's tab, in place of the logo. */
  icon?: string;
  /** Scripts that only this page needs, by their names among the assets. */
  scripts?: readonly string[];
  children?: Child;
};

/** The whole of a page around its content. */
export function Layout({ chrome, title, icon, scripts = [], children }: LayoutProps) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="dark light" />
        <meta name="htmx-config" content={HTMX} />
        <title>{pageTitle(title)}</title>
        <link rel="icon" type="image/svg+xml" href={icon ?? `${chrome.assets}/logo.svg`} />
        <link rel="stylesheet" href={`${chrome.assets}/app.css`} />
        <script src={`${chrome.assets}/htmx.js`} defer />
        <script src={`${chrome.assets}/app.js`} defer />
        {scripts.map((name) => (
          <script src={`${chrome.assets}/${name}`} defer />
        ))}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Header chrome={chrome} />
        <main id="main" tabindex="-1">
          {children}
        </main>
        <div id="toast" role="status" aria-live="polite" />
      </body>
    </html>
  );
}

/** What stands in the browser's tab. */
export function pageTitle(title: string): string {
  return `${title} · JiggaBlend`;
}

function Header({ chrome }: { chrome: Chrome }) {
  return (
    <header class="top">
      <a class="brand" href="/jobs">
        <img src={`${chrome.assets}/logo.svg`} alt="" width="28" height="28" />
        <span>JiggaBlend</span>
      </a>
      {chrome.user && <Navigation section={chrome.section} user={chrome.user} />}
      <div id="banner" role="status" />
    </header>
  );
}

function Navigation({ section, user }: { section: Chrome["section"]; user: { name: string; admin: boolean } }) {
  const current = (name: Chrome["section"]) => (section === name ? "page" : null);
  return (
    <>
      <nav aria-label="Main">
        <a href="/jobs" aria-current={current("jobs")}>
          Jobs
        </a>
        <a href="/jobs/new" aria-current={current("new")}>
          New job
        </a>
        <a href="/runners" aria-current={current("runners")}>
          Runners
        </a>
        {user.admin && (
          <a href="/admin" aria-current={current("admin")}>
            Admin
          </a>
        )}
      </nav>
      <form class="account" method="post" action="/logout">
        <a class="who" href="/account" title={user.name} aria-current={current("account")}>
          <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7 8c.6-3.4 3.4-5 7-5s6.4 1.6 7 5" />
          </svg>
          <span>{user.name}</span>
        </a>
        <button class="quiet">Sign out</button>
      </form>
    </>
  );
}
