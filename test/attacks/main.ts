// `bun run attacks [part of a name]`: tries the attack list against a server of its own, one line an attack.
import { KINDS } from "./list.ts"
import { openWorld } from "./world.ts"

const only = process.argv[2] ?? ""
const world = await openWorld()
let repelled = 0
let working = 0
for (const [kind, attacks] of Object.entries(KINDS)) {
  console.log(kind)
  for (const [name, attack] of Object.entries(attacks)) {
    if (!name.includes(only)) continue
    try {
      await attack(world)
      repelled++
      console.log(`  ✓ ${name}`)
    } catch (error) {
      working++
      console.log(`  ✗ ${name}: ${(error as Error).message}`)
    }
  }
}
await world.close()
console.log(`${repelled} repelled, ${working} working`)
process.exit(working === 0 && repelled > 0 ? 0 : 1)
