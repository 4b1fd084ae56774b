// A process that asks for payouts, approves, pays, refuses and takes them back all at once, an answer a line, until it is killed by its
// parent (`payouts-kill.test.ts`).
import { UserId } from "../../src/app/index.ts"
import type { Tx } from "../../src/store/index.ts"
import { CTX, startTestServer } from "../build.ts"
import { askPayout } from "../payout-world.ts"

const [dataDir = "", port = "", developer = ""] = process.argv.slice(2)
const { app } = await startTestServer({ dataDir, port: Number(port) })
const userId = UserId(Number(developer))
const { payouts } = app

/** Said only after it was answered. */
const act = async (word: string, publicId: string, verb: (tx: Tx) => unknown): Promise<void> => {
  const isDone = await app.store.write(CTX, verb as never).then(
    () => true,
    () => false,
  )
  if (isDone) console.log(`${word} ${publicId}`)
}

for (let round = 0; ; round++) {
  const publicId = await askPayout(app, userId)
  console.log(`requested ${publicId}`)
  // Most come back, so that the money lasts.
  const pays = round % 8 === 0
  const approve = () => act("approved", publicId, (tx) => payouts.approveIn(tx, publicId))
  const withdraw = () => act("withdrawn", publicId, (tx) => payouts.withdrawIn(tx, { userId, publicId }))
  const fail = () => act("failed", publicId, (tx) => payouts.failIn(tx, { publicId, because: "came back" }))
  const pay = (reference: string) => act("paid", publicId, (tx) => payouts.payIn(tx, { publicId, reference }))
  if (pays) await Promise.all([approve(), pay(`R${round}`), pay(`S${round}`)])
  else if (round % 3 === 0) await Promise.all([withdraw(), approve(), fail()])
  else await Promise.all([approve(), fail(), fail()])
}
