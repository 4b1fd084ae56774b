// Answers of a house model say the house's name for it: callers are told what they asked for, and not whose work it is.
import type { Frame } from "../providers/index.ts"

/** `"model":"…"` where it is a member; inside of texts its quotes are escaped. */
const MODEL = /"model"\s*:\s*"(?:[^"\\]|\\.)*"/

/** @param name null = as it came */
export function named(frame: Frame, name: string | null): Frame {
  if (name === null) return frame
  const { raw } = frame
  if (!raw) return { ...frame, model: name }
  const data = raw.data.replace(MODEL, () => `"model":${JSON.stringify(name)}`)
  return { ...frame, model: name, raw: { ...raw, data, json: renamed(raw.json, name) } }
}

/** Of a chunk or an answer; events of responses hold their answer. */
function renamed(json: Record<string, unknown>, name: string): Record<string, unknown> {
  if (typeof json.model === "string") return { ...json, model: name }
  const { response } = json
  return typeof response === "object" && response !== null && "model" in response
    ? { ...json, response: { ...response, model: name } }
    : json
}
