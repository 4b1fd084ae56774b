// Where a network address is, by a file that the operator gives (MMDB, as MaxMind, DB-IP and IP2Location make them). Nothing is asked of
// anybody else. Read in the background, and again when the file changes.
import { stat } from "node:fs/promises"
import type { CityResponse, Reader } from "maxmind"
import { type Log, MINUTE_MS } from "../app/index.ts"

export interface Places {
  /** "Berlin, Germany"; null: nobody knows, or the file is not read yet. */
  placeOf(ip: string): string | null
  /** What is read, for who waits for it. */
  ready(): Promise<void>
}

/** A new file is looked for this often, when somebody asks. */
const LOOK_MS = 10 * MINUTE_MS
/** Of a file that says anything at all. */
const CHARS_MAX = 80

/** @param path null = no place is known */
export function createPlaces(path: string | null, log: Pick<Log, "warn">, now: () => number = Date.now): Places {
  let reader: Reader<CityResponse> | null = null
  let seen = ""
  let lookedMs = -LOOK_MS
  let looking: Promise<void> = Promise.resolve()
  async function look(file: string): Promise<void> {
    try {
      const { mtimeMs, size } = await stat(file)
      if (seen === `${mtimeMs} ${size}`) return
      const { Reader: MmdbReader } = require("maxmind") as typeof import("maxmind")
      const bytes = Buffer.from(await Bun.file(file).arrayBuffer())
      reader = new MmdbReader<CityResponse>(bytes)
      seen = `${mtimeMs} ${size}`
    } catch (error) {
      log.warn("geoip.unreadable", { file, error })
    }
  }
  function lookAgain(): void {
    if (path === null || now() - lookedMs < LOOK_MS) return
    lookedMs = now()
    looking = look(path)
  }
  lookAgain()
  return {
    placeOf(ip) {
      lookAgain()
      try {
        return reader ? wordsOf(reader.get(ip)) : null
      } catch {
        // No address, or a damaged part of the file.
        return null
      }
    },
    ready: () => looking,
  }
}

function wordsOf(found: CityResponse | null): string | null {
  const names = [found?.city?.names?.en, found?.country?.names?.en].filter((name) => typeof name === "string" && name)
  return names.length === 0 ? null : names.join(", ").slice(0, CHARS_MAX)
}
