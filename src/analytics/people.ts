// Sets of people by number, in pieces of 8192: how they are written in a row, joined and counted. Pure. Users are numbered without gaps,
// so a set of everybody is a bit each; a small one is its numbers.
export const CHUNK_PEOPLE = 8_192
const WORDS = CHUNK_PEOPLE / 32
const BITMAP_BYTES = CHUNK_PEOPLE / 8
/** From here on a bit each is shorter. */
const LISTED_MAX = 511

export const chunkOf = (user: number): number => Math.floor(user / CHUNK_PEOPLE)

/** Numbers within their chunk, in order and each once, as a row has them. */
export function written(bits: Uint32Array): { people: number; bits: Uint8Array } {
  const people = count(bits)
  if (people > LISTED_MAX) return { people, bits: new Uint8Array(bits.buffer.slice(0)) }
  const list = new Uint16Array(people)
  let at = 0
  for (let word = 0; word < WORDS; word++) {
    for (let left = bits[word]!; left !== 0; left &= left - 1) list[at++] = word * 32 + (31 - Math.clz32(left & -left))
  }
  return { people, bits: new Uint8Array(list.buffer) }
}

/** Adds what a row says. Rows are little-endian, as every machine is that this runs on. */
export function join(into: Uint32Array, row: Uint8Array): void {
  if (row.byteLength === BITMAP_BYTES) {
    const from = aligned(row)
    for (let word = 0; word < WORDS; word++) into[word]! |= from[word]!
    return
  }
  for (let at = 0; at < row.byteLength; at += 2) {
    const number = row[at]! | (row[at + 1]! << 8)
    into[number >> 5]! |= 1 << (number & 31)
  }
}

const aligned = (row: Uint8Array): Uint32Array =>
  row.byteOffset % 4 === 0
    ? new Uint32Array(row.buffer, row.byteOffset, WORDS)
    : new Uint32Array(row.buffer.slice(row.byteOffset, row.byteOffset + BITMAP_BYTES))

function count(words: Uint32Array): number {
  let sum = 0
  for (let at = 0; at < words.length; at++) {
    let one = words[at]!
    if (one === 0) continue
    one -= (one >>> 1) & 0x55555555
    one = (one & 0x33333333) + ((one >>> 2) & 0x33333333)
    sum += Math.imul((one + (one >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return sum
}

/** A set of people that grows. */
export class People {
  private readonly chunks = new Map<number, Uint32Array>()

  /** Everybody from a number on, below another one. */
  static between(first: number, end: number): People {
    const people = new People()
    for (let user = first; user < end; ) {
      const words = people.chunk(chunkOf(user))
      const within = user % CHUNK_PEOPLE
      if (within % 32 === 0 && user + 32 <= end) {
        words[within >> 5] = 0xffffffff
        user += 32
      } else {
        people.add(user)
        user++
      }
    }
    return people
  }

  static union(...sets: readonly People[]): People {
    const all = new People()
    for (const people of sets) all.addAll(people)
    return all
  }

  add(user: number): void {
    const within = user % CHUNK_PEOPLE
    this.chunk(chunkOf(user))[within >> 5]! |= 1 << (within & 31)
  }

  /** @param row as `written` makes it */
  addRow(chunk: number, row: Uint8Array): void {
    join(this.chunk(chunk), row)
  }

  addAll(others: People): void {
    for (const [chunk, words] of others.chunks) {
      const own = this.chunk(chunk)
      for (let word = 0; word < WORDS; word++) own[word]! |= words[word]!
    }
  }

  /** Everybody once more, without those. */
  without(others: Iterable<number>): People {
    const rest = new People()
    rest.addAll(this)
    for (const user of others) {
      const words = rest.chunks.get(chunkOf(user))
      const within = user % CHUNK_PEOPLE
      if (words) words[within >> 5]! &= ~(1 << (within & 31))
    }
    return rest
  }

  /** In their order. */
  *numbers(): Iterable<number> {
    for (const [chunk, words] of [...this.chunks].sort(([a], [b]) => a - b)) {
      for (let word = 0; word < WORDS; word++)
        for (let left = words[word]!; left !== 0; left &= left - 1)
          yield chunk * CHUNK_PEOPLE + word * 32 + (31 - Math.clz32(left & -left))
    }
  }

  get size(): number {
    let sum = 0
    for (const words of this.chunks.values()) sum += count(words)
    return sum
  }

  /** What it takes in memory. */
  get bytes(): number {
    return this.chunks.size * BITMAP_BYTES
  }

  /** How many are in both. */
  common(others: People): number {
    let sum = 0
    const both = new Uint32Array(WORDS)
    for (const [chunk, words] of this.chunks) {
      const theirs = others.chunks.get(chunk)
      if (!theirs) continue
      for (let word = 0; word < WORDS; word++) both[word] = words[word]! & theirs[word]!
      sum += count(both)
    }
    return sum
  }

  *pieces(): Iterable<readonly [chunk: number, words: Uint32Array]> {
    yield* this.chunks
  }

  private chunk(at: number): Uint32Array {
    const known = this.chunks.get(at)
    if (known) return known
    const fresh = new Uint32Array(WORDS)
    this.chunks.set(at, fresh)
    return fresh
  }
}
