// `bun run attacks [part of a name]`: tries the attack list against a server of its own, one line an attack.
import { Missed } from "../conformance/oidc/missed.ts"
import { KINDS } from "./list.ts"
import { openWorld } from "./world.ts"

const only = process.argv[2] ?? ""
// A whole name is that one alone, also where it stands in another.
const isWhole = Object.values(KINDS).some((attacks) => only in attacks)
const world = await openWorld()
let repelled = 0
let working = 0
let broken = 0
for (const [kind, attacks] of Object.entries(KINDS)) {
  console.log(kind)
  for (const [name, attack] of Object.entries(attacks)) {
    if (isWhole ? name !== only : !name.includes(only)) continue
    try {
      await attack(world)
      repelled++
      console.log(`  ✓ ${name}`)
    } catch (error) {
      // Whoever could not try says nothing about the server.
      const isMissed = error instanceof Missed
      if (isMissed) working++
      else broken++
      console.log(`  ${isMissed ? "✗" : "!"} ${name}: ${isMissed ? error.message : Bun.inspect(error)}`)
    }
  }
}
await world.close()
console.log(`${repelled} repelled, ${working} working${broken > 0 ? `, ${broken} not tried` : ""}`)
process.exit(working + broken === 0 && repelled > 0 ? 0 : 1)
