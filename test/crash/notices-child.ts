// A server that another process kills: it makes key after key, each of which tells its person, and sends its mails to the given server.
// Started again it goes on after what was made.
import { readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { CTX, makeUser } from "../build.ts"

const [dataDir = "", port = "", smtpUrl = "", causes = "0"] = process.argv.slice(2)
const EMAIL = "ann@example.com"
const config = readConfig(
  { port, "data-dir": dataDir, "base-url": `http://localhost:${port}` },
  { PURSER_SMTP_URL: smtpUrl, PURSER_MAIL_FROM: "Purser <purser@example.com>" },
  false,
)
const app = await compose(config, { log: silentLog })
await app.listen()
const ann = app.identity.userByEmail(EMAIL) ?? (await makeUser(app, { email: EMAIL, name: "Ann" }))
console.log("ready")
for (let n = app.keys.of(ann.id).length; n < Number(causes); n++) {
  await app.keys.create(CTX, { userId: ann.id, name: `key-${n}`, scopes: ["llm"] })
  console.log(`made ${n}`)
  // Slow enough to die among them.
  await Bun.sleep(15)
}
