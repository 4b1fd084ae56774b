// What an operator does with accounts, as the gateway's door offers it.
import type { Gateway } from "../types.ts"
import {
  addUpstreamIn,
  enableUpstreamIn,
  holdsKey,
  listKinds,
  listUpstreams,
  oneUpstream,
  setModelsIn,
  type UpstreamDeps,
} from "./accounts.ts"
import { editUpstreamIn } from "./edit.ts"
import { presetsOf } from "./presets.ts"
import { testUpstream } from "./probe.ts"

type Verbs = Pick<
  Gateway,
  | "addUpstreamIn"
  | "addUpstream"
  | "editUpstreamIn"
  | "editUpstream"
  | "setUpstreamModelsIn"
  | "holdsKey"
  | "enableUpstreamIn"
  | "enableUpstream"
  | "testUpstream"
  | "upstreams"
  | "upstreamKinds"
  | "upstreamPresets"
  | "upstream"
>

export const upstreamVerbs = (admin: UpstreamDeps): Verbs => ({
  addUpstreamIn: (tx, input) => addUpstreamIn(admin, tx, input),
  addUpstream: (ctx, input) => admin.store.write(ctx, (tx) => addUpstreamIn(admin, tx, input)),
  editUpstreamIn: (tx, publicId, input) => editUpstreamIn(admin, tx, publicId, input),
  editUpstream: (ctx, publicId, input) => admin.store.write(ctx, (tx) => editUpstreamIn(admin, tx, publicId, input)),
  setUpstreamModelsIn: (tx, publicId, models) => setModelsIn(admin, tx, publicId, models),
  holdsKey: (publicId, apiKey) => holdsKey(admin, publicId, apiKey),
  enableUpstreamIn: (tx, publicId, enabled) => enableUpstreamIn(admin, tx, publicId, enabled),
  enableUpstream: (ctx, publicId, enabled) =>
    admin.store.write(ctx, (tx) => enableUpstreamIn(admin, tx, publicId, enabled)),
  testUpstream: (ctx, publicId) => testUpstream(admin, ctx, publicId),
  upstreams: () => listUpstreams(admin),
  upstreamKinds: () => listKinds(admin),
  upstreamPresets: () => presetsOf(Object.keys(admin.registry.providers)),
  upstream: (publicId) => oneUpstream(admin, publicId),
})
