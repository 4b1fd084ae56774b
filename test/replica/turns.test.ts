// Who may write the replica, in every order that two servers can come in: both at once, one that lives, one that is cut off, one that dies
// in between, one that wakes up. On a folder and on a store that speaks S3, with conditions and without.
import { afterAll, describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type ReplicaTarget, silentLog } from "../../src/app/index.ts"
import { RemoteError, ReplacedError, ReplicaError } from "../../src/replica/error.ts"
import { Lease, type Seen } from "../../src/replica/lease.ts"
import { MARKER_NAME } from "../../src/replica/marker.ts"
import { deleteOld } from "../../src/replica/old-epochs.ts"
import { createRemote, type Remote } from "../../src/replica/remote.ts"
import { makeTurn } from "../../src/replica/turns.ts"
import { BUCKET, KEYS, startS3 } from "./kit.ts"

const folder = mkdtempSync(join(tmpdir(), "purser-turns-"))
const s3 = startS3()
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await s3.down()
})

const LEASE_MS = 300
const INSTANCE = `ins_${"0".repeat(26)}`
const config = { replicaAccessKeyId: KEYS.accessKeyId, replicaSecretAccessKey: KEYS.secretAccessKey }
let count = 0

const PLACES: Record<string, (name: string) => ReplicaTarget> = {
  folder: (name) => ({ kind: "file", folder: join(folder, name) }),
  bucket: (name) => ({ kind: "s3", bucket: BUCKET, prefix: name, endpoint: s3.endpoint, region: "us-east-1" }),
}

/** A replica and machines that can be cut off from it. */
function place(target: ReplicaTarget) {
  const remote = createRemote(config, target)
  const machine = (host = ++count, boot = `b${host}`) => {
    let isCut = false
    let first: { name: string; work: () => Promise<unknown> } | null = null
    const reached = new Proxy(remote, {
      get:
        (all, name: keyof Remote) =>
        async (...given: unknown[]) => {
          if (isCut) throw new RemoteError("no route to it")
          if (first?.name === name) {
            const { work } = first
            first = null
            await work()
          }
          return (all[name] as (...given: unknown[]) => unknown).apply(all, given)
        },
    })
    const dataDir = mkdtempSync(join(folder, "disk-"))
    const lease = () =>
      new Lease(
        { remote: reached, url: "r", dataDir, format: "0.5", leaseMs: LEASE_MS, fence: true, log: silentLog },
        boot,
      )
    const cut = (is: boolean) => {
      isCut = is
    }
    /** Something happens once before such a request of it. */
    const before = (name: keyof Remote, work: () => Promise<unknown>) => {
      first = { name, work }
    }
    return { lease: lease(), again: lease, cut, before }
  }
  return { remote, machine }
}
const take = (lease: Lease, seen: Seen, epoch = 1) => lease.take(seen, { instance: INSTANCE, epoch })
const WHOLE = { epoch: 1, format: "0.5", heldMs: 7, servedMs: 0 } as const
const begun = async (lease: Lease) => take(lease, await lease.look())

