const UTC = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

/** A point in time. The script puts it into the reader's own zone; without it, it is told in UTC. */
export function Moment({ atMs }: { atMs: number }) {
  return <time datetime={new Date(atMs).toISOString()}>{UTC.format(atMs)} UTC</time>;
}

/** How long something has been going on. The script lets it run; without it, the page says since when. */
export function Since({ atMs }: { atMs: number }) {
  return (
    <time datetime={new Date(atMs).toISOString()} data-since>
      since {UTC.format(atMs)} UTC
    </time>
  );
}
