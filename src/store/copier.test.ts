import { expect, test } from "bun:test"
import { createCopier } from "./index.ts"

const scriptOf = (code: string) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }))

test("a copy that fails says so, and the next one is tried; a Worker that dies is replaced", async () => {
  const copier = createCopier(
    scriptOf(`
      let asked = 0
      self.onmessage = () => {
        asked++
        if (asked === 3) throw new Error("dead")
        self.postMessage(asked === 1 ? "the disk is full" : null)
      }`),
    "no.db",
  )
  const copied = () =>
    copier.copyLog().then(
      () => "copied",
      (error: Error) => error.message,
    )
  expect(await copied()).toBe("the disk is full")
  expect(await copied()).toBe("copied")
  expect(await copied()).toContain("the copying Worker died")
  expect(await copied()).toBe("the disk is full")
  await copier.stop()
  expect(await copied()).toBe("copied")
})

test("stopping waits for a copy for a moment only", async () => {
  const copier = createCopier(scriptOf("self.onmessage = () => { for (;;); }"), "no.db")
  void copier.copyLog()
  const stopped = copier.stop().then(() => "stopped")
  expect(await Promise.race([stopped, Bun.sleep(20_000)])).toBe("stopped")
}, 30_000)
