// Open sockets against what the system allows. The platform tells nobody of a connection before its first request, so they
// cannot be counted by address; it ends silent ones after 12 seconds, and we end idle ones when file handles run short.
import { readdirSync, readFileSync } from "node:fs"
import type { Log } from "../app/index.ts"

export interface Handles {
  open(): number
  max: number
}

/** Share of the handles in use from which connections between two requests are given up. */
const TIGHT = 0.8
const LOOK_MS = 1_000
/** Fewer handles are soon used up by browsers that keep their connections. */
const HANDLES_LEAST = 4_096

/** This process's handles; null where the system does not tell (not Linux). */
function systemHandles(): Handles | null {
  try {
    const max = Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1] ?? Number.NaN)
    return Number.isFinite(max) ? { max, open: () => openHandles(max) } : null
  } catch {
    return null
  }
}

function openHandles(max: number): number {
  try {
    return readdirSync("/proc/self/fd").length
  } catch {
    // Not even this folder can be opened.
    return max
  }
}

export function relieveSockets(deps: {
  server: { closeIdleConnections(): unknown }
  log: Log
  handles?: Handles | null
  lookMs?: number
}): { stop(): void } {
  const { server, log, handles = systemHandles(), lookMs = LOOK_MS } = deps
  if (!handles) return { stop() {} }
  const { max } = handles
  if (max < HANDLES_LEAST)
    log.warn("sockets.few_handles", {
      max,
      advice: `raise the limit of open files (ulimit -n) to ${HANDLES_LEAST} or more`,
    })
  let wasTight = false
  const timer = setInterval(() => {
    const open = handles.open()
    const isTight = open > max * TIGHT
    if (isTight) server.closeIdleConnections()
    if (isTight && !wasTight) log.warn("sockets.tight", { open, max, done: "idle connections are closed" })
    wasTight = isTight
  }, lookMs)
  timer.unref?.()
  return { stop: () => clearInterval(timer) }
}
