// Sets of people against `Set`: what is written and read again has everybody once, whatever was joined, few and many.
import { expect, test } from "bun:test"
import { CHUNK_PEOPLE, chunkOf, People, written } from "./people.ts"

let state = 7
const random = (below: number): number => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
  return state % below
}

/** Through rows and back, as a database would have them. */
function kept(people: People): People {
  const read = new People()
  for (const [chunk, words] of people.pieces()) {
    const row = written(words)
    // Bytes of a row begin where the database says.
    const shifted = new Uint8Array(row.bits.byteLength + 1)
    shifted.set(row.bits, 1)
    read.addRow(chunk, shifted.subarray(1))
    expect(row.bits.byteLength).toBe(row.people > 511 ? 1_024 : row.people * 2)
  }
  return read
}

test("everybody is counted once, through rows and unions", () => {
  for (const most of [3, 400, 511, 512, 6_000, 100_000]) {
    const [one, other] = [new People(), new People()]
    const [ones, others] = [new Set<number>(), new Set<number>()]
    for (let at = 0; at < most; at++) {
      // Edges of words and chunks among them.
      const user = [random(3 * CHUNK_PEOPLE), 31, 32, CHUNK_PEOPLE - 1, CHUNK_PEOPLE][at % 5]!
      one.add(user)
      ones.add(user)
      const theirs = random(2 * CHUNK_PEOPLE)
      other.add(theirs)
      others.add(theirs)
    }
    expect(one.size).toBe(ones.size)
    const [a, b] = [kept(one), kept(other)]
    expect([a.size, b.size]).toEqual([ones.size, others.size])
    expect(a.common(b)).toBe(ones.intersection(others).size)
    expect([...a.numbers()]).toEqual([...ones].sort((x, y) => x - y))
    expect([...a.without(others).numbers()]).toEqual([...ones.difference(others)].sort((x, y) => x - y))
    expect(a.size).toBe(ones.size)
    a.addAll(b)
    expect(a.size).toBe(ones.union(others).size)
    expect(kept(a).size).toBe(a.size)
  }
})

test("numbers of exactly 511 and 512 are a list and bits", () => {
  for (const count of [511, 512]) {
    const people = new People()
    for (let user = 0; user < count; user++) people.add(5 * CHUNK_PEOPLE + user * 3)
    expect(chunkOf(5 * CHUNK_PEOPLE + 3)).toBe(5)
    expect(kept(people).size).toBe(count)
  }
})
