// The door of `metering`: services that run elsewhere and are priced by the piece, and uses of them, charged through the gateway.
import { createServiceIn, editServiceIn } from "./edit.ts"
import { METERING_LIMITS } from "./limits.ts"
import { allServices, serviceBySlug } from "./store.ts"
import { take } from "./take.ts"
import { track } from "./track.ts"
import type { Metering, MeteringDeps } from "./types.ts"

export { METERING_LIMITS } from "./limits.ts"
export { meteringPart } from "./part.ts"
export { dollarsOfPico, nanoOfPico, picoOfDollars, picoOfNano } from "./price-text.ts"
export { serviceErrors } from "./rules.ts"
export type * from "./types.ts"

export function createMetering(deps: MeteringDeps): Metering {
  const { store } = deps
  return {
    services: () => allServices(store.read, METERING_LIMITS.servicesMax),
    service: (slug) => serviceBySlug(store.read, slug),
    createIn: createServiceIn,
    create: (ctx, input) => store.write(ctx, (tx) => createServiceIn(tx, input)),
    editIn: editServiceIn,
    edit: (ctx, input) => store.write(ctx, (tx) => editServiceIn(tx, input)),
    track: (use) => track(deps, use),
    take: (taking) => take(deps, taking),
  }
}
