// A request whose tools ran here is several charges: the first has its own name, later rounds and tools that name, a dash and a number.
import { type Nano, nano, UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { findOwnCall, partsOf, sumsOfRequests } from "./store-calls.ts"
import type { UsageCall } from "./types.ts"

const PART = /-([1-9]\d{0,3})$/

/** The request that a charge belongs to. */
export const requestIdOf = (publicId: string): string => publicId.replace(PART, "")

/** Which of its charges it is, from 1. */
export const partNumberOf = (publicId: string): number => Number(PART.exec(publicId)?.[1] ?? 1)

/** In the order in which they ran; none: there is no such request of this person or team. */
export function requestOf(reader: Reader, userId: UserId, publicId: string): UsageCall[] {
  const first = findOwnCall(reader, userId, requestIdOf(publicId))
  return first ? [first, ...partsOf(reader, { ...first, userId: UserId(first.callerId) }, first.publicId)] : []
}

export const requestSums = (
  reader: Reader,
  userId: UserId,
  publicIds: readonly string[],
): Map<string, { parts: number; collectedNano: Nano }> =>
  new Map(
    sumsOfRequests(reader, userId, publicIds.map(requestIdOf)).map(({ publicId, parts, collectedNano }) => [
      publicId,
      { parts, collectedNano: nano(collectedNano) },
    ]),
  )
