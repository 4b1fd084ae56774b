// A process that erases or copies, a step a line, until it is killed: by its parent, or by itself right after a step (`kill.test.ts`).
import { startTestServer } from "../build.ts"

const [dataDir = "", port = "", act, steps] = process.argv.slice(2)
const { app } = await startTestServer({ dataDir, port: Number(port) })
if (act === "copy") {
  const making = app.privacy.makeCopy(new AbortController().signal)
  // Begun, and not yet under the name that a row knows.
  console.log("begun")
  await making
} else {
  for (let left = Number(steps); await app.privacy.eraseNext(); ) {
    console.log("slice")
    if (--left === 0) process.kill(process.pid, "SIGKILL")
  }
}
console.log("done")
setInterval(() => {}, 1_000)
