/** What surrounds every page: who is signed in, where in the site the page is, and where its assets lie. */
export type Chrome = {
  user: { name: string; admin: boolean } | null;
  section: "jobs" | "new" | "runners" | "admin" | "account" | null;
  /** The path under which the build's assets are served, without a slash at its end. */
  assets: string;
};
