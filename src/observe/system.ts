// What /admin/system tells of the machine: the file, its log, its growth, the disk, the queue.
import { statfsSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { type Clock, dayOf } from "../app/index.ts"
import type { Store, WriteContext } from "../store/index.ts"
import { giveBack, pagesOf, type Sizes, saveSizes, sizesOf } from "./store.ts"

export interface SystemFacts {
  databaseBytes: number
  /** In pages of the file that nobody uses; the next rows take them. */
  unusedBytes: number
  walBytes: number
  disk: { freeBytes: number; totalBytes: number } | null
  /** A day, over the last 30 days or what is known of them; null before there are two days. */
  growthBytes: number | null
  sizes: Sizes
  queued: number
  uptimeMs: number
  memoryBytes: number
}

type Watched = Pick<Store, "read" | "path" | "stats">

const GROWTH_DAYS = 30
const SIZES_MAX = 400

export function systemFacts(store: Watched): SystemFacts {
  const { pageBytes, pages, free } = pagesOf(store.read)
  const sizes = sizesOf(store.read)
  return {
    databaseBytes: pages * pageBytes,
    unusedBytes: free * pageBytes,
    walBytes: bytesOf(`${store.path}-wal`),
    disk: diskOf(store.path),
    growthBytes: growthOf(sizes),
    sizes,
    queued: store.stats.queued,
    uptimeMs: process.uptime() * 1_000,
    memoryBytes: process.memoryUsage.rss(),
  }
}

/** Bytes a day. */
export function growthOf(sizes: Sizes): number | null {
  const last = sizes.at(-1)
  if (!last) return null
  const first = sizes.find(([day]) => day >= last[0] - GROWTH_DAYS)!
  return first[0] === last[0] ? null : Math.round((last[1] - first[1]) / (last[0] - first[0]))
}

/** Adds today's size, or replaces it. */
export const withToday = (sizes: Sizes, day: number, bytes: number): Sizes =>
  [...sizes.filter(([known]) => known < day), [day, bytes] as const].slice(-SIZES_MAX)

const SIZE: WriteContext = {
  actor: "system:note-size",
  requestId: "job_note-size",
  reason: "how large the database is",
}

export function noteSize(store: Watched & Pick<Store, "write">, clock: Clock): Promise<void> {
  const { pageBytes, pages } = pagesOf(store.read)
  const day = dayOf(clock.now())
  return store.write(SIZE, (tx) => saveSizes(tx, withToday(sizesOf(tx), day, pages * pageBytes)))
}

/** Unused pages are kept for rows to come; only when they are a large part of the file, the disk gets them back. */
const UNUSED_SHARE = 0.25
const UNUSED_PAGES_MIN = 2_000
const VACUUM: WriteContext = {
  actor: "system:give-back-space",
  requestId: "job_give-back-space",
  reason: "pages that nobody uses",
}

/** @returns whether more is to be given back */
export async function giveBackSpace(store: Pick<Store, "read" | "write">, rows: number): Promise<boolean> {
  const { pages, free } = pagesOf(store.read)
  if (free < UNUSED_PAGES_MIN || free < pages * UNUSED_SHARE) return false
  await store.write(VACUUM, (tx) => giveBack(tx, rows))
  return true
}

function bytesOf(path: string): number {
  try {
    return statSync(path).size
  } catch {
    return 0
  }
}

function diskOf(path: string): SystemFacts["disk"] {
  try {
    const { bsize, bavail, blocks } = statfsSync(dirname(path))
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return null
  }
}
