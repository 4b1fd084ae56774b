// Whose pictures are whose: storing, showing, forgetting, and what one person may take of the house.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { UserId, VirtualClock } from "../app/index.ts"
import { openTestStore, type Store, testCtx } from "../store/index.ts"
import type { Decode } from "./child.ts"
import { createMedia, MEDIA_LIMITS, type Media, type StoredImage } from "./index.ts"
import { pictureOf } from "./picture.ts"
import { pngOf, tellingPng } from "./testing.ts"

const MARA = UserId(1)
const EVE = UserId(2)
const place = { purpose: "avatar", subject: "usr_mara" } as const

let store: Store
let close: () => Promise<void>
let media: Media
let clock: VirtualClock
/** In this process: what a process of its own adds, `picture.test.ts` says. */
const decode: Decode = (bytes, { purpose, crop }) => pictureOf(bytes, purpose, crop).catch(() => null)

beforeEach(async () => {
  clock = new VirtualClock()
  const opened = await openTestStore({ clock })
  ;({ store, close } = opened)
  media = createMedia({ store, clock, decode })
})
afterEach(() => close())

const send = (ownerId: UserId, bytes = pngOf(80, 80)): Promise<StoredImage> =>
  media.storeImage(testCtx, { ownerId, bytes, purpose: "avatar" })
const countOf = (table: string): number => store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
const DAY = MEDIA_LIMITS.unusedMs

test("a picture is stored once, named by what is served, whoever sends it and whatever else the file said", async () => {
  const first = await send(MARA)
  expect(first.id).toMatch(/^img_[0-9a-f]{32}$/)
  expect(await send(MARA, tellingPng(80, 80))).toEqual(first)
  expect(await send(EVE)).toEqual(first)
  expect([countOf("images"), countOf("image_owners")]).toEqual([1, 2])
  expect((await send(MARA, pngOf(90, 90))).id).not.toBe(first.id)
})

test("the file of a width is the smallest that is wide enough, else the widest", async () => {
  const { id } = await media.storeImage(testCtx, { ownerId: MARA, bytes: pngOf(300, 300), purpose: "icon" })
  const widthOf = async (width: number) => (await new Bun.Image(media.fileOf(id, width)!.bytes).metadata()).width
  expect(await Promise.all([1, 64, 65, 128, 300, 512, 4_000].map(widthOf))).toEqual([64, 64, 128, 128, 300, 300, 300])
  expect(media.fileOf(id, 64)?.type).toBe("image/webp")
  for (const other of ["img_", `${id}0`, id.toUpperCase(), "../images", "' OR 1=1 --"])
    expect(media.fileOf(other, 64)).toBeNull()
})

test("only who sent a picture may show it, at one place one", async () => {
  const { id } = await send(MARA)
  await expect(media.show(testCtx, { ...place, subject: "usr_eve" }, { id, ownerId: EVE })).rejects.toThrow(
    "no such picture",
  )
  await expect(media.show(testCtx, place, { id: "img_none", ownerId: MARA })).rejects.toThrow("no such picture")
  expect(media.addressOf(place, 64)).toBeUndefined()
  await media.show(testCtx, place, { id, ownerId: MARA })
  expect(media.addressOf(place, 64)).toBe(`/media/${id}/64`)
  const other = await send(MARA, pngOf(90, 90))
  await media.show(testCtx, place, { id: other.id, ownerId: MARA })
  expect(media.addressOf(place, 128)).toBe(`/media/${other.id}/128`)
  await media.show(testCtx, place, null)
  expect(media.addressOf(place, 64)).toBeUndefined()
})

test("what is shown nowhere goes after a day, and not while anybody shows it", async () => {
  const { id } = await send(MARA)
  await send(EVE)
  await media.show(testCtx, place, { id, ownerId: MARA })
  const unused = await send(EVE, pngOf(90, 90))
  clock.advance(DAY - 1_000)
  expect(await media.sweep(testCtx, 20)).toBe(0)
  clock.advance(2_000)
  while ((await media.sweep(testCtx, 1)) > 0) {}
  expect(media.fileOf(unused.id, 64)).toBeNull()
  expect(media.fileOf(id, 64)).not.toBeNull()
  expect([countOf("images"), countOf("image_owners"), countOf("image_uses")]).toEqual([1, 1, 1])
  await media.show(testCtx, place, null)
  clock.advance(DAY)
  while ((await media.sweep(testCtx, 20)) > 0) {}
  expect(["images", "image_files", "image_owners", "image_uses"].map(countOf)).toEqual([0, 0, 0, 0])
})

test("one person has so much room, and another's is not touched by it", async () => {
  await fill(MEDIA_LIMITS.ownedMax - 1)
  await send(MARA)
  await expect(send(MARA)).rejects.toThrow("as many pictures")
  await send(EVE)
})

/** Owners of pictures that nobody needs to see. */
const fill = (count: number, bytes = 1): Promise<void> =>
  store.write(testCtx, (tx) => {
    for (let at = 0; at < count; at++) {
      const { lastInsertRowid } = tx.run(
        "INSERT INTO images (public_id, width, height, bytes, created_ms) VALUES (?, 1, 1, ?, 0)",
        `img_${String(at).padStart(32, "0")}`,
        bytes,
      )
      tx.run("INSERT INTO image_owners VALUES (?, ?, ?)", lastInsertRowid, MARA, tx.now)
    }
  })

test("bytes count as well as pictures", async () => {
  await fill(1, MEDIA_LIMITS.ownedBytesMax)
  await expect(send(MARA)).rejects.toThrow("as many pictures")
})

test("many tries in a row are refused, before anything is decoded", async () => {
  let decoded = 0
  media = createMedia({
    store,
    clock,
    decode: async () => {
      decoded++
      return null
    },
  })
  for (let at = 0; at < MEDIA_LIMITS.triesMax; at++) await expect(send(MARA)).rejects.toThrow("damaged")
  await expect(send(MARA)).rejects.toThrow("Wait a few minutes")
  expect(decoded).toBe(MEDIA_LIMITS.triesMax)
  await expect(send(EVE)).rejects.toThrow("damaged")
  clock.advance(MEDIA_LIMITS.triesMs)
  await expect(send(MARA)).rejects.toThrow("damaged")
})

test("one picture is decoded at a time, a few wait, more are refused", async () => {
  const free = Promise.withResolvers<void>()
  let running = 0
  let most = 0
  media = createMedia({
    store,
    clock,
    async decode() {
      most = Math.max(most, ++running)
      await free.promise
      running--
      return null
    },
  })
  const people = Array.from({ length: MEDIA_LIMITS.decodersMax + MEDIA_LIMITS.waitingMax + 1 }, (_, at) =>
    UserId(10 + at),
  )
  const sent = people.map((ownerId) => send(ownerId).catch((error: Error) => error.message))
  expect(await sent.at(-1)).toContain("Too many pictures")
  free.resolve()
  const words = await Promise.all(sent)
  expect(words.filter((each) => String(each).includes("damaged")).length).toBe(people.length - 1)
  expect(most).toBe(MEDIA_LIMITS.decodersMax)
})
