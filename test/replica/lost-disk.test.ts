// Real Litestream against a server that speaks S3: a machine is lost under load and comes back. `bun run drill` repeats it.
import { expect, setDefaultTimeout, test } from "bun:test"
import { litestreams } from "./kit.ts"
import { loseDisk } from "./lost-disk.ts"

setDefaultTimeout(120_000)

for (const tried of litestreams())
  test(`Litestream ${tried.version}: a lost disk comes back with everything that was acknowledged after its sync`, async () => {
    const [loss] = await loseDisk(tried, { lifeMs: 2_000, rounds: 1 })
    console.log(`lost with ${tried.version}: ${JSON.stringify(loss)}`)
    expect(loss!.broken).toEqual([])
    // Without these it would have proved nothing.
    expect(loss!.held).toBeGreaterThan(0)
    expect(loss!.granted).toBeGreaterThan(5)
    expect(loss!.answered).toBeGreaterThan(0)
  })