for (const [name, targetOf] of Object.entries(PLACES))
  describe(name, () => {
    const fresh = () => place(targetOf(`r${++count}`))

    test("of many who take at once exactly one has it, and every other one is refused", async () => {
      const { machine } = fresh()
      const leases = Array.from({ length: 6 }, () => machine().lease)
      const seen = await Promise.all(leases.map((lease) => lease.look()))
      const ends = await Promise.allSettled(leases.map((lease, n) => take(lease, seen[n]!)))
      expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
      for (const end of ends) if (end.status === "rejected") expect(end.reason).toBeInstanceOf(ReplicaError)
      const holder = leases[ends.findIndex(({ status }) => status === "fulfilled")]!
      expect(await holder.beat()).toBe("held")
      expect(holder.isConditional).toBe(true)
    })

    test("a holder that lives is not waited out", async () => {
      const { machine } = fresh()
      const [first, second] = [machine().lease, machine().lease]
      await begun(first)
      const seen = await second.look()
      const beats = setInterval(() => void first.beat(), LEASE_MS / 6)
      await expect(second.watch(seen)).rejects.toThrow("is running on the replica")
      clearInterval(beats)
      expect(first.isFresh).toBe(true)
    })

    test("a holder that is cut off stops by itself before anybody else may begin, and never writes again", async () => {
      const { machine } = fresh()
      const first = machine()
      const second = machine().lease
      await begun(first.lease)
      await first.lease.beat()
      first.cut(true)
      const seen = await second.look()
      let stoppedFirst = false
      const watching = second.watch(seen).then(() => {
        stoppedFirst = !first.lease.isFresh
      })
      await expect(first.lease.beat()).rejects.toBeInstanceOf(RemoteError)
      await watching
      expect(stoppedFirst).toBe(true)
      expect(await take(second, seen, 2)).toEqual({ contested: false })
      first.cut(false)
      await expect(first.lease.confirm()).rejects.toBeInstanceOf(ReplacedError)
      await expect(first.lease.beat()).rejects.toBeInstanceOf(ReplacedError)
      expect(first.lease.isFresh).toBe(false)
      expect(await second.beat()).toBe("held")
    })

    test("a late write of the first over the mark changes nothing: the second writes over it, the first stays out", async () => {
      const { machine, remote } = fresh()
      const [first, second] = [machine().lease, machine().lease]
      await begun(first)
      const late = (await remote.get(MARKER_NAME))!.text
      await take(second, await second.look(), 2)
      await remote.put(MARKER_NAME, late, (await remote.get(MARKER_NAME))!.tag)
      await expect(first.beat()).rejects.toBeInstanceOf(ReplacedError)
      await second.confirm()
      expect(await second.beat()).toBe("held")
      expect(JSON.parse((await remote.get(MARKER_NAME))!.text)).toMatchObject({ epoch: 2, holder: second.held!.holder })
    })

    test("one that dies between its turn and its mark shuts the first out, and is waited out; waking up it is refused", async () => {
      const { machine, remote } = fresh()
      const first = machine()
      await begun(first.lease)
      await makeTurn(remote, { number: 2, holder: "sleeper", epoch: 2, host: "sleeper" })
      await expect(first.lease.beat()).rejects.toBeInstanceOf(ReplacedError)
      // The first starts again: what the sleeper may be about to write is waited for, then it is the first once more.
      const again = first.again()
      const seen = await again.look()
      expect(again.isForeign(seen)).toBe(true)
      await again.watch(seen)
      await take(again, seen, 3)
      const sleeper = machine().lease
      await expect(take(sleeper, { ...seen, pending: null }, 2)).rejects.toThrow("is running on the replica")
      expect(await again.beat()).toBe("held")
    })

    test("a sign of life that comes while it is taken is told, so that its answers are waited out", async () => {
      const { machine } = fresh()
      const [first, second] = [machine().lease, machine().lease]
      await begun(first)
      const seen = await second.look()
      await first.beat()
      expect(await take(second, seen, 2)).toEqual({ contested: true })
      await expect(first.beat()).rejects.toBeInstanceOf(ReplacedError)
    })

    test("a sign of life whose place was taken in between is not one: what it would have said is not said", async () => {
      const { machine, remote } = fresh()
      const [first, second] = [machine(), machine().lease]
      await begun(first.lease)
      const whole = { epoch: 1, format: "0.5", heldMs: 7 } as const
      const seen = await second.look()
      // Between its look at the mark and its write.
      first.before("put", () => take(second, seen, 2))
      await expect(first.lease.beat({ whole })).rejects.toBeInstanceOf(ReplacedError)
      expect(JSON.parse((await remote.get(MARKER_NAME))!.text)).toMatchObject({ epoch: 2, whole: null })
    })

    test("a take that was cut is known on its own disk; a copy of the disk is somebody else", async () => {
      const { machine, remote } = fresh()
      const first = machine()
      await begun(first.lease)
      const seen = await first.lease.look()
      first.cut(true)
      await expect(take(first.lease, seen, 2)).rejects.toBeInstanceOf(RemoteError)
      first.cut(false)
      const again = first.again()
      // It had arrived; only the answer was lost.
      await makeTurn(remote, { number: 2, holder: again.local()!.holder, epoch: 2, host: "first" })
      const found = await again.look()
      expect(found.pending).toMatchObject({ number: 2 })
      expect(again.isForeign(found)).toBe(false)
      expect(machine().lease.isForeign(found)).toBe(true)
      expect(again.local()).toMatchObject({ before: found.marker!.holder })
      await take(again, found, 2)
      expect(again.held!.turn).toBe(3)
    })

    test("folders of earlier epochs go once the present one was whole and served from for long enough, and nothing else does", async () => {
      const { machine, remote } = fresh()
      const { lease } = machine()
      await take(lease, await lease.look(), 11)
      const names = ["e1/a/1", "e1/b", "e9/c", "e11/d", "e12/e", "e1x/f", "mine/g"]
      for (const name of names) await remote.put(name, "x", null)
      const deps = { remote, replica: { oldMs: 1_000 }, log: silentLog }
      const whole = { epoch: 11, format: "0.5", heldMs: 1 } as const
      const mark = lease.held!
      await deleteOld(deps, { ...mark, whole: { ...whole, servedMs: 999 } })
      await deleteOld(deps, { ...mark, whole: { ...whole, epoch: 9, servedMs: 5_000 } })
      await deleteOld({ ...deps, replica: { oldMs: null } }, { ...mark, whole: { ...whole, servedMs: 5_000 } })
      const left = async () => {
        const there = await Promise.all(names.map(async (name) => ((await remote.get(name)) ? [name] : [])))
        return there.flat()
      }
      expect(await left()).toEqual(names)
      await deleteOld(deps, { ...mark, whole: { ...whole, servedMs: 1_000 } })
      expect(await left()).toEqual(["e11/d", "e12/e", "e1x/f", "mine/g"])
      expect((await lease.look()).marker?.epoch).toBe(11)
    })

    test("what cannot be used is given back: the first, which was shut out, may begin again", async () => {
      const { machine } = fresh()
      const [first, second] = [machine(), machine().lease]
      await begun(first.lease)
      const seen = await second.look()
      await take(second, seen, 2)
      await second.giveBack(seen.marker!)
      await expect(first.lease.beat()).rejects.toBeInstanceOf(ReplacedError)
      const again = first.again()
      const found = await again.look()
      expect(found.marker).toMatchObject({ epoch: 1, holder: again.local()!.holder, released: true })
      await take(again, found)
      expect(await again.beat()).toBe("held")
      await expect(second.beat()).rejects.toBeInstanceOf(RemoteError)
    })
  })

