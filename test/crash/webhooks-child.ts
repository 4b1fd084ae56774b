// A server that another process kills: the first time it makes an endpoint and emits, then it delivers, each time from where it was.
import { readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { emitIn } from "../../src/webhooks/index.ts"
import { CTX, makeUser } from "../build.ts"

const [dataDir = "", url = "", events = "0", port = "0"] = process.argv.slice(2)
const config = readConfig(
  { port, "data-dir": dataDir, "base-url": `http://localhost:${port}` },
  { PURSER_WEBHOOK_NETWORKS: "127.0.0.1" },
  true,
)
const app = await compose(config, { log: silentLog })
if (events !== "0") {
  const { id } = await makeUser(app, { name: "Ann" })
  await app.webhooks.create(CTX, { userId: id, client: null }, { url, types: null })
  for (let n = 0; n < Number(events); n++)
    await app.store.write(CTX, (tx) =>
      emitIn(tx, {
        type: "key.revoked",
        person: id,
        subject: `key_${n % 4}`,
        data: { key: `key_${n % 4}`, name: String(n), because: "owner" },
      }),
    )
}
console.log("emitted")
await app.listen()
