// One call to the desk. Throws Away where nobody answers; every answer comes back with its status.

export class Away extends Error {}
export const API = "/desk/api/v1";

let onOver = () => {};
// Called once a login turns out to be over.
export function whenOver(listener) { onOver = listener; }

export async function call(method, path, body, { seconds = 25, raw = null } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method, credentials: "same-origin", cache: "no-store",
      headers: body === undefined || raw ? {} : { "Content-Type": "application/json" },
      body: raw || (body === undefined ? undefined : JSON.stringify(body)),
      signal: AbortSignal.timeout(seconds * 1000),
    });
    const text = await answer.text();
    const json = (answer.headers.get("content-type") || "").includes("json");
    const found = { ok: answer.ok, status: answer.status, data: json && text ? JSON.parse(text) : null };
    if (found.status === 401 && path !== "/desk/session") onOver();
    return found;
  } catch (error) {
    throw new Away(String(error && error.name));
  }
}

// What went wrong, in a sentence: the server's own, else that the line is down.
export async function attempt(work, words) {
  try {
    const answer = await work();
    return answer.ok ? { data: answer.data, trouble: null, status: answer.status }
      : { data: null, trouble: answer.data?.detail || words.failed, status: answer.status };
  } catch (error) {
    if (error instanceof Away) return { data: null, trouble: words.away, status: 0 };
    throw error;
  }
}

// An identifier of our own: what makes a thing that is sent twice count once.
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `d_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