test("a store that is busy for a moment costs no turn: every question is asked again, and a write counts once", async () => {
  const { machine } = place(PLACES.bucket!("busy"))
  const [first, second] = [machine().lease, machine().lease]
  // Each second request is refused: look, take, sign of life, confirmation, takeover, and the way back.
  s3.throttleEvery = 2
  try {
    await begun(first)
    expect(await first.beat({ whole: WHOLE })).toBe("held")
    await first.confirm()
    const seen = await second.look()
    expect(await take(second, seen, 2)).toEqual({ contested: false })
    await expect(first.beat()).rejects.toBeInstanceOf(ReplacedError)
    await second.giveBack(seen.marker!)
    expect((await first.look()).marker).toMatchObject({ epoch: 1, released: true })
    expect(await createRemote(config, PLACES.bucket!("busy")).isEmpty()).toBe(false)
  } finally {
    s3.throttleEvery = 0
  }
})

test("a store that stays busy is away, within moments", async () => {
  const { machine } = place(PLACES.bucket!("very-busy"))
  s3.throttleEvery = 1
  try {
    const asked = [machine().lease.look(), createRemote(config, PLACES.bucket!("very-busy")).isEmpty()]
    for (const end of await Promise.allSettled(asked))
      expect(end).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("SlowDown") } })
  } finally {
    s3.throttleEvery = 0
  }
})

test("a store that makes what is there already is found out", async () => {
  const { machine } = place(PLACES.bucket!("loose"))
  s3.ignoresConditions = true
  const { lease } = machine()
  await begun(lease)
  s3.ignoresConditions = false
  expect(lease.isConditional).toBe(false)
})

test("a machine that slept is not fresh, by whichever clock went on", async () => {
  const { machine } = place(PLACES.folder!("slept"))
  const { lease } = machine()
  await begun(lease)
  expect(lease.isFresh).toBe(true)
  const { now } = Date
  Date.now = () => now() + LEASE_MS
  expect(lease.isFresh).toBe(false)
  Date.now = now
})

for (const [kind, target] of Object.entries(PLACES))
  test(`${kind}: a sign of life that another of ours overtakes takes nothing back`, async () => {
    const { remote, machine } = place(target(`overtaken-${kind}`))
    const { lease } = machine()
    await begun(lease)
    await Promise.all([lease.beat({ whole: WHOLE }), lease.beat(), lease.beat()])
    expect(JSON.parse((await remote.get(MARKER_NAME))!.text)).toMatchObject({ beat: 4, whole: WHOLE })
    expect(lease.held!.whole).toEqual(WHOLE)
  })
