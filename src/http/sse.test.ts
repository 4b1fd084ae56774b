import { afterEach, beforeEach, expect, test } from "bun:test"
import { until } from "../../test/eventually.ts"
import { AppError, LIMITS } from "../app/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { createSse, type Sse, type Watched } from "./index.ts"

let env: Awaited<ReturnType<typeof openTestStore>>
let sse: Sse
beforeEach(async () => {
  env = await openTestStore()
  sse = createSse({ store: env.store, gapMs: 20, heartbeatMs: 60 })
})
afterEach(async () => {
  sse.close()
  await env.close()
})

/** Something to watch, turned by the test. */
const thing = (key = 1) => {
  const state = { stamp: "a", alive: true, asked: 0 }
  const watched: Watched = {
    key,
    isAlive: () => state.alive,
    stamp: () => {
      state.asked++
      return state.stamp
    },
  }
  return { state, watched }
}
const commit = () => env.store.write(testCtx, () => 0)

/** Collects what a stream says until it ends. */
function listen(response: Response) {
  const heard = { text: "", ended: false }
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  const reading = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      heard.text += decoder.decode(value)
    }
    heard.ended = true
  })()
  return { heard, reading, leave: () => reader.cancel() }
}

test("says that something moved after the commit that moved it, and nothing after one that did not", async () => {
  const { state, watched } = thing()
  const { heard } = listen(sse.open(watched, "a"))
  await commit()
  await until(() => state.asked >= 2)
  expect(heard.text).not.toContain("moved")
  state.stamp = "b"
  await commit()
  await until(() => heard.text.includes("event: moved\nid: b\n"))
})

test("what moved before the stream opened is said at once", async () => {
  const { state, watched } = thing()
  state.stamp = "b"
  const { heard } = listen(sse.open(watched, "a"))
  await until(() => heard.text.includes("event: moved\nid: b\n"))
})

test("a storm of commits is few words, and the last one is never lost", async () => {
  const { state, watched } = thing()
  const { heard } = listen(sse.open(watched, "a"))
  for (let count = 0; count < 300; count++) {
    state.stamp = `s${count}`
    await commit()
  }
  await until(() => heard.text.includes("id: s299\n"))
  expect(heard.text.match(/event: moved/g)!.length).toBeLessThan(100)
})

test("ends when the session does: by the commit that ended it, or by the next heartbeat", async () => {
  const one = thing()
  const first = listen(sse.open(one.watched, null))
  one.state.alive = false
  await commit()
  await until(() => first.heard.ended)
  expect(first.heard.text).toContain("event: over\ndata: signed-out\n")

  const two = thing()
  const second = listen(sse.open(two.watched, null))
  two.state.alive = false
  await until(() => second.heard.ended)
  expect(sse.size).toBe(0)
})

test("costs nothing when nobody listens", async () => {
  const listeners = new Set<() => void>()
  const committed = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const own = createSse({ store: { committed } })
  expect(listeners.size).toBe(0)
  const { leave } = listen(own.open(thing().watched, null))
  expect(listeners.size).toBe(1)
  await leave()
  expect(listeners.size).toBe(0)
  expect(own.size).toBe(0)
  own.close()
})

test("silence is filled, and a reader that does not read is given up", async () => {
  const { heard } = listen(sse.open(thing(1).watched, null))
  await until(() => heard.text.includes(":\n\n"))
  // Nobody reads this one.
  sse.open(thing(2).watched, null)
  expect(sse.size).toBe(2)
  await until(() => sse.size === 1)
})

test("one person's oldest stream makes room; the whole server says no", () => {
  const mine = Array.from({ length: LIMITS.ssePerUserMax + 1 }, () => listen(sse.open(thing(1).watched, null)))
  expect(sse.size).toBe(LIMITS.ssePerUserMax)
  return until(() => mine[0]!.heard.text.includes("data: replaced")).then(() => {
    expect(mine[1]!.heard.ended).toBe(false)
    for (let key = 2; sse.size < LIMITS.sseStreamsMax; key++) sse.open(thing(key).watched, null)
    expect(() => sse.open(thing(9_999_999).watched, null)).toThrow(AppError)
  })
})

test("many streams are all looked at, in slices that let others work", async () => {
  const things = Array.from({ length: 400 }, (_, index) => thing(index))
  let isSlow = false
  const heard = things.map(({ watched }) => {
    const stamp = () => {
      const endMs = performance.now() + (isSlow ? 0.2 : 0)
      while (performance.now() < endMs);
      return watched.stamp()
    }
    return listen(sse.open({ ...watched, stamp }, "a"))
  })
  for (const { state } of things) state.stamp = "b"
  isSlow = true
  // Turns of the loop while they are looked at, whatever else the machine does.
  let [turns, looks] = [0, 0]
  const seen = () => heard.filter(({ heard: { text } }) => text.includes("id: b")).length
  const counting = () => {
    const now = seen()
    if (now > looks) turns++
    looks = now
    if (now < things.length) setImmediate(counting)
  }
  await commit()
  setImmediate(counting)
  await until(() => looks === things.length)
  // 400 looks of 0.2 ms are 80 ms of work; in one piece nothing would have come between.
  expect(turns).toBeGreaterThan(2)
})

test("closing ends every stream and takes no new one; a store that fails ends a stream, not the server", async () => {
  const { watched } = thing()
  const broken = listen(
    sse.open(
      {
        ...watched,
        isAlive: () => {
          throw new Error("the database is closed")
        },
      },
      null,
    ),
  )
  await commit()
  await until(() => broken.heard.ended)
  const { heard } = listen(sse.open(watched, null))
  sse.close()
  await until(() => heard.ended)
  expect(heard.text).not.toContain("over")
  expect(() => sse.open(watched, null)).toThrow(AppError)
})
