// What an operator decides about people's tool servers.
import { isIP } from "node:net"
import { allowing, field } from "../http/index.ts"
import type { Setting } from "../part/index.ts"

const RANGES_MAX = 50

function problemOf(ranges: readonly string[]): string | null {
  if (ranges.length > RANGES_MAX) return `At most ${RANGES_MAX} addresses.`
  const wrong = ranges.find((range) => !isRange(range))
  return wrong === undefined
    ? null
    : `${wrong.slice(0, 80)} is not an address or a range such as 10.1.2.3 or 10.1.2.0/28.`
}

function isRange(text: string): boolean {
  if (isIP(text.split("/")[0]!) === 0) return false
  try {
    allowing([text])
    return true
  } catch {
    return false
  }
}

const LINES = field.lines({
  label: "Addresses of your own network that people may connect tool servers at",
  optional: true,
  mono: true,
  help: "One address or range per line. Everybody with an account may then send requests there. None: the public internet alone.",
})

/** Closed: a gateway to the private network does not exist unless somebody asks for it by address. */
export const NETWORKS: Setting<string[]> = {
  key: "mcp.networks",
  group: "Tool servers",
  field: {
    ...LINES,
    read(texts, look) {
      const read = LINES.read(texts, look)
      const problem = "error" in read ? read.error : problemOf(read.value)
      return problem === null ? read : { error: problem }
    },
  },
  default: [],
  problem: problemOf,
}
