// A process that erases or copies, a step a line, until somebody kills it (`kill.test.ts`).
import { startTestServer } from "../build.ts"

const [dataDir = "", port = "", act] = process.argv.slice(2)
const { app } = await startTestServer({ dataDir, port: Number(port) })
if (act === "copy") {
  const making = app.privacy.makeCopy(new AbortController().signal)
  // Begun, and not yet under the name that a row knows.
  console.log("begun")
  await making
} else {
  while (await app.privacy.eraseNext()) console.log("slice")
}
console.log("done")
setInterval(() => {}, 1_000)
