// One call to the butler. Throws Away where nobody answers; every answer comes back with its status.

export class Away extends Error {}

export async function call(method, path, body, seconds = 25) {
  let answer;
  const raw = body instanceof Uint8Array;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      headers: body === undefined ? {} : { "Content-Type": raw ? "application/octet-stream" : "application/json" },
      body: body === undefined || raw ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(seconds * 1000),
    });
    const text = await answer.text();
    const json = (answer.headers.get("content-type") || "").includes("json");
    return { ok: answer.ok, status: answer.status, data: json && text ? JSON.parse(text) : null };
  } catch (error) {
    throw new Away(String(error && error.name));
  }
}

// An identifier of our own: what makes a message that is sent twice count once.
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `w_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
