import type { Child } from "#jsx/jsx-runtime";
import type { Chrome } from "./chrome.ts";
import { Layout } from "./layout.tsx";

/** The pages of the admin section in the order of their navigation; each is at `/admin/<name>`. */
const ADMIN_PAGES = [
  ["stats", "Stats"],
  ["users", "Users"],
  ["keys", "Keys"],
  ["blender", "Blender"],
  ["settings", "Settings"],
] as const;

export type AdminPageName = (typeof ADMIN_PAGES)[number][0];

/** A page of the admin section, with the way to its other pages beside it. `heading` stands beside the title: what there is to do. */
export function AdminLayout({
  chrome,
  page,
  title,
  crumb,
  heading,
  children,
}: {
  chrome: Chrome;
  page: AdminPageName;
  title: string;
  /** Stands above the title: the list that this is of. */
  crumb?: Child;
  heading?: Child;
  children?: Child;
}) {
  return (
    <Layout chrome={chrome} title={title}>
      <div class="with-side">
        <nav class="side" aria-label="Admin">
          {ADMIN_PAGES.map(([name, text]) => (
            <a href={`/admin/${name}`} aria-current={name === page ? "page" : null}>
              {text}
            </a>
          ))}
        </nav>
        <div class="content">
          {crumb}
          <div class="heading">
            <h1>{title}</h1>
            {heading}
          </div>
          {children}
        </div>
      </div>
    </Layout>
  );
}
