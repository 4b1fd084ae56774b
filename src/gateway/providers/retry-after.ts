// When an upstream may be asked again, in every form that servers say it (RFC 9110 §10.2.3, and OpenAI's milliseconds).

/** Nobody waits longer; a server that says more means "not today". Seconds. */
const SECONDS_MAX = 86_400

/** @returns whole seconds, at least 1; 1 where nothing is said. @param hint seconds that the body says */
export function retryAfterSeconds(headers: Headers, hint: number | null = null): number {
  const seconds = fromMilliseconds(headers) ?? fromHeader(headers.get("retry-after")) ?? hint ?? 1
  return Math.min(Math.max(1, Math.ceil(seconds)), SECONDS_MAX)
}

function fromMilliseconds(headers: Headers): number | null {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN)
  return ms > 0 ? ms / 1_000 : null
}

/** Seconds, or a date. */
function fromHeader(text: string | null): number | null {
  if (text === null || text.trim() === "") return null
  const seconds = Number(text)
  if (Number.isFinite(seconds)) return seconds
  const untilDate = (Date.parse(text) - Date.now()) / 1_000
  return Number.isNaN(untilDate) ? null : untilDate
}
