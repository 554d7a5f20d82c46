// Calls to the service. A call never throws: what became of it is its outcome.
//
//   {kind: "done", data, etag}
//   {kind: "signed_out"}          there is no session, or none any more
//   {kind: "reauthenticate"}      the password was given too long ago
//   {kind: "wait", seconds}       too many attempts
//   {kind: "busy", seconds}       the service cannot do it just now
//   {kind: "away"}                nobody answers; what was asked may have been done
//   {kind: "refused"}             anything else
//
// All but "done" and "away" have status, code and requestId, and field and reason if the reply names a field.
import { bringSeenVersion, noteSeenVersion } from "./seen_version.js";

const longest = 20_000; // ms; more than the service takes for anything
const notLoggedIn = [200008, 200009];
const passwordTooOld = 200017;
const noGateway = 300006; // what a proxy says when it reaches nobody

// `timeLimit`: ms until it counts as no answer.
export const get = (path, timeLimit) => call("GET", path, { timeLimit });
// Like `get`, but the browser may answer from its cache.
export const getKept = (path, timeLimit) => call("GET", path, { timeLimit, cache: "default" });
export const post = (path, body) => call("POST", path, { body });
export const put = (path, body, etag) => call("PUT", path, { body, etag });
export const remove = (path, body) => call("DELETE", path, { body });

async function call(method, path, { body, etag, timeLimit = longest, cache = "no-store" } = {}) {
  const headers = bringSeenVersion(method, path);
  if (body) headers["Content-Type"] = "application/json";
  if (etag) headers["If-Match"] = strong(etag);
  try {
    const reply = await fetch(path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      cache,
      signal: AbortSignal.timeout(timeLimit),
    });
    noteSeenVersion(reply, headers);
    return outcomeOf(reply, await reply.json());
  } catch {
    return { kind: "away" }; // no answer, or not the service's
  }
}

// A proxy that compresses replies makes their tags weak (W/"1"), and a weak tag matches no If-Match (RFC 9110, section
// 13.1.1). The version that it names is the same.
const strong = (etag) => etag.replace(/^W\//, "");

function outcomeOf(reply, { code, data }) {
  const { status, headers } = reply;
  if (reply.ok) return { kind: "done", data, etag: headers.get("ETag") };
  const seconds = Number(headers.get("Retry-After")) || 1;
  const failure = { status, code, field: data?.field, reason: data?.reason, requestId: headers.get("X-Request-Id") };
  return { ...failure, kind: kindOf(status, code), seconds };
}

function kindOf(status, code) {
  if (notLoggedIn.includes(code)) return "signed_out";
  if (code === passwordTooOld) return "reauthenticate";
  if (status === 429) return "wait";
  if (status === 502 || status === 504 || code === noGateway) return "away";
  return status === 503 ? "busy" : "refused";
}
