import { Elysia } from "elysia";

/** Everything comes from here and nothing else: no inline script or style, no frame around us, no form that leads away. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "frame-src 'none'",
  "object-src 'none'",
].join("; ");

/**
 * What every answer says to browsers. The referrer is `same-origin` and not `no-referrer`, because with that browsers send our own forms
 * with `Origin: null`, which the check of origins refuses.
 */
const HEADERS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
} as const;

/** Puts the headers on every answer, also on errors. */
export const securityHeaders = new Elysia({ name: "security-headers" }).onRequest(({ set }) => {
  Object.assign(set.headers, HEADERS);
});
