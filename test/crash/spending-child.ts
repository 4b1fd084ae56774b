// A server that another process kills: it looks at wallets, a pool and the month that ended, all of which have something to tell, and sends its mails
// to the given server. Each start is in the morning of the first of a month, after people used something in the month before.
import { credits, nano, readConfig, silentLog, VirtualClock } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  ownerOf,
} from "../build.ts"

const [dataDir = "", port = "", smtpUrl = "", people = "0"] = process.argv.slice(2)
const config = readConfig(
  { port, "data-dir": dataDir, "base-url": `http://localhost:${port}` },
  { PURSER_SMTP_URL: smtpUrl, PURSER_MAIL_FROM: "Purser <purser@example.com>" },
  false,
)
const emailOf = (n: number) => `person-${n}@example.com`
const isFirst = Number(people) > 0
const clock = new VirtualClock(isFirst ? Date.UTC(2026, 9, 31, 22) : Date.UTC(2026, 10, 1, 8))
const app = await compose(config, { log: silentLog, clock })
await app.listen()
if (isFirst) {
  await addSandbox(app)
  await app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
  const developer = await makeDeveloper(app)
  const { client, secret } = await makeClient(app, { ownerId: developer.id, name: "Margin Notes" })
  const ref = { developerId: developer.id, clientPublicId: client.publicId }
  for (let n = 0; n < Number(people); n++) {
    const user = await makeUser(app, { email: emailOf(n), name: `Person ${n}` })
    await giveCredits(app, user, credits(1_000))
    await app.spending.setMark(CTX, user.id, credits(500))
    const { accessToken } = await mintTokens(app, { user, client, secret: secret! })
    const answer = await chat(`http://localhost:${port}`, accessToken)
    if (answer.status !== 200) throw new Error(`the call answered ${answer.status}`)
    const amountNano = nano(-credits(900))
    await app.store.write(CTX, (tx) =>
      app.ledger.adjustIn(tx, { owner: ownerOf(user), mode: "live", amountNano, key: `take:${n}` }),
    )
  }
  const amountNano = credits(1_000)
  await app.store.write(CTX, (tx) => {
    const [owner, key] = [ownerOf(developer), "order:1"]
    app.ledger.grantIn(tx, { owner, mode: "live", type: "topup", bucket: "purchase", paid: true, amountNano, key })
    app.sponsors.setIn(tx, { ...ref, capNano: credits(100), isOn: true })
    app.sponsors.fundIn(tx, { ...ref, amountNano, key: "fund" })
  })
  await app.jobs.runNow(CTX, "tell-pools")
  await app.store.write(CTX, (tx) => app.sponsors.takeBackIn(tx, { ...ref, amountNano, key: "back" }))
  console.log("made")
  await app.stop()
  process.exit(0)
}
console.log("ready")
// The rounds of a server that runs, without their pauses: one slice of people at a time, so that a kill falls between two.
for (let after: number | null = 0; after !== null; ) after = await app.spending.tellLows(after, 1)
console.log("lows")
await app.spending.tellPools(0, 100)
console.log("pools")
while (await app.spending.writeLetters(2)) console.log("letters")
console.log("all")
