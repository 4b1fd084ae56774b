// `purser healthcheck`: asks the running server whether it is up; for containers without curl.
import { readConfig } from "../app/index.ts"
import type { Verb } from "./verb.ts"

/** Asked by its address, where no certificate is for. */
const LOOPBACK = { rejectUnauthorized: false }

export const healthcheck: Verb = {
  words: "healthcheck",
  help: "ask the running server whether it is up",
  about: [
    "Asks /up of the server that runs with the same settings, for containers that have no curl. It waits 5 seconds at most. A standby that can read its replica is up.",
  ],
  examples: [{ run: "healthcheck --port 9000", does: "of the server on port 9000" }],
  exits: { 1: "it does not answer, or says that it is not ready" },
  async run(args) {
    const config = readConfig(args.flags, process.env)
    const host = ["0.0.0.0", "::"].includes(config.host) ? "127.0.0.1" : config.host
    const isTls = config.tlsFiles !== null || config.acme !== null
    const url = `${isTls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${config.port}/up`
    const response = await fetch(url, {
      signal: AbortSignal.timeout(5_000),
      ...(isTls ? { tls: LOOPBACK } : {}),
    }).catch((error: Error) => error)
    const found = response instanceof Response ? await verdictOf(response) : `down: ${url} ${response.message}`
    console.log(found)
    return found.startsWith("down") ? 1 : 0
  },
}

async function verdictOf(response: Response): Promise<string> {
  const { url, status } = response
  if (response.ok) return `up: ${url} ${status}`
  const told = (await response.json().catch(() => null)) as { reasons?: string[]; standby?: string } | null
  // It gets no traffic, and does what it is for.
  const isStandby = told?.reasons?.join() === "standby" && told.standby === "ok"
  return isStandby ? `up: ${url} stands by` : `down: ${url} ${status}`
}
