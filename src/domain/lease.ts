/** The numbers that manager and runner agree on. */

/** How often a runner reports, and renews its leases. */
export const HEARTBEAT_SECONDS = 5;

/** How long a lease lives after the last heartbeat. */
export const LEASE_SECONDS = 15;

/** How often the reaper looks for leases that have run out. */
export const REAPER_SECONDS = 1;

/** The longest that `GET /api/runner/tasks` may wait for work. */
export const MAX_WAIT_SECONDS = 60;

/** The most tasks that one runner may hold at once. */
export const MAX_SLOTS = 16;

/** The version of what manager and runner say to each other; both must speak the same one. */
export const PROTOCOL_VERSION = 1;
