// Places of network addresses, out of a file made by hand as the MaxMind DB format 2.0 says.
import { expect, test } from "bun:test"
import { utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { testFolder } from "../store/index.ts"
import { createPlaces } from "./places.ts"

type Value = string | number | readonly string[] | { readonly [key: string]: Value }

function encoded(value: Value): Buffer {
  const head = (type: number, size: number): Buffer => {
    const length = size < 29 ? [size] : [29, size - 29]
    const first = (type > 7 ? 0 : type << 5) | length[0]!
    return Buffer.from([first, ...(type > 7 ? [type - 7] : []), ...length.slice(1)])
  }
  if (typeof value === "string") return Buffer.concat([head(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === "number") return Buffer.concat([head(6, 4), Buffer.from([0, 0, value >> 8, value & 255])])
  if (Array.isArray(value)) return Buffer.concat([head(11, value.length), ...value.map(encoded)])
  const entries = Object.entries(value as { [key: string]: Value })
  return Buffer.concat([head(7, entries.length), ...entries.flatMap(([key, one]) => [encoded(key), encoded(one)])])
}

/** A tree of one network of IPv4. */
function mmdb(network: readonly [number, number, number], data: Value): Buffer {
  const bits = network.flatMap((byte) => Array.from({ length: 8 }, (_, at) => (byte >> (7 - at)) & 1))
  const nodes = bits.map((bit, at) => {
    const next = at === bits.length - 1 ? bits.length + 16 : at + 1
    const pair = bit === 0 ? [next, bits.length] : [bits.length, next]
    return Buffer.from(pair.flatMap((one) => [one >> 16, (one >> 8) & 255, one & 255]))
  })
  const about = {
    node_count: bits.length,
    record_size: 24,
    ip_version: 4,
    database_type: "Test-City",
    languages: ["en"],
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1,
    description: { en: "test" },
  }
  const marker = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from("MaxMind.com")])
  return Buffer.concat([...nodes, Buffer.alloc(16), encoded(data), marker, encoded(about)])
}

const berlin = { city: { names: { en: "Berlin", de: "Berlin" } }, country: { names: { en: "Germany" } } }

test("an address of the file has a place, every other has none, and a new file counts from its next look on", async () => {
  const file = join(testFolder("purser-places-"), "city.mmdb")
  writeFileSync(file, mmdb([203, 0, 113], berlin))
  let now = 0
  const warned: string[] = []
  const places = createPlaces(file, { warn: (event) => void warned.push(event) }, () => now)
  await places.ready()
  expect(["203.0.113.7", "203.0.112.7", "::1", "no address", ""].map(places.placeOf)).toEqual([
    "Berlin, Germany",
    null,
    null,
    null,
    null,
  ])
  writeFileSync(file, mmdb([203, 0, 113], { country: { names: { en: "F".repeat(200) } } }))
  utimesSync(file, 1, 1)
  expect(places.placeOf("203.0.113.7")).toBe("Berlin, Germany")
  now += 10 * 60_000
  places.placeOf("203.0.113.7")
  await places.ready()
  expect(places.placeOf("203.0.113.7")).toBe("F".repeat(80))
  writeFileSync(file, "no such thing")
  now += 10 * 60_000
  places.placeOf("203.0.113.7")
  await places.ready()
  // What was read before stays.
  expect(places.placeOf("203.0.113.7")).toBe("F".repeat(80))
  expect(warned).toEqual(["geoip.unreadable"])
})

test("without a file nothing is known and nothing is said", async () => {
  const places = createPlaces(null, { warn: () => expect.unreachable() })
  await places.ready()
  expect(places.placeOf("203.0.113.7")).toBeNull()
  const warned: string[] = []
  const missing = createPlaces("/nowhere/x.mmdb", { warn: (event) => void warned.push(event) })
  await missing.ready()
  expect([missing.placeOf("203.0.113.7"), warned]).toEqual([null, ["geoip.unreadable"]])
})
