// What people and operators do with the choice of models, as the gateway's door offers it.
import type { UserId } from "../../app/index.ts"
import type { GatewayDeps } from "../types.ts"
import type { Registry } from "../upstreams/registry.ts"
import { servesModel } from "../upstreams/store.ts"
import { CAPABILITIES, NO_PREFERENCE } from "./capabilities.ts"
import type { Shelf } from "./house.ts"
import { listHouse, oneHouse, setHouseIn } from "./house.ts"
import { setPreference } from "./preferences.ts"
import type { Resolver } from "./resolver.ts"
import { preferenceOf } from "./store.ts"
import type { ChoiceVerbs } from "./types.ts"

interface Deps extends GatewayDeps {
  registry: Registry
  resolver: Resolver
  shelf: Shelf
}

export function choiceVerbs(deps: Deps): ChoiceVerbs {
  const { store, ids, clock, resolver, registry, shelf, plans } = deps
  const isServed = (model: string) => registry.candidates(model).length > 0
  const house = { store, ids, shelf, isServed: servesModel }
  const preferences = {
    store,
    isServed,
    mayChoose: (userId: UserId) => plans.keyTermsOf(userId).overrides,
  }
  return {
    preferenceFor: (userId, clientId) => resolver.preferenceFor({ userId, clientId }),
    preferenceOf: (userId, clientId) => preferenceOf(store.read, userId, clientId),
    setPreference: (ctx, whose, preference) => setPreference(preferences, ctx, whose, preference),
    previewOf: (capability, preference, mode) => resolver.preview(capability, preference, mode, clock.now()),
    capabilitiesNow: () =>
      CAPABILITIES.map((capability) => {
        const options = resolver.preview(capability, NO_PREFERENCE, "live", clock.now())
        return { capability, models: [...new Set(options.map(({ model }) => model))] }
      }),
    modelOptions: (mode) => resolver.options(mode, clock.now()),
    houseModels: () => listHouse(house),
    houseModel: (publicId) => oneHouse(house, publicId),
    setHouseModelIn: (tx, publicId, terms) => setHouseIn(house, tx, publicId, terms),
    setHouseModel: (ctx, publicId, terms) => store.write(ctx, (tx) => setHouseIn(house, tx, publicId, terms)),
  }
}
