// `bun test/conformance/update.ts`: writes the page of what each dialect can do over each provider, as the matrix finds it.
import { writeFileSync } from "node:fs"
import { openRig } from "./rig.ts"
import { PAGE, pageOf, Results } from "./table.ts"

const rig = await openRig()
const page = await pageOf(new Results(rig))
await rig.close()
if (page.includes("WRONG")) {
  console.error("some cells are wrong, see: bun test test/conformance/matrix.test.ts")
  process.exit(1)
}
writeFileSync(PAGE, page)
console.log(`${PAGE} written`)
